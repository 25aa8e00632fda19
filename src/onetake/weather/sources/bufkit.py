"""BUFKIT soundings: a list of parameters (SNPARM), then for each station and hour its levels; degrees, knots, hPa, m.

A level's numbers run over two lines or more, in the order of SNPARM; -9999 is missing. Surface series that
follow the soundings are not read.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import numpy as np

from onetake.errors import ReadError
from onetake.units import KT_M_S
from onetake.weather.cells import Cells, gempak_time, text_of
from onetake.weather.column import Column, Note
from onetake.weather.heights import humidity_of
from onetake.weather.levels import Levels, column_of, whole_file, wind_of

DOC = "BUFKIT model sounding (SNPARM … STID … TIME), wind in kt"

_MISSING = frozenset({-9999.0, 99999.0})
_PARAMETERS = re.compile(r"SNPARM *= *([A-Z0-9;]{4,200})")
_BLOCK = re.compile(r"STID *= *(\S{0,20}) +STNM *= *(\S{0,20}) +TIME *= *(\S{1,20})")
_FIELD = re.compile(r"(SLAT|SLON|STIM) *= *(-?[0-9.]{1,12})")
_NEEDED = ("PRES", "HGHT", "TMPC", "DRCT", "SKNT")
_SURFACE = re.compile(r"^[ \t]*STN[ \t]+YYMMDD/HHMM", re.MULTILINE)


def recognises(head: bytes, name: str) -> bool:
    """By its SNPARM line."""
    return re.search(rb"^[ \t]*SNPARM *=", head[:4096], re.MULTILINE) is not None


def read(data: bytes, name: str) -> list[Column]:
    """A profile for each station and forecast hour. Raises ReadError."""
    text = text_of(data)
    match = _PARAMETERS.search(text)
    if match is None:
        raise ReadError("its SNPARM line does not list the parameters of a level")
    names = tuple(name for name in match[1].split(";") if name)
    if missing := [name for name in _NEEDED if name not in names]:
        raise ReadError(f"SNPARM lacks {', '.join(missing)}; there is: {', '.join(names)}")
    surface = _SURFACE.search(text)
    soundings = text[: surface.start()] if surface else text
    starts = list(_BLOCK.finditer(soundings))
    if not starts:
        raise ReadError("it has no sounding: no line with STID, STNM and TIME")
    ends = [*(start.start() for start in starts[1:]), len(soundings)]
    pieces = [(start, soundings[start.end() : end]) for start, end in zip(starts, ends, strict=True)]
    return whole_file(partial(_sounding, names), pieces)


def _sounding(names: tuple[str, ...], piece: tuple[re.Match[str], str]) -> Column:
    start, body = piece
    station, number, time = start.groups()
    valid = gempak_time(time)
    cells = Cells(_MISSING)
    before, header, table = body.partition(names[0] + " ")
    if not header:
        raise ReadError("a sounding has no line of column names")
    words = (header + table).split()
    if tuple(words[: len(names)]) != names:
        raise ReadError(f"the column names {' '.join(words[: len(names)])[:80]!r} are not those of SNPARM")
    rows, left = _rows(words[len(names) :], len(names))
    column = dict(zip(names, cells.matrix(rows, len(names)).T, strict=True))
    fields = {key: cells.number(value) for key, value in _FIELD.findall(before)}
    problems = cells.problems()
    if left:
        text = f"the last level has {left} of {len(names)} numbers: left out"
        problems.append(Note(slug="cut-off", text=text))
    east, north = wind_of(column["DRCT"], column["SKNT"] * KT_M_S, problems)
    temperature = column["TMPC"] + 273.15
    dew_point = column.get("DWPC", np.full(temperature.shape, np.nan)) + 273.15
    levels = Levels(
        geopotential_m=column["HGHT"],
        pressure_pa=column["PRES"] * 100.0,
        temperature_k=temperature,
        wind_east_m_s=east,
        wind_north_m_s=north,
        relative_humidity=humidity_of(dew_point, temperature),
        problems=problems,
    )
    lead_h = fields.get("STIM", np.nan)
    return column_of(
        levels,
        format="bufkit",
        station=station or number,
        valid_utc=valid,
        base_utc=valid - timedelta(hours=lead_h) if 0 <= lead_h < 10000 else None,
        lat_deg=fields.get("SLAT"),
        lon_deg=fields.get("SLON"),
    )


def _rows(words: list[str], width: int) -> tuple[list[list[str]], int]:
    """Rows of so many words up to the end marker (99999 in the first place), and how many words are left over."""
    rows: list[list[str]] = []
    for i in range(0, len(words) - width + 1, width):
        if words[i].startswith("99999"):
            return rows, 0
        rows.append(words[i : i + width])
    left = len(words) % width
    return rows, 0 if left and words[-left].startswith("99999") else left
