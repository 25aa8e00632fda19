"""A logger with an inertial unit: better than its receiver where that is blind, as sure as it says, or left alone."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import jumps
import numpy as np
import pytest
import worn
from scipy.stats import chi2

from onetake.clock import Clock
from onetake.logbook.carried import Proof, carried, tried
from onetake.logbook.events import jump_of
from onetake.logbook.log import ClockPairs, Finding, Log, Sensor
from onetake.logbook.traces import trace_of
from onetake.trace import Trace

CLOCK = Clock(jumps.EXIT_UTC)
SEEDS = range(8)


def _carried(log: Log) -> tuple[Trace, Trace, Proof | None, tuple[Finding, ...]]:
    """By the receiver alone, and by both."""
    alone = trace_of(log, "actor", worn.AXES, CLOCK)
    return alone, *carried(log, jump_of(log.fixes), alone, worn.AXES, CLOCK)


@cache
def _made(seed: int) -> tuple[worn.Worn, Trace, Trace]:
    made = worn.worn(seed)
    alone, both, _, _ = _carried(made.log)
    return made, alone, both


def _off(made: worn.Worn, trace: Trace) -> tuple[np.ndarray, np.ndarray]:
    """How far a trace's places (less the receiver's bias) and velocities are off the truth, (n, 3) each."""
    place, velocity = (
        np.stack([np.interp(trace.time_s, made.made.time_s, part) for part in rows.T], axis=-1)
        for rows in (made.made.place_m, made.made.velocity_m_s)
    )
    return trace.position_enu_m - place - made.bias_m, trace.velocity_enu_m_s - velocity


def test_the_instruments_are_named_and_no_attitude_is_claimed() -> None:
    _, alone, both = _made(0)
    assert alone.instrument == "GNSS (flysight2)"
    assert both.instrument == "GNSS and IMU (flysight2)"
    assert both.q_enu_from_body is None
    assert np.all(np.isin(alone.time_s, both.time_s))


def test_velocities_are_off_by_what_is_stated_and_less_than_the_receivers() -> None:
    """Eight jumps, moments further apart than an error lasts: their squares over those stated are chi-square."""
    squares = []
    for seed in SEEDS:
        made, alone, both = _made(seed)
        stated = both.uncertainty
        off = _off(made, both)[1]
        some = np.arange(0, len(off), round(3.0 * stated.velocity_time_s * worn.FIX_HZ))
        squares.append((off / (stated.velocity_m_s * both.channels["velocity_share"][:, None]))[some] ** 2)
        assert np.mean(off**2) < 0.7 * np.mean(_off(made, alone)[1] ** 2)
    many = sum(one.size for one in squares)
    low, high = chi2.ppf([0.001, 0.999], many) / many
    assert low < np.mean(np.concatenate(squares)) < high


def test_places_are_off_by_what_is_stated() -> None:
    """The receiver's wander lasts half a minute, so a jump of two minutes counts as two of each axis."""
    squares = []
    for seed in SEEDS:
        made, _, both = _made(seed)
        stated = both.uncertainty
        sigma = stated.level_m * both.channels["error_share"][:, None] * [1.0, 1.0, stated.up_share]
        squares.append(np.mean(((_off(made, both)[0] + made.bias_m) / sigma) ** 2))
    many = 6 * len(squares)
    low, high = chi2.ppf([0.001, 0.999], many) / many
    assert low < np.mean(squares) < high


@pytest.mark.parametrize(("event", "from_s", "for_s"), [("exit", -0.5, 4.0), ("opening", -0.5, 5.0)])
def test_a_hole_at_a_manoeuvre_is_bridged_better_than_by_the_receiver_and_as_stated(
    event: str, from_s: float, for_s: float
) -> None:
    better, squares, claimed = [], [], []
    for seed in SEEDS[:5]:
        made = worn.worn(seed)
        begin_s = from_s + (0.0 if event == "exit" else made.made.opening_s)
        alone, both, proof, _ = _carried(worn.holed(made.log, begin_s, begin_s + for_s))
        assert proof is not None
        worst = []
        for trace in (alone, both):
            inside = (trace.time_s > begin_s) & (trace.time_s < begin_s + for_s)
            assert np.count_nonzero(inside) > 10
            place, velocity = (part[inside] for part in _off(made, trace))
            worst.append([np.linalg.norm(place, axis=1).max(), np.linalg.norm(velocity, axis=1).max()])
        better.append(np.divide(worst[1], worst[0]))
        middle = len(place) // 2
        stated, shares = both.uncertainty, [part[inside][middle] for part in both.error_shares]
        squares += [*(velocity[middle] / (stated.velocity_m_s * shares[1])) ** 2]
        claimed.append(place[middle, :2] / (stated.level_m * shares[0]))
    assert np.all(np.median(better, axis=0) < [0.7, 0.5])
    low, high = chi2.ppf([0.001, 0.999], len(squares)) / len(squares)
    assert low < np.mean(squares) < high
    assert np.mean(np.square(claimed)) < chi2.ppf(0.999, 10) / 10


