"""The plan: exit, separation, light, opening, oxygen, weights, and what to do when something goes wrong."""

from __future__ import annotations

import math

from onetake.jump import JumpPlan
from onetake.show import words
from onetake.show.markup import Html, missing, section, table, tag
from onetake.show.material import Material


def planning(m: Material) -> Html:
    """The section with the plan's tables; says why there is none."""
    if m.plan is None:
        return section("plan", "Plan", tag("p", missing("no plan was made for this report")))
    plan, zone = m.plan, m.shot.place.time_zone
    columns = [
        tag("div", _exit(plan, zone), _opening(plan), _weights(plan)),
        tag("div", _light(plan, zone), _separation(plan), _oxygen(plan)),
    ]
    notes = tag("ul", *[tag("li", note) for note in plan.notes], cls="notes") if plan.notes else ""
    return section("plan", "Plan", tag("div", *columns, cls="two"), _contingency(plan), notes)


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


def _light(plan: JumpPlan, zone: str) -> Html:
    light = plan.light
    if light.first_exit_utc is None or light.last_exit_utc is None:
        window: object = missing("no first exit second gives every beat its light, or no light was asked for")
    else:
        span_s = (light.last_exit_utc - light.first_exit_utc).total_seconds()
        window = f"{words.local(light.first_exit_utc, zone)} to {words.local(light.last_exit_utc, zone)} local: {words.minutes(span_s)}"
    rows: list[tuple[object, object]] = [("First exit for every beat's light", window)]
    for name, first, last in light.beats:
        said = (
            f"{words.local(first, zone)} to {words.local(last, zone)}"
            if first and last
            else missing("no such second")
        )
        rows.append((f"for {name}", said))
    elevation = words.number(light.landing_sun_elevation_deg, 1)
    rows.append(
        (
            "At landing",
            f"{light.at_landing}, sun at {elevation}°" if elevation != words.DASH else light.at_landing,
        )
    )
    return _block("Light", table(["", ""], rows, cls="facts"))


def _separation(plan: JumpPlan) -> Html:
    if not plan.separation:
        return _block("Passive separation after exit", tag("p", missing("not computed")))
    rows = [(words.seconds(row.time_s, 0), words.ground(row.distance_m)) for row in plan.separation]
    return _block(
        "Passive separation after the second exit",
        table(["After", "#Apart, if nobody flies"], rows, cls="data"),
    )


def _opening(plan: JumpPlan) -> Html:
    rows = [
        (
            o.name,
            words.height(o.height_agl_m),
            words.seconds(o.time_s, 0),
            words.height(o.open_height_agl_m),
            words.ground(o.separation_m),
        )
        for o in plan.opening
    ]
    head = ["", "#Pull AGL", "#At", "#Open AGL", "#Apart at line stretch"]
    return _block(
        "Opening", table(head, rows, cls="data") if rows else tag("p", missing("no openings were planned"))
    )


def _weights(plan: JumpPlan) -> Html:
    rows = []
    for w in plan.weights:
        room: object = missing("placard not given")
        if w.limit_kg is not None and math.isfinite(w.limit_kg):
            left_kg = w.limit_kg - w.exit_kg
            room = tag(
                "span",
                words.weight(abs(left_kg)),
                " under" if left_kg >= 0 else " OVER",
                cls="" if left_kg >= 0 else "no",
            )
        rows.append((w.name, words.weight(w.exit_kg), words.weight(w.limit_kg), room))
    head = ["", "#Exit weight", "#Reserve placard", "#"]
    return _block(
        "Exit weights", table(head, rows, cls="data") if rows else tag("p", missing("not computed"))
    )


def _oxygen(plan: JumpPlan) -> Html:
    o = plan.oxygen
    first = (
        f"Prebreathe {words.minutes(o.prebreathe_s)}. "
        if o.prebreathe_s > 0
        else "No prebreathe is asked for. "
    )
    trust = tag("p", first, tag("span", f"Confidence: {o.confidence}. {o.source}", cls="faint"))
    return _block("Oxygen", tag("div", trust, tag("ul", *[tag("li", note) for note in o.notes])))


def _contingency(plan: JumpPlan) -> Html:
    if not plan.contingency:
        return _block("When something goes wrong", tag("p", missing("no contingencies were planned")))
    rows = [
        (c.case, c.action, words.height(c.altitude_m) if c.altitude_m > 0 else words.DASH, c.caller)
        for c in plan.contingency
    ]
    head = ["Case", "Action", "#By height", "Called by"]
    return _block("When something goes wrong", table(head, rows, cls="data wide-text"))
