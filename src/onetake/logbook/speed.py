"""Speed: the best three seconds of a speed-skydiving run, and the ground it is measured above."""

from __future__ import annotations

import numpy as np

from onetake.logbook.events import Jump
from onetake.logbook.log import Array, Fixes

# FAI/ISC Speed Skydiving: the run ends 7,400 ft below exit or at 5,600 ft above ground, whichever comes first
# (uspanationals.com/speedskydivingrules); the score is the height lost between two samples 3.00 s apart, over 3
# (flysight-viewer-qt, pull request 107)
RUN_M, BREAK_OFF_AGL_M = 2256.0, 1707.0
WINDOW_S = 3.0
_MATCH_S = 0.005  # loggers stamp to a hundredth
_GROUND_S = 30.0


def ground_below_msl_m(fixes: Fixes, jump: Jump) -> float | None:
    """Height of the ground where somebody landed: the middle of half a minute's rest; None where nobody was seen to."""
    if jump.landing is None:
        return None
    after_s = fixes.utc_s - jump.landing.utc_s
    at_rest = (after_s >= 0.0) & (after_s <= _GROUND_S)
    return float(np.median(fixes.altitude_msl_m[at_rest]))


def best_3s_descent_m_s(fixes: Fixes, jump: Jump, ground_msl_m: float | None) -> float | None:
    """The fastest three seconds; None without an exit, or where no two samples of the run are 3.00 s apart.

    Without a known ground the run ends by the height below exit alone.
    """
    if jump.exit is None:
        return None
    floor_m = jump.exit.altitude_msl_m - RUN_M
    if ground_msl_m is not None:
        floor_m = max(floor_m, ground_msl_m + BREAK_OFF_AGL_M)
    first = int(np.searchsorted(fixes.utc_s, jump.exit.utc_s))
    below = np.flatnonzero(fixes.altitude_msl_m[first:] < floor_m)
    last = first + int(below[0]) if len(below) else len(fixes)
    return _fastest_m_s(fixes.utc_s[first:last], fixes.altitude_msl_m[first:last])


def _fastest_m_s(utc_s: Array, altitude_msl_m: Array) -> float | None:
    later = np.searchsorted(utc_s, utc_s + WINDOW_S - _MATCH_S)
    there = later < len(utc_s)
    start, end = np.flatnonzero(there), later[there]
    apart_s = utc_s[end] - utc_s[start]
    exact = np.abs(apart_s - WINDOW_S) < _MATCH_S
    if not exact.any():
        return None
    lost_m = altitude_msl_m[start[exact]] - altitude_msl_m[end[exact]]
    return float(np.max(lost_m) / WINDOW_S)
