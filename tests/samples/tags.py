"""Pictures of a tag made by exact projection: true disc, streak, noise; the answer is known because it was put in.

Light is made on a grid of `FINE` samples to the pixel, with the exact cover of each sample by the pattern's edges, spread by
a disc and a streak of that size, and summed over pixels. Nothing of the code under test is used but the pattern.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from onetake.footage.tag import pattern

Array = NDArray[np.float64]
FINE = 3
_ROWS = 24  # made at a time, so that they stay in the processor's cache
BLACK, WHITE = 0.04, 0.70


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A camera of pinhole geometry with the glass of a thin lens, and a tag before it.

    tag_pupil_m: middle of the tag in camera axes from the entrance pupil; turn: rotation vector of the tag's axes.
    """

    width_px: int = 4096
    height_px: int = 2160
    width_m: float = 0.04096
    focal_m: float = 0.035
    f_number: float = 2.8
    focus_pupil_m: float = 0.9144 - 0.09
    side_m: float = 0.10
    family: str = "apriltag 36h11"
    number: int = 7
    tag_pupil_m: tuple[float, float, float] = (0.0, 0.0, 0.9144 - 0.09)
    turn: tuple[float, float, float] = (0.0, 0.0, 0.0)
    own_sigma_px: float = 0.35
    motion_px: tuple[float, float] = (0.0, 0.0)
    rolling_px: tuple[float, float] = (0.0, 0.0)

    @property
    def cells(self) -> NDArray[np.float32]:
        return pattern(self.family, self.number)

    @property
    def own_px2(self) -> float:
        return self.own_sigma_px**2 + 1.0 / 12.0

    @property
    def image_m(self) -> float:
        return self.focal_m * self.focus_pupil_m / (self.focus_pupil_m - self.focal_m)

    @property
    def focal_px(self) -> float:
        return self.image_m / self.width_m * self.width_px

    @property
    def disc_px(self) -> float:
        d, s, f = self.tag_pupil_m[2], self.focus_pupil_m, self.focal_m
        return f * f / self.f_number * abs(d - s) / (d * (s - f)) / self.width_m * self.width_px

    @property
    def rotation(self) -> Array:
        return np.asarray(cv2.Rodrigues(np.array(self.turn, float))[0], float)

    def picture(self, points_tag_m: Array) -> Array:
        """Where points of the tag (n, 3) fall, pixel centres at whole numbers."""
        at = points_tag_m @ self.rotation.T + np.array(self.tag_pupil_m)
        middle = np.array([(self.width_px - 1) / 2, (self.height_px - 1) / 2])
        return at[:, :2] / at[:, 2:] * self.focal_px + middle

    @property
    def corners_px(self) -> Array:
        h = self.side_m / 2
        return self.picture(np.array([[-h, -h, 0], [h, -h, 0], [h, h, 0], [-h, h, 0]], float))


