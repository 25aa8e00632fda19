"""Accuracy and speed are one setting: the odds' compiled kernel, timed on a case whose answer is published.

Run: uv run pytest benchmarks/test_accuracy.py --benchmark-only; it needs the reference data (ONETAKE_SHARED).
"""

from __future__ import annotations

import numpy as np
import pytest
from against.flown import ball, common, go, height_m, launch, over, standard_air
from against.nesc import HIGH_M, SPHERE_CDA_M2, SPHERE_KG, alone, theirs
from against.published import data_folder
from pytest_benchmark.fixture import BenchmarkFixture

from onetake.fly.kernel import fly_block
from onetake.fly.state import STEPS, TICK_S
from onetake.units import FT_M

TAKES, SECONDS = 256, 30.0


@pytest.mark.parametrize("what", ["one body", "two bodies, pilots, draws"])
def test_nesc_case_6(benchmark: BenchmarkFixture, what: str) -> None:
    """A sphere dropped from 30,000 ft, 256 times at once, with and without all else that a take costs."""
    data = data_folder()
    if data is None:
        pytest.skip("reference data not found; set ONETAKE_SHARED to its data folder")
    scenario = ball(alone(over(standard_air(12000.0), height_m=HIGH_M)), SPHERE_KG, SPHERE_CDA_M2)
    if what != "one body":
        scenario = common(scenario, pair=1.0, steered=1.0)
    ticks = round(SECONDS / TICK_S)
    flights = []

    def dropped() -> tuple[tuple[()], dict[str, object]]:
        flights.append(launch(scenario, TAKES))
        return (), {}

    benchmark.pedantic(lambda: go(flights[-1], ticks), setup=dropped, rounds=5, warmup_rounds=1)
    truth_ft = float(theirs(data, 6)["altitudeMsl_ft"][-1])
    benchmark.extra_info["worst_error_ft"] = round(
        float(np.max(np.abs(height_m(flights[-1]) / FT_M - truth_ft))), 4
    )
    benchmark.extra_info["step_s"] = TICK_S / STEPS
    benchmark.extra_info["lane_steps_per_s"] = round(TAKES * ticks * STEPS / benchmark.stats.stats.median)
    # nothing was compiled for the occasion
    benchmark.extra_info["specialisations"] = len(fly_block.signatures)
