"""Make: one plan from a shot, and what it was made from, so that nobody flies or searches twice.

Order: air → jump run → a flight from over the drop zone → hour → exit point → the take as planned → rules → tables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from onetake.clock import now
from onetake.fly.flight import nominal
from onetake.fly.scenario import DEFAULT_AAD, Scenario, build_scenario, shot_lens
from onetake.fly.simulate import fly_take
from onetake.jump import BeatSlot, ExitPoint, JumpPlan, Stop
from onetake.plan.air import air_at, air_findings, read_sources, wind_error
from onetake.plan.chart import chart_notes, exposure_notes, focus_limits_of, focus_rows
from onetake.plan.contingency import contingencies, contingency_findings
from onetake.plan.fall import Fall, passive_fall, planned_fall, read_fall
from onetake.plan.findings import checks, duty, question, settle
from onetake.plan.hour import Hour, day_clock, landing_light, plan_hour
from onetake.plan.landing import landing_findings, landing_point, landing_spread, surface_wind
from onetake.plan.opening import height_marks, opening_findings, openings
from onetake.plan.oxygen import plan_oxygen
from onetake.plan.people import exit_weights, level_findings, neck_notes, operator_neck, person_findings
from onetake.plan.separation import passive_separation
from onetake.plan.spot import (
    Run,
    Spot,
    find_spot,
    jump_run,
    lat_lon,
    run_notes,
    throw_and_drift,
)
from onetake.plan.timeline import arrival_notes, seconds_of, slots
from onetake.plan.window import light_test
from onetake.rules.checks import airspace
from onetake.rules.table import Checked, Finding, find
from onetake.shot.file import Shot
from onetake.take import Take
from onetake.weather.atmosphere import pressure_altitude_m
from onetake.weather.column import Column

Progress = Callable[[str, float], None]

# what the law and the trade want done on the day, whatever the shot
_DUTIES = (
    ("14cfr.105.17.low", "clouds"),
    ("14cfr.105.13.radio", "radio"),
    ("14cfr.105.7.fitness", "fitness"),
    ("film.coordinator", "crew"),
    ("film.radio", "crew"),
    ("film.bulletin.parachuting", "crew"),
    ("film.consent", "crew"),
    ("14cfr.105.43.main", "packing"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A plan and what it stands on: the profiles read, the one flown through, the scenario with the exit point found,
    and the nominal take (take 0, with abort rules and contact) as `fly` would fly it."""

    shot: Shot
    columns: tuple[Column, ...]
    column: Column
    scenario: Scenario
    plan: JumpPlan
    take: Take


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flown:
    """Everything that was flown for one plan."""

    run: Run
    spot: Spot
    scenario: Scenario
    planned: Fall
    passive: Fall
    still: Fall
    take: Take


def make_plan(shot: Shot, *, column: Column | None = None, progress: Progress | None = None) -> JumpPlan:
    """The plan of a shot; see `prepare`."""
    return prepare(shot, column=column, progress=progress).plan


def prepare(shot: Shot, *, column: Column | None = None, progress: Progress | None = None) -> Prepared:
    """Plan a shot and keep what was made on the way.

    column: fly through this profile instead of the shot's sources. progress is called with what is being done and the
    share done, 0 to 1. Raises ReadError, ChoiceError and WeatherError for the profiles, among them one that does not
    reach the exit, and InputError for a cast, a lens or a rule check that cannot be.
    """
    tell = progress or (lambda what, share: None)
    checked = checks(shot)
    tell("reading winds", 0.0)
    columns = (column,) if column is not None else read_sources(shot, shot.place.date)
    # without an exit time the profile of the first source stands in until the light has named the hour
    guess = shot.place.exit_utc or columns[0].valid_utc or now()
    flown_air, run, first, hour = _hour_in(shot, columns, guess, tell)
    if len(columns) > 1 and hour.exit_utc != guess:
        flown_air, run, first, hour = _hour_in(shot, columns, hour.exit_utc, tell)
    tell("finding the exit", 0.5)
    flown = _fly_all(shot, flown_air, run, first, hour)
    tell("checking rules", 0.8)
    plan = _plan(shot, columns, flown_air, flown, hour=hour, checked=checked)
    tell("planned", 1.0)
    return Prepared(
        shot=shot, columns=columns, column=flown_air, scenario=flown.scenario, plan=plan, take=flown.take
    )


