"""`list_jumps`: which jumps the ledger holds."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from onetake.api.record import Record, record
from onetake.errors import InputError
from onetake.logbook.store.address import ledger_address

if TYPE_CHECKING:
    from onetake.logbook.store.find import LoggedJump, Wanted

When = str | datetime


def list_jumps(
    *,
    person: str | None = None,
    from_utc: When | None = None,
    to_utc: When | None = None,
    superseded_too: bool = False,
    ledger: str | os.PathLike[str] | None = None,
) -> Record:
    """The jumps of a ledger by time, the latest last: the JSON object `onetake.log-list/1`.

    person: theirs only. from_utc, to_utc: of what left the aircraft (or, without an exit, was switched on) in that
    time; ISO or aware; a day without a time is the whole of it, in UTC. superseded_too: also what a later row took the
    place of. Raises LedgerError for the ledger, ChoiceError for a person without a jump.
    """
    from onetake.logbook.store.find import jumps
    from onetake.logbook.store.opening import opened

    wanted = jumps_wanted(person, from_utc, to_utc, superseded_too)
    address = ledger_address(ledger)
    with opened(address) as engine:
        found = jumps(engine, wanted)
    return record("onetake.log-list/1", ledger=str(address), jumps=[_line(one) for one in found])


def jumps_wanted(
    person: str | None, from_utc: When | None, to_utc: When | None, superseded_too: bool
) -> Wanted:
    """What was asked for. Raises InputError for a time that cannot be read."""
    from onetake.logbook.store.find import Wanted

    return Wanted(
        person=person,
        from_utc=_moment(from_utc, last=False),
        to_utc=_moment(to_utc, last=True),
        superseded_too=superseded_too,
    )


def _moment(when: When | None, *, last: bool) -> datetime | None:
    """Aware; of a bare day its start, or the start of the next where its end is meant."""
    if when is None:
        return None
    try:
        moment = datetime.fromisoformat(when) if isinstance(when, str) else when
    except ValueError as error:
        raise InputError(f"{when!r} is no time; write 2031-05-04 or 2031-05-04T15:30:00Z") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    day = isinstance(when, str) and len(when) == len("2031-05-04")
    return moment + timedelta(days=1) if day and last else moment


def _line(jump: LoggedJump) -> Record:
    log: dict[str, Any] = jump.log
    left = log["exit"] or {}
    return {
        "jump": jump.number,
        "person": jump.person,
        "exit_utc": left.get("utc"),
        "exit_altitude_msl_m": left.get("altitude_msl_m"),
        **{key: log[key] for key in ("from_utc", "freefall_s", "max_descent_m_s", "format", "recording")},
        "files": [one.name for one in jump.files],
        "problems": [one["slug"] for one in log["problems"]],
        "superseded_by": jump.superseded_by,
    }
