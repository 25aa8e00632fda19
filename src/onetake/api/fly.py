"""`fly_take`: one take, flown and judged."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onetake.api.stage import Progress, Stage, set_stage, silent
from onetake.files import can_write
from onetake.fly.simulate import fly_take as simulate
from onetake.judge.score import judge
from onetake.odds.count import check_takes
from onetake.odds.draws import draw
from onetake.odds.monte import check_seed
from onetake.shot.file import Shot
from onetake.take import Take, write_take
from onetake.verdict import Verdict

Array = NDArray[np.float64]


def fly_take(
    shot: Shot | str | os.PathLike[str], *, seed: int | None = None, number: int | None = None,
    out: str | os.PathLike[str] | None = None, tell: Progress = silent,
) -> tuple[Take, Verdict]:  # fmt: skip
    """Fly one take of a shot and judge it; `out` writes the take file.

    With neither seed nor number it is the nominal take: the plan as it stands, no draw and no noise. Else it is take
    `number` (1) of the odds of that seed (1), bit for bit. Raises the errors of `plan_jump`, InputError for a seed or
    a number that no odds have, and WriteError where `out` cannot be written, before anything is flown.
    """
    if number is not None:
        check_takes(number)
        seed = 1 if seed is None else seed
    if seed is not None:
        check_seed(seed)
    if out is not None:
        can_write(out)
    stage = set_stage(shot, tell)
    take, verdict, _ = flown(stage, seed, 1 if number is None else number)
    if out is not None:
        write_take(take, Path(out))
    return take, verdict


def flown(stage: Stage, seed: int | None, number: int = 1) -> tuple[Take, Verdict, Mapping[str, Array]]:
    """A take of a stage, its verdict, and the judge's signals."""
    take = stage.prepared.take
    if seed is not None:
        scenario = stage.prepared.scenario
        draws = draw(scenario, stage.wind_spread(), seed, np.array([number], np.int64))
        take = simulate(scenario, draws, first_exit_utc=stage.prepared.plan.exit.utc)
    verdict, signals = judge(stage.bench, take)
    return take, verdict, signals
