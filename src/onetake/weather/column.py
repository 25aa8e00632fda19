"""Column: the air over one place at one time, read from any source.

Altitudes are geometric metres above mean sea level; wind is the vector the air moves along, east and
north; pressure in pascal, temperature in kelvin. What was not measured is NaN and stays NaN.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onetake.errors import WeatherError
from onetake.units import FT_M, G0_M_S2
from onetake.weather.atmosphere import (
    GAS_CONSTANT_J_KG_K,
    HIGHEST_MSL_M,
    LOWEST_MSL_M,
    SEA_LEVEL_PA,
    density_kg_m3,
    geometric_from_geopotential,
    geopotential_from_geometric,
    isa,
    virtual_temperature_k,
)

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

_ISA_FEET_M = geometric_from_geopotential(
    np.array([11e3, 20e3, 32e3, 47e3, 51e3, 71e3])
)  # where its lapse breaks
_COLDEST_K = 120.0
_MEASURED = ("altitude_msl_m", "pressure_pa", "temperature_k", "wind_east_m_s", "wind_north_m_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing found in a file that its user must know; `slug` is for machines."""

    slug: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Air:
    """The air at some altitudes, all arrays of the shape asked for.

    density_kg_m3: of the moist air where the profile knows its humidity, else of dry air. `extrapolated` is True where temperature or pressure lies outside the sounding (or was never measured)
    and the standard lapse was continued; `wind_held` where the lowest measured wind stands in for the wind below.
    """

    pressure_pa: Array
    temperature_k: Array
    density_kg_m3: Array
    wind_east_m_s: Array
    wind_north_m_s: Array
    extrapolated: Flags
    wind_held: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The air over one place at one time.

    Arrays (n,), read-only; altitude_msl_m geometric, finite and strictly increasing; wind_* the vector the
    air moves along; NaN where not measured. relative_humidity 0-1 over water, None where no level knows it: the air is
    then taken as dry. `base_utc` is the model's run, None for an observation;
    `valid_utc` None where the file does not say. `problems`: what is wrong with the numbers or was put right;
    `notes`: what is merely good to know. `member` names one member of an ensemble.
    """

    format: str
    station: str
    valid_utc: datetime | None
    base_utc: datetime | None
    lat_deg: float | None
    lon_deg: float | None
    altitude_msl_m: Array
    pressure_pa: Array
    temperature_k: Array
    wind_east_m_s: Array
    wind_north_m_s: Array
    relative_humidity: Array | None = None
    problems: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()
    member: str = ""

    def __post_init__(self) -> None:
        names: tuple[str, ...] = _MEASURED
        if self.relative_humidity is None or not np.isfinite(self.relative_humidity).any():
            object.__setattr__(self, "relative_humidity", None)
        else:
            names = (*names, "relative_humidity")
        for name in names:
            array = np.array(getattr(self, name), dtype=np.float64)
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        shape = self.altitude_msl_m.shape
        if len(shape) != 1 or any(getattr(self, name).shape != shape for name in names):
            raise WeatherError(f"{self.label}: the columns of a profile must be equally long")
        if not np.isfinite(self.altitude_msl_m).all() or not (np.diff(self.altitude_msl_m) > 0).all():
            raise WeatherError(f"{self.label}: altitudes must be finite and rise from level to level")

    @property
    def label(self) -> str:
        """How to name this profile in a sentence."""
        valid = "" if self.valid_utc is None else f" {self.valid_utc:%Y-%m-%d %H:%M}Z"
        member = f"/{self.member}" if self.member else ""
        return f"{self.station or self.format}{member}{valid}"

    @property
    def has_wind(self) -> Flags:
        """True (n,) at the levels that have a wind."""
        flags: Flags = np.isfinite(self.wind_east_m_s) & np.isfinite(self.wind_north_m_s)
        return flags

    @property
    def top_msl_m(self) -> float | None:
        """Altitude of the highest level that has a wind; None without any."""
        levels = self.altitude_msl_m[self.has_wind]
        return float(levels[-1]) if levels.size else None

    @property
    def bottom_msl_m(self) -> float | None:
        """Altitude of the lowest level that has a wind; None without any."""
        levels = self.altitude_msl_m[self.has_wind]
        return float(levels[0]) if levels.size else None

    @property
    def max_wind(self) -> tuple[float, float] | None:
        """Speed m/s and altitude m of the strongest wind of any level (the lowest of equals)."""
        speed = np.hypot(self.wind_east_m_s, self.wind_north_m_s)[self.has_wind]
        if not speed.size:
            return None
        strongest = int(np.argmax(speed))
        return float(speed[strongest]), float(self.altitude_msl_m[self.has_wind][strongest])

    def cover(self, altitude_msl_m: ArrayLike) -> tuple[Flags, Flags]:
        """Which altitudes lie below the lowest wind, and which above the highest: two flags of that shape."""
        altitude = np.asarray(altitude_msl_m, float)
        bottom, top = self.bottom_msl_m, self.top_msl_m
        if bottom is None or top is None:
            return np.zeros(altitude.shape, bool), np.ones(altitude.shape, bool)
        return np.asarray(altitude < bottom), np.asarray(altitude > top)

    def require(self, altitude_msl_m: float) -> None:
        """Raise WeatherError when the wind at that altitude is not known; names the top and the wanted."""
        if not np.isfinite(altitude_msl_m):
            raise WeatherError(f"{self.label}: an altitude of {altitude_msl_m} was asked for")
        top = self.top_msl_m
        if top is None:
            raise WeatherError(f"{self.label} has no wind at any level; give a profile with winds")
        if altitude_msl_m > top:
            raise WeatherError(
                f"{self.label}: the highest wind is at {_height(top)}, but {_height(altitude_msl_m)} is needed; "
                "wind is never guessed above a sounding: give one that reaches higher"
            )

    def at(self, altitude_msl_m: ArrayLike) -> Air:
        """The air at geometric altitudes of any shape.

        u, v, temperature and humidity are linear between the levels that have them; ln p is hydrostatic in that
        temperature and meets every measured pressure. Beyond the measured levels the end's offset from the
        standard atmosphere is kept, flagged `extrapolated`. Raises WeatherError above the highest wind.
        """
        altitude = np.asarray(altitude_msl_m, float)
        if altitude.size:
            self.require(float(np.max(altitude)))
        pressure, temperature, outside = self.pressure_and_temperature(altitude)
        wind = self.has_wind
        level = self.altitude_msl_m[wind]
        held, _ = self.cover(altitude)
        return Air(
            pressure_pa=pressure,
            temperature_k=temperature,
            density_kg_m3=density_kg_m3(
                pressure, virtual_temperature_k(pressure, temperature, self.humidity(altitude))
            ),
            wind_east_m_s=_interpolate(altitude, level, self.wind_east_m_s[wind]),
            wind_north_m_s=_interpolate(altitude, level, self.wind_north_m_s[wind]),
            extrapolated=outside,
            wind_held=held,
        )

    def pressure_and_temperature(self, altitude_msl_m: ArrayLike) -> tuple[Array, Array, Flags]:
        """Pressure Pa, temperature K and the `extrapolated` flag; unlike wind, known at any altitude."""
        altitude = np.asarray(altitude_msl_m, float)
        warm, pressed = np.isfinite(self.temperature_k), np.isfinite(self.pressure_pa)
        inside = _within(altitude, self.altitude_msl_m[warm]) & _within(
            altitude, self.altitude_msl_m[pressed]
        )
        levels = self.altitude_msl_m
        temperature = temperature_at(altitude, levels[warm], self.temperature_k[warm])
        pressure = self._pressure(altitude.ravel(), warm, pressed).reshape(altitude.shape)
        return pressure, temperature, np.asarray(~inside)

    def humidity(self, altitude_msl_m: ArrayLike) -> Array:
        """Relative humidity 0-1 at altitudes of any shape: linear between the levels that have it, held beyond them.

        Zero where no level has any.
        """
        altitude = np.asarray(altitude_msl_m, float)
        if self.relative_humidity is None:
            return np.zeros(altitude.shape)
        known = np.isfinite(self.relative_humidity)
        return _interpolate(altitude, self.altitude_msl_m[known], self.relative_humidity[known])

    def _pressure(self, altitude_msl_m: Array, warm: Flags, pressed: Flags) -> Array:
        levels = self.altitude_msl_m
        known_msl_m, known_ln_p = levels[pressed], np.log(self.pressure_pa[pressed])
        if (
            not known_msl_m.size
        ):  # no pressure anywhere: the standard one at sea level, through the real temperatures
            known_msl_m, known_ln_p = np.zeros(1), np.array([np.log(SEA_LEVEL_PA)])
        nodes = np.unique(
            np.concatenate([altitude_msl_m, levels, known_msl_m, _isa_altitudes(altitude_msl_m)])
        )
        temperature = temperature_at(nodes, levels[warm], self.temperature_k[warm])
        # what share of the pressure is vapour needs no better than the standard pressure
        standard = isa(np.clip(nodes, LOWEST_MSL_M, HIGHEST_MSL_M)).pressure_pa
        depth = hydrostatic_depth(nodes, virtual_temperature_k(standard, temperature, self.humidity(nodes)))
        here, known = np.interp(altitude_msl_m, nodes, depth), np.interp(known_msl_m, nodes, depth)
        ln_p = np.interp(here, known, known_ln_p)
        below, above = here < known[0], here > known[-1]
        ln_p[below] = known_ln_p[0] + (known[0] - here[below])
        ln_p[above] = known_ln_p[-1] - (here[above] - known[-1])
        pressure: Array = np.exp(ln_p)
        return pressure

    def rows(self) -> Iterator[dict[str, float | None]]:
        """Each level as a plain mapping, None where not measured."""
        columns = [getattr(self, name).tolist() for name in _MEASURED]
        for values in zip(*columns, strict=True):
            yield {
                name: value if np.isfinite(value) else None
                for name, value in zip(_MEASURED, values, strict=True)
            }


def standard_temperature(altitude_msl_m: ArrayLike) -> Array:
    """Temperature K of the standard atmosphere at geometric altitudes; its ends are held beyond it."""
    return isa(np.clip(np.asarray(altitude_msl_m, float), LOWEST_MSL_M, HIGHEST_MSL_M)).temperature_k


def temperature_at(altitude_msl_m: Array, level_msl_m: Array, temperature_k: Array) -> Array:
    """Linear between levels; beyond them the end's offset from standard is kept; standard without levels."""
    standard = standard_temperature(altitude_msl_m)
    if not level_msl_m.size:
        return standard
    ends = standard_temperature(np.clip(altitude_msl_m, level_msl_m[0], level_msl_m[-1]))
    # zero inside; the offset is bounded so that a freak end level cannot reach absolute zero
    temperature: Array = np.maximum(
        _interpolate(altitude_msl_m, level_msl_m, temperature_k) + standard - ends, _COLDEST_K
    )
    return temperature


