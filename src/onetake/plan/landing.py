"""Landing: where both come down as planned, how far it may be from there, and whether the wind allows it.

Local ENU metres from the drop zone, heights above it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from onetake.axes import wind_from
from onetake.jump import JumpRun, Stop
from onetake.jumper.canopy import canopy_flight
from onetake.plan.fall import Fall
from onetake.plan.findings import question
from onetake.plan.spot import Spot
from onetake.rules.table import Finding
from onetake.shot.file import Shot
from onetake.units import KT_M_S
from onetake.weather.column import Column
from onetake.weather.spread import WindSpread

Array = NDArray[np.float64]

# priors of the landing estimate, 1 sigma; none is published for this crew
RELEASE_S = 1.5  # from the light to the first foot
ACROSS_M = 75.0  # the aircraft beside its run
THROW_SHARE = 0.1  # of the forward throw: attitude and posture on the hill
CANOPY_M = 25.0  # each axis: where a canopy ends that can reach the target
SAMPLES = 4000

PATTERN_TOP_M = 300.0  # the wind of the landing is the strongest below this
ASKED_SHARE = 0.5  # of the slowest canopy's own speed: from here on somebody must judge the ground wind


def landing_point(fall: Fall) -> tuple[float, float]:
    """The mean of both landing points of a flight, east and north."""
    ends = [
        person.position_enu_m(person.landing_s or float(person.trace.time_s[-1]))[:2]
        for person in fall.people
    ]
    middle = np.mean(ends, axis=0)
    return float(middle[0]), float(middle[1])


def landing_findings(
    shot: Shot, spot: Spot, landing_enu_m: tuple[float, float], spread_m: tuple[float, float]
) -> tuple[Finding, ...]:
    """Whether both reach the drop zone, and within the shot's limit; spread_m: median and 95 % of `landing_spread`."""
    found: tuple[Finding, ...] = ()
    if spot.share > 1.0:
        why = (
            "from no exit point do both canopies reach the drop zone with 1,000 ft left for the pattern: they open "
            f"too far apart, by {spot.share:.1f} times their glide"
        )
        found += (Stop(item="landing", why=why),)
    limit_m = shot.opening.landing_within_m
    if limit_m is None:
        return found
    away_m = math.hypot(*landing_enu_m)
    if away_m > limit_m:
        why = f"lands {away_m:.0f} m from the drop zone as planned; the limit is {limit_m:.0f} m"
        found += (Stop(item="landing", why=why),)
    elif spread_m[1] > limit_m:
        item = f"landing: one in twenty lands beyond {spread_m[1]:.0f} m by the estimate; the limit is {limit_m:.0f} m"
        found += question(shot, "plan.landing", item)
    return found


def surface_wind(shot: Shot, column: Column, fall: Fall) -> tuple[Finding, ...]:
    """The wind of the lowest 300 m against the slowest canopy's own speed at full glide, at sea-level density.

    Stronger than the canopy: it lands backwards, which stops. More than half of it: asked, as no published limit for
    licensed jumpers was found. Error: ±20 % in the canopy's speed, gusts not counted.
    """
    air = column.at(shot.place.elevation_m + np.linspace(0.0, PATTERN_TOP_M, 31))
    speed_m_s = np.hypot(air.wind_east_m_s, air.wind_north_m_s)
    worst = int(np.argmax(speed_m_s))
    said_deg, _ = wind_from(air.wind_east_m_s[worst], air.wind_north_m_s[worst])
    slowest_m_s = min(
        canopy_flight(
            mass_kg=person.jumper.body.mass_kg, canopy_m2=person.jumper.canopy_m2, density_kg_m3=1.225
        ).forward_m_s
        for person in fall.people
    )
    said = (
        f"wind below 1,000 ft up to {speed_m_s[worst] / KT_M_S:.0f} kt from {float(said_deg):03.0f}°, the slower canopy "
        f"flies {slowest_m_s / KT_M_S:.0f} kt"
    )
    if speed_m_s[worst] > slowest_m_s:
        return (Stop(item="ground wind", why=f"{said}: it lands backwards"),)
    if speed_m_s[worst] > ASKED_SHARE * slowest_m_s:
        return question(shot, "plan.ground_wind", f"ground wind: {said}, before gusts; who may land in it?")
    return ()


def landing_spread(
    spot: Spot, fall: Fall, run: JumpRun, spread: WindSpread, shot: Shot
) -> tuple[float, float]:
    """Distance from the target within which both land: median and 95 %. An estimate, which the odds refine.

    4,000 draws (fixed stream) of: wind error with its vertical correlation through the time spent at each level, in
    freefall and under canopy; release 1.5 s; 75 m beside the run; throw 10 %; 25 m of canopy accuracy. A canopy makes
    good what its glide above 1,000 ft reaches. The priors of exit and canopy are assumptions.
    """
    random = np.random.Generator(np.random.PCG64(1))
    levels = spread.altitude_msl_m - shot.place.elevation_m
    wind = random.standard_normal((2, SAMPLES, levels.size)) @ spread.factor.T
    ahead = np.array([math.sin(run.heading_rad), math.cos(run.heading_rad)])
    aside = np.array([ahead[1], -ahead[0]])
    track = np.array([math.sin(run.track_rad), math.cos(run.track_rad)])
    release = run.ground_speed_m_s * RELEASE_S * random.standard_normal((SAMPLES, 1)) * track
    release = release + ACROSS_M * random.standard_normal((SAMPLES, 1)) * aside
    release = release + THROW_SHARE * run.forward_throw_m * random.standard_normal((SAMPLES, 1)) * ahead
    farthest = np.zeros(SAMPLES)
    for person, ride, centre in zip(fall.people, spot.rides, spot.centres_enu_m, strict=True):
        until_s = person.trace.time_s[-1] if person.landing_s is None else person.landing_s
        aloft = (person.trace.time_s >= person.exit_s) & (person.trace.time_s <= until_s)
        spent_s = time_at_levels_s(person.trace.time_s[aloft], person.trace.position_enu_m[aloft, 2], levels)
        miss = np.array(spot.exit_enu_m) + centre + release + (wind @ spent_s).T
        beyond = np.maximum(np.linalg.norm(miss, axis=1, keepdims=True) - ride.reach_m, 0.0)
        unit = miss / np.maximum(np.linalg.norm(miss, axis=1, keepdims=True), 1e-9)
        landed = beyond * unit + CANOPY_M * random.standard_normal((SAMPLES, 2))
        farthest = np.maximum(farthest, np.linalg.norm(landed, axis=1))
    middle, far = np.quantile(farthest, [0.5, 0.95])
    return float(middle), float(far)


def time_at_levels_s(time_s: Array, height_agl_m: Array, levels_agl_m: Sequence[float] | Array) -> Array:
    """Seconds a fall gives to each level (k,), shared linearly between neighbours; they sum to its duration."""
    levels = np.asarray(levels_agl_m, float)
    step_s = np.diff(time_s)
    middle = np.clip((height_agl_m[1:] + height_agl_m[:-1]) / 2, levels[0], levels[-1])
    low = np.clip(np.searchsorted(levels, middle) - 1, 0, levels.size - 2)
    share = (middle - levels[low]) / (levels[low + 1] - levels[low])
    spent = np.zeros(levels.size)
    np.add.at(spent, low, step_s * (1 - share))
    np.add.at(spent, low + 1, step_s * share)
    return spent
