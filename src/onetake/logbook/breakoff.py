"""Break-off: when somebody who fell with others turns and tracks away before opening, seen in his own log.

Who tracks is accelerated levelly, harder and for longer than anybody who holds a formation, and than the wind's shear
does it. The moment is where that acceleration, the slope of a line through two seconds, passes half of its peak: where
a step would have been. Who opens in place never breaks off, and then none is told.
"""

from __future__ import annotations

import math

import numpy as np

from onetake.logbook.clean import slope
from onetake.logbook.events import Jump, Moment
from onetake.logbook.log import Array, Fixes

LOOK_S = 25.0  # before the opening; with a break-off 1,500 ft above it tracking lasts 9 s
TRACK_M_S2 = 1.5  # in the logs at hand formations move below 1, trackers leave them with 3 to 4
GAIN_M_S = 7.0  # what the acceleration must come to; a slow track is 10 m/s and more over the air
_HALF_S = 1.0


def break_off_of(fixes: Fixes, jump: Jump) -> Moment | None:
    """The break-off of one body's jump; None where the recording does not show one."""
    if jump.exit is None or jump.opening is None:
        return None
    end_s = jump.opening.utc_s
    some = (fixes.utc_s >= max(end_s - LOOK_S, jump.exit.utc_s + LOOK_S)) & (fixes.utc_s <= end_s)
    if np.count_nonzero(some) < 5:
        return None
    t = fixes.utc_s[some]
    gained = np.stack([slope(t, part, _HALF_S) for part in fixes.velocity_enu_m_s[some, :2].T])
    size = np.hypot(*gained)
    run = _longest(t, size)
    if run is None:
        return None
    first, last = run
    half_m_s2 = float(size[first : last + 1].max()) / 2.0
    below = np.flatnonzero(size[: first + int(np.argmax(size[first : last + 1])) + 1] < half_m_s2)
    if not len(below):
        return None  # it began before anybody looked
    i = int(below[-1])
    moment_s = float(np.interp(half_m_s2, size[i : i + 2], t[i : i + 2]))
    noise_m_s = float(np.median(np.nan_to_num(fixes.sigma_velocity_m_s[some], nan=1.0))) / math.sqrt(3.0)
    step_s = float(np.median(np.diff(t)))
    # the noise of where half of the peak is, the line's own width, and that nobody begins all at once
    noise_s = noise_m_s / (2.0 * half_m_s2) * math.sqrt(step_s / _HALF_S)
    height_m = float(np.interp(moment_s, fixes.utc_s, fixes.altitude_msl_m))
    return Moment(utc_s=moment_s, sigma_s=math.hypot(noise_s, _HALF_S / 2.0), altitude_msl_m=height_m)


def _longest(t: Array, size: Array) -> tuple[int, int] | None:
    """First and last index of the stretch of acceleration that gains most, if it gains as much as a track does."""
    inside = np.concatenate([[False], size > TRACK_M_S2, [False]])
    edges = np.flatnonzero(np.diff(inside.astype(int)))
    best, most_m_s = None, GAIN_M_S
    for first, after in zip(edges[::2], edges[1::2], strict=True):
        part = slice(first, after)
        gain_m_s = float(np.mean(size[part]) * (t[after - 1] - t[first]))
        if gain_m_s >= most_m_s:
            best, most_m_s = (int(first), int(after) - 1), gain_m_s
    return best
