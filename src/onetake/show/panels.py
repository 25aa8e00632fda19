"""Panels: one signal over time, with its axis in the trade's unit on the left and in SI on the right.

Every panel of a figure shares the figure's time scale, so that they can be read down one line.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.show.markup import Html, join
from onetake.show.sky import sky_strip
from onetake.show.svg import Scale, group, line, path, rect, ribbon, text, text_width, ticks
from onetake.show.words import number
from onetake.units import DEG_RAD, FT_M, IN_M, feet_inches

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

# marks of a focus ring and of a sky, so that an axis of three decades reads like a lens
_RING_FT = (0.5, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_METRES = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_MICRONS = (1, 3, 10, 30, 100, 300, 1000, 3000)


@dataclass(frozen=True, slots=True)
class Panel:
    """A strip of a figure: where it is, its value scale, and the time scale it shares."""

    top_px: float
    height_px: float
    time: Scale
    value: Scale

    @property
    def bottom_px(self) -> float:
        """Its lower edge."""
        return self.top_px + self.height_px

    def during(self, time_s: Array, values: Array) -> Array:
        """Values with NaN where their time lies outside the figure."""
        return np.where((time_s >= self.time.low) & (time_s <= self.time.high), values, np.nan)

    def inside(self, time_s: Array, values: Array) -> Array:
        """Values with NaN where their time or they themselves lie outside the panel: nothing is drawn on its edge."""
        with np.errstate(invalid="ignore"):
            kept = (values >= self.value.low) & (values <= self.value.high)
        return self.during(time_s, np.where(kept, values, np.nan))


def panel(
    top_px: float, height_px: float, time: Scale, low: float, high: float, *, log: bool = False
) -> Panel:
    """A panel whose values grow upwards."""
    return Panel(top_px, height_px, time, Scale(low, high, top_px + height_px, top_px, log))


def grid(
    p: Panel, title: str, left: Sequence[tuple[float, str]], right: Sequence[tuple[float, str]], unit: str
) -> Html:
    """Title, horizontal lines at the left marks, and both axes' labels."""
    x0, x1 = p.time.first_px, p.time.last_px
    parts: list[Html] = [line(x0, p.bottom_px, x1, p.bottom_px, "axis")]
    for value, said in left:
        y = p.value(value)
        if y < p.bottom_px - 0.5:
            parts.append(line(x0, y, x1, y, "grid"))
        parts.append(text(x0 - 8, y + 3.5, said, "tick", "end"))
    parts += [text(x1 + 8, p.value(value) + 3.5, said, "tick si") for value, said in right]
    parts.append(text(x0, p.top_px - 7, title, "title"))
    parts.append(text(x0 - 8, p.top_px - 7, unit, "unit", "end"))
    return group(parts, "gridlines")


def height_panel(
    p: Panel,
    bodies: dict[str, tuple[Array, Array]],
    classes: dict[str, str],
    lines: Sequence[tuple[str, float]],
) -> Html:
    """Height above ground of each body, with the heights that decide."""
    top_ft, top_m = p.value.high / FT_M, p.value.high
    left = [(tick * FT_M, f"{number(tick)}") for tick in ticks(0.0, top_ft, 5)]
    right = [(tick, f"{tick / 1000:g} km") for tick in ticks(0.0, top_m, 4)]
    parts = [grid(p, "Height above ground", left, right, "ft")]
    at_px = p.time.first_px + 40
    for name, height_m in sorted(lines, key=lambda row: -row[1]):
        if p.value.holds(height_m):
            y = p.value(height_m)
            parts.append(line(p.time.first_px, y, p.time.last_px, y, "limit"))
            parts.append(text(at_px, y - 3, name, "limit-label"))
            at_px += text_width(name, 11.0) + 14
    for name, (time_s, height_agl_m) in bodies.items():
        x = p.time.all(time_s)
        parts.append(path(x, p.value.all(p.inside(time_s, height_agl_m)), f"curve {classes[name]}"))
    return join(parts)


