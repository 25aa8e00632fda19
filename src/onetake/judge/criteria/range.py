"""Range: image plane to the subject's eyes, as the focus puller measures it."""

from onetake.judge.sight import AIRCRAFT_TELLS, Sight
from onetake.units import FT_M, IN_M

SIGNALS = ("range_m",)
UNIT = "in"
SCALE = IN_M
TOLERANCE = IN_M
TELLS = "a range instrument: fiducial tag in the picture, or a laser"
SAID = "range"
TARGETS = {
    "aircraft": Sight(
        signals=("aircraft_range_m",), unit="ft", scale=FT_M, tolerance=FT_M, said="range to the aircraft",
        tells=AIRCRAFT_TELLS,
    ),
}  # fmt: skip
