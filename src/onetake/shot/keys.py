"""One table of keys: what a key is called, what it takes, its default and its meaning, beside the field it fills.

    class Aircraft:
        exit_altitude: Altitude = key(EXIT_HEIGHT, "Height of the exit.")
        run_heading_rad: float | None = key(HEADING, "Jump run.", name="run", default="auto")

The reader (`read_fields`) and the key reference (`reference.py`) both walk these fields, so neither can
know a key that the other does not. A `name` with dots lies in a table: `drop_zone.lat_deg`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from onetake.errors import Problem, ShotError
from onetake.shot.document import Node, Source, nearest, shown
from onetake.shot.lines import Lines

T = TypeVar("T")
Values = dict[str, Any]
Finish = Callable[[Values, Node], None]


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """What a key takes: how it is said, an example as TOML, and how it is read (ShotError if it is not that)."""

    says: str
    example: str
    read: Callable[[Node], T]
    table: type | None = None
    many: bool = False


class _Required:
    pass


REQUIRED = _Required()


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the shot file; `default` is written as in the file, or None for 'not there'."""

    kind: Kind[Any]
    doc: str
    name: str | None
    default: object

    @property
    def required(self) -> bool:
        """Whether the file must have it."""
        return self.default is REQUIRED


_NOWHERE = Source("default", Path(), Lines())


def key(kind: Kind[Any], doc: str, *, name: str | None = None, default: object = REQUIRED) -> Any:
    """A dataclass field filled from a key; like `dataclasses.field`, typed as whatever it fills."""
    meta = {"key": Key(kind, doc, name, default)}
    if default is REQUIRED:
        return dataclasses.field(metadata=meta)
    value = None if default is None else kind.read(Node(_NOWHERE, (name or "default",), default))
    return dataclasses.field(default=value, metadata=meta)


@dataclass(frozen=True, slots=True)
class Bound:
    """A key with the field it fills and what is left of its dotted name."""

    parts: tuple[str, ...]
    field: str
    key: Key


def keys_of(cls: type) -> list[Bound]:
    """The keys of a dataclass, in the order of its fields."""
    fields = ((field.name, field.metadata.get("key")) for field in dataclasses.fields(cls))
    return [
        Bound(tuple((entry.name or name).split(".")), name, entry)
        for name, entry in fields
        if entry is not None
    ]


def read_fields(cls: type, node: Node) -> tuple[Values, list[Problem]]:
    """The fields of `cls` from a table: what could be read, and every problem met on the way."""
    values: Values = {}
    problems: list[Problem] = []
    _read_level(keys_of(cls), node, values, problems)
    if any(field.name == "line" for field in dataclasses.fields(cls)):
        values["line"] = node.line
    return values, problems


def _read_level(bounds: Sequence[Bound], node: Node, values: Values, problems: list[Problem]) -> None:
    try:
        table = node.table()
    except ShotError as error:
        problems += error.problems
        return
    groups: dict[str, list[Bound]] = {}
    for bound in bounds:
        groups.setdefault(bound.parts[0], []).append(bound)
    meant = {name: _meant(name, table, groups) for name in table if name not in groups}
    for name, group in groups.items():
        inner = [Bound(b.parts[1:], b.field, b.key) for b in group if len(b.parts) > 1]
        if name not in table:
            values.update({b.field: _default(b.key) for b in group if not b.key.required})
            if any(b.key.required for b in group) and name not in meant.values():
                problems += _missing(node, name, group)
        elif inner:
            _read_level(inner, node.child(name), values, problems)
        else:
            _read_one(group[0], node.child(name), values, problems)
    for name, near in meant.items():
        problems += _unknown(node, name, near, list(groups))


def _meant(name: str, table: Mapping[str, object], groups: Mapping[str, object]) -> str | None:
    """The key that a misspelt one stands for: rather one that is not there yet."""
    return nearest(name, [choice for choice in groups if choice not in table]) or nearest(name, list(groups))


def _default(entry: Key) -> object:
    return None if entry.default is None else entry.kind.read(Node(_NOWHERE, ("default",), entry.default))


def _read_one(bound: Bound, node: Node, values: Values, problems: list[Problem]) -> None:
    try:
        values[bound.field] = bound.key.kind.read(node)
    except ShotError as error:
        problems += error.problems


def _missing(node: Node, name: str, group: Sequence[Bound]) -> Sequence[Problem]:
    where = node.key if node.path else "the file"
    says = "a table" if len(group[0].parts) > 1 else group[0].key.kind.says
    return node.problem(f"no {name} in {where}", f"{name}, {says}", f"Add {_how(name, group)}.").problems


def _how(name: str, group: Sequence[Bound]) -> str:
    """How a missing key is written."""
    kind = group[0].key.kind
    if len(group[0].parts) > 1:
        inner = ", ".join(f"{b.parts[1]} = {b.key.kind.example}" for b in group if b.key.required)
        return f"{name} = {{ {inner} }}"
    if kind.table is None:
        return f"{name} = {kind.example}"
    return f"[[{name}]]" if kind.many else f"[{name}] or {name} = {{ … }}"


def _unknown(node: Node, name: str, near: str | None, known: Sequence[str]) -> Sequence[Problem]:
    where = f" in {node.key}" if node.path else ""
    fix = f"Did you mean {near}?" if near else ""
    found = f"an unknown key {shown(name)[1:-1]}{where}"
    return node.child(name).problem(found, f"one of: {', '.join(known)}", fix).problems


def read_table(cls: type[T], node: Node, finish: Finish | None = None) -> T:
    """One dataclass from a table, or ShotError with every problem of that table.

    `finish` looks at the values together; it may change them, and raises ShotError.
    """
    values, problems = read_fields(cls, node)
    if finish is not None and not problems:
        finish(values, node)
    if problems:
        raise ShotError(problems)
    return cls(**values)


def gather(nodes: Sequence[Node], read: Callable[[Node], T]) -> tuple[T, ...]:
    """Read all, and report the problems of all together."""
    done: list[T] = []
    problems: list[Problem] = []
    for node in nodes:
        try:
            done.append(read(node))
        except ShotError as error:
            problems += error.problems
    if problems:
        raise ShotError(problems)
    return tuple(done)


def a_table(cls: type[T], finish: Finish | None = None) -> Kind[T]:
    """A table that fills a dataclass."""
    return Kind("a table", "{ … }", lambda node: read_table(cls, node, finish), table=cls)


def tables(cls: type[T], finish: Finish | None = None) -> Kind[tuple[T, ...]]:
    """An array of tables, each filling a dataclass."""

    def read(node: Node) -> tuple[T, ...]:
        return gather(node.items(), lambda item: read_table(cls, item, finish))

    return Kind("an array of tables", "[{ … }]", read, table=cls, many=True)
