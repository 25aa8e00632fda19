"""`export_jumps`: the ledger as a table for a spreadsheet, and the original log files."""

from __future__ import annotations

import os
from pathlib import Path

from onetake.api.log_list import When, jumps_wanted
from onetake.api.record import Record, record
from onetake.errors import WriteError
from onetake.files import can_write, whole, why
from onetake.logbook.store.address import ledger_address


def export_jumps(
    file: str | os.PathLike[str],
    *,
    originals: str | os.PathLike[str] | None = None,
    person: str | None = None,
    from_utc: When | None = None,
    to_utc: When | None = None,
    superseded_too: bool = False,
    ledger: str | os.PathLike[str] | None = None,
) -> Record:
    """Write the jumps that `list_jumps` would list as CSV: the JSON object `onetake.log-export/1`.

    originals: a folder for the log files as they were recorded, each under its jump's number and its own name; what is
    there already is written over only by the same file. Raises WriteError, LedgerError, ChoiceError.
    """
    from onetake.logbook.store import find
    from onetake.logbook.store.opening import opened
    from onetake.logbook.store.sheet import file_name, write_sheet

    target = Path(file)
    can_write(target)
    wanted = jumps_wanted(person, from_utc, to_utc, superseded_too)
    address = ledger_address(ledger)
    written: list[str] = []
    missing: list[Record] = []
    with opened(address) as engine:
        found = find.jumps(engine, wanted)
        for jump in found if originals is not None else ():
            for one in jump.files:
                data = find.original(engine, one.digest)
                if data is None:
                    missing.append({"jump": jump.number, "file": one.name})
                else:
                    written.append(_write(Path(originals or "", file_name(jump, one.name)), data))
    write_sheet(found, target)
    return record(
        "onetake.log-export/1",
        ledger=str(address),
        file=target,
        jumps=len(found),
        originals=written,
        not_kept=missing,
    )


def _write(path: Path, data: bytes) -> str:
    try:
        same = path.read_bytes() == data
    except FileNotFoundError:
        with whole(path) as part:
            part.write_bytes(data)
        return str(path)
    except OSError as error:
        raise WriteError(f"{path}: cannot be written ({why(error)})") from error
    if not same:
        raise WriteError(f"{path}: is there already and holds something else; name another folder")
    return str(path)
