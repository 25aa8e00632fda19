"""Sun, dusk and horizon against skyfield (JPL DE421) and rays traced through the standard atmosphere."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from against.flown import Array
from against.row import Row, equal, near
from onetake.units import DEG_RAD, FT_M
from onetake.weather import light, sun
from onetake.weather.atmosphere import isa

ORDER = 11
TITLE = "Sun and dusk"
TEXT = """
Four places from 33°S to 78°N, the 15th of twelve months of 2026. Seen from high up the horizon lies lower; how much is a
ray traced through the standard atmosphere, and when the sun is there is skyfield's.
"""

PLACES = {
    "Abu Dhabi": (24.4, 54.4, "Asia/Dubai"),
    "Helsinki": (60.0, 25.0, "Europe/Helsinki"),
    "Longyearbyen": (78.2, 15.6, "Arctic/Longyearbyen"),
    "Santiago": (-33.0, -70.0, "America/Santiago"),
}
DAYS = [date(2026, month, 15) for month in range(1, 13)]
RADIUS_M = 6371008.8  # mean radius, IUGG
TOP_M = 85990.0


class Sky(NamedTuple):
    """skyfield, loaded once."""

    timescale: Any
    ephemeris: Any
    wgs84: Any
    almanac: Any


@contextmanager
def sky() -> Iterator[Sky]:
    """The oracle, with its file of positions open."""
    from skyfield import almanac
    from skyfield.api import Loader, wgs84
    from skyfield_data import get_skyfield_data_path

    with warnings.catch_warnings():
        # its table of Earth rotation ends; the built-in one is used
        warnings.simplefilter("ignore", RuntimeWarning)
        loader = Loader(get_skyfield_data_path(), verbose=False)
    ephemeris = loader("de421.bsp")
    yield Sky(loader.timescale(builtin=True), ephemeris, wgs84, almanac)
    ephemeris.close()


def events(
    oracle: Sky, lat: float, lon: float, start: datetime, end: datetime, degrees: float
) -> tuple[datetime | None, datetime | None]:
    """First time the centre rises and last time it sets through a true elevation, by skyfield's own search."""
    place = oracle.wgs84.latlon(lat, lon)
    search = oracle.almanac.risings_and_settings(
        oracle.ephemeris, oracle.ephemeris["sun"], place, horizon_degrees=degrees, radius_degrees=0
    )
    search.step_days = 0.01  # its own quarter of a day steps over the shortest nights
    times, up = oracle.almanac.find_discrete(
        oracle.timescale.from_datetime(start), oracle.timescale.from_datetime(end), search
    )
    stamps = [stamp.utc_datetime() for stamp in times]
    rising = [stamp for stamp, flag in zip(stamps, up, strict=True) if flag]
    setting = [stamp for stamp, flag in zip(stamps, up, strict=True) if not flag]
    return (rising[0] if rising else None), (setting[-1] if setting else None)


def index(altitude_m: Array) -> Array:
    """Refractive index at 0.57 µm: 2.782e-4 above one at 15 °C and 1013.25 hPa (Ciddor 1996), by density."""
    return 1.0 + 2.7826e-4 / 1.225 * isa(altitude_m).density_kg_m3


def bending_rad(low_m: float, high_m: float, invariant: float) -> float:
    """Integral of -dn/n tan(z) along the ray of one invariant n r cos(e), between two heights."""
    root = np.sqrt(high_m - low_m)
    s = (np.arange(4000) + 0.5) * root / 4000
    z = low_m + s * s  # takes the singularity out of a ray that starts level
    n = index(z)
    slope = index(z + 0.5) - index(z - 0.5)
    climb = np.sqrt(np.maximum((n * (RADIUS_M + z)) ** 2 - invariant**2, 1e-9))
    return float(np.sum(-slope / n * invariant / climb * 2.0 * s * root / 4000))