def hydrostatic_depth(altitude_msl_m: Array, temperature_k: Array) -> Array:
    """Integral of g/(R T) from the first altitude up, (n,): how far ln p falls. T linear between altitudes."""
    height = geopotential_from_geometric(altitude_msl_m)
    low, high = temperature_k[:-1], temperature_k[1:]
    ratio = (high - low) / low
    # mean of 1/T over a layer is ln(1 + r) / (r low); its limit for r -> 0 is 1/low
    safe = np.where(np.abs(ratio) < 1e-9, 1.0, ratio)
    mean = np.where(np.abs(ratio) < 1e-9, 1.0, np.log1p(safe) / safe) / low
    return np.concatenate([[0.0], np.cumsum(G0_M_S2 / GAS_CONSTANT_J_KG_K * np.diff(height) * mean)])


def _isa_altitudes(altitude_msl_m: Array) -> Array:
    """Where the standard lapse breaks, inside the span asked for, so that a layer never crosses a break."""
    if not altitude_msl_m.size:
        return np.zeros(0)
    lowest, highest = min(altitude_msl_m.min(), 0.0), altitude_msl_m.max()
    inside: Array = _ISA_FEET_M[(lowest < _ISA_FEET_M) & (highest > _ISA_FEET_M)]
    return inside


def _interpolate(altitude_msl_m: Array, level_msl_m: Array, value: Array) -> Array:
    if not level_msl_m.size:
        return np.full(altitude_msl_m.shape, np.nan)
    return np.asarray(np.interp(altitude_msl_m, level_msl_m, value))


def _within(altitude_msl_m: Array, level_msl_m: Array) -> Flags:
    if not level_msl_m.size:
        return np.zeros(altitude_msl_m.shape, bool)
    return np.asarray((altitude_msl_m >= level_msl_m[0]) & (altitude_msl_m <= level_msl_m[-1]))


def _height(altitude_msl_m: float) -> str:
    return f"{altitude_msl_m:,.0f} m ({altitude_msl_m / FT_M:,.0f} ft) MSL"
