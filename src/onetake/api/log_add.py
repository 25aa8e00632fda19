"""`add_logs`: logs into the ledger, any number of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from onetake.api.record import Record, record
from onetake.errors import InputError, ReadError
from onetake.logbook.store.address import Address, ledger_address

if TYPE_CHECKING:
    from onetake.logbook.store.add import Added
    from onetake.logbook.store.entry import Entry
    from onetake.logbook.store.gather import Source

Progress = Callable[[str, float, float], None]
LONGEST_NAME = 200


def add_logs(
    *paths: str | os.PathLike[str],
    person: str | None = None,
    ledger: str | os.PathLike[str] | None = None,
    correct: bool = False,
    tell: Progress = lambda what, done, total: None,
) -> Record:
    """Read files and whole folders of logs and add each jump to the ledger: the JSON object `onetake.log-add/1`.

    person: whose jumps they are. ledger: a file or a PostgreSQL address; else ONETAKE_LEDGER, else the user's own.
    Content that the ledger has already is told and changes nothing; with `correct` it is added again, in place of what
    was there. A file that cannot be read is told in `refused` and stops nobody. Raises ReadError where nothing could be
    read, LedgerError for the ledger.
    """
    from onetake.logbook.store.gather import gather
    from onetake.logbook.store.opening import opened, told
    from onetake.logbook.store.parallel import read_all

    if not paths:
        raise ReadError("no log was given; name files or folders")
    whose = _name(person)
    found = gather(paths)
    if not found.sources:
        raise ReadError("\n".join(why for _, why in found.refused) or "there is no log in the folders named")
    address = ledger_address(ledger)
    lines = _Lines(refused=[{"file": file, "why": why} for file, why in found.refused])
    total = len(found.sources)
    with opened(address, make=True) as engine:
        tell("reading logs", 0, total)
        for done, (source, answer) in enumerate(read_all(found.sources), start=1):
            if isinstance(answer, str):
                lines.refused.append({"file": str(source.files[0]), "why": answer})
            else:
                from onetake.logbook.store.add import PartError, add

                try:
                    with told(address):
                        lines.add(source, answer, add(engine, answer, person=whose, correct=correct))
                except PartError as error:
                    why = f"{source}: is part of jump {error.number}; to correct that, name all files of the session"
                    lines.refused.append({"file": str(source.files[0]), "why": why})
            tell("reading logs", done, total)
    if not lines.added and not lines.known:
        raise ReadError("\n".join(str(one["why"]) for one in lines.refused))
    return lines.record(address, found.passed_over)


def _name(person: str | None) -> str | None:
    if person is None:
        return None
    name = " ".join(person.split())
    if not name or len(name) > LONGEST_NAME:
        raise InputError(f"a person's name has 1 to {LONGEST_NAME} characters; this one has {len(name)}")
    return name


class _Lines:
    """What is told of each source."""

    def __init__(self, refused: list[Record]) -> None:
        self.added: list[Record] = []
        self.known: list[Record] = []
        self.refused = refused

    def add(self, source: Source, entry: Entry, added: Added) -> None:
        files = [str(file) for file in source.files]
        for number, one in zip(added.numbers, entry.recordings, strict=added.new):
            if not added.new:
                self.known.append({"jump": number, "files": files, "person": added.person})
                continue
            moment = one["exit"]
            self.added.append(
                {
                    "jump": number,
                    "files": files,
                    "person": added.person,
                    "format": one["format"],
                    "exit_utc": moment["utc"] if isinstance(moment, dict) else None,
                    "problems": one["problems"],
                    "supersedes": list(added.supersedes),
                }
            )

    def record(self, address: Address, passed_over: int) -> Record:
        return record(
            "onetake.log-add/1",
            ledger=str(address),
            added=self.added,
            known=self.known,
            refused=self.refused,
            passed_over=passed_over,
        )
