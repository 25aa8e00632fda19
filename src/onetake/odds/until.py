"""Until: how many takes make an interval as narrow as asked for, without a look at the takes that are counted.

Double sampling: trial takes, drawn from other numbers of the same seed, decide how many takes are needed; then takes
1 … n are flown and counted, and the trial takes are thrown away. n knows nothing of what it counts, so the share is
unbiased, its interval is the usual one for n takes, and the answer is that of the same n asked for outright. A count
that stopped as soon as it liked its own interval would stop too early whenever luck made the interval narrow.
Sources: Stein 1945, Ann. Math. Statist. 16:243; Cox 1952, Biometrika 39:217 (double sampling, there with the first
sample kept).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from onetake.errors import InputError
from onetake.odds.compare import PairTally
from onetake.odds.count import MOST_TAKES, Need
from onetake.odds.paired import Z95, change_of
from onetake.odds.summary import wilson
from onetake.odds.tally import Tally

SURE = 3.290526731491926  # normal quantile of 99.95 %: the trial's doubt on the side that asks for more takes
FIRST_TRIAL = 512
_TEXT = re.compile(r"^\s*(?:±|\+/-|\+-)?\s*(\d+(?:\.\d*)?|\.\d+)\s*(?:%|percent|points?)\s*$", re.IGNORECASE)
_LIKE = 'write it like "±1 %" (of all takes; half of the 95 % interval)'


def width(text: str) -> float:
    """Half the width of an interval, as a share: `±1 %`, `1%`, `0.5 %`. Raises InputError."""
    match = _TEXT.match(text)
    if match is None:
        raise InputError(f"{text[:40]!r} is not a width to stop at; {_LIKE}")
    half_share = float(match[1]) / 100
    if not 0.0 < half_share < 0.5:
        raise InputError(f"{text[:40]!r} is no width to stop at: more than 0 and less than 50 %; {_LIKE}")
    if takes_for(half_share, 0.5) > MOST_TAKES:
        least = math.ceil(1e6 * Z95 / 2 / math.sqrt(MOST_TAKES)) / 1e4
        raise InputError(
            f"{text[:40]!r} may take more than {MOST_TAKES:,} takes; ask for ±{least:.4f} % or more"
        )
    return half_share


def takes_for(half_share: float, share: float) -> int:
    """Takes after which Wilson's interval of a share is no wider than ± half_share: the root of its width in n."""
    z2, h2 = Z95 * Z95, half_share * half_share
    middle = share * (1 - share) - 2 * h2
    root = math.sqrt(max(z2 * z2 * middle * middle - 4 * h2 * z2 * z2 * (h2 - 0.25), 0.0))
    return max(math.ceil((z2 * middle + root) / (2 * h2) - 1e-9), 1)


def shot_within(half_share: float) -> Need[Tally]:
    """Takes for P(shot) ± half_share."""

    def enough(trial: Tally) -> int | None:
        seen = wilson(trial.shots, trial.takes, SURE)
        worst = min(
            max(0.5, seen.low), seen.high
        )  # of all shares the trial leaves open, the one nearest to a half
        return _settled(takes_for(half_share, worst), takes_for(half_share, seen.p), trial.takes)

    return Need(first_trial=FIRST_TRIAL, enough=enough)


def difference_within(half_share: float) -> Need[PairTally]:
    """Takes for the difference of P(shot) of two shots ± half_share."""

    def takes_when(unlike: float) -> int:
        def wide(takes: int) -> bool:
            each = math.ceil(unlike * takes / 2)
            found = change_of(each, each, takes)
            return found.high - found.low > 2 * half_share

        return _first_not(wide)

    def enough(trial: PairTally) -> int | None:
        seen = wilson(trial.only_first + trial.only_second, trial.takes, SURE)
        return _settled(takes_when(seen.high), takes_when(seen.p), trial.takes)

    return Need(first_trial=FIRST_TRIAL, enough=enough)


def _settled(most: int, likely: int, tried: int) -> int | None:
    """As many as may be needed, unless as many trial takes again could save more than they cost."""
    return None if most - likely > tried else most


def _first_not(wide: Callable[[int], bool]) -> int:
    """The smallest number of takes at which the interval is no longer too wide."""
    low, high = 0, 64
    while wide(high) and high < MOST_TAKES:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if wide(middle) else (low, middle)
    return high
