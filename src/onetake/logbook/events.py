"""Events: where in a log somebody left an aircraft, opened, stopped falling and landed; or that nobody did.

    exit             the descent passes 9.80665 m/s on its way into the fall, carried back to 0 along its slope there
    opening          the deceleration that ends the fall begins
    end of freefall  the mean descent of one second is first below 12 m/s
    landing          start of the first 10 s in which 90 % of the speeds in space are below 2.5 m/s

What comes down faster than 35 m/s falls. What stays slower (a wingsuit, a hop-and-pop) could be an aircraft on its
way down, or a turn under a canopy or a paramotor: it counts only where it was left as an aircraft is left, out of
level flight too fast for a canopy, or out of a balloon, and with an acceleration that no aircraft is flown with.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from onetake.logbook.clean import slope
from onetake.logbook.log import Array, Finding, Fixes, Flags
from onetake.logbook.text import count
from onetake.units import G0_M_S2

FALLING_M_S = 12.0
FALL_M_S = (
    35.0  # the steepest turn under a canopy in the logs at hand is 28 m/s; belly to earth is 50 and more
)
LEAST_LOSS_M = 30.0  # somebody who opens at once falls about this far at more than 12 m/s
# before a slow fall: ground speed of an aircraft (45 m/s and more against 15 m/s of wind) or of a balloon, and how
# hard the fall begins. In the logs at hand aircraft are left at 34 to 56 m/s, canopies turn at 25 m/s at the most.
AIRCRAFT_M_S, AIRCRAFT_ENTRY_M_S2 = 28.0, 0.4 * G0_M_S2
BALLOON_M_S, BALLOON_SINK_M_S, BALLOON_ENTRY_M_S2 = 10.0, 1.5, 0.85 * G0_M_S2
HOLE_S = 2.0
REST_S, REST_SHARE, REST_M_S = 10.0, 0.9, 2.5
_HALF_S = 0.5  # of the one-second means
OPENING_S = 8.0  # before the end of the fall; inflation with its slider takes 3.5 to 5 s
_ONSET_SHARE, _ONSET_M_S2 = 0.2, 2.0
_ANOTHER_M = 300.0  # lost in a fall that is another jump's


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When, how sure (1 sigma), and how high."""

    utc_s: float
    sigma_s: float
    altitude_msl_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """The events of one jump; None where the recording does not tell."""

    exit: Moment | None = None
    opening: Moment | None = None
    end_of_freefall: Moment | None = None
    landing: Moment | None = None
    max_descent_m_s: float | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def freefall_s(self) -> float | None:
        """From exit to the end of freefall."""
        if self.exit is None or self.end_of_freefall is None:
            return None
        return self.end_of_freefall.utc_s - self.exit.utc_s


@dataclass(frozen=True, slots=True)
class _Run:
    """Fixes first to last of one descent; `start` and `stop` are the ends of the unbroken recording around them.

    holes: how often the recording breaks off within it.
    """

    start: int
    first: int
    last: int
    stop: int
    loss_m: float
    holes: int = 0


def jump_of(fixes: Fixes) -> Jump:
    """The jump of a cleaned recording: of several, the one with the longest fall by height."""
    if len(fixes) < 3:
        return Jump(findings=(Finding("no-jump", "too few fixes to tell of a jump"),))
    mean = _second_mean(fixes)
    falls = [run for run in _runs(fixes, mean) if _is_fall(fixes, mean, run)]
    if not falls:
        return Jump(findings=(Finding("no-jump", "nobody leaves an aircraft in this recording"),))
    fall = max(falls, key=lambda run: run.loss_m)
    return Jump(
        exit=_exit(fixes, fall),
        opening=_opening(fixes, fall),
        end_of_freefall=_end(fixes, mean, fall),
        landing=_landing(fixes, fall.last),
        max_descent_m_s=float(fixes.descent_m_s[fall.first : fall.last + 1].max()),
        findings=tuple(_told(fixes, fall, falls)),
    )


