"""The same seed gives the same takes: in any chunks, on any engine, and re-flown alone by number, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from onetake.api.fly import flown
from onetake.api.stage import Stage
from onetake.judge.score import judge
from onetake.odds.chunks import Rows, Work
from onetake.odds.engines import here, threads
from onetake.take import read_take, write_take

TAKES = 33
ENDINGS = ("flying", "landed", "contact", "diverged", "out of time")


def rows(work: Work, engine: object, size: int) -> dict[str, np.ndarray]:
    kept: list[Rows] = []
    chunks = [(1 + at, min(size, TAKES - at)) for at in range(0, TAKES, size)]
    engine.run(work, chunks, kept.append)  # type: ignore[attr-defined]
    names = [name for name in Rows.__slots__ if name != "first"]
    return {name: np.concatenate([getattr(part, name) for part in kept]) for name in names}


@pytest.fixture(scope="module")
def work(halo: Stage) -> Work:
    return Work(scenario=halo.prepared.scenario, bench=halo.bench, spread=halo.wind_spread(), seed=1)


@pytest.fixture(scope="module")
def whole(work: Work) -> dict[str, np.ndarray]:
    return rows(work, here, TAKES)


@pytest.mark.parametrize(("engine", "size"), [(here, 1), (here, 16), (threads, 10), (threads, 33)])
def test_chunks_and_engines_change_nothing(
    work: Work, whole: dict[str, np.ndarray], engine: object, size: int
) -> None:
    for name, values in rows(work, engine, size).items():
        np.testing.assert_array_equal(values, whole[name], err_msg=name)


def test_a_take_flown_alone_and_judged_is_its_row_of_the_odds(
    halo: Stage, whole: dict[str, np.ndarray]
) -> None:
    for number in range(1, TAKES + 1):
        take, verdict, _ = flown(halo, 1, number)
        row = {name: values[number - 1] for name, values in whole.items()}
        assert [beat.verdict == "got it" for beat in verdict.beats] == row["held"].tolist()
        assert take.ending == ENDINGS[row["ending"]]
        assert np.float32(verdict.closest_m) == row["closest_m"]
        assert np.float32(verdict.in_focus_s) == row["in_focus_s"]
        for beat in verdict.beats:
            if beat.margin is not None:
                assert (beat.margin > 0) == (beat.verdict == "got it")


def test_a_written_take_is_judged_to_the_same_bits(halo: Stage, tmp_path: object) -> None:
    take, verdict, _ = flown(halo, 1, 3)
    path = write_take(take, f"{tmp_path}/3.take")
    assert judge(halo.bench, read_take(path))[0] == verdict


def test_another_seed_gives_other_takes(work: Work, whole: dict[str, np.ndarray]) -> None:
    other = Work(scenario=work.scenario, bench=work.bench, spread=work.spread, seed=2)
    assert not np.array_equal(rows(other, here, TAKES)["in_focus_s"], whole["in_focus_s"])
