"""Whole takes through H.264, each spoiled in its own way: the range, the call and the errors hold all along.

The long form, a thousand pictures, is benchmarks/test_footage.py.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rushes

from onetake.footage.dailies import CANNOT_TELL
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
