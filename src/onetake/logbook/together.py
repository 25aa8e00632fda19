"""Together: the logs of the people of one jump as one `Take` on one clock, with what could not be known said.

Times are seconds since the first exit, heights those above the ground. A device whose times are only roughly UTC is put
on another's clock by the motion they shared, as far as that tells; what is left stands in the take's errors.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from onetake.axes import LocalAxes
from onetake.clock import Clock
from onetake.errors import ChoiceError, InputError, ReadError
from onetake.logbook.between import Offset, offset_between
from onetake.logbook.breakoff import break_off_of
from onetake.logbook.carried import Proof, carried
from onetake.logbook.clean import clean
from onetake.logbook.events import Jump, Moment, jump_of
from onetake.logbook.file import pick, read_logs
from onetake.logbook.log import Finding, Fixes, Log
from onetake.logbook.speed import ground_below_msl_m
from onetake.logbook.traces import trace_of, unlike, utc_at
from onetake.slate import Slate
from onetake.take import Event, Take

BEFORE_S, AFTER_S = 60.0, 10.0  # kept before the first exit and after the last landing
NEAR_M = 30_000.0  # further from the shot's drop zone, a jump was made somewhere else
# a receiver's UTC that is off by more than both of these is not UTC, if the motions plainly do not agree on it
WRONG_S, WRONG_SIGMAS, WRONG_SHARE = 1.0, 5.0, 4.0
GNSS_S = 0.01  # a receiver's own time of a fix, as its files round it


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One person's recording, cleaned, and its jump; how far its clock was moved is in the log's times already."""

    name: str
    log: Log
    jump: Jump


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """What is known of the clocks of two people's devices against each other; offset is None where nothing tells.

    sigma_s is the error that is left between the two after what was done about it.
    """

    names: tuple[str, str]
    offset: Offset | None
    sigma_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """The take of some logs, and what was found on the way. elsewhere: not at the shot's drop zone.

    proofs: of each part, how well its inertial unit foretold the motion; None where the receiver alone tells it.
    """

    take: Take
    parts: tuple[Part, ...]
    clocks: tuple[Clocks, ...]
    findings: tuple[Finding, ...]
    proofs: tuple[Proof | None, ...]
    elsewhere: bool = False

    def found(self, *findings: Finding) -> Together:
        """The same, with more found."""
        return replace(self, findings=(*findings, *self.findings))


def read_part(name: str, path: str | os.PathLike[str]) -> Part:
    """One person's log, read and cleaned; `FILE#2` or `FILE#name` is one recording of a file that holds several.

    Raises ReadError, naming file and person, for one without a jump, and ChoiceError where a recording must be named.
    """
    file, mark, recording = os.fspath(path).rpartition("#")
    if not mark or os.path.exists(path):
        file, recording = os.fspath(path), ""
    try:
        log = clean(pick(read_logs(file), recording or None))
    except ChoiceError as error:
        text = f"{file}: the log of {name!r}: {error}; write it behind the file, such as {file}#1"
        raise ChoiceError(text) from error
    if not len(log.fixes):
        raise ReadError(f"{path}: the log of {name!r} has no position that could be used")
    jump = jump_of(log.fixes)
    if jump.exit is None and jump.end_of_freefall is None:
        told = "; ".join(finding.text for finding in jump.findings)
        raise ReadError(f"{path}: the log of {name!r} shows no jump: {told}")
    return Part(name=name, log=log, jump=jump)


