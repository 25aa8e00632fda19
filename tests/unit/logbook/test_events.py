"""Events of jumps that are known to the hundredth, and of recordings in which nobody jumps."""

from __future__ import annotations

from dataclasses import replace

import jumps
import numpy as np
import pytest

from onetake.logbook.clean import clean
from onetake.logbook.events import Jump, jump_of
from onetake.logbook.log import Fixes, Log
from onetake.logbook.speed import best_3s_descent_m_s, ground_below_msl_m

EXIT_S = jumps.EXIT_UTC.timestamp()
MADE = jumps.jump(10.0)


def _fixes(time_s: np.ndarray, altitude_msl_m: np.ndarray, velocity_m_s: np.ndarray) -> Fixes:
    n = len(time_s)
    log = Log(
        format="made",
        rows=n,
        fixes=Fixes(
            utc_s=EXIT_S + time_s,
            lat_deg=np.full(n, 52.0),
            lon_deg=np.full(n, 8.0),
            altitude_msl_m=altitude_msl_m,
            velocity_enu_m_s=velocity_m_s,
            sigma_horizontal_m=np.full(n, 1.2),
            sigma_up_m=np.full(n, 1.8),
            sigma_velocity_m_s=np.full(n, 0.3),
            satellites=np.full(n, 14.0),
        ),
    )
    return clean(log).fixes


def _of(made: jumps.Jump) -> Fixes:
    return _fixes(made.time_s, made.place_m[:, 2], made.velocity_m_s)


def _flown(seconds: float, velocity: tuple[float, float, float], rate_hz: float = 5.0) -> np.ndarray:
    return np.tile(velocity, (round(seconds * rate_hz), 1)).astype(float)


def _path(*pieces: np.ndarray, start_msl_m: float = 3000.0, rate_hz: float = 5.0) -> Fixes:
    """Velocities one after another, smoothed over a second as bodies have mass, and the heights that follow."""
    velocity = np.concatenate(pieces)
    kernel = np.ones(int(rate_hz)) / int(rate_hz)
    velocity = np.stack(
        [np.convolve(np.pad(v, 10, mode="edge"), kernel, "same")[10:-10] for v in velocity.T], axis=-1
    )
    time_s = np.arange(len(velocity)) / rate_hz
    return _fixes(time_s, start_msl_m + np.cumsum(velocity[:, 2]) / rate_hz, velocity)


def _slugs(jump: Jump) -> set[str]:
    return {finding.slug for finding in jump.findings}


@pytest.mark.parametrize("rate_hz", [4.0, 5.0, 10.0, 25.0])
def test_events_are_found_where_they_were(rate_hz: float) -> None:
    made = jumps.jump(rate_hz)
    jump = jump_of(_of(made))
    assert jump.findings == ()
    assert jump.exit is not None
    assert jump.exit.utc_s - EXIT_S == pytest.approx(0.0, abs=0.15)
    assert abs(jump.exit.utc_s - EXIT_S) < 3 * jump.exit.sigma_s
    assert jump.exit.altitude_msl_m == pytest.approx(jumps.EXIT_MSL_M, abs=1.0)
    assert jump.opening is not None
    assert jump.opening.utc_s - EXIT_S == pytest.approx(made.opening_s, abs=0.7)
    assert jump.end_of_freefall is not None
    assert jump.end_of_freefall.utc_s - EXIT_S == pytest.approx(made.end_of_freefall_s, abs=0.3)
    assert jump.landing is not None
    assert jump.landing.utc_s - EXIT_S == pytest.approx(made.landing_s, abs=1.5)
    assert jump.max_descent_m_s == pytest.approx(-made.velocity_m_s[:, 2].min(), abs=0.01)


@pytest.mark.parametrize("noise_m_s", [0.1, 0.5])
def test_noise_does_not_move_events_by_more_than_is_said(noise_m_s: float) -> None:
    rng = np.random.default_rng(3)
    off = []
    for _ in range(40):
        velocity = MADE.velocity_m_s[::2] + noise_m_s * rng.standard_normal((len(MADE.time_s[::2]), 3))
        fixes = _fixes(MADE.time_s[::2], MADE.place_m[::2, 2], velocity)
        jump = jump_of(replace(fixes, sigma_velocity_m_s=np.full(len(fixes), noise_m_s * np.sqrt(3.0))))
        assert jump.exit is not None
        assert jump.end_of_freefall is not None
        off.append((jump.exit.utc_s - EXIT_S) / jump.exit.sigma_s)
        assert abs(jump.end_of_freefall.utc_s - EXIT_S - MADE.end_of_freefall_s) < 1.0
    assert np.mean(np.abs(off) < 2) > 0.9


