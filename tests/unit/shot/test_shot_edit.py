"""A shot with one dial turned keeps everything else, to the comment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from onetake.errors import InputError, ShotError
from onetake.shot import Shot, parse_shot, read_shot
from onetake.shot.edit import with_changes, write_shot

PATH = Path(__file__).resolve().parents[3] / "examples/halo/shot.toml"


@pytest.fixture
def halo() -> Shot:
    return parse_shot(PATH.read_text("utf-8"), PATH)


def test_only_the_dial_moves(halo: Shot) -> None:
    shot = with_changes(halo, {"camera.lens.f_number": 2.0})
    lens = replace(halo.camera.lens, f_number=2.0)
    assert shot == replace(halo, camera=replace(halo.camera, lens=lens))
    before, after = halo.source.split("\n"), shot.source.split("\n")
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_people_and_beats_are_chosen_by_name(halo: Shot) -> None:
    shot = with_changes(halo, {"cast.actor.exit.at": "0.6 s", "beat.out backwards.window": ["0 s", "9 s"]})
    assert shot.subject().exit.at_s == 0.6
    assert shot.beats[0].window_s == (0.0, 9.0)


@pytest.mark.parametrize("key", ["camera.lens.colour", "cast.nobody.mass", "schema.x", "camera.lens.focal.x"])
def test_a_key_that_is_not_there(halo: Shot, key: str) -> None:
    with pytest.raises(InputError, match=key):
        with_changes(halo, {key: 1.0})


def test_a_value_that_does_not_fit(halo: Shot) -> None:
    with pytest.raises(ShotError, match="f_number"):
        with_changes(halo, {"camera.lens.f_number": -1.0})


def test_written_elsewhere_it_leads_to_the_same_weather(halo: Shot, tmp_path: Path) -> None:
    (tmp_path / "weather").mkdir()
    (tmp_path / "weather/gulf_2011-10-11T00.csv").touch()
    here = parse_shot(halo.source, tmp_path / "shot.toml")
    same = write_shot(here, tmp_path / "copy.toml")
    assert same.read_text("utf-8") == halo.source
    moved = read_shot(write_shot(here, tmp_path / "deep/er/shot.toml"))
    assert moved.weather.sources == here.weather.sources
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.toml", "deep", "weather"]
