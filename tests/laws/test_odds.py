"""Chunking never changes the odds: however a range of takes is cut, the parts add up to the same tally, to the bit."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from operator import add

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from onetake.api.stage import Stage
from onetake.odds.chunks import Work
from onetake.odds.tally import FlyAndCount, Tally

FIRST, LAST = 5, 44  # across three batches of 16, from the middle of one


@pytest.fixture(scope="module")
def work(two_way: Stage) -> Work:
    return two_way.work(11)


@pytest.fixture(scope="module")
def whole(work: Work) -> dict[str, object]:
    return FlyAndCount(work=work)(FIRST, LAST - FIRST + 1).record()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.sets(st.integers(FIRST + 1, LAST), max_size=5), size=st.integers(1, 50))
@example(cuts=set(), size=1)
@example(cuts={6, 21, 22}, size=17)
def test_however_the_takes_are_cut_the_tally_is_the_same(
    work: Work, whole: dict[str, object], cuts: set[int], size: int
) -> None:
    starts = [FIRST, *sorted(cuts), LAST + 1]
    fly = FlyAndCount(work=work, size=size)
    parts = [fly(first, after - first) for first, after in pairwise(starts)]
    assert reduce(add, parts).record() == whole
    # and in whatever order they come in
    total: Tally = reduce(add, reversed(parts))
    assert total.record() == whole
