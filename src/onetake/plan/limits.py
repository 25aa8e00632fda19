"""Limits: what a shot with its dials turned may not do, whatever it does to the odds.

Safety is not traded. Measured against the plan of the shot as it stands: break-off and pulls are no lower; there is no
stop and no question that was not there; nobody leaves heavier than the placard of the reserve; the two are no nearer at
line stretch, the operator's neck bears no more, the light at landing is no darker, and where the shot says how it is
exposed, it is exposed at every beat. How often bodies touch is counted by the odds, not here.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import numpy as np

from onetake.fly.scenario import height_agl_m, shot_lens
from onetake.lens.exposure import stops_over
from onetake.plan.make import Prepared
from onetake.plan.window import shot_exposure
from onetake.weather.light import illuminance_aloft_lux

GRACE_M, GRACE_N, GRACE_STOPS = 0.05, 1.0, 1e-6  # what rounding may move, far below what anybody can measure
_LIGHT = {"day": 2, "sunset to civil dusk": 1, "civil dawn to sunrise": 1, "night": 0}


def refusals(before: Prepared, after: Prepared) -> tuple[str, ...]:
    """Every limit that a candidate breaks, in words; none if it may be flown as the shot itself may."""
    return (
        *_heights(before, after), *_findings(before, after), *_weights(before, after), *_opening(before, after),
        *_light(before, after), *_exposure(before, after),
    )  # fmt: skip


def _heights(before: Prepared, after: Prepared) -> tuple[str, ...]:
    def heights(prepared: Prepared) -> dict[str, float]:
        opening = prepared.shot.opening
        pulls = {f"{name}'s pull": pull for name, pull in opening.pull.items()}
        named = {"the break-off": opening.break_off} | pulls
        return {name: height_agl_m(height, prepared.shot, prepared.column) for name, height in named.items()}

    old, new = heights(before), heights(after)
    return tuple(
        f"{name} would be lower"
        for name, height in old.items()
        if not new.get(name, -1.0) >= height - GRACE_M
    )


def _findings(before: Prepared, after: Prepared) -> tuple[str, ...]:
    """Stops by what they are about, questions by their rule: their numbers may differ, their count may not grow."""
    stops = Counter(one.item for one in after.plan.stops) - Counter(one.item for one in before.plan.stops)
    asks = Counter(one.rule for one in after.plan.asks) - Counter(one.rule for one in before.plan.asks)
    return (*(f"a stop: {item}" for item in stops), *(f"a question: {rule}" for rule in asks))


def _weights(before: Prepared, after: Prepared) -> tuple[str, ...]:
    old = {row.name: row.exit_kg for row in before.plan.weights}
    return tuple(
        f"{row.name} would be over the reserve's placard"
        for row in after.plan.weights
        if row.exit_kg > max(old[row.name], old[row.name] if row.limit_kg is None else row.limit_kg)
    )


def _opening(before: Prepared, after: Prepared) -> tuple[str, ...]:
    said: tuple[str, ...] = ()
    if _apart_m(after) < _apart_m(before) - GRACE_M:
        said += ("they would be nearer at line stretch",)
    old, new = before.plan.neck, after.plan.neck
    if old is not None and (new is None or not new.load_n <= old.load_n + GRACE_N):
        said += ("the operator's neck would bear more at the opening",)
    return said


def _apart_m(prepared: Prepared) -> float:
    return min(row.separation_m for row in prepared.plan.opening)


def _light(before: Prepared, after: Prepared) -> tuple[str, ...]:
    old, new = (_LIGHT.get(one.plan.light.at_landing, 0) for one in (before, after))
    return ("it would be darker at the landing",) if new < old else ()


def _exposure(before: Prepared, after: Prepared) -> tuple[str, ...]:
    exposure = shot_exposure(after.shot)
    if exposure is None:
        return ()
    old, new = exposure_stops(before), exposure_stops(after)
    dark = [
        name
        for name, off in new.items()
        if off > max(exposure.within_stops, old.get(name, 0.0)) + GRACE_STOPS
    ]
    return tuple(f"the stop would not expose {name!r}" for name in dark)


def exposure_stops(prepared: Prepared) -> dict[str, float]:
    """How far from right the negative is, in stops, at the worse of the first and last second of each beat that fits."""
    shot, plan = prepared.shot, prepared.plan
    exposure = shot_exposure(shot)
    if exposure is None:
        return {}
    trace = prepared.take.bodies[1]
    worst: dict[str, float] = {}
    for slot in plan.beats:
        for at_s in (slot.from_s, slot.to_s) if slot.fits else ():
            height_m = float(np.interp(at_s, trace.time_s, trace.position_enu_m[:, 2]))
            at = plan.exit.utc + timedelta(seconds=at_s)
            lux = illuminance_aloft_lux(shot.place.lat_deg, shot.place.lon_deg, height_m, at)
            off = abs(float(stops_over(lux, exposure, shot_lens(shot).t_stop)))
            worst[slot.name] = max(worst.get(slot.name, 0.0), off)
    return worst
