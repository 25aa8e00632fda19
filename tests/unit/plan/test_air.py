"""The profiles of a shot: which one is flown, and what is asked about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from onetake.errors import ChoiceError, ReadError, WeatherError
from onetake.plan.air import air_at, blend, read_sources
from onetake.plan.make import make_plan, prepare
from onetake.shot.file import Shot, read_shot
from onetake.weather.column import Column

Make = Callable[..., Shot]
Air = Callable[..., Column]
SIX = datetime(2011, 10, 11, 6, tzinfo=UTC)
PROFILE = """# schema = onetake.profile/1
# source = made up
# station = {name}
# valid_utc = {valid}
altitude_msl_m,pressure_hpa,temperature_c,wind_east_m_s,wind_north_m_s
0,1013.25,15.0,{low},0
4000,616.4,-11.0,{low},0
12000,193.3,-56.5,{high},0
"""


def test_between_two_profiles_the_air_is_interpolated_in_time(air: Air) -> None:
    before, after = air(0.0, 8.0, SIX), air(12.0, 4.0, SIX + timedelta(hours=6))
    found = air_at((after, before), SIX + timedelta(hours=1.5), 7620.0)
    east, north = (np.asarray(wind) for wind in (found.wind_east_m_s, found.wind_north_m_s))
    assert east == pytest.approx(3.0)
    assert north == pytest.approx(7.0)
    assert found.pressure_pa == pytest.approx(
        np.interp(found.altitude_msl_m, before.altitude_msl_m, before.pressure_pa), rel=1e-6
    )


def test_outside_of_all_profiles_the_nearest_is_taken_as_it_is(air: Air) -> None:
    near, far = air(3.0, 0.0, SIX), air(9.0, 0.0, SIX - timedelta(hours=6))
    assert air_at((far, near), SIX + timedelta(hours=1), 7620.0) is near


def test_a_profile_that_does_not_reach_the_exit_is_left_out(air: Air) -> None:
    low = air(30.0, 0.0, SIX)
    keep = low.altitude_msl_m < 5000.0
    names = ("altitude_msl_m", "pressure_pa", "temperature_k", "wind_east_m_s", "wind_north_m_s")
    low = replace(low, **{name: getattr(low, name)[keep] for name in names})
    high = air(3.0, 0.0, SIX - timedelta(hours=6))
    assert air_at((low, high), SIX, 7620.0) is high
    with pytest.raises(WeatherError, match="never guessed"):
        air_at((low,), SIX, 7620.0)


def test_a_blend_keeps_to_heights_that_both_profiles_have(air: Air) -> None:
    one, other = air(0.0), air(10.0)
    keep = other.altitude_msl_m < 9000.0
    names = ("altitude_msl_m", "pressure_pa", "temperature_k", "wind_east_m_s", "wind_north_m_s")
    other = replace(other, **{name: getattr(other, name)[keep] for name in names})
    mixed = blend(one, other, 0.25, SIX)
    assert mixed.top_msl_m == other.top_msl_m
    assert np.asarray(mixed.wind_east_m_s) == pytest.approx(2.5)


def _written(folder: Path, shot_text: str, **profiles: tuple[str, float, float]) -> Path:
    for name, (valid, low, high) in profiles.items():
        text = PROFILE.format(name=name, valid=valid, low=low, high=high)
        (folder / f"{name}.csv").write_text(text, "utf-8")
    files = ", ".join(f'"{name}.csv"' for name in profiles)
    path = folder / "shot.toml"
    path.write_text(shot_text.replace('sources = ["air.csv"]', f"sources = [{files}]"), "utf-8")
    return path


def test_profiles_that_bracket_the_exit_leave_nothing_to_ask_of_them(shot: Make, tmp_path: Path) -> None:
    before, after = ("2011-10-11T07:00Z", 2.0, 10.0), ("2011-10-11T09:00Z", 4.0, 20.0)
    path = _written(tmp_path, shot().source, before=before, after=after)
    ready = prepare(read_shot(path))
    assert len(ready.columns) == 2
    assert float(ready.column.at(12000.0).wind_east_m_s) == pytest.approx(15.0)  # half way
    assert not [ask for ask in ready.plan.asks if ask.rule.startswith("weather.")]


def test_one_profile_hours_off_is_asked(shot: Make, tmp_path: Path) -> None:
    path = _written(tmp_path, shot().source, old=("2011-10-11T00:00Z", 2.0, 10.0))
    plan = make_plan(read_shot(path))
    assert {"weather.one-profile", "weather.hours-off"} <= {ask.rule for ask in plan.asks}
    fresh = _written(tmp_path, shot().source, new=("2011-10-11T08:00Z", 2.0, 10.0))
    assert make_plan(read_shot(fresh)).landing_spread_m[1] < plan.landing_spread_m[1]


def test_the_air_of_the_chosen_hour_is_flown(shot: Make, tmp_path: Path) -> None:
    # without an exit time the light names the hour, and the hour the profile
    dusk = shot(
        ('exit_time = "12:00:00"\n', ""),
        ('focus = "sharp", altitude', 'focus = "sharp", sun = ["-2 deg", "1 deg"], altitude'),
    )
    night, evening = ("2011-10-11T00:00Z", 2.0, 10.0), ("2011-10-11T14:00Z", 4.0, 30.0)
    ready = prepare(read_shot(_written(tmp_path, dusk.source, night=night, evening=evening)))
    assert ready.plan.exit.utc.hour in (13, 14)
    assert float(ready.column.at(12000.0).wind_east_m_s) > 29.0


def test_a_file_that_is_no_profile_is_refused(shot: Make, tmp_path: Path) -> None:
    path = _written(tmp_path, shot().source, one=("2011-10-11T00:00Z", 2.0, 10.0))
    (tmp_path / "one.csv").write_text("hello", "utf-8")
    with pytest.raises((ReadError, ChoiceError), match=r"one\.csv"):
        read_sources(read_shot(path), None)
