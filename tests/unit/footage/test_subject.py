"""Range and focus of a tag that was put before the camera by exact projection: what was put in comes out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import films
import numpy as np
import pytest
import stage
import tags

from onetake.errors import InputError
from onetake.footage.optics import Calibration, optics_of
from onetake.footage.subject import watch
from onetake.footage.tag import Tag
from onetake.units import FT_M

RANGE_M = 0.005  # what is promised at 3 ft
THREE_FEET_M, TWO_TEN_M = 3 * FT_M, 34 / 12 * FT_M


def turns(count: int, seed: int = 5) -> list[tuple[float, float, float]]:
    rng = np.random.default_rng(seed)
    return [tuple(turn) for turn in rng.normal(0.0, 0.15, (count, 3)).tolist()]


def test_range_at_three_feet_sharp_smeared_rolling_and_soft() -> None:
    scenes = [
        stage.scene(THREE_FEET_M, turn=(0.0, 0.0, 0.0)),
        stage.scene(THREE_FEET_M, turn=(0.15, -0.2, 0.3)),
        stage.scene(THREE_FEET_M, turn=(0.1, 0.2, 0.05), motion_px=(6.0, 4.0)),
        stage.scene(THREE_FEET_M, turn=(0.1, 0.2, 0.05), rolling_px=(25.0, -12.0)),
        stage.scene(THREE_FEET_M, turn=(-0.1, 0.1, 0.05), focus_pupil_m=1.3),
    ]
    for one in scenes:
        dailies = stage.watched([one], focus_datum_m=one.focus_pupil_m + stage.PUPIL_M)
        assert dailies.judgeable.all()
        assert abs(dailies.range_m[0] - THREE_FEET_M) < RANGE_M
        assert dailies.range_sigma_m[0] < RANGE_M / 2


def test_two_feet_ten_is_never_taken_for_three_feet() -> None:
    near = stage.watched([stage.scene(TWO_TEN_M, turn=turn) for turn in turns(3)])
    far = stage.watched([stage.scene(THREE_FEET_M, turn=turn) for turn in turns(3)])
    middle_m = (THREE_FEET_M + TWO_TEN_M) / 2
    assert np.all(near.range_m + 3 * np.hypot(near.range_sigma_m, near.range_bias_m) < middle_m + 0.010)
    assert near.range_m.max() < middle_m < far.range_m.min()
    assert np.abs(near.range_m - TWO_TEN_M).max() < RANGE_M
    assert np.abs(far.range_m - THREE_FEET_M).max() < RANGE_M


def test_the_error_it_tells_holds_the_error_it_makes() -> None:
    scenes = [stage.scene(THREE_FEET_M, turn=turn) for turn in turns(5, seed=11)]
    dailies = stage.watched(scenes)
    assert np.abs((dailies.range_m - THREE_FEET_M) / dailies.range_sigma_m).max() < 3.0
    assert dailies.range_sigma_m.max() < 0.001


def test_range_goes_to_the_eyes_and_from_the_image_plane() -> None:
    one = stage.scene(THREE_FEET_M, turn=(0.1, -0.3, 0.1))
    eyes = np.array([0.03, 0.09, 0.06])
    there = one.rotation @ eyes + one.tag_pupil_m
    told = stage.watched([one], tag=replace(stage.TAG, eyes_m=tuple(eyes.tolist())))
    assert told.range_m[0] == pytest.approx(np.linalg.norm(np.add(there, (0, 0, stage.PUPIL_M))), abs=0.001)
    assert told.eyes_camera_m[0] == pytest.approx(np.add(there, (0, 0, stage.PUPIL_M)), abs=0.001)
    assert told.bearing_rad[0] == pytest.approx(np.arctan2(there[0], there[2]), abs=0.001)
    assert told.elevation_rad[0] == pytest.approx(
        -np.arctan2(there[1], np.hypot(there[0], there[2])), abs=0.001
    )
    assert told.target_px[0] == pytest.approx(
        np.linalg.norm(one.corners_px - np.roll(one.corners_px, 1, axis=0), axis=1).mean(), abs=0.05
    )
    assert told.size_share[0] == pytest.approx(0.23 * one.focal_px / there[2] / one.height_px, rel=0.002)


def test_what_is_not_known_of_size_and_lens_is_the_bias_of_every_frame() -> None:
    one = stage.scene(THREE_FEET_M)
    loose = stage.watched([one], tag=replace(stage.TAG, side_sigma_m=0.002), pupil_sigma_m=0.0).range_bias_m[
        0
    ]
    depth_m = one.tag_pupil_m[2]
    assert loose == pytest.approx(depth_m * np.hypot(0.02, 0.01), rel=0.05)
    known = Calibration(
        width_px=4096, height_px=2160, focal_px=(one.focal_px, one.focal_px), centre_px=(2047.5, 1079.5),
        distortion=(0.0,) * 5, focal_sigma_px=one.focal_px * 0.001, residual_px=0.1, views=20,
    )  # fmt: skip
    tight = stage.watched([one], calibration=known, pupil_sigma_m=0.001).range_bias_m[0]
    assert tight < RANGE_M
    open_ = stage.watched([one], focus_datum_m=None).range_bias_m[0]
    assert open_ > loose / 2  # where it is focused is not said, so neither is how wide it sees


def test_it_is_followed_through_a_film_and_lost_and_found() -> None:
    scenes = [stage.scene(1.0 - 0.01 * k, turn=(0.1, 0.2 - 0.02 * k, 0.05)) for k in range(8)]
    scenes = [
        replace(one, tag_pupil_m=(0.02 + 0.004 * k, -0.01 - 0.002 * k * (k % 3), one.tag_pupil_m[2]))
        for k, one in enumerate(scenes)
    ]

    def hide(made: np.ndarray, one: tags.Scene) -> None:
        if one in scenes[3:5]:
            made[:] = 90

    dailies = stage.watched(scenes, spoil=hide)
    assert dailies.judgeable.tolist() == [True] * 3 + [False] * 2 + [True] * 3
    assert set(dailies.why[3:5]) <= {"no tag seen", "the tag's edges cannot be followed"}
    assert np.all(np.isnan(dailies.range_m[3:5]))
    assert set(dailies.call[3:5]) == {"cannot_tell"}
    truth = [np.linalg.norm(np.add(one.tag_pupil_m, (0, 0, stage.PUPIL_M))) for one in scenes]
    assert np.nanmax(np.abs(dailies.range_m - truth)) < RANGE_M


def test_a_hand_over_part_of_it_does_no_harm() -> None:
    scenes = [stage.scene(0.95 - 0.01 * k, turn=(0.1, 0.2, 0.05)) for k in range(4)]

    def cover(made: np.ndarray, one: tags.Scene) -> None:
        if one is scenes[0]:
            return
        left, top = one.corners_px.min(axis=0).astype(int)
        made[top - 30 : top + 130, left - 30 : left + 190] = 150  # a corner of the tag, and all that is near

    dailies = stage.watched(scenes, spoil=cover)
    truth = [0.95 - 0.01 * k for k in range(4)]
    assert dailies.judgeable.all()
    assert np.abs(dailies.range_m - truth).max() < RANGE_M


def test_burnt_out_dark_and_smeared_pictures_are_no_witnesses() -> None:
    def burn(made: np.ndarray, _: tags.Scene) -> None:
        made[:] = np.minimum(made * 1.3, 255)

    burnt = stage.watched([stage.scene(THREE_FEET_M, turn=(0.1, 0.2, 0.05))], spoil=burn)
    assert burnt.why[0] == "the tag's white is burnt out"
    small = stage.watched([stage.scene(25.0)])
    assert small.why[0] in (
        "the tag is too small in the picture",
        "no tag seen",
        "the tag's edges cannot be followed",
    )


def test_a_lens_that_bends_lines_is_straightened() -> None:
    import cv2

    one = stage.scene(THREE_FEET_M, turn=(0.1, 0.2, 0.1))
    one = replace(one, tag_pupil_m=(0.25, 0.10, one.tag_pupil_m[2]))
    bent = (-0.12, 0.03, 0.0, 0.0, 0.0)
    known = Calibration(
        width_px=4096, height_px=2160, focal_px=(one.focal_px, one.focal_px), centre_px=(2047.5, 1079.5),
        distortion=bent, focal_sigma_px=2.0, residual_px=0.1, views=20,
    )  # fmt: skip

    def bend(made: np.ndarray, _: tags.Scene) -> None:
        camera = np.array([[one.focal_px, 0, 2047.5], [0, one.focal_px, 1079.5], [0, 0, 1]])
        yy, xx = np.mgrid[0:2160, 0:4096].astype(np.float32)
        near = (np.abs(xx - one.corners_px[:, 0].mean()) < 500) & (
            np.abs(yy - one.corners_px[:, 1].mean()) < 500
        )
        at = np.column_stack([xx[near], yy[near]]).astype(np.float64).reshape(-1, 1, 2)
        from_ = cv2.undistortPoints(at, camera, np.array(bent), None, None, camera).reshape(-1, 2)
        mx, my = xx.copy(), yy.copy()
        mx[near], my[near] = from_.T.astype(np.float32)
        made[:] = cv2.remap(made, mx, my, cv2.INTER_CUBIC)

    dailies = stage.watched([one, one], spoil=bend, calibration=known)
    truth = np.linalg.norm(np.add(one.tag_pupil_m, (0, 0, stage.PUPIL_M)))
    assert np.abs(dailies.range_m - truth).max() < 0.001


def test_through_h264_and_a_film_of_other_size_is_refused(tmp_path: Path) -> None:
    scenes = [stage.scene(r, turn=(0.1, 0.2, 0.05)) for r in (THREE_FEET_M, 0.905, 0.895, 0.880, TWO_TEN_M)]
    path = films.write(
        tmp_path / "take.mov",
        (films.picture(one, stage.behind(), seed=k) for k, one in enumerate(scenes)),
        options={"preset": "ultrafast", "crf": "18"},
    )
    told: list[float] = []
    dailies = watch(path, stage.TAG, stage.optics(scenes[0]), progress=lambda _, done, __: told.append(done))
    assert (len(dailies), dailies.file, len(told)) == (5, "take.mov", 5)
    assert np.abs(dailies.range_m - [THREE_FEET_M, 0.905, 0.895, 0.880, TWO_TEN_M]).max() < RANGE_M
    assert (dailies.call[0], dailies.call[-1]) == ("sharp", "soft")
    with pytest.raises(InputError, match="the optics are for 2048 x 1080"):
        watch(path, stage.TAG, optics_of(stage.LENS, stage.BODY, 2048, 1080))


def test_a_film_of_another_shape_than_the_cameras_picture_asks_for_a_calibration() -> None:
    with pytest.raises(InputError, match="calibrate with a checkerboard clip"):
        optics_of(stage.LENS, stage.BODY, 1920, 1440)


def test_tags_that_cannot_be_are_refused() -> None:
    with pytest.raises(InputError, match="between 5 mm and 5 m"):
        Tag(side_m=100.0)
    with pytest.raises(InputError, match="did you mean 'aruco 4x4'"):
        Tag(side_m=0.1, family="aruco 4x")
    with pytest.raises(InputError, match="not those of who wears it"):
        Tag(side_m=0.1, eyes_m=(0.0, 40.0, 0.0))
