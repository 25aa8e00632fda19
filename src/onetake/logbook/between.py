"""Between two devices: by how much one clock is off the other, from motion that both were carried through.

People of one load turn, climb and slow with their aircraft, so their velocities are one velocity, seen by two clocks. The
shift that makes them agree best is found on a grid, then by least squares along the slope of the velocity; its error is
that of the slope's fit with residuals that stay alike for seconds (Newey and West, Econometrica 55, 1987), and how far
two receivers' velocities lag each other. Who flies linked through a fall is carried by one motion too, but leaves the door with another beat of the heart. Straight flight
tells nothing, and then nothing is told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from onetake.logbook.clean import gaps_of, slope
from onetake.logbook.events import Jump
from onetake.logbook.log import Array, Fixes, Flags

How = Literal["aboard", "in the fall"]

SEARCH_S = 30.0  # a device further off than that has no clock worth the name
ABOARD_S, BEFORE_EXIT_S = (
    900.0,
    8.0,
)  # looked at before the first exit, and where people stand up and climb out
LEAST_S = 30.0
# Velocities of one motion out of two receivers on one time: how far the best shift is from none. 18 pairs in two cabins, rms;
# places along the flight are off by no more than across it, so it is the velocities that lag
LAG_S = 0.17
GAP_S = 0.7  # between the exits of people who leave linked, 1 sigma; assumed
WORST_S = 0.5  # an error larger than that is no knowledge
ALIKE_M_S: Mapping[How, float] = {
    "aboard": 1.5,
    "in the fall": 2.5,
}  # more between them, and it is not one motion
AWAY_S = 12.0  # before the first opening, when people who fell together have turned and track away
_STEP_S, _HALF_S = 0.2, 1.0  # of the grid; of the slope's line
_FADING_S = 10.0  # over which residuals may stay alike
MOVED = 0.1  # what is left may be no more of the velocities' own variance: noise alone agrees with noise, somewhere
_RIVAL = 1.2  # another shift that leaves no more than that much of the residual might be the true one


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """offset_s: add it to the second device's times and they are the first's; sigma_s; what it was found from.

    unmoved_share: what is left between the two motions where times are taken as they are, over what is left at the best.
    """

    offset_s: float
    sigma_s: float
    how: How
    unmoved_share: float


def offset_between(first: Fixes, second: Fixes, jumps: tuple[Jump, Jump]) -> Offset | None:
    """The offset between the clocks of two recordings, or None where their motion does not tell.

    Looks at the flight in the aircraft; where that was not recorded, at the fall, as far as they fell linked.
    """
    exits = [jump.exit.utc_s for jump in jumps if jump.exit is not None]
    if exits:
        out_s = min(exits) - BEFORE_EXIT_S
        found = _matched(first, second, out_s - ABOARD_S, out_s, "aboard")
        if found is not None:
            return found
    if len(exits) < 2:
        return None
    ends = [jump.opening.utc_s for jump in jumps if jump.opening is not None]
    if not ends or abs(exits[0] - exits[1]) > SEARCH_S:
        return None
    return _matched(first, second, max(exits) - 2.0, min(ends) - AWAY_S, "in the fall")


def _matched(first: Fixes, second: Fixes, from_s: float, to_s: float, how: How) -> Offset | None:
    """The best shift between two times of the first device's clock."""
    from_s, to_s = max(from_s, float(first.utc_s[0])), min(to_s, float(first.utc_s[-1]))
    if to_s - from_s < LEAST_S:
        return None
    time_s = np.arange(from_s, to_s, _STEP_S)
    mine, seen = _velocity(first, time_s)
    shifts = np.arange(-SEARCH_S, SEARCH_S + 1e-9, 2.0 * _STEP_S)
    some = slice(None, None, 3)
    rests = np.array([_rest(mine[some], seen[some], second, time_s[some] - shift) for shift in shifts])
    if not np.isfinite(rests).any():
        return None
    best = int(np.nanargmin(rests))
    far = np.abs(shifts - shifts[best]) > 2.0
    whole = sum(float(np.sum(np.var(part, axis=0))) for part in (mine[seen], _velocity(second, time_s)[0]))
    if rests[best] > min(ALIKE_M_S[how] ** 2, MOVED * whole):
        return None
    if np.nanmin(rests[far], initial=np.inf) < _RIVAL * rests[best]:
        return None
    shift_s, sigma_s = float(shifts[best]), math.inf
    for _ in range(4):
        step_s, sigma_s = _refined(mine, seen, second, time_s, shift_s)
        if not math.isfinite(step_s) or abs(step_s) > 2.0:
            return None
        shift_s += step_s
    sigma_s = math.hypot(sigma_s, LAG_S, GAP_S if how == "in the fall" else 0.0)
    limit_s = WORST_S if how == "aboard" else 2.0 * GAP_S
    if sigma_s > limit_s or abs(shift_s) > SEARCH_S:
        return None
    unmoved = float(np.interp(0.0, shifts, np.nan_to_num(rests, nan=np.inf)))
    return Offset(
        offset_s=shift_s, sigma_s=sigma_s, how=how, unmoved_share=unmoved / max(float(rests[best]), 1e-6)
    )


