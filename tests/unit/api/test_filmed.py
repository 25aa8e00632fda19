"""A film comes onto the logs' clock, and its ranges with it; without a clock it is refused in words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import films
import jumps
import numpy as np
import pytest
import rehearsals
import stage
from through_lens import Seen

from onetake.api.filmed import Glasses, Video, pictures_of, told_by
from onetake.api.logged import gather
from onetake.api.stage import Stage, silent
from onetake.axes import CAMERA_FROM_BODY, compose, from_matrix, rotate
from onetake.cli import main
from onetake.errors import InputError
from onetake.footage.optics import Calibration, optics_of
from onetake.logbook.together import Together
from onetake.shot.file import read_shot

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "halo" / "shot.toml"
RANGE_M, PICTURES = 0.9, 5


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few pictures of a tag at 0.9 m, by the camera and lens of the example."""
    made = films.picture(stage.scene(RANGE_M), stage.behind(), seed=1)
    return films.write(tmp_path_factory.mktemp("film") / "A001.mov", [made] * PICTURES)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, made = tmp_path_factory.mktemp("logs"), jumps.jump()
    (folder / "a").write_bytes(jumps.flysight1(made))
    (folder / "b").write_bytes(
        jumps.flysight2_track(replace(made, place_m=made.place_m + np.array([1.5, 0.0, 0.0])))
    )
    return {"operator": folder / "a", "actor": folder / "b"}


@pytest.fixture(scope="module")
def made(logs: dict[str, Path]) -> Together:
    return gather(EXAMPLE, logs)


def test_ranges_of_a_film_are_on_the_clock_that_was_said(film: Path, made: Together) -> None:
    video = Video(file=film, tag=stage.TAG, at_s=30.0)
    pictures, sync = pictures_of(video, read_shot(EXAMPLE), made, silent)
    assert (pictures.file, sync.how) == ("A001.mov", "said")
    assert len(pictures.time_s) == PICTURES
    assert pictures.time_s == pytest.approx(30.0 + np.arange(PICTURES) / float(films.RATE), abs=0.03)
    assert np.all(np.abs(pictures.range_m - RANGE_M) < 3.0 * np.hypot(pictures.sigma_m, pictures.shared_m))
    # the focal length that is engraved on a lens is good to a hundredth, its pupil's place to 5 mm: all pictures share that
    assert np.all((pictures.shared_m > 0.01 * RANGE_M) & (pictures.shared_m < 0.02 * RANGE_M))
    assert np.all(pictures.sigma_m < 0.005)
    assert pictures.clock_s == pytest.approx(0.1)


def test_a_film_without_telemetry_needs_to_be_told_when_it_began(film: Path, made: Together) -> None:
    with pytest.raises(InputError, match=r"nothing puts the film on the logs' clock.*--video-at"):
        pictures_of(Video(file=film, tag=stage.TAG), read_shot(EXAMPLE), made, silent)


def test_another_tag_is_not_seen(film: Path, made: Together) -> None:
    with pytest.raises(InputError, match="not one picture tells a range"):
        pictures_of(
            Video(file=film, tag=replace(stage.TAG, number=3), at_s=30.0), read_shot(EXAMPLE), made, silent
        )


