"""Disc, streak and the call: a disc that was put in comes out, a streak is not taken for one, and near the limit nobody
is told anything.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import stage

from onetake.footage.dailies import CANNOT_TELL, SHARP, SOFT
from onetake.footage.sharpness import COMPRESSED_PX2, at_eyes, blur_of, call_of
from onetake.units import FT_M

THREE_FEET_M = 3 * FT_M
OPTICS = stage.optics(stage.scene(THREE_FEET_M))
EXACT = np.zeros((3, 3))


def spread(disc_px: float, streak_px: float = 0.0, streak_rad: float = 0.0) -> np.ndarray:
    """The second moments that such a blur has, worked out by hand."""
    even = OPTICS.own_px**2 + disc_px**2 / 16
    along = np.array([math.cos(streak_rad), math.sin(streak_rad)]) * streak_px
    return np.array([even + along[0] ** 2 / 12, along[0] * along[1] / 12, even + along[1] ** 2 / 12])


@pytest.mark.parametrize("angle_deg", [0, 30, 45, 90, 135, 170])
def test_a_streak_in_any_direction_is_told_from_a_disc(angle_deg: float) -> None:
    blur = blur_of(spread(3.0, 12.0, math.radians(angle_deg)), EXACT, OPTICS)
    assert blur.disc_px == pytest.approx(3.0, abs=0.05)
    assert blur.streak_px == pytest.approx(12.0, abs=0.05)
    assert math.degrees(blur.streak_rad) == pytest.approx(angle_deg, abs=0.1)


def test_noise_alone_makes_no_streak_and_takes_nothing_off_the_disc() -> None:
    rng = np.random.default_rng(3)
    noise = np.diag([0.1, 0.1, 0.1]) ** 2
    told = [blur_of(spread(4.0) + rng.normal(0.0, 0.1, 3), noise, OPTICS) for _ in range(400)]
    discs = np.array([blur.disc_px for blur in told])
    assert np.mean(discs) == pytest.approx(4.0, abs=0.12)
    off = (discs - 4.0) / [blur.disc_sigma_px for blur in told]
    assert 0.5 < off.std() < 1.1  # it owns up to what compression might have done as well


def test_discs_come_out_of_pictures_as_they_went_in() -> None:
    ranges_m = (0.9144, 0.89, 0.875, 0.8636, 0.82)
    scenes = [stage.scene(range_m, turn=(0.1, 0.2, 0.05)) for range_m in ranges_m]
    dailies = stage.watched(scenes)
    for told, sigma, one in zip(dailies.disc_px, dailies.disc_sigma_px, scenes, strict=True):
        assert abs(told - one.disc_px) < max(0.12, sigma)
    assert np.all(dailies.edge_width_sigma_px < 0.2)
    assert np.all(np.diff(dailies.edge_width_px) > 0)


def test_two_inches_show_at_full_size_though_a_small_picture_hides_them() -> None:
    """2'10" against 3'0" with a 28 mm at f/2.8: the case that the variance of a Laplacian does not see at 1080 lines."""
    glass = {"focal_m": 0.028, "f_number": 2.8, "turn": (0.1, 0.2, 0.05)}
    scenes = [stage.scene(inches * 0.0254, **glass) for inches in (36.0, 34.0)]
    lens = replace(stage.LENS, focal_m=0.028)
    dailies = [stage.watched([one], lens=lens) for one in scenes]
    apart = dailies[1].edge_width_px[0] - dailies[0].edge_width_px[0]
    assert apart > 3 * math.hypot(*(one.edge_width_sigma_px[0] for one in dailies))


def test_a_smeared_picture_keeps_its_focus_call() -> None:
    scenes = [
        stage.scene(THREE_FEET_M, turn=(0.1, 0.2, 0.05), motion_px=(9.0, 5.0)),
        stage.scene(0.80, turn=(0.1, 0.2, 0.05), motion_px=(0.0, 8.0)),
    ]
    dailies = stage.watched(scenes)
    assert dailies.call.tolist() == [SHARP, SOFT]
    assert dailies.motion_blur_px == pytest.approx([math.hypot(9, 5), 8.0], abs=0.4)
    assert dailies.motion_rad == pytest.approx([math.atan2(5, 9), math.pi / 2], abs=0.06)


