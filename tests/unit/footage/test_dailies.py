"""Dailies: arrays of one length, read-only, in the order of time."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from onetake.errors import InputError
from onetake.footage.dailies import Dailies

VECTORS = {"eyes_camera_m": 3, "eyes_sigma_m": 3, "q_camera_from_target": 4}
SCALARS = {"file": "A001.mov", "criterion": "D/1500", "circle_m": 3e-5, "width_px": 4096, "height_px": 2160}


def columns(n: int) -> dict[str, Any]:
    made: dict[str, Any] = dict(SCALARS)
    for one in fields(Dailies):
        if one.name not in made:
            made[one.name] = np.zeros((n, VECTORS[one.name]) if one.name in VECTORS else n)
    return made | {"time_s": np.arange(n) / 24.0}


def test_its_columns_are_of_one_length_and_stay_as_they_are() -> None:
    dailies = Dailies(**columns(3))
    assert len(dailies) == 3
    with pytest.raises(ValueError, match="read-only"):
        dailies.range_m[0] = 1.0
    with pytest.raises(InputError, match=r"disc_px has the shape \(2,\)"):
        Dailies(**columns(3) | {"disc_px": np.zeros(2)})
    with pytest.raises(InputError, match="do not increase"):
        Dailies(**columns(3) | {"time_s": np.array([0.0, 1.0, 1.0])})
