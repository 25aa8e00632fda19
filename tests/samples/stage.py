"""A camera whose every number is known, and the pictures it takes of a tag: for tests of range and focus."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import films
import numpy as np
import tags
from numpy.typing import NDArray

from onetake.footage.dailies import Dailies
from onetake.footage.optics import Optics, optics_of
from onetake.footage.read import Film, Picture
from onetake.footage.subject import Eye, dailies_of
from onetake.footage.tag import Tag
from onetake.lens.camera import CameraBody, Lens
from onetake.units import FT_M

PUPIL_M = 0.090
LENS = Lens(
    name="35 mm of the tests", focal_m=0.035, f_number=2.8, t_stop=3.0, minimum_focus_m=3 * FT_M, pupil_offset_m=PUPIL_M
)  # fmt: skip
BODY = CameraBody(name="4K of the tests", width_m=0.04096, height_m=0.0216, width_px=4096, height_px=2160)
TAG = Tag(side_m=0.10, number=7)


def scene(range_m: float, **changes: Any) -> tags.Scene:
    """A tag on the optical axis but for a little, so far from the image plane in a straight line."""
    side = np.array([0.02, -0.01])
    depth = math.sqrt(range_m**2 - float(side @ side)) - PUPIL_M
    return replace(tags.Scene(tag_pupil_m=(*side.tolist(), depth)), **changes)


def optics(of: tags.Scene, lens: Lens = LENS, **changes: Any) -> Optics:
    """The optics of the tests' camera, with its own softness as known as a calibration makes it."""
    known = {"focus_datum_m": 3 * FT_M, "own_px": math.sqrt(of.own_px2), "own_sigma_px": 0.02}
    return optics_of(lens, BODY, of.width_px, of.height_px, **(known | changes))


def film(of: tags.Scene) -> Film:
    """What such a film says of itself, where its pictures are handed over without being written."""
    return Film(
        path=Path("made.mov"), format="qt", codec="none", width_px=of.width_px, height_px=of.height_px, bits=8,
        rate=films.RATE, frames=None, duration_s=1.0, timecode=None, recorded_utc=None, transfer=1, full_range=False,
        interlaced=False, rotated_deg=0,
    )  # fmt: skip


@cache
def behind() -> NDArray[np.uint8]:
    """What is behind every tag."""
    return films.sky(tags.Scene())


def watched(
    scenes: list[tags.Scene], *, tag: Tag = TAG, seed: int = 0, spoil: Any = None, **changes: Any
) -> Dailies:
    """Dailies of one picture of each scene, handed over without compression; spoil: changes each picture's codes."""
    eye = Eye(film(scenes[0]), tag, optics(scenes[0], **changes))

    def look(number: int, one: tags.Scene) -> Any:
        made = films.picture(one, behind(), seed=seed + number)
        if spoil is not None:
            spoil(made, one)
        return eye.look(Picture(number, number / float(films.RATE), made, 0))

    return dailies_of("made.mov", eye.optics, (look(number, one) for number, one in enumerate(scenes)))
