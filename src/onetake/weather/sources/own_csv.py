"""onetake's own profile as CSV: `# key = value` lines, a line of column names with units, one line for each level.

docs/profile.md describes it. A table without the head is read too, if every column name is known.
"""

from __future__ import annotations

import re
from itertools import islice

import numpy as np

from onetake.errors import ReadError
from onetake.seams import no_such
from onetake.units import FT_M, KT_M_S, MPH_M_S
from onetake.weather.cells import Cells
from onetake.weather.column import Array, Column
from onetake.weather.profile import SCHEMA, Card, Table, card_of, column_of_table, refuse

DOC = "onetake profile as CSV (onetake.profile/1), units in the column names"
max_bytes = 2_000_000

# column name -> field of the table, factor, offset
COLUMNS: dict[str, tuple[str, float, float]] = {
    "altitude_msl_ft": ("altitude_msl_m", FT_M, 0.0),
    "altitude_msl_m": ("altitude_msl_m", 1.0, 0.0),
    "height_agl_ft": ("height_agl_m", FT_M, 0.0),
    "height_agl_m": ("height_agl_m", 1.0, 0.0),
    "geopotential_m": ("geopotential_m", 1.0, 0.0),
    "pressure_hpa": ("pressure_pa", 100.0, 0.0),
    "pressure_pa": ("pressure_pa", 1.0, 0.0),
    "temperature_c": ("temperature_k", 1.0, 273.15),
    "temperature_k": ("temperature_k", 1.0, 0.0),
    "relative_humidity_pct": ("relative_humidity", 0.01, 0.0),
    "wind_from_deg": ("wind_from_deg", 1.0, 0.0),
    "wind_kt": ("wind_speed_m_s", KT_M_S, 0.0),
    "wind_m_s": ("wind_speed_m_s", 1.0, 0.0),
    "wind_mph": ("wind_speed_m_s", MPH_M_S, 0.0),
    "wind_km_h": ("wind_speed_m_s", 1 / 3.6, 0.0),
    "wind_east_m_s": ("wind_east_m_s", 1.0, 0.0),
    "wind_north_m_s": ("wind_north_m_s", 1.0, 0.0),
    "wind_east_kt": ("wind_east_m_s", KT_M_S, 0.0),
    "wind_north_kt": ("wind_north_m_s", KT_M_S, 0.0),
}
ALIASES = {
    "altitude_ft_msl": "altitude_msl_ft", "altitude_m_msl": "altitude_msl_m", "height_ft_agl": "height_agl_ft",
    "height_m_agl": "height_agl_m", "geopotential_height_m": "geopotential_m",
    "relative_humidity_percent": "relative_humidity_pct", "wind_speed_kt": "wind_kt", "wind_speed_m_s": "wind_m_s",
    "wind_speed_mph": "wind_mph", "wind_speed_km_h": "wind_km_h", "u_m_s": "wind_east_m_s", "v_m_s": "wind_north_m_s",
    "u_kt": "wind_east_kt", "v_kt": "wind_north_kt",
}  # fmt: skip
_HEIGHTS = ("altitude_msl_m", "height_agl_m", "geopotential_m", "pressure_pa")
_KEY = re.compile(r"#\s*([A-Za-z_]\w{0,30})\s*=\s*(.*?)\s*")
_HEAD_LINES = 200


def recognises(head: bytes, name: str) -> bool:
    """By its schema line, or by a first line whose every name is one of ours."""
    text = head.decode("utf-8", "replace").lstrip("\ufeff")
    for line in islice(text.splitlines(), _HEAD_LINES):
        match = _KEY.fullmatch(line.strip())
        if match is not None and match[1] == "schema" and match[2].startswith(SCHEMA):
            return True
        if line.strip() and not line.startswith("#"):
            names = _names(line)
            return len(names) > 1 and all(cell in COLUMNS for cell in names)
    return False


