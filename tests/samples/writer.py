"""A process that adds made-up jumps to a ledger in forks of itself, for tests that kill them.

For each line `FIRST COUNT CORRECT ADDRESS` on stdin it forks, says the fork's pid, and the fork adds the jumps FIRST to
FIRST + COUNT - 1, saying each number once it is committed; then, or when the fork was killed, it says `end STATUS`.
A fork begins in no time where a new Python would take a second.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import sys
from datetime import UTC, datetime, timedelta

import alembic.command  # noqa: F401 - what a ledger is made with, loaded once for all forks
import pg8000  # noqa: F401
import sqlalchemy.dialects.postgresql  # noqa: F401

from onetake.logbook.store.add import add
from onetake.logbook.store.address import ledger_address
from onetake.logbook.store.entry import Entry, Original
from onetake.logbook.store.opening import opened
from onetake.logbook.store.tables import EVENTS

PROBLEMS = 3
FILES = 2


def entry(number: int) -> Entry:
    """A made-up session of two files, with everything that a jump can have."""
    when = datetime(2031, 5, 4, tzinfo=UTC) + timedelta(minutes=number)
    originals = []
    for part in range(FILES):
        data = f"jump {number} file {part}\n".encode() * 3000
        digest = hashlib.sha256(data).hexdigest()
        packed = gzip.compress(data, 1, mtime=0)
        originals.append(
            Original(name=f"{number}-{part}.csv", digest=digest, size_bytes=len(data), packed=packed)
        )
    moment = {"utc": when, "altitude_msl_m": 4000.0 + number, "sigma_s": 0.1}
    told = {
        "format": "flysight1", "rows": 100 + number, "dropped": 0, "rate_hz": 5.0, **dict.fromkeys(EVENTS, moment),
        "problems": [{"slug": "hole", "text": f"problem {place}"} for place in range(PROBLEMS)],
        "freefall_s": 50.0, "max_descent_m_s": 55.0, "best_3s_descent_m_s": None, "ground_msl_m": 200.0,
        "recording": None, "device": "made up", "session": None, "from_utc": when, "to_utc": when,
        "clock": None, "sensors": [],
    }  # fmt: skip
    return Entry(originals=tuple(originals), recordings=(told,))


def _fork(address: str, first: int, count: int, correct: bool) -> None:
    with opened(ledger_address(address), make=True) as engine:
        for number in range(first, first + count):
            added = add(engine, entry(number), correct=correct)
            os.write(1, f"{number} {int(added.new)}\n".encode())


def main() -> None:
    """Fork for each line of stdin."""
    for line in sys.stdin:
        *numbers, address = line.rstrip("\n").split(" ", 3)
        first, count, correct = map(int, numbers)
        pid = os.fork()
        if pid == 0:
            try:
                _fork(address, first, count, bool(correct))
            except Exception as error:
                os.write(1, f"error {type(error).__name__}: {error}\n".encode())
                os._exit(1)
            os._exit(0)
        os.write(1, f"pid {pid}\n".encode())
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.write(1, f"end {status}\n".encode())


if __name__ == "__main__":
    main()
