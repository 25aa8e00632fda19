"""Focus chart: what is sharp with the lens in hand and its neighbours, two criteria side by side.

Distances from the lens's datum, as its ring reads.
"""

from __future__ import annotations

import math

from onetake.jump import FocusLimits, JumpPlan
from onetake.show import words
from onetake.show.markup import Html, figure, join, missing, safe, section, tag
from onetake.show.material import Material
from onetake.show.panels import inch_marks, panel
from onetake.show.svg import Scale, group, line, rect, svg, text
from onetake.units import IN_M, feet_inches

_ROW_PX, _WIDTH, _LEFT, _RIGHT = 26.0, 570.0, 120.0, 470.0
TOO_CLOSE_M = 34 * IN_M  # 2'10": the distance that a mark at 3'0" must not become


def focus_section(m: Material) -> Html:
    """The section with the focus chart; says why there is none."""
    if m.plan is None or not m.plan.focus:
        reason = "no plan was made for this report" if m.plan is None else "the plan holds no focus limits"
        return section("focus", "Focus", tag("p", missing(reason)))
    rows = m.plan.focus
    hand = rows[0]
    if not math.isfinite(hand.distance_m + hand.f_number):
        return section("focus", "Focus", tag("p", missing("the plan does not say where the lens is set")))
    criteria = list(dict.fromkeys(row.criterion for row in rows))
    near_m = asked_m(m, hand.distance_m)
    scale = _scale(rows, hand, near_m)
    drawings = [figure(_one(m.plan, name, scale, near_m), _says(m.plan, name, near_m)) for name in criteria]
    lens = m.shot.camera.lens
    lead = (
        f"{_glass(hand)}, set to {words.film(hand.distance_m)} from the {lens.datum.replace('_', ' ')}. "
        "What counts as sharp is a choice; the two choices below answer differently, so both are shown."
    )
    return section("focus", "Focus: what is sharp", tag("div", *drawings, cls="pair-of-charts"), lead=lead)


def asked_m(m: Material, distance_m: float) -> float | None:
    """The nearer distance that must be sharp: what the mark allows; 2'10" for a mark at three feet; else None."""
    lower = [c.lower for c in (m.mark.must if m.mark else ()) if c.label == "range" and c.lower is not None]
    if lower:
        return lower[0]
    return TOO_CLOSE_M if TOO_CLOSE_M < distance_m < 1.3 * TOO_CLOSE_M else None


def _scale(rows: tuple[FocusLimits, ...], hand: FocusLimits, near_m: float | None) -> Scale:
    """From a little inside the nearest limit to a little beyond the farthest that belongs on a ring."""
    reach = hand.distance_m * 1.6
    low = min([row.near_m for row in rows if math.isfinite(row.near_m)] + [near_m or hand.distance_m])
    high = max(
        [row.far_m for row in rows if row.far_m <= reach] + [hand.distance_m * 1.12, (near_m or 0.0) * 1.05]
    )
    return Scale(max(low - 0.5 * IN_M, 0.01), high + 0.5 * IN_M, _LEFT, _RIGHT)


def _one(plan: JumpPlan, criterion: str, x: Scale, near_m: float | None) -> Html:
    rows = [row for row in plan.focus if row.criterion == criterion]
    hand = plan.focus[0]
    top, bottom = 50.0, 50.0 + len(rows) * _ROW_PX
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60) if (x.high - x.low) / IN_M / s <= 8), 120)
    marks, _ = inch_marks(panel(0, 1, x, x.low, x.high), float(step))
    parts: list[Html] = [text(_LEFT, 16, f"Sharp by {criterion}", "title")]
    for value, said in marks:
        px = x(value)
        parts += [line(px, top, px, bottom, "grid"), text(px, bottom + 15, said, "tick", "middle")]
    for at_m, cls in ((near_m, "too-close"), (hand.distance_m, "the-mark")):
        if at_m is not None and x.holds(at_m):
            parts += [
                line(x(at_m), top - 6, x(at_m), bottom, cls),
                text(x(at_m), top - 9, feet_inches(at_m), f"{cls}-label", "middle"),
            ]
    for k, row in enumerate(rows):
        parts.append(_bar(row, x, top + k * _ROW_PX, _same_glass(row, hand)))
    return svg(_WIDTH, bottom + 24, *parts, label=f"Limits of sharpness by {criterion}")


def _same_glass(row: FocusLimits, hand: FocusLimits) -> bool:
    return (row.lens, row.f_number) == (hand.lens, hand.f_number)


def _glass(row: FocusLimits) -> str:
    """Lens and stop; a lens whose name already says its stop is not told twice."""
    return row.lens if "f/" in row.lens else f"{row.lens} f/{row.f_number:g}"


def _bar(row: FocusLimits, x: Scale, y: float, in_hand: bool) -> Html:
    cls = "glass in-hand" if in_hand else "glass"
    name = text(
        _LEFT - 10,
        y + 16,
        _glass(row),
        "lens-name strong" if in_hand else "lens-name",
        "end",
    )
    if not math.isfinite(row.near_m):
        return group([name, text(_LEFT + 6, y + 16, "– no limits known", "tick")])
    left, right = x(row.near_m), x(min(row.far_m, x.high) if not math.isnan(row.far_m) else row.near_m)
    far = "∞" if math.isinf(row.far_m) else words.film(row.far_m, metres=False)
    open_end = row.far_m > x.high
    parts = [name, rect(left, y + 6, right - left, _ROW_PX - 12, cls)]
    if open_end:
        parts.append(
            tag(
                "path",
                d=f"M{right:.1f} {y + 6:.1f}l7 {(_ROW_PX - 12) / 2:g}l-7 {(_ROW_PX - 12) / 2:g}Z",
                cls=cls,
            )
        )
    said = f"{words.film(row.near_m, metres=False)} – {far}"
    return group([*parts, text(_RIGHT + 14, y + 16, said, "tick strong" if in_hand else "tick")])


def _says(plan: JumpPlan, criterion: str, near_m: float | None) -> Html:
    """In words: is the distance asked about kept by the lens in hand."""
    hand = plan.focus[0]
    row = next((r for r in plan.focus if r.criterion == criterion and _same_glass(r, hand)), None)
    if row is None or not math.isfinite(row.near_m):
        return missing("the lens in hand has no limits under this criterion")
    band = f"The lens in hand is sharp from {words.film(row.near_m)} to {words.film(row.far_m)}."
    if near_m is None:
        return safe(band)
    margin_m = min(near_m - row.near_m, row.far_m - near_m)
    kept = margin_m >= 0.0
    call = tag("b", f"{feet_inches(near_m)} is {'sharp' if kept else 'soft'}", cls="yes" if kept else "no")
    by = "" if math.isinf(margin_m) else f", by {abs(margin_m) / IN_M:.1f}″ ({abs(margin_m) * 100:.1f} cm)"
    return join([call, by, ". ", band])
