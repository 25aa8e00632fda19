"""Wind: speed and barbs by height, and the ladder of arrows beside the map.

Heights are above mean sea level in feet, as winds aloft are spoken; directions are where the wind comes from, true.
"""

from __future__ import annotations

import math

import numpy as np

from onetake.axes import wind_from
from onetake.show import words
from onetake.show.markup import Html, figure, join, missing, tag
from onetake.show.svg import Scale, circle, group, line, path, svg, text, ticks
from onetake.units import FT_M, KT_M_S
from onetake.weather.column import Column

_WIDTH, _HEIGHT = 460.0, 330.0
_STEPS_FT = (1000.0, 2000.0, 2500.0, 5000.0, 10000.0)


def levels_m(ground_msl_m: float, top_msl_m: float, about: int) -> list[float]:
    """Round heights in feet from the ground to the top, about so many, in metres; the ground is the first."""
    span_ft = (top_msl_m - ground_msl_m) / FT_M
    step = next((s for s in _STEPS_FT if span_ft / s <= about), _STEPS_FT[-1])
    first = math.floor(ground_msl_m / FT_M / step) + 1
    steps = [k * step * FT_M for k in range(first, math.floor(top_msl_m / FT_M / step + 1e-6) + 1)]
    return [ground_msl_m, *(s for s in steps if s - ground_msl_m > 0.3 * step * FT_M)]


def wind_at(column: Column, altitude_msl_m: float) -> tuple[float, float] | None:
    """East and north m/s of the air, or None where it is not known; nothing is guessed above the profile."""
    bottom, top = column.bottom_msl_m, column.top_msl_m
    if bottom is None or top is None or not altitude_msl_m <= top:
        return None
    known = column.has_wind
    level = column.altitude_msl_m[known]
    east = float(np.interp(altitude_msl_m, level, column.wind_east_m_s[known]))
    return east, float(np.interp(altitude_msl_m, level, column.wind_north_m_s[known]))


def wind_ladder(
    column: Column | None, ground_msl_m: float, top_msl_m: float, size_px: tuple[float, float]
) -> Html:
    """Arrows by height beside a map, each the way the air moves there."""
    width, height = size_px
    parts = [text(10, 22, "Wind blows", "title")]
    if column is None:
        return group([*parts, text(10, 40, "not given", "tick")])
    chosen = levels_m(ground_msl_m, top_msl_m, 9)
    y = Scale(0.0, max(len(chosen) - 1, 1), height - 46, 66)
    for k, level_m in enumerate(chosen):
        parts.append(_rung(column, level_m, y(k), width, "ground" if k == 0 else f"{level_m / FT_M:,.0f}"))
    parts.append(text(10, height - 8, "ft MSL, from, kt", "unit"))
    return group(parts, "ladder")


def _rung(column: Column, level_m: float, y: float, width: float, name: str) -> Html:
    wind = wind_at(column, level_m)
    if wind is None:
        return group([text(10, y - 6, name, "tick"), text(10, y + 8, "not in the profile", "unit")])
    direction, speed = wind_from(*wind)
    kt = float(speed) / KT_M_S
    length = min(8.0 + kt * 0.55, 34.0)
    towards = math.radians(float(direction) + 180.0)
    dx, dy = math.sin(towards), -math.cos(towards)
    cx, cy = width - 24, y
    return group(
        [
            text(10, y - 3, name, "tick"),
            text(10, y + 10, f"{_from(float(direction))} {kt:.0f}", "unit strong"),
            _arrow(cx - dx * length / 2, cy - dy * length / 2, cx + dx * length / 2, cy + dy * length / 2),
        ]
    )


def _from(direction_deg: float) -> str:
    return f"{round(direction_deg / 5) * 5 % 360 or 360:03d}°"


def _arrow(x1: float, y1: float, x2: float, y2: float) -> Html:
    length = math.hypot(x2 - x1, y2 - y1)
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    left, right = (
        (x2 - 6 * ux - 3.4 * uy, y2 - 6 * uy + 3.4 * ux),
        (x2 - 6 * ux + 3.4 * uy, y2 - 6 * uy - 3.4 * ux),
    )
    d = f"M{x2:.1f} {y2:.1f}L{left[0]:.1f} {left[1]:.1f}L{right[0]:.1f} {right[1]:.1f}Z"
    return join([line(x1, y1, x2 - 4 * ux, y2 - 4 * uy, "wind-arrow"), tag("path", d=d, cls="wind-head")])


