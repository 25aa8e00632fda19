"""Chances: the odds with their intervals, why takes were lost, and how far the numbers spread."""

from __future__ import annotations

import math

from onetake.odds.summary import Estimate, Odds, RareOdds
from onetake.show import words
from onetake.show.markup import Html, figure, missing, section, table, tag
from onetake.show.material import Material
from onetake.show.svg import Scale, circle, line, rect, svg, text
from onetake.units import FT_M

_WIDTH, _LEFT, _RIGHT, _ROW = 570.0, 168.0, 392.0, 28.0


def chances(m: Material) -> Html:
    """The section with beats, causes, aborts, contact and spreads; says why there is none."""
    if m.odds is None:
        return section("odds", "Odds", tag("p", missing("no odds were computed for this report")))
    o = m.odds
    if o.takes <= 0:
        return section("odds", "Odds", tag("p", missing("no takes were flown, so there are no odds")))
    lead = (
        f"{o.takes:,} takes flown and judged, seed {o.seed}. Each bar is a share with its 95 % interval; the interval "
        "counts takes, it does not know how far the model is from the sky."
    )
    upper = tag("div", _holds(o), _causes(o), cls="pair-of-charts")
    lower = tag("div", _safety(o, m.shot.opening.landing_within_m), _spreads(o), cls="pair-of-charts")
    return section("odds", "Odds, and what spoils the take", upper, lower, lead=lead)


def landing_asked(within_m: float) -> str:
    """How the share of landings beyond the asked distance is named."""
    return f"Landings beyond {words.number(within_m / FT_M)} ft of the drop zone"


def _holds(o: Odds) -> Html:
    rows = [("the shot", o.p_shot), *((b.name, b.odds) for b in o.beats)]
    return figure(
        _estimates(rows, o.takes, "How often it holds"),
        "The shot needs every beat in one take: beats are counted together, not multiplied. Each within its window: "
        + "; ".join([f"the shot {o.window}", *(f"{b.name} {b.when}" for b in o.beats)])
        + ".",
    )


def _estimates(rows: list[tuple[str, Estimate]], takes: int, title: str) -> Html:
    x = Scale(0.0, 1.0, _LEFT, _RIGHT)
    height = 30 + len(rows) * _ROW + 22
    parts: list[Html] = [text(0, 14, title, "title")]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts += [
            line(x(share), 26, x(share), height - 22, "grid"),
            text(x(share), height - 8, f"{share * 100:.0f} %", "tick", "middle"),
        ]
    for k, (name, e) in enumerate(rows):
        y = 30 + k * _ROW + _ROW / 2
        parts.append(
            text(_LEFT - 10, y + 4, _short(name, 26), "row-name strong" if k == 0 else "row-name", "end")
        )
        parts += (
            []
            if not math.isfinite(e.p + e.low + e.high)
            else [
                rect(x(e.low), y - 6, x(e.high) - x(e.low), 12, "interval-band"),
                line(x(e.p), y - 9, x(e.p), y + 9, "estimate-line"),
            ]
        )
        parts.append(text(_RIGHT + 14, y + 4, words.chance(e, takes), "tick strong" if k == 0 else "tick"))
    return svg(_WIDTH, height, *parts, label=title)


def _short(name: str, longest: int) -> str:
    return name if len(name) <= longest else name[: longest - 1] + "…"


def _causes(o: Odds) -> Html:
    causes = [c for c in o.causes if math.isfinite(c.share + c.only_share)]
    if not causes:
        return figure(Html(), missing("no take was missed, so there are no causes"))
    top = max(c.share for c in causes) or 1.0
    x = Scale(0.0, top, _LEFT, _RIGHT)
    height = 30 + len(causes) * _ROW + 6
    parts: list[Html] = [text(0, 14, "Why takes were missed", "title")]
    for k, cause in enumerate(causes):
        y = 30 + k * _ROW
        parts.append(text(_LEFT - 10, y + 18, _short(words.criterion(cause.cause), 26), "row-name", "end"))
        parts.append(rect(_LEFT, y + 5, x(cause.share) - _LEFT, _ROW - 10, "cause"))
        if cause.only_share > 0:
            parts.append(rect(_LEFT, y + 5, x(min(cause.only_share, top)) - _LEFT, _ROW - 10, "cause only"))
        said = f"{words.percent(cause.share)}, alone {words.percent(cause.only_share)}"
        parts.append(text(_RIGHT + 14, y + 18, said, "tick"))
    caption = "Share of missed takes by what failed first; the dark part failed in nothing else. Weather and skill are not causes: they are behind all of these."
    return figure(svg(_WIDTH, height, *parts, label="Why takes were missed, by share"), caption)


def _safety(o: Odds, within_m: float | None) -> Html:
    """Aborts, contact, touches, landings and takes that could not be computed, each with its own interval."""
    rows: list[tuple[object, object]] = [("Given up by the abort rules", words.chance(o.p_abort, o.takes))]
    rows += [(tag("span", name, cls="sub"), words.percent(share)) for name, share in o.aborts]
    rows.append(("Contact between bodies", words.chance(o.p_contact, o.takes)))
    rows += [(tag("span", phase, cls="sub"), f"{count:,} of {o.takes:,}") for phase, count in o.contacts]
    if o.contact_speed_m_s is not None:
        rows.append((tag("span", "fastest of these", cls="sub"), words.closing(o.contact_speed_m_s)))
    if o.rare is not None:
        rows.append((f"{o.rare.event.capitalize()}, climbed to", _rare(o.rare)))
    rows.append(("Hand touches", words.chance(o.p_hand_touch, o.takes)))
    if within_m is not None:
        rows.append((landing_asked(within_m), words.chance(o.p_landing_outside, None)))
    rows.append(("Farther landing, half of takes within", words.ground(o.landing_p50_m)))
    rows.append(("Farther landing, 95 % within", words.ground(o.landing_p95_m)))
    rows.append(("Could not be computed", words.chance(o.p_diverged, o.takes)))
    return tag("div", table(["Counted apart from misses", "#Share of takes (95 %)"], rows, cls="data"))


def _rare(rare: RareOdds) -> str:
    """A rare probability as one in so many, with its interval; a bound where it was never met."""
    if not (rare.odds.high > 0 and math.isfinite(rare.odds.p + rare.odds.low + rare.odds.high)):
        return words.DASH
    if not rare.reached:
        return f"less than 1 in {words.number(1 / rare.odds.high)}"
    one_in = [words.number(1 / p) for p in (rare.odds.p, rare.odds.high, rare.odds.low)]
    return f"1 in {one_in[0]} ({one_in[1]} to {one_in[2]})"


def _spreads(o: Odds) -> Html:
    if not o.spreads:
        return tag("div", tag("p", missing("no spreads were kept")))
    rows = [
        [
            row.name,
            *(words.in_unit(v, row.unit) for v in (row.p05, row.p50, row.p95)),
            _box(row.p05, row.p50, row.p95),
        ]
        for row in o.spreads
    ]
    return tag("div", table(["Over the takes", "#5 %", "#median", "#95 %", ""], rows, cls="data"))


def _box(low: float, middle: float, high: float) -> Html:
    """Where the median stands between its quantiles: is the spread lopsided."""
    if not all(math.isfinite(v) for v in (low, middle, high)) or high <= low:
        return Html()
    x = Scale(low, high, 4, 66)
    parts = [line(4, 7, 66, 7, "interval"), circle(x(middle), 7, 3.5, "estimate")]
    return svg(70, 14, *parts, label="median between its quantiles", cls="box")
