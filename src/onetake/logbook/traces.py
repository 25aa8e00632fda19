"""Traces: the cleaned fixes of a log as a `Trace` on the clock and axes of a take."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import numpy as np

from onetake.axes import LocalAxes
from onetake.clock import Clock
from onetake.errors import ReadError
from onetake.logbook.log import Array, Fixes, Log
from onetake.trace import Trace, Uncertainty

# What a receiver's own 1-sigma splits into, for one level axis: the mean offset over five minutes, its wander about that,
# and what is left within 10 s. Measured on six FlySights in one cabin, 15 pairs (tests/tables/test_receiver_errors.py).
BIAS_SHARE, WANDER_SHARE, WHITE_SHARE = 0.4, 0.8, 0.1
WANDER_TIME_S = 30.0
CAUTION = 1.25  # the worst of the six was that much worse than all together
UP_SHARE = 0.5  # there, receivers doubted their height twice as much as they were off
# What receivers of the same satellites are off, they are in part off alike; of other satellites, not. There, ten pairs of who
# used 8 satellites were 0.58 of what is stated apart (rms, over no distance), five with one who used 17 1.1, the worst 1.42;
# with this, each pair's interval of 95 % holds in 95 % of the moments
UNLIKE, MANY_MORE = 1.6, 1.4  # times the error, and times the satellites: those of another system too
# Of the receiver's own error of a velocity, how much there is along one axis, and how long it lasts: measured there too
VELOCITY_SHARE, VELOCITY_TIME_S = 0.6, 1.0
# From a receiver in a helmet, a pocket or on a wrist to the centre of mass, and how far to a side that only an attitude
# tells; head and hands of who lies on the air are 0.7 m from there (de Leva's segments)
LEVER_M = 0.7
HOLE_S, HOLE_M_S2 = (
    0.6,
    5.0,
)  # between fixes further apart, somebody may have been accelerated by half of g unseen
# Where a format does not say how well it knows: a receiver's data sheet (2.5 m CEP, MAX-M8) doubled, and for the height
# what two Tempos of one formation differ by, 7.7 m (README of the logs), doubled
UNSAID_HORIZONTAL_M, UNSAID_UP_M, UNSAID_M_S = 5.0, 15.0, 1.0
_LEAST = 0.05  # who says to be better than that has filled in a zero


def utc_at(utc_s: float) -> datetime:
    """POSIX seconds as aware UTC."""
    return datetime.fromtimestamp(utc_s, UTC)


def axes_at(fixes: Fixes, index: int = -1) -> LocalAxes:
    """Local axes with their datum below one fix (the last one unless said), at mean sea level."""
    return LocalAxes(float(fixes.lat_deg[index]), float(fixes.lon_deg[index]), 0.0)


def trace_of(
    log: Log, name: str, axes: LocalAxes, clock: Clock, *, ground_msl_m: float = 0.0, unlike: bool = False
) -> Trace:
    """One body's motion from a cleaned log, heights counted from a ground above mean sea level.

    unlike: it is set against receivers of other satellites.
    The geoid is taken as level over a drop zone, and the receiver as where the body is: its distance from the centre of
    mass stands in the error. A hole is bridged by the cubic that has both ends' places and velocities, with the error
    that this makes. Channels: altitude_msl_m; the receiver's own errors of each fix: sigma_horizontal_m (two axes
    together), sigma_up_m, sigma_velocity_m_s (three axes together); error_share. Raises ReadError where the log has no
    fix.
    """
    fixes = log.fixes
    if not len(fixes):
        raise ReadError(f"the log of {name!r} has no position that could be used")
    place_m = axes.enu_from_wgs84(fixes.lat_deg, fixes.lon_deg, fixes.altitude_msl_m - ground_msl_m)
    error = uncertainty_of(fixes, late_s=log.late_s, datum_m=log.datum_m, unlike=unlike)
    rows = _bridged(
        fixes.utc_s - clock.first_exit_utc.timestamp(), place_m, fixes.velocity_enu_m_s,
        np.stack([fixes.altitude_msl_m, *sigmas(fixes)], axis=-1), error,
    )  # fmt: skip
    names = ("altitude_msl_m", "sigma_horizontal_m", "sigma_up_m", "sigma_velocity_m_s", "error_share")
    return Trace(
        name=name,
        time_s=rows[:, 0].copy(),
        position_enu_m=rows[:, 1:4].copy(),
        velocity_enu_m_s=rows[:, 4:7].copy(),
        uncertainty=error,
        channels={key: column.copy() for key, column in zip(names, rows[:, 7:].T, strict=True)},
        instrument=f"GNSS ({log.format})",
    )


def _bridged(time_s: Array, place_m: Array, velocity_m_s: Array, told: Array, error: Uncertainty) -> Array:
    """Rows of time, place, velocity, what the fixes tell and the error as a share, with rows in the holes, (n, 12)."""
    own = own_share(told[:, 1], told[:, 2])
    rows = np.column_stack([time_s, place_m, velocity_m_s, told, own])
    pieces, before = [], 0
    for i in np.flatnonzero(np.diff(time_s) > HOLE_S):
        whole_s = time_s[i + 1] - time_s[i]
        x = np.linspace(0.0, 1.0, 2 + min(round(whole_s / 0.2), 200))[1:-1, None]
        ends = rows[i], rows[i + 1]
        between = ends[0] + x * (ends[1] - ends[0])
        between[:, 1:4], between[:, 4:7] = cubic(x, whole_s, ends[0][1:7], ends[1][1:7])
        unseen_m = HOLE_M_S2 * whole_s**2 * (x * (1.0 - x))[:, 0] / 2.0
        between[:, 11] = np.hypot(between[:, 11], unseen_m / error.level_m)
        pieces += [rows[before : i + 1], between]
        before = int(i) + 1
    return np.concatenate([*pieces, rows[before:]])


def cubic(x: Array, whole_s: float, first: Array, last: Array) -> tuple[Array, Array]:
    """Places and velocities at shares x (n, 1) of a time, on the cubic between two ends of places and velocities (6,)."""
    p0, v0, p1, v1 = first[:3], first[3:] * whole_s, last[:3], last[3:] * whole_s
    a, b = 2.0 * (p0 - p1) + v0 + v1, 3.0 * (p1 - p0) - 2.0 * v0 - v1
    return ((a * x + b) * x + v0) * x + p0, ((3.0 * a * x + 2.0 * b) * x + v0) / whole_s


def own_share(horizontal_m: Array, up_m: Array) -> Array:
    """How much worse or better each fix is than the usual one, by the worse of its own two errors."""
    usual = float(np.median(horizontal_m)), float(np.median(up_m))
    share: Array = np.maximum(horizontal_m / usual[0], up_m / usual[1])
    return share


def sigmas(fixes: Fixes) -> tuple[Array, Array, Array]:
    """The receiver's own 1-sigma of each fix, horizontal (two axes), up, velocity (three axes); assumed where unsaid."""
    said = (fixes.sigma_horizontal_m, fixes.sigma_up_m, fixes.sigma_velocity_m_s)
    usual = (UNSAID_HORIZONTAL_M, UNSAID_UP_M, UNSAID_M_S)
    horizontal_m, up_m, velocity_m_s = (
        np.maximum(np.where(np.isfinite(column), column, assumed), _LEAST)
        for column, assumed in zip(said, usual, strict=True)
    )
    return horizontal_m, up_m, velocity_m_s


