"""`calibrate_person`: one person's drag area over mass, read off freefall logs."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path

from onetake.api.record import Record, record
from onetake.clock import Clock
from onetake.errors import ReadError
from onetake.logbook.clean import clean
from onetake.logbook.events import jump_of
from onetake.logbook.file import pick, read_logs
from onetake.logbook.log import Finding
from onetake.logbook.traces import axes_at, trace_of, utc_at
from onetake.rehearse.calibrate import (
    SOUNDED_AIR_SHARE,
    STANDARD_AIR_SHARE,
    Fit,
    Phase,
    fit,
    glides,
    phases,
    slide_share,
    steady,
    together,
)
from onetake.rehearse.fall import Density, fall_of
from onetake.trace import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class LogCalibration:
    """What one log says. fit is None where it has no steady fall; problems name why."""

    file: str
    fit: Fit | None = None
    phases: tuple[Phase, ...] = ()
    air_share: float = STANDARD_AIR_SHARE
    slide_share: float = 0.0
    problems: tuple[Finding, ...] = ()

    @property
    def steady_s(self) -> float:
        """How long its steady fall is."""
        return 0.0 if self.fit is None else self.fit.predicted_s[1] - self.fit.fitted_s[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """One person's drag area over mass, m2/kg, with its 95 % interval; None where no log has a steady fall.

    phases, fitted_s and predicted_s are of the log with the longest steady fall (of the first, where none has one);
    predicted_rms_m_s is over the predicted halves of all logs.
    """

    person: str | None
    cda_per_m_m2_kg: float | None
    ci95: tuple[float, float] | None
    phases: tuple[Phase, ...]
    fitted_s: tuple[float, float] | None
    predicted_s: tuple[float, float] | None
    predicted_rms_m_s: float | None
    problems: tuple[Finding, ...]
    logs: tuple[LogCalibration, ...] = ()


def calibrate_person(
    *logs: str | os.PathLike[str],
    person: str | None = None,
    weather: str | os.PathLike[str] | None = None,
    recording: str | None = None,
) -> Calibration:
    """Read one person's logs and fit CdA/m on the first half of each steady fall, predicting the second.

    weather: a sounding of the day for the density of the air; without one it is the standard atmosphere's, whose error
    the intervals carry. recording: which recording, of a file that holds several. A log that cannot be read does not stop
    the others; raises ReadError when none can be, ChoiceError for a recording that must be named.
    """
    if not logs:
        raise ReadError("no log was given; name at least one file")
    density, air_share = _air(weather)
    found = []
    for path in logs:
        try:
            found.append(_one(Path(path), recording, density, air_share))
        except ReadError as error:
            if len(logs) == 1:
                raise
            found.append(LogCalibration(file=str(path), problems=(Finding("unreadable-file", str(error)),)))
    if all(one.problems and one.problems[0].slug == "unreadable-file" for one in found):
        raise ReadError("\n".join(one.problems[0].text for one in found))
    return _person(person, tuple(found))


def _air(weather: str | os.PathLike[str] | None) -> tuple[Density, float]:
    """Density by altitude above mean sea level, and its error as a share."""
    from onetake.weather.atmosphere import density_kg_m3, isa

    if weather is None:
        return lambda altitude_msl_m: isa(altitude_msl_m).density_kg_m3, STANDARD_AIR_SHARE
    from onetake.weather.file import read_column

    column = read_column(weather)

    def sounded(altitude_msl_m: Array) -> Array:
        pressure_pa, temperature_k, _ = column.pressure_and_temperature(altitude_msl_m)
        return density_kg_m3(pressure_pa, temperature_k)

    return sounded, SOUNDED_AIR_SHARE


def _one(path: Path, recording: str | None, density: Density, air_share: float) -> LogCalibration:
    log = clean(pick(read_logs(path), recording))
    jump = jump_of(log.fixes)
    told = [*log.findings, *jump.findings]
    ended = jump.opening or jump.end_of_freefall
    if jump.exit is None or ended is None:
        return LogCalibration(file=str(path), air_share=air_share, problems=tuple(told))
    trace = trace_of(log, path.stem, axes_at(log.fixes), Clock(utc_at(jump.exit.utc_s)))
    fall = fall_of(trace, density, exit_s=0.0, until_s=ended.utc_s - jump.exit.utc_s)
    stretch_s = steady(fall)
    if stretch_s is None:
        text = "no 20 s, from 12 s after exit, in which the descent stays within 10 %: nothing was fitted"
        told.append(Finding("posture_changes", text))
        return LogCalibration(
            file=str(path), phases=phases(fall, air_share), air_share=air_share, problems=tuple(told)
        )
    whole = fall.between(*stretch_s)
    if glides(whole):
        text = "moves over ground faster than wind explains: carried in part by lift, so this is no belly drag area"
        told.append(Finding("glide", text))
    return LogCalibration(
        file=str(path),
        fit=fit(fall, stretch_s, density),
        phases=phases(fall, air_share),
        air_share=air_share,
        slide_share=slide_share(whole),
        problems=tuple(told),
    )


def _person(person: str | None, found: tuple[LogCalibration, ...]) -> Calibration:
    fits = [one.fit for one in found if one.fit is not None]
    area = ci95 = rms_m_s = None
    if fits:
        common = max(math.hypot(one.air_share, one.slide_share) for one in found if one.fit is not None)
        area, ci95 = together(fits, common)
        rms_m_s = math.sqrt(sum(one.predicted_rms_m_s**2 for one in fits) / len(fits))
    told = max(found, key=lambda one: (one.steady_s, bool(one.phases)))
    return Calibration(
        person=person,
        cda_per_m_m2_kg=area,
        ci95=ci95,
        phases=told.phases,
        fitted_s=told.fit.fitted_s if told.fit else None,
        predicted_s=told.fit.predicted_s if told.fit else None,
        predicted_rms_m_s=rms_m_s,
        problems=tuple(
            Finding(
                finding.slug, f"{Path(one.file).name}: {finding.text}" if len(found) > 1 else finding.text
            )
            for one in found
            for finding in one.problems
        ),
        logs=found,
    )


def calibration_record(found: Calibration) -> Record:
    """The JSON object `onetake.calibrate/1`."""
    return record(
        "onetake.calibrate/1",
        person=found.person,
        cda_per_m_m2_kg=found.cda_per_m_m2_kg,
        ci95=found.ci95,
        phases=[_phase(one) for one in found.phases],
        fitted_s=found.fitted_s,
        predicted_s=found.predicted_s,
        predicted_rms_m_s=found.predicted_rms_m_s,
        problems=[{"slug": one.slug, "text": one.text} for one in found.problems],
        logs=[_log(one) for one in found.logs],
    )


def _phase(one: Phase) -> Record:
    return {
        "from_s": one.from_s,
        "to_s": one.to_s,
        "cda_per_m_m2_kg": one.cda_per_m_m2_kg,
        "ci95": list(one.ci95),
    }


def _log(one: LogCalibration) -> Record:
    known = one.fit
    return {
        "file": one.file,
        "cda_per_m_m2_kg": known.cda_per_m_m2_kg if known else None,
        "fitted_s": known.fitted_s if known else None,
        "predicted_s": known.predicted_s if known else None,
        "predicted_rms_m_s": known.predicted_rms_m_s if known else None,
        "problems": [finding.slug for finding in one.problems],
    }