def trace(height_m: float, over_horizon_rad: float) -> tuple[float, float]:
    """Dip of the horizon, and refraction of a ray seen so far above it; both radians."""
    seen, ground = float(index(np.array(height_m))), float(index(np.array(0.0)))
    dip = float(np.arccos(ground * RADIUS_M / (seen * (RADIUS_M + height_m))))
    apparent = over_horizon_rad - dip
    invariant = seen * (RADIUS_M + height_m) * np.cos(apparent)
    if apparent >= 0:
        return dip, bending_rad(height_m, TOP_M, invariant)
    low, high = 0.0, height_m  # the lowest point of the ray
    for _ in range(60):
        middle = (low + high) / 2
        below = float(index(np.array(middle))) * (RADIUS_M + middle) < invariant
        low, high = (middle, high) if below else (low, middle)
    return dip, 2 * bending_rad(low, height_m, invariant) + bending_rad(height_m, TOP_M, invariant)


@cache
def compared() -> tuple[Array, int, int, int, Array]:
    """Seconds ours is later than skyfield's, at the surface; how many events only one has, both lack, and there are;

    seconds that sunset seen from 10,000 and 25,000 ft is later, Abu Dhabi.
    """
    off: list[float] = []
    only_one = neither = count = 0
    aloft: list[float] = []
    with sky() as oracle:
        for lat, lon, zone in PLACES.values():
            for day in DAYS:
                start, end = light.local_day_utc(day, zone)
                got = light.sun_day(lat, lon, day, zone)
                theirs = (
                    *events(oracle, lat, lon, start, end, -50 / 60),
                    *events(oracle, lat, lon, start, end, -6.0),
                )
                ours = (got.sunrise_utc, got.sunset_utc, got.civil_dawn_utc, got.civil_dusk_utc)
                for our, their in zip(ours, theirs, strict=True):
                    count += 1
                    only_one += (our is None) != (their is None)
                    neither += our is None and their is None
                    if our is not None and their is not None:
                        off.append((our - their).total_seconds())
        lat, lon, zone = PLACES["Abu Dhabi"]
        for feet in (10000, 25000):
            dip, bent = trace(feet * FT_M, 1e-9)
            lowest = -np.degrees(dip + bent) - 16 / 60  # the upper limb on the horizon
            for day in DAYS:
                _, their = events(oracle, lat, lon, *light.local_day_utc(day, zone), lowest)
                our = light.sun_day(lat, lon, day, zone, feet * FT_M).sunset_utc
                assert our is not None
                assert their is not None
                aloft.append((our - their).total_seconds())
    return np.array(off), only_one, neither, count, np.array(aloft)


def rows(data: Path) -> Iterator[Row]:
    """Every comparison of this part."""
    source = "skyfield, DE421"
    off, only_one, neither, count, aloft = compared()
    yield near(
        "Sunrise, sunset, civil dawn and dusk at the surface, seconds after theirs", source, off, 0.0, limit=20.0,
        unit="s", kind="computed",
    )  # fmt: skip
    assert neither > 0  # polar day and night are among them
    yield equal(
        f"Whether there is such an event; {neither} have none (polar day and night)", source, only_one, count
    )
    yield near(
        "Sunset seen from 10,000 and 25,000 ft, seconds after theirs", f"{source}, with a traced horizon", aloft,
        0.0, limit=20.0, unit="s", kind="computed",
    )  # fmt: skip
    lat, lon, _ = PLACES["Abu Dhabi"]
    start, after_s = datetime(2026, 1, 1, tzinfo=UTC), np.arange(0, 365 * 24, 37.3) * 3600.0
    with sky() as oracle:
        times = oracle.timescale.from_datetimes([start + timedelta(seconds=float(s)) for s in after_s])
        observer = oracle.ephemeris["earth"] + oracle.wgs84.latlon(lat, lon)
        elevation, _, _ = observer.at(times).observe(oracle.ephemeris["sun"]).apparent().altaz()
    ours = np.degrees(sun.sun_position(lat, lon, start, after_s).elevation_rad)
    yield near(
        "Elevation of the sun, degrees",
        source,
        ours,
        elevation.degrees,
        limit=0.07,
        unit="°",
        kind="computed",
    )
    feet = np.array([2000, 10000, 15000, 25000, 30000, 35000])
    yield near(
        "Dip of the sea horizon, 2,000 to 35,000 ft, degrees", "Bowditch, table 14", sun.horizon_dip_rad(feet * FT_M) / DEG_RAD,
        [0.72, 1.62, 1.98, 2.56, 2.80, 3.03], limit=0.006, unit="°", kind="computed",
    )  # fmt: skip
