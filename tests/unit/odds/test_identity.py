"""What may be added up: the same takes, by the same software."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from onetake.api.stage import Stage, set_stage
from onetake.odds.identity import software, takes_of, text_of
from onetake.shot.edit import with_changes

PACKAGE = Path(__file__).resolve().parents[3] / "src" / "onetake"


def test_a_word_in_a_kernel_is_other_software(tmp_path: Path) -> None:
    copy = tmp_path / "onetake"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "examples").mkdir()  # a wheel brings them along
    (copy / "examples" / "shot.toml").touch()
    assert text_of(copy) == text_of(PACKAGE)
    assert text_of(copy)[:12] in software()
    with (copy / "fly" / "kernel.py").open("a") as stream:
        stream.write("# another word\n")
    assert text_of(copy) != text_of(PACKAGE)
    assert all(part in software() for part in ("onetake 0.", "Python 3.", "numpy", "numba"))


def test_the_takes_are_told_by_what_decides_them(two_way: Stage, halo: Stage) -> None:
    work = two_way.work(1)
    assert takes_of(work) == takes_of(two_way.work(2))  # the seed is kept beside it
    assert takes_of(work) != takes_of(halo.work(1))
    wind = replace(work.spread, factor=work.spread.factor * 1.01)
    assert takes_of(replace(work, spread=wind)) != takes_of(work)


def test_a_beat_held_longer_makes_other_takes_a_comment_does_not(two_way: Stage) -> None:
    longer = set_stage(with_changes(two_way.shot, {"beat.smile.hold": "3.2 s"}))
    assert takes_of(longer.work(1)) != takes_of(two_way.work(1))
    commented = set_stage(replace(two_way.shot, source=two_way.shot.source + "\n# a comment\n"))
    assert takes_of(commented.work(1)) == takes_of(two_way.work(1))
