"""The take file gives back every bit it was given."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from onetake.clock import Clock
from onetake.slate import Slate
from onetake.take import Event, LensTrack, Relative, Take, read_take, write_take
from onetake.trace import EXACT, Trace, Uncertainty

# any double at all, and those that text formats lose: -0.0, the smallest, not-a-number
ANY = st.floats(width=64, allow_nan=True, allow_infinity=True)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
SMALL = st.floats(0.0, 1e3)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
COUNT = st.integers(1, 6)
SUMS = st.builds(
    Uncertainty,
    bias_m=SMALL,
    wander_m=SMALL,
    wander_time_s=st.floats(1e-3, 1e3),
    white_m=SMALL,
    attitude_rad=SMALL,
)


def _array(draw: st.DrawFn, *shape: int) -> Any:
    return draw(arrays(np.float64, shape, elements=ANY))


def _times(draw: st.DrawFn, n: int) -> Any:
    return np.array(sorted(draw(st.lists(st.floats(-1e4, 1e4), min_size=n, max_size=n, unique=True))))


@st.composite
def traces(draw: st.DrawFn, name: str) -> Trace:
    n = draw(COUNT)
    return Trace(
        name=name,
        time_s=_times(draw, n),
        position_enu_m=_array(draw, n, 3),
        velocity_enu_m_s=_array(draw, n, 3),
        q_enu_from_body=_array(draw, n, 4) if draw(st.booleans()) else None,
        rate_body_rad_s=_array(draw, n, 3) if draw(st.booleans()) else None,
        uncertainty=draw(st.just(EXACT) | SUMS),
        channels={f"{key}_n": _array(draw, n) for key in draw(st.sets(st.sampled_from("abc")))},
    )


@st.composite
def takes(draw: st.DrawFn) -> Take:
    n = draw(COUNT)
    seconds = st.integers(0, 2 * 10**9).map(lambda s: datetime(1980, 1, 6, tzinfo=UTC) + timedelta(seconds=s))
    return Take(
        slate=Slate(
            title=draw(TEXT), scene=draw(TEXT), take=draw(st.integers(0, 10**9)), seed=draw(st.none() | st.integers(0, 2**63)),
            picture_rate=draw(st.fractions(1, 1000, max_denominator=1001)), weather=draw(TEXT),
        ),
        bodies=tuple(draw(traces(name)) for name in draw(st.sampled_from([("a",), ("a", "b"), ("a", "b", "é c")]))),
        lens=LensTrack(time_s=_times(draw, n), neck_yaw_rad=_array(draw, n), neck_pitch_rad=_array(draw, n), focus_m=_array(draw, n))
        if draw(st.booleans())
        else None,
        relative=Relative(time_s=_times(draw, n), position_enu_m=_array(draw, n, 3), velocity_enu_m_s=_array(draw, n, 3))
        if draw(st.booleans())
        else None,
        events=tuple(draw(st.lists(st.builds(Event, time_s=FINITE, name=TEXT, body=TEXT, sigma_s=SMALL, note=TEXT), max_size=3))),
        clock=Clock(draw(seconds)) if draw(st.booleans()) else None,
        ending=draw(TEXT),
        facts=draw(st.dictionaries(TEXT, FINITE, max_size=3)),
    )  # fmt: skip


def _bits(value: Any) -> Any:
    """Arrays as their bytes, so that -0.0 is not 0.0 and one NaN is another; the rest as it is."""
    if isinstance(value, np.ndarray):
        return value.shape, np.ascontiguousarray(value).tobytes()
    if hasattr(value, "__dataclass_fields__"):
        return {name: _bits(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, dict):
        return {key: _bits(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_bits(item) for item in value]
    return value


@settings(deadline=None, max_examples=60)
@given(takes())
def test_what_was_written_comes_back_to_the_bit(take: Take) -> None:
    with tempfile.TemporaryDirectory() as folder:
        back = read_take(write_take(take, Path(folder) / "a.take"))
    assert _bits(back) == _bits(take)


@settings(deadline=None, max_examples=10)
@given(takes())
def test_writing_twice_gives_the_same_file(take: Take) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first, second = (write_take(take, Path(folder) / name).read_bytes() for name in ("a", "b"))
    assert first == second


def test_a_picture_rate_stays_a_fraction(tmp_path: Path) -> None:
    body = Trace(
        name="a", time_s=np.zeros(1), position_enu_m=np.zeros((1, 3)), velocity_enu_m_s=np.zeros((1, 3))
    )
    slate = Slate(title="", scene="", take=0, picture_rate=Fraction(24000, 1001))
    back = read_take(write_take(Take(slate=slate, bodies=(body,)), tmp_path / "a"))
    assert back.slate.picture_rate == Fraction(24000, 1001)
