"""Lanes above the panels: what happened, and for each beat when it may be, must be, and was.

Seconds since the first exit run right, on the figure's own time scale.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from onetake.shot.beat import Beat
from onetake.show import words
from onetake.show.markup import Html
from onetake.show.material import Material
from onetake.show.svg import Scale, group, line, rect, rows_without_overlap, text, text_width
from onetake.take import Event
from onetake.verdict import BeatVerdict

LANE_PX = 21.0
_LABEL_PX, _ROW_PX = 11.0, 14.0
_ALARMS = ("contact", "abort")


def event_class(m: Material, event: Event) -> str:
    """The colour of an event: its body's, or an alarm's."""
    return "alarm" if event.name in _ALARMS else m.body_class(event.body)


def event_labels(m: Material, events: Sequence[Event], time: Scale, right_px: float) -> tuple[Html, float]:
    """Names above the figure, in as many rows as they need; and the lower edge of the last."""
    said = [_event_said(e) for e in events]
    spans = []
    for event, name in zip(events, said, strict=True):
        wide = text_width(name, _LABEL_PX)
        left = min(time(event.time_s) + 4, right_px - wide)
        spans.append((left, left + wide))
    rows = rows_without_overlap(spans)
    bottom = _ROW_PX * (max(rows, default=0) + 1)
    parts: list[Html] = []
    for event, name, (left, _), row in zip(events, said, spans, rows, strict=True):
        y, cls, x = _ROW_PX * row + 10, event_class(m, event), time(event.time_s)
        parts.append(line(x, y - 8, x, bottom + 8, f"event {cls}"))
        parts.append(text(left, y, name, f"event-label {cls}"))
    return group(parts), bottom


def _event_said(event: Event) -> str:
    who = "" if event.body in ("", "both") else f" {event.body}"
    note = f" ({event.note})" if event.note else ""
    return f"{event.name}{who}{note}"


def event_lines(m: Material, events: Sequence[Event], time: Scale, top_px: float, bottom_px: float) -> Html:
    """A line down through all panels for each event."""
    at = [(time(e.time_s), event_class(m, e)) for e in events]
    return group(line(x, top_px, x, bottom_px, f"event {cls}") for x, cls in at)


def beat_window_s(m: Material, beat: Beat) -> tuple[float, float] | None:
    """When a beat may be: by the plan, else by its own clock; None where neither knows."""
    for slot in m.plan.beats if m.plan else ():
        if slot.name == beat.name and np.isfinite([slot.from_s, slot.to_s]).all():
            return slot.from_s, slot.to_s
    return beat.window_s


def asked_bounds(m: Material, criterion: str) -> list[tuple[float, float, float | None, float | None]]:
    """From, to (s), lower and upper of every beat that asks for that criterion between bounds."""
    found = []
    for beat in m.shot.beats:
        window = beat_window_s(m, beat)
        for item in beat.must:
            if window is not None and item.label == criterion and item.kind == "interval":
                found.append((*window, item.lower, item.upper))
    return found


def beat_lane(m: Material, beat: Beat, time: Scale, top_px: float) -> Html:
    """One beat: its window as a pale box, its best attempt in it, its call beside it."""
    window, call = beat_window_s(m, beat), m.call_of(beat.name)
    high, spans = LANE_PX - 7, []
    parts = [line(time.first_px, top_px + high + 3, time.last_px, top_px + high + 3, "grid")]
    if window is not None and window[1] > time.low and window[0] < time.high:
        left, right = time(window[0]), time(window[1])
        parts.append(rect(left, top_px, right - left, high, "beat-window"))
        spans.append((left, right))
    if call is not None:
        parts.append(_attempt(call, time, (top_px, high)))
        spans += [(time(a), time(b)) for a, b in ([call.attempt_s] if call.attempt_s else [])]
    said = " · ".join([beat.name, f"hold {words.seconds(beat.hold_s)}", *([call.verdict] if call else [])])
    x, anchor = _beside(spans, time, text_width(said, _LABEL_PX))
    parts.append(text(x, top_px + high - 4, said, "beat-label", anchor))
    return group(parts)


def _attempt(call: BeatVerdict, time: Scale, lane_px: tuple[float, float]) -> Html:
    """The best attempt, and a stroke at its worst moment. lane_px: top and height."""
    (top, high), cls, parts = lane_px, call.verdict.replace(" ", "-"), []
    if call.attempt_s is not None and np.isfinite(call.attempt_s).all():
        left, right = (time(s) for s in call.attempt_s)
        parts.append(rect(left, top, max(right - left, 2.0), high, f"attempt {cls}"))
    if call.at_s is not None and np.isfinite(call.at_s) and time.holds(call.at_s):
        x = time(call.at_s)
        parts.append(line(x, top - 2, x, top + high + 2, f"worst {cls}"))
    return group(parts)


def _beside(spans: list[tuple[float, float]], time: Scale, wide: float) -> tuple[float, str]:
    """Where a lane's label stands: right of its boxes where there is room, else left of them, else inside."""
    if not spans:
        return time.first_px + 4, "start"
    left, right = min(a for a, _ in spans), max(b for _, b in spans)
    if right + 8 + wide <= time.last_px:
        return right + 8, "start"
    if left - 8 - wide >= time.first_px:
        return left - 8, "end"
    return left + 6, "start"
