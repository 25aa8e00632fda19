"""The light of the second: sun windows, sunset and dusk, daylight in lux.

Dusk is a line in time and altitude: everything that asks "when" also asks "from how high". Times are aware UTC.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onetake.errors import InputError
from onetake.seams import no_such
from onetake.units import DEG_RAD
from onetake.weather.sun import (
    HORIZONTAL_REFRACTION_RAD,
    SEMIDIAMETER_RAD,
    horizon_depression_rad,
    sun_above_visible_horizon_rad,
    sun_position,
)

Array = NDArray[np.float64]
Interval = tuple[datetime, datetime]
LightLabel = Literal["day", "sunset to civil dusk", "civil dawn to sunrise", "night"]

SUNSET_RAD = -(HORIZONTAL_REFRACTION_RAD + SEMIDIAMETER_RAD)  # upper limb on the sea-level horizon: -50'
CIVIL_RAD = -6.0 * DEG_RAD
_STEP_S = 60.0  # of the search; a crossing back and forth within it is not seen
_LONGEST_S = 400 * 86400.0

# Illuminance on level ground under a clear moonless sky: lg lux is a cubic in elevation / 90°, by its lowest
# elevation in degrees. Janiczek & DeYoung, USNO Circular 171 (1987), table 2; also Vallado (2022), table 5-1.
_LUX_FROM_DEG = np.array([-18.0, -12.0, -5.0, -0.8, 5.0, 20.0])
_LUX_CUBIC = np.array(
    [
        [13.84, 262.72, 1447.42, 2797.93],
        [2.70, 12.17, -431.69, -1899.83],
        [2.88, 21.81, -258.11, -858.36],
        [2.88, 22.26, -207.64, 1034.30],
        [3.05, 13.28, -45.98, 64.33],
        [3.74, 3.97, -4.07, 1.47],
    ]
)
LUX_SIGMA_STOPS = (
    0.5  # assumed: haze and dust under a sky without cloud; thin cloud costs one stop, stratus three
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SunDay:
    """One day's events, None where there is none (polar day, polar night)."""

    civil_dawn_utc: datetime | None
    sunrise_utc: datetime | None
    sunset_utc: datetime | None
    civil_dusk_utc: datetime | None


def sun_windows(
    lowest_rad: float,
    highest_rad: float,
    *,
    lat_deg: float,
    lon_deg: float,
    height_above_surroundings_m: float,
    from_utc: datetime,
    to_utc: datetime,
) -> tuple[Interval, ...]:
    """When the sun's centre is between two angles above the own visible horizon of a body at that height.

    UTC intervals in order, clipped to the span, ends within 0.01 s of the formula; empty where it never is.
    For a body that falls, ask at the height of the beat's start and of its end, and take what both have.
    Raises InputError for a band upside down, a span that runs backwards or is over 400 days, or no such place.
    """
    if not lowest_rad <= highest_rad:
        raise InputError(
            f"a sun band runs from low to high, not from {lowest_rad / DEG_RAD:g}° to {highest_rad / DEG_RAD:g}°"
        )

    def angle_rad(after_s: Array) -> Array:
        return sun_above_visible_horizon_rad(lat_deg, lon_deg, height_above_surroundings_m, from_utc, after_s)

    span_s = _span_s(from_utc, to_utc)
    cuts = [_crossings_s(angle_rad, level_rad, span_s) for level_rad in (lowest_rad, highest_rad)]
    edges_s = np.unique(np.concatenate([[0.0, span_s], *cuts]))
    middle_rad = angle_rad((edges_s[1:] + edges_s[:-1]) / 2.0)
    inside = (middle_rad >= lowest_rad) & (middle_rad <= highest_rad)
    windows: list[tuple[float, float]] = []
    for start_s, end_s, good in zip(edges_s[:-1], edges_s[1:], inside, strict=True):
        if good and windows and windows[-1][1] == start_s:
            windows[-1] = (windows[-1][0], end_s)
        elif good:
            windows.append((start_s, end_s))
    return tuple((_later(from_utc, start_s), _later(from_utc, end_s)) for start_s, end_s in windows)


def sun_day(
    lat_deg: float, lon_deg: float, day: date, time_zone: str, height_above_surroundings_m: float = 0.0
) -> SunDay:
    """Sunrise, sunset and civil twilight of a local calendar day, seen from that height.

    Sunrise and sunset: upper limb on the visible horizon, the almanacs' 34' and 16' at the surface. Civil dawn and
    dusk are the centre 6° down, by definition whatever the height. The first dawn and sunrise, the last sunset and
    dusk of the day. Within 4 s of DE421 at the surface to 60° (tests), before refraction's own 40 s.
    """
    from_utc, to_utc = local_day_utc(day, time_zone)
    sunset_rad = (
        SUNSET_RAD + HORIZONTAL_REFRACTION_RAD - float(horizon_depression_rad(height_above_surroundings_m))
    )

    def elevation_rad(after_s: Array) -> Array:
        return sun_position(lat_deg, lon_deg, from_utc, after_s).elevation_rad

    def find(level_rad: float, *, rising: bool) -> datetime | None:
        times_s = _crossings_s(elevation_rad, level_rad, _span_s(from_utc, to_utc), rising=rising)
        if not times_s.size:
            return None
        return _later(from_utc, float(times_s[0] if rising else times_s[-1]))

    return SunDay(
        civil_dawn_utc=find(CIVIL_RAD, rising=True),
        sunrise_utc=find(sunset_rad, rising=True),
        sunset_utc=find(sunset_rad, rising=False),
        civil_dusk_utc=find(CIVIL_RAD, rising=False),
    )


