"""Level: the subject's eyes above the image plane."""

from onetake.units import FT_M, IN_M

SIGNALS = ("level_m",)
UNIT = "in"
SCALE = IN_M
TOLERANCE = FT_M
TELLS = "a range instrument with bearing"
SAID = "level"
