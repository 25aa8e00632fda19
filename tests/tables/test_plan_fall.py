"""Numbers of the fall that a plan prints, against what was published or computed elsewhere. Source on each line.

The bodies here are panels that keep their belly to the airflow, behind a ramp that shelters them for half a second;
the references are point masses. That is what the tolerances are for.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from onetake.fly.scenario import build_scenario
from onetake.plan.drift import DOCTRINE_K, doctrine_drift_m
from onetake.plan.fall import Fall, passive_fall
from onetake.plan.separation import passive_separation
from onetake.plan.spot import jump_run
from onetake.shot import parse_shot
from onetake.shot.file import Shot
from onetake.units import FT_M, KT_M_S, MPH_M_S, Altitude
from onetake.weather.atmosphere import isa
from onetake.weather.column import Column

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "halo" / "shot.toml"


def _air(east_m_s: float = 0.0) -> Column:
    levels = np.linspace(0.0, 12000.0, 121)
    air, still = isa(levels), np.zeros(121)
    return Column(
        format="own_csv", station="standard", valid_utc=None, base_utc=None, lat_deg=None, lon_deg=None,
        altitude_msl_m=levels, pressure_pa=air.pressure_pa, temperature_k=air.temperature_k,
        wind_east_m_s=still + east_m_s, wind_north_m_s=still,
    )  # fmt: skip


def _shot(gap_s: float, pull_ft: float = 3500.0) -> Shot:
    """The example's crew and aircraft with one fall rate, 120 mph at sea level, and this gap between the exits."""
    shot = parse_shot(EXAMPLE.read_text("utf-8"), EXAMPLE)
    cast = tuple(
        replace(
            person,
            fall_rate=replace(person.fall_rate, neutral_m_s=120 * MPH_M_S, reference="SL"),
            exit=replace(person.exit, at_s=gap_s if person.role == "subject" else 0.0, facing="nose"),
        )
        for person in shot.cast
    )
    pull = {person.name: Altitude(pull_ft * FT_M, "MSL") for person in shot.cast}
    return replace(
        shot,
        cast=cast,
        opening=replace(shot.opening, pull=pull),
        place=replace(shot.place, elevation_m=0.0),
        weather=replace(shot.weather, gusts="none"),
    )


def _passive(shot: Shot, column: Column) -> Fall:
    run = jump_run(shot, column)
    return passive_fall(build_scenario(shot, column, run.leaving((0.0, 0.0))))


def test_passive_separation_a_second_and_a_half_apart() -> None:
    # DESIGN §4: 1.5 s apart, about 20 m when the second leaves, 60 m two seconds later
    rows = {row.time_s: row.distance_m for row in passive_separation(_passive(_shot(1.5), _air()))}
    assert rows[0.0] == pytest.approx(20.0, rel=0.25)
    assert rows[2.0] == pytest.approx(60.0, rel=0.2)


def test_passive_separation_four_tenths_apart_is_about_a_quarter() -> None:
    # DESIGN §4: 0.4 s apart, a quarter of that
    far = {row.time_s: row.distance_m for row in passive_separation(_passive(_shot(1.5), _air()))}
    near = {row.time_s: row.distance_m for row in passive_separation(_passive(_shot(0.4), _air()))}
    assert near[2.0] / far[2.0] == pytest.approx(0.25, abs=0.06)


def test_forward_throw_of_a_c17_exit() -> None:
    # 889 m, halo_computed_reference.csv: 25,000 ft, 140 KIAS, 120 mph at sea level, point mass, no shelter
    fall = _passive(_shot(0.4), _air())
    for person in fall.people:
        assert person.pull_s is not None
        thrown_m = np.linalg.norm(person.position_enu_m(person.pull_s)[:2])
        assert thrown_m == pytest.approx(889.0, rel=0.08)


def test_fall_time_of_a_c17_exit() -> None:
    # 104.17 s from 25,000 to 3,500 ft, halo_computed_reference.csv, same case
    for person in _passive(_shot(0.4), _air()).people:
        assert person.pull_s is not None
        assert person.pull_s - person.exit_s == pytest.approx(104.17, rel=0.015)


def test_speed_over_the_hill() -> None:
    # airspeed minimum about 67 m/s 6 to 8 s after the exit, exit_history_c17_computed.csv
    trace = _passive(_shot(0.4), _air()).people[0].trace
    early = (trace.time_s > 0.5) & (trace.time_s < 25.0)
    speed = np.linalg.norm(trace.velocity_enu_m_s[early], axis=1)
    assert speed.min() == pytest.approx(66.8, rel=0.04)
    assert trace.time_s[early][speed.argmin()] == pytest.approx(7.0, abs=2.0)


def test_k_of_the_fall_is_below_doctrines() -> None:
    # physics notes §5: 2.48 m per 1,000 ft and knot for 120 mph from 25,000 to 2,000 ft, doctrine 3.0
    shot, wind_kt = _shot(0.4, 2000.0), 20.0
    windy, still = _passive(shot, _air(wind_kt * KT_M_S)), _passive(shot, _air())
    drift_m = np.mean(
        [
            a.position_enu_m(a.pull_s or 0.0)[0] - b.position_enu_m(b.pull_s or 0.0)[0]
            for a, b in zip(windy.people, still.people, strict=True)
        ]
    )
    # both run into the wind, so the difference of heading is none: still air runs north, so take the east part alone
    thrown_m = np.linalg.norm(still.people[0].position_enu_m(still.people[0].pull_s or 0.0)[:2])
    k = (drift_m + thrown_m) / (23.0 * wind_kt)
    assert k == pytest.approx(2.48, rel=0.05)
    assert k < DOCTRINE_K
    assert doctrine_drift_m(25000 * FT_M, 2000 * FT_M, shot, _air(wind_kt * KT_M_S)) == pytest.approx(
        3.0 * 23 * wind_kt, rel=1e-6
    )
