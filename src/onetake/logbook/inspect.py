"""What a log holds, and what is wrong with it, in plain values; the keys are those of `inspect --json`."""

from __future__ import annotations

import os
from dataclasses import asdict

import numpy as np

from onetake.logbook.align import fit_clock
from onetake.logbook.breakoff import break_off_of
from onetake.logbook.carried import tried
from onetake.logbook.clean import clean
from onetake.logbook.events import Jump, Moment, jump_of
from onetake.logbook.file import listing, pick, read_logs
from onetake.logbook.log import Finding, Fixes, Log
from onetake.logbook.speed import best_3s_descent_m_s, ground_below_msl_m
from onetake.logbook.text import count
from onetake.logbook.traces import utc_at

Plain = dict[str, object]


def inspect_log(
    path: str | os.PathLike[str], *, ground_msl_m: float | None = None, recording: str | None = None
) -> Plain:
    """One recording of a file. Where it holds several and none is named, the one with most fixes, and that is told.

    Raises ReadError for what is no log, ChoiceError for a recording that is not there.
    """
    logs = read_logs(path)
    log = max(logs, key=lambda one: len(one.fixes)) if recording is None else pick(logs, recording)
    if recording is None and len(logs) > 1:
        names = listing([one.name for one in logs])
        text = f"the file holds {len(logs)} recordings ({names}); told is {log.name!r}, --recording names another"
        log = log.found(Finding("several-recordings", text))
    log = clean(log)
    jump = jump_of(log.fixes)
    instrument, proof, left = tried(log, jump)
    motion = {"instrument": instrument, "imu": None if proof is None else asdict(proof)}
    return {**_told(log, (*jump.findings, *left), jump, ground_msl_m), "motion": motion}


def told_of(recorded: Log, ground_msl_m: float | None = None) -> Plain:
    """What one recording holds, from the recording as read; the ground is where somebody came to rest unless given.

    What its inertial unit is worth is not in it: only `inspect_log` tries that.
    """
    log = clean(recorded)
    jump = jump_of(log.fixes)
    return _told(log, jump.findings, jump, ground_msl_m)


def _told(log: Log, findings: tuple[Finding, ...], jump: Jump, ground_msl_m: float | None) -> Plain:
    ground_m = ground_below_msl_m(log.fixes, jump) if ground_msl_m is None else ground_msl_m
    return {
        "kind": "log",
        "format": log.format,
        "rows": log.rows,
        "dropped": log.dropped,
        "rate_hz": _rate_hz(log),
        "problems": [
            {"slug": one.slug, "text": one.text} for one in (*log.findings, *_clock_told(log), *findings)
        ],
        **_events(jump),
        "best_3s_descent_m_s": best_3s_descent_m_s(log.fixes, jump, ground_m),
        "ground_msl_m": ground_m,
        "break_off": _moment(break_off_of(log.fixes, jump)),
        "recording": log.name or None,
        "device": log.device or None,
        "session": log.session or None,
        **_span(log.fixes),
        "clock": _clock(log),
        "sensors": [
            {"name": name, "rows": len(sensor.device_s), "columns": list(sensor.columns)}
            for name, sensor in log.sensors.items()
        ],
    }


def _events(jump: Jump) -> Plain:
    return {
        "exit": _moment(jump.exit),
        "opening": _moment(jump.opening),
        "end_of_freefall": _moment(jump.end_of_freefall),
        "landing": _moment(jump.landing),
        "freefall_s": jump.freefall_s,
        "max_descent_m_s": jump.max_descent_m_s,
    }


def _moment(moment: Moment | None) -> Plain | None:
    if moment is None:
        return None
    return {
        "utc": utc_at(moment.utc_s),
        "altitude_msl_m": moment.altitude_msl_m,
        "sigma_s": moment.sigma_s,
    }


def _rate_hz(log: Log) -> float | None:
    """Of the fixes; of a file without any, of its fastest sensor."""
    times = [log.fixes.utc_s] if len(log.fixes) else [sensor.device_s for sensor in log.sensors.values()]
    steps = [float(np.median(np.diff(time_s))) for time_s in times if len(time_s) > 1]
    return 1.0 / min(steps) if steps and min(steps) > 0 else None


def _span(fixes: Fixes) -> Plain:
    if not len(fixes):
        return {"from_utc": None, "to_utc": None}
    return {"from_utc": utc_at(float(fixes.utc_s[0])), "to_utc": utc_at(float(fixes.utc_s[-1]))}


def _clock(log: Log) -> Plain | None:
    fit = fit_clock(log.clock_pairs)
    if fit is None:
        return None
    return {
        "offset_s": fit.offset_s,
        "offset_sigma_s": fit.offset_sigma_s,
        "drift": fit.drift,
        "drift_sigma": fit.drift_sigma,
        "at_device_s": fit.middle_s,
        "rows": fit.used,
        "rejected": fit.rejected,
    }


def _clock_told(log: Log) -> list[Finding]:
    """What is wrong with the clock of the sensors."""
    if not log.sensors:
        return []
    fit = fit_clock(log.clock_pairs)
    if fit is None:
        return [Finding("no-clock", "nothing, or nothing that agrees, puts the sensors' clock on UTC")]
    if fit.rejected:
        return [
            Finding(
                "clock-outlier", f"{count(fit.rejected, 'row')} of the clock off the others' line: left out"
            )
        ]
    return []
