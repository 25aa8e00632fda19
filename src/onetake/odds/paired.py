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
    """The change from first to second, flags of the same takes (n,).

    Interval for paired proportions: Wald with half a take added to each of the four counts (Agresti, Min 2005,
    Statistics in Medicine 24:729), which does not shrink to nothing where no take changed.
    """
    return change_of(int((second & ~first).sum()), int((first & ~second).sum()), len(first))


def change_of(gained: int, lost: int, takes: int) -> Change:
    """The change where so many takes were gained and lost out of all."""
    more, less, n = gained + 0.5, lost + 0.5, takes + 2.0
    middle = (more - less) / n
    half = Z95 * math.sqrt(max((more + less) - (more - less) ** 2 / n, 0.0)) / n
    said = (gained - lost) / takes if takes else 0.0
    return Change(by=said, low=max(-1.0, middle - half), high=min(1.0, middle + half))