def light_label(lat_deg: float, lon_deg: float, utc: datetime) -> LightLabel:
    """What the light on the ground is called at that second: the words of the rules for night jumps."""
    now_rad, soon_rad = sun_position(lat_deg, lon_deg, utc, np.array([0.0, 1.0])).elevation_rad
    if now_rad > SUNSET_RAD:
        return "day"
    if now_rad < CIVIL_RAD:
        return "night"
    return "sunset to civil dusk" if soon_rad < now_rad else "civil dawn to sunrise"


def illuminance_lux(sun_elevation_rad: ArrayLike) -> Array:
    """Light on level ground, clear moonless sky, from the true elevation of the sun's centre; any shape.

    About 450 lux at sunset and 3.4 lux at civil dusk, where the AMS glossary has 585 to 410 and 3.5 to 2; 0.3 stop a
    minute between. The pieces meet within 1 %; held at its last value below -18°. Real skies differ:
    LUX_SIGMA_STOPS, and cloud on top of it.
    """
    elevation_deg = np.clip(np.asarray(sun_elevation_rad, float) / DEG_RAD, -18.0, 90.0)
    piece = np.clip(np.searchsorted(_LUX_FROM_DEG, elevation_deg, side="right") - 1, 0, None)
    c0, c1, c2, c3 = np.moveaxis(_LUX_CUBIC[piece], -1, 0)
    x = elevation_deg / 90.0
    return np.asarray(10.0 ** (c0 + x * (c1 + x * (c2 + x * c3))))


def illuminance_aloft_lux(
    lat_deg: float,
    lon_deg: float,
    height_above_surroundings_m: ArrayLike,
    utc: datetime,
    after_s: ArrayLike = 0.0,
) -> Array:
    """Light on a level surface at that height and time, clear sky; shapes broadcast.

    Assumed: a body whose own horizon lies lower has the light that the ground has with the sun that much higher.
    Right on the horizon itself; the sky's share is darker aloft, so take half a stop of doubt.
    """
    elevation = sun_position(lat_deg, lon_deg, utc, after_s).elevation_rad
    return illuminance_from_lux(elevation, height_above_surroundings_m)


def illuminance_from_lux(sun_elevation_rad: ArrayLike, height_above_surroundings_m: ArrayLike) -> Array:
    """The same from the true elevation of the sun's centre; shapes broadcast."""
    gained = horizon_depression_rad(height_above_surroundings_m) - HORIZONTAL_REFRACTION_RAD
    return illuminance_lux(np.asarray(sun_elevation_rad, float) + gained)


def local_day_utc(day: date, time_zone: str) -> Interval:
    """First and last instant of a local calendar day; 23 or 25 hours apart when the clocks change."""
    if time_zone not in available_timezones():
        zones = tuple(sorted(name for name in available_timezones() if "/" in name))
        near = no_such(time_zone, zones, "time zone").partition("there is:")[0]
        raise InputError(f"{near}write one of the IANA names, such as 'Asia/Dubai' or 'UTC'")
    zone = ZoneInfo(time_zone)
    start = datetime.combine(day, time(), zone)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def _crossings_s(
    angle_rad: Callable[[Array], Array], level_rad: float, span_s: float, *, rising: bool | None = None
) -> Array:
    """Seconds at which the angle passes a level, in order; upwards or downwards only where asked."""
    grid_s = np.linspace(0.0, span_s, 2 + int(span_s // _STEP_S))
    over = angle_rad(grid_s) >= level_rad
    change = np.flatnonzero(over[1:] != over[:-1])
    if rising is not None:
        change = change[over[1:][change] == rising]
    low_s, high_s, first = grid_s[change], grid_s[change + 1], over[change]
    for _ in range(14):  # 60 s halved fourteen times is 4 ms
        middle_s = (low_s + high_s) / 2.0
        same = (angle_rad(middle_s) >= level_rad) == first
        low_s, high_s = np.where(same, middle_s, low_s), np.where(same, high_s, middle_s)
    return np.asarray((low_s + high_s) / 2.0)


def _span_s(from_utc: datetime, to_utc: datetime) -> float:
    if from_utc.tzinfo is None or to_utc.tzinfo is None:
        raise InputError("the ends of a span of time need a time zone; times at the edges are aware UTC")
    span_s = (to_utc - from_utc).total_seconds()
    if not 0.0 < span_s <= _LONGEST_S:
        raise InputError(
            f"a span from {from_utc} to {to_utc} cannot be searched; give one of at most 400 days"
        )
    return span_s


def _later(utc: datetime, after_s: float) -> datetime:
    return utc.astimezone(UTC) + timedelta(seconds=float(after_s))
