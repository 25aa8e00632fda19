"""NWS winds and temperatures aloft (FB, formerly FD): one line for each station, one cell for each height.

Cells are found by position, as those over high ground are blank. DDff, DDff+TT, or DDffTT above 24,000 ft where
all are below zero: tens of degrees from, knots, °C. DD 51-86 means 100 kt more and 50 less; ff 99 of these is 199 kt
or more; 9900 is light and variable. Heights are true below 18,000 ft and pressure altitudes from there. Only
the day of the month is given: month and year come from outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np

from onetake.errors import ChoiceError, ReadError
from onetake.units import FT_M, G0_M_S2, KT_M_S
from onetake.weather.atmosphere import (
    GAS_CONSTANT_J_KG_K,
    SEA_LEVEL_PA,
    geometric_from_geopotential,
    geopotential_from_geometric,
    isa,
    pressure_at_pressure_altitude_pa,
)
from onetake.weather.cells import text_of
from onetake.weather.choice import Listing, pick
from onetake.weather.column import Array, Column, Note, hydrostatic_depth, temperature_at
from onetake.weather.levels import Levels, column_of, whole_file, wind_of

DOC = "NWS winds and temperatures aloft (FB / FD), wind in kt"
max_bytes = 500_000  # a bulletin is 13 kB

_MAX_LINES = 2500
PRESSURE_ALTITUDE_FROM_FT = 18000.0
_UNSIGNED_ABOVE_FT = 24000.0
_BASED = re.compile(r"DATA BASED ON ([0-9]{2})([0-9]{2})([0-9]{2})Z")
_VALID = re.compile(r"VALID ([0-9]{2})([0-9]{2})([0-9]{2})Z")
_HEIGHTS = re.compile(r"^(FT)((?: +[0-9]{4,5})+) *$", re.MULTILINE)
_STATION = re.compile(r"([A-Z0-9]{3,4}) ")
_GROUP = re.compile(r"([0-9]{2})([0-9]{2})(?:([-+][0-9]{2})|([0-9]{2}))?")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Product:
    """One bulletin: its heights with the right edge of each cell, its lines, and its two day-hour-minutes."""

    heights: tuple[tuple[float, int], ...]
    lines: tuple[str, ...]
    based: tuple[int, int, int]
    valid: tuple[int, int, int]
    several: bool


@dataclass(slots=True, kw_only=True)
class _Line:
    """What one station's line says, cell by cell."""

    altitude_ft: list[float] = field(default_factory=list)
    temperature_k: list[float] = field(default_factory=list)
    from_deg: list[float] = field(default_factory=list)
    speed_kt: list[float] = field(default_factory=list)
    variable_ft: list[float] = field(default_factory=list)
    censored_ft: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def recognises(head: bytes, name: str) -> bool:
    """By its "DATA BASED ON" and "VALID … FOR USE" lines."""
    return b"DATA BASED ON" in head and b"VALID" in head and re.search(rb"FT +[0-9]{4,5}", head) is not None


def read(data: bytes, name: str) -> list[Column]:
    """Every station of the bulletin, without a date. Raises ReadError."""
    return _columns(data, None)


def read_near(data: bytes, name: str, near_utc: datetime) -> list[Column]:
    """Every station, dated in the month that puts the valid time nearest to `near_utc`. Raises ReadError."""
    return _columns(data, near_utc)


def list_profiles(path: Path) -> list[Listing]:
    """Every station of the bulletin. Raises ReadError."""
    columns = _columns(path.read_bytes(), None)
    return [Listing(station=column.station, valid_utc=None, member=column.member) for column in columns]


def read_one(
    path: Path,
    *,
    station: str | None,
    time: datetime | None,
    lat_deg: float | None,
    lon_deg: float | None,
) -> Column:
    """One station; a time gives the month and year, and must fit the bulletin's day and hour."""
    columns = _columns(path.read_bytes(), time)
    if time is not None:
        valid = sorted({column.valid_utc for column in columns if column.valid_utc is not None})
        if valid and time not in valid:
            text = ", ".join(f"{moment:%d %H:%M}Z" for moment in valid)
            raise ChoiceError(f"no winds for {time:%Y-%m-%dT%H:%MZ}: the bulletin is valid on day {text}")
    return columns[pick(columns, station=station, time=time, lat_deg=lat_deg, lon_deg=lon_deg)]