def put_together(
    parts: tuple[Part, ...], *, slate: Slate, drop_zone: LocalAxes, elevation_m: float
) -> Together:
    """One take of the recordings of two or more people; the first carries the camera, the second is filmed.

    Heights count from the drop zone's elevation, or, where the jump was made elsewhere, from where they landed. Raises
    InputError where two recordings have no time in common, are the same, or tell no exit.
    """
    _comparable(parts)
    parts, clocks, findings = _on_one_clock(parts)
    exits_s = [part.jump.exit.utc_s for part in parts if part.jump.exit is not None]
    if not exits_s:
        raise InputError("none of the logs tells an exit, so nothing says when the take begins")
    clock = Clock(utc_at(min(exits_s)))
    axes, ground_m, elsewhere = _place(parts, drop_zone, elevation_m)
    if elsewhere:
        text = "the jump was made away from the shot's drop zone: heights are above where they landed, the light is unknown"
        findings.append(Finding("elsewhere", text))
    traces, proofs = [], []
    for part in parts:
        log = _cut(part, parts, min(exits_s))
        others = [one.name for one in parts if unlike(one.log.fixes, part.log.fixes)]
        if others:
            text = f"{part.name}: the receiver uses other satellites than that of {' and '.join(others)}: their errors have less in common"
            findings.append(Finding("other-satellites", text))
        alone = trace_of(log, part.name, axes, clock, ground_msl_m=ground_m, unlike=bool(others))
        trace, proof, told = carried(log, part.jump, alone, axes, clock, ground_msl_m=ground_m)
        traces.append(trace)
        proofs.append(proof)
        findings += [Finding(one.slug, f"{part.name}: {one.text}") for one in told]
    events = sorted(
        (event for part in parts for event in _events(part, min(exits_s))), key=lambda event: event.time_s
    )
    for part in parts:
        told = (*part.log.findings, *part.jump.findings)
        findings += [Finding(one.slug, f"{part.name}: {one.text}") for one in told]
    take = Take(slate=slate, bodies=tuple(traces), events=tuple(events), clock=clock, ending="logged")
    return Together(
        take=take,
        parts=parts,
        clocks=clocks,
        findings=tuple(findings),
        proofs=tuple(proofs),
        elsewhere=elsewhere,
    )


def _comparable(parts: tuple[Part, ...]) -> None:
    for a, b in combinations(parts, 2):
        first, second = a.log.fixes, b.log.fixes
        if first.utc_s[-1] <= second.utc_s[0] or second.utc_s[-1] <= first.utc_s[0]:
            raise InputError(
                f"the logs of {a.name!r} ({_span(a)}) and {b.name!r} ({_span(b)}) have no time in common; "
                "name two logs of one jump"
            )
        if _same(first, second):
            raise InputError(f"the logs of {a.name!r} and {b.name!r} are one and the same recording")


def _same(first: Fixes, second: Fixes) -> bool:
    places = ("lat_deg", "lon_deg", "altitude_msl_m")
    return len(first) == len(second) and all(
        np.array_equal(getattr(first, key), getattr(second, key)) for key in places
    )


def _span(part: Part) -> str:
    first, last = (utc_at(float(part.log.fixes.utc_s[i])) for i in (0, -1))
    return f"{first:%Y-%m-%d %H:%M:%S} to {last:%H:%M:%S} UTC"


def _on_one_clock(parts: tuple[Part, ...]) -> tuple[tuple[Part, ...], tuple[Clocks, ...], list[Finding]]:
    """Every device on the clock of the one that is surest of UTC, and what is known of each against the first."""
    surest = min(parts, key=lambda part: part.log.late_s)
    moved, findings = [], []
    for part in parts:
        found = None if part is surest else _offset(surest, part)
        kept, told = _set(part, surest, found)
        moved.append(kept)
        findings += told
    clocks = []
    for a, b in combinations(moved, 2):
        left_s = float(np.hypot(max(a.log.late_s, GNSS_S), max(b.log.late_s, GNSS_S)))
        clocks.append(Clocks(names=(a.name, b.name), offset=_offset(a, b), sigma_s=left_s))
    return tuple(moved), tuple(clocks), findings


def _offset(first: Part, second: Part) -> Offset | None:
    return offset_between(first.log.fixes, second.log.fixes, (first.jump, second.jump))


