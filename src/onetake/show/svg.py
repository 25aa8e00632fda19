"""Drawing: scales from values to pixels, ticks, and the few shapes a plot is made of.

Pixels run right and down. What is not finite is left out of a line, never drawn as something.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.show.markup import Html, join, pixels, tag

Array = NDArray[np.float64]

_SEEN_PX = 0.15  # what a line may lose


@dataclass(frozen=True, slots=True)
class Scale:
    """From a value to pixels: straight, or by its logarithm. Values beyond the ends are drawn at the ends."""

    low: float
    high: float
    first_px: float
    last_px: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """Pixels of one finite value."""
        return float(self.all(np.array([value]))[0])

    def all(self, values: Array) -> Array:
        """Pixels of many; NaN for what is not finite."""
        values = np.asarray(values, float)
        kept = np.clip(np.where(np.isfinite(values), values, np.nan), self.low, self.high)
        low, high = (math.log(self.low), math.log(self.high)) if self.log else (self.low, self.high)
        share = ((np.log(kept) if self.log else kept) - low) / (high - low)
        out: Array = self.first_px + share * (self.last_px - self.first_px)
        return out

    def holds(self, value: float) -> bool:
        """True for a value between the ends."""
        return self.low <= value <= self.high


def ticks(low: float, high: float, about: int) -> list[float]:
    """Round values from low to high: steps of 1, 2 or 5 times a power of ten, about so many."""
    step = nice_step(high - low, about)
    first = math.ceil(low / step - 1e-9)
    return [k * step for k in range(first, math.floor(high / step + 1e-9) + 1)]


def nice_step(span: float, about: int) -> float:
    """1, 2 or 5 times a power of ten, so that `about` of them make the span."""
    rough = max(span, 1e-9) / max(about, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    return power * next(m for m in (1, 2, 5, 10) if m * power >= rough * (1 - 1e-9))


def svg(width: float, height: float, *parts: object, label: str, cls: str = "", **more: object) -> Html:
    """A drawing that scales with the page; `label` is what a reader who cannot see it is told."""
    return tag(
        "svg", tag("title", label), *parts, view_box=f"0 0 {pixels(width)} {pixels(height)}", role="img",
        aria_label=label, cls=cls or None, **more,
    )  # fmt: skip


def line(x1: float, y1: float, x2: float, y2: float, cls: str) -> Html:
    """A straight line."""
    return tag("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), cls=cls)


def rect(x: float, y: float, width: float, height: float, cls: str, **more: object) -> Html:
    """A rectangle; no narrower than can be seen."""
    return tag(
        "rect",
        x=float(x),
        y=float(y),
        width=max(float(width), 0.5),
        height=max(float(height), 0.5),
        cls=cls,
        **more,
    )


def circle(x: float, y: float, radius: float, cls: str) -> Html:
    """A circle."""
    return tag("circle", cx=float(x), cy=float(y), r=float(radius), cls=cls)


def text(x: float, y: float, said: object, cls: str = "", anchor: str = "start", **more: object) -> Html:
    """Text by its baseline."""
    return tag(
        "text",
        said,
        x=float(x),
        y=float(y),
        cls=cls or None,
        text_anchor=None if anchor == "start" else anchor,
        **more,
    )


def group(parts: Iterable[object], cls: str = "", **more: object) -> Html:
    """Parts that belong together."""
    return tag("g", join(parts), cls=cls or None, **more)


def path(x_px: Array, y_px: Array, cls: str) -> Html:
    """A line through all finite points, broken where one is missing; nothing where there are none."""
    d = "".join(_stretch(x_px[i:j], y_px[i:j]) for i, j in stretches(np.isfinite(x_px) & np.isfinite(y_px)))
    return tag("path", d=d, cls=cls) if d else Html()


def ribbon(x_px: Array, low_px: Array, high_px: Array, cls: str) -> Html:
    """The area between two lines, where both are known."""
    d = ""
    for i, j in stretches(np.isfinite(x_px) & np.isfinite(low_px) & np.isfinite(high_px)):
        there = _stretch(x_px[i:j], low_px[i:j])
        back = _stretch(x_px[i:j][::-1], high_px[i:j][::-1]).replace("M", "L", 1)
        d += f"{there}{back}Z" if there else ""
    return tag("path", d=d, cls=cls) if d else Html()


def stretches(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where flags are true: pairs of the first and one past the last."""
    padded = np.concatenate([[False], flags, [False]]).astype(np.int8)
    starts, ends = np.flatnonzero(np.diff(padded) == 1), np.flatnonzero(np.diff(padded) == -1)
    return [(int(i), int(j)) for i, j in zip(starts, ends, strict=True)]


def _stretch(x_px: Array, y_px: Array) -> str:
    if len(x_px) < 2:
        return ""
    keep = _worth(x_px, y_px)
    points = [f"{pixels(float(x))} {pixels(float(y))}" for x, y in zip(x_px[keep], y_px[keep], strict=True)]
    return "M" + "L".join(points)


def _worth(x_px: Array, y_px: Array) -> NDArray[np.bool_]:
    """The points that keep a line within a seventh of a pixel of itself (Ramer 1972, Douglas and Peucker 1973)."""
    keep = np.zeros(len(x_px), bool)
    keep[0] = keep[-1] = True
    spans = [(0, len(x_px) - 1)]
    while spans:
        i, j = spans.pop()
        if j - i < 2:
            continue
        dx, dy = x_px[j] - x_px[i], y_px[j] - y_px[i]
        along, across = x_px[i + 1 : j] - x_px[i], y_px[i + 1 : j] - y_px[i]
        length = math.hypot(dx, dy)
        off = np.abs(dx * across - dy * along) / length if length > 1e-9 else np.hypot(along, across)
        k = int(np.argmax(off))
        if off[k] > _SEEN_PX:
            keep[i + 1 + k] = True
            spans += [(i, i + 1 + k), (i + 1 + k, j)]
    return keep


def text_width(said: str, size_px: float = 11.0) -> float:
    """About how wide a text is, for keeping labels apart."""
    return 0.56 * size_px * len(said)


def rows_without_overlap(spans: list[tuple[float, float]], gap: float = 8.0) -> list[int]:
    """For labels given by left and right, the row each goes into so that none covers another."""
    ends: list[float] = []
    rows = []
    for left, right in spans:
        row = next((i for i, end in enumerate(ends) if end + gap <= left), len(ends))
        if row == len(ends):
            ends.append(right)
        ends[row] = right
        rows.append(row)
    return rows
