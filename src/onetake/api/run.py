"""`run_shot`: the main job — plan, fly the nominal take, judge it, odds, report."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onetake.api.curves import curves_of
from onetake.api.fly import flown
from onetake.api.judge import verdict_record
from onetake.api.odds import check, odds_record, with_more
from onetake.api.plan import plan_record
from onetake.api.record import Record, record
from onetake.api.stage import Progress, Stage, set_stage, silent
from onetake.errors import UnfinishedError, WriteError
from onetake.files import can_write, write_text
from onetake.jump import JumpPlan
from onetake.odds.monte import Ask, run_odds
from onetake.odds.summary import Odds
from onetake.plan.card import jump_card
from onetake.shot.file import Shot
from onetake.show.report import write_report
from onetake.take import Take, write_take
from onetake.verdict import Verdict

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Everything that `run` made, and where it lies."""

    shot: Shot
    plan: JumpPlan
    take: Take
    verdict: Verdict
    odds: Odds
    files: Mapping[str, Path]


def run_shot(
    shot: Shot | str | os.PathLike[str], *, takes: int = 2000, seed: int = 1, engine: str = "threads",
    out: str | os.PathLike[str] | None = None, rare: str | None = None, sensitivity: bool = False,
    tell: Progress = silent,
) -> Result:  # fmt: skip
    """Plan a shot, fly its nominal take, judge it, fly its odds, and write report, card, take and numbers to `out`.

    `out` is `takes` in the present folder unless said; rare and sensitivity as in `odds_of`. Raises the errors of `plan_jump` and `odds_of`.
    """
    ask = Ask(takes=takes, engine=engine, tell=tell)
    check(ask, seed, rare)
    folder = Path(out) if out is not None else Path("takes")
    files = {
        "report": folder / "report.html", "card": folder / "card.txt", "take": folder / "nominal.take",
        "plan": folder / "plan.json", "odds": folder / "odds.json", "verdict": folder / "verdict.json",
    }  # fmt: skip
    for path in files.values():
        can_write(path)
    stage = set_stage(shot, tell)
    take, verdict, signals = flown(stage, None)
    card = jump_card(stage.prepared.plan, stage.shot)
    # what there is already, before the long part
    write_take(take, files["take"])
    write_text(files["card"], card)
    write_text(files["plan"], _json(plan_record(stage.prepared.plan)))
    write_text(files["verdict"], _json(verdict_record("onetake.fly/1", verdict, files["take"])))
    odds = run_odds(stage.work(seed), ask)
    odds = with_more(stage, odds, rare, sensitivity, tell)
    tell("writing the report", 0.0, 1.0)
    try:
        write_text(files["odds"], _json(odds_record(odds)))
        _report(files["report"], stage, take, verdict, signals, odds, card)
    except WriteError as error:
        raise UnfinishedError(f"{error}; the odds are complete", odds) from error
    return Result(
        shot=stage.shot, plan=stage.prepared.plan, take=take, verdict=verdict, odds=odds, files=files
    )


def _report(
    path: Path, stage: Stage, take: Take, verdict: Verdict, signals: Mapping[str, Array], odds: Odds, card: str
) -> None:  # fmt: skip
    write_report(
        path, shot=stage.shot, plan=stage.prepared.plan, take=take, verdict=verdict,
        curves=curves_of(stage, take, signals), odds=odds, column=stage.prepared.column, card=card,
    )  # fmt: skip


def run_record(result: Result) -> Record:
    """The JSON object `onetake.run/1`: the objects of plan, fly and odds, and the files."""
    return record(
        "onetake.run/1",
        plan=plan_record(result.plan),
        take=verdict_record("onetake.fly/1", result.verdict, result.files["take"]),
        odds=odds_record(result.odds),
        files=dict(result.files),
    )


def _json(value: Record) -> str:
    return json.dumps(value, allow_nan=False, indent=2) + "\n"
