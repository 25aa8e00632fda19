"""Takes are as many as the interval needs, decided without a look at them: unbiased, and it covers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from onetake.errors import InputError
from onetake.odds.compare import PairTally
from onetake.odds.count import MOST_TAKES, Need
from onetake.odds.paired import change_of
from onetake.odds.summary import wilson
from onetake.odds.tally import Tally
from onetake.odds.until import difference_within, shot_within, takes_for, width


@pytest.mark.parametrize(
    ("text", "half"),
    [("±1%", 0.01), ("1 %", 0.01), (" ± 0.5 % ", 0.005), ("+/-2%", 0.02), ("+-.5 percent", 0.005), ("3 points", 0.03),
     ("1 Point", 0.01), ("10.%", 0.1)],
)  # fmt: skip
def test_widths_as_people_write_them(text: str, half: float) -> None:
    assert width(text) == pytest.approx(half)


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "write it like"), ("1", "write it like"), ("0.01", "write it like"), ("-1 %", "write it like"),
     ("1e-2 %", "write it like"), ("nan %", "write it like"), ("1,5 %", "write it like"), ("0 %", "more than 0"),
     ("50 %", "less than 50 %"), ("9" * 5000 + "%", "less than 50 %"), ("0.0001 %", "ask for ±0.0031 % or more")],
)  # fmt: skip
def test_what_is_no_width_says_how_to_write_one(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as error:
        width(text)
    assert len(str(error.value)) < 200


@pytest.mark.parametrize("half", [0.05, 0.01, 0.003])
@pytest.mark.parametrize("share", [0.0, 0.001, 0.05, 0.3, 0.5, 0.9, 1.0])
def test_so_many_takes_and_not_one_less(half: float, share: float) -> None:
    takes = takes_for(half, share)
    # shares of so few takes are no whole numbers of takes; the formula does not mind
    wide = [wilson(share * n, n) for n in (takes, takes - 1)]  # type: ignore[arg-type]
    assert (wide[0].high - wide[0].low) / 2 <= half * (1 + 1e-9)
    assert (wide[1].high - wide[1].low) / 2 > half * (1 - 1e-9) or share in (0.0, 1.0)
    assert takes_for(3.1e-5, 0.5) < MOST_TAKES


@dataclass
class Luck:
    """As much of a tally as the rules look at."""

    takes: int
    shots: int = 0
    only_first: int = 0
    only_second: int = 0


def settled(need: Need[Tally] | Need[PairTally], random: np.random.Generator, p: tuple[float, float]) -> int:
    """Trials until the rule is content, each of new luck; a take is caught, or in one shot only, with p."""
    trial, more = Luck(0), need.first_trial
    while True:
        first, second, _ = random.multinomial(more, [*p, 1 - sum(p)])
        trial = Luck(
            trial.takes + more, trial.shots + first, trial.only_first + first, trial.only_second + second
        )
        if (enough := need.enough(trial)) is not None:  # type: ignore[arg-type]
            return enough
        more = trial.takes


@pytest.mark.parametrize("p", [0.0, 0.004, 0.03, 0.2, 0.5, 0.85])
def test_the_interval_holds_p_as_often_as_it_says_and_the_share_is_unbiased(p: float) -> None:
    random = np.random.default_rng(4)
    need, half, runs = shot_within(0.02), 0.02, 3000
    takes = np.array([settled(need, random, (p, 0.0)) for _ in range(runs)])
    hits = random.binomial(takes, p)
    found = [wilson(int(h), int(n)) for h, n in zip(hits, takes, strict=True)]
    share = hits / takes
    # a fixed number of takes covers as often; three standard errors of 3,000 runs are 1.2 points
    assert np.mean([one.low <= p <= one.high for one in found]) > 0.938
    assert abs(share.mean() - p) <= 3.3 * share.std() / np.sqrt(runs)
    assert np.mean([(one.high - one.low) / 2 > half for one in found]) < 0.01
    assert takes.mean() < 1.7 * takes_for(half, p) + 700


def test_stopping_where_the_interval_looks_narrow_would_bias() -> None:
    """The rule that is not used: look every 32 takes, stop when half the interval is 2 %."""
    random = np.random.default_rng(5)
    p, runs = 0.004, 400
    shares = []
    for _ in range(runs):
        hits = takes = 0
        while True:
            hits, takes = hits + random.binomial(32, p), takes + 32
            one = wilson(hits, takes)
            if one.high - one.low <= 0.04:
                break
        shares.append(hits / takes)
    assert np.mean(shares) < p - 3 * np.std(shares) / np.sqrt(runs)


@pytest.mark.parametrize("p", [(0.0, 0.0), (0.01, 0.002), (0.1, 0.05)])
def test_a_difference_is_settled_too(p: tuple[float, float]) -> None:
    random = np.random.default_rng(6)
    need, half, runs = difference_within(0.02), 0.02, 150
    covered, wide = [], []
    for _ in range(runs):
        takes = settled(need, random, p)
        first, second, _ = random.multinomial(takes, [*p, 1 - sum(p)])
        one = change_of(first, second, takes)
        covered.append(one.low <= p[0] - p[1] <= one.high)
        wide.append((one.high - one.low) / 2 > half)
    assert np.mean(covered) > 0.89  # 0.95 less three standard errors of 150 runs
    assert np.mean(wide) < 0.02
