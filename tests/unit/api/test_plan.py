"""The JSON object of a plan: the keys that others rely on."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime

from onetake.api.plan import plan_record
from onetake.jump import (
    Ask,
    BeatSlot,
    Contingency,
    ExitPoint,
    ExitWeight,
    FocusLimits,
    JumpPlan,
    JumpRun,
    Light,
    Opening,
    OxygenPlan,
    Separation,
    Stop,
)

EXIT = datetime(2011, 10, 11, 13, 52, 4, tzinfo=UTC)


def _limits(lens: str, criterion: str, far_m: float) -> FocusLimits:
    return FocusLimits(
        lens=lens, f_number=2.8, distance_m=0.9144, criterion=criterion, near_m=0.86, far_m=far_m
    )


PLAN = JumpPlan(
    status="ask",
    stops=(Stop(item="light", why="none left"),),
    asks=(Ask(item="oxygen", owner="physiologist", rule="prebreathe"),),
    exit=ExitPoint(
        lat_deg=24.21, lon_deg=54.61, position_enu_m=(1.0, 2.0), utc=EXIT, altitude_msl_m=7620.0, pressure_altitude_m=7400.0
    ),
    jump_run=JumpRun(
        heading_rad=-math.pi / 2, true_airspeed_m_s=107.0, ground_speed_m_s=100.0, track_rad=math.pi, forward_throw_m=700.0,
        doctrine_throw_m=300.0, drift_m=900.0, doctrine_drift_m=1000.0,
    ),
    separation=(Separation(time_s=0.0, distance_m=5.0),),
    freefall_s=120.0,
    beats=(BeatSlot(name="mark", from_s=30.0, to_s=60.0, fits=True),),
    opening=(Opening(name="actor", height_agl_m=1200.0, time_s=130.0, open_height_agl_m=1000.0, open_time_s=134.0, separation_m=300.0),),
    landing_enu_m=(0.0, 10.0),
    landing_lat_deg=24.2,
    landing_lon_deg=54.6,
    landing_spread_m=(100.0, 250.0),
    light=Light(
        first_exit_utc=EXIT, last_exit_utc=None, at_landing="civil twilight", landing_sun_elevation_deg=-3.0, beats=(("mark", EXIT, None),)
    ),
    focus=(_limits("35 mm", "D/1500", 0.98), _limits("35 mm", "4K pixel", math.inf), _limits("50 mm", "D/1500", 0.95)),
    oxygen=OxygenPlan(prebreathe_s=1800.0, confidence="checked", source="a table", notes=("n",)),
    weights=(ExitWeight(name="actor", exit_kg=105.0, limit_kg=None),),
    contingency=(Contingency(case="malfunction", action="cut away", altitude_m=760.0, caller="jumper"),),
)  # fmt: skip


def test_the_keys_others_rely_on_are_there() -> None:
    found = json.loads(json.dumps(plan_record(PLAN), allow_nan=False))
    assert list(found)[:2] == ["schema", "status"]
    assert found["schema"] == "onetake.plan/1"
    rows = {
        "stops": {"item", "why"},
        "asks": {"item", "owner", "rule"},
        "separation": {"time_s", "distance_m"},
        "beats": {"name", "from_s", "to_s", "fits"},
        "opening": {"name", "height_agl_m", "time_s"},
        "weights": {"name", "exit_kg", "limit_kg"},
        "contingency": {"case", "action", "altitude_m", "caller"},
    }
    for key, columns in rows.items():
        assert columns <= set(found[key][0]), key
    assert {"lat_deg", "lon_deg", "utc", "altitude_msl_m", "pressure_altitude_m"} <= set(found["exit"])
    assert {"lat_deg", "lon_deg"} <= set(found["landing"])
    assert {"first_exit_utc", "last_exit_utc", "at_landing"} <= set(found["light"])
    assert found["jump_run"]["heading_deg"] == 270.0
    assert found["freefall_s"] == 120.0
    assert found["oxygen"]["prebreathe_s"] == 1800.0
    assert found["exit"]["utc"] == "2011-10-11T13:52:04Z"


def test_the_focus_of_the_lens_in_hand_comes_before_its_neighbours() -> None:
    focus = plan_record(PLAN)["focus"]
    assert isinstance(focus, dict)
    assert focus["distance_m"] == 0.9144
    assert focus["limits"] == [
        {"criterion": "D/1500", "near_m": 0.86, "far_m": 0.98},
        {"criterion": "4K pixel", "near_m": 0.86, "far_m": None},  # sharp to the horizon
    ]
    assert len(focus["chart"]) == 3


def test_a_plan_without_a_focus_chart_has_no_limits() -> None:
    focus = plan_record(replace(PLAN, focus=()))["focus"]
    assert focus == {"distance_m": None, "limits": [], "chart": []}
