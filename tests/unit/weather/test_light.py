"""Sun windows, labels and daylight: behaviour, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onetake.errors import InputError
from onetake.units import DEG_RAD, FT_M
from onetake.weather import light, sun

GULF = {"lat_deg": 24.2, "lon_deg": 54.6}
DAY = {"from_utc": datetime(2011, 10, 10, 20, tzinfo=UTC), "to_utc": datetime(2011, 10, 11, 20, tzinfo=UTC)}


def windows(
    low_deg: float, high_deg: float, height_m: float, **changes: object
) -> tuple[light.Interval, ...]:
    arguments = {**GULF, **DAY, "height_above_surroundings_m": height_m, **changes}
    return light.sun_windows(low_deg * DEG_RAD, high_deg * DEG_RAD, **arguments)  # type: ignore[arg-type]


def test_a_band_is_passed_in_the_morning_and_in_the_evening() -> None:
    morning, evening = windows(-2, 1, 0.0)
    for start, end in (morning, evening):
        edges = [
            float(sun.sun_above_visible_horizon_rad(24.2, 54.6, 0.0, when)) / DEG_RAD for when in (start, end)
        ]
        assert sorted(edges) == pytest.approx([-2, 1], abs=2e-4)
        assert timedelta(minutes=10) < end - start < timedelta(minutes=16)
    assert morning[1] < evening[0]


def test_dusk_comes_later_the_higher_one_is() -> None:
    ends = [windows(-2, 1, feet * FT_M)[-1][0] for feet in (0, 2000, 10000, 25000)]
    assert ends == sorted(ends)
    # 0.97' of dip per root foot alone make 11.2 minutes at 25,000 ft; bending between horizon and eye 1.8 more
    assert timedelta(minutes=12) < ends[-1] - ends[0] < timedelta(minutes=14.5)


def test_a_band_over_the_whole_sky_is_the_whole_span() -> None:
    assert windows(-90, 90, 3000.0) == ((DAY["from_utc"], DAY["to_utc"]),)


def test_polar_days_have_no_event_and_no_window() -> None:
    june = light.sun_day(78.2, 15.6, date(2026, 6, 21), "Arctic/Longyearbyen")
    december = light.sun_day(78.2, 15.6, date(2026, 12, 21), "Arctic/Longyearbyen")
    assert (
        june
        == december
        == light.SunDay(civil_dawn_utc=None, sunrise_utc=None, sunset_utc=None, civil_dusk_utc=None)
    )
    midwinter = {"from_utc": datetime(2026, 12, 21, tzinfo=UTC), "to_utc": datetime(2026, 12, 22, tzinfo=UTC)}
    assert windows(-2, 1, 0.0, lat_deg=78.2, lon_deg=15.6, **midwinter) == ()


def test_sunset_at_altitude_is_the_upper_limb_on_the_lower_horizon() -> None:
    ground = light.sun_day(24.2, 54.6, date(2011, 10, 11), "Asia/Dubai")
    aloft = light.sun_day(24.2, 54.6, date(2011, 10, 11), "Asia/Dubai", 25000 * FT_M)
    assert ground.sunset_utc is not None
    assert aloft.sunset_utc is not None
    assert aloft.civil_dusk_utc == ground.civil_dusk_utc
    assert aloft.sunrise_utc is not None
    assert ground.sunrise_utc is not None
    assert aloft.sunrise_utc < ground.sunrise_utc
    seen = float(sun.sun_above_visible_horizon_rad(24.2, 54.6, 25000 * FT_M, aloft.sunset_utc))
    assert seen == pytest.approx(-sun.SEMIDIAMETER_RAD, abs=1e-4 * DEG_RAD)


def test_a_fall_is_one_call() -> None:
    after_s = np.linspace(0, 100, 26)
    height_m = np.linspace(7000, 900, 26)
    exit_utc = datetime(2011, 10, 11, 14, 5, tzinfo=UTC)
    fall = sun.sun_above_visible_horizon_rad(24.2, 54.6, height_m, exit_utc, after_s)
    each = [
        float(sun.sun_above_visible_horizon_rad(24.2, 54.6, h, exit_utc + timedelta(seconds=float(s))))
        for h, s in zip(height_m, after_s, strict=True)
    ]
    assert fall == pytest.approx(each, abs=1e-9)
    assert np.all(np.diff(fall) < 0)
    # the sun sinks by 0.4° of its own and the horizon comes up by more than 1.5°
    assert 1.7 < (fall[0] - fall[-1]) / DEG_RAD < 2.8


def test_labels_follow_the_day() -> None:
    day = light.sun_day(24.2, 54.6, date(2011, 10, 11), "Asia/Dubai")
    assert day.civil_dawn_utc is not None
    assert day.sunrise_utc is not None
    assert day.sunset_utc is not None
    assert day.civil_dusk_utc is not None
    minute = timedelta(minutes=1)
    assert light.light_label(24.2, 54.6, day.civil_dawn_utc - minute) == "night"
    assert light.light_label(24.2, 54.6, day.sunrise_utc - minute) == "civil dawn to sunrise"
    assert light.light_label(24.2, 54.6, day.sunset_utc - minute) == "day"
    assert light.light_label(24.2, 54.6, day.sunset_utc + minute) == "sunset to civil dusk"
    assert light.light_label(24.2, 54.6, day.civil_dusk_utc + minute) == "night"


def test_local_days_change_with_the_zone_and_with_the_clocks() -> None:
    start, end = light.local_day_utc(date(2011, 10, 11), "Asia/Dubai")
    assert start == datetime(2011, 10, 10, 20, tzinfo=UTC)
    assert end - start == timedelta(hours=24)
    start, end = light.local_day_utc(date(2026, 3, 29), "Europe/Berlin")
    assert end - start == timedelta(hours=23)


@given(st.floats(-90, 90), st.floats(0, 40000))
def test_the_angle_seen_grows_with_the_sun_and_never_jumps(elevation_deg: float, height_m: float) -> None:
    low, high = sun.above_visible_horizon_rad(
        np.array([elevation_deg, elevation_deg + 0.01]) * DEG_RAD, height_m
    )
    assert 0.3 * 0.01 * DEG_RAD < high - low <= 1.05 * 0.01 * DEG_RAD


@given(st.floats(-17.9, 89))
def test_light_grows_with_the_sun(elevation_deg: float) -> None:
    # a degree more is more light, across the seams of the pieces too
    low, high = light.illuminance_lux(np.array([elevation_deg, elevation_deg + 1.0]) * DEG_RAD)
    assert high > low


def test_the_pieces_of_the_light_curve_meet() -> None:
    edges = np.array([-12.0, -5.0, -0.8, 5.0, 20.0])
    below, above = (light.illuminance_lux((edges + side) * DEG_RAD) for side in (-1e-9, 1e-9))
    assert above / below == pytest.approx(np.ones(5), abs=0.011)
    assert light.illuminance_lux(-40 * DEG_RAD) == light.illuminance_lux(-18 * DEG_RAD)


def test_it_is_lighter_aloft() -> None:
    when = datetime(2011, 10, 11, 14, 0, tzinfo=UTC)
    ground, aloft = light.illuminance_aloft_lux(24.2, 54.6, np.array([0.0, 7620.0]), when)
    assert ground == pytest.approx(
        float(light.illuminance_lux(sun.sun_position(24.2, 54.6, when).elevation_rad))
    )
    assert aloft > 2 * ground


@settings(max_examples=25, deadline=None)
@given(
    st.floats(-89, 89),
    st.floats(-180, 180),
    st.floats(0, 12000),
    st.floats(-8, 8),
    st.floats(0, 6),
    st.integers(0, 364),
)
def test_inside_every_window_the_sun_is_in_the_band(
    lat: float, lon: float, height: float, low: float, width: float, day: int
) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
    got = windows(
        low, low + width, height, lat_deg=lat, lon_deg=lon, from_utc=start, to_utc=start + timedelta(days=1)
    )
    for begin, end in got:
        assert start <= begin <= end <= start + timedelta(days=1)
        seconds = np.linspace(0, (end - begin).total_seconds(), 21)
        angle = sun.sun_above_visible_horizon_rad(lat, lon, height, begin, seconds) / DEG_RAD
        assert np.all((angle >= low - 1e-3) & (angle <= low + width + 1e-3))
    inside_s = sum((end - begin).total_seconds() for begin, end in got)
    grid = sun.sun_above_visible_horizon_rad(lat, lon, height, start, np.arange(0, 86400, 10.0)) / DEG_RAD
    share_s = 10.0 * np.count_nonzero((grid >= low) & (grid <= low + width))
    assert inside_s == pytest.approx(share_s, abs=130)  # a touch within the search's minute may be missed


def test_bad_questions_are_refused() -> None:
    with pytest.raises(InputError, match="from low to high"):
        windows(1, -2, 0.0)
    with pytest.raises(InputError, match="400 days"):
        windows(-2, 1, 0.0, to_utc=DAY["from_utc"])
    with pytest.raises(InputError, match="time zone"):
        windows(-2, 1, 0.0, from_utc=datetime(2011, 10, 11))  # noqa: DTZ001
    with pytest.raises(InputError, match="no time zone"):
        sun.sun_position(24, 54, datetime(2011, 10, 11))  # noqa: DTZ001
    with pytest.raises(InputError, match="is no place"):
        windows(-2, 1, 0.0, lat_deg=91.0)
    with pytest.raises(InputError, match="up to 40 km"):
        windows(-2, 1, float("nan"))
    with pytest.raises(InputError, match="did you mean 'Asia/Dubai'"):
        light.local_day_utc(date(2011, 10, 11), "Asia/Dubay")
