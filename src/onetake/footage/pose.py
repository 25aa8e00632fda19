"""Pose: where a square of known size stands before the lens, from its four corners and their errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.footage.libraries import opencv
from onetake.footage.optics import Optics

Array = NDArray[np.float64]
_ROUNDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """rotation (3, 3): camera axes from the square's own; place_m (3,): its middle from the entrance pupil; cov (6, 6): of a
    small turn in camera axes (rad) and of the place (m); misfit: squared, in sigmas, with two degrees of freedom.
    """

    rotation: Array
    place_m: Array
    cov: Array
    misfit: float

    def point(self, there_m: Array) -> tuple[Array, Array]:
        """A point given in the square's axes as it lies in the camera's, and the covariance of that (3, 3)."""
        arm = self.rotation @ there_m
        slopes = np.hstack([-_cross(arm), np.eye(3)])
        return self.place_m + arm, slopes @ self.cov @ slopes.T


def poses_of(corners_px: Array, cov_px2: Array, side_m: float, optics: Optics) -> list[Pose]:
    """Both ways in which a square can lie that shows these corners (4, 2), the likelier first; none where there is none.

    cov_px2 (8, 8). A square seen squarely looks the same tilted either way, until its perspective tells. A misfit beyond
    chance (a picture read row by row of a square that moves) widens the errors.
    """
    cv = opencv()
    h = side_m / 2
    square = np.array([[-h, -h, 0], [h, -h, 0], [h, h, 0], [-h, h, 0]], float)
    focal, centre = np.array(optics.focal_px), np.array(optics.centre_px)
    seen = (corners_px - centre) / focal
    try:
        _, turns, places, _ = cv.solvePnPGeneric(
            square, seen.reshape(-1, 1, 2), np.eye(3), None, flags=cv.SOLVEPNP_IPPE
        )
    except cv.error:
        return []
    scale = np.tile(focal, 4)
    try:
        root = np.linalg.cholesky(np.linalg.inv(cov_px2 / np.outer(scale, scale))).T
    except np.linalg.LinAlgError:
        return []
    found = []
    for turn, place in zip(turns, places, strict=True):
        pose = _settle(np.asarray(cv.Rodrigues(turn)[0], float), np.ravel(place), square, seen, root)
        if pose is not None:
            found.append(pose)
    return sorted(found, key=lambda pose: pose.misfit)


def _settle(rotation: Array, place: Array, square: Array, seen: Array, root: Array) -> Pose | None:
    """Gauss and Newton from a first pose, corners weighed by their errors."""
    cv = opencv()
    for _ in range(_ROUNDS):
        arms = square @ rotation.T
        at = arms + place
        if not np.all(at[:, 2] > 1e-3):
            return None
        shown = at[:, :2] / at[:, 2:]
        slopes = np.empty((8, 6))
        for k in range(4):
            by_place = np.array([[1.0, 0.0, -shown[k, 0]], [0.0, 1.0, -shown[k, 1]]]) / at[k, 2]
            slopes[2 * k : 2 * k + 2] = np.hstack([-by_place @ _cross(arms[k]), by_place])
        rest = root @ (seen - shown).ravel()
        weighed = root @ slopes
        normal = weighed.T @ weighed
        try:
            cov = np.linalg.inv(normal)
        except np.linalg.LinAlgError:
            return None
        step = cov @ weighed.T @ rest
        turn = step[:3] * min(1.0, 0.3 / max(float(np.linalg.norm(step[:3])), 1e-12))
        rotation = np.asarray(cv.Rodrigues(turn)[0], float) @ rotation
        place = place + step[3:]
        if np.linalg.norm(step[3:]) < 1e-7 * np.linalg.norm(place) and np.linalg.norm(step[:3]) < 1e-7:
            break
    misfit = float(rest @ rest)
    wide = np.asarray(cov * max(1.0, misfit / 2.0), float)
    return Pose(rotation=rotation, place_m=place, cov=wide, misfit=misfit)


def _cross(v: Array) -> Array:
    return np.array([[0.0, -v[2], v[1]], [v[2], 0.0, -v[0]], [-v[1], v[0], 0.0]])
