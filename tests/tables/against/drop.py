"""A drop from 25,000 ft to the ground with a canopy that opens at once, against a high-order integration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.integrate import solve_ivp

from against.flown import FLAT, Array, ball, common, go, launch, over, put, standard_air
from against.row import Row, near
from onetake.fly.scenario import Scenario
from onetake.fly.state import COARSE_TICKS, LANDED
from onetake.units import G0_M_S2
from onetake.weather.atmosphere import SEA_LEVEL_KG_M3, isa

ORDER = 3
TITLE = "Drop with a canopy"
TEXT = """
A body of 100 kg and 0.5 m² leaves at 70 m/s and 7,620 m over a flat Earth, falls through a wind of two layers, opens 30 m² at
once at 600 m and lands; flown with the kernel's own steps for legs that nobody steers: 0.08 s in the fall, 0.02 s where it
opens, 0.32 s under canopy and 0.16 s near the ground, cut where it opens and where it lands. The truth is DOP853 with
root-found events, tolerance 1e-12.
"""

MASS_KG, FALL_M2, CANOPY_M2 = 100.0, 0.5, 30.0
HIGH_M, AHEAD_M_S, OPEN_M = 7620.0, 70.0, 600.0
# the wind towards east and north, straight between these heights
WIND_AT_M, WIND_EAST, WIND_NORTH = (
    (0.0, 2900.0, 3100.0, 9000.0),
    (5.0, 5.0, 20.0, 20.0),
    (-3.0, -3.0, 5.0, 5.0),
)


class Drop(NamedTuple):
    """When it opens and lands, s, and where it lands east and north, m."""

    opened_s: float
    landed_s: float
    east_m: float
    north_m: float


@cache
def truth() -> Drop:
    """Two legs of DOP853."""

    def motion(_: float, y: Array, cda_m2: float) -> Array:
        wind = [np.interp(y[2], WIND_AT_M, WIND_EAST), np.interp(y[2], WIND_AT_M, WIND_NORTH), 0.0]
        past = y[3:] - np.array(wind)
        grip = 0.5 * float(isa(y[2]).density_kg_m3) * cda_m2 / MASS_KG * np.linalg.norm(past)
        return np.concatenate([y[3:], -grip * past - [0.0, 0.0, G0_M_S2]])

    def fall(start_s: float, y: Array, cda_m2: float, floor_m: float) -> tuple[float, Array]:
        def reaches(_: float, y: Array, *__: float) -> float:
            return float(y[2] - floor_m)

        reaches.terminal = True  # type: ignore[attr-defined]
        leg = solve_ivp(
            motion,
            (start_s, start_s + 1000.0),
            y,
            "DOP853",
            args=(cda_m2,),
            events=reaches,
            rtol=1e-12,
            atol=1e-12,
        )
        return float(leg.t[-1]), leg.y[:, -1]

    # a corner of the wind is a corner of the solution
    now_s, y = 0.0, np.array([0.0, 0.0, HIGH_M, AHEAD_M_S, 0.0, 0.0])
    for floor_m in (3100.0, 2900.0, OPEN_M):
        now_s, y = fall(now_s, y, FALL_M2, floor_m)
    opened_s = now_s
    landed_s, y = fall(now_s, y, CANOPY_M2, 0.0)
    return Drop(opened_s, landed_s, float(y[0]), float(y[1]))


def one_body() -> Scenario:
    """The case's air and canopy. Under canopy the body's own 0.5 m² hang in the parachute's 30, which has no lift."""
    air = standard_air(8000.0, lambda altitude: np.interp(altitude, WIND_AT_M, WIND_EAST))
    air = replace(air, wind_north_m_s=np.interp(air.altitude_msl_m, WIND_AT_M, WIND_NORTH))
    scenario = common(
        over(air, height_m=HIGH_M, ahead_m_s=(AHEAD_M_S, 0.0)),
        **FLAT,
        steered=0.0,
        pair=0.0,
        fall_ticks=COARSE_TICKS,
    )
    sink_m_s = np.sqrt(2 * MASS_KG * G0_M_S2 / (SEA_LEVEL_KG_M3 * CANOPY_M2))
    return common(scenario, A_full_area=CANOPY_M2 - FALL_M2, A_glide=0.0, A_sink=sink_m_s)


@cache
def flown() -> Drop:
    """The same by the kernel."""
    scenario = one_body()
    flight = launch(
        ball(scenario, MASS_KG, FALL_M2), A_pull_m=OPEN_M, A_extract_s=0.0, A_snivel_s=0.0, A_fill_s=0.0,
        A_snivel_area=CANOPY_M2 - FALL_M2,
    )  # fmt: skip
    put(flight, "B_phase", LANDED)  # nobody else in the air: under canopy the long steps are flown
    go(flight, 6000)
    names = ("A_t_pull", "A_t_land", "A_land_x", "A_land_y")
    return Drop(*(float(flight.field(name)[0]) for name in names))


def rows(data: Path) -> Iterator[Row]:
    """Every comparison of this part."""
    ours, theirs, source = flown(), truth(), "DOP853, tolerance 1e-12"
    miss_m = float(np.hypot(ours.east_m - theirs.east_m, ours.north_m - theirs.north_m))
    yield near("Landing point, distance from the true one, m", source, miss_m, 0.0, limit=0.05, unit="m")
    yield near("Time of the opening, s", source, ours.opened_s, theirs.opened_s, limit=0.01, unit="s")
    yield near("Time of the landing, s", source, ours.landed_s, theirs.landed_s, limit=0.01, unit="s")
