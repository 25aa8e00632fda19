"""Score: any take against a shot, beat by beat, with margins, causes and the note a script supervisor would write."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.judge.bench import UNBOUNDED, Bench, Row, Scored, Tables, new_tables, scan_block
from onetake.judge.instrument import instrument_of
from onetake.judge.logic import trend_margin, window_margin
from onetake.judge.note import beat_note
from onetake.judge.realise import REACH_M, bounded, moved_ticks, realisations
from onetake.judge.state import (
    AROUND,
    HELD_WITHOUT,
    LANES,
    SEEN,
    SHOWN,
    SIGNALS,
    TICK_S,
    VIOLATED,
    B,
    J,
    T,
)
from onetake.take import OnFilm, Take
from onetake.verdict import BeatVerdict, Call, CriterionMargin, Verdict

F32 = NDArray[np.float32]
I64 = NDArray[np.int64]
Array = NDArray[np.float64]

SURE = 0.95
# 95 % of errors in three axes lie within 2.80 sigma, in one axis within 1.96: along the line of sight, and in the picture
AXES = 2.80 / 1.96
EYES_M = 0.75  # eyes and image plane from the centre of mass, on a side that only an attitude tells
NEVER_TICK = 1e8
NEAREST_M = 0.2  # nobody's eyes are nearer to an image plane with a lens before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What one scan left, one column a lane: per beat held, when, how long, why not; per take the closest and so on."""

    held: NDArray[np.bool_]
    held_end: Array
    best_run: Array
    best_end: Array
    breaker: Array
    lost: NDArray[np.bool_]
    start: Array
    end: Array
    held_without: NDArray[np.bool_]
    violated: Array
    closest_m: Array
    in_focus_s: Array


def read_scan(bench: Bench, tables: Tables, count: int) -> Scan:
    """Read the scan of the first `count` lanes; arrays (beats, lanes), with rows (beats, rows, lanes)."""

    def lanes(array: F32, at: int) -> Array:
        return array[:, at : at + LANES].reshape(-1)[:count].astype(np.float64)

    beats = range(len(bench.scored))
    most = range(max(len(one.rows) for one in bench.scored))

    def field(offset: int) -> Array:
        return np.stack([lanes(tables.beats[:, i], offset) for i in beats])

    def by_row(offset: int) -> Array:
        return np.stack(
            [np.stack([lanes(tables.tallies[:, i], offset + r * LANES) for r in most]) for i in beats]
        )

    return Scan(
        held=field(B.held) > 0.5,
        held_end=field(B.held_end),
        best_run=field(B.best_run),
        best_end=field(B.best_end),
        breaker=field(B.breaker),
        lost=field(B.lost) > 0.5,
        start=field(B.start),
        end=field(B.end),
        held_without=by_row(HELD_WITHOUT) > 0.5,
        violated=by_row(VIOLATED),
        closest_m=lanes(tables.states, T.closest),
        in_focus_s=lanes(tables.states, T.in_focus),
    )


def scan_records(bench: Bench, records: F32, tick0: int) -> tuple[Tables, F32]:
    """Scan records (batch, ticks, fields, 16) to the end; the scan, and curves (lanes, ticks, signals).

    Fields are those of SEEN, and for a bench that reads off a film those of SHOWN behind them, which then are its curves.
    """
    source = np.array([(i, -1) for i in range(records.shape[2])], np.int64)
    tables = new_tables(bench, records.shape[0])
    curves = np.zeros((records.shape[0], records.shape[1], len(SIGNALS), LANES), np.float32)
    scan_block(bench, tables, records, source, curves, tick0, records.shape[1])
    if records.shape[2] > len(SEEN):
        curves[:, :, [SIGNALS.index(name) for name in SHOWN]] = records[:, :, len(SEEN) :]
    lanes = curves.transpose(0, 3, 1, 2).reshape(-1, records.shape[1], len(SIGNALS))
    return tables, lanes


