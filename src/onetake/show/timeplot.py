"""A plot over time that the page's one cursor runs through: its size, and what the page's script must know of it."""

from __future__ import annotations

from collections.abc import Sequence

from onetake.show.markup import Html, tag
from onetake.show.svg import Scale, svg

WIDTH, LEFT, RIGHT = 1240.0, 60.0, 1164.0


def time_plot(time: Scale, height_px: float, parts: Sequence[object], label: str) -> Html:
    """A drawing whose time scale is written on it."""
    data = {"data_first_s": f"{time.low:.4f}", "data_last_s": f"{time.high:.4f}"}
    data |= {"data_first_px": f"{time.first_px:.1f}", "data_last_px": f"{time.last_px:.1f}"}
    return svg(WIDTH, height_px, *parts, label=label, cls="timeplot", **data)


def cursor(time: Scale, top_px: float, bottom_px: float, at_s: float | None) -> Html:
    """The cursor, standing where the page opens."""
    x = time(at_s if at_s is not None and time.holds(at_s) else time.low)
    return tag("line", x1=x, x2=x, y1=top_px - 4, y2=bottom_px, cls="cursor")
