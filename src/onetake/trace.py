"""Trace: one body's motion in time, flown or logged alike, with what is known of its error.

Positions are local ENU metres, quaternions `q_enu_from_body` (w, x, y, z), body axes forward-left-up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from onetake.errors import InputError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """Error of a measured vector: what never changes, what wanders, and what is new each sample (1 sigma).

    Places are off by that along each level axis, and by `up_share` times as much upwards. `wander_time_s` is the
    correlation time of the wandering part (Gauss-Markov). Velocities are off by `velocity_m_s`, which wanders over
    `velocity_time_s`. `clock_s` is how far the clock may be off for the whole take: who falls at 55 m/s is then
    elsewhere. All zero for a simulated take.
    """

    bias_m: float = 0.0
    wander_m: float = 0.0
    wander_time_s: float = 60.0
    white_m: float = 0.0
    up_share: float = 1.0
    velocity_m_s: float = 0.0
    velocity_time_s: float = 1.0
    clock_s: float = 0.0
    attitude_rad: float = 0.0

    def __post_init__(self) -> None:
        if not all(np.isfinite(self._sizes)) or min(*self._sizes, self.up_share) < 0:
            raise InputError(f"an uncertainty cannot be negative or undefined: {self}")
        if not (self.wander_time_s > 0 and self.velocity_time_s > 0):
            raise InputError(f"an uncertainty cannot be negative or undefined: {self}")

    @property
    def _sizes(self) -> tuple[float, ...]:
        return (
            self.bias_m, self.wander_m, self.white_m, self.velocity_m_s, self.clock_s, self.attitude_rad,
        )  # fmt: skip

    @property
    def exact(self) -> bool:
        """True when nothing is uncertain, as in a simulated take."""
        return not any(self._sizes)

    @property
    def level_m(self) -> float:
        """All parts of the error of a place together, along one level axis (1 sigma)."""
        return math.sqrt(self.bias_m**2 + self.wander_m**2 + self.white_m**2)


EXACT = Uncertainty()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One body's motion.

    time_s (n,) strictly increasing; position_enu_m, velocity_enu_m_s (n, 3); q_enu_from_body (n, 4) or None
    where attitude was not measured; rate_body_rad_s (n, 3) or None; channels: further named columns (n,),
    each name ending in its unit. Arrays are kept read-only. Channels `error_share` and `velocity_share` are the errors of
    each sample's place and velocity over those of the whole; `instrument` is what measured the motion, in words, empty for a simulated take.
    """

    name: str
    time_s: Array
    position_enu_m: Array
    velocity_enu_m_s: Array
    q_enu_from_body: Array | None = None
    rate_body_rad_s: Array | None = None
    uncertainty: Uncertainty = EXACT
    channels: Mapping[str, Array] = field(default_factory=dict)
    instrument: str = ""

    def __post_init__(self) -> None:
        n = len(self.time_s)
        if n == 0 or np.any(np.diff(self.time_s) <= 0):
            raise InputError(f"trace {self.name!r}: times must be there and increase")
        shapes = (
            ("position_enu_m", self.position_enu_m, (n, 3)),
            ("velocity_enu_m_s", self.velocity_enu_m_s, (n, 3)),
            ("q_enu_from_body", self.q_enu_from_body, (n, 4)),
            ("rate_body_rad_s", self.rate_body_rad_s, (n, 3)),
            *((key, column, (n,)) for key, column in self.channels.items()),
        )
        for key, array, shape in shapes:
            if array is None:
                continue
            if array.shape != shape:
                raise InputError(f"trace {self.name!r}: {key} has shape {array.shape}, expected {shape}")
            array.setflags(write=False)
        self.time_s.setflags(write=False)

    @property
    def span_s(self) -> tuple[float, float]:
        """First and last time."""
        return float(self.time_s[0]), float(self.time_s[-1])

    @property
    def error_shares(self) -> tuple[Array, Array]:
        """How much worse each sample's place and velocity are than usual, (n,) each; a velocity as its place unless told."""
        place = self.channels.get("error_share")
        if place is None:
            place = np.ones(len(self.time_s))
        return place, self.channels.get("velocity_share", place)

    def until(self, time_s: float) -> Trace:
        """The part up to a time; the first sample at least."""
        n = max(int(np.searchsorted(self.time_s, time_s, side="right")), 1)
        q, rate = self.q_enu_from_body, self.rate_body_rad_s
        return replace(
            self,
            time_s=self.time_s[:n],
            position_enu_m=self.position_enu_m[:n],
            velocity_enu_m_s=self.velocity_enu_m_s[:n],
            q_enu_from_body=None if q is None else q[:n],
            rate_body_rad_s=None if rate is None else rate[:n],
            channels={key: column[:n] for key, column in self.channels.items()},
        )
