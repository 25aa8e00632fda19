"""Rushes: whole takes of a tag that moves as a man in the air does, written by H.264, with all that spoils a picture.

Pictures are the window of a 4K picture in which the tag is: the same pixels, without the sky round them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import films
import numpy as np
import stage
import tags
from numpy.typing import NDArray

from onetake.footage.dailies import Dailies
from onetake.footage.optics import Calibration, Optics, optics_of
from onetake.footage.subject import watch

Array = NDArray[np.float64]
LEFT, TOP, WIDTH, HEIGHT = 1408, 640, 1280, 880  # of the window
SPOILED = ("clean", "smeared", "rolling", "covered", "grainy")
CENTRE = ((stage.BODY.width_px - 1) / 2 - LEFT, (stage.BODY.height_px - 1) / 2 - TOP)


@dataclass(frozen=True)
class Rushes:
    """A take: its pictures' scenes, and how they are spoiled."""

    scenes: tuple[tags.Scene, ...]
    spoiled: str

    @property
    def range_m(self) -> Array:
        """Image plane to the tag's middle, in a straight line."""
        return np.array(
            [np.linalg.norm(np.add(one.tag_pupil_m, (0, 0, stage.PUPIL_M))) for one in self.scenes]
        )

    @property
    def disc_px(self) -> Array:
        """Of defocus, on the tag."""
        return np.array([one.disc_px for one in self.scenes])


def rushes(range_m: Sequence[float], spoiled: str, seed: int) -> Rushes:
    """A take at these ranges, one a picture: the tag drifts and turns smoothly, as it happens."""
    rng = np.random.default_rng(seed)
    n = len(range_m)
    time = np.arange(n) / 24.0

    def wander(size: float, hz: float) -> Array:
        waves = sum(
            np.sin(2 * math.pi * rng.uniform(0.3, 1.0) * hz * time + rng.uniform(0, 2 * math.pi))
            for _ in range(3)
        )
        return size * np.asarray(waves) / math.sqrt(1.5)

    turn = np.stack([rng.normal(0, 0.12) + wander(0.05, 1.0) for _ in range(3)], axis=1)
    side = np.stack([wander(0.025, 0.8), wander(0.018, 0.8)], axis=1)
    moved = np.gradient(side, time, axis=0) if n > 1 else np.zeros_like(side)
    scenes = []
    for k, distance in enumerate(range_m):
        depth = math.sqrt(distance**2 - float(side[k] @ side[k])) - stage.PUPIL_M
        base = tags.Scene(tag_pupil_m=(*side[k].tolist(), depth), turn=tuple(turn[k].tolist()))
        px_s = moved[k] * base.focal_px / depth
        motion = px_s / 48.0 if spoiled == "smeared" else np.zeros(2)  # a shutter of 180 degrees
        rolling = px_s * 0.012 if spoiled == "rolling" else np.zeros(2)  # read in 12 ms
        scenes.append(replace(base, motion_px=tuple(motion.tolist()), rolling_px=tuple(rolling.tolist())))
    return Rushes(tuple(scenes), spoiled)


def pictures(take: Rushes, seed: int) -> Iterator[NDArray[np.uint8]]:
    """The windows, in codes."""
    behind = stage.behind()[TOP : TOP + HEIGHT, LEFT : LEFT + WIDTH]
    rng = np.random.default_rng(seed)
    noise = 0.012 if take.spoiled == "grainy" else 0.004
    for k, one in enumerate(take.scenes):
        light, left, top = tags.patch(one)
        made = behind.copy()
        rows, columns = light.shape
        shown = films.codes(light + rng.normal(0.0, noise, light.shape) * np.sqrt(0.3 + light))
        y, x = top - TOP, left - LEFT
        made[max(y, 0) : y + rows, max(x, 0) : x + columns] = shown[max(-y, 0) :, max(-x, 0) :][: HEIGHT - max(y, 0), : WIDTH - max(x, 0)]  # fmt: skip
        if take.spoiled == "covered" and k % 12 >= 4:  # a hand comes and goes over a corner
            corner = one.corners_px[k // 12 % 4] - (LEFT, TOP)
            at = corner.astype(int)
            made[max(at[1] - 70, 0) : at[1] + 70, max(at[0] - 60, 0) : at[0] + 60] = 140
        yield made


def optics(own_sigma_px: float = 0.03, criterion: str = "D/1500") -> Optics:
    """Of the window: the tests' camera, calibrated to a twentieth of a per cent."""
    one = tags.Scene()
    known = Calibration(
        width_px=WIDTH, height_px=HEIGHT, focal_px=(one.focal_px, one.focal_px), centre_px=CENTRE, distortion=(0.0,) * 5,
        focal_sigma_px=one.focal_px * 0.0005, residual_px=0.1, views=30, own_px=math.sqrt(one.own_px2), own_sigma_px=own_sigma_px,
    )  # fmt: skip
    return optics_of(
        stage.LENS, stage.BODY, WIDTH, HEIGHT, calibration=known, focus_datum_m=stage.LENS.minimum_focus_m, criterion=criterion
    )  # fmt: skip


def seen(take: Rushes, path: Path, seed: int, crf: int = 18) -> Dailies:
    """Written as a film, read back and measured."""
    films.write(path, pictures(take, seed), options={"preset": "veryfast", "crf": str(crf)})
    return watch(path, stage.TAG, optics())
