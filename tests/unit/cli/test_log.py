"""`onetake log` as people use it: what is printed, and a table that a spreadsheet can be trusted with."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import jumps
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetake.cli.app import main
from onetake.logbook.store.sheet import COLUMNS, _cell, file_name

FLYSIGHT = jumps.flysight1(jumps.jump(2.0))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a log, and a ledger of its own named by the variable."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ONETAKE_LEDGER", str(tmp_path / "ledger.db"))
    Path("jump.csv").write_bytes(FLYSIGHT)
    return tmp_path


def _log(*args: str) -> int:
    return main(["log", *args])


def _said(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert not err
    return out


def test_the_four_commands_as_people_read_them(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("notes.txt").write_text("windy", "utf-8")
    assert _log("add", "jump.csv", "notes.txt", "--person", "A. Flyer") == 0
    said = _said(capsys)
    assert "jump 1: jump.csv of A. Flyer, flysight1, exit 2031-05-04T15:30:12" in said
    assert "refused: notes.txt: it is none of the logs that can be read" in said
    assert "1 added, 0 there already, 1 refused" in said
    assert _log("add", "jump.csv", "--person", "B") == 0
    assert "already there: jump.csv is jump 1 of A. Flyer" in _said(capsys)
    assert _log("add", "jump.csv", "--person", "B", "--correct") == 0
    assert "jump 2: jump.csv of B, flysight1" in (said := _said(capsys))
    assert "in place of 1" in said
    assert _log("list") == 0
    lines = _said(capsys).splitlines()
    assert len(lines) == 2
    assert lines[1].split() == ["2", "2031-05-04", "15:30:12", "B", "13,123", "55", "63", "jump.csv"]
    assert _log("list", "--superseded") == 0
    assert "superseded by 2" in _said(capsys)
    assert _log("show", "1") == 0
    said = _said(capsys)
    assert "SUPERSEDED by jump 2" in said
    assert "of freefall" in said
    assert f"{len(FLYSIGHT):,} bytes, kept" in said
    assert _log("export", "all.csv", "--originals", "out") == 0
    assert "wrote 1 jump to all.csv" in _said(capsys)
    assert (place / "out" / "00002-jump.csv").read_bytes() == FLYSIGHT


@pytest.mark.parametrize(
    ("args", "schema", "keys"),
    [
        (["add", "jump.csv"], "onetake.log-add/1", ["ledger", "added", "known", "refused", "passed_over"]),
        (["list"], "onetake.log-list/1", ["ledger", "jumps"]),
        (["show", "1"], "onetake.log-show/1", ["ledger", "jump", "person", "added_utc", "read_by", "supersedes",
                                              "superseded_by", "files", "log"]),
        (["export", "all.csv"], "onetake.log-export/1", ["ledger", "file", "jumps", "originals", "not_kept"]),
    ],
)  # fmt: skip
def test_json_is_one_object_with_its_keys(
    args: list[str], schema: str, keys: list[str], place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _log("add", "jump.csv") == 0
    capsys.readouterr()
    assert _log(*args, "--json") == 0
    found: Any = json.loads(_said(capsys), parse_constant=pytest.fail)
    assert (found["schema"], list(found)[1:]) == (schema, keys)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ([], "Usage"),
        (["ad"], "add"),
        (["add"], "PATH"),
        (["add", "gone.csv"], "gone.csv: cannot be read (No such file"),
        (["add", "."], "no log in the folders"),
        (["add", "jump.csv", "--person", " "], "name"),
        (["list"], "no ledger yet"),
        (["list", "--from", "then"], "'then' is no time"),
        (["show", "one"], "JUMP"),
        (["show", "0"], "JUMP"),
        (["export", "."], "is a folder"),
    ],
)
def test_bad_input_is_one_message_and_two(
    args: list[str], says: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if args == ["add", "."]:
        Path("jump.csv").unlink()
    assert _log(*args) == 2
    out, err = capsys.readouterr()
    assert not out
    assert says in err
    assert "Traceback" not in err
    assert not (place / "ledger.db").exists()


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_table_holds_what_the_ledger_holds(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _log("add", "jump.csv", "--person", "Ærøskøbing, the “quoted”") == 0
    assert _log("export", "all.csv") == 0
    capsys.readouterr()
    data = Path("all.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfjump,person,exit_utc,")
    assert data.count(b"\r\n") == 2
    (row,) = _table(Path("all.csv"))
    assert _log("show", "1", "--json") == 0
    log = json.loads(_said(capsys))["log"]
    assert row["person"] == "Ærøskøbing, the “quoted”"
    assert float(row["max_descent_m_s"]) == log["max_descent_m_s"]
    exit_utc = datetime.fromisoformat(row["exit_utc"] + "+00:00")
    assert abs((exit_utc - datetime.fromisoformat(log["exit"]["utc"])).total_seconds()) < 0.002
    frame = pl.read_csv(io.BytesIO(data))
    assert tuple(frame.columns) == COLUMNS
    assert frame["freefall_s"].dtype == pl.Float64


def test_a_table_of_no_jumps_has_its_head(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _log("add", "jump.csv") == 0
    assert _log("export", "none.csv", "--from", "2040-01-01") == 0
    assert Path("none.csv").read_bytes() == (",".join(COLUMNS) + "\r\n").encode("utf-8-sig")


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-2+3", "@SUM(A1)", "＝1"])
def test_no_text_of_a_log_becomes_a_formula(
    name: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(f"{name}.csv").write_bytes(FLYSIGHT)
    assert _log("add", f"./{name}.csv", f"--person={name}") == 0
    assert _log("export", "all.csv") == 0
    (row,) = _table(Path("all.csv"))
    assert row["person"] == f"'{name}"
    assert row["files"] == f"'{name}.csv"


@given(st.text())
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    cell = _cell(text)
    assert cell.removeprefix("'") in (text, text.removeprefix("'"))
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_stay_numbers(number: float) -> None:
    assert _cell(number) == number


@given(st.text(min_size=1))
def test_a_file_name_never_leaves_its_folder(name: str) -> None:
    class Jump:
        number = 12

    written: Any = file_name(Jump, name)  # type: ignore[arg-type]
    assert written.startswith("00012-")
    assert len(written) > len("00012-")
    assert not set(written) & set('/\\:*?"<>|\0')
    assert Path(written).name == written


def test_originals_never_write_over_something_else(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _log("add", "jump.csv") == 0
    Path("out").mkdir()
    Path("out/00001-jump.csv").write_text("mine", "utf-8")
    capsys.readouterr()
    assert _log("export", "all.csv", "--originals", "out") == 2
    assert "something else" in capsys.readouterr().err
    assert Path("out/00001-jump.csv").read_text("utf-8") == "mine"
    Path("out/00001-jump.csv").write_bytes(FLYSIGHT)
    assert _log("export", "all.csv", "--originals", "out") == 0
