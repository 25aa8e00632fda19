"""On film: what the pictures show of focus, frame and face, at every moment and with what a hole in the film leaves open.

Where the eyes stand in the picture and how wide a disc they become each wander as something that is pushed by accelerations
nobody foresees; read again and again they are known, unread they soon are not (`smooth.wandering`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from onetake.errors import InputError
from onetake.rehearse.smooth import Reading, alone, smooth, wandering
from onetake.take import OnFilm
from onetake.trace import Array

LASTS_S = 0.5  # of one push
# What moves the eyes in the picture, 1 sigma: three times what the flown takes of the examples do (0.12 to 0.25 rad/s²), for
# heads turn as well; and how far off an operator's aim may be when nothing shows them (assumed)
TOWARD_RAD_S2, ANYWHERE_RAD = 0.6, 0.4
# What moves the focus off the eyes, in dioptres: twice what flown takes of the dusk jump do at three feet, rack and all
DEFOCUS_DPT_S2, ANY_FOCUS_DPT = 2.0, 1.0
TURNS_RAD_S, ANY_WAY_RAD = (
    1.0,
    2.0,
)  # how fast a head may turn while nobody sees it, and the most that this leaves open
_UNIT_M = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """What the pictures of a film show besides a range, one row a picture, as in `OnFilm`.

    toward_sigma_rad (n,): new in each picture; blur_sigma_m (n,): as if it were the same in all (softness, the side of the
    focus and what compression does are); turn_sigma_rad (n,): how well the target is known to sit on the head, and its
    attitude; image_m (n,). gain_m: how wide a disc on the sensor one dioptre off the focus makes.
    """

    bearing_rad: Array
    elevation_rad: Array
    toward_sigma_rad: Array
    blur_m: Array
    blur_sigma_m: Array
    q_camera_from_body: Array
    turn_sigma_rad: Array
    image_m: Array
    gain_m: float

    def __post_init__(self) -> None:
        n = self.count
        rows = (
            self.bearing_rad, self.elevation_rad, self.toward_sigma_rad, self.blur_m, self.blur_sigma_m,
            self.turn_sigma_rad, self.image_m, *self.q_camera_from_body.T,
        )  # fmt: skip
        if any(row.shape != (n,) or not np.all(np.isfinite(row)) for row in rows):
            raise InputError(
                "what a film shows must be told of each of its pictures; leave out those that tell nothing"
            )
        if not (np.all(self.image_m > 0) and self.gain_m > 0):
            raise InputError("a film by a lens with its picture before it")

    @property
    def count(self) -> int:
        """Of pictures."""
        return len(self.bearing_rad)


def on_film(frames: Frames, read_s: Array, time_s: Array, *, clock_s: float, instrument: str) -> OnFilm:
    """What pictures read at read_s (n,) show at the evenly spaced time_s (m,), with what their holes leave open."""
    step_s = float(time_s[1] - time_s[0])
    anywhere = (read_s, time_s, step_s, ANYWHERE_RAD, TOWARD_RAD_S2)
    bearing, toward, toward_keep = _wandered(frames.bearing_rad, frames.toward_sigma_rad, *anywhere)
    elevation, _, _ = _wandered(frames.elevation_rad, frames.toward_sigma_rad, *anywhere)
    micro = frames.gain_m / _UNIT_M
    blurred = (read_s, time_s, step_s, ANY_FOCUS_DPT * micro, DEFOCUS_DPT_S2 * micro)
    discs = frames.blur_m / _UNIT_M
    # what jumps from picture to picture is new in each; all the rest may be the same in all
    blur, own, blur_keep = _wandered(discs, np.full(frames.count, _jumps(discs)), *blurred)
    after = np.clip(np.searchsorted(read_s, time_s), 1, max(len(read_s) - 1, 1))
    before = after - 1
    after = np.minimum(after, len(read_s) - 1)
    hole_s = np.minimum(np.abs(time_s - read_s[before]), np.abs(time_s - read_s[after]))
    q = frames.q_camera_from_body
    q = q * np.cumprod(np.append(1.0, np.where(np.sum(q[1:] * q[:-1], axis=1) < 0, -1.0, 1.0)))[:, None]
    turned = np.stack([np.interp(time_s, read_s, part) for part in q.T], axis=-1)
    turn = np.interp(time_s, read_s, frames.turn_sigma_rad)
    return OnFilm(
        time_s=time_s,
        bearing_rad=bearing,
        elevation_rad=elevation,
        toward_sigma_rad=toward,
        toward_keep=toward_keep,
        blur_m=blur * _UNIT_M,
        blur_shared_sigma_m=np.interp(time_s, read_s, frames.blur_sigma_m),
        blur_sigma_m=own * _UNIT_M,
        blur_keep=blur_keep,
        q_camera_from_body=turned / np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9),
        turn_sigma_rad=np.minimum(np.hypot(turn, TURNS_RAD_S * hole_s), ANY_WAY_RAD),
        read=(hole_s <= _between_s(read_s)).astype(float),
        image_m=np.interp(time_s, read_s, frames.image_m),
        clock_s=clock_s,
        instrument=instrument,
    )


def _between_s(read_s: Array) -> float:
    """From one picture to the next, usually."""
    return float(np.median(np.diff(read_s))) if len(read_s) > 1 else 0.0


def _wandered(
    values: Array, sigmas: Array, read_s: Array, time_s: Array, step_s: float, size: float, pushed: float
) -> tuple[Array, Array, Array]:
    """Something read at read_s with errors that are new each time, at time_s: with its error and how much of that stays."""
    begin, step, noise = wandering(size, 2.0 * LASTS_S * pushed**2, step_s)
    usual = float(np.median(values))
    readings: list[list[Reading]] = [[] for _ in time_s]
    for at_s, value, sigma in zip(read_s, values, sigmas, strict=True):
        tick = round((float(at_s) - float(time_s[0])) / step_s)
        if 0 <= tick < len(time_s):  # read a little before or after the tick: by its rate
            row = np.array([1.0, float(at_s) - float(time_s[tick])])
            readings[tick].append((row, float(value) - usual, float(sigma) ** 2))
    state, spread, joint = smooth(np.zeros(2), begin, step, np.tile(noise, (len(time_s), 1, 1)), readings)
    return state[:, 0] + usual, *alone(spread[:, 0, 0], joint[:, 0, 0])


def _jumps(values: Array) -> float:
    """How much of a row is new in each picture, 1 sigma, by what its neighbours do not foretell."""
    if len(values) < 3:
        return 1.0
    return max(1.4826 * float(np.median(np.abs(np.diff(values, 2)))) / math.sqrt(6.0), 0.05)
