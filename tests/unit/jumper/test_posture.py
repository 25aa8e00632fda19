from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetake.errors import InputError
from onetake.jumper.body import Body, HelmetCamera, build_body
from onetake.jumper.panels import flight_table
from onetake.jumper.posture import (
    HIGH,
    LOW,
    POSTURE,
    Authority,
    area_range,
    authority,
    follow,
    pose_panels,
    throw,
)

NEUTRAL = np.zeros(6)


def pair(camera_kg: float = 9.07) -> tuple[Body, Authority]:
    camera = HelmetCamera(mass_kg=camera_kg, cg_head_m=(0.05, 0, 0.12), image_plane_head_m=(0.1, 0, 0.12))
    body = build_body(
        name="operator", mass_kg=80.0, equipment_kg=22.0, height_m=1.8, neutral_speed_m_s=53.6, camera=camera
    )
    return body, authority(body, min_m_s=50.0, neutral_m_s=53.6, max_m_s=62.6)


def posture(**numbers: float) -> np.ndarray:
    return np.array([numbers.get(name, 0.0) for name in POSTURE])


def load(body: Body, areas: np.ndarray, normals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Force and moment over half the density times speed squared, air from straight below."""
    up = np.array([0.0, 0.0, 1.0])
    force = areas[:, None] * (normals[:, 2:] * np.abs(normals[:, 2:]) * normals + body.tangential * up)
    return force.sum(axis=0), np.cross(body.panel_arrays()[1], force).sum(axis=0)


def test_neutral_is_the_body_itself() -> None:
    body, may = pair()
    areas, normals = pose_panels(body, may, NEUTRAL)
    np.testing.assert_allclose(areas, body.panel_arrays()[0])
    np.testing.assert_allclose(normals, body.panel_arrays()[2])


@given(camera_kg=st.floats(0.5, 10.0), fall=st.floats(-1.0, 1.0))
def test_fall_rate_spans_the_persons_own_range_and_disturbs_nothing_else(
    camera_kg: float, fall: float
) -> None:
    body, may = pair(camera_kg)
    force, moment = load(body, *pose_panels(body, may, posture(fall_rate=fall)))
    up, down = (53.6 / 50.0) ** 2 - 1, 1 - (53.6 / 62.6) ** 2
    wanted = 1 + fall * (up if fall > 0 else down)
    assert force[2] / body.cda_neutral_m2 == pytest.approx(wanted, rel=1e-9)
    assert abs(force[0]) < 1e-9
    assert abs(moment[1]) < 1e-9


def test_ends_of_the_range_are_the_measured_speeds() -> None:
    body, may = pair()
    for fall, speed_m_s in ((1.0, 50.0), (-1.0, 62.6)):
        cda_m2 = load(body, *pose_panels(body, may, posture(fall_rate=fall)))[0][2]
        assert 53.6 * math.sqrt(body.cda_neutral_m2 / cda_m2) == pytest.approx(speed_m_s, rel=1e-9)


def test_signs_are_the_ones_promised() -> None:
    body, may = pair()
    # nose down drives forward: a positive moment about left
    assert load(body, *pose_panels(body, may, posture(fore_aft=0.5)))[1][1] > 1e-3
    # left side down slides left: a negative moment about forward
    assert load(body, *pose_panels(body, may, posture(side=0.5)))[1][0] < -1e-3
    # a turn to the left is positive about up, and mirrors
    left = load(body, *pose_panels(body, may, posture(turn=0.5)))[1][2]
    right = load(body, *pose_panels(body, may, posture(turn=-0.5)))[1][2]
    assert left > 1e-3
    assert right == pytest.approx(-left, rel=1e-9)


def test_arch_steepens_every_limb_and_leaves_the_torso_flat() -> None:
    body, may = pair()
    _, flat = pose_panels(body, may, NEUTRAL)
    _, arched = pose_panels(body, may, posture(arch=1.0))
    steeper = np.hypot(arched[:, 0], arched[:, 1]) - np.hypot(flat[:, 0], flat[:, 1])
    names = [panel.name for panel in body.panels]
    assert steeper[names.index("torso")] == 0.0
    assert np.all(np.delete(steeper, names.index("torso")) > 0.02)


def test_a_hand_on_the_lens_leaves_the_air_stream() -> None:
    body, may = pair()
    reaching, _ = pose_panels(body, may, posture(reach=1.0))
    index = [panel.name for panel in body.panels].index("right arm")
    lost = 1 - reaching / body.panel_arrays()[0]
    assert lost[index] == pytest.approx(0.03)
    assert np.all(np.delete(lost, index) == 0.0)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=6, max_size=6))
def test_any_command_leaves_a_body_with_positive_areas(numbers: list[float]) -> None:
    body, may = pair()
    areas, normals = pose_panels(body, may, numbers)
    assert np.all(areas > 0)
    assert np.all(np.linalg.norm(normals, axis=1) < 1.2)


@pytest.mark.parametrize(
    "numbers",
    [
        {},
        {"fall_rate": 1.0},
        {"fall_rate": -1.0},
        {"fore_aft": 0.7, "side": -0.4},
        {"turn": 0.8, "reach": 1.0},
    ],
)
def test_the_compiled_flight_evaluates_the_same_text(numbers: dict[str, float]) -> None:
    from onetake.jumper.kernel import body_load

    body, may = pair()
    moved = throw()
    flow, rate, damping = np.array([-8.0, 5.0, 52.0]), np.array([0.3, -0.2, 0.5]), 1.5
    areas, normals = pose_panels(body, may, posture(**numbers))
    places = body.panel_arrays()[1]
    local = flow - damping * np.cross(rate, places)
    through = np.sum(local * normals, axis=1, keepdims=True)
    # friction grows with the whole body, not with a limb that is moved
    fall = numbers.get("fall_rate", 0.0)
    whole = 1 + may.range_of_fall[0] * max(fall, 0) + may.range_of_fall[1] * min(fall, 0)
    skin = whole * body.tangential * np.linalg.norm(flow) * body.panel_arrays()[0][:, None]
    force = areas[:, None] * through * np.abs(through) * normals + skin * local
    rows = tuple(tuple(map(np.float32, row)) for row in flight_table(body.panels, body.tangential))
    flown = [np.float32(numbers.get(name, 0.0)) for name in POSTURE]
    compiled = body_load(
        tuple(map(np.float32, flow)), np.float32(np.linalg.norm(flow)), tuple(map(np.float32, rate)), np.float32(damping), tuple(flown[:4]),
        tuple(map(np.float32, may.range_of_fall)), tuple(map(np.float32, moved[:3])), np.float32(moved.reach) * flown[5], rows,
    )  # fmt: skip
    np.testing.assert_allclose(
        compiled[0], force.sum(axis=0), rtol=1e-4, atol=0.05
    )  # f32 sums of about 1,700 m⁴/s²
    np.testing.assert_allclose(compiled[1], np.cross(places, force).sum(axis=0), rtol=1e-3, atol=0.1)


def test_following_a_command_is_first_order_and_independent_of_the_step() -> None:
    _, may = pair()
    goal = posture(fall_rate=1.0, reach=1.0)
    once = follow(NEUTRAL, goal, may.lag_s, 0.5)
    twice = follow(follow(NEUTRAL, goal, may.lag_s, 0.2), goal, may.lag_s, 0.3)
    np.testing.assert_allclose(once, twice)
    assert follow(NEUTRAL, goal, may.lag_s, may.lag_s[0])[0] == pytest.approx(1 - math.exp(-1))
    assert np.all((may.lag_s >= 0.15) & (may.lag_s <= 0.35))
    np.testing.assert_allclose(follow(NEUTRAL, np.full(6, 9.0), may.lag_s, 1e3), HIGH)
    np.testing.assert_allclose(follow(NEUTRAL, np.full(6, -9.0), may.lag_s, 1e3), LOW)


@pytest.mark.parametrize(
    "speeds", [(60, 50, 70), (50, 60, 55), (0, 50, 60), (-1, 50, 60), (math.nan, 50, 60), (40, 50, math.inf)]
)
def test_a_range_out_of_order_is_refused(speeds: tuple[float, float, float]) -> None:
    with pytest.raises(InputError, match="do not rise"):
        area_range(*speeds)
