"""`inspect` of a film: what it is, whether a tag is seen, what is wrong with it."""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from pathlib import Path

import films
import jumps
import numpy as np
import pytest
import tags

from onetake import inspect_file
from onetake.cli.app import main

SMALL = tags.Scene(
    width_px=960, height_px=540, width_m=0.04096, tag_pupil_m=(0.0, 0.0, 0.8), turn=(0.1, 0.2, 0.1)
)
KEYS = [
    "schema", "kind", "format", "codec", "width_px", "height_px", "bits", "rate", "rate_hz", "frames", "duration_s",
    "timecode", "recorded_utc", "transfer", "looked_at", "tags", "problems",
]  # fmt: skip


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shown = films.picture(SMALL, films.sky(SMALL))
    return films.write(
        tmp_path_factory.mktemp("film") / "A001.mov", [shown] * 50, rate=Fraction(25), timecode="10:00:00:00",
        options={"preset": "ultrafast", "g": "5"},
    )  # fmt: skip


def test_it_tells_what_the_film_is(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(film), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == KEYS
    assert (found["kind"], found["codec"], found["rate"], found["frames"]) == ("video", "h264", "25", 50)
    assert (found["width_px"], found["height_px"], found["timecode"]) == (960, 540, "10:00:00:00")
    assert [(tag["family"], tag["number"]) for tag in found["tags"]] == [("apriltag 36h11", 7)]
    side = np.linalg.norm(SMALL.corners_px - np.roll(SMALL.corners_px, 1, axis=0), axis=1).mean()
    assert found["tags"][0]["largest_width_share"] == pytest.approx(side / 960, rel=0.03)
    assert found["problems"] == []


def test_people_read_it_in_words(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(film)]) == 0
    text = capsys.readouterr().out
    assert "h264 film" in text
    assert "960 x 540" in text
    assert "timecode 10:00:00:00" in text
    assert "tag apriltag 36h11 number 7: in " in text
    assert "no problems found" in text


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    bare = films.write(tmp_path / "bare.mp4", [np.full((90, 160), 80, np.uint8)] * 30)
    assert {problem["slug"] for problem in inspect_file(bare)["problems"]} == {"no-tag", "no-timecode"}


def test_a_film_with_telemetry_is_a_log_and_tells_of_its_pictures_too(tmp_path: Path) -> None:
    path = tmp_path / "telemetry.mp4"
    path.write_bytes(jumps.mp4(jumps.jump(1.0, aboard_s=10.0)))
    found = inspect_file(path)
    assert found["kind"] == "log"
    assert found["video"] is None  # this one has telemetry alone


def test_without_the_optional_part_the_message_says_how_to_get_it(
    film: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    assert main(["inspect", str(film)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "pip install 'onetake[footage]'" in said.err
