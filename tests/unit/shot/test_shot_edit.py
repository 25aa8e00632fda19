"""A shot with one dial turned keeps everything else, to the comment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from onetake.errors import InputError, ShotError
from onetake.shot import Shot, parse_shot, read_shot
from onetake.shot.edit import with_changes, with_heading, write_shot

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


@pytest.mark.parametrize(
    "key", ["camera.glass.colour", "cast.nobody.mass", "schema.x", "camera.lens.focal.x"]
)
def test_a_table_that_is_not_there(halo: Shot, key: str) -> None:
    with pytest.raises(InputError, match=key):
        with_changes(halo, {key: 1.0})


def test_a_key_that_no_shot_has(halo: Shot) -> None:
    with pytest.raises(ShotError, match="unknown key colour in lens"):
        with_changes(halo, {"camera.lens.colour": 1.0})


def test_a_key_that_was_left_out_is_added(halo: Shot) -> None:
    shot = with_changes(halo, {"place.exit_time": "2011-10-11T14:12:30Z"})
    assert shot.place.exit_utc is not None
    assert shot.place.exit_utc.isoformat() == "2011-10-11T14:12:30+00:00"


def test_entries_by_place_and_names_with_dots(halo: Shot) -> None:
    shot = with_changes(halo, {"camera.focus.1.to": "3'2\""})
    assert shot.camera.focus[1].to == pytest.approx(38 * 0.0254)
    named = parse_shot(halo.source.replace('"actor"', '"A. Ctor"').replace("actor =", '"A. Ctor" ='), PATH)
    assert with_changes(named, {("cast", "A. Ctor", "exit", "at"): "1 s"}).subject().exit.at_s == 1.0
    with pytest.raises(InputError, match=r"camera\.focus\.2\.to"):
        with_changes(halo, {"camera.focus.2.to": "3 ft"})


def test_a_heading_stands_above_everything(halo: Shot) -> None:
    shot = with_heading(halo, ["Tuned.", "", "  - stop"])
    assert shot.source.startswith("# Tuned.\n#\n#   - stop\n\n# One take at dusk")
    assert (shot.camera, shot.cast, shot.opening) == (halo.camera, halo.cast, halo.opening)


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
