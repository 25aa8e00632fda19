"""Close-up: the mark alone, on an axis in inches, because two of them decide."""

from __future__ import annotations

import numpy as np

from onetake.show import panels
from onetake.show.curves import Curves
from onetake.show.lanes import LANE_PX, beat_lane
from onetake.show.markup import Html, figure, join, missing, tag
from onetake.show.material import Material
from onetake.show.panels import Flags, Panel, panel
from onetake.show.strips import GAP_PX, blur_strip, sharp_by
from onetake.show.svg import Scale, path
from onetake.show.timeplot import LEFT, RIGHT, cursor, time_plot
from onetake.units import IN_M

_AROUND_S = 6.0


def close_up(m: Material, c: Curves) -> Html:
    """Range and blur around the mark; a dash and a reason where there is nothing to show."""
    at_s, name = m.mark_time_s(), m.mark.name if m.mark else "mark"
    if at_s is None or c.range_m is None:
        return tag("p", missing("range is not known, so the mark cannot be shown close up"))
    first, last = at_s - _AROUND_S, at_s + (m.mark.hold_s if m.mark else 3.0) + _AROUND_S
    here = (c.time_s >= first) & (c.time_s <= last)
    if not np.isfinite(c.range_m[here]).any():
        return tag(
            "p", missing(f"range is not known around {at_s:.1f} s, so the mark cannot be shown close up")
        )
    time = Scale(first, last, LEFT, RIGHT)
    p, drawn = _inches(c, time, here, LANE_PX + GAP_PX)
    top, parts = p.top_px, [beat_lane(m, m.mark, time, 4.0) if m.mark else Html(), drawn]
    if c.blur_m is not None:
        p, drawn = blur_strip(m, c, time, p.bottom_px + GAP_PX)
        parts.append(drawn)
    parts += [panels.time_axis(time, p.bottom_px), cursor(time, top, p.bottom_px, at_s)]
    label = f"The beat {name} close up, {first:.1f} s to {last:.1f} s"
    drawing = time_plot(time, p.bottom_px + 36, [panels.time_grid(time, top, p.bottom_px), *parts], label)
    call = m.call_of(name)
    said = call.note if call else "This take was not judged."
    return figure(drawing, join([tag("b", f"The beat “{name}”, close up. "), said]), cls="wide close-up")


def _inches(c: Curves, time: Scale, here: Flags, top_px: float) -> tuple[Panel, Html]:
    assert c.range_m is not None
    low, high, step_in = _near_span(c, here)
    p = panel(top_px, 200, time, low, high)
    drawn = panels.range_panel(
        p, c.time_s, c.range_m, near_m=c.near_m, far_m=c.far_m, in_focus=c.in_focus,
        title="Range" + sharp_by(c) + (" · dashed: where the lens is set" if c.focus_m is not None else ""),
        marks=panels.inch_marks(p, step_in), sigma_m=c.range_sigma_m,
    )  # fmt: skip
    if c.focus_m is None:
        return p, drawn
    set_to = path(time.all(c.time_s), p.value.all(p.inside(c.time_s, c.focus_m)), "lens-set")
    return p, join([drawn, set_to])


def _near_span(c: Curves, here: Flags) -> tuple[float, float, float]:
    """Lowest and highest range to show, and the step of the axis in inches: the closest, and the band if it is near."""
    assert c.range_m is not None
    closest = float(np.nanmin(c.range_m[here]))
    edges = [closest]
    for limit in (c.near_m, c.far_m):
        if limit is not None and np.isfinite(limit[here]).any():
            edge = float(np.min(limit[here & np.isfinite(limit)]))
            edges += [edge] if abs(edge - closest) < 1.0 else []
    low, high = min(edges) - 4 * IN_M, max(max(edges) + 6 * IN_M, closest + 16 * IN_M)
    low = max(low, 0.0)
    step = next((s for s in (1, 2, 3, 6, 12, 24) if (high - low) / IN_M / s <= 9), 48)
    return low, high, float(step)