def unknown_signals(bench: Bench, take: Take) -> frozenset[str]:
    """Signals that nothing in the take tells: no clock, no light; no lens track and no film, no focus and no frame; and so on."""
    operator, subject = take.bodies[0], take.bodies[1]
    unknown: set[str] = set()
    if not bench.glass.light_known:
        unknown |= {"sun_low_rad", "sun_high_rad", "exposure_stops"} | _named("sun_")
    if not bench.glass.aircraft_known or take.aircraft is None:
        unknown |= _named("aircraft_")
    if take.lens is None:
        unknown |= _PICTURE | {"size_share", "skyline_blur_m"}
    if operator.q_enu_from_body is None:
        unknown |= _PICTURE
    if subject.q_enu_from_body is None:
        unknown |= {"facing_rad", "face_room", "body_room", "sun_hidden_room"}
        unknown |= {"aircraft_facing_rad", "sun_facing_rad", "skyline_facing_rad"}
    if "clearance_m" not in subject.channels and not _at_least(bench, take):
        unknown |= {"clearance_m"}
    return frozenset(unknown) if take.film is None else frozenset(unknown - set(SHOWN))


def _at_least(bench: Bench, take: Take) -> bool:
    """Whether the least that the clearance may be is told, and all that is asked of it is to be more than something."""
    rows = (row for one in bench.scored for row in one.rows if row.signal == "clearance_m")
    return bounded(take) and all(row.trend is None and row.upper >= UNBOUNDED for row in rows)


# what only the lens's track and the attitude of who carries it tell
_PICTURE = frozenset({
    "blur_m", "face_room", "body_room", "steady_rad_s", "horizon_rad", "aircraft_room", "aircraft_blur_m", "sun_room",
    "sun_hidden_room", "skyline_room",
})  # fmt: skip


