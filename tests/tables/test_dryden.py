"""Turbulence against MIL-F-8785C; source and tolerance on the line."""

from __future__ import annotations

import numpy as np
import pytest

from onetake.units import FT_M, KT_M_S
from onetake.weather import gusts


# MIL-F-8785C figure 7 at 25,000 ft: 2.7 / 6.6 / 20.0 ft/s, L 1,750 ft; as printed
@pytest.mark.parametrize(("severity", "sigma_ft_s"), [("light", 2.7), ("moderate", 6.6), ("severe", 20.0)])
def test_at_25000_feet(severity: str, sigma_ft_s: float) -> None:
    got = gusts.profile(25000 * FT_M, severity)
    assert got.sigma_m_s[0] == pytest.approx([sigma_ft_s * FT_M] * 3)
    assert got.length_m[0] == pytest.approx([533.4] * 3)


def test_at_1000_feet_the_formulas_are_isotropic() -> None:
    # 0.177 + 0.823 = 1.000: sigma_u = sigma_w and L_u = L_w = 1,000 ft, by the specification's own design
    got = gusts.profile(1000 * FT_M, "light")
    assert got.sigma_m_s[0] == pytest.approx([1.5 * KT_M_S] * 3)
    assert got.length_m[0] / FT_M == pytest.approx([1000.0] * 3)


def test_between_1000_and_2000_feet_it_is_linear() -> None:
    low, middle, high = (gusts.profile(feet * FT_M, "moderate") for feet in (1000.0, 1500.0, 2000.0))
    assert middle.sigma_m_s == pytest.approx((low.sigma_m_s + high.sigma_m_s) / 2)
    assert middle.length_m / FT_M == pytest.approx(np.full((1, 3), 1375.0))


# computed in the reference data: 0.91 m apart with L 533 m gives 0.058 sigma, to 5 %;
# 0.05 / 0.12 / 0.35 m/s at 25,000 ft, to 5 % or the digits printed
@pytest.mark.parametrize(("severity", "difference"), [("light", 0.05), ("moderate", 0.12), ("severe", 0.35)])
def test_two_bodies_three_feet_apart(severity: str, difference: float) -> None:
    assert float(gusts.difference_sigma(1.0, 0.91, 533.0)) == pytest.approx(0.058, rel=0.05)
    got = gusts.profile(25000 * FT_M, severity)
    assert float(gusts.difference_sigma(got.sigma_m_s[0, 2], 0.9144, got.length_m[0, 2])) == pytest.approx(
        difference, rel=0.05, abs=0.005
    )


def test_spectra_hold_all_the_variance() -> None:
    # the integral over positive frequencies is sigma squared, MIL-F-8785C §3.7.1
    wave = np.concatenate([[0.0], np.geomspace(1e-7, 1e3, 200001)])
    for spectrum in (gusts.longitudinal_spectrum, gusts.lateral_spectrum):
        assert np.trapezoid(spectrum(wave, 1.7, 533.0), wave) == pytest.approx(1.7**2, rel=1e-4)


def test_generated_gusts_have_the_spectrum() -> None:
    # within 5 % in every band from a tenth of to three times the scale's frequency; 512 x 4096 steps of L/20
    ratio, count, bodies = 0.05, 4096, 512
    made = gusts.series(count, ratio, 1.0, np.random.default_rng(8785), bodies=bodies)
    window = np.hanning(count)
    power = np.mean(np.abs(np.fft.rfft(made * window[None, :, None], axis=1)) ** 2, axis=0)
    wave = 2 * np.pi * np.fft.rfftfreq(count) / ratio  # rad per scale length
    density = power * ratio / (np.pi * np.sum(window**2))
    up = density[:, 2]
    level = (density[:, 0] + density[:, 1]) / 2
    for got, spectrum in ((up, gusts.longitudinal_spectrum), (level, gusts.lateral_spectrum)):
        want = spectrum(wave, 1.0, 1.0)
        for low, high in ((0.1, 0.3), (0.3, 0.7), (0.7, 1.5), (1.5, 3.0)):
            band = (wave >= low) & (wave < high)
            assert np.mean(got[band]) == pytest.approx(np.mean(want[band]), rel=0.05), (low, high)
