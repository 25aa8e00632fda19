"""The same seed gives the same takes: in any chunks, on any engine, and re-flown alone by number, bit for bit."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from onetake.api.fly import flown
from onetake.api.stage import Stage
from onetake.judge.score import judge
from onetake.odds.chunks import Rows, Work, fly_chunk
from onetake.odds.engines import here, threads
from onetake.take import read_take, write_take

TAKES = 33
ENDINGS = ("flying", "landed", "contact", "diverged", "out of time")


# a machine that never flew, and a process that compiled something else before and does not begin with a stage
COLD = """
import sys
from tests.unit.odds.test_determinism import digest, rows
from onetake.api import warm
from onetake.api.stage import set_stage
from onetake.kernel import length
from numba import njit

njit(lambda x: length(x), fastmath=True)((1.0, 2.0, 3.0))
warm.start = lambda: False
print(digest(rows(set_stage(sys.argv[1]).work(1))))
"""


def digest(values: dict[str, np.ndarray]) -> str:
    found = hashlib.sha256()
    for name in sorted(values):
        found.update(name.encode() + np.ascontiguousarray(values[name]).tobytes())
    return found.hexdigest()


def rows(work: Work, engine: ModuleType = here, where: str = "") -> dict[str, np.ndarray]:
    kept: list[Rows] = []
    with engine.opened(where, lambda first, count: fly_chunk(work, first, count), lambda *_: None) as fly:
        fly(range(1, TAKES + 1), kept.append)
    assert [part.first for part in kept] == sorted(part.first for part in kept)
    names = [name for name in Rows.__slots__ if name != "first"]
    return {name: np.concatenate([getattr(part, name) for part in kept]) for name in names}


@pytest.fixture(scope="module")
def work(halo: Stage) -> Work:
    return halo.work(1)


@pytest.fixture(scope="module")
def whole(work: Work) -> dict[str, np.ndarray]:
    return rows(work)


@pytest.mark.parametrize(
    ("engine", "where", "size"),
    [(here, "", 1), (here, "", 16), (threads, "1", 10), (threads, "2", 10), (threads, "", TAKES)],
)
def test_chunks_threads_and_engines_change_nothing(
    work: Work, whole: dict[str, np.ndarray], engine: ModuleType, where: str, size: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(engine, "SIZE", size)
    for name, values in rows(work, engine, where).items():
        np.testing.assert_array_equal(values, whole[name], err_msg=name)


@pytest.mark.slow
def test_a_machine_that_never_flew_has_the_same_bits(
    halo: Stage, whole: dict[str, np.ndarray], tmp_path: Path
) -> None:
    root = Path(__file__).resolve().parents[3]
    found = subprocess.run(
        [sys.executable, "-c", COLD, str(root / "examples" / "halo" / "shot.toml")],
        capture_output=True, text=True, check=False, cwd=root, env=os.environ | {"ONETAKE_CACHE": str(tmp_path)},
    )  # fmt: skip
    assert found.returncode == 0, found.stderr[-2000:]
    assert list(tmp_path.rglob("*.nbc")), "nothing was compiled"
    assert found.stdout.strip() == digest(whole)


def test_a_take_flown_alone_and_judged_is_its_row_of_the_odds(
    halo: Stage, whole: dict[str, np.ndarray]
) -> None:
    for number in range(1, TAKES + 1):
        take, verdict, _ = flown(halo, 1, number)
        row = {name: values[number - 1] for name, values in whole.items()}
        assert take.slate.take == number
        assert [beat.verdict == "got it" for beat in verdict.beats] == row["held"].tolist()
        assert take.ending == ENDINGS[row["ending"]]
        assert np.float32(verdict.closest_m) == row["closest_m"]
        assert np.float32(verdict.in_focus_s) == row["in_focus_s"]
        assert take.facts["closest_clearance_m"] == row["clearance_m"]
        assert take.facts["contact_speed_m_s"] == row["contact_m_s"]
        assert max(take.facts[f"{who}_opening_g"] for who in ("operator", "subject")) == row["opening_g"]
        for beat in verdict.beats:
            if beat.margin is not None:
                assert (beat.margin > 0) == (beat.verdict == "got it")


def test_a_written_take_is_judged_to_the_same_bits(halo: Stage, tmp_path: object) -> None:
    take, verdict, _ = flown(halo, 1, 3)
    path = write_take(take, f"{tmp_path}/3.take")
    assert judge(halo.bench, read_take(path))[0] == verdict


def test_another_seed_gives_other_takes(halo: Stage, whole: dict[str, np.ndarray]) -> None:
    assert not np.array_equal(rows(halo.work(2))["in_focus_s"], whole["in_focus_s"])
