"""What the ledger holds after its writers were killed, and after several wrote at once."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import servers
import sqlalchemy as sa
import writer

from onetake import list_jumps
from onetake.errors import LedgerError
from onetake.logbook.store.address import ledger_address
from onetake.logbook.store.find import Wanted, jumps, original
from onetake.logbook.store.opening import VERSIONS, opened
from onetake.logbook.store.tables import EVENT, EVENTS, JUMP, JUMP_FILE, LOG_FILE, METADATA, PROBLEM

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no such kill, and no fork, on Windows")
KILLS = {"sqlite": 100, "postgresql": 30}


class Run:
    """What one fork said. committed: numbers of jumps, and whether they were new; error: what it ended of."""

    def __init__(self) -> None:
        self.committed: dict[int, bool] = {}
        self.status, self.took_s, self.error = 0, 0.0, ""


class Writer:
    """Forks that add jumps to a ledger; each says what it has committed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, writer.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(
        self, address: str, first: int, count: int, *, kill_after_s: float | None = None, correct: bool = False
    ) -> Run:  # fmt: skip
        """Add jumps; kill -9 after some seconds."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        began = time.monotonic()
        print(first, count, int(correct), address, file=self._process.stdin, flush=True)
        run, timer = Run(), None
        for line in self._process.stdout:
            word, rest = line.rstrip("\n").split(" ", 1)
            if word == "pid" and kill_after_s is not None:
                timer = threading.Timer(kill_after_s, os.kill, (int(rest), signal.SIGKILL))
                timer.start()
            elif word == "error":
                run.error = rest
            elif word == "end":
                run.status = int(rest)
                break
            elif word != "pid":
                run.committed[int(word)] = rest == "1"
        if timer is not None:
            timer.cancel()
            timer.join()
        run.took_s = time.monotonic() - began
        return run

    def close(self) -> None:
        """End the process."""
        self._process.communicate()
        assert self._process.returncode == 0


@pytest.fixture(scope="module")
def writers() -> Iterator[list[Writer]]:
    """Three that may write at once."""
    made = [Writer() for _ in range(3)]
    yield made
    for one in made:
        one.close()


def _at_once(*work: Callable[[], object]) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _whole(address: str) -> Counter[str]:
    """Every jump in the ledger is there with all its parts, and nothing else is; how often each is there."""
    with opened(ledger_address(address), make=True) as engine:
        found = jumps(engine, Wanted(superseded_too=True))
        with engine.connect() as connection:
            rows = {
                table: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                for table in (JUMP, JUMP_FILE, EVENT, PROBLEM, LOG_FILE)
            }
        for one in found:
            number = int(one.files[0].name.split("-")[0])
            assert [file.name for file in one.files] == [
                f"{number}-{part}.csv" for part in range(writer.FILES)
            ]
            assert one.log["rows"] == 100 + number
            assert all(one.log[name] is not None for name in EVENTS)
            assert len(one.log["problems"]) == writer.PROBLEMS  # type: ignore[arg-type]
        if found:
            assert original(engine, found[-1].files[0].digest) is not None
    assert rows == {
        JUMP: len(found), JUMP_FILE: writer.FILES * len(found), EVENT: len(EVENTS) * len(found),
        PROBLEM: writer.PROBLEMS * len(found), LOG_FILE: len({file.digest for one in found for file in one.files}),
    }  # fmt: skip
    return Counter(one.files[0].name.split("-")[0] for one in found)


def _sound(path: Path) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def test_a_hundred_kills_of_an_import_lose_nothing_and_leave_nothing_half_done(
    writers: list[Writer], ledger: str
) -> None:
    draw, many, said, forks = random.Random(5), 6, set(), writers[0]
    kills = KILLS["postgresql" if "://" in ledger else "sqlite"]
    assert forks.run(ledger, 0, many).status == 0
    usual_s = forks.run(ledger, many, many).took_s
    first, killed = many, 0
    while killed < kills:
        run = forks.run(ledger, first, many, kill_after_s=draw.uniform(0.0, usual_s))
        assert run.status in (0, -signal.SIGKILL), run.error
        said |= set(run.committed)
        if run.status == 0:
            usual_s = min(usual_s, run.took_s)
        else:
            killed += 1
        if len(run.committed) == many:
            first += many
        if draw.random() < 0.05:
            assert {str(one) for one in said} <= set(_whole(ledger))
    last = forks.run(ledger, 0, first + many)
    assert last.status == 0
    assert set(last.committed) == set(range(first + many))
    assert not [one for one in said if last.committed[one]], "committed, and lost"
    found = _whole(ledger)
    assert set(found.values()) == {1}
    assert len(found) == first + many
    if "://" not in ledger:
        _sound(Path(ledger))


def test_a_ledger_that_was_killed_while_it_was_made_is_made_by_the_next(
    writers: list[Writer], tmp_path: Path, request: pytest.FixtureRequest, ledger: str
) -> None:
    draw, forks = random.Random(6), writers[0]
    usual_s = forks.run(ledger, 0, 1).took_s
    for one in range(8):
        address = str(tmp_path / f"{one}.db")
        if "://" in ledger:
            running: servers.Server = request.getfixturevalue("server")
            address = running.fresh()
        forks.run(address, 0, 1, kill_after_s=draw.uniform(0.0, usual_s))
        with _or_nothing():
            list_jumps(ledger=address)
        assert forks.run(address, 0, 2).status == 0
        assert _whole(address) == {"0": 1, "1": 1}


@contextmanager
def _or_nothing() -> Iterator[None]:
    """Never half of one."""
    try:
        yield
    except LedgerError as error:
        if "no ledger yet" not in str(error):
            raise


@pytest.mark.parametrize("order", ["the same", "opposite"])
def test_writers_at_once_neither_lose_nor_double(order: str, writers: list[Writer], ledger: str) -> None:
    many, runs = 15, []
    spans = [(0, many)] if order == "the same" else [(start, 5) for start in range(0, many, 5)]

    def write(forks: Writer, step: int) -> None:
        runs.extend(forks.run(ledger, first, count) for first, count in spans[::step])

    _at_once(*(partial(write, forks, step) for forks, step in zip(writers, (1, -1, 1), strict=True)))
    assert [run.error for run in runs] == [""] * 3 * len(spans)
    new = Counter(number for run in runs for number, fresh in run.committed.items() if fresh)
    assert new == Counter(range(many)), "each was new to exactly one of them"
    assert _whole(ledger) == Counter({str(number): 1 for number in range(many)})


def test_corrections_at_once_are_one_after_the_other(writers: list[Writer], ledger: str) -> None:
    each = 4
    assert writers[0].run(ledger, 7, 1).status == 0

    def correct(forks: Writer) -> None:
        assert [forks.run(ledger, 7, 1, correct=True).status for _ in range(each)] == [0] * each

    _at_once(*(partial(correct, forks) for forks in writers))
    assert _whole(ledger) == {"7": 1 + 3 * each}
    with opened(ledger_address(ledger)) as engine:
        every = jumps(engine, Wanted(superseded_too=True))
        assert len(jumps(engine, Wanted())) == 1
    assert [one.superseded_by for one in every] == [*(two.number for two in every[1:]), None]


def test_a_server_that_goes_down_is_told_and_has_what_it_had(writers: list[Writer]) -> None:
    if why := servers.missing():
        pytest.skip(why)
    with servers.postgres() as server:
        address = server.address(server.database())
        assert writers[0].run(address, 0, 1).status == 0
        downed = threading.Timer(0.3, server.stop, (signal.SIGQUIT,))
        downed.start()
        run = writers[0].run(address, 1, 5000)
        downed.join()
        assert run.status == 1
        assert run.error.startswith(f"LedgerError: postgresql://{servers.USER}@127.0.0.1:{server.port}/")
        with pytest.raises(LedgerError, match="cannot be reached"):
            list_jumps(ledger=address)
        server.start()
        found = _whole(address)
    assert {"0", *(str(number) for number in run.committed)} <= set(found)
    assert len(found) - len(run.committed) in (1, 2)  # the last one's answer may have been cut off
    assert set(found.values()) == {1}


def test_every_table_is_made_by_the_upgrades_as_it_is_used(ledger: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with opened(ledger_address(ledger), make=True) as engine, engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, METADATA) == []
        assert context.get_current_revision() == VERSIONS[-1]