def test_a_recorder_switched_on_at_the_door_tells_the_exit() -> None:
    jump = jump_of(_of(jumps.jump(5.0, aboard_s=0.0)))
    assert jump.exit is not None
    assert jump.exit.utc_s - EXIT_S == pytest.approx(0.0, abs=0.2)


def test_a_recording_that_begins_in_the_fall_has_no_exit() -> None:
    fixes = _of(MADE)
    jump = jump_of(fixes.keep(fixes.utc_s > EXIT_S + 8))
    assert (jump.exit, jump.freefall_s, _slugs(jump)) == (None, None, {"no-exit"})
    assert jump.end_of_freefall is not None


def test_a_recording_that_ends_in_the_fall_says_so() -> None:
    fixes = _of(MADE)
    jump = jump_of(fixes.keep(fixes.utc_s < EXIT_S + 30))
    assert (_slugs(jump), jump.opening, jump.landing) == ({"cut-fall", "no-landing"}, None, None)
    assert jump.freefall_s == pytest.approx(30, abs=0.2)


def test_a_hole_in_the_fall_is_bridged_only_if_the_height_fell_on() -> None:
    fixes = _of(MADE)
    t = fixes.utc_s - EXIT_S
    within = jump_of(fixes.keep((t < 20) | (t > 35)))
    assert _slugs(within) == {"hole-in-fall"}
    assert within.freefall_s == pytest.approx(MADE.end_of_freefall_s, abs=0.5)
    past_the_opening = jump_of(fixes.keep((t < 20) | (t > MADE.end_of_freefall_s + 30)))
    assert _slugs(past_the_opening) == {"cut-fall"}
    assert past_the_opening.freefall_s == pytest.approx(20, abs=0.2)


LEVEL, DOWN = _flown(60, (50, 0, 0)), _flown(90, (75, 0, -25))


@pytest.mark.parametrize(
    "pieces",
    [
        (_flown(200, (0.3, 0.1, 0)),),
        (LEVEL, *(_flown(1, (50 + 2.5 * i, 0, -2.5 * i)) for i in range(10)), DOWN, _flown(60, (60, 0, 0))),
        (DOWN, _flown(60, (30, 0, -3)), _flown(60, (0, 0, 0))),
        (
            _flown(60, (12, 0, 0)),
            *(_flown(2, (12 * np.cos(i), 12 * np.sin(i), -18)) for i in range(12)),
            _flown(60, (12, 0, 0)),
        ),
        (
            _flown(60, (11, 0, -5)),
            *(_flown(1, (20 * np.cos(i), 20 * np.sin(i), -28)) for i in range(15)),
            _flown(60, (9, 0, -5)),
        ),
    ],
    ids=["ground", "aircraft-descending", "on-in-the-descent", "paramotor", "canopy-spiral"],
)
def test_what_only_comes_down_is_no_jump(pieces: tuple[np.ndarray, ...]) -> None:
    jump = jump_of(_path(*pieces))
    assert _slugs(jump) == {"no-jump"}
    assert (jump.exit, jump.end_of_freefall, jump.landing, jump.max_descent_m_s) == (None, None, None, None)


def _fall_of(down_m_s: float, onward_m_s: float, seconds: float, entry_s: float = 2.0) -> list[np.ndarray]:
    steps = round(entry_s * 5)
    entry = [
        _flown(0.2, (50 + (onward_m_s - 50) * i / steps, 0, -down_m_s * i / steps)) for i in range(steps)
    ]
    return [*entry, _flown(seconds, (onward_m_s, 0, -down_m_s))]


def test_an_aircraft_that_sinks_before_exit_is_not_the_fall() -> None:
    fixes = _path(
        LEVEL,
        _flown(40, (70, 0, -15)),
        _flown(20, (50, 0, -1)),
        *_fall_of(54, 0, 40, 6.0),
        _flown(120, (9, 0, -5)),
        _flown(30, (0, 0, 0)),
        start_msl_m=4500,
    )
    jump = jump_of(fixes)
    assert jump.exit is not None
    assert jump.exit.utc_s - EXIT_S == pytest.approx(120.0, abs=0.5)


