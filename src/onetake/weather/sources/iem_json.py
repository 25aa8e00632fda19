"""Iowa State (IEM) radiosonde JSON: hPa, m, °C, degrees from, knots; null or a literal NaN is missing."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import numpy as np

from onetake.errors import ReadError
from onetake.units import KT_M_S
from onetake.weather.column import Array, Column, Note
from onetake.weather.heights import humidity_of
from onetake.weather.levels import Levels, column_of, whole_file, wind_of

DOC = "Iowa Environmental Mesonet radiosonde JSON, wind in kt"

_KEYS = ("pres", "hght", "tmpc", "dwpc", "drct", "sknt")


def recognises(head: bytes, name: str) -> bool:
    """By being JSON with IEM's keys."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{" and b'"profiles"' in head and b'"' in head


def read(data: bytes, name: str) -> list[Column]:
    """Every profile of the file. Raises ReadError."""
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"it is not whole JSON ({str(error)[:120]})") from error
    profiles = tree.get("profiles") if isinstance(tree, dict) else None
    if not isinstance(profiles, list):
        raise ReadError("its `profiles` is not a list")
    return whole_file(_sounding, profiles)


def _sounding(profile: object) -> Column:
    rows = profile.get("profile") if isinstance(profile, dict) else None
    if (
        not isinstance(profile, dict)
        or not isinstance(rows, list)
        or not all(isinstance(row, dict) for row in rows)
    ):
        raise ReadError("a profile is not a list of levels")
    if rows and not any("sknt" in row for row in rows):
        raise ReadError("no level has a wind speed in knots, `sknt`; this is not the radiosonde layout")
    problems: list[Note] = []
    pressure, height, temperature, dew_point, from_deg, speed = (
        _numbers(rows, key, problems) for key in _KEYS
    )
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
    station = profile.get("station")
    return column_of(
        levels,
        format="iem_json",
        station=station[:40] if isinstance(station, str) else "",
        valid_utc=_valid(profile.get("valid"), problems),
    )


def _numbers(rows: list[dict[str, object]], key: str, problems: list[Note]) -> Array:
    values = np.full(len(rows), np.nan)
    wrong = 0
    for i, row in enumerate(rows):
        value = row.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            values[i] = float(value) if abs(value) < 1e6 else np.nan
            wrong += abs(value) >= 1e6
        elif value is not None:
            wrong += 1
    if wrong:
        problems.append(
            Note(slug="unreadable-cell", text=f"{key}: {wrong} values are not numbers: taken as missing")
        )
    return values


def _valid(text: object, problems: list[Note]) -> datetime | None:
    try:
        valid = datetime.fromisoformat(str(text))
        return valid.replace(tzinfo=UTC) if valid.tzinfo is None else valid.astimezone(UTC)
    except (ValueError, OverflowError):
        problems.append(Note(slug="no-time", text="the profile does not say when it is valid"))
        return None
