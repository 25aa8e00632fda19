"""Light: the exit's first and last second, at the heights where the beats are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from onetake.api.stage import bench_at
from onetake.fly.scenario import shot_lens
from onetake.judge.score import judge
from onetake.jump import JumpPlan
from onetake.plan.make import make_plan, prepare
from onetake.plan.window import Demand, best_exit, best_margin, margin_minutes, stretches
from onetake.shot.file import Shot
from onetake.weather.column import Column
from onetake.weather.sun import sun_above_visible_horizon_rad

Make = Callable[..., Shot]
Air = Callable[..., Column]

NO_TIME = ('exit_time = "12:00:00"\n', "")
SUN = ('focus = "sharp", altitude', 'focus = "sharp", sun = ["-2 deg", "1 deg"], altitude')
BOTH = ('focus = "sharp", altitude', 'focus = "sharp", exposure = "ok", sun = ["-2 deg", "1 deg"], altitude')


def _stops(plan: JumpPlan) -> str:
    return " ".join(stop.why for stop in plan.stops if stop.item == "light")


def test_a_dusk_beat_gives_a_window_of_minutes_and_a_second_inside_it_is_taken(shot: Make, air: Air) -> None:
    plan = make_plan(shot(NO_TIME, SUN), column=air())
    light = plan.light
    assert light.first_exit_utc is not None
    assert light.last_exit_utc is not None
    assert light.first_exit_utc < plan.exit.utc < light.last_exit_utc
    # evening, not the dawn that has the same light
    assert plan.exit.utc.hour in (13, 14)
    assert any("Also light from 05:" in note or "Also light from 06:" in note for note in plan.notes)
    assert plan.light.beats[0][0] == "mark"
    assert all(beat.fits for beat in plan.beats)


@pytest.mark.parametrize(("edge", "step_s"), [("first", -3), ("last", 3)])
def test_a_second_outside_the_window_the_beat_does_not_fit(
    edge: str, step_s: int, shot: Make, air: Air
) -> None:
    light = make_plan(shot(NO_TIME, SUN), column=air()).light
    inside = light.first_exit_utc if edge == "first" else light.last_exit_utc
    assert inside is not None
    for moment, good in ((inside, True), (inside + timedelta(seconds=step_s), False)):
        given = shot((NO_TIME[0], f"exit_time = {moment:%Y-%m-%dT%H:%M:%SZ}\n"), SUN)
        plan = make_plan(given, column=air())
        assert (_stops(plan) == "") is good
        assert plan.exit.utc == moment


def test_a_given_time_in_the_dark_stops_and_names_the_window(shot: Make, air: Air) -> None:
    plan = make_plan(shot(('exit_time = "12:00:00"', 'exit_time = "21:00:00"'), SUN), column=air())
    assert plan.status == "stop"
    assert "the first body may leave from" in _stops(plan)
    assert plan.light.at_landing == "night"


def test_the_higher_beat_has_its_light_later(shot: Make, air: Air) -> None:
    high = ('altitude = "> 7,000 ft AGL"', 'altitude = "> 20,000 ft AGL"')
    low = ('altitude = "> 7,000 ft AGL"', 'altitude = ["7,000 ft AGL", "8,000 ft AGL"]')
    sun = ('focus = "sharp", altitude', 'in_frame = "body", sun = ["0 deg", "1 deg"], altitude')
    # the sun is seen longer from high up: at 25,000 ft it sets 11 minutes later, at 7,000 ft 6
    late = make_plan(
        shot(NO_TIME, sun, high, ('after = "out"\nwithin = "80 s"', 'window = ["0 s", "90 s"]')), column=air()
    )
    early = make_plan(shot(NO_TIME, sun, low), column=air())
    assert late.light.last_exit_utc is not None
    assert early.light.last_exit_utc is not None
    apart_s = (late.light.last_exit_utc - early.light.last_exit_utc).total_seconds()
    assert 200.0 < apart_s < 600.0


def test_polar_day_has_no_dusk_and_says_so(shot: Make, air: Air) -> None:
    arctic = shot(
        ("lat_deg = 24.2, lon_deg = 54.6", "lat_deg = 78.2, lon_deg = 15.6"),
        (
            'time_zone = "Asia/Dubai"\ndate = 2011-10-11',
            'time_zone = "Arctic/Longyearbyen"\ndate = 2012-06-20',
        ),
        NO_TIME,
        SUN,
    )
    plan = make_plan(arctic, column=air(0.0, 0.0, datetime(2012, 6, 20, 12, tzinfo=UTC)))
    assert plan.status == "stop"
    assert "no second of the day" in _stops(plan)
    assert (plan.light.first_exit_utc, plan.light.last_exit_utc) == (None, None)
    assert any("polar day" in note for note in plan.notes)
    assert plan.light.at_landing == "day"


def test_an_exposure_that_cannot_be_met_in_daylight_stops(shot: Make, air: Air) -> None:
    # the same stop at dusk and at noon: noon is a thousand times too bright
    noon = shot(('focus = "sharp", altitude', 'focus = "sharp", exposure = "ok", altitude'))
    plan = make_plan(noon, column=air())
    assert "outside the light" in _stops(plan)
    assert any("does not expose" in note for note in plan.notes)


def test_exposure_and_sun_together_are_the_narrower(shot: Make, air: Air) -> None:
    sun = make_plan(shot(NO_TIME, SUN), column=air()).light
    both = make_plan(shot(NO_TIME, BOTH), column=air()).light
    assert sun.first_exit_utc is not None
    assert sun.last_exit_utc is not None
    assert both.first_exit_utc is not None
    assert both.last_exit_utc is not None
    assert sun.first_exit_utc <= both.first_exit_utc <= both.last_exit_utc <= sun.last_exit_utc


def test_no_time_and_no_light_wanted_asks_for_a_time(shot: Make, air: Air) -> None:
    plan = make_plan(shot(NO_TIME), column=air())
    assert "plan.exit_time" in {ask.rule for ask in plan.asks}
    assert plan.light.at_landing == "day"
    assert plan.light.first_exit_utc is None


def test_no_date_asks_for_one(shot: Make, air: Air) -> None:
    undated = shot(('date = 2011-10-11\nexit_time = "12:00:00"\n', ""), ("last_jump = 2011-10-10\n", ""))
    plan = make_plan(undated, column=air())
    assert "plan.date" in {ask.rule for ask in plan.asks}
    assert plan.exit.utc.year >= 2024


def test_landing_after_sunset_needs_a_light_on_everybody(shot: Make, air: Air) -> None:
    night = ('exit_time = "12:00:00"', 'exit_time = "21:00:00"')
    lit = make_plan(shot(night), column=air())
    assert lit.light.at_landing == "night"
    assert "14cfr.105.19.light" not in {ask.rule for ask in lit.asks}
    assert not [stop for stop in lit.stops if stop.item == "light"]
    unlit = make_plan(shot(night, ('light = "3 mi"\n', "")), column=air())
    assert "14cfr.105.19.light" in {ask.rule for ask in unlit.asks}
    dim = make_plan(shot(night, ('light = "3 mi"', 'light = "1 mi"')), column=air())
    assert any(stop.item == "light" and "3 statute miles" in stop.why for stop in dim.stops)


def _rule(start: str, end: str) -> tuple[str, str]:
    """The shot with a rule about the sun between two events."""
    rule = (
        f'[[always]]\nname = "dusk"\nfrom = "{start}"\nto = "{end}"\nmust = {{ sun = ["-2 deg", "1 deg"] }}\n'
    )
    return "[opening]\n", f"{rule}[opening]\n"


def test_light_that_must_always_hold_is_searched_like_a_beats(shot: Make, air: Air) -> None:
    """Every second from the last exit to the break-off: the body falls from one horizon to another in it."""
    always = _rule("last exit", "break-off")
    plan = make_plan(shot(NO_TIME, always), column=air())
    light = plan.light
    assert light.first_exit_utc is not None
    assert light.last_exit_utc is not None
    assert [name for name, _, _ in light.beats] == ["dusk"]
    # the sun sinks 2° of horizon while they fall: no more than a part of the four minutes of three degrees is left
    assert timedelta(seconds=60) < light.last_exit_utc - light.first_exit_utc < timedelta(minutes=12)
    assert light.first_exit_utc < plan.exit.utc < light.last_exit_utc
    beat_alone = make_plan(shot(NO_TIME, SUN), column=air()).light
    assert beat_alone.first_exit_utc is not None
    assert beat_alone.last_exit_utc is not None
    assert light.last_exit_utc - light.first_exit_utc < beat_alone.last_exit_utc - beat_alone.first_exit_utc
    late = light.last_exit_utc + timedelta(seconds=3)
    given = shot((NO_TIME[0], f"exit_time = {late:%Y-%m-%dT%H:%M:%SZ}\n"), always)
    assert "outside the light" in _stops(make_plan(given, column=air()))


def test_a_rule_and_a_beat_share_one_stretch(shot: Make, air: Air) -> None:
    both = make_plan(shot(NO_TIME, SUN, _rule("last exit", "break-off")), column=air()).light
    alone = make_plan(shot(NO_TIME, _rule("last exit", "break-off")), column=air()).light
    assert [name for name, _, _ in both.beats] == ["mark", "dusk"]
    assert alone.first_exit_utc is not None
    assert alone.last_exit_utc is not None
    assert both.first_exit_utc is not None
    assert both.last_exit_utc is not None
    assert alone.first_exit_utc <= both.first_exit_utc < both.last_exit_utc <= alone.last_exit_utc


def test_light_to_the_landing_counts_the_canopy_too(shot: Make, air: Air) -> None:
    """In the evening the sun sinks by more than three degrees of horizon on the way down; at dawn it rises as they fall."""
    plan = make_plan(shot(NO_TIME, _rule("first exit", "landing")), column=air())
    assert plan.exit.utc.hour == 2
    assert not any("Also light" in note for note in plan.notes)
    evening = shot((NO_TIME[0], "exit_time = 2011-10-11T14:05:00Z\n"), _rule("first exit", "landing"))
    assert "outside the light" in _stops(make_plan(evening, column=air()))


def test_what_the_window_says_of_a_rule_the_judge_says_too(shot: Make, air: Air) -> None:
    """At the first and the last second the nominal take keeps the rule; six seconds outside it breaks it."""
    always = _rule("last exit", "break-off")
    light = make_plan(shot(NO_TIME, always), column=air()).light
    first, last = light.first_exit_utc, light.last_exit_utc
    assert first is not None
    assert last is not None
    for moment, called in ((first, "got it"), (last, "got it"), (first - timedelta(seconds=8), "missed"), (last + timedelta(seconds=8), "missed")):  # fmt: skip
        made = shot((NO_TIME[0], f"exit_time = {moment:%Y-%m-%dT%H:%M:%SZ}\n"), always)
        prepared = prepare(made, column=air())
        verdict, _ = judge(bench_at(made, prepared, prepared.take), prepared.take)
        assert verdict.beats[-1].verdict == called, (moment, verdict.beats[-1].note)


def _demand(shot: Shot, height_m: float) -> Demand:
    mark = next(beat for beat in shot.beats if beat.name == "mark")
    time_s = np.arange(30.0, 60.0, 0.5)
    return Demand(beat=mark, time_s=time_s, height_agl_m=np.full((time_s.size, 2), height_m))


def test_the_window_agrees_with_the_sun_at_one_height(shot: Make) -> None:
    made = shot(SUN)
    start = datetime(2011, 10, 11, 12, tzinfo=UTC)
    (found,) = stretches((_demand(made, 5000.0),), made, shot_lens(made), start, start + timedelta(hours=3))
    # first: the last 3 s of the beat's time are under 1°; last: its first 3 s are over -2°
    for moment, at_s, angle_deg in ((found.first_utc, 56.5, 1.0), (found.last_utc, 33.0, -2.0)):
        seen = sun_above_visible_horizon_rad(24.2, 54.6, 5000.0, moment, at_s)
        assert np.degrees(float(seen)) == pytest.approx(angle_deg, abs=0.01)


def test_the_second_taken_has_the_best_light_all_the_time(shot: Make) -> None:
    """At its first second the sun is as far under the upper limit as it is over the lower one at its last."""
    made = shot(SUN)
    start = datetime(2011, 10, 11, 12, tzinfo=UTC)
    demand = _demand(made, 5000.0)
    (found,) = stretches((demand,), made, shot_lens(made), start, start + timedelta(hours=3))
    best = best_exit((demand,), made, shot_lens(made), found)
    first, last = (
        np.degrees(float(sun_above_visible_horizon_rad(24.2, 54.6, 5000.0, best, at_s)))
        for at_s in (30.0, 59.5)
    )
    assert 1.0 - first == pytest.approx(last + 2.0, abs=0.01)


def test_a_window_of_seconds_between_two_minutes_is_found(shot: Make) -> None:
    made = shot(
        ('focus = "sharp", altitude', 'focus = "sharp", sun = ["-0.50 deg", "-0.48 deg"], altitude'),
        ('hold = "3 s"', 'hold = "1 s"'),
    )
    start = datetime(2011, 10, 11, 12, tzinfo=UTC)
    demand = _demand(made, 5000.0)
    (found,) = stretches((demand,), made, shot_lens(made), start, start + timedelta(hours=3))
    assert 10.0 < (found.last_utc - found.first_utc).total_seconds() < 60.0
    middle = (found.middle_utc - start).total_seconds()
    assert best_margin(demand, made, shot_lens(made), start, np.array([middle]))[0] >= 0.0


def test_light_never_changes_faster_than_the_search_assumes(shot: Make) -> None:
    # the search may skip a minute only because of this
    made = shot(BOTH)
    start = datetime(2011, 3, 20, 0, tzinfo=UTC)
    after_s = np.arange(0.0, 86400.0, 60.0)
    beat = next(beat for beat in made.beats if beat.name == "mark")
    for height_m in (500.0, 8000.0):
        heights = np.full((after_s.size, 2), height_m)
        margin = margin_minutes(beat, made, shot_lens(made), start, after_s=after_s, height_agl_m=heights)
        near = np.abs(margin) < 5.0
        assert np.abs(np.diff(margin))[near[1:] & near[:-1]].max() <= 1.0
