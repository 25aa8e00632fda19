"""Clean: fixes that cannot be true are dropped, velocities that were not measured are derived; all counted and told.

Nothing is filled in: a hole stays a hole, and whoever reads the fixes sees it in their times.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from onetake.axes import LocalAxes
from onetake.logbook.log import Array, Finding, Fixes, Flags, Index, Log
from onetake.logbook.text import count

POOR_M = 50.0  # a receiver that doubts its position by this has just woken up: heights were seen 27 km off
POOR_M_S = 10.0
HEIGHT_M = (-500.0, 60_000.0)  # the Dead Sea, with room, to above any jump
SPEED_M_S = 500.0  # 377 m/s is the fastest anybody fell (Baumgartner, 2012)
GAP = 5.0  # a step this many times the usual one is a hole
_YEARS_S = (631152000.0, 4102444800.0)  # 1990 to 2100
_DAY_S = 86400.0
_JUMP_M, _JUMP_SIGMAS = 10.0, 5.0
_WINDOW = 21  # fixes about one in which heights must agree with it
_SLOPE_S = 0.75  # half the time over which a climb is read from heights
_MIN_FIXES = 3
_REACH, _CHUNK = 25, 32768  # samples on each side of a slope; samples at a time, to bound memory


def clean(log: Log) -> Log:
    """The log without the fixes that cannot be true, in order of time, with what was done in `findings`."""
    fixes, findings = log.fixes, list(log.findings)
    kept: Flags | Index
    for test in (_half_read, _impossible, _poor, _another_day, _order, _height_jumps):
        if len(fixes):
            kept, told = test(fixes)
            fixes, findings = fixes.keep(kept), [*findings, *told]
    if len(fixes) >= _MIN_FIXES:
        fixes, told = _velocity(fixes)
        findings += told + _gaps(fixes)
    dropped = log.dropped + len(log.fixes) - len(fixes)
    return replace(log, fixes=fixes, dropped=dropped, findings=tuple(findings))


def gaps_of(time_s: Array) -> Flags:
    """Which steps between samples, (n - 1,), are holes."""
    step_s = np.diff(time_s)
    return step_s > GAP * np.median(step_s) if len(step_s) else np.zeros(0, bool)


def _half_read(fixes: Fixes) -> tuple[Flags, list[Finding]]:
    """Fixes without a velocity among others that have one."""
    there = np.isfinite(fixes.velocity_enu_m_s)
    good: Flags = (there | (there.mean(axis=0) < 0.5)).all(axis=1)
    return good, _told("unreadable-row", ~good, "without a whole velocity")


def _impossible(fixes: Fixes) -> tuple[Flags, list[Finding]]:
    speed_m_s = np.linalg.norm(np.nan_to_num(fixes.velocity_enu_m_s), axis=1)
    good: Flags = (np.abs(fixes.lat_deg) <= 90) & (np.abs(fixes.lon_deg) <= 180) & (speed_m_s < SPEED_M_S)
    good &= (fixes.lat_deg != 0) | (fixes.lon_deg != 0)
    good &= (fixes.altitude_msl_m > HEIGHT_M[0]) & (fixes.altitude_msl_m < HEIGHT_M[1])
    good &= (fixes.utc_s > _YEARS_S[0]) & (fixes.utc_s < _YEARS_S[1])
    return good, _told("impossible-value", ~good, "with a place, height, speed or date that nobody was at")


def _poor(fixes: Fixes) -> tuple[Flags, list[Finding]]:
    """Fixes that the receiver itself does not trust; those before its first good one are its cold start."""
    poor = (np.nan_to_num(fixes.sigma_horizontal_m) > POOR_M) | (np.nan_to_num(fixes.sigma_up_m) > POOR_M)
    poor |= np.nan_to_num(fixes.sigma_velocity_m_s) > POOR_M_S
    if poor.all():
        return ~poor, _told("poor-fix", poor, "that the receiver itself does not trust (over 50 m or 10 m/s)")
    early = np.arange(len(poor)) < int(np.argmin(poor))
    return ~poor, [
        *_told(
            "cold-start",
            poor & early,
            "before the receiver had settled (over 50 m or 10 m/s by its own word)",
        ),
        *_told("poor-fix", poor & ~early, "that the receiver itself does not trust (over 50 m or 10 m/s)"),
    ]


def _another_day(fixes: Fixes) -> tuple[Flags, list[Finding]]:
    good = np.abs(fixes.utc_s - np.median(fixes.utc_s)) < _DAY_S
    return good, _told("another-day", ~good, "more than a day from the rest")


def _order(fixes: Fixes) -> tuple[Index, list[Finding]]:
    """Indices in order of time, each time once."""
    order = np.argsort(fixes.utc_s, kind="stable")
    findings = []
    if moved := int(np.count_nonzero(np.diff(fixes.utc_s) < 0)):
        findings.append(
            Finding("time-backwards", f"time runs backwards {count(moved, 'time')}: fixes sorted")
        )
    again = np.diff(fixes.utc_s[order], prepend=-np.inf) <= 0
    return order[~again], findings + _told("repeated-time", again, "at a time already given")


def _height_jumps(fixes: Fixes) -> tuple[Flags, list[Finding]]:
    """Heights that leave the line of their neighbours, once the measured descent is taken off, and come back."""
    if len(fixes) < _WINDOW or not np.isfinite(fixes.descent_m_s).all():
        return np.ones(len(fixes), bool), []
    step_s = np.diff(fixes.utc_s, prepend=fixes.utc_s[0])
    middle = np.convolve(fixes.descent_m_s, [0.5, 0.5])[: len(fixes)]
    fallen = np.cumsum(np.where(step_s < 2.0, middle * step_s, 0.0))
    level = fixes.altitude_msl_m + fallen
    half = _WINDOW // 2
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(level, half, mode="edge"), _WINDOW)
    off_m = np.abs(level - np.median(windows, axis=1))
    good = off_m < np.maximum(_JUMP_M, _JUMP_SIGMAS * np.nan_to_num(fixes.sigma_up_m))
    return good, _told("height-jump", ~good, "whose height leaves that of its neighbours and comes back")


def _velocity(fixes: Fixes) -> tuple[Fixes, list[Finding]]:
    """Velocities from positions, where a device does not measure them or writes a placeholder."""
    findings = []
    velocity = fixes.velocity_enu_m_s
    measured: Flags = np.asarray(np.isfinite(velocity).all(axis=0))
    if measured[2] and _placeholder(fixes):
        measured[2] = False
        text = (
            "the descent written in the file is not how its heights change: derived from the heights instead"
        )
        findings.append(Finding("placeholder-velocity", text))
    elif not measured.all():
        what = "velocity" if not measured.any() else "vertical velocity"
        findings.append(Finding("derived-velocity", f"{what} was not measured: derived from positions"))
    if measured.all():
        return fixes, findings
    axes = LocalAxes(float(fixes.lat_deg[0]), float(fixes.lon_deg[0]), 0.0)
    place_m = axes.enu_from_wgs84(fixes.lat_deg, fixes.lon_deg, fixes.altitude_msl_m)
    place_m[:, 2] = fixes.altitude_msl_m
    columns = [
        velocity[:, i] if measured[i] else slope(fixes.utc_s, place_m[:, i], _SLOPE_S) for i in range(3)
    ]
    return replace(fixes, velocity_enu_m_s=np.stack(columns, axis=-1)), findings


def _placeholder(fixes: Fixes) -> bool:
    """The heights fall by far more than the descent accounts for."""
    step_s = np.diff(fixes.utc_s)
    whole = step_s < 2.0
    fallen = -np.diff(fixes.altitude_msl_m)[whole]
    told = (fixes.descent_m_s[1:] * step_s)[whole]
    down = fallen > 0
    return bool(np.sum(fallen[down]) > 500 and np.sum(told[down]) < 0.2 * np.sum(fallen[down]))


def slope(time_s: Array, value: Array, half_s: float) -> Array:
    """Slope of a straight line through the samples within ± half_s of each one (its neighbours at least), (n,)."""
    reach = int(np.clip(round(half_s / float(np.median(np.diff(time_s)))), 1, _REACH))
    width = 2 * reach + 1
    x, y = (np.pad(part, reach, constant_values=np.nan) for part in (time_s, value))
    near = np.abs(np.arange(width) - reach) <= 1
    rise = np.empty(len(time_s))
    for start in range(0, len(time_s), _CHUNK):
        some = slice(start, start + _CHUNK + width - 1)
        dx, dy = (
            np.lib.stride_tricks.sliding_window_view(part[some], width) - middle[start : start + _CHUNK, None]
            for part, middle in ((x, time_s), (y, value))
        )
        used = (near | (np.abs(dx) <= half_s)) & np.isfinite(dx)
        dx, dy = np.where(used, dx, 0.0), np.where(used, dy, 0.0)
        many = used.sum(axis=1)
        spread = (dx * dx).sum(axis=1) - dx.sum(axis=1) ** 2 / many
        rise[start : start + _CHUNK] = (
            (dx * dy).sum(axis=1) - dx.sum(axis=1) * dy.sum(axis=1) / many
        ) / spread
    return rise


def _gaps(fixes: Fixes) -> list[Finding]:
    holes = gaps_of(fixes.utc_s)
    if not holes.any():
        return []
    longest_s = float(np.diff(fixes.utc_s)[holes].max())
    return [Finding("gap", f"{count(int(holes.sum()), 'gap')}, the longest {longest_s:.1f} s")]


def _told(slug: str, bad: Flags, why: str) -> list[Finding]:
    if not bad.any():
        return []
    return [Finding(slug, f"{count(int(bad.sum()), 'fix', 'fixes')} {why}: left out")]
