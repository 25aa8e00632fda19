"""Laws of the judge: the compiled scan and the margins are two readings of one formula, and error makes nobody sure."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from onetake.api.stage import Stage
from onetake.judge.bench import Bench, make_bench
from onetake.judge.logic import trend_margin, window_margin
from onetake.judge.score import Scan, read_scan, row_margins, scan_records
from onetake.judge.state import LANES, SEEN, SIGNALS, TICK_S, J
from onetake.shot.beat import Always, Beat
from onetake.shot.criterion import Criterion

Array = NDArray[np.float64]

FAST = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CLEARANCE = Criterion(name="clearance", kind="interval", lower=1.0, upper=3.0)
FALL_RATE = Criterion(name="fall_rate", kind="interval", lower=50.0)
SEPARATION = Criterion(name="separation", kind="interval", upper=4.0)


class Desk:
    """A shot and a glass to make benches of, with a name short enough to print."""

    def __init__(self, stage: Stage) -> None:
        self.shot, self.glass = stage.shot, stage.bench.glass

    def bench(self, *beats: Beat, always: tuple[Always, ...] = ()) -> Bench:
        return make_bench(replace(self.shot, beats=beats, always=always), self.glass)


@pytest.fixture(scope="module")
def desk(two_way: Stage) -> Desk:
    return Desk(two_way)


def beat(*must: Criterion, window: tuple[int, int] | None = None, hold: int = 0, allow: int = 0,
         after: str | None = None, within: int = 0, name: str = "it") -> Beat:  # fmt: skip
    """A beat with its times in ticks."""
    return Beat(
        name=name, must=must, hold_s=hold * TICK_S, allow_s=allow * TICK_S, after=after,
        window_s=None if window is None else (window[0] * TICK_S, window[1] * TICK_S),
        within_s=within * TICK_S if after else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a made-up take does, a number a tick: surface distance, fall rate, distance of the centres."""

    clearance_m: Array
    fall_rate_m_s: Array
    separation_m: Array


def scan(bench: Bench, seen: Seen, tick0: int = 0) -> tuple[Scan, dict[str, Array]]:
    """Two bodies level in freefall, the same in every lane; tick0: when it begins, before the first exit if negative."""
    records = np.zeros((1, len(seen.clearance_m), len(SEEN), LANES), np.float32)
    columns = {
        "time": (tick0 + np.arange(len(seen.clearance_m))) * TICK_S, "up": 2000.0, "A_qw": 1.0, "B_qw": 1.0, "A_phase": 1.0,
        "B_phase": 1.0, "focus": 3.0, "clearance": seen.clearance_m, "A_vz": -seen.fall_rate_m_s,
        "rx": seen.separation_m,
    }  # fmt: skip
    for name, column in columns.items():
        records[0, :, getattr(J, name), :] = np.broadcast_to(column, len(seen.clearance_m))[:, None]
    tables, curves = scan_records(bench, records, tick0)
    signals = {
        name: curves[0, :, SIGNALS.index(name)].astype(float)
        for name in ("clearance_m", "fall_rate_m_s", "separation_m")
    }
    return read_scan(bench, tables, LANES), signals


def around(low: float, high: float, *, undefined: bool = True) -> st.SearchStrategy[float]:
    """Values about two bounds, on them, far off, and no number at all."""
    middle = (low + high) / 2
    choices = [
        st.floats(low - 1, high + 1, width=32),
        st.sampled_from([low, high, middle, np.nextafter(low, middle)]),
    ]
    return st.one_of(*choices, st.just(np.nan)) if undefined else st.one_of(*choices)


TICKS = 40


def takes(undefined: bool = True) -> st.SearchStrategy[Seen]:
    """Takes of 40 ticks that are mostly good, or at random."""

    def signal(good: float, low: float, high: float) -> st.SearchStrategy[Array]:
        bad = around(low, high, undefined=undefined)
        return arrays.arrays(
            np.float32, TICKS, elements=bad.map(np.float32).map(float), fill=st.just(good)
        ).map(lambda a: a.astype(float))

    return st.builds(
        Seen, clearance_m=signal(2.0, 1.0, 3.0), fall_rate_m_s=signal(55.0, 50.0, 60.0),
        separation_m=signal(3.0, 2.0, 4.0),
    )  # fmt: skip


