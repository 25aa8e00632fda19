"""Inertial: what an inertial unit felt, turned into level axes by the attitude that its own logger wrote beside it."""

from __future__ import annotations

import numpy as np

from onetake.axes import rotate
from onetake.clock import Clock
from onetake.logbook.align import fit_clock
from onetake.logbook.log import Array, Log
from onetake.trace import Trace, Uncertainty
from onetake.units import G0_M_S2

_ATTITUDE_RAD = 0.05  # of a logger's own filter in a body that tilts; assumed


def inertial_trace(log: Log, name: str, clock: Clock) -> Trace | None:
    """A trace whose velocity is the felt acceleration added up; None without inertial unit, attitude or clock.

    Only changes over seconds mean anything: velocity and position start from nothing and drift, and the heading is the
    logger's own, so east and north stand for two level axes at a right angle.
    """
    fit = fit_clock(log.clock_pairs)
    unit, attitude = log.sensors.get("imu"), log.sensors.get("attitude")
    if fit is None or unit is None or attitude is None:
        return None
    time_s = fit.utc_s(unit.device_s) - clock.first_exit_utc.timestamp()
    rising = np.concatenate([[True], np.diff(time_s) > 0])
    time_s = time_s[rising]
    if np.any(np.diff(time_s) <= 0) or len(time_s) < 2:
        return None
    felt = np.stack([unit.columns[f"accel_{axis}_m_s2"] for axis in "xyz"], axis=-1)[rising]
    turn = np.stack([attitude.columns[f"q{i}"] for i in range(4)], axis=-1)
    at = np.clip(np.searchsorted(attitude.device_s, unit.device_s[rising]), 0, len(turn) - 1)
    level = rotate(turn[at], felt)
    sign = -1.0 if np.median(level[:, 2]) < 0 else 1.0  # a logger whose world axes point down
    gained = level * sign - np.array([0.0, 0.0, G0_M_S2])
    velocity = _added_up(time_s, gained)
    return Trace(
        name=name,
        time_s=time_s,
        position_enu_m=_added_up(time_s, velocity),
        velocity_enu_m_s=velocity,
        uncertainty=Uncertainty(attitude_rad=_ATTITUDE_RAD),
    )


def _added_up(time_s: Array, rate: Array) -> Array:
    """The integral of a rate (n, 3) by trapezoids, 0 at the start."""
    steps = 0.5 * (rate[1:] + rate[:-1]) * np.diff(time_s)[:, None]
    return np.concatenate([np.zeros((1, rate.shape[1])), np.cumsum(steps, axis=0)])
