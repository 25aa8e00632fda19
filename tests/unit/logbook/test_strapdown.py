"""An inertial unit's turns and accelerations: added up rightly, the right way up, and as sure as they say."""

from __future__ import annotations

import jumps
import numpy as np
import pytest
import worn
from scipy.spatial.transform import Rotation
from scipy.stats import chi2

from onetake.logbook.strapdown import GRAVITY, Felt, Readings, level_axes, smooth, steps_of

RNG = np.random.default_rng(3)
AXES = Rotation.from_rotvec([0.4, -0.9, 2.0])


def _felt(rate_rad_s: tuple[float, float, float]) -> tuple[Felt, np.ndarray, Rotation]:
    """A unit that turns steadily and is pushed about over level ground; its velocity (n, 3), and how it looked."""
    time_s = np.arange(0.0, 20.0, 0.02)
    turned = AXES * Rotation.from_rotvec(np.outer(time_s, rate_rad_s))
    push = np.stack([3.0 * np.sin(time_s), 4.0 * np.cos(0.7 * time_s), -2.0 * np.sin(0.3 * time_s)], axis=-1)
    velocity = np.concatenate([np.zeros((1, 3)), np.cumsum(0.5 * (push[1:] + push[:-1]) * 0.02, axis=0)])
    force = turned.inv().apply(push - GRAVITY)
    rate = np.tile(np.array(rate_rad_s), (len(time_s), 1))
    return Felt(time_s=time_s, rate_rad_s=rate, force_m_s2=force), velocity, turned


def _readings(nodes_s: np.ndarray, place: np.ndarray, velocity: np.ndarray) -> Readings:
    return Readings(
        there=np.ones(len(nodes_s), bool), place_m=place, velocity_m_s=velocity, wander_m=np.full(3, 1.0),
        wander_s=30.0, white_m=np.full(3, 0.1), lag_m_s=0.1, lag_s=1.0, share=np.ones((len(nodes_s), 2)),
    )  # fmt: skip


def test_turns_and_gains_between_nodes_are_those_of_the_motion() -> None:
    felt, velocity, turned = _felt((0.5, -1.5, 2.0))
    nodes_s = felt.time_s[::5]
    steps = steps_of(felt, nodes_s, np.zeros(3))
    seen = turned[::5]
    assert np.allclose((seen[:-1].inv() * seen[1:]).as_matrix(), steps.turn, atol=1e-9)
    gained = np.diff(velocity[::5], axis=0) - GRAVITY * np.diff(nodes_s)[:, None]
    assert np.allclose(seen[:-1].apply(steps.gained_m_s), gained, atol=2e-3)


def test_the_axes_are_found_from_the_velocities() -> None:
    felt, velocity, _ = _felt((0.5, -1.5, 2.0))
    steps = steps_of(felt, felt.time_s[::10], np.zeros(3))
    readings = _readings(steps.time_s, np.zeros((len(steps.time_s), 3)), velocity[::10])
    off = Rotation.from_matrix(level_axes(steps, readings)) * AXES.inv()
    assert off.magnitude() < 0.002


def test_a_bias_of_the_rates_is_found() -> None:
    felt, velocity, _ = _felt((0.05, -0.15, 0.2))
    nodes_s = felt.time_s[::5]
    bias = np.array([0.01, -0.01, 0.008])
    steps = steps_of(felt, nodes_s, -bias)  # as if the unit told that much more
    place = np.cumsum(velocity[::5] * 0.1, axis=0)
    readings = _readings(nodes_s, place, velocity[::5] + 0.02 * RNG.standard_normal((len(nodes_s), 3)))
    found = smooth(steps, readings, level_axes(steps, readings))
    assert found.rate_bias_rad_s.mean(axis=0) == pytest.approx(bias, abs=0.004)


def test_attitudes_are_off_by_what_is_stated() -> None:
    """Eight worn units; an attitude's errors last as long as the fall, so each counts as one of each axis."""
    from onetake.logbook.carried import _Carry
    from onetake.logbook.events import jump_of
    from onetake.logbook.felt import felt_of
    from onetake.logbook.traces import uncertainty_of

    squares = []
    for seed in range(8):
        made = worn.worn(seed)
        fixes, jump = made.log.fixes, jump_of(made.log.fixes)
        zero_s = jumps.EXIT_UTC.timestamp()
        assert jump.exit is not None
        assert jump.end_of_freefall is not None
        fall = jump.exit.utc_s - zero_s, jump.end_of_freefall.utc_s - zero_s
        felt = felt_of(made.log, zero_s, fall)
        assert isinstance(felt, Felt)
        inside = (fixes.utc_s - zero_s > felt.time_s[0]) & (fixes.utc_s - zero_s < felt.time_s[-1])
        some = fixes.keep(inside)
        carry = _Carry(
            time_s=some.utc_s - zero_s, place_m=worn.AXES.enu_from_wgs84(some.lat_deg, some.lon_deg, some.altitude_msl_m),
            fixes=some, error=uncertainty_of(some), fall=fall,
        )  # fmt: skip
        found = carry.smoothed(felt)
        assert found is not None
        at = np.clip(np.searchsorted(made.made.time_s, carry.nodes_s), 0, len(made.made.time_s) - 1)
        off = (Rotation.from_matrix(found.turn) * made.turned[at].inv()).as_rotvec()
        squares.append(np.mean(off**2 / found.turn_variance))
    many = 3 * len(squares)
    low, high = chi2.ppf([0.001, 0.999], many) / many
    assert low < np.mean(squares) < high