def unlike(first: Fixes, second: Fixes) -> bool:
    """Whether two receivers use other satellites: one uses so many more that they are of one system more."""
    many = [_satellites(fixes) for fixes in (first, second)]
    return max(many) > MANY_MORE * min(many)  # and never, where nobody says


def _satellites(fixes: Fixes) -> float:
    """How many are usually used; NaN where that is not said."""
    told = fixes.satellites[np.isfinite(fixes.satellites) & (fixes.satellites > 0)]
    return float(np.median(told)) if len(told) else math.nan


def own_sigma_m(fixes: Fixes) -> Array:
    """Of the usual fix, what its place is off along each axis by the receiver's own word and by how far that is true, (3,)."""
    horizontal_m, up_m, _ = (float(np.median(column)) for column in sigmas(fixes))
    level_m = CAUTION * horizontal_m / math.sqrt(2.0)
    return np.array([level_m, level_m, CAUTION * UP_SHARE * up_m])


def uncertainty_of(
    fixes: Fixes, *, late_s: float = 0.0, datum_m: float = 0.0, unlike: bool = False
) -> Uncertainty:
    """The error of where a body's centre of mass is and how it moves.

    late_s, datum_m: how far off the fixes' times and the datum of their heights may be. unlike: as of `trace_of`.
    """
    velocity_m_s = float(np.median(sigmas(fixes)[2]))
    level_m, _, up_m = ((UNLIKE if unlike else 1.0) * own_sigma_m(fixes)).tolist()
    lever_m = LEVER_M / np.sqrt(3.0)
    bias_m = float(np.hypot(BIAS_SHARE * level_m, lever_m))
    up_bias_m = math.hypot(BIAS_SHARE * up_m, lever_m, datum_m)
    return Uncertainty(
        bias_m=bias_m,
        wander_m=WANDER_SHARE * level_m,
        wander_time_s=WANDER_TIME_S,
        white_m=WHITE_SHARE * level_m,
        up_share=max(up_m / level_m, up_bias_m / bias_m),
        velocity_m_s=CAUTION * VELOCITY_SHARE * velocity_m_s / np.sqrt(3.0),
        velocity_time_s=VELOCITY_TIME_S,
        clock_s=late_s,
    )
