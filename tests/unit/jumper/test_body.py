from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetake.errors import ChoiceError, InputError
from onetake.jumper.body import REFERENCE_KG_M3, Body, HelmetCamera, build_body, cda_per_mass
from onetake.jumper.segments import figure
from onetake.units import G0_M_S2

CAMERA = HelmetCamera(mass_kg=9.07, cg_head_m=(0.05, 0.0, 0.12), image_plane_head_m=(0.10, 0.0, 0.12))


def jumper(camera: HelmetCamera | None = CAMERA, **changes: object) -> Body:
    given = {
        "name": "operator",
        "mass_kg": 80.0,
        "equipment_kg": 22.0,
        "height_m": 1.8,
        "neutral_speed_m_s": 53.6,
    }
    return build_body(camera=camera, **(given | changes))  # type: ignore[arg-type]


def load(
    body: Body, air_m_s: np.ndarray, rate_rad_s: np.ndarray, density_kg_m3: float
) -> tuple[np.ndarray, np.ndarray]:
    """Force and moment of the panels, written out as the module's formula says."""
    area, place, normal = body.panel_arrays()
    local = air_m_s - np.cross(rate_rad_s, place)
    through = np.sum(local * normal, axis=1, keepdims=True)
    speed = np.linalg.norm(local, axis=1, keepdims=True)
    force = (
        density_kg_m3
        / 2
        * area[:, None]
        * (through * np.abs(through) * normal + body.tangential * speed * local)
    )
    return force.sum(axis=0), np.cross(place, force).sum(axis=0)


@given(
    mass_kg=st.floats(45, 130), equipment_kg=st.floats(0, 45), height_m=st.floats(1.5, 2.0),
    speed_m_s=st.floats(45, 70), camera_share=st.floats(0.01, 0.15), carries=st.booleans(),
)  # fmt: skip
def test_neutral_posture_falls_straight_at_its_own_speed(
    mass_kg: float, equipment_kg: float, height_m: float, speed_m_s: float, camera_share: float, carries: bool
) -> None:
    camera_kg = camera_share * mass_kg
    camera = HelmetCamera(mass_kg=camera_kg, cg_head_m=(0.05, 0, 0.12), image_plane_head_m=(0.1, 0, 0.12))
    body = jumper(
        camera if carries else None,
        mass_kg=mass_kg, equipment_kg=equipment_kg, height_m=height_m, neutral_speed_m_s=speed_m_s,
    )  # fmt: skip
    force, moment = load(body, np.array([0, 0, speed_m_s]), np.zeros(3), REFERENCE_KG_M3["SAS"])
    weight_n = body.mass_kg * G0_M_S2
    assert body.mass_kg == pytest.approx(mass_kg + equipment_kg + (camera_kg if carries else 0.0), rel=2e-4)
    assert force[2] == pytest.approx(weight_n, rel=1e-9)
    assert abs(force[0]) < 1e-9 * weight_n
    assert abs(force[1]) < 1e-9 * weight_n
    np.testing.assert_allclose(moment, 0.0, atol=1e-9 * weight_n)


def test_tilted_body_is_turned_back_and_a_turning_body_is_damped() -> None:
    body, air = jumper(), 53.6
    for axis, push in ((1, np.array([1.0, 0, 0])), (0, np.array([0, -1.0, 0]))):
        # nose down by a (about +left) brings air from ahead; right side down by a (about +forward) from the left
        tilt = 0.02
        _, moment = load(body, air * (np.array([0, 0, 1.0]) - tilt * push), np.zeros(3), 1.088)
        stiffness = moment[axis] / tilt
        assert -160 < stiffness < -30, f"axis {axis}: {stiffness} N m/rad"  # prototype: about 92 in pitch
    for axis in range(3):
        rate = np.zeros(3)
        rate[axis] = 0.2
        assert load(body, np.array([0, 0, air]), rate, 1.088)[1][axis] < 0


def test_places_follow_the_centre_of_mass_when_a_camera_is_put_on_the_head() -> None:
    without, with_camera = jumper(None), jumper()
    shift = np.array(without.eyes_m) - np.array(with_camera.eyes_m)
    assert shift[0] == pytest.approx(0.047, abs=0.005)  # 9 kg at 0.57 m of 111 kg
    first = {capsule.name: capsule for capsule in without.capsules}
    for capsule in with_camera.capsules:
        if capsule.name != "camera":
            np.testing.assert_allclose(
                np.array(first[capsule.name].start_m) - capsule.start_m, shift, atol=1e-12
            )
    assert with_camera.principal_kg_m2[1] > without.principal_kg_m2[1]
    assert without.image_plane_m is None
    assert without.camera_cg_m is None
    assert with_camera.camera_mass_kg == 9.07
    head = np.array(with_camera.head_centre_m)
    np.testing.assert_allclose(with_camera.image_plane_m, head + CAMERA.image_plane_head_m)


def test_inertia_is_about_the_centre_of_mass_of_everything() -> None:
    body = jumper()
    np.testing.assert_allclose(body.inertia_kg_m2, body.inertia_kg_m2.T, atol=1e-12)
    roll, pitch, yaw = body.principal_kg_m2
    assert roll < pitch < yaw < roll + pitch  # a real body obeys the triangle inequality
    np.testing.assert_allclose(np.linalg.eigvalsh(body.inertia_kg_m2), sorted(body.principal_kg_m2))
    assert 3.5 < roll < 8.0
    assert 14.0 < pitch < 26.0


