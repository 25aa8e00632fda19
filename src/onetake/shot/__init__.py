"""What we want: the shot file, its words and quantities with their lines."""

from onetake.shot.beat import Always, Beat
from onetake.shot.camera import Camera, Exposure, FocusStep, Lens, Mount
from onetake.shot.cast import Exit, FallRate, Person
from onetake.shot.criterion import CRITERIA, Criterion
from onetake.shot.file import Shot, parse_shot, read_shot
from onetake.shot.place import Aircraft, Place, WeatherChoice, WeatherSource
from onetake.shot.safety import Abort, Checked, Opening, Oxygen

__all__ = [
    "CRITERIA",
    "Abort",
    "Aircraft",
    "Always",
    "Beat",
    "Camera",
    "Checked",
    "Criterion",
    "Exit",
    "Exposure",
    "FallRate",
    "FocusStep",
    "Lens",
    "Mount",
    "Opening",
    "Oxygen",
    "Person",
    "Place",
    "Shot",
    "WeatherChoice",
    "WeatherSource",
    "parse_shot",
    "read_shot",
]
