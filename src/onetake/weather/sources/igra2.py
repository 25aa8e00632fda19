"""IGRA2 station files of NOAA NCEI, soundings and derived parameters: fixed columns, one header for each ascent.

Soundings: Pa, geopotential m, 0.1 °C, 0.1 %, degrees from, 0.1 m/s; -9999 was missing, -8888 was removed by
quality control. Derived: Pa, m, 0.1 K, 0.1 m/s as u and v; -99999 is missing. Format texts igra2-data-format
and igra2-derived-format at NCEI. A station's whole record holds tens of thousands of ascents, so one is read at a
time.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from onetake.errors import ReadError
from onetake.weather.cells import Cells, utc
from onetake.weather.choice import Listing, pick
from onetake.weather.column import Array, Column, Note
from onetake.weather.levels import Levels, column_of, whole_file, wind_of

DOC = "IGRA2 station file (soundings or derived parameters), wind in 0.1 m/s"
max_bytes = 2_000_000_000

_HEADER = re.compile(rb"#[A-Z0-9]{11} [0-9]{4} [0-9]{2} [0-9]{2} [0-9]{2} [0-9 ]{4} [0-9 ]{4}")
_NEXT_HEADER = re.compile(rb"\n#[A-Z0-9]{11} [0-9]{4} ")
_DERIVED_FROM = 100  # a derived header is 150 characters long, a sounding's 71
_MISSING = frozenset({-9999.0, -8888.0})
_DERIVED_MISSING = frozenset({-99999.0, -9999.0})
_FIELDS = (
    (9, 15),
    (16, 21),
    (22, 27),
    (28, 33),
    (40, 45),
    (46, 51),
)  # pressure, height, T, RH, direction, speed
_DERIVED_WIDTH = 8
_DERIVED_FIELDS = (0, 1, 2, 3, 12, 14, 16)  # pressure, reported and computed height, T, RH, u, v


def recognises(head: bytes, name: str) -> bool:
    """By its first header line."""
    return _HEADER.match(head) is not None


def read(data: bytes, name: str) -> list[Column]:
    """Every ascent of the file. Raises ReadError."""
    return whole_file(_ascent, (data[start:end] for start, end in _spans(data)))


def list_profiles(path: Path) -> list[Listing]:
    """Every ascent of the file, from the headers alone. Raises ReadError."""
    return [listing for listing, _, _ in _index(path)]


def read_one(
    path: Path,
    *,
    station: str | None,
    time: datetime | None,
    lat_deg: float | None,
    lon_deg: float | None,
) -> Column:
    """The ascent asked for. Raises ReadError, ChoiceError."""
    index = _index(path)
    chosen = pick([row[0] for row in index], station=station, time=time, lat_deg=lat_deg, lon_deg=lon_deg)
    _, start, end = index[chosen]
    with path.open("rb") as stream:
        stream.seek(start)
        return _ascent(stream.read(end - start))


def _index(path: Path) -> list[tuple[Listing, int, int]]:
    if not path.stat().st_size:
        raise ReadError("it is empty")
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        rows = []
        for start, end in _spans(data):
            line = data[start : min(end, start + 200)].split(b"\n", 1)[0]
            try:
                station, valid, lat_deg, lon_deg, _ = _header(line.decode("latin-1"))
            except ReadError:
                continue
            rows.append(
                (Listing(station=station, valid_utc=valid, lat_deg=lat_deg, lon_deg=lon_deg), start, end)
            )
    if not rows:
        raise ReadError("none of its headers can be read")
    return rows


def _spans(data: bytes | mmap.mmap) -> Iterator[tuple[int, int]]:
    """First and last byte of each ascent, header included."""
    start = 0
    for match in _NEXT_HEADER.finditer(data):
        yield start, match.start() + 1
        start = match.start() + 1
    yield start, len(data)


def _header(line: str) -> tuple[str, datetime | None, float | None, float | None, list[Note]]:
    """Station, time, latitude, longitude, notes of a header line."""
    if _HEADER.match(line.encode("latin-1")) is None:
        raise ReadError(f"{line[:40]!r} is not a header such as '#USM00070026 2010 06 01 00 2303  158 …'")
    year, month, day, hour = (int(line[a:b]) for a, b in ((13, 17), (18, 20), (21, 23), (24, 26)))
    release = line[27:31].strip()
    valid, notes = _valid((year, month, day, hour), release)
    lat_deg, lon_deg = None, None
    if len(line) < _DERIVED_FROM:
        cells = Cells()
        lat_deg, lon_deg = (cells.number(line[a:b]) / 1e4 for a, b in ((55, 62), (63, 71)))
        if not (abs(lat_deg) <= 90 and abs(lon_deg) <= 180):  # -98.8888 is a moving ship, -99.9999 unknown
            lat_deg, lon_deg = None, None
    return line[1:12], valid, lat_deg, lon_deg, notes


def _valid(date_hour: tuple[int, int, int, int], release: str) -> tuple[datetime | None, list[Note]]:
    """The nominal hour, else the release time, else nothing."""
    year, month, day, hour = date_hour
    if hour != 99:
        note = Note(slug="release-time", text=f"released at {release}Z; the time given is the nominal hour")
        return utc(year, month, day, hour), [note] if release.isdigit() and release != "9999" else []
    if release.isdigit() and len(release) == 4 and int(release[:2]) < 24:
        minute = int(release[2:])
        return utc(year, month, day, int(release[:2])) + timedelta(minutes=minute if minute < 60 else 0), []
    return None, [Note(slug="no-time", text=f"of {year}-{month:02}-{day:02}, at an hour that is not known")]


def _ascent(data: bytes) -> Column:
    lines = data.decode("latin-1").splitlines()
    header = lines[0] if lines else ""
    station, valid, lat_deg, lon_deg, notes = _header(header)
    declared, rows = int(header[32:36].strip() or 0), [line for line in lines[1:] if line.strip()]
    if not rows:
        when = f"of {valid:%Y-%m-%d %H:%M}Z " if valid else ""
        raise ReadError(f"the ascent {when}announces {declared} levels and none follows: the file is cut off")
    levels = _derived(rows) if len(header) >= _DERIVED_FROM else _sounding(rows)
    if len(rows) != declared:
        text = f"the header announces {declared} levels and {len(rows)} follow"
        levels.say("level-count", f"{text}: the ascent is cut off" if len(rows) < declared else text)
    return column_of(
        levels,
        format="igra2",
        station=station,
        valid_utc=valid,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        notes=notes,
    )


def _sounding(rows: list[str]) -> Levels:
    cells = Cells(_MISSING)
    table = cells.matrix(([row[a:b] for a, b in _FIELDS] for row in rows), len(_FIELDS))
    pressure, height, temperature, humidity, from_deg, speed = table.T
    problems = cells.problems()
    east, north = wind_of(from_deg, speed / 10.0, problems)
    return Levels(
        geopotential_m=height,
        pressure_pa=pressure,
        temperature_k=temperature / 10.0 + 273.15,
        wind_east_m_s=east,
        wind_north_m_s=north,
        relative_humidity=humidity / 1000.0,
        problems=problems,
    )


def _derived(rows: list[str]) -> Levels:
    cells = Cells(_DERIVED_MISSING)
    spans = [(i * _DERIVED_WIDTH, (i + 1) * _DERIVED_WIDTH - 1) for i in _DERIVED_FIELDS]
    table: Array = cells.matrix(([row[a:b] for a, b in spans] for row in rows), len(spans))
    pressure, reported, computed, temperature, humidity, east, north = table.T
    return Levels(
        geopotential_m=np.where(np.isfinite(reported), reported, computed),
        pressure_pa=pressure,
        temperature_k=temperature / 10.0,
        wind_east_m_s=east / 10.0,
        wind_north_m_s=north / 10.0,
        relative_humidity=humidity / 1000.0,
        problems=cells.problems(),
    )