def _named(start: str) -> frozenset[str]:
    return frozenset(name for name in AROUND if name.startswith(start))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What the verdict of every beat is made from. Lane 0 is the reading itself, the others its realisations.

    slack (ticks, signals): how far the reading of each signal may be off, at 95 %; zero for an exact take.
    """

    bench: Bench
    scan: Scan
    curves: F32
    tick0: int
    lanes: int
    take: Take
    slack: Array

    def signals(self, lane: int, names: Collection[str] = SIGNALS) -> dict[str, Array]:
        return {name: self.curves[lane, :, SIGNALS.index(name)].astype(np.float64) for name in names}


def judge(bench: Bench, take: Take, *, seed: int = 0, count: int = 64) -> tuple[Verdict, Mapping[str, Array]]:
    """Score a take.

    An exact (simulated) take is scanned once. A measured one is scored on `count` realisations, the first of them as
    it was read, the others with errors drawn from what its instruments state. `got it` needs P(held) ≥ 0.95. `missed`
    needs P(held) ≤ 0.05 and a reading that its own error cannot explain: who reads 3 ft with 3 m of error was
    probably not at 3 ft, but nothing says that he was not. Otherwise `cannot tell`. What the take does not tell at all counts as
    satisfied: a beat that is missed all the same is missed, any other is `cannot tell`. Also returns the signals of
    the first realisation, each (ticks,), NaN where the take does not tell it or no picture shows it, with `time_s` and, of a measured take,
    `range_sigma_m`; of a filmed one also the error of each signal that its pictures show, as `blur_m sigma` and so on.
    """
    records, tick0, certain = realisations(take, count, seed, bench.glass)
    unknown = unknown_signals(bench, take)
    told = bench.blind_to(unknown).bounding(frozenset({"clearance_m"} if bounded(take) else ()))
    if take.film is not None:
        told = told.read_off(SHOWN)
    tables, curves = scan_records(told, records, tick0)
    lanes = 1 if certain else count
    still = _unmoved(curves[:lanes], moved_ticks(take, lanes, seed))
    case = _Case(
        bench=told, scan=read_scan(told, tables, lanes), curves=curves, tick0=tick0, lanes=lanes, take=take,
        slack=_slack(still, take),
    )  # fmt: skip
    beats: list[BeatVerdict] = []
    for i in range(len(bench.scored)):
        beats.append(_verdict(case, i, beats))
    abort = take.event("abort")
    verdict = Verdict(
        verdict=_overall(beats, take),
        beats=tuple(beats),
        closest_m=float(np.median(case.scan.closest_m)),
        in_focus_s=_in_focus_s(case, records, unknown),
        aborted=abort.note if abort else "",
        ending=take.ending,
        facts=dict(take.facts),
    )
    time_s = np.asarray((tick0 + np.arange(curves.shape[1])) * TICK_S, np.float64)
    signals = {**case.signals(0), "time_s": time_s}
    unread = unknown | ({"clearance_m"} if bounded(take) else set())
    signals |= {name: np.full_like(time_s, np.nan) for name in unread}
    if not certain:
        signals["range_sigma_m"] = _sigma_of(still, "range_m")
    if take.film is not None:
        signals |= {f"{name} sigma": _sigma_of(still, name) for name in SHOWN}
        read = _read(take.film, time_s)
        signals |= {name: np.where(read, signals[name], np.nan) for name in SHOWN}
    return verdict, signals


def _read(film: OnFilm, time_s: Array) -> NDArray[np.bool_]:
    """At which times a picture of the film was read."""
    read: NDArray[np.bool_] = np.interp(time_s, film.time_s, film.read, left=0.0, right=0.0) > 0.5
    return read


def _sigma_of(curves: F32, name: str) -> Array:
    """How far one signal of the reading may be off, 1 sigma (ticks,), from the realisations (lanes, ticks, signals)."""
    wrong = curves[1:, :, SIGNALS.index(name)] - curves[0, :, SIGNALS.index(name)]
    sigma: Array = np.sqrt(np.mean(np.square(wrong, dtype=np.float64), axis=0))
    return sigma


def _in_focus_s(case: _Case, records: F32, unknown: frozenset[str]) -> float:
    """How long the face was sharp and in frame in free fall; of a film by what its pictures show."""
    if "blur_m" in unknown:
        return 0.0
    if case.take.film is None:
        return float(np.median(case.scan.in_focus_s))
    free = np.all(records[:, :, [J.A_phase, J.B_phase]] == 1.0, axis=2)  # (batch, ticks, 16)
    blur, room = (case.curves[:, :, SIGNALS.index(name)] for name in ("blur_m", "face_room"))
    sharp = (blur <= case.bench.glass.circle_m) & (room > 0.0)
    lanes = free.transpose(0, 2, 1).reshape(-1, free.shape[1])[: case.lanes] & sharp[: case.lanes]
    return float(np.median(lanes.sum(axis=1)) * TICK_S)


def _overall(beats: list[BeatVerdict], take: Take) -> Call:
    if take.ending in ("contact", "diverged") or any(beat.verdict == "missed" for beat in beats):
        return "missed"
    return "got it" if all(beat.verdict == "got it" for beat in beats) else "cannot tell"


def _call(p: float, blind: bool) -> Call:
    if p <= 1 - SURE:
        return "missed"
    return "got it" if p >= SURE and not blind else "cannot tell"


def _verdict(case: _Case, i: int, before: list[BeatVerdict]) -> BeatVerdict:
    one, scan = case.bench.scored[i], case.scan
    p = float(np.mean(scan.held[i, 1:] if case.lanes > 1 else scan.held[i]))
    # the note is written about a realisation that went the way most did
    lane = int(np.argmax(scan.held[i] == (p >= 0.5)))
    held = bool(scan.held[i, lane])
    follows = before[one.after] if one.after is not None else None
    blocked = one.after is not None and not bool(scan.held[one.after, lane])
    signals = case.signals(lane)
    margins = np.stack([row_margins(row, signals) for row in one.rows])
    first, last = _span(one, scan, i, lane, case)
    theta, at = _margin(one, margins, signals, first, last)
    start = max(at - one.hold_ticks, first)
    row, where, value = _worst(one, margins, signals, first, last, start, at)
    blind = any(row.blind for row in one.rows) or (follows is not None and follows.verdict == "cannot tell")
    called = _call(p, blind)
    if called == "got it" and bounded(case.take) and not _clear(case, i):
        called = "cannot tell"
    if called == "missed" and case.lanes > 1 and _explained(case, i):
        called = "cannot tell"
    if (
        called == "missed"
        and follows is not None
        and follows.verdict == "cannot tell"
        and _could_hold(case, i)
    ):
        called = "cannot tell"
    reached = bool(np.isfinite(theta)) and not blocked
    cause = "" if held else (follows.cause if blocked and follows else cause_of(case.bench, scan, i, lane))
    held_s, at_s = (
        _held_s(one, scan, i, lane, first, last),
        (case.tick0 + where) * TICK_S if reached else None,
    )
    blank = next((row.tells for row in one.rows if row.blind), None)
    tells = blank or _hole(case, row, start if at >= 0 else first, at if at >= 0 else last) or row.tells
    return BeatVerdict(
        name=one.name,
        verdict=called,
        margin=float(theta * row.tolerance / row.scale) if reached else None,
        unit=row.unit,
        sigma=_sigma(case, i, row) if reached else 0.0,
        p=p,
        cause=cause,
        held_s=held_s,
        hold_s=one.hold_s,
        at_s=at_s,
        note=beat_note(
            one, row, value, called, held, held_s, at_s, case.bench, signals, where, blocked, cause
        ),
        criteria=_criteria(case, one, margins, first, last, start, at) if reached else (),
        would_tell=tells if called == "cannot tell" else "",
        decided_by=_decided_by(called, follows if blocked else None, row, case.take),
        attempt_s=((case.tick0 + start) * TICK_S, (case.tick0 + at) * TICK_S) if reached else None,
    )


def _hole(case: _Case, row: Row, start: int, at: int) -> str:
    """The picture that is lacking between two ticks, where the criterion that decides there is one of the picture."""
    film = case.take.film
    if film is None or row.signal not in SHOWN or at < start:
        return ""
    time_s = np.asarray((case.tick0 + np.arange(start, at + 1)) * TICK_S, np.float64)
    lacking = time_s[~_read(film, time_s)]
    if not len(lacking):
        return ""
    return f"{row.tells}, read from t = {lacking[0]:.1f} s to {lacking[-1]:.1f} s too"


def _decided_by(called: Call, follows: BeatVerdict | None, row: Row, take: Take) -> str:
    if called == "cannot tell":
        return ""
    return instrument_of(row, take) if follows is None else follows.decided_by


def _unmoved(curves: F32, moved: I64) -> F32:
    """Realisations (lanes, ticks, signals) at the moments of the reading, wherever each of them begins."""
    if not moved.any():
        return curves
    rows = np.clip(np.arange(curves.shape[1]) - moved[:, None], 0, curves.shape[1] - 1)
    return np.take_along_axis(curves, rows[:, :, None], axis=1)


def _slack(curves: F32, take: Take) -> Array:
    """How far each signal (ticks, signals) may be off at 95 %, from the realisations (lanes, ticks, signals)."""
    slack: Array = np.quantile(np.abs(curves - curves[0]), SURE, axis=0).astype(np.float64)
    alone = set(SHOWN) if take.film is not None else set()
    if take.sight is not None:
        alone |= {"range_m", "closing_m_s"}
    slack[:, [i for i, name in enumerate(SIGNALS) if name not in alone]] *= AXES
    if take.film is not None:  # a size goes as one over the range, and few draws are near where many are far
        size, far = (SIGNALS.index(name) for name in ("size_share", "range_m"))
        nearest = np.maximum(curves[0, :, far] - slack[:, far], NEAREST_M)
        nearer = curves[0, :, size] * (curves[0, :, far] / nearest - 1.0)
        slack[:, size] = np.maximum(slack[:, size], nearer)
    blind = sum(trace.q_enu_from_body is None for trace in take.bodies[:2])
    for name in ("level_m",) if take.sight is not None else ("range_m", "level_m", "depth_m"):
        # the realisations have headings at random; people who film each other face each other
        slack[:, SIGNALS.index(name)] += blind * EYES_M
    if bounded(take):  # nobody need be stretched towards the other
        slack[:, SIGNALS.index("clearance_m")] += 2.0 * REACH_M
    return slack


def _explained(case: _Case, i: int) -> bool:
    """Whether the take as read would hold if every signal may be off by its slack."""
    # a window that another beat opens: as it opened in the first realisation in which it did
    lane = int(np.argmax(case.scan.start[i] < NEVER_TICK))
    return _holds_within(case, i, *_span(case.bench.scored[i], case.scan, i, lane, case))


def _clear(case: _Case, i: int) -> bool:
    """Whether the take as read would hold if its distance may be off by its slack, where that tells the clearance.

    The length of an error is never negative: realisations of who touch are mostly metres apart.
    """
    one, signals = case.bench.scored[i], case.signals(0)
    off = case.slack[:, SIGNALS.index("clearance_m")] - 2.0 * REACH_M
    margins = np.stack(
        [row_margins(row, signals) - off / row.tolerance * (row.signal == "clearance_m") for row in one.rows]
    )
    lane = int(np.argmax(case.scan.held[i]))
    return _margin(one, margins, signals, *_span(one, case.scan, i, lane, case))[0] > 0.0


def _could_hold(case: _Case, i: int) -> bool:
    """As `_explained`, whenever the beat it follows, of which nobody can tell, may have been held."""
    first, last = _widest(case.bench, i)
    ticks = case.curves.shape[1]
    return _holds_within(case, i, max(int(first) - case.tick0, 0), min(int(last) - case.tick0, ticks - 1))


def _widest(bench: Bench, i: int) -> tuple[float, float]:
    """The first and the last tick at which the window of a beat may be open."""
    one = bench.scored[i]
    if one.after is None:
        return one.window_ticks or (0.0, -1.0)
    first, last = _widest(bench, one.after)
    return first, last + one.within_ticks


def _holds_within(case: _Case, i: int, first: int, last: int) -> bool:
    one, signals = case.bench.scored[i], case.signals(0)
    slack = [case.slack[:, SIGNALS.index(row.signal)] / row.tolerance * (not row.blind) for row in one.rows]
    margins = np.stack([row_margins(row, signals) + more for row, more in zip(one.rows, slack, strict=True)])
    theta, _ = _margin(one, margins, signals, first, last, slack)
    return theta > 0.0


def _sigma(case: _Case, i: int, row: Row) -> float:
    """Spread of a beat's margin over the realisations, in the unit of the worst criterion; 0 for an exact take."""
    one = case.bench.scored[i]
    found, names = [], {r.signal for r in one.rows}
    for lane in range(case.lanes if case.lanes > 1 else 0):
        signals = case.signals(lane, names)
        margins = np.stack([row_margins(r, signals) for r in one.rows])
        found.append(_margin(one, margins, signals, *_span(one, case.scan, i, lane, case))[0])
    finite = np.array([theta for theta in found if np.isfinite(theta)])
    return float(np.std(finite) * row.tolerance / row.scale) if len(finite) > 1 else 0.0


