"""Spot: jump run, exit point, and how sure the landing is.

Air depends on height only, so moving the exit moves the whole freefall with it: one flight from over the drop zone
tells where to leave from, exactly. The rule: the exit is where the wind may be wrong by most, in any direction. Each
open parachute can land in a circle (its drift with the wind, its glide around that); the exit puts the drop zone
where both people need the same share of their glide, and that share is the least possible.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.axes import LocalAxes, wind_from
from onetake.fly.scenario import height_agl_m
from onetake.jump import JumpRun
from onetake.plan.drift import CanopyRide, canopy_ride, doctrine_drift_m, doctrine_throw_m
from onetake.plan.fall import Fall
from onetake.shot.file import Shot
from onetake.take import Leaving
from onetake.units import KT_M_S
from onetake.weather.atmosphere import equivalent_airspeed_m_s, true_airspeed_m_s
from onetake.weather.column import Column

Array = NDArray[np.float64]

CALM_M_S = 5 * KT_M_S  # a wind weaker than this has no direction worth heading into
DOGLEG_RAD = math.radians(60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The aircraft on jump run: heading and track clockwise from north, speeds, and why this heading."""

    height_agl_m: float
    heading_rad: float
    true_airspeed_m_s: float
    indicated_m_s: float
    velocity_enu_m_s: tuple[float, float]
    wind_enu_m_s: tuple[float, float]
    why: str

    @property
    def ground_speed_m_s(self) -> float:
        """Speed over the ground."""
        return math.hypot(*self.velocity_enu_m_s)

    @property
    def track_rad(self) -> float:
        """Direction over the ground, clockwise from north."""
        return math.atan2(*self.velocity_enu_m_s) % (2 * math.pi)

    def leaving(self, exit_enu_m: tuple[float, float]) -> Leaving:
        """The aircraft at the first exit, over that place."""
        return Leaving(
            position_enu_m=(*exit_enu_m, self.height_agl_m),
            velocity_enu_m_s=self.velocity_enu_m_s,
            heading_rad=self.heading_rad,
        )


