"""Tally: what takes are counted into. Its size does not depend on their number.

Everything in it is a count or an extreme, so tallies of different takes add up to the same bits in any order and from
chunks of any size: the odds cannot tell which engine flew them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onetake.judge.bench import Bench
from onetake.odds.chunks import NO_CAUSE, SIZE, Rows, Work, causes, fly_chunk

Array = NDArray[np.float64]
F32 = NDArray[np.float32]
I64 = NDArray[np.int64]

DIVERGED, CONTACT, LANDED = 3, 2, 1
CODES = 8  # room for the codes of aborts and of phases
# lowest and highest edge of each histogram, in the unit of what it counts
GRIDS = {
    "closest": (0.01, 3000.0), "in_focus": (0.04, 600.0), "landing": (0.1, 50000.0), "opening": (0.1, 100.0),
    "clearance": (0.01, 3000.0),
}  # fmt: skip
UNKNOWN_M = 1e5  # what a distance that was never seen starts from lies beyond this


@cache
def edges(low: float, high: float) -> Array:
    """Zero, then edges of equal ratio, at most 1 % apart."""
    bins = int(np.ceil(np.log(high / low) / 0.01))
    return np.concatenate([[0.0], np.geomspace(low, high, bins + 1)])


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts of a positive number in bins of equal ratio (1 % wide), and below the first."""

    low: float
    high: float
    counts: I64

    @classmethod
    def of(cls, low: float, high: float, values: F32) -> Histogram:
        """Count values; what is beyond the last edge goes into the last bin, what is not finite nowhere."""
        known = values[np.isfinite(values)].astype(np.float64)
        ends = edges(low, high)
        place = np.searchsorted(ends, np.maximum(known, 0.0), side="right") - 1
        return cls(low, high, np.bincount(place, minlength=len(ends)).astype(np.int64))

    def __add__(self, other: Histogram) -> Histogram:
        return Histogram(self.low, self.high, self.counts + other.counts)

    def quantile(self, share: float) -> float:
        """Value below which this share lies, interpolated within its bin; NaN without any."""
        total, ends = int(self.counts.sum()), edges(self.low, self.high)
        if total == 0:
            return float("nan")
        below = np.concatenate([[0], np.cumsum(self.counts)])
        i = int(np.clip(np.searchsorted(below, share * total, side="right") - 1, 0, len(ends) - 2))
        inside = (share * total - below[i]) / max(int(self.counts[i]), 1)
        return float(ends[i] + inside * (ends[i + 1] - ends[i]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Everything the odds are said from. held: by beat; cause, only: by `chunks.causes`; abort, contact_phase: by code."""

    takes: int
    shots: int
    aborted: int
    contacts: int
    hands: int
    diverged: int
    outside: int
    landed: int
    fastest_contact_m_s: float
    held: I64
    cause: I64
    only: I64
    abort: I64
    contact_phase: I64
    closest: Histogram
    in_focus: Histogram
    landing: Histogram
    opening: Histogram
    clearance: Histogram

    def __add__(self, other: Tally) -> Tally:
        sums = {field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)}
        return Tally(
            **sums | {"fastest_contact_m_s": max(self.fastest_contact_m_s, other.fastest_contact_m_s)}
        )

    def record(self) -> dict[str, object]:
        """The same in the words of JSON; histograms by their filled bins."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def of_record(cls, record: dict[str, Any]) -> Tally:
        """Back from JSON."""
        return cls(**{field.name: _back(field.name, record[field.name]) for field in fields(cls)})


def _plain(value: object) -> object:
    if isinstance(value, Histogram):
        return {str(i): int(value.counts[i]) for i in np.flatnonzero(value.counts)}
    return value.tolist() if isinstance(value, np.ndarray) else value


def _back(name: str, value: Any) -> Any:
    if name in GRIDS:
        low, high = GRIDS[name]
        counts = np.zeros(len(edges(low, high)), np.int64)
        for i, number in value.items():
            counts[int(i)] = number
        return Histogram(low, high, counts)
    return np.array(value, np.int64) if isinstance(value, list) else value


def count_rows(rows: Rows, bench: Bench, landing_within_m: float | None) -> Tally:
    """The tally of some rows."""
    whole, hit = rows.ending == LANDED, rows.ending == CONTACT
    shot = shots(rows)
    called_off = (rows.abort > 0) & ~shot
    missed = ~shot & ~called_off & (rows.cause != NO_CAUSE)
    names = len(causes(bench))
    beyond = rows.landing_m[whole] > landing_within_m if landing_within_m is not None else whole[:0]
    return Tally(
        takes=len(shot),
        shots=int(shot.sum()),
        aborted=int(called_off.sum()),
        contacts=int(hit.sum()),
        hands=int(rows.hand.sum()),
        diverged=int((rows.ending == DIVERGED).sum()),
        outside=int(beyond.sum()),
        landed=int(whole.sum()),
        fastest_contact_m_s=float(rows.contact_m_s[hit].max(initial=0.0)),
        held=rows.held.sum(axis=0, dtype=np.int64),
        cause=np.bincount(rows.cause[missed], minlength=names),
        only=np.bincount(rows.cause[missed & rows.only], minlength=names),
        abort=np.bincount(rows.abort[called_off], minlength=CODES),
        contact_phase=np.bincount(rows.contact_phase[hit], minlength=CODES),
        closest=Histogram.of(*GRIDS["closest"], rows.closest_m[rows.closest_m < UNKNOWN_M]),
        in_focus=Histogram.of(*GRIDS["in_focus"], rows.in_focus_s),
        landing=Histogram.of(*GRIDS["landing"], rows.landing_m[whole]),
        opening=Histogram.of(*GRIDS["opening"], rows.opening_g[whole]),
        clearance=Histogram.of(*GRIDS["clearance"], rows.clearance_m[rows.clearance_m < UNKNOWN_M]),
    )


def shots(rows: Rows) -> NDArray[np.bool_]:
    """Which takes are the shot: every beat held, and everybody landed untouched; (n,)."""
    return np.asarray(rows.held.all(axis=1) & (rows.ending == LANDED))


@dataclass(frozen=True, slots=True, kw_only=True)
class FlyAndCount:
    """What an engine is given to do: takes of one shot. size: takes in the air at a time."""

    work: Work
    size: int = SIZE

    def __call__(self, first: int, count: int) -> Tally:
        """The tally of takes first … first + count - 1."""
        tally = self._chunk(first, min(self.size, count))
        for at in range(self.size, count, self.size):
            tally += self._chunk(first + at, min(self.size, count - at))
        return tally

    def _chunk(self, first: int, count: int) -> Tally:
        within_m = self.work.scenario.shot.opening.landing_within_m
        return count_rows(fly_chunk(self.work, first, count), self.work.bench, within_m)
