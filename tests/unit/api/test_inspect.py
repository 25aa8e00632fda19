"""What is wrong with a take is found and named."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from onetake import inspect_file
from onetake.api.inspect import take_record
from onetake.errors import ReadError
from onetake.slate import Slate
from onetake.take import LensTrack, Take, write_take
from onetake.trace import Trace

TIME_S = np.arange(100) / 25
UPRIGHT = np.tile([1.0, 0.0, 0.0, 0.0], (100, 1))


def _body(name: str, **changes: object) -> Trace:
    parts: dict[str, object] = {
        "name": name,
        "time_s": TIME_S,
        "position_enu_m": np.zeros((100, 3)),
        "velocity_enu_m_s": np.zeros((100, 3)),
        "q_enu_from_body": UPRIGHT,
    }
    return Trace(**(parts | changes))  # type: ignore[arg-type]


def _take(**changes: object) -> Take:
    lens = LensTrack(time_s=TIME_S, neck_yaw_rad=TIME_S, neck_pitch_rad=TIME_S, focus_m=TIME_S)
    slate = Slate(title="Dusk", scene="1", take=0, picture_rate=Fraction(24))
    return replace(Take(slate=slate, bodies=(_body("operator"), _body("actor")), lens=lens), **changes)  # type: ignore[arg-type]


def _slugs(take: Take) -> list[str]:
    problems = take_record(take)["problems"]
    assert isinstance(problems, list)
    return [problem["slug"] for problem in problems]


def test_a_whole_take_has_no_problem() -> None:
    assert _slugs(_take()) == []


@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"time_s": np.where(TIME_S > 2, TIME_S + 1, TIME_S)}, "gap"),
        ({"position_enu_m": np.where(TIME_S[:, None] > 2, np.nan, np.zeros((100, 3)))}, "not-finite"),
        ({"q_enu_from_body": None}, "no-attitude"),
        ({"q_enu_from_body": 2 * UPRIGHT}, "not-a-rotation"),
    ],
)
def test_what_is_wrong_with_a_body_is_named(changes: dict[str, object], slug: str) -> None:
    assert _slugs(_take(bodies=(_body("operator"), _body("actor", **changes)))) == [slug]


def test_what_was_not_recorded_is_named() -> None:
    assert _slugs(_take(lens=None)) == ["no-lens"]
    assert _slugs(_take(bodies=(_body("operator"),))) == ["one-body"]


def test_a_take_file_is_found_by_content_not_by_name(tmp_path: Path) -> None:
    path = write_take(_take(), tmp_path / "looks-like-weather.csv")
    found = inspect_file(path)
    assert (found["kind"], found["format"]) == ("take", "onetake.take/3")


@pytest.mark.parametrize("content", [b"", b"PAR1", b"hello\n", b"\x00" * 100])
def test_what_is_neither_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(ReadError):
        inspect_file(tmp_path / "file")
