"""Strapdown: what an inertial unit felt, carried forward from fix to fix and smoothed backwards, with its errors.

The unit's turn rates turn its axes, its accelerations in those axes add up to velocity and place, and the fixes of the
receiver beside it say how wrong that has become: a Kalman filter of the errors (Groves, Principles of GNSS, Inertial, and
Multisensor Integrated Navigation Systems, 2nd ed., ch. 14) forwards, and the smoother of Rauch, Tung and Striebel (AIAA
Journal 3, 1965) backwards. Which way up the unit was carried is found first, from how the velocities of the fixes change
against what was felt (Wahba, SIAM Review 7, 1965). Axes are level east, north and up; the Earth's turning (0.02 m/s² at
130 m/s) is within the bias of an accelerometer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from onetake.logbook.log import Array, Flags
from onetake.units import DEG_RAD, G0_M_S2

# Of a consumer unit (LSM6DSO data sheet, DocID031418: zero-rate level 1 deg/s, zero-g level 20 mg, sensitivity 1 %; it
# changes by 0.01 deg/s and 0.1 mg a kelvin, and a fall is tens of kelvins)
RATE_BIAS_RAD_S, RATE_BIAS_DRIFT_RAD_S = 1.0 * DEG_RAD, 0.2 * DEG_RAD
FORCE_BIAS_M_S2, FORCE_BIAS_DRIFT_M_S2 = 0.02 * G0_M_S2, 0.005 * G0_M_S2
CALM_RAD_S = 0.05  # of a second's samples: somebody who sits still
DRIFT_S = 60.0  # in which a bias changes by that
SCALE_SHARE, SCALE_S = 0.01, 1.0  # of a rate or force, and how long one direction of it lasts; assumed
TURNED_RAD = 0.35  # how well the first attitude is known: a unit turned by hand, carried back over a minute
VELOCITY_WHITE_SHARE = 0.3  # of a velocity's lasting error, what is new in each fix; assumed
ROUGH_S = 0.5  # over which neighbouring samples tell how rough the motion between them is
GATE = 38.0  # six squares of unit size together: one in a million is larger (chi-square)
GRAVITY = np.array([0.0, 0.0, -G0_M_S2])

# the state, three each: errors of attitude, velocity, place; biases of rate and force; the receiver's own errors, which
# last: of its place and of its velocity
_TURN, _SPEED, _PLACE, _RATE, _FORCE, _WANDER, _LAG = (slice(3 * i, 3 * i + 3) for i in range(7))
_SIZE = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class Felt:
    """An inertial unit's samples on the clock of the fixes: time_s (n,), rate_rad_s, force_m_s2 (n, 3) in its own axes."""

    time_s: Array
    rate_rad_s: Array
    force_m_s2: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What was felt between neighbouring nodes: turn (n-1, 3, 3) of the axes at each one's end into those at its start,

    gained_m_s (n-1, 3) in the axes at the start, the mean of the turn up to then, and the variances an axis of what the
    samples cannot tell of turn and gain. since (n, 3, 3), sum_m_s (n, 3): turn and gain from the first node, in its axes.
    """

    time_s: Array
    turn: Array
    gained_m_s: Array
    half: Array
    turn_variance: Array
    gain_variance: Array
    since: Array
    sum_m_s: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """The receiver's fixes at the nodes that have one: there (n,), place_m, velocity_m_s (n, 3).

    Errors an axis (3,), 1 sigma: of a place those that wander, in wander_s, and those new in each fix; of a velocity
    those that last lag_s. share (n, 2): how much worse each fix's place and velocity are than usual.
    """

    there: Flags
    place_m: Array
    velocity_m_s: Array
    wander_m: Array
    wander_s: float
    white_m: Array
    lag_m_s: float
    lag_s: float
    share: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoothed:
    """The motion at each node after all readings: velocity_m_s (n, 3) and its variance an axis (n, 3).

    turn (n, 3, 3) is the unit's axes into level ones, turn_variance (n, 3) about east, north and up; rate_bias_rad_s (n, 3)
    beside the one that the steps were made with. velocity_keep (n-1,):
    how much of a velocity's error stays to the next node. misfit (n,): six squares of how far each fix was from what was
    foretold, over their variance, NaN without one; read_place_m, read_velocity_m_s (n, 3) and their variances: what a fix
    would have read at each node, but for its own noise, whose variance is white (n, 6).
    """

    velocity_m_s: Array
    velocity_variance: Array
    turn: Array
    turn_variance: Array
    rate_bias_rad_s: Array
    velocity_keep: Array
    misfit: Array
    read_place_m: Array
    read_velocity_m_s: Array
    read_place_variance: Array
    read_velocity_variance: Array
    white: Array


def calm_rate_rad_s(felt: Felt) -> Array:
    """The rate of a unit at rest, (3,): the median of the calmest tenth of its calm seconds, none where it never was calm."""
    each = max(round(1.0 / float(np.median(np.diff(felt.time_s)))), 2)
    whole = felt.rate_rad_s[: len(felt.rate_rad_s) // each * each].reshape(-1, each, 3)
    if not len(whole):
        return np.zeros(3)
    spread = np.linalg.norm(whole.std(axis=1), axis=1)
    calmest = np.argsort(spread)[: max(len(whole) // 10, 1)]
    calmest = calmest[spread[calmest] < CALM_RAD_S]
    mean = whole[calmest].mean(axis=1)
    return np.asarray(np.median(mean, axis=0)) if len(calmest) else np.zeros(3)


def steps_of(felt: Felt, nodes_s: Array, rate_bias_rad_s: Array) -> Steps:
    """What was felt between nodes that lie within the unit's samples; between samples lie straight lines."""
    time_s = np.unique(
        np.concatenate([nodes_s, felt.time_s[(felt.time_s > nodes_s[0]) & (felt.time_s < nodes_s[-1])]])
    )
    rate, force = (
        np.stack([np.interp(time_s, felt.time_s, part) for part in rows.T], axis=-1)
        for rows in (felt.rate_rad_s - rate_bias_rad_s, felt.force_m_s2)
    )
    dt_s = np.diff(time_s)
    turns = _chained(0.5 * (rate[1:] + rate[:-1]) * dt_s[:, None])
    level = np.einsum("nij,nj->ni", turns, force)
    sums = _added(0.5 * (level[1:] + level[:-1]) * dt_s[:, None])
    at = np.searchsorted(time_s, nodes_s)
    since, sum_m_s = turns[at], sums[at]
    turn = np.einsum("nji,njk->nik", since[:-1], since[1:])
    middle = turns[np.searchsorted(time_s, 0.5 * (nodes_s[1:] + nodes_s[:-1]))]
    return Steps(
        time_s=nodes_s,
        turn=turn,
        gained_m_s=np.einsum("nji,nj->ni", since[:-1], np.diff(sum_m_s, axis=0)),
        half=np.einsum("nji,njk->nik", since[:-1], middle),
        turn_variance=_untold(felt.time_s, felt.rate_rad_s, nodes_s),
        gain_variance=_untold(felt.time_s, felt.force_m_s2, nodes_s),
        since=since,
        sum_m_s=sum_m_s,
    )


