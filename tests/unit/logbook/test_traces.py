"""A log becomes the product's own trace, errors and all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import jumps
import numpy as np
import pytest

from onetake.clock import Clock
from onetake.errors import ReadError
from onetake.logbook.clean import clean
from onetake.logbook.file import read_logs
from onetake.logbook.log import Log
from onetake.logbook.traces import axes_at, trace_of, uncertainty_of

MADE = jumps.jump()


@pytest.fixture
def log(tmp_path: Path) -> Log:
    (tmp_path / "log").write_bytes(jumps.flysight1(MADE))
    return clean(read_logs(tmp_path / "log")[0])


def test_a_trace_is_where_and_when_the_body_was(log: Log) -> None:
    trace = trace_of(log, "actor", axes_at(log.fixes), Clock(jumps.EXIT_UTC))
    assert np.abs(trace.time_s - MADE.time_s).max() < 0.011
    apart_m = trace.position_enu_m - (MADE.place_m - np.append(MADE.place_m[-1, :2], 0.0))
    assert (
        np.abs(apart_m[:, :2]).max() < 4.0
    )  # the sample's degrees are flat; the height widens the way by h/R
    assert np.abs(apart_m[:, 2]).max() < 2.0  # a tangent plane leaves the sea by d²/2R
    assert np.allclose(trace.velocity_enu_m_s, MADE.velocity_m_s, atol=0.006)
    assert np.all(trace.channels["sigma_up_m"] == 1.8)


def test_the_error_is_the_receivers_own_word(log: Log) -> None:
    said = uncertainty_of(log.fixes)
    # 1.2 m over two level axes, a quarter more for caution, and a lever of 0.7 m on a side nobody knows
    own_m = 1.25 * 1.2 / np.sqrt(2)
    assert said.wander_m == pytest.approx(0.8 * own_m)
    assert said.bias_m == pytest.approx(np.hypot(0.4 * own_m, 0.7 / np.sqrt(3)))
    # 1.8 m upwards, of which half is believed
    assert said.wander_m * said.up_share >= 0.8 * 1.25 * 0.5 * 1.8 * 0.99
    # 0.3 m/s over three axes, of which 0.6 is seen to be true
    assert said.velocity_m_s == pytest.approx(1.25 * 0.6 * 0.3 / np.sqrt(3))
    assert not said.exact


def test_heights_of_no_known_datum_and_times_of_no_known_second_are_worth_less(log: Log) -> None:
    sure, lost = uncertainty_of(log.fixes), uncertainty_of(log.fixes, late_s=0.5, datum_m=30.0)
    assert lost.clock_s == 0.5
    assert lost.bias_m * lost.up_share == pytest.approx(30.0, rel=0.01)
    assert lost.level_m == sure.level_m


def test_a_hole_is_bridged_by_the_cubic_between_its_ends_and_its_error_says_so(log: Log) -> None:
    fixes = log.fixes
    since_s = fixes.utc_s - jumps.EXIT_UTC.timestamp()
    holed = replace(log, fixes=fixes.keep((since_s < 20.0) | (since_s > 24.0)))
    axes, clock = axes_at(fixes), Clock(jumps.EXIT_UTC)
    whole, bridged = trace_of(log, "a", axes, clock), trace_of(holed, "a", axes, clock)
    inside = (bridged.time_s > 19.9) & (bridged.time_s < 24.1)
    assert np.count_nonzero(inside) > 10
    true = np.interp(bridged.time_s[inside], whole.time_s, whole.position_enu_m[:, 2])
    off_m = np.abs(bridged.position_enu_m[inside, 2] - true)
    claimed_m = bridged.channels["error_share"][inside] * bridged.uncertainty.level_m
    assert np.all(off_m < 2.0 * claimed_m)
    # half of g either way for the 4.4 s between the fixes that are left
    assert claimed_m.max() == pytest.approx(5.0 * 4.4**2 / 8.0, rel=0.05)
    assert np.all(bridged.channels["error_share"][~inside] < 2.0)


def test_a_log_without_a_fix_is_no_trace() -> None:
    with pytest.raises(ReadError, match="no position"):
        trace_of(Log(format="flysight2", rows=3), "actor", axes_at, Clock(jumps.EXIT_UTC))  # type: ignore[arg-type]