def nearest_date(day_hour_minute: tuple[int, int, int], near_utc: datetime) -> datetime | None:
    """The moment of that day of the month, hour and minute nearest to `near_utc`; None if no such day is near."""
    day, hour, minute = day_hour_minute
    moments = []
    for step in (-1, 0, 1):
        year, month = divmod(near_utc.year * 12 + near_utc.month - 1 + step, 12)
        try:
            moments.append(datetime(year, month + 1, day, hour, minute, tzinfo=UTC))
        except ValueError:  # no 31st in this month
            continue
    return min(moments, key=lambda moment: abs(moment - near_utc), default=None)


def _columns(data: bytes, near_utc: datetime | None) -> list[Column]:
    parts = [
        (product, line)
        for product in _products(text_of(data))
        for line in product.lines
        if _STATION.match(line)
    ]
    if not parts:
        raise ReadError("it has no line of winds below a line of heights such as 'FT  3000    6000 …'")
    if len(parts) > _MAX_LINES:
        raise ReadError(f"it has {len(parts):,} lines of winds, more than all bulletins of a day")
    return whole_file(partial(_column, near_utc), parts)


def _products(text: str) -> Iterator[_Product]:
    text = _CONTROL.sub("", text)
    starts = [match.start() for match in _BASED.finditer(text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=False):
        body = text[start:end]
        based, valid, heights = _BASED.match(body), _VALID.search(body), _HEIGHTS.search(body)
        if based is None or valid is None or heights is None:
            continue
        edges = tuple((float(match[0]), match.end()) for match in re.finditer("[0-9]+", heights[0]))
        yield _Product(
            heights=edges,
            lines=tuple(line.rstrip() + " " for line in body[heights.end() :].splitlines() if line.strip()),
            based=_day_hour_minute(based),
            valid=_day_hour_minute(valid),
            several=len(starts) > 1,
        )


def _day_hour_minute(match: re.Match[str]) -> tuple[int, int, int]:
    return int(match[1]), int(match[2]), int(match[3])


def _column(near_utc: datetime | None, part: tuple[_Product, str]) -> Column:
    product, text = part
    station, line = text.split(" ", 1)[0], _Line()
    left = len(station)
    for altitude_ft, right in product.heights:
        _read_cell(line, altitude_ft, text[left:right])
        left = right
    problems = _problems(line)
    east, north = wind_of(np.array(line.from_deg), np.array(line.speed_kt) * KT_M_S, problems)
    geopotential_m, pressure_pa = _place(line, problems)
    valid = base = None
    if near_utc is not None and (valid := nearest_date(product.valid, near_utc)) is not None:
        base = nearest_date(product.based, valid)
    if valid is None:
        text = "valid on day {:02d} at {:02d}:{:02d}Z of a month and year that the bulletin does not give"
        problems.append(Note(slug="no-date", text=text.format(*product.valid)))
    column = column_of(
        Levels(
            geopotential_m=geopotential_m,
            pressure_pa=pressure_pa,
            temperature_k=np.array(line.temperature_k),
            wind_east_m_s=east,
            wind_north_m_s=north,
            problems=problems,
        ),
        format="fb",
        station=station,
        valid_utc=valid,
        base_utc=base,
    )
    return replace(column, member="{:02d}{:02d}{:02d}Z".format(*product.valid)) if product.several else column


def _read_cell(line: _Line, altitude_ft: float, cell: str) -> None:
    """One group, if the cell holds any."""
    if not cell.strip():
        return
    match = _GROUP.fullmatch(cell.strip())
    if match is None or (match[4] is not None and altitude_ft <= _UNSIGNED_ABOVE_FT):
        line.wrong.append(f"{cell.strip()[:12]!r} at {altitude_ft:,.0f} ft")
        return
    tens, speed_kt = int(match[1]), float(match[2])
    from_deg = tens * 10.0
    if (tens, speed_kt) == (99, 0.0):
        from_deg = speed_kt = 0.0
        line.variable_ft.append(altitude_ft)
    elif 51 <= tens <= 86:
        from_deg, speed_kt = (tens - 50) * 10.0, speed_kt + 100.0
        if speed_kt == 199.0:
            line.censored_ft.append(altitude_ft)
    elif tens > 36:
        line.wrong.append(f"{cell.strip()[:12]!r} at {altitude_ft:,.0f} ft")
        return
    celsius = float(match[3]) if match[3] else -float(match[4]) if match[4] else np.nan
    line.altitude_ft.append(altitude_ft)
    line.from_deg.append(from_deg)
    line.speed_kt.append(speed_kt)
    line.temperature_k.append(celsius + 273.15)


def _problems(line: _Line) -> list[Note]:
    problems = []
    if line.wrong:
        text = f"groups that are not winds: {', '.join(line.wrong)}: left out"
        problems.append(Note(slug="unreadable-cell", text=text))
    if line.variable_ft:
        text = f"9900 at {_feet(line.variable_ft)}: light and variable, 0-5 kt from anywhere; taken as calm"
        problems.append(Note(slug="light-and-variable", text=text))
    if line.censored_ft:
        text = f"199 kt or more at {_feet(line.censored_ft)}: the code ends there, the wind may be stronger"
        problems.append(Note(slug="censored-wind", text=text))
    return problems


def _feet(altitude_ft: list[float]) -> str:
    return ", ".join(f"{value:,.0f}" for value in altitude_ft) + " ft"


def _place(line: _Line, problems: list[Note]) -> tuple[Array, Array]:
    """Geopotential metres and pressure Pa (NaN at true altitudes) of the levels.

    A pressure altitude is a pressure; its true height follows from the temperatures below it and the sea-level
    pressure, of which the bulletin says nothing: 1013.25 hPa is taken.
    """
    altitude_ft, temperature_k = np.array(line.altitude_ft), np.array(line.temperature_k)
    by_pressure = altitude_ft >= PRESSURE_ALTITUDE_FROM_FT
    geopotential_m = geopotential_from_geometric(altitude_ft * FT_M)
    pressure_pa = np.full(altitude_ft.shape, np.nan)
    pressure_pa[by_pressure] = pressure_at_pressure_altitude_pa(altitude_ft[by_pressure] * FT_M)
    if not by_pressure.any():
        return geopotential_m, pressure_pa
    warm = np.isfinite(temperature_k) & ~by_pressure
    true_msl_m = altitude_ft[warm] * FT_M
    top_msl_m = float(true_msl_m[-1]) if true_msl_m.size else 0.0
    nodes = np.unique(np.array([0.0, *true_msl_m]))
    air_k = temperature_at(nodes, true_msl_m, temperature_k[warm])
    if not true_msl_m.size:
        air_k = air_k + _first_offset_k(altitude_ft[by_pressure], temperature_k[by_pressure])
    below_pa = SEA_LEVEL_PA * float(np.exp(-hydrostatic_depth(nodes, air_k)[-1]))
    height_m, below_k = float(geopotential_from_geometric(top_msl_m)), float(air_k[-1])
    for i in np.flatnonzero(by_pressure).tolist():
        here_k = float(temperature_k[i])
        if not np.isfinite(here_k):
            offset_k = below_k - float(isa(geometric_from_geopotential(height_m)).temperature_k)
            here_k = offset_k + float(isa(altitude_ft[i] * FT_M).temperature_k)
        thick_m = GAS_CONSTANT_J_KG_K / G0_M_S2 * 0.5 * (here_k + below_k) * np.log(below_pa / pressure_pa[i])
        height_m, below_pa, below_k = height_m + float(thick_m), float(pressure_pa[i]), here_k
        geopotential_m[i] = height_m
    text = (
        "heights from 18,000 ft are pressure altitudes: put at the true height which the bulletin's temperatures "
        "and a sea-level pressure of 1013 hPa give; 8 m (27 ft) or more off for each hPa of difference"
    )
    problems.append(Note(slug="pressure-altitude", text=text))
    return geopotential_m, pressure_pa


def _first_offset_k(altitude_ft: Array, temperature_k: Array) -> float:
    """How much warmer than standard the lowest pressure level with a temperature is; 0 without one."""
    warm = np.isfinite(temperature_k)
    if not warm.any():
        return 0.0
    lowest = int(np.argmax(warm))
    return float(temperature_k[lowest] - isa(altitude_ft[lowest] * FT_M).temperature_k)
