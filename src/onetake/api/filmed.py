"""Filmed: what a film tells of range, focus, frame and face, on the clock of a logged take, and how it came onto that."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from onetake.api.stage import Progress
from onetake.axes import compose, from_matrix
from onetake.errors import InputError, OnetakeError
from onetake.fly.scenario import shot_lens
from onetake.footage.board import read_calibration
from onetake.footage.dailies import Dailies
from onetake.footage.optics import MARKED_FOCAL_SHARE, Optics, optics_of
from onetake.footage.read import open_film
from onetake.footage.subject import watch
from onetake.footage.sync import Sync, sync_motion, together
from onetake.footage.tag import Tag
from onetake.lens.camera import CameraBody, Lens, body
from onetake.lens.focus import breathing_distance_m, pupil_from_datum_m
from onetake.logbook.align import fit_clock
from onetake.logbook.file import read_logs
from onetake.logbook.log import Log
from onetake.logbook.together import Part, Together
from onetake.rehearse.fuse import Pictures
from onetake.rehearse.on_film import Frames
from onetake.shot.file import Shot
from onetake.take import Take
from onetake.trace import Array

SAID_S = 0.1  # a moment that somebody read off a film and a log, 1 sigma; assumed
WORN_RAD = 0.17  # how squarely somebody sticks a tag on a helmet, 1 sigma; assumed
_CORNER_PX = (
    0.1  # of a tag's corner, as far as it tilts the tag: what foreshortens a side by less is not seen
)
_TOWARD_RAD = 5e-4  # of the optical axis against the picture's middle, which no mark tells; assumed
_SAME_SHAPE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """The operator's film and the tag that the subject wore. at_s: when its first picture was, in seconds from the first

    exit, within within_s (1 sigma); None where the camera's own telemetry is to tell. tilt_rad: how far the tag looks above
    where the face does. lens: the file of `onetake calibrate --board`; None takes the shot's lens as it is marked.
    """

    file: str | os.PathLike[str]
    tag: Tag
    at_s: float | None = None
    within_s: float = SAID_S
    tilt_rad: float = 0.0
    lens: str | os.PathLike[str] | None = None


def pictures_of(video: Video, shot: Shot, made: Together, tell: Progress) -> tuple[Pictures, Sync]:
    """What the film tells, on the take's clock. Raises InputError where its clock or every range is unknown."""
    sync = _synced(video, made)
    if sync.offset_s is None or sync.sigma_s is None:
        raise InputError(
            f"{video.file}: nothing puts the film on the logs' clock ({sync.why}); say when its first picture was, "
            'such as --video-at "12.3 s" from the first exit'
        )
    film, camera, lens = open_film(video.file), body(shot.camera.body), shot_lens(shot)
    optics = optics_of(
        lens,
        camera,
        film.width_px,
        film.height_px,
        criterion=shot.camera.criterion,
        calibration=None if video.lens is None else read_calibration(video.lens),
        readout_s=shot.camera.readout_s,
    )
    seen = watch(film, video.tag, optics, progress=tell)
    glass = Glasses(camera, lens, optics, calibrated=video.lens is not None)
    return told_by(seen, glass, sync.offset_s, sync.sigma_s, video.tilt_rad), sync


@dataclass(frozen=True, slots=True)
class Glasses:
    """What a film was read with: the camera and lens of the shot, and the optics made of them, or of a calibration."""

    camera: CameraBody
    lens: Lens
    optics: Optics
    calibrated: bool


def told_by(
    seen: Dailies, glass: Glasses, offset_s: float, clock_s: float, tilt_rad: float = 0.0
) -> Pictures:
    """What dailies tell, offset_s on the take's clock and off it by clock_s. Raises InputError where they tell no range."""
    told = seen.judgeable & np.isfinite(seen.range_m) & (np.nan_to_num(seen.range_sigma_m) > 0)
    if not told.any():
        why = sorted({str(one) for one in seen.why if one})
        raise InputError(
            f"{seen.file}: not one picture tells a range ({', '.join(why) or 'it has no picture'})"
        )
    ahead_m = np.array([0.0, 0.0, glass.optics.pupil_offset_m])
    eyes_m = seen.eyes_camera_m[told] - ahead_m
    scale, share = _breathed(seen, told, eyes_m[:, 2], glass)
    eyes_m = eyes_m * np.stack([np.ones_like(scale), np.ones_like(scale), scale], axis=-1)
    range_m = np.linalg.norm(eyes_m + ahead_m, axis=1)
    return Pictures(
        file=Path(seen.file).name,
        time_s=seen.time_s[told] + offset_s,
        range_m=range_m,
        sigma_m=seen.range_sigma_m[told],
        shared_m=np.hypot(np.nan_to_num(seen.range_bias_m[told]), share * eyes_m[:, 2]),
        clock_s=clock_s,
        frames=_frames(seen, told, eyes_m, scale, glass, tilt_rad),
    )


