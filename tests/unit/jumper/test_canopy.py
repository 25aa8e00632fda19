from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetake.errors import ChoiceError, InputError
from onetake.jumper.canopy import (
    Opening,
    aad,
    canopy_flight,
    drag_area,
    likely_opening,
    neck_limits,
    neck_load,
    open_vertically,
    priors,
    reserve_limits,
)

USUAL = {"mass_kg": 100.0, "body_cda_m2": 0.55, "speed_m_s": 54.0, "density_kg_m3": 1.1}


def test_every_prior_is_in_order_and_says_where_it_is_from() -> None:
    for prior in priors().values():
        assert 0 < prior.low < prior.likely < prior.high
        assert prior.confidence in ("read", "recalled", "computed", "assumption")
        assert prior.source
        assert prior.why


@given(area_m2=st.floats(5, 50), body_m2=st.floats(0.2, 1.0))
def test_drag_area_grows_from_body_to_canopy_and_never_back(area_m2: float, body_m2: float) -> None:
    opening = likely_opening(area_m2)
    grown = drag_area(opening, np.linspace(-1.0, opening.total_s + 1.0, 500), body_m2)
    assert grown[0] == body_m2
    assert grown[-1] == pytest.approx(opening.full_cda_m2)
    assert np.all(np.diff(grown) >= -1e-12)


def test_nothing_is_felt_before_line_stretch() -> None:
    opening = likely_opening(34.4)
    opened = open_vertically(opening, **USUAL)
    before = opened.time_s <= opening.extraction_s
    np.testing.assert_allclose(opened.felt_g[before], 1.0, atol=0.12)  # near terminal
    assert opened.loss_m[0] == 0.0
    assert np.all(np.diff(opened.loss_m) > 0)
    assert opened.speed_m_s[-1] < 12.0


@given(factor=st.floats(1.05, 1.6))
def test_faster_is_harder(factor: float) -> None:
    opening = likely_opening(34.4)
    slow, fast = (
        open_vertically(opening, **(USUAL | {"speed_m_s": 54.0 * f}), step_s=0.02) for f in (1.0, factor)
    )
    assert fast.peak_g > slow.peak_g
    assert fast.loss_m[-1] > slow.loss_m[-1]


def test_neck_load_of_a_twenty_pound_camera() -> None:
    # 7.1 kg of head and helmet and 9.07 kg of camera at 3.5 g
    assert neck_load(7.1, 9.07, 3.5) == pytest.approx((7.1 + 9.07) * 3.5 * 9.80665)
    assert neck_load(7.1, 0.0, 0.0) == 0.0


def test_no_neck_limit_claims_to_clear_a_heavy_camera() -> None:
    limits = {limit.id: limit for limit in neck_limits()}
    assert all(
        limit.confidence == "recalled" or "no heavy camera" in limit.applies_to for limit in limits.values()
    )
    assert limits["head_supported_mass"].limit < 9.07


def test_heavier_or_higher_flies_faster_at_the_same_angle() -> None:
    low = canopy_flight(mass_kg=100, canopy_m2=20, density_kg_m3=1.2)
    high = canopy_flight(mass_kg=100, canopy_m2=20, density_kg_m3=0.6)
    heavy = canopy_flight(mass_kg=200, canopy_m2=20, density_kg_m3=1.2)
    assert high.descent_m_s == pytest.approx(low.descent_m_s * math.sqrt(2))
    assert heavy.forward_m_s == pytest.approx(high.forward_m_s)
    assert low.forward_m_s / low.descent_m_s == pytest.approx(low.glide)


def test_aad_fires_low_and_fast_only() -> None:
    expert = aad("cypres_expert")
    np.testing.assert_array_equal(
        expert.fires([226.0, 224.0, 224.0, 39.0], [54.0, 54.0, 34.0, 54.0]), [False, True, False, False]
    )
    student = aad("cypres_student")
    np.testing.assert_array_equal(
        student.fires([299.0, 301.0, 299.0], [14.0, 14.0, 12.0]), [True, False, False]
    )
    assert expert.lowest_open_agl_m == pytest.approx(225 + 304.8)
    assert student.lowest_open_agl_m == pytest.approx(300 + 304.8)


def test_wrong_device_says_what_there_is() -> None:
    with pytest.raises(ChoiceError, match="did you mean 'cypres_expert'"):
        aad("cypres_export")


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan, math.inf])
@pytest.mark.parametrize("key", sorted(USUAL))
def test_rubbish_numbers_are_refused(key: str, bad: float) -> None:
    with pytest.raises(InputError, match="positive"):
        open_vertically(likely_opening(30.0), **(USUAL | {key: bad}))


@pytest.mark.parametrize("area_m2", [0.0, -5.0, 1e6, math.nan])
def test_a_canopy_that_is_none_is_refused(area_m2: float) -> None:
    with pytest.raises(InputError, match="canopy"):
        likely_opening(area_m2)
    with pytest.raises(InputError, match="canopy"):
        canopy_flight(mass_kg=100.0, canopy_m2=area_m2, density_kg_m3=1.2)


@pytest.mark.parametrize(
    "parts",
    [
        (-1, 2, 2, 2, 30),
        (1, 2, 2, 0, 30),
        (1, 2, 40, 2, 30),
        (math.nan, 2, 2, 2, 30),
        (1, math.inf, 2, 2, 30),
    ],
)
def test_an_opening_that_cannot_be_is_refused(parts: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match="open"):
        Opening(
            **dict(
                zip(
                    ("extraction_s", "snivel_s", "snivel_cda_m2", "fill_s", "full_cda_m2"), parts, strict=True
                )
            )
        )


def test_other_rubbish_is_refused() -> None:
    with pytest.raises(InputError, match="neck load"):
        neck_load(-1.0, 0.0, 1.0)
    with pytest.raises(InputError, match="neck load"):
        neck_load(5.0, math.nan, 1.0)
    with pytest.raises(InputError, match="placard"):
        reserve_limits(0.0)
    with pytest.raises(InputError, match="glide"):
        canopy_flight(mass_kg=100.0, canopy_m2=20.0, density_kg_m3=1.2, glide=-1.0)


def test_a_device_with_two_levels_says_both() -> None:
    """Student CYPRES: 13 m/s under 300 m, 35 m/s under 225 m (data/aad.toml)."""
    assert aad("cypres_student").levels() == (("AAD, over 29 mph", 300.0), ("AAD, over 78 mph", 225.0))
    assert aad("cypres_expert").levels() == (("AAD fires", 225.0),)
    assert aad("cypres_student").lowest_open_agl_m == pytest.approx(604.8)
