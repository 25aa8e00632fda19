"""Where the sun stands, and how high above one's own visible horizon.

Angles in radians; azimuth from true north through east. Elevation is of the sun's centre. `true` means without
refraction, from a point on the ground; `above the visible horizon` means as the eye sees it, from its own height.

The sea-level horizon is one thing and the horizon of a body at 25,000 ft another: that one lies 2.6° lower, and
the light that grazes it was bent twice as long, so the sun stays in sight until it is 3.6° down, 12 minutes after
it set on the ground below. Refraction there changes from day to day by 0.16° (1 sigma; Schaefer & Liller 1990,
PASP 102, 796), about 40 s of sunset: no time computed here is better than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onetake.errors import InputError
from onetake.units import DEG_RAD

Array = NDArray[np.float64]

ARCMIN_RAD = DEG_RAD / 60.0
HORIZONTAL_REFRACTION_RAD = 34.0 * ARCMIN_RAD  # the almanacs' convention
SEMIDIAMETER_RAD = 16.0 * ARCMIN_RAD  # the same convention; 15.7' to 16.3' through the year
HORIZON_SIGMA_RAD = (
    0.16 * DEG_RAD
)  # day to day, Schaefer & Liller 1990; sunsets alone 0.11°, Sampson et al. 2003
HIGHEST_M = 40000.0

_DIP_RAD = 1.76 * ARCMIN_RAD  # times sqrt(height m): dip of the sea horizon with terrestrial refraction
_DEPRESSION_RAD = 2.076 * ARCMIN_RAD  # times sqrt(height m): dip and the bending between horizon and eye

_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_DAY_S = 86400.0
_TT_MINUS_UTC_S = 69.2  # since 2017; a minute of it moves the sun by 0.0007°
_PARALLAX_RAD = 8.794 / 3600.0 * DEG_RAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Sun:
    """Direction of the sun's centre without refraction; arrays of the shape asked for."""

    elevation_rad: Array
    azimuth_rad: Array


def sun_position(lat_deg: float, lon_deg: float, utc: datetime, after_s: ArrayLike = 0.0) -> Sun:
    """The sun seen from the ground at `utc` plus each of `after_s` (any shape).

    Meeus, Astronomical Algorithms (1998), ch. 25, lower accuracy, with the larger perturbations and parallax:
    within 0.006° of JPL's DE421 from 2000 to 2050 (tests). Raises InputError for a time without a zone or a place that is not on Earth.
    """
    _check_place(lat_deg, lon_deg)
    seconds = _since_j2000_s(utc) + np.asarray(after_s, float)
    right_ascension, declination = _equatorial(seconds + _TT_MINUS_UTC_S)
    hour_angle = _sidereal_rad(seconds) + np.radians(lon_deg) - right_ascension
    lat = np.radians(lat_deg)
    east = -np.cos(declination) * np.sin(hour_angle)
    north = np.sin(declination) * np.cos(lat) - np.cos(declination) * np.cos(hour_angle) * np.sin(lat)
    up = np.sin(declination) * np.sin(lat) + np.cos(declination) * np.cos(hour_angle) * np.cos(lat)
    elevation = np.arctan2(up, np.hypot(east, north))
    return Sun(
        elevation_rad=np.asarray(elevation - _PARALLAX_RAD * np.cos(elevation)),
        azimuth_rad=np.asarray(np.arctan2(east, north) % (2.0 * np.pi)),
    )


def _equatorial(terrestrial_s: Array) -> tuple[Array, Array]:
    """Apparent right ascension and declination, Meeus eq. 25.2 to 25.8."""
    century = terrestrial_s / (36525.0 * _DAY_S)
    mean = np.radians(280.46646 + century * (36000.76983 + century * 0.0003032))
    anomaly = np.radians(357.52911 + century * (35999.05029 - century * 0.0001537))
    centre = (
        (1.914602 - century * (0.004817 + century * 0.000014)) * np.sin(anomaly)
        + (0.019993 - century * 0.000101) * np.sin(2 * anomaly)
        + 0.000289 * np.sin(3 * anomaly)
    )
    node = np.radians(125.04 - century * 1934.136)
    longitude = mean + np.radians(centre + _perturbation_deg(century) - 0.00569 - 0.00478 * np.sin(node))
    obliquity = np.radians(23.4392911 - century * 0.0130042 + 0.00256 * np.cos(node))
    declination = np.arcsin(np.sin(obliquity) * np.sin(longitude))
    return np.arctan2(np.cos(obliquity) * np.sin(longitude), np.cos(longitude)), declination


