"""Filmed: the ranges of a film on the clock of a logged take, and how the film came onto that clock."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from onetake.api.stage import Progress
from onetake.errors import InputError, OnetakeError
from onetake.fly.scenario import shot_lens
from onetake.footage.optics import optics_of
from onetake.footage.read import open_film
from onetake.footage.subject import watch
from onetake.footage.sync import Sync, sync_motion, together
from onetake.footage.tag import Tag
from onetake.lens.camera import body
from onetake.logbook.align import fit_clock
from onetake.logbook.file import read_logs
from onetake.logbook.log import Log
from onetake.logbook.together import Part, Together
from onetake.rehearse.fuse import Pictures
from onetake.shot.file import Shot
from onetake.take import Take
from onetake.trace import Array

SAID_S = 0.1  # a moment that somebody read off a film and a log, 1 sigma; assumed


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """The operator's film and the tag that the subject wore. at_s: when its first picture was, in seconds from the first

    exit, within within_s (1 sigma); None where the camera's own telemetry is to tell.
    """

    file: str | os.PathLike[str]
    tag: Tag
    at_s: float | None = None
    within_s: float = SAID_S


def pictures_of(video: Video, shot: Shot, made: Together, tell: Progress) -> tuple[Pictures, Sync]:
    """What the film tells of range, on the take's clock. Raises InputError where its clock or every range is unknown."""
    sync = _synced(video, made)
    if sync.offset_s is None or sync.sigma_s is None:
        raise InputError(
            f"{video.file}: nothing puts the film on the logs' clock ({sync.why}); say when its first picture was, "
            'such as --video-at "12.3 s" from the first exit'
        )
    film = open_film(video.file)
    optics = optics_of(
        shot_lens(shot),
        body(shot.camera.body),
        film.width_px,
        film.height_px,
        criterion=shot.camera.criterion,
    )
    seen = watch(film, video.tag, optics, progress=tell)
    told = seen.judgeable & np.isfinite(seen.range_m) & (np.nan_to_num(seen.range_sigma_m) > 0)
    if not told.any():
        why = sorted({str(one) for one in seen.why if one})
        raise InputError(
            f"{video.file}: not one picture tells a range ({', '.join(why) or 'it has no picture'})"
        )
    pictures = Pictures(
        file=Path(video.file).name,
        time_s=seen.time_s[told] + sync.offset_s,
        range_m=seen.range_m[told],
        sigma_m=seen.range_sigma_m[told],
        shared_m=np.nan_to_num(seen.range_bias_m[told]),
        clock_s=sync.sigma_s,
    )
    return pictures, sync


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
