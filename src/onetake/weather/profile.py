"""The product's own profile, onetake.profile/1: what its head and its levels may say, whether CSV or TOML.

Strict, as people write it by hand: whatever is not understood is refused with its line. docs/profile.md shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from onetake.axes import wind_from
from onetake.errors import Problem, ReadError, UnitError
from onetake.seams import no_such
from onetake.units import parse
from onetake.weather.atmosphere import geopotential_from_geometric
from onetake.weather.column import Array, Column, Note
from onetake.weather.levels import Levels, column_of, wind_of

SCHEMA = "onetake.profile"
VERSION = 1
KEYS = ("schema", "station", "source", "lat_deg", "lon_deg", "elevation", "base_utc", "valid_utc", "note")
AGREE_M_S = 1.0  # wind given both ways: what rounding to 1 kt and 1° may differ by


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The head of a profile; elevation of the ground is needed for heights above it only."""

    station: str = ""
    source: str = ""
    lat_deg: float | None = None
    lon_deg: float | None = None
    elevation_m: float | None = None
    base_utc: datetime | None = None
    valid_utc: datetime | None = None
    note: str = ""


@dataclass(slots=True, kw_only=True)
class Table:
    """Levels as written, (n,), SI, NaN where not given; altitude_msl_m geometric, height_agl_m above the ground."""

    altitude_msl_m: Array
    height_agl_m: Array
    geopotential_m: Array
    pressure_pa: Array
    temperature_k: Array
    relative_humidity: Array
    wind_from_deg: Array
    wind_speed_m_s: Array
    wind_east_m_s: Array
    wind_north_m_s: Array


def refuse(name: str, line: int | None, found: str, expected: str, fix: str = "") -> ReadError:
    """The error for one thing in a profile that cannot be understood."""
    return ReadError(str(Problem(name, line, found, expected, fix)))


def check_schema(name: str, line: int | None, text: str) -> None:
    """Raise ReadError unless this is a version that can be read."""
    family, _, version = text.partition("/")
    if family != SCHEMA or not (version.isascii() and version.isdigit()) or len(version) > 4:
        raise refuse(name, line, f"schema {text!r}", f"{SCHEMA}/{VERSION}")
    if int(version) > VERSION:
        raise refuse(
            name, line, f"schema {text!r}", f"{SCHEMA}/{VERSION} or older", "A newer onetake wrote this file."
        )


def card_of(name: str, fields: Mapping[str, tuple[str, int | None]]) -> Card:
    """The head of its (text, line) pairs. Raises ReadError naming file and line."""
    for key, (_, line) in fields.items():
        if key not in KEYS:
            raise refuse(name, line, f"key {key!r}", f"one of {', '.join(KEYS)}", no_such(key, KEYS, "key"))
    if "schema" in fields:
        check_schema(name, fields["schema"][1], fields["schema"][0])
    card = Card(
        station=fields.get("station", ("", None))[0],
        source=fields.get("source", ("", None))[0],
        note=fields.get("note", ("", None))[0],
        lat_deg=_degrees(name, fields, "lat_deg", 90.0),
        lon_deg=_degrees(name, fields, "lon_deg", 360.0),
        elevation_m=_elevation(name, fields),
        base_utc=_time(name, fields, "base_utc"),
        valid_utc=_time(name, fields, "valid_utc"),
    )
    if (card.lat_deg is None) != (card.lon_deg is None):
        raise refuse(name, None, "only one of lat_deg and lon_deg", "both or neither")
    if card.base_utc and card.valid_utc and card.base_utc > card.valid_utc:
        raise refuse(
            name, fields["base_utc"][1], "a run later than the time it is valid for", "base_utc <= valid_utc"
        )
    return card


def _degrees(name: str, fields: Mapping[str, tuple[str, int | None]], key: str, limit: float) -> float | None:
    if key not in fields:
        return None
    text, line = fields[key]
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not abs(value) <= limit:
        raise refuse(name, line, f"{key} = {text[:40]}", f"degrees between {-limit:.0f} and {limit:.0f}")
    return value


