"""Differences counted on pairs: the interval holds the truth as often as it says, also where nothing changes."""

from __future__ import annotations

import numpy as np
import pytest

from onetake.odds.paired import change, change_of


def test_counts_of_what_changed() -> None:
    first = np.array([True, True, False, False, False])
    second = np.array([True, False, True, True, False])
    assert change(first, second).by == pytest.approx(0.2)
    assert change(first, second) == change_of(2, 1, 5)
    assert change(second, first).by == pytest.approx(-0.2)


def test_where_no_take_changed_the_interval_is_not_empty() -> None:
    found = change_of(0, 0, 1000)
    assert found.by == 0.0
    assert found.low == pytest.approx(-found.high)
    assert found.high == pytest.approx(3.8415 / 1003.8415, rel=1e-4)  # z² / (n + z²), as Wilson's
    assert not found.told


@pytest.mark.parametrize(("gain", "loss"), [(0.002, 0.001), (0.02, 0.05), (0.3, 0.2), (0.0, 0.01)])
def test_the_interval_holds_the_truth_nineteen_times_in_twenty(gain: float, loss: float) -> None:
    random = np.random.default_rng(1)
    counts = random.multinomial(500, [gain, loss, 1 - gain - loss], size=2000)
    held = [
        one.low <= gain - loss <= one.high for one in (change_of(int(g), int(s), 500) for g, s, _ in counts)
    ]
    assert np.mean(held) > 0.94


def test_never_beyond_always() -> None:
    found = change_of(10, 0, 10)
    assert found.by == found.high == 1.0
