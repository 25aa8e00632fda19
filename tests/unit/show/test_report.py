"""The whole report: safe, self-contained, the same each time, and honest about what is not there."""

from __future__ import annotations

import itertools
import re
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from onetake.clock import Clock
from onetake.errors import ChoiceError, WriteError
from onetake.show.material import Material
from onetake.show.report import render, write_report
from onetake.trace import Uncertainty

NOT_A_NUMBER = re.compile(r"(?<![A-Za-z])(?:nan|NaN|-?inf|None)(?![A-Za-z])")


def test_the_same_input_gives_the_same_page(whole: Material, stage: ModuleType) -> None:
    assert render(**stage.as_arguments(whole)) == render(**stage.as_arguments(stage.material()))


def test_the_page_asks_nothing_of_anybody(whole: Material, stage: ModuleType) -> None:
    page = render(**stage.as_arguments(whole))
    assert "default-src 'none'" in page.replace("&#x27;", "'")
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#)""", page)
    assert not re.search(r"@import|url\((?!#)|https?:", page)
    assert len(page) < 800_000


def test_what_comes_from_files_is_only_ever_text(whole: Material, stage: ModuleType) -> None:
    bad = "<script>alert('x')</script><img src=x onerror=alert(1)>&\"'"
    m = whole
    assert m.plan is not None
    assert m.take is not None
    assert m.odds is not None
    assert m.verdict is not None
    assert m.column is not None
    page = render(
        shot=replace(m.shot, title=bad, scene=bad),
        plan=replace(
            m.plan, notes=(bad,), asks=(replace(m.plan.asks[0], item=bad, owner=bad, rule=bad),),
            contingency=(replace(m.plan.contingency[0], case=bad, action=bad, caller=bad),),
            focus=(replace(m.plan.focus[0], lens=bad, criterion=bad),),
        ),
        take=replace(m.take, ending=bad, events=(replace(m.take.events[0], name=bad, body=bad, note=bad), *m.take.events)),
        verdict=replace(m.verdict, aborted=bad, beats=(replace(m.verdict.beats[0], note=bad, cause=bad, would_tell=bad), *m.verdict.beats[1:])),
        curves=replace(m.curves, criterion=bad, other_circles=((bad, 1e-5),), height_agl_m={bad: m.curves.height_agl_m["actor"]}),
        odds=replace(m.odds, priors=(replace(m.odds.priors[0], name=bad, value=bad, kind=bad, source=bad, why=bad),), causes=(replace(m.odds.causes[0], cause=bad),)),
        column=replace(m.column, station=bad), notes=(bad,), card=bad,
    )  # fmt: skip
    assert "<script>alert" not in page
    assert "<img" not in page
    assert page.count("<script") == page.count("</script>") == 2


PARTS = ("plan", "take", "verdict", "curves", "odds", "column", "card")


@pytest.mark.parametrize(
    "missing", [*itertools.combinations(PARTS, 1), *itertools.combinations(PARTS, 2), PARTS]
)
def test_whatever_is_missing_is_said(missing: tuple[str, ...], whole: Material, stage: ModuleType) -> None:
    page = render(**(stage.as_arguments(whole) | dict.fromkeys(missing)))
    reasons = {
        "plan": "no plan was made", "take": "no take was flown", "verdict": "this take was not judged",
        "odds": "no odds were computed", "column": "no weather profile was given",
    }  # fmt: skip
    for part in missing:
        if part == "column" and {"plan", "take"} <= set(missing):
            continue
        if part in reasons:
            assert reasons[part] in page
    assert not NOT_A_NUMBER.search(_seen(page))


def _seen(page: str) -> str:
    """Text and coordinates of a page, without style and script."""
    return re.sub(r"<style>.*?</style>|<script>.*?</script>", "", page, flags=re.S)


AXES = ("time_s", "altitude_msl_m")  # what the ground files already refuse when it is not finite


def _spoilt(value: object, spoil: float) -> object:
    """The same nested material with every float spoilt; whole arrays too, but not times or altitudes."""
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, float):
        return spoil
    if isinstance(value, np.ndarray):
        return np.full_like(value, spoil) if value.dtype.kind == "f" else value
    if isinstance(value, tuple):
        return tuple(_spoilt(item, spoil) for item in value)
    if isinstance(value, dict):
        return {key: _spoilt(item, spoil) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type) and not isinstance(value, Uncertainty | Clock):
        parts = {f.name: getattr(value, f.name) for f in fields(value) if f.init}
        held = {name for name, part in parts.items() if name in AXES and isinstance(part, np.ndarray)}
        return replace(
            value, **{name: _spoilt(part, spoil) for name, part in parts.items() if name not in held}
        )
    return value


@pytest.mark.parametrize("spoil", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("part", ["plan", "take", "verdict", "curves", "odds", "column"])
def test_numbers_that_are_not_finite_become_dashes(
    part: str, spoil: float, whole: Material, stage: ModuleType
) -> None:
    arguments = stage.as_arguments(whole)
    arguments[part] = _spoilt(arguments[part], spoil)
    page = _seen(render(**arguments))
    found = NOT_A_NUMBER.search(page)
    assert not found, page[max(found.start() - 200, 0) : found.end() + 50]


@pytest.mark.parametrize("seed", range(4))
def test_holes_in_the_curves_are_holes_in_the_plots(seed: int, whole: Material, stage: ModuleType) -> None:
    random, c = np.random.default_rng(seed), whole.curves
    assert c is not None

    def holed(array: np.ndarray | None) -> np.ndarray | None:
        if array is None or array.dtype.kind != "f":
            return array
        gone = np.repeat(random.random(len(array) // 40 + 1) < 0.4, 40)[: len(array)]
        return np.where(gone, random.choice([np.nan, np.inf, -np.inf, -1.0]), array)

    names = ("range_m", "closing_m_s", "blur_m", "near_m", "far_m", "focus_m")
    curves = replace(
        c, **{name: holed(getattr(c, name)) for name in names},
        sun_rad={who: holed(a) for who, a in c.sun_rad.items()}, height_agl_m={who: holed(a) for who, a in c.height_agl_m.items()},
    )  # fmt: skip
    page = _seen(render(**(stage.as_arguments(whole) | {"curves": curves})))
    assert not NOT_A_NUMBER.search(page)


def test_a_logged_take_of_one_body_without_a_clock(whole: Material, stage: ModuleType) -> None:
    take = stage.a_take()
    alone = replace(take, bodies=take.bodies[:1], events=(), clock=None, lens=None, relative=None)
    page = render(shot=whole.shot, take=alone)
    assert "time not fixed" in page
    assert "<svg" in page


def test_writing_is_all_or_nothing(
    tmp_path: Path, whole: Material, stage: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "deep" / "report.html"
    assert write_report(target, **stage.as_arguments(whole)) == target
    assert target.read_text("utf-8").startswith("<!doctype html>")
    assert [p.name for p in target.parent.iterdir()] == ["report.html"]
    before = target.read_bytes()

    def full(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(WriteError, match="disk full"):
        write_report(target, shot=whole.shot)
    assert target.read_bytes() == before
    assert [p.name for p in target.parent.iterdir()] == ["report.html"]


def test_an_ending_nobody_writes_says_what_there_is(tmp_path: Path, whole: Material) -> None:
    with pytest.raises(ChoiceError, match="html"):
        write_report(tmp_path / "report.docx", shot=whole.shot)
    assert list(tmp_path.iterdir()) == []
