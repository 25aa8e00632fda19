"""A flat tag in perspective: from places in the picture to cells of its pattern by eight numbers, and back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
F32 = NDArray[np.float32]


def cells_of(place: Array, x: F32, y: F32) -> tuple[F32, F32, F32]:
    """Where pixels lie in the pattern, in cells, and the depth of the perspective there."""
    g = place.astype(np.float32)
    depth = g[6] * x + g[7] * y + np.float32(1.0)
    return (g[0] * x + g[1] * y + g[2]) / depth, (g[3] * x + g[4] * y + g[5]) / depth, depth


def stretch(place: Array, u: F32, v: F32, depth: F32, scale: float) -> tuple[F32, F32]:
    """Pixels to the cell across the lines of u and of v, at each pixel."""
    g = place.astype(np.float32)
    found = []
    for k, w in ((0, u), (3, v)):
        along, down = (g[k] - w * g[6]) / depth, (g[k + 1] - w * g[7]) / depth
        found.append(np.float32(scale) / np.sqrt(along * along + down * down))
    return found[0], found[1]


def normals_of(place: Array, n: int) -> tuple[Array, Array]:
    """Directions in the picture across the lines of u and of v, in the tag's middle."""
    u_of, v_of, depth_of = np.append(place, 1.0).reshape(3, 3)[:, :2]
    across = (u_of - n / 2 * depth_of, v_of - n / 2 * depth_of)
    return across[0] / np.linalg.norm(across[0]), across[1] / np.linalg.norm(across[1])


def grid_from(corners: Array, n: int) -> Array:
    """The eight numbers of the perspective from places in the picture to cells, for four corners."""
    rows = []
    for (x, y), (u, v) in zip(corners, _square(n), strict=True):
        rows += [
            [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
            [0, 0, 0, x, y, 1, -v * x, -v * y, v],
        ]
    table = np.array(rows, float)
    found: Array = np.linalg.lstsq(table[:, :8], table[:, 8], rcond=None)[0]
    return found


def _square(n: int) -> Array:
    return np.array([[0, 0], [n, 0], [n, n], [0, n]], float)


def corners_of(place: Array, n: int) -> Array:
    """Where the corners lie in the picture, in the fit's own scale: (4, 2)."""
    back = np.linalg.inv(np.append(place, 1.0).reshape(3, 3))
    found = np.column_stack([_square(n), np.ones(4)]) @ back.T
    corners: Array = found[:, :2] / found[:, 2:]
    return corners


def corner_slopes(place: Array, n: int) -> Array:
    """How the corners move with the eight numbers: (8, 8)."""
    small = 1e-6
    base = corners_of(place, n).ravel()
    slopes = np.empty((8, 8))
    for k in range(8):
        moved = place.copy()
        moved[k] += small * max(1.0, abs(place[k]))
        slopes[:, k] = (corners_of(moved, n).ravel() - base) / (moved[k] - place[k])
    return slopes
