"""The wind that a log tells is the wind there was, within its error; and nobody who glides is taken for wind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import jumps
import numpy as np
import pytest

from onetake.logbook.clean import clean
from onetake.logbook.events import Jump, jump_of
from onetake.logbook.file import read_logs
from onetake.logbook.log import Fixes
from onetake.logbook.wind import fall_rate_m_s, winds_of

WIND_M_S = np.array([7.0, -11.0, 0.0])


def _blown(path: Path, *, turning_rad_s: float = 0.3, seed: int = 1) -> tuple[Fixes, Jump]:
    """A jump in an even wind: a belly fall, then circles under a canopy at 11 m/s."""
    made = jumps.jump(5.0)
    t, opened = made.time_s, made.end_of_freefall_s + 4.0
    velocity = made.velocity_m_s.copy()
    falling = (t > 0) & (t < made.landing_s)
    # the aircraft's speed is lost by drag; here the fall takes on the wind with the same pace
    gained = 1.0 - np.exp(-np.maximum(t, 0.0) / 3.0)
    velocity[falling] += gained[falling, None] * WIND_M_S
    flying = (t > opened) & (t < made.landing_s)
    heading = turning_rad_s * (t - opened)
    velocity[flying, 0] = WIND_M_S[0] + 11.0 * np.cos(heading[flying])
    velocity[flying, 1] = WIND_M_S[1] + 11.0 * np.sin(heading[flying])
    rng = np.random.default_rng(seed)
    velocity += 0.2 * rng.standard_normal(velocity.shape) * falling[:, None]
    path.write_bytes(jumps.flysight1(replace(made, velocity_m_s=velocity)))
    fixes = clean(read_logs(path)[0]).fixes
    return fixes, jump_of(fixes)


def test_fall_and_circles_tell_the_wind_within_their_errors(tmp_path: Path) -> None:
    found = winds_of(*_blown(tmp_path / "a"))
    assert {layer.how for layer in found} == {"in the fall", "under canopy"}
    for layer in found:
        off = np.hypot(layer.east_m_s - WIND_M_S[0], layer.north_m_s - WIND_M_S[1])
        assert off < 2.5 * layer.sigma_m_s
        # a fall may slide, a circle may not
        assert layer.sigma_m_s > 4.0 if layer.how == "in the fall" else layer.sigma_m_s < 2.0
    heights = [layer.high_msl_m for layer in found]
    assert heights == sorted(heights, reverse=True)


def test_straight_flight_under_a_canopy_tells_no_wind(tmp_path: Path) -> None:
    found = winds_of(*_blown(tmp_path / "a", turning_rad_s=0.0))
    assert {layer.how for layer in found} == {"in the fall"}


def test_the_fall_rate_is_that_of_the_trades_air(tmp_path: Path) -> None:
    """sqrt(2 g / (rho CdA/m)) at 4,000 ft, where the standard atmosphere has 1.0879 kg/m3."""
    found = fall_rate_m_s(*_blown(tmp_path / "a"))
    # the sample's own air thins a little otherwise than the standard one, and a body that falls into denser air is faster
    expected = np.sqrt(2 * 9.80665 / (1.0879 * jumps.CDA_PER_M_M2_KG))
    assert found == pytest.approx(expected, rel=0.03)


def test_who_tracks_all_the_way_down_is_not_the_wind(tmp_path: Path) -> None:
    made = jumps.jump(5.0, cda_per_m_m2_kg=0.0085)
    (tmp_path / "a").write_bytes(jumps.flysight1(made))
    fixes = clean(read_logs(tmp_path / "a")[0]).fixes
    jump = jump_of(fixes)
    assert fall_rate_m_s(fixes, jump) == pytest.approx(46.0, abs=2.0)
    assert not [layer for layer in winds_of(fixes, jump) if layer.how == "in the fall"]


def test_without_a_fall_there_is_no_rate_and_no_wind(tmp_path: Path) -> None:
    fixes, _ = _blown(tmp_path / "a")
    assert fall_rate_m_s(fixes, Jump()) is None
    assert winds_of(fixes, Jump()) == ()