def _untold(time_s: Array, rows: Array, nodes_s: Array) -> Array:
    """Variance an axis, between nodes, of the integral of what was sampled (n, 3).

    A body shakes faster than a unit of 13 Hz samples it: each sample stands for its time by chance, and is off what it
    stands for by half of the squared step to the next. Beside that stands the unit's own scale.
    """
    dt_s = np.diff(time_s)
    rough = np.mean(np.diff(rows, axis=0) ** 2, axis=1)
    reach = max(round(ROUGH_S / float(np.median(dt_s))), 1)
    rough = np.convolve(rough, np.ones(reach) / reach, "same")
    size = np.mean(rows**2, axis=1)
    a_second = 0.5 * rough * dt_s + SCALE_SHARE**2 * 0.5 * (size[1:] + size[:-1]) * 2.0 * SCALE_S
    whole = np.concatenate([[0.0], np.cumsum(a_second * dt_s)])
    return np.diff(np.interp(nodes_s, time_s, whole))


def _chained(turns_rad: Array) -> Array:
    """Rotation vectors (n, 3) one after another, as matrices from the first axes (n + 1, 3, 3)."""
    angle = np.linalg.norm(turns_rad, axis=1)
    real = np.cos(angle / 2.0).tolist()
    parts = (turns_rad * (np.sinc(angle / (2.0 * np.pi)) / 2.0)[:, None]).tolist()
    w, x, y, z = 1.0, 0.0, 0.0, 0.0
    rows = [(w, x, y, z)]
    for c, (a, b, d) in zip(real, parts, strict=True):  # a product hangs on the one before it
        w, x, y, z = (
            w * c - x * a - y * b - z * d,
            w * a + x * c + y * d - z * b,
            w * b - x * d + y * c + z * a,
            w * d + x * b - y * a + z * c,
        )
        rows.append((w, x, y, z))
    q = np.array(rows)
    return _matrices(q / np.linalg.norm(q, axis=1)[:, None])


