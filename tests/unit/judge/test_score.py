"""The score: what is called, by how much, why, and in which words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from onetake.api.stage import Stage
from onetake.fly.flight import nominal
from onetake.fly.simulate import fly_take
from onetake.judge.score import judge
from onetake.odds.draws import draw
from onetake.shot.beat import Always
from onetake.take import Event, Take, read_take, write_take
from onetake.units import FT_M, IN_M

MARK_M = 3 * FT_M


def steady(
    desk: Any, beat: Any, *criteria: Any, at_m: float = MARK_M, seconds: float = 10.0, **take: Any
) -> Any:
    """Verdict of one beat on a take that stands at one range."""
    taken = desk.pair(np.full(round(seconds * 25), at_m), **take)
    return judge(desk.bench(beat(*criteria)), taken)[0].beats[0]


def test_a_hold_at_the_mark_is_got(desk: Any, beat: Any, must: Any) -> None:
    verdict = steady(desk, beat, must("range", 34 * IN_M, 38 * IN_M))
    assert verdict.verdict == "got it"
    assert verdict.p == 1.0
    assert verdict.sigma == 0.0
    assert verdict.margin == pytest.approx(2.0, abs=1e-3)  # 36 in, 2 in from either bound
    assert verdict.unit == "in"
    assert verdict.cause == ""


def test_the_range_is_image_plane_to_eyes(desk: Any, beat: Any, must: Any) -> None:
    taken = desk.pair(np.full(250, 1.234), aside_m=0.5)
    _, signals = judge(desk.bench(beat(must("range", 1.0, 2.0))), taken)
    assert signals["range_m"] == pytest.approx(np.full(250, np.hypot(1.234, 0.5)), abs=1e-5)
    assert signals["level_m"] == pytest.approx(np.zeros(250), abs=1e-5)
    assert signals["facing_rad"] == pytest.approx(np.full(250, np.arctan2(0.5, 1.234)), abs=1e-5)


@pytest.mark.parametrize(("inch", "margin"), [(33.0, -1.0), (39.5, -1.5), (34.0, 0.0)])
def test_outside_the_bounds_is_missed_by_so_much(
    desk: Any, beat: Any, must: Any, inch: float, margin: float
) -> None:
    verdict = steady(desk, beat, must("range", 34 * IN_M, 38 * IN_M), at_m=inch * IN_M)
    assert verdict.margin == pytest.approx(margin, abs=1e-3)
    # the very bound is not inside
    assert verdict.verdict == ("missed" if margin < 0 or verdict.margin <= 0 else "got it")


def test_two_feet_ten_is_soft_and_three_feet_is_sharp(desk: Any, beat: Any, must: Any) -> None:
    """35 mm at f/2.8 focused at 3 ft by D/1500, measured from the image plane with the pupil 90 mm ahead: near limit 34.3 in."""
    assert steady(desk, beat, must("focus", word="sharp")).verdict == "got it"
    soft = steady(desk, beat, must("focus", word="sharp"), at_m=34 * IN_M)
    assert (soft.verdict, soft.cause) == ("missed", "focus")


def test_the_worst_criterion_speaks_in_its_own_unit(desk: Any, beat: Any, must: Any) -> None:
    """Margins are compared in tolerances: 1 in of range against 100 ft of altitude."""
    low = steady(desk, beat, must("range", 34 * IN_M, 38 * IN_M), must("altitude", 2900.0), height_m=3075.0)
    # falling 55 m/s: after 3 s of hold 10 m above the bound at best
    assert low.unit == "ft"
    assert 0 < low.margin < 50
    assert {row.name: row.unit for row in low.criteria} == {"range": "in", "altitude": "ft"}
    near = steady(desk, beat, must("range", 35.9 * IN_M, 38 * IN_M), must("altitude", 1000.0))
    assert near.unit == "in"
    assert near.margin == pytest.approx(0.1, abs=1e-3)


def test_allow_forgives_what_it_says_and_no_more(desk: Any, beat: Any, must: Any) -> None:
    band = must("range", 34 * IN_M, 38 * IN_M)
    for bad, called in ((5, "got it"), (6, "missed")):  # 0.2 s is 5 ticks
        ranges = np.full(100, MARK_M)
        ranges[::50] = 2.0
        ranges[40 : 40 + bad - 1] = 2.0
        ranges[:36] = 2.0
        ranges[36 + 76 :] = 2.0
        verdict = judge(desk.bench(beat(band, hold_s=2.4, allow_s=0.2)), desk.pair(ranges))[0]
        assert verdict.beats[0].verdict == called, bad


def test_a_window_shorter_than_the_hold_says_so(desk: Any, beat: Any, must: Any) -> None:
    verdict = judge(
        desk.bench(beat(must("range", 0.1, 10.0), window=(0.0, 2.0), hold_s=3.0)),
        desk.pair(np.full(250, 1.0)),
    )[0].beats[0]
    assert (verdict.verdict, verdict.cause, verdict.margin) == ("missed", "time", None)
    assert (
        verdict.note == "mark: missed — held 2.0 s of 3.0 s; its window closed before a hold could be tried"
    )


def test_what_follows_a_missed_beat_is_missed_for_its_cause(desk: Any, beat: Any, must: Any) -> None:
    bench = desk.bench(
        beat(must("range", 3.0, 5.0), name="close"),
        beat(must("altitude", 100.0), name="smile", after="close", within_s=5.0),
    )
    verdict = judge(bench, desk.pair(np.full(250, MARK_M)))[0]
    assert [one.verdict for one in verdict.beats] == ["missed", "missed"]
    assert [one.cause for one in verdict.beats] == ["range", "range"]
    assert verdict.beats[1].note == "smile: missed — 'close' was missed, so its window never opened"
    assert verdict.verdict == "missed"


# --- causes -------------------------------------------------------------------------------------------------------


def test_cause_focus(desk: Any, beat: Any, must: Any) -> None:
    both = must("focus", word="sharp"), must("in_frame", word="face")
    assert steady(desk, beat, *both, at_m=1.3).cause == "focus"


def test_cause_framing(desk: Any, beat: Any, must: Any) -> None:
    both = must("focus", word="sharp"), must("in_frame", word="face")
    assert steady(desk, beat, *both, at_m=0.914, aside_m=0.45).cause == "in_frame"


def test_cause_altitude(desk: Any, beat: Any, must: Any) -> None:
    rows = must("range", 34 * IN_M, 38 * IN_M), must("altitude", 2950.0)
    verdict = steady(desk, beat, *rows)
    assert verdict.cause == "altitude"
    assert verdict.held_s < 3.0


def test_the_cause_is_what_alone_was_in_the_way(desk: Any, beat: Any, must: Any) -> None:
    """Range is out longer than the altitude, but not where a hold could have been."""
    ranges = np.full(400, 5.0)
    ranges[20:120] = MARK_M
    rows = must("range", 34 * IN_M, 38 * IN_M), must("altitude", 3000 - 55 * 2.0)
    verdict = judge(desk.bench(beat(*rows)), desk.pair(ranges))[0].beats[0]
    assert verdict.cause == "altitude"


def test_a_rule_for_always_names_what_broke_it_and_when(desk: Any, beat: Any, must: Any) -> None:
    rule = Always(name="no contact", start="last exit", end="break-off", must=(must("clearance", 4 * IN_M),))
    bench = desk.bench(beat(must("range", 0.5, 2.0)), always=(rule,))
    over = Event(time_s=6.0, name="break-off", body="both")
    kept = judge(bench, desk.pair(np.full(250, MARK_M), clearance_m=0.5, events=(over,)))[0].beats[1]
    assert kept.verdict == "got it"
    assert kept.margin == pytest.approx(0.5 / IN_M - 4, abs=1e-3)
    broken = judge(bench, desk.pair(np.full(250, MARK_M), clearance_m=0.05, events=(over,)))[0].beats[1]
    assert (broken.verdict, broken.cause) == ("missed", "clearance")
    assert broken.note.startswith("no contact: missed — broken; nearest clearance 2.0 in")


@pytest.mark.parametrize("ending", ["contact", "diverged"])
def test_a_take_that_ends_badly_is_missed_whatever_was_held(
    desk: Any, beat: Any, must: Any, ending: str
) -> None:
    taken = replace(desk.pair(np.full(250, MARK_M)), ending=ending)
    verdict = judge(desk.bench(beat(must("range", 0.5, 2.0))), taken)[0]
    assert verdict.beats[0].verdict == "got it"
    assert verdict.verdict == "missed"


def test_what_is_not_a_number_is_never_inside_any_bound(desk: Any, beat: Any, must: Any) -> None:
    ranges = np.full(250, MARK_M)
    ranges[::60] = np.nan
    verdict = judge(desk.bench(beat(must("range", 0.0, 100.0))), desk.pair(ranges))[0].beats[0]
    assert verdict.verdict == "missed"


# --- the words ----------------------------------------------------------------------------------------------------


def test_a_miss_reads_like_a_script_supervisor(desk: Any, beat: Any, must: Any) -> None:
    ranges = np.concatenate([np.full(48, MARK_M), np.full(202, 33.6 * IN_M)])
    band = must("range", 35 * IN_M, 37 * IN_M)
    note = judge(desk.bench(beat(band)), desk.pair(ranges))[0].beats[0].note
    assert note == 'mark: missed — held 1.9 s of 3.0 s; range 2\'9.6", 1.4" too close at t = 1.9 s'


def test_a_soft_take_is_told_the_stop_that_would_mend_it(desk: Any, beat: Any, must: Any) -> None:
    note = steady(desk, beat, must("focus", word="sharp"), at_m=33.6 * IN_M).note
    # blur grows as 1/N: 48.7 µm against 30.9 µm asks for f/4.4, and the next mark of the ring is f/4.5
    assert note.startswith("mark: missed — held 0.0 s of 3.0 s; blur 4")
    assert note.endswith("; range 2'9.6\"; sharp (D/1500) would need f/4.5")


def test_a_hopeless_stop_is_not_recommended(desk: Any, beat: Any, must: Any) -> None:
    for at_m in (0.45, 0.5, 0.55, 0.6, 4.0, 12.0, 50.0):
        note = steady(desk, beat, must("focus", word="sharp"), at_m=at_m).note
        assert "inf" not in note, note


def test_a_hold_reads_plainly(desk: Any, beat: Any, must: Any) -> None:
    note = steady(desk, beat, must("range", 34 * IN_M, 38 * IN_M)).note
    assert note == "mark: got it — held 10.0 s of 3.0 s; range 3'0\" at t = 0.0 s"


# --- takes that were flown ----------------------------------------------------------------------------------------


def test_a_take_written_and_read_back_is_judged_the_same(halo: Stage, tmp_path: Any) -> None:
    """Bit for bit, a drawn take and the nominal one, with every signal of every tick."""
    scenario = halo.prepared.scenario
    drawn = draw(scenario, halo.wind_spread(), 5, np.array([9], np.int64))
    for draws in (nominal(scenario), drawn):
        take = fly_take(scenario, draws, first_exit_utc=halo.prepared.plan.exit.utc)
        again = read_take(write_take(take, tmp_path / "one.take"))
        verdict, signals = judge(halo.bench, take)
        verdict_again, signals_again = judge(halo.bench, again)
        assert verdict_again == verdict
        for name, values in signals.items():
            assert np.array_equal(values, signals_again[name], equal_nan=True), name


def test_a_take_is_judged_whatever_else_was_written_on_it(halo: Stage) -> None:
    """Names and facts are not scored."""
    take: Take = halo.prepared.take
    verdict, _ = judge(halo.bench, take)
    bare = replace(take, facts={})
    assert judge(halo.bench, bare)[0].beats == verdict.beats
