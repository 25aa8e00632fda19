"""Realise: a take as the judge's records on its own clock — once if it is exact, many times if it was measured.

Each realisation adds an error drawn from what is stated about the instruments: a bias for the whole take, a part
that wanders, white noise at each sample, all of them less or more where a sample says so of itself; velocities that
are off; a clock that is off, with which who moves is elsewhere; and one small turn of each attitude. Range comes from `relative` where the
take has it, else from the difference of the two positions, whose errors add. Who carried no attitude instrument lies
belly down on a heading that nobody knows: his eyes or his lens are 0.7 m from his centre, somewhere. Where nobody measured
how far one surface is from the other, it is taken as the least that the distance leaves, both stretched towards each other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onetake.axes import compose
from onetake.errors import InputError
from onetake.judge.filmed import ATTITUDE, draw_film, during, see, shown, sightings
from onetake.judge.glass import Glass
from onetake.judge.state import LANES, SEEN, SHOWN, TICK_S, J
from onetake.take import Relative, Take
from onetake.trace import Trace, Uncertainty

F32 = NDArray[np.float32]
Array = NDArray[np.float64]
I64 = NDArray[np.int64]

LEVEL = np.array([1.0, 0.0, 0.0, 0.0])
UNKNOWN_TILT_RAD = 0.2  # about the belly-down attitude of whose attitude nothing is known; assumed
FAR_FOCUS_M = 1000.0
# From a body's centre of mass to its furthest surface: fingertips of who stands 1.9 m and reaches up are 2.4 m above the
# ground, his centre 1.05 m (de Leva's segments); a tenth of a metre of glove
REACH_M = 1.45
_OWN, _OWN_SPEED = [J.east, J.north, J.up], [J.A_vx, J.A_vy, J.A_vz]
_APART, _DRIFT = [J.rx, J.ry, J.rz], [J.ux, J.uy, J.uz]


def realisations(take: Take, count: int, seed: int, glass: Glass | None = None) -> tuple[F32, int, bool]:
    """Records (batch, ticks, len(SEEN), 16), the tick of the first, and whether the take is exact.

    glass: where lens and eyes are on the bodies; only a filmed take needs it. With what a film shows a record has
    len(SHOWN) more fields.
    An exact take fills every lane with itself; of a measured one lane 0 is as it was read, the others have errors, and
    between its samples lie straight lines. Raises InputError for a take with fewer than two bodies, and for tracks
    that do not overlap in time.
    """
    if len(take.bodies) < 2:
        raise InputError("a take to judge needs an operator and a subject; this one has one body only")
    certain = _certain(take)
    begin = max(trace.span_s[0] for trace in take.bodies[:2])
    end = min(trace.span_s[1] for trace in take.bodies[:2])
    if end <= begin:
        raise InputError("the operator's and the subject's tracks do not overlap in time; check their clocks")
    first, last = round(begin / TICK_S), int(np.floor(end / TICK_S + 1e-3))
    ticks = np.arange(first, last + 1)
    base = _base(take, ticks, joined=not certain)
    lanes = LANES if certain else -(-count // LANES) * LANES
    records = np.repeat(base[None, :, :, None].astype(np.float32), lanes // LANES, axis=0)
    records = np.repeat(records, LANES, axis=3)
    rng = np.random.default_rng(np.random.Philox(key=seed))
    moved = np.zeros(lanes, np.int64) if certain else moved_ticks(take, lanes, seed)
    sighted = film = None
    seen = slice(0)
    if take.sight is not None and glass is not None:
        seen = during(take.sight, ticks)
        sighted = sightings(take.sight, ticks[seen], lanes, rng)
    if take.film is not None and glass is not None:
        film = draw_film(take.film, ticks, lanes, rng)
        more = np.zeros((*records.shape[:2], len(SHOWN), LANES), np.float32)
        records = np.concatenate([records, more], axis=2)
    for lane in range(0 if sighted or film or bounded(take) else 1, 1 if certain else lanes):
        batch, column = divmod(lane, LANES)
        record = records[batch, :, :, column]
        if lane:
            _disturb(record, take, ticks, rng)
        if sighted is not None and glass is not None:
            see(record[seen], tuple(part[lane] for part in sighted), glass)
        if film is not None and take.film is not None and glass is not None:
            record[:, len(SEEN) :] = shown(record, take.film, film, lane, ticks, glass)
        if bounded(take):
            apart_m = np.linalg.norm(record[:, _APART], axis=1)
            record[:, J.clearance] = apart_m - np.float32(2.0 * REACH_M)
        if moved[lane]:  # all but the times, its first field
            rows = np.clip(np.arange(len(record)) + moved[lane], 0, len(record) - 1)
            record[:, J.time + 1 :] = record[rows, J.time + 1 :]
    return records, first, certain


def bounded(take: Take) -> bool:
    """Whether a take tells of the clearance only how large it is at least: measured, and no clearance measured."""
    return not _certain(take) and "clearance_m" not in take.bodies[1].channels


def _certain(take: Take) -> bool:
    """Nothing the judge looks at was measured with an error."""
    return (
        take.sight is None
        and take.film is None
        and all(error.exact for error in _errors(take))
        and all(trace.uncertainty.exact and trace.q_enu_from_body is not None for trace in take.bodies[:2])
    )


def _disturb(record: F32, take: Take, ticks: I64, rng: np.random.Generator) -> None:
    """Add one realisation of every error to a record (ticks, fields)."""
    own_m_s = record[:, _OWN_SPEED].astype(np.float64)
    other_m_s = own_m_s + record[:, _DRIFT]
    own, own_drift = _wrong(take.bodies[0], own_m_s, ticks, rng)
    if take.relative is not None:
        apart, drift = _wrong(take.relative, other_m_s, ticks, rng)
    else:
        other, other_drift = _wrong(take.bodies[1], other_m_s, ticks, rng)
        apart, drift = other - own, other_drift - own_drift
    for places, wrong in ((_OWN, own), (_OWN_SPEED, own_drift), (_APART, apart), (_DRIFT, drift)):
        record[:, places] += wrong.astype(np.float32)
    for letter, trace in zip("AB", take.bodies[:2], strict=True):
        turn = _misread(trace, rng)
        if turn is None:
            continue
        parts = [getattr(J, f"{letter}_{part}") for part in ATTITUDE]
        q = record[:, parts].astype(np.float64)
        turned = (
            compose(np.broadcast_to(turn, q.shape), q) if trace.q_enu_from_body is None else compose(q, turn)
        )
        record[:, parts] = turned.astype(np.float32)


def _wrong(
    measured: Trace | Relative, moving_m_s: Array, ticks: I64, rng: np.random.Generator
) -> tuple[Array, Array]:
    """One realisation of how far place and velocity of something that moves are off, each (ticks, 3)."""
    error, n = measured.uncertainty, len(ticks)
    if error.exact:
        return np.zeros((n, 3)), np.zeros((n, 3))
    upwards = np.array([1.0, 1.0, error.up_share])
    place = (
        error.bias_m * rng.standard_normal(3)
        + error.wander_m * _wander(error.wander_time_s, n, rng)
        + error.white_m * rng.standard_normal((n, 3))
    )
    velocity = error.velocity_m_s * _wander(error.velocity_time_s, n, rng)
    if isinstance(measured, Trace):
        place_share, velocity_share = (
            np.interp(ticks * TICK_S, measured.time_s, column)[:, None] for column in measured.error_shares
        )
        place, velocity = place * place_share, velocity * velocity_share
    return place * upwards + error.clock_s * rng.standard_normal() * moving_m_s, velocity


def moved_ticks(take: Take, lanes: int, seed: int) -> I64:
    """By how many ticks each realisation begins elsewhen, (lanes,): a shot's times count from the first exit, and that is

    only as well known as its event says. The first, as it was read, begins where it was read.
    """
    sigma_s = max(
        (event.sigma_s for event in take.events if event.name == "exit" and event.time_s == 0.0), default=0.0
    )
    rng = np.random.default_rng(np.random.Philox(key=[seed, 1]))
    moved = np.round(sigma_s * rng.standard_normal(lanes) / TICK_S).astype(np.int64)
    moved[0] = 0
    return moved


def _misread(trace: Trace, rng: np.random.Generator) -> Array | None:
    """The turn by which a trace's attitude is wrong in one realisation, as a quaternion; None where it is exact."""
    sigma_rad = trace.uncertainty.attitude_rad
    if trace.q_enu_from_body is not None and sigma_rad == 0.0:
        return None
    heading = LEVEL
    if trace.q_enu_from_body is None:
        sigma_rad, half = UNKNOWN_TILT_RAD, rng.uniform(0.0, np.pi)
        heading = np.array([np.cos(half), 0.0, 0.0, np.sin(half)])
    small = np.concatenate([[1.0], sigma_rad / 2 * rng.standard_normal(3)])
    return compose(heading, small / np.linalg.norm(small))


