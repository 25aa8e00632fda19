"""Focus: depth of field and blur of a thin lens, under a criterion that is always named.

Lengths in metres. Distances named `_pupil_m` are from the entrance pupil along the optical axis (the plane of focus is
flat: a face at 20° off axis is 6 % nearer the plane than a tape to it says); `_datum_m` are from the lens's own datum,
`_plane_m` from the image plane. Formulas: the Gaussian thin lens, as in any optics text; what a thick lens adds is that
its principal plane lies up to some 15 mm off its pupil, which changes blur at 3 ft by up to 2 % (Distagon 28 mm).
"""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onetake.errors import InputError
from onetake.jump import FocusLimits
from onetake.lens.camera import CameraBody, Lens
from onetake.seams import unknown
from onetake.units import feet_inches, parse

Array = NDArray[np.float64]

NEAR_M = 0.001  # the kernel's guard: nothing is imaged nearer than this
FAR_M = 1e6  # what the infinity mark of a lens means, so that no formula meets inf / inf
COMPARED = ("D/1500", "4K pixel")  # the two criteria printed side by side
CRITERIA = ("D/1500", "4K pixel", "8K pixel", "film 0.025 mm", "0.030 mm")
# the marks of an iris ring in thirds of a stop
STOPS = (
    1.0, 1.1, 1.2, 1.4, 1.6, 1.8, 2.0, 2.2, 2.5, 2.8, 3.2, 3.6, 4.0, 4.5, 5.0, 5.6, 6.3, 7.1, 8.0, 9.0, 10.0, 11.0,
    13.0, 14.0, 16.0, 18.0, 20.0, 22.0,
)  # fmt: skip
GREEN_M = 550e-9  # the eye's middle wavelength, for the size of the diffraction disc
_DIAGONAL = re.compile(r"^\s*[dD]\s*/\s*(\d+(?:\.\d+)?)\s*$")
_PIXEL = re.compile(r"^\s*(\d{1,2})\s*[kK]\s+(?:pixel|px)\s*$")
_SMALLEST_M, _LARGEST_M = 1e-6, 5e-4


def circle_of_confusion_m(criterion: str, body: CameraBody) -> float:
    """The largest blur disc that counts as sharp, on the sensor of `body`.

    criterion: `D/1500` (any diagonal fraction), `4K pixel` (width/4096; also 2K, 6K, 8K …), `film 0.025 mm` (35 mm
    film tables, 0.001 in), `0.030 mm` (full-frame stills) or any length of your own such as `0.02 mm` or `20 um`.
    Raises ChoiceError, UnitError or InputError.
    """
    text = criterion.strip()
    if match := _DIAGONAL.match(text):
        divisor = float(match[1])
        circle_m = body.diagonal_m / divisor if divisor > 0 else math.inf
    elif match := _PIXEL.match(text):
        across = int(match[1]) * 1024
        circle_m = body.width_m / across if across else math.inf
    else:
        own = re.sub(r"(?i)^film\s+", "", text)
        if not re.match(r"^[-+.\d]", own):
            raise unknown(criterion, (*CRITERIA, 'a length such as "0.02 mm"'), "criterion")
        circle_m = parse(own, "length")
    if not _SMALLEST_M <= circle_m <= _LARGEST_M:
        raise InputError(
            f"criterion {criterion!r} is a disc of {circle_m * 1000:g} mm; between 0.001 and 0.5 mm makes sense"
        )
    return circle_m


def image_distance_m(focus_pupil_m: ArrayLike, focal_m: ArrayLike) -> Array:
    """Lens to picture when focused at a distance from the pupil: v = f s / (s - f)."""
    s, f = np.asarray(focus_pupil_m, float), np.asarray(focal_m, float)
    v: Array = f * s / (s - f)
    return v


def breathing_distance_m(focus_pupil_m: ArrayLike, focal_m: ArrayLike, breathing: ArrayLike) -> Array:
    """What stands for v in the picture's angle: f + breathing (v - f)."""
    f = np.asarray(focal_m, float)
    v: Array = f + np.asarray(breathing, float) * (image_distance_m(focus_pupil_m, f) - f)
    return v


