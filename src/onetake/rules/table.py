"""Rule rows, each with its source and how far it was checked, and the one place that turns a row into a conclusion.

A row that nobody has read at its source never passes anybody: it asks, until a named person has checked it. A row that
was read, or checked, and is broken, stops. Nothing here ever says go.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Literal, get_args

from onetake import seams
from onetake.errors import ChoiceError, InputError, ReadError
from onetake.jump import Ask, Stop

Confidence = Literal["read", "recalled", "to_find", "computed"]
Strength = Literal["law", "requirement", "recommendation", "practice", "guideline"]
Value = float | str
Finding = Stop | Ask

SEAM = "onetake.rules.data"
SCHEMA = "onetake.rules/1"
TRUSTED: tuple[Confidence, ...] = ("read", "computed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One rule. `values` are SI, each name ending in its unit (`height_agl_m`, `prebreathe_s`); licences are text."""

    id: str
    authority: str
    owner: str
    topic: str
    strength: Strength
    statement: str
    values: Mapping[str, Value]
    confidence: Confidence
    source: str
    url: str
    note: str = ""

    @property
    def trusted(self) -> bool:
        """True when its number was read at its source, or computed here."""
        return self.confidence in TRUSTED

    def number(self, key: str) -> float:
        """One numeric value; raises ChoiceError that lists what the row holds."""
        value = self.values.get(key)
        if not isinstance(value, int | float):
            raise ChoiceError(seams.no_such(key, tuple(self.values), f"number in rule {self.id}"))
        return float(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A person's word that a rule was read at its source, on a day."""

    rule: str
    by: str
    on: date

    def __post_init__(self) -> None:
        find(self.rule)
        if not self.by.strip():
            raise InputError(f"the check of rule {self.rule!r} names nobody; say who read it at its source")


@cache
def _all() -> Mapping[str, Row]:
    table: dict[str, Row] = {}
    for name in seams.names(SEAM, ".toml"):
        for row in read_rows(seams.data(SEAM, name), f"{name}.toml"):
            if row.id in table:
                raise ReadError(
                    f"{name}.toml: rule {row.id!r} is there twice; ids are unique over all tables"
                )
            table[row.id] = row
    return MappingProxyType(table)


def read_rows(text: str, file: str) -> tuple[Row, ...]:
    """The rules of one table in TOML.

    Raises ReadError that names the file and the rule: not TOML, another schema, a rule without a source, an unknown
    confidence, a value that is not a finite number or a licence.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ReadError(f"{file}: not TOML: {error}") from error
    if data.get("schema") != SCHEMA:
        raise ReadError(f"{file}: schema is {data.get('schema')!r}; this version reads {SCHEMA!r}")
    rules = data.get("rule")
    if not isinstance(rules, list) or not rules:
        raise ReadError(f"{file}: no [[rule]] in it")
    return tuple(_row(entry, data, file) for entry in rules)


def _row(entry: object, data: Mapping[str, object], file: str) -> Row:
    if not isinstance(entry, dict):
        raise ReadError(f"{file}: a rule is written as [[rule]] with its keys")
    where = f"{file}: rule {entry.get('id', '(without id)')!r}"
    texts = {
        key: entry.get(key) for key in ("id", "topic", "strength", "statement", "confidence", "source", "url")
    }
    texts |= {"authority": data.get("authority"), "owner": entry.get("owner", data.get("owner"))}
    for key, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise ReadError(f"{where}: {key} is missing or not text")
    for key, choices in (("confidence", get_args(Confidence)), ("strength", get_args(Strength))):
        if texts[key] not in choices:
            raise ReadError(f"{where}: {seams.no_such(str(texts[key]), choices, key)}")
    unknown = set(entry) - set(texts) - {"values", "note"}
    if unknown:
        raise ReadError(f"{where}: unknown key {sorted(unknown)[0]!r}")
    values = entry.get("values", {})
    if not isinstance(values, dict):
        raise ReadError(f"{where}: values is not a table")
    for key, value in values.items():
        number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not number and not (key == "licence" and value in LICENCES):
            raise ReadError(f"{where}: {key} = {value!r} is neither a finite number nor a licence")
    return Row(values=MappingProxyType(dict(values)), note=str(entry.get("note", "")), **texts)  # type: ignore[arg-type]


LICENCES = ("student", "A", "B", "C", "D")


def rows(authority: str | None = None) -> tuple[Row, ...]:
    """All rules, or those of one authority; a wrong authority raises ChoiceError with the list."""
    table = tuple(_all().values())
    if authority is None:
        return table
    names = tuple(sorted({row.authority for row in table}))
    if authority not in names:
        raise ChoiceError(seams.no_such(authority, names, "authority"))
    return tuple(row for row in table if row.authority == authority)


def find(rule_id: str) -> Row:
    """One rule; a wrong id raises ChoiceError with the nearest."""
    if rule_id not in _all():
        raise ChoiceError(seams.no_such(rule_id, tuple(_all()), "rule"))
    return _all()[rule_id]


def answered(row: Row, checked: Iterable[Checked]) -> bool:
    """Whether a named person has read this rule at its source."""
    return any(check.rule == row.id for check in checked)


def verdict(
    row: Row, *, item: str, broken: bool | None, found: str, checked: Iterable[Checked] = ()
) -> tuple[Finding, ...]:
    """What one rule says about one item: nothing, an Ask or a Stop.

    item: who or what; found: the fact that was compared, as text; broken: None when the fact itself is not known.
    A row neither trusted nor checked asks whatever the fact is. A fact that is not known asks. Otherwise a broken row
    stops, and a row that is kept says nothing, which is not a pass: only a person says go.
    """
    if not row.trusted and not answered(row, checked):
        seems = {True: " As remembered it is broken.", False: " As remembered it is kept.", None: ""}[broken]
        why = f"{item}: {found}.{seems} {row.statement} Not read at its source ({row.confidence}): {row.source}, {row.url}"
        return (Ask(item=why, owner=row.owner, rule=row.id),)
    if broken is None:
        return (Ask(item=f"{item}: {found}. {row.statement} ({row.source})", owner=row.owner, rule=row.id),)
    if broken:
        return (
            Stop(item=item, why=f"{found}. {row.statement} ({row.authority} {row.strength}: {row.source})"),
        )
    return ()
