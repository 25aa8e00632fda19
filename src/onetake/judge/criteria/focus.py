"""Focus: the blur disc of the subject's eyes on the sensor, against the camera's circle of confusion."""

from onetake.judge.glass import Glass

SIGNALS = ("blur_m",)
UNIT = "µm of blur"
SCALE = 1e-6
TOLERANCE = 1e-6
TELLS = "an edge in the full-resolution picture"
SAID = "focus"


def words(glass: Glass) -> dict[str, tuple[str, float | None, float | None]]:
    """Sharp: the disc is no wider than the circle of confusion."""
    return {"sharp": ("blur_m", None, glass.circle_m)}
