"""A log becomes the product's own trace, errors and all."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import jumps
import numpy as np
import pytest

from onetake.clock import Clock
from onetake.errors import ReadError
from onetake.logbook.clean import clean
from onetake.logbook.file import read_logs
from onetake.logbook.log import Log
from onetake.logbook.traces import axes_at, take_of, trace_of, uncertainty_of
from onetake.slate import Slate
from onetake.take import read_take, write_take

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


def test_the_error_is_the_receivers_own_word_of_its_worst_axis(log: Log) -> None:
    said = uncertainty_of(log.fixes)
    # 1.2 m over two level axes; 1.8 m upwards, of which half is believed; a quarter more for caution
    total_m = np.hypot(np.hypot(said.bias_m, said.wander_m), said.white_m)
    assert total_m == pytest.approx(1.25 * 0.9 * 0.9, rel=0.01)
    assert not said.exact


def test_logs_make_a_take_that_is_written_and_read(log: Log, tmp_path: Path) -> None:
    slate = Slate(title="Dusk", scene="1", take=1, picture_rate=Fraction(24))
    take = take_of(
        {"operator": log, "actor": log}, slate=slate, axes=axes_at(log.fixes), clock=Clock(jumps.EXIT_UTC)
    )
    back = read_take(write_take(take, tmp_path / "logged.take"))
    assert [body.name for body in back.bodies] == ["operator", "actor"]
    assert np.array_equal(back.bodies[1].position_enu_m, take.bodies[1].position_enu_m)
    assert back.bodies[0].uncertainty == take.bodies[0].uncertainty


def test_a_log_without_a_fix_is_no_trace() -> None:
    with pytest.raises(ReadError, match="no position"):
        trace_of(Log(format="flysight2", rows=3), "actor", axes_at, Clock(jumps.EXIT_UTC))  # type: ignore[arg-type]
