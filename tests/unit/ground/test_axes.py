"""Axes: what is forward, what is up, where the wind comes from."""

from __future__ import annotations

import numpy as np
import pytest

from onetake.axes import (
    CAMERA_FROM_BODY,
    LocalAxes,
    compose,
    conjugate,
    ecef_from_wgs84,
    from_axis_angle,
    from_matrix,
    rotate,
    wgs84_from_ecef,
    wind_from,
    wind_vector,
)


@pytest.mark.parametrize(
    ("lat_deg", "lon_deg", "height_wgs84_m", "ecef_m"),
    [
        (0.0, 0.0, 0.0, (6378137.0, 0.0, 0.0)),  # semi-major axis, NGA.STND.0036
        (0.0, 90.0, 1000.0, (0.0, 6379137.0, 0.0)),
        (90.0, 0.0, 0.0, (0.0, 0.0, 6356752.314245)),  # semi-minor axis, same source, 1e-6 m
        (-90.0, 0.0, 0.0, (0.0, 0.0, -6356752.314245)),
    ],
)
def test_the_ellipsoid_stands_where_it_is_defined(
    lat_deg: float, lon_deg: float, height_wgs84_m: float, ecef_m: tuple[float, float, float]
) -> None:
    np.testing.assert_allclose(ecef_from_wgs84(lat_deg, lon_deg, height_wgs84_m), ecef_m, atol=1e-6)
    lat, _, height = wgs84_from_ecef(ecef_m)
    assert float(lat) == pytest.approx(lat_deg, abs=1e-10)
    assert float(height) == pytest.approx(height_wgs84_m, abs=1e-6)


def test_east_north_and_up_are_where_they_should_be() -> None:
    axes = LocalAxes(24.2, 54.6, 27.0)
    np.testing.assert_allclose(axes.enu_from_wgs84(24.2, 54.6, 127.0), [0.0, 0.0, 100.0], atol=1e-6)
    east, north, up = axes.enu_from_wgs84(24.2, 54.61, 27.0)
    # 0.01 deg of longitude is 0.01 pi/180 N cos(lat) = 1016.0 m here; the curvature drops it by d2/2R
    assert east == pytest.approx(1016.0, abs=0.5)
    assert abs(north) < 0.1
    assert up == pytest.approx(-(1016.0**2) / (2 * 6378137.0), abs=1e-3)
    assert axes.enu_from_wgs84(24.21, 54.6, 27.0)[1] == pytest.approx(
        1107.8, abs=0.5
    )  # meridian, same latitude


def test_a_camera_looks_forward() -> None:
    forward, left, up = np.eye(3)
    right, down, ahead = np.eye(3)
    np.testing.assert_array_equal(CAMERA_FROM_BODY @ forward, ahead)
    np.testing.assert_array_equal(CAMERA_FROM_BODY @ -left, right)
    np.testing.assert_array_equal(CAMERA_FROM_BODY @ -up, down)
    assert np.linalg.det(CAMERA_FROM_BODY) == pytest.approx(1.0)


def test_a_turn_to_the_left_brings_forward_to_the_left() -> None:
    left_turn = from_axis_angle([0.0, 0.0, 1.0], np.pi / 2)
    np.testing.assert_allclose(rotate(left_turn, [1.0, 0.0, 0.0]), [0.0, 1.0, 0.0], atol=1e-15)
    np.testing.assert_allclose(rotate(conjugate(left_turn), [0.0, 1.0, 0.0]), [1.0, 0.0, 0.0], atol=1e-15)


def test_composition_is_read_from_the_right() -> None:
    yaw = from_axis_angle([0.0, 0.0, 1.0], np.pi / 2)
    pitch = from_axis_angle([0.0, 1.0, 0.0], np.pi / 2)
    np.testing.assert_allclose(
        rotate(compose(yaw, pitch), [1.0, 0.0, 0.0]), rotate(yaw, rotate(pitch, [1.0, 0.0, 0.0])), atol=1e-15
    )


@pytest.mark.parametrize("axis", [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (0.6, 0.0, 0.8)])
@pytest.mark.parametrize("angle_rad", [0.0, 1.0, np.pi / 2, 3.1, np.pi])
def test_every_branch_of_matrix_to_quaternion(axis: tuple[float, float, float], angle_rad: float) -> None:
    q = from_axis_angle(axis, angle_rad)
    matrix = np.stack([rotate(q, column) for column in np.eye(3)], axis=1)
    found = from_matrix(matrix)
    assert abs(float(found @ q)) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(
    ("from_deg", "east_m_s", "north_m_s"),
    [(0.0, 0.0, -10.0), (90.0, -10.0, 0.0), (180.0, 0.0, 10.0), (270.0, 10.0, 0.0)],
)
def test_wind_is_named_after_where_it_comes_from(from_deg: float, east_m_s: float, north_m_s: float) -> None:
    east, north = wind_vector(from_deg, 10.0)
    assert (float(east), float(north)) == pytest.approx((east_m_s, north_m_s), abs=1e-12)
    direction, speed = wind_from(east_m_s, north_m_s)
    assert float(speed) == pytest.approx(10.0)
    assert float(direction) == pytest.approx(from_deg, abs=1e-12)
