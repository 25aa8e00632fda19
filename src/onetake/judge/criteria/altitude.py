"""Altitude: height of the subject above the drop zone."""

from onetake.units import FT_M

SIGNALS = ("height_agl_m",)
UNIT = "ft"
SCALE = FT_M
TOLERANCE = 100 * FT_M
TELLS = "GNSS or barometer"
SAID = "altitude"
