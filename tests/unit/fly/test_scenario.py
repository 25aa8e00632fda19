"""A shot, the air and an exit become numbers: heights, people, focus, and what cannot be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from onetake.api.stage import Stage
from onetake.errors import ChoiceError, InputError, OnetakeError
from onetake.fly.pilot import Pilot, pilot_of
from onetake.fly.scenario import Scenario, air_table, build_scenario, focus_steps, height_agl_m, make_jumper
from onetake.fly.state import CAPSULES, COMMON, TICK_S, C
from onetake.fly.trim import load, trim_of
from onetake.jumper.posture import throw
from onetake.shot.edit import with_changes
from onetake.units import FT_M, MPH_M_S, Altitude, parse_altitude
from onetake.weather.atmosphere import pressure_altitude_m

Make = Callable[..., Scenario]


def of(scenario: Scenario, name: str) -> float:
    return float(scenario.common[getattr(C, name)])


# --- heights ------------------------------------------------------------------------------------------------------


def test_heights_are_above_the_drop_zone(halo: Stage) -> None:
    shot, column = halo.shot, halo.prepared.column
    assert shot.place.elevation_m == pytest.approx(90 * FT_M)
    assert height_agl_m(parse_altitude("6,000 ft AGL"), shot, column) == pytest.approx(6000 * FT_M)
    assert height_agl_m(parse_altitude("25,000 ft MSL"), shot, column) == pytest.approx(24910 * FT_M)


def test_a_flight_level_is_where_this_air_has_its_pressure(halo: Stage) -> None:
    """Not 25,000 ft: in warm air the surface of FL250's pressure lies higher."""
    shot, column = halo.shot, halo.prepared.column
    found_m = height_agl_m(Altitude(25000 * FT_M, "FL"), shot, column) + shot.place.elevation_m
    assert float(pressure_altitude_m(column.at(found_m).pressure_pa)) == pytest.approx(25000 * FT_M, abs=2.0)
    assert abs(found_m - 25000 * FT_M) > 50.0


def test_pulls_and_rules_are_in_the_same_metres(halo: Stage) -> None:
    scenario = halo.prepared.scenario
    assert scenario.operator.pull_agl_m == pytest.approx(5000 * FT_M)
    assert scenario.subject.pull_agl_m == pytest.approx(4000 * FT_M)
    assert scenario.operator.break_agl_m == pytest.approx(6500 * FT_M)
    assert of(scenario, "no_mark_m") == pytest.approx(8000 * FT_M)
    assert of(scenario, "closing_range_m") == pytest.approx(15 * FT_M)
    assert of(scenario, "closing_limit") == pytest.approx(8 * FT_M)
    assert of(scenario, "lost_s") == pytest.approx(3.0)


def test_rules_that_are_not_in_the_file_never_fire(two_way: Stage) -> None:
    scenario = two_way.prepared.scenario
    assert two_way.shot.abort.no_mark_by is None
    assert of(scenario, "no_mark_m") < -1e8


# --- the air ------------------------------------------------------------------------------------------------------


def test_the_air_is_the_columns_own(halo: Stage) -> None:
    shot, column, table = halo.shot, halo.prepared.column, halo.prepared.scenario.air
    for row in (0, 40, 100, 150):
        air = column.at(row * 50.0 + shot.place.elevation_m)
        assert table[row, 0] == pytest.approx(float(air.density_kg_m3), rel=1e-6)
        assert table[row, 1:3] == pytest.approx(
            [float(air.wind_east_m_s), float(air.wind_north_m_s)], abs=1e-4
        )
    # the mean wind below, for whoever plans his way home under a parachute
    assert table[100, 6] == pytest.approx(table[:101, 1].mean(), abs=1e-3)


def test_no_gusts_is_no_gusts(halo: Stage) -> None:
    calm = replace(halo.shot, weather=replace(halo.shot.weather, gusts="none"))
    table = air_table(calm, halo.prepared.column, 7000.0)
    assert np.all(table[:, 3] == 0.0)
    assert np.all(halo.prepared.scenario.air[1:, 3] > 0.0)