def _breathed(seen: Dailies, told: NDArray[np.bool_], depth_m: Array, glass: Glasses) -> tuple[Array, Array]:
    """By how much the picture's angle is another than that it was read with, and how well that is known (shares of it).

    A lens shows less as it focuses nearer, and the disc itself says how far from the eyes it was focused: on this side of
    them or on that, where its stop allows both. A calibration holds at its own focus.
    """
    lens, optics = glass.lens, glass.optics
    read_m = optics.focal_px[0] * optics.pitch_m
    nearest = 1.0 / float(pupil_from_datum_m(lens, lens.minimum_focus_m))
    off, wrong = (one[told] / optics.disc_gain_m for one in (seen.blur_m, seen.blur_sigma_m))
    near, far = 1.0 / depth_m + off, 1.0 / depth_m - off
    both = (near <= nearest) & (far >= 0.0)
    set_to = np.clip(np.where(both, 1.0 / depth_m, np.where(near <= nearest, near, far)), 1e-6, nearest)
    image_m = breathing_distance_m(1.0 / set_to, lens.focal_m, lens.breathing)
    spread = lens.breathing * lens.focal_m * np.hypot(np.where(both, off, 0.0), wrong)
    if glass.calibrated:
        elsewhere = np.maximum(np.abs(image_m / read_m - 1.0) - MARKED_FOCAL_SHARE, 0.0)
        return np.ones_like(depth_m), elsewhere
    return image_m / read_m, np.minimum(spread, lens.breathing * lens.focal_m * nearest)


def _frames(
    seen: Dailies, told: NDArray[np.bool_], eyes_m: Array, scale: Array, glass: Glasses, tilt_rad: float
) -> Frames | None:
    """What the pictures that are told (n,) show besides a range; None where the film shows another picture than the camera's.

    The tag is taken to sit squarely before the face, tilted up by tilt_rad.
    """
    camera, optics = glass.camera, glass.optics
    if abs(seen.width_px / seen.height_px / (camera.width_px / camera.height_px) - 1.0) > _SAME_SHAPE:
        return None
    blur_m = seen.blur_m[told]
    # how surely the disc is inside the circle gives its error there; its own is of the root of what may be nothing
    sure = np.clip(np.abs(ndtri(np.clip(seen.p_sharp[told], 1e-9, 1.0 - 1e-9))), 0.1, None)
    sigma_m = np.minimum(seen.blur_sigma_m[told], np.abs(seen.circle_m - blur_m) / sure)
    x, y, z = eyes_m.T
    aside_m = np.linalg.norm(seen.eyes_sigma_m[told][:, :2], axis=1)
    up, down = np.sin(tilt_rad), np.cos(tilt_rad)
    q_target_from_body = from_matrix(np.array([[0.0, 1.0, 0.0], [up, 0.0, -down], [-down, 0.0, -up]]))
    q = seen.q_camera_from_target[told]
    return Frames(
        bearing_rad=np.arctan2(x, z),
        elevation_rad=np.arctan2(-y, np.hypot(x, z)),
        toward_sigma_rad=np.hypot(aside_m / np.maximum(z, 1e-3), _TOWARD_RAD),
        blur_m=blur_m,
        blur_sigma_m=np.maximum(sigma_m, 1e-8),
        q_camera_from_body=compose(q, np.broadcast_to(q_target_from_body, q.shape)),
        turn_sigma_rad=np.hypot(WORN_RAD, np.sqrt(2.0 * _CORNER_PX / seen.target_px[told])),
        image_m=optics.focal_px[0] * camera.width_m / optics.width_px * scale,
        gain_m=optics.disc_gain_m,
    )


def _synced(video: Video, made: Together) -> Sync:
    """Where the film begins on the take's clock: as said, else by the camera's telemetry."""
    if video.at_s is not None:
        return Sync(offset_s=video.at_s, sigma_s=video.within_s, how="said", why="as it was given")
    try:
        camera = max(read_logs(video.file), key=lambda log: len(log.fixes))
    except OnetakeError as error:
        return Sync(offset_s=None, sigma_s=None, how="telemetry", why=str(error))
    return together([_by_utc(camera, made.take), _by_motion(camera, made.parts[0], made.take)])


def _by_utc(camera: Log, take: Take) -> Sync:
    """The camera's own UTC, late by an unknown part of a second."""
    fit = fit_clock(camera.clock_pairs)
    if fit is None or take.clock is None:
        return Sync(offset_s=None, sigma_s=None, how="the camera's UTC", why="it never knew the time")
    begins_s = float(fit.utc_s(np.zeros(1))[0]) - take.clock.first_exit_utc.timestamp()
    sigma_s = float(fit.sigma_s(np.zeros(1))[0])
    return Sync(offset_s=begins_s, sigma_s=sigma_s, how="the camera's UTC", why="its telemetry")


def _by_motion(camera: Log, operator: Part, take: Take) -> Sync:
    """The camera's turning against that of the logger of who carries it."""
    how = "motion"
    fit = fit_clock(operator.log.clock_pairs)
    if (
        fit is None
        or take.clock is None
        or "imu" not in operator.log.sensors
        or "gyroscope" not in camera.sensors
    ):
        return Sync(offset_s=None, sigma_s=None, how=how, why="no turning was recorded on both sides")
    logged, filmed = operator.log.sensors["imu"], camera.sensors["gyroscope"]
    log_s = fit.utc_s(logged.device_s) - take.clock.first_exit_utc.timestamp()
    found = sync_motion(
        filmed.device_s, _turning(filmed.columns), log_s, _turning(logged.columns), search_s=7200.0
    )
    if found.sigma_s is None:
        return found
    return replace(found, sigma_s=float(np.hypot(found.sigma_s, fit.offset_sigma_s)))


def _turning(columns: Mapping[str, Array]) -> Array:
    """How fast a sensor turned, whatever its axes."""
    return np.asarray(np.sqrt(sum(columns[f"rate_{axis}_rad_s"] ** 2 for axis in "xyz")))
