"""Tango's interval of paired proportions against his paper, and its score against the likelihood itself."""

from __future__ import annotations

import math

import pytest
from scipy.optimize import minimize_scalar

from onetake.odds import paired
from onetake.odds.paired import change_of, score


def test_the_crossover_trial_of_tango_1998() -> None:
    # Tango 1998, Statistics in Medicine 17:891, section 6.1 and table V: 43 pairs alike, 0 gained, 1 lost, of 44
    assert score(0, 1, 44, -0.1) == pytest.approx(1.709, abs=0.0005)  # page 902: Z = 1.709, margin 0.1


def test_the_lower_limit_of_tango_1998(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paired, "Z95", 1.6448536269514722)  # 90 %, as there
    assert change_of(0, 1, 44).low == pytest.approx(-0.096, abs=0.0005)  # page 902: lower limit -0.096


@pytest.mark.parametrize(("gained", "lost", "takes"), [(12, 5, 200), (0, 7, 60), (1, 0, 1000), (90, 60, 400)])
@pytest.mark.parametrize("by", [-0.2, -0.01, 0.0, 0.03, 0.15])
def test_the_share_lost_is_the_likeliest(gained: int, lost: int, takes: int, by: float) -> None:
    def unlikely(q: float) -> float:
        shares = ((gained, q + by), (lost, q), (takes - gained - lost, 1 - 2 * q - by))
        return -sum(n * math.log(max(share, 1e-300)) for n, share in shares if n)

    low, high = max(0.0, -by), (1 - by) / 2
    q = minimize_scalar(unlikely, bounds=(low, high), method="bounded", options={"xatol": 1e-12}).x
    expected = (gained - lost - takes * by) / math.sqrt(takes * (2 * q + by - by * by))
    assert score(gained, lost, takes, by) == pytest.approx(expected, rel=1e-3)


def test_without_a_difference_it_is_mcnemar() -> None:
    assert score(30, 12, 500, 0.0) == pytest.approx((30 - 12) / math.sqrt(30 + 12))  # McNemar 1947


def test_limits_stand_where_the_score_is_196_and_turn_with_the_pairs() -> None:
    found, turned = change_of(40, 20, 160), change_of(20, 40, 160)
    assert score(40, 20, 160, found.low) == pytest.approx(1.959964, abs=1e-6)
    assert score(40, 20, 160, found.high) == pytest.approx(-1.959964, abs=1e-6)
    assert (turned.low, turned.high) == (-found.high, -found.low)
    assert change_of(10**6, 10**6 + 4000, 10**9).low == pytest.approx(
        -4e-6 - 1.96 * math.sqrt(2.004e6) / 1e9, rel=1e-3
    )
