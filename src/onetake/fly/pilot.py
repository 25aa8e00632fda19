"""Pilot: the numbers of one person closing a loop, from a skill level or from the shot file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields

from onetake.errors import ChoiceError
from onetake.seams import data, names

SEAM = "onetake.fly.pilots"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """Gains, limits and noises of one person; meanings in docs/physics.md and in each skill level's file.

    delay_s is limited to 1.2 s, what the flight can remember.
    """

    kind: str
    delay_s: float
    bandwidth_rad_s: float
    approach_gain: float
    lead_s: float
    reflex_rate_gain: float
    motor_noise: float
    trim_drift: float
    range_noise: float
    range_bias: float
    aim_noise_rad: float


def pilot_of(skill: str | Mapping[str, float]) -> Pilot:
    """The pilot of a skill word, or of a table of numbers over the `good` level.

    Raises ChoiceError for an unknown word, and for `ledger`, which needs rehearsals.
    """
    if isinstance(skill, str):
        if skill == "ledger":
            raise ChoiceError(
                'skill = "ledger" needs rehearsals to read it from, and there are none; choose a level: '
                + ", ".join(names(SEAM, ".toml"))
            )
        return Pilot(**tomllib.loads(data(SEAM, skill)))
    known = {field.name for field in fields(Pilot)}
    given = {key: value for key, value in skill.items() if key in known}
    return Pilot(**(tomllib.loads(data(SEAM, "good")) | {"kind": "given in the shot file"} | given))
