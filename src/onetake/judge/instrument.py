"""Instrument: what measured the signal that decided a beat, in the words of the take that carries it."""

from __future__ import annotations

from onetake.judge.bench import Row
from onetake.judge.state import SHOWN
from onetake.take import Take

# between the two bodies; everything else but the picture's is of the bodies' own places, or of the clock
_BETWEEN = ("range_m", "depth_m", "level_m", "closing_m_s", "separation_m", "clearance_m")
_PLACES = ("height_agl_m", "fall_rate_m_s", "aircraft_", "sun_", "exposure_stops")


def instrument_of(row: Row, take: Take) -> str:
    """The instrument of a row's signal; empty for a simulated take and where none is named."""
    bodies = list(dict.fromkeys(trace.instrument for trace in take.bodies[:2] if trace.instrument))
    if take.film is not None and row.signal in SHOWN:
        return f"{row.said} in {take.film.instrument}"
    if row.signal in _BETWEEN:
        if take.sight is not None:
            return take.sight.instrument
        if take.relative is not None:
            return take.relative.instrument
        return f"difference of {' and '.join(bodies)}" if bodies else ""
    if row.signal.startswith(_PLACES):
        return " and ".join(bodies)
    return take.lens.instrument if take.lens is not None else ""
