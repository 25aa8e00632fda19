"""Tornado: which assumption moves P(shot) most, and what the takes differ by."""

from __future__ import annotations

import math
from collections.abc import Sequence

from onetake.odds.summary import Effect, Estimate, Sensitivity, Swing
from onetake.show import words
from onetake.show.markup import Html, figure, missing, section, tag
from onetake.show.material import Material
from onetake.show.svg import Scale, line, rect, svg, text, text_width, ticks

_MOST = 14  # rows: what is smaller than the fourteenth is smaller than can be told
_WIDTH, _ROW = 640.0, 25.0
_SAID = 146.0  # px for what a row says in numbers
_TOP, _FOOT = 30.0, 24.0


def tornado(m: Material) -> Html:
    """The section, where the odds came with their sensitivity; nothing otherwise."""
    found = m.odds.sensitivity if m.odds is not None else None
    if found is None or not found.tornado:
        return Html()
    told = [row for row in found.tornado if row.told]
    most = (
        f"P(shot) hangs most on one assumption: {told[0].name}. "
        if told
        else "No assumption moves P(shot) by more than can be told. "
    )
    lead = (
        f"{most}Each assumption was set to either end of its 95 % interval, alone, and the same {found.takes:,} takes "
        "were flown again. What the takes differ by is another question: it is about the sky, not about us."
    )
    charts = tag("div", _swings(found), _effects(found.effects), cls="pair-of-charts")
    return section("moves", "What moves the odds", charts, lead=lead)


def _swings(found: Sensitivity) -> Html:
    known = [row for row in found.tornado if math.isfinite(sum(_reach(row, found.p_shot.p)))]
    if not known:
        return figure(Html(), missing("no assumption has a swing that can be drawn"))
    rows = known[:_MOST]
    ends = [end for row in rows for end in _reach(row, found.p_shot.p)]
    left = max(text_width(_short(_named(row))) for row in rows) + 14.0
    x = _scale(min(ends), max(ends), left, _WIDTH - _SAID)
    height = _TOP + len(rows) * _ROW + _FOOT
    parts: list[Html] = [text(0, 14, "P(shot) at either end of each assumption", "title")]
    said = f"as assumed {_percent(found.p_shot.p)}"
    parts.append(text(_WIDTH - _SAID + 14, 14, said, "tick strong"))
    for side, at in (("low", _WIDTH - _SAID - 150.0), ("high", _WIDTH - _SAID - 74.0)):
        parts += [rect(at, 5, 10, 10, f"swing {side}"), text(at + 15, 14, f"{side} end", "tick")]
    for share in ticks(x.low, x.high, 5):
        parts += [
            line(x(share), _TOP - 4, x(share), height - _FOOT + 2, "grid"),
            text(x(share), height - 7, f"{share * 100:.0f} %", "tick", "middle"),
        ]
    for k, row in enumerate(rows):
        parts += _bar(row, found.p_shot.p, x, _TOP + k * _ROW)
    parts.append(line(x(found.p_shot.p), _TOP - 6, x(found.p_shot.p), height - _FOOT + 4, "estimate-line"))
    rest = len(known) - len(rows)
    more = f" {rest} smaller ones are left out." if rest > 0 else ""
    caption = (
        "Bars reach to P(shot) with the assumption at that end of its interval; thin lines are 95 % of the change, counted "
        f"on the same takes. Grey rows cannot be told from no change.{more}"
    )
    return figure(svg(_WIDTH, height, *parts, label="P(shot) at either end of each assumption"), caption)


def _reach(row: Swing, p: float) -> tuple[float, ...]:
    """Everything the row draws, in shares, kept between never and always."""
    changes = (row.at_low.low, row.at_low.high, row.at_high.low, row.at_high.high)
    return (p, row.p_low, row.p_high, *(_kept(p + change) for change in changes))


