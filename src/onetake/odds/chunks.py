"""Chunks: a range of takes flown and judged to the end, kept as a row of numbers a take.

Flight and judge are the very functions that `fly` and `judge` call; the chunk alternates them block by block. A
take's row depends on the scenario, the seed and its number alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.fly.flight import Draws, advance, blank_records, start
from onetake.fly.scenario import Scenario
from onetake.fly.state import LANES, RECORD, R, S
from onetake.judge.bench import Bench, new_tables, scan_block
from onetake.judge.score import Scan, cause_of, read_scan
from onetake.judge.state import SEEN, SIGNALS
from onetake.odds.draws import draw
from onetake.weather.spread import WindSpread

F32 = NDArray[np.float32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]

BLOCK = 25  # ticks flown and judged at a time: a second, which stays in cache
LONG_BLOCK = 240  # ticks a block once everybody hangs under a parachute
SIZE = 256  # takes a chunk
NO_CAUSE = 255

# where each field the judge sees stands in the flight's record, with its coarse part where it has one
_NAMED = {"east": ("px", "cx"), "north": ("py", "cy"), "up": ("pz", "cz")} | {
    f"A_v{axis}": (f"v{axis}",) for axis in "xyz"
}
SOURCE: I64 = np.array(
    [([getattr(R, part) for part in _NAMED.get(name, (name,))] + [-1])[:2] for name in SEEN], np.int64
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What every chunk needs; the same for all of them."""

    scenario: Scenario
    bench: Bench
    spread: WindSpread
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """One row a take, n takes; beats in the order of the shot file. causes: the names that `cause` indexes."""

    first: int
    held: NDArray[np.bool_]  # (n, beats)
    cause: U8  # (n,) why the first missed beat was missed; NO_CAUSE where none was
    only: NDArray[np.bool_]  # (n,) nothing else failed
    ending: U8
    abort: U8
    contact_phase: U8
    hand: NDArray[np.bool_]
    closest_m: F32
    in_focus_s: F32
    landing_m: F32
    contact_m_s: F32
    opening_g: F32
    clearance_m: F32


def causes(bench: Bench) -> tuple[str, ...]:
    """Every cause a row can name."""
    names = {row.criterion.label for one in bench.scored for row in one.rows}
    return (*sorted(names), "time", "never begun", "contact", "diverged", "tumbling")


def fly_chunk(work: Work, first: int, count: int) -> Rows:
    """Fly and judge takes first … first + count - 1."""
    takes = np.arange(first, first + count, dtype=np.int64)
    return fly_draws(work, draw(work.scenario, work.spread, work.seed, takes))


def fly_draws(work: Work, draws: Draws) -> Rows:
    """Fly and judge takes whose draws are given, whatever they are."""
    flight, bench, count = start(work.scenario, draws), work.bench, len(draws.takes)
    tables = new_tables(bench, flight.states.shape[0])
    records = blank_records(flight, BLOCK)
    nothing = np.zeros((flight.states.shape[0], 0, len(SIGNALS), LANES), np.float32)
    to_landing = any(one.always and one.always[1] == "landing" for one in bench.scored)
    while flight.falling or (to_landing and not flight.finished):
        tick = flight.tick
        advance(flight, records, BLOCK)
        scan_block(bench, tables, records, SOURCE, nothing, tick, BLOCK)
    blind = np.zeros((flight.states.shape[0], 0, len(RECORD), LANES), np.float32)
    while not flight.finished:
        advance(flight, blind, LONG_BLOCK)
    return _rows(work, int(draws.takes[0]), count, flight.states, read_scan(bench, tables, count))


def _rows(work: Work, first: int, count: int, states: F32, scan: Scan) -> Rows:
    def field(name: str) -> F32:
        at = getattr(S, name)
        return states[:, at : at + LANES].reshape(-1)[:count].copy()

    ending, abort = field("ending").astype(np.uint8), field("abort").astype(np.uint8)
    cause, only = np.full(count, NO_CAUSE, np.uint8), np.zeros(count, bool)
    numbers = {name: i for i, name in enumerate(causes(work.bench))}
    held = scan.held.T.copy()
    missed = np.flatnonzero(~held.all(axis=1) | (ending >= 2))
    tumbled = np.maximum(field("A_tumbling"), field("B_tumbling")) > TUMBLING_S
    for lane in missed:
        cause[lane], only[lane] = _why(
            work.bench, scan, int(lane), int(ending[lane]), bool(tumbled[lane]), numbers
        )
    miss = [np.hypot(field(f"{body}_land_x"), field(f"{body}_land_y")) for body in "AB"]
    return Rows(
        first=first,
        held=held,
        cause=cause,
        only=only,
        ending=ending,
        abort=abort,
        contact_phase=np.maximum(field("A_phase"), field("B_phase")).astype(np.uint8),
        hand=field("hands") > 0.5,
        closest_m=scan.closest_m.astype(np.float32),
        in_focus_s=scan.in_focus_s.astype(np.float32),
        landing_m=np.maximum(*miss),
        contact_m_s=field("contact_v"),
        opening_g=np.maximum(field("A_felt_max"), field("B_felt_max")),
        clearance_m=field("closest"),
    )


TUMBLING_S = 15.0  # on the back for so long in all: out of control, not an exit


def _why(
    bench: Bench, scan: Scan, lane: int, ending: int, tumbled: bool, numbers: dict[str, int]
) -> tuple[int, bool]:
    """Cause of the first beat that was missed, and whether nothing else failed."""
    failed = [i for i in range(len(bench.scored)) if not scan.held[i, lane]]
    if ending >= 2:
        return numbers["contact" if ending == 2 else "diverged"], not failed
    if tumbled:
        return numbers["tumbling"], False
    i = failed[0]
    one = bench.scored[i]
    followers = {j for j in failed if _follows(bench, j, i)}
    alone = set(failed) <= followers | {i}
    sole = sum(bool(scan.held_without[i, r, lane]) for r in range(len(one.rows))) > 0 or len(one.rows) == 1
    return numbers[cause_of(bench, scan, i, lane)], alone and sole


def _follows(bench: Bench, beat: int, other: int) -> bool:
    after = bench.scored[beat].after
    return after is not None and (after == other or _follows(bench, after, other))
