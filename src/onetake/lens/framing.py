"""Framing: where a point lies in the picture, how large a head is, what room is left to the edges.

Points are arrays (..., 3) in camera axes right-down-forward, metres, origin at the entrance pupil (the centre of
perspective). Picture coordinates are x to the right and y down, ±1 at the edges, for a lens without distortion.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onetake.lens.camera import CameraBody, Lens
from onetake.lens.focus import NEAR_M, breathing_distance_m, pupil_from_datum_m, settable_focus_m

Array = NDArray[np.float64]

# Crown to chin. Men of the US Army survey of 1988 (ANSUR): near 0.23 m, sd near 0.01 m; recalled, not checked.
HEAD_HEIGHT_M = 0.23
HEAD_HEIGHT_SIGMA_M = 0.01
BEHIND = 1e6  # picture coordinate of what the lens cannot see, and of what is not a number: never in frame
SAFE_BORDER = (
    0.05  # share of the half-picture kept clear: the 90 % safe action area of SMPTE ST 2046-1, recalled
)


def focused_image_distance_m(lens: Lens, focus_datum_m: float) -> float:
    """Image distance that fixes the picture's angle, for a focus setting in the lens's own datum (with breathing)."""
    s = pupil_from_datum_m(lens, settable_focus_m(lens, focus_datum_m))
    return float(breathing_distance_m(s, lens.focal_m, lens.breathing))


def before_pupil(point_plane_m: ArrayLike, lens: Lens) -> Array:
    """Points (..., 3) given from the image plane, as seen from the entrance pupil."""
    point: Array = np.asarray(point_plane_m, float) - np.array([0.0, 0.0, lens.pupil_offset_m])
    return point


def picture(point_pupil_m: ArrayLike, image_m: ArrayLike, body: CameraBody) -> Array:
    """Picture coordinates (..., 2); both BEHIND for a point that is not ahead of the lens, one if only it is undefined."""
    point = np.asarray(point_pupil_m, float)
    ahead = point[..., 2] > NEAR_M
    depth_m = np.where(ahead, point[..., 2], NEAR_M)
    scale = np.asarray(image_m, float) / depth_m
    x = np.where(ahead, point[..., 0] * scale / body.half_width_m, BEHIND)
    y = np.where(ahead, point[..., 1] * scale / body.half_height_m, BEHIND)
    xy = np.stack([x, y], axis=-1)
    return np.where(np.abs(xy) < BEHIND, xy, BEHIND)


def field_of_view_rad(image_m: ArrayLike, body: CameraBody) -> tuple[Array, Array]:
    """Horizontal and vertical angle of view."""
    v = np.asarray(image_m, float)
    return 2.0 * np.arctan(body.half_width_m / v), 2.0 * np.arctan(body.half_height_m / v)


def seen_m(depth_pupil_m: ArrayLike, image_m: ArrayLike, body: CameraBody) -> tuple[Array, Array]:
    """Width and height of what fills the picture at a distance from the pupil."""
    scale = np.asarray(depth_pupil_m, float) / np.asarray(image_m, float)
    return body.width_m * scale, body.height_m * scale


def height_share(
    depth_pupil_m: ArrayLike, image_m: ArrayLike, body: CameraBody, size_m: ArrayLike = HEAD_HEIGHT_M
) -> Array:
    """Size of a head (or anything that stands across the picture) over the picture's height; 0 if not ahead."""
    depth = np.asarray(depth_pupil_m, float)
    ahead = depth > NEAR_M
    shown = np.asarray(size_m, float) * np.asarray(image_m, float) / np.where(ahead, depth, NEAR_M)
    return np.where(ahead, shown / body.height_m, 0.0)


def edge_margin(
    xy: ArrayLike, reach_x: ArrayLike = 0.0, reach_y: ArrayLike = 0.0, border: float = SAFE_BORDER
) -> Array:
    """Room between something of half-extent (reach_x, reach_y) at xy (..., 2) and the border; negative when it is cut.

    All in half-pictures: 0.1 is a twentieth of the picture's width or height, whichever is tighter.
    """
    place = np.abs(np.asarray(xy, float))
    across = 1.0 - border - np.asarray(reach_x, float) - place[..., 0]
    up_down = 1.0 - border - np.asarray(reach_y, float) - place[..., 1]
    room: Array = np.minimum(across, up_down)
    return room


def face_margin(
    eyes_pupil_m: ArrayLike,
    head_pupil_m: ArrayLike,
    image_m: ArrayLike,
    body: CameraBody,
    *,
    head_height_m: float = HEAD_HEIGHT_M,
    border: float = SAFE_BORDER,
) -> Array:
    """In frame: face. Room round the eyes and the circle of the head, whichever is tighter, in half-pictures."""
    head = np.asarray(head_pupil_m, float)
    share = height_share(head[..., 2], image_m, body, head_height_m)  # half a head over half a picture
    circle = edge_margin(picture(head, image_m, body), share * body.height_m / body.width_m, share, border)
    return np.minimum(circle, edge_margin(picture(eyes_pupil_m, image_m, body), border=border))


def body_margin(
    points_pupil_m: ArrayLike, image_m: ArrayLike, body: CameraBody, *, border: float = 0.0
) -> Array:
    """In frame: body. Room round the outermost of the points (..., n, 3), in half-pictures; shape (...)."""
    image = np.asarray(image_m, float)[..., None]
    margin: Array = edge_margin(picture(points_pupil_m, image, body), border=border).min(axis=-1)
    return margin


def headroom(
    head_pupil_m: ArrayLike, image_m: ArrayLike, body: CameraBody, head_height_m: float = HEAD_HEIGHT_M
) -> Array:
    """Room above the head as a share of the picture's height; negative when the crown is cut. NaN if not ahead."""
    head = np.asarray(head_pupil_m, float)
    y = picture(head, image_m, body)[..., 1]
    share = height_share(head[..., 2], image_m, body, head_height_m)
    return np.where(head[..., 2] > NEAR_M, (1.0 + y - share) / 2.0, np.nan)


def facing_rad(face: ArrayLike, eyes_pupil_m: ArrayLike) -> Array:
    """Angle between where the face looks (..., 3), camera axes, and the line from its eyes to the lens: 0 is into it."""
    look, eyes = np.asarray(face, float), np.asarray(eyes_pupil_m, float)
    across = np.linalg.norm(np.cross(look, -eyes), axis=-1)
    angle: Array = np.arctan2(across, np.sum(-look * eyes, axis=-1))
    return angle