def hyperfocal_m(focal_m: ArrayLike, f_number: ArrayLike, circle_m: ArrayLike) -> Array:
    """Nearest focus (from the pupil) at which infinity is still inside the circle: f²/(N c) + f."""
    f = np.asarray(focal_m, float)
    h: Array = f * f / (np.asarray(f_number, float) * np.asarray(circle_m, float)) + f
    return h


def near_limit_m(
    focus_pupil_m: ArrayLike, focal_m: ArrayLike, f_number: ArrayLike, circle_m: ArrayLike
) -> Array:
    """Nearest distance from the pupil that is inside the circle."""
    s, f, slack = _slack(focus_pupil_m, focal_m, f_number, circle_m)
    near: Array = s * f * f / (f * f + slack)
    return near


def far_limit_m(
    focus_pupil_m: ArrayLike, focal_m: ArrayLike, f_number: ArrayLike, circle_m: ArrayLike
) -> Array:
    """Farthest distance from the pupil that is inside the circle; infinite from the hyperfocal distance on."""
    s, f, slack = _slack(focus_pupil_m, focal_m, f_number, circle_m)
    left = f * f - slack
    return np.where(left > 0.0, s * f * f / np.where(left > 0.0, left, 1.0), np.inf)


def _slack(
    focus_pupil_m: ArrayLike, focal_m: ArrayLike, f_number: ArrayLike, circle_m: ArrayLike
) -> tuple[Array, Array, Array]:
    s, f = np.asarray(focus_pupil_m, float), np.asarray(focal_m, float)
    return s, f, np.asarray(f_number, float) * np.asarray(circle_m, float) * (s - f)


def blur_m(
    distance_pupil_m: ArrayLike, focus_pupil_m: ArrayLike, focal_m: ArrayLike, f_number: ArrayLike
) -> Array:
    """Diameter on the sensor of the disc that a point becomes: (f²/N) |d - s| / (d (s - f))."""
    d = np.maximum(np.asarray(distance_pupil_m, float), NEAR_M)
    s, f = np.asarray(focus_pupil_m, float), np.asarray(focal_m, float)
    blur: Array = f * f / np.asarray(f_number, float) * np.abs(d - s) / (d * (s - f))
    return blur


def blur_px(blur_disc_m: ArrayLike, body: CameraBody) -> Array:
    """A disc on the sensor in recorded pixels of `body`."""
    pixels: Array = np.asarray(blur_disc_m, float) / body.width_m * body.width_px
    return pixels


def f_number_needed(
    distance_pupil_m: ArrayLike, focus_pupil_m: ArrayLike, focal_m: ArrayLike, circle_m: ArrayLike
) -> Array:
    """Widest f-number at which a point at a distance is still inside the circle: N* = f² |d - s| / (c d (s - f))."""
    needed: Array = blur_m(distance_pupil_m, focus_pupil_m, focal_m, 1.0) / np.asarray(circle_m, float)
    return needed


def racked_focus_m(
    start_pupil_m: ArrayLike, end_pupil_m: ArrayLike, share: ArrayLike, focal_m: ArrayLike
) -> Array:
    """Focus when the dial has gone `share` (0 to 1) of its way: the lens's extension f²/(s - f) follows the dial."""
    f = np.asarray(focal_m, float)
    start, end = 1.0 / (np.asarray(start_pupil_m, float) - f), 1.0 / (np.asarray(end_pupil_m, float) - f)
    focus: Array = f + 1.0 / (start + np.asarray(share, float) * (end - start) + 1e-12)
    return focus


def diffraction_disc_m(f_number: float, focus_pupil_m: float, focal_m: float) -> float:
    """Diameter of the Airy disc, 2.44 λ N v/f, at 550 nm: what is left in perfect focus."""
    return 2.44 * GREEN_M * f_number * focus_pupil_m / (focus_pupil_m - focal_m)


# --- one lens, in its own datum -----------------------------------------------------------------------------------


def pupil_from_datum_m(lens: Lens, distance_datum_m: ArrayLike) -> Array:
    """From the entrance pupil, what the lens's scale calls a distance."""
    return np.asarray(distance_datum_m, float) - lens.datum_to_pupil_m