def _hour_in(
    shot: Shot, columns: tuple[Column, ...], guess_utc: datetime, tell: Progress
) -> tuple[Column, Run, Fall, Hour]:
    """The air of a time, a flight in it from over the drop zone, and the hour its beats ask for."""
    highest = max(columns, key=lambda one: one.top_msl_m or 0.0)
    run = jump_run(shot, highest)
    column = air_at(columns, guess_utc, run.height_agl_m + shot.place.elevation_m)
    run = jump_run(shot, column)
    tell("flying the fall", 0.1)
    first = planned_fall(build_scenario(shot, column, run.leaving((0.0, 0.0))))
    tell("looking for the light", 0.3)
    return column, run, first, plan_hour(shot, column, first)


def _fly_all(shot: Shot, column: Column, run: Run, first: Fall, hour: Hour) -> _Flown:
    """Place the exit, and fly from there what is needed: the nominal take, passive bodies, and the same in still air."""
    spot = find_spot(first, shot, column)
    scenario = build_scenario(shot, column, run.leaving(spot.exit_enu_m))
    take = fly_take(scenario, nominal(scenario), first_exit_utc=hour.exit_utc)
    disturbed = take.ending != "landed" or take.event("abort") is not None
    return _Flown(
        run=run,
        spot=spot,
        scenario=scenario,
        planned=planned_fall(scenario) if disturbed else read_fall(scenario, take),
        passive=passive_fall(scenario),
        still=passive_fall(scenario, still_air=True),
        take=take,
    )


def _plan(
    shot: Shot,
    columns: tuple[Column, ...],
    column: Column,
    flown: _Flown,
    *,
    hour: Hour,
    checked: tuple[Checked, ...],
) -> JumpPlan:
    run, fall = flown.run, flown.planned
    exit_msl_m = run.height_agl_m + shot.place.elevation_m
    exit_point = _exit_point(shot, column, run, flown.spot, hour.exit_utc)
    seconds = seconds_of(fall, shot, column)
    beats = slots(seconds, shot, column, light_test(shot, shot_lens(shot), hour.exit_utc))
    breath = plan_oxygen(
        shot,
        column,
        exit_msl_m=exit_msl_m,
        pressure_altitude_m=exit_point.pressure_altitude_m,
        checked=checked,
    )
    opened = openings(fall)
    jump = throw_and_drift(flown.passive, flown.still, run, shot, column)
    error = wind_error(columns, hour.exit_utc, shot, run.height_agl_m)
    spread = landing_spread(flown.spot, fall, jump, error, shot)
    landing = landing_point(fall)
    light, light_findings = landing_light(shot, hour, fall, checked)
    air_asked, air_notes = air_findings(shot, column, columns, error, run.height_agl_m)
    chart = focus_rows(shot)
    neck = operator_neck(fall)
    status, stops, asks = settle(
        (
            *hour.findings,
            *_beat_findings(beats, shot, hour),
            *_take_findings(shot, flown),
            *level_findings(shot, fall),
            *landing_findings(shot, flown.spot, landing, spread),
            *surface_wind(shot, column, fall),
            *person_findings(shot, fall, hour.exit_utc, exit_msl_m, checked),
            *opening_findings(shot, column, opened, checked),
            *breath.findings,
            *light_findings,
            *airspace(
                exit_pressure_altitude_m=exit_point.pressure_altitude_m,
                authorised=shot.airspace_authorised,
                checked=checked,
            ),
            *contingency_findings(shot, column, fall),
            *air_asked,
            *_duties(exit_msl_m, checked),
        )
    )
    notes = (
        *hour.notes,
        *arrival_notes(seconds),
        *run_notes(run, shot, column, flown.spot),
        *air_notes,
        *exposure_notes(shot, beats, seconds, hour.exit_utc),
        *chart_notes(chart),
        *neck_notes(neck),
        *_assumed(shot),
    )
    lat_deg, lon_deg = lat_lon(shot, landing)
    return JumpPlan(
        status=status,
        stops=stops,
        asks=asks,
        exit=exit_point,
        jump_run=jump,
        separation=passive_separation(flown.passive),
        freefall_s=max((person.pull_s or fall.end_s) - person.exit_s for person in fall.people),
        beats=beats,
        opening=opened,
        landing_enu_m=landing,
        landing_lat_deg=lat_deg,
        landing_lon_deg=lon_deg,
        landing_spread_m=spread,
        light=light,
        focus=focus_limits_of(chart),
        oxygen=breath.plan,
        weights=exit_weights(shot),
        contingency=contingencies(shot, column, fall, breath.plan),
        notes=notes,
        neck=neck,
        heights=height_marks(shot, column, run.height_agl_m, opened),
        moments=day_clock(shot, column, fall, exit_utc=hour.exit_utc, prebreathe_s=breath.plan.prebreathe_s),
    )