def test_the_shape_is_a_person() -> None:
    body = jumper()
    names = [capsule.name for capsule in body.capsules]
    assert len(names) == len(set(names)) == 14
    assert {"head", "torso", "rig", "camera", "hand left", "hand right"} <= set(names)
    assert {capsule.name for capsule in body.capsules if capsule.part == "hand"} == {
        "hand left",
        "hand right",
    }
    assert 0.5 < body.eyes_m[0] < 0.8
    low, high = body.body_points_m.min(axis=0), body.body_points_m.max(axis=0)
    assert 1.5 < high[0] - low[0] < 2.2
    assert 0.9 < high[1] - low[1] < 1.4
    for capsule in body.capsules:  # everything that could touch lies near the outline that the lens frames
        for end in (capsule.start_m, capsule.end_m):
            assert np.all(np.array(end) >= low - 0.1)
            assert np.all(np.array(end) <= high + 0.1)


def test_left_and_right_are_mirror_images() -> None:
    body = jumper()
    panels = {panel.name: panel for panel in body.panels}
    for limb in ("arm", "leg"):
        left, right = panels[f"left {limb}"], panels[f"right {limb}"]
        assert left.area_cn_m2 == right.area_cn_m2
        np.testing.assert_allclose(left.place_m, np.array(right.place_m) * [1, -1, 1], atol=1e-12)
        assert left.place_m[1] > 0 > left.normal[1]  # outer end up: the normal leans inward
    assert all(math.hypot(*panel.normal) == pytest.approx(1.0) for panel in body.panels)


def test_a_sideways_camera_is_balanced_in_mass_but_rolls_the_neutral_body() -> None:
    aside = HelmetCamera(mass_kg=5.0, cg_head_m=(0.0, 0.15, 0.1), image_plane_head_m=(0.05, 0.15, 0.1))
    body = jumper(aside)
    assert body.head_centre_m[1] < 0  # the centre of mass went left
    assert load(body, np.array([0, 0, 53.6]), np.zeros(3), 1.088)[1][0] != 0.0


@pytest.mark.parametrize(("reference", "density"), [("SAS", 1.0879), ("SL", 1.225)])
def test_drag_area_from_a_fall_rate(reference: str, density: float) -> None:
    # 120 mph at sea level density is 0.00556 m²/kg: USPA SIM 6-3, computed in the reference table
    assert cda_per_mass(53.645, reference) == pytest.approx(2 * 9.80665 / (density * 53.645**2), rel=1e-4)
    assert cda_per_mass(53.645, "SL") == pytest.approx(0.005564, rel=1e-3)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"mass_kg": -80.0}, "body mass"), ({"mass_kg": math.nan}, "body mass"), ({"mass_kg": 1e9}, "body mass"),
        ({"height_m": 0.0}, "height"), ({"height_m": math.inf}, "height"),
        ({"equipment_kg": -1.0}, "operator: equipment"), ({"equipment_kg": math.nan}, "operator: equipment"),
        ({"neutral_speed_m_s": 0.0}, "fall rate"), ({"neutral_speed_m_s": math.nan}, "fall rate"),
    ],
)  # fmt: skip
def test_rubbish_numbers_are_refused(changes: dict[str, float], says: str) -> None:
    with pytest.raises(InputError, match=says):
        jumper(**changes)


@pytest.mark.parametrize(
    "camera",
    [
        HelmetCamera(mass_kg=-1.0, cg_head_m=(0, 0, 0.1), image_plane_head_m=(0, 0, 0.1)),
        HelmetCamera(mass_kg=math.nan, cg_head_m=(0, 0, 0.1), image_plane_head_m=(0, 0, 0.1)),
        HelmetCamera(mass_kg=9.0, cg_head_m=(0, 0, 10.0), image_plane_head_m=(0, 0, 0.1)),
        HelmetCamera(mass_kg=9.0, cg_head_m=(0, 0, 0.1), image_plane_head_m=(math.nan, 0, 0.1)),
        HelmetCamera(mass_kg=9.0, cg_head_m=(0.1, 0.1), image_plane_head_m=(0, 0, 0.1)),  # type: ignore[arg-type]
    ],
)
def test_a_camera_that_cannot_be_worn_is_refused(camera: HelmetCamera) -> None:
    with pytest.raises(InputError, match="operator: "):
        jumper(camera)


def test_a_load_no_posture_can_balance_is_refused() -> None:
    heavy = HelmetCamera(mass_kg=20.0, cg_head_m=(0.55, 0.0, 0.1), image_plane_head_m=(0.1, 0.0, 0.1))
    with pytest.raises(InputError, match="operator: so much mass"):
        jumper(heavy, mass_kg=45.0, equipment_kg=5.0)


def test_wrong_names_say_what_there_is() -> None:
    with pytest.raises(ChoiceError, match="did you mean 'SAS'"):
        cda_per_mass(53.0, "SASS")
    with pytest.raises(ChoiceError, match="box, standing"):
        figure("handstand", mass_kg=80.0, height_m=1.8)


def test_a_heavy_head_is_flown_with_legs_in_and_arms_out() -> None:
    plain, heavy = (
        jumper(
            HelmetCamera(mass_kg=kg, cg_head_m=(0.05, 0, 0.12), image_plane_head_m=(0.1, 0, 0.12)),
            mass_kg=50.0,
        )
        for kg in (1.0, 12.0)
    )
    ratio = [b.panels[4].area_cn_m2 / b.panels[2].area_cn_m2 for b in (plain, heavy)]
    assert ratio[1] < ratio[0]
    force, moment = load(heavy, np.array([0, 0, 53.6]), np.zeros(3), 1.088)
    assert abs(force[0]) < 1e-9 * force[2]
    assert abs(moment[1]) < 1e-9 * force[2]
