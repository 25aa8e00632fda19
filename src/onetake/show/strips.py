"""Strips: from the curves of a take to panels, each on the scale that its part of the story needs."""

from __future__ import annotations

import numpy as np

from onetake.show import panels, words
from onetake.show.curves import Curves, heights
from onetake.show.lanes import asked_bounds
from onetake.show.markup import Html, join
from onetake.show.material import Material
from onetake.show.panels import Array, Flags, Panel, panel
from onetake.show.svg import Scale, group, line, text, text_width
from onetake.take import Take
from onetake.units import DEG_RAD, FT_M

GAP_PX = 27.0  # between panels; the name of the lower one stands in it


def strips(m: Material, take: Take, time: Scale, top_px: float) -> tuple[Html, float]:
    """All panels that can be drawn, one under another, and the lower edge of the last."""
    p, drawn = _height(m, take, time, top_px)
    made = [drawn]
    if m.curves is not None:
        c = m.curves
        wanted = (
            (c.range_m is not None, range_strip), (c.closing_m_s is not None, closing_strip),
            (c.size is not None, size_strip), (c.blur_m is not None, blur_strip), (bool(c.sun_rad), sun_strip),
        )  # fmt: skip
        for known, strip in wanted:
            if known:
                p, drawn = strip(m, c, time, p.bottom_px + GAP_PX)
                made.append(drawn)
    return join(made), p.bottom_px


def during(time: Scale, time_s: Array, values: Array) -> Array:
    """Finite values at the times a figure shows."""
    seen: Array = values[(time_s >= time.low) & (time_s <= time.high) & np.isfinite(values)]
    return seen


def _working(m: Material, c: Curves, time: Scale) -> Flags:
    """Samples from which axes are scaled: what the figure shows, up to the break-off."""
    event = m.take.event("break-off") if m.take else None
    until_s = event.time_s if event is not None and event.time_s > time.low else time.high
    here: Flags = (c.time_s >= time.low) & (c.time_s <= min(until_s, time.high))
    return here if here.any() else np.ones(len(c.time_s), bool)


def _height(m: Material, take: Take, time: Scale, top_px: float) -> tuple[Panel, Html]:
    bodies = heights(take, m.curves)
    classes = {name: m.body_class(name) for name in bodies}
    seen = np.concatenate([during(time, time_s, height_m) for time_s, height_m in bodies.values()])
    p = panel(top_px, 100, time, 0.0, max(float(seen.max()) * 1.04 if seen.size else 1000.0, 100.0))
    drawn = panels.height_panel(p, bodies, classes, _heights_that_decide(m))
    return p, join([drawn, _who_is_who(p, m)])


def _who_is_who(p: Panel, m: Material) -> Html:
    """Which colour is whose, once, above the first panel."""
    parts, x, y = [], p.time.last_px, p.top_px - 7
    for name in reversed(m.names):
        parts.append(text(x, y, name, f"who {m.body_class(name)}", "end"))
        left = x - text_width(name, 11.5) - 8
        parts.append(line(left - 18, y - 4, left, y - 4, f"curve {m.body_class(name)}"))
        x = left - 30
    return group(parts)


def _heights_that_decide(m: Material) -> list[tuple[str, float]]:
    """Break-off, pulls and the abort height, where the shot gives them above ground or sea."""
    said = [("break-off", m.shot.opening.break_off)]
    said += [(f"pull {name}", altitude) for name, altitude in m.shot.opening.pull.items()]
    if m.shot.abort.no_mark_by is not None:
        said.append(("no mark by", m.shot.abort.no_mark_by))
    ground_m = m.shot.place.elevation_m
    return [
        (name, a.value_m - (ground_m if a.datum == "MSL" else 0.0)) for name, a in said if a.datum != "FL"
    ]


def sharp_by(c: Curves) -> str:
    """Which criterion the sharp band stands for, to put behind a title."""
    return f" · band sharp by {c.criterion}" if c.criterion and c.near_m is not None else ""


