"""Sides: on which side of the focus a subject stood, by how his disc went as he moved.

A disc of defocus looks alike on both sides of the focus. But where a lens is set stays the same for seconds, and the subject
moves: of the two settings that explain each picture the true one stays where it is, and its mirror goes with the subject.
A filter over all settings, forwards and backwards (a hidden Markov chain), weighs what the pictures say together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.footage.optics import Optics
from onetake.footage.sharpness import Blur

Array = NDArray[np.float64]

_SETTINGS = 200
_CREEP_DPT, _RACK_DPT = 0.01, 0.1  # from one picture to the next: held, and while it is racked
_RACKED, _ANYWHERE = 0.1, 0.002  # how often it is racked, and how often nothing is known of where it went
_LASTS_S = 0.5  # of what compression does to a disc: pictures within that time say the same
_DEPTH_SHARE = 0.005  # of a depth, new from one moment to another
_LONG = 12  # pictures without a tag after which it may be set to anything that many steps lead to


@dataclass(frozen=True, slots=True)
class Disc:
    """What one picture says of the defocus: the disc on the tag, and how far tag and eyes are from the entrance pupil."""

    blur: Blur
    tag_m: float
    eyes_m: float


def behind(discs: Sequence[Disc], time_s: Array, optics: Optics) -> Array:
    """Probability (n,) of each picture that the tag was behind the focus; time_s (n,) increases."""
    settings = np.linspace(0.0, 1.0 / optics.nearest_pupil_m, _SETTINGS)
    tag = np.array([1.0 / disc.tag_m for disc in discs])
    likely = _likely(discs, tag, settings, optics)
    step = _step(settings)
    usual_s = float(np.median(np.diff(time_s))) if len(time_s) > 1 else _LASTS_S
    likely = likely * min(usual_s / _LASTS_S, 1.0)
    steps = np.clip(np.round(np.diff(time_s) / max(usual_s, 1e-6)), 1, _LONG).astype(int)
    seen = np.exp(likely - likely.max(axis=1, keepdims=True))
    before = np.empty_like(seen)
    now = np.full(_SETTINGS, 1.0 / _SETTINGS)
    for k in range(len(discs)):
        for _ in range(steps[k - 1] if k else 0):
            now = step @ now
        now = now * seen[k]
        now = now / now.sum()
        before[k] = now
    after = np.ones(_SETTINGS)
    found = np.empty(len(discs))
    for k in range(len(discs) - 1, -1, -1):
        both = before[k] * after
        found[k] = both[settings > tag[k]].sum() / both.sum()
        after = after * seen[k]
        for _ in range(steps[k - 1] if k else 0):
            after = step.T @ after
        after = after / after.max()
    return found


def _likely(discs: Sequence[Disc], tag: Array, settings: Array, optics: Optics) -> Array:
    """Log-likelihood (n, settings) of each disc, where its error is even: in its second moment."""
    gain_px = optics.disc_gain_m / optics.pitch_m
    off = np.abs(tag[:, None] - settings)
    read = np.array([disc.blur.disc_px2 for disc in discs])[:, None]
    sigma = np.array([disc.blur.disc_sigma_px2 for disc in discs])[:, None]
    by_depth = gain_px**2 * off / 8.0 * (_DEPTH_SHARE * tag[:, None])
    variance = sigma**2 + by_depth**2
    told: Array = -0.5 * (read - (gain_px * off) ** 2 / 16.0) ** 2 / variance - 0.5 * np.log(variance)
    return told


def _step(settings: Array) -> Array:
    """From one picture to the next: held but for a creep, racked, or lost from sight; columns sum to one."""
    apart = np.abs(settings[:, None] - settings)
    creep = np.exp(-0.5 * (apart / max(_CREEP_DPT, float(settings[1]))) ** 2)
    racked = np.exp(-apart / _RACK_DPT)
    held = 1.0 - _RACKED - _ANYWHERE
    step: Array = (
        held * creep / creep.sum(axis=0) + _RACKED * racked / racked.sum(axis=0) + _ANYWHERE / len(settings)
    )
    return step