def _matrices(q: Array) -> Array:
    w, x, y, z = q.T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), -1, 0)


def _added(steps: Array) -> Array:
    return np.concatenate([np.zeros((1, steps.shape[1])), np.cumsum(steps, axis=0)])


def level_axes(steps: Steps, readings: Readings) -> Array:
    """The unit's axes at the first node into level ones (3, 3), by how the velocities of three fixes and more change.

    The heading is told only by level acceleration, such as an aircraft's speed that is lost after the exit.
    """
    some = np.flatnonzero(readings.there)
    felt = np.diff(steps.sum_m_s[some], axis=0)
    seen = np.diff(readings.velocity_m_s[some], axis=0) - GRAVITY * np.diff(steps.time_s[some])[:, None]
    left, _, right = np.linalg.svd(seen.T @ felt)
    upright = np.diag([1.0, 1.0, np.linalg.det(left) * np.linalg.det(right)])
    return np.asarray(left @ upright @ right)


def smooth(steps: Steps, readings: Readings, axes: Array) -> Smoothed:
    """The motion through all nodes; axes (3, 3): the unit's at the first node into level ones, known to 20 degrees."""
    n = len(steps.time_s)
    first = int(np.flatnonzero(readings.there)[0])
    turn, velocity, place = axes, readings.velocity_m_s[first].copy(), readings.place_m[first].copy()
    place = place - velocity * (steps.time_s[first] - steps.time_s[0])
    rate_bias, force_bias, wander, lag = (np.zeros(3) for _ in range(4))
    p = _beginning(readings, steps.time_s[first] - steps.time_s[0])
    before_p, after_p, moves = (
        np.empty((n, _SIZE, _SIZE)),
        np.empty((n, _SIZE, _SIZE)),
        np.empty((n - 1, _SIZE, _SIZE)),
    )
    found, moved, turned = np.empty((n, 5, 3)), np.zeros((n, _SIZE)), np.empty((n, 3, 3))
    misfit, alone = np.full(n, np.nan), True
    dt_s = np.diff(steps.time_s)
    unit = np.eye(_SIZE)
    lean = -GRAVITY  # what is felt, without the shaking, which would seem to tell a heading
    for k in range(n):
        if k:
            dt = float(dt_s[k - 1])
            gained = turn @ (steps.gained_m_s[k - 1] - steps.half[k - 1] @ force_bias * dt)
            half = turn @ steps.half[k - 1]
            lean += -math.expm1(-dt / ROUGH_S) * (gained / dt - lean)
            move = _step(unit, dt, lean * dt, half, readings)
            pushed = gained + GRAVITY * dt
            place = place + (velocity + 0.5 * pushed) * dt
            velocity = velocity + pushed
            turn = turn @ steps.turn[k - 1] @ _turned(-rate_bias * dt)
            wander, lag = wander * move[_WANDER, _WANDER][0, 0], lag * move[_LAG, _LAG][0, 0]
            p = move @ p @ move.T
            p.flat[:: _SIZE + 1] += _noise(
                dt, steps.turn_variance[k - 1], steps.gain_variance[k - 1], readings
            )
            moves[k - 1] = move
        before_p[k] = p
        if readings.there[k]:
            off = np.concatenate(
                [readings.place_m[k] - place - wander, readings.velocity_m_s[k] - velocity - lag]
            )
            misfit[k], change, p = _corrected(p, off, _white(readings, readings.share[k]), unit, alone)
            alone = misfit[k] <= GATE
            moved[k] = change
            turn = _turned(change[_TURN]) @ turn
            velocity, place = velocity + change[_SPEED], place + change[_PLACE]
            rate_bias, force_bias = rate_bias + change[_RATE], force_bias + change[_FORCE]
            wander, lag = wander + change[_WANDER], lag + change[_LAG]
        after_p[k], turned[k] = p, turn
        found[k] = velocity, place, wander, lag, rate_bias
    return _backwards(steps, readings, (before_p, after_p, moves), (found, moved, turned), misfit)


