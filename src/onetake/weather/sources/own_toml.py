"""onetake's own profile as TOML: a head, then one [[level]] each, every quantity with its unit.

docs/profile.md describes it.
"""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime

import numpy as np

from onetake.errors import ReadError, UnitError
from onetake.seams import no_such
from onetake.units import DEG_RAD, Dimension, parse, parse_altitude
from onetake.weather.atmosphere import pressure_at_pressure_altitude_pa
from onetake.weather.column import Column
from onetake.weather.profile import SCHEMA, Table, card_of, column_of_table, refuse

DOC = "onetake profile as TOML (onetake.profile/1), units beside the numbers"
max_bytes = 1_000_000

LEVEL_KEYS = ("altitude", "geopotential", "pressure", "temperature", "humidity", "wind_from", "wind")
_DATUM = {"MSL": "altitude_msl_m", "AGL": "height_agl_m", "FL": "pressure_pa"}
_QUANTITIES: dict[str, tuple[str, Dimension]] = {
    "geopotential": ("geopotential_m", "length"),
    "pressure": ("pressure_pa", "pressure"),
    "temperature": ("temperature_k", "temperature"),
    "wind": ("wind_speed_m_s", "speed"),
}
_SCHEMA_LINE = re.compile(rf'^\s*schema\s*=\s*["\']{re.escape(SCHEMA)}', re.MULTILINE)


def recognises(head: bytes, name: str) -> bool:
    """By its schema line."""
    return _SCHEMA_LINE.search(head.decode("utf-8", "replace").lstrip("\ufeff")[:8192]) is not None


def read(data: bytes, name: str) -> list[Column]:
    """The one profile of the file. Raises ReadError."""
    try:
        tree = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ReadError(f"{name}: it is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise ReadError(f"{name}: it is not TOML: {str(error)[:200] or 'nested too deeply'}") from error
    levels = tree.pop("level", None)
    if not isinstance(levels, list) or not levels or not all(isinstance(level, dict) for level in levels):
        raise ReadError(f"{name}: it has no [[level]]")
    card = card_of(name, {key: (_text(name, key, value), None) for key, value in tree.items()})
    table = Table(**{target: np.full(len(levels), np.nan) for target in Table.__dataclass_fields__})
    for i, level in enumerate(levels):
        _read_level(f"{name}: level {i + 1}", level, table, i)
    try:
        return [column_of_table(name, "own_toml", card, table, [None] * len(levels))]
    except ReadError as error:
        raise error if str(error).startswith(name) else ReadError(f"{name}: {error}") from error


def _text(name: str, key: str, value: object) -> str:
    """A value of the head as the text that the CSV would carry."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    if isinstance(value, str | int | float | date) and not isinstance(value, bool):
        return str(value)
    raise refuse(name, None, f"{key} = {str(value)[:40]}", "a text, a number or a time")


def _read_level(where: str, level: dict[str, object], table: Table, i: int) -> None:
    for key, value in level.items():
        if key not in LEVEL_KEYS:
            raise refuse(where, None, f"key {key[:40]!r}", "known keys", no_such(key, LEVEL_KEYS, "key"))
        try:
            target, number = _quantity(key, value)
        except UnitError as error:
            raise ReadError(f"{where}: {key}: {error}") from error
        getattr(table, target)[i] = number
    if np.isnan(table.wind_speed_m_s[i]) and not np.isnan(table.wind_from_deg[i]):
        raise refuse(where, None, "wind_from without wind", 'a speed such as wind = "20 kt"')


def _quantity(key: str, value: object) -> tuple[str, float]:
    """Field of the table and SI number. Directions and humidity may be bare numbers; nothing else may."""
    if key == "wind_from":
        return "wind_from_deg", _bare(value, "deg") if not isinstance(value, str) else parse(
            value, "angle"
        ) / DEG_RAD
    if key == "humidity":
        text = value.strip().removesuffix("%") if isinstance(value, str) else value
        return "relative_humidity", _bare(text, "%") / 100.0
    if not isinstance(value, str):
        raise UnitError(f"{str(value)[:40]} has no unit; write it as text with its unit")
    if key == "altitude":
        altitude = parse_altitude(value)
        number = altitude.value_m
        if altitude.datum == "FL":
            number = float(pressure_at_pressure_altitude_pa(number))
        return _DATUM[altitude.datum], number
    target, dimension = _QUANTITIES[key]
    return target, parse(value, dimension)


def _bare(value: object, unit: str) -> float:
    try:
        number = (
            float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else np.nan
        )
    except (ValueError, OverflowError):
        number = np.nan
    if not np.isfinite(number):
        raise UnitError(f"{str(value)[:40]!r} is not a number of {unit}")
    return number
