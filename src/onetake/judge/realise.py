"""Realise: a take as the judge's records on its own clock — once if it is exact, many times if it was measured.

Each realisation adds an error drawn from what is stated about the instruments: a bias for the whole take, a part
that wanders, and white noise at each sample. Range comes from `relative` where the take has it, else from the
difference of the two positions, whose errors add.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from onetake.errors import InputError
from onetake.judge.state import LANES, SEEN, TICK_S, J
from onetake.take import Take
from onetake.trace import Trace, Uncertainty

F32 = NDArray[np.float32]
Array = NDArray[np.float64]
I64 = NDArray[np.int64]

LEVEL = np.array([1.0, 0.0, 0.0, 0.0])
FAR_FOCUS_M = 1000.0


def realisations(take: Take, count: int, seed: int) -> tuple[F32, int, bool]:
    """Records (batch, ticks, len(SEEN) + 1, 16), the tick of the first, and whether the take is exact.

    An exact take fills every lane with itself. Raises InputError for a take with fewer than two bodies.
    """
    if len(take.bodies) < 2:
        raise InputError("a take to judge needs an operator and a subject; this one has one body only")
    errors = _errors(take)
    certain = all(error.exact for error in errors)
    begin = max(trace.span_s[0] for trace in take.bodies[:2])
    end = min(trace.span_s[1] for trace in take.bodies[:2])
    if end <= begin:
        raise InputError("the operator's and the subject's tracks do not overlap in time; check their clocks")
    first, last = round(begin / TICK_S), int(np.floor(end / TICK_S + 1e-3))
    ticks = np.arange(first, last + 1)
    base = _base(take, ticks)
    lanes = LANES if certain else -(-count // LANES) * LANES
    records = np.repeat(base[None, :, :, None].astype(np.float32), lanes // LANES, axis=0)
    records = np.repeat(records, LANES, axis=3)
    if not certain:
        rng = np.random.default_rng(np.random.Philox(key=seed))
        for lane in range(lanes):
            batch, column = divmod(lane, LANES)
            for axis in (J.rx, J.ry, J.rz):
                wrong = sum(_draw(error, len(ticks), rng) for error in errors)
                records[batch, :, axis, column] += np.asarray(wrong, np.float32)
    return records, first, certain


def _errors(take: Take) -> list[Uncertainty]:
    """What is uncertain about where the subject is against the operator."""
    if take.relative is not None:
        return [take.relative.uncertainty]
    return [trace.uncertainty for trace in take.bodies[:2]]


def _draw(error: Uncertainty, ticks: int, rng: np.random.Generator) -> Array:
    """One axis of one realisation of an instrument's error, (ticks,)."""
    keep = float(np.exp(-TICK_S / error.wander_time_s))
    steps = rng.standard_normal(ticks) * np.sqrt(1 - keep * keep)
    wander, _ = lfilter([1.0], [1.0, -keep], steps, zi=[keep * rng.standard_normal()])
    drawn: Array = error.bias_m * rng.standard_normal() + error.wander_m * wander
    return drawn + error.white_m * rng.standard_normal(ticks)


def _latest(time_s: Array, ticks: I64) -> I64:
    """Index of the last sample at or before each tick (kept inside the track)."""
    found: I64 = np.searchsorted(time_s, ticks * TICK_S + 0.25 * TICK_S, side="right") - 1
    return np.clip(found, 0, len(time_s) - 1)


def _base(take: Take, ticks: I64) -> Array:
    operator, subject = take.bodies[0], take.bodies[1]
    a, b = _latest(operator.time_s, ticks), _latest(subject.time_s, ticks)
    columns = {"time": operator.time_s[a], "up": operator.position_enu_m[a, 2]}
    columns["A_vz"] = operator.velocity_enu_m_s[a, 2]
    if take.relative is not None:
        r = _latest(take.relative.time_s, ticks)
        apart, drift = take.relative.position_enu_m[r], take.relative.velocity_enu_m_s[r]
    else:
        apart = subject.position_enu_m[b] - operator.position_enu_m[a]
        drift = subject.velocity_enu_m_s[b] - operator.velocity_enu_m_s[a]
    for i, axis in enumerate("xyz"):
        columns[f"r{axis}"], columns[f"u{axis}"] = apart[:, i], drift[:, i]
    for letter, trace, index in (("A", operator, a), ("B", subject, b)):
        columns |= _attitude(letter, trace, index)
    columns |= _lens(take, ticks)
    columns["clearance"] = _channel(subject, "clearance_m", b, 1e6)
    columns["A_phase"] = _phase(take, operator, a)
    columns["B_phase"] = _phase(take, subject, b)
    broke = take.event("break-off")
    columns["broke"] = (ticks * TICK_S > broke.time_s - 0.5 * TICK_S) * 1.0 if broke else np.zeros(len(ticks))
    columns["ending"] = _channel(subject, "ending_code", b, 0.0)
    table = np.zeros((len(ticks), len(SEEN) + 1))
    for i, name in enumerate(SEEN):
        table[:, i] = columns[name]
    return table


def _attitude(letter: str, trace: Trace, index: I64) -> dict[str, Array]:
    q = (
        np.broadcast_to(LEVEL, (len(index), 4))
        if trace.q_enu_from_body is None
        else trace.q_enu_from_body[index]
    )
    w = np.zeros((len(index), 3)) if trace.rate_body_rad_s is None else trace.rate_body_rad_s[index]
    found = {f"{letter}_{part}": q[:, i] for i, part in enumerate(("qw", "qx", "qy", "qz"))}
    return found | {f"{letter}_{part}": w[:, i] for i, part in enumerate(("wx", "wy", "wz"))}


def _lens(take: Take, ticks: I64) -> dict[str, Array]:
    if take.lens is None:
        nothing = np.zeros(len(ticks))
        return {"yaw": nothing, "pitch": nothing, "focus": np.full(len(ticks), FAR_FOCUS_M)}
    at = _latest(take.lens.time_s, ticks)
    lens = take.lens
    return {"yaw": lens.neck_yaw_rad[at], "pitch": lens.neck_pitch_rad[at], "focus": lens.focus_m[at]}


def _channel(trace: Trace, name: str, index: I64, default: float) -> Array:
    return trace.channels[name][index] if name in trace.channels else np.full(len(index), default)


def _phase(take: Take, trace: Trace, index: I64) -> Array:
    """The flight's own phase, else from the events: aboard, free fall, opening, canopy, landed."""
    if "phase_code" in trace.channels:
        return trace.channels["phase_code"][index]
    time_s = trace.time_s[index]
    phase = np.zeros(len(index))
    for code, name in enumerate(("exit", "pull", "open", "landing"), start=1):
        event = take.event(name, trace.name)
        if event is not None:
            phase[time_s >= event.time_s] = code
    return phase
