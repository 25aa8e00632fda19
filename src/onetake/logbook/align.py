"""Align: a device's own clock put on UTC by a robust line, with the errors of its offset and its drift.

One row may lie: on real FlySight 2 sessions single `$TIME` rows are 945 ms off. So a first line is the repeated median
of the slopes between rows (Siegel 1982: half of the rows may lie), and the last is fitted by least squares to the rows
near it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from onetake.logbook.log import Array, ClockPairs, Flags

TICK_S = 0.001  # devices write whole milliseconds; no row is better than that
MAX_DRIFT = (
    0.01  # a crystal in the cold is within 50 ppm, a Tempo of 2025 is 2,100 ppm fast; more is no clock
)
_GATE = 5.0  # rows this many robust sigmas off are left out
_LOOSE_S = 0.25  # first gate: well inside the second that a row can be off
_ROWS = 400  # enough for the first line; its cost is their square


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFit:
    """utc_s = device_s + offset_s + drift (device_s - middle_s); offset and drift are independent at the middle.

    drift is seconds a second; used and rejected count the rows; residual_s is the scatter of those used (1 sigma).
    """

    middle_s: float
    offset_s: float
    offset_sigma_s: float
    drift: float
    drift_sigma: float
    used: int
    rejected: int
    residual_s: float

    def utc_s(self, device_s: Array) -> Array:
        """Moments of the device's clock as POSIX seconds."""
        return device_s + self.offset_s + self.drift * (device_s - self.middle_s)

    def sigma_s(self, device_s: Array) -> Array:
        """Error of `utc_s` at those moments, 1 sigma: it grows away from the rows."""
        return np.hypot(self.offset_sigma_s, self.drift_sigma * (device_s - self.middle_s))


def fit_clock(pairs: ClockPairs | None) -> ClockFit | None:
    """The line through the pairs; None where there are none, or no two thirds of them agree on one."""
    if pairs is None or not len(pairs.device_s):
        return None
    device_s = pairs.device_s
    # against the median pair, so that the numbers are small
    origin_s = float(np.median(pairs.utc_s - device_s))
    apart_s = pairs.utc_s - device_s - origin_s
    middle_s, offset_s, drift = _repeated_median(device_s, apart_s)
    near = np.abs(apart_s - offset_s - drift * (device_s - middle_s)) < _LOOSE_S
    if np.count_nonzero(near) * 3 < 2 * len(near):
        return None
    near, (middle_s, offset_s, drift) = _settle(device_s, apart_s, near)
    used = int(np.count_nonzero(near))
    rest = (apart_s - offset_s - drift * (device_s - middle_s))[near]
    scatter_s = math.sqrt(float(np.sum(rest**2)) / max(used - 2, 1))
    # what is cut to a tick is uniform within it. Neighbouring rows are cut alike, so that part does not shrink with
    # their number: it moves the whole line, and one half of it against the other
    tick_s = TICK_S / math.sqrt(12.0)
    one_s = max(scatter_s, tick_s)
    spread_s = math.sqrt(float(np.sum((device_s[near] - middle_s) ** 2)))
    span_s = float(np.ptp(device_s[near]))
    return ClockFit(
        middle_s=middle_s,
        offset_s=origin_s + offset_s,
        offset_sigma_s=math.hypot(one_s / math.sqrt(used), tick_s, pairs.late_s),
        drift=drift,
        drift_sigma=min(math.hypot(one_s / spread_s, math.sqrt(8.0) * tick_s / span_s), MAX_DRIFT)
        if spread_s > 0
        else MAX_DRIFT,
        used=used,
        rejected=len(device_s) - used,
        residual_s=scatter_s,
    )


def _settle(device_s: Array, apart_s: Array, near: Flags) -> tuple[Flags, tuple[float, float, float]]:
    """Rows near their own line, and the line: its middle, and offset and slope there."""
    line = _line(device_s[near], apart_s[near])
    for _ in range(20):
        middle_s, offset_s, drift = line
        rest = np.abs(apart_s - offset_s - drift * (device_s - middle_s))
        sigma_s = max(1.4826 * float(np.median(rest[near])), TICK_S)
        kept = rest < _GATE * sigma_s
        if np.array_equal(kept, near):
            break
        near, line = kept, _line(device_s[kept], apart_s[kept])
    return near, line


def _repeated_median(device_s: Array, apart_s: Array) -> tuple[float, float, float]:
    """A line that half of the rows may not lie on: its middle, and offset and slope there."""
    some = np.unique(np.linspace(0, len(device_s) - 1, _ROWS).astype(int))
    x, y = device_s[some], apart_s[some]
    middle = float(np.mean(x))
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = (y[:, None] - y) / (x[:, None] - x)
    slopes[~np.isfinite(slopes)] = np.nan
    each = np.array([np.median(row[np.isfinite(row)]) for row in slopes if np.isfinite(row).any()])
    slope = float(np.clip(np.median(each), -MAX_DRIFT, MAX_DRIFT)) if len(each) else 0.0
    return middle, float(np.median(y - slope * (x - middle))), slope


def _line(x: Array, y: Array) -> tuple[float, float, float]:
    middle = float(np.mean(x))
    spread = float(np.sum((x - middle) ** 2))
    slope = float(np.sum((x - middle) * y)) / spread if spread > 0 else 0.0
    return middle, float(np.mean(y)), float(np.clip(slope, -MAX_DRIFT, MAX_DRIFT))
