"""Clearance: surface to surface of the nearest parts, helmet, rig and camera included."""

from onetake.units import IN_M

SIGNALS = ("clearance_m",)
UNIT = "in"
SCALE = IN_M
TOLERANCE = IN_M
TELLS = "a range instrument and both attitudes"
SAID = "clearance"
