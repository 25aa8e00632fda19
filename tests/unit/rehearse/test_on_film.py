"""What pictures show, smoothed: as near the truth as it says, and unknown where nobody looked."""

from __future__ import annotations

import numpy as np
import pytest

from onetake.errors import InputError
from onetake.rehearse.on_film import Frames, on_film
from onetake.rehearse.smooth import wandering
from onetake.trace import Array

TIME_S = np.arange(0.0, 20.0, 0.04)
GAIN_M = 4.5e-4


def _frames(at: Array, rng: np.random.Generator, **changes: Array) -> Frames:
    n = len(at)
    columns = {
        "bearing_rad": 0.1 * np.sin(at) + 2e-3 * rng.standard_normal(n), "elevation_rad": np.full(n, 0.05),
        "toward_sigma_rad": np.full(n, 2e-3), "blur_m": 20e-6 + 5e-6 * np.cos(at) + 1e-6 * rng.standard_normal(n),
        "blur_sigma_m": np.full(n, 3e-6), "q_camera_from_body": np.tile([1.0, 0.0, 0.0, 0.0], (n, 1)),
        "turn_sigma_rad": np.full(n, 0.17), "image_m": np.full(n, 0.0365),
    }  # fmt: skip
    return Frames(gain_m=GAIN_M, **(columns | changes))


def test_what_was_read_is_as_far_off_as_it_says() -> None:
    off = []
    for seed in range(10):
        at = np.arange(2.0, 18.0, 1001 / 24000)
        film = on_film(
            _frames(at, np.random.default_rng(seed)),
            at,
            TIME_S,
            clock_s=0.1,
            instrument="the picture (C.mp4)",
        )
        inside = (TIME_S > 3.0) & (TIME_S < 17.0)
        off.append(((film.bearing_rad - 0.1 * np.sin(TIME_S)) / film.toward_sigma_rad)[inside])
        assert film.read[inside].all()
        assert np.all(np.abs(film.blur_m - 20e-6 - 5e-6 * np.cos(TIME_S))[inside] < 4e-6)
        assert film.blur_shared_sigma_m[inside] == pytest.approx(3e-6)
    assert 0.5 < np.sqrt(np.mean(np.square(off))) < 1.3


def test_a_hole_leaves_open_what_may_have_happened_in_it() -> None:
    at = np.arange(2.0, 18.0, 1001 / 24000)
    at = at[(at < 8.0) | (at > 8.5)]
    film = on_film(_frames(at, np.random.default_rng(1)), at, TIME_S, clock_s=0.0, instrument="")
    middle, beside, before = np.searchsorted(TIME_S, [8.26, 7.0, 0.2])
    # two dioptres a second squared for half a second at a time: sqrt(4 T^3 / 192) of a dioptre in the middle of half a second
    assert film.blur_sigma_m[middle] == pytest.approx(GAIN_M * np.sqrt(4.0 * 0.5**3 / 192.0), rel=0.3)
    assert film.blur_sigma_m[beside] < 2e-6
    assert film.toward_sigma_rad[middle] > 5.0 * film.toward_sigma_rad[beside]
    assert film.turn_sigma_rad[middle] > film.turn_sigma_rad[beside]
    assert (film.read[middle], film.read[beside], film.read[before]) == (0.0, 1.0, 0.0)
    # before the first picture nothing is known
    assert film.toward_sigma_rad[before] > 0.2


def test_one_picture_alone_is_taken() -> None:
    at = np.array([9.0])
    film = on_film(_frames(at, np.random.default_rng(2)), at, TIME_S, clock_s=0.0, instrument="")
    assert np.all(np.isfinite(film.blur_m))
    assert film.read.sum() <= 1


def test_left_alone_it_wanders_as_far_as_it_may() -> None:
    begin, step, noise = wandering(0.4, 0.36, 0.04)
    spread = begin
    for _ in range(1000):
        spread = step @ spread @ step.T + noise
    assert spread == pytest.approx(begin, rel=1e-6, abs=1e-12)
    # and at first as its accelerations push it: a third of the density times t cubed
    known = np.zeros((2, 2))
    for _ in range(5):
        known = step @ known @ step.T + noise
    assert known[0, 0] == pytest.approx(0.36 * 0.2**3 / 3.0, rel=0.3)


@pytest.mark.parametrize("wrong", ["nan", "shape", "image"])
def test_frames_that_cannot_be_are_refused(wrong: str) -> None:
    at = np.arange(3.0)
    changes = {
        "nan": {"blur_m": np.array([1e-6, np.nan, 1e-6])},
        "shape": {"turn_sigma_rad": np.ones(2)},
        "image": {"image_m": np.zeros(3)},
    }[wrong]
    with pytest.raises(InputError):
        _frames(at, np.random.default_rng(3), **changes)
