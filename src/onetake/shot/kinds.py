"""What a key can take: quantities with their unit, words, names, files. Each gives SI or plain Python."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from onetake import units
from onetake.errors import UnitError
from onetake.shot.document import Node, nearest
from onetake.shot.keys import Kind, gather
from onetake.units import Dimension

T = TypeVar("T")

LONGEST = 64  # characters of a quantity
_A: Mapping[Dimension, str] = {
    "length": "a length", "speed": "a speed", "mass": "a mass", "time": "a time", "angle": "an angle",
    "rate": "an angular rate", "area": "an area",
}  # fmt: skip
_UNITS: Mapping[Dimension, tuple[str, str]] = {
    "length": ("ft", "m"), "speed": ("mph", "m/s"), "mass": ("kg", "lb"), "time": ("s", "min"),
    "angle": ("deg", "rad"), "rate": ("deg/s", "rad/s"), "area": ("ft2", "m2"),
}  # fmt: skip


def measured(node: Node, says: str, example: str, read: Callable[[str], T], like: tuple[str, ...] = ()) -> T:
    """Read a text through `units`, turning its UnitError into one with a line. `like`: units to suggest."""
    expected = f"{says}, such as {example}"
    value = node.value
    if as_number(value) is not None:
        raise node.error(f"{says} with its unit, such as {example}", _with_units(str(value), like))
    if not isinstance(value, str):
        raise node.error(expected)
    if len(value) > LONGEST:
        raise node.error(expected, f"A quantity is shorter than {LONGEST} characters.")
    try:
        return read(value)
    except UnitError as error:
        raise node.error(expected, _advice(str(error), value, like)) from None


def _with_units(value: str, like: tuple[str, ...]) -> str:
    ways = " or ".join(f'"{value} {unit}"' for unit in like)
    return f"Write {ways}." if ways else ""


def _advice(error: str, value: str, like: tuple[str, ...]) -> str:
    """What `units` says is wrong, less what the message has already said."""
    if "has no unit" in error or "above what" in error:
        return _with_units(value.strip(), like)
    reason = re.sub(r";? write .*$", "", error.removeprefix(f"{value!r}: "))
    return reason if reason.endswith("?") else f"{reason}."


def quantity(
    dimension: Dimension,
    example: str,
    low: str | None = None,
    high: str | None = None,
    *,
    above: bool = False,
) -> Kind[float]:
    """A quantity with its unit, in SI. `above`: the lower bound itself will not do."""
    floor = -math.inf if low is None else units.parse(low, dimension)
    ceiling = math.inf if high is None else units.parse(high, dimension)
    says = f"{_A[dimension]}{_span(low, high, above)}"

    def read(node: Node) -> float:
        value = measured(
            node, says, f'"{example}"', lambda text: units.parse(text, dimension), _UNITS[dimension]
        )
        if not floor <= value <= ceiling or (above and value <= floor) or not math.isfinite(value):
            positive = str(node.value).strip().removeprefix("-")
            meant = value < 0.0 and floor <= -value <= ceiling
            raise node.error(f'{says}, such as "{example}"', f'Did you mean "{positive}"?' if meant else "")
        return value

    return Kind(says, f'"{example}"', read)


def _span(low: object, high: object, above: bool = False) -> str:
    if low is not None and high is not None:
        return f" over {low}, up to {high}" if above else f" from {low} to {high}"
    if low is not None:
        return f" over {low}" if above else f" of at least {low}"
    return "" if high is None else f" up to {high}"


def as_number(value: object) -> float | None:
    """A finite float of a TOML number, else None (a bool is not a number, nor is nan)."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def number(
    example: str,
    low: float | None = None,
    high: float | None = None,
    *,
    above: bool = False,
    whole: bool = False,
) -> Kind[float]:
    """A bare number: only for what has no dimension, or has its unit in the key's name."""
    says = f"a {'whole ' if whole else ''}number{_span(low, high, above)}"

    def read(node: Node) -> float:
        value = as_number(node.value)
        fix = f"Write it without quotes: {example}." if isinstance(node.value, str) else ""
        if value is None or (whole and value != int(value)):
            raise node.error(f"{says}, such as {example}", fix)
        if (low is not None and (value < low or (above and value == low))) or (
            high is not None and value > high
        ):
            raise node.error(f"{says}, such as {example}")
        return int(value) if whole else value

    return Kind(says, example, read)


def degrees(example: str, low: float, high: float, *, above: bool = False) -> Kind[float]:
    """A bare number of degrees (the key's name ends in _deg), in radians."""
    bare = number(example, low, high, above=above)
    return Kind(f"degrees{_span(low, high, above)}", example, lambda node: math.radians(bare.read(node)))


_ABOVE = {"AGL": "above ground (AGL)", "MSL": "above the sea (MSL)", "FL": "as a flight level (FL)"}


