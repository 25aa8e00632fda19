"""Facing: angle between where the face looks and the line from its eyes to the lens."""

from onetake.judge.sight import AIRCRAFT_TELLS, HORIZON_TELLS, SUN_TELLS, Limits, Sight, Words
from onetake.units import DEG_RAD

SIGNALS = ("facing_rad",)
UNIT = "deg"
SCALE = DEG_RAD
TOLERANCE = 5 * DEG_RAD
TELLS = "the picture"
SAID = "facing"
TOWARDS_CAMERA_RAD = 45 * DEG_RAD  # both eyes are seen; our convention, no standard is known

TARGETS = {
    "aircraft": Sight(
        signals=("aircraft_facing_rad",), unit=UNIT, scale=SCALE, tolerance=TOLERANCE, said="facing the aircraft",
        tells=AIRCRAFT_TELLS,
    ),
    "sun": Sight(
        signals=("sun_facing_rad",), unit=UNIT, scale=SCALE, tolerance=TOLERANCE, said="facing the sun",
        tells=SUN_TELLS,
    ),
    "horizon": Sight(
        signals=("skyline_facing_rad",), unit=UNIT, scale=SCALE, tolerance=TOLERANCE, said="facing the horizon",
        tells=HORIZON_TELLS,
    ),
}  # fmt: skip


def words(limits: Limits) -> Words:
    """Camera: both eyes are seen."""
    return {"camera": ("facing_rad", None, TOWARDS_CAMERA_RAD)}
