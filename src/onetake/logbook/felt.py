"""Felt: an inertial unit's samples on the clock of the fixes, or why they cannot carry a motion."""

from __future__ import annotations

import math

import numpy as np

from onetake.logbook.align import fit_clock
from onetake.logbook.log import Array, Log
from onetake.logbook.strapdown import Felt
from onetake.units import G0_M_S2

AROUND_S = 8.0  # the fall, and as much before the exit and after its end
SLOW_HZ = 8.0  # samples further apart say too little of a body that turns once a second
FAST_HZ = 60.0  # more tell nothing new of somebody of 80 kg
BREAK_S = 0.3  # between samples, about the fall
FURTHEST_RAD_S, FURTHEST_M_S2 = 100.0, 1000.0  # the widest ranges sold are 4,000 deg/s and 64 g
FLAT_RAD_S, FLAT_M_S2 = 2.0, 1.9 * G0_M_S2  # the smallest range of any unit, about


def felt_of(log: Log, zero_s: float, fall: tuple[float, float]) -> Felt | str | None:
    """The unit's samples on the fixes' clock, one unbroken stretch about the fall; why not; None where there is no unit."""
    samples = _samples(log)
    if samples is None:
        return None
    device_s, rate, force = samples
    fit = fit_clock(log.clock_pairs)
    if fit is None:
        return "nothing puts its clock on that of the fixes"
    time_s = fit.utc_s(device_s) - zero_s
    rising = np.concatenate([[True], np.diff(np.maximum.accumulate(time_s)) > 0])
    time_s, rate, force = time_s[rising], rate[rising], force[rising]
    first, last = fall[0] - AROUND_S, fall[1] + AROUND_S
    some = (time_s >= first) & (time_s <= last)
    if np.count_nonzero(some) < 10 or time_s[0] > fall[0] - 1.0 or time_s[-1] < fall[1] + 1.0:
        return "it has no samples of the whole fall"
    hz = 1.0 / float(np.median(np.diff(time_s[some])))
    if hz < SLOW_HZ:
        return f"{hz:.1f} samples a second are too few"
    if (longest_s := float(np.diff(time_s[some]).max())) > BREAK_S:
        return f"its samples have a hole of {longest_s:.1f} s about the fall"
    if _flat(rate[some], FLAT_RAD_S) or _flat(force[some], FLAT_M_S2):
        return "it ran into the end of its range in the fall"
    if np.abs(rate).max() > FURTHEST_RAD_S or np.abs(force).max() > FURTHEST_M_S2:
        return "it has samples that no unit can feel"
    begin, end = _unbroken(time_s, fall[0])
    felt = Felt(time_s=time_s[begin:end], rate_rad_s=rate[begin:end], force_m_s2=force[begin:end])
    return _thinned(felt, (end - begin) / float(time_s[end - 1] - time_s[begin]))


def late_s(log: Log) -> float:
    """How far the unit's clock may be off that of the fixes."""
    fit = fit_clock(log.clock_pairs)
    return math.inf if fit is None else fit.offset_sigma_s


def _samples(log: Log) -> tuple[Array, Array, Array] | None:
    """Times of the device's clock (n,), turn rates and accelerations (n, 3), of one sensor or of two."""
    force = log.sensors.get("imu", log.sensors.get("accelerometer"))
    rate = log.sensors.get("imu", log.sensors.get("gyroscope"))
    if force is None or rate is None or len(force.device_s) < 2 or len(rate.device_s) < 2:
        return None
    rows = [
        [sensor.columns.get(f"{what}_{axis}_{unit}") for axis in "xyz"]
        for sensor, what, unit in ((rate, "rate", "rad_s"), (force, "accel", "m_s2"))
    ]
    if any(column is None for row in rows for column in row):
        return None
    turning, pushed = (np.stack([np.asarray(column) for column in row], axis=-1) for row in rows)
    if rate is not force:
        turning = np.stack([np.interp(force.device_s, rate.device_s, part) for part in turning.T], axis=-1)
    return force.device_s, turning, pushed


def _flat(rows: Array, least: float) -> bool:
    """Neighbours that are both at a channel's largest value, as where it is cut off."""
    size = np.abs(rows)
    top = size.max(axis=0)
    at = (size >= 0.9999 * top) & (top > least)
    return bool(np.any(at[1:] & at[:-1]))


def _unbroken(time_s: Array, about_s: float) -> tuple[int, int]:
    breaks = np.flatnonzero(np.diff(time_s) > BREAK_S) + 1
    middle = int(np.searchsorted(time_s, about_s))
    before, after = breaks[breaks <= middle], breaks[breaks > middle]
    return (int(before[-1]) if len(before) else 0), (int(after[0]) if len(after) else len(time_s))


def _thinned(felt: Felt, hz: float) -> Felt:
    """Means of neighbours where there are more samples than tell anything new."""
    each = int(hz // FAST_HZ)
    if each < 2:
        return felt
    whole = len(felt.time_s) // each * each
    time_s, rate, force = (
        rows[:whole].reshape(-1, each, *rows.shape[1:]).mean(axis=1)
        for rows in (felt.time_s, felt.rate_rad_s, felt.force_m_s2)
    )
    return Felt(time_s=time_s, rate_rad_s=rate, force_m_s2=force)
