"""PECAN text (a simplified BUFKIT): MEM, TIME, STID blocks; hPa, m, °C, °C and the wind's u, v in m/s.

Old files name the wind columns WDIR,WSPD though they hold u and v; a negative "direction" gives it away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import numpy as np

from onetake.errors import ReadError
from onetake.weather.cells import Cells, gempak_time, text_of
from onetake.weather.column import Array, Column, Note
from onetake.weather.heights import humidity_of
from onetake.weather.levels import MAX_PROFILES, Levels, column_of, whole_file

DOC = "PECAN text (ensemble or model blocks of MEM, TIME, STID), wind as u and v in m/s"

_MISSING = frozenset({-9999.0, -999.0})
_BLOCK = re.compile(
    r"^[ \t]*MEM = *(?P<member>[^\n]{0,80})\n\s*TIME = *(?P<time>[^\s]{1,20})\s*\n[ \t]*STID = *(?P<station>\S{1,40})"
    r"(?P<rest>[^\n]{0,300})\n\s*(?P<header>PRES[^\n]{0,200})\n",
    re.MULTILINE,
)
_PLACE = re.compile(r"(SLAT|SLON) = *(-?[0-9.]{1,20})")
_SINGLE = ("deterministic", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    member: str
    valid_utc: datetime
    station: str
    lat_deg: float
    lon_deg: float
    header: tuple[str, ...]
    table: Array
    problems: tuple[Note, ...]


def recognises(head: bytes, name: str) -> bool:
    """By its MEM and STID lines."""
    return re.search(rb"^[ \t]*MEM = ", head[:4096], re.MULTILINE) is not None and b"STID" in head[:4096]


def read(data: bytes, name: str) -> list[Column]:
    """A profile for each member, time and station. Raises ReadError."""
    blocks = list(_blocks(text_of(data).replace("\r\n", "\n")))
    if not blocks:
        raise ReadError("it has no whole block of MEM, TIME, STID and a line of column names")
    components = _hold_components(blocks)
    bases: dict[tuple[str, str], datetime] = {}
    for block in blocks:
        key = (block.station, block.member)
        bases[key] = min(bases.get(key, block.valid_utc), block.valid_utc)

    def column(block: _Block) -> Column:
        return _column(block, bases[block.station, block.member], components)

    return whole_file(column, blocks)


def _blocks(text: str) -> Iterator[_Block]:
    starts = list(islice(_BLOCK.finditer(text), MAX_PROFILES + 1))
    if len(starts) > MAX_PROFILES:
        raise ReadError(f"it holds more than {MAX_PROFILES:,} blocks, too many to read all")
    for match, after in zip(starts, [*(m.start() for m in starts[1:]), len(text)], strict=False):
        cells = Cells(_MISSING)
        header = tuple(name.strip().upper() for name in match["header"].split(","))
        rows = [line.split(",") for line in text[match.end() : after].splitlines() if line.strip()]
        whole = [row for row in rows if len(row) == len(header)]
        if len(whole) < len(rows):
            cells.unreadable, cells.example = len(rows) - len(whole), "a short line"
        table = cells.matrix(whole, len(header))
        place = {key: cells.number(value) for key, value in _PLACE.findall(match["rest"])}
        member = match["member"].strip()
        try:
            valid = gempak_time(match["time"])
        except ReadError:
            continue
        yield _Block(
            member="" if member.lower() in _SINGLE else member,
            valid_utc=valid,
            station=match["station"],
            lat_deg=place.get("SLAT", np.nan),
            lon_deg=place.get("SLON", np.nan),
            header=header,
            table=table,
            problems=tuple(cells.problems()),
        )


def _hold_components(blocks: list[_Block]) -> bool:
    """True when columns called WDIR,WSPD hold u and v: no direction and no speed is negative."""
    for block in blocks:
        if "WDIR" in block.header and "WSPD" in block.header:
            wind = block.table[:, [block.header.index("WDIR"), block.header.index("WSPD")]]
            if (wind < 0).any():
                return True
    return False


def _column(block: _Block, base_utc: datetime, components: bool) -> Column:
    column = dict(zip(block.header, block.table.T, strict=False))
    if missing := [name for name in ("PRES", "HGHT", "TEMP") if name not in column]:
        raise ReadError(f"no column {missing[0]}; there is: {', '.join(block.header)}")
    problems = list(block.problems)
    if block.member.casefold() == "mean":
        text = "the mean of an ensemble: weaker and smoother than any one of its members' winds; name one as station/member"
        problems.append(Note(slug="ensemble-mean", text=text))
    east, north = _wind(column, components, problems)
    temperature = column["TEMP"] + 273.15
    dew_point = column.get("DEWP", np.full(temperature.shape, np.nan)) + 273.15
    levels = Levels(
        geopotential_m=column["HGHT"],
        pressure_pa=column["PRES"] * 100.0,
        temperature_k=temperature,
        wind_east_m_s=east,
        wind_north_m_s=north,
        relative_humidity=humidity_of(dew_point, temperature),
        problems=problems,
    )
    note = Note(slug="run-time", text="the model's run is taken to be the first time in the file")
    return column_of(
        levels,
        format="pecan",
        station=block.station,
        valid_utc=block.valid_utc,
        base_utc=base_utc,
        lat_deg=block.lat_deg,
        lon_deg=block.lon_deg,
        notes=(note,),
        member=block.member,
    )


def _wind(column: dict[str, Array], components: bool, problems: list[Note]) -> tuple[Array, Array]:
    if "UWIN" in column and "VWIN" in column:
        return column["UWIN"], column["VWIN"]
    if "WDIR" not in column or "WSPD" not in column:
        raise ReadError("no wind: neither UWIN,VWIN nor WDIR,WSPD is among its columns")
    if not components:
        raise ReadError(
            "its wind columns are called WDIR,WSPD, a name under which such files hold u and v, and nothing in it "
            "tells which; rename them UWIN,VWIN if they are u and v in m/s"
        )
    text = "columns named WDIR,WSPD hold negative values: they are u and v in m/s and were read so"
    problems.append(Note(slug="wind-columns-misnamed", text=text))
    return column["WDIR"], column["WSPD"]
