"""Side view: height against distance along the jump run. Local metres; heights above the drop zone."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from onetake.show import words
from onetake.show.markup import Html
from onetake.show.material import Material
from onetake.show.svg import Scale, line, nice_step, path, svg, text
from onetake.take import Take
from onetake.trace import Array, Trace
from onetake.units import FT_M


def event_s(take: Take, name: str, body: str) -> float | None:
    """When something happened to somebody, or None."""
    event = take.event(name, body)
    return event.time_s if event is not None and math.isfinite(event.time_s) else None


def track_rad(m: Material) -> float | None:
    """The way the aircraft flies over the ground, or None where no plan says."""
    track = m.plan.jump_run.track_rad if m.plan else math.nan
    return track if math.isfinite(track) else None


def places(trace: Trace) -> Array:
    """Positions (n, 3), NaN throughout where any part is not finite."""
    good: NDArray[np.bool_] = np.asarray(np.isfinite(trace.position_enu_m).all(axis=1))
    kept: Array = np.where(good[:, None], trace.position_enu_m, np.nan)
    return kept


def highest_m(take: Take) -> float:
    """The highest that anybody is known to have been above the drop zone; 0 where nothing is known."""
    up = np.concatenate([np.zeros(1), *(trace.position_enu_m[:, 2] for trace in take.bodies)])
    return float(up[np.isfinite(up)].max())


def side_view(m: Material, take: Take) -> Html:
    """Height against distance along the jump run."""
    width, height = 460.0, 230.0
    track = track_rad(m)
    along_said = "along the jump run" if track is not None else "north"
    track = track or 0.0
    along = {t.name: places(t) @ np.array([math.sin(track), math.cos(track), 0.0]) for t in take.bodies}
    every = np.concatenate([*along.values(), np.zeros(1)])
    every = every[np.isfinite(every)]
    pad = max(float(np.ptp(every)) * 0.06, 50.0)
    x = Scale(float(every.min()) - pad, float(every.max()) + pad, 56, width - 12)
    y = Scale(0.0, max(highest_m(take), 100.0) * 1.05, height - 34, 26)
    parts = [line(x.first_px, y.first_px, x.last_px, y.first_px, "axis")]
    for ft in (0, 5000, 10000, 15000, 20000, 25000, 30000, 35000):
        if y.holds(ft * FT_M):
            v = y(ft * FT_M)
            parts += [
                line(x.first_px, v, x.last_px, v, "grid"),
                text(x.first_px - 7, v + 3.5, f"{ft:,}", "tick", "end"),
            ]
    step = nice_step(x.high - x.low, 4)
    for k in range(math.ceil(x.low / step), math.floor(x.high / step) + 1):
        parts.append(text(x(k * step), height - 18, words.number(k * step), "tick", "middle"))
    parts.append(text(x.last_px, height - 3, f"metres {along_said} from the drop zone", "unit", "end"))
    parts.append(text(2, 12, "Height above ground, ft", "title"))
    for trace in take.bodies:
        cls, opened = m.body_class(trace.name), event_s(take, "open", trace.name)
        px, py = x.all(along[trace.name]), y.all(trace.position_enu_m[:, 2])
        fell = trace.time_s <= (opened if opened is not None else trace.time_s[-1])
        parts += [path(px[~fell], py[~fell], f"canopy {cls}"), path(px[fell], py[fell], f"freefall {cls}")]
    return svg(
        width, height, *parts, label="The jump from the side: height against distance along the jump run"
    )


def side_caption(m: Material) -> str:
    """Which way one looks."""
    seen = "along the jump run" if track_rad(m) is not None else "northward, as no jump run is known"
    return f"From the side, {seen}; heights are stretched against distance."