def _errors(take: Take) -> list[Uncertainty]:
    """What is uncertain about where the subject is against the operator."""
    if take.relative is not None:
        return [take.relative.uncertainty]
    return [trace.uncertainty for trace in take.bodies[:2]]


def _wander(time_s: float, ticks: int, rng: np.random.Generator) -> Array:
    """Three axes of a Gauss-Markov process of unit size, (ticks, 3)."""
    from scipy.signal import lfilter  # slow to import, and only measured takes need it

    keep = float(np.exp(-TICK_S / time_s))
    steps = rng.standard_normal((ticks, 3)) * np.sqrt(1 - keep * keep)
    drawn, _ = lfilter([1.0], [1.0, -keep], steps, axis=0, zi=keep * rng.standard_normal((1, 3)))
    return np.asarray(drawn)


def _latest(time_s: Array, ticks: I64) -> I64:
    """Index of the last sample at or before each tick (kept inside the track)."""
    found: I64 = np.searchsorted(time_s, ticks * TICK_S + 0.25 * TICK_S, side="right") - 1
    return np.clip(found, 0, len(time_s) - 1)


def _at_ticks(time_s: Array, rows: Array, ticks: I64, joined: bool) -> Array:
    """Rows (n, k) at the ticks: the last sample, as flown, or on the line between two of them, as measured."""
    if not joined:
        return rows[_latest(time_s, ticks)]
    return np.stack([np.interp(ticks * TICK_S, time_s, column) for column in rows.T], axis=-1)