def read(data: bytes, name: str) -> list[Column]:
    """The one profile of the file. Raises ReadError with file and line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(f"{name}: it is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    lines = text.splitlines()
    start = next((i for i, line in enumerate(lines) if line.strip() and not line.startswith("#")), None)
    if start is None:
        raise ReadError(f"{name}: it has no line of column names; there could be: {', '.join(COLUMNS)}")
    card = _card(name, lines[:start])
    names = _names(lines[start])
    _check_names(name, start + 1, names)
    rows, at = _rows(name, lines, start, len(names))
    return [column_of_table(name, "own_csv", card, _table(name, names, rows, at), at)]


def _names(line: str) -> list[str]:
    cells = [cell.strip().lower() for cell in line.split(",")]
    return [ALIASES.get(cell, cell) for cell in cells]


def _card(name: str, lines: list[str]) -> Card:
    fields: dict[str, tuple[str, int | None]] = {}
    for number, line in enumerate(lines, 1):
        match = _KEY.fullmatch(line.strip())
        if match is None:
            continue
        key, value = match[1].lower(), match[2].strip("\"'")
        if key == "note" and key in fields:
            value = f"{fields[key][0]} {value}"
        elif key in fields:
            raise refuse(name, number, f"{key} a second time", "it once")
        fields[key] = (value, number)
    return card_of(name, fields)


def _check_names(name: str, line: int, names: list[str]) -> None:
    for cell in names:
        if cell not in COLUMNS:
            raise refuse(
                name, line, f"column {cell[:40]!r}", "known columns", no_such(cell, tuple(COLUMNS), "column")
            )
    targets = [COLUMNS[cell][0] for cell in names]
    for cell, target in zip(names, targets, strict=True):
        if targets.count(target) > 1:
            raise refuse(name, line, f"column {cell!r} beside another for the same thing", "one of them")
    if not any(target in _HEIGHTS for target in targets):
        raise refuse(
            name, line, "no column for the height", "altitude_msl_ft, geopotential_m or pressure_hpa"
        )
    for pair in (("wind_from_deg", "wind_speed_m_s"), ("wind_east_m_s", "wind_north_m_s")):
        if (pair[0] in targets) != (pair[1] in targets):
            raise refuse(
                name, line, "half a wind", "wind_from_deg with wind_kt, or wind_east_m_s with wind_north_m_s"
            )
    if "wind_from_deg" not in targets and "wind_east_m_s" not in targets:
        raise refuse(
            name,
            line,
            "no column for the wind",
            "wind_from_deg with wind_kt, or wind_east_m_s with wind_north_m_s",
        )


def _rows(name: str, lines: list[str], start: int, width: int) -> tuple[list[list[str]], list[int | None]]:
    rows: list[list[str]] = []
    at: list[int | None] = []
    for number, line in enumerate(lines[start + 1 :], start + 2):
        if not line.strip() or line.startswith("#"):
            continue
        row = line.split(",")
        if len(row) != width:
            raise refuse(name, number, f"{len(row)} cells", f"{width}, one for each column")
        rows.append(row)
        at.append(number)
    if not rows:
        raise ReadError(f"{name}: it has no level below its column names")
    return rows, at


def _table(name: str, names: list[str], rows: list[list[str]], at: list[int | None]) -> Table:
    values: dict[str, Array] = {}
    for place, cell in enumerate(names):
        target, factor, offset = COLUMNS[cell]
        cells, numbers = Cells(), np.empty(len(rows))
        for i, row in enumerate(rows):
            numbers[i] = cells.number(row[place])
            if cells.unreadable:
                raise refuse(
                    name,
                    at[i],
                    f"{row[place].strip()[:40]!r} under {cell}",
                    "a number, or nothing where not known",
                )
        values[target] = numbers * factor + offset
    blank = np.full(len(rows), np.nan)
    return Table(**{target: values.get(target, blank.copy()) for target in Table.__dataclass_fields__})
