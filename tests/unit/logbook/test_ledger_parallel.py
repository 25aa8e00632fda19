"""Many logs at once: in order, whatever becomes of the processes that read them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jumps
import pytest

from onetake import add_logs, list_jumps, show_jump
from onetake.logbook.store import parallel
from onetake.logbook.store.entry import read_entry
from onetake.logbook.store.gather import gather

MADE = jumps.jump(2.0)
FLYSIGHT = jumps.flysight1(MADE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten logs of ten days, and one that is cut in its head."""
    logs = tmp_path / "logs"
    logs.mkdir()
    for day in range(10):
        (logs / f"{day}.csv").write_bytes(FLYSIGHT.replace(b"2031-05-04", b"2031-05-%02d" % (day + 10)))
    (logs / "5b.csv").write_bytes(FLYSIGHT[:120])
    return logs


def test_many_logs_come_in_order_and_as_if_read_one_by_one(folder: Path, tmp_path: Path) -> None:
    ledger, told = tmp_path / "a.db", []
    found: Any = add_logs(folder, ledger=ledger, tell=lambda *how_far: told.append(how_far))
    assert [Path(one["files"][0]).name for one in found["added"]] == [f"{day}.csv" for day in range(10)]
    assert [Path(one["file"]).name for one in found["refused"]] == ["5b.csv"]
    assert told == [("reading logs", done, 11) for done in range(12)]
    first: Any = show_jump(1, ledger=ledger)
    add_logs(folder / "0.csv", ledger=tmp_path / "b.db")
    alone: Any = show_jump(1, ledger=tmp_path / "b.db")
    assert first["log"] == alone["log"]
    assert first["files"] == alone["files"]


def test_what_is_known_is_not_read_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_logs(folder, ledger=tmp_path / "a.db")
    (folder / "5b.csv").unlink()
    monkeypatch.setattr(parallel, "_ask", lambda *_: pytest.fail("it was read"))
    again: Any = add_logs(folder, ledger=tmp_path / "a.db")
    assert [one["jump"] for one in again["known"]] == list(range(1, 11))
    assert not again["added"]


def test_a_reader_that_dies_or_hangs_is_told_and_the_others_go_on(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = parallel._ask

    def broken(reader: subprocess.Popen[bytes], source: Any) -> Any:
        if source.files[0].name == "2.csv":
            reader.kill()
            reader.wait()  # so that the question cannot even be put
        if source.files[0].name == "4.csv":
            assert reader.stdout is not None
            reader.stdout.readline()  # nothing was asked, so nothing comes
        return ask(reader, source)

    monkeypatch.setattr(parallel, "_ask", broken)
    monkeypatch.setattr(parallel, "PATIENCE_S", 10.0)
    found: Any = add_logs(folder, ledger=tmp_path / "a.db")
    assert [Path(one["file"]).name for one in found["refused"]] == ["2.csv", "4.csv", "5b.csv"]
    assert "ended" in found["refused"][0]["why"]
    assert len(found["added"]) == 8


def test_a_failure_of_ours_is_told_as_such_and_stops_nobody(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(files: Any) -> Any:
        if files[0].name == "1.csv":
            raise ZeroDivisionError("division by zero")
        return read_entry(files)

    monkeypatch.setattr(parallel, "read_entry", broken)
    found: Any = add_logs(folder / "0.csv", folder / "1.csv", ledger=tmp_path / "a.db")
    assert len(found["added"]) == 1
    assert "our fault (ZeroDivisionError" in found["refused"][0]["why"]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for processes as Linux shows them")
def test_whoever_is_killed_leaves_no_reader_behind_and_the_next_one_goes_on(
    folder: Path, tmp_path: Path
) -> None:
    for number in range(40):
        moved = b"2031-07-%02dT%02d" % (1 + number % 28, number % 20)
        (folder / f"more {number}.csv").write_bytes(FLYSIGHT.replace(b"2031-05-04T15", moved))
    command = [
        sys.executable,
        "-c",
        "import sys; from onetake.cli import main; sys.exit(main())",
        "log",
        "add",
    ]
    run = subprocess.Popen([*command, str(folder), "--ledger", str(tmp_path / "a.db")])
    readers: list[int] = []
    until = time.monotonic() + 60.0
    while run.poll() is None and time.monotonic() < until and not (readers and _jumps(tmp_path / "a.db") > 3):
        readers = _children(run.pid) or readers
        time.sleep(0.02)
    run.kill()
    run.wait()
    assert readers
    assert all(_gone(pid) for pid in readers)
    found: Any = add_logs(folder, ledger=tmp_path / "a.db")
    listed: Any = list_jumps(ledger=tmp_path / "a.db")
    assert len(found["added"]) + len(found["known"]) == 50
    assert len(listed["jumps"]) == 50


def _jumps(ledger: Path) -> int:
    import sqlite3

    try:
        connection = sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)
        count: int = connection.execute("SELECT count(*) FROM jump").fetchone()[0]
        connection.close()
    except sqlite3.OperationalError:
        return 0
    return count


def _children(pid: int) -> list[int]:
    return [int(one) for path in Path(f"/proc/{pid}/task").glob("*/children") for one in _text(path).split()]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError:  # it has ended
        return ""


def _gone(pid: int) -> bool:
    """Within some seconds; a reader ends when nobody asks it any more."""
    until = time.monotonic() + 30.0
    while time.monotonic() < until:
        if _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()[:1] in ([], ["Z"]):
            return True
        time.sleep(0.05)
    return False


def test_folders_are_walked_and_links_to_folders_are_not(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "jump.csv").write_bytes(FLYSIGHT)
    (deep / "._jump.csv").write_bytes(FLYSIGHT)
    (tmp_path / "a" / "notes.txt").write_text("windy", "utf-8")
    (tmp_path / "a" / "empty.csv").touch()
    (deep / "round").symlink_to(tmp_path / "a", target_is_directory=True)
    found = gather([tmp_path / "a", deep, deep / "jump.csv"])
    assert [one.files for one in found.sources] == [(deep / "jump.csv",)]
    assert (found.refused, found.passed_over) == ((), 2)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes among files on Windows")
def test_a_pipe_among_the_files_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    found = gather([tmp_path / "pipe.csv", tmp_path])
    assert not found.sources
    assert "no ordinary file" in found.refused[0][1]
