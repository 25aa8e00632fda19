"""Separation: centre of mass to centre of mass."""

from onetake.units import FT_M

SIGNALS = ("separation_m",)
UNIT = "ft"
SCALE = FT_M
TOLERANCE = FT_M
TELLS = "GNSS is enough beyond ten metres"
SAID = "separation"
