"""Focus chart: what is sharp with the lens in hand and its neighbours, under more than one criterion.

Distances in metres from the lens's own datum, as its scale reads.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from onetake.jump import FocusLimits
from onetake.lens.camera import CameraBody, Lens
from onetake.lens.focus import (
    COMPARED,
    STOPS,
    blur_m,
    blur_px,
    circle_of_confusion_m,
    diffraction_disc_m,
    f_number_needed,
    focus_limits,
    is_sharp,
    pupil_from_datum_m,
)
from onetake.units import IN_M

FOCAL_SERIES_MM = (18.0, 21.0, 24.0, 28.0, 35.0, 40.0, 50.0, 75.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartRow:
    """One line of the focus chart, distances from the lens's own datum.

    in_hand: the lens and stop that are on the camera. keeps: the closest distance asked about is sharp.
    needed_f_number: widest f-number that keeps it. diffraction_limited: even perfect focus is wider than the criterion.
    """

    limits: FocusLimits
    circle_m: float
    closest_m: float
    closest_blur_m: float
    closest_blur_px: float
    keeps: bool
    needed_f_number: float
    diffraction_limited: bool
    in_hand: bool = False


def focus_chart(
    lens: Lens,
    body: CameraBody,
    focus_datum_m: float,
    *,
    criteria: Sequence[str] = COMPARED,
    closest_datum_m: float = 34 * IN_M,
) -> tuple[ChartRow, ...]:
    """The lens in hand, its neighbours in focal length and in full stops, under each criterion.

    closest_datum_m: the distance asked about (2'10" unless said). Neighbours are given this lens's datum, pupil and
    minimum focus, which is an assumption about lenses that are not on the camera.
    """
    rows = []
    for criterion in dict.fromkeys((*criteria, *COMPARED)):
        for focal_m in _neighbour_focals_m(lens.focal_m):
            for stop in _neighbour_stops(lens.f_number):
                candidate = replace(lens.at(stop), focal_m=focal_m)
                limits = focus_limits(candidate, focus_datum_m, criterion, body)
                row = _row(candidate, body, limits, closest_datum_m)
                rows.append(replace(row, in_hand=focal_m == lens.focal_m and stop == lens.f_number))
    return tuple(rows)


def _neighbour_focals_m(focal_m: float) -> tuple[float, ...]:
    shorter = [mm / 1000 for mm in FOCAL_SERIES_MM if mm / 1000 < focal_m * 0.98]
    longer = [mm / 1000 for mm in FOCAL_SERIES_MM if mm / 1000 > focal_m * 1.02]
    return (*shorter[-1:], focal_m, *longer[:1])


def _neighbour_stops(f_number: float) -> tuple[float, ...]:
    def marked(exact: float) -> float:
        return min(STOPS, key=lambda mark: abs(math.log(mark / exact)))

    wider, closed = f_number / math.sqrt(2), f_number * math.sqrt(2)
    return tuple(dict.fromkeys((marked(wider), f_number, marked(closed))))


def _row(lens: Lens, body: CameraBody, limits: FocusLimits, closest_m: float) -> ChartRow:
    circle_m = circle_of_confusion_m(limits.criterion, body)
    s = float(pupil_from_datum_m(lens, limits.distance_m))
    d = float(pupil_from_datum_m(lens, closest_m))
    disc_m = float(blur_m(d, s, lens.focal_m, lens.f_number))
    return ChartRow(
        limits=limits,
        circle_m=circle_m,
        closest_m=closest_m,
        closest_blur_m=disc_m,
        closest_blur_px=float(blur_px(disc_m, body)),
        keeps=is_sharp(lens, closest_m, limits.distance_m, limits.criterion, body),
        needed_f_number=float(f_number_needed(d, s, lens.focal_m, circle_m)),
        diffraction_limited=diffraction_disc_m(lens.f_number, s, lens.focal_m) > circle_m,
    )