def row_margins(row: Row, signals: Mapping[str, Array]) -> Array:
    """Margin of one row at each tick, in its tolerance; a trend's row has none of its own."""
    x = signals[row.signal]
    if row.trend is not None or row.blind:
        return np.full_like(x, np.inf)
    # the same single-precision sums as the scan, so that zero is the same zero
    x, low, high = x.astype(np.float32), np.float32(row.lower), np.float32(row.upper)
    inverse = np.float32(1 / row.tolerance)
    return np.minimum((x - low) * inverse, (high - x) * inverse).astype(np.float64)


def _span(one: Scored, scan: Scan, i: int, lane: int, case: _Case) -> tuple[int, int]:
    """First and last index of the beat's window, kept inside the take; for a rule that always holds, its events."""
    ticks, tick0 = case.curves.shape[1], case.tick0
    if one.always is None:
        low, high = scan.start[i, lane], scan.end[i, lane]
        if not low < NEVER_TICK:
            return 0, -1
        return max(int(low) - tick0, 0), min(int(high) - tick0, ticks - 1)
    times = [_event_s(name, case.take) for name in one.always]
    first = 0 if times[0] is None else round(times[0] / TICK_S) - tick0 + 1
    last = ticks - 1 if times[1] is None else round(times[1] / TICK_S) - tick0
    return max(first, 0), min(last, ticks - 1)


