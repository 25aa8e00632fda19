"""`inspect` of a log: the keys, the words, and what they say of a jump that is known."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import jumps
import pytest

from onetake import inspect_file
from onetake.cli.app import main
from onetake.errors import ReadError

MADE = jumps.jump()
KEYS = [
    "schema", "kind", "format", "rows", "dropped", "rate_hz", "problems", "exit", "opening", "end_of_freefall", "landing",
    "freefall_s", "max_descent_m_s", "best_3s_descent_m_s", "ground_msl_m",
]  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "jump.txt").write_bytes(jumps.flysight1(MADE))
    return tmp_path / "jump.txt"


def test_the_object_has_its_keys_and_is_json(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found)[: len(KEYS)] == KEYS
    assert (found["schema"], found["kind"], found["format"]) == ("onetake.inspect/1", "log", "flysight1")
    assert (found["rows"], found["dropped"], found["problems"]) == (len(MADE.time_s), 0, [])
    assert found["rate_hz"] == pytest.approx(5.0, rel=0.01)
    assert set(found["exit"]) == {"utc", "altitude_msl_m", "sigma_s"}
    exit_s = datetime.fromisoformat(found["exit"]["utc"]).timestamp() - jumps.EXIT_UTC.timestamp()
    assert exit_s == pytest.approx(0.0, abs=0.2)
    assert found["freefall_s"] == pytest.approx(MADE.end_of_freefall_s, abs=0.5)
    assert found["ground_msl_m"] == pytest.approx(jumps.GROUND_MSL_M, abs=0.6)


def test_the_ground_may_be_given(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(path), "--ground", "6,500 ft", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ground_msl_m"] == pytest.approx(1981.2)
    assert inspect_file(path, ground_msl_m=2600.0)["best_3s_descent_m_s"] is None
    assert main(["inspect", str(path), "--ground", "twenty"]) == 2
    assert "not a length" in capsys.readouterr().err


def test_a_session_tells_its_sensors_and_its_clock(tmp_path: Path) -> None:
    (tmp_path / "TRACK.CSV").write_bytes(jumps.flysight2_track(MADE))
    (tmp_path / "SENSOR.CSV").write_bytes(jumps.flysight2_sensor(MADE))
    found = inspect_file(tmp_path)
    assert found["problems"] == []
    assert [sensor["name"] for sensor in found["sensors"]] == ["imu", "baro"]
    assert found["clock"]["drift"] == pytest.approx(jumps.DRIFT, abs=4 * found["clock"]["drift_sigma"])
    (tmp_path / "SENSOR.CSV").write_bytes(jumps.flysight2_sensor(MADE, time_rows=False))
    assert [problem["slug"] for problem in inspect_file(tmp_path)["problems"]] == ["no-clock", "imu-not-used"]


def test_people_read_it_in_feet_and_metres(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(path)]) == 0
    text = capsys.readouterr().out
    assert "flysight1, 1,5" in text
    assert "exit            2031-05-04T15:30:12" in text
    assert "ft MSL (4,000 m)" in text
    assert "best three seconds" in text
    assert "no problems found" in text


def test_what_is_nothing_lists_what_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "note").write_text("hello\n")
    with pytest.raises(ReadError, match=r"(?s)weather formats.*no take file and no log.*flysight2"):
        inspect_file(tmp_path / "note")
    with pytest.raises(ReadError, match="without a session of a logger"):
        inspect_file(tmp_path)
