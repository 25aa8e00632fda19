"""Light, stop and sensitivity."""

from __future__ import annotations

import math

import pytest

from onetake.errors import InputError
from onetake.lens.camera import Lens
from onetake.lens.exposure import (
    METER_SPREAD_STOPS,
    Exposure,
    exposing_lux,
    judge_stop,
    stops_over,
    t_stop_for,
)

DUSK = Exposure(ei=1600, shutter_rad=math.pi, picture_rate_hz=24000 / 1001)
AT_T3 = Lens(name="35", focal_m=0.035, f_number=2.8, t_stop=3.0, minimum_focus_m=0.9144)


def test_a_half_turn_of_shutter_is_half_the_picture_time() -> None:
    assert DUSK.time_s == pytest.approx(1001 / 48000)


def test_five_hundred_lux_by_hand() -> None:
    # T² = 500 lux x 1600 / 48 s / 250 = 66.7 at 24 pictures a second
    whole = Exposure(ei=1600, shutter_rad=math.pi, picture_rate_hz=24.0)
    assert t_stop_for(500.0, whole) == pytest.approx(8.165, abs=0.001)
    assert float(stops_over(500.0, whole, 3.0)) == pytest.approx(2.889, abs=0.001)


def test_sunny_sixteen() -> None:
    # the old rule: in full sun f/16 at 1/EI; full sun on a subject is 64,000 lux by this constant, 80,000 to 110,000 measured,
    # so the rule lies within a stop
    sun = Exposure(ei=100, shutter_rad=2 * math.pi, picture_rate_hz=100.0)
    assert exposing_lux(sun, 16.0) == pytest.approx(64000)
    assert abs(float(stops_over(100_000, sun, 16.0))) < 1.0


def test_civil_dusk_runs_through_the_stops() -> None:
    # 585-410 lux fall to 3.5-2 lux in civil twilight: 7.4 to 7.7 stops (AMS Glossary as cited in the weather study)
    fall = float(stops_over(585.0, DUSK, 3.0) - stops_over(3.5, DUSK, 3.0))
    assert fall == pytest.approx(7.4, abs=0.05)
    assert float(stops_over(410.0, DUSK, 3.0) - stops_over(2.0, DUSK, 3.0)) == pytest.approx(7.7, abs=0.05)


def test_nd_takes_stops_away() -> None:
    dark = Exposure(ei=1600, shutter_rad=math.pi, picture_rate_hz=24000 / 1001, nd_stops=3.0)
    assert float(stops_over(500.0, DUSK, 3.0) - stops_over(500.0, dark, 3.0)) == pytest.approx(3.0)
    assert t_stop_for(500.0, dark) == pytest.approx(t_stop_for(500.0, DUSK) / math.sqrt(8))


def test_a_stop_that_exposes() -> None:
    call = judge_stop(exposing_lux(DUSK, 3.0), DUSK, AT_T3, 1.5)
    assert call.exposes
    assert call.stops_over == pytest.approx(0.0, abs=1e-9)
    assert call.wants_t_stop == pytest.approx(3.0)
    assert judge_stop(100.0, DUSK, AT_T3, 1.5).said == "T3 at 100 lux: exposes (0.6 stops over)"


def test_a_stop_that_does_not_expose_is_said() -> None:
    over = judge_stop(500.0, DUSK, AT_T3, 1.5)
    assert not over.exposes
    assert over.said == "T3 at 500 lux: does not expose, 2.9 stops over; T8.2 would, or 2.9 stops of ND"
    under = judge_stop(25.0, DUSK, AT_T3, 1.5)
    assert under.said == "T3 at 25 lux: does not expose, 1.4 stops under; T1.8 would"
    hopeless = judge_stop(3.5, DUSK, AT_T3, 1.5)
    assert hopeless.said.endswith("wide open at T1.5 it is still 2.3 stops under")
    dark = judge_stop(0.0, DUSK, AT_T3, 1.5)
    assert (dark.exposes, dark.stops_over, dark.wants_t_stop) == (False, -math.inf, 0.0)
    assert dark.said == "T3 at 0 lux: no light, no stop exposes"


def test_the_band_is_what_the_shot_allows() -> None:
    half = Exposure(ei=1600, shutter_rad=math.pi, picture_rate_hz=24.0, within_stops=0.5)
    lux = exposing_lux(half, 3.0)
    assert judge_stop(lux * 2**0.49, half, AT_T3, 1.5).exposes
    assert not judge_stop(lux * 2**0.51, half, AT_T3, 1.5).exposes
    assert judge_stop(lux * 2**-0.49, half, AT_T3, 1.5).exposes
    assert not judge_stop(lux * 2**-0.51, half, AT_T3, 1.5).exposes


def test_meters_disagree_by_less_than_half_a_stop() -> None:
    assert pytest.approx(0.444, abs=0.001) == METER_SPREAD_STOPS


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ei": 0}, "exposure index"),
        ({"ei": math.nan}, "exposure index"),
        ({"shutter_rad": 0.0}, "shutter of 0°"),
        ({"shutter_rad": 180.0}, "shutter of"),  # degrees where radians belong
        ({"nd_stops": -1.0}, "ND"),
        ({"nd_stops": math.nan}, "ND"),
        ({"picture_rate_hz": -24.0}, "picture rate"),
        ({"within_stops": 0.0}, "within_stops"),
    ],
)
def test_an_impossible_setting_is_refused(changes: dict[str, float], says: str) -> None:
    fields = {"ei": 800.0, "shutter_rad": math.pi, "picture_rate_hz": 24.0}
    with pytest.raises(InputError, match=says):
        Exposure(**(fields | changes))


@pytest.mark.parametrize("lux", [-1.0, math.nan, math.inf])
def test_light_that_is_no_light(lux: float) -> None:
    with pytest.raises(InputError, match="not an illuminance"):
        t_stop_for(lux, DUSK)
