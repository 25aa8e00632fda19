"""Card: the jump card, one page of plain text, 80 columns, to be printed and carried.

Feet, knots, degrees and local time, as they are spoken on the day; the ground is the drop zone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import zip_longest
from textwrap import wrap
from zoneinfo import ZoneInfo

from onetake.jump import Ask, Contingency, JumpPlan, Moment
from onetake.plan.chart import focus_marks
from onetake.shot.file import Shot
from onetake.units import FT_M, KT_M_S, LB_KG, feet_inches

WIDTH = 80
LEFT = 36
SAYING = "A planning aid beside a qualified jumpmaster, never instead of one."
GO = "Only a person says go."
_STATUS = {
    "stop": "STOP",
    "ask": "ASK",
    "no_stop_found": "NO STOP FOUND",
}
_BLANKS = ("aircraft", "ground", "facility", "rescue")
_IF_LINES = 2
_SIGN = ("jumpmaster", "pilot", "physiology")


def jump_card(plan: JumpPlan, shot: Shot) -> str:
    """The card, ending in a newline; no line is longer than 80 characters."""
    lines = [
        *_head(plan, shot),
        *_rule("DAY AND RUN"),
        *_columns(_times(plan.moments, shot), _run(plan, shot)),
        *_rule("HEIGHTS, ft above the drop zone: true / altimeter set to zero there"),
        *_heights(plan),
        *_rule("BEATS AND FOCUS"),
        *_columns(_beats(plan), _focus(plan, shot)),
        *_rule("PEOPLE AND OXYGEN"),
        *_people(plan),
        *_rule("IF"),
        *(line for row in plan.contingency for line in _if(row)),
        *_rule("FREQUENCIES"),
        "  ".join(f"{name} {'_' * 10}" for name in _BLANKS),
        "SIGNED  " + "  ".join(f"{name} {'_' * 11}" for name in _SIGN),
    ]
    return "\n".join(line[:WIDTH].rstrip() for line in lines) + "\n"


def _head(plan: JumpPlan, shot: Shot) -> list[str]:
    day = f"{plan.exit.utc.astimezone(ZoneInfo(shot.place.time_zone)):%Y-%m-%d}"
    title = f"JUMP CARD  {shot.title}, scene {shot.scene}"[: WIDTH - len(day) - 2]
    counted = f"{len(plan.stops)} stops, {len(plan.asks)} asks"
    lines = [f"{title:<{WIDTH - len(day)}}{day}", SAYING]
    lines += [f"{_STATUS[plan.status]} ({counted}). {GO} ".ljust(WIDTH, "=")]
    for stop in plan.stops:
        lines += _item(f"STOP {stop.item}", stop.why)
    for owner, rules in _by_owner(plan.asks).items():
        lines += _item(f"ASK {owner}", ", ".join(rules))
    return lines


def _by_owner(asks: Iterable[Ask]) -> dict[str, list[str]]:
    """The rules each owner has to answer; what they say in full is in the plan."""
    owners: dict[str, list[str]] = {}
    for ask in asks:
        rules = owners.setdefault(ask.owner, [])
        if ask.rule not in rules:
            rules.append(ask.rule)
    return owners


def _item(head: str, text: str, width: int = WIDTH) -> list[str]:
    return wrap(f"{head}: {text}", width, subsequent_indent="  ", break_long_words=True)


def _rule(title: str) -> list[str]:
    return [f"-- {title} ".ljust(WIDTH, "-")]


def _columns(left: list[str], right: list[str]) -> list[str]:
    return [f"{a:<{LEFT}}  {b}".rstrip() for a, b in zip_longest(left, right, fillvalue="")]


def _times(moments: tuple[Moment, ...], shot: Shot) -> list[str]:
    """To the minute; from the exit to the last canopy open by the second of the fall."""
    zone = ZoneInfo(shot.place.time_zone)
    rows = [f"{'':<22}{'local':>5}   {'UTC':>5}"]
    for moment in moments:
        what = (moment.what + ("*" if moment.assumed else ""))[:21]
        local = moment.utc.astimezone(zone)
        if moment.time_s > -1.0 and "landing" not in what:
            rows.append(f"{what:<22}{local:%H:%M:%S}{moment.time_s:4.0f}s")
        else:
            rows.append(f"{what:<22}{local:%H:%M}   {moment.utc:%H:%M}")
    return [*rows, "* assumed; ask the crew"]


def _run(plan: JumpPlan, shot: Shot) -> list[str]:
    zone = ZoneInfo(shot.place.time_zone)
    run, out, light = plan.jump_run, plan.exit, plan.light
    east_m, north_m = out.position_enu_m
    bearing = math.degrees(math.atan2(east_m, north_m)) % 360
    away_m = math.hypot(east_m, north_m)
    heading, track = (math.degrees(angle) % 360 for angle in (run.heading_rad, run.track_rad))
    p50_m, p95_m = plan.landing_spread_m
    rows = [
        f"run {heading:03.0f}°, track {track:03.0f}° true",
        f"{run.true_airspeed_m_s / KT_M_S:.0f} kt true, {run.ground_speed_m_s / KT_M_S:.0f} kt over ground",
        f"exit {abs(out.lat_deg):.5f} {'N' if out.lat_deg >= 0 else 'S'} {abs(out.lon_deg):.5f} {'E' if out.lon_deg >= 0 else 'W'}",
        f"  {away_m:.0f} m ({away_m / 1852:.2f} nm) from DZ, {bearing:03.0f}°",
        f"  {out.altitude_msl_m / FT_M:,.0f} ft MSL, FL{out.pressure_altitude_m / FT_M / 100:.0f}",
        f"throw {run.forward_throw_m:.0f} m (doctrine {run.doctrine_throw_m:.0f})",
        f"drift {run.drift_m:.0f} m (doctrine {run.doctrine_drift_m:.0f})",
        f"freefall {plan.freefall_s:.0f} s",
        f"landing {p50_m:.0f} m half, {p95_m:.0f} m 19 in 20",
        f"light at landing: {light.at_landing}",
    ]
    if light.first_exit_utc is not None and light.last_exit_utc is not None:
        first, last = (utc.astimezone(zone) for utc in (light.first_exit_utc, light.last_exit_utc))
        rows.append(f"exit light {first:%H:%M:%S} to {last:%H:%M:%S} local")
    stretch = ", ".join(f"{row.name} {row.separation_m:.0f}" for row in plan.opening)
    rows += wrap(f"apart at line stretch, m: {stretch}", WIDTH - LEFT - 2)
    apart = ", ".join(f"{row.time_s:.0f}s {row.distance_m:.0f}" for row in plan.separation)
    rows += wrap(f"apart, doing nothing, m: {apart}", WIDTH - LEFT - 2)
    return rows


def _heights(plan: JumpPlan) -> list[str]:
    marks = [
        f"{mark.height_agl_m / FT_M:6,.0f} /{mark.reads_m / FT_M:6,.0f}  {mark.who}: {mark.what}"
        for mark in plan.heights
    ]
    wide = max(map(len, marks)) < WIDTH // 2  # else one to a line: no height loses its words
    half = (len(marks) + 1) // 2 if wide else len(marks)
    pairs = zip_longest(marks[:half], marks[half:], fillvalue="")
    lines = [f"{left:<{WIDTH // 2}}{right}".rstrip() for left, right in pairs]
    # an audible tells height by pressure: set to the true height it would speak late in cold air
    tones = {
        max(mark.height_agl_m, mark.reads_m) / FT_M
        for mark in plan.heights
        if mark.what in ("break-off", "pull")
    }
    said = ", ".join(f"{math.ceil(tone / 10 - 0.01) * 10:,}" for tone in sorted(tones, reverse=True))
    return [*lines, f"audibles at {said} ft, the safer of both; AAD on"]


def _beats(plan: JumpPlan) -> list[str]:
    rows = []
    for beat in plan.beats:
        said = f"{beat.from_s:.0f}-{beat.to_s:.0f} s" if beat.fits else "DOES NOT FIT"
        rows.append(f"{beat.name[: LEFT - 15]:<{LEFT - 15}} {said:>13}")
    return rows


def _focus(plan: JumpPlan, shot: Shot) -> list[str]:
    rows = [f"mark {feet_inches(mark.distance_m)} {mark.cue}" for mark in focus_marks(shot)]
    hand = [
        row
        for row in plan.focus
        if (row.lens, row.f_number, row.distance_m)
        == (plan.focus[0].lens, plan.focus[0].f_number, plan.focus[0].distance_m)
    ]
    for row in hand:
        far = feet_inches(row.far_m) if math.isfinite(row.far_m) else "infinity"
        rows.append(f"{row.lens} {row.criterion}: {feet_inches(row.near_m)} to {far}")
    return [line for row in rows for line in wrap(row, WIDTH - LEFT - 2, subsequent_indent="  ")]


def _people(plan: JumpPlan) -> list[str]:
    rows = []
    for weight in plan.weights:
        limit = (
            "placard not given" if weight.limit_kg is None else f"placard {weight.limit_kg / LB_KG:.0f} lb"
        )
        rows.append(f"{weight.name}: {weight.exit_kg / LB_KG:.0f} lb out, {limit}")
    lines = ["; ".join(rows)] if len("; ".join(rows)) <= WIDTH else rows
    oxygen = plan.oxygen
    low_s, high_s = oxygen.useful_consciousness_s or (0.0, 0.0)
    said = f"{low_s:.0f} s or more" if math.isinf(high_s) else f"{low_s:.0f}-{high_s:.0f} s"
    lines.append(
        f"prebreathe {oxygen.prebreathe_s / 60:.0f} min ({oxygen.confidence}); useful consciousness {said} at exit"
    )
    if plan.neck is not None:
        lines.append(
            f"neck of {plan.neck.name}: {plan.neck.load_n:.0f} N at {plan.neck.peak_g:.1f} g opening"
        )
    return [line[:WIDTH] for line in lines]


def _if(row: Contingency) -> list[str]:
    """Case, height and who calls it, and as many clauses of the action as two lines hold; the plan has all."""
    text = f"{row.case}, {row.altitude_m / FT_M:,.0f} ft, {row.caller}: "
    first, *clauses = row.action.split("; ")
    text += first
    for clause in clauses:
        longer = f"{text}; {clause}"
        if len(wrap(longer, WIDTH, subsequent_indent="   ")) > _IF_LINES:
            break
        text = longer
    return wrap(text, WIDTH, subsequent_indent="   ")
