"""Which ledgers open, which are upgraded, and what is said of the others."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import jumps
import pytest
import servers
import sqlalchemy as sa
import writer

from onetake import add_logs, list_jumps, show_jump
from onetake.cli.app import main
from onetake.errors import LedgerError
from onetake.logbook.store import opening
from onetake.logbook.store.add import add
from onetake.logbook.store.address import File, Server, ledger_address
from onetake.logbook.store.opening import VERSIONS, opened


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "jump.csv").write_bytes(jumps.flysight1(jumps.jump(2.0)))
    return tmp_path / "jump.csv"


def _numbers(ledger: str) -> list[int]:
    found: Any = list_jumps(ledger=ledger)
    return [one["jump"] for one in found["jumps"]]


def _made(path: Path) -> Path:
    with opened(File(path), make=True) as engine:
        add(engine, writer.entry(1), person="A")
    return path


def test_where_the_ledger_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ONETAKE_LEDGER", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert ledger_address() == File(tmp_path / "onetake" / "ledger.db")
    monkeypatch.setenv("ONETAKE_LEDGER", "postgresql://crew@films.example/unit")
    assert str(ledger_address()) == "postgresql://crew@films.example:5432/unit"
    assert ledger_address("here.db") == File(Path("here.db"))
    assert ledger_address(tmp_path) == File(tmp_path)


@pytest.mark.parametrize(
    ("platform", "variable", "end"),
    [
        ("win32", "LOCALAPPDATA", "onetake/ledger.db"),
        ("linux", "XDG_DATA_HOME", "onetake/ledger.db"),
        ("darwin", "HOME", "Library/Application Support/onetake/ledger.db"),
    ],
)
def test_the_users_own_ledger_is_where_the_system_keeps_data(
    platform: str, variable: str, end: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ONETAKE_LEDGER", raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv(variable, str(tmp_path))
    assert str(ledger_address()) == str(tmp_path / end)


def test_an_address_is_read_with_its_password_and_never_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ledger_address("postgres://me:s%40cret@[::1]:6000/my%20jumps?sslmode=require")
    assert found == Server(
        host="::1", port=6000, database="my jumps", user="me", password="s@cret", sslmode="require"
    )
    assert "cret" not in f"{found} {found!r}"
    monkeypatch.setenv("PGPASSWORD", "from outside")
    monkeypatch.setenv("PGUSER", "other")
    found = ledger_address("postgresql://host/db")
    assert isinstance(found, Server)
    assert (found.user, found.password, found.sslmode) == ("other", "from outside", "prefer")


@pytest.mark.parametrize(
    "address",
    [
        "mysql://a/b", "sqlite:///x.db", "postgresql://", "postgresql://host", "postgresql:///db", "postgresql://h:port/db",
        "postgresql://h:70000/db", "postgresql://h/db/more", "postgresql://h/db?sslmode=maybe", "postgresql://h/db?x=1",
        "postgresql://[::1/db", "postgresql://h/db?nonsense",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_one_is_told(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log", "list", "--ledger", address]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert len(err.splitlines()) == 1
    assert "ledger" in err


def test_an_older_ledger_is_upgraded_with_all_that_is_in_it(
    ledger: str, monkeypatch: pytest.MonkeyPatch, log: Path
) -> None:
    with monkeypatch.context() as older:
        older.setattr(opening, "VERSIONS", VERSIONS[:1])
        with opened(ledger_address(ledger), make=True) as engine:
            add(engine, writer.entry(1), person="A")
            _run(engine, "UPDATE jump SET person = 'B'")  # it had no guard against that yet
    assert _numbers(ledger) == [1]
    assert show_jump(1, ledger=ledger)["person"] == "B"
    with opened(ledger_address(ledger)) as engine, pytest.raises(sa.exc.DBAPIError, match="neither changed"):
        _run(engine, "UPDATE jump SET person = 'C'")
    add_logs(log, ledger=ledger)
    assert _numbers(ledger) == [1, 2]


def _run(engine: sa.Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_newer_ledger_says_so_and_stays_as_it_is(ledger: str, log: Path) -> None:
    add_logs(log, ledger=ledger)
    with opened(ledger_address(ledger)) as engine:
        _run(engine, "UPDATE alembic_version SET version_num = '0999'")
    for ask in (lambda: list_jumps(ledger=ledger), lambda: add_logs(log, ledger=ledger)):
        with pytest.raises(LedgerError, match=r"newer onetake .*0999.*upgrade onetake"):
            ask()


def test_an_upgrade_that_fails_leaves_what_was_there(ledger: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import op

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(op, "create_table", broken)
        with pytest.raises(LedgerError, match="the disk is full"), opened(ledger_address(ledger), make=True):
            pass
    with pytest.raises(LedgerError, match="no ledger yet"):
        list_jumps(ledger=ledger)
    with opened(ledger_address(ledger), make=True) as engine:
        assert add(engine, writer.entry(1)).numbers == (1,)


def test_a_file_that_is_no_ledger_is_refused_and_not_touched(
    tmp_path: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE jump (number)")
    connection.close()
    text = tmp_path / "text.db"
    text.write_text("date;jumps\n", "utf-8")
    cut = tmp_path / "cut.db"
    cut.write_bytes(b"SQLite format 3\x00" + bytes(50))
    for path, says in (
        (other, "something else"),
        (text, "another kind"),
        (cut, "database"),
        (tmp_path, "folder"),
    ):
        before = path.read_bytes() if path.is_file() else b""
        for command in (["list"], ["add", str(log)], ["show", "1"]):
            assert main(["log", *command, "--ledger", str(path)]) == 2
            out, err = capsys.readouterr()
            assert (out, len(err.splitlines())) == ("", 1)
            assert err.startswith(str(path))
            assert says in err
        assert not path.is_file() or path.read_bytes() == before


def test_an_empty_file_becomes_a_ledger(tmp_path: Path, log: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    add_logs(log, ledger=path)
    assert _numbers(str(path)) == [1]


def test_a_damaged_ledger_is_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _made(tmp_path / "a.db")
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(bytes(data))
    assert main(["log", "list", "--ledger", str(path)]) == 2
    assert "Traceback" not in (said := capsys.readouterr().err)
    assert said.startswith(str(path))


def test_a_ledger_is_one_file_that_can_be_copied(tmp_path: Path) -> None:
    path = _made(tmp_path / "a.db")
    assert [one.name for one in tmp_path.iterdir()] == ["a.db"]
    shutil.copy(path, tmp_path / "b.db")
    assert _numbers(str(tmp_path / "b.db")) == [1]


def test_a_ledger_may_live_beside_other_things(server: servers.Server) -> None:
    database = server.database()
    server.do("CREATE TABLE jump (number int); CREATE TABLE alembic_version (version_num text)", database)
    with opened(ledger_address(server.address(database)), make=True) as engine:
        assert add(engine, writer.entry(1)).new
    assert _numbers(server.address(database)) == [1]


def test_a_schema_made_for_it_serves_and_a_strangers_does_not(server: servers.Server) -> None:
    made, foreign = server.database(), server.database()
    server.do("CREATE SCHEMA onetake", made)
    with opened(ledger_address(server.address(made)), make=True) as engine:
        assert add(engine, writer.entry(1)).new
    server.do("CREATE SCHEMA onetake; CREATE TABLE onetake.takes (number int)", foreign)
    with pytest.raises(LedgerError, match="something else"), opened(ledger_address(server.address(foreign))):
        pass


@pytest.mark.parametrize(
    ("part", "instead", "says"),
    [
        ("password", "wrong", "password"),
        ("database", "no_such", "no_such"),
        ("mode", "require", "refuses SSL"),
    ],
)
def test_a_server_that_refuses_is_one_message(
    part: str, instead: str, says: str, server: servers.Server, capsys: pytest.CaptureFixture[str]
) -> None:
    address = server.address(
        instead if part == "database" else server.database(), instead if part == "password" else servers.PASSWORD
    )  # fmt: skip
    assert main(["log", "list", "--ledger", address + ("?sslmode=require" if part == "mode" else "")]) == 2
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert says in err
    assert servers.PASSWORD not in err


def test_a_server_that_is_not_there_is_told_within_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as gone:
        gone.bind(("127.0.0.1", 0))
        port = gone.getsockname()[1]
    began = time.monotonic()
    assert main(["log", "list", "--ledger", f"postgresql://a@127.0.0.1:{port}/b"]) == 2
    assert time.monotonic() - began < 5.0
    assert "cannot be reached" in capsys.readouterr().err


@contextmanager
def _silent(answer: bytes) -> Iterator[int]:
    """A server that says one thing, and nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            with door.accept()[0] as guest, suppress(OSError):
                guest.settimeout(20.0)
                guest.sendall(answer)
                while guest.recv(1000):
                    pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield door.getsockname()[1]
        thread.join()


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"N\x00\x00"])
def test_a_server_that_says_nothing_of_use_is_told_within_seconds(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_ANSWER_S", 0.3)
    with _silent(answer) as port, pytest.raises(LedgerError, match=f"postgresql://a@127.0.0.1:{port}/b"):
        list_jumps(ledger=f"postgresql://a@127.0.0.1:{port}/b")
