"""How steadily people fly in the real logs, read once: for the tests and for docs/motor-noise.md."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from onetake.api.stage import set_stage
from onetake.clock import Clock
from onetake.fly.scenario import Scenario
from onetake.logbook.clean import clean
from onetake.logbook.events import Jump, jump_of
from onetake.logbook.file import read_logs
from onetake.logbook.inertial import inertial_trace
from onetake.logbook.traces import axes_at, trace_of, utc_at
from onetake.rehearse.motor import (
    Response,
    Role,
    Unsteadiness,
    by_window,
    hidden_unsteadiness,
    level_unsteadiness,
    response_of,
    vertical_unsteadiness,
)
from onetake.rehearse.steadiness import Spectrum, spectrum_of
from onetake.trace import Trace

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
# Whose velocities tell accelerations, by his README and his own speeds. Not Dekunu's (steps); of the Tempo logs the
# inertial unit, as their receivers have holes of a second.
DOPPLER = {"misc/fs1_freefall_a.CSV.gz": "belly"} | {
    f"sameload_A/jumper_{n}.CSV.gz": "tracking contest" for n in ("02", "04", "05", "08_full", "09")
}
INERTIAL = {f"formation_tempo_1/jumper_{n}.txt.gz": "belly, 11-way" for n in (1, 2, 3)} | {
    "misc/tempo_sample_flight.txt.gz": "belly"
}
KINDS = DOPPLER | INERTIAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Flown:
    """How steadily one log's jumper flew: the spectrum from 14 s after exit until 1 s before the opening begins.

    role: whom of the simulated two he is compared with.
    whole_level, whole_vertical: the motor noise that would explain it; windows: of each 15 s; hidden: what a white noise
    of the receiver alone could be taken for.
    """

    file: str
    kind: str
    source: str
    role: Role
    spectrum: Spectrum
    whole_level: Unsteadiness
    whole_vertical: Unsteadiness
    windows: np.ndarray
    hidden: float


@cache
def _scenario() -> Scenario:
    return set_stage(EXAMPLES / "two-way" / "shot.toml").prepared.scenario


@cache
def response(role: Role = "operator") -> Response:
    """What motor noise does to one of the two of the two-way example."""
    return response_of(_scenario(), role)


def _traces(path: Path) -> tuple[Jump, Trace, Trace | None]:
    log = clean(read_logs(path)[0])
    jump = jump_of(log.fixes)
    assert jump.exit is not None
    clock = Clock(utc_at(jump.exit.utc_s))
    return jump, trace_of(log, path.stem, axes_at(log.fixes), clock), inertial_trace(log, path.stem, clock)


def _span(jump: Jump) -> tuple[float, float]:
    """From 14 s after exit until 1 s before the opening begins."""
    assert jump.exit is not None
    assert jump.opening is not None
    return 14.0, jump.opening.utc_s - jump.exit.utc_s - 1.0


def doppler_spectrum(path: Path) -> Spectrum:
    """The spectrum by the receiver, also where an inertial unit is the better instrument."""
    jump, doppler, _ = _traces(path)
    return spectrum_of(doppler, *_span(jump))


def flown(folder: Path, file: str) -> Flown:
    """Spectrum and unsteadiness of one log."""
    jump, doppler, inertial = _traces(folder / file)
    trace, span = inertial if file in INERTIAL else doppler, _span(jump)
    assert trace is not None
    spectrum = spectrum_of(trace, *span)
    role: Role = "subject" if "11-way" in KINDS[file] else "operator"
    return Flown(
        file=file,
        kind=KINDS[file],
        source="inertial unit" if file in INERTIAL else "Doppler",
        role=role,
        spectrum=spectrum,
        whole_level=level_unsteadiness(spectrum, response(role)),
        whole_vertical=vertical_unsteadiness(spectrum, response(role)),
        windows=by_window(trace, *span, response(role)),
        hidden=hidden_unsteadiness(spectrum, response(role)),
    )


@cache
def lying_on_the_ground(folder: Path) -> Unsteadiness:
    """What a FlySight's errors are taken for while it warms up on the ground: nobody moves, the sky is less open."""
    log = clean(read_logs(folder / "odd" / "fs1_warmup_ground.CSV.gz")[0])
    trace = trace_of(log, "warm-up", axes_at(log.fixes), Clock(utc_at(float(log.fixes.utc_s[0]))))
    seen = spectrum_of(trace, 300.0, 800.0)
    return level_unsteadiness(replace(seen, floor=np.zeros(2)), response())


@cache
def all_flown(folder: Path) -> tuple[Flown, ...]:
    """Everybody whose log tells accelerations."""
    return tuple(flown(folder, file) for file in KINDS)
