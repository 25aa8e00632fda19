"""How long a log takes from file to events. Run: uv run pytest benchmarks/test_logs.py --benchmark-only"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from onetake import inspect_file

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "samples"))
import jumps  # the tests' own jump

AIR_S = 1000.0  # aboard, so that the recording lasts twenty minutes


@pytest.mark.parametrize("writer", ["flysight1", "flysight2_track"])
def test_twenty_minutes_at_25_hz(benchmark: BenchmarkFixture, tmp_path: Path, writer: str) -> None:
    """Read, cleaned, with events: 30,000 fixes."""
    path = tmp_path / "log"
    path.write_bytes(getattr(jumps, writer)(jumps.jump(25.0, aboard_s=AIR_S)))
    found = benchmark.pedantic(lambda: inspect_file(path), rounds=10, warmup_rounds=1)
    benchmark.extra_info["rows"] = found["rows"]
    assert found["exit"] is not None
