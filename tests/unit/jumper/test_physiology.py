from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetake.errors import InputError
from onetake.jumper.physiology import (
    Told,
    alveolar_oxygen_pa,
    blood_oxygen,
    decompression_risk,
    nitrogen_left,
    saturation,
    standard_height_m,
    useful_consciousness,
    wind_chill,
)

FT = 0.3048


@given(st.lists(st.floats(0, 9e4), min_size=2, max_size=20))
def test_saturation_rises_with_pressure_between_nothing_and_all(pressures_pa: list[float]) -> None:
    shares = saturation(sorted(pressures_pa))
    assert np.all((shares >= 0) & (shares <= 1))
    assert np.all(np.diff(shares) >= 0)


@given(low_pa=st.floats(6e3, 1e5), more=st.floats(1.0, 1.2), share=st.floats(0, 1))
def test_more_pressure_is_never_less_oxygen(low_pa: float, more: float, share: float) -> None:
    assert alveolar_oxygen_pa(low_pa * more, share) >= alveolar_oxygen_pa(low_pa, share) - 1e-6


def test_every_answer_says_how_far_to_trust_it() -> None:
    for told in (
        blood_oxygen(4e4), useful_consciousness(8000.0), decompression_risk(8000.0, 900.0, 1800.0), nitrogen_left(60.0),
        wind_chill(240.0, 60.0),
    ):  # fmt: skip
        assert isinstance(told, Told)
        assert told.confidence in ("read", "recalled", "computed")
        assert told.source
        assert told.low <= told.high


def test_air_at_height_sends_you_to_useful_consciousness() -> None:
    assert "useful consciousness" in blood_oxygen(37_600.0).caution
    assert blood_oxygen(37_600.0, 1.0).caution == ""


@given(st.floats(5000, 14_000), st.booleans(), st.booleans())
def test_higher_faster_or_busier_is_never_longer(height_m: float, rapid: bool, exercise: bool) -> None:
    here = useful_consciousness(height_m, rapid=rapid, exercise=exercise)
    higher = useful_consciousness(height_m + 500, rapid=rapid, exercise=exercise)
    assert higher.low <= here.low + 1e-9
    assert higher.high <= here.high + 1e-9
    calm = useful_consciousness(height_m)
    assert here.low <= calm.low + 1e-9
    assert here.high <= calm.high + 1e-9


def test_outside_the_table_only_bounds_are_given() -> None:
    assert useful_consciousness(4000.0).high == math.inf
    assert useful_consciousness(15_000.0).low == 0.0


def test_decompression_is_a_bound_where_the_fit_does_not_reach() -> None:
    assert decompression_risk(4000.0, 7200.0, 3600.0).low == 0.0
    assert decompression_risk(11_000.0, 7200.0, 3600.0).high == 1.0
    assert decompression_risk(8000.0, 7200.0, 0.0).high == 1.0
    assert "extrapolated" in decompression_risk(8000.0, 600.0, 3600.0).caution
    nothing = decompression_risk(8000.0, 0.0, 3600.0)
    assert (nothing.low, nothing.high) == (0.0, 0.0)
    fitted = decompression_risk(30_000 * FT, 3600.0, 3600.0)
    assert fitted.low == fitted.high
    assert fitted.caution == ""


def test_a_long_break_on_air_starts_again() -> None:
    assert nitrogen_left(3600.0, 599.0).low < 0.9
    assert nitrogen_left(3600.0, 600.0).low == 1.0


def test_wind_chill_is_a_bound_and_never_warms() -> None:
    told = wind_chill(240.0, 60.0)
    assert told.low < told.high == 240.0
    assert "bound" in told.caution
    assert wind_chill(300.0, 60.0).low == 300.0  # the index is not defined when warm
    assert wind_chill(270.0, 0.0).low == 270.0


def test_rubbish_is_refused() -> None:
    for call in (
        lambda: saturation(-1.0), lambda: saturation([100.0, math.nan]),
        lambda: alveolar_oxygen_pa(0.0, 0.2), lambda: alveolar_oxygen_pa(math.nan, 0.2),
        lambda: alveolar_oxygen_pa(5e4, 1.2), lambda: alveolar_oxygen_pa(5e4, math.nan),
        lambda: useful_consciousness(math.nan), lambda: decompression_risk(-1.0, 1.0, 1.0),
        lambda: decompression_risk(8000.0, math.inf, 1.0), lambda: nitrogen_left(-5.0), lambda: nitrogen_left(5.0, math.nan),
        lambda: wind_chill(-3.0, 5.0), lambda: wind_chill(250.0, math.nan), lambda: standard_height_m(1.0),
    ):  # fmt: skip
        with pytest.raises(InputError):
            call()