def range_marks(p: Panel) -> tuple[list[tuple[float, str]], list[tuple[float, str]]]:
    """Labels of a range axis with a logarithmic scale: feet like a ring, metres beside."""
    left = [(ft * FT_M, f"{ft:g}′") for ft in _RING_FT if p.value.holds(ft * FT_M)]
    right = [(m, f"{m:g} m") for m in _METRES if p.value.holds(m)]
    return spaced(p, left), spaced(p, right)


def spaced(p: Panel, marks: Sequence[tuple[float, str]], least_px: float = 14.0) -> list[tuple[float, str]]:
    """Marks from the bottom up, without those that would stand on the one below."""
    kept: list[tuple[float, str]] = []
    for value, said in sorted(marks):
        if not kept or abs(p.value(value) - p.value(kept[-1][0])) >= least_px:
            kept.append((value, said))
    return kept


def range_panel(
    p: Panel,
    time_s: Array,
    range_m: Array,
    *,
    near_m: Array | None,
    far_m: Array | None,
    in_focus: NDArray[np.bool_] | None,
    title: str,
    marks: tuple[list[tuple[float, str]], list[tuple[float, str]]],
    bounds: Sequence[tuple[float, float, float | None, float | None]] = (),
    sigma_m: Array | None = None,
) -> Html:
    """Range with the band in which the lens is sharp; the line is heavy where it is in focus.

    bounds: from_s, to_s, lower and upper of each beat that asks for a range.
    """
    x = p.time.all(time_s)
    parts = [grid(p, title, *marks, "")]
    if near_m is not None and far_m is not None:
        low, high = p.value.all(near_m), p.value.all(np.where(np.isposinf(far_m), p.value.high, far_m))
        here = p.during(time_s, low)
        parts.append(ribbon(x, here, high, "sharp-band"))
        parts += [path(x, here, "sharp-edge"), path(x, p.during(time_s, high), "sharp-edge")]
    parts += [bracket(p, *row) for row in bounds]
    seen = p.inside(time_s, range_m)
    if sigma_m is not None:
        parts.append(
            ribbon(x, p.value.all(seen - 2 * sigma_m), p.value.all(seen + 2 * sigma_m), "error-band")
        )
    y = p.value.all(seen)
    parts.append(path(x, y, "curve range"))
    if in_focus is not None:
        parts.append(path(x, np.where(in_focus, y, np.nan), "curve sharp"))
    return join(parts)


def bracket(p: Panel, from_s: float, to_s: float, lower: float | None, upper: float | None) -> Html:
    """What a beat allows, as a bracket over its window."""
    left, right = p.time(from_s), p.time(to_s)
    top = p.value(upper) if upper is not None else p.top_px
    bottom = p.value(lower) if lower is not None else p.bottom_px
    return rect(left, top, right - left, bottom - top, "asked")


def plain_panel(
    p: Panel, time_s: Array, values: Array, title: str, *, trade: tuple[float, str], si: tuple[float, str]
) -> Html:
    """One curve on a straight axis with its zero; trade and si: how much SI one of the unit is, and its name."""
    scale, unit = trade
    left = [
        (tick * scale, number(tick, 0))
        for tick in ticks(p.value.low / scale, p.value.high / scale, 4)
        if tick
    ]
    right = [
        (tick * si[0], f"{number(tick, 0)} {si[1]}")
        for tick in ticks(p.value.low / si[0], p.value.high / si[0], 3)
        if tick and si[1]
    ]
    zero = p.value(0.0) if p.value.holds(0.0) else None
    parts = [grid(p, title, left, right, unit)]
    if zero is not None:
        parts.append(line(p.time.first_px, zero, p.time.last_px, zero, "zero"))
        parts.append(text(p.time.first_px - 8, zero + 3.5, "0", "tick", "end"))
    parts.append(path(p.time.all(time_s), p.value.all(p.inside(time_s, values)), "curve plain"))
    return join(parts)