def test_the_call_is_sure_or_it_is_none() -> None:
    assert [call_of(p) for p in (1.0, 0.95, 0.94, 0.5, 0.06, 0.05, 0.0)] == [
        SHARP, SHARP, CANNOT_TELL, CANNOT_TELL, CANNOT_TELL, SOFT, SOFT,
    ]  # fmt: skip
    circle = OPTICS.circle_px
    depth_m = THREE_FEET_M - stage.PUPIL_M
    for factor, wanted in ((0.0, SHARP), (0.7, SHARP), (1.0, CANNOT_TELL), (1.3, SOFT), (3.0, SOFT)):
        blur = blur_of(spread(factor * circle), EXACT, OPTICS)
        assert call_of(at_eyes(blur, depth_m, depth_m, OPTICS).p_sharp) == wanted, factor


def test_an_unknown_softness_of_the_picture_is_owned_up_to() -> None:
    """By one pixel of 4K the softness of the picture itself is as large as the limit."""
    fine = stage.optics(stage.scene(THREE_FEET_M), criterion="4K pixel", own_sigma_px=0.15)
    assert fine.circle_px == pytest.approx(1.0)
    depth_m = THREE_FEET_M - stage.PUPIL_M
    calls = [
        call_of(at_eyes(blur_of(spread(disc), EXACT, fine), depth_m, depth_m, fine).p_sharp)
        for disc in (0.0, 1.0, 3.0)
    ]
    assert calls == [CANNOT_TELL, CANNOT_TELL, SOFT]


def test_the_disc_is_carried_to_the_eyes_by_the_thin_lens() -> None:
    """b = f² |d - s| / (N d (s - f)) at both depths; the focus setting says on which side."""
    lens, s = stage.LENS, THREE_FEET_M - stage.PUPIL_M
    px = 4096 / 0.04096

    def disc_px(d: float) -> float:
        return lens.focal_m**2 / lens.f_number * abs(d - s) / (d * (s - lens.focal_m)) * px

    for tag_m, eyes_m in ((0.80, 0.88), (0.90, 0.98), (0.75, 0.74)):
        blur = blur_of(spread(disc_px(tag_m)), EXACT, OPTICS)
        told = at_eyes(blur, tag_m, eyes_m, OPTICS)
        assert told.blur_m * px == pytest.approx(disc_px(eyes_m), abs=0.15)
    unsaid = replace(OPTICS, focus_pupil_m=None, nearest_pupil_m=0.3)
    blur = blur_of(spread(disc_px(0.79)), EXACT, unsaid)
    told = at_eyes(blur, 0.79, 0.83, unsaid)  # sharp or twice as soft: the tag alone cannot say
    assert call_of(told.p_sharp) == CANNOT_TELL
    assert call_of(at_eyes(blur, 0.79, 0.83, OPTICS).p_sharp) == SHARP


def test_the_stop_of_the_lens_tells_the_side_where_it_allows_one_only() -> None:
    """A lens that goes to 3 ft and no nearer was not focused nearer than a tag that is nearer than that."""
    unsaid, s = replace(OPTICS, focus_pupil_m=None), THREE_FEET_M - stage.PUPIL_M
    assert unsaid.nearest_pupil_m == pytest.approx(s)
    gain_px = unsaid.disc_gain_m / unsaid.pitch_m
    for tag_m, eyes_m, called in ((0.76, 0.82, SHARP), (0.76, 0.70, SOFT)):
        blur = blur_of(spread(gain_px * abs(1.0 / tag_m - 1.0 / s)), EXACT, unsaid)
        assert call_of(at_eyes(blur, tag_m, eyes_m, unsaid).p_sharp) == called
    # well beyond the stop both sides are open again
    blur = blur_of(spread(gain_px * 0.06), EXACT, unsaid)
    assert call_of(at_eyes(blur, 1.2, 1.3, unsaid).p_sharp) == CANNOT_TELL


def test_compression_is_part_of_the_error() -> None:
    blur = blur_of(spread(3.0), EXACT, OPTICS)
    assert blur.disc_sigma_px2 > COMPRESSED_PX2 / 2
