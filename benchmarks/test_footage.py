"""Dailies: how fast 4K is followed, and a thousand pictures of what is promised. Run:

uv run pytest benchmarks/test_footage.py --benchmark-only -s
"""

from __future__ import annotations

import collections
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "samples"))
import films
import rushes
import stage

from onetake.footage.subject import watch

NEAR_M, FAR_M = 34 * 0.0254, 36 * 0.0254
COUNT = 48


def test_4k_pictures_a_second(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """A whole 4096 x 2160 film, decoded and measured: at least 10 pictures a second on two cores."""
    scenes = [
        replace(one, motion_px=(0.0, 0.0))
        for one in rushes.rushes(np.linspace(FAR_M, NEAR_M, COUNT).tolist(), "clean", seed=1).scenes
    ]
    path = films.write(
        tmp_path / "take.mov", (films.picture(one, stage.behind(), seed=k) for k, one in enumerate(scenes))
    )
    glass = stage.optics(scenes[0])
    dailies = benchmark.pedantic(lambda: watch(path, stage.TAG, glass), rounds=3, warmup_rounds=1)
    assert dailies.judgeable.all()
    benchmark.extra_info["pictures_per_s"] = COUNT / benchmark.stats["median"]
    print(f"\n{COUNT / benchmark.stats['median']:.1f} pictures a second at 4096 x 2160")


@pytest.mark.parametrize("takes", [20])
def test_a_thousand_pictures_of_two_ten_and_three_feet(
    benchmark: BenchmarkFixture, tmp_path: Path, takes: int
) -> None:
    """Half at 2'10", half at 3'0", spoiled in five ways, through H.264: none is taken for the other."""
    confused = count = lost = 0
    worst_m = 0.0

    def run() -> None:
        nonlocal confused, count, lost, worst_m
        for number in range(takes):
            distance_m = (NEAR_M, FAR_M)[number // len(rushes.SPOILED) % 2]
            take = rushes.rushes([distance_m] * 50, rushes.SPOILED[number % len(rushes.SPOILED)], seed=number)
            dailies = rushes.seen(take, tmp_path / "take.mp4", seed=number)
            told = dailies.range_m[dailies.judgeable]
            confused += int(np.count_nonzero((told < (NEAR_M + FAR_M) / 2) != (distance_m == NEAR_M)))
            worst_m = max(worst_m, float(np.abs(told - distance_m).max(initial=0.0)))
            count, lost = count + len(dailies), lost + int(np.count_nonzero(~dailies.judgeable))

    benchmark.pedantic(run, rounds=1)
    print(f"\n{count} pictures, {lost} not judgeable, {confused} confused, worst {1000 * worst_m:.2f} mm")
    assert confused == 0
    assert worst_m < 0.005


def test_focus_calls_by_how_far_the_disc_is_from_the_circle(
    benchmark: BenchmarkFixture, tmp_path: Path
) -> None:
    """Right, wrong or untold. Away is a disc more than 1.5 circles off the limit, clear one beyond 1.5 times it or within 1/1.5."""
    told: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    circle_px = rushes.optics().circle_px

    def run() -> None:
        for number in range(20):
            ends = [(0.9144, 0.80), (0.95, 0.82), (0.86, 0.78), (0.90, 0.84)][number % 4]
            spoiled = rushes.SPOILED[number % len(rushes.SPOILED)]
            take = rushes.rushes(np.linspace(*ends, 24).tolist(), spoiled, seed=number + 100)
            dailies = rushes.seen(take, tmp_path / "take.mp4", seed=number)
            for disc, call, good in zip(
                take.disc_px / circle_px, dailies.call, dailies.judgeable, strict=True
            ):
                truth = "sharp" if disc <= 1.0 else "soft"
                how = "lost" if not good else "right" if call == truth else "untold" if call == "cannot_tell" else "wrong"  # fmt: skip
                where = (
                    "away" if abs(disc - 1.0) > 1.5 else "clear" if disc > 1.5 or disc < 1 / 1.5 else "near"
                )
                told[where][how] += 1

    benchmark.pedantic(run, rounds=1)
    print("\n" + "\n".join(f"{where}: {dict(counts)}" for where, counts in told.items()))
    away, clear, near = told["away"], told["clear"], told["near"]
    assert away["right"] >= 0.99 * (away.total() - away["lost"])
    assert clear["wrong"] <= 0.01 * clear.total()
    assert near["wrong"] <= 0.05 * near.total()
