"""The whole plan: what stops it, what it asks, and what answers an ask."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from onetake.api.plan import plan_record
from onetake.errors import ChoiceError, WeatherError
from onetake.plan.make import Prepared, make_plan, prepare
from onetake.shot.file import Shot
from onetake.weather.column import Column

Make = Callable[..., Shot]
Air = Callable[..., Column]


def test_every_key_of_the_contract_is_printed_without_nan(plain: Prepared) -> None:
    record = json.loads(json.dumps(plan_record(plain.plan), allow_nan=False))
    keys = {
        "status", "stops", "asks", "exit", "jump_run", "separation", "freefall_s", "beats", "opening", "landing",
        "light", "focus", "oxygen", "weights", "contingency",
    }  # fmt: skip
    assert keys <= set(record)
    assert record["status"] in ("stop", "ask", "no_stop_found")
    assert [row["criterion"] for row in record["focus"]["limits"]] == ["D/1500", "4K pixel"]


def test_progress_is_told_from_0_to_1(shot: Make, air: Air) -> None:
    shares: list[float] = []
    make_plan(shot(), column=air(), progress=lambda what, share: shares.append(share))
    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    assert shares == sorted(shares)


def test_the_same_shot_gives_the_same_plan(plain: Prepared, shot: Make, air: Air) -> None:
    assert make_plan(shot(), column=air()) == plain.plan


def test_what_was_made_on_the_way_can_be_flown_again(plain: Prepared) -> None:
    east_m, north_m, up_m = plain.scenario.leaving.position_enu_m
    assert (east_m, north_m) == plain.plan.exit.position_enu_m
    assert up_m == pytest.approx(7620.0)
    assert plain.take.clock is not None
    assert plain.take.clock.first_exit_utc == plain.plan.exit.utc


def test_a_placard_that_is_too_low_stops(shot: Make, air: Air) -> None:
    heavy = shot(
        ('equipment = "28 kg"\nreserve_limit = "136 kg"', 'equipment = "28 kg"\nreserve_limit = "100 kg"')
    )
    plan = make_plan(heavy, column=air())
    assert plan.status == "stop"
    assert [stop for stop in plan.stops if stop.item == "actor" and "placard 100 kg" in stop.why]
    assert plan.weights[1].exit_kg == pytest.approx(105.0)


def test_a_placard_that_is_missing_asks(shot: Make, air: Air) -> None:
    plan = make_plan(shot(('reserve_limit = "136 kg"\n', "")), column=air())
    asked = [ask for ask in plan.asks if ask.rule == "maker.reserve.placard"]
    assert len(asked) == 2
    assert asked[0].owner == "rigger"
    assert plan.weights[0].limit_kg is None


@pytest.mark.parametrize(
    ("missing", "rule"),
    [
        ('licence = "D"\n', "uspa.opening.student_a"),
        ("jumps = 8000\n", "uspa.camera.experience"),
        ("last_jump = 2011-10-10\n", "uspa.recency.c_d"),
        ("rig_jumps = 300\n", "uspa.camera.same_rig"),
        ('prebreathe = "45 min"\n', "mff.prebreathe.25000"),
    ],
)
def test_what_is_not_said_is_asked(missing: str, rule: str, shot: Make, air: Air) -> None:
    plan = make_plan(shot((missing, "")), column=air())
    assert rule in {ask.rule for ask in plan.asks}
    assert plan.status != "no_stop_found"


def test_a_licence_of_another_country_asks(shot: Make, air: Air) -> None:
    plan = make_plan(shot(('licence = "D"\njumps = 600', 'licence = "BPA C"\njumps = 600')), column=air())
    assert "plan.licence" in {ask.rule for ask in plan.asks}


@pytest.mark.parametrize("written", ["USPA D-12345", "d", "D licence"])
def test_a_licence_may_be_written_in_full(written: str, shot: Make, air: Air, plain: Prepared) -> None:
    plan = make_plan(
        shot(('licence = "D"\njumps = 600', f'licence = "{written}"\njumps = 600')), column=air()
    )
    assert plan.asks == plain.plan.asks


def test_an_unread_row_never_passes(plain: Prepared) -> None:
    # 45 min is more than the row's 30, and the row was never seen
    asked = [ask for ask in plain.plan.asks if ask.rule == "mff.prebreathe.25000"]
    assert asked
    assert "45 min" in asked[0].item
    assert plain.plan.oxygen.confidence == "recalled"


def test_a_person_who_checked_a_rule_answers_its_ask(shot: Make, air: Air, plain: Prepared) -> None:
    rules = sorted({ask.rule for ask in plain.plan.asks})
    said = ", ".join(f'{{ rule = "{rule}", by = "A. Officer", date = 2011-10-01 }}' for rule in rules)
    plan = make_plan(shot(("checked = []", f"checked = [{said}]\nairspace = true")), column=air())
    left = {ask.rule for ask in plan.asks}
    # a heavy helmet has no limit that anybody could have checked
    assert left == {"maker.neck.camera"}
    assert plan.status == "ask"


def test_a_row_that_was_checked_and_is_broken_stops(shot: Make, air: Air) -> None:
    checked = 'checked = [{ rule = "uspa.opening.c_d", by = "A. Officer", date = 2011-10-01 }]'
    low = shot(("checked = []", checked), ('actor = "4,000 ft AGL"', 'actor = "2,200 ft AGL"'))
    plan = make_plan(low, column=air())
    assert plan.status == "stop"
    assert any(stop.item == "actor" and "2,200 ft" in stop.why for stop in plan.stops)


def test_nothing_left_to_ask_is_no_stop_found_and_never_a_go(shot: Make, air: Air, plain: Prepared) -> None:
    light_camera = ('mass = "20 lb"', 'mass = "1 kg"')
    rules = sorted({ask.rule for ask in plain.plan.asks})
    said = ", ".join(f'{{ rule = "{rule}", by = "A. Officer", date = 2011-10-01 }}' for rule in rules)
    clear = shot(("checked = []", f"checked = [{said}]\nairspace = true"), light_camera)
    assert make_plan(clear, column=air()).status == "no_stop_found"


def test_a_check_of_a_rule_that_does_not_exist_is_refused(shot: Make, air: Air) -> None:
    wrong = 'checked = [{ rule = "uspa.opening.cd", by = "A. Officer", date = 2011-10-01 }]'
    with pytest.raises(ChoiceError, match=r"uspa\.opening\.c_d"):
        make_plan(shot(("checked = []", wrong)), column=air())


def test_a_profile_that_ends_below_the_exit_is_refused(shot: Make, air: Air) -> None:
    high = shot(('exit_altitude = "25,000 ft MSL"', 'exit_altitude = "40,000 ft MSL"'))
    with pytest.raises(WeatherError, match="never guessed"):
        prepare(high, column=air())


def test_an_opening_too_near_the_aad_stops(shot: Make, air: Air) -> None:
    checked = 'checked = [{ rule = "uspa.opening.c_d", by = "A. Officer", date = 2011-10-01 }]'
    low = shot(("checked = []", checked), ('actor = "4,000 ft AGL"', 'actor = "2,500 ft AGL"'))
    plan = make_plan(low, column=air())
    opened_m = plan.opening[1].open_height_agl_m
    stops = [stop for stop in plan.stops if "AAD" in stop.why]
    assert bool(stops) == (opened_m < 225.0 + 304.8)


def test_one_profile_and_hours_off_ask(plain: Prepared) -> None:
    asked = {ask.rule: ask.owner for ask in plain.plan.asks}
    assert asked["weather.one-profile"] == "meteorologist"
    assert "weather.hours-off" not in asked  # its time is the exit's


def test_the_neck_load_is_an_output_and_an_ask(plain: Prepared) -> None:
    neck = plain.plan.neck
    assert neck is not None
    assert neck.load_n == pytest.approx((neck.head_kg + neck.camera_kg) * neck.peak_g * 9.80665, rel=1e-6)
    assert 2.0 < neck.peak_g < 5.0
    assert "maker.neck.camera" in {ask.rule for ask in plain.plan.asks}
