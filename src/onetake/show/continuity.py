"""Continuity: what a script supervisor writes of each beat, with the margins it rests on."""

from __future__ import annotations

import math
from collections.abc import Sequence

from onetake.odds.summary import BeatOdds
from onetake.shot.beat import Always, Beat
from onetake.shot.criterion import Criterion
from onetake.show import words
from onetake.show.markup import Html, missing, section, tag
from onetake.show.material import Material
from onetake.show.svg import rect, svg
from onetake.verdict import BeatVerdict, CriterionMargin

_SIGNS = {"got it": "✓", "missed": "✕", "cannot tell": "?"}


def call_chip(call: str) -> Html:
    """A verdict, with a sign so that it does not rest on colour."""
    return tag(
        "span",
        tag("span", _SIGNS.get(call, "?"), aria_hidden="true", cls="sign"),
        call,
        cls=f"call {call.replace(' ', '-')}",
    )


def continuity(m: Material) -> Html:
    """The section with one line for each beat of the shot, judged or not."""
    asked: list[Beat | Always] = [*m.shot.beats, *m.shot.always]
    known = {beat.name for beat in asked}
    rows = [_row(m, beat) for beat in asked]
    extra = [call for call in (m.verdict.beats if m.verdict else ()) if call.name not in known]
    rows += [_entry(call.name, (), call, None, 0) for call in extra]
    lead = "" if m.verdict else missing("this take was not judged; the beats below are what the shot asks")
    return section("beats", "Beats", tag("ol", *rows, cls="beats"), lead=lead)


def _row(m: Material, beat: Beat | Always) -> Html:
    odds = next((row for row in m.odds.beats if row.name == beat.name), None) if m.odds else None
    when = (
        f"hold {words.seconds(beat.hold_s)}" if isinstance(beat, Beat) else f"from {beat.start} to {beat.end}"
    )
    said = [when, *(_asked(criterion) for criterion in beat.must)]
    return _entry(beat.name, said, m.call_of(beat.name), odds, m.odds.takes if m.odds else 0)


def _entry(
    name: str, said: Sequence[str], call: BeatVerdict | None, odds: BeatOdds | None, takes: int
) -> Html:
    head = tag("div", tag("h3", name), call_chip(call.verdict) if call else Html(), cls="beat-head")
    parts = [head, tag("p", " · ".join(said), cls="asked-of")]
    if call is not None:
        parts += [tag("p", call.note, cls="note"), _numbers(call), _margins(call)]
        if call.would_tell:
            parts.append(tag("p", f"To tell: {call.would_tell}", cls="small"))
    if odds is not None:
        parts.append(
            tag(
                "p",
                tag("b", "Over all takes "),
                words.chance(odds.odds, takes),
                f" {odds.when}",
                cls="in-odds",
            )
        )
    return tag("li", *parts, cls="beat")


def _asked(criterion: Criterion) -> str:
    """A criterion as one says it, from the words it was written in."""
    name, written = words.criterion(criterion.label), criterion.text
    bare = written.strip("[]{} ").replace('"', "")
    if criterion.kind == "trend":
        ends = [part.split("=")[-1].strip() for part in bare.split(",", 1)]
        return f"{name} going from {' to '.join(ends)}"
    return f"{name} {bare.replace(', ', ' to ') if written.startswith('[') else bare}"


def _numbers(call: BeatVerdict) -> Html:
    """Margin, hold, time, and how sure."""
    if call.margin is None:
        margin: object = missing("never attempted")
    else:
        margin = words.in_unit(call.margin, call.unit, sign=True)
        if call.sigma > 0:
            margin = f"{margin} ± {words.in_unit(call.sigma, call.unit)}"
    at = words.seconds(call.at_s) if call.at_s is not None else missing("no attempt")
    pairs = [
        ("Margin", margin),
        ("Held", _held(call)),
        ("Worst at" if call.verdict == "got it" else "At", at),
    ]
    if call.cause:
        pairs.append(("Cause", words.criterion(call.cause)))
    if 0.0 < call.p < 1.0:
        pairs.append(("P that it held", words.percent(call.p)))
    return tag("dl", *[tag("div", tag("dt", name), tag("dd", said)) for name, said in pairs], cls="numbers")


def _held(call: BeatVerdict) -> Html:
    """How long of how long; a rule that always holds has no length to hold."""
    if call.hold_s <= 0:
        return tag("span", "throughout" if call.verdict == "got it" else "not throughout")
    return tag("span", f"{words.seconds(call.held_s)} of {words.seconds(call.hold_s)} ", _held_bar(call))


def _held_bar(call: BeatVerdict) -> Html:
    if call.verdict != "got it" and call.held_s >= call.hold_s:
        return Html()  # long enough, and yet not it: a full bar would say the contrary
    share = min(call.held_s / call.hold_s, 1.0) if call.hold_s > 0 and math.isfinite(call.held_s) else 0.0
    parts = [rect(0, 2, 60, 6, "track"), rect(0, 2, 60 * share, 6, f"held {call.verdict.replace(' ', '-')}")]
    return svg(60, 10, *parts, label=f"held {share:.0%} of the hold", cls="held-bar")


def _margins(call: BeatVerdict) -> Html:
    """Every criterion at the best attempt: what had room, what had not, and what the allowance forgave."""
    worst: dict[str, CriterionMargin] = {}
    for row in call.criteria:
        if row.name not in worst or row.margin < worst[row.name].margin:
            worst[row.name] = row
    if not worst:
        return Html()
    rows = [_margin(row, got=call.verdict == "got it") for row in worst.values()]
    return tag("ul", *rows, cls="margins", aria_label="margins of the criteria at the best attempt")


def _margin(row: CriterionMargin, *, got: bool) -> Html:
    sign, cls = ("✓", "kept") if row.margin > 0 else ("~", "forgiven") if got else ("✕", "failed")
    said = f" {words.in_unit(row.margin, row.unit, sign=True)}"
    if cls == "forgiven":
        said += ", inside what is allowed"
    at = f" at {words.seconds(row.at_s)}" if math.isfinite(row.at_s) else ""
    name = tag("b", words.criterion(row.name))
    return tag("li", tag("span", sign, aria_hidden="true", cls="sign"), name, said, tag("small", at), cls=cls)
