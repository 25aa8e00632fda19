"""Finding jumps in a ledger, as they were told when they were added."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from onetake.errors import ChoiceError, LedgerError
from onetake.logbook.store.tables import EVENT, EVENTS, JUMP, JUMP_FILE, LOG_FILE, PROBLEM, SUPERSEDED
from onetake.seams import unknown

if TYPE_CHECKING:
    from onetake.logbook.inspect import Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which jumps: of one person, that began in a span of time (its end not included); all, or only what stands."""

    person: str | None = None
    from_utc: datetime | None = None
    to_utc: datetime | None = None
    superseded_too: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One file of a jump in the ledger. kept: its bytes are there too."""

    name: str
    digest: str
    size_bytes: int
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedJump:
    """One jump of a ledger. log: what `inspect` told of it, in the same keys."""

    number: int
    person: str | None
    added_utc: datetime
    read_by: str
    supersedes: tuple[int, ...]
    superseded_by: int | None
    files: tuple[Kept, ...]
    log: Plain


def jumps(engine: sa.Engine, wanted: Wanted) -> list[LoggedJump]:
    """The jumps that are wanted, by the time they began. Raises ChoiceError for a person without a jump."""
    with engine.connect() as connection, connection.begin():
        if wanted.person is not None:
            _known(connection, wanted.person)
        return _assembled(connection, _where(wanted))


def jump(engine: sa.Engine, number: int) -> LoggedJump:
    """One jump by its number, superseded or not. Raises ChoiceError where there is none of that number."""
    with engine.connect() as connection, connection.begin():
        found = _assembled(connection, JUMP.c.number == number)
        if found:
            return found[0]
        many, last = connection.execute(sa.select(sa.func.count(), sa.func.max(JUMP.c.number))).one()
        there = f"it holds {many}, the last is number {last}" if many else "it holds none"
        raise ChoiceError(f"no jump of number {number} in the ledger; {there}")


def original(engine: sa.Engine, digest: str) -> bytes | None:
    """The bytes of a file as they were recorded; None where they were not kept. Raises LedgerError where they are damaged."""
    with engine.connect() as connection:
        packed = connection.execute(
            sa.select(LOG_FILE.c.packed).where(LOG_FILE.c.digest == digest)
        ).scalar_one()
    if packed is None:
        return None
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError) as error:
        raise LedgerError(f"the ledger's copy of the file {digest[:12]} is damaged ({error})") from error


_EXIT = EVENT.alias("exit")
_BEGAN = sa.func.coalesce(_EXIT.c.utc_s, JUMP.c.from_utc_s)
_STANDS = JUMP.c.number.not_in(sa.select(SUPERSEDED.c.jump))


def _where(wanted: Wanted) -> sa.ColumnElement[bool]:
    parts: list[sa.ColumnElement[bool]] = []
    if not wanted.superseded_too:
        parts.append(_STANDS)
    if wanted.person is not None:
        parts.append(JUMP.c.person == wanted.person)
    if wanted.from_utc is not None:
        parts.append(wanted.from_utc.timestamp() <= _BEGAN)
    if wanted.to_utc is not None:
        parts.append(wanted.to_utc.timestamp() > _BEGAN)
    return sa.and_(sa.true(), *parts)


def _known(connection: sa.Connection, person: str) -> None:
    people = connection.scalars(
        sa.select(JUMP.c.person).where(JUMP.c.person.is_not(None)).distinct().order_by(JUMP.c.person)
    )
    names = tuple(people)
    if person not in names:
        raise unknown(person, names, "person in the ledger")


def _assembled(connection: sa.Connection, where: sa.ColumnElement[bool]) -> list[LoggedJump]:
    joined = JUMP.outerjoin(_EXIT, sa.and_(_EXIT.c.jump == JUMP.c.number, _EXIT.c.name == "exit"))
    which = sa.select(JUMP.c.number).select_from(joined).where(where)
    rows = connection.execute(
        sa.select(JUMP).select_from(joined).where(where).order_by(_BEGAN, JUMP.c.number)
    ).mappings()
    files = _children(
        connection,
        sa.select(JUMP_FILE.c.jump, JUMP_FILE.c.name, LOG_FILE.c.digest, LOG_FILE.c.size_bytes,
                  LOG_FILE.c.packed.is_not(None).label("kept"))
        .join(LOG_FILE, LOG_FILE.c.digest == JUMP_FILE.c.digest)
        .where(JUMP_FILE.c.jump.in_(which)).order_by(JUMP_FILE.c.jump, JUMP_FILE.c.place),
    )  # fmt: skip
    events = _children(connection, sa.select(EVENT).where(EVENT.c.jump.in_(which)))
    problems = _children(
        connection, sa.select(PROBLEM).where(PROBLEM.c.jump.in_(which)).order_by(PROBLEM.c.place)
    )
    after = _children(connection, sa.select(SUPERSEDED).where(SUPERSEDED.c.jump.in_(which)))
    before = _children(
        connection,
        sa.select(SUPERSEDED.c.by_jump.label("jump"), SUPERSEDED.c.jump.label("old"))
        .where(SUPERSEDED.c.by_jump.in_(which)).order_by(SUPERSEDED.c.jump),
    )  # fmt: skip
    return [
        LoggedJump(
            number=row["number"],
            person=row["person"],
            added_utc=_at(row["added_utc_s"]),
            read_by=row["read_by"],
            supersedes=tuple(one["old"] for one in before.get(row["number"], ())),
            superseded_by=next((one["by_jump"] for one in after.get(row["number"], ())), None),
            files=tuple(
                Kept(**{key: one[key] for key in Kept.__slots__}) for one in files.get(row["number"], ())
            ),
            log=_log(row, events.get(row["number"], []), problems.get(row["number"], [])),
        )
        for row in rows
    ]


Rows = list[sa.RowMapping]


def _children(connection: sa.Connection, statement: sa.Select[Any]) -> dict[int, Rows]:
    """Rows by the jump they belong to, in the order they come."""
    found: dict[int, Rows] = {}
    for row in connection.execute(statement).mappings():
        found.setdefault(row["jump"], []).append(row)
    return found


def _log(row: sa.RowMapping, events: Rows, problems: Rows) -> Plain:
    """What `inspect` told, in its order."""
    moments = {one["name"]: one for one in events}
    return {
        "kind": "log",
        **{key: row[key] for key in ("format", "rows", "dropped", "rate_hz")},
        "problems": [{"slug": one["slug"], "text": one["text"]} for one in problems],
        **{name: _moment(moments.get(name)) for name in EVENTS if name != "break_off"},
        **{key: row[key] for key in ("freefall_s", "max_descent_m_s", "best_3s_descent_m_s", "ground_msl_m")},
        "break_off": _moment(moments.get("break_off")),
        **{key: row[key] for key in ("recording", "device", "session")},
        **{key: _utc(row[f"{key}_s"]) for key in ("from_utc", "to_utc")},
        **{key: json.loads(row[key]) for key in ("clock", "sensors")},
    }


def _moment(row: sa.RowMapping | None) -> Plain | None:
    if row is None:
        return None
    return {
        "utc": _at(row["utc_s"]),
        "altitude_msl_m": row["altitude_msl_m"],
        "sigma_s": row["sigma_s"],
    }


def _utc(utc_s: float | None) -> datetime | None:
    return None if utc_s is None else _at(utc_s)


def _at(utc_s: float) -> datetime:
    return datetime.fromtimestamp(utc_s, UTC)
