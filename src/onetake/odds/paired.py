"""Paired: the difference of two probabilities counted on the same takes, which share their draws and their noise."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Second less first, with its 95 % interval. told: the interval does not hold zero."""

    by: float
    low: float
    high: float

    @property
    def told(self) -> bool:
        """True where the takes tell the two apart."""
        return self.low > 0.0 or self.high < 0.0


def change(first: Flags, second: Flags) -> Change:
    """The change from first to second, flags of the same takes (n,)."""
    return change_of(int((second & ~first).sum()), int((first & ~second).sum()), len(first))


def change_of(gained: int, lost: int, takes: int) -> Change:
    """The change where so many takes were gained and lost out of all, with Tango's score interval.

    Source: Tango 1998, Statistics in Medicine 17:891, eqs. 24–26; recommended for paired proportions by Fagerland,
    Lydersen and Laake 2014, Statistics in Medicine 33:2850. It does not shrink to nothing where no take changed.
    """
    if takes <= 0:
        return Change(by=0.0, low=-1.0, high=1.0)
    by = (gained - lost) / takes
    return Change(by=by, low=_lowest(gained, lost, takes, by), high=-_lowest(lost, gained, takes, -by))


def _lowest(gained: int, lost: int, takes: int, by: float) -> float:
    """The change below `by` at which the score is 1.96, by bisection: the score falls as the change grows."""
    low, high = -1.0, by
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if score(gained, lost, takes, middle) > Z95 else (low, middle)
    return (low + high) / 2


def score(gained: int, lost: int, takes: int, by: float) -> float:
    """Tango's score statistic for a true change `by`; McNemar's where that is 0."""
    b = -gained - lost + (2 * takes - gained + lost) * by
    likeliest = (math.sqrt(max(b * b + 8 * takes * lost * by * (1 - by), 0.0)) - b) / (
        4 * takes
    )  # share lost
    variance = takes * (2 * likeliest + by * (1 - by))
    off = gained - lost - takes * by
    return off / math.sqrt(variance) if variance > 0 else math.copysign(math.inf, off)
