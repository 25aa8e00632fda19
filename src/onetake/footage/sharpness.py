"""Sharpness: from how a tag's own edges are spread to the disc of defocus, the streak of motion, and the call.

The spread of an edge is a variance, and variances of disc, streak and the picture's softness add up: a disc of diameter b has
b²/16 across any line, a streak of length L has L²/12 along itself and nothing across. What is spread in every direction is
softness and defocus; what is spread in one more than in the other is motion.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from onetake.footage.optics import Optics

Array = NDArray[np.float64]

TEN_TO_NINETY = 2.5631  # width of a Gaussian edge between 10 and 90 %, in sigmas
# What H.264 does to the second moments of an edge, 1 sigma: blocks that are not sent anew keep the detail of the picture
# before. Found on films made with a known disc (x264 at crf 16 to 23, disc growing 0.15 to 0.4 px a picture): as much as this,
# and more the wider the edge.
COMPRESSED_PX2, COMPRESSED_SHARE = 0.05, 0.04
SURE, SURELY_NOT = 0.95, 0.05
STOP_SHARE = 0.02  # of a distance: where a lens's stop is, and where the tag stands by a focal length good to 1 %; assumed


@dataclass(frozen=True, slots=True, kw_only=True)
class Blur:
    """On the tag, in pixels. disc_px2, disc_sigma_px2: second moment of the defocus alone (may come out below 0 where it is
    nothing), with what is not known of the picture's own softness; the disc's diameter is 4 times its root.
    """

    edge_px: float
    edge_sigma_px: float
    disc_px2: float
    disc_sigma_px2: float
    streak_px: float
    streak_sigma_px: float
    streak_rad: float

    @property
    def disc_px(self) -> float:
        """Diameter of the disc of defocus."""
        return 4.0 * math.sqrt(max(self.disc_px2, 0.0))

    @property
    def disc_sigma_px(self) -> float:
        """Its error; where the disc is nothing, how large it may be at one sigma."""
        up = 4.0 * math.sqrt(max(self.disc_px2 + self.disc_sigma_px2, 0.0)) - self.disc_px
        down = self.disc_px - 4.0 * math.sqrt(max(self.disc_px2 - self.disc_sigma_px2, 0.0))
        return max(up, down)

    def inside(self, diameter_px: float) -> float:
        """Probability that the disc is smaller than that."""
        if diameter_px <= 0.0:
            return 0.0
        off = diameter_px**2 / 16.0 - self.disc_px2
        return float(ndtr(off / max(self.disc_sigma_px2, 1e-9)))


def blur_of(spread: Array, cov: Array, optics: Optics) -> Blur:
    """Tell disc from streak in a spread (Σxx, Σxy, Σyy) with its covariance.

    Noise alone makes one direction look wider than the other; what it makes on average is taken off.
    """
    compressed_px2 = math.hypot(COMPRESSED_PX2, COMPRESSED_SHARE * float(spread[0] + spread[2]) / 2.0)
    cov = cov + np.diag([1.0, 0.5, 1.0]) * compressed_px2**2
    lengthwise, slanted = (spread[0] - spread[2]) / 2, spread[1]
    by_length, by_slant = np.array([0.5, 0.0, -0.5]), np.array([0.0, 1.0, 0.0])
    by_mean = np.array([0.5, 0.0, 0.5])
    noise = float(by_length @ cov @ by_length + by_slant @ cov @ by_slant)
    raw = math.hypot(lengthwise, slanted)
    uneven = math.sqrt(max(raw * raw - noise, 0.0))
    toward = (by_length * lengthwise + by_slant * slanted) / raw if raw > 0 else by_length
    uneven_sigma = math.sqrt(max(float(toward @ cov @ toward), 1e-12))
    gain = uneven / raw if raw > 0 else 0.0
    narrow = float(by_mean @ spread) - uneven
    by_narrow = by_mean - gain * toward
    # where the streak is lost in the noise, so is part of what was taken for it
    narrow_sigma = math.sqrt(float(by_narrow @ cov @ by_narrow) + (1.0 - gain) ** 2 * uneven_sigma**2)
    narrow = max(narrow, 1e-6)
    own, own_sigma = optics.own_px**2, 2.0 * optics.own_px * optics.own_sigma_px
    streak = math.sqrt(24.0 * uneven)
    return Blur(
        edge_px=TEN_TO_NINETY * math.sqrt(narrow),
        edge_sigma_px=TEN_TO_NINETY * narrow_sigma / (2.0 * math.sqrt(narrow)),
        disc_px2=narrow - own,
        disc_sigma_px2=math.hypot(narrow_sigma, own_sigma),
        streak_px=streak,
        streak_sigma_px=math.sqrt(24.0 * (uneven + uneven_sigma)) - streak,
        streak_rad=0.5 * math.atan2(slanted, lengthwise) % math.pi,
    )


@dataclass(frozen=True, slots=True)
class AtEyes:
    """The disc at the eyes, on the sensor, and the probability that it is inside the circle."""

    blur_m: float
    blur_sigma_m: float
    p_sharp: float


def at_eyes(
    blur: Blur, tag_depth_m: float, eyes_depth_m: float, optics: Optics, behind: float | None = None
) -> AtEyes:
    """Carry the disc from the tag's depth to the eyes' (both from the entrance pupil).

    In dioptres the disc grows evenly on both sides of the focus: by (f v / N)(1/tag - 1/eyes) from the tag to the eyes, added
    behind the focus and taken off before it. On which side the tag is, its own blur does not say; the focus setting does,
    where it is known, and the lens's stop, where it allows one side only; so may other pictures (behind: the probability
    that the tag is behind the focus).
    """
    shift_px = optics.disc_gain_m * (1.0 / tag_depth_m - 1.0 / eyes_depth_m) / optics.pitch_m
    if behind is None:
        behind = _behind(blur, tag_depth_m, optics)
    circle = optics.circle_px
    # behind: |b + shift| within the circle; before: |shift - b|
    p_behind = blur.inside(circle - shift_px) - blur.inside(-circle - shift_px)
    p_before = blur.inside(circle + shift_px) - blur.inside(shift_px - circle)
    b, sigma = blur.disc_px, blur.disc_sigma_px
    either = np.array([abs(b + shift_px), abs(shift_px - b)])
    weights = np.array([behind, 1.0 - behind])
    mean = float(weights @ either)
    spread = math.sqrt(float(weights @ (either - mean) ** 2) + sigma**2)
    return AtEyes(
        mean * optics.pitch_m, spread * optics.pitch_m, behind * p_behind + (1.0 - behind) * p_before
    )


def _behind(blur: Blur, tag_depth_m: float, optics: Optics) -> float:
    """Probability that the tag is behind the focus."""
    if optics.focus_pupil_m is not None:
        return float(ndtr((tag_depth_m - optics.focus_pupil_m) / max(optics.focus_sigma_m, 1e-6)))
    pixel = optics.pitch_m / optics.disc_gain_m  # of a disc, in dioptres
    off, tag = blur.disc_px * pixel, 1.0 / tag_depth_m
    wrong = math.hypot(blur.disc_sigma_px * pixel, STOP_SHARE * tag)
    nearer = float(ndtr((1.0 / optics.nearest_pupil_m - tag - off) / wrong))
    farther = float(ndtr((tag - off) / wrong))
    return nearer / (nearer + farther) if nearer + farther > 1e-12 else 0.5


def call_of(p_sharp: float) -> str:
    """`sharp`, `soft` or `cannot_tell`."""
    return "sharp" if p_sharp >= SURE else "soft" if p_sharp <= SURELY_NOT else "cannot_tell"
