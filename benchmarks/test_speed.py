"""How fast takes are flown and judged, and what they cost. Run: uv run pytest benchmarks --benchmark-only

Ratios of one run are what to quote: machines are shared and noisy. Nothing here passes or fails.
"""

from __future__ import annotations

import resource
import time
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from onetake.api.stage import Stage, set_stage
from onetake.fly.flight import Flight, advance, blank_records, start
from onetake.fly.state import STEPS
from onetake.odds.chunks import SIZE, Work, fly_chunk
from onetake.odds.draws import draw
from onetake.odds.engines import opened
from onetake.odds.tally import FlyAndCount

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "halo" / "shot.toml"
TAKES = 1024


@pytest.fixture(scope="session")
def stage() -> Stage:
    return set_stage(EXAMPLE)


@pytest.fixture(scope="session")
def work(stage: Stage) -> Work:
    return stage.work(1)


@pytest.mark.parametrize("engine", ["here", "threads"])
def test_takes(benchmark: BenchmarkFixture, work: Work, engine: str) -> None:
    """Full takes from the exit to the landing, judged."""
    with opened(engine, FlyAndCount(work=work), lambda *_: None) as fly:
        benchmark.pedantic(lambda: fly(range(1, TAKES + 1), lambda tally: None), rounds=5, warmup_rounds=1)
    benchmark.extra_info["takes_per_s"] = round(TAKES / benchmark.stats.stats.median)


def test_dynamic_steps(benchmark: BenchmarkFixture, work: Work) -> None:
    """Steps of two bodies in free fall, unjudged, on one core: twenty seconds from the fortieth on."""
    flight = start(work.scenario, draw(work.scenario, work.spread, 1, np.arange(1, 129)))
    nothing = blank_records(flight, 0)
    advance(flight, nothing, 1000)
    states, tick = flight.states.copy(), flight.tick

    def again() -> tuple[tuple[Flight], dict[str, object]]:
        flight.states[:], flight.tick = states, tick
        return (flight,), {}

    benchmark.pedantic(lambda one: advance(one, nothing, 500), setup=again, rounds=5, warmup_rounds=1)
    benchmark.extra_info["lane_steps_per_s"] = round(128 * 500 * STEPS / benchmark.stats.stats.median)


def test_fma_peak(benchmark: BenchmarkFixture) -> None:
    """What one core can do at all in single precision, measured with a compiled loop of independent FMAs."""
    from numba import njit

    @njit(fastmath={"contract"})  # more would let the chain be folded
    def chain(x: np.ndarray, a: np.float32, b: np.float32, n: int) -> None:
        for _ in range(n):
            for i in range(x.shape[0]):
                y = x[i]
                for _ in range(16):
                    y = y * a + b
                x[i] = y

    lanes, rounds = np.ones(96, np.float32), 300_000
    chain(lanes, np.float32(0.999999), np.float32(1e-7), 1)
    benchmark.pedantic(
        lambda: chain(lanes, np.float32(0.999999), np.float32(1e-7), rounds), rounds=3, warmup_rounds=1
    )
    benchmark.extra_info["gflop_per_s"] = round(2 * 16 * 96 * rounds / benchmark.stats.stats.median / 1e9, 1)


@pytest.mark.parametrize("takes", [1024, 8192])
def test_memory(benchmark: BenchmarkFixture, work: Work, takes: int) -> None:
    """Peak memory of the process after so many takes; it must not grow with them."""

    def flown() -> None:
        with opened("threads", FlyAndCount(work=work), lambda *_: None) as fly:
            began = time.perf_counter()
            fly(range(1, takes + 1), lambda tally: None)
            benchmark.extra_info["wall_s"] = round(time.perf_counter() - began, 1)

    benchmark.pedantic(flown, rounds=1)
    benchmark.extra_info["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rows = fly_chunk(work, 1, SIZE)
    kept = (getattr(rows, name) for name in rows.__slots__)
    benchmark.extra_info["bytes_per_take"] = sum(getattr(value, "nbytes", 0) for value in kept) // SIZE
