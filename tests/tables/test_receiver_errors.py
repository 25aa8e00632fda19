"""How far receivers are off against their own word: six FlySights in one cabin, 15 pairs, 300 s before the first exit.

Their true distances are those of people in one cabin, a few metres at the most (README of the logs), and constant but for
fidgeting; the sky is half covered there, so a fall is better.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from onetake.clock import Clock
from onetake.logbook.clean import clean
from onetake.logbook.file import read_logs
from onetake.logbook.traces import (
    BIAS_SHARE,
    UP_SHARE,
    WANDER_SHARE,
    WANDER_TIME_S,
    WHITE_SHARE,
    axes_at,
    trace_of,
)

NUMBERS = ("02", "04", "05", "07", "08_full", "09")
START, SECONDS, STEP_S = datetime(2018, 7, 7, 22, 47, 20, tzinfo=UTC), 300.0, 0.2
TEN_S = 50  # samples


@cache
def cabin(folder: Path) -> dict[str, tuple[np.ndarray, np.ndarray, float]]:
    """Of each logger: positions (n, 3), its own sigma of each axis (3,), and the sigma that its trace claims for any."""
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
        said = trace.uncertainty
        found[number] = place, own, float(np.sqrt(said.bias_m**2 + said.wander_m**2 + said.white_m**2))
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


def _ratios(places: list[np.ndarray], claimed: list[float]) -> np.ndarray:
    """Of each pair: rms distance over what its claimed errors make of no distance at all."""
    return np.array(
        [
            np.sqrt(
                np.mean(np.sum((places[i] - places[j]) ** 2, axis=1))
                / (3 * (claimed[i] ** 2 + claimed[j] ** 2))
            )
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
            one = said / np.sqrt(BIAS_SHARE**2 + WANDER_SHARE**2 + WHITE_SHARE**2)
            wander = np.empty((n, 3))
            wander[0] = rng.standard_normal(3)
            for k in range(1, n):
                wander[k] = keep * wander[k - 1] + np.sqrt(1 - keep**2) * rng.standard_normal(3)
            white = WHITE_SHARE * rng.standard_normal((n, 3))
            places.append(one * (BIAS_SHARE * rng.standard_normal(3) + WANDER_SHARE * wander + white))
        ratios = _ratios(places, claimed)
        chance.append((np.median(ratios), ratios.max()))
    usual, highest = np.percentile(chance, [50.0, 99.5], axis=0)
    assert 0.5 * usual[0] < np.median(found) < highest[0]
    assert found.max() < highest[1]
