"""Exposure: light of that second against the stop, sensitivity, shutter and filters, in stops over."""

from onetake.judge.sight import Limits, Words

SIGNALS = ("exposure_stops",)
UNIT = "stops"
SCALE = 1.0
TOLERANCE = 0.1
TELLS = "a light reading, or the picture's own histogram"
SAID = "exposure"


def words(limits: Limits) -> Words:
    """OK: within the stops that the shot file allows."""
    return {"ok": ("exposure_stops", -limits.within_stops, limits.within_stops)}
