"""Focus: the blur disc of the subject's eyes on the sensor, against the camera's circle of confusion."""

from onetake.judge.sight import Limits, Sight, Vocabulary, Words

SIGNALS = ("blur_m",)
UNIT = "µm of blur"
SCALE = 1e-6
TOLERANCE = 1e-6
TELLS = "an edge in the full-resolution picture"
SAID = "focus"


def words(limits: Limits) -> Words:
    """Sharp: the disc is no wider than the circle of confusion."""
    return {"sharp": ("blur_m", None, limits.circle_m)}


def _sharp(signal: str) -> Vocabulary:
    return lambda limits: {"sharp": (signal, None, limits.circle_m)}


TARGETS = {
    target: Sight(
        signals=(signal,), unit=UNIT, scale=SCALE, tolerance=TOLERANCE, said=f"focus on the {target}", tells=TELLS,
        words=_sharp(signal),
    )
    for target, signal in (("aircraft", "aircraft_blur_m"), ("horizon", "skyline_blur_m"))
}  # fmt: skip
