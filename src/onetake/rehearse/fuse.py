"""Fuse: what receivers and pictures tell of one take, as one sighting of the subject's eyes from the image plane.

A receiver's distance is good to metres and always there; a picture's is good to millimetres and comes and goes. What joins
them is how two bodies move: the range and its rate, pushed by accelerations that nobody foresees, smoothed over all readings
before and after each moment. What the readings of one instrument share (the receivers' slow offset, the size of the target
in the picture) is estimated beside it, and what is left of it stands apart in the errors. What a picture shows besides,
focus, frame and face, no receiver tells: that is smoothed alone (`on_film`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from onetake.errors import InputError
from onetake.logbook.apart import Apart, apart_of
from onetake.rehearse.on_film import Frames, on_film
from onetake.rehearse.smooth import Reading, parted, smooth
from onetake.take import Sighting, Take
from onetake.trace import Array

STEP_S = 0.04  # of the take's clock, as the judge ticks
# Accelerations of two bodies against each other along the line between them, 1 sigma, and how long one lasts: in the first
# seconds they fall through another wind, then they fly. Flown takes of the examples are inside (lab/fused_takes.py)
HILL_S, HILL_M_S2, FLOWN_M_S2, LASTS_S = 15.0, 6.0, 2.0, 0.5
FAR = 4.0  # a receiver's distance is used where it is that many times its error: nearer, its length is no measure
EYES_M = (
    0.75  # the line between eyes and image plane against that between centres of mass, on sides nobody knows
)
AFTER_S = 5.0
_GNSS_S = 0.2  # between the receivers' readings that are used


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Ranges read in a film, image plane to the subject's eyes, on the take's clock; frames that tell nothing left out.

    time_s, range_m, sigma_m, shared_m (n,): sigma is new in each frame, shared_m is 1 sigma of one error that all frames
    share. clock_s: how far the film may be off the take's clock. frames: what else the same pictures show, if it was read.
    """

    file: str
    time_s: Array
    range_m: Array
    sigma_m: Array
    shared_m: Array
    clock_s: float = 0.0
    frames: Frames | None = None

    def __post_init__(self) -> None:
        n = len(self.time_s)
        columns = (self.range_m, self.sigma_m, self.shared_m)
        if any(column.shape != (n,) for column in columns) or np.any(np.diff(self.time_s) <= 0):
            raise InputError(f"{self.file}: ranges need times that increase, and two sigmas each")
        if not all(np.all(np.isfinite(column)) for column in columns) or np.any(self.sigma_m <= 0):
            raise InputError(f"{self.file}: a range or its sigma is undefined")
        if self.frames is not None and self.frames.count != n:
            raise InputError(
                f"{self.file}: {n} ranges, but {self.frames.count} pictures with what else they show"
            )


def fuse(take: Take, pictures: Pictures) -> Take:
    """The take with a sighting from both. Raises InputError where the film shows nothing of the time of the logs."""
    first, second = take.bodies[:2]
    low_s, high_s = max(first.span_s[0], second.span_s[0]), min(first.span_s[1], second.span_s[1])
    inside = (pictures.time_s >= low_s) & (pictures.time_s <= high_s)
    if not inside.any():
        raise InputError(
            f"{pictures.file}: not one range of it was read in the time of the logs; check its clock"
        )
    # nobody is filmed under his canopy: the fall, and what was seen after it
    opened = [event.time_s for event in take.events if event.name == "open"]
    last_s = max([*opened, float(pictures.time_s[inside][-1])]) if len(opened) >= 2 else high_s
    high_s = min(high_s, last_s + AFTER_S)
    ticks = np.arange(math.ceil(low_s / STEP_S), math.floor(high_s / STEP_S) + 1)
    time_s = np.asarray(ticks * STEP_S, np.float64)
    apart = apart_of(first, second, np.arange(time_s[0], time_s[-1] + 1e-9, _GNSS_S))
    model = _model(take, pictures, apart, time_s)
    state, spread, joint = smooth(*model, open_part=_SHARED)
    shared, own, keep = parted(spread, joint, _SHARED)
    shared = np.hypot(shared, state[:, 1] * pictures.clock_s)
    between = apart_of(first, second, time_s)
    sight = Sighting(
        time_s=time_s,
        range_m=np.abs(state[:, 0]),
        shared_sigma_m=shared,
        own_sigma_m=own,
        keep=keep,
        closing_m_s=-state[:, 1] * np.where(state[:, 0] < 0, -1.0, 1.0),
        closing_sigma_m_s=np.sqrt(spread[:, 1, 1]),
        toward_enu=_toward(between),
        turn_sigma_rad=np.minimum(
            np.hypot(between.range_sigma_m, EYES_M) / np.maximum(between.range_m, 1e-3), np.pi
        ),
        instrument=f"range in the picture ({pictures.file}) with {_named(take)}",
    )
    if pictures.frames is None:
        return replace(take, sight=sight)
    shown = on_film(
        pictures.frames,
        pictures.time_s,
        time_s,
        clock_s=pictures.clock_s,
        instrument=f"the picture ({pictures.file})",
    )
    return replace(take, sight=sight, film=shown)


