"""Seconds of a flown take as a film: the tag on the subject's helmet by exact projection, with the lens's own disc, the streak
of his motion, grain and H.264. The answer is known because the take is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import films
import numpy as np
import tags
from numpy.typing import NDArray
from through_lens import Q_BODY_FROM_TAG, Seen

from onetake.axes import compose, rotate
from onetake.footage.optics import Calibration
from onetake.footage.tag import Tag
from onetake.judge.glass import Glass
from onetake.lens.focus import image_distance_m, pupil_from_datum_m
from onetake.trace import Array

GRAIN = 0.004
SHUTTER = 0.5  # of the time between pictures


def shoot(
    path: Path,
    seen: Seen,
    glass: Glass,
    tag: Tag,
    at_s: Array,
    *,
    width_px: int,
    hidden_s: tuple[float, float],
) -> Path:
    """Film what the camera saw at even times at_s, a hand before the tag between two of them."""
    rate = Fraction(1.0 / float(at_s[1] - at_s[0])).limit_denominator(1001)
    return films.write(path, _pictures(seen, glass, tag, at_s, width_px, hidden_s), rate=rate)


def scenes_of(seen: Seen, glass: Glass, tag: Tag, at_s: Array, width_px: int) -> list[tags.Scene]:
    """The tag before the lens at these times."""
    lens, camera = glass.lens, glass.camera
    base = tags.Scene(
        width_px=width_px, height_px=round(width_px * camera.height_m / camera.width_m), width_m=camera.width_m,
        focal_m=lens.focal_m, f_number=lens.f_number, side_m=tag.side_m, number=tag.number or 0,
    )  # fmt: skip

    def at(rows: Array, when_s: Array) -> Array:
        return np.stack([np.interp(when_s, seen.time_s, row) for row in rows.T], axis=-1)

    def middle(when_s: Array) -> tuple[Array, Array]:
        q = compose(at(seen.q_camera_from_body, when_s), np.broadcast_to(Q_BODY_FROM_TAG, (len(when_s), 4)))
        q = q / np.linalg.norm(q, axis=1, keepdims=True)
        eyes = at(seen.eyes_m, when_s) - [0.0, 0.0, lens.pupil_offset_m]
        return eyes - rotate(q, np.broadcast_to(tag.eyes_m, eyes.shape)), q

    place, q = middle(at_s)
    later, _ = middle(at_s + 0.01)
    angle = 2.0 * np.arctan2(np.linalg.norm(q[:, 1:], axis=1), q[:, 0])
    turn = q[:, 1:] / np.maximum(np.linalg.norm(q[:, 1:], axis=1, keepdims=True), 1e-12) * angle[:, None]
    focus = np.asarray(pupil_from_datum_m(lens, at(seen.focus_m[:, None], at_s)[:, 0]))
    open_s = SHUTTER * float(at_s[1] - at_s[0])
    made = []
    for k in range(len(at_s)):
        one = replace(
            base, tag_pupil_m=tuple(place[k].tolist()), turn=tuple(turn[k].tolist()), focus_pupil_m=float(focus[k])
        )  # fmt: skip
        moved = (later[k, :2] / later[k, 2] - place[k, :2] / place[k, 2]) * one.focal_px / 0.01
        made.append(replace(one, motion_px=tuple((moved * open_s).tolist())))
    return made


def calibration(seen: Seen, glass: Glass, at_s: Array, width_px: int) -> Calibration:
    """What a checkerboard clip at the focus of these seconds would tell of the lens, to a fifth of a per cent."""
    focus_m = float(np.median(np.interp(at_s, seen.time_s, seen.focus_m)))
    set_m = float(pupil_from_datum_m(glass.lens, focus_m))
    focal_px = float(image_distance_m(set_m, glass.lens.focal_m)) / glass.camera.width_m * width_px
    height_px = round(width_px * glass.camera.height_m / glass.camera.width_m)
    return Calibration(
        width_px=width_px, height_px=height_px, focal_px=(focal_px, focal_px), centre_px=((width_px - 1) / 2, (height_px - 1) / 2),
        distortion=(0.0,) * 5, focal_sigma_px=0.002 * focal_px, residual_px=0.1, views=30, own_px=math.sqrt(tags.Scene().own_px2),
        own_sigma_px=0.03,
    )  # fmt: skip


def _pictures(
    seen: Seen, glass: Glass, tag: Tag, at_s: Array, width_px: int, hidden_s: tuple[float, float]
) -> Iterator[NDArray[np.uint8]]:
    scenes = scenes_of(seen, glass, tag, at_s, width_px)
    behind = films.sky(scenes[0])
    for k, (when_s, one) in enumerate(zip(at_s, scenes, strict=True)):
        made = films.picture(one, behind, noise=GRAIN, seed=k)
        if hidden_s[0] <= when_s <= hidden_s[1]:
            cv2.circle(
                made,
                one.corners_px.mean(axis=0).astype(int).tolist(),
                int(0.8 * np.ptp(one.corners_px)),
                120,
                -1,
            )
        yield made
