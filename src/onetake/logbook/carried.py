"""Carried: one body's motion by its receiver and the inertial unit beside it, where the log itself shows that it helps.

A unit is believed only after it has foretold, within its stated errors and no worse than the receiver's own curve, fixes
that were kept from it. Else the trace stays as the receiver alone gives it, and why is told.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from onetake.axes import LocalAxes
from onetake.clock import Clock
from onetake.logbook.events import Jump
from onetake.logbook.felt import AROUND_S, felt_of, late_s
from onetake.logbook.log import Array, Finding, Fixes, Flags, Index, Log
from onetake.logbook.strapdown import (
    GATE,
    Felt,
    Readings,
    Smoothed,
    calm_rate_rad_s,
    level_axes,
    smooth,
    steps_of,
)
from onetake.logbook.traces import (
    axes_at,
    cubic,
    own_share,
    sigmas,
    trace_of,
    utc_at,
)
from onetake.trace import Trace, Uncertainty

NODE_S = 0.1  # between places of the trace, and of the smoother
CLOSEST_S = 0.03  # fixes are told at 25 Hz at most
LONGEST_S = 300.0  # nobody fell for longer than 260 s (Baumgartner, 2012)
BEYOND_S = 60.0  # the fall, as far as a unit is followed
TRIED_S = 30.0  # as much of a log as shows what its unit is worth
# about the exit, where the aircraft's speed is lost and tells which way the unit looks
ALIGN_S = (-5.0, 15.0)
LEAST_FIXES, AGAIN = 8, 3
HELD_S, EVERY_S = 3.0, 8.0  # fixes kept from the unit, and how often
LEAST_WINDOWS = 4
WORST_SHARE = 1.4  # of the foretold fixes' errors over those stated, rms
WORSE = 1.25  # than the receiver's own curve, by chance: where nothing happens, both foretell as well as a fix is read
WORST_BEYOND = 0.05  # of the fixes of the fall beyond the gate
CLOCK_S = 0.02  # a unit on a clock less sure than that is put on the fixes' by how well it foretells them


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How well an inertial unit foretold fixes that were kept from it: windows of held_s; the root mean square over them

    of the largest error in each, of place and velocity, by both instruments and by the receiver's curve alone. error_share:
    the errors over those stated (rms). beyond_share: of the fixes of the fall, how many fit in no way. attitude_rad: of the unit,
    about its worst axis, in the fall (median). shift_s: how far its clock was moved.
    """

    windows: int
    held_s: float
    place_m: float
    place_alone_m: float
    velocity_m_s: float
    velocity_alone_m_s: float
    error_share: float
    beyond_share: float
    attitude_rad: float
    shift_s: float


def carried(
    log: Log, jump: Jump, alone: Trace, axes: LocalAxes, clock: Clock, *, ground_msl_m: float = 0.0
) -> tuple[Trace, Proof | None, tuple[Finding, ...]]:
    """The trace by receiver and inertial unit, or the receiver's `alone` as it is, with why; nothing is told of no unit.

    log, axes, clock and ground_msl_m are those that `alone` was made of. The attitude is the unit's; how it sits on the
    body nobody says, so the trace has none.
    """
    zero_s = clock.first_exit_utc.timestamp()
    # who leaves in a hole of his recording leaves about when the first of the load did
    exit_s = zero_s if jump.exit is None else jump.exit.utc_s
    if jump.end_of_freefall is None or jump.end_of_freefall.utc_s <= exit_s:
        return alone, None, ()
    fall = exit_s - zero_s, jump.end_of_freefall.utc_s - zero_s
    if fall[1] - fall[0] > LONGEST_S:
        return alone, None, ()
    felt = felt_of(log, zero_s, fall)
    if felt is None:
        return alone, None, ()
    if isinstance(felt, str):
        return alone, None, (_left(felt),)
    fixes = log.fixes.keep(_used_fixes(log.fixes.utc_s - zero_s, felt, fall))
    place = axes.enu_from_wgs84(fixes.lat_deg, fixes.lon_deg, fixes.altitude_msl_m - ground_msl_m)
    carry = _Carry(
        time_s=fixes.utc_s - zero_s, place_m=place, fixes=fixes, error=alone.uncertainty, fall=fall
    )
    shift_s = carry.shift_s(felt, late_s(log))
    if shift_s is None:
        return alone, None, (_left("no shift of its clock makes it agree with the fixes"),)
    felt = replace(felt, time_s=felt.time_s + shift_s)
    proof = carry.proof(felt, shift_s)
    if isinstance(proof, str):
        return alone, None, (_left(proof),)
    found = carry.smoothed(felt)
    assert found is not None  # with fewer fixes it was
    return _trace(alone, carry, found), proof, (_used(proof),)


