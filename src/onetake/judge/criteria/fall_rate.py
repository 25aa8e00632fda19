"""Fall rate: vertical speed of the subject."""

from onetake.units import MPH_M_S

SIGNALS = ("fall_rate_m_s",)
UNIT = "mph"
SCALE = MPH_M_S
TOLERANCE = MPH_M_S
TELLS = "GNSS"
SAID = "fall rate"
