"""Subset simulation on a problem with a known answer: a linear limit state in standard normals, P = Φ(−β).

Source: Au, Beck 2001, Probabilistic Engineering Mechanics 16:263, §5; Papaioannou and others 2015, 41:89, §5.1.
Half of the variance may lie in noise keys: the sum of normal numbers that Philox makes of each key.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr

from onetake.odds.draws import normals
from onetake.odds.rare import total
from onetake.odds.subset import Performance, Rare, probability

Array = NDArray[np.float64]
I64 = NDArray[np.int64]


def limit_state(beta: float, noise_share: float) -> Performance:
    def near(u: Array, keys: I64) -> Array:
        static = u.sum(axis=1) / np.sqrt(u.shape[1])
        noise = normals(7, keys.ravel(), 1).reshape(keys.shape).sum(axis=1) / np.sqrt(keys.shape[1])
        left = beta - np.sqrt(1 - noise_share) * static - np.sqrt(noise_share) * noise
        return np.where(left < 0, -np.inf, left)

    return near


@pytest.mark.parametrize("noise_share", [0.0, 0.5, 0.95])
@pytest.mark.parametrize("beta", [1.0, 3.0, 4.0, 5.0])
def test_the_probability_of_a_linear_limit_state_is_known(beta: float, noise_share: float) -> None:
    found = probability(limit_state(beta, noise_share), 100, 40, population=500, seed=1, replicates=20)
    error = np.std(found.replicates, ddof=1) / np.sqrt(20)
    assert found.odds.p == pytest.approx(ndtr(-beta), abs=3.5 * error)  # 3.5 standard errors of twelve cases
    assert error < 0.35 * ndtr(-beta)
    assert found.reached


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    runs = [probability(limit_state(4.5, 0.5), 10, 10, population=200, seed=seed) for seed in range(60)]
    truth = ndtr(-4.5)
    held = sum(run.odds.low <= truth <= run.odds.high for run in runs)
    assert held >= 51  # 57 of 60 wanted; fewer than 51 happens once in 100 runs of a true 95 % interval
    ratio = np.array([run.odds.p for run in runs]) / truth
    assert ratio.mean() == pytest.approx(1.0, abs=3 * ratio.std(ddof=1) / np.sqrt(60))  # unbiased


def test_an_event_that_cannot_happen_is_bounded_not_found() -> None:
    def near(u: Array, keys: I64) -> Array:
        return 100.0 - u.sum(axis=1)

    found = probability(near, 10, 1, population=200, seed=1)
    assert not found.reached
    assert found.odds.p == 0.0
    assert 0.0 < found.odds.high < 1e-6


@pytest.mark.parametrize("beyond", [0.5, 1.5])
def test_a_performance_that_says_only_yes_or_no_is_counted(beyond: float) -> None:

    def near(u: Array, keys: I64) -> Array:
        return np.where(u[:, 0] > beyond, -np.inf, 1.0)

    found = probability(near, 2, 1, population=1000, seed=1)
    assert len(found.ladder) <= 1  # there is nothing to climb on
    assert found.odds.low <= ndtr(-beyond) <= found.odds.high


def test_a_nan_is_far_from_the_event() -> None:
    def near(u: Array, keys: I64) -> Array:
        left = 3.0 - u[:, 0]
        return np.where(u[:, 1] > 0, np.nan, np.where(left < 0, -np.inf, left))

    found = probability(near, 5, 1, population=500, seed=3)
    assert found.odds.low <= ndtr(-3.0) / 2 <= found.odds.high


def test_parts_that_exclude_each_other_add_up() -> None:
    """Two tails of one normal number, 1.35e-3 and 3.2e-5: each has its ladder, the sum its interval."""

    def tail(beta: float, side: int) -> Performance:
        def near(u: Array, keys: I64) -> Array:
            left = beta - side * u[:, 0]
            return np.where(left < 0, -np.inf, left)

        return near

    found = [
        probability(tail(beta, side), 3, 1, population=500, seed=1) for beta, side in ((3.0, 1), (4.0, -1))
    ]
    both = total(found)
    assert both.low <= ndtr(-3.0) + ndtr(-4.0) <= both.high
    assert both.p == pytest.approx(sum(one.odds.p for one in found))
    never = probability(lambda u, keys: 100.0 - u.sum(axis=1), 3, 1, population=100, seed=1)
    bounded = total([found[0], never])
    assert (bounded.p, bounded.low) == (found[0].odds.p, found[0].odds.low)
    assert bounded.high == pytest.approx(found[0].odds.high + never.odds.high)
    assert total([never, never]).p == 0.0
    assert total([never, never]).high == pytest.approx(2 * never.odds.high)


def test_the_same_seed_gives_the_same_answer_and_another_does_not() -> None:
    def run(seed: int) -> Rare:
        return probability(limit_state(3.0, 0.5), 10, 10, population=100, seed=seed)

    assert run(1) == run(1)
    assert run(1).replicates != run(2).replicates
