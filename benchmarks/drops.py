"""The drop that every peer flies, many times: one body from 25,000 ft through two winds, a canopy at 600 m, the ground.

The odds' own kernel with one body and nobody steering; the same case as `tests/tables/against/drop.py` holds to the truth.
Drawn as the peers draw it: drag area over mass 7 % (mass and drag 5 % each), wind 10 %, speed at the exit 2 m/s.
"""

from __future__ import annotations

import threading

import numpy as np
from against.drop import (
    CANOPY_M2,
    FALL_M2,
    MASS_KG,
    OPEN_M,
    WIND_AT_M,
    WIND_EAST,
    WIND_NORTH,
    one_body,
)
from against.flown import ball, launch, put
from numpy.typing import NDArray

from onetake.fly.flight import Flight, advance, blank_records
from onetake.fly.scenario import ERROR_LEVEL_M, Scenario
from onetake.fly.state import LANDED

CHUNK = 256
TICKS = 5600  # 224 s: the slowest is down by then


def scenario() -> Scenario:
    """The case's air, body and canopy."""
    return ball(one_body(), MASS_KG, FALL_M2)


def ready(made: Scenario, count: int, seed: int) -> Flight:
    """Drops with draws of their own, before the exit."""
    random = np.random.default_rng(seed)
    heights = np.arange(made.error_levels) * ERROR_LEVEL_M
    wind = np.stack([np.interp(heights, WIND_AT_M, east) for east in (WIND_EAST, WIND_NORTH)])
    error = (0.1 * random.standard_normal((count, 1, 1)) * wind).astype(np.float32)
    flight = launch(
        made, count, error, A_pull_m=OPEN_M, A_extract_s=0.0, A_snivel_s=0.0, A_fill_s=0.0,
        A_snivel_area=CANOPY_M2 - FALL_M2, A_v0x=2.0 * random.standard_normal(count),
        A_cda=1.0 + np.hypot(0.05, 0.05) * random.standard_normal(count),
    )  # fmt: skip
    put(flight, "B_phase", LANDED)
    return flight


def fly(made: Scenario, count: int, threads: int) -> NDArray[np.float32]:
    """Landing points east, (count,), on a number of threads."""
    starts = list(range(0, count, CHUNK))
    landed: dict[int, NDArray[np.float32]] = {}

    def some(mine: list[int]) -> None:
        for at in mine:
            flight = ready(made, min(CHUNK, count - at), at)
            advance(flight, blank_records(flight, 0), TICKS)
            landed[at] = flight.field("A_land_x").copy()

    workers = [threading.Thread(target=some, args=(starts[i::threads],)) for i in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return np.concatenate([landed[at] for at in starts])
