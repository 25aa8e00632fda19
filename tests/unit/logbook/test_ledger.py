"""The ledger: what goes in comes out, once, and stays."""

from __future__ import annotations

import dataclasses
import gzip
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import jumps
import pytest
import sqlalchemy as sa
import writer

from onetake import add_logs, export_jumps, inspect_file, list_jumps, show_jump
from onetake.errors import ChoiceError, InputError, LedgerError, ReadError
from onetake.logbook.store.add import add
from onetake.logbook.store.address import ledger_address
from onetake.logbook.store.opening import opened
from onetake.logbook.store.tables import EVENT, JUMP, JUMP_FILE, LOG_FILE, METADATA, SUPERSEDED

MADE = jumps.jump()
FLYSIGHT = jumps.flysight1(MADE)


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A ledger in a file, for what has nothing to do with the kind of database."""
    return str(tmp_path / "ledger.db")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return _file(tmp_path / "logs" / "jump.csv", FLYSIGHT)


def _file(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def _session(folder: Path) -> Path:
    _file(folder / "TRACK.CSV", jumps.flysight2_track(MADE))
    _file(folder / "SENSOR.CSV", jumps.flysight2_sensor(MADE))
    _file(folder / "EVENT.CSV", jumps.flysight2_event())
    return folder


def _log_part(seen: dict[str, object]) -> dict[str, object]:
    """What `inspect` tells of a file as a log: of a film it tells of the pictures too, and what its inertial unit is worth."""
    part = {key: value for key, value in seen.items() if key not in ("schema", "video", "motion")}
    problems: Any = part["problems"]
    return part | {"problems": [one for one in problems if one["slug"] != "imu-not-used"]}


def _numbers(rows: Any) -> list[int]:
    return [row["jump"] for row in rows]


def test_what_inspect_tells_is_what_the_ledger_tells(log: Path, ledger: str) -> None:
    added: Any = add_logs(log, person="A. Flyer", ledger=ledger)
    assert [(one["jump"], one["person"], one["problems"]) for one in added["added"]] == [(1, "A. Flyer", [])]
    told: Any = show_jump(1, ledger=ledger)
    seen = _log_part(inspect_file(log))
    assert told["log"] == seen
    assert list(told["log"]) == list(seen)
    assert told["files"][0]["name"] == "jump.csv"
    assert (told["supersedes"], told["superseded_by"]) == ([], None)


@pytest.mark.parametrize("writer", ["flysight2_track", "tempo", "gpx", "gpmf", "mp4", "insight", "dekunu"])
def test_any_format_goes_in_and_its_bytes_come_out(writer: str, tmp_path: Path, file: str) -> None:
    data = getattr(jumps, writer)(MADE)
    log = _file(tmp_path / writer, data)
    add_logs(log, ledger=file)
    told: Any = show_jump(1, ledger=file)
    assert told["log"] == _log_part(inspect_file(log))
    export_jumps(tmp_path / "all.csv", originals=tmp_path / "out", ledger=file)
    assert (tmp_path / "out" / f"00001-{writer}").read_bytes() == data


def test_the_same_content_is_told_and_changes_nothing(log: Path, tmp_path: Path, ledger: str) -> None:
    add_logs(log, person="A", ledger=ledger)
    packed = _file(tmp_path / "other name.csv.gz", gzip.compress(FLYSIGHT))
    again: Any = add_logs(log, packed, person="B", ledger=ledger)
    assert not again["added"]
    assert [(one["jump"], one["person"]) for one in again["known"]] == [(1, "A"), (1, "A")]
    told: Any = list_jumps(ledger=ledger)
    assert [(one["jump"], one["person"]) for one in told["jumps"]] == [(1, "A")]


def test_a_packed_log_comes_out_unpacked_under_its_own_name(tmp_path: Path, file: str) -> None:
    add_logs(_file(tmp_path / "one.csv.gz", gzip.compress(FLYSIGHT)), ledger=file)
    export_jumps(tmp_path / "all.csv", originals=tmp_path / "out", ledger=file)
    assert (tmp_path / "out" / "00001-one.csv").read_bytes() == FLYSIGHT


def test_a_correction_is_a_new_row(log: Path, ledger: str) -> None:
    add_logs(log, person="A", ledger=ledger)
    second: Any = add_logs(log, person="B", ledger=ledger, correct=True)
    assert (_numbers(second["added"]), second["added"][0]["supersedes"]) == ([2], [1])
    third: Any = add_logs(log, ledger=ledger, correct=True)  # read again, under the name it had
    assert (third["added"][0]["person"], third["added"][0]["supersedes"]) == ("B", [2])
    stands: Any = list_jumps(ledger=ledger)
    assert _numbers(stands["jumps"]) == [3]
    every: Any = list_jumps(ledger=ledger, superseded_too=True)
    assert [(one["jump"], one["superseded_by"]) for one in every["jumps"]] == [(1, 2), (2, 3), (3, None)]
    old: Any = show_jump(1, ledger=ledger)
    assert (old["person"], old["superseded_by"]) == ("A", 2)


@pytest.mark.parametrize("act", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
def test_the_database_itself_refuses_to_change_or_remove(act: str, log: Path, ledger: str) -> None:
    add_logs(log, ledger=ledger)
    add_logs(log, ledger=ledger, correct=True)
    for table in (JUMP, JUMP_FILE, LOG_FILE, EVENT, SUPERSEDED):
        column = next(iter(table.columns)).name
        with (
            pytest.raises(LedgerError, match="neither changed nor removed"),
            opened(ledger_address(ledger)) as engine,
            engine.begin() as connection,
        ):
            connection.exec_driver_sql(act.format(table.name, column, column))
    found: Any = list_jumps(ledger=ledger)
    assert _numbers(found["jumps"]) == [2]


def test_a_session_is_one_jump_with_all_its_files(tmp_path: Path, ledger: str) -> None:
    folder = _session(tmp_path / "session")
    _file(folder / "RAW.UBX", b"\xb5b binary")
    found: Any = add_logs(tmp_path / "session", ledger=ledger)
    assert (_numbers(found["added"]), found["passed_over"]) == ([1], 1)
    told: Any = show_jump(1, ledger=ledger)
    assert [one["name"] for one in told["files"]] == ["EVENT.CSV", "SENSOR.CSV", "TRACK.CSV"]
    assert told["log"] == _log_part(inspect_file(folder))


def test_a_session_takes_the_place_of_its_track_and_never_the_other_way(tmp_path: Path, ledger: str) -> None:
    folder = _session(tmp_path / "session")
    add_logs(folder / "TRACK.CSV", person="A", ledger=ledger)
    whole: Any = add_logs(folder, ledger=ledger)
    assert [(one["jump"], one["supersedes"], one["person"]) for one in whole["added"]] == [(2, [1], "A")]
    again: Any = add_logs(folder / "TRACK.CSV", ledger=ledger)
    assert (again["added"], _numbers(again["known"])) == ([], [2])
    with pytest.raises(ReadError, match=r"part of jump 2; .* all its files"):
        add_logs(folder / "TRACK.CSV", ledger=ledger, correct=True)


def test_two_sessions_in_one_folder_are_two_jumps(tmp_path: Path, file: str) -> None:
    for name, session in (("a", jumps.SESSION), ("b", "f" * 24)):
        _file(tmp_path / "all" / f"{name}_TRACK.CSV", jumps.flysight2_track(MADE, session))
        _file(tmp_path / "all" / f"{name}_EVENT.CSV", jumps.flysight2_event(session))
    found: Any = add_logs(tmp_path / "all", ledger=file)
    assert [len(one["files"]) for one in found["added"]] == [2, 2]


def test_a_bad_part_of_a_session_is_left_out_and_told(tmp_path: Path, file: str) -> None:
    folder = _session(tmp_path / "session")
    head = jumps.flysight2_sensor(MADE)[:1000]
    _file(folder / "SENSOR.CSV", head[: head.index(b"$DATA")])
    add_logs(folder, ledger=file)
    told: Any = show_jump(1, ledger=file)
    assert [one["name"] for one in told["files"]] == ["EVENT.CSV", "TRACK.CSV"]
    assert "unreadable-file" in [one["slug"] for one in told["log"]["problems"]]
    assert str(tmp_path) not in json.dumps(told["log"])


def test_each_recording_of_a_file_is_a_jump(tmp_path: Path, ledger: str) -> None:
    text = jumps.gpx(MADE).decode()
    track = text[text.index("<trk>") : text.index("</gpx>")]
    both = text.replace(track, track + track.replace("<name>one", "<name>two"))
    found: Any = add_logs(_file(tmp_path / "both.gpx", both.encode()), ledger=ledger)
    assert _numbers(found["added"]) == [1, 2]
    assert [show_jump(number, ledger=ledger)["log"]["recording"] for number in (1, 2)] == ["one", "two"]  # type: ignore[index]
    again: Any = add_logs(tmp_path / "both.gpx", ledger=ledger)
    assert _numbers(again["known"]) == [1, 2]
    new: Any = add_logs(tmp_path / "both.gpx", ledger=ledger, correct=True)
    assert _numbers(new["added"]) == [3, 4]
    every: Any = list_jumps(ledger=ledger, superseded_too=True)
    assert {one["jump"]: one["superseded_by"] for one in every["jumps"]} == {1: 3, 2: 4, 3: None, 4: None}


def test_a_bad_file_never_stops_the_others(log: Path, tmp_path: Path, file: str) -> None:
    bad = [
        _file(tmp_path / "empty.csv", b""),
        _file(tmp_path / "photo.jpg", b"\xff\xd8\xff\xe0 no log"),
        _file(tmp_path / "cut.csv.gz", gzip.compress(FLYSIGHT)[:5000]),
        _file(tmp_path / "head only.csv", FLYSIGHT[:120]),
        tmp_path / "gone.csv",
    ]
    found: Any = add_logs(*bad, log, ledger=file)
    assert _numbers(found["added"]) == [1]
    assert {one["file"] for one in found["refused"]} == {str(path) for path in bad}
    assert all(one["why"].startswith(one["file"]) for one in found["refused"])
    with pytest.raises(ReadError, match=r"gone\.csv"):
        add_logs(*bad, ledger=file)


def test_a_log_without_a_jump_is_kept_and_says_so(tmp_path: Path, file: str) -> None:
    lines = FLYSIGHT.split(b"\r\n")[:150]
    found: Any = add_logs(_file(tmp_path / "ground.csv", b"\r\n".join(lines)), ledger=file)
    assert found["added"][0]["exit_utc"] is None
    told: Any = list_jumps(ledger=file)
    assert (told["jumps"][0]["exit_utc"], told["jumps"][0]["problems"]) == (None, ["no-jump"])


def test_jumps_are_found_by_person_and_by_time(tmp_path: Path, ledger: str) -> None:
    for days in range(3):
        day = FLYSIGHT.replace(b"2031-05-04", f"2031-05-{4 + days:02d}".encode())
        add_logs(_file(tmp_path / f"{days}.csv", day), person="AB"[days % 2], ledger=ledger)

    def numbers(**wanted: Any) -> list[int]:
        found: Any = list_jumps(ledger=ledger, **wanted)
        return _numbers(found["jumps"])

    assert numbers() == [1, 2, 3]
    assert numbers(person="A") == [1, 3]
    assert numbers(from_utc="2031-05-05") == [2, 3]
    assert numbers(to_utc="2031-05-05") == [1, 2]
    assert numbers(to_utc="2031-05-05T00:00:00Z") == [1]
    assert numbers(from_utc=jumps.EXIT_UTC + timedelta(days=1, minutes=1)) == [3]
    with pytest.raises(ChoiceError, match="there is: A, B"):
        numbers(person="C")
    with pytest.raises(InputError, match="no time"):
        numbers(from_utc="yesterday")
    with pytest.raises(ChoiceError, match="the last is number 3"):
        show_jump(4, ledger=ledger)


def test_no_path_of_the_machine_is_kept(tmp_path: Path, ledger: str) -> None:
    folder = _session(tmp_path / "secret place")
    _file(folder / "broken" / "SENSOR.CSV", b"$FLYS,1\r\n$DATA\r\n")
    add_logs(folder, person="A", ledger=ledger)
    with opened(ledger_address(ledger)) as engine, engine.connect() as connection:
        for table in METADATA.tables.values():
            for row in connection.execute(sa.select(table)):
                assert "secret place" not in repr(row)
                assert tmp_path.name not in repr(row)


@pytest.mark.skipif(os.name == "nt", reason="no such names on Windows")
def test_a_name_that_no_database_takes_is_mended(tmp_path: Path, ledger: str) -> None:
    for number, name in enumerate((b"\xff.csv", b"new\nline.csv", "ä€😀.csv".encode()), start=1):
        path = Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name)))
        path.write_bytes(FLYSIGHT.replace(b"2031-05-04", b"2031-05-%02d" % number))
        found: Any = add_logs(path, person=f"ÅÄÖ {number}", ledger=ledger)
        assert _numbers(found["added"]) == [number]
    listed: Any = list_jumps(ledger=ledger)
    assert [one["files"][0] for one in listed["jumps"]] == ["\ufffd.csv", "new\nline.csv", "ä€😀.csv"]
    export_jumps(tmp_path / "all.csv", originals=tmp_path / "out", ledger=ledger)
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_no_text_of_a_log_breaks_a_database(ledger: str) -> None:
    entry = writer.entry(1)
    told: dict[str, Any] = dict(entry.recordings[0]) | {
        "device": "a\x00b\udcff", "recording": "'; DROP TABLE jump; --", "session": "x" * 100_000,
        "problems": [{"slug": "hole", "text": "\x00"}],
    }  # fmt: skip
    with opened(ledger_address(ledger), make=True) as engine:
        add(engine, dataclasses.replace(entry, recordings=(told,)), person="O'Neil")
    shown: Any = show_jump(1, ledger=ledger)
    assert shown["person"] == "O'Neil"
    assert shown["log"]["device"] == "a\ufffdb\ufffd"
    assert shown["log"]["recording"] == told["recording"]
    assert len(shown["log"]["session"]) == 100_000


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_a_name_is_a_name(name: str, log: Path, file: str) -> None:
    with pytest.raises(InputError, match="name has 1 to 200"):
        add_logs(log, person=name, ledger=file)
    with pytest.raises(LedgerError, match="no ledger yet"):
        list_jumps(ledger=file)


def test_nothing_given_and_nothing_there(tmp_path: Path, ledger: str) -> None:
    with pytest.raises(ReadError, match="no log was given"):
        add_logs(ledger=ledger)
    with pytest.raises(ReadError, match="no log in the folders"):
        add_logs(tmp_path, ledger=ledger)
    for ask in (lambda: list_jumps(ledger=ledger), lambda: export_jumps(tmp_path / "x.csv", ledger=ledger)):
        with pytest.raises(LedgerError, match="no ledger yet"):
            ask()
    assert not (tmp_path / "x.csv").exists()


def _two_people(path: Path, later_h: int = 0) -> Path:
    """A GPX of two tracks, the second so many hours later."""
    one = jumps.gpx(jumps.jump(1.0))
    track = one[one.index(b"<trk>") : one.index(b"</gpx>")]
    other = track.replace(b"<name>one", b"<name>two").replace(b"T15:", b"T%02d:" % (15 + later_h))
    path.write_bytes(one.replace(b"</gpx>", other + b"</gpx>"))
    return path


def test_whose_recording_of_a_file_with_several_people_must_be_said(tmp_path: Path) -> None:
    ledger, log = tmp_path / "a.db", _two_people(tmp_path / "a.gpx")
    with pytest.raises(ReadError, match="several recordings in the file: name one of: 1 'one', 2 'two'"):
        add_logs(log, person="A", ledger=ledger)
    with pytest.raises(ReadError, match="no recording 'three' of: 1 'one', 2 'two'"):
        add_logs(log, person="A", recording="three", ledger=ledger)
    with pytest.raises(InputError, match="name the person"):
        add_logs(log, recording="1", ledger=ledger)
    first: Any = add_logs(log, person="A", recording="1", ledger=ledger)
    assert [one["person"] for one in first["added"]] == ["A", None]
    again: Any = add_logs(log, person="B", recording="two", ledger=ledger)
    assert [one["person"] for one in again["known"]] == ["A", None]
    second: Any = add_logs(log, person="B", recording="two", ledger=ledger, correct=True)
    assert [one["person"] for one in second["added"]] == ["A", "B"]
    assert [one["jump"] for one in list_jumps(person="B", ledger=ledger)["jumps"]] == [4]  # type: ignore[index, union-attr]


def test_recordings_one_after_the_other_may_be_one_persons(tmp_path: Path) -> None:
    found: Any = add_logs(_two_people(tmp_path / "a.gpx", 2), person="A", ledger=tmp_path / "a.db")
    assert [one["person"] for one in found["added"]] == ["A", "A"]
