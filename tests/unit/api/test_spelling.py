"""Words that only their own rooms know are told like any other mistake of the shot file: file, line, found, expected."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from onetake.api.spelling import check_words
from onetake.api.stage import set_stage
from onetake.errors import ChoiceError, ShotError
from onetake.shot import parse_shot, read_shot

HALO = Path(__file__).resolve().parents[3] / "examples/halo/shot.toml"
GOOD = HALO.read_text("utf-8")

# what is replaced, by what, and what the message says
CASES = {
    "camera": ('body = "DXL 8K VV"', 'body = "dxl 8K"', 'found body = "dxl 8K"; expected one of: DXL 8K VV', "Did you mean 'DXL 8K VV'?"),
    "criterion": ('criterion = "D/1500"', 'criterion = "D1500"', 'found criterion = "D1500"', "Did you mean 'D/1500'?"),
    "skill": ('skill = "good"', 'skill = "god"', "expected one of: expert, good, novice", "Did you mean 'good'?"),
    "ledger": ('skill = "good"', 'skill = "ledger"', 'found skill = "ledger"', "needs rehearsals"),
    "device": ('actor = "cypres_expert"', 'actor = "cypres_exprt"', 'found actor = "cypres_exprt"', "Did you mean 'cypres_expert'?"),
    "rule": ("checked = []", 'checked = [{ rule = "uspa.opening.cd", by = "A", date = 2011-10-01 }]',
             'found rule = "uspa.opening.cd"', "Did you mean 'uspa.opening.c_d'?"),
    "word": ('focus = "sharp"', 'focus = "sharpish"', "expected one of: sharp", "Did you mean 'sharp'?"),
    "word of a target": ('in_frame = "face"', 'in_frame = { subject = "face", sun = "outsid" }',
                         'found sun = "outsid"; expected one of: inside, outside, behind face', "Did you mean 'outside'?"),
    "word of a rule": ('must = { clearance = "> 4 in" }', 'must = { in_frame.sun = "hidden" }', 'found sun = "hidden"', ""),
    "two trends": ("size = { from = 0.03, to = 0.15 }", 'size = { from = 0.03, to = 0.15 }, range = { from = "99 ft", to = "9 ft" }',
                   "found must = ", "more than one trend; put the other in a beat of its own"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_word_that_its_room_does_not_know(name: str) -> None:
    old, new, found, fix = CASES[name]
    assert GOOD.count(old) == 1
    text = GOOD.replace(old, new)
    with pytest.raises(ShotError) as caught:
        check_words(parse_shot(text, "shot.toml"))
    (problem,) = caught.value.problems
    assert found in str(problem)
    assert fix in str(problem)
    assert str(problem).startswith(f"shot.toml:{text[: text.index(new)].count(chr(10)) + 1}: ")


def test_all_of_them_come_together_in_the_order_of_the_file() -> None:
    text = GOOD
    for name in ("word", "skill", "camera", "device"):
        text = text.replace(*CASES[name][:2])
    with pytest.raises(ShotError) as caught:
        check_words(parse_shot(text))
    lines = [problem.line for problem in caught.value.problems]
    assert len(lines) == 4
    assert lines == sorted(lines)  # type: ignore[type-var]


@pytest.mark.parametrize("name", ["halo", "two-way"])
def test_the_examples_are_spelt_right(name: str) -> None:
    check_words(read_shot(HALO.parents[1] / name / "shot.toml"))


def test_a_shot_changed_since_it_was_read_is_told_without_a_line() -> None:
    shot = read_shot(HALO)
    other = replace(shot, source="", camera=replace(shot.camera, body="Box Brownie"))
    with pytest.raises(ChoiceError, match="no camera called 'Box Brownie'"):
        check_words(other)


def test_it_is_told_before_anything_is_computed() -> None:
    """A profile that is not there would be told next: spelling comes first."""
    wrong = parse_shot(GOOD.replace('focus = "sharp"', 'focus = "sharpish"'), "/nowhere/shot.toml")
    with pytest.raises(ShotError, match="sharpish"):
        set_stage(wrong)
