"""What a part costs a dask.distributed cluster beside its flying. Run: uv run pytest benchmarks/test_cluster.py

Processor time, not wall time, so that a busy machine matters little: of the scheduler, of the one who asks, and of a
worker, for parts that carry a real shot and bring back a real tally but fly nothing. And of a take, for comparison.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from onetake.api.stage import set_stage
from onetake.odds.engines import dask, opened
from onetake.odds.tally import FlyAndCount, Tally

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "halo" / "shot.toml"
PARTS = 1000


@dataclass(frozen=True)
class FliesNothing:
    """As heavy to carry as the real task; gives the same tally for whatever is asked."""

    task: FlyAndCount
    tally: bytes

    def __call__(self, first: int, count: int) -> Tally:
        """A tally flown before."""
        found: Tally = pickle.loads(self.tally)
        return found


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, list[psutil.Process]]]:
    """A scheduler and a worker of two threads, each a process."""
    file = tmp_path / "scheduler.json"
    rest = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file)]
    # a worker imports this file for the task it is sent
    there = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parent)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": there}
    start = [sys.executable, "-m"]
    made = [subprocess.Popen([*start, "distributed.cli.dask_scheduler", "--port", "0", *rest], **quiet)]
    while not file.exists():
        time.sleep(0.1)
    worker = [*start, "distributed.cli.dask_worker", "--nthreads", "2", "--no-nanny", *rest]
    made.append(subprocess.Popen([*worker, "--local-directory", str(tmp_path)], **quiet))
    import json

    yield json.loads(file.read_text())["address"], [psutil.Process(process.pid) for process in made]
    for process in made:
        process.kill()
        process.wait()


def test_a_part(
    benchmark: BenchmarkFixture, scheduler: tuple[str, list[psutil.Process]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Milliseconds of processor time a part, by process, and how many takes could be flown in them."""
    work = set_stage(EXAMPLE).work(1)
    task = FlyAndCount(work=work)
    task(1, 128)
    began = time.process_time()
    tally = task(1, 1024)
    take_ms = (time.process_time() - began) / 1.024
    monkeypatch.setattr(dask, "FIRST", dask.CHUNK)
    monkeypatch.setattr(dask, "PART_S", 0.0)
    monkeypatch.setattr(dask, "PARTS_PER_S", 1e9)
    address, (head, worker) = scheduler
    asked = [head, psutil.Process(), worker]

    def spent() -> list[float]:
        return [sum(process.cpu_times()[:2]) for process in asked]

    with opened(f"dask:{address}", FliesNothing(task, pickle.dumps(tally)), lambda *_: None) as fly:
        fly(range(1, 64 * dask.CHUNK), lambda tally: None)
        before = spent()
        takes = range(1, 1 + PARTS * dask.CHUNK)
        benchmark.pedantic(lambda: fly(takes, lambda tally: None), rounds=1)
        cost = [1000 * (now - then) / PARTS for now, then in zip(spent(), before, strict=True)]
    for name, ms in zip(("scheduler", "asking", "worker"), cost, strict=True):
        benchmark.extra_info[f"{name}_ms"] = round(ms, 2)
    benchmark.extra_info["take_ms"] = round(take_ms, 3)
    benchmark.extra_info["scheduler_takes_a_part"] = round(cost[0] / take_ms, 1)
    print(
        f"\n{take_ms:.3f} ms a take; a part: {cost[0]:.2f} scheduler, {cost[1]:.2f} asking, {cost[2]:.2f} worker"
    )