def range_strip(m: Material, c: Curves, time: Scale, top_px: float) -> tuple[Panel, Html]:
    """Range, logarithmic: a hundred metres and three feet in one panel."""
    assert c.range_m is not None
    seen = c.range_m[_working(m, c, time)]
    seen = seen[np.isfinite(seen) & (seen > 0)]
    low = min(float(seen.min()) if seen.size else 0.6, 0.6) * 0.8
    high = max(float(seen.max()) if seen.size else 30.0, 3.0) * 1.4
    p = panel(top_px, 172, time, max(low, 0.05), high, log=True)
    drawn = panels.range_panel(
        p, c.time_s, np.where(c.range_m > 0, c.range_m, np.nan), near_m=c.near_m, far_m=c.far_m, in_focus=c.in_focus,
        title="Range, image plane to eyes" + sharp_by(c), marks=panels.range_marks(p),
        bounds=asked_bounds(m, "range"), sigma_m=c.range_sigma_m,
    )  # fmt: skip
    return p, drawn


def closing_strip(m: Material, c: Curves, time: Scale, top_px: float) -> tuple[Panel, Html]:
    """Closing on a scale that suits an approach, with the limit that the abort rules set."""
    assert c.closing_m_s is not None
    seen = c.closing_m_s[_working(m, c, time)]
    seen = seen[np.isfinite(seen)]
    usual = np.percentile(seen, [8.0, 99.0]) if seen.size else np.zeros(1)
    limit = m.shot.abort.closing_inside
    low, high = panels.span_of(usual, 0.0, 1.2 * limit[1] if limit else 1.0, -1.0, room=0.12)
    p = panel(top_px, 74, time, low, high)
    beyond = bool(((seen < low) | (seen > high)).any())
    title = "Closing, positive is nearer" + (" · what lies off this axis is not drawn" if beyond else "")
    drawn = [panels.plain_panel(p, c.time_s, c.closing_m_s, title, trade=(FT_M, "ft/s"), si=(1.0, "m/s"))]
    if limit is not None:
        y, said = (
            p.value(limit[1]),
            f"inside {words.film(limit[0], metres=False)}, faster than this is an abort",
        )
        drawn += [line(time.first_px, y, time.last_px, y, "limit hard")]
        drawn += [text(time.last_px - 4, y - 3, said, "limit-label", "end")]
    return p, join(drawn)


def size_strip(m: Material, c: Curves, time: Scale, top_px: float) -> tuple[Panel, Html]:
    """Head height over picture height, with what the beats ask for."""
    assert c.size is not None
    asked = asked_bounds(m, "size")
    bounds = [b for _, _, low, high in asked for b in (low, high) if b is not None]
    high = max([0.1, *bounds])
    seen = c.size[_working(m, c, time)]
    seen = seen[np.isfinite(seen)]
    p = panel(top_px, 70, time, 0.0, max(high, float(seen.max()) if seen.size else 0.0) * 1.08)
    drawn = panels.plain_panel(
        p, c.time_s, c.size, "Head height in the picture", trade=(0.01, "%"), si=(1.0, "")
    )
    return p, join([drawn, *(panels.bracket(p, *row) for row in asked)])


def blur_strip(m: Material, c: Curves, time: Scale, top_px: float) -> tuple[Panel, Html]:
    """Blur disc, logarithmic, against the circles of confusion."""
    assert c.blur_m is not None
    named = [(c.criterion or "circle", c.circle_m or 0.0), *c.other_circles]
    circles = [(name, circle) for name, circle in named if 0.0 < circle < np.inf]
    seen = c.blur_m[_working(m, c, time)]
    seen = seen[np.isfinite(seen)]
    low = min([4e-6, *(circle * 0.4 for _, circle in circles)])
    high = max([1e-4, *(circle * 3 for _, circle in circles), float(seen.max()) * 1.5 if seen.size else 0.0])
    p = panel(top_px, 88, time, low, high, log=True)
    kept = np.where(np.isfinite(c.blur_m), np.maximum(c.blur_m, low), np.nan)
    return p, panels.blur_panel(
        p, c.time_s, kept, circles, "Blur disc on the sensor, and the circles of confusion"
    )


def sun_strip(m: Material, c: Curves, time: Scale, top_px: float) -> tuple[Panel, Html]:
    """Sun above each body's own horizon, with what the beats ask for."""
    asked = asked_bounds(m, "sun")
    seen = np.concatenate([during(time, c.time_s, angle) for angle in c.sun_rad.values()])
    bounds = [b for _, _, low, high in asked for b in (low, high) if b is not None]
    low, high = panels.span_of(seen, *bounds, room=0.15)
    p = panel(top_px, 64, time, min(low, high - DEG_RAD), high)
    classes = {name: m.body_class(name) for name in c.sun_rad}
    return p, panels.sun_panel(p, c.time_s, dict(c.sun_rad), classes, wanted=asked, slug="fall")