def test_the_command_judges_logs_with_their_film(
    film: Path, logs: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    said = [f"--log={name}={path}" for name, path in logs.items()]
    more = [f"--video={film}", "--tag=10 cm", "--video-at=30 s", "--video-within=0.05 s"]
    assert main(["judge", str(EXAMPLE), *said, *more, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    told = {one["slug"]: one["text"] for one in found["logs"]["problems"]}
    assert told["film-synced"].startswith(
        f"A001.mov: {PICTURES} pictures tell a range; the film begins at +30.00 ± 0.05 s"
    )


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--tag-eyes=1 cm, 2 cm"], "no place of the eyes"),
        (["--tag=3 kg"], "kg"),
        (["--video-at=now"], "now"),
        (["--tag-tilt=3 kg"], "kg"),
        (["--lens=nowhere.toml", "--video-at=30 s"], "nowhere.toml"),
    ],
)
def test_what_cannot_be_meant_is_said(
    film: Path, logs: dict[str, Path], more: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = [f"--log={name}={path}" for name, path in logs.items()]
    assert main(["judge", str(EXAMPLE), *said, f"--video={film}", *more]) == 2
    assert says in capsys.readouterr().err


def test_a_film_alone_is_not_judged(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", str(EXAMPLE), "a.take", f"--video={film}"]) == 2
    assert "with the logs of its jump" in capsys.readouterr().err


@pytest.mark.parametrize(("range_m", "focus_m"), [(0.92, 0.9144), (3.0, 8.0), (3.0, 3.0), (6.0, 20.0)])
def test_a_range_is_counted_with_the_angle_that_the_lens_had_at_its_focus(
    range_m: float, focus_m: float
) -> None:
    """Read with the angle of the closest focus, a film shot at the far one tells up to a twelfth too much."""
    glass = Glasses(stage.BODY, stage.LENS, optics_of(stage.LENS, stage.BODY, 4096, 2160), calibrated=False)
    n = 200
    time_s = np.arange(n) / 25.0
    away = range_m * (1.0 + 0.02 * np.sin(time_s))
    seen = Seen(
        time_s=time_s, eyes_m=np.stack([0.02 * away, 0.01 * away, away], axis=-1),
        q_camera_from_body=np.tile(compose(from_matrix(CAMERA_FROM_BODY), [0.0, 0.0, 0.0, 1.0]), (n, 1)),
        focus_m=np.full(n, focus_m),
    )  # fmt: skip
    shares, off = [], []
    for seed in range(8):
        told = told_by(rehearsals.dailies(seen, glass, np.random.default_rng(seed)), glass, 0.0, 0.0)
        true = np.interp(told.time_s, time_s, np.linalg.norm(seen.eyes_m, axis=1))
        shares.append(np.median(told.range_m / true - 1.0))
        off.append(np.median((told.range_m - true) / np.hypot(told.sigma_m, told.shared_m)))
    # the engraved focal length is off by a hundredth, drawn anew each time; its mean over eight is not
    assert abs(np.mean(shares)) < 0.012
    assert np.sqrt(np.mean(np.square(off))) < 1.6


def test_a_film_of_another_part_of_the_sensor_tells_range_alone() -> None:
    known = Calibration(
        width_px=3840, height_px=2160, focal_px=(3650.0, 3650.0), centre_px=(1919.5, 1079.5), distortion=(0.0,) * 5,
        focal_sigma_px=5.0, residual_px=0.1, views=30,
    )  # fmt: skip
    glass = Glasses(
        stage.BODY,
        stage.LENS,
        optics_of(stage.LENS, stage.BODY, 3840, 2160, calibration=known),
        calibrated=True,
    )
    n = 10
    seen = Seen(
        time_s=np.arange(n) / 10.0, eyes_m=np.tile([0.0, 0.0, 1.0], (n, 1)), focus_m=np.full(n, 0.9144),
        q_camera_from_body=np.tile(compose(from_matrix(CAMERA_FROM_BODY), [0.0, 0.0, 0.0, 1.0]), (n, 1)),
    )  # fmt: skip
    told = told_by(rehearsals.dailies(seen, glass, np.random.default_rng(1)), glass, 0.0, 0.0)
    assert told.frames is None
    # and is worth what its calibration is: nothing says that the lens was set elsewhere
    assert np.all(told.shared_m < 0.01)


def test_a_tag_on_a_forehead_that_leans_back_looks_above_where_the_face_does(halo: Stage) -> None:
    glass, n = rehearsals.glasses_of(halo), 10
    facing = np.tile(compose(from_matrix(CAMERA_FROM_BODY), [0.0, 0.0, 0.0, 1.0]), (n, 1))
    seen = Seen(
        time_s=np.arange(n) / 10.0, eyes_m=np.tile([0.0, 0.0, 1.0], (n, 1)), q_camera_from_body=facing, focus_m=np.full(n, 0.9144)
    )  # fmt: skip
    shown = rehearsals.dailies(seen, glass, np.random.default_rng(1))
    straight, leaning = (told_by(shown, glass, 0.0, 0.0, tilt).frames for tilt in (0.0, 0.3))
    assert straight is not None
    assert leaning is not None
    faces = [rotate(one.q_camera_from_body, [1.0, 0.0, 0.0]) for one in (straight, leaning)]
    between = np.arccos(np.clip(np.sum(faces[0] * faces[1], axis=1), -1.0, 1.0))
    assert between == pytest.approx(0.3, abs=1e-6)
    # down is positive in the picture: the face looks lower than its tag
    assert np.all(faces[1][:, 1] > faces[0][:, 1])
