"""SPC / SHARPpy tabular soundings: hPa, m, °C, °C, degrees from, knots; -9999 is missing; two-digit year."""

from __future__ import annotations

import re

from onetake.errors import ReadError
from onetake.units import KT_M_S
from onetake.weather.cells import Cells, gempak_time, text_of
from onetake.weather.column import Column
from onetake.weather.heights import humidity_of
from onetake.weather.levels import Levels, column_of, whole_file, wind_of

DOC = "SPC / SHARPpy text sounding (%TITLE% … %RAW% … %END%), wind in kt"
max_bytes = 2_000_000  # a sounding is 10 kB

_TITLE = re.compile(
    r"^\s*(\S*)\s+([0-9]{6,8}/[0-9]{4})(?:\s+([-+0-9.]+)\s*,\s*([-+0-9.]+))?\s*$", re.MULTILINE
)
_MISSING = frozenset({-9999.0, -999.0})


def recognises(head: bytes, name: str) -> bool:
    """By its %TITLE% and the column names or %RAW% after it."""
    return b"%TITLE%" in head[:4096] and (b"%RAW%" in head or b"WSPD" in head)


def read(data: bytes, name: str) -> list[Column]:
    """Every sounding of the file. Raises ReadError."""
    blocks = text_of(data).split("%TITLE%")[1:]
    return whole_file(_sounding, blocks)


def _sounding(block: str) -> Column:
    title, raw, rest = block.partition("%RAW%")
    if not raw:
        raise ReadError("the text has no %RAW% part: the file is cut off")
    rows, end, _ = rest.partition("%END%")
    match = _TITLE.search(title)
    if match is None:
        raise ReadError("the line after %TITLE% does not give station and time as in 'OAX   140616/1900'")
    station, time, lat, lon = match.groups()
    cells = Cells(_MISSING)
    table = cells.matrix(_rows(rows, cells), 6)
    pressure, height, temperature, dew_point, from_deg, speed = table.T
    problems = cells.problems()
    east, north = wind_of(from_deg, speed * KT_M_S, problems)
    levels = Levels(
        geopotential_m=height,
        pressure_pa=pressure * 100.0,
        temperature_k=temperature + 273.15,
        wind_east_m_s=east,
        wind_north_m_s=north,
        relative_humidity=humidity_of(dew_point + 273.15, temperature + 273.15),
        problems=problems,
    )
    if not end:
        levels.say("cut-off", "the file ends before %END%: levels may be missing at the top")
    return column_of(
        levels,
        format="spc",
        station=station,
        valid_utc=gempak_time(time),
        lat_deg=cells.number(lat or ""),
        lon_deg=cells.number(lon or ""),
    )


def _rows(text: str, cells: Cells) -> list[list[str]]:
    rows = [line.split(",") for line in text.splitlines() if line.strip()]
    whole = [row[:6] for row in rows if len(row) >= 6]
    if len(whole) < len(rows):
        cells.unreadable += len(rows) - len(whole)
        cells.example = cells.example or "a short line"
    return whole
