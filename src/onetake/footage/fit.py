"""The fit: a tag's known pattern laid over the picture at full resolution, for where it is and how it is blurred.

A picture of a tag is its pattern, seen in perspective, spread by what a point becomes: a disc (defocus), a streak (motion),
and the picture's own softness. Near a line of the pattern only the spread across the line shows; where two lines cross, so
does how the two spreads go together. So the fit has eight numbers for the place, three for the spread (its second moments
Σxx, Σxy, Σyy in px²) and six for the light (black and white, each with a slope), and all pixels near lines have their say.
Pixels that do not belong (a hand, a strap) lose it by Tukey's weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.footage.edge import LEAST_SPREAD_PX2, profiles
from onetake.footage.perspective import cells_of, corner_slopes, corners_of, grid_from, normals_of, stretch

Array = NDArray[np.float64]
F32 = NDArray[np.float32]

PLACE, LIGHT, SPREAD = slice(0, 8), slice(8, 14), slice(14, 17)
MOST_PIXELS = 8_000  # that have their say; more add nothing that compression has not already spoilt
_SOME_PIXELS = 3_000  # while the lines are still looked for
_ROUNDS, _COARSE = 20, 4
_PATIENCE = (
    math.inf,
    math.inf,
    math.inf,
    8.0,
    4.0,
    2.0,
    1.0,
)  # how much more than in the end may belong, round by round
_FIRST_SPREAD = np.array([2.0, 0.0, 2.0])  # px²; wide enough to catch lines a pixel or two away
_STILL_PX, _STILL_SHARE, _STILL_ROUGHLY_PX = 1e-2, 1e-2, 0.1
_LOST_PX = 50.0  # a step of the fit that far is none
_LEAST_SCATTER = 0.01  # of the contrast: print, light and compression are no better than that
_TUKEY = 4.685  # 95 % efficient where the noise is Gaussian
_LEAST_BAND_PX, _BAND = 2.5, 3.0  # pixels this far from a line, or this many spreads, see it
_PIECE, _MOST_PIECES = 3.0, 16  # of a streak, in spreads of what it is a streak of; and how many at most
_FEWEST = 120  # pixels near lines, for seventeen numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A tag as it lies in the picture. corners_px (4, 2) clockwise from its own top left, corners_cov (8, 8) px²;
    spread (3,): Σxx, Σxy, Σyy in px², spread_cov (3, 3); black, white: light in its middle; residual: robust scatter about the
    model, in light; share: of the pixels near lines that belong to it; settled: whether the fit came to rest.
    """

    corners_px: Array
    corners_cov: Array
    spread: Array
    spread_cov: Array
    black: float
    white: float
    residual: float
    share: float
    settled: bool


def fit_tag(
    light: F32,
    cells: F32,
    corners_px: Array,
    own_px2: float,
    *,
    spread: Array | None = None,
    rough: bool = False,
    straighten: Callable[[Array], Array] | None = None,
) -> Fit | None:
    """Fit a tag in a patch of light (rows, columns), from corners good to a few pixels, in the patch's own pixels.

    cells: the pattern with its white ring. own_px2: second moment of the picture's own softness, one axis. spread: what it was
    in the picture before, where the corners are good to half a pixel: that saves the search. rough:
    only where it lies, to a tenth of a pixel. straighten: takes the lens's distortion off places (k, 2) in the patch; what is told is then
    straight too. None where the patch shows too little of the tag, or nothing settles.
    """
    n = len(cells) - 2
    x, y, values = _pixels_about(light, corners_px, n)
    if straighten is not None and len(x):
        corners_px = straighten(corners_px)
        x, y = straighten(np.column_stack([x, y])).T.astype(np.float32)
    centre, scale = corners_px.mean(axis=0), float(np.ptp(corners_px, axis=0).max()) / 2
    if len(x) < _FEWEST or not (math.isfinite(scale) and scale > 2.0):
        return None
    x, y = (x - np.float32(centre[0])) / np.float32(scale), (y - np.float32(centre[1])) / np.float32(scale)
    looked = _Looked(cells, x, y, values, scale, own_px2)
    found = _search(looked, grid_from((corners_px - centre) / scale, n), spread, rough)
    if found is None:
        return None
    place, spread, near, told, settled = found
    cov = near.covariance(told)
    to_corners = corner_slopes(place, n) * scale
    return Fit(
        corners_px=corners_of(place, n) * scale + centre,
        corners_cov=to_corners @ cov[PLACE, PLACE] @ to_corners.T,
        spread=spread,
        spread_cov=cov[SPREAD, SPREAD],
        black=told.black,
        white=told.white,
        residual=told.residual,
        share=told.share,
        settled=settled,
    )


