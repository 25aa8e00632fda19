"""Long steps: a lane that waits for its own feels nothing of its neighbours, and they cost no accuracy."""

from __future__ import annotations

import numpy as np
from against.drop import CANOPY_M2, FALL_M2, MASS_KG, OPEN_M, one_body
from against.flown import Array, ball, common, go, launch, put

from onetake.fly.scenario import Scenario
from onetake.fly.state import LANDED

TOLD = ("A_t_pull", "A_t_open", "A_t_land", "A_land_x", "A_land_y", "A_felt_max")


def landed(scenario: Scenario, open_m: Array, area: Array) -> Array:
    """What is told of drops that open at these heights with these drag areas, (fields, n)."""
    flight = launch(
        scenario, len(open_m), A_pull_m=open_m, A_extract_s=0.0, A_snivel_s=0.0, A_fill_s=0.0,
        A_snivel_area=CANOPY_M2 - FALL_M2, A_cda=area,
    )  # fmt: skip
    put(flight, "B_phase", LANDED)
    go(flight, 6000)
    return np.stack([flight.field(name) for name in TOLD])


def test_who_opens_elsewhere_does_not_change_a_drop() -> None:
    scenario = ball(one_body(), MASS_KG, FALL_M2)
    open_m, area = np.linspace(400.0, 1500.0, 7), np.linspace(0.8, 1.3, 7)
    together = landed(scenario, open_m, area)
    for i in range(7):
        alone = landed(scenario, open_m[i : i + 1], area[i : i + 1])
        np.testing.assert_array_equal(together[:, i], alone[:, 0])


def test_a_long_step_in_the_fall_lands_where_short_ones_do() -> None:
    """0.08 s against 0.02 s, over 7 km: a centimetre is less than the errors of single precision that both share."""
    scenario = ball(one_body(), MASS_KG, FALL_M2)
    long = landed(scenario, np.array([OPEN_M]), np.ones(1))
    short = landed(common(scenario, fall_ticks=1.0), np.array([OPEN_M]), np.ones(1))
    t_land, east, north = (TOLD.index(name) for name in ("A_t_land", "A_land_x", "A_land_y"))
    assert abs(long[t_land, 0] - short[t_land, 0]) < 0.002
    assert np.hypot(long[east, 0] - short[east, 0], long[north, 0] - short[north, 0]) < 0.01