windows = st.tuples(st.integers(0, TICKS + 5), st.integers(0, TICKS + 5)).map(lambda w: (min(w), max(w)))


@FAST
@given(seen=takes(), window=windows, hold=st.integers(1, 12), allow=st.integers(0, 3))
@example(seen=Seen(clearance_m=np.full(TICKS, 2.0), fall_rate_m_s=np.full(TICKS, 55.0), separation_m=np.full(TICKS, 3.0)),
         window=(0, 39), hold=12, allow=0)  # fmt: skip
def test_margin_is_positive_exactly_when_the_beat_holds(
    desk: Desk, seen: Seen, window: tuple[int, int], hold: int, allow: int
) -> None:
    assume(allow < hold)
    bench = desk.bench(beat(CLEARANCE, FALL_RATE, SEPARATION, window=window, hold=hold, allow=allow))
    found, signals = scan(bench, seen)
    margins = np.stack([row_margins(row, signals) for row in bench.scored[0].rows])
    worst = np.min(np.where(np.isnan(margins), -np.inf, margins), axis=0)[window[0] : window[1] + 1]
    theta, _ = window_margin(worst, hold, allow)
    assert found.held[0].all() == found.held[0].any() == (theta > 0)


def test_what_is_forgiven_lies_inside_the_window_too(desk: Desk) -> None:
    """A window of one tick's length cannot hold a beat of two, whatever is forgiven: the hold must lie inside it.

    Ticks outside the window are no violations to be forgiven; a scan that counts them as such finds a hold here.
    """
    good = Seen(clearance_m=np.full(10, 2.0), fall_rate_m_s=np.full(10, 55.0), separation_m=np.full(10, 3.0))
    for window in ((0, 1), (4, 5)):
        found, _ = scan(desk.bench(beat(CLEARANCE, window=window, hold=2, allow=1)), good)
        assert not found.held.any()
        assert not found.held_without[0, 0].any()


def _brute(good: NDArray[np.bool_], hold: int, allow: int) -> bool:
    """Every interval in turn."""
    last = len(good) - hold
    return any((~good[i : i + hold + 1]).sum() <= allow for i in range(max(last, 0)))


@FAST
@given(seen=takes(), window=windows, hold=st.integers(1, 12), allow=st.integers(0, 3))
def test_the_scan_finds_what_trying_every_interval_finds(
    desk: Desk, seen: Seen, window: tuple[int, int], hold: int, allow: int
) -> None:
    bench = desk.bench(beat(CLEARANCE, FALL_RATE, SEPARATION, window=window, hold=hold, allow=allow))
    found, signals = scan(bench, seen)
    clearance, fall, apart = signals["clearance_m"], signals["fall_rate_m_s"], signals["separation_m"]
    parts = [(clearance > 1) & (clearance < 3), fall > 50, apart < 4]
    inside = slice(window[0], window[1] + 1)
    assert found.held[0, 0] == _brute(np.all(parts, axis=0)[inside], hold, allow)
    for row in range(3):
        rest = [part for i, part in enumerate(parts) if i != row]
        # "it would have held without this one" is what a cause is named by
        assert found.held_without[0, row, 0] == _brute(np.all(rest, axis=0)[inside], hold, allow)
        assert found.violated[0, row, 0] == (~parts[row][inside]).sum()


@FAST
@given(
    seen=takes(undefined=False),
    window=windows,
    hold=st.integers(1, 10),
    allow=st.integers(0, 2),
    grows=st.booleans(),
)
def test_margin_of_a_trend_is_positive_exactly_when_it_holds(
    desk: Desk, seen: Seen, window: tuple[int, int], hold: int, allow: int, grows: bool
) -> None:
    start, stop = (2.5, 3.5) if grows else (3.5, 2.5)
    trend = Criterion(name="separation", kind="trend", start=start, stop=stop)
    bench = desk.bench(beat(CLEARANCE, trend, window=window, hold=hold, allow=allow))
    found, signals = scan(bench, seen)
    others = row_margins(bench.scored[0].rows[0], signals)[window[0] : window[1] + 1]
    x, sign = signals["separation_m"][window[0] : window[1] + 1], 1.0 if grows else -1.0
    # on the very value counts as there, for the scan and for the margin alike
    theta, _ = trend_margin(others, sign * (start - x), sign * (x - stop), hold, allow)
    on_the_edge = bool(
        np.isclose(x, start, atol=1e-6).any() or np.isclose(x, stop, atol=1e-6).any() or (others == 0).any()
    )
    assert found.held[0, 0] == (theta > 0) or (on_the_edge and abs(theta) < 1e-6)