def _elevation(name: str, fields: Mapping[str, tuple[str, int | None]]) -> float | None:
    if "elevation" not in fields:
        return None
    text, line = fields["elevation"]
    try:
        value = parse(text, "length")
    except UnitError as error:
        raise refuse(
            name, line, f"elevation = {text[:40]}", 'a length with its unit such as "90 ft"'
        ) from error
    if not -500.0 <= value <= 7000.0:
        raise refuse(name, line, f"elevation = {text[:40]}", "ground between -500 m and 7000 m")
    return value


def _time(name: str, fields: Mapping[str, tuple[str, int | None]], key: str) -> datetime | None:
    if key not in fields:
        return None
    text, line = fields[key]
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise refuse(name, line, f"{key} = {text[:40]}", "a time in UTC such as 2011-10-11T00:00Z") from error


def column_of_table(name: str, format: str, card: Card, table: Table, lines: list[int | None]) -> Column:  # noqa: A002
    """The Column of a card and its levels; `lines` says where each level stands. Raises ReadError."""
    problems: list[Note] = []
    east, north = _wind(name, table, lines, problems)
    if card.valid_utc is None:
        problems.append(Note(slug="no-time", text="the profile does not say when it is valid (valid_utc)"))
    notes = [
        Note(slug=slug, text=text) for slug, text in (("source", card.source), ("note", card.note)) if text
    ]
    levels = Levels(
        geopotential_m=_geopotential(name, card, table, lines),
        pressure_pa=table.pressure_pa,
        temperature_k=table.temperature_k,
        wind_east_m_s=east,
        wind_north_m_s=north,
        relative_humidity=table.relative_humidity,
        problems=problems,
    )
    return column_of(
        levels,
        format=format,
        station=card.station,
        valid_utc=card.valid_utc,
        base_utc=card.base_utc,
        lat_deg=card.lat_deg,
        lon_deg=card.lon_deg,
        notes=notes,
    )


def _geopotential(name: str, card: Card, table: Table, lines: list[int | None]) -> Array:
    above_ground = np.isfinite(table.height_agl_m)
    if above_ground.any() and card.elevation_m is None:
        line = lines[int(np.argmax(above_ground))]
        raise refuse(
            name,
            line,
            "a height above ground",
            "the ground's elevation in the head",
            'Add elevation = "90 ft".',
        )
    given = np.stack([table.altitude_msl_m, table.height_agl_m, table.geopotential_m])
    several = np.isfinite(given).sum(axis=0) > 1
    if several.any():
        raise refuse(name, lines[int(np.argmax(several))], "two heights for one level", "one of them")
    altitude = np.where(above_ground, table.height_agl_m + (card.elevation_m or 0.0), table.altitude_msl_m)
    return np.asarray(
        np.where(
            np.isfinite(table.geopotential_m), table.geopotential_m, geopotential_from_geometric(altitude)
        )
    )


def _wind(name: str, table: Table, lines: list[int | None], problems: list[Note]) -> tuple[Array, Array]:
    """East and north of whichever way the wind is given; given both ways, they must agree."""
    from_deg, speed = table.wind_from_deg, table.wind_speed_m_s
    undirected = np.isfinite(speed) & (speed > 0) & ~np.isfinite(from_deg)
    if undirected.any():
        line = lines[int(np.argmax(undirected))]
        raise refuse(name, line, "a wind speed without a direction", "where it comes from, in degrees true")
    outside = (from_deg < 0) | (from_deg > 360) | (speed < 0)
    if outside.any():
        raise refuse(
            name, lines[int(np.argmax(outside))], "an impossible wind", "0 to 360 degrees, speed from 0 up"
        )
    east, north = wind_of(from_deg, speed, problems)
    apart = np.hypot(east - table.wind_east_m_s, north - table.wind_north_m_s)
    wrong = apart > AGREE_M_S + 0.02 * speed
    if wrong.any():
        first = int(np.argmax(wrong))
        degrees, _ = wind_from(table.wind_east_m_s[first], table.wind_north_m_s[first])
        raise refuse(
            name,
            lines[first],
            f"a wind from {from_deg[first]:.0f}° beside components that come from {float(degrees):.0f}°, "
            f"{float(apart[first]):.1f} m/s apart",
            "one wind; directions are where it comes from, u and v where it goes",
        )
    by_components = np.isfinite(table.wind_east_m_s) & np.isfinite(table.wind_north_m_s)
    return np.where(by_components, table.wind_east_m_s, east), np.where(
        by_components, table.wind_north_m_s, north
    )
