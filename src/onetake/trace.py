"""Trace: one body's motion in time, flown or logged alike, with what is known of its error.

Positions are local ENU metres, quaternions `q_enu_from_body` (w, x, y, z), body axes forward-left-up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from onetake.errors import InputError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """Error of a measured vector: what never changes, what wanders, and what is new each sample (1 sigma).

    All zero for a simulated take. `wander_time_s` is the correlation time of the wandering part.
    """

    bias_m: float = 0.0
    wander_m: float = 0.0
    wander_time_s: float = 60.0
    white_m: float = 0.0
    attitude_rad: float = 0.0

    def __post_init__(self) -> None:
        values = (self.bias_m, self.wander_m, self.white_m, self.attitude_rad)
        if not all(np.isfinite(values)) or min(values) < 0 or not self.wander_time_s > 0:
            raise InputError(f"an uncertainty cannot be negative or undefined: {self}")

    @property
    def exact(self) -> bool:
        """True when nothing is uncertain, as in a simulated take."""
        return self.bias_m == self.wander_m == self.white_m == self.attitude_rad == 0.0


EXACT = Uncertainty()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One body's motion.

    time_s (n,) strictly increasing; position_enu_m, velocity_enu_m_s (n, 3); q_enu_from_body (n, 4) or None
    where attitude was not measured; rate_body_rad_s (n, 3) or None; channels: further named columns (n,),
    each name ending in its unit. Arrays are kept read-only.
    """

    name: str
    time_s: Array
    position_enu_m: Array
    velocity_enu_m_s: Array
    q_enu_from_body: Array | None = None
    rate_body_rad_s: Array | None = None
    uncertainty: Uncertainty = EXACT
    channels: Mapping[str, Array] = field(default_factory=dict)

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
