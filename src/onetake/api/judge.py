"""`judge_take`: score any take, flown or logged."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from onetake.api.logged import Logs, gather
from onetake.api.record import Record, record
from onetake.api.stage import Progress, Stage, bench_at, set_stage, silent
from onetake.errors import InputError
from onetake.files import can_write
from onetake.judge.score import judge
from onetake.logbook.apart import apart_of
from onetake.logbook.log import Finding
from onetake.logbook.together import Together
from onetake.logbook.wind import fall_rate_m_s, winds_of
from onetake.rehearse.fuse import Pictures, fuse
from onetake.shot.file import Shot, read_shot
from onetake.take import Take, read_take, write_take
from onetake.trace import Array
from onetake.verdict import BeatVerdict, Verdict

if TYPE_CHECKING:
    from onetake.api.filmed import Video


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A take and its verdict; logs: how the take was made, where it was made of logs."""

    take: Take
    verdict: Verdict
    signals: Mapping[str, Array]
    stage: Stage
    logs: Together | None = None


def judge_take(
    shot: Shot | str | os.PathLike[str], take: Take | str | os.PathLike[str] | None = None, *,
    logs: Logs | None = None, pictures: Pictures | Video | None = None, out: str | os.PathLike[str] | None = None,
    report: str | os.PathLike[str] | None = None, tell: Progress = silent,
) -> Verdict:  # fmt: skip
    """Score a take against a shot, each given or by the path of its file, or the logs of a real jump.

    logs: files by the names of the cast, or in the order of the cast, operator first. pictures: the film of that
    jump, or ranges read in it, fused with its logs. out writes the take file, report
    the report. The take's own clock decides the light; without one, sun and exposure are `cannot tell`. Raises the errors
    of `plan_jump`, ReadError for a file that is not a take or a log, and InputError for neither or both.
    """
    return judged(shot, take, logs=logs, pictures=pictures, out=out, report=report, tell=tell).verdict


def judged(
    shot: Shot | str | os.PathLike[str], take: Take | str | os.PathLike[str] | None = None, *,
    logs: Logs | None = None, pictures: Pictures | Video | None = None, out: str | os.PathLike[str] | None = None,
    report: str | os.PathLike[str] | None = None, tell: Progress = silent,
) -> Judged:  # fmt: skip
    """As `judge_take`, with all that the verdict was made from."""
    if (take is None) == (not logs):
        raise InputError(
            "name either one take file or the logs of a jump (--log NAME=FILE, once for each person)"
        )
    if pictures is not None and not logs:
        raise InputError("a film is judged with the logs of its jump: name them (--log NAME=FILE)")
    for target in (out, report):
        if target is not None:
            can_write(target)
    made = None
    if logs:
        tell("reading the logs", 0.0, 1.0)
        made = gather(shot, logs)
        found, made = _fused(shot, made, pictures, tell)
    else:
        assert take is not None
        found = take if isinstance(take, Take) else read_take(take)
    stage = set_stage(shot, tell)
    # where the jump was made elsewhere, the drop zone's light was not its light
    lit = replace(found, clock=None) if made is not None and made.elsewhere else found
    verdict, signals = judge(bench_at(stage.shot, stage.prepared, lit), _flown(found, stage.shot))
    whole = Judged(take=found, verdict=verdict, signals=signals, stage=stage, logs=made)
    if out is not None:
        write_take(found, Path(out))
    if report is not None:
        _report(Path(report), whole)
    return whole


def _fused(
    shot: Shot | str | os.PathLike[str], made: Together, pictures: Pictures | Video | None, tell: Progress
) -> tuple[Take, Together]:
    """The take of the logs with what the film tells, and how that came onto their clock among what was found."""
    if pictures is None:
        return made.take, made
    if isinstance(pictures, Pictures):
        return fuse(made.take, pictures), made
    from onetake.api.filmed import pictures_of  # an optional part

    read, sync = pictures_of(pictures, shot if isinstance(shot, Shot) else read_shot(shot), made, tell)
    text = (
        f"{read.file}: {len(read.time_s)} pictures tell a range; the film begins at {sync.offset_s:+.2f} ± {sync.sigma_s:.2f} s "
        f"by {sync.how}"
    )
    if read.frames is None:
        text += "; it shows another part of the sensor than the camera's picture, so that focus, frame and size are not told"
    return fuse(made.take, read), made.found(Finding("film-synced", text))


