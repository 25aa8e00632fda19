"""Sun: above each body's own visible horizon; both bodies must be inside."""

from onetake.units import DEG_RAD

SIGNALS = (
    "sun_low_rad",
    "sun_high_rad",
)
UNIT = "deg"
SCALE = DEG_RAD
TOLERANCE = 0.1 * DEG_RAD
TELLS = "the time of exit to a second"
SAID = "sun"
