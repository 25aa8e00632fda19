"""Traces: the cleaned fixes of a log as a `Trace` on the clock and axes of a take, and logs as one `Take`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from onetake.axes import LocalAxes
from onetake.clock import Clock
from onetake.errors import ReadError
from onetake.logbook.log import Array, Fixes, Log
from onetake.slate import Slate
from onetake.take import Event, Take
from onetake.trace import Trace, Uncertainty

# What a receiver's own 1-sigma splits into, for one level axis: the mean offset over five minutes, its wander about that,
# and what is left within 10 s. Measured on six FlySights in one cabin, 15 pairs (tests/tables/test_receiver_errors.py).
BIAS_SHARE, WANDER_SHARE, WHITE_SHARE = 0.4, 0.8, 0.1
WANDER_TIME_S = 30.0
CAUTION = 1.25  # the worst of the six was that much worse than all together
UP_SHARE = 0.5  # there, receivers doubted their height twice as much as they were off
# Where a format does not say how well it knows: a receiver's data sheet (2.5 m CEP, MAX-M8) doubled, and for the height
# what two Tempos of one formation differ by, 7.7 m (README of the logs), doubled
UNSAID_HORIZONTAL_M, UNSAID_UP_M, UNSAID_M_S = 5.0, 15.0, 1.0


def utc_at(utc_s: float) -> datetime:
    """POSIX seconds as aware UTC."""
    return datetime.fromtimestamp(utc_s, UTC)


def axes_at(fixes: Fixes, index: int = -1) -> LocalAxes:
    """Local axes with their datum below one fix (the last one unless said), at mean sea level."""
    return LocalAxes(float(fixes.lat_deg[index]), float(fixes.lon_deg[index]), 0.0)


def trace_of(log: Log, name: str, axes: LocalAxes, clock: Clock) -> Trace:
    """One body's motion from a cleaned log.

    Heights above mean sea level are put where the axes count heights: the geoid is taken as level over a drop zone.
    Channels: altitude_msl_m, and the receiver's own errors of each fix: sigma_horizontal_m (two axes together),
    sigma_up_m, sigma_velocity_m_s (three axes together). Raises ReadError where the log has no fix.
    """
    fixes = log.fixes
    if not len(fixes):
        raise ReadError(f"the log of {name!r} has no position that could be used")
    first_s = clock.first_exit_utc.timestamp()
    horizontal_m, up_m, velocity_m_s = sigmas(fixes)
    return Trace(
        name=name,
        time_s=fixes.utc_s - first_s,
        position_enu_m=axes.enu_from_wgs84(fixes.lat_deg, fixes.lon_deg, fixes.altitude_msl_m),
        velocity_enu_m_s=fixes.velocity_enu_m_s.copy(),
        uncertainty=uncertainty_of(fixes),
        channels={
            "altitude_msl_m": fixes.altitude_msl_m.copy(),
            "sigma_horizontal_m": horizontal_m,
            "sigma_up_m": up_m,
            "sigma_velocity_m_s": velocity_m_s,
        },
    )


def sigmas(fixes: Fixes) -> tuple[Array, Array, Array]:
    """The receiver's own 1-sigma of each fix, horizontal (two axes), up, velocity (three axes); assumed where unsaid."""
    said = (fixes.sigma_horizontal_m, fixes.sigma_up_m, fixes.sigma_velocity_m_s)
    usual = (UNSAID_HORIZONTAL_M, UNSAID_UP_M, UNSAID_M_S)
    horizontal_m, up_m, velocity_m_s = (
        np.where(np.isfinite(column), column, assumed) for column, assumed in zip(said, usual, strict=True)
    )
    return horizontal_m, up_m, velocity_m_s


def uncertainty_of(fixes: Fixes) -> Uncertainty:
    """The error of a position along any one axis: that of the worst axis, so that nothing is claimed too well."""
    horizontal_m, up_m, _ = sigmas(fixes)
    sigma_m = CAUTION * max(float(np.median(horizontal_m)) / np.sqrt(2.0), UP_SHARE * float(np.median(up_m)))
    return Uncertainty(
        bias_m=BIAS_SHARE * sigma_m,
        wander_m=WANDER_SHARE * sigma_m,
        wander_time_s=WANDER_TIME_S,
        white_m=WHITE_SHARE * sigma_m,
    )


def take_of(
    logs: Mapping[str, Log], *, slate: Slate, axes: LocalAxes, clock: Clock, events: Sequence[Event] = ()
) -> Take:
    """One take of the cleaned logs of its bodies, by name, in that order: the first carries the camera."""
    return Take(
        slate=slate,
        bodies=tuple(trace_of(log, name, axes, clock) for name, log in logs.items()),
        events=tuple(sorted(events, key=lambda event: event.time_s)),
        clock=clock,
        ending="logged",
    )
