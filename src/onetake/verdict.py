"""Verdict: per beat, its margin, its sigma, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Call = Literal["got it", "missed", "cannot tell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionMargin:
    """How far one criterion was from failing at the best attempt, in its own unit (negative: it failed)."""

    name: str
    margin: float
    unit: str
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatVerdict:
    """One beat's call.

    margin is in `unit` of the worst criterion and tells by how much it held (+) or failed (-); None where
    the beat was never attempted. p is the probability that it held; a call needs p ≥ 0.95 or ≤ 0.05.
    """

    name: str
    verdict: Call
    margin: float | None
    unit: str
    sigma: float
    p: float
    cause: str
    held_s: float
    hold_s: float
    at_s: float | None
    note: str
    criteria: tuple[CriterionMargin, ...] = ()
    would_tell: str = ""
    decided_by: str = ""  # the instrument whose reading decided a measured take
    attempt_s: tuple[float, float] | None = (
        None  # when the best attempt began and ended; at_s is its worst moment
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The whole take. `got it` only when every beat is; `missed` as soon as one is."""

    verdict: Call
    beats: tuple[BeatVerdict, ...]
    closest_m: float
    in_focus_s: float
    aborted: str
    ending: str
    facts: Mapping[str, float] = field(default_factory=dict)