def _beginning(readings: Readings, wait_s: float) -> Array:
    squares = np.zeros((7, 3))
    squares[0] = TURNED_RAD**2
    squares[1] = readings.lag_m_s**2 + (5.0 * wait_s) ** 2 + 0.01
    squares[2] = readings.wander_m**2 + readings.white_m**2 + (2.5 * wait_s**2) ** 2
    squares[3], squares[4] = RATE_BIAS_RAD_S**2, FORCE_BIAS_M_S2**2
    squares[5], squares[6] = readings.wander_m**2, readings.lag_m_s**2
    return np.diag(squares.ravel())


def _step(unit: Array, dt: float, gained: Array, half: Array, readings: Readings) -> Array:
    """How the errors of one node become those of the next."""
    move = unit.copy()
    x, y, z = gained
    move[_SPEED, _TURN] = [[0.0, z, -y], [-z, 0.0, x], [y, -x, 0.0]]
    move[_SPEED, _FORCE] = -half * dt
    move[_PLACE, _TURN] = 0.5 * dt * move[_SPEED, _TURN]
    move[_PLACE, _FORCE] = -half * (0.5 * dt * dt)
    move[_TURN, _RATE] = -half * dt
    for i in range(3):
        move[6 + i, 3 + i] = dt
        move[15 + i, 15 + i] = math.exp(-dt / readings.wander_s)
        move[18 + i, 18 + i] = math.exp(-dt / readings.lag_s)
    return move


def _noise(dt: float, turn_variance: float, gain_variance: float, readings: Readings) -> Array:
    """The variance that one step adds, (21,)."""
    new = np.zeros((7, 3))
    new[0], new[1], new[2] = turn_variance, gain_variance, gain_variance * dt * dt / 3.0
    new[3], new[4] = RATE_BIAS_DRIFT_RAD_S**2 * dt / DRIFT_S, FORCE_BIAS_DRIFT_M_S2**2 * dt / DRIFT_S
    new[5] = readings.wander_m**2 * -math.expm1(-2.0 * dt / readings.wander_s)
    new[6] = readings.lag_m_s**2 * -math.expm1(-2.0 * dt / readings.lag_s)
    return new.ravel()


def _white(readings: Readings, share: Array) -> Array:
    """The variance of a fix's own noise, (6,): a fix worse than usual is worse by what the lasting errors do not hold."""
    more = np.maximum(share**2 - 1.0, 0.0)
    place = readings.white_m**2 + more[0] * readings.wander_m**2
    velocity = (VELOCITY_WHITE_SHARE**2 + more[1]) * readings.lag_m_s**2
    return np.concatenate([place, np.full(3, velocity)])


