"""Real fixes kept from a log and foretold: by the receiver's own curve over the hole, and with the inertial unit in it.

A FlySight 2 of 2024 at 10 Hz with its unit at 13 Hz, in a speed jump of 132 m/s, and three Tempos of one formation at 10 Hz
with holes of a second, their units at 20 Hz (README of the logs). What was kept is what a receiver read, so it is off too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from onetake.clock import Clock
from onetake.logbook.carried import carried
from onetake.logbook.clean import clean
from onetake.logbook.events import Jump, jump_of
from onetake.logbook.file import read_logs
from onetake.logbook.log import Fixes, Log
from onetake.logbook.traces import axes_at, sigmas, trace_of, utc_at
from onetake.trace import Trace

EVERY_S = 13.0


@dataclass(frozen=True)
class Kept:
    """Of each window: the largest errors of place and velocity, alone and with the unit; and all errors of velocity over

    those stated, a fix each (n,).
    """

    alone: np.ndarray
    both: np.ndarray
    over: np.ndarray


def _read(path: Path) -> tuple[Log, Jump]:
    log = clean(read_logs(path)[0])
    jump = jump_of(log.fixes)
    assert jump.exit is not None
    assert jump.end_of_freefall is not None
    utc_s = log.fixes.utc_s
    some = (utc_s > jump.exit.utc_s - 20.0) & (utc_s < jump.end_of_freefall.utc_s + 20.0)
    return replace(log, fixes=log.fixes.keep(some)), jump


def kept(path: Path, for_s: float) -> Kept:
    """Windows from 5 s before the exit to 10 s after the end of the fall, every 13 s, begun at two moments."""
    log, jump = _read(path)
    assert jump.exit is not None
    assert jump.end_of_freefall is not None
    axes, clock = axes_at(log.fixes), Clock(utc_at(jump.exit.utc_s))
    since_s = log.fixes.utc_s - jump.exit.utc_s
    alone, both, over = [], [], []
    for first_s in (-5.0, 1.5):
        begins = np.arange(first_s, jump.end_of_freefall.utc_s - jump.exit.utc_s + 10.0, EVERY_S)
        hidden = np.any([(since_s > b) & (since_s < b + for_s) for b in begins], axis=0)
        left = replace(log, fixes=log.fixes.keep(~hidden))
        by_receiver = trace_of(left, "a", axes, clock)
        by_both, proof, _ = carried(left, jump, by_receiver, axes, clock)
        assert proof is not None
        for begin_s in begins:
            fixes = log.fixes.keep((since_s > begin_s) & (since_s < begin_s + for_s))
            alone.append(_worst(by_receiver, fixes, log, jump.exit.utc_s))
            both.append(_worst(by_both, fixes, log, jump.exit.utc_s))
            over.append(_over(by_both, fixes, jump.exit.utc_s))
    return Kept(np.array(alone), np.array(both), np.concatenate(over))


def _at(trace: Trace, rows: np.ndarray, time_s: np.ndarray) -> np.ndarray:
    return np.stack([np.interp(time_s, trace.time_s, part) for part in rows.T], axis=-1)


def _worst(trace: Trace, fixes: Fixes, log: Log, zero_s: float) -> list[float]:
    place = axes_at(log.fixes).enu_from_wgs84(fixes.lat_deg, fixes.lon_deg, fixes.altitude_msl_m)
    time_s = fixes.utc_s - zero_s
    off = _at(trace, trace.position_enu_m, time_s) - place
    moving = _at(trace, trace.velocity_enu_m_s, time_s) - fixes.velocity_enu_m_s
    return [float(np.linalg.norm(part, axis=1).max()) for part in (off, moving)]


def _over(trace: Trace, fixes: Fixes, zero_s: float) -> np.ndarray:
    time_s = fixes.utc_s - zero_s
    share = np.interp(time_s, trace.time_s, trace.error_shares[1])
    read = sigmas(fixes)[2] / np.sqrt(3.0)
    stated = np.hypot(trace.uncertainty.velocity_m_s * share, read)
    moving = _at(trace, trace.velocity_enu_m_s, time_s) - fixes.velocity_enu_m_s
    return np.asarray(np.sqrt(np.mean(moving**2, axis=1)) / stated)


@pytest.mark.parametrize(("for_s", "place_share", "velocity_share"), [(3.0, 0.8, 0.65), (5.0, 0.5, 0.6)])
def test_an_inertial_unit_foretells_a_speed_jump_better_than_a_curve(
    shared: Path, for_s: float, place_share: float, velocity_share: float
) -> None:
    found = kept(shared / "logs" / "speed" / "fs2_10hz", for_s)
    alone, both = np.median(found.alone, axis=0), np.median(found.both, axis=0)
    assert both[0] < place_share * alone[0]
    assert both[1] < velocity_share * alone[1]
    # as sure as it says: the errors of all that was kept, over those stated
    assert np.sqrt(np.mean(found.over**2)) < 1.3
    assert np.mean(found.over < 2.0) > 0.95


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2, 3])
def test_in_a_formation_it_foretells_places_better(shared: Path, number: int) -> None:
    """Over five seconds, root mean square: where nothing happens a curve is as good, and half of the windows are such."""
    found = kept(shared / "logs" / "formation_tempo_1" / f"jumper_{number}.txt.gz", 5.0)
    alone, both = (np.sqrt(np.mean(rows[:, 0] ** 2)) for rows in (found.alone, found.both))
    assert both < 0.8 * alone
    assert np.sqrt(np.mean(found.over**2)) < 1.3
