"""Every criterion's signal against a number worked out by hand, on a made-up take."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from onetake.axes import compose
from onetake.judge.score import judge
from onetake.lens.framing import HEAD_HEIGHT_M
from onetake.units import FT_M

MARK_M = 3 * FT_M


def told(desk: Any, beat: Any, must: Any, take: Any) -> dict[str, np.ndarray]:
    return dict(judge(desk.bench(beat(must("range", 0.1, 100.0))), take)[1])


def rolled(take: Any, angle_rad: np.ndarray, axis: int) -> Any:
    """The operator turned about one of his own axes (0 forward, 1 left, 2 up), sample by sample."""
    turn = np.zeros((len(angle_rad), 4))
    turn[:, 0], turn[:, 1 + axis] = np.cos(angle_rad / 2), np.sin(angle_rad / 2)
    operator, subject = take.bodies
    q = compose(operator.q_enu_from_body, turn)
    return replace(take, bodies=(replace(operator, q_enu_from_body=q), subject))


def test_closing_is_how_fast_the_range_shrinks(desk: Any, beat: Any, must: Any) -> None:
    got = told(desk, beat, must, desk.pair(10.0 - 0.08 * np.arange(100)))  # 2 m/s
    assert got["closing_m_s"][1:-1] == pytest.approx(np.full(98, 2.0), abs=1e-3)
    got = told(desk, beat, must, desk.pair(2.0 + 0.08 * np.arange(100)))
    assert got["closing_m_s"][1:-1] == pytest.approx(np.full(98, -2.0), abs=1e-3)


def test_separation_is_centre_to_centre(desk: Any, beat: Any, must: Any) -> None:
    take = desk.pair(np.full(5, MARK_M), aside_m=0.7)
    got = told(desk, beat, must, take)
    apart = take.bodies[1].position_enu_m - take.bodies[0].position_enu_m
    assert got["separation_m"] == pytest.approx(np.linalg.norm(apart, axis=1), abs=1e-5)


def test_size_is_the_head_over_the_picture(desk: Any, beat: Any, must: Any) -> None:
    """Thin lens: v/d of the head, over the sensor's height; d from the pupil to the middle of the head."""
    got = told(desk, beat, must, desk.pair(np.full(5, MARK_M)))
    crew, glass = desk.stage.prepared.scenario, desk.stage.bench.glass
    behind_m = crew.subject.body.eyes_m[0] - crew.subject.body.head_centre_m[0]
    depth_m = MARK_M + behind_m - glass.lens.pupil_offset_m
    s = 0.9144 - glass.lens.datum_to_pupil_m
    image_m = glass.lens.focal_m * s / (s - glass.lens.focal_m)
    assert got["size_share"] == pytest.approx(
        HEAD_HEIGHT_M * image_m / depth_m / glass.camera.height_m, rel=1e-4
    )


def test_fall_rate_is_the_subjects(desk: Any, beat: Any, must: Any) -> None:
    take = desk.pair(np.full(5, MARK_M))
    assert take.relative is not None
    sinking = replace(take.relative, velocity_enu_m_s=np.tile([0.0, 0.0, -3.0], (5, 1)))
    assert told(desk, beat, must, replace(take, relative=sinking))["fall_rate_m_s"] == pytest.approx(58.0)


def test_steady_is_how_fast_the_camera_turns(desk: Any, beat: Any, must: Any) -> None:
    """By the body or by the neck, a quarter of a radian a second is a quarter."""
    take = desk.pair(np.full(50, MARK_M))
    angle = 0.25 * np.arange(50) / 25
    got = told(desk, beat, must, rolled(take, angle, 2))
    assert got["steady_rad_s"][1:] == pytest.approx(np.full(49, 0.25), abs=1e-3)
    neck = replace(take, lens=replace(take.lens, neck_yaw_rad=angle))
    assert told(desk, beat, must, neck)["steady_rad_s"][1:] == pytest.approx(np.full(49, 0.25), abs=1e-3)


@pytest.mark.parametrize("angle_deg", [-170.0, -90.0, -30.0, 0.0, 5.0, 60.0])
def test_horizon_is_the_roll_of_the_camera(desk: Any, beat: Any, must: Any, angle_deg: float) -> None:
    """Beyond a quarter turn the picture stands on its head and its line is level again."""
    got = told(desk, beat, must, rolled(desk.pair(np.full(3, MARK_M)), np.full(3, np.radians(angle_deg)), 0))
    rolls = min(abs(angle_deg), 180 - abs(angle_deg))
    assert np.degrees(got["horizon_rad"]) == pytest.approx(np.full(3, rolls), abs=0.05)


def test_height_and_clearance_are_the_takes_own(desk: Any, beat: Any, must: Any) -> None:
    take = desk.pair(np.full(50, MARK_M), clearance_m=0.37, height_m=2000.0)
    got = told(desk, beat, must, take)
    assert got["height_agl_m"] == pytest.approx(take.bodies[1].position_enu_m[:, 2], abs=1e-3)
    assert got["clearance_m"] == pytest.approx(np.full(50, 0.37), abs=1e-6)
