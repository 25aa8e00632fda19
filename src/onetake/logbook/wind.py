"""Wind out of a log: who falls settled moves with it, and who turns under a canopy flies a circle about it.

    in the fall    the velocity over ground, from 12 s after exit until somebody tracks or opens. A slide through the air that
                   nobody noticed is in its error; who tracks all the way down says nothing
    under canopy   the middle of the circle on which the velocities over ground lie, where there were turns enough

Layers of 300 m, each with its error along one axis. Beside it the fall rate that the air's density has been taken out of.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from onetake.logbook.breakoff import break_off_of
from onetake.logbook.events import Jump
from onetake.logbook.log import Array, Fixes, Flags
from onetake.weather.atmosphere import isa

How = Literal["in the fall", "under canopy"]

LAYER_M = 300.0
SETTLED_S = 12.0  # after exit the aircraft's speed is lost (calibrations begin there too)
SLIDE_M_S = 4.0  # through the air without meaning to, 1 sigma; assumed, as in the calibration
GONE_S = 10.0  # after the opening, when the canopy flies
LEAST_S = 5.0
SAS_M = 1219.2  # 4,000 ft, where the trade states fall rates
CARRIED_M_S = 47.0  # at SAS, 105 mph; belly to earth is 112 and more. Who is slower tracks, and is not where the wind is
WIDEST_GAP_RAD = math.radians(120.0)  # between headings, for a circle to be held by them
CANOPY_M_S = (6.0, 25.0)  # airspeed of a canopy; a smaller circle is somebody who sways
STEADY_M_S = 2.0  # scatter about the circle beyond which a canopy was flown at many speeds
_ALIKE_S, _FLOWN_S = 3.0, 10.0  # readings closer together are no further ones, in the fall and under a canopy


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Wind between two heights above the sea, the vector that the air moves along; sigma_m_s is along one axis."""

    low_msl_m: float
    high_msl_m: float
    east_m_s: float
    north_m_s: float
    sigma_m_s: float
    how: How


def winds_of(fixes: Fixes, jump: Jump) -> tuple[Layer, ...]:
    """What one jump tells of the wind, from the top down."""
    found = [*_in_the_fall(fixes, jump), *_under_canopy(fixes, jump)]
    return tuple(sorted(found, key=lambda layer: -layer.high_msl_m))


def fall_rate_m_s(fixes: Fixes, jump: Jump) -> float | None:
    """The middle descent of the settled fall as it would be in the standard atmosphere at 4,000 ft (SAS), m/s.

    None without a settled fall. The air of the day is within 3 % of the standard, which is 1.5 % of the rate.
    """
    some = _settled(fixes, jump)
    if some is None:
        return None
    ratio = isa(fixes.altitude_msl_m[some]).density_kg_m3 / isa(np.array([SAS_M])).density_kg_m3[0]
    return float(np.median(fixes.descent_m_s[some] * np.sqrt(ratio)))


def _settled(fixes: Fixes, jump: Jump) -> Flags | None:
    """Fixes from 12 s after the exit to the break-off, or to the opening; None for less than five seconds."""
    if jump.exit is None or jump.opening is None:
        return None
    away = break_off_of(fixes, jump)
    until_s = (jump.opening if away is None else away).utc_s
    from_s = jump.exit.utc_s + SETTLED_S
    if until_s - from_s < LEAST_S:
        return None
    some: Flags = (fixes.utc_s >= from_s) & (fixes.utc_s <= until_s)
    return some if np.count_nonzero(some) > 2 else None


def _layers(fixes: Fixes, some: Flags) -> Iterator[tuple[float, Flags]]:
    """The lower end of each layer that has five seconds of fixes, and which they are."""
    height = fixes.altitude_msl_m
    for low_m in (
        np.arange(math.floor(height[some].min() / LAYER_M), math.ceil(height[some].max() / LAYER_M)) * LAYER_M
    ):
        inside = some & (height >= low_m) & (height < low_m + LAYER_M)
        if np.count_nonzero(inside) > 2 and np.ptp(fixes.utc_s[inside]) >= LEAST_S:
            yield float(low_m), inside


