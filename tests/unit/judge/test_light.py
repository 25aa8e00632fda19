"""The light of the compiled judge against the readable one it stands for, over a whole jump."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from onetake.api.stage import bench_at
from onetake.clock import Clock
from onetake.judge.score import judge
from onetake.lens.exposure import exposing_lux
from onetake.plan.window import shot_exposure
from onetake.shot.beat import Always
from onetake.take import Leaving, Take
from onetake.weather.light import illuminance_aloft_lux
from onetake.weather.sun import sun_above_visible_horizon_rad

# sunset on the ground here is at 13:58 UTC on that day; the sun is level with 25,000 ft's horizon at 14:12
TIMES = [datetime(2011, 10, 11, hour, minute, tzinfo=UTC) for hour, minute in ((8, 0), (13, 20), (13, 55), (14, 8), (14, 13), (14, 25))]  # fmt: skip


def falling_from(desk: Any, height_m: float, seconds: int, utc: datetime, apart_m: float = 40.0) -> Take:
    """Two bodies falling evenly from a height to the ground in so many seconds, one above the other."""
    take: Take = desk.pair(
        np.full(2 * seconds, 3.0), rate_hz=2.0, height_m=height_m,
        aircraft=Leaving(position_enu_m=(0.0, 0.0, height_m), velocity_enu_m_s=(0.0, 0.0), heading_rad=0.0),
    )  # fmt: skip
    down = np.linspace(height_m, apart_m, 2 * seconds)
    operator, subject = take.bodies
    assert take.relative is not None
    apart = np.tile([3.0, 0.0, -apart_m], (2 * seconds, 1))
    place = np.stack([0 * down, 0 * down, down], 1)
    return replace(
        take,
        bodies=(replace(operator, position_enu_m=place), replace(subject, position_enu_m=place + apart)),
        relative=replace(take.relative, position_enu_m=apart),
        clock=Clock(utc),
    )


@pytest.mark.parametrize("utc", TIMES, ids=str)
@pytest.mark.parametrize(("seconds", "end"), [(120, "break-off"), (900, "landing")])
def test_sun_and_exposure_are_those_of_the_second_and_the_height(
    desk: Any, beat: Any, must: Any, utc: datetime, seconds: int, end: str
) -> None:
    """Sun within 0.02°, a tenth of the day's own refraction; stops within 0.05, a tenth of the doubt of a clear sky."""
    take = falling_from(desk, 7600.0, seconds, utc)
    rule = Always(name="light", start="first exit", end=end, must=(must("sun", -1.0, 1.0),))
    shot = replace(desk.stage.shot, beats=(beat(must("exposure", word="ok")),), always=(rule,))
    _, told = judge(bench_at(shot, desk.stage.prepared, take), take)
    place, t = (shot.place.lat_deg, shot.place.lon_deg), told["time_s"]
    heights = [np.interp(t, body.time_s, body.position_enu_m[:, 2]) for body in take.bodies]
    # the judge takes the last sample at or before each tick, at its own time
    sample = np.floor(t * 2 + 1e-6) / 2
    heights = [np.interp(sample, body.time_s, body.position_enu_m[:, 2]) for body in take.bodies]
    seen = [sun_above_visible_horizon_rad(*place, height, utc, sample) for height in heights]
    assert np.degrees(told["sun_low_rad"]) == pytest.approx(np.degrees(np.minimum(*seen)), abs=0.02)
    assert np.degrees(told["sun_high_rad"]) == pytest.approx(np.degrees(np.maximum(*seen)), abs=0.02)
    lux = illuminance_aloft_lux(*place, heights[1], utc, sample)
    exposure = shot_exposure(shot)
    assert exposure is not None
    stops = np.log2(lux / exposing_lux(exposure, desk.stage.bench.glass.lens.t_stop))
    assert told["exposure_stops"] == pytest.approx(stops, abs=0.05)


def test_light_without_a_clock_is_no_number(desk: Any, beat: Any, must: Any) -> None:
    take = replace(falling_from(desk, 3000.0, 20, TIMES[0]), clock=None)
    bench = desk.bench(beat(must("sun", -1.0, 1.0), must("facing", 0.0, 2.0, target="sun")), of=take)
    _, told = judge(bench, take)
    for name in (
        "sun_low_rad",
        "sun_high_rad",
        "exposure_stops",
        "sun_facing_rad",
        "sun_room",
        "sun_hidden_room",
    ):
        assert np.isnan(told[name]).all(), name
