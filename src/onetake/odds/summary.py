"""Odds: what a Monte Carlo says, with its intervals; and the mergeable counts it is said from."""

from __future__ import annotations

import math
from dataclasses import dataclass

from onetake.odds.paired import Z95, Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A probability with its 95 % interval (Wilson)."""

    p: float
    low: float
    high: float


def wilson(hits: int, trials: int, z: float = Z95) -> Estimate:
    """Share of hits with Wilson's score interval. Source: Wilson 1927, JASA 22:209, eq. for the score interval."""
    if trials == 0:
        return Estimate(p=0.0, low=0.0, high=1.0)
    p = hits / trials
    shrink = 1.0 + z * z / trials
    centre = (p + z * z / (2 * trials)) / shrink
    half = z / shrink * math.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
    # at the ends the formula gives them but for rounding
    low = centre - half if hits > 0 else 0.0
    return Estimate(p=p, low=max(0.0, low), high=min(1.0, centre + half) if hits < trials else 1.0)


def _number(value: float | None) -> str:
    return f"{value:g}" if value is not None and math.isfinite(value) else "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatOdds:
    """One beat: how often it holds, and when it may.

    Either in a window of its own, seconds from the first exit; or within_s of the end of the beat `after`; or, for
    what must always hold, between two events.
    """

    name: str
    odds: Estimate
    window_s: tuple[float, float] | None = None
    after: str | None = None
    within_s: float | None = None
    between: tuple[str, str] | None = None

    @property
    def when(self) -> str:
        """The same in words."""
        if self.window_s is not None:
            return f"between {_number(self.window_s[0])} and {_number(self.window_s[1])} s"
        if self.after is not None:
            return f"within {_number(self.within_s)} s of {self.after}"
        return f"from {self.between[0]} to {self.between[1]}" if self.between else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why takes were missed: share of all missed takes, and share in which nothing else failed."""

    cause: str
    share: float
    only_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Quantiles of a number over the takes."""

    name: str
    unit: str
    p05: float
    p50: float
    p95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """One thing that was drawn or assumed: its distribution, where it is from, and why it is believed."""

    name: str
    value: str
    unit: str
    kind: str  # published | derived | assumed | given
    source: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RarePart:
    """A rare event in one part of the jump, which has a ladder of its own; levels: its rungs.

    reached is False where it was never met; then p is 0 and `high` bounds it.
    """

    when: str
    odds: Estimate
    reached: bool
    levels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RareOdds:
    """A probability too small to be counted, by subset simulation: mean of independent replicates and its interval.

    The parts exclude each other and add up; what was not reached adds its bound to the upper end. flown: takes it cost.
    """

    event: str
    odds: Estimate
    reached: bool
    parts: tuple[RarePart, ...]
    replicates: int
    flown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """How P(shot) moves across the 95 % interval of one assumption: at its low end, at its high end, and between them.

    Every change is counted on the same takes. trust: why the interval is that wide.
    """

    name: str
    kind: str
    why: str
    low: float
    high: float
    unit: str
    trust: str
    p_low: float
    p_high: float
    at_low: Change
    at_high: Change
    across: Change

    @property
    def size(self) -> float:
        """How far P(shot) reaches at most, from one end to the other or to where it is as assumed."""
        ends = (0.0, self.at_low.by, self.at_high.by)
        return max(ends) - min(ends)

    @property
    def told(self) -> bool:
        """True where the takes tell any of the three changes from none."""
        return self.at_low.told or self.at_high.told or self.across.told


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Share of the variance of one output that a group of draws has a hand in (total-effect index, Sobol')."""

    group: str
    output: str
    total: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """The tornado, the largest swing first, and the total effects."""

    takes: int
    p_shot: Estimate
    tornado: tuple[Swing, ...]
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Odds:
    """The answer. p_shot: every beat held, and no contact, in one take. Shares of causes sum to 1.

    window_s: from when to when the shot may be caught, in seconds from the first exit, because a probability without
    its window says nothing. landing_p50_m, landing_p95_m: distance from the drop zone of whoever lands farther. asked:
    how many takes were wanted; there are fewer where the count was cut short. until: what decided how many.
    """

    takes: int
    asked: int
    window_s: tuple[float, float]
    seed: int
    engine: str
    p_shot: Estimate
    p_abort: Estimate
    aborts: tuple[tuple[str, float], ...]
    beats: tuple[BeatOdds, ...]
    causes: tuple[Cause, ...]
    p_contact: Estimate
    contacts: tuple[tuple[str, int], ...]  # phase -> count
    contact_speed_m_s: float | None
    p_hand_touch: Estimate
    p_diverged: Estimate
    landing_p50_m: float
    landing_p95_m: float
    p_landing_outside: Estimate
    spreads: tuple[Spread, ...]
    priors: tuple[Prior, ...]
    wall_s: float
    takes_per_s: float
    rare: RareOdds | None = None
    sensitivity: Sensitivity | None = None
    until: Until | None = None
    against: Against | None = None

    @property
    def window(self) -> str:
        """From when to when the shot may be caught, in words."""
        return f"between {_number(self.window_s[0])} and {_number(self.window_s[1])} s after the first exit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Until:
    """Half the width asked for, as a share, and how many takes were flown, and not counted, to find out how many it needs."""

    half_share: float
    trial_takes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """The same takes of another shot, and the differences, this one less the other; takes that came off in one only."""

    odds: Odds
    shot: Change
    contact: Change
    only_this: int
    only_other: int
