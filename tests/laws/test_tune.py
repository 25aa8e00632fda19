"""Safety is not traded for odds: laws of the dials and of the limits, whatever is turned."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onetake.api.stage import Stage, set_stage
from onetake.errors import InputError
from onetake.jump import Ask, Stop
from onetake.plan.dials import changes_of, dials_of
from onetake.plan.limits import exposure_stops, refusals
from onetake.plan.make import Prepared
from onetake.shot.cast import exit_mass_kg
from onetake.shot.edit import with_changes
from onetake.shot.file import Shot

once = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def turned(data: st.DataObject, stage: Stage) -> Shot | None:
    """The shot with its dials anywhere; None where that is no shot (a pull above the break-off)."""
    dials = dials_of(stage.shot, stage.prepared.plan)
    at = [data.draw(st.integers(0, len(dial.settings) - 1), label=dial.name) for dial in dials]
    try:
        return with_changes(stage.shot, changes_of(stage.shot, dials, at))
    except InputError:
        return None


def asked(shot: Shot) -> list[object]:
    """What the beats and rules ask for, wherever in the file it stands."""
    beats = [(beat.name, beat.hold_s, beat.within_s, beat.window_s, beat.allow_s) for beat in shot.beats]
    must = [(one.name, one.text) for rule in (*shot.beats, *shot.always) for one in rule.must]
    return [beats, must, [rule.name for rule in shot.always]]


@given(data=st.data())
@once
def test_no_dial_lowers_a_height_overloads_anybody_or_touches_a_rule(
    data: st.DataObject, halo: Stage, two_way: Stage
) -> None:
    stage = halo if data.draw(st.booleans(), label="halo") else two_way
    old, new = stage.shot, turned(data, stage)
    if new is None:
        return
    assert new.opening.break_off.value_m >= old.opening.break_off.value_m - 1e-6
    assert new.opening.break_off.datum == old.opening.break_off.datum
    for name, pull in old.opening.pull.items():
        assert new.opening.pull[name].value_m >= pull.value_m - 1e-6
        assert new.opening.pull[name].datum == pull.datum
    for person in new.cast:
        kg = exit_mass_kg(person, new.camera.mount.mass_kg)
        was = exit_mass_kg(old.person(person.name), old.camera.mount.mass_kg)
        assert kg <= max(was, person.reserve_limit_kg or was) + 1e-9
        assert person.reserve_limit_kg == old.person(person.name).reserve_limit_kg
        assert person.skill == old.person(person.name).skill
    assert new.abort == old.abort
    assert new.checked == old.checked
    assert new.oxygen == old.oxygen
    assert asked(new) == asked(old)
    assert replace(new.opening, break_off=old.opening.break_off, pull=old.opening.pull) == old.opening


def plan_with(prepared: Prepared, **changed: Any) -> Prepared:
    return replace(prepared, plan=replace(prepared.plan, **changed))


def test_the_shot_as_it_stands_breaks_no_limit(halo: Stage, two_way: Stage) -> None:
    for stage in (halo, two_way):
        assert refusals(stage.prepared, stage.prepared) == ()


@given(
    stops=st.lists(st.sampled_from(["light", "contact", "actor", "beat 'mark'"]), max_size=3),
    asks=st.lists(st.sampled_from(["a.b", "c.d"]), max_size=4),
)
@once
def test_a_stop_or_a_question_that_was_not_there_refuses(
    stops: list[str], asks: list[str], halo: Stage
) -> None:
    more = plan_with(
        halo.prepared,
        stops=(*halo.prepared.plan.stops, *(Stop(item=item, why="") for item in stops)),
        asks=(*halo.prepared.plan.asks, *(Ask(item="", owner="", rule=rule) for rule in asks)),
    )
    assert bool(refusals(halo.prepared, more)) == bool(stops or asks)
    assert refusals(more, halo.prepared) == ()


@given(by_m=st.floats(-30.0, 30.0), who=st.integers(0, 1))
@once
def test_nearer_at_line_stretch_refuses(by_m: float, who: int, halo: Stage) -> None:
    rows = list(halo.prepared.plan.opening)
    rows[who] = replace(rows[who], separation_m=rows[who].separation_m + by_m)
    old = min(row.separation_m for row in halo.prepared.plan.opening)
    nearer = min(row.separation_m for row in rows) < old - 0.05
    assert bool(refusals(halo.prepared, plan_with(halo.prepared, opening=tuple(rows)))) == nearer


@given(share=st.floats(0.5, 1.5))
@once
def test_more_on_the_neck_refuses(share: float, halo: Stage) -> None:
    neck = halo.prepared.plan.neck
    assert neck is not None
    heavier = plan_with(halo.prepared, neck=replace(neck, load_n=neck.load_n * share))
    assert bool(refusals(halo.prepared, heavier)) == (neck.load_n * share > neck.load_n + 1.0)
    assert refusals(halo.prepared, plan_with(halo.prepared, neck=None))


@given(extra_kg=st.floats(-20.0, 60.0), limit_kg=st.one_of(st.none(), st.floats(80.0, 200.0)))
@once
def test_over_the_placard_refuses(extra_kg: float, limit_kg: float | None, halo: Stage) -> None:
    rows = halo.prepared.plan.weights
    new = replace(rows[0], exit_kg=rows[0].exit_kg + extra_kg, limit_kg=limit_kg)
    allowed = max(rows[0].exit_kg, limit_kg if limit_kg is not None else rows[0].exit_kg)
    said = refusals(halo.prepared, plan_with(halo.prepared, weights=(new, *rows[1:])))
    assert bool(said) == (new.exit_kg > allowed)


@given(lower_ft=st.floats(1.0, 3000.0), who=st.sampled_from(["break-off", "operator", "actor"]))
@once
def test_a_lower_height_refuses(lower_ft: float, who: str, halo: Stage) -> None:
    opening = halo.shot.opening
    if who == "break-off":
        lower = replace(opening.break_off, value_m=opening.break_off.value_m - 0.3048 * lower_ft)
        opening = replace(opening, break_off=lower)
    else:
        pull = replace(opening.pull[who], value_m=opening.pull[who].value_m - 0.3048 * lower_ft)
        opening = replace(opening, pull={**opening.pull, who: pull})
    candidate = replace(halo.prepared, shot=replace(halo.shot, opening=opening))
    assert refusals(halo.prepared, candidate)
    raised = replace(halo.prepared, shot=halo.shot)
    assert refusals(candidate, raised) == ()


@pytest.mark.parametrize(("was", "now", "may"), [("day", "night", False), ("day", "sunset to civil dusk", False), ("night", "day", True),
                                                 ("sunset to civil dusk", "night", False), ("night", "night", True)])  # fmt: skip
def test_darker_at_the_landing_refuses(was: str, now: str, may: bool, halo: Stage) -> None:
    light = halo.prepared.plan.light
    old = plan_with(halo.prepared, light=replace(light, at_landing=was))
    assert (refusals(old, plan_with(halo.prepared, light=replace(light, at_landing=now))) == ()) == may


def test_a_stop_that_does_not_expose_refuses(halo: Stage) -> None:
    def at(f_number: float) -> Prepared:
        lens = replace(halo.shot.camera.lens, f_number=f_number, t_stop=f_number)
        return replace(halo.prepared, shot=replace(halo.shot, camera=replace(halo.shot.camera, lens=lens)))

    assert exposure_stops(at(11.0))["mark"] > 2.0
    assert "the stop would not expose 'mark'" in refusals(halo.prepared, at(11.0))
    assert refusals(halo.prepared, at(3.0)) == ()


@pytest.mark.slow
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=6)
def test_what_passes_keeps_every_vow_when_planned(data: st.DataObject, halo: Stage) -> None:
    """Each vow looked at from the outside, on candidates that were really planned."""
    shot = turned(data, halo)
    if shot is None:
        return
    try:
        planned = set_stage(shot).prepared
    except InputError:
        return
    if refusals(halo.prepared, planned):
        return
    old, new = halo.prepared.plan, planned.plan
    assert not Counter(ask.rule for ask in new.asks) - Counter(ask.rule for ask in old.asks)
    assert len(new.stops) <= len(old.stops)
    assert {mark.what: mark.height_agl_m for mark in new.heights if mark.what == "break-off"}[
        "break-off"
    ] >= 1981.1
    for before, after in zip(old.opening, new.opening, strict=True):
        assert after.height_agl_m >= before.height_agl_m - 0.05
    assert min(row.separation_m for row in new.opening) >= min(row.separation_m for row in old.opening) - 0.05
    assert old.neck is not None
    assert new.neck is not None
    assert new.neck.load_n <= old.neck.load_n + 1.0
    assert all(row.limit_kg is None or row.exit_kg <= row.limit_kg for row in new.weights)
    assert new.light.at_landing in ("day", old.light.at_landing)
    before = exposure_stops(halo.prepared)
    assert all(off <= max(1.0, before[name]) + 1e-6 for name, off in exposure_stops(planned).items())