def _search(
    looked: _Looked, place: Array, guess: Array | None, rough: bool
) -> tuple[Array, Array, _Near, _Told, bool] | None:
    """Step until nothing moves: first the place, with the lines held wide, then place and spread."""
    n = len(looked.cells) - 2
    spread = _FIRST_SPREAD if guess is None else _real(guess, guess)
    first = 0 if guess is None else _COARSE
    near: _Near | None = None
    for round_ in range(first, _ROUNDS):
        coarse = round_ < _COARSE
        if round_ in (0, 1, _COARSE):
            near = looked.near_lines(place, spread, _SOME_PIXELS if coarse else MOST_PIXELS)
        patience = _PATIENCE[min(round_, len(_PATIENCE) - 1)]
        told = near.solve(place, spread, patience) if near is not None else None
        if near is None or told is None:
            return None
        before, place = place, place + told.step[PLACE]
        moved = float(np.abs(corners_of(place, n) - corners_of(before, n)).max()) * looked.scale
        if not (moved < _LOST_PX and np.all(np.isfinite(told.step))):
            return None
        if coarse and not (rough and round_ == _COARSE - 1):
            continue
        if coarse:
            return place, spread, near, told, moved < _STILL_ROUGHLY_PX
        wider = _real(spread + told.step[SPREAD], spread)
        if wider[[0, 2]].max() > looked.most_px2:
            return None
        change, spread = np.abs(wider - spread).max() / wider[[0, 2]].max(), wider
        settled = patience == 1.0 and moved < _STILL_PX and bool(change < _STILL_SHARE)
        if settled or round_ == _ROUNDS - 1:
            return place, spread, near, told, settled
    return None


