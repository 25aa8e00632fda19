"""Facing: angle between where the face looks and the line from its eyes to the lens."""

from onetake.judge.glass import Glass
from onetake.units import DEG_RAD

SIGNALS = ("facing_rad",)
UNIT = "deg"
SCALE = DEG_RAD
TOLERANCE = 5 * DEG_RAD
TELLS = "the picture"
SAID = "facing"
TOWARDS_CAMERA_RAD = 45 * DEG_RAD  # both eyes are seen; our convention, no standard is known


def words(glass: Glass) -> dict[str, tuple[str, float | None, float | None]]:
    """Camera: both eyes are seen."""
    return {"camera": ("facing_rad", None, TOWARDS_CAMERA_RAD)}
