"""Temporal logic with margins: how far a beat is from flipping, by quantitative semantics, on plain arrays.

A beat holds when some `hold` seconds inside its window violate its criteria for no more than `allow`. Shift every
criterion by θ tolerances and ask again: the margin is the greatest θ at which the beat still holds. So the margin
is positive exactly when the beat holds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def window_margin(margin: Array, hold_ticks: int, allow_ticks: int) -> tuple[float, int]:
    """Greatest θ of a plain beat, and the tick (index) at which its best hold ends.

    margin (n,): the worst criterion of each tick in tolerances, ticks of the window only; hold_ticks intervals are
    hold_ticks + 1 samples, of which allow_ticks may be worse. (-inf, -1) where the window is shorter than the hold.
    """
    length = hold_ticks + 1
    if len(margin) < length:
        return -np.inf, -1
    clean = np.where(np.isnan(margin), -np.inf, margin)
    windows = np.lib.stride_tricks.sliding_window_view(clean, length)
    kept = np.partition(windows, allow_ticks, axis=1)[:, allow_ticks]
    best = int(np.argmax(kept))
    return float(kept[best]), best + length - 1


def trend_holds(
    others: Array, ahead: Array, behind: Array, shift: float, hold_ticks: int, allow_ticks: int
) -> int:
    """Index of the tick at which a beat with a trend is first held when everything is shifted by θ, or -1.

    others (n,): worst margin of the other criteria; ahead: how far the trend's signal still is on the near side of
    its start value, behind: how far it is beyond its stop value, all in tolerances.
    """
    armed, spoiled = -1, 0
    for i in range(len(others)):
        spoiled += not others[i] > shift
        if spoiled > allow_ticks:
            armed, spoiled = -1, 0
        elif armed < 0 and ahead[i] >= shift:
            armed = i
        if armed >= 0 and behind[i] >= shift and i - armed >= hold_ticks:
            return i
    return -1


def trend_margin(
    others: Array, ahead: Array, behind: Array, hold_ticks: int, allow_ticks: int
) -> tuple[float, int]:
    """Greatest θ of a beat with a trend, and the tick at which it is held; by bisection over the values that occur."""
    values = np.unique(np.concatenate([others, ahead, behind]))
    values = values[np.isfinite(values)]
    low, high, at = -1, len(values), -1
    while high - low > 1:
        middle = (low + high) // 2
        # at θ a value equal to θ no longer counts as above it: ask just below
        found = trend_holds(
            others, ahead, behind, np.nextafter(values[middle], -np.inf), hold_ticks, allow_ticks
        )
        low, high, at = (middle, high, found) if found >= 0 else (low, middle, at)
    return (float(values[low]), at) if low >= 0 else (-np.inf, -1)
