"""Whole takes through H.264, each spoiled in its own way: the range, the call and the errors hold all along.

The long form, a thousand pictures, is benchmarks/test_footage.py.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import films
import numpy as np
import pytest
import rushes
import stage

from onetake.footage.dailies import CANNOT_TELL
from onetake.footage.subject import watch
from onetake.units import FT_M

THREE_FEET_M, TWO_TEN_M = 3 * FT_M, 34 / 12 * FT_M
COUNT = 7


@pytest.mark.parametrize("spoiled", rushes.SPOILED)
def test_range_and_call_through_a_spoiled_take(tmp_path: Path, spoiled: str) -> None:
    take = rushes.rushes(
        np.linspace(THREE_FEET_M, 0.82, COUNT).tolist(), spoiled, seed=rushes.SPOILED.index(spoiled)
    )
    dailies = rushes.seen(take, tmp_path / "take.mp4", seed=3)
    assert dailies.judgeable.all(), dailies.why
    off_m = dailies.range_m - take.range_m
    assert np.abs(off_m).max() < 0.005
    assert np.abs(off_m / dailies.range_sigma_m).max() < 4.0
    discs = take.disc_px / rushes.optics().circle_px
    truth = np.where(discs <= 1.0, "sharp", "soft")
    assert np.all((dailies.call == truth) | (dailies.call == CANNOT_TELL))
    assert np.all(dailies.call[np.abs(discs - 1.0) > 0.5] == truth[np.abs(discs - 1.0) > 0.5])
    assert {"sharp", "soft"} <= set(dailies.call.tolist())


def test_two_feet_ten_and_three_feet_are_told_apart_in_every_picture(tmp_path: Path) -> None:
    for distance_m in (TWO_TEN_M, THREE_FEET_M):
        take = rushes.rushes([distance_m] * 4, "rolling", seed=17)
        dailies = rushes.seen(take, tmp_path / "take.mp4", seed=5)
        nearer = dailies.range_m < (TWO_TEN_M + THREE_FEET_M) / 2
        assert np.all(nearer == (distance_m == TWO_TEN_M))
        assert np.all(np.hypot(dailies.range_sigma_m, dailies.range_bias_m) < 0.005 * 2)


def test_where_the_reading_of_the_rows_is_known_it_is_taken_off(tmp_path: Path) -> None:
    """A picture of 2160 rows read in 12 ms; the window that is written has 880 of them."""
    take = rushes.rushes([THREE_FEET_M] * 12, "rolling", seed=3)
    film = films.write(
        tmp_path / "take.mp4", rushes.pictures(take, 1), options={"preset": "veryfast", "crf": "18"}
    )
    off_m, sigma_m = {}, {}
    for readout_s in (None, 0.012 * rushes.HEIGHT / stage.BODY.height_px):
        dailies = watch(film, stage.TAG, replace(rushes.optics(), readout_s=readout_s))
        off_m[readout_s is None] = (dailies.range_m - take.range_m)[2:]
        sigma_m[readout_s is None] = dailies.range_sigma_m[2:]
    rms = {unknown: float(np.sqrt(np.mean(off**2))) for unknown, off in off_m.items()}
    assert rms[False] < 0.0002
    assert rms[False] < rms[True] / 3
    assert np.mean(sigma_m[False]) < np.mean(sigma_m[True]) / 5
    assert all(np.abs(off_m[unknown] / sigma_m[unknown]).max() < 4.0 for unknown in (True, False))
