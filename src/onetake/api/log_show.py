"""`show_jump`: all that the ledger knows of one jump."""

from __future__ import annotations

import os

from onetake.api.record import Record, record
from onetake.logbook.store.address import ledger_address


def show_jump(number: int, *, ledger: str | os.PathLike[str] | None = None) -> Record:
    """One jump by its number in the ledger, superseded or not: the JSON object `onetake.log-show/1`.

    `log` holds the keys of `inspect` as they were told when it was added. Raises LedgerError for the ledger,
    ChoiceError where it has no jump of that number.
    """
    from onetake.logbook.store.find import jump
    from onetake.logbook.store.opening import opened

    address = ledger_address(ledger)
    with opened(address) as engine:
        found = jump(engine, number)
    return record(
        "onetake.log-show/1",
        ledger=str(address),
        jump=found.number,
        person=found.person,
        added_utc=found.added_utc,
        read_by=found.read_by,
        supersedes=found.supersedes,
        superseded_by=found.superseded_by,
        files=[
            {"name": one.name, "digest": one.digest, "size_bytes": one.size_bytes, "kept": one.kept}
            for one in found.files
        ],
        log=found.log,
    )
