"""`judge_take`: score any take, flown or logged."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from onetake.api.record import Record, record
from onetake.verdict import BeatVerdict, Verdict


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
