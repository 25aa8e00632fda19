"""The loop closed: takes are flown, logged with a receiver's errors, filmed with a tag's, read back, fused and judged.

More takes of the same: lab/fused_takes.py.
"""

from __future__ import annotations

import numpy as np
import pytest
import rehearsals

from onetake.api.stage import Stage

TAKES = 3


@pytest.fixture(scope="module")
def cases(halo: Stage, tmp_path_factory: pytest.TempPathFactory) -> list[rehearsals.Case]:
    bench, folder = rehearsals.bench_of(halo), tmp_path_factory.mktemp("rehearsed")
    found, off = [], []
    for number in range(1, TAKES + 1):
        some, rms = rehearsals.rehearse(halo, bench, number, folder)
        found += some
        off.append(rms)
    # the fused ranges are as far off as they say
    assert 0.5 < np.nanmedian(off) < 1.5
    return found


def test_the_verdicts_that_are_given_are_right(cases: list[rehearsals.Case]) -> None:
    given = [case for case in cases if case.by_film != "cannot tell"]
    assert len(given) > 0.8 * len(cases)
    wrong = [case for case in given if case.by_film != case.true]
    assert len(wrong) <= 0.02 * len(given)


def test_what_is_far_from_the_limit_gets_a_verdict(cases: list[rehearsals.Case]) -> None:
    far = [case for case in cases if case.off > 4.0]
    assert len(far) > len(cases) / 2
    assert sum(case.by_film != "cannot tell" for case in far) >= 0.98 * len(far)


def test_nobody_is_said_to_have_got_what_he_missed_by_far(cases: list[rehearsals.Case]) -> None:
    assert not [
        case for case in cases if case.by_film == "got it" and case.true == "missed" and case.most_off > 3.0
    ]
    assert not [case for case in cases if case.by_logs == "got it" and case.true == "missed"]


def test_logs_alone_never_tell_three_feet_nor_a_picture(cases: list[rehearsals.Case]) -> None:
    tight = {"34 to 38 in", "33 to 39 in", "30 to 42 in", "0.8 to 1.2 m", "0.5 to 1.5 m"}
    asked = tight | (set(rehearsals.PICTURED) - {"growing", "body"})
    assert {case.by_logs for case in cases if case.asked in asked} <= {"cannot tell", "missed"}
    # but they tell an approach
    assert {case.by_logs for case in cases if case.asked == "0 to 50 m"} == {"got it"}


def test_a_film_tells_focus_frame_size_and_face(cases: list[rehearsals.Case]) -> None:
    told = {case.asked: case.decided_by for case in cases if case.by_film == "got it"}
    for asked, by in (("sharp", "focus"), ("face", "frame"), ("large", "size"), ("facing", "facing")):
        assert told[asked] == f"{by} in the picture (A001.mov)"
    untold = {case.would_tell for case in cases if case.by_film == "cannot tell"}
    assert "" not in untold