def _scale(low: float, high: float, left_px: float, right_px: float) -> Scale:
    """From never or a tenth below the lowest to always or a tenth above the highest, to round ends."""
    first, last = max(0.0, int(low * 10) / 10), min(1.0, (int(high * 10) + 1) / 10)
    return Scale(first, max(last, first + 0.1), left_px, right_px)


def _bar(row: Swing, p: float, x: Scale, top_px: float) -> list[Html]:
    y = top_px + _ROW / 2
    told = "" if row.told else " untold"
    parts = [text(x.first_px - 12, y + 4, _short(_named(row)), f"row-name{told}", "end")]
    # the longer end first, so that two ends on one side are both seen
    ends = [("low", row.p_low, row.at_low), ("high", row.p_high, row.at_high)]
    for side, share, moved in sorted(ends, key=lambda end: -abs(end[1] - p)):
        left, right = sorted((x(p), x(share)))
        parts.append(rect(left, y - 7, right - left, 14, f"swing {side}{told}"))
        parts.append(line(x(_kept(p + moved.low)), y, x(_kept(p + moved.high)), y, f"swing-error{told}"))
    said = f"{_end(row, row.low)}: {_percent(row.p_low)} · {_end(row, row.high)}: {_percent(row.p_high)}"
    return [*parts, text(x.last_px + 14, y + 4, said, f"tick{told}")]


def _kept(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def _percent(share: float) -> str:
    return f"{words.number(100 * share, 1 if share < 0.1 else 0)} %"


def _named(row: Swing) -> str:
    """The name, with the unit of the ends where it is short and not just a factor."""
    return row.name if row.unit.startswith("×") or len(row.unit) > 12 else f"{row.name}, {row.unit}"


def _end(row: Swing, value: float) -> str:
    return f"{'×' if row.unit.startswith('×') else ''}{value:.2g}"


def _short(name: str, longest: int = 36) -> str:
    return name if len(name) <= longest else name[: longest - 1] + "…"


def _effects(effects: Sequence[Effect]) -> Html:
    """One row for each group, one column for each outcome, the same order in all: by the shot."""
    effects = [one for one in effects if math.isfinite(one.total.p + one.total.low + one.total.high)]
    if not effects:
        return Html()
    outputs = list(dict.fromkeys(one.output for one in effects))
    first = [one for one in effects if one.output == outputs[0]]
    groups = [one.group for one in sorted(first, key=lambda one: -one.total.p)]
    share = {(one.group, one.output): one.total for one in effects}
    wide = (_WIDTH - 178.0) / len(outputs)
    height = _TOP + 18 + len(groups) * _ROW + _FOOT
    parts: list[Html] = [text(0, 14, "What the takes differ by: total effect of each group", "title")]
    for i, output in enumerate(outputs):
        x = Scale(0.0, 1.0, 178.0 + i * wide, 178.0 + (i + 1) * wide - 28.0)
        parts.append(text(x(0.0), _TOP + 8, output, "tick strong"))
        for at in (0.0, 0.5, 1.0):
            parts += [
                line(x(at), _TOP + 15, x(at), height - _FOOT + 2, "grid"),
                text(x(at), height - 7, f"{at:g}", "tick", "middle"),
            ]
        for k, group in enumerate(groups):
            parts += _effect(share[group, output], x, _TOP + 18 + k * _ROW + _ROW / 2)
    for k, group in enumerate(groups):
        parts.append(text(166, _TOP + 18 + k * _ROW + _ROW / 2 + 4, group, "row-name", "end"))
    caption = (
        "Share of the variance that would be left if all but this group were known, with its 95 % interval. Groups that "
        "act together count in each, so a column may add up to more than 1."
    )
    return figure(svg(_WIDTH, height, *parts, label="Total effect of each group of draws"), caption)


def _effect(total: Estimate, x: Scale, y: float) -> list[Html]:
    return [
        rect(x(0.0), y - 6, x(total.p) - x(0.0), 12, "cause"),
        line(x(total.low), y, x(total.high), y, "swing-error"),
    ]
