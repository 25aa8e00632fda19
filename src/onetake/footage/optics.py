"""Optics: what turns pixels of a film into angles and lengths, from the lens table or from a calibration."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.errors import InputError
from onetake.footage.libraries import opencv
from onetake.lens.camera import CameraBody, Lens
from onetake.lens.focus import (
    breathing_distance_m,
    circle_of_confusion_m,
    image_distance_m,
    pupil_from_datum_m,
    settable_focus_m,
)

Array = NDArray[np.float64]

# Engraved focal lengths are rounded; a share of 1 % (1 sigma) is usual for cine primes. Recalled, not checked: calibrate.
MARKED_FOCAL_SHARE = 0.01
ASSUMED_PUPIL_SIGMA_M = 0.005
# What a sharp edge has in any picture, one sigma across: a pixel is 0.29, demosaicing and glass add. Assumed; calibrate.
OWN_PX, OWN_SIGMA_PX = 0.45, 0.10
_SAME_SHAPE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What a checkerboard clip tells of one camera and lens at one focus, for pictures of this size.

    focal_px, centre_px: across and down, pixel centres at whole numbers; distortion: k1 k2 p1 p2 k3 of Brown (1966);
    focal_sigma_px: 1 sigma, the larger of the two; residual_px: rms of the board's corners. own_px, own_sigma_px: spread of
    the sharpest edges in the clip, None where it was not told.
    """

    width_px: int
    height_px: int
    focal_px: tuple[float, float]
    centre_px: tuple[float, float]
    distortion: tuple[float, float, float, float, float]
    focal_sigma_px: float
    residual_px: float
    views: int
    own_px: float | None = None
    own_sigma_px: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Optics:
    """A camera as a film shows it. focal_sigma_share: error of the focal length over it, the same in every frame.

    pitch_m: of a pixel on the sensor; pupil_offset_m: entrance pupil ahead of the image plane; disc_gain_m: f v / N, the
    disc on the sensor for each dioptre off the focus; focus_pupil_m: where it is focused, from the pupil, with its error,
    None where nobody says; nearest_pupil_m: the nearest that it focuses; own_px: spread of a sharp edge in this film (1 sigma
    across it), own_sigma_px: its error; readout_s: from the first row of a picture to the last, as of a camera body.
    """

    width_px: int
    height_px: int
    height_m: float
    focal_px: tuple[float, float]
    centre_px: tuple[float, float]
    distortion: tuple[float, ...]
    focal_sigma_share: float
    pitch_m: float
    pupil_offset_m: float
    pupil_sigma_m: float
    disc_gain_m: float
    focus_pupil_m: float | None
    focus_sigma_m: float
    nearest_pupil_m: float
    criterion: str
    circle_m: float
    own_px: float
    own_sigma_px: float
    readout_s: float | None = None

    def __post_init__(self) -> None:
        if not (0.05 <= self.own_px <= 10.0 and 0.0 <= self.own_sigma_px <= self.own_px):
            raise InputError(
                f"a sharp edge spread over {self.own_px} ± {self.own_sigma_px} px is not that of a picture"
            )

    @property
    def circle_px(self) -> float:
        """The circle of confusion in pixels of the film."""
        return self.circle_m / self.pitch_m

    @property
    def straight(self) -> bool:
        """Whether the lens shows straight lines as such."""
        return not any(self.distortion)

    def straighten(self, points_px: Array) -> Array:
        """Places (n, 2) of the picture as a lens without distortion would show them."""
        if self.straight:
            return points_px
        points = np.ascontiguousarray(points_px, float).reshape(-1, 1, 2)
        found: Array = opencv().undistortPoints(
            points, self._camera, np.array(self.distortion), None, None, self._camera
        )
        return found.reshape(-1, 2)

    def bend(self, points_px: Array) -> Array:
        """Straight places (n, 2) as this lens shows them: undoes `straighten`."""
        if self.straight:
            return points_px
        rays = (points_px - self.centre_px) / self.focal_px
        rays = np.column_stack([rays, np.ones(len(rays))]).reshape(-1, 1, 3)
        found: Array = opencv().projectPoints(
            rays, np.zeros(3), np.zeros(3), self._camera, np.array(self.distortion)
        )[0]
        return found.reshape(-1, 2)

    @property
    def _camera(self) -> Array:
        (fx, fy), (cx, cy) = self.focal_px, self.centre_px
        return np.array([[fx, 0.0, cx], [0.0, fy, cy], [0.0, 0.0, 1.0]])


