"""The slate: which shot, which take, which day, through which air."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from onetake.show import words
from onetake.show.markup import Html, tag
from onetake.show.material import Material
from onetake.show.sky import sky_name


def slate(m: Material) -> Html:
    """The card that says which shot, which take, which day, which winds."""
    shot, take = m.shot, m.take
    number = "not flown" if take is None else ("nominal" if take.slate.take == 0 else str(take.slate.take))
    seed = m.odds.seed if m.odds is not None else take.slate.seed if take is not None else None
    rate = take.slate.picture_rate if take is not None else shot.picture_rate
    fields = [
        ("Scene", shot.scene),
        ("Take", number),
        (
            "Pictures a second",
            f"{float(rate):.3f}".rstrip("0").rstrip(".") + (f" ({rate})" if rate.denominator != 1 else ""),
        ),
        ("Date", _day(m)),
        (
            "First exit",
            words.both_clocks(m.first_exit_utc, shot.place.time_zone)
            if m.first_exit_utc
            else "time not fixed",
        ),
        (
            "Place",
            f"{words.coordinates(shot.place.lat_deg, shot.place.lon_deg)}, {words.height(shot.place.elevation_m)} MSL",
        ),
        ("Winds", weather_said(m)),
        ("Seed", "none: no draw was made" if seed is None else str(seed)),
    ]
    cells = [tag("div", tag("dt", name), tag("dd", said)) for name, said in fields]
    card = tag("div", tag("h1", shot.title), tag("dl", *cells, cls="slate"), cls="inner")
    return tag("header", card, cls=sky_name(_sun_rad(m)))


def _sun_rad(m: Material) -> float | None:
    """The sun over the camera at the moment that matters: at the mark, else at the exit."""
    c = m.curves
    angle = c.sun_rad.get(m.names[0]) if c is not None else None
    if c is None or angle is None or not np.isfinite(angle).any():
        return None
    known, at_s = np.isfinite(angle), m.mark_time_s()
    return float(np.interp(at_s if at_s is not None else 0.0, c.time_s[known], angle[known]))


def _day(m: Material) -> str:
    if m.first_exit_utc is not None:
        return words.local(m.first_exit_utc, m.shot.place.time_zone, pattern="%a %d %b %Y")
    return f"{m.shot.place.date:%a %d %b %Y}" if m.shot.place.date else "day not fixed"


def weather_said(m: Material) -> str:
    """Which profile, whether seen or forecast, and how old it is at the exit."""
    if m.column is None:
        return (m.take.slate.weather if m.take else "") or "not given"
    column, exit_utc = m.column, m.first_exit_utc
    said = column.label
    if column.base_utc is not None and column.valid_utc is not None:
        lead = (column.valid_utc - column.base_utc).total_seconds() / 3600
        said += f", forecast {lead:.0f} h ahead" if lead > 0 else ", analysis"
    if column.valid_utc is not None and exit_utc is not None:
        said += f", {_age(column.valid_utc, exit_utc)}"
    return said


def _age(valid_utc: datetime, exit_utc: datetime) -> str:
    hours = (exit_utc - valid_utc).total_seconds() / 3600
    if abs(hours) < 0.05:
        return "valid at the exit"
    size = f"{abs(hours):.1f} h" if abs(hours) < 48 else f"{abs(hours) / 24:.1f} days"
    return f"valid {size} {'before' if hours > 0 else 'after'} the exit"
