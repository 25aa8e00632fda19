"""Motor noise: how unsteady a person's posture is, from how unsteady the flight is.

The simulated body is flown with and without motor noise; the difference of its spectra is what one unit of it does.
A real spectrum over that, in the same bands, is the motor noise which would shake that body as much. All of the real
power is counted but a receiver's white noise, also what was flown on purpose and what the air did: so it bounds the
motor noise from above. Whom to compare with: somebody who flies by himself with the operator, who keeps still; somebody
in a formation with the subject, who works at his place, which doubles what a motor noise does.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from onetake.errors import InputError
from onetake.fly.flight import Draws, advance, blank_records, nominal, start
from onetake.fly.scenario import Scenario
from onetake.fly.state import RECORD, R
from onetake.rehearse.steadiness import Array, Spectrum, spectrum_of, spread
from onetake.trace import Trace

Role = Literal["operator", "subject"]

SETTLED_S, FLOWN_S = 14.0, 46.0  # the part of each flight that is looked at, after the first exit
UNIT = 0.05  # motor noise flown to find the response, which is then in proportion to its square
USED = slice(
    0, 3
)  # bands of 0.1 to 0.8 Hz: above are receivers and arms, and hardly anything of the flown body
_BLOCK = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a flown body does: power by band without motor noise, and more of it for each unit of motor noise squared.

    All (k,), m²/s³, level and vertical.
    """

    still_level: Array
    still_vertical: Array
    level: Array
    vertical: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsteadiness:
    """A motor noise that would explain a spectrum, share of full posture, with its 95 % interval."""

    motor_noise: float
    low: float
    high: float


def response_of(scenario: Scenario, role: Role = "operator", takes: int = 16, seed: int = 1) -> Response:
    """Fly a scenario in calm air as planned, with and without motor noise of both bodies, and look at one of them."""
    still = _mean(spectrum_of(trace, SETTLED_S, FLOWN_S) for trace in flown(scenario, role, 0.0, 1, seed))
    moved = _mean(
        spectrum_of(trace, SETTLED_S, FLOWN_S) for trace in flown(scenario, role, UNIT, takes, seed)
    )
    return Response(
        still_level=still[0],
        still_vertical=still[1],
        level=(moved[0] - still[0]) / UNIT**2,
        vertical=(moved[1] - still[1]) / UNIT**2,
    )


def _mean(spectra: Iterator[Spectrum]) -> tuple[Array, Array]:
    known = list(spectra)
    if not known:
        raise InputError(f"no take of this shot is still in free fall {FLOWN_S:g} s after the first exit")
    return np.mean([one.level for one in known], axis=0), np.mean([one.vertical for one in known], axis=0)


def flown(scenario: Scenario, role: Role, motor_noise: float, takes: int, seed: int = 1) -> Iterator[Trace]:
    """One body's traces, until 46 s after the first exit, of takes that differ in their motor noise alone.

    Takes that end before, as when the two touch, are left out.
    """
    flight = start(scenario, _draws(scenario, motor_noise, takes, seed))
    blocks = []
    for _ in range(math.ceil(FLOWN_S) + 1):
        records = blank_records(flight, _BLOCK)
        advance(flight, records, _BLOCK)
        blocks.append(records)
    rows = np.moveaxis(np.concatenate(blocks, axis=1), 3, 1).reshape(-1, len(blocks) * _BLOCK, len(RECORD))
    for row in rows[:takes].astype(np.float64):
        time_s = row[:, R.time]
        if time_s[-1] < FLOWN_S:
            continue
        place, moving = row[:, _columns("p")], row[:, _columns("v")]
        if role == "subject":
            place, moving = place + row[:, _columns("r")], moving + row[:, _columns("u")]
        yield Trace(name=role, time_s=time_s, position_enu_m=place, velocity_enu_m_s=moving)


def _columns(letter: str) -> list[int]:
    return [RECORD.index(f"{letter}{axis}") for axis in "xyz"]


def _draws(scenario: Scenario, motor_noise: float, takes: int, seed: int) -> Draws:
    """The plan, but for the motor noise."""
    plan = nominal(scenario)
    values = {name: np.full(takes, float(value[0])) for name, value in plan.values.items()}
    values |= {name: np.full(takes, motor_noise) for name in ("A_motor", "B_motor")}
    return Draws(
        seed=seed,
        takes=np.arange(1, takes + 1, dtype=np.int64),
        values=values,
        wind_error_m_s=np.repeat(plan.wind_error_m_s, takes, axis=0),
    )


def level_unsteadiness(spectrum: Spectrum, response: Response) -> Unsteadiness:
    """Motor noise from the two level axes."""
    own = spectrum.level - response.still_level - spectrum.white_level
    return _explained(own, response.level, spectrum.degrees(2))


def vertical_unsteadiness(spectrum: Spectrum, response: Response) -> Unsteadiness:
    """Motor noise from the vertical axis."""
    own = spectrum.vertical - response.still_vertical - spectrum.white_vertical
    return _explained(own, response.vertical, spectrum.degrees(1))


def hidden_unsteadiness(spectrum: Spectrum, response: Response) -> float:
    """The level motor noise that a white receiver noise as strong as the spectrum's floor would be taken for."""
    return _explained(spectrum.white_level, response.level, spectrum.degrees(2)).motor_noise


def _explained(power: Array, unit: Array, degrees: Array) -> Unsteadiness:
    """Each band's own answer, weighted by how many values it rests on; the interval holds the bands' disagreement too."""
    known = np.isfinite(power[USED])
    square = np.maximum(power[USED][known] / unit[USED][known], 0.0)
    weight = degrees[USED][known]
    middle = float(np.sum(weight * square) / np.sum(weight))
    low, high = spread(np.array([np.sum(weight)]))
    scatter = math.sqrt(
        float(np.sum(weight * (square - middle) ** 2) / np.sum(weight)) / max(len(square) - 1, 1)
    )
    least = max(0.0, min(middle * float(low[0]), middle - 1.96 * scatter))
    most = max(middle * float(high[0]), middle + 1.96 * scatter)
    return Unsteadiness(motor_noise=math.sqrt(middle), low=math.sqrt(least), high=math.sqrt(most))


def by_window(
    trace: Trace,
    from_s: float,
    to_s: float,
    response: Response,
    seconds_s: float = 15.0,
    every_s: float = 2.5,
) -> Array:
    """Level motor noise of each window, (n,): from the quietest seconds of a fall to the busiest."""
    starts = np.arange(from_s, to_s - seconds_s + 1e-9, every_s)
    return np.array(
        [level_unsteadiness(spectrum_of(trace, at, at + seconds_s), response).motor_noise for at in starts]
    )
