"""FlySight files read as they were written, and every damage seen in the wild is mended or dropped, and told."""

from __future__ import annotations

import gzip
from pathlib import Path

import jumps
import numpy as np
import pytest

from onetake.errors import ReadError
from onetake.logbook.align import fit_clock
from onetake.logbook.clean import clean
from onetake.logbook.file import read_logs
from onetake.logbook.log import Log

MADE = jumps.jump()
FS1 = jumps.flysight1(MADE)
TRACK = jumps.flysight2_track(MADE)


def _read(path: Path, content: bytes) -> Log:
    path.write_bytes(content)
    (log,) = read_logs(path)
    return log


def _slugs(log: Log) -> list[str]:
    return [finding.slug for finding in log.findings]


@pytest.mark.parametrize(("content", "form"), [(FS1, "flysight1"), (TRACK, "flysight2")])
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_reads_as_it_was_written(tmp_path: Path, content: bytes, form: str, packed: bool) -> None:
    log = _read(tmp_path / "some.name", gzip.compress(content) if packed else content)
    assert (log.format, log.rows, log.dropped, log.findings) == (form, len(MADE.time_s), 0, ())
    fixes = clean(log).fixes
    exit_s = jumps.EXIT_UTC.timestamp()
    assert np.abs(fixes.utc_s - exit_s - MADE.time_s).max() < 0.011
    assert np.abs(fixes.altitude_msl_m - MADE.place_m[:, 2]).max() < 0.001
    assert np.abs(fixes.velocity_enu_m_s - MADE.velocity_m_s).max() < 0.006
    assert np.abs(fixes.lat_deg - MADE.lat_lon_deg[0]).max() < 1e-7
    assert (fixes.sigma_horizontal_m[0], fixes.sigma_up_m[0], fixes.sigma_velocity_m_s[0]) == (1.2, 1.8, 0.3)


def _spreadsheet(content: bytes) -> bytes:
    return b"\n".join(line.rstrip(b"\r").removeprefix(b"$") + b",,," for line in content.split(b"\n"))


def _semicolons(content: bytes) -> bytes:
    return content.replace(b",", b";").replace(b".", b",")


@pytest.mark.parametrize("content", [FS1, TRACK], ids=["flysight1", "flysight2"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda c: c.replace(b"\r\n", b"\r\r\n"),
        lambda c: c.replace(b"\r\n", b"\n"),
        lambda c: c.replace(b"\r\n", b"\r"),
        lambda c: b"\xef\xbb\xbf" + c,
        lambda c: c + b"\r\n\r\n",
        _spreadsheet,
        _semicolons,
    ],
    ids=["cr-cr-lf", "lf", "cr", "bom", "blank-lines", "spreadsheet", "semicolons"],
)
def test_what_editors_do_to_a_file_changes_nothing(tmp_path: Path, content: bytes, damage) -> None:
    whole = _read(tmp_path / "whole", content)
    log = _read(tmp_path / "damaged", damage(content))
    assert (log.rows, log.dropped, log.findings) == (whole.rows, 0, ())
    assert np.array_equal(log.fixes.utc_s, whole.fixes.utc_s)
    assert np.array_equal(log.fixes.velocity_enu_m_s, whole.fixes.velocity_enu_m_s)


@pytest.mark.parametrize("content", [FS1, TRACK], ids=["flysight1", "flysight2"])
@pytest.mark.parametrize("cut", [3, 20, 40, 60])
def test_a_last_line_cut_short_is_dropped_and_counted(tmp_path: Path, content: bytes, cut: int) -> None:
    log = _read(tmp_path / "cut", content[: -cut - len(b"\r\n")])
    assert log.rows - len(log.fixes) == log.dropped == 1
    assert _slugs(log) == ["unreadable-row"]


