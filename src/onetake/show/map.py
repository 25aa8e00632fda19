"""Map: the jump from above, with the winds by height beside it.

Local east-north-up metres at the drop zone; north is up on the page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.show import words
from onetake.show.markup import Html, figure, join, missing, section, tag
from onetake.show.material import Material
from onetake.show.side import event_s, highest_m, side_caption, side_view, track_rad
from onetake.show.svg import Scale, circle, group, line, nice_step, path, rect, svg, text
from onetake.show.wind import wind_ladder, wind_profile
from onetake.take import Take
from onetake.trace import Trace
from onetake.units import FT_M

Array = NDArray[np.float64]

WIDTH, HEIGHT = 700.0, 620.0
_LADDER_PX = 104.0
_PAD_PX = 46.0


@dataclass(frozen=True, slots=True)
class Ground:
    """Pixels of a place on the ground, the same scale both ways."""

    east: Scale
    north: Scale

    @property
    def px_per_m(self) -> float:
        """How many pixels a metre is."""
        return (self.east.last_px - self.east.first_px) / (self.east.high - self.east.low)

    def at(self, east_m: float, north_m: float) -> tuple[float, float]:
        """One point."""
        return self.east(east_m), self.north(north_m)


def where(m: Material) -> Html:
    """The section with the map, the side view and the winds."""
    if m.plan is None and m.take is None:
        return section(
            "map", "Where", tag("p", missing("neither a plan nor a take says where this jump goes"))
        )
    drawings = [figure(_plan_view(m), _caption(m), cls="map")]
    aside = [wind_profile(m.column, m.shot.place.elevation_m, _top_m(m))]
    if m.take is not None:
        aside.insert(0, figure(side_view(m, m.take), side_caption(m)))
    return section(
        "map", "Where: spot, drift and landing", tag("div", *drawings, tag("div", *aside, cls="stack"), cls="map-row")
    )  # fmt: skip


def _top_m(m: Material) -> float:
    """Exit height above mean sea level, or the highest of the take."""
    if m.plan is not None and math.isfinite(m.plan.exit.altitude_msl_m):
        return m.plan.exit.altitude_msl_m
    return m.shot.place.elevation_m + max(highest_m(m.take) if m.take else 0.0, 1000.0)


def _points(m: Material) -> Array:
    """Everything that must be on the map, (n, 2)."""
    reach = m.shot.opening.landing_within_m or 300.0
    rows = [[-reach, -reach], [reach, reach]]
    if m.plan is not None:
        rows += [list(m.plan.exit.position_enu_m), list(m.plan.landing_enu_m)]
    parts = [np.array(rows, float)]
    parts += [trace.position_enu_m[:, :2] for trace in (m.take.bodies if m.take else ())]
    every = np.concatenate(parts)
    kept: Array = every[np.isfinite(every).all(axis=1)]
    return kept


def _ground(points: Array) -> Ground:
    left, right, top, bottom = _LADDER_PX + _PAD_PX, WIDTH - _PAD_PX, _PAD_PX, HEIGHT - _PAD_PX - 14
    low, high = points.min(axis=0), points.max(axis=0)
    middle = (low + high) / 2
    per_px = max((high[0] - low[0]) / (right - left), (high[1] - low[1]) / (bottom - top), 0.05) * 1.04
    half = np.array([(right - left), (bottom - top)]) * per_px / 2
    east = Scale(float(middle[0] - half[0]), float(middle[0] + half[0]), left, right)
    north = Scale(float(middle[1] - half[1]), float(middle[1] + half[1]), bottom, top)
    return Ground(east, north)


def _plan_view(m: Material) -> Html:
    g = _ground(_points(m))
    ground: list[Html] = [
        rect(_LADDER_PX, 0, WIDTH - _LADDER_PX, HEIGHT, "land"),
        _squares(g),
        _drop_zone(m, g),
    ]
    spot = np.array(m.plan.exit.position_enu_m if m.plan else (np.nan, np.nan))
    track = track_rad(m)
    if track is not None and np.isfinite(spot).all():
        ground.append(_jump_run(g.at(*spot), track))
    if m.take is not None:
        ground += [_flight(m, m.take, trace, g) for trace in m.take.bodies]
    if np.isfinite(spot).all():
        x, y = g.at(*spot)
        ground += [circle(x, y, 4.5, "exit-point"), text(x + 9, y - 7, "exit", "place-label")]
    edge = tag("clipPath", rect(_LADDER_PX, 0, WIDTH - _LADDER_PX, HEIGHT, ""), id="map-edge")
    ladder = wind_ladder(m.column, m.shot.place.elevation_m, _top_m(m), (_LADDER_PX, HEIGHT))
    label = "Map of the jump: jump run, exit point, drift, openings and landings"
    land = group(ground, clip_path="url(#map-edge)")
    return svg(WIDTH, HEIGHT, tag("defs", edge), land, _north_arrow(), _scale_bar(g), ladder, label=label)


def _squares(g: Ground) -> Html:
    """A faint kilometre-like grid."""
    step = nice_step(g.east.high - g.east.low, 6)
    parts = []
    for scale, east in ((g.east, True), (g.north, False)):
        for k in range(math.ceil(scale.low / step), math.floor(scale.high / step) + 1):
            v = scale(k * step)
            parts.append(
                line(v, 0, v, HEIGHT, "map-grid") if east else line(_LADDER_PX, v, WIDTH, v, "map-grid")
            )
    return group(parts)


def _drop_zone(m: Material, g: Ground) -> Html:
    """The drop zone, how far from it a landing may be, and how far landings spread."""
    x, y = g.at(0.0, 0.0)
    parts: list[Html] = []
    for name, radius_m in reversed(_spreads(m)):
        if math.isfinite(radius_m) and radius_m > 0:
            r, inner = radius_m * g.px_per_m, name.startswith("50")
            parts.append(circle(x, y, r, "spread" if inner else "spread outer"))
            parts.append(text(x, y + r + (-5 if inner else 13), name, "place-label faint", "middle"))
    within_m = m.shot.opening.landing_within_m
    if within_m:
        r = within_m * g.px_per_m
        parts += [
            circle(x, y, r, "within"),
            text(
                x,
                y - r - 6,
                f"asked within {words.number(within_m / FT_M)} ft",
                "place-label faint",
                "middle",
            ),
        ]
    parts += [line(x - 7, y, x + 7, y, "cross"), line(x, y - 7, x, y + 7, "cross")]
    parts.append(text(x - 10, y + 4, "drop zone", "place-label", "end"))
    return group(parts)


def _spreads(m: Material) -> list[tuple[str, float]]:
    """How far from the drop zone the farther of both lands: by the odds, else by the plan's estimate."""
    if m.odds is not None:
        return [("50 % land inside", m.odds.landing_p50_m), ("95 % land inside", m.odds.landing_p95_m)]
    if m.plan is not None:
        near_m, far_m = m.plan.landing_spread_m
        return [("50 % inside, estimate", near_m), ("95 % inside, estimate", far_m)]
    return []


