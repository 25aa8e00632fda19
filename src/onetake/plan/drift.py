"""Drift: what the wind does to a body on its way down, under a parachute and by doctrine's formula.

Integrated over the profile in 50 m layers; local ENU metres, heights above the drop zone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.fly.scenario import Jumper
from onetake.shot.file import Shot
from onetake.units import FT_M, KT_M_S
from onetake.weather.atmosphere import SEA_LEVEL_KG_M3
from onetake.weather.column import Column

Array = NDArray[np.float64]

LAYER_M = 50.0
PATTERN_AGL_M = 1000 * FT_M  # kept for the landing pattern: no glide below it counts as reach

# D[m] = K A[1,000 ft] V[kt]. Military high-altitude release point; K of free fall: GPSMAP 76CSx manual p. 81
DOCTRINE_K = 3.0
DOCTRINE_STEP_M = 2000 * FT_M  # winds are read every 2,000 ft
DOCTRINE_FAST_M_S = 120 * KT_M_S
DOCTRINE_THROW_M = {True: 300.0, False: 150.0}  # fixed wing above 120 kt, and below


@dataclass(frozen=True, slots=True, kw_only=True)
class CanopyRide:
    """From an open parachute to the ground: seconds, drift with the wind (east, north), and how far it can glide."""

    time_s: float
    drift_enu_m: Array
    reach_m: float


def canopy_ride(jumper: Jumper, open_agl_m: float, shot: Shot, column: Column) -> CanopyRide:
    """Integrate one parachute from a height to the ground at full glide.

    Sink and speed grow as the air thins, with the root of density. The reach ends 1,000 ft above the ground, which
    is kept for the pattern. Raises WeatherError above the profile. Error: ±20 % in sink, as the canopy's prior.
    """
    count = max(1, math.ceil(open_agl_m / LAYER_M))
    edges = np.linspace(0.0, max(open_agl_m, 0.0), count + 1)
    middle = (edges[1:] + edges[:-1]) / 2
    air = column.at(middle + shot.place.elevation_m)
    sink_m_s = jumper.sink_m_s * np.sqrt(SEA_LEVEL_KG_M3 / air.density_kg_m3)
    spent_s = np.diff(edges) / sink_m_s
    return CanopyRide(
        time_s=float(spent_s.sum()),
        drift_enu_m=np.array([air.wind_east_m_s @ spent_s, air.wind_north_m_s @ spent_s]),
        reach_m=jumper.glide * max(open_agl_m - PATTERN_AGL_M, 0.0),
    )


def time_between_s(jumper: Jumper, from_agl_m: float, to_agl_m: float, shot: Shot, column: Column) -> float:
    """Seconds under an open parachute from one height down to a lower one."""
    above = canopy_ride(jumper, from_agl_m, shot, column).time_s
    return max(0.0, above - canopy_ride(jumper, max(to_agl_m, 0.0), shot, column).time_s)


def doctrine_drift_m(from_agl_m: float, to_agl_m: float, shot: Shot, column: Column) -> float:
    """Freefall drift by doctrine: K = 3 times thousands of feet times the vector mean wind in knots."""
    levels = np.append(np.arange(to_agl_m, from_agl_m, DOCTRINE_STEP_M), from_agl_m)
    air = column.at(levels + shot.place.elevation_m)
    mean_kt = math.hypot(air.wind_east_m_s.mean(), air.wind_north_m_s.mean()) / KT_M_S
    return DOCTRINE_K * (from_agl_m - to_agl_m) / FT_M / 1000 * mean_kt


def doctrine_throw_m(indicated_m_s: float) -> float:
    """Forward throw by doctrine: 300 m for a fixed wing above 120 kt, 150 m below."""
    return DOCTRINE_THROW_M[indicated_m_s > DOCTRINE_FAST_M_S]
