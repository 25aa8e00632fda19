"""Axes: there and back again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetake.axes import (
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

LAT_DEG = st.floats(-90.0, 90.0)
LON_DEG = st.floats(-180.0, 180.0)
LENGTH_M = st.floats(-1e5, 1e5)
UNIT = st.tuples(*[st.floats(-1.0, 1.0)] * 4).filter(lambda q: sum(x * x for x in q) > 0.01).map(
    lambda q: np.array(q) / np.linalg.norm(q)
)  # fmt: skip
VECTOR = st.tuples(*[st.floats(-1e4, 1e4)] * 3).map(np.array)


@given(
    LAT_DEG, LON_DEG, st.floats(-500.0, 45_000.0), st.tuples(LENGTH_M, LENGTH_M, st.floats(-500.0, 45_000.0))
)
def test_local_metres_and_back_to_a_micrometre(
    lat_deg: float, lon_deg: float, height_wgs84_m: float, enu_m: tuple[float, float, float]
) -> None:
    axes = LocalAxes(lat_deg, lon_deg, height_wgs84_m)
    back = axes.enu_from_wgs84(*axes.wgs84_from_enu(enu_m))
    np.testing.assert_allclose(back, enu_m, atol=1e-6)


@given(LAT_DEG, LON_DEG, st.floats(-10_000.0, 1e6))
def test_geodetic_to_earth_centred_and_back(lat_deg: float, lon_deg: float, height_wgs84_m: float) -> None:
    ecef = ecef_from_wgs84(lat_deg, lon_deg, height_wgs84_m)
    lat, lon, height = wgs84_from_ecef(ecef)
    assert float(lat) == pytest.approx(lat_deg, abs=1e-11)  # 1e-11 deg is a micrometre
    assert float(height) == pytest.approx(height_wgs84_m, abs=1e-6)
    np.testing.assert_allclose(ecef_from_wgs84(lat, lon, height), ecef, atol=1e-6)


@given(LAT_DEG, LON_DEG, VECTOR, VECTOR)
def test_local_axes_keep_distances(lat_deg: float, lon_deg: float, a: np.ndarray, b: np.ndarray) -> None:
    axes = LocalAxes(lat_deg, lon_deg, 0.0)
    there = [ecef_from_wgs84(*axes.wgs84_from_enu(point)) for point in (a, b)]
    assert np.linalg.norm(there[0] - there[1]) == pytest.approx(np.linalg.norm(a - b), abs=1e-5)


@given(UNIT, VECTOR)
def test_a_rotation_turns_back_and_keeps_lengths(q: np.ndarray, vector: np.ndarray) -> None:
    turned = rotate(q, vector)
    assert np.linalg.norm(turned) == pytest.approx(np.linalg.norm(vector), abs=1e-9)
    np.testing.assert_allclose(rotate(conjugate(q), turned), vector, atol=1e-9)


@given(UNIT, UNIT, VECTOR)
def test_composing_is_turning_twice(a: np.ndarray, b: np.ndarray, vector: np.ndarray) -> None:
    np.testing.assert_allclose(rotate(compose(a, b), vector), rotate(a, rotate(b, vector)), atol=1e-8)


@given(UNIT)
def test_a_matrix_gives_its_rotation_back(q: np.ndarray) -> None:
    matrix = np.stack([rotate(q, column) for column in np.eye(3)], axis=1)
    assert abs(float(from_matrix(matrix) @ q)) == pytest.approx(1.0, abs=1e-9)


@given(st.floats(0.0, 360.0, exclude_max=True), st.floats(0.1, 130.0))
def test_wind_there_and_back(from_deg: float, speed_m_s: float) -> None:
    direction, speed = wind_from(*wind_vector(from_deg, speed_m_s))
    assert float(speed) == pytest.approx(speed_m_s, rel=1e-12)
    around = (float(direction) - from_deg + 180.0) % 360.0 - 180.0
    assert abs(around) < 1e-9


@given(st.floats(-np.pi, np.pi), VECTOR)
def test_turning_by_an_angle_and_back_by_it(angle_rad: float, vector: np.ndarray) -> None:
    there, back = (from_axis_angle([0.0, 0.0, 1.0], sign * angle_rad) for sign in (1.0, -1.0))
    np.testing.assert_allclose(rotate(back, rotate(there, vector)), vector, atol=1e-9)