def _exit_point(shot: Shot, column: Column, run: Run, spot: Spot, exit_utc: datetime) -> ExitPoint:
    msl_m = run.height_agl_m + shot.place.elevation_m
    lat_deg, lon_deg = lat_lon(shot, spot.exit_enu_m, run.height_agl_m)
    return ExitPoint(
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        position_enu_m=spot.exit_enu_m,
        utc=exit_utc,
        altitude_msl_m=msl_m,
        pressure_altitude_m=float(pressure_altitude_m(column.at(msl_m).pressure_pa)),
    )


def _beat_findings(beats: tuple[BeatSlot, ...], shot: Shot, hour: Hour) -> tuple[Finding, ...]:
    """A shot whose beats cannot all be had is not worth anybody's jump."""
    dark = any(isinstance(one, Stop) and one.item == "light" for one in hour.findings)
    return tuple(
        Stop(item=f"beat {slot.name!r}", why=slot.why)
        for slot in beats
        if not slot.fits and not (dark and "the light it asks for" in slot.why)
    )


def _take_findings(shot: Shot, flown: _Flown) -> tuple[Finding, ...]:
    """What take 0 shows: nobody's error and no gust, and it still must not end badly."""
    take = flown.take
    found: tuple[Finding, ...] = ()
    last_s = float(take.bodies[0].time_s[-1])
    if take.ending == "contact":
        found += (
            Stop(
                item="contact",
                why=f"the take as planned, without any error, ends in contact at {last_s:.1f} s",
            ),
        )
    elif take.ending != "landed":
        found += (Stop(item="flight", why=f"the take as planned does not end on the ground: {take.ending}"),)
    for event in take.events:
        if event.name == "pull" and event.note:
            found += (
                Stop(item=event.body, why=f"in the take as planned {event.note} at {event.time_s:.1f} s"),
            )
    abort = take.event("abort")
    if abort is not None:
        item = (
            f"the take as planned is given up at {abort.time_s:.1f} s: {abort.note}; the odds say how often"
        )
        found += question(shot, "plan.nominal", item)
    return found


def _duties(exit_msl_m: float, checked: tuple[Checked, ...]) -> tuple[Finding, ...]:
    found: tuple[Finding, ...] = ()
    for rule, item in _DUTIES:
        found += duty(rule, item, checked)
    high = find("14cfr.105.17.high")
    if exit_msl_m >= high.number("from_msl_m"):
        found += duty(high.id, "clouds", checked)
    return found


def _assumed(shot: Shot) -> tuple[str, ...]:
    notes = [
        "Rules are those of the United States and its forces; elsewhere the state's own hold, and outrank them."
    ]
    bare = [person.name for person in shot.cast if person.name not in (shot.opening.aad or {})]
    if bare:
        notes.append(f"No AAD given for {', '.join(bare)}: flown with a {DEFAULT_AAD}, and asked.")
    if shot.opening.canopy_m2 is None:
        notes.append("No canopies given: 230 ft² each is assumed.")
    notes.append(
        "Landing spread is an estimate: wind error by height, release 1.5 s, 75 m beside the run, 25 m of canopy "
        "accuracy (1 sigma, assumed); the odds refine it."
    )
    notes.append(
        "Times before the exit assume a climb of 1,500 ft/min, 5 min level, 20 min of loading; ask the aircraft's crew."
    )
    return tuple(notes)