def patch(scene: Scene, *, disc_px: float | None = None, margin_px: int = 24) -> tuple[Array, int, int]:
    """Light of the part of the picture that holds the tag, and its left column and top row."""
    cells = scene.cells
    n = len(cells) - 2
    h = scene.side_m / 2
    outer = scene.corners_px
    ring = np.ptp(outer, axis=0).max() / n
    left, top = np.floor(outer.min(axis=0) - ring - margin_px).astype(int)
    right, bottom = np.ceil(outer.max(axis=0) + ring + margin_px).astype(int)
    x = left - 0.5 + (np.arange((right - left) * FINE) + 0.5) / FINE
    y = top - 0.5 + (np.arange((bottom - top) * FINE) + 0.5) / FINE
    # from a place in the picture to a place on the tag: the inverse of the exact projection
    middle = ((scene.width_px - 1) / 2, (scene.height_px - 1) / 2)
    camera = np.array([[scene.focal_px, 0, middle[0]], [0, scene.focal_px, middle[1]], [0, 0, 1]])
    to_picture = camera @ np.column_stack([scene.rotation[:, :2], scene.tag_pupil_m])
    back = np.linalg.inv(to_picture)
    shift = _rolled(scene, y)
    back = back.astype(np.float32)
    light = np.empty((len(y), len(x)), np.float32)
    for first in range(0, len(y), _ROWS):
        rows = slice(first, first + _ROWS)
        xs = (x[None, :] - shift[rows, :1]).astype(np.float32)
        ys = (y[rows, None] - shift[rows, 1:]).astype(np.float32)
        w = back[2, 0] * xs + back[2, 1] * ys + back[2, 2]
        u = ((back[0, 0] * xs + back[0, 1] * ys + back[0, 2]) / w / (2 * h) + 0.5) * n
        v = ((back[1, 0] * xs + back[1, 1] * ys + back[1, 2]) / w / (2 * h) + 0.5) * n
        light[rows] = _cover(cells, u, v, FINE * ring)
    kernel = _spread(scene.disc_px if disc_px is None else disc_px, scene.motion_px)
    light = cv2.filter2D(light, -1, kernel, borderType=cv2.BORDER_REPLICATE)
    if scene.own_sigma_px > 0.0:
        light = cv2.GaussianBlur(light, (0, 0), scene.own_sigma_px * FINE, borderType=cv2.BORDER_REPLICATE)
    rows, columns = bottom - top, right - left
    pixels = light.reshape(rows, FINE, columns, FINE).mean(axis=(1, 3))
    return BLACK + (WHITE - BLACK) * pixels.astype(float), int(left), int(top)


def _rolled(scene: Scene, y: Array) -> Array:
    """How far the tag has moved when a row is read, against the row of its middle: motion of one whole picture's reading."""
    late = (y - scene.corners_px[:, 1].mean()) / scene.height_px
    return late[:, None] * np.array(scene.rolling_px)


def _cover(cells: Array, u: Array, v: Array, samples_to_cell: float) -> Array:
    """The pattern with every edge as a ramp one sample wide, which is its exact cover where edges run with the grid."""
    n, wide = len(cells) - 2, len(cells)
    line_u, line_v = np.clip(np.rint(u), 0, n), np.clip(np.rint(v), 0, n)
    a = np.clip((u - line_u) * np.float32(samples_to_cell) + np.float32(0.5), 0, 1)
    b = np.clip((v - line_v) * np.float32(samples_to_cell) + np.float32(0.5), 0, 1)
    at = (line_v * wide + line_u).astype(np.int32)  # the cell up and left of the nearest crossing
    flat = np.pad(cells.ravel(), (0, wide + 2))
    steps = (flat, np.roll(flat, -1) - flat, np.roll(flat, -wide) - flat,
             np.roll(flat, -wide - 1) - np.roll(flat, -1) - np.roll(flat, -wide) + flat)  # fmt: skip
    first, right, down, both = (np.take(step.astype(np.float32), at) for step in steps)
    return first + a * right + b * (down + a * both)


def _spread(disc_px: float, motion_px: tuple[float, float]) -> Array:
    """What a point becomes, on the fine grid: a disc with soft-covered rim, dragged along the streak; sums to 1."""
    over = 4
    radius = disc_px * FINE / 2
    drag = np.array(motion_px, float) * FINE
    reach = int(np.ceil(radius + np.abs(drag).max() / 2)) + 1
    size = 2 * reach + 1
    fine = (np.arange(size * over) + 0.5) / over - size / 2
    kernel = np.zeros((size * over, size * over))
    steps = max(1, int(np.ceil(np.abs(drag).max())))
    for part in (np.arange(steps) + 0.5) / steps - 0.5:
        xx, yy = fine[None, :] - part * drag[0], fine[:, None] - part * drag[1]
        if radius * over < 1.0:
            kernel += np.exp(-0.5 * (xx**2 + yy**2) * over**2)
        else:
            kernel += np.hypot(xx, yy) <= radius
    kernel = kernel.reshape(size, over, size, over).mean(axis=(1, 3))
    return np.asarray(kernel / kernel.sum())
