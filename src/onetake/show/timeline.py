"""Timeline: the whole fall on one time axis, and the mark on a finer one.

Seconds since the first exit run right. Parachute flight is left out: it is minutes in which nothing is filmed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from onetake.shot.beat import Beat
from onetake.show import panels, words
from onetake.show.curves import Curves, heights, span_s
from onetake.show.markup import Html, figure, join, missing, section, tag
from onetake.show.material import Material
from onetake.show.panels import Panel, panel
from onetake.show.readout import readout
from onetake.show.svg import Scale, group, line, path, rect, rows_without_overlap, svg, text, text_width
from onetake.take import Event, Take
from onetake.units import DEG_RAD, FT_M, IN_M

WIDTH, LEFT, RIGHT = 1180.0, 66.0, 1096.0
_GAP = 10.0
_BEAT_PX = 22.0
_MARK_SPAN_S = 6.0
_FAST = {"contact", "abort"}


def timeline(m: Material) -> Html:
    """The section with the timeline, the mark close up, and the table of values under the cursor."""
    if m.take is None:
        return section("timeline", "The take", tag("p", missing("no take was flown or read for this report")))
    first, last = span_s(m.take, m.plan, m.curves)
    parts = [figure(_fall(m, m.take, first, last), _after(m.take, last), cls="wide")]
    if m.curves is None:
        parts.append(
            tag("p", missing("range, focus, closing and sun over time were not computed for this report"))
        )
    else:
        parts.append(_close_up(m, m.curves))
    lead = (
        "Everything on one clock. The shaded band is where the lens is sharp as it stands at that moment; "
        "the range line turns heavy while the eyes are inside it."
    )
    return section(
        "timeline", "The take, second by second", tag("div", join(parts), readout(m, first, last), cls="with-readout"),
        lead=lead if m.curves else "",
    )  # fmt: skip


def _fall(m: Material, take: Take, first_s: float, last_s: float) -> Html:
    time = Scale(first_s, last_s, LEFT, RIGHT)
    events = [e for e in take.events if np.isfinite(e.time_s) and first_s <= e.time_s <= last_s]
    labels, top = _event_labels(m, events, time)
    lanes, top = _beat_lanes(m, time, top + 8)
    drawn, bottom = _panels(m, take, time, top + _GAP)
    lines = [
        line(
            time(e.time_s),
            top - len(m.shot.beats) * _BEAT_PX,
            time(e.time_s),
            bottom,
            f"event {_event_class(m, e)}",
        )
        for e in events
    ]
    parts = [
        group(lines),
        lanes,
        drawn,
        labels,
        panels.time_axis(time, bottom),
        _cursor(time, top, bottom, m.mark_time_s()),
    ]
    return _time_plot(time, bottom + 36, parts, f"Timeline of {take.slate}: {_events_said(events)}")


def _time_plot(time: Scale, height_px: float, parts: Sequence[object], label: str) -> Html:
    data = {"data_first_s": f"{time.low:.4f}", "data_last_s": f"{time.high:.4f}"}
    data |= {"data_first_px": f"{time.first_px:.1f}", "data_last_px": f"{time.last_px:.1f}"}
    return svg(WIDTH, height_px, *parts, label=label, cls="timeplot", **data)


def _cursor(time: Scale, top_px: float, bottom_px: float, at_s: float | None) -> Html:
    x = time(at_s if at_s is not None and time.holds(at_s) else time.low)
    return tag("line", x1=x, x2=x, y1=top_px - 4, y2=bottom_px, cls="cursor")


def _events_said(events: Sequence[Event]) -> str:
    return "; ".join(f"{e.name} {e.body} at {e.time_s:.1f} s" for e in events)


def _event_class(m: Material, event: Event) -> str:
    return "alarm" if event.name in _FAST else m.body_class(event.body)


def _event_labels(m: Material, events: Sequence[Event], time: Scale) -> tuple[Html, float]:
    """Names above the figure, in as many rows as they need; the lower edge of the last."""
    said = [_event_text(e) for e in events]
    spans = []
    for event, name in zip(events, said, strict=True):
        left = min(time(event.time_s) + 4, WIDTH - 4 - text_width(name, 10.5))
        spans.append((left, left + text_width(name, 10.5)))
    rows = rows_without_overlap(spans)
    bottom = 14.0 * (max(rows, default=0) + 1)
    parts: list[Html] = []
    for event, name, (left, _), row in zip(events, said, spans, rows, strict=True):
        y, cls = 14.0 * row + 10, _event_class(m, event)
        parts.append(line(time(event.time_s), y - 8, time(event.time_s), bottom + 8, f"event {cls}"))
        parts.append(text(left, y, name, f"event-label {cls}"))
    return group(parts), bottom


def _event_text(event: Event) -> str:
    who = "" if event.body in ("", "both") else f" {event.body}"
    note = f" ({event.note})" if event.note else ""
    return f"{event.name}{who}{note}"


def _beat_lanes(m: Material, time: Scale, top_px: float) -> tuple[Html, float]:
    """A lane for each beat: when it may be, how long it must hold, and how long it held."""
    parts = []
    for k, beat in enumerate(m.shot.beats):
        parts.append(_beat_lane(m, beat, time, top_px + k * _BEAT_PX))
    return group(parts, "beats"), top_px + len(m.shot.beats) * _BEAT_PX


def beat_window_s(m: Material, beat: Beat) -> tuple[float, float] | None:
    """When a beat may be: by the plan, else by its own clock; None where neither knows."""
    for slot in m.plan.beats if m.plan else ():
        if slot.name == beat.name and np.isfinite([slot.from_s, slot.to_s]).all():
            return slot.from_s, slot.to_s
    return beat.window_s


def _beat_lane(m: Material, beat: Beat, time: Scale, y: float) -> Html:
    window, call = beat_window_s(m, beat), m.call_of(beat.name)
    high = _BEAT_PX - 6
    parts = [line(time.first_px, y + high + 2, time.last_px, y + high + 2, "grid")]
    label_at = time.first_px + 4
    if window is not None and window[1] > time.low and window[0] < time.high:
        left, right = time(window[0]), time(window[1])
        parts.append(rect(left, y, right - left, high, "beat-window"))
        label_at = left + 6
    if call is not None and call.at_s is not None and np.isfinite(call.at_s) and call.held_s > 0:
        left = time(call.at_s)
        parts.append(
            rect(left, y, time(call.at_s + call.held_s) - left, high, f"beat-held {_slug(call.verdict)}")
        )
        parts.append(rect(left, y, time(call.at_s + beat.hold_s) - left, high, "beat-hold"))
    hold = f"{beat.name} · hold {words.seconds(beat.hold_s)}"
    if call is not None:
        hold += f" · {call.verdict}"
    parts.append(text(label_at, y + high - 4, hold, "beat-label"))
    return group(parts)


def _slug(words_: str) -> str:
    return words_.replace(" ", "-")


def _panels(m: Material, take: Take, time: Scale, top: float) -> tuple[Html, float]:
    """All panels, one under another, and the lower edge of the last."""
    bodies = heights(take, m.curves)
    classes = {name: m.body_class(name) for name in bodies}
    highest = max((float(np.nanmax(h)) for t, h in bodies.values() if np.isfinite(h).any()), default=1000.0)
    p = panel(top, 120, time, 0.0, max(highest * 1.04, 100.0))
    made = [panels.height_panel(p, bodies, classes, _heights_that_decide(m)), _body_names(p, m, bodies)]
    c = m.curves
    if c is None:
        return join(made), p.bottom_px
    if c.range_m is not None:
        p, drawn = _range(m, c, time, p.bottom_px + _GAP)
        made.append(drawn)
    if c.closing_m_s is not None:
        low, high = panels.span_of(_within(time, c.time_s, c.closing_m_s), 0.0)
        p = panel(p.bottom_px + _GAP, 76, time, low, high)
        made.append(
            panels.plain_panel(p, c.time_s, c.closing_m_s, "Closing", trade=(FT_M, "ft/s"), si=(1.0, "m/s"))
        )
    if c.blur_m is not None:
        p, drawn = _blur(c, time, p.bottom_px + _GAP, 96)
        made.append(drawn)
    if c.sun_rad:
        p, drawn = _sun(m, c, time, p.bottom_px + _GAP)
        made.append(drawn)
    return join(made), p.bottom_px


def _within(time: Scale, time_s: panels.Array, values: panels.Array) -> panels.Array:
    return values[(time_s >= time.low) & (time_s <= time.high)]


def _body_names(p: Panel, m: Material, bodies: dict[str, object] | object) -> Html:
    """Who is which colour, once, at the top right of the first panel."""
    parts, x = [], p.time.last_px - 36
    for name in reversed(m.names):
        parts.append(text(x, p.top_px + 12, name, f"who {m.body_class(name)}", "end"))
        left = x - text_width(name, 11.5) - 8
        parts.append(line(left - 18, p.top_px + 8, left, p.top_px + 8, f"curve {m.body_class(name)}"))
        x = left - 30
    return group(parts)


def _heights_that_decide(m: Material) -> list[tuple[str, float]]:
    """Break-off, pulls and the abort height, where the shot gives them above ground."""
    said = [("break-off", m.shot.opening.break_off)]
    said += [(f"pull {name}", altitude) for name, altitude in m.shot.opening.pull.items()]
    if m.shot.abort.no_mark_by is not None:
        said.append(("no mark by", m.shot.abort.no_mark_by))
    ground_m = m.shot.place.elevation_m
    return [
        (name, a.value_m - (ground_m if a.datum == "MSL" else 0.0)) for name, a in said if a.datum != "FL"
    ]


def _range(m: Material, c: Curves, time: Scale, top: float) -> tuple[Panel, Html]:
    assert c.range_m is not None
    seen = _within(time, c.time_s, c.range_m)
    seen = seen[np.isfinite(seen) & (seen > 0)]
    low = min(float(seen.min()) if seen.size else 0.6, 0.6) * 0.8
    high = max(float(seen.max()) if seen.size else 30.0, 3.0) * 1.4
    p = panel(top, 178, time, max(low, 0.05), high, log=True)
    drawn = panels.range_panel(
        p, c.time_s, np.where(c.range_m > 0, c.range_m, np.nan), near_m=c.near_m, far_m=c.far_m, in_focus=c.in_focus,
        title="Range, image plane to eyes" + _sharp_by(c), marks=panels.range_marks(p), bounds=_asked(m, "range"),
        sigma_m=c.range_sigma_m,
    )  # fmt: skip
    return p, drawn


def _sharp_by(c: Curves) -> str:
    return f" · band sharp by {c.criterion}" if c.criterion and c.near_m is not None else ""


def _blur(c: Curves, time: Scale, top: float, height_px: float) -> tuple[Panel, Html]:
    assert c.blur_m is not None
    circles = ([(c.criterion or "circle", c.circle_m)] if c.circle_m else []) + list(c.other_circles)
    seen = _within(time, c.time_s, c.blur_m)
    seen = seen[np.isfinite(seen) & (seen > 0)]
    low = min([4e-6, *(circle * 0.4 for _, circle in circles)])
    high = max(
        [1e-4, float(np.max(seen)) * 1.5 if seen.size else 0.0, *(circle * 3 for _, circle in circles)]
    )
    p = panel(top, height_px, time, low, high, log=True)
    kept = np.where(np.isfinite(c.blur_m), np.maximum(c.blur_m, low), np.nan)
    return p, panels.blur_panel(p, c.time_s, kept, circles, "Blur disc against the circle of confusion")


def _sun(m: Material, c: Curves, time: Scale, top: float) -> tuple[Panel, Html]:
    asked = _asked(m, "sun")
    seen = np.concatenate([_within(time, c.time_s, angle) for angle in c.sun_rad.values()])
    bounds = [b for _, _, low, high in asked for b in (low, high) if b is not None]
    low, high = panels.span_of(seen, *bounds, room=0.15)
    p = panel(top, 78, time, min(low, high - DEG_RAD), high)
    classes = {name: m.body_class(name) for name in c.sun_rad}
    return p, panels.sun_panel(p, c.time_s, dict(c.sun_rad), classes, wanted=asked, slug="fall")


def _asked(m: Material, criterion: str) -> list[tuple[float, float, float | None, float | None]]:
    """Window and bounds of every beat that asks for that criterion."""
    found = []
    for beat in m.shot.beats:
        window = beat_window_s(m, beat)
        for item in beat.must:
            if window is not None and item.name == criterion and item.kind == "interval":
                found.append((*window, item.lower, item.upper))
    return found


def _close_up(m: Material, c: Curves) -> Html:
    """Range and blur around the mark, in inches; a dash and a reason where nobody came near."""
    at_s, name = m.mark_time_s(), m.mark.name if m.mark else "mark"
    if at_s is None or c.range_m is None:
        return tag("p", missing("range was not measured, so the mark cannot be shown close up"))
    hold_s = m.mark.hold_s if m.mark else 3.0
    first, last = at_s - _MARK_SPAN_S, at_s + hold_s + _MARK_SPAN_S
    here = (c.time_s >= first) & (c.time_s <= last)
    seen = c.range_m[here & np.isfinite(c.range_m)]
    if not seen.size:
        return tag(
            "p", missing(f"range is not known around {at_s:.1f} s, so the mark cannot be shown close up")
        )
    time = Scale(first, last, LEFT, RIGHT)
    low, high, step_in = _near_span(c, here)
    p = panel(30.0, 190, time, low, high)
    parts = [_hold_bar(m, time, 4.0), panels.range_panel(
        p, c.time_s, np.where(c.range_m <= high, c.range_m, np.nan), near_m=c.near_m, far_m=c.far_m, in_focus=c.in_focus,
        title="Range" + _sharp_by(c), marks=panels.inch_marks(p, step_in), sigma_m=c.range_sigma_m,
    )]  # fmt: skip
    if c.focus_m is not None:
        parts.append(_focus_line(p, c))
    if c.blur_m is not None:
        p, drawn = _blur(c, time, p.bottom_px + _GAP, 104)
        parts.append(drawn)
    parts += [panels.time_axis(time, p.bottom_px), _cursor(time, 30.0, p.bottom_px, at_s)]
    drawing = _time_plot(
        time, p.bottom_px + 36, parts, f"The beat {name} close up, {first:.1f} s to {last:.1f} s"
    )
    call = m.call_of(name)
    caption = [tag("b", f"{name}, close up. "), call.note if call else "This take was not judged."]
    return figure(drawing, join(caption), cls="wide close-up")


def _near_span(c: Curves, here: panels.Flags) -> tuple[float, float, float]:
    """Lowest and highest range to show near the mark, and the step of its axis in inches."""
    assert c.range_m is not None
    seen = c.range_m[here & np.isfinite(c.range_m)]
    closest = float(np.min(seen))
    edges = [closest]
    for limit in (c.near_m, c.far_m):
        if limit is not None:
            near = limit[here & np.isfinite(limit)]
            edges += [float(np.min(near))] if near.size else []
    reach = max(e for e in edges if e < closest + 1.0) if edges else closest
    low = min(e for e in edges if e > closest - 1.0) - 4 * IN_M
    high = max(reach + 6 * IN_M, closest + 16 * IN_M)
    span_in = (high - low) / IN_M
    step = next((s for s in (1, 2, 3, 6, 12, 24) if span_in / s <= 9), 48)
    return max(low, 0.0), high, float(step)


def _focus_line(p: Panel, c: Curves) -> Html:
    assert c.focus_m is not None
    y = np.where((c.focus_m >= p.value.low) & (c.focus_m <= p.value.high), c.focus_m, np.nan)
    return path(p.time.all(c.time_s), p.value.all(p.inside(c.time_s, y)), "lens-set")


def _hold_bar(m: Material, time: Scale, y: float) -> Html:
    return _beat_lane(m, m.mark, time, y) if m.mark else Html()


def _after(take: Take, last_s: float) -> Html:
    """What happens after the figure ends."""
    landings = [e for e in take.events if e.name == "landing" and e.time_s > last_s]
    said = ", ".join(f"{e.body} at {words.minutes(e.time_s)}" for e in landings)
    then = f"Under parachutes after this; landings: {said}." if said else "The take ends here."
    return tag("span", f"Ending of the take: {take.ending}. {then}")
