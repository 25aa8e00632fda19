"""Tallies of different takes add up, in any order, to the tally of them all."""

from __future__ import annotations

import pickle
from dataclasses import fields

import numpy as np
import pytest

from onetake.api.stage import Stage
from onetake.odds.chunks import Rows, Work, fly_chunk
from onetake.odds.tally import FlyAndCount, Histogram, Tally, count_rows

TAKES = 40


@pytest.fixture(scope="module")
def work(two_way: Stage) -> Work:
    return two_way.work(3)


def same(one: Tally, other: Tally) -> bool:
    """To the bit: the arrays compared as bytes."""
    return all(
        np.array(getattr(a, "counts", a)).tobytes() == np.array(getattr(b, "counts", b)).tobytes()
        for a, b in ((getattr(one, field.name), getattr(other, field.name)) for field in fields(Tally))
    )


def test_parts_add_up_to_the_whole_in_any_order(work: Work) -> None:
    whole = FlyAndCount(work=work)(1, TAKES)
    small = FlyAndCount(work=work, size=7)
    assert same(small(1, TAKES), whole)
    parts = [small(1, 5), small(6, 20), small(26, TAKES - 25)]
    assert same(parts[2] + parts[0] + parts[1], whole)


def test_everything_in_the_rows_is_counted(work: Work) -> None:
    rows = fly_chunk(work, 1, TAKES)
    tally = count_rows(rows, work.bench, 1.0)
    assert tally.takes == TAKES
    assert tally.held.tolist() == rows.held.sum(axis=0).tolist()
    assert tally.outside == (rows.landing_m[rows.ending == 1] > 1.0).sum() > 0
    assert tally.cause.sum() == TAKES - tally.shots - tally.aborted
    assert tally.landing.counts.sum() == tally.landed
    assert tally.landing.quantile(0.5) == pytest.approx(np.median(rows.landing_m[rows.ending == 1]), rel=0.05)


def test_a_histogram_tells_its_quantiles_within_a_bin() -> None:
    values = np.random.default_rng(1).lognormal(1.0, 0.5, 50_000).astype(np.float32)
    histogram = Histogram.of(0.01, 3000.0, values[:20_000]) + Histogram.of(0.01, 3000.0, values[20_000:])
    for share in (0.01, 0.5, 0.99):
        assert histogram.quantile(share) == pytest.approx(np.quantile(values, share), rel=0.01)
    assert np.isnan(Histogram.of(0.01, 3000.0, np.array([np.nan], np.float32)).quantile(0.5))


def test_a_row_is_kept_in_few_bytes_and_a_tally_does_not_grow(work: Work) -> None:
    rows = fly_chunk(work, 1, 16)
    kept = [getattr(rows, name) for name in Rows.__slots__ if name != "first"]
    assert sum(values.nbytes for values in kept) <= 64 * 16
    one, many = (len(pickle.dumps(FlyAndCount(work=work)(1, takes))) for takes in (1, TAKES))
    assert many <= one + 64
