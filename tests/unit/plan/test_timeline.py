"""Beats on the seconds of the fall: what fits, what does not, and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from onetake.fly.scenario import shot_lens
from onetake.jump import BeatSlot
from onetake.plan.fall import planned_fall
from onetake.plan.make import Prepared, make_plan
from onetake.plan.timeline import Seconds, seconds_of, slots
from onetake.plan.window import light_test
from onetake.shot.file import Shot
from onetake.units import FT_M
from onetake.weather.column import Column

Make = Callable[..., Shot]
Air = Callable[..., Column]

FALL_M_S = 60.0


def _seconds(end_s: float = 90.0, no_mark_s: float | None = None) -> Seconds:
    """A fall from 7,600 m at 60 m/s until the break-off."""
    time_s = np.arange(0.0, end_s + 1e-9, 0.1)
    height = 7600.0 - FALL_M_S * time_s
    return Seconds(
        time_s=time_s,
        height_agl_m=np.stack([height, height], axis=1),
        end_s=end_s,
        no_mark_s=no_mark_s,
        no_mark_agl_m=-np.inf if no_mark_s is None else 7600.0 - FALL_M_S * no_mark_s,
        arrived_s=None,
    )


def _beats(shot: Shot, air: Column, seconds: Seconds | None = None) -> dict[str, BeatSlot]:
    return {slot.name: slot for slot in slots(seconds or _seconds(), shot, air)}


def test_a_window_is_its_own_slot(shot: Make, air: Air) -> None:
    out = _beats(shot(), air())["out"]
    assert (out.from_s, out.to_s) == pytest.approx((0.0, 8.0))
    assert out.fits


def test_a_chained_beat_begins_after_the_holds_before_it(shot: Make, air: Air) -> None:
    third = '\n[[beat]]\nname = "last"\nafter = "mark"\nwithin = "20 s"\nhold = "2 s"\nmust = { in_frame = "body" }\n[opening]'
    found = _beats(shot(("\n[opening]", third)), air())
    assert found["mark"].from_s == pytest.approx(1.5)
    assert found["last"].from_s == pytest.approx(1.5 + 3.0)


def test_holds_that_add_up_beyond_the_break_off_do_not_fit(shot: Make, air: Air) -> None:
    long = shot(('within = "80 s"\nhold = "3 s"', 'within = "95 s"\nhold = "89 s"'))
    mark = _beats(long, air())["mark"]
    assert not mark.fits
    assert "add up" in mark.why
    assert "break-off" in mark.why


def test_a_window_after_the_break_off_does_not_fit(shot: Make, air: Air) -> None:
    late = _beats(shot(('window = ["0 s", "8 s"]', 'window = ["95 s", "110 s"]')), air())
    assert not late["out"].fits
    assert "after the break-off at 90 s" in late["out"].why
    assert not late["mark"].fits
    assert "'out', which does not fit" in late["mark"].why


def test_an_altitude_bounds_a_beat_from_below(shot: Make, air: Air) -> None:
    bounded = shot(('altitude = "> 7,000 ft AGL"', 'altitude = "> 10,000 ft AGL"'))
    assert _beats(shot(), air())["mark"].to_s == pytest.approx(8.0 + 80.0)  # its window ends first
    assert _beats(bounded, air())["mark"].to_s == pytest.approx((7600.0 - 10000 * FT_M) / FALL_M_S, abs=0.1)


def test_an_altitude_that_is_never_met_in_time_says_so(shot: Make, air: Air) -> None:
    high = shot(('altitude = "> 7,000 ft AGL"', 'altitude = "> 24,800 ft AGL"'))
    mark = _beats(high, air())["mark"]
    assert not mark.fits
    assert "the altitude it asks for" in mark.why


def test_an_altitude_above_the_sea_counts_from_the_sea(shot: Make, air: Air) -> None:
    on_a_hill = shot(
        ('elevation = "0 ft"', 'elevation = "2,000 ft"'),
        ('altitude = "> 7,000 ft AGL"', 'altitude = "> 12,000 ft MSL"'),
    )
    mark = _beats(on_a_hill, air())["mark"]
    assert mark.to_s == pytest.approx((7600.0 - 10000 * FT_M) / FALL_M_S, abs=0.1)


def test_the_last_beat_must_be_under_way_by_the_abort_height(shot: Make, air: Air) -> None:
    limit = shot(("[opening]", '[abort]\nno_mark_by = "8,000 ft AGL"\n[opening]'))
    assert _beats(limit, air(), _seconds(no_mark_s=50.0))["mark"].to_s == pytest.approx(53.0)
    late = shot(
        ("[opening]", '[abort]\nno_mark_by = "8,000 ft AGL"\n[opening]'),
        ('window = ["0 s", "8 s"]\nhold = "1.5 s"', 'window = ["55 s", "62 s"]\nhold = "1.5 s"'),
    )
    mark = _beats(late, air(), _seconds(no_mark_s=50.0))["mark"]
    assert not mark.fits
    assert "must be under way by" in mark.why


def test_what_the_editor_forgives_need_not_fit(shot: Make, air: Air) -> None:
    # 1.45 s are left above 24,600 ft after the first beat
    tight = ('altitude = "> 7,000 ft AGL"', f'altitude = "> {7600.0 - FALL_M_S * 2.95:.1f} m AGL"')
    assert not _beats(shot(tight, ('hold = "3 s"', 'hold = "1.6 s"')), air())["mark"].fits
    forgiven = shot(tight, ('hold = "3 s"', 'hold = "1.6 s"\nallow = "0.3 s"'))
    assert _beats(forgiven, air())["mark"].fits


def test_light_bounds_a_beat(shot: Make, air: Air) -> None:
    dusk = shot(('focus = "sharp", altitude', 'focus = "sharp", sun = ["-2 deg", "1 deg"], altitude'))
    noon = light_test(dusk, shot_lens(dusk), datetime(2011, 10, 11, 8, tzinfo=UTC))
    mark = {slot.name: slot for slot in slots(_seconds(), dusk, air(), noon)}["mark"]
    assert not mark.fits
    assert "the light it asks for" in mark.why


def test_a_beat_that_does_not_fit_stops(shot: Make, air: Air) -> None:
    plan = make_plan(shot(('window = ["0 s", "8 s"]', 'window = ["110 s", "120 s"]')), column=air())
    assert plan.status == "stop"
    assert [stop.item for stop in plan.stops] == ["beat 'out'", "beat 'mark'"]
    assert not any(beat.fits for beat in plan.beats)


def test_the_fall_ends_at_the_break_off_of_the_planned_flight(plain: Prepared) -> None:
    seconds = seconds_of(planned_fall(plain.scenario), plain.shot, plain.column)
    lowest = seconds.height_agl_m[-1].min()
    assert lowest == pytest.approx(6500 * FT_M, abs=10.0)
    assert seconds.arrived_s is None or 0.0 < seconds.arrived_s < seconds.end_s
