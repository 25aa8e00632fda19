"""How much a tick of the shot phase is: FLOP read in the machine code, seconds on one core, and the core's peak."""

from __future__ import annotations

import re
import time
from functools import cache
from typing import Any

import numpy as np
from numba import njit

from onetake.compiled import FLAGS
from onetake.fly import kernel as fly
from onetake.fly.flight import advance, blank_records, start
from onetake.fly.state import CAPSULES, CLEARANCE_TICKS, LANES
from onetake.kernel import ONE, ZERO
from onetake.odds.chunks import Work
from onetake.odds.draws import draw

FUSED = re.compile(r"\svfn?m(?:add|sub)\w*ps\s.*%[yz]mm")
OTHER = re.compile(r"\sv(?:mul|add|sub|div|sqrt|min|max)ps\s.*%[yz]mm")
AT_TICK, TICKS = 1500, 250  # a minute after the exit: everybody who arrives is there


def _flop(block: Any, signature: Any) -> float:
    """FLOP of one pass of all vector loops of a block over sixteen lanes; a fused one is two."""
    again = njit(nogil=True, fastmath=FLAGS, error_model="numpy")(block)
    again.compile(signature)
    text = again.inspect_asm(again.signatures[0])
    return LANES * (2.0 * len(FUSED.findall(text)) + len(OTHER.findall(text)))


@cache
def flop_per_tick() -> float:
    """FLOP of one tick of sixteen takes that hold their station: every block once, all capsules against the whole other body.

    Which pairs of them are near enough to be looked at and measured differs from tick to tick: none is counted.
    """
    from numba import float32, int64, types, uint32

    def several(n: int, of: Any = float32) -> Any:
        return types.Tuple((of,) * n)

    def array(dtype: Any, dimensions: int) -> Any:
        return types.Array(dtype, dimensions, "C")

    state, table = array(float32, 1), array(float32, 2)
    pair, triple, world = several(2), several(3), several(8)
    shape = types.Tuple((triple, triple, triple, pair, float32, pair, float32))
    once = [
        (fly.senses, (state, array(float32, 1), int64, int64, array(types.int32, 1), shape, uint32, uint32, several(8), float32, float32)),
        (fly.phases, (state, int64, pair, several(9), several(9), float32)),
        (fly.pilots, (state, int64, float32, pair, types.Tuple((several(4), several(4), float32)), several(4), triple, triple)),
        (fly.operator_body, (state, int64, several(7, several(9)), several(21), world)),
        (fly.subject_body, (state, int64, several(7, several(9)), several(21), world)),
    ]  # fmt: skip
    total = sum(_flop(block.py_func, signature) for block, signature in once)
    line = array(float32, 1)
    pairs = _flop(fly.pairs.py_func, (state, line, table, int64, table, float32, triple))
    pose = _flop(_poses, (state, line, int64))
    once_a_pair = sum(_flop(block, (state, line, line, int64)) for block in (_looks, _gaps))
    # the block holds a loop for the pose, those for each capsule, and those for each pair
    looked = pose + CAPSULES * (pairs - pose - once_a_pair)
    return total + looked / CLEARANCE_TICKS


def _poses(st: Any, pose: Any, lanes: int) -> None:
    for l in range(lanes):  # noqa: E741  # the lane
        fly.pose_lane(st, pose, l)


def _gaps(st: Any, first: Any, second: Any, lanes: int) -> None:
    for l in range(lanes):  # noqa: E741  # the lane
        fly.gap_lane(st, first, second, l, ZERO, ZERO)


def _looks(st: Any, first: Any, second: Any, lanes: int) -> bool:
    near = False
    for l in range(lanes):  # noqa: E741  # the lane
        near = near | fly.may_be_nearer(st, first, second, l, ONE, ZERO)
    return near


def shot_phase_s(work: Work, lanes: int = LANES) -> float:
    """Seconds of one tick of `lanes` takes in the shot phase on one core, the best of five."""
    flight = start(work.scenario, draw(work.scenario, work.spread, 1, np.arange(1, 65)))
    nothing = blank_records(flight, 0)
    advance(flight, nothing, AT_TICK)
    states, tick, delays = flight.states.copy(), flight.tick, flight.delays
    flight.delays = np.ascontiguousarray(delays[:, :lanes])
    best = float("inf")
    for _ in range(5):
        flight.states[:], flight.tick = states, tick
        began = time.perf_counter()
        advance(flight, nothing, TICKS)
        best = min(best, time.perf_counter() - began)
    return best / TICKS / states.shape[0]


@njit(fastmath={"contract"})  # more would let the chain be folded
def _chain(x: Any, a: Any, b: Any, n: int) -> None:
    for _ in range(n):
        for i in range(x.shape[0]):
            y = x[i]
            for _ in range(16):
                y = y * a + b
            x[i] = y


def peak_gflop_per_s() -> float:
    """What one core can do at all in single precision: independent chains of fused multiply-adds, the best of five."""
    lanes, rounds, best = np.ones(96, np.float32), 100_000, float("inf")
    _chain(lanes, np.float32(0.999999), np.float32(1e-7), 1)
    for _ in range(5):
        began = time.perf_counter()
        _chain(lanes, np.float32(0.999999), np.float32(1e-7), rounds)
        best = min(best, time.perf_counter() - began)
    return 2 * 16 * 96 * rounds / best / 1e9