def _in_the_fall(fixes: Fixes, jump: Jump) -> Iterator[Layer]:
    some, rate_m_s = _settled(fixes, jump), fall_rate_m_s(fixes, jump)
    if some is None or rate_m_s is None or rate_m_s < CARRIED_M_S:
        return
    for low_m, inside in _layers(fixes, some):
        level = fixes.velocity_enu_m_s[inside, :2]
        east_m_s, north_m_s = (float(value) for value in np.median(level, axis=0))
        many = max(float(np.ptp(fixes.utc_s[inside])) / _ALIKE_S, 1.0)
        scatter_m_s = float(np.sqrt(np.mean(np.var(level, axis=0)) / many))
        yield Layer(
            low_msl_m=low_m, high_msl_m=low_m + LAYER_M, east_m_s=east_m_s, north_m_s=north_m_s,
            sigma_m_s=math.hypot(SLIDE_M_S, scatter_m_s), how="in the fall",
        )  # fmt: skip


def _under_canopy(fixes: Fixes, jump: Jump) -> Iterator[Layer]:
    if jump.end_of_freefall is None:
        return
    until_s = float(fixes.utc_s[-1]) if jump.landing is None else jump.landing.utc_s - GONE_S
    some = (fixes.utc_s >= jump.end_of_freefall.utc_s + GONE_S) & (fixes.utc_s <= until_s)
    if np.count_nonzero(some) < 3:
        return
    for low_m, inside in _layers(fixes, some):
        found = _circle(fixes.velocity_enu_m_s[inside, :2], fixes.utc_s[inside])
        if found is not None:
            (east_m_s, north_m_s), sigma_m_s = found
            yield Layer(
                low_msl_m=low_m, high_msl_m=low_m + LAYER_M, east_m_s=east_m_s, north_m_s=north_m_s,
                sigma_m_s=sigma_m_s, how="under canopy",
            )  # fmt: skip


def _circle(level_m_s: Array, time_s: Array) -> tuple[tuple[float, float], float] | None:
    """Middle of the circle on which velocities lie, and its error along one axis; None where they do not hold one."""
    from scipy.optimize import least_squares

    # Kasa's circle to begin with: |v|² = 2 v·w + (V² - w²) is linear in w and in what stands behind it
    linear = np.column_stack([2.0 * level_m_s, np.ones(len(level_m_s))])
    first = np.linalg.lstsq(linear, np.sum(level_m_s**2, axis=1), rcond=None)[0]
    airspeed = math.sqrt(max(first[2] + first[0] ** 2 + first[1] ** 2, 1.0))

    def rest(x: Array) -> Array:
        return np.asarray(np.hypot(level_m_s[:, 0] - x[0], level_m_s[:, 1] - x[1]) - x[2])

    fit = least_squares(rest, [first[0], first[1], airspeed], loss="soft_l1")
    heading = np.sort(np.arctan2(level_m_s[:, 1] - fit.x[1], level_m_s[:, 0] - fit.x[0]))
    gaps = np.diff(np.append(heading, heading[0] + 2.0 * math.pi))
    scatter_m_s = float(np.sqrt(np.mean(rest(fit.x) ** 2)))
    flies = CANOPY_M_S[0] < abs(fit.x[2]) < CANOPY_M_S[1]
    if not flies or gaps.max() > WIDEST_GAP_RAD or scatter_m_s > STEADY_M_S:
        return None
    step_s = float(np.median(np.diff(time_s)))
    spread = np.linalg.inv(fit.jac.T @ fit.jac) * max(scatter_m_s, 0.3) ** 2 * max(_FLOWN_S / step_s, 1.0)
    return (float(fit.x[0]), float(fit.x[1])), math.sqrt(max(spread[0, 0], spread[1, 1]))
