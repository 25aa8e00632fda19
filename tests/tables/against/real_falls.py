"""Real falls: the drag area fitted to the first half of each steady fall, flown by the kernel through the second."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from against.draw import Figure, panels
from against.flown import FLAT, Array, ball, common, fly, over, standard_air
from against.row import Row, near, reported
from onetake import calibrate_person
from onetake.api.calibrate import Calibration, LogCalibration
from onetake.clock import Clock
from onetake.errors import OnetakeError
from onetake.logbook.clean import clean
from onetake.logbook.events import jump_of
from onetake.logbook.file import pick, read_logs
from onetake.logbook.traces import axes_at, trace_of, utc_at
from onetake.rehearse.calibrate import Fit
from onetake.rehearse.fall import fall_of
from onetake.weather.atmosphere import isa

ORDER = 13
TITLE = "Real jumps"
TEXT = """
Every log with a freefall in it. Fitted: one CdA/m to the first half of each log's longest steady fall, in standard air and
with the wind taken out. Predicted: the descent of the second half, flown by the kernel from the descent that the fit ends with. Logs whose jumper tracks or wears wings are carried in part by lift; their number is a drag area of the descent.
Tracking contests, speed dives and records without 20 s of one posture are not fitted, and the calibration says so. How
steadily people fly, and how well two of them hold three feet, are on pages of their own: [motor noise](motor-noise.md),
[crews](crews.md).
"""

FOLDERS = ("sameload_A", "misc", "formation_tempo_1", "speed", "speed/fs2_10hz")


class RealFall(NamedTuple):
    """One log's second half: seconds after exit, descent measured and flown, m/s; what was fitted; whether it glides."""

    name: str
    time_s: Array
    measured_m_s: Array
    flown_m_s: Array
    fit: Fit
    glides: bool

    @property
    def rms_m_s(self) -> float:
        """Root mean square error of the predicted descent."""
        return float(np.sqrt(np.mean((self.flown_m_s - self.measured_m_s) ** 2)))


def flown_m_s(path: Path, fit: Fit) -> Array:
    """The kernel's descent at the times of the predicted half."""
    log = clean(pick(read_logs(path), None))
    jump = jump_of(log.fixes)
    assert jump.exit is not None
    trace = trace_of(log, path.stem, axes_at(log.fixes), Clock(utc_at(jump.exit.utc_s)))
    fall = fall_of(
        trace, lambda altitude_m: isa(altitude_m).density_kg_m3, exit_s=0.0, until_s=fit.time_s[-1] + 1.0
    )
    height_m = float(np.interp(fit.time_s[0], fall.time_s, fall.altitude_msl_m))
    scenario = common(over(standard_air(height_m + 500.0), height_m=height_m), **FLAT, pair=0.0, steered=0.0)
    one_m2_kg = ball(scenario, 100.0, 100.0)
    since = fit.time_s - fit.time_s[0]
    flown = fly(one_m2_kg, since[-1] + 1.0, A_cda=fit.cda_per_m_m2_kg, A_v0z=-fit.predicted_m_s[0])
    descent = -flown.velocity_enu_m_s[:, 0, 2]
    descent[0] = fit.predicted_m_s[0]  # the first record is taken before the exit
    return np.interp(since, flown.time_s, descent)


@cache
def calibrated(path: Path) -> Calibration:
    """What the calibration makes of one log."""
    return calibrate_person(path)


@cache
def found(data: Path) -> tuple[tuple[RealFall, ...], int]:
    """Every log with a steady fall; and how many have a fall that is not steady, or none that can be read."""
    falls, others = [], 0
    for folder in FOLDERS:
        for path in sorted((data / "logs" / folder).iterdir()):
            if path.is_dir() or not path.name.lower().removesuffix(".gz").endswith((".csv", ".txt")):
                continue
            try:
                told = calibrated(path).logs[0]
            except OnetakeError:
                told = LogCalibration(file=str(path))
            if told.fit is None:
                others += 1
                continue
            glides = any(problem.slug == "glide" for problem in told.problems)
            name = f"{folder.split('/')[0]}/{path.name.split('.')[0]}"
            flown = flown_m_s(path, told.fit)
            falls.append(RealFall(name, told.fit.time_s, told.fit.measured_m_s, flown, told.fit, glides))
    return tuple(falls), others


def rows(data: Path) -> Iterator[Row]:
    """Every comparison of this part."""
    falls, others = found(data)
    assert len(falls) >= 9
    median = float(np.median([fall.rms_m_s for fall in falls]))
    yield near(
        "Descent in the predicted half, root mean square error, median over the logs, m/s", "their GNSS receivers",
        median, 0.0, limit=1.5, unit="m/s", note=f"{len(falls)} logs; {others} more have no steady fall",
    )  # fmt: skip
    yield near(
        "The same descents by the kernel, against the calibration's own integration, m/s", "Runge-Kutta, steps of 0.1 s",
        np.concatenate([fall.flown_m_s for fall in falls]), np.concatenate([fall.fit.predicted_m_s for fall in falls]),
        limit=0.05, unit="m/s", kind="computed",
    )  # fmt: skip
    for fall in falls:
        what = ", glides" if fall.glides else ""
        yield reported(
            f"{fall.name}, root mean square error, m/s", "its GNSS receiver",
            f"CdA/m {fall.fit.cda_per_m_m2_kg:.5f} m²/kg{what}, over {fall.time_s[-1] - fall.time_s[0]:.0f} s",
            fall.rms_m_s, unit="m/s",
        )  # fmt: skip


def figures(data: Path) -> Iterator[Figure]:
    """Predicted against measured."""
    falls, _ = found(data)
    page = panels(
        "real_falls", "Real logs: the descent predicted for the second half of each steady fall.", 3
    )
    # the formation's logs carry no licence: their numbers may be told, their traces not shown
    chosen = sorted((fall for fall in falls if "formation" not in fall.name), key=lambda fall: fall.rms_m_s)
    for panel, fall, word in (
        (0, chosen[0], "best"),
        (1, chosen[len(chosen) // 2], "median"),
        (2, chosen[-1], "worst"),
    ):
        page.line(panel, fall.time_s, fall.measured_m_s, "faint", "measured")
        page.line(panel, fall.time_s, fall.flown_m_s, "ours", "predicted by the kernel")
        middle = float(np.mean(fall.measured_m_s))
        page.axes(
            panel, "seconds after the exit", "descent, m/s", y=(math.floor(middle - 12), math.ceil(middle + 12)),
            title=f"{word}: {fall.name.split('/')[1]}, {fall.rms_m_s:.1f} m/s",
        )  # fmt: skip
    yield page
