"""A spectrum is as strong as what was put in, its intervals hold the truth, and a motor noise that was flown is read back."""

from __future__ import annotations

from pathlib import Path

import jumps
import numpy as np
import pytest

from onetake.api.stage import Stage
from onetake.clock import Clock
from onetake.errors import InputError
from onetake.logbook.file import read_logs
from onetake.logbook.inertial import inertial_trace
from onetake.logbook.log import Log
from onetake.rehearse import motor
from onetake.rehearse.steadiness import BANDS_HZ, FLOOR_HZ, spectrum_of
from onetake.trace import Trace


def _trace(time_s: np.ndarray, velocity: np.ndarray) -> Trace:
    return Trace(name="x", time_s=time_s, position_enu_m=np.zeros_like(velocity), velocity_enu_m_s=velocity)


@pytest.mark.parametrize("rate_hz", [5.0, 10.0, 25.0])
def test_white_velocity_noise_is_found_at_its_strength(rate_hz: float) -> None:
    """One-sided power of white noise of variance s² is 2 s² / rate, and (2 pi f)² times it for the acceleration."""
    rng = np.random.default_rng(4)
    time_s = np.arange(0, 600, 1 / rate_hz)
    found = spectrum_of(_trace(time_s, 0.3 * rng.standard_normal((len(time_s), 3))), 0.0, 600.0)
    power = 2 * 0.3**2 / rate_hz
    expected = [power * np.mean((2 * np.pi * np.linspace(*band, 50)) ** 2) for band in BANDS_HZ]
    assert np.allclose(found.level, expected, rtol=0.15)
    assert np.allclose(found.vertical, expected, rtol=0.25)
    assert np.allclose(found.floor, power, rtol=0.1)
    assert np.allclose(found.white_level, expected, rtol=0.15)


def test_a_swing_stands_in_its_band_alone() -> None:
    time_s = np.arange(0, 60, 0.2)
    swing = np.stack(
        [np.sin(2 * np.pi * 0.3 * time_s), np.zeros_like(time_s), np.zeros_like(time_s)], axis=-1
    )
    found = spectrum_of(_trace(time_s, swing), 0.0, 60.0)
    # an acceleration of amplitude 2 pi 0.3 m/s², half its square, over the width of the band, over two level axes
    assert found.level[1] == pytest.approx(0.5 * (2 * np.pi * 0.3) ** 2 / 0.2 / 2, rel=0.05)
    assert max(found.level[[0, 2, 3]]) < 0.01 * found.level[1]
    assert max(found.vertical) < 1e-12


def test_shear_and_thinning_air_are_taken_off() -> None:
    time_s = np.arange(0, 45, 0.2)
    drift = np.stack([20 - 0.3 * time_s, 5 + 0.01 * time_s**2, -55 + 0.15 * time_s], axis=-1)
    found = spectrum_of(_trace(time_s, drift), 0.0, 45.0)
    assert max(found.level.max(), found.vertical.max()) < 1e-12


def test_the_intervals_hold_the_truth() -> None:
    rng = np.random.default_rng(9)
    time_s = np.arange(0, 45, 0.2)
    truth = 2 * 1.0 / 5 * np.array([np.mean((2 * np.pi * np.linspace(*band, 50)) ** 2) for band in BANDS_HZ])
    held = np.zeros(len(BANDS_HZ))
    for _ in range(200):
        found = spectrum_of(_trace(time_s, rng.standard_normal((len(time_s), 3))), 0.0, 45.0)
        held += (found.vertical_low < truth) & (truth < found.vertical_high)
    assert (held > 0.88 * 200).all()


def test_what_a_hole_hides_is_not_told() -> None:
    rng = np.random.default_rng(1)
    time_s = np.arange(0, 60, 0.1)
    some = (time_s % 3.0) > 1.0
    found = spectrum_of(_trace(time_s[some], rng.standard_normal((some.sum(), 3))), 0.0, 60.0)
    assert np.isfinite(found.level).tolist() == [True, True, False, False]
    slow = spectrum_of(_trace(np.arange(0, 60.0), rng.standard_normal((60, 3))), 0.0, 60.0)
    assert np.isfinite(slow.level).tolist() == [True, True, False, False]
    assert np.isnan(slow.floor).all()
    assert (slow.white_level == 0).all()
    assert FLOOR_HZ[0] >= BANDS_HZ[-1][1]


def test_a_few_seconds_have_no_spectrum() -> None:
    time_s = np.arange(0, 60, 0.2)
    with pytest.raises(InputError, match="10 s at least"):
        spectrum_of(_trace(time_s, np.zeros((len(time_s), 3))), 5.0, 12.0)


def test_an_inertial_unit_tells_the_acceleration_that_it_felt(tmp_path: Path) -> None:
    """The sample's unit lies level and feels one g: no acceleration, so its velocity stays nothing."""
    made = jumps.jump()
    (tmp_path / "log").write_bytes(jumps.tempo(made))
    (log,) = read_logs(tmp_path / "log")
    trace = inertial_trace(log, "actor", Clock(jumps.EXIT_UTC))
    assert trace is not None
    assert np.abs(trace.time_s - made.time_s).max() < 0.03
    felt = np.array([0.10, 0.20, 9.81 - 9.80665])
    assert trace.velocity_enu_m_s[-1] == pytest.approx(felt * (trace.time_s[-1] - trace.time_s[0]), rel=1e-6)
    assert inertial_trace(Log(format="tempo", rows=0), "actor", Clock(jumps.EXIT_UTC)) is None


@pytest.mark.slow
@pytest.mark.parametrize(("role", "noise"), [("operator", 0.02), ("operator", 0.08), ("subject", 0.03)])
def test_a_motor_noise_that_was_flown_is_read_back(two_way: Stage, role: motor.Role, noise: float) -> None:
    """From other takes than those the response was found with."""
    scenario = two_way.prepared.scenario
    response = motor.response_of(scenario, role, takes=16, seed=1)
    spectra = [
        motor.spectrum_of(trace, motor.SETTLED_S, motor.FLOWN_S)
        for trace in motor.flown(scenario, role, noise, 16, 77)
    ]
    read = [motor.level_unsteadiness(one, response) for one in spectra]
    assert np.median([one.motor_noise for one in read]) == pytest.approx(noise, rel=0.2)
    assert np.mean([one.low < noise < one.high for one in read]) > 0.75
    upright = [motor.vertical_unsteadiness(one, response).motor_noise for one in spectra]
    assert np.median(upright) == pytest.approx(noise, rel=0.35)
