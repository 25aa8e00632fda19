"""Signs for the clock: what a film itself shows that a log may show too, flashes of a light and the turning of the camera."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.footage.libraries import opencv
from onetake.footage.light import light_table
from onetake.footage.optics import Optics
from onetake.footage.read import Film, Progress, open_film, pictures
from onetake.footage.sync import Moments

Array = NDArray[np.float64]

_CLEAR = 8.0  # a flash stands that many times out of the noise
_PART = 0.05  # of the light of a flash: less or more is dark or full
_SMALL_PX = 256  # pictures are compared at this width
_LEAST_RESPONSE = 0.05  # of the phase correlation: under it two pictures do not match
_LEAST_TEXTURE = 1.5  # codes: a picture more even than that has nothing to hold on to


@dataclass(frozen=True, slots=True, kw_only=True)
class Turning:
    """How fast the camera turned, as its picture moved: at moments on the film's clock (n,), NaN where it shows nothing."""

    time_s: Array
    rate_rad_s: Array


def flashes(
    film: Film | str | os.PathLike[str],
    *,
    window_px: tuple[int, int, int, int] | None = None,
    shutter_rad: float | None = None,
    from_s: float = 0.0,
    to_s: float = math.inf,
    progress: Progress | None = None,
) -> Moments:
    """Moments at which a light goes on in the film.

    window_px: left, top, right, bottom of where the light is, else the whole picture. shutter_rad: the shutter angle; a light
    that goes on during the exposure of a picture then tells when by how bright it is. Without it the moment is known to a
    picture. Raises ReadError.
    """
    opened = film if isinstance(film, Film) else open_film(film)
    table = light_table(opened)
    left, top, right, bottom = window_px or (0, 0, opened.width_px, opened.height_px)
    thin = max(1, (right - left) // 480)
    times, bright = [], []
    for picture in pictures(opened, from_s=from_s, to_s=to_s, progress=progress):
        times.append(picture.time_s)
        bright.append(float(table[picture.luma[top:bottom:thin, left:right:thin]].mean()))
    return onsets(np.array(times), np.array(bright), float(1 / opened.rate), shutter_rad)


def onsets(time_s: Array, light: Array, frame_s: float, shutter_rad: float | None = None) -> Moments:
    """When a light that is on or off goes on: from the brightness of each picture, (n,), and when its exposure begins."""
    none = Moments(time_s=np.empty(0), sigma_s=np.empty(0))
    if len(light) < 4:
        return none
    steps = np.abs(np.diff(light))
    noise = max(1.4826 * float(np.median(steps)), 1e-6)
    low, high = (float(part) for part in np.percentile(light, [5, 99.5]))
    high = max(high, float(np.sort(light)[-2]))
    if high - low < _CLEAR * noise:
        return none
    share = (light - low) / (high - low)
    found, sigmas = [], []
    exposed_s = None if shutter_rad is None else shutter_rad / (2.0 * math.pi) * frame_s
    for k in np.flatnonzero((share[1:] >= 0.5) & (share[:-1] < 0.5)) + 1:
        # the first picture that has some of the light, and how much
        first = k - 1 if _PART < share[k - 1] < 0.5 and (k < 2 or share[k - 2] < _PART) else k
        if exposed_s is None:  # some time between the picture before and the end of this one
            found.append(time_s[first])
            sigmas.append(frame_s / math.sqrt(12.0))
        elif _PART < share[first] < 1.0 - _PART:
            found.append(time_s[first] + (1.0 - share[first]) * exposed_s)
            sigmas.append(max(_PART * frame_s, noise / (high - low) * exposed_s))
        else:  # between two exposures
            shut_s = frame_s - exposed_s
            found.append(time_s[first] - shut_s / 2.0)
            sigmas.append(max(shut_s / math.sqrt(12.0), _PART * frame_s))
    return Moments(time_s=np.array(found), sigma_s=np.array(sigmas))


def turning(
    film: Film | str | os.PathLike[str],
    optics: Optics,
    *,
    from_s: float = 0.0,
    to_s: float = math.inf,
    progress: Progress | None = None,
) -> Turning:
    """How fast the camera turned up, down and sideways, from one picture to the next (roll is not seen).

    What moves as a whole is taken to be the world: point the camera at a subject that fills it, and it is the subject. A clear
    sky shows nothing. Raises ReadError.
    """
    opened = film if isinstance(film, Film) else open_film(film)
    cv = opencv()
    size = (_SMALL_PX, max(16, round(opened.height_px * _SMALL_PX / opened.width_px)))
    shrink = opened.width_px / size[0]
    fade = cv.createHanningWindow(size, cv.CV_32F)
    times, rates = [], []
    before: tuple[float, Array] | None = None
    for picture in pictures(opened, from_s=from_s, to_s=to_s, progress=progress):
        small = cv.resize(picture.luma, size, interpolation=cv.INTER_AREA).astype(np.float32)
        if before is not None:
            held = float(small.std()) > _LEAST_TEXTURE * 2.0 ** (opened.bits - 8)
            lasted_s = picture.time_s - before[0]
            (across, down), response = cv.phaseCorrelate(before[1], small, fade)
            angle = math.hypot(across / optics.focal_px[0], down / optics.focal_px[1]) * shrink
            times.append(before[0] + lasted_s / 2.0)
            rates.append(angle / lasted_s if held and response > _LEAST_RESPONSE else math.nan)
        before = (picture.time_s, small)
    return Turning(time_s=np.array(times, float), rate_rad_s=np.array(rates, float))