def pupil_from_plane_m(lens: Lens, distance_plane_m: ArrayLike) -> Array:
    """From the entrance pupil, what a tape from the image plane calls a distance (range is taped that way)."""
    return np.asarray(distance_plane_m, float) - lens.pupil_offset_m


def datum_from_pupil_m(lens: Lens, distance_pupil_m: ArrayLike) -> Array:
    """From the lens's own datum, a distance from the entrance pupil."""
    return np.asarray(distance_pupil_m, float) + lens.datum_to_pupil_m


def plane_from_pupil_m(lens: Lens, distance_pupil_m: ArrayLike) -> Array:
    """From the image plane, a distance from the entrance pupil."""
    return np.asarray(distance_pupil_m, float) + lens.pupil_offset_m


def settable_focus_m(lens: Lens, wanted_datum_m: float) -> float:
    """The distance the lens goes to when asked for one: never nearer than its stop, `inf` to its far mark. Own datum."""
    if math.isnan(wanted_datum_m):
        raise InputError("a focus distance must be a number")
    return min(max(wanted_datum_m, lens.minimum_focus_m), FAR_M)


def hyperfocal_focus_m(lens: Lens, criterion: str, body: CameraBody) -> float:
    """The focus setting (own datum) that just keeps infinity sharp."""
    circle_m = circle_of_confusion_m(criterion, body)
    return settable_focus_m(
        lens, float(datum_from_pupil_m(lens, hyperfocal_m(lens.focal_m, lens.f_number, circle_m)))
    )


def focus_limits(lens: Lens, focus_datum_m: float, criterion: str, body: CameraBody) -> FocusLimits:
    """Near and far limits from the lens's own datum, focused as near to `focus_datum_m` as the lens goes."""
    circle_m = circle_of_confusion_m(criterion, body)
    setting_m = settable_focus_m(lens, focus_datum_m)
    s = float(pupil_from_datum_m(lens, setting_m))
    glass = (lens.focal_m, lens.f_number, circle_m)
    return FocusLimits(
        lens=lens.label,
        f_number=lens.f_number,
        distance_m=setting_m,
        criterion=criterion,
        near_m=float(datum_from_pupil_m(lens, near_limit_m(s, *glass))),
        far_m=float(datum_from_pupil_m(lens, far_limit_m(s, *glass))),
    )


def is_sharp(
    lens: Lens, distance_datum_m: float, focus_datum_m: float, criterion: str, body: CameraBody
) -> bool:
    """True when a point at a distance (own datum) is a disc no larger than the criterion's."""
    s = pupil_from_datum_m(lens, settable_focus_m(lens, focus_datum_m))
    d = pupil_from_datum_m(lens, distance_datum_m)
    disc = blur_m(d, s, lens.focal_m, lens.f_number)
    return bool(d > NEAR_M and disc <= circle_of_confusion_m(criterion, body))


def stop_mark(f_number: float) -> float:
    """The next mark of the iris ring (thirds of a stop) that is closed at least as far; inf past f/22."""
    return next((mark for mark in STOPS if mark >= f_number * (1.0 - 1e-6)), math.inf)


def would_need(
    lens: Lens, distance_datum_m: float, focus_datum_m: float, criterion: str, body: CameraBody
) -> str:
    """What the script supervisor writes: `would need f/4 (D/1500)`, or that no stop of the ring does it."""
    s = float(pupil_from_datum_m(lens, settable_focus_m(lens, focus_datum_m)))
    d = float(pupil_from_datum_m(lens, distance_datum_m))
    if d <= NEAR_M:
        return f"no stop makes it sharp: {feet_inches(distance_datum_m)} lies inside the lens"
    circle_m = circle_of_confusion_m(criterion, body)
    needed = float(f_number_needed(d, s, lens.focal_m, circle_m))
    mark = stop_mark(max(needed, STOPS[0]))
    if math.isinf(mark):
        return f"no stop makes it sharp: would need f/{needed:.0f} ({criterion})"
    text = f"would need f/{mark:g} ({criterion})"
    if diffraction_disc_m(mark, s, lens.focal_m) > circle_m:
        text += "; there diffraction alone is wider than the criterion"
    return text
