"""Hour: the exit's time of day, its light, the light at landing, and the day's clock around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from onetake.clock import now
from onetake.fly.scenario import height_agl_m, shot_lens
from onetake.jump import Light, Moment, Stop
from onetake.plan.fall import Fall
from onetake.plan.findings import question
from onetake.plan.timeline import altitude_ok, seconds_of, slots
from onetake.plan.window import (
    Demand,
    Stretch,
    always_demands,
    asks_light,
    best_exit,
    day_of,
    day_span,
    demands,
    noon_utc,
    reach_of_light,
    stretches,
)
from onetake.rules.checks import light as light_rule
from onetake.rules.table import Checked, Finding, find
from onetake.shot.file import Shot
from onetake.units import FT_M
from onetake.weather.column import Column
from onetake.weather.light import light_label, sun_day
from onetake.weather.sun import sun_position

# assumed, for the day's clock only; nothing of it is in the shot file
CLIMB_M_S = 1500 * FT_M / 60  # 1,500 ft/min
RUN_IN_S = 300.0  # level at exit height before the exit
SWAP_MARGIN_S = 300.0  # prebreathe is over this long before the exit, at the least
LOADING_S = 1200.0  # load to take-off
DOOR_S = 120.0  # door to exit


BeatLight = tuple[str, datetime | None, datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """The exit time, the stretch of light it lies in (None without any), and what was found and must be said."""

    exit_utc: datetime
    chosen: bool
    stretch: Stretch | None
    beats: tuple[BeatLight, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


def plan_hour(shot: Shot, column: Column, fall: Fall) -> Hour:
    """When to leave, by the planned flight.

    An exit time that is given is checked against the light of every beat and of every rule that always holds. Without
    one, the best second of the stretch of the local day in which all have their light; of several the last, which is
    the evening's. Without beats that ask for light, when the sun is highest. Without a date, today, and asked.
    """
    seconds = seconds_of(fall, shot, column)
    free = slots(seconds, shot, column)
    wanted = demands(shot, free, seconds, lambda beat: altitude_ok(beat, seconds, shot, column))
    wanted += always_demands(shot, fall)
    findings: tuple[Finding, ...] = ()
    given = shot.place.exit_utc
    moment = now().replace(microsecond=0)
    day = day_of(shot, given, day_of(shot, moment, moment.date()))
    if given is None and shot.place.date is None:
        findings += question(
            shot, "plan.date", f"no date in the shot: {day} is assumed; give date or exit_time"
        )
    start, end = day_span(shot, day)
    lens = shot_lens(shot)
    notes: list[str] = []
    found = stretches(wanted, shot, lens, start, end) if wanted else ()
    chosen = _choose(found, given)
    if given is not None:
        exit_utc = given
        if wanted and (chosen is None or not chosen.first_utc <= given <= chosen.last_utc):
            findings += _dark(shot, wanted, chosen, given)
    elif chosen is not None:
        exit_utc = best_exit(wanted, shot, lens, chosen)
        notes.append(
            "No exit time given: of the stretch in which every beat has its light, the second is taken at which it lies best "
            "over all the time the beats may take."
        )
    else:
        exit_utc = moment if shot.place.date is None and not wanted else noon_utc(shot, day)
        if wanted:
            findings += _dark(shot, wanted, None, exit_utc)
        else:
            item = f"no exit time in the shot, and no beat asks for light: {both_clocks(exit_utc, shot)} is assumed"
            findings += question(shot, "plan.exit_time", item)
    notes += _stretch_notes(found, chosen, shot, wanted)
    if len(wanted) == 1 and chosen is not None:
        beats: tuple[BeatLight, ...] = ((wanted[0].beat.name, chosen.first_utc, chosen.last_utc),)
    else:
        beats = tuple(_of_beat(one, shot, start, end, chosen) for one in wanted)
    return Hour(
        exit_utc=exit_utc,
        chosen=given is None,
        stretch=chosen,
        beats=beats,
        findings=findings,
        notes=(*notes, *_sun_notes(shot, start + (end - start) / 2, exit_utc)),
    )


def both_clocks(utc: datetime, shot: Shot) -> str:
    """One moment on the drop zone's clock and in UTC: `18:12:27 local (14:12:27 UTC)`."""
    return f"{utc.astimezone(ZoneInfo(shot.place.time_zone)):%H:%M:%S} local ({utc.astimezone(UTC):%H:%M:%S} UTC)"


def _choose(found: tuple[Stretch, ...], given: datetime | None) -> Stretch | None:
    if not found:
        return None
    if given is None:
        return found[-1]
    return min(found, key=lambda one: max(one.first_utc - given, given - one.last_utc))


def _of_beat(one: Demand, shot: Shot, start: datetime, end: datetime, chosen: Stretch | None) -> BeatLight:
    """A beat's own stretch: the one that holds the common stretch, else its last."""
    own = stretches((one,), shot, shot_lens(shot), start, end)
    if not own:
        return one.beat.name, None, None
    best = own[-1]
    if chosen is not None:
        best = min(own, key=lambda stretch: abs(stretch.middle_utc - chosen.middle_utc))
    return one.beat.name, best.first_utc, best.last_utc


def _dark(
    shot: Shot, wanted: tuple[Demand, ...], chosen: Stretch | None, exit_utc: datetime
) -> tuple[Finding, ...]:
    day = day_of(shot, exit_utc, exit_utc.date())
    if chosen is None:
        why = "no second of the day gives every beat its light: "
        why += "; ".join(reach_of_light(one, shot, day) for one in wanted)
    else:
        why = (
            f"leaving at {both_clocks(exit_utc, shot)} is outside the light: the first body may leave from "
            f"{both_clocks(chosen.first_utc, shot)} to {both_clocks(chosen.last_utc, shot)}"
        )
    return (Stop(item="light", why=why),)


