"""Level: the subject's eyes above the image plane."""

from onetake.judge.sight import AIRCRAFT_TELLS, Sight
from onetake.units import FT_M, IN_M

SIGNALS = ("level_m",)
UNIT = "in"
SCALE = IN_M
TOLERANCE = FT_M
TELLS = "a range instrument with bearing"
SAID = "level"
TARGETS = {
    "aircraft": Sight(
        signals=("aircraft_level_m",), unit="ft", scale=FT_M, tolerance=FT_M, said="level to the aircraft",
        tells=AIRCRAFT_TELLS,
    ),
}  # fmt: skip