def _perturbation_deg(century: Array) -> Array:
    """Pull of Venus (two terms), Jupiter and the Moon, and one of long period: halves the error of the rest.

    Meeus, Astronomical Formulae for Calculators (1979), ch. 18; its centuries count from 1900.
    """
    since_1900 = century + 1.0
    venus = 0.00134 * np.cos(np.radians(153.23 + 22518.7541 * since_1900))
    venus = venus + 0.00154 * np.cos(np.radians(216.57 + 45037.5082 * since_1900))
    jupiter = 0.00200 * np.cos(np.radians(312.69 + 32964.3577 * since_1900))
    moon = 0.00179 * np.sin(np.radians(350.74 + 445267.1142 * since_1900 - 0.00144 * since_1900**2))
    slow = 0.00178 * np.sin(np.radians(231.19 + 20.20 * since_1900))
    return np.asarray(venus + jupiter + moon + slow)


def _sidereal_rad(universal_s: Array) -> Array:
    """Apparent sidereal time at Greenwich; UTC is taken for UT1 (at most 0.9 s, 0.004°)."""
    day = universal_s / _DAY_S
    node = np.radians(125.04 - day * 1934.136 / 36525.0)
    # Meeus eq. 12.4 and the main term of nutation in right ascension
    return np.asarray(
        np.radians(280.46061837 + 360.98564736629 * day - 0.00478 * np.sin(node) * np.cos(0.40909))
    )


def horizon_dip_rad(height_above_surroundings_m: ArrayLike) -> Array:
    """How far below level the visible horizon lies: 1.76' (0.0293°) times the root of the height in metres.

    With standard terrestrial refraction (Bowditch, table 14, in metres); 2.56° at 25,000 ft, where a ray traced
    through the standard atmosphere gives 2.61°. Any shape; zero at and below the surroundings.
    """
    return _DIP_RAD * _root(height_above_surroundings_m)


def horizon_depression_rad(height_above_surroundings_m: ArrayLike) -> Array:
    """How far below level the sun's centre truly is when it is seen on the visible horizon.

    34' + 2.076' times the root of the height in metres: dip, refraction to the horizon, and refraction again from
    the horizon up to the eye. Within 0.02° of rays traced through the standard atmosphere up to 15 km (tests).
    Taking 34' and the dip alone would lose 1.8 minutes of sun at 25,000 ft.
    """
    return HORIZONTAL_REFRACTION_RAD + _DEPRESSION_RAD * _root(height_above_surroundings_m)


def above_visible_horizon_rad(elevation_rad: ArrayLike, height_above_surroundings_m: ArrayLike) -> Array:
    """Apparent angle of the sun's centre above one's own visible horizon, from its true elevation.

    Shapes broadcast. On the horizon both refraction and dip count in full; higher up refraction fades, so that a
    degree of true elevation is less than a degree as seen (the flattened sun). The fading is a fit to rays traced
    through the standard atmosphere (tests: within 0.02° to 12.5 km). Below the horizon there is no ray to trace: the
    angle goes on degree by degree, so that it can bound the dusk.
    """
    lifted = np.asarray(elevation_rad, float) + horizon_depression_rad(height_above_surroundings_m)
    root_km = _root(height_above_surroundings_m) / np.sqrt(1000.0)
    bent = horizon_depression_rad(height_above_surroundings_m) - horizon_dip_rad(height_above_surroundings_m)
    over_deg = np.maximum(lifted, 0.0) / DEG_RAD
    fade = 1.0 / (1.0 + (0.344 + 0.011 * root_km) * over_deg + (0.022 + 0.014 * root_km**2) * over_deg**2)
    return np.asarray(lifted - bent * (1.0 - fade))


def sun_above_visible_horizon_rad(
    lat_deg: float,
    lon_deg: float,
    height_above_surroundings_m: ArrayLike,
    utc: datetime,
    after_s: ArrayLike = 0.0,
) -> Array:
    """Apparent angle of the sun's centre above the visible horizon of a body at that height and time.

    Height and `after_s` (seconds after `utc`) broadcast, so that a whole fall is one call. The horizon is taken to
    lie at the height from which the body's own is measured. Raises InputError as `sun_position` does.
    """
    elevation = sun_position(lat_deg, lon_deg, utc, after_s).elevation_rad
    return above_visible_horizon_rad(elevation, height_above_surroundings_m)


def _root(height_above_surroundings_m: ArrayLike) -> Array:
    height = np.asarray(height_above_surroundings_m, float)
    if not np.all(height <= HIGHEST_M):  # also refuses NaN
        raise InputError(
            f"a horizon can be told up to {HIGHEST_M / 1000:.0f} km above it, not {np.max(height):g} m"
        )
    return np.asarray(np.sqrt(np.maximum(height, 0.0)))


def _since_j2000_s(utc: datetime) -> float:
    if utc.tzinfo is None:
        raise InputError(f"{utc} has no time zone; times at the edges are aware UTC")
    return (utc - _J2000).total_seconds()


def _check_place(lat_deg: float, lon_deg: float) -> None:
    if not (-90.0 <= lat_deg <= 90.0 and -360.0 <= lon_deg <= 360.0):
        raise InputError(
            f"{lat_deg:g}, {lon_deg:g} is no place; write latitude -90 to 90 and longitude -180 to 180"
        )
