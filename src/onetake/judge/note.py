"""Note: a beat's call in the words of a script supervisor."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from onetake.judge.bench import Bench, Row, Scored
from onetake.lens.focus import stop_mark
from onetake.units import DEG_RAD, FT_M, IN_M, MPH_M_S, feet_inches
from onetake.verdict import Call

Array = NDArray[np.float64]


def said(row: Row, value: float) -> str:
    """A signal's value as spoken: 2'9.6", 41 µm, 12°."""
    if not np.isfinite(value):
        return f"{row.said} unknown"
    if row.said.endswith("at least") and value <= 0:
        return f"{row.criterion.name} not known to be any"
    spoken = {
        "range_m": lambda x: feet_inches(x) if x < 30 else f"{x / FT_M:,.0f} ft",
        "level_m": lambda x: f"{x / IN_M:+.1f} in",
        "clearance_m": lambda x: f"{x / IN_M:.1f} in" if x < 3 else f"{x / FT_M:,.0f} ft",
        "separation_m": lambda x: f"{x / FT_M:.0f} ft",
        "closing_m_s": lambda x: f"{x / FT_M:.1f} ft/s",
        "blur_m": lambda x: f"blur {x * 1e6:.0f} µm",
        "face_room": lambda x: f"face {'cut' if x < 0 else 'inside'} by {abs(x) * 50:.0f} % of the picture",
        "body_room": lambda x: f"body {'cut' if x < 0 else 'inside'} by {abs(x) * 50:.0f} % of the picture",
        "size_share": lambda x: f"head {x * 100:.0f} % of the picture",
        "facing_rad": lambda x: f"face {x / DEG_RAD:.0f}° off the lens",
        "exposure_stops": lambda x: f"{abs(x):.1f} stops {'over' if x > 0 else 'under'}",
        "height_agl_m": lambda x: f"{x / FT_M:,.0f} ft AGL",
        "sun_low_rad": lambda x: f"sun {x / DEG_RAD:+.1f}°",
        "sun_high_rad": lambda x: f"sun {x / DEG_RAD:+.1f}°",
        "fall_rate_m_s": lambda x: f"{x / MPH_M_S:.0f} mph",
        "steady_rad_s": lambda x: f"{x / DEG_RAD:.0f}°/s",
        "horizon_rad": lambda x: f"horizon {x / DEG_RAD:.0f}° off",
        "aircraft_range_m": lambda x: f"aircraft {x / FT_M:,.0f} ft away",
        "aircraft_level_m": lambda x: f"aircraft {abs(x) / FT_M:,.0f} ft {'above' if x > 0 else 'below'}",
        "aircraft_closing_m_s": lambda x: f"closing on the aircraft at {x / FT_M:.1f} ft/s",
        "aircraft_separation_m": lambda x: f"nearer body {x / FT_M:,.0f} ft from the aircraft",
        "aircraft_facing_rad": lambda x: f"face {x / DEG_RAD:.0f}° off the aircraft",
        "aircraft_room": lambda x: f"aircraft {_placed(x)}",
        "aircraft_blur_m": lambda x: f"aircraft's blur {x * 1e6:.0f} µm",
        "sun_facing_rad": lambda x: f"face {x / DEG_RAD:.0f}° off the sun",
        "sun_room": lambda x: f"sun {_placed(x)}",
        "sun_hidden_room": lambda x: f"sun {_placed(x, 'beside the face', 'behind the face')}",
        "skyline_facing_rad": lambda x: f"face {x / DEG_RAD:.0f}° off level",
        "skyline_room": lambda x: f"horizon {_placed(x)}",
        "skyline_blur_m": lambda x: f"horizon's blur {x * 1e6:.0f} µm",
    }[row.signal](value)
    return spoken if row.signal not in ("range_m", "clearance_m", "level_m") else f"{row.said} {spoken}"


def _placed(room: float, out: str = "outside", inside: str = "inside") -> str:
    """Where something stands to the picture's edge; far off it no share of the picture is worth a number."""
    by = f" by {abs(room) * 50:.0f} % of the picture" if abs(room) < 4 else ""
    return f"{out if room < 0 else inside}{by}"


def beat_note(
    one: Scored, row: Row, value: float, called: Call, held: bool, held_s: float, at_s: float | None, bench: Bench,
    signals: Mapping[str, Array], index: int, blocked: bool, cause: str,
) -> str:  # fmt: skip
    """One line: what was called, how long it held of how long, what decided it, where, and what would mend it."""
    if blocked:
        after = bench.scored[one.after].name if one.after is not None else ""
        went = "was missed" if called == "missed" else "cannot be told"
        return f"{one.name}: {called} — {after!r} {went}, so its window never opened"
    if one.always is not None and all(row.blind for row in one.rows):
        return f"{one.name}: {called} — nothing tells {', '.join(sorted({row.said for row in one.rows}))}"
    if one.always is not None:
        throughout = "throughout" if held else "broken"
        return f"{one.name}: {called} — {throughout}; nearest {said(row, value)}{_at(at_s)}"
    length = f"held {held_s:.1f} s of {one.hold_s:.1f} s"
    blind = [row for row in one.rows if row.blind]
    if called == "cannot tell" and blind:
        missing = ", ".join(sorted({row.said for row in blind}))
        return f"{one.name}: {called} — {length} of what is known; nothing tells {missing}"
    if at_s is None:
        return f"{one.name}: {called} — {length}; its window closed before a hold could be tried"
    why = said(row, value) + _off(row, value)
    mend = _mend(row, bench, signals, index) if not held else ""
    return f"{one.name}: {called} — {length}; {why}{_at(at_s)}{mend}"


def _at(at_s: float | None) -> str:
    return "" if at_s is None else f" at t = {at_s:.1f} s"


def _off(row: Row, value: float) -> str:
    if row.signal != "range_m" or not np.isfinite(value):
        return ""
    if value < row.lower:
        return f', {(row.lower - value) / IN_M:.1f}" too close'
    if value > row.upper:
        return f', {(value - row.upper) / IN_M:.1f}" too far'
    return ""


def _mend(row: Row, bench: Bench, signals: Mapping[str, Array], index: int) -> str:
    """For focus: the range there, and the stop at which it would have been sharp."""
    if row.signal != "blur_m":
        return ""
    lens, glass = bench.glass.lens, bench.glass
    distance, blur = float(signals["range_m"][index]), float(signals["blur_m"][index])
    if not (np.isfinite(distance) and np.isfinite(blur)) or blur <= 0:
        return ""
    far = feet_inches(distance) if distance < 30 else f"{distance / FT_M:,.0f} ft"
    needed = stop_mark(lens.f_number * blur / glass.circle_m)
    if not np.isfinite(needed):
        return f"; range {far}"
    return f"; range {far}; sharp ({glass.criterion}) would need f/{needed:g}"
