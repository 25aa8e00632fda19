"""The top of the report: the slate, then the answer, then what forbids the jump and who must be asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from onetake.jump import Ask, JumpPlan
from onetake.odds.summary import Odds
from onetake.shot.beat import Beat
from onetake.show import words
from onetake.show.continuity import call_chip
from onetake.show.markup import Html, missing, section, tag
from onetake.show.material import Material
from onetake.show.svg import Scale, line, rect, svg, text

HONEST = (
    "A planning aid beside a qualified jumpmaster, never instead of one. It never says go: the most it can say is that "
    "no stop was found. A modelled probability is not a safety case."
)
_STATUS = {
    "stop": ("Stop", "As planned, this jump must not be flown."),
    "ask": ("Ask", "Questions are open that only a named person can answer, before anyone boards."),
    "no_stop_found": ("No stop found", "Nothing in the plan forbids the jump. Only a person says go."),
}


def slate(m: Material) -> Html:
    """The card that says which shot, which take, which day, which winds."""
    shot, take = m.shot, m.take
    number = "not flown" if take is None else ("nominal" if take.slate.take == 0 else str(take.slate.take))
    seed = (
        take.slate.seed
        if take is not None and take.slate.seed is not None
        else (m.odds.seed if m.odds else None)
    )
    rate = take.slate.picture_rate if take is not None else shot.picture_rate
    fields = [
        ("Scene", shot.scene),
        ("Take", number),
        (
            "Pictures a second",
            f"{float(rate):.3f}".rstrip("0").rstrip(".") + (f" ({rate})" if rate.denominator != 1 else ""),
        ),
        ("Date", _day(m)),
        (
            "First exit",
            words.both_clocks(m.first_exit_utc, shot.place.time_zone)
            if m.first_exit_utc
            else "time not fixed",
        ),
        (
            "Place",
            f"{words.coordinates(shot.place.lat_deg, shot.place.lon_deg)}, {words.height(shot.place.elevation_m)} MSL",
        ),
        ("Winds", weather_said(m)),
        ("Seed", "none: no draw was made" if seed is None else str(seed)),
    ]
    cells = [tag("div", tag("dt", name), tag("dd", said)) for name, said in fields]
    return tag("header", tag("div", tag("h1", shot.title), tag("dl", *cells, cls="slate"), cls="inner"))


def _day(m: Material) -> str:
    if m.first_exit_utc is not None:
        return words.local(m.first_exit_utc, m.shot.place.time_zone, pattern="%a %d %b %Y")
    return f"{m.shot.place.date:%a %d %b %Y}" if m.shot.place.date else "day not fixed"


def weather_said(m: Material) -> str:
    """Which profile, whether seen or forecast, and how old it is at the exit."""
    if m.column is None:
        return (m.take.slate.weather if m.take else "") or "not given"
    column, exit_utc = m.column, m.first_exit_utc
    said = column.label
    if column.base_utc is not None and column.valid_utc is not None:
        lead = (column.valid_utc - column.base_utc).total_seconds() / 3600
        said += f", forecast {lead:.0f} h ahead" if lead > 0 else ", analysis"
    if column.valid_utc is not None and exit_utc is not None:
        said += f", {_age(column.valid_utc, exit_utc)}"
    return said


def _age(valid_utc: datetime, exit_utc: datetime) -> str:
    hours = (exit_utc - valid_utc).total_seconds() / 3600
    if abs(hours) < 0.05:
        return "valid at the exit"
    size = f"{abs(hours):.1f} h" if abs(hours) < 48 else f"{abs(hours) / 24:.1f} days"
    return f"valid {size} {'before' if hours > 0 else 'after'} the exit"


def answer(m: Material) -> Html:
    """What a director asks first and a safety officer asks first, side by side; then stops and asks."""
    cards = [_shot_card(m), _take_card(m), _risk_card(m)]
    parts = [tag("div", *cards, cls="cards"), _go(m.plan), tag("p", HONEST, cls="honest")]
    return section("answer", "The answer", *parts)


def _shot_card(m: Material) -> Html:
    if m.odds is None:
        return tag(
            "div",
            tag("h3", "P(shot)"),
            tag("p", missing("no odds were computed for this report")),
            cls="card",
        )
    o = m.odds
    big = words.percent(o.p_shot.p) if o.takes else words.DASH
    low, high = words.interval(o.p_shot)
    said = [
        tag("p", big, cls="big"),
        _interval(o),
        tag(
            "p",
            f"{low} to {high} in 95 % of such counts; {o.takes:,} takes.",
            cls="strong",
        ),
        tag("p", _window(m.mark), cls="small"),
        tag("p", "Every beat held and nobody touched, in one take.", cls="small"),
    ]
    return tag("div", tag("h3", "P(shot)"), *said, cls="card main")


def _interval(o: Odds) -> Html:
    """The estimate and its interval on a line from none to all."""
    x = Scale(0.0, 1.0, 6, 294)
    low, high = x(o.p_shot.low), x(o.p_shot.high)
    parts = [line(6, 12, 294, 12, "scale-line"), rect(low, 6, high - low, 12, "interval-band")]
    parts += [line(x(v), 8, x(v), 16, "axis") for v in (0.0, 0.5, 1.0)]
    parts += [line(x(o.p_shot.p), 3, x(o.p_shot.p), 21, "estimate-line")]
    parts += [
        text(x(v), 32, f"{v * 100:.0f} %", "tick", anchor)
        for v, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end"))
    ]
    label = f"P(shot) {words.percent(o.p_shot.p)}, 95 % interval {words.percent(o.p_shot.low)} to {words.percent(o.p_shot.high)}"
    return svg(300, 36, *parts, label=label, cls="interval-line")


def _window(beat: Beat | None) -> str:
    if beat is None:
        return ""
    if beat.window_s is not None:
        when = f"between {words.seconds(beat.window_s[0])} and {words.seconds(beat.window_s[1])} after the first exit"
    else:
        when = f"within {words.seconds(beat.within_s, 0)} of the end of “{beat.after}”"
    return f"Window: “{beat.name}” must hold {words.seconds(beat.hold_s)} {when}."


def _take_card(m: Material) -> Html:
    if m.verdict is None:
        return tag("div", tag("h3", "This take"), tag("p", missing("this take was not judged")), cls="card")
    v = m.verdict
    got = sum(beat.verdict == "got it" for beat in v.beats)
    said = [
        tag("p", call_chip(v.verdict), cls="big-call"),
        tag("p", f"{got} of {len(v.beats)} beats got.", cls="strong"),
        tag("p", f"Closest {words.film(v.closest_m)}; in focus {words.seconds(v.in_focus_s)}.", cls="small"),
        tag("p", f"Given up: {v.aborted}." if v.aborted else f"Ending: {v.ending}.", cls="small"),
    ]
    name = "This take" if m.take is None or m.take.slate.take else "The nominal take"
    return tag("div", tag("h3", name), *said, cls="card")


def _risk_card(m: Material) -> Html:
    if m.odds is None:
        return tag(
            "div",
            tag("h3", "Contact"),
            tag("p", missing("no odds were computed for this report")),
            cls="card",
        )
    o = m.odds
    rows = [
        ("Contact between bodies", words.chance(o.p_contact, o.takes)),
        ("Hand touches", words.chance(o.p_hand_touch, o.takes)),
        ("Given up by the abort rules", words.chance(o.p_abort, o.takes)),
        ("A landing outside", words.chance(o.p_landing_outside, o.takes)),
    ]
    if o.contact_speed_m_s is not None:
        rows.insert(1, ("Closing when it happens, median", words.closing(o.contact_speed_m_s)))
    body = [tag("div", tag("dt", name), tag("dd", said)) for name, said in rows]
    return tag("div", tag("h3", "What can go wrong"), tag("dl", *body, cls="risks"), cls="card")


def _go(plan: JumpPlan | None) -> Html:
    """Stop, ask, or no stop found: loud, with the list."""
    if plan is None:
        return tag(
            "div",
            tag("h3", "Plan"),
            tag(
                "p",
                missing("no plan was made for this report: nothing here says whether the jump may be flown"),
            ),
            cls="go ask",
        )
    name, says = _STATUS[plan.status]
    parts: list[Html] = [tag("h3", tag("span", name, cls="status"), " ", tag("span", says, cls="says"))]
    if plan.stops:
        rows = [tag("li", tag("b", stop.item), " ", stop.why) for stop in plan.stops]
        parts.append(tag("ul", *rows, cls="stops"))
    parts.append(_asks(plan.asks))
    return tag("div", *parts, cls=f"go {plan.status.replace('_', '-')}", role="note")


def _asks(asks: Sequence[Ask]) -> Html:
    """Open questions by who must answer them."""
    if not asks:
        return Html()
    owners = dict.fromkeys(ask.owner for ask in asks)
    groups = []
    for owner in owners:
        mine = [ask for ask in asks if ask.owner == owner]
        rows = [tag("li", ask.item, tag("code", ask.rule) if ask.rule else "") for ask in mine]
        groups.append(
            tag(
                "div",
                tag("h4", f"{owner} ", tag("span", str(len(mine)), cls="count")),
                tag("ul", *rows),
                cls="owner",
            )
        )
    return tag(
        "div",
        tag("p", f"{len(asks)} to ask", cls="asks-title"),
        tag("div", *groups, cls="owners"),
        cls="asks",
    )