def optics_of(
    lens: Lens,
    body: CameraBody,
    width_px: int,
    height_px: int,
    *,
    criterion: str = "D/1500",
    focus_datum_m: float | None = None,
    focus_sigma_m: float = 0.01,
    calibration: Calibration | None = None,
    pupil_sigma_m: float | None = None,
    own_px: float | None = None,
    own_sigma_px: float | None = None,
    readout_s: float | None = None,
) -> Optics:
    """The optics of a film of this size shot with a lens on a camera.

    focus_datum_m: where the lens is set (its own datum), with focus_sigma_m; without it the picture's angle is that of the
    closest focus, uncertain by how much the lens breathes. calibration: takes the place of the marked focal length, and of the
    assumed softness of the picture (own_px) where it tells it. readout_s: takes the place of the camera table's. Raises InputError where the film shows another part of the sensor than the camera's picture, and nothing says how large.
    """
    circle_m = circle_of_confusion_m(criterion, body)
    pitch_m, share = body.width_m / width_px, MARKED_FOCAL_SHARE
    setting_m = settable_focus_m(lens, lens.minimum_focus_m if focus_datum_m is None else focus_datum_m)
    focus_m = float(pupil_from_datum_m(lens, setting_m))
    image_m = float(breathing_distance_m(focus_m, lens.focal_m, lens.breathing))
    same = abs(width_px / height_px / (body.width_px / body.height_px) - 1.0) < _SAME_SHAPE
    if calibration is not None:
        if (calibration.width_px, calibration.height_px) != (width_px, height_px):
            raise InputError(
                f"the calibration is of pictures of {calibration.width_px} x {calibration.height_px}, the film's are "
                f"{width_px} x {height_px}; film the checkerboard as the take was filmed"
            )
        focal_px, centre_px = calibration.focal_px, calibration.centre_px
        share = calibration.focal_sigma_px / focal_px[0]
        pitch_m = pitch_m if same else image_m / focal_px[0]
    elif not same:
        raise InputError(
            f"the film's pictures are {width_px} x {height_px}, those of {body.name} have the shape of {body.width_px} x "
            f"{body.height_px}: what part of the sensor they show is not known; calibrate with a checkerboard clip"
        )
    else:
        focal_px = (image_m / pitch_m, image_m / pitch_m)
        centre_px = ((width_px - 1) / 2, (height_px - 1) / 2)
        if focus_datum_m is None:  # anywhere between the closest focus and infinity
            share = math.hypot(share, (image_m / lens.focal_m - 1.0) / math.sqrt(12.0))
    gain_m = lens.focal_m * float(image_distance_m(focus_m, lens.focal_m)) / lens.f_number
    if own_px is None or own_sigma_px is None:
        told = calibration is not None and calibration.own_px is not None
        own_px = calibration.own_px if told and calibration else OWN_PX
        own_sigma_px = calibration.own_sigma_px if told and calibration else OWN_SIGMA_PX
    assert own_px is not None
    assert own_sigma_px is not None
    assumed = "pupil_offset_m" in lens.assumed
    return Optics(
        width_px=width_px,
        height_px=height_px,
        height_m=pitch_m * height_px,
        focal_px=focal_px,
        centre_px=centre_px,
        distortion=calibration.distortion if calibration else (),
        focal_sigma_share=share,
        pitch_m=pitch_m,
        pupil_offset_m=lens.pupil_offset_m,
        pupil_sigma_m=(0.02 if assumed else ASSUMED_PUPIL_SIGMA_M)
        if pupil_sigma_m is None
        else pupil_sigma_m,
        disc_gain_m=gain_m,
        focus_pupil_m=None if focus_datum_m is None else focus_m,
        focus_sigma_m=focus_sigma_m,
        nearest_pupil_m=float(pupil_from_datum_m(lens, lens.minimum_focus_m)),
        criterion=criterion,
        circle_m=circle_m,
        own_px=own_px,
        own_sigma_px=own_sigma_px,
        readout_s=body.readout_s if readout_s is None else readout_s,
    )
