"""Tally: counts and histograms that chunks are folded into. Their size does not depend on the number of takes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from onetake.judge.bench import Bench
from onetake.odds.chunks import NO_CAUSE, Rows, causes

Array = NDArray[np.float64]
I64 = NDArray[np.int64]

DIVERGED, CONTACT, LANDED = 3, 2, 1


@dataclass(slots=True)
class Histogram:
    """Counts of a positive number in bins of equal ratio (1 % wide), and below the first."""

    low: float
    high: float
    counts: I64 = field(init=False)
    edges: Array = field(init=False)

    def __post_init__(self) -> None:
        bins = int(np.ceil(np.log(self.high / self.low) / 0.01))
        self.edges = np.concatenate([[0.0], np.geomspace(self.low, self.high, bins + 1)])
        self.counts = np.zeros(len(self.edges), np.int64)

    def add(self, values: NDArray[np.float32]) -> None:
        """Count values; what is beyond the last edge goes into the last bin."""
        known = values[np.isfinite(values)].astype(np.float64)
        place = np.searchsorted(self.edges, np.maximum(known, 0.0), side="right") - 1
        self.counts += np.bincount(place, minlength=len(self.counts))

    def quantile(self, share: float) -> float:
        """Value below which this share lies, interpolated within its bin; NaN without any."""
        total = int(self.counts.sum())
        if total == 0:
            return float("nan")
        below = np.concatenate([[0], np.cumsum(self.counts)])
        i = int(np.clip(np.searchsorted(below, share * total, side="right") - 1, 0, len(self.edges) - 2))
        inside = (share * total - below[i]) / max(int(self.counts[i]), 1)
        return float(self.edges[i] + inside * (self.edges[i + 1] - self.edges[i]))


@dataclass(slots=True)
class Tally:
    """Everything the odds are said from."""

    bench: Bench
    landing_within_m: float | None
    takes: int = 0
    shots: int = 0
    aborted: int = 0
    contacts: int = 0
    hands: int = 0
    diverged: int = 0
    outside: int = 0
    landed: int = 0
    fastest_contact_m_s: float = 0.0
    held: I64 = field(init=False)
    cause: I64 = field(init=False)
    only: I64 = field(init=False)
    abort: I64 = field(default_factory=lambda: np.zeros(8, np.int64))
    contact_phase: I64 = field(default_factory=lambda: np.zeros(8, np.int64))
    closest: Histogram = field(default_factory=lambda: Histogram(0.01, 3000.0))
    in_focus: Histogram = field(default_factory=lambda: Histogram(0.04, 600.0))
    landing: Histogram = field(default_factory=lambda: Histogram(0.1, 50000.0))
    opening: Histogram = field(default_factory=lambda: Histogram(0.1, 100.0))
    clearance: Histogram = field(default_factory=lambda: Histogram(0.01, 3000.0))

    def __post_init__(self) -> None:
        self.held = np.zeros(len(self.bench.scored), np.int64)
        self.cause = np.zeros(len(causes(self.bench)), np.int64)
        self.only = np.zeros(len(causes(self.bench)), np.int64)

    def add(self, rows: Rows) -> None:
        """Fold a chunk in."""
        whole = rows.ending == LANDED
        shot = rows.held.all(axis=1) & whole
        called_off = (rows.abort > 0) & ~shot
        missed = ~shot & ~called_off & (rows.cause != NO_CAUSE)
        self.takes += len(shot)
        self.shots += int(shot.sum())
        self.aborted += int(called_off.sum())
        self.held += rows.held.sum(axis=0)
        self.cause += np.bincount(rows.cause[missed], minlength=len(self.cause))
        self.only += np.bincount(rows.cause[missed & rows.only], minlength=len(self.only))
        self.abort += np.bincount(rows.abort[called_off], minlength=len(self.abort))
        hit = rows.ending == CONTACT
        self.contacts += int(hit.sum())
        self.contact_phase += np.bincount(rows.contact_phase[hit], minlength=len(self.contact_phase))
        self.fastest_contact_m_s = max(
            self.fastest_contact_m_s, float(rows.contact_m_s[hit].max(initial=0.0))
        )
        self.hands += int(rows.hand.sum())
        self.diverged += int((rows.ending == DIVERGED).sum())
        self.landed += int(whole.sum())
        if self.landing_within_m is not None:
            self.outside += int((rows.landing_m[whole] > self.landing_within_m).sum())
        self.closest.add(rows.closest_m[rows.closest_m < 1e5])
        self.in_focus.add(rows.in_focus_s)
        self.landing.add(rows.landing_m[whole])
        self.opening.add(rows.opening_g[whole])
        self.clearance.add(rows.clearance_m[rows.clearance_m < 1e5])