def test_a_unit_on_a_rough_clock_is_put_on_that_of_the_fixes() -> None:
    made = worn.worn(3)
    pairs = made.log.clock_pairs
    assert pairs is not None
    late = replace(made.log, clock_pairs=replace(pairs, utc_s=pairs.utc_s - 0.12, late_s=0.1))
    *_, proof, _ = _carried(late)
    assert proof is not None
    assert proof.shift_s == pytest.approx(0.12, abs=0.03)


def _changed(log: Log, change: dict[str, float]) -> Log:
    """The unit's columns multiplied."""
    unit = log.sensors["imu"]
    columns = {key: column * change.get(key[:4], 1.0) for key, column in unit.columns.items()}
    return replace(log, sensors={"imu": replace(unit, columns=columns)})


def _holed(log: Log, from_s: float, to_s: float) -> Log:
    unit = log.sensors["imu"]
    kept = (unit.device_s < worn.DEVICE_S + from_s) | (unit.device_s > worn.DEVICE_S + to_s)
    columns = {key: column[kept] for key, column in unit.columns.items()}
    return replace(log, sensors={"imu": Sensor(device_s=unit.device_s[kept], columns=columns)})


def _cut_off(log: Log) -> Log:
    unit = log.sensors["imu"]
    columns = {
        key: np.clip(column, -20.0, 20.0) if key[0] == "a" else column for key, column in unit.columns.items()
    }
    return replace(log, sensors={"imu": replace(unit, columns=columns)})


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda log: _holed(log, 20.0, 21.0), "hole of 1.1 s"),
        (lambda log: _holed(log, 10.0, 500.0), "no samples of the whole fall"),
        (_cut_off, "end of its range"),
        (lambda log: replace(log, clock_pairs=None), "on that of the fixes"),
        (lambda log: _changed(log, {"rate": -1.0}), "does not agree with the fixes"),
        (lambda log: _changed(log, {"acce": 0.5}), "does not agree with the fixes"),
    ],
)  # fmt: skip
def test_a_unit_that_cannot_be_believed_changes_nothing_and_that_is_told(spoil: object, why: str) -> None:
    log = spoil(worn.worn(1).log)  # type: ignore[operator]
    alone, both, proof, findings = _carried(log)
    assert both is alone
    assert proof is None
    assert [finding.slug for finding in findings] == ["imu-not-used"]
    assert why in findings[0].text


def test_a_clock_that_no_shift_mends_is_told() -> None:
    log = worn.worn(1).log
    pairs = log.clock_pairs
    assert pairs is not None
    off = ClockPairs(device_s=pairs.device_s, utc_s=pairs.utc_s + 2.0, late_s=0.1)
    *_, proof, findings = _carried(replace(log, clock_pairs=off))
    assert proof is None
    assert "no shift of its clock" in findings[0].text


def test_nothing_is_said_of_a_logger_without_a_unit_nor_of_one_that_did_not_jump() -> None:
    log = worn.worn(1).log
    alone, both, proof, findings = _carried(replace(log, sensors={}))
    assert both is alone
    assert (proof, findings) == (None, ())
    aboard = log.fixes.keep(log.fixes.utc_s < jumps.EXIT_UTC.timestamp() - 5.0)
    assert tried(replace(log, fixes=aboard), jump_of(aboard)) == (None, None, ())
    assert tried(log, jump_of(log.fixes))[0] == "GNSS and IMU (flysight2)"
