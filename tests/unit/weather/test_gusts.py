"""Gusts: the discrete filters are exact for every step, the profile is whole, bad words are refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetake.errors import ChoiceError, InputError
from onetake.weather import gusts

ratios = st.floats(1e-4, 20.0)


def stationary(step: gusts.GustStep) -> tuple[float, float, float]:
    """Variance of p, covariance, variance of q after one step from the start's distribution."""
    covariance = np.array(
        [
            [step.start_pp**2, step.start_pp * step.start_qp],
            [step.start_pp * step.start_qp, step.start_qp**2 + step.start_qq**2],
        ]
    )
    move = float(step.decay) * np.array([[1.0, 0.0], [float(step.ratio), 1.0]])
    drive = np.array([[float(step.drive_pp), 0.0], [float(step.drive_qp), float(step.drive_qq)]])
    after = move @ covariance @ move.T + drive @ drive.T
    return float(after[0, 0]), float(after[0, 1]), float(after[1, 1])


@given(ratios)
def test_the_variance_stays_whatever_the_step(ratio: float) -> None:
    step = gusts.step(ratio)
    pp, pq, qq = stationary(step)
    assert (pp, pq, qq) == pytest.approx((0.5, 0.25, 0.25), abs=1e-9)
    gust = step.output_p**2 * pp + 2 * step.output_p * step.output_q * pq + step.output_q**2 * qq
    assert gust == pytest.approx(1.0, abs=1e-9)
    assert float(step.decay) ** 2 + float(step.longitudinal_drive) ** 2 == pytest.approx(1.0)


@given(st.floats(1e-3, 5.0), st.floats(1e-3, 5.0))
def test_two_steps_are_one_long_step(first: float, second: float) -> None:
    one, two, both = gusts.step(first), gusts.step(second), gusts.step(first + second)
    assert float(one.decay * two.decay) == pytest.approx(float(both.decay))
    move = float(two.decay) * np.array([[1.0, 0.0], [second, 1.0]])
    drives = [
        np.array([[float(s.drive_pp), 0.0], [float(s.drive_qp), float(s.drive_qq)]]) for s in (one, two, both)
    ]
    noise = move @ drives[0] @ drives[0].T @ move.T + drives[1] @ drives[1].T
    assert noise == pytest.approx(drives[2] @ drives[2].T, abs=1e-9)


def test_a_step_of_nothing_changes_nothing() -> None:
    step = gusts.step(0.0)
    assert (float(step.decay), float(step.longitudinal_drive), float(step.drive_pp)) == (1.0, 0.0, 0.0)


def test_correlation_from_step_to_step() -> None:
    ratio = 0.25
    made = gusts.series(40, ratio, 1.0, np.random.default_rng(3), bodies=4000)
    lag = np.arange(1, 9)
    for component, want in (
        (2, np.exp(-ratio * lag)),
        (0, np.exp(-ratio * lag) * (1 - ratio * lag / 2)),  # lateral Dryden correlation
        (1, np.exp(-ratio * lag) * (1 - ratio * lag / 2)),
    ):
        series = made[:, :, component]
        got = [np.mean(series[:, k:] * series[:, :-k]) for k in lag]
        assert got == pytest.approx(want, abs=0.03)
    assert np.std(made, axis=(0, 1)) == pytest.approx(np.ones(3), abs=0.03)
    cross = np.mean(made[:, :, 0] * made[:, :, 1])
    assert abs(cross) < 0.03


def test_series_scales_by_component() -> None:
    made = gusts.series(50, 0.5, np.array([1.0, 2.0, 0.0]), np.random.default_rng(1), bodies=2000)
    assert np.std(made, axis=(0, 1)) == pytest.approx([1.0, 2.0, 0.0], rel=0.05)


@given(st.floats(-100, 40000), st.sampled_from(gusts.SEVERITIES))
def test_the_profile_is_finite_everywhere(height: float, severity: str) -> None:
    got = gusts.profile(height, severity)
    assert np.all(np.isfinite(got.sigma_m_s))
    assert np.all(got.sigma_m_s >= 0)
    assert np.all(got.length_m > 0)
    sigma, length = got.isotropic()
    assert sigma.shape == length.shape == (1,)


def test_worse_is_worse_and_none_is_still() -> None:
    height = np.linspace(0, 11000, 200)
    light, moderate, severe = (
        gusts.profile(height, name).sigma_m_s for name in ("light", "moderate", "severe")
    )
    assert np.all(light < moderate)
    assert np.all(moderate < severe)
    assert not gusts.profile(height, "none").sigma_m_s.any()


def test_the_profile_never_jumps() -> None:
    height = np.arange(0.0, 12000.0, 1.0)
    got = gusts.profile(height, "severe")
    assert np.max(np.abs(np.diff(got.sigma_m_s, axis=0))) < 0.1
    # L_u falls fast near the ground: by 6.5 m for each metre at most
    assert np.max(np.abs(np.diff(got.length_m, axis=0))) < 8.0


@given(st.floats(0, 1e5), st.floats(1, 1000))
def test_difference_lies_between_nothing_and_two_independent_gusts(separation: float, length: float) -> None:
    difference = float(gusts.difference_sigma(1.0, separation, length))
    assert 0.0 <= difference <= np.sqrt(2.0)
    assert difference**2 == pytest.approx(
        2.0 * (1.0 - float(gusts.correlation(separation, length))), abs=1e-9
    )


def test_bad_questions_are_refused() -> None:
    with pytest.raises(ChoiceError, match="did you mean 'moderate'"):
        gusts.profile(100.0, "moderat")
    with pytest.raises(InputError, match="no number"):
        gusts.profile([100.0, float("nan")], "light")
