"""How far receivers are off against their own word: six FlySights in one cabin, 15 pairs, 300 s before the first exit.

Their true distances are those of people in one cabin, a few metres at the most (README of the logs), and constant but for
fidgeting; the sky is half covered there, so a fall is better.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from onetake.clock import Clock
from onetake.logbook.apart import apart_of
from onetake.logbook.between import LAG_S, offset_between
from onetake.logbook.breakoff import break_off_of
from onetake.logbook.clean import clean
from onetake.logbook.events import Jump, jump_of
from onetake.logbook.file import read_logs
from onetake.logbook.log import Fixes, Log
from onetake.logbook.traces import (
    BIAS_SHARE,
    CAUTION,
    UNLIKE,
    UP_SHARE,
    WANDER_SHARE,
    WANDER_TIME_S,
    WHITE_SHARE,
    axes_at,
    trace_of,
    unlike,
)
from onetake.logbook.wind import Layer, fall_rate_m_s, winds_of
from onetake.trace import Trace, Uncertainty

NUMBERS = ("02", "04", "05", "07", "08_full", "09")
START, SECONDS, STEP_S = datetime(2018, 7, 7, 22, 47, 20, tzinfo=UTC), 300.0, 0.2
TEN_S = 50  # samples


@cache
def cabin(folder: Path) -> dict[str, tuple[np.ndarray, np.ndarray, Uncertainty]]:
    """Of each logger: positions (n, 3), its own sigma of each axis (3,), and the error that its trace claims."""
    grid_s = np.arange(0.0, SECONDS, STEP_S)
    found = {}
    axes = None
    for number in NUMBERS:
        log = clean(read_logs(folder / f"jumper_{number}.CSV.gz")[0])
        inside = (log.fixes.utc_s > START.timestamp() - 1) & (
            log.fixes.utc_s < START.timestamp() + SECONDS + 1
        )
        log = type(log)(format=log.format, rows=log.rows, fixes=log.fixes.keep(inside))
        axes = axes or axes_at(log.fixes)
        trace = trace_of(log, number, axes, Clock(START))
        place = np.stack([np.interp(grid_s, trace.time_s, part) for part in trace.position_enu_m.T], axis=-1)
        level = float(np.median(trace.channels["sigma_horizontal_m"])) / np.sqrt(2)
        own = np.array([level, level, float(np.median(trace.channels["sigma_up_m"]))])
        found[number] = place, own, trace.uncertainty
    return found


@cache
def shares(folder: Path) -> np.ndarray:
    """Root mean square over the pairs of bias, wander and white noise, by axis, over the pair's own sigma: (3, 3)."""
    rows = []
    for (a, own_a, _), (b, own_b, _) in combinations(cabin(folder).values(), 2):
        apart = a - b
        slow = np.stack([np.convolve(part, np.ones(TEN_S) / TEN_S, "valid") for part in apart.T], axis=-1)
        quick = apart[TEN_S // 2 : TEN_S // 2 + len(slow)] - slow
        rows.append(
            np.stack([apart.mean(axis=0), slow.std(axis=0), quick.std(axis=0)]) / np.hypot(own_a, own_b)
        )
    return np.sqrt(np.mean(np.square(rows), axis=0))


def test_the_shares_are_those_measured(shared: Path) -> None:
    bias, wander, white = shares(shared / "logs" / "sameload_A")[:, :2].mean(axis=1)
    assert pytest.approx(bias, rel=0.15) == BIAS_SHARE
    assert pytest.approx(wander, rel=0.15) == WANDER_SHARE
    assert pytest.approx(white, rel=0.15) == WHITE_SHARE
    up = np.linalg.norm(shares(shared / "logs" / "sameload_A")[:, 2])
    assert pytest.approx(up, abs=0.1) == UP_SHARE


def test_the_wander_is_as_slow_as_measured(shared: Path) -> None:
    """The time in which what is left of a pair's offset, after a mean of 10 s, falls to 1/e."""
    times = []
    for (a, *_), (b, *_) in combinations(cabin(shared / "logs" / "sameload_A").values(), 2):
        slow = np.stack([np.convolve(part, np.ones(TEN_S) / TEN_S, "valid") for part in (a - b).T], axis=-1)
        for part in (slow - slow.mean(axis=0)).T:
            together = np.correlate(part, part, "full")[len(part) - 1 :]
            times.append(STEP_S * int(np.argmax(together < together[0] / np.e)))
    assert pytest.approx(np.median(times), rel=0.35) == WANDER_TIME_S


def _ratios(places: list[np.ndarray], claimed: list[Uncertainty]) -> np.ndarray:
    """Of each pair: rms distance over what its claimed errors make of no distance at all."""
    square = [one.level_m**2 * (2.0 + one.up_share**2) for one in claimed]
    return np.array(
        [
            np.sqrt(np.mean(np.sum((places[i] - places[j]) ** 2, axis=1)) / (square[i] + square[j]))
            for i, j in combinations(range(len(places)), 2)
        ]
    )


def test_two_in_one_cabin_are_within_what_their_traces_claim(shared: Path) -> None:
    """Not five metres apart for sure: the distances are such as six traces with the claimed errors have in one place."""
    measured = cabin(shared / "logs" / "sameload_A").values()
    claimed = [said for *_, said in measured]
    found = _ratios([place for place, *_ in measured], claimed)
    rng, n = np.random.default_rng(5), int(SECONDS)
    keep = np.exp(-1.0 / WANDER_TIME_S)
    chance = []
    for _ in range(200):
        places = []
        for said in claimed:
            wander = np.empty((n, 3))
            wander[0] = rng.standard_normal(3)
            for k in range(1, n):
                wander[k] = keep * wander[k - 1] + np.sqrt(1 - keep**2) * rng.standard_normal(3)
            white = said.white_m * rng.standard_normal((n, 3))
            off = said.bias_m * rng.standard_normal(3) + said.wander_m * wander + white
            places.append(off * [1.0, 1.0, said.up_share])
        ratios = _ratios(places, claimed)
        chance.append((np.median(ratios), ratios.max()))
    usual, highest = np.percentile(chance, [50.0, 99.5], axis=0)
    assert 0.5 * usual[0] < np.median(found) < highest[0]
    assert found.max() < highest[1]


@cache
def _logs(folder: Path) -> dict[str, Log]:
    """The six in the cabin, by their own clocks."""
    found = {}
    for number in NUMBERS:
        log = clean(read_logs(folder / f"jumper_{number}.CSV.gz")[0])
        since_s = log.fixes.utc_s - START.timestamp()
        found[number] = replace(log, fixes=log.fixes.keep((since_s > -1.0) & (since_s < SECONDS + 1.0)))
    return found


def _traces(folder: Path) -> dict[str, Trace]:
    """As traces of a take."""
    logs = _logs(folder)
    axes = axes_at(logs[NUMBERS[0]].fixes)
    return {number: trace_of(log, number, axes, Clock(START)) for number, log in logs.items()}


def _pairs(folder: Path) -> Iterator[tuple[Trace, Trace]]:
    """Each two as traces of one take, whose errors count that their receivers may use other satellites."""
    logs = _logs(folder)
    axes = axes_at(logs[NUMBERS[0]].fixes)
    for pair in combinations(NUMBERS, 2):
        others = unlike(*(logs[number].fixes for number in pair))
        first, second = (trace_of(logs[number], number, axes, Clock(START), unlike=others) for number in pair)
        yield first, second


def test_only_one_of_them_uses_satellites_of_another_system(shared: Path) -> None:
    """17 against 8; whose pairs are 1.1 of what is stated for the like apart, the others' 0.6, over no distance."""
    logs = _logs(shared / "logs" / "sameload_A")
    assert [n for n in NUMBERS if unlike(logs[n].fixes, logs["02"].fixes)] == ["07"]
    apart: dict[bool, list[float]] = {True: [], False: []}
    for a, b in combinations(_traces(shared / "logs" / "sameload_A").values(), 2):
        found = apart_of(a, b, np.arange(0.0, SECONDS, 5.0))
        square = np.sum(found.place_m**2) / np.sum(found.place_sigma_m**2)
        apart["07" in found.names].append(float(np.sqrt(square)))
    rms = {key: float(np.sqrt(np.mean(np.square(rows)))) for key, rows in apart.items()}
    assert rms[False] == pytest.approx(0.58, abs=0.05)
    assert rms[True] == pytest.approx(1.11, abs=0.05)
    assert 0.8 * UNLIKE < max(apart[True]) < UNLIKE


def test_two_in_one_cabin_come_out_as_within_some_metres_and_never_as_surely_apart(shared: Path) -> None:
    """People of one load sit 0.5 m to 6 m apart: an interval of 95 % holds all of that in 95 % of the moments."""
    holds, zero, highest_m = [], [], []
    for a, b in _pairs(shared / "logs" / "sameload_A"):
        found = apart_of(a, b, np.arange(0.0, SECONDS, 2.0))
        low_m, high_m = found.interval_m()
        holds.append((low_m <= 0.5) & (high_m >= 6.0))
        zero.append(low_m == 0.0)
        highest_m.append(high_m)
        i = int(np.argmin(found.range_m))
        assert found.said()[i] == f"within {high_m[i]:.0f} m"
    assert np.min(np.mean(holds, axis=1)) >= 0.95  # each pair, not only all together
    assert np.mean(holds) > 0.98
    assert np.mean(zero) > 0.95
    # and they are not called "somewhere": fifteen metres is what this receiver, in a cabin, can say
    assert np.median(highest_m) < 15.0


def test_the_velocities_are_off_as_their_traces_claim(shared: Path) -> None:
    ratios = []
    grid_s = np.arange(0.0, SECONDS, STEP_S)
    for a, b in combinations(_traces(shared / "logs" / "sameload_A").values(), 2):
        apart = [np.interp(grid_s, t.time_s, t.velocity_enu_m_s[:, k]) for t in (a, b) for k in range(3)]
        spread = np.std(np.subtract(apart[:3], apart[3:]), axis=1)
        claimed = np.hypot(a.uncertainty.velocity_m_s, b.uncertainty.velocity_m_s) / CAUTION
        ratios.append(np.sqrt(np.mean(spread**2)) / claimed)
    assert np.median(ratios) == pytest.approx(1.0, abs=0.15)
    assert max(ratios) < CAUTION * 1.5


def _jumps(folder: Path, names: Iterable[str]) -> list[tuple[Fixes, Jump]]:
    fixes = [clean(read_logs(folder / name)[0]).fixes for name in names]
    return [(one, jump_of(one)) for one in fixes]


def test_receivers_on_one_time_are_found_on_one_time(shared: Path) -> None:
    """All nine count UTC, so every offset is none: what is found of it is as large as its error says."""
    loads = (
        _jumps(shared / "logs" / "sameload_A", (f"jumper_{number}.CSV.gz" for number in NUMBERS)),
        _jumps(shared / "logs" / "formation_tempo_1", (f"jumper_{number}.txt.gz" for number in (1, 2, 3))),
    )
    offsets = [offset_between(a[0], b[0], (a[1], b[1])) for load in loads for a, b in combinations(load, 2)]
    assert all(one is not None and one.how == "aboard" for one in offsets)
    off_s = np.array([one.offset_s for one in offsets if one is not None])
    sigma_s = np.array([one.sigma_s for one in offsets if one is not None])
    assert np.all(np.abs(off_s) < 2.5 * sigma_s)
    assert np.all(sigma_s < 0.25)
    assert np.sqrt(np.mean(off_s**2)) == pytest.approx(LAG_S, rel=0.15)


def test_a_load_on_another_day_shares_no_motion(shared: Path) -> None:
    (a,) = _jumps(shared / "logs" / "sameload_A", ["jumper_02.CSV.gz"])
    (b,) = _jumps(shared / "logs" / "formation_tempo_1", ["jumper_1.txt.gz"])
    assert offset_between(a[0], b[0], (a[1], b[1])) is None


def test_three_of_one_formation_break_off_together(shared: Path) -> None:
    """They turn and track within two seconds of each other, 7 to 8 s before each one's opening."""
    found = [
        (break_off_of(fixes, jump), jump)
        for fixes, jump in _jumps(
            shared / "logs" / "formation_tempo_1", (f"jumper_{number}.txt.gz" for number in (1, 2, 3))
        )
    ]
    moments = [moment.utc_s for moment, _ in found if moment is not None]
    assert len(moments) == 3
    assert max(moments) - min(moments) < 2.0
    for moment, jump in found:
        assert moment is not None
        assert jump.opening is not None
        assert 5.0 < jump.opening.utc_s - moment.utc_s < 10.0
        assert 0.3 < moment.sigma_s < 1.0


def test_three_of_one_formation_tell_one_wind(shared: Path) -> None:
    """In the fall, layer by layer, and where two of them circled under their canopies."""
    told: dict[tuple[float, str], list[Layer]] = {}
    for fixes, jump in _jumps(
        shared / "logs" / "formation_tempo_1", (f"jumper_{number}.txt.gz" for number in (1, 2, 3))
    ):
        assert fall_rate_m_s(fixes, jump) == pytest.approx(48.5, abs=0.5)
        for layer in winds_of(fixes, jump):
            told.setdefault((layer.low_msl_m, layer.how), []).append(layer)
    both = [pair for layers in told.values() for pair in combinations(layers, 2)]
    assert {pair[0].how for pair in both} == {"in the fall", "under canopy"}
    for a, b in both:
        off = np.hypot(a.east_m_s - b.east_m_s, a.north_m_s - b.north_m_s)
        assert off < 2.5 * np.hypot(a.sigma_m_s, b.sigma_m_s)


def test_a_tracking_contest_tells_no_wind_in_its_fall(shared: Path) -> None:
    """They cross the ground at 25 to 55 m/s, in five directions of their own choice."""
    for fixes, jump in _jumps(
        shared / "logs" / "sameload_A", (f"jumper_{number}.CSV.gz" for number in NUMBERS)
    ):
        assert "in the fall" not in {layer.how for layer in winds_of(fixes, jump)}