def _jump_run(exit_px: tuple[float, float], track_rad: float) -> Html:
    """The aircraft's track through the exit point, with its direction."""
    x, y = exit_px
    along = np.array([math.sin(track_rad), -math.cos(track_rad)])
    tail, head = np.array([x, y]) - along * 900, np.array([x, y]) + along * 900
    tip = np.array([x, y]) + along * 74
    side = np.array([-along[1], along[0]])
    wings = [tip - along * 11 + side * 5, tip - along * 11 - side * 5]
    d = "M" + "L".join(f"{p[0]:.1f} {p[1]:.1f}" for p in (tip, *wings)) + "Z"
    run = line(float(tail[0]), float(tail[1]), float(head[0]), float(head[1]), "jump-run")
    return join([run, tag("path", d=d, cls="aircraft")])


def _flight(m: Material, take: Take, trace: Trace, g: Ground) -> Html:
    """One body: from its exit to its opening, from there to the ground."""
    cls = m.body_class(trace.name)
    left_s, open_s = event_s(take, "exit", trace.name), event_s(take, "open", trace.name)
    time = trace.time_s
    falling = (time >= (left_s if left_s is not None else time[0])) & (time <= (open_s or time[-1]))
    flying = time >= open_s if open_s is not None else np.zeros(len(time), bool)
    x, y = g.east.all(trace.position_enu_m[:, 0]), g.north.all(trace.position_enu_m[:, 1])
    parts = [path(x[flying], y[flying], f"canopy {cls}"), path(x[falling], y[falling], f"freefall {cls}")]
    if flying.any():
        k = int(np.argmax(flying))
        if np.isfinite([x[k], y[k]]).all():
            parts.append(circle(float(x[k]), float(y[k]), 4.0, f"opened {cls}"))
        if np.isfinite([x[-1], y[-1]]).all() and event_s(take, "landing", trace.name) is not None:
            parts.append(rect(float(x[-1]) - 4, float(y[-1]) - 4, 8, 8, f"landed {cls}"))
    return group(parts)


def _north_arrow() -> Html:
    x = WIDTH - 28
    return group(
        [
            tag("path", d=f"M{x} 14L{x + 6} 38L{x} 32L{x - 6} 38Z", cls="north"),
            text(x, 52, "N", "place-label", "middle"),
        ]
    )


def _scale_bar(g: Ground) -> Html:
    length_m = nice_step(110 / g.px_per_m, 1)
    length_m = length_m if length_m * g.px_per_m < 200 else length_m / 2
    x, y, w = _LADDER_PX + 18, HEIGHT - 20, length_m * g.px_per_m
    said = f"{words.number(length_m)} m · {words.number(length_m / FT_M)} ft"
    ends = [line(x, y - 4, x, y + 4, "scale-bar"), line(x + w, y - 4, x + w, y + 4, "scale-bar")]
    return group([line(x, y, x + w, y, "scale-bar"), *ends, text(x, y - 8, said, "place-label")])


def _caption(m: Material) -> Html:
    said: list[object] = []
    if m.plan is not None:
        run, spot = m.plan.jump_run, m.plan.exit
        said.append(
            f"Jump run {words.compass(run.track_rad)} true over the ground (nose {words.compass(run.heading_rad)}), "
            f"{words.speed(run.ground_speed_m_s)} ground speed. Exit at {words.coordinates(spot.lat_deg, spot.lon_deg)}. "
            f"Forward throw {words.ground(run.forward_throw_m)} where doctrine says {words.ground(run.doctrine_throw_m)}; "
            f"drift {words.ground(run.drift_m)} where doctrine says {words.ground(run.doctrine_drift_m)}. "
        )
    said.append("Solid: freefall. Dot: open. Thin: under the parachute. Square: landed. ")
    if m.shot.opening.landing_within_m:
        said.append(
            f"Dashed circle: landings are asked within {words.ground(m.shot.opening.landing_within_m)}. "
        )
    spreads = [f"{name}: {words.ground(radius_m)}" for name, radius_m in _spreads(m)]
    said.append(
        f"The farther of both landings: {'; '.join(spreads)}."
        if spreads
        else missing("no spread of landings is known")
    )
    return join(said)
