"""`add_logs`: logs into the ledger, any number of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from onetake.api.record import Record, record
from onetake.errors import ChoiceError, InputError, ReadError
from onetake.logbook.store.address import Address, ledger_address

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from onetake.logbook.store.add import Added
    from onetake.logbook.store.entry import Entry
    from onetake.logbook.store.gather import Source
    from onetake.logbook.store.parallel import Answer, Seen

Progress = Callable[[str, float, float], None]
LONGEST_NAME = 200


def add_logs(
    *paths: str | os.PathLike[str],
    person: str | None = None,
    recording: str | None = None,
    ledger: str | os.PathLike[str] | None = None,
    correct: bool = False,
    tell: Progress = lambda what, done, total: None,
) -> Record:
    """Read files and whole folders of logs and add each jump to the ledger: the JSON object `onetake.log-add/1`.

    person: whose jumps they are; recording (name or number): which one of a file that holds several is that person's,
    needed where they are of one time and so of several people. ledger: a file or a PostgreSQL address; else ONETAKE_LEDGER, else the user's own.
    Content that the ledger has already is told and changes nothing; with `correct` it is added again, in place of what
    was there. A file that cannot be read is told in `refused` and stops nobody. Raises ReadError where nothing could be
    read, LedgerError for the ledger.
    """
    from onetake.logbook.store.add import known_digests
    from onetake.logbook.store.gather import gather
    from onetake.logbook.store.opening import opened
    from onetake.logbook.store.parallel import read_all

    if not paths:
        raise ReadError("no log was given; name files or folders")
    whose = _name(person)
    if recording is not None and whose is None:
        raise InputError("a recording is named to say whose it is: name the person as well")
    found = gather(paths)
    if not found.sources:
        raise ReadError("\n".join(why for _, why in found.refused) or "there is no log in the folders named")
    address = ledger_address(ledger)
    lines = _Lines(refused=[{"file": file, "why": why} for file, why in found.refused])
    total = len(found.sources)
    tell("reading logs", 0, total)
    with opened(address, make=True) as engine:
        known = frozenset() if correct else known_digests(engine)
        with closing(read_all(found.sources, known)) as answers:
            for done, (source, answer) in enumerate(answers, start=1):
                lines.put(source, *_settled(engine, source, answer, (whose, recording), correct))
                tell("reading logs", done, total)
    if not lines.added and not lines.known:
        raise ReadError("\n".join(str(one["why"]) for one in lines.refused))
    return lines.record(address, found.passed_over)


def _settled(
    engine: Engine, source: Source, answer: Answer | Seen, whose: tuple[str | None, str | None], correct: bool
) -> tuple[Added | str, Answer | None]:
    """What became of one source, or why nothing did; and what was read of it, if it was."""
    from onetake.logbook.store.add import PartError, add, already
    from onetake.logbook.store.parallel import Seen, answer_of

    if isinstance(answer, Seen):
        known = already(engine, answer.digests)
        if known is not None:
            return known, None
        answer = answer_of(source.files)  # its files are known, but not as one recording
    if isinstance(answer, str):
        return answer, None
    person, recording = whose
    try:
        which = _which(answer, recording) if person is not None else None
        return add(engine, answer, person=person, which=which, correct=correct), answer
    except ChoiceError as error:
        return f"{source}: {error}", None
    except PartError as error:
        return f"{source}: is part of jump {error.number}; to correct that, name all its files", None


def _which(entry: Entry, recording: str | None) -> int | None:
    """Which recording is the person's; None where all are. Raises ChoiceError where one must be named, or is not there."""
    from onetake.logbook.file import place_of

    names = [str(one["recording"] or "") for one in entry.recordings]
    spans: list[Any] = sorted((one["from_utc"], one["to_utc"]) for one in entry.recordings if one["from_utc"])
    at_once = any(later[0] < earlier[1] for earlier, later in pairwise(spans))
    return place_of(names, recording) if recording is not None or at_once else None


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

    def put(self, source: Source, became: Added | str, entry: Answer | None) -> None:
        files = [str(file) for file in source.files]
        if isinstance(became, str):
            self.refused.append({"file": files[0], "why": became})
        elif not became.new:
            self.known += [
                {"jump": number, "files": files, "person": person}
                for number, person in zip(became.numbers, became.persons, strict=True)
            ]
        elif entry is not None and not isinstance(entry, str):
            self.added += [
                {
                    "jump": number,
                    "files": files,
                    "person": person,
                    "format": one["format"],
                    "exit_utc": one["exit"]["utc"] if isinstance(one["exit"], dict) else None,
                    "problems": one["problems"],
                    "supersedes": list(became.supersedes),
                }
                for number, person, one in zip(became.numbers, became.persons, entry.recordings, strict=True)
            ]

    def record(self, address: Address, passed_over: int) -> Record:
        return record(
            "onetake.log-add/1",
            ledger=str(address),
            added=self.added,
            known=self.known,
            refused=self.refused,
            passed_over=passed_over,
        )
