"""University of Wyoming soundings as a list (type TEXT:LIST), with or without the web page around it.

Eleven columns of seven characters: hPa, m, °C, °C, %, g/kg, degrees from, knot, K, K, K. Missing is blank, so
cells are cut by position, never at blanks.
"""

from __future__ import annotations

import html
import re
from datetime import datetime

from onetake.errors import ReadError
from onetake.units import KT_M_S
from onetake.weather.cells import Cells, text_of, utc
from onetake.weather.column import Column, Note
from onetake.weather.levels import Levels, column_of, whole_file, wind_of

DOC = "University of Wyoming list sounding (type TEXT:LIST, page or text), wind in kt"
max_bytes = 2_000_000  # a page is 10 kB

_WIDTH, _CELLS = 7, 11
_NAMES = ("PRES", "HGHT", "TEMP", "DWPT", "RELH", "MIXR", "DRCT")
_SPEED = {"knot": KT_M_S, "kt": KT_M_S, "m/s": 1.0}
_TITLE = re.compile(
    r"([0-9]{5})?[ \t]*([^\n<>]{0,80}?)[ \t]*Observations at ([0-9]{2})Z ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4})"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HEADER = re.compile(r"^ *PRES +HGHT +TEMP +DWPT.*$", re.MULTILINE)
_RULE = re.compile(r"-{20,}")
_PLACE = re.compile(r"Station (latitude|longitude): *(-?[0-9.]{1,12})")


def recognises(head: bytes, name: str) -> bool:
    """By its column names and the word Observations or the unit line."""
    return _HEADER.search(head.decode("latin-1")) is not None and b"HGHT" in head and b"%TITLE%" not in head


def read(data: bytes, name: str) -> list[Column]:
    """Every sounding of the page. Raises ReadError."""
    text = text_of(data)
    starts = [match.start() for match in _HEADER.finditer(text)]
    if not starts:
        raise ReadError("it has no line of column names PRES HGHT TEMP DWPT …")
    # a sounding's title stands before its header, its station information after its rows
    pieces = [
        (text[max(before, start - 600) : start], text[start:after])
        for before, start, after in zip([0, *starts], starts, [*starts[1:], len(text)], strict=False)
    ]
    return whole_file(_sounding, pieces)


def _sounding(piece: tuple[str, str]) -> Column:
    title, body = piece
    lines = body.splitlines()
    header = lines[0]
    for place, wanted in enumerate(_NAMES):
        if header[place * _WIDTH : (place + 1) * _WIDTH].strip() != wanted:
            raise ReadError(
                f"column {place + 1} is not {wanted}: this is not the list layout of 7-character columns"
            )
    scale = _speed_unit(header, lines[1] if len(lines) > 1 else "")
    cells = Cells()
    table = cells.matrix(_rows(lines[2:]), _CELLS)
    pressure, height, temperature, _, humidity, _, from_deg, speed = table.T[:8]
    problems = cells.problems()
    east, north = wind_of(from_deg, speed * scale, problems)
    levels = Levels(
        geopotential_m=height,
        pressure_pa=pressure * 100.0,
        temperature_k=temperature + 273.15,
        wind_east_m_s=east,
        wind_north_m_s=north,
        relative_humidity=humidity / 100.0,
        problems=problems,
    )
    station, valid, notes = _title(title, problems)
    places = {key: cells.number(value) for key, value in _PLACE.findall(body)}
    return column_of(
        levels,
        format="wyoming_list",
        station=station,
        valid_utc=valid,
        lat_deg=places.get("latitude"),
        lon_deg=places.get("longitude"),
        notes=notes,
    )


def _speed_unit(header: str, units: str) -> float:
    """m/s of one unit of the eighth column; its name and its unit must agree."""
    name, unit = (line[7 * _WIDTH : 8 * _WIDTH].strip() for line in (header, units))
    if name not in ("SKNT", "SPED") or unit not in _SPEED:
        raise ReadError(
            f"the wind speed column is called {name!r} in {unit!r}; expected SKNT in knot or SPED in m/s"
        )
    return _SPEED[unit]


def _rows(lines: list[str]) -> list[list[str]]:
    """Cells of the rows up to the end of the table."""
    rows: list[list[str]] = []
    for line in lines:
        if _RULE.match(line):
            continue
        if not line.strip() or re.match(r"[0-9. -]{7}", line[:_WIDTH].ljust(_WIDTH)) is None:
            break
        padded = line.ljust(_WIDTH * _CELLS)
        rows.append([padded[i * _WIDTH : (i + 1) * _WIDTH] for i in range(_CELLS)])
    return rows


def _title(text: str, problems: list[Note]) -> tuple[str, datetime | None, tuple[Note, ...]]:
    """Station (its letters, else its number), time, and the rest of the title as a note."""
    lines = [line for line in html.unescape(text).splitlines() if "Observations at" in line]
    match = _TITLE.search(re.sub(r"<[^<>]*>", "", lines[-1][-200:])) if lines else None
    if match is None:
        problems.append(
            Note(slug="no-time", text="no title such as '72357 OUN Norman Observations at 12Z 22 May 2011'")
        )
        return "", None, ()
    number, name, hour, day, month, year = match.groups()
    if month not in _MONTHS:
        raise ReadError(f"{month!r} is not a month")
    words = name.split()
    letters = words[0] if words and re.fullmatch(r"[A-Z0-9]{3,4}", words[0]) else ""
    note = Note(slug="station-name", text=" ".join(part for part in (number, name) if part))
    valid = utc(int(year), _MONTHS.index(month) + 1, int(day), int(hour))
    return letters or number or name, valid, (note,) if note.text else ()
