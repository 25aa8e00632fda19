"""In frame: the face inside the safe border, or the whole body inside the picture; room in half-pictures."""

from onetake.judge.sight import Limits, Sight, Vocabulary, Words

SIGNALS = ("face_room",)
UNIT = "of the half picture"
SCALE = 1.0
TOLERANCE = 0.05
TELLS = "the picture"
SAID = "frame"


def words(limits: Limits) -> Words:
    """Face: eyes and head inside the safe border. Body: crown to toes and finger tips inside the picture."""
    return {"face": ("face_room", 0.0, None), "body": ("body_room", 0.0, None)}


def _placed(signal: str, more: Words) -> Vocabulary:
    """Inside the picture or out of it, and what else can be said of a target."""
    return lambda limits: {"inside": (signal, 0.0, None), "outside": (signal, None, 0.0), **more}


TARGETS = {
    target: Sight(
        signals=(signal,), unit=UNIT, scale=SCALE, tolerance=TOLERANCE, said=f"{target} in frame", tells=TELLS,
        words=_placed(signal, more),
    )
    for target, signal, more in (
        ("aircraft", "aircraft_room", {}),
        ("sun", "sun_room", {"behind face": ("sun_hidden_room", 0.0, None)}),
        ("horizon", "skyline_room", {}),
    )
}  # fmt: skip