def _event_s(name: str, take: Take) -> float | None:
    kinds = {
        "first exit": ("exit", min), "last exit": ("exit", max), "break-off": ("break-off", min),
        "first pull": ("pull", min), "opening": ("open", max), "landing": ("landing", max),
    }  # fmt: skip
    event, choose = kinds[name]
    times = [e.time_s for e in take.events if e.name == event]
    return choose(times) if times else None


def _margin(
    one: Scored, margins: Array, signals: Mapping[str, Array], first: int, last: int,
    slack: Sequence[Array] | None = None,
) -> tuple[float, int]:  # fmt: skip
    """Margin θ of the beat in tolerances and the index at which its best hold ends.

    slack: tolerances by which each row may be off, already added to its margin, and to be added to a trend's.
    """
    if last < first:
        return -np.inf, -1
    worst = np.min(np.where(np.isnan(margins), -np.inf, margins), axis=0)[first : last + 1]
    if one.always is not None:
        at = int(np.argmin(worst))
        return float(worst[at]), first + at
    r, trend = next(((r, row) for r, row in enumerate(one.rows) if row.trend is not None), (0, None))
    if trend is None or trend.trend is None:
        theta, at = window_margin(worst, one.hold_ticks, one.allow_ticks)
        return theta, first + at
    x = signals[trend.signal][first : last + 1]
    grows = 1.0 if trend.trend[1] > trend.trend[0] else -1.0
    ahead, behind = (
        grows * (trend.trend[0] - x) / trend.tolerance,
        grows * (x - trend.trend[1]) / trend.tolerance,
    )
    more = 0.0 if slack is None else slack[r][first : last + 1]
    theta, at = trend_margin(worst, ahead + more, behind + more, one.hold_ticks, one.allow_ticks)
    return theta, first + at


