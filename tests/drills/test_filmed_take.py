"""The loop through real pictures: a flown take is filmed frame by frame, logged, and judged from files by the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rehearsals
import shooting
from through_lens import Seen, seen_of

from onetake.api.fly import flown
from onetake.api.logged import gather
from onetake.api.stage import Stage, bench_at
from onetake.axes import LocalAxes
from onetake.cli import main
from onetake.footage.board import write_calibration
from onetake.judge.score import judge
from onetake.shot.file import read_shot
from onetake.take import read_take

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "halo" / "shot.toml"
NUMBER = 6  # a take that comes into focus and stays there for five seconds
# 12 pictures a second, 3072 wide: a fourteenth of what that camera writes, to spare the test's time
BEGIN_S, END_S, RATE_HZ, WIDTH_PX, HAND_S = 81.3, 87.3, 12.0, 3072, (86.1, 86.7)
BEATS = """
[[beat]]
name = "mark"
window = ["82.9 s", "86 s"]
hold = "1 s"
must = { focus = "sharp", in_frame = "face", size = [0.25, 0.7], facing = "camera" }

[[beat]]
name = "soft"
window = ["81.4 s", "82.8 s"]
hold = "1 s"
must = { focus = "sharp" }

[[beat]]
name = "larger"
window = ["82 s", "86 s"]
hold = "1 s"
must = { size = [0.6, 0.9] }

[[beat]]
name = "past the hand"
window = ["84.4 s", "87.2 s"]
hold = "2.6 s"
must = { focus = "sharp" }

[[beat]]
name = "unfilmed"
window = ["50 s", "60 s"]
hold = "1 s"
must = { focus = "sharp", size = [0.25, 0.7] }

"""


@pytest.fixture(scope="module")
def shot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dusk jump, asked for what these seconds of film show."""
    text = EXAMPLE.read_text("utf-8")
    head, rest = text.split("[[beat]]", 1)
    text = head + BEATS.lstrip() + rest[rest.index("[abort]") :]
    path = tmp_path_factory.mktemp("shot") / "shot.toml"
    path.write_text(text.replace("weather/", f"{EXAMPLE.parent}/weather/"), "utf-8")
    return path


@pytest.fixture(scope="module")
def judged(halo: Stage, shot: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What was true of each beat, and what the command said; the files that it wrote."""
    folder = tmp_path_factory.mktemp("filmed")
    take, _, _ = flown(halo, 1, NUMBER)
    asked = read_shot(shot)
    truth, _ = judge(bench_at(asked, halo.prepared, take), take)
    rng, place = np.random.default_rng(7), halo.shot.place
    drop_zone = LocalAxes(place.lat_deg, place.lon_deg, place.elevation_m)
    logs = {}
    for name, trace in zip(("operator", "actor"), take.bodies, strict=True):
        logs[name] = folder / f"{name}.csv"
        logs[name].write_bytes(rehearsals.flysight(trace, take, drop_zone, rng))
    made = gather(shot, logs).take
    assert take.clock is not None
    assert made.clock is not None
    since_s = made.clock.time_s(take.clock.first_exit_utc)
    seen: Seen = seen_of(take, halo.prepared.scenario)
    at_s = np.arange(BEGIN_S, END_S, 1.0 / RATE_HZ)
    film = shooting.shoot(
        folder / "C001.mov", seen, halo.bench.glass, rehearsals.TAG, at_s, width_px=WIDTH_PX, hidden_s=HAND_S
    )
    calibrated = write_calibration(
        shooting.calibration(seen, halo.bench.glass, at_s, WIDTH_PX), folder / "lens.toml"
    )
    out, page, said = folder / "jump.take", folder / "jump.html", folder / "said.json"
    files = [f"--log={name}={path}" for name, path in logs.items()]
    clock = [f"--video-at={BEGIN_S + since_s:.3f} s", "--video-within=0.04 s"]
    clock += [f"--lens={calibrated}", "--tag-eyes=0 cm, 11 cm, 4 cm"]
    command = [
        "judge",
        str(shot),
        *files,
        f"--video={film}",
        *clock,
        f"--out={out}",
        f"--report={page}",
        "--json",
    ]
    with pytest.MonkeyPatch.context() as patch, said.open("w") as stream:
        patch.setattr("sys.stdout", stream)
        assert main(command) == 0
    found = json.loads(said.read_text())
    return {
        "true": {beat.name: beat.verdict for beat in truth.beats},
        "said": {beat["name"]: beat for beat in found["beats"]},
        "take": out, "page": page, "found": found,
    }  # fmt: skip


def test_what_the_pictures_tell_is_told_and_right(judged: dict[str, Any]) -> None:
    true, said = judged["true"], judged["said"]
    assert [true[name] for name in ("mark", "soft", "larger", "past the hand")] == [
        "got it",
        "missed",
        "missed",
        "got it",
    ]
    for name in ("mark", "soft", "larger"):
        assert said[name]["verdict"] == true[name], said[name]["note"]
    assert said["soft"]["decided_by"] == "focus in the picture (C001.mov)"
    assert said["larger"]["decided_by"] == "size in the picture (C001.mov)"
    assert said["mark"]["decided_by"].endswith("in the picture (C001.mov)")
    assert judged["found"]["in_focus_s"] > 2.0


def test_a_hold_across_a_hole_of_the_film_and_what_was_not_filmed_are_not_told(
    judged: dict[str, Any],
) -> None:
    for name in ("past the hand", "unfilmed"):
        one = judged["said"][name]
        assert one["verdict"] == "cannot tell", one["note"]
        assert one["decided_by"] is None
        assert "picture, read from t = " in one["would_tell"]


def test_the_take_of_it_is_judged_again_alike(
    judged: dict[str, Any], shot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["judge", str(shot), str(judged["take"]), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert [one["verdict"] for one in again["beats"]] == [one["verdict"] for one in judged["found"]["beats"]]
    film = read_take(judged["take"]).film
    assert film is not None
    assert film.instrument == "the picture (C001.mov)"
    hidden = (film.time_s > HAND_S[0] + 0.2) & (film.time_s < HAND_S[1] - 0.1)
    shown = (film.time_s > BEGIN_S + 0.5) & (film.time_s < HAND_S[0] - 0.3)
    assert not film.read[hidden].any()
    assert film.read[shown].all()
    assert film.blur_sigma_m[hidden].min() > 5.0 * np.median(film.blur_sigma_m[shown])
