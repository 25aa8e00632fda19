"""Adding to a ledger: one entry, whole or not at all, and never twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from onetake.clock import now
from onetake.logbook.store.tables import EVENT, EVENTS, JUMP, JUMP_FILE, LOG_FILE, PROBLEM, SUPERSEDED

if TYPE_CHECKING:
    from onetake.logbook.store.entry import Entry, Original

_PLAIN = (
    "format", "recording", "device", "session", "rows", "dropped", "rate_hz", "freefall_s", "max_descent_m_s",
    "best_3s_descent_m_s", "ground_msl_m",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of one entry. numbers: its jumps, one for each recording; new: they were not there before.

    supersedes: the jumps they take the place of; persons: whose each is in the ledger.
    """

    numbers: tuple[int, ...]
    new: bool
    supersedes: tuple[int, ...] = ()
    persons: tuple[str | None, ...] = ()


class PartError(Exception):
    """What was to be corrected is part of a larger jump; `number` says of which."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)


def add(
    engine: sa.Engine,
    entry: Entry,
    *,
    person: str | None = None,
    which: int | None = None,
    correct: bool = False,
) -> Added:
    """Write one entry, all of it or nothing; content that is there already changes nothing unless it is a correction.

    person: whose its recordings are, or only the one of index `which`; who is not told stays who it was.
    A session takes the place of jumps that were read from some of its files only. Raises PartError for a correction by
    some of a session's files.
    """
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        _add_files(connection, entry.originals)  # first, as it takes longest, and holds nobody up
        _one_writer(connection)
        mine = frozenset(one.digest for one in entry.originals)
        held = _held(connection, mine)
        whole = [number for number, digests in held.items() if digests >= mine]
        same = [number for number in whole if held[number] == mine]
        if whole and not correct:
            return _known(connection, whole)
        if whole and not same:
            raise PartError(whole[0])
        old = same or [number for number, digests in held.items() if digests < mine]
        many = len(entry.recordings)
        before = [_person(connection, number) for number in old] or [None]
        kept = before if len(before) == many else before[:1] * many
        told = [person is not None and which in (None, index) for index in range(many)]
        whose = [_text(person) if told[index] else kept[index] for index in range(many)]
        numbers = tuple(_add_jump(connection, entry, index, whose[index]) for index in range(many))
        by = numbers if len(old) == len(numbers) else numbers[:1] * len(old)
        rows = [{"jump": jump, "by_jump": other} for jump, other in zip(old, by, strict=True)]
        _insert(connection, SUPERSEDED, rows)
        return Added(numbers=numbers, new=True, supersedes=tuple(old), persons=tuple(whose))


def known_digests(engine: sa.Engine) -> frozenset[str]:
    """Of all files that the ledger has."""
    with engine.connect() as connection:
        return frozenset(connection.scalars(sa.select(LOG_FILE.c.digest)))


def already(engine: sa.Engine, digests: frozenset[str]) -> Added | None:
    """What `add` would say of files that make up a jump, or several, of the ledger; None where they do not."""
    with engine.connect() as connection, connection.begin():
        whole = [number for number, have in _held(connection, digests).items() if have >= digests]
        if not whole:
            return None
        return _known(connection, whole)


def _known(connection: sa.Connection, numbers: Sequence[int]) -> Added:
    persons = tuple(_person(connection, number) for number in numbers)
    return Added(numbers=tuple(numbers), new=False, persons=persons)


def _one_writer(connection: sa.Connection) -> None:
    """What is looked up below stays true until the commit. SQLite began with it; readers are not held up by either."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("LOCK TABLE jump IN SHARE ROW EXCLUSIVE MODE"))


def _held(connection: sa.Connection, digests: frozenset[str]) -> dict[int, set[str]]:
    """The present jumps that were read from any of these files, and from which files each was."""
    some = sa.select(JUMP_FILE.c.jump).where(JUMP_FILE.c.digest.in_(digests))
    found = connection.execute(
        sa.select(JUMP_FILE.c.jump, JUMP_FILE.c.digest)
        .where(JUMP_FILE.c.jump.in_(some), JUMP_FILE.c.jump.not_in(sa.select(SUPERSEDED.c.jump)))
        .order_by(JUMP_FILE.c.jump)
    )
    held: dict[int, set[str]] = {}
    for number, digest in found:
        held.setdefault(number, set()).add(digest)
    return held


def _person(connection: sa.Connection, number: int) -> str | None:
    whose: str | None = connection.scalar(sa.select(JUMP.c.person).where(JUMP.c.number == number))
    return whose


def _add_files(connection: sa.Connection, originals: Sequence[Original]) -> None:
    """Those that are not there. Another writer may bring the same at the same time: then one of the two does."""
    there = set(
        connection.scalars(
            sa.select(LOG_FILE.c.digest).where(LOG_FILE.c.digest.in_([one.digest for one in originals]))
        )
    )
    statement = import_module(f"sqlalchemy.dialects.{connection.dialect.name}").insert(LOG_FILE)
    # in one order, so that no two writers wait for each other
    for one in sorted(originals, key=lambda one: one.digest):
        if one.digest not in there:
            row = {"digest": one.digest, "size_bytes": one.size_bytes, "packed": one.packed}
            connection.execute(statement.values(row).on_conflict_do_nothing())


def _add_jump(connection: sa.Connection, entry: Entry, index: int, person: str | None) -> int:
    told: dict[str, Any] = entry.recordings[index]
    content = hashlib.sha256(
        "\n".join([*sorted(one.digest for one in entry.originals), str(index)]).encode()
    ).hexdigest()
    before = connection.execute(
        sa.select(sa.func.count()).select_from(JUMP).where(JUMP.c.content == content)
    ).scalar_one()
    row = {
        **{key: _value(told[key]) for key in _PLAIN},
        "content": content, "revision": before + 1, "person": person, "added_utc_s": now().timestamp(),
        "read_by": version("onetake"), "from_utc_s": _seconds(told["from_utc"]), "to_utc_s": _seconds(told["to_utc"]),
        "clock": json.dumps(told["clock"]), "sensors": json.dumps(told["sensors"]),
    }  # fmt: skip
    number: int = connection.execute(sa.insert(JUMP).values(row).returning(JUMP.c.number)).scalar_one()
    _insert(
        connection,
        JUMP_FILE,
        [
            {"jump": number, "place": place, "digest": one.digest, "name": _text(one.name)}
            for place, one in enumerate(entry.originals)
        ],
    )
    moments = [(name, told[name]) for name in EVENTS if told[name] is not None]
    events = [
        {"jump": number, "name": name, "utc_s": _seconds(moment["utc"]),
         "altitude_msl_m": moment["altitude_msl_m"], "sigma_s": moment["sigma_s"]}
        for name, moment in moments
    ]  # fmt: skip
    _insert(connection, EVENT, events)
    _insert(
        connection,
        PROBLEM,
        [
            {"jump": number, "place": place, "slug": one["slug"], "text": _text(one["text"])}
            for place, one in enumerate(told["problems"])
        ],
    )
    return number


def _insert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(sa.insert(table), rows)


def _value(value: Any) -> Any:
    return _text(value) if isinstance(value, str) else value


def _text(text: str | None) -> str | None:
    """Text that any database takes: no NUL, and no half of a character that some file systems let into names."""
    if text is None:
        return None
    return text.replace("\x00", "\ufffd").encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _seconds(utc: datetime | None) -> float | None:
    return None if utc is None else utc.timestamp()
