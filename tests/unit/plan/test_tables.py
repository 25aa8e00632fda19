"""The plan's tables: separation, openings, heights, oxygen, contingencies, focus, the clock, and the card."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from onetake.fly.scenario import altimeter_reads_m, height_read_m
from onetake.jumper.physiology import useful_consciousness
from onetake.plan.card import WIDTH, jump_card
from onetake.plan.chart import focus_marks, focus_rows
from onetake.plan.contingency import decision_agl_m, high_opening
from onetake.plan.fall import planned_fall
from onetake.plan.make import Prepared, make_plan
from onetake.shot.file import Shot
from onetake.units import FT_M
from onetake.weather.column import Column

Make = Callable[..., Shot]
Air = Callable[..., Column]


def test_separation_is_told_at_five_moments(plain: Prepared) -> None:
    rows = plain.plan.separation
    assert [row.time_s for row in rows] == [0.0, 2.0, 5.0, 10.0, 20.0]
    assert rows[0].distance_m < rows[1].distance_m < rows[2].distance_m


def test_later_exits_are_further_apart(shot: Make, air: Air, plain: Prepared) -> None:
    late = make_plan(shot(('at = "0.4 s"', 'at = "1.5 s"')), column=air())
    for near, far in zip(plain.plan.separation, late.separation, strict=True):
        assert far.distance_m > near.distance_m


def test_separation_stops_where_somebody_opens(shot: Make, air: Air) -> None:
    low = shot(
        ('exit_altitude = "25,000 ft MSL"', 'exit_altitude = "7,000 ft MSL"'),
        ('altitude = "> 7,000 ft AGL"', 'facing = "camera"'),
    )
    rows = make_plan(low, column=air()).separation
    assert [row.time_s for row in rows] == [0.0, 2.0, 5.0, 10.0]


def test_openings_are_where_the_shot_says_and_full_below(plain: Prepared) -> None:
    for row, pull_ft in zip(plain.plan.opening, (5000, 4000), strict=True):
        assert row.height_agl_m == pytest.approx(pull_ft * FT_M)
        # 500 to 1,000 ft of opening: the priors of the canopy
        assert 120.0 < row.height_agl_m - row.open_height_agl_m < 330.0
        assert row.open_time_s > row.time_s
    assert plain.plan.freefall_s == pytest.approx(plain.plan.opening[1].time_s - 0.4, abs=0.05)


def test_break_off_too_near_the_opening_is_asked_with_both_numbers(plain: Prepared) -> None:
    asked = {ask.rule: ask.item for ask in plain.plan.asks}
    assert "1,500 ft from break-off to the highest opening" in asked["uspa.separation.break_off"]
    assert "apart at line stretch" in asked["uspa.separation.line_stretch"]


def test_an_altimeter_is_right_in_standard_air_and_low_in_warm(shot: Make, air: Air) -> None:
    heights = np.array([500.0, 2000.0, 7000.0])
    # geometric against geopotential: z²/R
    assert altimeter_reads_m(heights, shot(), air()) == pytest.approx(heights, rel=2e-3)
    warm = replace(
        air(), temperature_k=np.asarray(air().temperature_k) + 20.0, pressure_pa=np.full(61, np.nan)
    )
    reads = altimeter_reads_m(heights, shot(), warm)
    assert np.all(reads < heights)
    # 20 K of 288 K: 7 % of the height
    assert reads[1] / heights[1] == pytest.approx(1 - 20 / 295, abs=0.01)


@pytest.mark.parametrize("warmer_k", [-30.0, 0.0, 20.0])
def test_an_aad_fires_by_its_reading(shot: Make, air: Air, warmer_k: float) -> None:
    day = replace(
        air(), temperature_k=np.asarray(air().temperature_k) + warmer_k, pressure_pa=np.full(61, np.nan)
    )
    true_m = height_read_m(225.0, shot(), day)
    assert altimeter_reads_m(true_m, shot(), day) == pytest.approx(225.0, abs=0.05)
    # colder air is shorter: at the same reading the jumper is lower
    assert true_m == pytest.approx(225.0 * (1 + warmer_k / 288), abs=2.0)


def test_the_card_gives_an_aad_the_height_it_fires_at(plain: Prepared) -> None:
    fires = [mark for mark in plain.plan.heights if mark.what == "AAD fires"]
    assert fires
    assert [mark.reads_m for mark in fires] == pytest.approx([225.0] * len(fires), abs=0.1)


def test_heights_are_told_from_the_top_down(plain: Prepared) -> None:
    heights = [mark.height_agl_m for mark in plain.plan.heights]
    assert heights == sorted(heights, reverse=True)
    assert {"exit", "break-off", "pull", "decision", "AAD fires"} <= {
        mark.what for mark in plain.plan.heights
    }


def test_decision_heights_by_licence() -> None:
    assert decision_agl_m("D") == pytest.approx(1800 * FT_M)
    assert decision_agl_m("A") == pytest.approx(2500 * FT_M)
    assert decision_agl_m(None) == decision_agl_m("A")  # the higher where nothing is known


def test_prebreathe_is_the_longer_of_row_and_plan(plain: Prepared, shot: Make, air: Air) -> None:
    assert plain.plan.oxygen.prebreathe_s == 45 * 60
    short = make_plan(shot(('prebreathe = "45 min"', 'prebreathe = "10 min"')), column=air())
    assert short.oxygen.prebreathe_s == 30 * 60
    assert "As remembered it is broken" in next(
        a.item for a in short.asks if a.rule == "mff.prebreathe.25000"
    )


def test_a_long_break_voids_the_prebreathe(shot: Make, air: Air) -> None:
    plan = make_plan(shot(('longest_break = "0 s"', 'longest_break = "12 min"')), column=air())
    assert any(stop.item == "prebreathe" for stop in plan.stops)


def test_a_low_jump_needs_no_prebreathe(shot: Make, air: Air) -> None:
    low = shot(('exit_altitude = "25,000 ft MSL"', 'exit_altitude = "13,500 ft MSL"'))
    oxygen = make_plan(low, column=air()).oxygen
    assert oxygen.confidence == "none needed"
    assert oxygen.decompression_share is None


def test_useful_consciousness_is_of_the_pressure_altitude(plain: Prepared) -> None:
    told = useful_consciousness(plain.plan.exit.pressure_altitude_m, exercise=True)
    assert plain.plan.oxygen.useful_consciousness_s == (told.low, told.high)
    assert any(told.confidence in note for note in plain.plan.oxygen.notes)


def test_every_contingency_has_action_height_and_caller(plain: Prepared) -> None:
    cases = {row.case for row in plain.plan.contingency}
    wanted = {
        "aircraft emergency", "oxygen failure before exit", "oxygen failure in the fall", "fogged mask or visor",
        "premature opening at exit", "lost partner or lost sight", "malfunction of the main", "two canopies out",
        "hard deck",
    }  # fmt: skip
    assert wanted <= cases
    for row in plain.plan.contingency:
        assert row.action
        assert row.caller
        assert 0.0 < row.altitude_m <= 7620.0
        assert row.confidence


def test_a_parachute_open_at_the_exit_drifts_with_the_wind(shot: Make, air: Air, plain: Prepared) -> None:
    fall = planned_fall(plain.scenario)
    calm = high_opening(fall, plain.shot, air())
    windy = high_opening(fall, plain.shot, air(20.0, 0.0))
    assert windy.centre_enu_m[0] - calm.centre_enu_m[0] == pytest.approx(20.0 * windy.to_ground_s, rel=1e-6)
    # 7,600 m at 5 to 8 m/s
    assert 900.0 < windy.to_ground_s < 1600.0
    assert windy.to_safe_s < windy.to_ground_s
    assert high_opening(fall, plain.shot, air(60.0, 0.0)).beyond_m > 0.0


def test_oxygen_in_the_fall_tells_the_margin(plain: Prepared) -> None:
    row = next(row for row in plain.plan.contingency if row.case == "oxygen failure in the fall")
    assert "margin" in row.action
    assert "10,000 ft" in row.action


def test_the_chart_begins_with_the_lens_in_hand_under_each_criterion(plain: Prepared) -> None:
    rows = focus_rows(plain.shot)
    assert [row.in_hand for row in rows[:3]] == [True, True, False]
    assert {row.limits.criterion for row in rows} == {"D/1500", "4K pixel"}
    assert len({row.limits.lens for row in rows}) > 4
    # DESIGN §5: at 3'0", D/1500 from the image plane, near limit 34.3 in
    assert rows[0].limits.near_m / 0.0254 == pytest.approx(34.3, abs=0.05)


def test_a_third_criterion_of_the_shot_is_added(shot: Make) -> None:
    rows = focus_rows(shot(("exposure = {", 'criterion = "film 0.025 mm"\nexposure = {')))
    assert [row.limits.criterion for row in rows[:3]] == ["film 0.025 mm", "D/1500", "4K pixel"]


def test_focus_marks_say_what_starts_them(shot: Make) -> None:
    marks = focus_marks(shot(('cue = { range = "5 ft" }', 'from = "40 s"')))
    assert marks[0].cue == "set in the aircraft"
    assert marks[1].distance_m == pytest.approx(3 * FT_M)
    assert "at 40 s" in marks[1].cue


def test_the_day_runs_from_loading_to_landing(plain: Prepared) -> None:
    moments = plain.plan.moments
    times = [moment.time_s for moment in moments]
    assert times == sorted(times)
    by_name = {moment.what: moment for moment in moments}
    # over before the change to own oxygen, and begun on the ground or low
    assert by_name["prebreathe begins"].time_s == pytest.approx(-(45 * 60 + 300))
    assert by_name["take-off"].time_s <= by_name["prebreathe begins"].time_s
    assert by_name["take-off"].assumed
    assert by_name["exit: actor"].time_s == pytest.approx(0.4, abs=0.05)
    assert by_name["exit: operator"].utc == plain.plan.exit.utc
    assert moments[-1].what.startswith("landing")


def test_the_card_is_one_page_of_80_columns(plain: Prepared) -> None:
    card = jump_card(plain.plan, plain.shot)
    lines = card.splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert len(lines) <= 74
    for said in (
        "A planning aid beside a qualified jumpmaster, never instead of one.", "Only a person says go.", "ASK", "FL250",
        "break-off", "2'10.3\"", "12:00:00", "AAD fires", "audibles at 6,500, 5,000, 4,000 ft", "facility ____",
        "hard deck, 2,500 ft", "prebreathe 45 min (recalled)",
    ):  # fmt: skip
        assert said in card, said


def test_stops_and_asks_stand_at_the_top_of_the_card(shot: Make, air: Air) -> None:
    heavy = shot(
        (
            'reserve_limit = "136 kg"\nlicence = "D"\njumps = 600',
            'reserve_limit = "90 kg"\nlicence = "D"\njumps = 600',
        )
    )
    lines = jump_card(make_plan(heavy, column=air()), heavy).splitlines()
    assert lines[2].startswith("STOP (1 stops")
    assert lines[3].startswith("STOP actor: leaves at 105 kg")
    assert any(line.startswith("ASK rigger: ") for line in lines[4:14])


def test_a_card_survives_long_names(shot: Make, air: Air) -> None:
    name = "the one who carries the camera and more"
    long = shot(
        ('name = "operator"', f'name = "{name}"'),
        ('operator = "5,000', f'"{name}" = "5,000'),
        ("aad = { operator", f'aad = {{ "{name}"'),
        ("canopy = { operator", f'canopy = {{ "{name}"'),
    )
    card = jump_card(make_plan(long, column=air()), long)
    assert max(map(len, card.splitlines())) <= WIDTH


def test_a_bearing_reads_from_the_drop_zone(plain: Prepared) -> None:
    east_m, north_m = plain.plan.exit.position_enu_m
    bearing = math.degrees(math.atan2(east_m, north_m)) % 360
    assert f"from DZ, {bearing:03.0f}°" in jump_card(plain.plan, plain.shot)


def test_a_students_device_stands_on_the_card_with_both_levels(shot: Make, air: Air) -> None:
    """The margin counts from the higher of the two; both are heights at which something happens."""
    student = shot(
        ('aad = { operator = "cypres_expert", actor', 'aad = { operator = "cypres_student", actor')
    )
    plan = make_plan(student, column=air())
    marks = [(mark.what, round(mark.height_agl_m)) for mark in plan.heights if mark.who == "operator"]
    assert marks[-2:] == [("AAD, over 29 mph", 300), ("AAD, over 78 mph", 225)]
    assert "AAD, over 29 mph" in jump_card(plan, student)


def test_who_names_no_device_is_told_what_is_flown(shot: Make, air: Air) -> None:
    bare = shot(('aad = { operator = "cypres_expert", actor = "cypres_expert" }\n', ""))
    plan = make_plan(bare, column=air())
    assert "No AAD given for operator, actor: flown with a cypres_expert, and asked." in plan.notes
    assert "maker.aad.margin" in {ask.rule for ask in plan.asks}


def test_two_who_can_never_be_level_are_asked_about(plain: Prepared, shot: Make, air: Air) -> None:
    assert "plan.level" not in {ask.rule for ask in plain.plan.asks}
    fast = 'min = "180 mph", neutral = "200 mph", max = "220 mph"'
    apart = make_plan(shot(('min = "112 mph", neutral = "120 mph", max = "150 mph"', fast)), column=air())
    said = next(ask.item for ask in apart.asks if ask.rule == "plan.level")
    # the shot's speeds are at sea level; at 4,000 ft they are greater by the root of 1.225 over 1.088
    assert "operator falls at most at 149 mph, actor at least at 191" in said
