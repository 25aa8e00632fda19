"""The answer: what a director asks first and what a safety officer asks first, side by side."""

from __future__ import annotations

import math

from onetake.odds.summary import Odds
from onetake.shot.beat import Beat
from onetake.show import words
from onetake.show.chances import landing_asked
from onetake.show.continuity import call_chip
from onetake.show.go import HONEST, go
from onetake.show.markup import Html, missing, section, tag
from onetake.show.material import Material
from onetake.show.svg import Scale, line, rect, svg, text


def answer(m: Material) -> Html:
    """What a director asks first and a safety officer asks first, side by side; then stops and asks."""
    cards = [_shot_card(m), _take_card(m), _risk_card(m)]
    parts = [tag("div", *cards, cls="cards"), go(m.plan), tag("p", HONEST, cls="honest")]
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
            f"{low} to {high} (95 % interval), {o.takes:,} takes.",
            cls="strong",
        ),
        tag("p", f"Caught {o.window}.", cls="small"),
        tag("p", _window(m.mark), cls="small"),
        tag("p", "Every beat held and nobody touched, in one take.", cls="small"),
    ]
    return tag("div", tag("h3", "P(shot)"), *said, cls="card main")


def _interval(o: Odds) -> Html:
    """The estimate and its interval on a line from none to all."""
    if not math.isfinite(o.p_shot.p + o.p_shot.low + o.p_shot.high):
        return Html()
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
        tag("p", f"{got} of {len(v.beats)} held.", cls="strong"),
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
    ]
    if o.contact_speed_m_s is not None:
        rows.insert(1, ("Fastest of these contacts", words.closing(o.contact_speed_m_s)))
    if m.shot.opening.landing_within_m is not None:
        rows.append((landing_asked(m.shot.opening.landing_within_m), words.chance(o.p_landing_outside, None)))
    body = [tag("div", tag("dt", name), tag("dd", said)) for name, said in rows]
    return tag("div", tag("h3", "What can go wrong"), tag("dl", *body, cls="risks"), cls="card")