def test_a_wingsuit_is_a_jump() -> None:
    jump = jump_of(_path(LEVEL, *_fall_of(18, 38, 100), _flown(120, (9, 0, -5)), _flown(30, (0, 0, 0))))
    assert jump.exit is not None
    assert jump.exit.utc_s - EXIT_S == pytest.approx(60.0, abs=1.5)
    assert jump.freefall_s == pytest.approx(102.0, abs=1.5)


def test_a_hop_and_pop_is_not_fooled_by_the_spiral_below() -> None:
    spiral = [_flown(1, (17 * np.cos(i), 17 * np.sin(i), -24)) for i in range(12)]
    jump = jump_of(
        _path(
            LEVEL,
            *_fall_of(24, 20, 3, 2.4),
            _flown(40, (9, 0, -5)),
            *spiral,
            _flown(60, (9, 0, -5)),
            _flown(30, (0, 0, 0)),
        )
    )
    assert jump.exit is not None
    assert jump.exit.utc_s - EXIT_S == pytest.approx(60.0, abs=0.5)
    assert jump.freefall_s == pytest.approx(5.4, abs=1.0)


def test_of_two_jumps_the_longer_is_told_and_the_other_named() -> None:
    one = [
        LEVEL,
        *_fall_of(54, 0, 40, 6.0),
        _flown(60, (9, 0, -5)),
        _flown(60, (0, 0, 0)),
        _flown(200, (40, 0, 12)),
    ]
    two = [LEVEL, *_fall_of(54, 0, 20, 6.0), _flown(60, (9, 0, -5)), _flown(60, (0, 0, 0))]
    jump = jump_of(_path(*one, *two, start_msl_m=4000))
    assert _slugs(jump) == {"several-jumps"}
    assert jump.freefall_s == pytest.approx(46, abs=1)


def test_too_few_fixes_tell_nothing() -> None:
    assert _slugs(jump_of(_of(MADE).keep(np.arange(2)))) == {"no-jump"}


def _run(steady_s: float) -> Fixes:
    """A fall at 60 m/s with five seconds at 80 m/s after some time."""
    fall = [*_fall_of(60, 0, steady_s, 6.0), _flown(5, (0, 0, -80)), _flown(10, (0, 0, -60))]
    return _path(
        _flown(20, (50, 0, 0)), *fall, _flown(60, (9, 0, -5)), _flown(30, (0, 0, 0)), start_msl_m=4500
    )


def test_the_best_three_seconds_end_where_the_run_ends() -> None:
    inside, below = _run(22), _run(38)  # 1,500 and 2,460 m are lost before the fast seconds
    assert best_3s_descent_m_s(inside, jump_of(inside), None) == pytest.approx(80.0, abs=0.5)
    assert best_3s_descent_m_s(below, jump_of(below), None) == pytest.approx(60.0, abs=0.5)
    # 1,707 m above a high ground the run ends earlier still, or before its first three seconds
    assert best_3s_descent_m_s(inside, jump_of(inside), 1400.0) == pytest.approx(60.0, abs=0.5)
    assert best_3s_descent_m_s(inside, jump_of(inside), 2780.0) is None


def test_the_ground_is_where_somebody_came_to_rest() -> None:
    fixes = _of(MADE)
    assert ground_below_msl_m(fixes, jump_of(fixes)) == pytest.approx(jumps.GROUND_MSL_M, abs=0.6)
    up = fixes.keep(fixes.utc_s < EXIT_S + 100)
    assert ground_below_msl_m(up, jump_of(up)) is None


@pytest.mark.parametrize("rate_hz", [3.7, 4.0, 5.0, 12.5])
def test_three_seconds_are_three_seconds_or_none(rate_hz: float) -> None:
    made = jumps.jump(rate_hz)
    fixes = _of(made)
    best = best_3s_descent_m_s(fixes, jump_of(fixes), jumps.GROUND_MSL_M)
    if rate_hz in (3.7, 12.5):
        assert best is None  # no two samples are 3.00 s apart
    else:
        assert best == pytest.approx(-made.velocity_m_s[:, 2].min(), rel=0.01)
