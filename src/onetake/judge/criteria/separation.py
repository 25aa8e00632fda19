"""Separation: centre of mass to centre of mass."""

from onetake.judge.sight import AIRCRAFT_TELLS, Sight
from onetake.units import FT_M

SIGNALS = ("separation_m",)
UNIT = "ft"
SCALE = FT_M
TOLERANCE = FT_M
TELLS = "GNSS is enough beyond ten metres"
SAID = "separation"
TARGETS = {
    "aircraft": Sight(
        signals=("aircraft_separation_m",), unit="ft", scale=FT_M, tolerance=FT_M,
        said="separation from the aircraft", tells=AIRCRAFT_TELLS,
    ),
}  # fmt: skip