def _base(take: Take, ticks: I64, *, joined: bool) -> Array:
    operator, subject = take.bodies[0], take.bodies[1]
    a, b = _latest(operator.time_s, ticks), _latest(subject.time_s, ticks)
    place = [_at_ticks(trace.time_s, trace.position_enu_m, ticks, joined) for trace in (operator, subject)]
    speed = [_at_ticks(trace.time_s, trace.velocity_enu_m_s, ticks, joined) for trace in (operator, subject)]
    columns = {"time": ticks * TICK_S if joined else operator.time_s[a]}
    columns |= {name: place[0][:, i] for i, name in enumerate(("east", "north", "up"))}
    columns |= {f"A_v{axis}": speed[0][:, i] for i, axis in enumerate("xyz")}
    apart, drift = place[1] - place[0], speed[1] - speed[0]
    if take.relative is not None:
        known = take.relative
        apart = _at_ticks(known.time_s, known.position_enu_m, ticks, joined)
        drift = _at_ticks(known.time_s, known.velocity_enu_m_s, ticks, joined)
    for i, axis in enumerate("xyz"):
        columns[f"r{axis}"], columns[f"u{axis}"] = apart[:, i], drift[:, i]
    for letter, trace, index in (("A", operator, a), ("B", subject, b)):
        columns |= _attitude(letter, trace, index, ticks if joined else None)
    columns |= _lens(take, ticks, joined)
    columns["clearance"] = _channel(subject, "clearance_m", b, 1e6)
    columns["A_phase"] = _phase(take, operator, a)
    columns["B_phase"] = _phase(take, subject, b)
    broke = take.event("break-off")
    columns["broke"] = (ticks * TICK_S > broke.time_s - 0.5 * TICK_S) * 1.0 if broke else np.zeros(len(ticks))
    columns["ending"] = _channel(subject, "ending_code", b, 0.0)
    return np.stack([columns[name] for name in SEEN], axis=-1)


def _attitude(letter: str, trace: Trace, index: I64, ticks: I64 | None) -> dict[str, Array]:
    """Attitude and turn rate; ticks: joined by lines at these."""
    q, w = np.broadcast_to(LEVEL, (len(index), 4)), np.zeros((len(index), 3))
    if trace.q_enu_from_body is not None:
        q = trace.q_enu_from_body[index] if ticks is None else _turned_to(trace, ticks)
    if trace.rate_body_rad_s is not None:
        w = trace.rate_body_rad_s[index]
    found = {f"{letter}_{part}": q[:, i] for i, part in enumerate(ATTITUDE)}
    return found | {f"{letter}_{part}": w[:, i] for i, part in enumerate(("wx", "wy", "wz"))}


def _turned_to(trace: Trace, ticks: I64) -> Array:
    """Attitude at the ticks on the line between samples, the shorter way round."""
    q = np.asarray(trace.q_enu_from_body)
    flips = np.cumprod(np.concatenate([[1.0], np.where(np.sum(q[1:] * q[:-1], axis=1) < 0, -1.0, 1.0)]))
    joined = _at_ticks(trace.time_s, q * flips[:, None], ticks, True)
    unit: Array = joined / np.linalg.norm(joined, axis=1, keepdims=True)
    return unit


def _lens(take: Take, ticks: I64, joined: bool) -> dict[str, Array]:
    if take.lens is None:
        nothing = np.zeros(len(ticks))
        return {"yaw": nothing, "pitch": nothing, "focus": np.full(len(ticks), FAR_FOCUS_M)}
    lens = take.lens
    rows = np.stack([lens.neck_yaw_rad, lens.neck_pitch_rad, lens.focus_m], axis=-1)
    at = _at_ticks(lens.time_s, rows, ticks, joined)
    return {"yaw": at[:, 0], "pitch": at[:, 1], "focus": at[:, 2]}


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
