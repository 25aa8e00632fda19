"""Calibrate: one person's drag area over mass, read off a fall, fitted on one half of it and held to the other.

Only the descent is fitted: dw/dt = g - rho (CdA/m) w²/2, so the wind drops out as long as who falls moves with it.
Somebody who moves through the air sideways is carried in part by lift: then the number is a drag area of the descent
alone, and that is told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from onetake.logbook.clean import slope
from onetake.rehearse.fall import MEAN_S, Array, Density, Fall, fallen, mean_over, sea_level_descent_m_s
from onetake.units import G0_M_S2

SETTLED_S = 12.0  # after exit: the aircraft's speed is lost and the descent is near its own
STEADY_S, STEADY_SHARE = 20.0, 0.10
_GRID_S = 0.5
STANDARD_AIR_SHARE = (
    0.03  # density against the standard atmosphere, 1-3 km: 2.9 % rms over 14 soundings, -20 to 35 °C
)
SOUNDED_AIR_SHARE = 0.01  # against a sounding of the day, hours and tens of kilometres away; assumed
SLIDE_M_S = 4.0  # sideways through the air without meaning to, 1 sigma; assumed. Costs 1.5 (u/w)² of the area
GLIDE_SHARE = (
    0.5  # of the descent: faster over ground than that cannot be wind alone, or nobody would have jumped
)
_PHASE_S, _LEAST_BINS, _LEAST_NOISE, _COST = 3.0, 2, 0.03, 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A part of a fall with one posture: seconds after exit, CdA/m with its 95 % interval."""

    from_s: float
    to_s: float
    cda_per_m_m2_kg: float
    ci95: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """CdA/m fitted on the first half of the steady fall, and how well it foretells the descents of the second.

    time_s, predicted_m_s, measured_m_s (n,): the second half.
    """

    cda_per_m_m2_kg: float
    sigma_share: float
    fitted_s: tuple[float, float]
    predicted_s: tuple[float, float]
    predicted_rms_m_s: float
    time_s: Array
    predicted_m_s: Array
    measured_m_s: Array


def steady(fall: Fall) -> tuple[float, float] | None:
    """The longest stretch of at least 20 s, from 12 s after exit, whose density-corrected descent (3 s mean) stays within
    ±10 % of its median; None where there is none. Of two as long, the first."""
    grid_s = np.arange(SETTLED_S, fall.time_s[-1] + 1e-9, _GRID_S)
    descent = np.interp(grid_s, fall.time_s, sea_level_descent_m_s(fall))
    best, least = None, round(STEADY_S / _GRID_S)
    for first in range(len(grid_s) - least):
        for last in range(len(grid_s) - 1, first + least - 1, -1):
            if best is not None and last - first <= best[1] - best[0]:
                break
            part = descent[first : last + 1]
            middle = float(np.median(part))
            if part.max() <= (1 + STEADY_SHARE) * middle and part.min() >= (1 - STEADY_SHARE) * middle:
                best = (first, last)
                break
    return None if best is None else (float(grid_s[best[0]]), float(grid_s[best[1]]))


def fit(fall: Fall, stretch_s: tuple[float, float], density: Density) -> Fit:
    """Fit the first half of a steady stretch, predict the second."""
    from scipy.optimize import least_squares

    middle_s = 0.5 * (stretch_s[0] + stretch_s[1])
    whole = fall.between(*stretch_s)
    first, second = whole.time_s <= middle_s, whole.time_s > middle_s
    height_m = float(np.interp(whole.time_s[0], fall.time_s, fall.altitude_msl_m))

    def model(x: Array) -> Array:
        return fallen(math.exp(x[0]), float(x[1]), height_m, whole.time_s, density)

    guess = np.array([math.log(float(np.mean(drag_area(whole)))), whole.descent_m_s[0]])
    found = least_squares(lambda x: (model(x) - whole.descent_m_s)[first], guess, x_scale=(0.05, 1.0))
    told = model(found.x)
    rest = (told - whole.descent_m_s)[second]
    return Fit(
        cda_per_m_m2_kg=math.exp(found.x[0]),
        sigma_share=_wander_share(fall, stretch_s, middle_s - stretch_s[0]),
        fitted_s=(stretch_s[0], middle_s),
        predicted_s=(middle_s, stretch_s[1]),
        predicted_rms_m_s=float(np.sqrt(np.mean(rest**2))),
        time_s=whole.time_s[second],
        predicted_m_s=told[second],
        measured_m_s=whole.descent_m_s[second],
    )


def drag_area(fall: Fall) -> Array:
    """CdA/m of each moment (n,), m2/kg, from descents and their slope over three seconds."""
    descent = mean_over(fall.time_s, fall.descent_m_s)
    gained_m_s2 = slope(fall.time_s, fall.descent_m_s, MEAN_S / 2)
    area: Array = 2.0 * (G0_M_S2 - gained_m_s2) / (fall.density_kg_m3 * np.maximum(descent, 1.0) ** 2)
    return area


