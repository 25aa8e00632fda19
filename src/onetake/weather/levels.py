"""From the raw levels of a file to a Column: range checks, order, heights that are missing, what lies below ground.

Every reader ends here, so every format is cleaned by the same rules and its faults are told in the same words.
Raw heights are geopotential metres above mean sea level, as in all exchange formats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from onetake.axes import wind_vector
from onetake.errors import ReadError
from onetake.units import FT_M
from onetake.weather.atmosphere import geometric_from_geopotential, pressure_altitude_m
from onetake.weather.column import Array, Column, Flags, Note
from onetake.weather.heights import hypsometric_rise, inconsistent

_Part = TypeVar("_Part")

MAX_WIND_M_S = 130.0  # above the strongest winds ever sounded; more is a broken sensor or a wrong unit
TEMPERATURE_K = (150.0, 335.0)  # coldest mesopause-side soundings to the hottest ground, with room
MOST_HUMID = 1.1  # sensors and models go over 100 % in cloud by no more
PRESSURE_PA = (5.0, 110000.0)
HEIGHT_M = (-1000.0, 80000.0)
MAX_PROFILES = 4000  # eleven members, hourly for ten days, are 2,651
MAX_LEVELS = 50_000  # a two-hour ascent at five a second is 36,000; archives keep one
SAME_LEVEL_M = 0.5
GAP_M, GAP_BELOW_M = 3000.0, 15000.0  # a hole in the wind this deep, where people jump, is told


@dataclass(slots=True, kw_only=True)
class Levels:
    """Raw levels of one profile, all (n,), NaN where missing; geopotential metres, Pa, K, m/s, humidity 0-1."""

    geopotential_m: Array
    pressure_pa: Array
    temperature_k: Array
    wind_east_m_s: Array
    wind_north_m_s: Array
    relative_humidity: Array | None = None
    problems: list[Note] = field(default_factory=list)

    def keep(self, which: Flags | NDArray[np.intp]) -> None:
        """Keep or reorder levels, in place."""
        for name in ("geopotential_m", "pressure_pa", "temperature_k", "wind_east_m_s", "wind_north_m_s"):
            setattr(self, name, getattr(self, name)[which])
        if self.relative_humidity is not None:
            self.relative_humidity = self.relative_humidity[which]

    def say(self, slug: str, text: str) -> None:
        """Remember one problem."""
        self.problems.append(Note(slug=slug, text=text))

    @property
    def has_wind(self) -> Flags:
        """Levels with both wind components."""
        flags: Flags = np.isfinite(self.wind_east_m_s) & np.isfinite(self.wind_north_m_s)
        return flags


def wind_of(from_deg: Array, speed_m_s: Array, problems: list[Note]) -> tuple[Array, Array]:
    """East and north wind of directions (deg, from) and speeds; impossible ones become NaN and are told.

    A speed of zero needs no direction.
    """
    wrong = (from_deg < 0) | (from_deg > 360) | (speed_m_s < 0)
    if wrong.any():
        text = f"{_count(wrong)} whose direction is outside 0-360° or whose speed is negative: wind left out there"
        problems.append(Note(slug="impossible-wind", text=text))
    from_deg = np.where((speed_m_s == 0) & ~np.isfinite(from_deg), 0.0, from_deg)
    east, north = wind_vector(np.where(wrong, np.nan, from_deg), np.where(wrong, np.nan, speed_m_s))
    return east + 0.0, north + 0.0  # no negative zero


def column_of(
    levels: Levels,
    *,
    format: str,  # noqa: A002
    station: str,
    valid_utc: datetime | None,
    base_utc: datetime | None = None,
    lat_deg: float | None = None,
    lon_deg: float | None = None,
    notes: Sequence[Note] = (),
    member: str = "",
) -> Column:
    """A Column of raw levels. Raises ReadError when no level is left or none can be placed in height."""
    if levels.geopotential_m.size > MAX_LEVELS:
        raise ReadError(f"one profile has {levels.geopotential_m.size:,} levels, more than any ascent")
    _drop_impossible(levels)
    _drop_empty(levels)
    _merge(levels)
    _drop_below_ground(levels)
    altitude_msl_m = geometric_from_geopotential(levels.geopotential_m)
    _tell_gaps(levels, altitude_msl_m)
    return Column(
        format=format,
        station=station,
        valid_utc=valid_utc,
        base_utc=base_utc,
        lat_deg=_finite_within(lat_deg, 90.0),
        lon_deg=_finite_within(lon_deg, 360.0),
        altitude_msl_m=altitude_msl_m,
        pressure_pa=levels.pressure_pa,
        temperature_k=levels.temperature_k,
        wind_east_m_s=levels.wind_east_m_s,
        wind_north_m_s=levels.wind_north_m_s,
        relative_humidity=levels.relative_humidity,
        problems=tuple(levels.problems),
        notes=(*notes, *_dryness(levels)),
        member=member,
    )


def _dryness(levels: Levels) -> tuple[Note, ...]:
    """That the air is taken as dry, where no level knows its humidity."""
    if levels.relative_humidity is not None and np.isfinite(levels.relative_humidity).any():
        return ()
    return (
        Note(
            slug="no-humidity",
            text="no humidity: the air is taken as dry; hot moist air is up to 1.6 % thinner",
        ),
    )


def _finite_within(value: float | None, limit: float) -> float | None:
    return value if value is not None and np.isfinite(value) and abs(value) <= limit else None


def _drop_impossible(levels: Levels) -> None:
    """Values no air ever had become NaN."""
    with np.errstate(over="ignore"):  # beyond all numbers is beyond the limit too
        speed = np.hypot(levels.wind_east_m_s, levels.wind_north_m_s)
    gross = speed > MAX_WIND_M_S
    if gross.any():
        worst = float(np.max(speed[gross]))
        levels.say(
            "gross-wind",
            f"{_count(gross)} with a wind over {MAX_WIND_M_S:.0f} m/s, up to {worst:.0f}: left out",
        )
        levels.wind_east_m_s = np.where(gross, np.nan, levels.wind_east_m_s)
        levels.wind_north_m_s = np.where(gross, np.nan, levels.wind_north_m_s)
    half = np.isfinite(levels.wind_east_m_s) != np.isfinite(levels.wind_north_m_s)
    levels.wind_east_m_s = np.where(half, np.nan, levels.wind_east_m_s)
    levels.wind_north_m_s = np.where(half, np.nan, levels.wind_north_m_s)
    for name, slug, (low, high), what in (
        ("temperature_k", "gross-temperature", TEMPERATURE_K, "a temperature outside {0:.0f} to {1:.0f} K"),
        ("pressure_pa", "gross-pressure", PRESSURE_PA, "a pressure outside {0:.0f} to {1:.0f} Pa"),
        ("geopotential_m", "gross-height", HEIGHT_M, "a height outside {0:.0f} to {1:.0f} m"),
    ):
        value: Array = getattr(levels, name)
        wrong = (value < low) | (value > high) | np.isinf(value)
        if wrong.any():
            levels.say(slug, f"{_count(wrong)} with {what.format(low, high)}: left out")
            setattr(levels, name, np.where(wrong, np.nan, value))

    if levels.relative_humidity is not None:
        wrong = (levels.relative_humidity < 0) | (levels.relative_humidity > MOST_HUMID)
        if wrong.any():
            levels.say(
                "gross-humidity", f"{_count(wrong)} with a humidity outside 0 to {MOST_HUMID:.0%}: left out"
            )
        levels.relative_humidity = np.where(wrong, np.nan, np.minimum(levels.relative_humidity, 1.0))


def _drop_empty(levels: Levels) -> None:
    placed = np.isfinite(levels.geopotential_m) | np.isfinite(levels.pressure_pa)
    useful = np.isfinite(levels.temperature_k) | levels.has_wind
    if (useful & ~placed).any():
        levels.say("no-height", f"{_count(useful & ~placed)} with neither height nor pressure: left out")
    levels.keep(placed)


def _merge(levels: Levels) -> None:
    """Pressure levels in order of pressure with whole heights, the others put between them by height."""
    pressed = np.isfinite(levels.pressure_pa)
    with_p, without_p = np.flatnonzero(pressed), np.flatnonzero(~pressed)
    order = with_p[np.argsort(-levels.pressure_pa[with_p], kind="stable")]
    if (order != with_p).any():
        moved = int(np.sum(np.diff(levels.pressure_pa[with_p]) > 0))
        levels.say("out-of-order", f"pressure rises again {_times(moved)} on the way up: levels sorted")
    levels.keep(np.concatenate([order, without_p]))
    n = order.size
    if n:
        _join_equal_pressures(levels, n)
        n = int(np.sum(np.isfinite(levels.pressure_pa)))
        levels.geopotential_m[:n] = _whole_heights(levels, n)
    if not levels.geopotential_m.size:
        raise ReadError("it holds no level with a height or a pressure")
    rising = np.argsort(levels.geopotential_m, kind="stable")
    if not n and (rising != np.arange(rising.size)).any():
        levels.say("out-of-order", "heights do not rise from level to level: levels sorted")
    levels.keep(rising)
    _join_equal_heights(levels)


def _join_equal_pressures(levels: Levels, n: int) -> None:
    pressure = levels.pressure_pa[:n]
    same = np.concatenate([[False], pressure[1:] == pressure[:-1]])
    _join(levels, np.concatenate([same, np.zeros(levels.pressure_pa.size - n, bool)]))


def _join_equal_heights(levels: Levels) -> None:
    first, same = levels.geopotential_m[0], np.zeros(levels.geopotential_m.size, bool)
    for i, height in enumerate(levels.geopotential_m.tolist()):
        same[i] = i > 0 and height - first < SAME_LEVEL_M
        if not same[i]:
            first = height
    _join(levels, same)


def _join(levels: Levels, same: Flags) -> None:
    """Fold each flagged level into the one before it: what the first does not know the second may."""
    if not same.any():
        return
    levels.say("repeated-level", f"{_count(same)} given twice: joined, the first value kept")
    wind = levels.has_wind
    humidity = levels.relative_humidity
    for i in np.flatnonzero(same).tolist()[::-1]:
        for name in ("geopotential_m", "pressure_pa", "temperature_k"):
            value: Array = getattr(levels, name)
            if np.isnan(value[i - 1]):
                value[i - 1] = value[i]
        if humidity is not None and np.isnan(humidity[i - 1]):
            humidity[i - 1] = humidity[i]
        if wind[i] and not wind[i - 1]:
            levels.wind_east_m_s[i - 1], levels.wind_north_m_s[i - 1] = (
                levels.wind_east_m_s[i],
                levels.wind_north_m_s[i],
            )
            wind[i - 1] = True
    levels.keep(~same)


def _whole_heights(levels: Levels, n: int) -> Array:
    """Heights of the first n levels (falling pressure): wrong ones dropped, missing ones from the hypsometric law."""
    height, humidity = levels.geopotential_m[:n].copy(), levels.relative_humidity
    rise = hypsometric_rise(
        levels.pressure_pa[:n], levels.temperature_k[:n], None if humidity is None else humidity[:n]
    )
    wrong = inconsistent(height, rise)
    if wrong.any():
        levels.say(
            "height-inversion",
            f"{_count(wrong)} whose height does not fit its pressure: height taken from pressure and temperature",
        )
        height[wrong] = np.nan
    known = np.isfinite(height)
    if not known.any():
        height[0], known[0] = pressure_altitude_m(levels.pressure_pa[:1])[0], True
        levels.say(
            "no-heights",
            "no level has a height: the lowest is put where the standard atmosphere has its pressure; "
            "every altitude is off by 8 m for each hPa that the sea-level pressure differs from 1013",
        )
    if not known.all():
        levels.say("height-filled", f"{_count(~known)} without a height: taken from pressure and temperature")
    # between two known heights the law's rise is stretched to meet both; beyond them it is used as it is
    filled = np.interp(rise, rise[known], height[known])
    below, above = rise < rise[known][0], rise > rise[known][-1]
    filled[below] = height[known][0] - (rise[known][0] - rise[below])
    filled[above] = height[known][-1] + (rise[above] - rise[known][-1])
    return np.asarray(np.where(known, height, filled))


def _drop_below_ground(levels: Levels) -> None:
    """Leading levels that hold nothing but a height are pressures reduced below the ground."""
    useful = np.isfinite(levels.temperature_k) | levels.has_wind
    if not useful.any():
        raise ReadError("it holds neither a temperature nor a wind")
    first = int(np.argmax(useful))
    if first:
        levels.say(
            "below-ground",
            f"the lowest {_levels(first)} (a height, no temperature, no wind) below the ground: left out",
        )
        levels.keep(np.arange(levels.geopotential_m.size) >= first)


def _tell_gaps(levels: Levels, altitude_msl_m: Array) -> None:
    winds = altitude_msl_m[levels.has_wind]
    if not winds.size:
        levels.say("no-wind", "no level has a wind")
        return
    for low, high in zip(winds[:-1].tolist(), winds[1:].tolist(), strict=True):
        if high - low > GAP_M and low < GAP_BELOW_M:
            levels.say(
                "wind-gap",
                f"no wind between {low:,.0f} m ({low / FT_M:,.0f} ft) and {high:,.0f} m ({high / FT_M:,.0f} ft)",
            )


def _levels(n: int) -> str:
    return f"{n} level" if n == 1 else f"{n} levels"


def _times(n: int) -> str:
    return "once" if n == 1 else f"{n} times"


def _count(flags: Flags) -> str:
    return _levels(int(np.sum(flags)))


def whole_file(read_one: Callable[[_Part], Column], parts: Iterable[_Part]) -> list[Column]:
    """The columns of a file with several profiles; those that cannot be read are left out and told in the others.

    Raises ReadError when none can be read, with the first reason.
    """
    every = list(islice(parts, MAX_PROFILES + 1))
    if len(every) > MAX_PROFILES:
        raise ReadError(f"it holds more than {MAX_PROFILES:,} profiles, too many to read all")
    columns: list[Column] = []
    left_out, reason = 0, ""
    for part in every:
        try:
            columns.append(read_one(part))
        except ReadError as error:
            left_out, reason = left_out + 1, reason or str(error)
    if not columns:
        raise ReadError(reason or "it holds no profile")
    if not left_out:
        return columns
    which = "one profile" if left_out == 1 else f"{left_out} profiles"
    note = Note(slug="profile-left-out", text=f"{which} of this file cannot be read ({reason})")
    return [replace(column, problems=(*column.problems, note)) for column in columns]
