"""Curves: what the judge measured over time, as the report draws it.

SI, seconds since the first exit. Distances are from the image plane to the subject's eyes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from onetake.errors import InputError
from onetake.jump import JumpPlan
from onetake.take import Take

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """Signals of one take on one clock; NaN where a signal is not known, which is made of anything not finite.

    time_s (n,) strictly increasing; range_m, closing_m_s (positive: nearer), blur_m (disc on the sensor), near_m and
    far_m (limits of sharpness as the lens is set, far may be inf), focus_m (where the lens is set), size (head height
    over picture height) are (n,) or None; in_focus (n,) bool or None: the face sharp and in the picture; height_agl_m and sun_rad (sun above the own
    visible horizon) give (n,) for each body by name. circle_m is the shot's circle of confusion under `criterion`;
    other_circles names further ones to draw. range_sigma_m (n,) is the error of a measured range, None when exact.
    Raises InputError for arrays of another length.
    """

    time_s: Array
    range_m: Array | None = None
    closing_m_s: Array | None = None
    blur_m: Array | None = None
    circle_m: float | None = None
    criterion: str = ""
    other_circles: tuple[tuple[str, float], ...] = ()
    near_m: Array | None = None
    far_m: Array | None = None
    focus_m: Array | None = None
    in_focus: Flags | None = None
    size: Array | None = None
    range_sigma_m: Array | None = None
    height_agl_m: Mapping[str, Array] = field(default_factory=dict)
    sun_rad: Mapping[str, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        n = len(self.time_s)
        if n == 0 or np.any(np.diff(self.time_s) <= 0):
            raise InputError("the curves of a report need times that increase")
        single = ("range_m", "closing_m_s", "blur_m", "near_m", "far_m", "focus_m", "in_focus", "size")
        named = [(name, getattr(self, name)) for name in (*single, "range_sigma_m")]
        named += [(f"height_agl_m of {who}", array) for who, array in self.height_agl_m.items()]
        named += [(f"sun_rad of {who}", array) for who, array in self.sun_rad.items()]
        for name, array in named:
            if array is not None and array.shape != (n,):
                raise InputError(f"{name} has shape {array.shape}, the times of the curves {(n,)}")
        for name in single:
            array = getattr(self, name)
            if array is not None and name != "in_focus":
                object.__setattr__(self, name, _known(array, endless=name == "far_m"))
        for name in ("height_agl_m", "sun_rad"):
            known = {who: _known(array) for who, array in getattr(self, name).items()}
            object.__setattr__(self, name, known)


def _known(array: Array, *, endless: bool = False) -> Array:
    """NaN for what is not finite; a far limit may lie at infinity."""
    good = np.isfinite(array) | (np.isposinf(array) if endless else False)
    kept: Array = np.where(good, array, np.nan)
    return kept


def heights(take: Take, curves: Curves | None) -> dict[str, tuple[Array, Array]]:
    """Time and height above ground of each body; from the take where the curves have none."""
    found = {trace.name: (trace.time_s, _known(trace.position_enu_m[:, 2])) for trace in take.bodies}
    if curves is not None:
        found |= {who: (curves.time_s, array) for who, array in curves.height_agl_m.items()}
    return found


def fall_end_s(take: Take) -> float:
    """When the last parachute is open; without openings, when the take ends."""
    opened = [event.time_s for event in take.events if event.name == "open" and np.isfinite(event.time_s)]
    last = max(trace.span_s[1] for trace in take.bodies) if take.bodies else 0.0
    return max(opened) if opened else last


def span_s(take: Take, plan: JumpPlan | None, curves: Curves | None) -> tuple[float, float]:
    """What the timeline shows: from a little before the first exit to a little after the last opening."""
    starts = [trace.span_s[0] for trace in take.bodies] + ([float(curves.time_s[0])] if curves else [])
    windows = [beat.from_s for beat in plan.beats if np.isfinite(beat.from_s)] if plan else []
    start = max(min([-2.0, *windows]), min(starts, default=-2.0))
    end = fall_end_s(take) + 4.0
    return start, max(end, start + 5.0)
