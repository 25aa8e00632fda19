"""Smooth: the state of every tick from all readings before and after it, with its error told apart.

A Kalman filter forwards and the smoother of Rauch, Tung and Striebel (AIAA Journal 3, 1965) backwards.
"""

from __future__ import annotations

import math

import numpy as np

from onetake.trace import Array

Reading = tuple[Array, float, float]  # what of the state is read (k,), the value, and its variance


def smooth(
    start: Array,
    begin: Array,
    step: Array,
    noise: Array,
    readings: list[list[Reading]],
    *,
    open_part: int | None = None,
) -> tuple[Array, Array, Array]:
    """State (n, k), its covariance (n, k, k), and that between each tick and the next (n - 1, k, k), after all readings.

    start (k,), begin (k, k): before the first reading; step (k, k); noise (n, k, k): of each step; readings: of each tick.
    open_part: a part of the state that counts as unknown, but of which no reading tells (Schmidt's filter): how much of
    it is in a reading comes from the reading itself, whose noise would otherwise be taken for it.
    """
    n, k = len(noise), len(start)
    one = np.eye(k)
    before, before_p = np.empty((n, k)), np.empty((n, k, k))
    after, after_p = np.empty((n, k)), np.empty((n, k, k))
    x, p = start, begin
    for i in range(n):
        if i:
            x, p = step @ x, step @ p @ step.T + noise[i]
        before[i], before_p[i] = x, p
        for row, value, variance in readings[i]:
            gain = p @ row / (row @ p @ row + variance)
            if open_part is not None:
                gain[open_part] = 0.0
            x = x + gain * (value - row @ x)
            # Joseph's form stays symmetric and positive beside millimetres and kilometres
            left = one - np.outer(gain, row)
            p = left @ p @ left.T + np.outer(gain, gain) * variance
        after[i], after_p[i] = x, p
    state, spread, joint = after.copy(), after_p.copy(), np.empty((n - 1, k, k))
    gains = np.linalg.solve(before_p[1:], step @ after_p[:-1]).transpose(0, 2, 1)
    for i in range(n - 2, -1, -1):
        gain = gains[i]
        state[i] = after[i] + gain @ (state[i + 1] - before[i + 1])
        spread[i] = after_p[i] + gain @ (spread[i + 1] - before_p[i + 1]) @ gain.T
        joint[i] = gain @ spread[i + 1]
    return state, spread, joint


def parted(spread: Array, joint: Array, shared: int) -> tuple[Array, Array, Array]:
    """The first part of the state's error: what it shares with all readings, its own, and how much of the own stays to the

    next tick, (n,). shared: which part of the state stands for one unit of what is shared.
    """
    of_shared = float(np.median(spread[:, shared, shared]))
    with_shared = spread[:, 0, shared]
    common = np.abs(with_shared) / math.sqrt(of_shared) if of_shared > 1e-14 else np.zeros(len(spread))
    own, keep = alone(spread[:, 0, 0] - common**2, joint[:, 0, 0] - common[1:] * common[:-1])
    return common, own, keep


def alone(variance: Array, with_next: Array) -> tuple[Array, Array]:
    """An error (n,) of a variance and a covariance with the next tick's, and how much of it stays to the next tick."""
    own = np.sqrt(np.maximum(variance, 1e-18))
    return own, np.append(np.clip(with_next / (own[1:] * own[:-1]), 0.0, 0.9999), 0.0)


def wandering(sigma: float, density: float, step_s: float) -> tuple[Array, Array, Array]:
    """Start's covariance, step and a step's noise (2, 2) of something and its rate that wander about a mean.

    sigma: how far, where nothing is read; density: that of the accelerations that move it (its unit squared per
    s³). Left alone it is a Matérn process of order 3/2 of those two.
    """
    rate = (density / (4.0 * sigma * sigma)) ** (1.0 / 3.0)
    begin = np.diag([sigma**2, (rate * sigma) ** 2])
    x = rate * step_s
    step = math.exp(-x) * np.array([[1.0 + x, step_s], [-rate * x, 1.0 - x]])
    return begin, step, begin - step @ begin @ step.T
