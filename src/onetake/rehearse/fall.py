"""Fall: one body's way down through air of known density, cut out of a trace, flown or logged."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.errors import InputError
from onetake.trace import Trace
from onetake.units import G0_M_S2

Array = NDArray[np.float64]
Density = Callable[[Array], Array]

SEA_LEVEL_KG_M3 = 1.225  # ICAO standard atmosphere
MEAN_S = 3.0  # over which descents are averaged to be compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """time_s (n,) from exit, increasing; descent_m_s, altitude_msl_m, density_kg_m3 (n,); level_m_s (n, 2) over ground,
    east and north."""

    time_s: Array
    descent_m_s: Array
    altitude_msl_m: Array
    density_kg_m3: Array
    level_m_s: Array

    def between(self, from_s: float, to_s: float) -> Fall:
        """A part of it."""
        some = (self.time_s >= from_s - 1e-6) & (self.time_s <= to_s + 1e-6)
        return Fall(**{name: getattr(self, name)[some] for name in self.__slots__})


def fall_of(
    trace: Trace, density: Density, *, exit_s: float, until_s: float, altitude_msl_m: Array | None = None
) -> Fall:
    """The fall of a trace from its exit until the opening begins, both on the trace's clock.

    density: kg/m3 at altitudes above mean sea level. altitude_msl_m: where the trace has no channel of that name.
    Raises InputError where fewer than three samples are left.
    """
    height_m = trace.channels["altitude_msl_m"] if altitude_msl_m is None else altitude_msl_m
    some = (trace.time_s >= exit_s) & (trace.time_s <= until_s)
    if np.count_nonzero(some) < 3:
        raise InputError(f"trace {trace.name!r} has no fall between {exit_s:.1f} and {until_s:.1f} s")
    return Fall(
        time_s=trace.time_s[some] - exit_s,
        descent_m_s=-trace.velocity_enu_m_s[some, 2],
        altitude_msl_m=height_m[some],
        density_kg_m3=density(height_m[some]),
        level_m_s=trace.velocity_enu_m_s[some, :2],
    )


def mean_over(time_s: Array, values: Array, seconds_s: float = MEAN_S) -> Array:
    """Mean of the samples within ± half of some seconds of each one, (n,)."""
    first = np.searchsorted(time_s, time_s - seconds_s / 2 - 1e-6)
    last = np.searchsorted(time_s, time_s + seconds_s / 2 + 1e-6)
    total = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray((total[last] - total[first]) / (last - first))


def sea_level_descent_m_s(fall: Fall) -> Array:
    """The descent that would press as hard at sea level, averaged over three seconds, (n,)."""
    return mean_over(fall.time_s, fall.descent_m_s * np.sqrt(fall.density_kg_m3 / SEA_LEVEL_KG_M3))


def sea_level_terminal_m_s(cda_per_m_m2_kg: float) -> float:
    """Terminal speed at sea level in the standard atmosphere."""
    return math.sqrt(2.0 * G0_M_S2 / (SEA_LEVEL_KG_M3 * cda_per_m_m2_kg))


def fallen(
    cda_per_m_m2_kg: float, descent_m_s: float, altitude_msl_m: float, time_s: Array, density: Density
) -> Array:
    """Descent at times (n,) of a body of constant drag area that starts with a descent at an altitude at the first.

    dw/dt = g - rho(z) (CdA/m) w²/2 and dz/dt = -w, by classical Runge-Kutta steps of at most a tenth of a second. A
    body that falls into denser air is faster than its terminal speed there; the equation has that by itself.
    """
    lowest_m = altitude_msl_m - 2.0 * max(descent_m_s, 60.0) * (time_s[-1] - time_s[0]) - 100.0
    table_m = np.linspace(lowest_m, altitude_msl_m + 50.0, 400)
    half_area = 0.5 * cda_per_m_m2_kg * density(table_m)

    def rate(w: float, z: float) -> float:
        return G0_M_S2 - float(np.interp(z, table_m, half_area)) * w * abs(w)

    speeds, w, z = [descent_m_s], descent_m_s, altitude_msl_m
    for whole_s in np.diff(time_s):
        steps = max(1, int(np.ceil(whole_s / 0.1)))
        h = whole_s / steps
        for _ in range(steps):
            a1 = rate(w, z)
            a2 = rate(w + h / 2 * a1, z - h / 2 * w)
            a3 = rate(w + h / 2 * a2, z - h / 2 * (w + h / 2 * a1))
            a4 = rate(w + h * a3, z - h * (w + h / 2 * a2))
            z -= h * w + h * h / 6 * (a1 + a2 + a3)
            w += h / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
        speeds.append(w)
    return np.array(speeds)