def wind_profile(column: Column | None, ground_msl_m: float, top_msl_m: float) -> Html:
    """Speed by height with the measured levels as dots, and barbs."""
    if column is None:
        return tag("p", missing("no weather profile was given to this report"))
    if column.top_msl_m is None:
        return tag("p", missing(f"{column.label} has no wind at any level"))
    shown_m = top_msl_m * 1.06
    here = column.has_wind & (column.altitude_msl_m <= shown_m)
    level, east, north = column.altitude_msl_m[here], column.wind_east_m_s[here], column.wind_north_m_s[here]
    kt = np.hypot(east, north) / KT_M_S
    fastest = max(float(kt.max()) if kt.size else 0.0, 10.0)
    y = Scale(min(0.0, ground_msl_m), shown_m, _HEIGHT - 34, 26)
    x = Scale(0.0, fastest * 1.12, 56, _WIDTH - 110)
    parts = _profile_axes(x, y, top_msl_m)
    parts += [path(x.all(kt), y.all(level), "curve plain")]
    parts += [circle(x(float(a)), y(float(b)), 2.2, "level") for a, b in zip(kt, level, strict=True)]
    for level_m in levels_m(ground_msl_m, top_msl_m, 11):
        wind = wind_at(column, level_m)
        if wind is not None:
            parts.append(_barb_row(wind, y(level_m)))
    label = f"Wind by height, {column.label}"
    return figure(svg(_WIDTH, _HEIGHT, *parts, label=label), _profile_caption(column, top_msl_m))


def _profile_axes(x: Scale, y: Scale, top_msl_m: float) -> list[Html]:
    parts = [line(x.first_px, y.first_px, x.last_px, y.first_px, "axis")]
    for ft in ticks(0.0, y.high / FT_M, 6):
        v = y(ft * FT_M)
        parts += [
            line(x.first_px, v, x.last_px, v, "grid"),
            text(x.first_px - 7, v + 3.5, f"{ft:,.0f}", "tick", "end"),
        ]
    for kt in ticks(0.0, x.high, 5):
        parts.append(text(x(kt), _HEIGHT - 18, f"{kt:.0f}", "tick", "middle"))
    exit_px = y(top_msl_m)
    parts += [
        line(x.first_px, exit_px, x.last_px, exit_px, "limit"),
        text(x.first_px + 5, exit_px - 4, "exit", "limit-label"),
    ]
    parts.append(text(x.last_px, _HEIGHT - 3, "knots", "unit", "end"))
    parts.append(text(2, 12, "Altitude MSL, ft", "title"))
    return parts


def _barb_row(wind: tuple[float, float], y: float) -> Html:
    direction, speed = wind_from(*wind)
    kt = float(speed) / KT_M_S
    said = f"{_from(float(direction))} {kt:.0f} kt" if kt >= 0.5 else "calm"
    return join(
        [_barb(_WIDTH - 90, y, float(direction), kt), text(_WIDTH - 12, y + 3.5, said, "tick", "end")]
    )


def _barb(x: float, y: float, direction_deg: float, kt: float) -> Html:
    """A wind barb: the shaft points where the wind comes from; pennant 50, long 10, short 5 knots."""
    fives = round(kt / 5)
    if fives == 0:
        return circle(x, y, 3.0, "barb")
    d, at, left = "M0 0L0 -20", -20.0, fives
    while left >= 10:
        d, at, left = d + f"M0 {at:g}L7 {at + 2:g}L0 {at + 4:g}Z", at + 5, left - 10
    if fives == 1:
        at += 4
    while left > 0:
        reach = 8 if left >= 2 else 4
        d, at, left = d + f"M0 {at:g}L{reach} {at - reach * 0.45:g}", at + 3.2, left - 2
    return tag("path", d=d, cls="barb", transform=f"translate({x:.1f} {y:.1f}) rotate({direction_deg:.0f})")


def _profile_caption(column: Column, top_msl_m: float) -> Html:
    top = column.top_msl_m or 0.0
    said: list[object] = [f"Winds of {column.label}. Dots are its levels. "]
    if top < top_msl_m:
        said.append(
            tag(
                "strong",
                f"The profile ends at {words.height(top)}, below the exit: above it the wind is not known. ",
            )
        )
    here = column.has_wind & (column.altitude_msl_m <= top_msl_m)
    if here.any():
        speed = np.hypot(column.wind_east_m_s[here], column.wind_north_m_s[here])
        at_m = column.altitude_msl_m[here][int(np.argmax(speed))]
        said.append(
            f"Strongest below the exit: {words.speed(float(speed.max()))} at {words.height(float(at_m))}."
        )
    return join(said)
