"""An edge seen through pixel, softness, defocus and motion: the step across a line, and how it changes with its width."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import j1

F32 = NDArray[np.float32]

LEAST_SPREAD_PX2 = 0.03  # a pixel alone is 1/12
_FINE, _ENTRIES = 32, 1024  # entries of a profile to the pixel at most, and in all


def profiles(moment_px2: float, disc_px2: float, own_px2: float, away_px: F32) -> tuple[F32, F32, F32]:
    """Across a line at some distances: the step, its slope, and how the step changes with the moment."""
    apart, *tables = _table(max(moment_px2, LEAST_SPREAD_PX2), disc_px2, own_px2)
    place = np.clip(away_px / np.float32(apart) + np.float32(_ENTRIES // 2), 0.0, _ENTRIES - 1.001)
    at = place.astype(np.int32)
    part = place - at
    step, slope, wide = (table[at] + part * (table[at + 1] - table[at]) for table in tables)
    return step, slope, wide


@lru_cache(maxsize=64)
def _table(moment: float, disc_px2: float, own_px2: float) -> tuple[float, F32, F32, F32]:
    """A step seen through pixel, softness, disc and streak: how far its entries are apart, and the three profiles.

    The spreads multiply in frequency: a disc of radius r is 2 J1(wr)/(wr) across any line, a streak and a pixel are sinc,
    what else softens is Gaussian. What is added to the moment is taken to be added as a Gaussian.
    """
    own = min(own_px2, moment)
    pixel = min(own, 1.0 / 12.0)
    disc = min(disc_px2, moment - own)
    streak = max(moment - own - disc, 0.0)
    apart = max(1.0 / _FINE, 14.0 * math.sqrt(moment) / _ENTRIES)
    w = 2.0 * math.pi * np.fft.rfftfreq(_ENTRIES, apart)
    soft = max(own - pixel, (0.7 * apart) ** 2)
    turn = w * 2.0 * math.sqrt(disc)
    seen = np.exp(-0.5 * w * w * soft)
    seen *= np.where(turn > 1e-6, 2.0 * j1(turn) / np.maximum(turn, 1e-12), 1.0)
    for part in (pixel, streak):
        seen *= np.sinc(w * math.sqrt(12.0 * part) / (2.0 * math.pi))
    slope = np.fft.fftshift(np.fft.irfft(seen, _ENTRIES)) / apart
    curve = np.fft.fftshift(np.fft.irfft(seen * 1j * w, _ENTRIES)) / apart
    step = np.cumsum(slope) * apart - 0.5 * slope * apart
    return apart, step.astype(np.float32), slope.astype(np.float32), (0.5 * curve).astype(np.float32)