def blur_panel(
    p: Panel, time_s: Array, blur_m: Array, circles: Sequence[tuple[str, float]], title: str
) -> Html:
    """Blur disc on the sensor, logarithmic, against every criterion that is named."""
    marks = [(um * 1e-6, f"{um:g}") for um in _MICRONS if p.value.holds(um * 1e-6)]
    parts = [grid(p, title, spaced(p, marks), [], "µm")]
    for k, (name, circle_m) in enumerate(circles):
        if not p.value.holds(circle_m):
            continue
        y = p.value(circle_m)
        if k == 0:
            parts.insert(
                0, rect(p.time.first_px, y, p.time.last_px - p.time.first_px, p.bottom_px - y, "sharp-band")
            )
        parts.append(line(p.time.first_px, y, p.time.last_px, y, "circle" if k == 0 else "circle other"))
        parts.append(text(p.time.last_px + 8, y + 3.5, name, "tick circle-label"))
    parts.append(path(p.time.all(time_s), p.value.all(p.inside(time_s, blur_m)), "curve plain"))
    return join(parts)


def sun_panel(
    p: Panel,
    time_s: Array,
    sun_rad: dict[str, Array],
    classes: dict[str, str],
    *,
    wanted: Sequence[tuple[float, float, float | None, float | None]],
    slug: str,
) -> Html:
    """Sun above each body's own visible horizon over a strip of that sky; beats that ask for light are bracketed."""
    first = next(iter(sun_rad.values()))
    parts = [sky_strip(p.time, (p.top_px, p.height_px), time_s, first, slug)]
    marks = [
        (tick * DEG_RAD, f"{number(tick, 0)}°" if math.isclose(tick, round(tick)) else f"{number(tick, 1)}°")
        for tick in ticks(p.value.low / DEG_RAD, p.value.high / DEG_RAD, 3)
    ]
    parts.append(grid(p, "Sun above each one’s own visible horizon", marks, [], ""))
    if p.value.holds(0.0):
        parts.append(line(p.time.first_px, p.value(0.0), p.time.last_px, p.value(0.0), "zero"))
    parts += [bracket(p, *row) for row in wanted]
    x = p.time.all(time_s)
    lines = [(classes[name], p.value.all(p.inside(time_s, angle_rad))) for name, angle_rad in sun_rad.items()]
    parts += [path(x, y, "casing") for _, y in lines]
    parts += [path(x, y, f"curve {cls}") for cls, y in lines]
    return join(parts)


def inch_marks(p: Panel, step_in: float) -> tuple[list[tuple[float, str]], list[tuple[float, str]]]:
    """Labels of a straight range axis near the mark: feet and inches, centimetres beside."""
    first = math.ceil(p.value.low / IN_M / step_in)
    last = math.floor(p.value.high / IN_M / step_in)
    left = [(k * step_in * IN_M, feet_inches(k * step_in * IN_M)) for k in range(first, last + 1)]
    right = [(tick, f"{tick * 100:.0f} cm") for tick in ticks(p.value.low, p.value.high, 4)]
    return left, right


def time_grid(time: Scale, top_px: float, bottom_px: float, about: int = 10) -> Html:
    """Faint lines down at the marks of the time axis."""
    return group(line(time(t), top_px, time(t), bottom_px, "grid") for t in ticks(time.low, time.high, about))


def time_axis(time: Scale, y_px: float, about: int = 10) -> Html:
    """Seconds since the first exit under the lowest panel."""
    marks = ticks(time.low, time.high, about)
    step = marks[1] - marks[0] if len(marks) > 1 else 1.0
    digits = 0 if step >= 1 else 1
    parts: list[Html] = []
    for tick in marks:
        x = time(tick)
        parts += [
            line(x, y_px, x, y_px + 4, "axis"),
            text(x, y_px + 16, number(tick, digits), "tick", "middle"),
        ]
    parts.append(text(time.last_px, y_px + 31, "seconds since the first exit", "unit", "end"))
    return group(parts, "timeaxis")


def span_of(values: Array, *others: float, room: float = 0.08) -> tuple[float, float]:
    """Lowest and highest of what is finite, with some room; (0, 1) where nothing is."""
    finite = np.concatenate([values[np.isfinite(values)], [x for x in others if math.isfinite(x)]])
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    pad = max((high - low) * room, 1e-6)
    return low - pad, high + pad
