"""The standard atmosphere, gravity, and the speeds and altitudes an aircraft's instruments show.

US Standard Atmosphere 1976, which is the ICAO and ISO 2533 atmosphere below 32 km. Altitudes are geometric
metres above mean sea level unless the name says geopotential or pressure. It is for where no sounding reaches,
for pressure altitude, and for tests: a jump uses the sounding's own temperature and pressure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onetake.errors import InputError
from onetake.units import G0_M_S2

Array = NDArray[np.float64]

EARTH_RADIUS_M = 6356766.0  # nominal, USSA 1976 p. 4 and ISO 2533 §2.3
GAS_CONSTANT_J_KG_K = 287.05287  # dry air: 8314.32 / 28.964420, ISO 2533 §2.1; USSA 1976 rounds the 28.9644
HEAT_RATIO = 1.4  # exact by definition, USSA 1976
SEA_LEVEL_PA = 101325.0
SEA_LEVEL_K = 288.15
SEA_LEVEL_KG_M3 = SEA_LEVEL_PA / (GAS_CONSTANT_J_KG_K * SEA_LEVEL_K)
LOWEST_MSL_M, HIGHEST_MSL_M = (
    -5000.0,
    86000.0,
)  # ISO 2533 starts at -5 km; above 86 km air is no ideal gas mixture

# foot of each layer in geopotential metres, and its lapse in K per geopotential metre: USSA 1976 table 4
_FOOT_M = np.array([0.0, 11000.0, 20000.0, 32000.0, 47000.0, 51000.0, 71000.0])
_LAPSE_K_M = np.array([-0.0065, 0.0, 0.001, 0.0028, 0.0, -0.0028, -0.002])
_HYDROSTATIC_K_M = G0_M_S2 / GAS_CONSTANT_J_KG_K

_WATER_TO_AIR = 18.01528 / 28.964420  # molar masses

# normal gravity of the WGS84 ellipsoid: NIMA TR8350.2, third edition, tables 3.1 to 3.4
_EQUATOR_M_S2 = 9.7803253359
_SOMIGLIANA = 0.00193185265241
_ECCENTRICITY2 = 6.69437999014e-3
_FLATTENING = 1.0 / 298.257223563
_SEMI_MAJOR_M = 6378137.0
_CENTRIFUGAL = 0.00344978650684


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardAir:
    """Air of the standard atmosphere; arrays of the shape asked for."""

    temperature_k: Array
    pressure_pa: Array
    density_kg_m3: Array


def _layer_feet() -> tuple[Array, Array]:
    """Temperature K and pressure Pa at the foot of each layer, from the ground up."""
    temperature_k, pressure_pa = [SEA_LEVEL_K], [SEA_LEVEL_PA]
    for depth_m, lapse_k_m in zip(np.diff(_FOOT_M), _LAPSE_K_M, strict=False):
        foot_k = temperature_k[-1]
        temperature_k.append(foot_k + lapse_k_m * depth_m)
        ratio = temperature_k[-1] / foot_k
        thins = (
            ratio ** (-_HYDROSTATIC_K_M / lapse_k_m)
            if lapse_k_m
            else np.exp(-_HYDROSTATIC_K_M * depth_m / foot_k)
        )
        pressure_pa.append(pressure_pa[-1] * float(thins))
    return np.array(temperature_k), np.array(pressure_pa)


_FOOT_K, _FOOT_PA = _layer_feet()


def geopotential_from_geometric(altitude_msl_m: ArrayLike) -> Array:
    """Geopotential metres of geometric metres: R z / (R + z), any shape."""
    altitude = np.asarray(altitude_msl_m, float)
    return np.asarray(EARTH_RADIUS_M * altitude / (EARTH_RADIUS_M + altitude))


def geometric_from_geopotential(geopotential_m: ArrayLike) -> Array:
    """Geometric metres of geopotential metres: R H / (R - H), any shape."""
    height = np.asarray(geopotential_m, float)
    return np.asarray(EARTH_RADIUS_M * height / (EARTH_RADIUS_M - height))


def isa(altitude_msl_m: ArrayLike) -> StandardAir:
    """Temperature K, pressure Pa and density kg/m3 at geometric altitudes of any shape.

    Within 1e-5 of the printed tables of USSA 1976 and ICAO Doc 7488. Raises InputError outside -5 to 86 km.
    """
    altitude = np.asarray(altitude_msl_m, float)
    inside = (altitude >= LOWEST_MSL_M) & (altitude <= HIGHEST_MSL_M)
    if not inside.all():
        wrong = altitude[~inside].flat[0] if altitude.shape else float(altitude)
        raise InputError(f"the standard atmosphere is defined from -5 to 86 km; {wrong:g} m was asked for")
    height = geopotential_from_geometric(altitude)
    layer = np.clip(np.searchsorted(_FOOT_M, height, side="right") - 1, 0, None)
    foot_k, lapse, depth = _FOOT_K[layer], _LAPSE_K_M[layer], height - _FOOT_M[layer]
    temperature = foot_k + lapse * depth
    isothermal = lapse == 0.0
    exponent = np.where(isothermal, 0.0, -_HYDROSTATIC_K_M / np.where(isothermal, 1.0, lapse))
    thins = np.where(
        isothermal, np.exp(-_HYDROSTATIC_K_M * depth / foot_k), np.power(temperature / foot_k, exponent)
    )
    pressure = _FOOT_PA[layer] * thins
    return StandardAir(
        temperature_k=np.asarray(temperature),
        pressure_pa=np.asarray(pressure),
        density_kg_m3=np.asarray(pressure / (GAS_CONSTANT_J_KG_K * temperature)),
    )


def pressure_altitude_m(pressure_pa: ArrayLike) -> Array:
    """What an altimeter set to 1013.25 hPa shows: geopotential metres in the standard atmosphere, any shape.

    Flight levels are this, in hundreds of feet: altimeters are scaled in geopotential, which is 9 m less
    than geometric at FL250. Raises InputError for pressures outside the standard atmosphere's.
    """
    pressure = np.asarray(pressure_pa, float)
    lowest, highest = isa(HIGHEST_MSL_M).pressure_pa, isa(LOWEST_MSL_M).pressure_pa
    inside = (pressure >= lowest) & (pressure <= highest)
    if not inside.all():
        wrong = pressure[~inside].flat[0] if pressure.shape else float(pressure)
        raise InputError(
            f"{wrong:g} Pa is no pressure of the standard atmosphere; expected {lowest:.1f} to {highest:.0f}"
        )
    layer = np.clip(np.searchsorted(-_FOOT_PA, -pressure, side="right") - 1, 0, None)
    foot_k, lapse = _FOOT_K[layer], _LAPSE_K_M[layer]
    ln_ratio = np.log(pressure / _FOOT_PA[layer])
    isothermal = lapse == 0.0
    warmed_k = foot_k * np.expm1(-ln_ratio * lapse / _HYDROSTATIC_K_M)
    depth = np.where(
        isothermal, -ln_ratio * foot_k / _HYDROSTATIC_K_M, warmed_k / np.where(isothermal, 1.0, lapse)
    )
    return np.asarray(_FOOT_M[layer] + depth)


def pressure_at_pressure_altitude_pa(pressure_altitude_m: ArrayLike) -> Array:
    """Pressure Pa of a pressure altitude in (geopotential) metres, so of a flight level; any shape."""
    return isa(geometric_from_geopotential(pressure_altitude_m)).pressure_pa


def density_kg_m3(pressure_pa: ArrayLike, virtual_temperature_k: ArrayLike) -> Array:
    """Density of air, ideal gas, from its virtual temperature, which for dry air is its own; shapes broadcast.

    Within 0.1 % of CIPM-2007, which has real gases in it (tests).
    """
    return np.asarray(
        np.asarray(pressure_pa, float) / (GAS_CONSTANT_J_KG_K * np.asarray(virtual_temperature_k, float))
    )


def saturation_pressure_pa(temperature_k: ArrayLike) -> Array:
    """Vapour pressure over water, any shape: WMO-No. 8 (2018), annex 4.B, eq. (4.B.1), good from -45 to 60 °C."""
    celsius = np.asarray(temperature_k, float) - 273.15
    return np.asarray(611.2 * np.exp(17.62 * celsius / (243.12 + celsius)))


def virtual_temperature_k(
    pressure_pa: ArrayLike, temperature_k: ArrayLike, relative_humidity: ArrayLike
) -> Array:
    """The temperature at which dry air would be as thin as this moist air; shapes broadcast.

    T / (1 - (1 - ε) e/p), ε = 0.62198 the ratio of the molar masses of water and dry air (WMO-No. 8, annex 4.B),
    relative_humidity 0-1 over water. Saturated air at 30 °C and 1,013 hPa is 1.6 % thinner than dry air; at -20 °C
    0.05 %. Vapour above a tenth of the pressure is no air anybody falls through, and is taken as a tenth.
    """
    temperature = np.asarray(temperature_k, float)
    humidity = np.clip(np.asarray(relative_humidity, float), 0.0, 1.0)
    vapour = np.minimum(humidity * saturation_pressure_pa(temperature) / np.asarray(pressure_pa, float), 0.1)
    return np.asarray(temperature / (1.0 - (1.0 - _WATER_TO_AIR) * vapour))


def speed_of_sound_m_s(temperature_k: ArrayLike) -> Array:
    """Speed of sound in dry air, any shape."""
    return np.sqrt(HEAT_RATIO * GAS_CONSTANT_J_KG_K * np.asarray(temperature_k, float))


def true_airspeed_m_s(equivalent_airspeed_m_s: ArrayLike, density_kg_m3: ArrayLike) -> Array:
    """True from equivalent airspeed. Taking indicated for equivalent is 0.9 % high at 140 kt and 25,000 ft."""
    ratio = SEA_LEVEL_KG_M3 / np.asarray(density_kg_m3, float)
    return np.asarray(np.asarray(equivalent_airspeed_m_s, float) * np.sqrt(ratio))


def equivalent_airspeed_m_s(true_airspeed_m_s: ArrayLike, density_kg_m3: ArrayLike) -> Array:
    """Equivalent from true airspeed: the speed at sea level with the same dynamic pressure."""
    ratio = np.asarray(density_kg_m3, float) / SEA_LEVEL_KG_M3
    return np.asarray(np.asarray(true_airspeed_m_s, float) * np.sqrt(ratio))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gravity:
    """Gravity about a height: g (1 - gradient z + gradient2 z²) at z metres above it."""

    gravity_m_s2: float
    gradient_per_m: float
    gradient2_per_m2: float


def gravity_about(lat_rad: float, height_wgs84_m: float) -> Gravity:
    """Gravity at a height and how it falls off above, from the formula of `gravity_m_s2`, which is a parabola."""
    below, here, above = (float(gravity_m_s2(lat_rad, height_wgs84_m + step)) for step in (-1e4, 0.0, 1e4))
    return Gravity(
        gravity_m_s2=here,
        gradient_per_m=(below - above) / (2e4 * here),
        gradient2_per_m2=(below - 2 * here + above) / (2e8 * here),
    )


def gravity_m_s2(lat_rad: ArrayLike, height_wgs84_m: ArrayLike) -> Array:
    """Gravity along the plumb line, m/s2, shapes broadcast.

    Somigliana's closed formula on the WGS84 ellipsoid and the second-order free-air term, NIMA TR8350.2
    eq. 4-1 and 4-3: below 1e-6 m/s2 of the exact normal field to 20 km. It already holds the centrifugal part
    of the Earth's turning, so motion relative to the ground needs Coriolis beside it, nothing else.
    """
    sin2 = np.sin(np.asarray(lat_rad, float)) ** 2
    height = np.asarray(height_wgs84_m, float) / _SEMI_MAJOR_M
    surface = _EQUATOR_M_S2 * (1.0 + _SOMIGLIANA * sin2) / np.sqrt(1.0 - _ECCENTRICITY2 * sin2)
    shrink = 1.0 + _FLATTENING + _CENTRIFUGAL - 2.0 * _FLATTENING * sin2
    return np.asarray(surface * (1.0 - 2.0 * shrink * height + 3.0 * height**2))
