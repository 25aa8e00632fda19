"""`plan_jump`: jump run, exit point, timeline, light, oxygen, focus chart, contingencies, stops and asks."""

from __future__ import annotations

import math
import os
from dataclasses import asdict

from onetake.api.record import Record, record
from onetake.api.stage import Progress, set_stage, silent
from onetake.jump import FocusLimits, JumpPlan
from onetake.shot.file import Shot


def plan_jump(shot: Shot | str | os.PathLike[str], *, tell: Progress = silent) -> JumpPlan:
    """Plan a shot, given or by the path of its file.

    Only a person says go: the best status is `no_stop_found`. Raises ShotError, ReadError, WeatherError, ChoiceError
    and InputError, each with one message that says what to change.
    """
    return set_stage(shot, tell).prepared.plan


def plan_record(plan: JumpPlan) -> Record:
    """The JSON object `onetake.plan/1` of a plan."""
    run, light = plan.jump_run, plan.light
    return record(
        "onetake.plan/1",
        status=plan.status,
        stops=[asdict(stop) for stop in plan.stops],
        asks=[asdict(ask) for ask in plan.asks],
        exit=asdict(plan.exit),
        jump_run={
            "heading_deg": math.degrees(run.heading_rad) % 360.0,
            "track_deg": math.degrees(run.track_rad) % 360.0,
            "true_airspeed_m_s": run.true_airspeed_m_s,
            "ground_speed_m_s": run.ground_speed_m_s,
            "forward_throw_m": run.forward_throw_m,
            "doctrine_throw_m": run.doctrine_throw_m,
            "drift_m": run.drift_m,
            "doctrine_drift_m": run.doctrine_drift_m,
        },
        separation=[asdict(row) for row in plan.separation],
        freefall_s=plan.freefall_s,
        beats=[asdict(beat) for beat in plan.beats],
        opening=[asdict(row) for row in plan.opening],
        landing={
            "lat_deg": plan.landing_lat_deg,
            "lon_deg": plan.landing_lon_deg,
            "position_enu_m": plan.landing_enu_m,
            "spread_m": plan.landing_spread_m,
        },
        light={
            "first_exit_utc": light.first_exit_utc,
            "last_exit_utc": light.last_exit_utc,
            "at_landing": light.at_landing,
            "landing_sun_elevation_deg": light.landing_sun_elevation_deg,
            "beats": [
                {"name": name, "first_exit_utc": first, "last_exit_utc": last}
                for name, first, last in light.beats
            ],
        },
        focus=_focus(plan.focus),
        oxygen=asdict(plan.oxygen),
        weights=[asdict(row) for row in plan.weights],
        contingency=[asdict(row) for row in plan.contingency],
        notes=plan.notes,
    )


def _focus(chart: tuple[FocusLimits, ...]) -> Record:
    """The lens in hand is the chart's first; its limits under each criterion, then the whole chart."""
    if not chart:
        return {"distance_m": None, "limits": [], "chart": []}
    hand = chart[0]
    limits = [
        {"criterion": row.criterion, "near_m": row.near_m, "far_m": row.far_m}
        for row in chart
        if (row.lens, row.f_number, row.distance_m) == (hand.lens, hand.f_number, hand.distance_m)
    ]
    return {"distance_m": hand.distance_m, "limits": limits, "chart": [asdict(row) for row in chart]}
