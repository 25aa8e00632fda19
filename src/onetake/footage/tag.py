"""Tags: printed squares of known size and pattern (AprilTag, ArUco), and where a picture may hold one.

Tag axes are right-down-into the tag as it is looked at, origin in its middle, so that they agree with the camera's when it
is looked at squarely. Its side is that of the black square, without the white margin, which must be a cell wide at least.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onetake.errors import ChoiceError, InputError
from onetake.footage.libraries import opencv
from onetake.seams import no_such

Array = NDArray[np.float64]
FAMILIES = ("apriltag 36h11", "apriltag 25h9", "apriltag 16h5", "aruco 4x4", "aruco 5x5", "aruco 6x6")
_DICTIONARIES = {
    "apriltag 36h11": "DICT_APRILTAG_36h11",
    "apriltag 25h9": "DICT_APRILTAG_25h9",
    "apriltag 16h5": "DICT_APRILTAG_16h5",
    "aruco 4x4": "DICT_4X4_50",
    "aruco 5x5": "DICT_5X5_100",
    "aruco 6x6": "DICT_6X6_250",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag that the subject wears. side_m: of its black square; eyes_m: the subject's eyes in tag axes.

    The sigmas are of those measurements: a tape reads the side to 0.2 mm and the eyes to some millimetres.
    number: which of its family; None takes the largest seen.
    """

    side_m: float
    family: str = "apriltag 36h11"
    number: int | None = None
    eyes_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    side_sigma_m: float = 0.0002
    eyes_sigma_m: float = 0.002

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise ChoiceError(no_such(self.family, FAMILIES, "family of tags"), FAMILIES)
        if not (math.isfinite(self.side_m) and 0.005 <= self.side_m <= 5.0):
            raise InputError(f"a tag of {self.side_m} m a side; between 5 mm and 5 m makes sense")
        if not all(math.isfinite(part) and abs(part) < 3.0 for part in self.eyes_m):
            raise InputError(f"eyes at {self.eyes_m} m from the tag are not those of who wears it")
        if not (0.0 <= self.side_sigma_m < self.side_m and 0.0 <= self.eyes_sigma_m < 1.0):
            raise InputError(
                "the errors of a tag's side and of the eyes' place cannot be negative or larger than they"
            )


@dataclass(frozen=True, slots=True)
class Seen:
    """A tag found in a picture: its number, and its corners (4, 2) in pixels, clockwise from its own top left."""

    number: int
    corners_px: Array

    @property
    def side_px(self) -> float:
        """Mean length of its four sides."""
        return side_px(self.corners_px)


def side_px(corners_px: Array) -> float:
    """Mean length of the four sides of a quadrangle (4, 2)."""
    return float(np.linalg.norm(corners_px - np.roll(corners_px, 1, axis=0), axis=1).mean())


@cache
def pattern(family: str, number: int) -> NDArray[np.float32]:
    """The cells of a tag, 1 white and 0 black, with one ring of its white margin: (n + 2, n + 2)."""
    cv = opencv()
    book = _dictionary(family)
    if not 0 <= number < len(book.bytesList):
        raise InputError(f"{family} has numbers 0 to {len(book.bytesList) - 1}, not {number}")
    across = book.markerSize + 2
    cells = cv.aruco.generateImageMarker(book, number, across, borderBits=1)
    return np.pad((cells > 127).astype(np.float32), 1, constant_values=1.0)


def find_tags(gray: NDArray[np.uint8], family: str) -> list[Seen]:
    """All tags of a family in an 8-bit picture, the largest first; corners to about a pixel."""
    corners, numbers, _ = _detector(family).detectMarkers(gray)
    if numbers is None:
        return []
    seen = [
        Seen(int(number), np.asarray(quad, float).reshape(4, 2))
        for quad, number in zip(corners, np.ravel(numbers), strict=True)
    ]
    return sorted(seen, key=lambda one: -one.side_px)


@cache
def _dictionary(family: str) -> Any:
    cv = opencv()
    return cv.aruco.getPredefinedDictionary(getattr(cv.aruco, _DICTIONARIES[family]))


@cache
def _detector(family: str) -> Any:
    cv = opencv()
    asked = cv.aruco.DetectorParameters()
    # the white margin's own outline is a square as well, 0.035 of its perimeter off where it is a cell wide: as usual (0.125)
    # the larger of the two would be taken, and the tag with it lost
    asked.minMarkerDistanceRate = 0.02
    asked.cornerRefinementMethod = cv.aruco.CORNER_REFINE_NONE  # the fit does that, at full resolution
    return cv.aruco.ArucoDetector(_dictionary(family), asked)