def _worst(
    one: Scored, margins: Array, signals: Mapping[str, Array], first: int, last: int, start: int, at: int
) -> tuple[Row, int, float]:
    """The criterion that decides the best attempt, the index where, and the signal's value there."""
    if last < first or at < 0:
        return one.rows[0], 0, float("nan")
    begin, end = (first, last) if one.always is not None else (start, at)
    part = np.where(np.isnan(margins[:, begin : end + 1]), -np.inf, margins[:, begin : end + 1])
    r, k = np.unravel_index(int(np.argmin(part)), part.shape)
    row = one.rows[int(r)]
    return row, begin + int(k), float(signals[row.signal][begin + int(k)])


def _criteria(
    case: _Case, one: Scored, margins: Array, first: int, last: int, start: int, at: int
) -> tuple[CriterionMargin, ...]:  # fmt: skip
    begin, end = (first, last) if one.always is not None else (start, at)
    told = []
    for r, row in enumerate(one.rows):
        if row.trend is not None or row.blind:
            continue
        part = np.where(np.isnan(margins[r, begin : end + 1]), -np.inf, margins[r, begin : end + 1])
        k = int(np.argmin(part))
        if np.isfinite(part[k]) and not _hole(case, row, begin + k, begin + k):
            told.append(
                CriterionMargin(
                    name=row.criterion.label,
                    margin=float(part[k] * row.tolerance / row.scale),
                    unit=row.unit,
                    at_s=(case.tick0 + begin + k) * TICK_S,
                )
            )
    return tuple(told)


def _held_s(one: Scored, scan: Scan, i: int, lane: int, first: int, last: int) -> float:
    """Longest stretch on which everything was true; for a beat that was held, at least its hold."""
    held = bool(scan.held[i, lane])
    if one.always is not None:
        return max(last - first, 0) * TICK_S if held else 0.0
    run = max(float(scan.best_run[i, lane]) - 1.0, 0.0) * TICK_S
    return max(run, one.hold_s) if held else run


def cause_of(bench: Bench, scan: Scan, i: int, lane: int) -> str:
    """Why a beat of one lane was missed: the criterion without which it would have held, else what broke its best

    attempt, else what failed most often; `time` where nothing failed but the window closed.
    """
    one = bench.scored[i]
    rows = range(len(one.rows))
    if one.always is not None:
        breaker = int(scan.breaker[i, lane])
        return one.rows[breaker].criterion.label if scan.lost[i, lane] and breaker >= 0 else "never begun"
    without = [r for r in rows if scan.held_without[i, r, lane]]
    if without:
        return one.rows[without[0]].criterion.label
    breaker = int(scan.breaker[i, lane])
    if breaker >= 0 and scan.best_run[i, lane] > 0:
        return one.rows[breaker].criterion.label
    violated = [float(scan.violated[i, r, lane]) for r in rows]
    if max(violated) > 0 and scan.start[i, lane] < NEVER_TICK:
        return one.rows[int(np.argmax(violated))].criterion.label
    return "time"