def altitude(example: str, *data: units.Datum) -> Kind[units.Altitude]:
    """A height that says above what; up to 45 km, above ground never below it."""
    says = f"a height {' or '.join(_ABOVE[datum] for datum in data)}"

    def read(node: Node) -> units.Altitude:
        value = measured(node, says, f'"{example}"', units.parse_altitude, _datum_missing(node.value, data))
        if value.datum not in data:
            raise node.error(f'{says}, such as "{example}"')
        lowest_m = 0.0 if value.datum == "AGL" else -500.0
        if value.value_m < lowest_m or (value.datum != "MSL" and value.value_m == 0.0):
            raise node.error(f'{says}, such as "{example}"', "This is not above the ground.")
        if not value.value_m <= 45_000.0:
            raise node.error(f"{says}, up to 45 km")
        return value

    return Kind(says, f'"{example}"', read)


def _datum_missing(value: object, data: tuple[units.Datum, ...]) -> tuple[str, ...]:
    """What to suggest behind a height: its datum, and its unit where there is only a number."""
    unit = "ft "
    if isinstance(value, str) and any(c.isalpha() for c in value):
        try:
            units.parse(value[:LONGEST], "length")
        except UnitError:
            return ()
        unit = ""
    return tuple(f"{unit}{datum}" for datum in data if datum != "FL")


def _airspeed(node: Node) -> units.Airspeed:
    says = "an airspeed over 0 KIAS, up to 500 KIAS"
    speed = measured(node, says, '"140 KIAS"', units.parse_airspeed, ("KIAS", "KTAS"))
    if not 0.0 < speed.value_m_s <= 500.0 * units.KT_M_S:
        raise node.error(f'{says}, such as "140 KIAS"')
    return speed


AIRSPEED: Kind[units.Airspeed] = Kind("an airspeed, indicated or true", '"140 KIAS"', _airspeed)


def text(example: str, longest: int = 120) -> Kind[str]:
    """One line of printable text."""

    def read(node: Node) -> str:
        value = node.value
        if not isinstance(value, str) or not value.strip() or len(value) > longest or not value.isprintable():
            raise node.error(f'one line of text, up to {longest} characters, such as "{example}"')
        return value.strip()

    return Kind("text", f'"{example}"', read)


def _name(node: Node) -> str:
    value = node.value
    if not isinstance(value, str) or not 0 < len(value.strip()) <= 40:
        raise node.error('a name of up to 40 characters, such as "operator"')
    if not all(c.isalnum() or c in " -_.,'" for c in value):
        raise node.error("a name of letters, digits, spaces and - _ . , ' only")
    return value.strip()


def name(example: str) -> Kind[str]:
    """A name of a person or a beat."""
    return Kind("a name", f'"{example}"', _name)


def word(*choices: str) -> Kind[str]:
    """One of a few words."""
    says = (
        "one of " + ", ".join(f'"{choice}"' for choice in choices) if len(choices) > 1 else f'"{choices[0]}"'
    )

    def read(node: Node) -> str:
        if node.value in choices and isinstance(node.value, str):
            return node.value
        near = nearest(node.value, choices) if isinstance(node.value, str) else None
        raise node.error(says, f'Did you mean "{near}"?' if near else "")

    return Kind(says, f'"{choices[0]}"', read)


def _yes_no(node: Node) -> bool:
    if not isinstance(node.value, bool):
        fix = f"Write it without quotes: {node.value}." if node.value in ("true", "false") else ""
        raise node.error("true or false", fix)
    return node.value


YES_NO: Kind[bool] = Kind("true or false", "true", _yes_no)


def pair(kind: Kind[T], example: str) -> Kind[tuple[T, T]]:
    """Two values in brackets."""

    def read(node: Node) -> tuple[T, T]:
        if not isinstance(node.value, list) or len(node.value) != 2:
            raise node.error(f"two values in brackets, such as {example}")
        first, second = gather(node.items(), kind.read)
        return first, second

    return Kind(f"two of {kind.says}", example, read)


def triple(kind: Kind[T], example: str) -> Kind[tuple[T, T, T]]:
    """Three values in brackets: forward, left, up."""

    def read(node: Node) -> tuple[T, T, T]:
        if not isinstance(node.value, list) or len(node.value) != 3:
            raise node.error(f"forward, left and up, such as {example}")
        forward, left, up = gather(node.items(), kind.read)
        return forward, left, up

    return Kind("forward, left, up", example, read)


def array(kind: Kind[T], example: str, *, least: int = 0) -> Kind[tuple[T, ...]]:
    """An array of one kind."""

    def read(node: Node) -> tuple[T, ...]:
        items = node.items()
        if len(items) < least:
            raise node.error(f"at least {least} in brackets, such as {example}")
        return gather(items, kind.read)

    return Kind(f"an array of: {kind.says}", example, read, table=kind.table, many=True)


def mapping(kind: Kind[T], example: str) -> Kind[Mapping[str, T]]:
    """A table from the names of the cast to one kind."""

    def read(node: Node) -> Mapping[str, T]:
        names = list(node.table())
        return dict(zip(names, gather([node.child(name) for name in names], kind.read), strict=True))

    return Kind(f"for each person, {kind.says}", example, read)


def _path(node: Node) -> Path:
    value = node.value
    if not isinstance(value, str) or not value.strip() or len(value) > 1024 or not value.isprintable():
        raise node.error('a path, seen from the folder of the shot file, such as "weather/sounding.csv"')
    return Path(os.path.abspath(node.source.folder / value))


FILE: Kind[Path] = Kind("a path from the folder of the shot file", '"weather/sounding.csv"', _path)
