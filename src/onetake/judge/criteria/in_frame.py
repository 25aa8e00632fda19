"""In frame: the face inside the safe border, or the whole body inside the picture; room in half-pictures."""

from onetake.judge.glass import Glass

SIGNALS = ("face_room",)
UNIT = "of the half picture"
SCALE = 1.0
TOLERANCE = 0.05
TELLS = "the picture"
SAID = "frame"


def words(glass: Glass) -> dict[str, tuple[str, float | None, float | None]]:
    """Face: eyes and head inside the safe border. Body: crown to toes and finger tips inside the picture."""
    return {"face": ("face_room", 0.0, None), "body": ("body_room", 0.0, None)}
