"""BUFR TEMP: radiosondes as the weather services exchange them; Pa, K, m/s, degrees from.

Both the old template (geopotential in m2/s2) and the high-resolution one (geopotential metres). A file holds many
stations; each message, and each subset of a message, is one sounding.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from onetake.errors import ReadError
from onetake.units import G0_M_S2
from onetake.weather.choice import Listing, pick
from onetake.weather.column import Array, Column, Note
from onetake.weather.decode import ask
from onetake.weather.heights import humidity_of
from onetake.weather.levels import Levels, column_of, whole_file, wind_of

DOC = "BUFR TEMP (radiosondes as exchanged by weather services), choose with --station; needs onetake[grib]"
max_bytes = 64_000_000

_HEAD = re.compile(rb"BUFR...[\x02-\x04]", re.DOTALL)


def recognises(head: bytes, name: str) -> bool:
    """By the word BUFR and its edition, at the start or behind a bulletin's header."""
    return _HEAD.search(head[:256]) is not None


def list_profiles(path: Path) -> list[Listing]:
    """One listing for each sounding that can be read. Raises ReadError, MissingExtraError."""
    return [
        Listing(
            station=column.station, valid_utc=column.valid_utc, lat_deg=column.lat_deg, lon_deg=column.lon_deg
        )
        for column in _columns(path)
    ]


def read_one(
    path: Path, *, station: str | None, time: datetime | None, lat_deg: float | None, lon_deg: float | None
) -> Column:
    """The one sounding asked for. Raises ReadError, ChoiceError, MissingExtraError."""
    columns = _columns(path)
    return columns[pick(columns, station=station, time=time, lat_deg=lat_deg, lon_deg=lon_deg)]


def _columns(path: Path) -> list[Column]:
    messages, truncated = _messages(path.read_bytes())
    if not messages:
        raise ReadError("its BUFR messages are damaged or cut off, and none is whole")
    answer = ask("bufr_soundings", path, needs="eccodes", messages=messages)
    refused: list[str] = answer["refused"]
    if not answer["soundings"]:
        if refused:
            raise ReadError(f"none of its {len(messages)} BUFR messages can be decoded ({refused[0]})")
        raise ReadError("its BUFR messages are no vertical soundings")
    damage = []
    if refused:
        text = (
            f"{len(refused)} of {len(messages)} messages left out, as they cannot be decoded ({refused[0]})"
        )
        damage.append(Note(slug="broken-message", text=text))
    if truncated:
        damage.append(
            Note(slug="truncated", text="the file ends inside a message: what comes before was read")
        )
    return whole_file(lambda sounding: _column(sounding, damage), answer["soundings"])


def _messages(data: bytes) -> tuple[list[tuple[int, int]], bool]:
    """First byte and end of each whole message (WMO FM 94: length in octets 5 to 7, closed by 7777)."""
    whole: list[tuple[int, int]] = []
    truncated = False
    at = data.find(b"BUFR")
    while at >= 0:
        end = at + int.from_bytes(data[at + 4 : at + 7], "big")
        closed = end - at > 8 and data[end - 4 : end] == b"7777"
        if closed:
            whole.append((at, end))
        truncated = truncated or end > len(data) or end - at <= 8
        at = data.find(b"BUFR", end if closed else at + 4)
    return whole, truncated


def _column(sounding: dict[str, Any], damage: list[Note]) -> Column:
    temperature = _array(sounding, "airTemperature")
    # wind shear reports repeat the word pressure behind the levels: only the levels have a temperature slot
    count = max(temperature.size, _array(sounding, "windSpeed").size)
    if not count:
        raise ReadError("a sounding without levels")
    pressure, height = _array(sounding, "pressure"), _heights(sounding)

    def level(values: Array) -> Array:
        return np.concatenate([values, np.full(max(0, count - values.size), np.nan)])[:count]

    problems = list(damage)
    east, north = wind_of(
        level(_array(sounding, "windDirection")), level(_array(sounding, "windSpeed")), problems
    )
    levels = Levels(
        geopotential_m=level(height),
        pressure_pa=level(pressure),
        temperature_k=level(temperature),
        wind_east_m_s=east,
        wind_north_m_s=north,
        relative_humidity=humidity_of(level(_array(sounding, "dewpointTemperature")), level(temperature)),
        problems=problems,
    )
    return column_of(
        levels,
        format="bufr_temp",
        station=_station(sounding),
        valid_utc=_valid_utc(sounding),
        lat_deg=_degrees(sounding.get("latitude")),
        lon_deg=_degrees(sounding.get("longitude")),
    )


def _degrees(value: float | None) -> float | None:
    """To the metre: the pole is sent as a hair more than 90."""
    return None if value is None else round(value, 5)


def _array(sounding: dict[str, Any], key: str) -> Array:
    return np.array(sounding.get(key, []), float)


def _heights(sounding: dict[str, Any]) -> Array:
    """Geopotential metres, from whichever of the templates' names it has."""
    for key in ("nonCoordinateGeopotentialHeight", "geopotentialHeight"):
        if key in sounding:
            return _array(sounding, key)
    return _array(sounding, "nonCoordinateGeopotential") / G0_M_S2


def _station(sounding: dict[str, Any]) -> str:
    """WMO block and station number, or the ship's or mobile unit's own name."""
    block, number = sounding.get("blockNumber"), sounding.get("stationNumber")
    if block is not None and number is not None:
        return f"{block:02d}{number:03d}"
    for key in ("shipOrMobileLandStationIdentifier", "wigosLocalIdentifierCharacter"):
        if name := str(sounding.get(key) or "").strip():
            return name
    return ""


def _valid_utc(sounding: dict[str, Any]) -> datetime | None:
    """Launch or nominal time, whichever the template has; None when it has no possible one."""
    try:
        year, month, day, hour = (int(sounding[key]) for key in ("year", "month", "day", "hour"))
        minute, second = int(sounding.get("minute", 0)), int(sounding.get("second", 0))
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (KeyError, ValueError):
        return None
