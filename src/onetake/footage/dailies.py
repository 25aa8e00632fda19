"""Dailies: what the pictures of one film tell of the subject, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from onetake.errors import InputError

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Words = NDArray[np.str_]

SHARP, SOFT, CANNOT_TELL = "sharp", "soft", "cannot_tell"
_VECTORS = {"eyes_camera_m": 3, "eyes_sigma_m": 3, "q_camera_from_target": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dailies:
    """One film, measured: arrays (n,) over its frames, NaN where a frame tells nothing. Every sigma is 1 sigma.

    file: the film's name; criterion, circle_m: the circle of confusion, by name and on the sensor.
    width_px, height_px: of the recorded picture, which every `_px` counts in.

    number: of the frame in the film, from 0; time_s: on the film's own clock, 0 at its first picture, as the container has it
    (which moment of the exposure that is, within a picture, it does not say).
    range_m: image plane to the subject's eyes, straight (as a tape). range_sigma_m: new in each frame;
    range_bias_m: 1 sigma of what all frames share (size of the target, focal length, offsets): it does not average out.
    eyes_camera_m, eyes_sigma_m (n, 3): the eyes in camera axes right-down-forward, from the image plane's centre.
    bearing_rad (right positive), elevation_rad (up positive): of the eyes from the entrance pupil, off the optical axis.
    q_camera_from_target (n, 4): attitude (w, x, y, z) of the target's axes (right-down-into it, as it is looked at).
    target_px: mean side of the target in the picture. size_share: head height over picture height.
    edge_width_px, edge_width_sigma_px: 10 to 90 % width of the target's own edges, across their narrowest direction.
    disc_px, disc_sigma_px: diameter of the defocus disc on the target, motion and the picture's own softness taken off.
    blur_m, blur_sigma_m: the same disc at the eyes, on the sensor.
    motion_blur_px, motion_blur_sigma_px: length of the smear during exposure; motion_rad: its direction in the picture,
    0 along rows, positive downwards, modulo pi.
    p_sharp: probability that the disc at the eyes is inside the circle.
    call: `sharp` (p_sharp at least 0.95), `soft` (at most 0.05) or `cannot_tell`.
    judgeable: whether the frame is a witness at all, of range and focus (of a picked target without a tag: of range); why:
    what stands in the way, else empty.
    """

    file: str
    criterion: str
    circle_m: float
    width_px: int
    height_px: int
    number: NDArray[np.int64]
    time_s: Array
    range_m: Array
    range_sigma_m: Array
    range_bias_m: Array
    eyes_camera_m: Array
    eyes_sigma_m: Array
    bearing_rad: Array
    elevation_rad: Array
    q_camera_from_target: Array
    target_px: Array
    size_share: Array
    edge_width_px: Array
    edge_width_sigma_px: Array
    disc_px: Array
    disc_sigma_px: Array
    blur_m: Array
    blur_sigma_m: Array
    motion_blur_px: Array
    motion_blur_sigma_px: Array
    motion_rad: Array
    p_sharp: Array
    call: Words
    judgeable: Flags
    why: Words

    def __post_init__(self) -> None:
        n = len(self.time_s)
        if n and not np.all(np.diff(self.time_s) > 0):
            raise InputError(f"{self.file}: the times of its frames do not increase")
        for one in fields(self):
            column = getattr(self, one.name)
            if not isinstance(column, np.ndarray):
                continue
            shape = (n, _VECTORS[one.name]) if one.name in _VECTORS else (n,)
            if column.shape != shape:
                raise InputError(
                    f"{self.file}: {one.name} has the shape {column.shape}, but {shape} is wanted"
                )
            column.setflags(write=False)

    def __len__(self) -> int:
        return len(self.time_s)
