"""The judge's margin against another implementation of signal temporal logic, and intervals against scipy's.

Oracle: rtamt 0.3+ (Nickovic, Yamaguchi, "RTAMT: online robustness monitors from STL", ATVA 2020), discrete time, robustness
semantics of Donze and Maler 2010. Exact: minima and maxima of the same numbers.
"""

from __future__ import annotations

import numpy as np
import pytest
from against.logic import robustness
from scipy.stats import binomtest

from onetake.judge.logic import window_margin
from onetake.odds.summary import wilson


@pytest.mark.parametrize("seed", range(12))
def test_the_margin_is_the_robustness_of_eventually_always(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(8, 80))
    hold = int(rng.integers(0, n - 1))
    x = np.cumsum(rng.standard_normal(n)) if seed % 2 else rng.uniform(-3, 3, n)
    got, at = window_margin(x, hold, 0)
    assert got == robustness({"x": x}, f"eventually[0:{n - 1 - hold}](always[0:{hold}](x > 0))")
    assert x[at - hold : at + 1].min() == got


@pytest.mark.parametrize("seed", range(6))
def test_two_criteria_are_their_minimum(seed: int) -> None:
    """Range between two bounds: the margin of a conjunction is the least margin."""
    rng = np.random.default_rng(100 + seed)
    x, hold = rng.uniform(0, 6, 40), 4
    got, _ = window_margin(np.minimum(x - 1.0, 5.0 - x), hold, 0)
    assert got == pytest.approx(
        robustness({"x": x}, f"eventually[0:35](always[0:{hold}]((x > 1) and (x < 5)))"), abs=1e-12
    )


@pytest.mark.parametrize(
    ("hits", "trials"),
    [(0, 1), (1, 1), (0, 64), (64, 64), (1, 64), (26, 512), (436, 512), (999, 1000), (50, 100000)],
)
def test_wilson_intervals_are_scipys(hits: int, trials: int) -> None:
    """scipy.stats.binomtest(...).proportion_ci(method="wilson"), to rounding."""
    ours = wilson(hits, trials)
    theirs = binomtest(hits, trials).proportion_ci(confidence_level=0.95, method="wilson")
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)
    assert ours.p == hits / trials


# Newcombe 1998, Statistics in Medicine 17:857, table I, method 3 (score): as printed, four figures
@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals_as_published(hits: int, trials: int, low: float, high: float) -> None:
    assert (wilson(hits, trials).low, wilson(hits, trials).high) == pytest.approx((low, high), abs=5e-5)