def _flown(take: Take, shot: Shot) -> Take:
    """A measured take without the minutes after everybody's opening, unless the shot asks until the landing."""
    opened = [event.time_s for event in take.events if event.name == "open"]
    if len(opened) < len(take.bodies) or any(rule.end == "landing" for rule in shot.always):
        return take
    if all(trace.uncertainty.exact for trace in take.bodies):
        return take
    until_s = max(opened) + 30.0
    return replace(take, bodies=tuple(trace.until(until_s) for trace in take.bodies))


def _report(path: Path, found: Judged) -> None:
    from onetake.api.curves import curves_of  # draws in the whole report
    from onetake.show.report import write_report

    notes = (
        [] if found.logs is None else [*clock_words(found.logs), *(one.text for one in found.logs.findings)]
    )
    write_report(
        path, shot=found.stage.shot, take=found.take, verdict=found.verdict,
        curves=curves_of(found.stage, found.take, found.signals), notes=notes,
    )  # fmt: skip


def clock_words(made: Together) -> Sequence[str]:
    """What is known of each pair of clocks, a sentence each."""
    said = []
    for one in made.clocks:
        first, second = one.names
        if one.offset is None:
            told = "no shared motion tells their offset"
        else:
            told = f"shared motion {one.offset.how} puts them {one.offset.offset_s:+.2f} ± {one.offset.sigma_s:.2f} s apart"
        said.append(f"clocks of {first} and {second}: {told}; taken as one to ± {one.sigma_s:.2f} s")
    return said


def logs_record(made: Together) -> Record:
    """How a take was made of logs: who recorded what, the clocks, and what is wrong with them."""
    return {
        "elsewhere": made.elsewhere,
        "bodies": [
            {
                "name": part.name,
                "format": part.log.format,
                "device": part.log.device or None,
                "fall_rate_m_s": fall_rate_m_s(part.log.fixes, part.jump),
                "wind": [asdict(layer) for layer in winds_of(part.log.fixes, part.jump)],
                "motion": {"instrument": trace.instrument, "imu": None if proof is None else asdict(proof)},
            }
            for part, trace, proof in zip(made.parts, made.take.bodies, made.proofs, strict=True)
        ],
        "clocks": [
            {
                "names": list(one.names),
                "offset_s": one.offset.offset_s if one.offset else None,
                "offset_sigma_s": one.offset.sigma_s if one.offset else None,
                "how": one.offset.how if one.offset else None,
                "left_sigma_s": one.sigma_s,
            }
            for one in made.clocks
        ],
        "events": [
            {"name": e.name, "body": e.body, "time_s": e.time_s, "sigma_s": e.sigma_s} for e in made.take.events
        ],
        "apart": _apart(made.take),
        "problems": [{"slug": one.slug, "text": one.text} for one in made.findings],
    }  # fmt: skip


def _apart(take: Take) -> list[Record]:
    """The second body against the first once a second, from ten seconds before the first exit to the first opening."""
    first, second = take.bodies[:2]
    opened = [event.time_s for event in take.events if event.name in ("pull", "open")]
    until_s = min([*opened, first.span_s[1], second.span_s[1]])
    between = apart_of(first, second, np.arange(-10.0, until_s, 1.0))
    keys = (
        "time_s", "range_m", "range_sigma_m", "level_m", "level_sigma_m", "closing_m_s", "closing_sigma_m_s",
        "bearing_rad", "bearing_sigma_rad",
    )  # fmt: skip
    columns = {key: getattr(between, key).tolist() for key in keys}
    low_m, high_m = between.interval_m()
    columns |= {"range_low_m": low_m.tolist(), "range_high_m": high_m.tolist()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def verdict_record(
    schema: str, verdict: Verdict, take_file: Path | None, logs: Together | None = None
) -> Record:
    """The JSON object of a judged take; `fly` and `judge` share its keys. logs: what it was made of, if of logs."""
    more = {} if logs is None else {"logs": logs_record(logs)}
    return record(
        schema,
        verdict=verdict.verdict,
        beats=[_beat(beat) for beat in verdict.beats],
        closest_m=verdict.closest_m,
        in_focus_s=verdict.in_focus_s,
        aborted=verdict.aborted or None,
        take_file=take_file,
        ending=verdict.ending,
        facts=verdict.facts,
        **more,
    )


def _beat(beat: BeatVerdict) -> Record:
    row = asdict(beat)
    empty = {key: row[key] or None for key in ("cause", "would_tell", "decided_by")}
    return row | empty