def _named(take: Take) -> str:
    return " and ".join(dict.fromkeys(trace.instrument for trace in take.bodies[:2] if trace.instrument))


def _toward(between: Apart) -> Array:
    level_m = np.sqrt(np.maximum(between.range_m**2 - between.level_m**2, 0.0))
    east, north = level_m * np.sin(between.bearing_rad), level_m * np.cos(between.bearing_rad)
    toward: Array = np.stack([east, north, between.level_m], axis=-1)
    return toward / np.maximum(between.range_m, 1e-9)[:, None]


# the state: range, its rate, the receivers' offset that wanders, the one that stays, and what all pictures share
_R, _V, _WANDER, _STAYS, _SHARED = range(5)


def _model(
    take: Take, pictures: Pictures, apart: Apart, time_s: Array
) -> tuple[Array, Array, Array, Array, list[list[Reading]]]:
    """Start, its covariance, the step, the noise of each step (n, 5, 5), and the readings of each tick (row, value, variance)."""
    errors = [trace.uncertainty for trace in take.bodies[:2]]
    upwards = max(error.up_share for error in errors)
    wander_m, stays_m, white_m = (
        math.hypot(*(getattr(error, key) * upwards for error in errors))
        for key in ("wander_m", "bias_m", "white_m")
    )
    keep = math.exp(-STEP_S / max(errors[0].wander_time_s, 1e-3))
    step = np.eye(5)
    step[_R, _V] = STEP_S
    step[_WANDER, _WANDER] = keep
    pushed = np.array([[STEP_S**3 / 3, STEP_S**2 / 2], [STEP_S**2 / 2, STEP_S]])
    density = 2.0 * LASTS_S * np.where(time_s < HILL_S, HILL_M_S2, FLOWN_M_S2) ** 2
    noise = np.zeros((len(time_s), 5, 5))
    noise[:, :2, :2] = density[:, None, None] * pushed
    noise[:, _WANDER, _WANDER] = wander_m**2 * (1 - keep**2)
    start = np.array([apart.range_m[0], 0.0, 0.0, 0.0, 0.0])
    begin = np.diag(
        [float(apart.range_sigma_m[0]) ** 2 + 25.0, 100.0, wander_m**2, stays_m**2 + EYES_M**2, 1.0]
    )
    readings: list[list[Reading]] = [[] for _ in time_s]
    # a velocity's error lasts, so that readings closer together than that count as fewer
    lasts = max(1.0, 2.0 * max(error.velocity_time_s for error in errors) / _GNSS_S)
    for i in np.flatnonzero(apart.range_m > FAR * apart.range_sigma_m):
        tick = round((float(apart.time_s[i]) - float(time_s[0])) / STEP_S)
        worse = (apart.range_sigma_m[i] / np.median(apart.range_sigma_m)) ** 2
        readings[tick].append(
            (_row(_R, _WANDER, _STAYS), float(apart.range_m[i]), max(white_m, 0.05) ** 2 * worse)
        )
        readings[tick].append(
            (_row(_V), -float(apart.closing_m_s[i]), float(apart.closing_sigma_m_s[i]) ** 2 * lasts)
        )
    columns = (pictures.time_s, pictures.range_m, pictures.sigma_m, pictures.shared_m)
    for at_s, range_m, sigma_m, shared_m in zip(*columns, strict=True):
        tick = round((float(at_s) - float(time_s[0])) / STEP_S)
        if 0 <= tick < len(time_s):
            row = _row(_R)
            row[_SHARED] = float(shared_m)
            row[_V] = float(at_s) - float(time_s[tick])  # read a little before or after the tick
            readings[tick].append((row, float(range_m), float(sigma_m) ** 2))
    return start, begin, step, noise, readings


def _row(*fields: int) -> Array:
    row = np.zeros(5)
    row[list(fields)] = 1.0
    return row