def _corrected(p: Array, off: Array, white: Array, unit: Array, alone: bool) -> tuple[float, Array, Array]:
    """A fix's misfit, the change of the state by it, and the covariance after it.

    A fix beyond the gate changes nothing where it is alone; after another such it is the motion that is off, not the fix.
    """
    # a fix reads place and the wander of its error, velocity and its lag
    across = np.concatenate([p[:, _PLACE] + p[:, _WANDER], p[:, _SPEED] + p[:, _LAG]], axis=1)
    spread = np.concatenate([across[_PLACE] + across[_WANDER], across[_SPEED] + across[_LAG]])
    spread = spread + np.diag(white)
    misfit = float(off @ np.linalg.solve(spread, off))
    if misfit > GATE and alone:
        return misfit, np.zeros(_SIZE), p
    gain = np.linalg.solve(spread, across.T).T
    left = unit.copy()
    left[:, _PLACE] -= gain[:, :3]
    left[:, _WANDER] -= gain[:, :3]
    left[:, _SPEED] -= gain[:, 3:]
    left[:, _LAG] -= gain[:, 3:]
    return misfit, gain @ off, left @ p @ left.T + (gain * white) @ gain.T


def _turned(turn_rad: Array) -> Array:
    """The rotation by a vector, (3, 3), as Rodrigues writes it."""
    angle = math.sqrt(float(turn_rad @ turn_rad))
    x, y, z = turn_rad
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    first, second = (
        (1.0, 0.5) if angle < 1e-6 else (math.sin(angle) / angle, (1.0 - math.cos(angle)) / angle**2)
    )
    return np.asarray(np.eye(3) + first * cross + second * (cross @ cross))


def _backwards(
    steps: Steps,
    readings: Readings,
    spreads: tuple[Array, Array, Array],
    found: tuple[Array, Array, Array],
    misfit: Array,
) -> Smoothed:
    before_p, after_p, moves = spreads
    rows, moved, turned = found
    n = len(before_p)
    gains = np.linalg.solve(before_p[1:], moves @ after_p[:-1]).transpose(0, 2, 1)
    spread, change, keep = after_p.copy(), np.zeros((n, _SIZE)), np.empty((n - 1, 3))
    for k in range(n - 2, -1, -1):
        gain = gains[k]
        change[k] = gain @ (moved[k + 1] + change[k + 1])
        spread[k] = after_p[k] + gain @ (spread[k + 1] - before_p[k + 1]) @ gain.T
        keep[k] = (gain[_SPEED] @ spread[k + 1][:, _SPEED]).diagonal()
    own = np.diagonal(spread, axis1=1, axis2=2)
    size = np.sqrt(own[:, _SPEED])
    velocity, place, wander, lag, rate_bias = (
        rows[:, i] + change[:, part] for i, part in enumerate((_SPEED, _PLACE, _WANDER, _LAG, _RATE))
    )
    return Smoothed(
        velocity_m_s=velocity,
        velocity_variance=own[:, _SPEED],
        turn=np.einsum("nij,njk->nik", np.array([_turned(one) for one in change[:, _TURN]]), turned),
        turn_variance=own[:, _TURN],
        rate_bias_rad_s=rate_bias,
        velocity_keep=np.mean(keep / (size[1:] * size[:-1]), axis=1),
        misfit=misfit,
        read_place_m=place + wander,
        read_velocity_m_s=velocity + lag,
        read_place_variance=own[:, _PLACE] + own[:, _WANDER] + 2.0 * _joint(spread, _PLACE, _WANDER),
        read_velocity_variance=own[:, _SPEED] + own[:, _LAG] + 2.0 * _joint(spread, _SPEED, _LAG),
        white=np.array([_white(readings, share) for share in readings.share]),
    )


def _joint(spread: Array, one: slice, other: slice) -> Array:
    return np.asarray(np.diagonal(spread[:, one, other], axis1=1, axis2=2))