def tried(log: Log, jump: Jump) -> tuple[str | None, Proof | None, tuple[Finding, ...]]:
    """The instrument of a cleaned log's jump, and what its inertial unit is worth: its proof, or in words why it has none."""
    if jump.exit is None or jump.end_of_freefall is None:
        return None, None, ()
    from_s, to_s = jump.exit.utc_s - TRIED_S, jump.end_of_freefall.utc_s + TRIED_S
    some = (log.fixes.utc_s >= from_s) & (log.fixes.utc_s <= to_s)
    about = replace(log, fixes=log.fixes.keep(some))
    axes, clock = axes_at(about.fixes), Clock(utc_at(jump.exit.utc_s))
    trace, proof, findings = carried(about, jump, trace_of(about, "somebody", axes, clock), axes, clock)
    return trace.instrument, proof, () if proof else findings


def _left(why: str) -> Finding:
    return Finding("imu-not-used", f"the inertial unit is not used for the motion: {why}")


def _used(proof: Proof) -> Finding:
    return Finding(
        "imu-used",
        f"motion by GNSS and IMU: in {proof.windows} windows of {proof.held_s:g} s kept from it it foretold places to "
        f"{proof.place_m:.1f} m and velocities to {proof.velocity_m_s:.1f} m/s (worst of each, rms; GNSS alone "
        f"{proof.place_alone_m:.1f} m, {proof.velocity_alone_m_s:.1f} m/s); its attitude is known to "
        f"{math.degrees(proof.attitude_rad):.0f} degrees, the body's is not: nobody says how the unit was worn",
    )


def _used_fixes(time_s: Array, felt: Felt, fall: tuple[float, float]) -> Flags:
    """Fixes about the fall that the unit was there for, no closer together than a body's motion changes."""
    first, last = (
        max(fall[0] - BEYOND_S, felt.time_s[0] + 0.5),
        min(fall[1] + BEYOND_S, felt.time_s[-1] - 0.5),
    )
    fresh = np.diff(np.floor(time_s / CLOSEST_S), prepend=-np.inf) > 0
    used: Flags = (time_s > first) & (time_s < last) & fresh
    return used


