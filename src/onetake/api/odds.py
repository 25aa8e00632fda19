"""`odds_of`: the Monte Carlo of a shot."""

from __future__ import annotations

import os
from dataclasses import asdict, replace

from onetake.api.record import Record, record
from onetake.api.stage import Progress, Stage, set_stage, silent
from onetake.odds.monte import run_odds
from onetake.odds.rare import known_event, rare_odds
from onetake.odds.sensitivity import sensitivity as sensitivity_of
from onetake.odds.summary import Estimate, Odds, RareOdds, Sensitivity
from onetake.shot.file import Shot


def odds_of(
    shot: Shot | str | os.PathLike[str], *, takes: int = 2000, seed: int = 1, engine: str = "threads",
    rare: str | None = None, sensitivity: bool = False, tell: Progress = silent,
) -> Odds:  # fmt: skip
    """Fly many takes of a shot, given or by the path of its file, and say how often it is caught and why not.

    rare: "contact" also looks for the probability of contact where counting cannot reach (`Odds.rare`). sensitivity:
    also which assumption moves P(shot) most (`Odds.sensitivity`), from half as many takes for each. The answer depends
    on the shot, the number of takes and the seed alone. Raises the errors of `plan_jump`, and ChoiceError for an
    engine or a rare event that does not exist.
    """
    if rare is not None:
        known_event(rare)
    stage = set_stage(shot, tell)
    return stage_odds(stage, takes, seed, engine, tell, rare=rare, sensitivity=sensitivity)


def stage_odds(
    stage: Stage, takes: int, seed: int, engine: str, tell: Progress, *, rare: str | None = None, sensitivity: bool = False,
) -> Odds:  # fmt: skip
    """Odds of a stage, and beside them what was asked for."""
    odds = with_rare(stage, run_odds(stage.work(seed), takes=takes, engine=engine, progress=tell), rare, tell)
    if not sensitivity:
        return odds
    found = sensitivity_of(stage.work(seed), takes=max(takes // 2, 2), engine=engine, tell=tell)
    return replace(odds, sensitivity=found)


def with_rare(stage: Stage, odds: Odds, event: str | None, tell: Progress) -> Odds:
    """The odds with a rare event's probability beside them, with an effort that goes with the takes."""
    if event is None:
        return odds
    found = rare_odds(
        stage.prepared.scenario, stage.wind_spread(), event=event, population=odds.takes // 4, seed=odds.seed,
        tell=lambda share: tell(f"climbing to {event}", share, 1.0),
    )  # fmt: skip
    return replace(odds, rare=found)


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
        **_rare(odds.rare),
        **_sensitivity(odds.sensitivity),
    )


def _sensitivity(found: Sensitivity | None) -> Record:
    """Key `sensitivity`, only where it was asked for."""
    if found is None:
        return {}
    tornado = [
        {
            "name": row.name,
            "kind": row.kind,
            "low": row.low,
            "high": row.high,
            "unit": row.unit,
            "trust": row.trust,
            "why": row.why,
            "p_low": row.p_low,
            "p_high": row.p_high,
            "low_change": row.at_low.by,
            "low_change_ci95": [row.at_low.low, row.at_low.high],
            "high_change": row.at_high.by,
            "high_change_ci95": [row.at_high.low, row.at_high.high],
            "across": row.across.by,
            "across_ci95": [row.across.low, row.across.high],
            "told": row.told,
        }
        for row in found.tornado
    ]
    effects = [
        {"output": one.output, "group": one.group, "total": one.total.p, "ci95": _interval(one.total)}
        for one in found.effects
    ]
    said = {
        "takes": found.takes,
        "p_shot": found.p_shot.p,
        "ci95": _interval(found.p_shot),
        "tornado": tornado,
        "fixed": list(found.fixed),
        "effects": effects,
    }
    return {"sensitivity": said}


def _rare(rare: RareOdds | None) -> Record:
    """Keys `p_<event>_rare…`, only where a rare event was asked for."""
    if rare is None:
        return {}
    said = {
        "reached": rare.reached,
        "phases": [{"when": when, "share": share} for when, share in rare.phases],
        "levels": rare.levels,
        "replicates": rare.replicates,
        "takes": rare.flown,
    }
    name = f"p_{rare.event}_rare"
    return {name: rare.odds.p, f"{name}_ci95": _interval(rare.odds), f"{rare.event}_rare": said}


def _interval(estimate: Estimate) -> list[float]:
    return [estimate.low, estimate.high]