def _velocity(fixes: Fixes, time_s: Array) -> tuple[Array, Flags]:
    """Velocity (n, 3) at some times, and at which of them there was a recording."""
    velocity = np.stack([np.interp(time_s, fixes.utc_s, part) for part in fixes.velocity_enu_m_s.T], axis=-1)
    at = np.clip(np.searchsorted(fixes.utc_s, time_s), 1, len(fixes) - 1)
    hole = gaps_of(fixes.utc_s) & (np.diff(fixes.utc_s) > 2.0)
    seen: Flags = (time_s >= fixes.utc_s[0]) & (time_s <= fixes.utc_s[-1]) & ~hole[at - 1]
    return velocity, seen


def _rest(mine: Array, seen: Flags, second: Fixes, time_s: Array) -> float:
    """Mean square of what is left between two velocities, less their means: NaN for too little in common."""
    other, there = _velocity(second, time_s)
    both = seen & there
    if np.count_nonzero(both) * 3 * _STEP_S < LEAST_S:
        return math.nan
    apart = (mine - other)[both]
    return float(np.mean(np.sum((apart - apart.mean(axis=0)) ** 2, axis=1)))


def _refined(mine: Array, seen: Flags, second: Fixes, time_s: Array, shift_s: float) -> tuple[float, float]:
    """A step of least squares from a shift, and the error of where it leads."""
    other, there = _velocity(second, time_s - shift_s)
    both = seen & there
    gained = np.stack([slope(time_s, part, _HALF_S) for part in other.T], axis=-1)[both]
    apart = (other - mine)[both]
    gained, apart = gained - gained.mean(axis=0), apart - apart.mean(axis=0)
    told = float(np.sum(gained**2))
    if told <= 0:
        return math.nan, math.inf
    step_s = float(np.sum(gained * apart)) / told
    return step_s, math.sqrt(_spread(gained, apart - step_s * gained)) / told


def _spread(gained: Array, rest: Array) -> float:
    """Variance of the sum of gained times rest (n, 3), whose rests stay alike for some seconds.

    Of all rests as if they were the same throughout, or of those where something was gained, whichever is more: turns
    are few, and receivers are worse in them.
    """
    score = np.sum(gained * rest, axis=1)
    lags = min(round(_FADING_S / _STEP_S), len(score) - 1)
    own, steady = float(np.sum(score**2)), float(np.sum(np.sum(gained**2, axis=0) * np.mean(rest**2, axis=0)))
    for lag in range(1, lags + 1):
        weight = 2.0 * (1.0 - lag / (lags + 1))
        own += weight * float(np.sum(score[lag:] * score[:-lag]))
        alike = np.sum(rest[lag:] * rest[:-lag], axis=0) / len(rest)
        steady += weight * float(np.sum(alike * np.sum(gained[lag:] * gained[:-lag], axis=0)))
    return max(own, steady)
