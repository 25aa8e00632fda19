"""Closing: how fast the range shrinks."""

from onetake.units import FT_M

SIGNALS = ("closing_m_s",)
UNIT = "ft/s"
SCALE = FT_M
TOLERANCE = FT_M
TELLS = "a range instrument"
SAID = "closing"
