from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import trapezoid

from onetake.errors import InputError
from onetake.jumper.burble import NEAR_M, PRIORS, Branch, Wake, deficit, on_axis, wake_wind, width

UP = np.array([0.0, 0.0, 1.0])


@pytest.mark.parametrize(
    ("branch", "percent"),
    [
        # survey, physics §6, CdA 0.5 m², start 0.28, growth 0.08, at 1, 2, 3, 5, 10 m; printed to the whole percent
        (Branch.GAUSSIAN, (17, 11, 8, 4, 2)),
        (Branch.POWER, (21, 15, 12, 9, 6)),
    ],
)
def test_deficits_printed_in_the_survey(branch: Branch, percent: tuple[int, ...]) -> None:
    lost = on_axis(Wake(branch=branch), [1.0, 2.0, 3.0, 5.0, 10.0], 0.5)
    np.testing.assert_allclose(100 * lost, percent, atol=0.6)  # 0.5 of rounding, 0.1 of the constants


@given(
    branch=st.sampled_from(Branch), behind_m=st.floats(0.6, 30.0), cda_m2=st.floats(0.2, 1.2),
    growth=st.floats(0.05, 0.2), cap=st.floats(0.3, 0.6),
)  # fmt: skip
def test_the_wake_carries_the_momentum_the_body_lost(
    branch: Branch, behind_m: float, cda_m2: float, growth: float, cap: float
) -> None:
    wake = Wake(branch=branch, growth=growth, cap=cap)
    radius = np.linspace(0.0, 12 * float(width(wake, behind_m, cda_m2)), 20_001)
    offset = np.column_stack([radius, np.zeros_like(radius), np.full_like(radius, behind_m)])
    lost = deficit(wake, offset, UP, cda_m2)
    momentum = trapezoid(lost * (1 - lost) * 2 * math.pi * radius, radius)
    assert momentum == pytest.approx(0.5 * cda_m2, rel=1e-4)


@given(branch=st.sampled_from(Branch), cda_m2=st.floats(0.2, 1.2))
def test_it_fades_downstream_and_outward_and_is_nothing_ahead(branch: Branch, cda_m2: float) -> None:
    wake = Wake(branch=branch)
    axis = on_axis(wake, np.linspace(0.01, 50.0, 500), cda_m2)
    assert np.all(np.diff(axis) <= 0)
    assert np.all((axis > 0) & (axis <= wake.cap))
    across = deficit(wake, [[r, 0, 3.0] for r in np.linspace(0, 5, 50)], UP, cda_m2)
    assert np.all(np.diff(across) < 0)
    assert deficit(wake, [0, 0, -1.0], UP, cda_m2) == 0.0
    assert on_axis(wake, -1.0, cda_m2) == 0.0


def test_face_to_face_at_three_feet_nobody_is_in_the_burble() -> None:
    for branch in Branch:
        assert deficit(Wake(branch=branch), [0.9144 + 1.2, 0.0, 0.0], UP, 0.6) == 0.0


def test_the_cap_acts_close_by_only() -> None:
    heavy = Wake(cap=0.3)
    assert on_axis(heavy, 0.1, 0.9) == 0.3
    assert on_axis(heavy, NEAR_M + 1.0, 0.6) < 0.3


def test_the_wake_trails_along_the_relative_wind_and_drags_air_along() -> None:
    # on the hill: the body moves east at 60 m/s, so air comes at it from the east and the wake lies to the west
    air = np.array([-60.0, 0.0, 20.0])
    behind, ahead = 3.0 * air / np.linalg.norm(air), -3.0 * air / np.linalg.norm(air)
    dragged = wake_wind(Wake(), [behind, ahead], air, 0.5)
    assert dragged[0] @ air < 0
    np.testing.assert_array_equal(dragged[1], 0.0)
    assert np.linalg.norm(dragged[0]) == pytest.approx(float(on_axis(Wake(), 3.0, 0.5)) * np.linalg.norm(air))


def test_a_tenth_of_the_airspeed_is_a_fifth_of_the_drag() -> None:
    # survey: a 10 % deficit takes 19 % of the drag, 1.9 m/s² at terminal
    lost = float(on_axis(Wake(), 2.13, 0.5))
    assert lost == pytest.approx(0.10, abs=0.005)
    assert (1 - (1 - lost) ** 2) * 9.81 == pytest.approx(1.9, abs=0.1)


def test_the_defaults_are_the_likely_priors() -> None:
    likely = {prior.name: prior.likely for prior in PRIORS}
    wake = Wake()
    assert (wake.start_m, wake.growth, wake.cap) == (likely["start_m"], likely["growth"], likely["cap"])
    for prior in PRIORS:
        assert prior.low <= prior.likely <= prior.high
        assert prior.low < prior.high
        assert prior.unit
        assert prior.source
        assert prior.why


@pytest.mark.parametrize(
    "numbers",
    [
        {"start_m": 0.0},
        {"start_m": math.nan},
        {"growth": -0.1},
        {"cap": 0.0},
        {"cap": 1.0},
        {"cap": math.inf},
    ],
)
def test_a_wake_that_cannot_be_is_refused(numbers: dict[str, float]) -> None:
    with pytest.raises(InputError, match="a wake needs"):
        Wake(**numbers)


def test_rubbish_bodies_are_refused() -> None:
    for cda_m2 in (0.0, -0.5, math.nan):
        with pytest.raises(InputError, match="drag area"):
            on_axis(Wake(), 1.0, cda_m2)
    with pytest.raises(InputError, match="direction"):
        deficit(Wake(), [0, 0, 1.0], [0, 0, 0], 0.5)
