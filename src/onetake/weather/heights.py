"""Heights from pressure and temperature: the hypsometric law, and which given heights cannot be right.

Arrays (n,) in order of falling pressure; geopotential metres, pascal, kelvin, humidity 0-1; NaN where missing.
"""

from __future__ import annotations

import bisect

import numpy as np
from numpy.typing import NDArray

from onetake.units import G0_M_S2
from onetake.weather.atmosphere import (
    GAS_CONSTANT_J_KG_K,
    geometric_from_geopotential,
    pressure_altitude_m,
    saturation_pressure_pa,
    virtual_temperature_k,
)
from onetake.weather.column import Array, Flags, standard_temperature

THICKNESS_TOLERANCE = 0.05  # of a layer, against its pressures and temperature: 13 K
THICKNESS_SLACK_M = 100.0


def hypsometric_rise(
    pressure_pa: Array, temperature_k: Array, relative_humidity: Array | None = None
) -> Array:
    """Geopotential metres above the first level, strictly rising where pressure strictly falls.

    Virtual temperature is linear in ln p; without any temperature the standard one is taken.
    """
    ln_p, virtual = np.log(pressure_pa), temperature_k
    if relative_humidity is not None:
        virtual = virtual_temperature_k(pressure_pa, temperature_k, np.nan_to_num(relative_humidity))
    known = np.isfinite(virtual)
    if known.any():
        virtual = np.interp(-ln_p, -ln_p[known], virtual[known])
    else:
        virtual = standard_temperature(geometric_from_geopotential(pressure_altitude_m(pressure_pa)))
    mean = 0.5 * (virtual[1:] + virtual[:-1])
    return np.concatenate([[0.0], np.cumsum(-np.diff(ln_p) * GAS_CONSTANT_J_KG_K / G0_M_S2 * mean)])


def humidity_of(dew_point_k: Array, temperature_k: Array) -> Array:
    """Relative humidity 0-1 of a dew point; NaN where either is missing or absurd."""
    possible = (
        (dew_point_k > 150.0) & (dew_point_k < 340.0) & (temperature_k > 150.0) & (temperature_k < 340.0)
    )
    dew, warm = np.where(possible, dew_point_k, np.nan), np.where(possible, temperature_k, np.nan)
    return np.clip(saturation_pressure_pa(dew) / saturation_pressure_pa(warm), 0.0, 1.0)


def inconsistent(geopotential_m: Array, rise_m: Array) -> Flags:
    """True at heights that do not rise, or that fit neither neighbour by the hypsometric law while these fit each other."""
    wrong = np.zeros(geopotential_m.size, bool)
    known = np.flatnonzero(np.isfinite(geopotential_m))
    if known.size >= 3:
        wrong[known] = _odd_ones(geopotential_m[known], rise_m[known])
        known = known[~wrong[known]]
    wrong[np.setdiff1d(known, known[_longest_rising(geopotential_m[known])])] = True
    return wrong


def _odd_ones(height: Array, rise: Array) -> Flags:
    def off(i: NDArray[np.intp], j: NDArray[np.intp]) -> Flags:
        expected = rise[j] - rise[i]
        slack = THICKNESS_SLACK_M + THICKNESS_TOLERANCE * np.abs(expected)
        return np.asarray(np.abs(height[j] - height[i] - expected) > slack)

    here = np.arange(height.size)
    before, after = here - 1, here + 1
    before[0], after[-1] = 2, height.size - 3  # at an end the level two further on stands in
    odd: Flags = off(here, before) & off(here, after) & ~off(before, after)
    return odd


def _longest_rising(value: Array) -> NDArray[np.intp]:
    """Indices of the longest strictly rising subsequence (patience sorting)."""
    tails: list[float] = []
    ends: list[int] = []
    previous = [-1] * value.size
    for i, item in enumerate(value.tolist()):
        place = bisect.bisect_left(tails, item)
        previous[i] = ends[place - 1] if place else -1
        tails[place : place + 1] = [item]
        ends[place : place + 1] = [i]
    chain: list[int] = []
    i = ends[-1] if ends else -1
    while i >= 0:
        chain.append(i)
        i = previous[i]
    return np.array(chain[::-1], dtype=np.intp)
