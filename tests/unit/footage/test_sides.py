"""The side of the focus, told by how the disc goes as the subject moves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import stage

from onetake.footage.sharpness import Blur
from onetake.footage.sides import Disc, behind
from onetake.trace import Array

OPTICS = replace(stage.optics(stage.scene(0.9144)), focus_pupil_m=None, nearest_pupil_m=0.4)
SET_M = 0.8244


def _discs(tag_m: Array, set_m: Array, rng: np.random.Generator) -> list[Disc]:
    gain_px = OPTICS.disc_gain_m / OPTICS.pitch_m
    off = gain_px * (1.0 / tag_m - 1.0 / set_m)
    read = off**2 / 16.0 + 0.05 * rng.standard_normal(len(tag_m))
    return [
        Disc(
            Blur(edge_px=1.0, edge_sigma_px=0.1, disc_px2=float(value), disc_sigma_px2=0.05, streak_px=0.0, streak_sigma_px=0.0,
                 streak_rad=0.0),
            float(tag), float(tag) + 0.04,
        )
        for tag, value in zip(tag_m, read, strict=True)
    ]  # fmt: skip


@pytest.mark.parametrize("offset_m", [0.10, -0.08])
def test_a_subject_that_moves_tells_his_side(offset_m: float) -> None:
    time_s = np.arange(0.0, 6.0, 1 / 24)
    tag_m = SET_M + offset_m + 0.05 * np.sin(1.5 * time_s)
    told = behind(_discs(tag_m, np.full_like(tag_m, SET_M), np.random.default_rng(1)), time_s, OPTICS)
    right = told if offset_m > 0 else 1.0 - told
    assert np.mean(right) > 0.9
    assert np.all(right > 0.5)


def test_one_that_stands_still_tells_none() -> None:
    time_s = np.arange(0.0, 3.0, 1 / 24)
    tag_m = np.full_like(time_s, SET_M + 0.1)
    told = behind(_discs(tag_m, np.full_like(tag_m, SET_M), np.random.default_rng(2)), time_s, OPTICS)
    assert np.all(np.abs(told - 0.5) < 0.3)


def test_a_rack_from_one_side_to_the_other_is_followed() -> None:
    time_s = np.arange(0.0, 8.0, 1 / 24)
    tag_m = SET_M + 0.1 + 0.05 * np.sin(1.5 * time_s)
    set_m = np.where(time_s < 4.0, SET_M, SET_M + 0.25)
    told = behind(_discs(tag_m, set_m, np.random.default_rng(3)), time_s, OPTICS)
    assert np.mean(told[time_s < 3.5]) > 0.9
    assert np.mean(told[time_s > 4.5]) < 0.1


def test_one_picture_is_enough_to_ask() -> None:
    told = behind(_discs(np.array([0.9]), np.array([SET_M]), np.random.default_rng(4)), np.zeros(1), OPTICS)
    assert 0.0 <= told[0] <= 1.0