def test_negative_milliseconds_are_a_second_too_far(tmp_path: Path) -> None:
    before, after = b"15:29:13.050Z", b"15:29:13.-950Z"
    assert before in TRACK
    log = _read(tmp_path / "negative", TRACK.replace(before, after))
    whole = _read(tmp_path / "whole", TRACK)
    wrong = np.flatnonzero(log.fixes.utc_s != whole.fixes.utc_s)
    assert len(wrong) == 1
    assert log.fixes.utc_s[wrong[0]] - whole.fixes.utc_s[wrong[0]] == pytest.approx(-1.0, abs=1e-6)
    assert _slugs(log) == ["negative-milliseconds"]


def test_renamed_columns_are_taken_by_their_units(tmp_path: Path) -> None:
    log = _read(tmp_path / "renamed", FS1.replace(b"time,lat,lon,hMSL", b"tiempo,lat,lon,hSNM", 1))
    assert (_slugs(log), len(log.fixes)) == (["renamed-columns"], len(MADE.time_s))
    headless = TRACK.replace(b"$COL,GNSS,", b",GNSS,", 1)
    assert (_slugs(_read(tmp_path / "headless", headless)), len(log.fixes)) == (
        ["renamed-columns"],
        len(MADE.time_s),
    )


def test_an_old_flysight_without_heading_reads(tmp_path: Path) -> None:
    old = b"\r\n".join(
        b",".join(c for i, c in enumerate(line.split(b",")) if i not in (10, 11))
        for line in FS1.split(b"\r\n")
    )
    assert len(_read(tmp_path / "old", old).fixes) == len(MADE.time_s)


def _spoil(row: int, column: int, value: bytes) -> bytes:
    lines = FS1.split(b"\r\n")
    cells = lines[row + 2].split(b",")
    cells[column] = value
    lines[row + 2] = b",".join(cells)
    return b"\r\n".join(lines)


@pytest.mark.parametrize(
    ("row", "column", "value", "slug"),
    [
        (0, 7, b"341.5", "cold-start"),
        (0, 8, b"26900", "cold-start"),
        (400, 7, b"80", "poor-fix"),
        (400, 9, b"36.4", "poor-fix"),
        (400, 1, b"91", "impossible-value"),
        (400, 3, b"99999", "impossible-value"),
        (400, 6, b"900", "impossible-value"),
        (400, 0, b"2019-05-04T15:30:00.00Z", "another-day"),
        (400, 3, b"1200", "height-jump"),
        (400, 3, b"nan", "unreadable-row"),
        (400, 5, b"", "unreadable-row"),
        (400, 0, b"yesterday", "unreadable-row"),
        (400, 0, b"2031-02-30T15:30:00.00Z", "unreadable-row"),
    ],
)
def test_a_fix_that_cannot_be_true_is_dropped_alone(
    tmp_path: Path, row: int, column: int, value: bytes, slug: str
) -> None:
    log = clean(_read(tmp_path / "spoiled", _spoil(row, column, value)))
    assert (_slugs(log), log.dropped, len(log.fixes)) == ([slug], 1, log.rows - 1)


def test_time_that_stands_still_or_runs_back_is_put_right(tmp_path: Path) -> None:
    lines = FS1.split(b"\r\n")
    swapped = b"\r\n".join([*lines[:300], lines[301], lines[300], *lines[302:]])
    log = clean(_read(tmp_path / "swapped", swapped))
    assert (_slugs(log), len(log.fixes)) == (["time-backwards"], log.rows)
    twice = clean(_read(tmp_path / "twice", b"\r\n".join([*lines[:300], lines[300], *lines[300:]])))
    assert (_slugs(twice), twice.dropped, np.diff(twice.fixes.utc_s).min() > 0) == (
        ["repeated-time"],
        1,
        True,
    )