def _pixels_about(light: F32, corners_px: Array, n: int) -> tuple[F32, F32, F32]:
    """Columns, rows and light of the pixels over the tag and half a cell round it, thinned on a slanted lattice."""
    rows, columns = light.shape
    pad = np.ptp(corners_px, axis=0).max() / n
    left, top = np.maximum(np.floor(corners_px.min(axis=0) - pad), 0).astype(int)
    right, bottom = np.minimum(np.ceil(corners_px.max(axis=0) + pad), (columns - 1, rows - 1)).astype(int) + 1
    if right - left < 4 or bottom - top < 4:
        none = np.empty(0, np.float32)
        return none, none, none
    every = max(1, int((right - left) * (bottom - top) // (4 * MOST_PIXELS)))
    if (right - left) % every == 0 and every > 1:
        right -= 1  # or the same columns would be taken in every row
    at = np.arange(0, (right - left) * (bottom - top), every, dtype=np.int32)
    y, x = np.divmod(at, np.int32(right - left))
    y, x = y + top, x + left
    return x.astype(np.float32), y.astype(np.float32), light[y, x].astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Told:
    """One step from where it was asked, and what weight each pixel had."""

    step: Array
    inverse: Array
    weighed: F32
    rest: F32
    block: NDArray[np.int32]
    black: float
    white: float
    residual: float
    share: float


@dataclass(frozen=True, slots=True)
class _Looked:
    """The pixels about one tag; x and y in the fit's own scale."""

    cells: F32
    x: F32
    y: F32
    values: F32
    scale: float
    own_px2: float

    @property
    def most_px2(self) -> float:
        """A spread of half a cell: beyond it the pattern is not seen any more."""
        return (self.scale / (len(self.cells) - 2)) ** 2

    def near_lines(self, place: Array, spread: Array, most: int) -> _Near | None:
        """Those that see a line of the pattern, at most so many; None where they are too few to tell anything."""
        n = len(self.cells) - 2
        u, v, depth = cells_of(place, self.x, self.y)
        line_u, line_v = np.rint(u), np.rint(v)
        stretch_u, stretch_v = stretch(place, u, v, depth, self.scale)
        inside = (line_u >= 0) & (line_u <= n) & (line_v >= 0) & (line_v <= n)
        i = np.where(inside, line_u, 0).astype(np.int32) + 1
        j = np.where(inside, line_v, 0).astype(np.int32) + 1
        p00, p10 = self.cells[j - 1, i - 1], self.cells[j - 1, i]
        p01, p11 = self.cells[j, i - 1], self.cells[j, i]
        band = max(_LEAST_BAND_PX, _BAND * math.sqrt(max(spread[0], spread[2])))
        near_u = (np.abs(u - line_u) * stretch_u < band) & ((p00 != p10) | (p01 != p11))
        near_v = (np.abs(v - line_v) * stretch_v < band) & ((p00 != p01) | (p10 != p11))
        chosen = np.flatnonzero(inside & (near_u | near_v))
        if len(chosen) < _FEWEST:
            return None
        chosen = chosen[:: len(chosen) // most + 1]
        return _Near(
            n=n,
            x=self.x[chosen],
            y=self.y[chosen],
            values=self.values[chosen],
            line_u=line_u[chosen],
            line_v=line_v[chosen],
            corner=np.stack([p00, p10 - p00, p01 - p00, p11 - p10 - p01 + p00])[:, chosen],
            scale=self.scale,
            own_px2=self.own_px2,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Near:
    """Pixels near lines: where they are, their light, which lines they are nearest to, and how the pattern steps there.

    corner (4, k): the cell up and left of the crossing, its steps to the right and down, and what both together add.
    """

    n: int
    x: F32
    y: F32
    values: F32
    line_u: F32
    line_v: F32
    corner: F32
    scale: float
    own_px2: float

    def solve(self, place: Array, spread: Array, patience: float) -> _Told | None:
        """One step of Gauss and Newton of all seventeen numbers. patience: how much wider Tukey's gate is than usual."""
        u, v, depth = cells_of(place, self.x, self.y)
        stretch_u, stretch_v = stretch(place, u, v, depth, self.scale)
        normals = normals_of(place, self.n)
        shown, by_u, by_v, widths = self._seen(
            (u - self.line_u) * stretch_u, (v - self.line_v) * stretch_v, spread, normals
        )
        middle_u, middle_v = (
            u / np.float32(self.n) - np.float32(0.5),
            v / np.float32(self.n) - np.float32(0.5),
        )
        lit = np.stack(
            [np.ones_like(shown), middle_u, middle_v, shown, shown * middle_u, shown * middle_v], axis=1
        )
        lamp = _lamp(lit, self.values, patience)
        if lamp is None:
            return None
        rest = self.values - lit @ lamp.astype(np.float32)
        contrast = (lamp[3] + lamp[4] * middle_u + lamp[5] * middle_v).astype(np.float32)
        to_u, to_v = (
            contrast * by_u * stretch_u / depth,
            contrast * by_v * stretch_v / depth,
        )
        far = -(to_u * u + to_v * v)
        columns = np.empty((len(rest), 17), np.float32)
        for number, column in enumerate(
            (
                to_u * self.x,
                to_u * self.y,
                to_u,
                to_v * self.x,
                to_v * self.y,
                to_v,
                far * self.x,
                far * self.y,
            )
        ):
            columns[:, number] = column
        columns[:, LIGHT] = lit
        columns[:, SPREAD] = contrast[:, None] * (widths @ _moments(*normals).astype(np.float32))
        weight, scatter = _weights(rest, patience, _LEAST_SCATTER * abs(float(lamp[3])))
        weighed = columns * weight[:, None]
        normal = (weighed.T @ columns).astype(float)
        size = np.sqrt(np.maximum(np.diag(normal), 1e-30))
        try:
            inverse = np.linalg.inv(normal / np.outer(size, size) + 1e-9 * np.eye(17)) / np.outer(size, size)
        except np.linalg.LinAlgError:
            return None
        return _Told(
            step=inverse @ (weighed.T @ rest).astype(float),
            inverse=inverse,
            weighed=weighed,
            rest=rest,
            block=(self.line_v * (self.n + 1) + self.line_u).astype(np.int32),
            black=float(lamp[0]),
            white=float(lamp[0] + lamp[3]),
            residual=scatter,
            share=float(np.mean(weight > 0.0)),
        )

    def _seen(
        self, away_u: F32, away_v: F32, spread: Array, normals: tuple[Array, Array]
    ) -> tuple[F32, F32, F32, F32]:
        """The pattern as it is seen (1 white, 0 black), how it changes with the distances from the lines of u and of v, and
        with the three moments (k, 3).

        Across two lines at once a spread is the product of both but for their common moment, to first order in it. That holds
        for a short streak; a long one is laid in pieces.
        """
        narrow = max(narrowest(spread), LEAST_SPREAD_PX2)
        disc_px2 = max(narrow - self.own_px2, 0.0)
        streak = _streak(spread)
        pieces = min(_MOST_PIECES, max(1, math.ceil(float(np.hypot(*streak)) / (_PIECE * math.sqrt(narrow)))))
        ends = np.array([normals[0] @ streak, normals[1] @ streak])
        piece = ends / pieces
        across_u, across_v = narrow + piece**2 / 12.0
        both = np.float32(narrow * (normals[0] @ normals[1]) + piece[0] * piece[1] / 12.0)
        first, right, down, twist = self.corner
        shown, by_u, by_v = np.zeros_like(away_u), np.zeros_like(away_u), np.zeros_like(away_u)
        widths = np.zeros((len(away_u), 3), np.float32)
        for number in range(pieces):
            shift = ((number + 0.5) / pieces - 0.5) * ends
            step_u, slope_u, wide_u = profiles(
                across_u, disc_px2, self.own_px2, away_u - np.float32(shift[0])
            )
            step_v, slope_v, wide_v = profiles(
                across_v, disc_px2, self.own_px2, away_v - np.float32(shift[1])
            )
            gain_u, gain_v = right + step_v * twist, down + step_u * twist
            crossed = twist * slope_u * slope_v
            shown += first + gain_u * step_u + down * step_v + both * crossed
            by_u += gain_u * slope_u
            by_v += gain_v * slope_v
            widths += np.stack([gain_u * wide_u, gain_v * wide_v, crossed], axis=1)
        share = np.float32(1.0 / pieces)
        return shown * share, by_u * share, by_v * share, widths * share

    def covariance(self, told: _Told) -> Array:
        """Of the seventeen numbers. Pixels nearest to one crossing may be wrong together: compression, grain, a crease."""
        order = np.argsort(told.block, kind="stable")
        starts = np.flatnonzero(np.diff(told.block[order], prepend=-1))
        pulls = np.add.reduceat((told.weighed * told.rest[:, None])[order].astype(float), starts, axis=0)
        freedom = len(starts) / max(len(starts) - 17, 1)
        together = told.inverse @ (pulls.T @ pulls) @ told.inverse * freedom
        return _larger(together, told.inverse * told.residual**2)


def _moments(nu: Array, nv: Array) -> Array:
    """From Σxx, Σxy, Σyy to the moments across u, across v, and of both: (3, 3)."""
    return np.array(
        [
            [nu[0] ** 2, 2 * nu[0] * nu[1], nu[1] ** 2],
            [nv[0] ** 2, 2 * nv[0] * nv[1], nv[1] ** 2],
            [nu[0] * nv[0], nu[0] * nv[1] + nu[1] * nv[0], nu[1] * nv[1]],
        ]
    )


def _lamp(columns: F32, values: F32, patience: float) -> Array | None:
    """The light by least squares; then again with what does not belong left out."""
    weight = np.ones(len(values), np.float32)
    lamp = np.zeros(columns.shape[1])
    for _ in range(3 if math.isfinite(patience) else 1):
        weighed = columns * weight[:, None]
        normal = (weighed.T @ columns).astype(float) + 1e-9 * np.eye(columns.shape[1])
        try:
            lamp = np.linalg.solve(normal, (weighed.T @ values).astype(float))
        except np.linalg.LinAlgError:
            return None
        weight = _weights(
            values - columns @ lamp.astype(np.float32), patience, _LEAST_SCATTER * abs(float(lamp[3]))
        )[0]
    return lamp


def _weights(rest: F32, patience: float, least: float) -> tuple[F32, float]:
    """Tukey's weights, and the robust scatter: never under what the model itself is good for, or rejecting feeds itself."""
    scatter = max(1.4826 * float(np.median(np.abs(rest))), least, 1e-6)
    inner = np.minimum(np.abs(rest) / np.float32(_TUKEY * patience * scatter), np.float32(1.0))
    return (np.float32(1.0) - inner * inner) ** 2, scatter


def _larger(one: Array, other: Array) -> Array:
    """The covariance `one`, grown so that no variance is under `other`'s."""
    grow = np.sqrt(np.maximum(np.diag(other) / np.maximum(np.diag(one), 1e-30), 1.0))
    grown: Array = one * np.outer(grow, grow)
    return grown


def narrowest(spread: Array) -> float:
    """The least second moment over all directions."""
    return float((spread[0] + spread[2]) / 2 - math.hypot((spread[0] - spread[2]) / 2, spread[1]))


def _streak(spread: Array) -> Array:
    """The streak that is in a spread: what is wider in one direction than in the other, as a line in pixels (2,)."""
    lengthwise, slanted = (spread[0] - spread[2]) / 2, spread[1]
    length, angle = math.sqrt(24.0 * math.hypot(lengthwise, slanted)), 0.5 * math.atan2(slanted, lengthwise)
    return np.array([math.cos(angle), math.sin(angle)]) * length


def _real(spread: Array, before: Array) -> Array:
    """Second moments that a spread can have, and not less than a third of what was thought: narrow lines lose their hold."""
    values, axes = np.linalg.eigh([[spread[0], spread[1]], [spread[1], spread[2]]])
    least = max(LEAST_SPREAD_PX2, narrowest(before) / 3.0)
    made = (axes * np.maximum(values, least)) @ axes.T
    return np.array([made[0, 0], made[0, 1], made[1, 1]])