def _stretch_notes(
    found: tuple[Stretch, ...], chosen: Stretch | None, shot: Shot, wanted: tuple[Demand, ...]
) -> list[str]:
    if not wanted:
        asked = any(map(asks_light, shot.beats)) or any(map(asks_light, shot.always))
        return (
            ["Light was not searched: the beats that ask for it do not fit."]
            if asked
            else ["No beat asks for light."]
        )
    notes = []
    for other in found:
        if other is not chosen:
            notes.append(
                f"Also light from {both_clocks(other.first_utc, shot)} to {both_clocks(other.last_utc, shot)}; give exit_time to choose it."
            )
    if chosen is not None:
        length_s = (chosen.last_utc - chosen.first_utc).total_seconds()
        notes.append(
            f"Every beat has its light when the first body leaves between {both_clocks(chosen.first_utc, shot)} and "
            f"{both_clocks(chosen.last_utc, shot)}: {length_s:.0f} s. The horizon's refraction is worth 40 s of it from day to day."
        )
    return notes


def _sun_notes(shot: Shot, midday: datetime, exit_utc: datetime) -> tuple[str, ...]:
    """Sunset and dusk on the ground, or that there is none."""
    place = shot.place
    day = day_of(shot, midday, midday.date())
    sun = sun_day(place.lat_deg, place.lon_deg, day, place.time_zone)
    if sun.sunset_utc is not None and sun.sunrise_utc is not None:
        dusk = "" if sun.civil_dusk_utc is None else f", civil dusk {both_clocks(sun.civil_dusk_utc, shot)}"
        return (
            f"On the ground: sunrise {both_clocks(sun.sunrise_utc, shot)}, sunset {both_clocks(sun.sunset_utc, shot)}{dusk}.",
        )
    if sun.sunset_utc is not None or sun.sunrise_utc is not None:
        return (
            "On the ground the sun rises or sets only once on this day: the polar day or night begins or ends.",
        )
    up = light_label(place.lat_deg, place.lon_deg, noon_utc(shot, day)) == "day"
    return (
        f"The sun does not {'set' if up else 'rise'} on this day (polar {'day' if up else 'night'}): no sunset, no dusk.",
    )


def landing_light(
    shot: Shot, hour: Hour, fall: Fall, checked: tuple[Checked, ...]
) -> tuple[Light, tuple[Finding, ...]]:
    """Light at the last landing, and the rule for lights under canopy between sunset and sunrise.

    Sunset of the law is the upper limb on the sea-level horizon, whatever the height. Error: 40 s of refraction.
    """
    place = (shot.place.lat_deg, shot.place.lon_deg)
    last_s = max(person.landing_s or float(person.trace.time_s[-1]) for person in fall.people)
    opened_s = min(person.pull_s or fall.end_s for person in fall.people)
    landing, opening = (hour.exit_utc + timedelta(seconds=at_s) for at_s in (last_s, opened_s))
    label = light_label(*place, landing)
    night = label != "day" or light_label(*place, opening) != "day"
    findings: tuple[Finding, ...] = ()
    for person in shot.cast:
        findings += light_rule(
            between_sunset_and_sunrise=night, light_visible_m=person.light_m, checked=checked
        )
    stretch = hour.stretch
    elevation = float(np.degrees(sun_position(*place, landing).elevation_rad))
    return (
        Light(
            first_exit_utc=None if stretch is None else stretch.first_utc,
            last_exit_utc=None if stretch is None else stretch.last_utc,
            at_landing=label,
            landing_sun_elevation_deg=elevation,
            beats=hour.beats,
        ),
        findings,
    )


def day_clock(
    shot: Shot, column: Column, fall: Fall, *, exit_utc: datetime, prebreathe_s: float
) -> tuple[Moment, ...]:
    """Loading to landing, in order. Climb 1,500 ft/min, run-in, loading and door times are assumed and marked so."""
    swap_s = find("mff.aircraft.swap").number("lead_s")
    call_s = find("14cfr.105.13.radio").number("lead_s")
    breathing_s = None
    climb_s = fall.scenario.leaving.position_enu_m[2] / CLIMB_M_S + RUN_IN_S
    lead_s = climb_s
    if prebreathe_s > 0:
        breathing_s = prebreathe_s + SWAP_MARGIN_S
        start = shot.oxygen.start
        start_agl_m = 0.0 if start is None else max(0.0, height_agl_m(start, shot, column))
        lead_s = max(climb_s, breathing_s + start_agl_m / CLIMB_M_S)
    rows = [("load", -lead_s - LOADING_S, True), ("take-off", -lead_s, True)]
    if breathing_s is not None:
        rows.append(("prebreathe begins", -breathing_s, True))
    rows += [("radio call, latest", -call_s, False), ("door", -DOOR_S, True)]
    if prebreathe_s > 0:
        rows.append(("to own oxygen", -swap_s, False))
    rows += [(f"exit: {person.name}", person.exit_s, False) for person in fall.people]
    if fall.break_off_s is not None:
        rows.append(("break-off", fall.break_off_s, False))
    for person in fall.people:
        for what, at_s in (("pull", person.pull_s), ("open", person.open_s), ("landing", person.landing_s)):
            if at_s is not None:
                rows.append((f"{what}: {person.name}", at_s, False))
    rows.sort(key=lambda row: row[1])
    return tuple(
        Moment(what=what, utc=exit_utc + timedelta(seconds=at_s), time_s=at_s, assumed=assumed)
        for what, at_s, assumed in rows
    )