def _set(part: Part, surest: Part, found: Offset | None) -> tuple[Part, list[Finding]]:
    """A part on the surest clock: moved by what shared motion tells, by as much as that is surer than its own UTC."""
    own_s = max(part.log.late_s, GNSS_S)
    if found is None:
        if part is surest or part.log.late_s <= GNSS_S:
            return part, []
        text = f"{part.name}: no motion shared with {surest.name} tells how far its clock is off: ± {own_s:.1f} s is left"
        return part, [Finding("clock-unknown", text)]
    wrong_s = max(WRONG_S, WRONG_SIGMAS * float(np.hypot(own_s, found.sigma_s)))
    if abs(found.offset_s) > wrong_s and found.unmoved_share > WRONG_SHARE:
        text = (
            f"{part.name}: its UTC is {found.offset_s:+.2f} ± {found.sigma_s:.2f} s off that of {surest.name} by the motion "
            f"they shared {found.how}: moved by that"
        )
        return _moved(part, found.offset_s, found.sigma_s), [Finding("clock-moved", text)]
    if part.log.late_s <= GNSS_S:
        return part, []
    weight = own_s**2 / (own_s**2 + found.sigma_s**2)
    left_s = own_s * found.sigma_s / float(np.hypot(own_s, found.sigma_s))
    text = f"{part.name}: clock moved by {weight * found.offset_s:+.2f} ± {left_s:.2f} s, by the motion shared {found.how}"
    return _moved(part, weight * found.offset_s, left_s), [Finding("clock-moved", text)]


def _moved(part: Part, by_s: float, left_s: float) -> Part:
    fixes, pairs = replace(part.log.fixes, utc_s=part.log.fixes.utc_s + by_s), part.log.clock_pairs
    if pairs is not None:  # its sensors are on the same UTC as its fixes
        pairs = replace(pairs, utc_s=pairs.utc_s + by_s)
    log = replace(part.log, fixes=fixes, clock_pairs=pairs, late_s=left_s)
    return replace(part, log=log, jump=jump_of(fixes))


def _place(
    parts: tuple[Part, ...], drop_zone: LocalAxes, elevation_m: float
) -> tuple[LocalAxes, float, bool]:
    """Axes of the take, the height above the sea that it counts from, and whether that is not the shot's."""
    last = [(float(p.log.fixes.lat_deg[-1]), float(p.log.fixes.lon_deg[-1])) for p in parts]
    lat_deg, lon_deg = (float(np.median(column)) for column in zip(*last, strict=True))
    here = LocalAxes(drop_zone.lat_deg, drop_zone.lon_deg, 0.0)
    if np.linalg.norm(here.enu_from_wgs84(lat_deg, lon_deg, 0.0)[:2]) < NEAR_M:
        return here, elevation_m, False
    grounds = [ground_below_msl_m(part.log.fixes, part.jump) for part in parts]
    known = [ground_m for ground_m in grounds if ground_m is not None]
    lowest_m = min(float(part.log.fixes.altitude_msl_m.min()) for part in parts)
    return LocalAxes(lat_deg, lon_deg, 0.0), float(np.median(known)) if known else lowest_m, True


def _cut(part: Part, parts: tuple[Part, ...], first_exit_s: float) -> Log:
    """The part of a recording that is a take: from a minute before the first exit to the last landing."""
    ends = [one.jump.landing.utc_s + AFTER_S for one in parts if one.jump.landing is not None]
    fixes = part.log.fixes
    last_s = max(ends) if len(ends) == len(parts) else float(fixes.utc_s[-1])
    some = (fixes.utc_s >= first_exit_s - BEFORE_S) & (fixes.utc_s <= last_s)
    return replace(part.log, fixes=fixes.keep(some))


def _events(part: Part, first_exit_s: float) -> Iterator[Event]:
    """A log's moments by the words of a take: the deceleration begins with the pull, and the fall ends with it open."""
    jump = part.jump
    told: Mapping[str, Moment | None] = {
        "exit": jump.exit,
        "break-off": break_off_of(part.log.fixes, jump),
        "pull": jump.opening,
        "open": jump.end_of_freefall,
        "landing": jump.landing,
    }
    for name, moment in told.items():
        if moment is not None:
            sigma_s = float(np.hypot(moment.sigma_s, part.log.late_s))
            yield Event(time_s=moment.utc_s - first_exit_s, name=name, body=part.name, sigma_s=sigma_s)
