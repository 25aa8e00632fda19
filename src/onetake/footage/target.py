"""A target of known size without a tag: picked once in one picture, then followed.

A helmet, a rig container, a stripe of tape: what is rigid, textured and seen squarely enough that its size in the picture is
its distance. It tells range as well as its size is known (a helmet to 2 %, so 17 mm at 3 ft), and of focus nothing, for nobody
knows how sharp its edges are.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onetake.errors import InputError
from onetake.footage.dailies import Dailies
from onetake.footage.libraries import opencv
from onetake.footage.optics import Optics
from onetake.footage.read import Codes, Film, Progress, open_film, pictures
from onetake.footage.subject import Look, dailies_of
from onetake.lens.framing import HEAD_HEIGHT_M

Array = NDArray[np.float64]

_POINTS, _FEWEST = 150, 12
_BACK_PX = 0.5  # a point that does not come back to where it was, from one picture to the other, was lost
_FIT_PX = 1.5  # points further off the common motion are not the target's
_REKEY = 0.12  # change of size after which the target is looked at anew
_LEAST_KEPT = 0.5
_MATCH_PX = 0.4  # by which the size is off beside what the scatter tells, 1 sigma: found on a made film, 1 % after seven looks anew
_WINDOW, _LEVELS = (25, 25), 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """A target picked in the picture at at_s: box_px left, top, right, bottom; height_m: what is as high as the box.

    eyes_behind_m: how much further from the camera the eyes are than the target, with eyes_sigma_m.
    """

    at_s: float
    box_px: tuple[float, float, float, float]
    height_m: float
    height_sigma_m: float
    eyes_behind_m: float = 0.0
    eyes_sigma_m: float = 0.01

    def __post_init__(self) -> None:
        left, top, right, bottom = self.box_px
        if not (right - left >= 16 and bottom - top >= 16):
            raise InputError(
                f"a box of {right - left:g} x {bottom - top:g} pixels is too small to follow; 16 at least"
            )
        if not (0.005 <= self.height_m <= 5.0 and 0.0 < self.height_sigma_m < self.height_m):
            raise InputError(
                f"a target {self.height_m} ± {self.height_sigma_m} m high; say its height, and an error above zero"
            )
        if not (
            abs(self.eyes_behind_m) < 3.0 and 0.0 <= self.eyes_sigma_m < 1.0 and math.isfinite(self.at_s)
        ):
            raise InputError("eyes that far from the target are not those of who wears it")


def follow(
    film: Film | str | os.PathLike[str],
    picked: Picked,
    optics: Optics,
    *,
    to_s: float = math.inf,
    progress: Progress | None = None,
) -> Dailies:
    """Range of a picked target in every picture from the one it was picked in.

    Columns of focus and attitude are NaN, the call is `cannot_tell`. Raises ReadError, and InputError where the box shows
    nothing that can be followed or the optics are of another size of picture.
    """
    opened = film if isinstance(film, Film) else open_film(film)
    if (opened.width_px, opened.height_px) != (optics.width_px, optics.height_px):
        raise InputError(
            f"the film's pictures are {opened.width_px} x {opened.height_px}, the optics are for {optics.width_px} x "
            f"{optics.height_px}"
        )
    tracker: _Tracker | None = None
    looks = []
    for picture in pictures(opened, from_s=picked.at_s, to_s=to_s, progress=progress):
        gray = _gray(picture.luma, opened.bits)
        if tracker is None:
            tracker = _Tracker(gray, picked)
        else:
            tracker.step(gray)
        row, why = _row(tracker, picked, optics)
        looks.append(Look(number=picture.number, time_s=picture.time_s, why=why, row=row))
    if not looks:
        raise InputError(f"{opened.path}: no picture at {picked.at_s:g} s, where the target was picked")
    return dailies_of(opened.path.name, optics, looks)


class _Tracker:
    """The target against the picture it was last looked at anew: its size and place, and the error of its size."""

    def __init__(self, gray: NDArray[np.uint8], picked: Picked) -> None:
        left, top, right, bottom = picked.box_px
        self.middle = np.array([(left + right) / 2, (top + bottom) / 2])
        self.size = np.array([right - left, bottom - top])
        self.scale, self.key_scale = 1.0, 1.0
        self.sigma, self.key_sigma = 0.0, 0.0
        self.lost = False
        self._key(gray)
        if len(self.points) < _FEWEST:
            raise InputError(
                f"the box shows {len(self.points)} places that can be followed, {_FEWEST} are needed: pick something with texture"
            )

    def _key(self, gray: NDArray[np.uint8]) -> None:
        cv = opencv()
        half = self.size * self.scale / 2
        left, top = np.maximum(self.middle - half, 0).astype(int)
        right, bottom = np.minimum(self.middle + half, (gray.shape[1], gray.shape[0])).astype(int)
        mask = np.zeros_like(gray)
        mask[top:bottom, left:right] = 255
        found = cv.goodFeaturesToTrack(gray, _POINTS, 0.01, max(3.0, float(half.min()) / 12), mask=mask)
        self.points = np.empty((0, 2), np.float32) if found is None else found.reshape(-1, 2)
        self.gray, self.key_middle = gray, self.middle.copy()
        self.key_scale, self.key_sigma = self.scale, self.sigma
        self.guess = self.points.copy()

    def step(self, gray: NDArray[np.uint8]) -> None:
        """Follow into the next picture; `lost` where it cannot be found there."""
        cv = opencv()
        asked: dict[str, Any] = {"winSize": _WINDOW, "maxLevel": _LEVELS}
        there, good, _ = cv.calcOpticalFlowPyrLK(
            self.gray, gray, self.points, self.guess.copy(), flags=cv.OPTFLOW_USE_INITIAL_FLOW, **asked
        )
        back, returned, _ = cv.calcOpticalFlowPyrLK(
            gray, self.gray, there, self.points.copy(), flags=cv.OPTFLOW_USE_INITIAL_FLOW, **asked
        )
        kept = (
            (np.ravel(good) > 0)
            & (np.ravel(returned) > 0)
            & (np.linalg.norm(back - self.points, axis=1) < _BACK_PX)
        )
        self.lost = int(np.count_nonzero(kept)) < _FEWEST
        if self.lost:
            return
        move, inside = cv.estimateAffinePartial2D(
            self.points[kept], there[kept], method=cv.RANSAC, ransacReprojThreshold=_FIT_PX
        )
        chosen = np.ravel(inside) > 0 if inside is not None else np.zeros(1, bool)
        self.lost = move is None or int(np.count_nonzero(chosen)) < _FEWEST
        if self.lost:
            return
        turn = np.asarray(move[:, :2], float)
        grown = math.sqrt(abs(float(np.linalg.det(turn))))
        self.guess = (self.points @ turn.T + move[:, 2]).astype(np.float32)
        self.middle = turn @ self.key_middle + move[:, 2]
        self.scale = self.key_scale * grown
        rest = (self.guess[kept] - there[kept])[chosen]
        spread = float(
            np.sqrt(np.sum((self.points[kept][chosen] - self.points[kept][chosen].mean(axis=0)) ** 2))
        )
        scatter = float(np.sqrt(np.mean(rest**2)))
        # new in each picture, and what all points share: as if the target's two ends were each that far off
        here = math.hypot(
            scatter / max(spread, 1.0), _MATCH_PX / max(float(self.size.min()) * self.key_scale, 1.0)
        )
        self.sigma = math.hypot(self.key_sigma, here)
        if abs(grown - 1.0) > _REKEY or np.count_nonzero(chosen) < _LEAST_KEPT * len(self.points):
            self._key(gray)


def _row(tracker: _Tracker, picked: Picked, optics: Optics) -> tuple[dict[str, Any], str]:
    if tracker.lost:
        return {}, "the target cannot be followed"
    height_px = float(tracker.size[1]) * tracker.scale
    middle = optics.straighten(tracker.middle.reshape(1, 2))[0]
    ray = np.append((middle - optics.centre_px) / optics.focal_px, 1.0)
    depth_m = picked.height_m * optics.focal_px[1] / height_px
    sigma_m = depth_m * tracker.sigma
    eyes = ray * (depth_m + picked.eyes_behind_m)
    seen = eyes + np.array([0.0, 0.0, optics.pupil_offset_m])
    bias_m = math.hypot(
        depth_m * math.hypot(picked.height_sigma_m / picked.height_m, optics.focal_sigma_share),
        optics.pupil_sigma_m,
        picked.eyes_sigma_m,
    )
    return {
        "range_m": float(np.linalg.norm(seen)),
        "range_sigma_m": sigma_m,
        "range_bias_m": bias_m,
        "eyes_camera_m": seen,
        "eyes_sigma_m": np.abs(ray) * sigma_m,
        "bearing_rad": math.atan2(eyes[0], eyes[2]),
        "elevation_rad": math.atan2(-eyes[1], math.hypot(eyes[0], eyes[2])),
        "target_px": height_px,
        "size_share": HEAD_HEIGHT_M * optics.focal_px[1] / (eyes[2] * optics.height_px),
    }, ""  # fmt: skip


def _gray(luma: Codes, bits: int) -> NDArray[np.uint8]:
    return np.ascontiguousarray(luma if bits == 8 else (luma >> (bits - 8)).astype(np.uint8))
