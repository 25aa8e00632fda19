"""Bench: the shot's beats and criteria as the tables that the scan works on, and room for its state."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from onetake import seams
from onetake.errors import InputError
from onetake.judge.glass import Glass
from onetake.judge.sight import Limits, Sight, no_words
from onetake.judge.state import (
    AROUND,
    EVENTS,
    LANES,
    MOST_ROWS,
    NEVER,
    OUTSIDE,
    ROOM,
    ROW_SIGNAL,
    SIZE,
    TALLY,
    TICK_S,
    WITHOUT,
    B,
    R,
    T,
    X,
)
from onetake.lanes import flat, room
from onetake.shot.beat import Always, Beat
from onetake.shot.criterion import SUBJECT, Criterion
from onetake.shot.file import Shot

F32 = NDArray[np.float32]
I64 = NDArray[np.int64]

SEAM = "onetake.judge.criteria"
UNBOUNDED = 1e30


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One signal held to bounds, of one criterion of one beat; SI."""

    beat: int
    criterion: Criterion
    signal: str
    lower: float
    upper: float
    tolerance: float
    unit: str
    scale: float
    said: str
    tells: str
    trend: tuple[float, float] | None = None
    blind: bool = (
        False  # nothing in the take tells it; it counts as satisfied, and the beat cannot be `got it`
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One beat, or one rule that must always hold, in ticks."""

    name: str
    rows: tuple[Row, ...]
    hold_ticks: int
    allow_ticks: int
    window_ticks: tuple[float, float] | None
    after: int | None
    within_ticks: float
    always: tuple[str, str] | None
    hold_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Tables for `judge.kernel.judge_block`: rows (n, 8), beats (m, 11); scored in the order of the shot file, in which

    a beat stands below the one it follows.

    outline (k, 3): points of the subject's body, none where no beat asks for the whole body; scene (len(SCENE),): the
    aircraft's run and the sun, empty where every beat asks of the subject alone.
    """

    glass: Glass
    scored: tuple[Scored, ...]
    rows: F32
    beats: F32
    slots: int
    outline: F32
    scene: F32

    def blind_to(self, signals: frozenset[str]) -> Bench:
        """The same bench with the rows of signals that nothing tells made always true."""
        if not signals:
            return self
        scored = tuple(
            replace(
                one,
                rows=tuple(
                    replace(row, blind=True, trend=None) if row.signal in signals else row for row in one.rows
                ),
            )
            for one in self.scored
        )
        rows = self.rows.copy()
        for i, row in enumerate(row for one in scored for row in one.rows):
            if row.blind:
                # the separation is always known, and always inside no bounds
                rows[i] = [row.beat, X.separation_m, -UNBOUNDED, UNBOUNDED, 1.0, 0.0, 0.0, 0.0]
        return replace(self, scored=scored, rows=rows)

    def read_off(self, signals: Collection[str]) -> Bench:
        """The same bench with the rows of some signals at what the record has of them, not at what the scan computes."""
        rows = self.rows.copy()
        for i, row in enumerate(row for one in self.scored for row in one.rows):
            if row.signal in signals:
                rows[i, ROW_SIGNAL] = getattr(R, row.signal)
        return replace(self, rows=rows)

    def bounding(self, signals: frozenset[str]) -> Bench:
        """The same bench with the rows of signals of which only the least is known spoken of so."""
        scored = tuple(
            replace(
                one,
                rows=tuple(
                    replace(row, said=f"{row.said} as read at least") if row.signal in signals else row
                    for row in one.rows
                ),
            )
            for one in self.scored
        )
        return replace(self, scored=scored) if signals else self

    @property
    def last_tick(self) -> float:
        """The last tick at which a beat with a window of its own can still be held; chained ones may be later."""
        ends: list[float] = []
        for scored in self.scored:
            start = ends[scored.after] if scored.after is not None else 0.0
            ends.append(
                start + scored.within_ticks if scored.window_ticks is None else scored.window_ticks[1]
            )
        return max(ends)


def make_bench(shot: Shot, glass: Glass) -> Bench:
    """Resolve every criterion of the shot. Raises ChoiceError for a word no criterion knows."""
    numbers = {beat.name: i for i, beat in enumerate(shot.beats)}
    scored = [_beat(beat, i, numbers, shot, glass) for i, beat in enumerate(shot.beats)]
    scored += [_always(rule, len(scored) + i, shot, glass) for i, rule in enumerate(shot.always)]
    rows: list[list[float]] = []
    beats: list[list[float]] = []
    for one in scored:
        first = len(rows)
        for row in one.rows:
            trend = row.trend or (0.0, 0.0)
            rows.append(
                [row.beat, getattr(X, row.signal), row.lower, row.upper, 1 / row.tolerance,
                 float(row.trend is not None), *trend]
            )  # fmt: skip
        window = one.window_ticks or (0.0, -1.0)
        events = [float(EVENTS.index(event)) for event in one.always] if one.always else [0.0, 0.0]
        beats.append(
            [first, len(rows), *window, -1 if one.after is None else one.after, one.within_ticks, one.hold_ticks,
             one.allow_ticks, float(one.always is not None), *events]
        )  # fmt: skip
    asked = {row.signal for one in scored for row in one.rows}
    return Bench(
        glass=glass,
        scored=tuple(scored),
        rows=np.array(rows, np.float32),
        beats=np.array(beats, np.float32),
        slots=max(one.hold_ticks + 1 for one in scored),
        outline=glass.outline if "body_room" in asked else glass.outline[:0],
        scene=glass.scene if asked & set(AROUND) else glass.scene[:0],
    )


def _beat(beat: Beat, number: int, numbers: dict[str, int], shot: Shot, glass: Glass) -> Scored:
    window = None
    if beat.window_s is not None:
        window = (math.ceil(beat.window_s[0] / TICK_S - 1e-6), math.floor(beat.window_s[1] / TICK_S + 1e-6))
    return Scored(
        name=beat.name,
        rows=rows_of(beat, number, shot.place.elevation_m, glass),
        hold_ticks=math.ceil(beat.hold_s / TICK_S - 1e-6),
        allow_ticks=math.floor(beat.allow_s / TICK_S + 1e-6),
        window_ticks=window,
        after=numbers[beat.after] if beat.after is not None else None,
        within_ticks=math.floor((beat.within_s or 0.0) / TICK_S + 1e-6),
        always=None,
        hold_s=beat.hold_s,
    )


def _always(rule: Always, number: int, shot: Shot, glass: Glass) -> Scored:
    return Scored(
        name=rule.name,
        rows=rows_of(rule, number, shot.place.elevation_m, glass),
        hold_ticks=0,
        allow_ticks=0,
        window_ticks=None,
        after=None,
        within_ticks=0.0,
        always=(rule.start, rule.end),
        hold_s=0.0,
    )


def rows_of(beat: Beat | Always, number: int, elevation_m: float, limits: Limits) -> tuple[Row, ...]:
    """The rows of one beat or rule, heights above the drop zone.

    Raises ChoiceError for a word or a target that its criterion does not know, InputError for more than one pass can
    carry.
    """
    rows = [row for criterion in beat.must for row in _criterion(criterion, number, elevation_m, limits)]
    if len(rows) > MOST_ROWS:
        raise InputError(f"{beat.name!r} asks for {len(rows)} things at once; at most {MOST_ROWS}")
    if sum(row.trend is not None for row in rows) > 1:
        raise InputError(f"{beat.name!r} has more than one trend; put the other in a beat of its own")
    return tuple(rows)


def _criterion(criterion: Criterion, number: int, elevation_m: float, limits: Limits) -> list[Row]:
    sight = _sight(criterion)
    shift = elevation_m if criterion.datum == "MSL" else 0.0
    trend = None
    signals = sight.signals
    lower, upper = criterion.lower, criterion.upper
    if criterion.kind == "word":
        signal, lower, upper = _word(criterion, sight, limits)
        signals = (signal,)
    elif criterion.kind == "trend":
        trend = (float(criterion.start or 0.0) - shift, float(criterion.stop or 0.0) - shift)
        lower = upper = None
    return [
        Row(
            beat=number,
            criterion=criterion,
            signal=signal,
            lower=-UNBOUNDED if lower is None else lower - shift,
            upper=UNBOUNDED if upper is None else upper - shift,
            tolerance=sight.tolerance,
            unit=sight.unit,
            scale=sight.scale,
            said=sight.said,
            tells=sight.tells,
            trend=trend,
        )
        for signal in signals
    ]


def _sight(criterion: Criterion) -> Sight:
    """How the criterion is read of its target."""
    choice = seams.load(SEAM, criterion.name)
    if criterion.target == SUBJECT:
        return Sight(
            signals=choice.SIGNALS, unit=choice.UNIT, scale=choice.SCALE, tolerance=choice.TOLERANCE,
            said=choice.SAID, tells=choice.TELLS, words=getattr(choice, "words", no_words),
        )  # fmt: skip
    targets: Mapping[str, Sight] = getattr(choice, "TARGETS", {})
    if criterion.target not in targets:
        raise seams.unknown(criterion.target, (SUBJECT, *targets), f"target of {criterion.name}")
    return targets[criterion.target]


def _word(criterion: Criterion, sight: Sight, limits: Limits) -> tuple[str, float | None, float | None]:
    words = sight.words(limits)
    if criterion.word not in words:
        raise seams.unknown(str(criterion.word), tuple(words), f"word for {criterion.label}")
    return words[str(criterion.word)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The scan's own arrays for a number of batches; see `judge.kernel.judge_block`."""

    states: F32
    beats: F32
    tallies: F32
    rings: F32


def new_tables(bench: Bench, batches: int) -> Tables:
    """A scan before its first tick."""
    count = len(bench.scored)
    states = room(batches, SIZE)
    states[:, T.closest : T.closest + LANES] = 1e6
    states[:, T.last_time : T.last_time + LANES] = -1e6
    beats = room(batches, count, ROOM)
    tallies = room(batches, count, TALLY)
    for i, one in enumerate(bench.scored):
        # the ring begins full of ticks outside the window, each of which outweighs the allowance
        full = (one.hold_ticks + 1) * (one.allow_ticks + 1)
        begin = {
            "start": 1e9,
            "end": -1e9,
            "armed": NEVER,
            "breaker": -1.0,
            "count": float(full),
            "idle": 1e6,
        }
        if one.window_ticks is not None:
            begin |= {"start": one.window_ticks[0], "end": one.window_ticks[1]}
        for name, value in begin.items():
            at = getattr(B, name)
            beats[:, i, at : at + LANES] = value
        tallies[:, i, WITHOUT : WITHOUT + MOST_ROWS * LANES] = full
    rings = room(batches, count, bench.slots * LANES)
    rings[:] = OUTSIDE
    return Tables(states=states, beats=beats, tallies=tallies, rings=rings)


def scan_block(
    bench: Bench, tables: Tables, records: F32, source: I64, curves: F32, tick0: int, ticks: int
) -> None:
    """Judge a block of records (batch, ticks, fields, 16), of which `source` says where each field stands."""
    from onetake.judge.kernel import judge_block

    glass = bench.glass
    judge_block(
        flat(records), source, tables.states, tables.beats, tables.tallies, tables.rings, glass.table, bench.outline,
        bench.scene, bench.rows, bench.beats, curves, tick0, ticks,
    )  # fmt: skip