def test_a_hole_stays_a_hole_and_is_told(tmp_path: Path) -> None:
    lines = FS1.split(b"\r\n")
    log = clean(_read(tmp_path / "hole", b"\r\n".join(lines[:300] + lines[360:])))
    assert (_slugs(log), log.dropped) == (["gap"], 0)
    assert np.diff(log.fixes.utc_s).max() == pytest.approx(61 * 0.2, abs=0.02)


def _session(folder: Path, **files: bytes) -> Log:
    folder.mkdir()
    for name, content in files.items():
        (folder / f"{name}.CSV").write_bytes(content)
    (log,) = read_logs(folder)
    return log


def test_a_session_is_one_recording(tmp_path: Path) -> None:
    sensor = jumps.flysight2_sensor(MADE)
    log = _session(
        tmp_path / "s",
        TRACK=TRACK,
        SENSOR=gzip.compress(sensor),
        EVENT=jumps.flysight2_event(),
        NOTES=b"hello",
    )
    assert (log.rows, log.dropped, log.findings) == (len(MADE.time_s), 0, ())
    assert [mark.text for mark in log.marks] == ["armed"]
    assert log.sensors["baro"].columns["pressure_pa"][0] == pytest.approx(
        101325 * np.exp(-4000 / 8400), abs=0.01
    )
    assert log.sensors["imu"].columns["accel_z_m_s2"][0] == pytest.approx(9.80665)
    fit = fit_clock(log.clock_pairs)
    assert fit is not None
    told = fit.utc_s(log.sensors["baro"].device_s) - jumps.EXIT_UTC.timestamp()
    assert np.abs(told - np.arange(MADE.time_s[0], MADE.time_s[-1], 0.1)).max() < 0.0015


def test_what_belongs_to_another_session_is_left_out(tmp_path: Path) -> None:
    other = jumps.flysight2_sensor(MADE, "f" * 24)
    log = _session(tmp_path / "s", TRACK=TRACK, SENSOR=other)
    assert (_slugs(log), dict(log.sensors), log.clock_pairs) == (["foreign-session"], {}, None)


def test_a_damaged_file_of_a_session_does_not_stop_the_others(tmp_path: Path) -> None:
    log = _session(tmp_path / "s", TRACK=TRACK, SENSOR=b"$FLYS,1\r\n$DATA\r\n")
    assert (_slugs(log), len(log.fixes)) == (["unreadable-file"], len(MADE.time_s))


def test_what_is_no_log_is_refused_in_one_message(tmp_path: Path) -> None:
    for content in (
        b"",
        b"hello\n",
        b"\x1f\x8b\x00\x00",
        b"time,lat,lon\n1,2,3\n",
        FS1[:180],
        b"$FLYS,1\r\n",
    ):
        with pytest.raises(ReadError, match="file"):
            _read(tmp_path / "file", content)
    (tmp_path / "file").write_bytes(b"hello")
    with pytest.raises(ReadError, match="without a session"):
        read_logs(tmp_path)
    with pytest.raises(ReadError, match="no such file"):
        read_logs(tmp_path / "nothing")


def test_the_week_may_turn_within_a_session(tmp_path: Path) -> None:
    log = _read(
        tmp_path / "log",
        b"$FLYS,1\r\n$TIME,100.000,604799.000,2400\r\n$TIME,101.000,0.000,2401\r\n$BARO,100.5,90000,20\r\n",
    )
    assert log.clock_pairs is not None
    assert list(np.diff(log.clock_pairs.utc_s)) == [1.0]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(jumps.flysight2_sensor(MADE))
    folder = tmp_path / "s"
    folder.mkdir()
    (folder / "TRACK.CSV").write_bytes(TRACK)
    (folder / "SENSOR.CSV").symlink_to(tmp_path / "elsewhere")
    (folder / "EVENT.CSV").symlink_to("/etc/passwd")
    log = read_logs(folder)[0]
    assert (_slugs(log), dict(log.sensors)) == (["linked-file"], {})
    assert "EVENT.CSV, SENSOR.CSV lead out" in log.findings[0].text
