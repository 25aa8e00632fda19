"""Closing: how fast the range shrinks."""

from onetake.judge.sight import AIRCRAFT_TELLS, Sight
from onetake.units import FT_M

SIGNALS = ("closing_m_s",)
UNIT = "ft/s"
SCALE = FT_M
TOLERANCE = FT_M
TELLS = "a range instrument"
SAID = "closing"
TARGETS = {
    "aircraft": Sight(
        signals=("aircraft_closing_m_s",), unit="ft/s", scale=FT_M, tolerance=FT_M, said="closing on the aircraft",
        tells=AIRCRAFT_TELLS,
    ),
}  # fmt: skip