def _told(fixes: Fixes, fall: _Run, falls: list[_Run]) -> Iterator[Finding]:
    if _entry(fixes, fall) is None:
        yield Finding("no-exit", "the recording, or what is left of it, begins in the fall: no exit is told")
    if fall.holes:
        text = f"the recording breaks off {count(fall.holes, 'time')} in the fall and goes on in it"
        yield Finding("hole-in-fall", text)
    if fall.last == fall.stop:
        yield Finding(
            "cut-fall", "the recording breaks off in the fall: it went on after the end that is told"
        )
    if _landing(fixes, fall.last) is None:
        yield Finding("no-landing", "nobody comes to rest after the fall: landing and ground are not known")
    if others := sum(run.loss_m > _ANOTHER_M for run in falls if run is not fall):
        yield Finding("several-jumps", f"{count(others, 'more fall')} in this recording; told is the longest")


def _step_s(fixes: Fixes) -> float:
    return float(np.median(np.diff(fixes.utc_s)))


def _hole_s(fixes: Fixes) -> float:
    return max(HOLE_S, 5.0 * _step_s(fixes))


def _second_mean(fixes: Fixes) -> Array:
    """Mean descent of the second about each fix."""
    t = fixes.utc_s
    first = np.searchsorted(t, t - _HALF_S - 1e-6)
    last = np.searchsorted(t, t + _HALF_S + 1e-6)
    total = np.concatenate([[0.0], np.cumsum(fixes.descent_m_s)])
    mean: Array = (total[last] - total[first]) / (last - first)
    return mean


def _runs(fixes: Fixes, mean: Array) -> list[_Run]:
    """Every stretch of falling, joined over holes in which the heights fell on."""
    t, height = fixes.utc_s, fixes.altitude_msl_m
    hole = np.diff(t) > _hole_s(fixes)
    falling = mean > FALLING_M_S
    fell_on = hole & falling[1:] & falling[:-1] & (-np.diff(height) > FALLING_M_S * np.diff(t))
    hole &= ~fell_on
    starts = np.concatenate([[0], np.flatnonzero(hole) + 1])
    stops = np.concatenate([np.flatnonzero(hole), [len(fixes) - 1]])
    edge: Flags = np.concatenate([[True], hole | (falling[1:] != falling[:-1])])
    first = np.flatnonzero(edge)
    last = np.concatenate([first[1:] - 1, [len(fixes) - 1]])
    runs = []
    for a, b in zip(first[falling[first]], last[falling[first]], strict=True):
        piece = int(np.searchsorted(starts, a, side="right")) - 1
        holes = int(np.count_nonzero(fell_on[a:b]))
        run = _Run(int(starts[piece]), int(a), int(b), int(stops[piece]), float(height[a] - height[b]), holes)
        runs.append(run)
    return runs


def _is_fall(fixes: Fixes, mean: Array, run: _Run) -> bool:
    if run.loss_m < LEAST_LOSS_M:
        return False
    if mean[run.first : run.last + 1].max() > FALL_M_S:
        return True
    entry = _entry(fixes, run)
    before = _before(fixes, run, entry[0]) if entry else None
    if entry is None or before is None:
        return False
    level_m_s, sink_m_s = before
    if level_m_s > AIRCRAFT_M_S:
        return entry[1] > AIRCRAFT_ENTRY_M_S2
    return level_m_s < BALLOON_M_S and sink_m_s < BALLOON_SINK_M_S and entry[1] > BALLOON_ENTRY_M_S2


def _before(fixes: Fixes, run: _Run, utc_s: float) -> tuple[float, float] | None:
    """Ground speed and descent from six to two seconds before a moment."""
    some = (fixes.utc_s > utc_s - 6.0) & (fixes.utc_s < utc_s - 2.0)
    some[: run.start] = False
    if not some.any():
        return None
    level_m_s = np.hypot(fixes.velocity_enu_m_s[some, 0], fixes.velocity_enu_m_s[some, 1])
    return float(np.median(level_m_s)), float(np.median(fixes.descent_m_s[some]))


def _entry(fixes: Fixes, run: _Run) -> tuple[float, float] | None:
    """When the descent passed 9.80665 m/s on its way into the run, and its slope there; None if before the record."""
    down = fixes.descent_m_s
    slower = np.flatnonzero(down[run.start : run.first + 1] < G0_M_S2)
    if not len(slower):
        return None
    before = run.start + int(slower[-1])
    if before >= len(fixes) - 1:
        return None
    t = fixes.utc_s[before : before + 2]
    share = (G0_M_S2 - down[before]) / (down[before + 1] - down[before])
    crossing_s = float(t[0] + share * (t[1] - t[0]))
    near = slice(max(run.start, before - 30), min(run.stop, before + 31) + 1)
    slopes = slope(fixes.utc_s[near], down[near], _HALF_S)
    return crossing_s, float(np.interp(crossing_s, fixes.utc_s[near], slopes))


