"""A target of known size, picked once: its range as well as its size is known, and of focus nothing."""

from __future__ import annotations

from pathlib import Path

import cv2
import films
import numpy as np
import pytest
import stage

from onetake.errors import InputError
from onetake.footage.optics import Calibration, optics_of
from onetake.footage.target import Picked, follow

FOCAL_PX, HELMET_M = 900.0, 0.26
SIZE = (960, 540)
OPTICS = optics_of(
    stage.LENS, stage.BODY, *SIZE,
    calibration=Calibration(
        width_px=960, height_px=540, focal_px=(FOCAL_PX, FOCAL_PX), centre_px=(479.5, 269.5), distortion=(0.0,) * 5,
        focal_sigma_px=0.9, residual_px=0.2, views=20,
    ),
)  # fmt: skip
DEPTHS_M = np.linspace(2.0, 0.9, 40)
SIDE_M = np.stack([0.1 * np.sin(np.arange(40) / 7.0), 0.05 * np.cos(np.arange(40) / 5.0)], axis=1)


def helmet() -> np.ndarray:
    """A painted thing, as codes, at 1000 pixels to the metre."""
    rng = np.random.default_rng(2)
    return cv2.GaussianBlur(rng.integers(20, 235, (260, 260), np.uint8), (0, 0), 4.0)


def shown(depth_m: float, side_m: np.ndarray, art: np.ndarray) -> np.ndarray:
    scale = FOCAL_PX / depth_m / 1000.0
    middle = side_m / depth_m * FOCAL_PX + (479.5, 269.5)
    move = np.array([[scale, 0, middle[0] - 129.5 * scale], [0, scale, middle[1] - 129.5 * scale]])
    behind = np.full((540, 960), 90, np.uint8)
    cv2.warpAffine(art, move, SIZE, behind, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_TRANSPARENT)
    return behind


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    art = helmet()
    frames = [shown(depth, side, art) for depth, side in zip(DEPTHS_M, SIDE_M, strict=True)]
    frames[25] = np.full((540, 960), 90, np.uint8)  # somebody flies between
    return films.write(tmp_path_factory.mktemp("target") / "helmet.mp4", frames)


def box() -> tuple[float, float, float, float]:
    half = HELMET_M * FOCAL_PX / DEPTHS_M[0] / 2
    x, y = SIDE_M[0] / DEPTHS_M[0] * FOCAL_PX + (479.5, 269.5)
    return (x - half, y - half, x + half, y + half)


def test_range_follows_and_owns_up_to_the_size(film: Path) -> None:
    told = follow(film, Picked(at_s=0.0, box_px=box(), height_m=HELMET_M, height_sigma_m=0.005), OPTICS)
    truth = np.linalg.norm(np.column_stack([SIDE_M, DEPTHS_M + stage.PUPIL_M]), axis=1)
    good = told.judgeable
    assert np.count_nonzero(good) >= 38
    assert not good[25]
    assert told.why[25] == "the target cannot be followed"
    assert np.nanmax(np.abs(told.range_m - truth)[good] / told.range_sigma_m.clip(0.0005)[good]) < 4.0
    assert np.nanmax(np.abs(told.range_m - truth) / truth) < 0.02
    assert told.range_bias_m[0] == pytest.approx(DEPTHS_M[0] * 0.005 / HELMET_M, rel=0.05)
    assert set(told.call.tolist()) == {"cannot_tell"}
    assert np.all(np.isnan(told.disc_px))
    assert told.bearing_rad[10] == pytest.approx(np.arctan2(SIDE_M[10, 0], DEPTHS_M[10]), abs=0.003)


def test_eyes_behind_the_target_are_further(film: Path) -> None:
    near = follow(
        film, Picked(at_s=0.0, box_px=box(), height_m=HELMET_M, height_sigma_m=0.005), OPTICS, to_s=0.1
    )
    far = follow(
        film, Picked(at_s=0.0, box_px=box(), height_m=HELMET_M, height_sigma_m=0.005, eyes_behind_m=0.1), OPTICS, to_s=0.1
    )  # fmt: skip
    assert far.range_m - near.range_m == pytest.approx(0.1, abs=0.002)


def test_what_cannot_be_followed_is_said(film: Path) -> None:
    with pytest.raises(InputError, match="pick something with texture"):
        follow(film, Picked(at_s=0.0, box_px=(5, 5, 60, 60), height_m=0.2, height_sigma_m=0.01), OPTICS)
    with pytest.raises(InputError, match="no picture at 60 s"):
        follow(film, Picked(at_s=60.0, box_px=box(), height_m=0.2, height_sigma_m=0.01), OPTICS)
    with pytest.raises(InputError, match="too small to follow"):
        Picked(at_s=0.0, box_px=(5, 5, 9, 9), height_m=0.2, height_sigma_m=0.01)
    with pytest.raises(InputError, match="an error above zero"):
        Picked(at_s=0.0, box_px=(5, 5, 90, 90), height_m=0.2, height_sigma_m=0.0)
    with pytest.raises(InputError, match="the optics are for"):
        follow(
            film,
            Picked(at_s=0.0, box_px=box(), height_m=0.2, height_sigma_m=0.01),
            stage.optics(stage.scene(1.0)),
        )