def test_winds_that_do_not_reach_the_exit_are_refused(halo: Stage) -> None:
    scenario = halo.prepared.scenario
    high = replace(scenario.leaving, position_enu_m=(0.0, 0.0, 40000.0))
    with pytest.raises(OnetakeError, match=r"km|m"):
        build_scenario(halo.shot, halo.prepared.column, high)


# --- people -------------------------------------------------------------------------------------------------------


def test_fall_rates_are_gains_of_area(halo: Stage) -> None:
    """112 to 140 mph about 120: area grows by (120/112)² - 1, shrinks by 1 - (120/140)²."""
    scenario = halo.prepared.scenario
    assert of(scenario, "A_slow") == pytest.approx((120 / 112) ** 2 - 1, rel=1e-5)
    assert of(scenario, "A_fast") == pytest.approx(1 - (120 / 140) ** 2, rel=1e-5)
    assert scenario.operator.person.fall_rate.neutral_m_s == pytest.approx(120 * MPH_M_S)


def test_only_the_operator_carries_a_camera(halo: Stage) -> None:
    operator, subject = halo.prepared.scenario.jumpers
    assert operator.body.camera_mass_kg == pytest.approx(9.0718, abs=1e-3)
    assert subject.body.camera_mass_kg == 0.0
    assert operator.body.mass_kg == pytest.approx(80 + 22 + 9.0718, abs=1e-3)


def test_capsules_stand_in_the_order_of_the_kernel(halo: Stage) -> None:
    capsules = halo.prepared.scenario.capsules
    assert capsules.shape == (2 * CAPSULES, 8)
    follows_the_neck = capsules[:, 7] > 0.5
    assert follows_the_neck.tolist() == [True, True] + [False] * 18
    # the subject has no camera to touch with
    assert capsules[CAPSULES + 1, 6] < -1e8
    assert np.all(capsules[[0, *range(2, 10)], 6] > 0.03)


def test_the_table_is_finite_and_whole(halo: Stage, two_way: Stage) -> None:
    for stage in (halo, two_way):
        scenario = stage.prepared.scenario
        assert scenario.common.shape == (len(COMMON),)
        for array in (scenario.common, scenario.panels, scenario.capsules, scenario.air):
            assert array.dtype == np.float32
            assert np.all(np.isfinite(array))


def test_trim_holds_a_tilt(halo: Stage) -> None:
    """The posture that trim asks for balances the panels' moment at a small tilt, fore and aft and to the side."""
    for jumper in halo.prepared.scenario.jumpers:
        trim = trim_of(jumper.body)
        for tilt_rad in (0.02, -0.02):
            flow = np.array([-np.sin(tilt_rad), 0.0, np.cos(tilt_rad)])
            _, free = load(jumper.body, flow)
            _, held = load(jumper.body, flow, fore=trim.fore_per_tilt * tilt_rad)
            assert abs(held[1]) < 0.05 * abs(free[1])
            flow = np.array([0.0, -np.sin(tilt_rad), np.cos(tilt_rad)])
            _, free = load(jumper.body, flow)
            _, held = load(jumper.body, flow, side=trim.side_per_tilt * tilt_rad)
            assert abs(held[0]) < 0.05 * abs(free[0])
        assert 0.5 < trim.push_per_tilt < 1.0


def test_neutral_posture_has_no_drive_and_no_moment(halo: Stage) -> None:
    for jumper in halo.prepared.scenario.jumpers:
        force, moment = load(jumper.body, np.array([0.0, 0.0, 1.0]))
        assert abs(force[0]) < 1e-9 * force[2]
        assert abs(force[1]) < 1e-9 * force[2]
        assert np.abs(moment).max() < 1e-9


# --- pilots -------------------------------------------------------------------------------------------------------


def test_a_skill_word_is_a_file() -> None:
    expert, good, novice = (pilot_of(word) for word in ("expert", "good", "novice"))
    assert expert.kind == "assumed"
    assert expert.motor_noise < good.motor_noise < novice.motor_noise
    assert expert.delay_s < good.delay_s < novice.delay_s
    assert expert.bandwidth_rad_s > good.bandwidth_rad_s > novice.bandwidth_rad_s


def test_an_unknown_skill_lists_what_there_is() -> None:
    with pytest.raises(
        ChoiceError, match=r"no .* called 'expret'; did you mean 'expert'\? there is: expert, good, novice"
    ):
        pilot_of("expret")


