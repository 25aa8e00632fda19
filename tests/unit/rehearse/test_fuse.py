"""Receivers and pictures as one sighting: as near the truth as it says, with its errors told apart."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from onetake.errors import InputError
from onetake.rehearse.fuse import STEP_S, Pictures, fuse
from onetake.slate import Slate
from onetake.take import Take, read_take, write_take
from onetake.trace import Array, Trace, Uncertainty

ERROR = Uncertainty(
    bias_m=0.5, wander_m=1.0, wander_time_s=30.0, white_m=0.1, velocity_m_s=0.15, velocity_time_s=1.0
)
TIME_S = np.arange(0.0, 60.0, 0.2)


def _range_m(time_s: Array) -> Array:
    """Closes from 100 m to three feet within 30 s and stays there."""
    return np.asarray(0.9144 + 100.0 * np.exp(-time_s / 5.0))


def _take(rng: np.random.Generator) -> Take:
    """One body falls, the other stands to the north of it; what their receivers read, with errors as stated."""
    n = len(TIME_S)
    down = np.stack([0 * TIME_S, 0 * TIME_S, 3000.0 - 55.0 * TIME_S], axis=-1)
    falling = np.tile([0.0, 0.0, -55.0], (n, 1))
    north = np.array([0.0, 1.0, 0.0])
    apart = _range_m(TIME_S)[:, None] * north
    closing = (-20.0 * np.exp(-TIME_S / 5.0))[:, None] * north

    def body(name: str, place: Array, velocity: Array) -> Trace:
        bias = ERROR.bias_m * rng.standard_normal(3)
        wander = ERROR.wander_m * rng.standard_normal(3)
        return Trace(
            name=name, time_s=TIME_S, position_enu_m=place + bias + wander + ERROR.white_m * rng.standard_normal((n, 3)),
            velocity_enu_m_s=velocity + ERROR.velocity_m_s * rng.standard_normal((n, 3)), uncertainty=ERROR,
            instrument="GNSS (flysight2)",
        )  # fmt: skip

    slate = Slate(title="Dusk", scene="1", take=1, picture_rate=Fraction(24))
    return Take(
        slate=slate, bodies=(body("operator", down, falling), body("actor", down + apart, falling + closing))
    )


def _film(rng: np.random.Generator, *, shared: float = 0.004, holes: bool = False) -> Pictures:
    time_s = np.arange(15.0, 58.0, 1001 / 24000)
    if holes:
        time_s = time_s[(time_s < 40.0) | (time_s > 41.0)]
    true, sigma_m = _range_m(time_s), 0.003 * _range_m(time_s) ** 2
    read = true * (1.0 + shared * rng.standard_normal()) + sigma_m * rng.standard_normal(len(time_s))
    return Pictures(file="A001.mov", time_s=time_s, range_m=read, sigma_m=sigma_m, shared_m=shared * true)


def test_the_range_is_as_far_off_as_it_says() -> None:
    near, far, shared = [], [], []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        sight = fuse(_take(rng), _film(rng)).sight
        assert sight is not None
        off = sight.range_m - _range_m(sight.time_s)
        said = np.hypot(sight.shared_sigma_m, sight.own_sigma_m)
        hold = (sight.time_s > 30.0) & (sight.time_s < 57.0)
        approach = (sight.time_s > 1.0) & (sight.time_s < 12.0)
        near.append(np.mean((off / said)[hold] ** 2))
        far.append(np.mean((off / said)[approach] ** 2))
        shared.append(float(np.median(sight.shared_sigma_m[hold])))
        assert np.all(said[hold] < 0.01)
    # twelve draws of what is shared: a mean square of one, within what twelve allow
    assert 0.3 < np.mean(near) < 2.2
    assert 0.1 < np.mean(far) < 2.2
    assert np.median(shared) == pytest.approx(0.004 * 0.9144, rel=0.1)


def test_in_a_hole_of_the_film_the_error_grows_and_says_so() -> None:
    rng = np.random.default_rng(3)
    sight = fuse(_take(rng), _film(rng, holes=True)).sight
    assert sight is not None
    said = np.hypot(sight.shared_sigma_m, sight.own_sigma_m)
    middle, before = np.searchsorted(sight.time_s, [40.5, 39.0])
    # a second that nobody saw, two metres a second squared for half a second at a time
    assert said[middle] > 10.0 * said[before]
    assert abs(sight.range_m[middle] - _range_m(np.array([40.5]))[0]) < 3.0 * said[middle]
    # and what is wrong there stays wrong for some ticks, as nothing corrects it
    assert sight.keep[middle] > 0.9 > sight.keep[before]


def test_a_film_whose_clock_is_off_is_worth_less_while_they_close() -> None:
    rng = np.random.default_rng(4)
    take, film = _take(rng), _film(rng)
    late = Pictures(
        file=film.file, time_s=film.time_s, range_m=film.range_m, sigma_m=film.sigma_m, shared_m=film.shared_m, clock_s=0.3
    )  # fmt: skip
    sure, unsure = fuse(take, film).sight, fuse(take, late).sight
    assert sure is not None
    assert unsure is not None
    at = np.searchsorted(sure.time_s, 16.0)
    assert unsure.shared_sigma_m[at] == pytest.approx(0.3 * abs(unsure.closing_m_s[at]), rel=0.1)


def test_a_take_with_a_sighting_is_written_and_read(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    take = fuse(_take(rng), _film(rng))
    back = read_take(write_take(take, tmp_path / "a.take")).sight
    assert take.sight is not None
    assert back is not None
    assert np.array_equal(back.range_m, take.sight.range_m)
    assert np.array_equal(back.toward_enu, take.sight.toward_enu)
    assert back.instrument == "range in the picture (A001.mov) with GNSS (flysight2)"
    assert np.allclose(np.diff(back.time_s), STEP_S)


def test_a_film_of_another_time_is_refused() -> None:
    rng = np.random.default_rng(6)
    film = _film(rng)
    late = Pictures(
        file=film.file,
        time_s=film.time_s + 500.0,
        range_m=film.range_m,
        sigma_m=film.sigma_m,
        shared_m=film.shared_m,
    )
    with pytest.raises(InputError, match="check its clock"):
        fuse(_take(rng), late)


@pytest.mark.parametrize("wrong", ["order", "sigma", "range"])
def test_ranges_that_cannot_be_are_refused(wrong: str) -> None:
    columns = {key: np.ones(3) for key in ("range_m", "sigma_m", "shared_m")}
    columns["time_s"] = np.array([0.0, 1.0, 1.0]) if wrong == "order" else np.arange(3.0)
    if wrong == "sigma":
        columns["sigma_m"][1] = 0.0
    if wrong == "range":
        columns["range_m"][1] = np.nan
    with pytest.raises(InputError):
        Pictures(file="A001.mov", **columns)
