"""Sun, dusk and horizon against skyfield (JPL DE421), astral, published tables and traced rays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from against.sun import PLACES, Sky, trace
from against.sun import sky as opened_sky

from onetake.units import DEG_RAD
from onetake.weather import light, sun


@pytest.fixture(scope="module")
def sky() -> Iterator[Sky]:
    with opened_sky() as oracle:
        yield oracle


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("year", [2011, 2026, 2045])
def test_position_against_de421(sky: Sky, place: str, year: int) -> None:
    lat, lon, _ = PLACES[place]
    start = datetime(year, 1, 1, tzinfo=UTC)
    after_s = np.arange(0, 365 * 24, 37.3) * 3600.0
    times = sky.timescale.from_datetimes([start + timedelta(seconds=float(s)) for s in after_s])
    observer = sky.ephemeris["earth"] + sky.wgs84.latlon(lat, lon)
    elevation, azimuth, _ = observer.at(times).observe(sky.ephemeris["sun"]).apparent().altaz()
    got = sun.sun_position(lat, lon, start, after_s)
    assert np.degrees(got.elevation_rad) == pytest.approx(
        elevation.degrees, abs=0.006
    )  # asked for dusk: 20 s, 0.07°
    turn = (np.degrees(got.azimuth_rad) - azimuth.degrees + 180.0) % 360.0 - 180.0
    assert np.max(np.abs(turn * np.cos(elevation.radians))) < 0.006


# local times at 24.4N 54.4E, 15th of the month 2026, made with skyfield and DE421: sunset, civil dusk
ABU_DHABI = {1: ("17:55:33", "18:19:58"), 3: ("18:31:17", "18:54:00"), 6: ("19:12:06", "19:37:43"),
             9: ("18:26:26", "18:49:12"), 12: ("17:36:34", "18:01:26")}  # fmt: skip


@pytest.mark.parametrize("month", ABU_DHABI)
def test_abu_dhabi_almanac(month: int) -> None:
    got = light.sun_day(24.4, 54.4, date(2026, month, 15), "Asia/Dubai")
    for event, text in zip((got.sunset_utc, got.civil_dusk_utc), ABU_DHABI[month], strict=True):
        want = datetime.fromisoformat(f"2026-{month:02d}-15T{text}+04:00")
        assert event is not None
        assert abs((event - want).total_seconds()) < 5.0


def test_astral_agrees() -> None:
    # astral 3.2: measured 14 s off DE421 at sunset and 19 s at dusk
    from astral import Observer
    from astral.sun import dusk, sunset

    for month in range(1, 13):
        day = date(2026, month, 15)
        got = light.sun_day(24.4, 54.4, day, "Asia/Dubai")
        observer = Observer(24.4, 54.4, 0.0)
        assert got.sunset_utc is not None
        assert got.civil_dusk_utc is not None
        assert abs((got.sunset_utc - sunset(observer, day)).total_seconds()) < 25
        assert abs((got.civil_dusk_utc - dusk(observer, day, depression=6)).total_seconds()) < 25


def test_level_sun_is_lifted_as_the_almanacs_say() -> None:
    # sea level: 34' on the horizon (all almanacs); Bennett (1982), J. Navigation 35, 255 above it, to 2'
    true_deg = np.array([-34 / 60, 0.0, 0.5, 1.0, 2.0, 5.0, 10.0])
    apparent_deg = np.degrees(sun.above_visible_horizon_rad(np.radians(true_deg), 0.0))
    bennett_deg = 1.0 / np.tan(np.radians(apparent_deg + 7.31 / (apparent_deg + 4.4))) / 60.0
    assert apparent_deg - true_deg == pytest.approx(bennett_deg, abs=2 / 60)
    assert apparent_deg[0] == pytest.approx(0.0, abs=1e-9)


# ---- rays traced through the standard atmosphere: the ground under the closed formulas


@pytest.mark.parametrize("height", [1.0, 600.0, 2000.0, 4000.0, 7620.0, 10000.0, 15000.0])
def test_depression_is_what_a_grazing_ray_does(height: float) -> None:
    dip, refraction = trace(height, 1e-9)
    # 34' is for 10 °C; the standard 15 °C gives 33.1', hence 0.02°
    assert float(sun.horizon_depression_rad(height)) == pytest.approx(dip + refraction, abs=0.02 * DEG_RAD)
    assert float(sun.horizon_dip_rad(height)) == pytest.approx(dip, rel=0.04)


@pytest.mark.parametrize("height", [1.0, 600.0, 2000.0, 4000.0, 7620.0, 10000.0, 12500.0])
@pytest.mark.parametrize("over_deg", [0.1, 0.5, 1.0, 2.0, 4.0, 8.0])
def test_above_the_horizon_is_what_the_rays_do(height: float, over_deg: float) -> None:
    _, on_horizon = trace(height, 1e-9)
    dip, refraction = trace(height, over_deg * DEG_RAD)
    # from the horizon itself, so that the 34' of the almanacs drop out: how far the true sun rose meanwhile
    rise = over_deg * DEG_RAD + on_horizon - refraction
    got = sun.above_visible_horizon_rad(rise - float(sun.horizon_depression_rad(height)), height)
    # 0.02° of the fit; and the share of the dip that the 1.76' leave to refraction, up to 0.06° at 35,000 ft
    share = abs(dip - float(sun.horizon_dip_rad(height)))
    assert float(got) == pytest.approx(over_deg * DEG_RAD, abs=0.02 * DEG_RAD + share)


# Janiczek & DeYoung (1987) and the AMS glossary: civil twilight runs from 585-410 lux to 3.5-2 lux
@pytest.mark.parametrize(("elevation_deg", "low", "high"), [(-50 / 60, 410, 585), (-6, 2, 3.5)])
def test_civil_twilight_lux(elevation_deg: float, low: float, high: float) -> None:
    assert low <= float(light.illuminance_lux(elevation_deg * DEG_RAD)) <= high


# Haurwitz (1945) clear sky, at 93 to 110 lux per W/m2: 66 W/m2 at +6°, and full sun at the zenith about 128,000 lux
@pytest.mark.parametrize(("elevation_deg", "low", "high"), [(6, 66 * 80, 66 * 115), (90, 110_000, 135_000)])
def test_daylight_lux(elevation_deg: float, low: float, high: float) -> None:
    assert low <= float(light.illuminance_lux(elevation_deg * DEG_RAD)) <= high
