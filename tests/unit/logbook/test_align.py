"""A clock is fitted through the rows that agree, and its errors are as large as it is wrong."""

from __future__ import annotations

import numpy as np
import pytest

from onetake.logbook.align import MAX_DRIFT, TICK_S, fit_clock
from onetake.logbook.log import ClockPairs

UTC_S = 1_900_000_000.0


def _pairs(rng: np.random.Generator, drift: float = 3e-6, rows: int = 600, liars: int = 0) -> ClockPairs:
    utc_s = UTC_S + np.arange(rows, dtype=float)
    device_s = np.floor((700.0 + (utc_s - UTC_S) / (1.0 + drift) + rng.uniform(0, TICK_S)) / TICK_S) * TICK_S
    lie = rng.choice(rows, liars, replace=False)
    device_s[lie] += rng.choice([-0.945, 0.948], liars)
    return ClockPairs(device_s=device_s, utc_s=utc_s)


@pytest.mark.parametrize("liars", [0, 1, 60, 180])
def test_rows_a_second_off_do_not_move_the_line(liars: int) -> None:
    fit = fit_clock(_pairs(np.random.default_rng(liars), liars=liars))
    assert fit is not None
    assert fit.rejected == liars
    assert fit.drift == pytest.approx(3e-6, abs=5 * fit.drift_sigma)
    assert fit.residual_s < 2 * TICK_S


def test_the_stated_errors_cover_the_true_ones() -> None:
    rng = np.random.default_rng(7)
    offset, drift = [], []  # in sigmas
    for _ in range(200):
        true = rng.uniform(-50e-6, 50e-6)
        fit = fit_clock(_pairs(rng, true, rows=120, liars=5))
        assert fit is not None
        # the true line at the middle of the rows
        offset.append((UTC_S - 700.0 + true * (fit.middle_s - 700.0) - fit.offset_s) / fit.offset_sigma_s)
        drift.append((true - fit.drift) / fit.drift_sigma)
    assert np.mean(np.abs(drift) < 2) > 0.9
    assert np.mean(np.abs(offset) < 2) > 0.9  # each recording is cut to whole ticks by another part of a tick


def test_the_error_grows_away_from_the_rows() -> None:
    fit = fit_clock(_pairs(np.random.default_rng(1)))
    assert fit is not None
    near, far = fit.sigma_s(np.array([fit.middle_s, fit.middle_s + 1e6]))
    assert near == fit.offset_sigma_s
    assert far == pytest.approx(1e6 * fit.drift_sigma, rel=0.01)


def test_no_clock_is_made_of_nothing_or_of_rows_that_disagree() -> None:
    assert fit_clock(None) is None
    rng = np.random.default_rng(2)
    utc_s = UTC_S + np.arange(50.0)
    assert fit_clock(ClockPairs(device_s=rng.uniform(0, 1e4, 50), utc_s=utc_s)) is None
    one = fit_clock(ClockPairs(device_s=np.array([5.0]), utc_s=np.array([UTC_S])))
    assert one is not None
    assert one.drift_sigma == MAX_DRIFT
