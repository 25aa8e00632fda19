"""Axes: local east-north-up inside, WGS84 and ECEF at the edges, body and camera axes.

Body axes are forward-left-up, camera axes right-down-forward. A rotation is named target from source;
quaternions are (w, x, y, z) arrays whose last axis has length 4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

# WGS84 defining constants, NGA.STND.0036
SEMI_MAJOR_M = 6378137.0
FLATTENING = 1.0 / 298.257223563
ECCENTRICITY2 = FLATTENING * (2.0 - FLATTENING)
EARTH_RATE_RAD_S = 7.292115e-5

# camera right-down-forward seen from body forward-left-up
CAMERA_FROM_BODY = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, -1.0], [1.0, 0.0, 0.0]])


def ecef_from_wgs84(lat_deg: ArrayLike, lon_deg: ArrayLike, height_wgs84_m: ArrayLike) -> Array:
    """Earth-centred Earth-fixed metres, shape (..., 3)."""
    lat, lon = np.radians(np.asarray(lat_deg, float)), np.radians(np.asarray(lon_deg, float))
    height = np.asarray(height_wgs84_m, float)
    normal = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY2 * np.sin(lat) ** 2)
    ring = (normal + height) * np.cos(lat)
    up = (normal * (1.0 - ECCENTRICITY2) + height) * np.sin(lat)
    return np.stack([ring * np.cos(lon), ring * np.sin(lon), up], axis=-1)


def wgs84_from_ecef(ecef_m: ArrayLike) -> tuple[Array, Array, Array]:
    """Latitude deg, longitude deg, height m. Bowring's start and two Newton-like passes: below 1e-9 m."""
    x, y, z = np.moveaxis(np.asarray(ecef_m, float), -1, 0)
    ring = np.hypot(x, y)
    minor = SEMI_MAJOR_M * (1.0 - FLATTENING)
    second = ECCENTRICITY2 / (1.0 - ECCENTRICITY2)
    beta = np.arctan2(z * SEMI_MAJOR_M, ring * minor)
    lat = beta
    for _ in range(3):
        lat = np.arctan2(
            z + second * minor * np.sin(beta) ** 3, ring - ECCENTRICITY2 * SEMI_MAJOR_M * np.cos(beta) ** 3
        )
        beta = np.arctan2((1.0 - FLATTENING) * np.sin(lat), np.cos(lat))
    sin, cos = np.sin(lat), np.cos(lat)
    normal = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY2 * sin**2)
    height = ring * cos + z * sin - SEMI_MAJOR_M**2 / normal
    return np.degrees(lat), np.degrees(np.arctan2(y, x)), height


@dataclass(frozen=True, slots=True)
class LocalAxes:
    """East-north-up at a datum on the ground (usually the drop zone)."""

    lat_deg: float
    lon_deg: float
    height_wgs84_m: float

    def _matrix(self) -> Array:
        lat, lon = np.radians(self.lat_deg), np.radians(self.lon_deg)
        sa, ca, so, co = np.sin(lat), np.cos(lat), np.sin(lon), np.cos(lon)
        return np.array([[-so, co, 0.0], [-sa * co, -sa * so, ca], [ca * co, ca * so, sa]])

    def enu_from_wgs84(self, lat_deg: ArrayLike, lon_deg: ArrayLike, height_wgs84_m: ArrayLike) -> Array:
        """Local metres, shape (..., 3)."""
        origin = ecef_from_wgs84(self.lat_deg, self.lon_deg, self.height_wgs84_m)
        enu: Array = (ecef_from_wgs84(lat_deg, lon_deg, height_wgs84_m) - origin) @ self._matrix().T
        return enu

    def wgs84_from_enu(self, position_enu_m: ArrayLike) -> tuple[Array, Array, Array]:
        """Latitude deg, longitude deg, height m of local metres."""
        origin = ecef_from_wgs84(self.lat_deg, self.lon_deg, self.height_wgs84_m)
        return wgs84_from_ecef(np.asarray(position_enu_m, float) @ self._matrix() + origin)


def curvature_radii_m(lat_rad: float) -> tuple[float, float]:
    """Radii of curvature of the WGS84 ellipsoid, along the meridian and across it (NIMA TR8350.2)."""
    bulge = 1.0 - ECCENTRICITY2 * math.sin(lat_rad) ** 2
    return SEMI_MAJOR_M * (1.0 - ECCENTRICITY2) / bulge**1.5, SEMI_MAJOR_M / math.sqrt(bulge)


def rotate(q: ArrayLike, vector: ArrayLike) -> Array:
    """Turn a vector: `rotate(q_target_from_source, v_source)` is v in target axes."""
    q, v = np.asarray(q, float), np.asarray(vector, float)
    w, r = q[..., :1], q[..., 1:]
    t = 2.0 * np.cross(r, v)
    turned: Array = v + w * t + np.cross(r, t)
    return turned


def conjugate(q: ArrayLike) -> Array:
    """The inverse rotation of a unit quaternion."""
    inverse: Array = np.asarray(q, float) * np.array([1.0, -1.0, -1.0, -1.0])
    return inverse


def compose(first: ArrayLike, then: ArrayLike) -> Array:
    """Product `first ∘ then`: q_c_from_b composed with q_b_from_a is q_c_from_a."""
    a, b = np.asarray(first, float), np.asarray(then, float)
    w = a[..., 0] * b[..., 0] - np.sum(a[..., 1:] * b[..., 1:], axis=-1)
    v = a[..., :1] * b[..., 1:] + b[..., :1] * a[..., 1:] + np.cross(a[..., 1:], b[..., 1:])
    return np.concatenate([w[..., None], v], axis=-1)


def from_axis_angle(axis: ArrayLike, angle_rad: float) -> Array:
    """Rotation by an angle about a unit axis."""
    return np.concatenate([[np.cos(angle_rad / 2)], np.sin(angle_rad / 2) * np.asarray(axis, float)])


def from_matrix(matrix: ArrayLike) -> Array:
    """Quaternion of a rotation matrix (Shepperd's method)."""
    m = np.asarray(matrix, float)
    choice = int(np.argmax([np.trace(m), m[0, 0], m[1, 1], m[2, 2]]))
    if choice == 0:
        q = np.array([1 + np.trace(m), m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]])
    else:
        i = choice - 1
        j, k = (i + 1) % 3, (i + 2) % 3
        q = np.empty(4)
        q[0] = m[k, j] - m[j, k]
        q[1 + i] = 1 + m[i, i] - m[j, j] - m[k, k]
        q[1 + j] = m[j, i] + m[i, j]
        q[1 + k] = m[k, i] + m[i, k]
    unit: Array = q / np.linalg.norm(q)
    return unit


def wind_from(east_m_s: ArrayLike, north_m_s: ArrayLike) -> tuple[Array, Array]:
    """Direction the wind comes from (deg true, 0 to 360) and speed m/s, of the vector the air moves along."""
    east, north = np.asarray(east_m_s, float), np.asarray(north_m_s, float)
    return np.degrees(np.arctan2(-east, -north)) % 360.0, np.hypot(east, north)


def wind_vector(from_deg: ArrayLike, speed_m_s: ArrayLike) -> tuple[Array, Array]:
    """East and north components of the air's motion, of a wind given as direction from and speed."""
    angle, speed = np.radians(np.asarray(from_deg, float)), np.asarray(speed_m_s, float)
    return -speed * np.sin(angle), -speed * np.cos(angle)
