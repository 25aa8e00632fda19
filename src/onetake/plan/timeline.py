"""Timeline: every beat on the seconds of the fall, and why one does not fit.

Says what is possible, not what will succeed: a beat fits when its window, the altitude it asks for, the break-off,
the abort height and the light leave room for its hold, after the holds of the beats it follows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.fly.scenario import height_agl_m
from onetake.fly.state import C
from onetake.jump import BeatSlot
from onetake.plan.fall import Fall
from onetake.shot.beat import Beat
from onetake.shot.file import Shot
from onetake.units import FT_M, Altitude
from onetake.weather.column import Column

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

STEP_S = 0.1
THERE_M, AWAY_M = 2.0, 4.0  # centres of mass beyond the station: on the mark, and not yet
LIGHT = ("sun", "exposure")
# whether a beat has its light at these seconds (n,) and heights of operator and subject (n, 2)
LightTest = Callable[[Beat, Array, Array], Flags]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seconds:
    """The fall on a grid of 0.1 s: time_s (n,), height_agl_m (n, 2) of operator and subject, and its marks.

    arrived_s: when the subject is on the mark in the flight as planned.
    """

    time_s: Array
    height_agl_m: Array
    end_s: float
    no_mark_s: float | None
    no_mark_agl_m: float
    arrived_s: float | None


def seconds_of(fall: Fall, shot: Shot, column: Column) -> Seconds:
    """The seconds from the start of the take to the break-off, and when the abort height is passed."""
    start_s, end_s = float(fall.take.bodies[0].time_s[0]), fall.end_s
    steps = np.arange(int((end_s - start_s) / STEP_S + 1e-6) + 1, dtype=np.float64)
    time_s = start_s + STEP_S * steps
    heights = [np.interp(time_s, p.trace.time_s, p.trace.position_enu_m[:, 2]) for p in fall.people]
    limit = shot.abort.no_mark_by
    low_m = -np.inf if limit is None else height_agl_m(limit, shot, column)
    return Seconds(
        time_s=time_s,
        height_agl_m=np.stack(heights, axis=1),
        end_s=end_s,
        # the operator's height gives up the mark, as the pilots obey it
        no_mark_s=None if limit is None else fall.people[0].below_s(low_m),
        no_mark_agl_m=float(low_m),
        arrived_s=_arrived_s(fall),
    )


def _arrived_s(fall: Fall) -> float | None:
    """When the subject of the flight comes to the station it is flown to, having been well beyond it; None if never.

    Between the centres of mass, which lie about 1.5 m further apart than image plane and eyes.
    """
    relative = fall.take.relative
    if relative is None:
        return None
    station_m = float(fall.scenario.common[C.station_m])
    apart_m = np.linalg.norm(relative.position_enu_m, axis=1)
    falling = relative.time_s <= fall.end_s
    away = np.flatnonzero(falling & (apart_m > station_m + AWAY_M))
    if not away.size:
        return None
    there = np.flatnonzero(falling[away[0] :] & (apart_m[away[0] :] < station_m + THERE_M)) + away[0]
    return float(relative.time_s[there[0]]) if there.size else None


def arrival_notes(seconds: Seconds) -> tuple[str, ...]:
    """When and how high the subject is on the mark in the flight as planned."""
    if seconds.arrived_s is None:
        return ("In the flight as planned the subject never comes to the mark before the break-off.",)
    height_m = float(np.interp(seconds.arrived_s, seconds.time_s, seconds.height_agl_m[:, 1]))
    return (
        f"In the flight as planned the subject is on the mark from {seconds.arrived_s:.0f} s, at {height_m / FT_M:,.0f} ft AGL.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """Where the hold of a beat may lie: earliest start, latest end, and what bounds it."""

    from_s: float
    to_s: float
    why: str = ""


def slots(
    seconds: Seconds, shot: Shot, column: Column, light: LightTest | None = None
) -> tuple[BeatSlot, ...]:
    """Every beat, in the order of the file: from its earliest start to its latest end, s from the first exit.

    A chained beat may begin at the end of the earliest possible hold of the one it follows, and must be over
    `within` after the latest. Error: 0.1 s, and the fall itself, whose neutral fall rates are given to about 2 %.
    """
    done: dict[str, BeatSlot] = {}
    order = sorted(shot.beats, key=lambda beat: _depth(beat, shot))
    for beat in order:
        done[beat.name] = _slot(beat, seconds, shot, column, light=light, done=done)
    return tuple(done[beat.name] for beat in shot.beats)


def _depth(beat: Beat, shot: Shot) -> int:
    by_name = {other.name: other for other in shot.beats}
    depth = 0
    while beat.after is not None and depth <= len(by_name):
        beat, depth = by_name[beat.after], depth + 1
    return depth


def _slot(
    beat: Beat,
    seconds: Seconds,
    shot: Shot,
    column: Column,
    *,
    light: LightTest | None,
    done: dict[str, BeatSlot],
) -> BeatSlot:
    room = _room(beat, seconds, shot, done)
    if room.why:
        return BeatSlot(name=beat.name, from_s=room.from_s, to_s=room.to_s, fits=False, why=room.why)
    time_s = seconds.time_s
    inside = (time_s >= room.from_s - 1e-9) & (time_s <= room.to_s + 1e-9)
    high = inside & altitude_ok(beat, seconds, shot, column)
    lit = high if light is None else high & light(beat, time_s, seconds.height_agl_m)
    found = _span(lit, time_s, beat)
    if found is not None:
        return BeatSlot(name=beat.name, from_s=found[0], to_s=found[1], fits=True)
    if _span(high, time_s, beat) is not None:
        why = _short("the light it asks for", lit, time_s, beat)
    else:
        why = _short("the altitude it asks for", high, time_s, beat)
    return BeatSlot(name=beat.name, from_s=room.from_s, to_s=max(room.from_s, room.to_s), fits=False, why=why)


def _room(beat: Beat, seconds: Seconds, shot: Shot, done: dict[str, BeatSlot]) -> _Room:
    """The span left by window or predecessor, break-off and abort height."""
    if beat.after is not None:
        before = done[beat.after]
        hold_s = next(other.hold_s for other in shot.beats if other.name == beat.after)
        start_s, end_s = before.from_s + hold_s, before.to_s + (beat.within_s or 0.0)
        if not before.fits:
            return _Room(from_s=start_s, to_s=end_s, why=f"follows {beat.after!r}, which does not fit")
    else:
        start_s, end_s = beat.window_s or (0.0, 0.0)
    start_s = max(start_s, float(seconds.time_s[0]))
    room = _Room(from_s=start_s, to_s=min(end_s, seconds.end_s))
    if start_s + beat.hold_s > seconds.end_s:
        if start_s >= seconds.end_s:
            why = f"begins at {start_s:.0f} s, after the break-off at {seconds.end_s:.0f} s"
        else:
            why = f"needs {beat.hold_s:g} s from {start_s:.0f} s on, and the break-off is at {seconds.end_s:.0f} s"
        if beat.after is not None:
            why += " (the holds of the beats before it add up)"
        return _Room(from_s=start_s, to_s=max(start_s, end_s), why=why)
    if seconds.no_mark_s is not None and beat is shot.beats[-1]:
        if start_s > seconds.no_mark_s:
            low_ft = seconds.no_mark_agl_m / FT_M
            why = f"must be under way by {low_ft:,.0f} ft AGL, at {seconds.no_mark_s:.0f} s, and cannot begin before {start_s:.0f} s"
            return _Room(from_s=start_s, to_s=max(start_s, end_s), why=why)
        room = _Room(from_s=start_s, to_s=min(room.to_s, seconds.no_mark_s + beat.hold_s))
    return room


def altitude_ok(beat: Beat, seconds: Seconds, shot: Shot, column: Column) -> Flags:
    """Where the subject's height is within every altitude criterion of a beat, (n,)."""
    height = seconds.height_agl_m[:, 1]
    good = np.ones(height.shape, bool)
    for criterion in beat.must:
        if criterion.name != "altitude":
            continue
        for bound, above in ((criterion.lower, True), (criterion.upper, False)):
            if bound is not None:
                limit_m = height_agl_m(Altitude(bound, criterion.datum or "AGL"), shot, column)
                good &= height >= limit_m if above else height <= limit_m
    return good


def _span(good: Flags, time_s: Array, beat: Beat) -> tuple[float, float] | None:
    """From the first to the last second of all stretches long enough for the hold, less what the editor forgives."""
    edges = np.diff(np.concatenate([[0], good.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    need_s = beat.hold_s - beat.allow_s
    long = [
        (float(time_s[first]), float(time_s[last]))
        for first, last in zip(starts, ends, strict=True)
        if time_s[last] - time_s[first] >= need_s - 1e-6
    ]
    return (long[0][0], long[-1][1]) if long else None


def _short(what: str, good: Flags, time_s: Array, beat: Beat) -> str:
    if not good.any():
        return f"never has {what} in its time"
    first, last = time_s[good][[0, -1]]
    longest_s = STEP_S * max(map(len, "".join("x" if one else " " for one in good).split()))
    return f"has {what} from {first:.1f} to {last:.1f} s, {longest_s:.1f} s at a stretch at most; its hold is {beat.hold_s:g} s"
