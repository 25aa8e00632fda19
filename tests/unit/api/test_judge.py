"""The JSON object of a judged take."""

from __future__ import annotations

import json
from pathlib import Path

from onetake.api.judge import verdict_record
from onetake.verdict import BeatVerdict, CriterionMargin, Verdict

VERDICT = Verdict(
    verdict="missed",
    beats=(
        BeatVerdict(
            name="mark", verdict="missed", margin=-0.0356, unit="m", sigma=0.0, p=0.0, cause="range", held_s=1.9,
            hold_s=3.0, at_s=41.3, note="mark: missed", criteria=(CriterionMargin(name="range", margin=-0.0356, unit="m", at_s=41.3),),
        ),
    ),
    closest_m=float("inf"),
    in_focus_s=1.9,
    aborted="",
    ending="landed",
)  # fmt: skip


def test_the_keys_others_rely_on_are_there() -> None:
    found = json.loads(json.dumps(verdict_record("onetake.fly/1", VERDICT, Path("a.take")), allow_nan=False))
    assert list(found)[:2] == ["schema", "verdict"]
    assert {"name", "verdict", "margin", "unit", "cause", "held_s", "hold_s", "at_s"} <= set(
        found["beats"][0]
    )
    assert found["beats"][0]["criteria"][0]["name"] == "range"
    assert found["take_file"] == "a.take"
    assert (found["in_focus_s"], found["aborted"], found["closest_m"]) == (1.9, None, None)
