"""The offset between two clocks out of motion that was shared; and that straight flight tells none."""

from __future__ import annotations

import numpy as np
import pytest

from onetake.logbook.between import LAG_S, offset_between
from onetake.logbook.events import Jump, Moment
from onetake.logbook.log import Array, Fixes

START_S = 1_900_000_000.0
EXIT = Jump(exit=Moment(utc_s=START_S + 320.0, sigma_s=0.2, altitude_msl_m=4000.0))


def _aboard(rng: np.random.Generator, late_s: float, *, turns: bool, rate_hz: float = 5.0) -> Fixes:
    """A flight of 300 s with two turns, as a receiver whose clock is behind by `late_s` writes it down."""
    true_s = np.arange(0.0, 310.0, 1.0 / rate_hz)
    heading = np.interp(true_s, [100.0, 130.0, 200.0, 215.0], [0.0, 2.5, 2.5, 1.5]) if turns else 0.0 * true_s
    velocity = np.stack([55.0 * np.sin(heading), 55.0 * np.cos(heading), np.full(len(true_s), 3.0)], axis=-1)
    velocity += _slow(rng, len(true_s), 0.3, rate_hz)
    nothing = np.full(len(true_s), np.nan)
    return Fixes(
        utc_s=START_S + true_s - late_s, lat_deg=nothing, lon_deg=nothing, altitude_msl_m=nothing, velocity_enu_m_s=velocity,
        sigma_horizontal_m=nothing, sigma_up_m=nothing, sigma_velocity_m_s=nothing, satellites=nothing,
    )  # fmt: skip


def _slow(rng: np.random.Generator, n: int, sigma_m_s: float, rate_hz: float) -> Array:
    """Errors of a velocity that stay alike for a second, as receivers' do."""
    keep = np.exp(-1.0 / rate_hz)
    wrong = np.zeros((n, 3))
    for i in range(1, n):
        wrong[i] = keep * wrong[i - 1] + sigma_m_s * np.sqrt(1 - keep**2) * rng.standard_normal(3)
    return wrong


@pytest.mark.parametrize("late_s", [0.0, 0.37, -4.2, 18.0])
def test_turns_tell_how_far_a_clock_is_behind(late_s: float) -> None:
    rng = np.random.default_rng(3)
    found = offset_between(_aboard(rng, 0.0, turns=True), _aboard(rng, late_s, turns=True), (EXIT, EXIT))
    assert found is not None
    assert found.how == "aboard"
    assert found.offset_s == pytest.approx(late_s, abs=0.1)
    assert LAG_S <= found.sigma_s < 1.5 * LAG_S


def test_straight_flight_tells_nothing() -> None:
    rng = np.random.default_rng(4)
    assert (
        offset_between(_aboard(rng, 0.0, turns=False), _aboard(rng, 2.0, turns=False), (EXIT, EXIT)) is None
    )


def test_without_a_jump_nothing_is_told() -> None:
    rng = np.random.default_rng(5)
    both = _aboard(rng, 0.0, turns=True), _aboard(rng, 0.0, turns=True)
    assert offset_between(*both, (Jump(), Jump())) is None


def test_the_error_of_the_fit_is_as_large_as_it_is_wrong() -> None:
    """Apart from the receivers' own lag, which these have not."""
    rng = np.random.default_rng(6)
    ratios = []
    for _ in range(16):
        late_s = float(rng.uniform(-3.0, 3.0))
        found = offset_between(_aboard(rng, 0.0, turns=True), _aboard(rng, late_s, turns=True), (EXIT, EXIT))
        assert found is not None
        own_s = np.sqrt(found.sigma_s**2 - LAG_S**2)
        ratios.append((found.offset_s - late_s) / own_s)
    assert 0.5 < np.sqrt(np.mean(np.square(ratios))) < 1.6
