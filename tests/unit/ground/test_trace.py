"""A trace that cannot be right is refused; one that stands cannot be changed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from onetake.errors import InputError
from onetake.trace import EXACT, Trace, Uncertainty


def _trace(**changes: object) -> Trace:
    parts: dict[str, object] = {
        "name": "actor",
        "time_s": np.arange(5.0),
        "position_enu_m": np.zeros((5, 3)),
        "velocity_enu_m_s": np.zeros((5, 3)),
    }
    return Trace(**(parts | changes))  # type: ignore[arg-type]


def test_a_trace_knows_its_span() -> None:
    assert _trace().span_s == (0.0, 4.0)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"time_s": np.array([])}, "times"),
        ({"time_s": np.array([0.0, 1.0, 1.0, 2.0, 3.0])}, "increase"),
        ({"position_enu_m": np.zeros((4, 3))}, "position_enu_m has shape"),
        ({"velocity_enu_m_s": np.zeros(5)}, "velocity_enu_m_s has shape"),
        ({"q_enu_from_body": np.zeros((5, 3))}, "q_enu_from_body has shape"),
        ({"channels": {"pull_n": np.zeros(3)}}, "pull_n has shape"),
    ],
)
def test_a_trace_that_cannot_be_right_is_refused(changes: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        _trace(**changes)


def test_what_was_flown_cannot_be_changed() -> None:
    trace = _trace()
    with pytest.raises(ValueError, match="read-only"):
        trace.position_enu_m[0, 0] = 1.0
    with pytest.raises(FrozenInstanceError):
        trace.name = "other"  # type: ignore[misc]


def test_a_simulated_trace_is_exact_and_a_logged_one_is_not() -> None:
    assert _trace().uncertainty.exact
    assert EXACT.exact
    assert not Uncertainty(bias_m=2.0).exact
    assert not Uncertainty(attitude_rad=0.1).exact
    assert not Uncertainty(clock_s=0.1).exact
    assert not Uncertainty(velocity_m_s=0.1).exact


def test_a_trace_is_cut_with_everything_on_it() -> None:
    trace = _trace()
    cut = trace.until(float(trace.time_s[1]))
    assert np.array_equal(cut.time_s, trace.time_s[:2])
    assert cut.position_enu_m.shape == (2, 3)
    assert len(trace.until(-1e9).time_s) == 1


@pytest.mark.parametrize("changes", [{"bias_m": -1.0}, {"white_m": float("nan")}, {"wander_time_s": 0.0}])
def test_an_error_cannot_be_negative_or_undefined(changes: dict[str, float]) -> None:
    with pytest.raises(InputError, match="uncertainty"):
        Uncertainty(**changes)
