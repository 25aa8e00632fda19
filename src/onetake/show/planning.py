"""The plan: the day's clock, exit, heights, light, opening, oxygen, weights, and what to do when something goes wrong."""

from __future__ import annotations

import math
from datetime import UTC

from onetake.jump import JumpPlan
from onetake.show import words
from onetake.show.markup import Html, join, missing, section, table, tag
from onetake.show.material import Material
from onetake.units import LB_KG


def planning(m: Material) -> Html:
    """The section with the plan's tables; says why there is none."""
    if m.plan is None:
        return section("plan", "Plan", tag("p", missing("no plan was made for this report")))
    plan, zone = m.plan, m.shot.place.time_zone
    left = [_exit(plan, zone), _heights(plan), _opening(plan), _weights(plan), _neck(plan)]
    right = [_clock(plan, zone), _light(plan, zone), _separation(plan)]
    notes = tag("ul", *[tag("li", note) for note in plan.notes], cls="notes columns") if plan.notes else ""
    columns = tag("div", tag("div", *left), tag("div", *right), cls="two")
    return section("plan", "Plan", columns, _oxygen(plan), _contingency(plan), notes)


def _block(title: str, body: object) -> Html:
    return tag("div", tag("h3", title), body, cls="block")


def _exit(plan: JumpPlan, zone: str) -> Html:
    spot, run = plan.exit, plan.jump_run
    rows = [
        ("Time", words.both_clocks(spot.utc, zone)),
        ("Place", words.coordinates(spot.lat_deg, spot.lon_deg)),
        ("Altitude", f"{words.height(spot.altitude_msl_m)} MSL"),
        ("Pressure altitude", words.height(spot.pressure_altitude_m)),
        ("Jump run", f"track {words.compass(run.track_rad)}, nose {words.compass(run.heading_rad)} true"),
        ("True airspeed", words.speed(run.true_airspeed_m_s)),
        ("Freefall", words.seconds(plan.freefall_s, 0)),
        ("Landing", words.coordinates(plan.landing_lat_deg, plan.landing_lon_deg)),
    ]
    return _block("Exit", table(["", ""], rows, cls="facts"))


def _clock(plan: JumpPlan, zone: str) -> Html:
    """The day by the clock; what rests on an assumed rate says so."""
    if not plan.moments:
        return Html()
    rows = [
        (
            join([one.what, tag("span", " assumed", cls="kind assumed") if one.assumed else ""]),
            words.local(one.utc, zone), f"{one.utc.astimezone(UTC):%H:%M:%S}",
            words.minutes(one.time_s) if abs(one.time_s) >= 120 else words.seconds(one.time_s),
        )
        for one in plan.moments
    ]  # fmt: skip
    return _block("The day’s clock", table(["", "#Local", "#UTC", "#From the exit"], rows, cls="data"))


def _heights(plan: JumpPlan) -> Html:
    """Heights to act at, and what an altimeter shows there: they differ in air that is not standard."""
    if not plan.heights:
        return Html()
    rows = [
        (
            f"{mark.who}: {mark.what}",
            words.height(mark.height_agl_m),
            words.height(mark.reads_m, metres=False),
        )
        for mark in plan.heights
    ]
    head = ["Above the drop zone", "#True height", "#Altimeter reads"]
    return _block("Heights to act at", table(head, rows, cls="data"))


def _light(plan: JumpPlan, zone: str) -> Html:
    light = plan.light
    if light.first_exit_utc is None or light.last_exit_utc is None:
        window: object = missing("no exit second gives every beat its light, or no beat asks for light")
    else:
        span_s = (light.last_exit_utc - light.first_exit_utc).total_seconds()
        first, last = (words.local(moment, zone) for moment in (light.first_exit_utc, light.last_exit_utc))
        window = f"{first} to {last} local: {words.minutes(span_s)}"
    rows: list[tuple[object, object]] = [("First exit for every beat’s light", window)]
    for name, begins, ends in light.beats:
        said = (
            f"{words.local(begins, zone)} to {words.local(ends, zone)}"
            if begins and ends
            else missing("no such second")
        )
        rows.append((f"for {name}", said))
    elevation = words.number(light.landing_sun_elevation_deg, 1)
    rows.append(
        ("At landing", light.at_landing + ("" if elevation == words.DASH else f", sun at {elevation}°"))
    )
    return _block("Light", table(["", ""], rows, cls="facts"))


def _separation(plan: JumpPlan) -> Html:
    if not plan.separation:
        return _block("Passive separation after exit", tag("p", missing("not computed")))
    rows = [(words.seconds(row.time_s, 0), words.ground(row.distance_m)) for row in plan.separation]
    title = "Passive separation after the second exit"
    return _block(title, table(["After", "#Apart, if nobody flies"], rows, cls="data"))


def _opening(plan: JumpPlan) -> Html:
    rows = [
        (
            o.name, words.height(o.height_agl_m), words.seconds(o.time_s, 0), words.height(o.open_height_agl_m),
            words.ground(o.separation_m),
        )
        for o in plan.opening
    ]  # fmt: skip
    head = ["", "#Pull AGL", "#At", "#Open AGL", "#Apart at line stretch"]
    return _block(
        "Opening",
        table(head, rows, cls="data") if rows else tag("p", missing("no openings were planned")),
    )


def _weights(plan: JumpPlan) -> Html:
    rows = []
    for w in plan.weights:
        room: object = missing("placard not given")
        if w.limit_kg is not None and math.isfinite(w.limit_kg):
            left_kg = w.limit_kg - w.exit_kg
            cls = None if left_kg >= 0 else "no"
            room = tag("span", words.weight(abs(left_kg)), " under" if left_kg >= 0 else " OVER", cls=cls)
        rows.append((w.name, words.weight(w.exit_kg), words.weight(w.limit_kg), room))
    head = ["", "#Exit weight", "#Reserve placard", "#"]
    return _block(
        "Exit weights", table(head, rows, cls="data") if rows else tag("p", missing("not computed"))
    )


def _neck(plan: JumpPlan) -> Html:
    """The load of a helmet camera at opening: a number nobody has published a limit for."""
    if plan.neck is None:
        return Html()
    n = plan.neck
    said = (
        f"{n.name}: {words.number(n.load_n)} N ({words.number(n.load_n / 9.80665 / LB_KG)} lb) at {words.number(n.peak_g, 1)} g, "
        f"with {words.weight(n.head_kg)} of head and helmet and {words.weight(n.camera_kg)} of camera. No limit is published."
    )
    return _block("Neck at opening", tag("p", said))


def _oxygen(plan: JumpPlan) -> Html:
    o = plan.oxygen
    first = (
        f"Prebreathe {words.minutes(o.prebreathe_s)}. "
        if o.prebreathe_s > 0
        else "No prebreathe is asked for. "
    )
    trust = tag("p", first, tag("span", f"Confidence: {o.confidence}. {o.source}", cls="faint"))
    notes = tag("ul", *[tag("li", note) for note in o.notes], cls="notes columns")
    return _block("Oxygen and cold", tag("div", trust, notes))


def _contingency(plan: JumpPlan) -> Html:
    if not plan.contingency:
        return _block("When something goes wrong", tag("p", missing("no contingencies were planned")))
    rows = [
        (
            c.case,
            c.action,
            words.height(c.altitude_m) if c.altitude_m > 0 else words.DASH,
            c.caller,
            c.confidence,
        )
        for c in plan.contingency
    ]
    head = ["Case", "Action", "#At, above the drop zone", "Called by", "Rests on"]
    return _block("When something goes wrong", table(head, rows, cls="data cases"))
