"""`judge_take`: score any take, flown or logged."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

from onetake.api.record import Record, record
from onetake.api.stage import Progress, bench_at, set_stage, silent
from onetake.judge.score import judge
from onetake.shot.file import Shot
from onetake.take import Take, read_take
from onetake.verdict import BeatVerdict, Verdict


def judge_take(
    shot: Shot | str | os.PathLike[str], take: Take | str | os.PathLike[str], *, tell: Progress = silent
) -> Verdict:
    """Score a take against a shot, each given or by the path of its file.

    The take's own clock decides the light; without one, sun and exposure are `cannot tell`. Raises the errors of
    `plan_jump`, and ReadError for a file that is not a take.
    """
    found = take if isinstance(take, Take) else read_take(take)
    stage = set_stage(shot, tell)
    return judge(bench_at(stage.shot, stage.prepared, found), found)[0]


def verdict_record(schema: str, verdict: Verdict, take_file: Path | None) -> Record:
    """The JSON object of a judged take; `fly` and `judge` share its keys."""
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
    )


def _beat(beat: BeatVerdict) -> Record:
    row = asdict(beat)
    return row | {"cause": beat.cause or None, "would_tell": beat.would_tell or None}