def test_the_ledger_needs_rehearsals() -> None:
    with pytest.raises(ChoiceError, match=r"needs rehearsals .* choose a level: expert, good, novice"):
        pilot_of("ledger")


def test_numbers_of_a_person_stand_over_the_good_level() -> None:
    pilot = pilot_of({"delay_s": 0.1, "motor_noise": 0.0})
    assert pilot == Pilot(
        **{
            **{field: getattr(pilot_of("good"), field) for field in Pilot.__dataclass_fields__},
            "kind": "given in the shot file", "delay_s": 0.1, "motor_noise": 0.0,
        }
    )  # fmt: skip


def test_a_skill_in_the_shot_file_reaches_the_pilot(two_way: Stage, remade: Make) -> None:
    assert remade({"cast.flyer.skill": "novice"}).subject.pilot == pilot_of("novice")
    with pytest.raises(ChoiceError, match="there is: expert, good, novice"):
        remade({"cast.flyer.skill": "godlike"})


# --- the lens -----------------------------------------------------------------------------------------------------


def test_focus_steps_of_the_dusk_jump(halo: Stage) -> None:
    values, start_m = focus_steps(halo.shot)
    assert start_m > 10.0  # hyperfocal of 35 mm f/2.8
    assert values["trig_range1"] == pytest.approx(5 * FT_M)
    assert 1 / values["inv1"] == pytest.approx(3 * FT_M)
    assert values["rack1"] == pytest.approx(0.8)
    assert values["dial"] == throw().reach
    # no second pull: no range and no second will call for it
    assert values["trig_range2"] < 0
    assert values["trig_time2"] > 1e8


def test_a_lens_that_is_never_pulled_stays(two_way: Stage) -> None:
    values, _ = focus_steps(two_way.shot)
    assert values["trig_range1"] < 0
    assert values["trig_time1"] > 1e8


def test_the_station_is_the_mark_of_the_last_beat(halo: Stage, two_way: Stage, remade: Make) -> None:
    """Three feet of focus for the one; the middle of 1.5 m to 4.5 m for the other: both from the image plane."""
    assert of(halo.prepared.scenario, "station_m") == pytest.approx(3 * FT_M, abs=1e-4)
    assert of(two_way.prepared.scenario, "station_m") == pytest.approx(3.0, abs=1e-4)


def test_the_take_begins_at_or_before_the_first_exit(two_way: Stage, remade: Make) -> None:
    assert two_way.prepared.scenario.first_tick == 0
    early = remade({"beat.exit.window": ["-4 s", "12 s"]})
    assert early.first_tick * TICK_S == pytest.approx(-4.0)


def test_a_person_who_cannot_be_is_named(two_way: Stage) -> None:
    shot = two_way.shot
    person = replace(shot.subject(), equipment_kg=500.0)
    with pytest.raises(InputError, match="flyer"):
        make_jumper(person, shot, two_way.prepared.column)


@pytest.mark.parametrize(
    "edges",
    [
        {"mass": "35 kg"}, {"mass": "200 kg"}, {"equipment": "0 kg"}, {"equipment": "80 kg"}, {"height": "1.3 m"},
        {"height": "2.2 m"}, {"fall_rate.min": "60 mph", "fall_rate.neutral": "61 mph"}, {"fall_rate.neutral": "330 mph", "fall_rate.max": "330 mph"},
    ],
)  # fmt: skip
def test_whoever_the_shot_file_lets_in_can_be_built(two_way: Stage, edges: dict[str, str]) -> None:
    shot = with_changes(two_way.shot, {f"cast.flyer.{key}": value for key, value in edges.items()})
    assert make_jumper(shot.subject(), shot, two_way.prepared.column).body.mass_kg > 0


def test_changes_reach_the_scenario(two_way: Stage) -> None:
    shot = with_changes(two_way.shot, {"opening.break_off": "6,000 ft AGL"})
    scenario: Any = build_scenario(shot, two_way.prepared.column, two_way.prepared.scenario.leaving)
    assert scenario.operator.break_agl_m == pytest.approx(6000 * FT_M)
