"""How long a thousand logs take into the ledger. Run: uv run pytest benchmarks/test_ledger.py --benchmark-only"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from onetake import add_logs, list_jumps

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "samples"))
import jumps  # the tests' own jump

LOGS = 1000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A thousand FlySight logs of five minutes at 5 Hz, each of another day: 173 kB each."""
    text = jumps.flysight1(jumps.jump(5.0))
    logs = tmp_path / "logs"
    logs.mkdir()
    for number in range(LOGS):
        day = b"%04d-%02d-%02d" % (2010 + number // 336, 1 + number // 28 % 12, 1 + number % 28)
        (logs / f"{number:04d}.csv").write_bytes(text.replace(b"2031-05-04", day))
    return logs


def test_a_thousand_logs(benchmark: BenchmarkFixture, folder: Path, tmp_path: Path) -> None:
    """Read in parallel, and each written by a transaction of its own."""
    ledger = tmp_path / "ledger.db"
    found: Any = benchmark.pedantic(lambda: add_logs(folder, ledger=ledger), rounds=1)
    benchmark.extra_info["bytes_a_log"] = round(ledger.stat().st_size / LOGS)
    assert len(found["added"]) == LOGS


def test_a_thousand_known_logs(benchmark: BenchmarkFixture, folder: Path, tmp_path: Path) -> None:
    """The same again: nothing is read but the bytes."""
    ledger = tmp_path / "ledger.db"
    add_logs(folder, ledger=ledger)
    found: Any = benchmark.pedantic(lambda: add_logs(folder, ledger=ledger), rounds=1)
    assert len(found["known"]) == LOGS


def test_a_list_of_a_thousand_jumps(benchmark: BenchmarkFixture, folder: Path, tmp_path: Path) -> None:
    """All of the ledger, as `log list` has it."""
    ledger = tmp_path / "ledger.db"
    add_logs(folder, ledger=ledger)
    found: Any = benchmark.pedantic(lambda: list_jumps(ledger=ledger), rounds=5)
    assert len(found["jumps"]) == LOGS