def jump_run(shot: Shot, column: Column) -> Run:
    """Heading, true airspeed from the indicated one and the real density, and ground speed.

    `run = "auto"`: the nose into the wind at exit height, which makes the ground speed, and with it what a second
    of delay costs, the least. In a wind under 5 kt there: into the mean wind of the whole height. Calm too: north.
    Raises WeatherError when the profile does not reach the exit.
    """
    height_m = height_agl_m(shot.aircraft.exit_altitude, shot, column)
    column.require(height_m + shot.place.elevation_m)
    air = column.at(np.linspace(0.0, height_m, 100) + shot.place.elevation_m)
    east, north, density = (array[-1] for array in (air.wind_east_m_s, air.wind_north_m_s, air.density_kg_m3))
    speed = shot.aircraft.airspeed
    indicated = speed.kind == "indicated"
    true_m_s = float(true_airspeed_m_s(speed.value_m_s, density)) if indicated else speed.value_m_s
    heading_rad = shot.aircraft.run_heading_rad
    why = "heading given in the shot file"
    if heading_rad is None:
        mean_e, mean_n = float(air.wind_east_m_s.mean()), float(air.wind_north_m_s.mean())
        if math.hypot(east, north) >= CALM_M_S:
            heading_rad, why = math.atan2(-east, -north), "into the wind at exit height"
        elif math.hypot(mean_e, mean_n) >= CALM_M_S:
            heading_rad, why = math.atan2(-mean_e, -mean_n), "calm at exit height: into the mean wind below"
        else:
            heading_rad, why = 0.0, "calm all the way down: any heading serves, north is taken"
    heading_rad %= 2 * math.pi
    return Run(
        height_agl_m=height_m,
        heading_rad=heading_rad,
        true_airspeed_m_s=true_m_s,
        indicated_m_s=speed.value_m_s if indicated else float(equivalent_airspeed_m_s(true_m_s, density)),
        velocity_enu_m_s=(
            true_m_s * math.sin(heading_rad) + float(east),
            true_m_s * math.cos(heading_rad) + float(north),
        ),
        wind_enu_m_s=(float(east), float(north)),
        why=why,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where to leave. exit_enu_m (2,); rides and centres_enu_m (2, 2), where each would land without gliding, less
    the exit; share: of its glide that each person needs, above 1 out of reach."""

    exit_enu_m: tuple[float, float]
    rides: tuple[CanopyRide, CanopyRide]
    centres_enu_m: Array
    share: float


def find_spot(fall: Fall, shot: Shot, column: Column) -> Spot:
    """The exit for which both canopies need the least, and the same, share of their glide to land on the target.

    fall: the planned flight from any place. Of two circles with centres c and reaches R about the exit e, the greater
    of |e + c|/R is least at e = -(R2 c1 + R1 c2)/(R1 + R2), where it is |c1 - c2|/(R1 + R2). Exact for winds that
    depend on height only; the error is that of the winds, see `landing_spread`.
    """
    start = np.array(fall.scenario.leaving.position_enu_m)
    rides, centres = [], []
    for person in fall.people:
        opened_s = person.open_s if person.open_s is not None else fall.end_s
        place = person.position_enu_m(opened_s)
        ride = canopy_ride(person.jumper, float(place[2]), shot, column)
        rides.append(ride)
        centres.append(place[:2] - start[:2] + ride.drift_enu_m)
    reach = np.maximum([ride.reach_m for ride in rides], 1.0)
    exit_enu = -(reach[1] * centres[0] + reach[0] * centres[1]) / reach.sum()
    return Spot(
        exit_enu_m=(float(exit_enu[0]), float(exit_enu[1])),
        rides=(rides[0], rides[1]),
        centres_enu_m=np.array(centres),
        share=float(np.linalg.norm(centres[0] - centres[1]) / reach.sum()),
    )


def throw_and_drift(passive: Fall, still: Fall, run: Run, shot: Shot, column: Column) -> JumpRun:
    """The run with forward throw and freefall drift by the integrator, and doctrine's numbers beside them.

    Throw: how far both are carried along the heading in the same air at rest, from exit to pull (mean of the two).
    Drift: what the wind adds to that. A shear is followed with a lag, which counts as drift.
    """
    ahead = np.array([math.sin(run.heading_rad), math.cos(run.heading_rad)])
    thrown, drifted, pulls = [], [], []
    for windy, calm in zip(passive.people, still.people, strict=True):
        moved = [
            person.position_enu_m(_pull_s(person.pull_s, fall))[:2] - person.position_enu_m(person.exit_s)[:2]
            for person, fall in ((windy, passive), (calm, still))
        ]
        thrown.append(float(moved[1] @ ahead))
        drifted.append(moved[0] - moved[1])
        pulls.append(windy.jumper.pull_agl_m)
    return JumpRun(
        heading_rad=run.heading_rad,
        true_airspeed_m_s=run.true_airspeed_m_s,
        ground_speed_m_s=run.ground_speed_m_s,
        track_rad=run.track_rad,
        forward_throw_m=float(np.mean(thrown)),
        doctrine_throw_m=doctrine_throw_m(run.indicated_m_s),
        drift_m=float(np.linalg.norm(np.mean(drifted, axis=0))),
        doctrine_drift_m=doctrine_drift_m(run.height_agl_m, float(np.mean(pulls)), shot, column),
    )


def _pull_s(pull_s: float | None, fall: Fall) -> float:
    return fall.end_s if pull_s is None else pull_s


def run_notes(run: Run, shot: Shot, column: Column, spot: Spot) -> tuple[str, ...]:
    """Why this heading, the crosswind option, and a dog leg between exit and canopy winds."""
    east, north = run.wind_enu_m_s
    said_deg, speed_m_s = (float(value) for value in wind_from(east, north))
    notes = [
        f"Jump run {math.degrees(run.heading_rad) % 360:03.0f}°: {run.why} "
        f"(wind at exit from {said_deg:03.0f}° at {speed_m_s / KT_M_S:.0f} kt)."
    ]
    if speed_m_s >= CALM_M_S:
        across = math.atan2(-east, -north) + math.pi / 2
        ground_kt = math.hypot(run.true_airspeed_m_s, speed_m_s) / KT_M_S
        notes.append(
            f"Crosswind option: {math.degrees(across) % 360:03.0f}° or {math.degrees(across + math.pi) % 360:03.0f}°, "
            f"ground speed {ground_kt:.0f} kt; the exit point moves, so plan it again with that heading."
        )
    low = column.at(np.linspace(0.0, 1500.0, 20) + shot.place.elevation_m)
    under = (float(low.wind_east_m_s.mean()), float(low.wind_north_m_s.mean()))
    if min(speed_m_s, math.hypot(*under)) >= CALM_M_S:
        turn = abs(math.remainder(math.atan2(*under) - math.atan2(east, north), 2 * math.pi))
        if turn > DOGLEG_RAD:
            notes.append(
                f"Dog leg: the wind turns by {math.degrees(turn):.0f}° between exit and canopy; look at each layer."
            )
    notes.append(
        f"Exit placed so that both canopies need {spot.share:.0%} of their glide above 1,000 ft to reach the target, "
        "the least there is: the wind may then be wrong by most, in any direction."
    )
    return tuple(notes)


def lat_lon(
    shot: Shot, position_enu_m: tuple[float, float], height_agl_m: float = 0.0
) -> tuple[float, float]:
    """Latitude and longitude, degrees, of a place in local metres. The geoid is taken for the ellipsoid: under 0.1 m."""
    place = shot.place
    axes = LocalAxes(place.lat_deg, place.lon_deg, place.elevation_m)
    lat, lon, _ = axes.wgs84_from_enu(np.array([*position_enu_m, height_agl_m]))
    return float(lat), float(lon)
