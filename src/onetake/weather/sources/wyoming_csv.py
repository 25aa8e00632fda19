"""University of Wyoming soundings as CSV (the service of 2025): hPa, m, °C, degrees from, **m/s**; blanks missing.

Pages made for the older list give knots; here the unit stands in the column's name and is read from there.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from onetake.errors import ReadError
from onetake.units import KT_M_S
from onetake.weather.cells import Cells, text_of
from onetake.weather.column import Column, Note
from onetake.weather.heights import humidity_of
from onetake.weather.levels import Levels, column_of, wind_of

DOC = "University of Wyoming CSV sounding (type TEXT:CSV), wind in m/s"
max_bytes = 4_000_000  # an ascent of one level a second is 700 kB

_COLUMNS = (
    "pressure_hpa",
    "geopotential height_m",
    "temperature_c",
    "dew point temperature_c",
    "wind direction_degree",
)
_SPEED = {"wind speed_m/s": 1.0, "wind speed_knot": KT_M_S, "wind speed_kt": KT_M_S}


def recognises(head: bytes, name: str) -> bool:
    """By the column names on its first line."""
    first = head.lstrip(b"\xef\xbb\xbf \r\n\t").split(b"\n", 1)[0].lower()
    return b"pressure_hpa" in first and b"geopotential height_m" in first and b"wind speed_" in first


def read(data: bytes, name: str) -> list[Column]:
    """The one sounding of the file. Raises ReadError."""
    lines = [line for line in text_of(data).splitlines() if line.strip()]
    if not lines:
        raise ReadError("it is empty")
    header = [cell.strip().lower() for cell in lines[0].split(",")]
    speed_name = next((cell for cell in header if cell in _SPEED), None)
    missing = [cell for cell in _COLUMNS if cell not in header]
    if missing or speed_name is None:
        raise ReadError(
            f"no column {(missing or ['wind speed_m/s'])[0]!r}; there is: {', '.join(header)[:300]}"
        )
    rows = [line.split(",") for line in lines[1:]]
    whole = [row for row in rows if len(row) == len(header)]
    cells = Cells(unreadable=len(rows) - len(whole), example="a short line" if len(whole) < len(rows) else "")
    pressure, height, temperature, dew_point, from_deg = (
        cells.column(row[header.index(cell)] for row in whole) for cell in _COLUMNS
    )
    speed = cells.column(row[header.index(speed_name)] for row in whole) * _SPEED[speed_name]
    problems = cells.problems()
    east, north = wind_of(from_deg, speed, problems)
    levels = Levels(
        geopotential_m=height,
        pressure_pa=pressure * 100.0,
        temperature_k=temperature + 273.15,
        wind_east_m_s=east,
        wind_north_m_s=north,
        relative_humidity=humidity_of(dew_point + 273.15, temperature + 273.15),
        problems=problems,
    )
    valid = _valid(header, whole, problems)
    place = _place(header, whole)
    note = Note(slug="no-station", text="the format does not name its station")
    return [
        column_of(
            levels,
            format="wyoming_csv",
            station="",
            valid_utc=valid,
            lat_deg=place[0],
            lon_deg=place[1],
            notes=(note,),
        )
    ]


def _valid(header: list[str], rows: list[list[str]], problems: list[Note]) -> datetime | None:
    """The launch: the time of the first level."""
    if "time" in header and rows:
        try:
            return datetime.strptime(rows[0][header.index("time")].strip(), "%Y-%m-%d %H:%M:%S").replace(
                tzinfo=UTC
            )
        except ValueError:
            pass
    problems.append(Note(slug="no-time", text="the time of the first level is missing or unreadable"))
    return None


def _place(header: list[str], rows: list[list[str]]) -> tuple[float | None, float | None]:
    """Latitude and longitude of the first level; -99.99 in both is how the service says "unknown"."""
    if not rows or "latitude" not in header or "longitude" not in header:
        return None, None
    cells = Cells()
    lat, lon = (cells.number(rows[0][header.index(name)]) for name in ("latitude", "longitude"))
    if not (np.isfinite(lat) and np.isfinite(lon)) or abs(lat) > 90:
        return None, None
    return lat, lon