def _exit(fixes: Fixes, run: _Run) -> Moment | None:
    """The exit, and how far it can be off.

    The slope falls as the air takes hold, so the true way back to 0 takes between the second of a free fall and that
    along the slope; and an aircraft that sinks at the door has a part of the speed already.
    """
    entry = _entry(fixes, run)
    if entry is None:
        return None
    crossing_s, rate_m_s2 = entry
    back_s = G0_M_S2 / rate_m_s2
    exit_s = crossing_s - back_s
    before = _before(fixes, run, crossing_s)
    sinking_m_s = before[1] if before else 0.0
    velocity_m_s = fixes.sigma_velocity_m_s[run.first]
    noise_s = (velocity_m_s if np.isfinite(velocity_m_s) else 1.0) / math.sqrt(3.0) / rate_m_s2
    parts = (
        noise_s,
        (back_s - 1.0) / math.sqrt(3.0),
        sinking_m_s / rate_m_s2,
        _step_s(fixes) / math.sqrt(12.0),
    )
    return _at(fixes, exit_s, math.hypot(*parts))


def _end(fixes: Fixes, mean: Array, run: _Run) -> Moment:
    """Where the mean passes the limit, or the last fix of a recording that breaks off before."""
    if run.last == run.stop:
        return _at(fixes, float(fixes.utc_s[run.last]), _step_s(fixes))
    t, down = fixes.utc_s[run.last : run.last + 2], mean[run.last : run.last + 2]
    share = (down[0] - FALLING_M_S) / (down[0] - down[1])
    rate_m_s2 = max((down[0] - down[1]) / (t[1] - t[0]), 0.1)
    velocity_m_s = np.nan_to_num(fixes.sigma_velocity_m_s[run.last], nan=1.0)
    sigma_s = math.hypot(velocity_m_s / math.sqrt(3.0) / rate_m_s2, _step_s(fixes) / math.sqrt(12.0))
    return _at(fixes, float(t[0] + share * (t[1] - t[0])), sigma_s)


def _opening(fixes: Fixes, run: _Run) -> Moment | None:
    """Back from the strongest braking of the descent in the last seconds of the fall to where it began."""
    if run.last == run.stop:
        return None
    first = max(run.first, int(np.searchsorted(fixes.utc_s, fixes.utc_s[run.last] - OPENING_S)))
    t, down = fixes.utc_s[first : run.last + 2], fixes.descent_m_s[first : run.last + 2]
    if len(t) < 3:
        return None
    braking_m_s2 = -slope(t, down, _HALF_S)
    peak = int(np.argmax(braking_m_s2))
    onset_m_s2 = max(_ONSET_M_S2, _ONSET_SHARE * float(braking_m_s2[peak]))
    calm = np.flatnonzero(braking_m_s2[:peak] < onset_m_s2)
    if braking_m_s2[peak] < onset_m_s2 or not len(calm):
        return None
    return _at(fixes, float(t[calm[-1]]), math.hypot(_HALF_S / math.sqrt(3.0), _step_s(fixes)))


def _landing(fixes: Fixes, after: int) -> Moment | None:
    """The start of the first ten seconds of rest, all of which were recorded."""
    t = fixes.utc_s[after:]
    still = np.linalg.norm(fixes.velocity_enu_m_s[after:], axis=1) < REST_M_S
    last = np.searchsorted(t, t + REST_S, side="right")
    index = np.arange(len(t))
    total = np.concatenate([[0], np.cumsum(still)])
    many = last - index
    ends = t[np.minimum(last - 1, len(t) - 1)]
    step_s = _step_s(fixes)
    full = (ends - t > REST_S - max(1.0, 2.0 * step_s)) & (many > 0.5 * REST_S / step_s)
    rests = np.flatnonzero(full & (total[last] - total[index] >= REST_SHARE * many))
    return _at(fixes, float(t[rests[0]]), REST_S / 2.0) if len(rests) else None


def _at(fixes: Fixes, utc_s: float, sigma_s: float) -> Moment:
    height_m = float(np.interp(utc_s, fixes.utc_s, fixes.altitude_msl_m))
    return Moment(utc_s=utc_s, sigma_s=float(sigma_s), altitude_msl_m=height_m)
