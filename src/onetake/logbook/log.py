"""Log: what one recording holds, before anybody asks what it means.

Times of fixes are UTC as seconds of the POSIX epoch; times of sensors and marks are seconds of the device's own
clock, which `align` puts on UTC. NaN stands where a format has no such column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

# Where nobody says whether heights are above the sea or the ellipsoid: these are 30 m apart (rms over Earth, EGM96)
UNKNOWN_DATUM_M = 30.0

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a log that its user must know; `slug` is for machines, and explained in the docs."""

    slug: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixes:
    """Positions and velocities of a GNSS receiver: utc_s, angles, heights (n,), velocity_enu_m_s (n, 3).

    The sigmas are the receiver's own estimates: horizontal in the plane (two axes together), up, and velocity in
    space (three axes together).
    """

    utc_s: Array
    lat_deg: Array
    lon_deg: Array
    altitude_msl_m: Array
    velocity_enu_m_s: Array
    sigma_horizontal_m: Array
    sigma_up_m: Array
    sigma_velocity_m_s: Array
    satellites: Array

    def __len__(self) -> int:
        return len(self.utc_s)

    def keep(self, which: Flags | Index) -> Fixes:
        """Some of the fixes, or all in another order."""
        return Fixes(**{name: getattr(self, name)[which] for name in self.__slots__})

    @property
    def descent_m_s(self) -> Array:
        """Speed downwards, (n,)."""
        down: Array = -self.velocity_enu_m_s[:, 2]
        return down


def no_fixes() -> Fixes:
    """No fix at all."""
    none = np.empty(0)
    return Fixes(
        **{name: np.empty((0, 3)) if name == "velocity_enu_m_s" else none for name in Fixes.__slots__},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor:
    """One sensor's samples: device_s (n,) on the device's clock, and named columns (n,), SI, unit in the name."""

    device_s: Array
    columns: Mapping[str, Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPairs:
    """Moments that were read on both clocks: device_s and utc_s, (n,); late_s: how late all may have been (1 sigma)."""

    device_s: Array
    utc_s: Array
    late_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Mark:
    """What the device itself wrote down: the text, and when on the device's clock."""

    device_s: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """One recording. name: what the file calls it, where it holds several. rows: samples found in it (fixes, where it
    has any); dropped: those that are not used.

    sensors: by name: `imu` (rate_x_rad_s …, accel_x_m_s2 … in the device's axes), `baro` (pressure_pa), …
    marks: what the device wrote down by itself. device, session: who recorded, where that is said. late_s: how far off
    UTC the times of the fixes may be, all alike, and datum_m: their heights off mean sea level, all alike (1 sigma).
    """

    format: str
    rows: int
    name: str = ""
    dropped: int = 0
    fixes: Fixes = field(default_factory=no_fixes)
    sensors: Mapping[str, Sensor] = field(default_factory=dict)
    clock_pairs: ClockPairs | None = None
    marks: tuple[Mark, ...] = ()
    device: str = ""
    session: str = ""
    late_s: float = 0.0
    datum_m: float = 0.0
    findings: tuple[Finding, ...] = ()

    def found(self, *findings: Finding) -> Log:
        """The same log, with more found in it."""
        return replace(self, findings=(*self.findings, *findings))