@dataclass(frozen=True, slots=True, kw_only=True)
class _Carry:
    """Fixes on the take's clock (n,), their places (n, 3), what is stated of their errors, and when the fall was."""

    time_s: Array
    place_m: Array
    fixes: Fixes
    error: Uncertainty
    fall: tuple[float, float]

    def keep(self, which: Flags) -> _Carry:
        """Some of the fixes."""
        return replace(
            self, time_s=self.time_s[which], place_m=self.place_m[which], fixes=self.fixes.keep(which)
        )

    @property
    def nodes_s(self) -> Array:
        """The fixes' times, and some between those that are far apart."""
        pieces = [
            np.linspace(first, last, math.ceil((last - first) / NODE_S - 0.05) + 1)[1:]
            for first, last in zip(self.time_s[:-1], self.time_s[1:], strict=True)
        ]
        return np.concatenate([self.time_s[:1], *pieces])

    def smoothed(self, felt: Felt, kept: Flags | None = None) -> Smoothed | None:
        """The motion at all nodes from those fixes that are kept; None where nothing tells how the unit looked."""
        kept = np.ones(len(self.time_s), bool) if kept is None else kept
        about = (self.time_s >= self.fall[0] + ALIGN_S[0]) & (self.time_s <= self.fall[0] + ALIGN_S[1])
        if np.count_nonzero(about & kept) < LEAST_FIXES:
            return None
        part, nodes_s = self.keep(about), self.nodes_s
        found, rate_bias = part._aligned(felt, kept[about])
        steps = steps_of(felt, nodes_s, rate_bias)
        axes = found @ steps.since[np.searchsorted(nodes_s, part.time_s[0])].T
        return smooth(steps, self._readings(nodes_s, kept), axes)

    def _aligned(self, felt: Felt, kept: Flags) -> tuple[Array, Array]:
        """The unit's axes at the first fix into level ones (3, 3), and the bias of its rates, from these fixes alone.

        A filter of small errors from an attitude that is far off ends nearer to it, and begins again from there.
        """
        nodes_s, rate_bias = self.nodes_s, calm_rate_rad_s(felt)
        readings = self._readings(nodes_s, kept)
        steps = steps_of(felt, nodes_s, rate_bias)
        axes = level_axes(steps, readings)
        for _ in range(AGAIN):
            found = smooth(steps, readings, axes)
            axes, rate_bias = found.turn[0], rate_bias + np.mean(found.rate_bias_rad_s, axis=0)
            steps = steps_of(felt, nodes_s, rate_bias)
        return axes, rate_bias

    def _readings(self, nodes_s: Array, kept: Flags) -> Readings:
        horizontal_m, up_m, velocity_m_s = sigmas(self.fixes)
        upwards = np.array([1.0, 1.0, self.error.up_share])
        at, n = np.searchsorted(nodes_s, self.time_s), len(nodes_s)
        there, share = np.zeros(n, bool), np.ones((n, 2))
        place, velocity = np.zeros((n, 3)), np.zeros((n, 3))
        there[at], place[at], velocity[at] = kept, self.place_m, self.fixes.velocity_enu_m_s
        share[at] = np.stack([own_share(horizontal_m, up_m), velocity_m_s / np.median(velocity_m_s)], axis=-1)
        return Readings(
            there=there,
            place_m=place,
            velocity_m_s=velocity,
            wander_m=self.error.wander_m * upwards,
            wander_s=self.error.wander_time_s,
            white_m=self.error.white_m * upwards,
            lag_m_s=self.error.velocity_m_s,
            lag_s=self.error.velocity_time_s,
            share=share,
        )

    def shift_s(self, felt: Felt, late_s: float) -> float | None:
        """By how much the unit's clock must be moved for it to foretell the fixes of the fall best; None if by too much.

        A clock that is sure is left as it is. The misfit is a parabola about its least.
        """
        if late_s <= CLOCK_S:
            return 0.0
        about = self.keep((self.time_s > self.fall[0] + ALIGN_S[0]) & (self.time_s < self.fall[1] + AROUND_S))
        shifts = late_s * np.arange(-2.0, 2.1)
        misfits = np.array([about.misfit(replace(felt, time_s=felt.time_s + shift)) for shift in shifts])
        best = int(np.argmin(misfits))
        if not np.isfinite(misfits).all() or best in (0, len(shifts) - 1):
            return None
        before, least, after = misfits[best - 1 : best + 2]
        return float(shifts[best] + 0.5 * late_s * (before - after) / (before - 2.0 * least + after))

    def misfit(self, felt: Felt) -> float:
        """Mean misfit of the fixes, each counted up to the gate."""
        found = self.smoothed(felt)
        return math.inf if found is None else float(np.nanmean(np.minimum(found.misfit, GATE)))

    def proof(self, felt: Felt, shift_s: float) -> Proof | str:
        """How well the unit foretells fixes that are kept from it, or why it is not believed."""
        windows = self._windows()
        held = np.zeros(len(self.time_s), bool)
        held[np.concatenate([*windows, np.zeros(0, int)])] = True
        if len(windows) < LEAST_WINDOWS:
            return "too few fixes about the fall to try it on"
        found = self.smoothed(felt, ~held)
        if found is None:
            return "nothing tells how it was worn"
        at = np.searchsorted(self.nodes_s, self.time_s)
        off = [
            (found.read_place_m[at] - self.place_m),
            found.read_velocity_m_s[at] - self.fixes.velocity_enu_m_s,
        ]
        variance = (
            np.concatenate([found.read_place_variance, found.read_velocity_variance], axis=1) + found.white
        )
        squares = np.concatenate(off, axis=1) ** 2 / variance[at]
        alone = [self._alone(window) for window in windows]
        worst = [
            [_largest(off[0][window]), _largest(place), _largest(off[1][window]), _largest(velocity)]
            for window, (place, velocity) in zip(windows, alone, strict=True)
        ]
        place_m, place_alone_m, velocity_m_s, velocity_alone_m_s = np.sqrt(
            np.mean(np.square(worst), axis=0)
        ).tolist()
        fall = (self.nodes_s >= self.fall[0]) & (self.nodes_s <= self.fall[1])
        misfit = found.misfit[fall & np.isfinite(found.misfit)]
        proof = Proof(
            windows=len(windows),
            held_s=HELD_S,
            place_m=place_m,
            place_alone_m=place_alone_m,
            velocity_m_s=velocity_m_s,
            velocity_alone_m_s=velocity_alone_m_s,
            error_share=float(np.sqrt(np.mean([squares[window[len(window) // 2]] for window in windows]))),
            beyond_share=float(np.mean(misfit > GATE)),
            attitude_rad=float(np.sqrt(np.median(found.turn_variance[fall].max(axis=1)))),
            shift_s=shift_s,
        )
        return _doubted(proof) or proof

    def _windows(self) -> list[Index]:
        """Indices of the fixes of each window that is kept from the unit, with a fix before and after it."""
        begins = np.arange(self.fall[0] - HELD_S, self.fall[1] + AROUND_S - HELD_S, EVERY_S)
        found = [np.flatnonzero((self.time_s >= begin) & (self.time_s < begin + HELD_S)) for begin in begins]
        return [one for one in found if len(one) > 1 and one[0] > 0 and one[-1] < len(self.time_s) - 1]

    def _alone(self, window: Index) -> tuple[Array, Array]:
        """How far the receiver's own curve over a window is off the fixes in it, place and velocity (n, 3)."""
        a, b = int(window[0]) - 1, int(window[-1]) + 1
        whole_s = self.time_s[b] - self.time_s[a]
        x = ((self.time_s[window] - self.time_s[a]) / whole_s)[:, None]
        velocity = self.fixes.velocity_enu_m_s
        ends = (np.concatenate([self.place_m[i], velocity[i]]) for i in (a, b))
        place, speed = cubic(x, whole_s, *ends)
        return place - self.place_m[window], speed - velocity[window]


def _largest(off: Array) -> float:
    return float(np.linalg.norm(off, axis=1).max())


def _doubted(proof: Proof) -> str:
    """Why an inertial unit is not believed; empty where it is."""
    if not (
        proof.beyond_share <= WORST_BEYOND and proof.error_share <= WORST_SHARE
    ):  # nor by what is not a number
        return (
            f"it does not agree with the fixes: those kept from it are off by {proof.error_share:.1f} times what is stated, "
            f"and {100 * proof.beyond_share:.0f} % of all in the fall fit in no way"
        )
    if not (
        proof.place_m <= WORSE * proof.place_alone_m
        and proof.velocity_m_s <= WORSE * proof.velocity_alone_m_s
    ):
        return (
            f"in {proof.windows} windows of {proof.held_s:g} s kept from it it foretold places to {proof.place_m:.2f} m and "
            f"velocities to {proof.velocity_m_s:.2f} m/s, GNSS alone to {proof.place_alone_m:.2f} m and "
            f"{proof.velocity_alone_m_s:.2f} m/s (worst of each, rms)"
        )
    return ""


def _trace(alone: Trace, carry: _Carry, found: Smoothed) -> Trace:
    """The receiver's trace with the smoothed motion in it, from the first node to the last, and its errors.

    Places are what the receiver would have read: its slow error stays in them, as no inertial unit tells it.
    """
    nodes_s, error = carry.nodes_s, carry.error
    place = np.maximum(found.read_place_variance[:, 0] + found.read_place_variance[:, 1], 0.0) / 2.0
    speed = np.mean(found.velocity_variance, axis=1)
    usual = float(np.median(speed))
    stated = replace(
        error,
        white_m=0.0,
        velocity_m_s=math.sqrt(usual),
        velocity_time_s=_lasting_s(nodes_s, found.velocity_keep),
    )
    worse = np.maximum(place, found.read_place_variance[:, 2] / error.up_share**2)
    place_share = np.sqrt(1.0 + worse / stated.level_m**2)
    outside = (alone.time_s < nodes_s[0]) | (alone.time_s > nodes_s[-1])
    order = np.argsort(np.concatenate([alone.time_s[outside], nodes_s]), kind="stable")

    def joined(theirs: Array, ours: Array) -> Array:
        return np.concatenate([theirs[outside], ours])[order]

    between = {key: np.interp(nodes_s, alone.time_s, column) for key, column in alone.channels.items()}
    raised = found.read_place_m[:, 2] - np.interp(nodes_s, alone.time_s, alone.position_enu_m[:, 2])
    between["altitude_msl_m"] = between["altitude_msl_m"] + raised
    between["error_share"] = place_share
    theirs = dict(alone.channels)
    before = theirs["error_share"]
    theirs["error_share"] = before * error.level_m / stated.level_m
    channels = {key: joined(theirs[key], between[key]) for key in theirs}
    channels["velocity_share"] = joined(
        before * error.velocity_m_s / stated.velocity_m_s, np.sqrt(speed / usual)
    )
    return replace(
        alone,
        time_s=joined(alone.time_s, nodes_s),
        position_enu_m=joined(alone.position_enu_m, found.read_place_m),
        velocity_enu_m_s=joined(alone.velocity_enu_m_s, found.velocity_m_s),
        uncertainty=stated,
        channels=channels,
        instrument=alone.instrument.replace("GNSS", "GNSS and IMU"),
    )


def _lasting_s(nodes_s: Array, keep: Array) -> float:
    """How long an error lasts of which that much stays from node to node."""
    kept = np.clip(keep, 1e-6, 1.0 - 1e-9)
    return float(np.median(-np.diff(nodes_s) / np.log(kept)))
