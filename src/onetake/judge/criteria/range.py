"""Range: image plane to the subject's eyes, as the focus puller measures it."""

from onetake.units import IN_M

SIGNALS = ("range_m",)
UNIT = "in"
SCALE = IN_M
TOLERANCE = IN_M
TELLS = "a range instrument: fiducial tag in the picture, or a laser"
SAID = "range"
