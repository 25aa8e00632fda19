"""A lens is calibrated from a film of a checkerboard made by exact projection, and kept in a file."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import films
import numpy as np
import pytest
import stage
import tags

from onetake.cli.app import main
from onetake.cli.calibrate import _lens_words
from onetake.errors import InputError, ReadError
from onetake.footage.board import calibrate_lens, read_calibration, write_calibration
from onetake.footage.optics import Calibration, optics_of
from onetake.lens.camera import body

SQUARES, SQUARE_M = 8, 0.03
FOCAL_PX = 1100.0
FILM = (1280, 720)
KNOWN = Calibration(
    width_px=1280, height_px=720, focal_px=(1100.0, 1101.0), centre_px=(640.1, 359.2), distortion=(-0.1, 0.02, 0.0, 0.0, 0.0),
    focal_sigma_px=1.1, residual_px=0.2, views=20, own_px=0.5, own_sigma_px=0.05,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Board(tags.Scene):
    """A checkerboard instead of a tag."""

    @property
    def cells(self) -> np.ndarray:
        u, v = np.meshgrid(np.arange(SQUARES), np.arange(SQUARES))
        return np.pad(((u + v) % 2).astype(np.float32), 1, constant_values=1.0)

    @property
    def focal_px(self) -> float:
        return FOCAL_PX


def board(place_m: tuple[float, float, float], turn: tuple[float, float, float]) -> Board:
    return Board(
        width_px=FILM[0], height_px=FILM[1], side_m=SQUARES * SQUARE_M, tag_pupil_m=place_m, turn=turn, own_sigma_px=0.5
    )  # fmt: skip


VIEWS = [
    board((x, y, z), turn)
    for x, y, z, turn in [
        (0.0, 0.0, 0.60, (0.4, 0.0, 0.0)), (-0.12, 0.0, 0.60, (0.0, 0.5, 0.1)), (0.12, 0.02, 0.65, (0.0, -0.5, 0.0)),
        (-0.1, -0.05, 0.6, (-0.4, 0.2, 0.2)), (0.1, 0.05, 0.7, (0.3, 0.3, -0.2)), (0.0, 0.03, 0.55, (-0.5, 0.0, 0.1)),
        (-0.15, 0.04, 0.75, (0.3, -0.4, 0.3)), (0.15, -0.04, 0.75, (-0.3, 0.4, -0.3)), (0.05, 0.0, 0.5, (0.1, 0.1, 0.4)),
    ]
]  # fmt: skip


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    behind = films.sky(VIEWS[0])
    frames = [
        films.picture(view, behind, disc_px=0.0, seed=k) for k, view in enumerate(VIEWS) for _ in range(3)
    ]
    return films.write(tmp_path_factory.mktemp("board") / "board.mov", frames)


def test_focal_length_middle_and_softness_come_out(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = clip.parent / "lens.toml"
    asked = ["calibrate", str(clip), "--board", "7x7", "--square", "30 mm", "--out", str(kept), "--json"]
    assert main(asked) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told)[:2] == ["schema", "kind"]
    assert (told["kind"], told["views"], told["calibration_file"]) == ("lens", len(VIEWS), str(kept))
    found = read_calibration(kept)
    assert abs(found.focal_px[0] - FOCAL_PX) < min(4 * found.focal_sigma_px, 0.004 * FOCAL_PX)
    assert abs(found.focal_px[1] - FOCAL_PX) < min(4 * found.focal_sigma_px, 0.004 * FOCAL_PX)
    assert found.centre_px == pytest.approx((639.5, 359.5), abs=4.0)
    assert abs(found.distortion[0]) < 0.03
    assert found.residual_px < 0.3
    own_px = np.sqrt(0.5**2 + 1 / 12)
    assert found.own_px == pytest.approx(own_px, abs=2 * (found.own_sigma_px or 0.0))


def test_what_cannot_be_calibrated_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = films.write(tmp_path / "gray.mov", [np.full((180, 320), 90, np.uint8)] * 3)
    with pytest.raises(InputError, match=r"9 x 6 inner corners is seen in 0 places"):
        calibrate_lens(clip, 9, 6, 0.025)
    with pytest.raises(InputError, match="count the crossings"):
        calibrate_lens(clip, 1, 6, 0.025)
    for wrong, said in (
        (["--board", "7x7"], "a lens needs one film"),
        (["--board", "seven", "--square", "3 cm"], "is no board"),
        (["--board", "7x7", "--square", "3 kg"], "kg"),
        (["--board", "7x7", "--square", "30 m"], "between 1 mm and 2 m"),
    ):
        assert main(["calibrate", str(clip), *wrong]) == 2
        assert said in capsys.readouterr().err


def test_a_board_always_shown_squarely_is_refused(tmp_path: Path) -> None:
    square = [replace(view, turn=(0.0, 0.0, 0.0)) for view in VIEWS[:6]]
    behind = films.sky(square[0])
    path = films.write(tmp_path / "square.mov", [films.picture(one, behind, disc_px=0.0) for one in square])
    with pytest.raises(InputError, match="tilt it by 20 degrees"):
        calibrate_lens(path, 7, 7, SQUARE_M)


def test_people_read_it_in_words() -> None:
    text = _lens_words(KNOWN, Path("lens.toml"))
    assert "20 views of the board fit to 0.20 px" in text
    assert "1100.0 x 1101.0 px ± 1.1 (0.10 %)" in text
    assert "spread by 0.50 ± 0.05 px" in text
    assert "written to lens.toml" in text


def test_a_calibration_is_kept_and_read_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lens.toml"
    write_calibration(KNOWN, path)
    assert read_calibration(path) == KNOWN
    good = path.read_text("utf-8")
    for broken, said in (
        (good.replace("onetake.lens", "another.lens"), "does not begin with schema"),
        (good.replace("views = 20\n", ""), "look at views"),
        (good.replace("1.1", '"wide"'), "focal_sigma_px = 'wide' is not what"),
        (good.replace("focal_sigma_px = 1.1", "focal_sigma_px = -1"), "must be above zero"),
        (good.replace("[640.1, 359.2]", "[640.1]"), "centre_px"),
        ("[[[", "is no calibration"),
    ):
        path.write_text(broken, "utf-8")
        with pytest.raises(ReadError, match=said):
            read_calibration(path)
    with pytest.raises(ReadError, match="no such file"):
        read_calibration(tmp_path / "none.toml")


def test_a_calibration_takes_the_place_of_what_was_assumed() -> None:
    told = optics_of(
        stage.LENS, stage.BODY, 1280, 720, calibration=KNOWN
    )  # another shape than the camera's whole picture
    assert (told.focal_px, told.centre_px, told.own_px) == (KNOWN.focal_px, KNOWN.centre_px, 0.5)
    assert told.focal_sigma_share == pytest.approx(0.001)
    points = np.array([[100.0, 80.0], [640.0, 360.0], [1200.0, 600.0]])
    assert told.bend(told.straighten(points)) == pytest.approx(points, abs=0.01)
    with pytest.raises(InputError, match="film the checkerboard as the take was filmed"):
        optics_of(stage.LENS, stage.BODY, 4096, 2160, calibration=KNOWN)


def test_a_cameras_reading_of_its_rows_is_the_shots_or_the_tables() -> None:
    komodo = body("RED Komodo 6K")
    size = (komodo.width_px, komodo.height_px)
    assert optics_of(stage.LENS, komodo, *size).readout_s == 0.0
    assert optics_of(stage.LENS, komodo, *size, readout_s=0.008).readout_s == 0.008
    assert optics_of(stage.LENS, stage.BODY, 4096, 2160).readout_s is None