def _wander_share(fall: Fall, stretch_s: tuple[float, float], seconds_s: float) -> float:
    """How far the mean over some seconds of a posture that wanders is off, 1 sigma, as a share."""
    whole = fall.between(*stretch_s)
    grid_s = np.arange(whole.time_s[0], whole.time_s[-1], _GRID_S)
    area = np.interp(grid_s, whole.time_s, drag_area(whole))
    share = area / area.mean() - 1.0
    variance = float(np.mean(share**2))
    together = [
        float(np.mean(share[k:] * share[: len(share) - k])) / variance for k in range(1, len(share) // 2)
    ]
    until = next((k for k, value in enumerate(together) if value < 0), len(together))
    memory_s = _GRID_S * (0.5 + sum(together[:until]))
    return math.sqrt(variance * min(1.0, 2.0 * memory_s / seconds_s))


def phases(fall: Fall, air_share: float) -> tuple[Phase, ...]:
    """The fall from 12 s after exit, cut where the drag area steps: least squares with a price on each cut.

    air_share: 1 sigma of the density, as a share, which all intervals carry.
    """
    starts_s = np.arange(SETTLED_S, fall.time_s[-1] - _PHASE_S / 2, _PHASE_S)
    area = drag_area(fall)
    bins = [area[(fall.time_s >= at) & (fall.time_s < at + _PHASE_S)] for at in starts_s]
    known = [
        (at, math.log(max(float(np.mean(part)), 1e-5)))
        for at, part in zip(starts_s, bins, strict=True)
        if len(part)
    ]
    if len(known) < _LEAST_BINS:
        return ()
    at_s, level = np.array([at for at, _ in known]), np.array([value for _, value in known])
    noise = max(_LEAST_NOISE, 1.4826 * float(np.median(np.abs(np.diff(level)))) / math.sqrt(2.0))
    edges = _cut(level / noise)
    return tuple(
        _phase(
            float(at_s[a]), float(min(at_s[b - 1] + _PHASE_S, fall.time_s[-1])), level[a:b], noise, air_share
        )
        for a, b in pairwise(edges)
    )


def _phase(from_s: float, to_s: float, level: Array, noise: float, air_share: float) -> Phase:
    middle = float(np.mean(level))
    scatter = max(noise, float(np.std(level, ddof=1)) if len(level) > 1 else noise)
    off = 1.96 * math.hypot(scatter / math.sqrt(len(level)), air_share)
    area = math.exp(middle)
    return Phase(
        from_s=from_s, to_s=to_s, cda_per_m_m2_kg=area, ci95=(area * math.exp(-off), area * math.exp(off))
    )


def _cut(values: Array) -> list[int]:
    """Edges of the pieces that cost least, in squares of unit noise and a price for each piece (optimal partitioning)."""
    n = len(values)
    sums, squares = (np.concatenate([[0.0], np.cumsum(part)]) for part in (values, values**2))
    price = np.full(n + 1, np.inf)
    price[0] = 0.0
    before = np.zeros(n + 1, int)
    for b in range(_LEAST_BINS, n + 1):
        a = np.arange(0, b - _LEAST_BINS + 1)
        total = price[a] + squares[b] - squares[a] - (sums[b] - sums[a]) ** 2 / (b - a) + _COST
        before[b] = int(a[np.argmin(total)])
        price[b] = float(total.min())
    edges = [n]
    while edges[0] > 0:
        edges.insert(0, int(before[edges[0]]))
    return edges


def slide_share(fall: Fall) -> float:
    """What an unnoticed slide may cost the drag area, 1 sigma, as a share."""
    return 1.5 * (SLIDE_M_S / float(np.median(fall.descent_m_s))) ** 2


def glides(fall: Fall) -> bool:
    """Faster sideways than the wind explains."""
    level_m_s = np.hypot(fall.level_m_s[:, 0], fall.level_m_s[:, 1])
    return bool(np.median(level_m_s) > GLIDE_SHARE * np.median(fall.descent_m_s))


def together(fits: Sequence[Fit], common_share: float) -> tuple[float, tuple[float, float]]:
    """CdA/m of several falls of one person with its 95 % interval.

    Each fall counts by its own error and by how far the falls differ; common_share, 1 sigma, is wrong for all alike.
    """
    level = np.log([one.cda_per_m_m2_kg for one in fits])
    own = np.square([one.sigma_share for one in fits])
    between = max(0.0, float(np.var(level, ddof=1)) - float(np.mean(own))) if len(fits) > 1 else 0.0
    weight = 1.0 / (own + between)
    middle = float(np.sum(weight * level) / np.sum(weight))
    off = 1.96 * math.hypot(1.0 / math.sqrt(float(np.sum(weight))), common_share)
    return math.exp(middle), (math.exp(middle - off), math.exp(middle + off))
