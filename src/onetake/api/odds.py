"""`odds_of`: the Monte Carlo of a shot, or of two."""

from __future__ import annotations

import os
from dataclasses import asdict, replace
from pathlib import Path

from onetake.api.record import Record, record
from onetake.api.stage import Progress, Stage, set_stage, silent
from onetake.odds.monte import Ask, run_against, run_odds
from onetake.odds.paired import Change
from onetake.odds.rare import known_event, rare_odds
from onetake.odds.sensitivity import sensitivity as sensitivity_of
from onetake.odds.summary import Against, BeatOdds, Estimate, Odds, RareOdds, Sensitivity
from onetake.shot.file import Shot


def odds_of(
    shot: Shot | str | os.PathLike[str], *, takes: int | None = None, seed: int = 1, engine: str = "threads",
    until: str | None = None, against: Shot | str | os.PathLike[str] | None = None,
    resume: str | os.PathLike[str] | None = None, rare: str | None = None, sensitivity: bool = False,
    tell: Progress = silent,
) -> Odds:  # fmt: skip
    """Fly many takes of a shot, given or by the path of its file, and say how often it is caught and why not.

    takes: 2,000 unless said. until: half the width of the 95 % interval to reach, such as `±1 %`; as many takes are
    flown as that needs, at most `takes`. against: another shot, flown with the same takes; its odds and the difference
    are in `against`. resume: a run file, kept every few seconds, and continued from where it exists. rare: "contact"
    also looks for the probability of contact where counting cannot reach (`Odds.rare`). sensitivity: also which
    assumption moves P(shot) most (`Odds.sensitivity`), from half as many takes for each. The answer depends on the
    shots, the number of takes and the seed alone. Raises the errors of `plan_jump`, ChoiceError for an engine or a
    rare event that does not exist, ClusterError; UnfinishedError (or KeyboardInterrupt) with the odds in `so_far` once
    takes have been counted.
    """
    run_file = Path(resume) if resume is not None else None
    ask = Ask(takes=takes, engine=engine, until=until, run_file=run_file, tell=tell)
    check(ask, seed, rare)
    stage = set_stage(shot, tell)
    if against is None:
        odds = run_odds(stage.work(seed), ask)
    else:
        odds = run_against(stage.work(seed), set_stage(against, tell).work(seed), ask)
    return with_more(stage, odds, rare, sensitivity, tell)


def check(ask: Ask, seed: int, rare: str | None) -> None:
    """Find out what cannot be flown before anything is planned. Raises InputError, ChoiceError or ClusterError."""
    ask.check(seed)
    if rare is not None:
        known_event(rare)


def with_more(stage: Stage, odds: Odds, rare: str | None, sensitivity: bool, tell: Progress) -> Odds:
    """The odds, and beside them a rare event's probability, with an effort that goes with the takes, and what moves them."""
    if rare is not None:
        found = rare_odds(
            stage.prepared.scenario, stage.wind_spread(), event=rare, population=odds.takes // 4, seed=odds.seed,
            tell=lambda share: tell(f"climbing to {rare}", share, 1.0),
        )  # fmt: skip
        odds = replace(odds, rare=found)
    if sensitivity:
        moved = sensitivity_of(
            stage.work(odds.seed), takes=max(odds.takes // 2, 2), engine=odds.engine, tell=tell
        )
        odds = replace(odds, sensitivity=moved)
    return odds


def odds_record(odds: Odds) -> Record:
    """The JSON object `onetake.odds/1`; all but engine, wall_s and takes_per_s depends on shot, takes and seed alone."""
    return record(
        "onetake.odds/1",
        takes=odds.takes,
        takes_asked=odds.asked,
        complete=odds.takes == odds.asked,
        seed=odds.seed,
        engine=odds.engine,
        window_s=odds.window_s,
        p_shot=odds.p_shot.p,
        ci95=_interval(odds.p_shot),
        interval="Wilson score, 95 %",
        until=_until(odds),
        p_abort=odds.p_abort.p,
        p_abort_ci95=_interval(odds.p_abort),
        aborts=[{"why": why, "p": p} for why, p in odds.aborts],
        beats=[_beat(beat) for beat in odds.beats],
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
        **({"against": _against(odds.against)} if odds.against else {}),
        **_rare(odds.rare),
        **_sensitivity(odds.sensitivity),
    )


def _beat(beat: BeatOdds) -> Record:
    window = {
        "window_s": beat.window_s,
        "after": beat.after,
        "within_s": beat.within_s,
        "between": beat.between,
    }
    told = {key: value for key, value in window.items() if value is not None}
    return {"name": beat.name, "p": beat.odds.p, "ci95": _interval(beat.odds), **told}


def _until(odds: Odds) -> Record | None:
    if odds.until is None:
        return None
    estimate: Estimate | Change = odds.against.shot if odds.against else odds.p_shot
    return {
        "asked": odds.until.half_share,
        "reached": (estimate.high - estimate.low) / 2,
        "trial_takes": odds.until.trial_takes,
        "takes_in_all": odds.takes + odds.until.trial_takes,
    }


def _against(against: Against) -> Record:
    return {
        **odds_record(against.odds),
        "difference": {
            "p_shot": against.shot.by,
            "p_shot_ci95": _interval(against.shot),
            "p_contact": against.contact.by,
            "p_contact_ci95": _interval(against.contact),
            "only_this": against.only_this,
            "only_other": against.only_other,
            "interval": "Tango score for paired shares, 95 %",
        },
    }


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
        "effects": effects,
    }
    return {"sensitivity": said}


def _rare(rare: RareOdds | None) -> Record:
    """Keys `p_<event>_rare…`, only where a rare event was asked for."""
    if rare is None:
        return {}
    said = {
        "reached": rare.reached,
        "parts": [
            {
                "when": part.when,
                "p": part.odds.p,
                "ci95": _interval(part.odds),
                "reached": part.reached,
                "levels": part.levels,
            }
            for part in rare.parts
        ],
        "replicates": rare.replicates,
        "takes": rare.flown,
    }
    name = f"p_{rare.event}_rare"
    return {name: rare.odds.p, f"{name}_ci95": _interval(rare.odds), f"{rare.event}_rare": said}


def _interval(estimate: Estimate | Change) -> list[float]:
    return [estimate.low, estimate.high]
