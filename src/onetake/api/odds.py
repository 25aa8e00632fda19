"""`odds_of`: the Monte Carlo of a shot."""

from __future__ import annotations

import os
from dataclasses import asdict

from onetake.api.record import Record, record
from onetake.api.stage import Progress, Stage, set_stage, silent
from onetake.odds.monte import run_odds
from onetake.odds.summary import Estimate, Odds
from onetake.shot.file import Shot


def odds_of(
    shot: Shot | str | os.PathLike[str], *, takes: int = 2000, seed: int = 1, engine: str = "threads",
    tell: Progress = silent,
) -> Odds:  # fmt: skip
    """Fly many takes of a shot, given or by the path of its file, and say how often it is caught and why not.

    The answer depends on the shot, the number of takes and the seed alone. Raises the errors of `plan_jump`, and
    ChoiceError for an engine that does not exist.
    """
    return stage_odds(set_stage(shot, tell), takes, seed, engine, tell)


def stage_odds(stage: Stage, takes: int, seed: int, engine: str, tell: Progress) -> Odds:
    """Odds of a stage."""
    return run_odds(stage.work(seed), takes=takes, engine=engine, progress=tell)


def odds_record(odds: Odds) -> Record:
    """The JSON object `onetake.odds/1`; all but engine, wall_s and takes_per_s depends on shot, takes and seed alone."""
    return record(
        "onetake.odds/1",
        takes=odds.takes,
        seed=odds.seed,
        engine=odds.engine,
        p_shot=odds.p_shot.p,
        ci95=_interval(odds.p_shot),
        p_abort=odds.p_abort.p,
        p_abort_ci95=_interval(odds.p_abort),
        aborts=[{"why": why, "p": p} for why, p in odds.aborts],
        beats=[{"name": beat.name, "p": beat.odds.p, "ci95": _interval(beat.odds)} for beat in odds.beats],
        causes=[asdict(cause) for cause in odds.causes],
        p_contact=odds.p_contact.p,
        p_contact_ci95=_interval(odds.p_contact),
        contacts=[{"when": when, "count": count} for when, count in odds.contacts],
        contact_speed_m_s=odds.contact_speed_m_s,
        p_hand_touch=odds.p_hand_touch.p,
        p_diverged=odds.p_diverged.p,
        landing={
            "p50_m": odds.landing_p50_m,
            "p95_m": odds.landing_p95_m,
            "p_outside": odds.p_landing_outside.p,
        },
        spreads=[asdict(spread) for spread in odds.spreads],
        priors=[asdict(prior) for prior in odds.priors],
        wall_s=odds.wall_s,
        takes_per_s=odds.takes_per_s,
    )


def _interval(estimate: Estimate) -> list[float]:
    return [estimate.low, estimate.high]