@FAST
@given(seen=takes(), hold=st.integers(1, 6), within=st.integers(0, 20))
def test_a_beat_that_follows_begins_where_the_first_was_held(
    desk: Desk, seen: Seen, hold: int, within: int
) -> None:
    first = beat(CLEARANCE, window=(0, 25), hold=hold, name="first")
    bench = desk.bench(first, beat(SEPARATION, hold=2, after="first", within=within, name="second"))
    found, signals = scan(bench, seen)
    good = (signals["clearance_m"] > 1) & (signals["clearance_m"] < 3)
    ends = [i + hold for i in range(26 - hold) if good[i : i + hold + 1].all()]
    assert bool(ends) == found.held[0, 0]
    if not ends:
        assert not found.held[1, 0]
        return
    assert found.held_end[0, 0] == ends[0]
    assert (found.start[1, 0], found.end[1, 0]) == (ends[0], ends[0] + within)
    near = (signals["separation_m"] < 4)[ends[0] : ends[0] + within + 1]
    assert found.held[1, 0] == _brute(near, 2, 0)


@FAST
@given(
    seen=takes(), window=windows, hold=st.integers(1, 8), allow=st.integers(0, 2), tick0=st.integers(-60, 60)
)
def test_a_beat_aboard_is_scored_like_one_in_the_fall(
    desk: Desk, seen: Seen, window: tuple[int, int], hold: int, allow: int, tick0: int
) -> None:
    """Moving the take and its windows in time, across the first exit too, moves what is found and changes nothing."""
    assume(allow < hold)
    trend = Criterion(name="separation", kind="trend", start=2.5, stop=3.5)

    def bench(later: int) -> Bench:
        moved = (window[0] + later, window[1] + later)
        return desk.bench(
            beat(CLEARANCE, FALL_RATE, window=moved, hold=hold, allow=allow, name="plain"),
            beat(CLEARANCE, trend, window=moved, hold=hold, allow=allow, name="trend"),
            beat(SEPARATION, hold=2, after="plain", within=20, name="next"),
        )

    (at_exit, _), (moved, _) = scan(bench(0), seen), scan(bench(tick0), seen, tick0)
    assert (moved.held == at_exit.held).all()
    for name in ("best_run", "breaker", "held_without", "violated"):
        assert np.array_equal(getattr(moved, name), getattr(at_exit, name)), name
    held = at_exit.held
    assert np.array_equal(moved.held_end[held], at_exit.held_end[held] + tick0)


@FAST
@given(seen=takes())
def test_a_rule_for_always_is_broken_by_one_bad_tick(desk: Desk, seen: Seen) -> None:
    rule = Always(name="apart", start="last exit", end="landing", must=(CLEARANCE,))
    bench = desk.bench(beat(SEPARATION, window=(0, 5), hold=1), always=(rule,))
    found, signals = scan(bench, seen)
    clearance = signals["clearance_m"]
    assert found.held[1, 0] == ((clearance > 1) & (clearance < 3)).all()


@given(
    worst=arrays.arrays(float, st.integers(3, 40), elements=st.floats(-5, 5)),
    hold=st.integers(0, 10), allow=st.integers(0, 2), shift=st.floats(-3, 3),
)  # fmt: skip
def test_margins_shift_with_their_signals_and_grow_with_forgiveness(
    worst: Array, hold: int, allow: int, shift: float
) -> None:
    assume(allow <= hold)
    theta, at = window_margin(worst, hold, allow)
    moved, there = window_margin(worst + shift, hold, allow)
    if np.isfinite(theta):
        assert moved == pytest.approx(theta + shift)
        assert hold <= at < len(worst)
        assert hold <= there < len(worst)
    else:
        assert len(worst) < hold + 1
        assert not np.isfinite(moved)
    longer, _ = window_margin(worst, hold + 1, allow)
    assert longer <= theta
    if allow < hold:
        kinder, _ = window_margin(worst, hold, allow + 1)
        assert kinder >= theta
