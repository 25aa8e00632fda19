"""Where points lie in the picture, how large a head is, what room is left."""

from __future__ import annotations

import math

import numpy as np
import pytest

from onetake.lens.camera import Lens, body
from onetake.lens.focus import image_distance_m
from onetake.lens.framing import (
    BEHIND,
    HEAD_HEIGHT_M,
    SAFE_BORDER,
    before_pupil,
    body_margin,
    edge_margin,
    face_margin,
    facing_rad,
    field_of_view_rad,
    focused_image_distance_m,
    headroom,
    height_share,
    picture,
    seen_m,
)
from onetake.units import FT_M

DXL = body("DXL 8K VV")
V = float(image_distance_m(0.9144, 0.035))


def test_right_is_right_and_down_is_down() -> None:
    width_m, height_m = seen_m(2.0, V, DXL)
    corner = picture([float(width_m) / 2, float(height_m) / 2, 2.0], V, DXL)
    assert corner == pytest.approx([1.0, 1.0])
    assert picture([-0.1, 0.0, 2.0], V, DXL)[0] < 0 < picture([0.0, 0.1, 2.0], V, DXL)[1]


def test_behind_the_lens_is_out_of_every_picture() -> None:
    points = np.array([[0.0, 0.0, -1.0], [0.0, 0.0, 0.0], [0.1, 0.1, 1.0]])
    xy = picture(points, V, DXL)
    assert xy.shape == (3, 2)
    assert (xy[:2] == BEHIND).all()
    assert (edge_margin(xy)[:2] < -1e5).all()
    assert np.all(height_share(points[:2, 2], V, DXL) == 0.0)
    assert math.isnan(float(headroom(points[0], V, DXL)))


def test_a_point_from_the_image_plane_is_nearer_to_the_pupil() -> None:
    lens = Lens(
        name="35", focal_m=0.035, f_number=2.8, t_stop=3.0, minimum_focus_m=0.9144, pupil_offset_m=0.09
    )
    assert before_pupil([0.1, 0.2, 0.9144], lens) == pytest.approx([0.1, 0.2, 0.8244])


def test_breathing_narrows_the_picture_at_close_focus() -> None:
    def angle_deg(focus_m: float, breathing: float) -> float:
        lens = Lens(
            name="35",
            focal_m=0.035,
            f_number=2.8,
            t_stop=3.0,
            minimum_focus_m=0.9144,
            datum="entrance_pupil",
            breathing=breathing,
        )
        return math.degrees(float(field_of_view_rad(focused_image_distance_m(lens, focus_m), DXL)[0]))

    assert angle_deg(math.inf, 1.0) == pytest.approx(60.67, abs=0.01)
    assert angle_deg(0.9144, 1.0) == pytest.approx(58.74, abs=0.01)
    assert angle_deg(0.9144, 0.0) == pytest.approx(60.67, abs=0.01)
    assert angle_deg(0.2, 1.0) == angle_deg(0.9144, 1.0)  # it cannot be set nearer than its stop


def test_a_head_at_three_feet_fills_less_than_half_the_picture() -> None:
    share = float(height_share(3 * FT_M, V, DXL))
    assert share == pytest.approx(HEAD_HEIGHT_M / (0.0216 * 0.9144 / V))
    assert 0.42 < share < 0.43
    assert float(height_share(6 * FT_M, V, DXL)) == pytest.approx(share / 2)


def test_face_needs_the_eyes_and_the_head() -> None:
    centred = float(face_margin([0.0, 0.0, 0.9144], [0.0, 0.0, 0.9144], V, DXL))
    share = float(height_share(0.9144, V, DXL))
    assert centred == pytest.approx(
        1.0 - SAFE_BORDER - share
    )  # the head is taller than wide in half-pictures
    half_seen_m = float(seen_m(0.9144, V, DXL)[1]) / 2
    cut = face_margin([0.0, 0.0, 0.9144], [0.0, half_seen_m - 0.1, 0.9144], V, DXL)
    assert cut < 0  # 0.115 m of head below its centre, 0.1 m of picture
    assert face_margin([0.0, 2.0, 0.9144], [0.0, 0.0, 0.9144], V, DXL) < 0
    assert face_margin([0.0, 0.0, -0.9], [0.0, 0.0, -0.9], V, DXL) < -1e5


def test_the_circle_of_the_head_is_round_in_metres() -> None:
    width_m, _ = seen_m(0.9144, V, DXL)
    touching = [float(width_m) / 2 * (1 - SAFE_BORDER) - HEAD_HEIGHT_M / 2, 0.0, 0.9144]
    assert float(face_margin(touching, touching, V, DXL)) == pytest.approx(0.0, abs=1e-9)


def test_a_body_is_in_frame_by_its_outermost_point() -> None:
    width_m, height_m = seen_m(3.0, V, DXL)
    inside, edge = 0.8 * float(width_m) / 2, 0.9 * float(height_m) / 2
    points = np.array([[[0.0, 0.0, 3.0], [inside, 0.0, 3.0]], [[0.0, edge, 3.0], [0.0, 0.0, -1.0]]])
    margins = body_margin(points, np.array([V, V]), DXL)
    assert margins.shape == (2,)
    assert margins[0] == pytest.approx(0.2)
    assert margins[1] < -1e5
    assert float(body_margin(points[0], V, DXL, border=0.1)) == pytest.approx(0.1)


def test_headroom() -> None:
    _, height_m = seen_m(0.9144, V, DXL)
    gap = 0.02
    centre_down = -float(height_m) / 2 + gap + HEAD_HEIGHT_M / 2
    assert float(headroom([0.0, centre_down, 0.9144], V, DXL)) == pytest.approx(gap / float(height_m))
    assert float(headroom([0.0, centre_down - 0.05, 0.9144], V, DXL)) < 0


def test_a_face_that_looks_into_the_lens() -> None:
    eyes = np.array([0.3, -0.2, 0.9])
    assert float(facing_rad(-eyes, eyes)) == pytest.approx(0.0, abs=1e-7)
    assert float(facing_rad(3 * eyes, eyes)) == pytest.approx(math.pi)
    looks = [[1.0, 0.0, 0.0], [0.0, 0.0, -1.0]]
    assert facing_rad(looks, [0.0, 0.0, 1.0]) == pytest.approx([math.pi / 2, 0.0])
