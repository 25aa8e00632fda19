"""The key reference is what the reader reads, and the page is not stale."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from onetake.errors import ShotError
from onetake.shot import CRITERIA, Shot, parse_shot
from onetake.shot.cast import SKILL_KEYS
from onetake.shot.keys import Bound, keys_of
from onetake.shot.reference import key_reference, renewed

ROOT = Path(__file__).resolve().parents[3]


def bounds(cls: type) -> list[Bound]:
    found = []
    for bound in keys_of(cls):
        found.append(bound)
        if bound.key.kind.table:
            found += bounds(bound.key.kind.table)
    return found


def test_the_page_is_up_to_date() -> None:
    page = (ROOT / "docs/shot-file.md").read_text("utf-8")
    assert page == renewed(page), "run: python -m onetake.shot.reference docs/shot-file.md"


def test_every_key_stands_in_the_reference() -> None:
    text = key_reference()
    names = [bound.parts[-1] for bound in bounds(Shot)] + [*CRITERIA, *SKILL_KEYS]
    assert len(names) > 90
    missing = [
        name
        for name in names
        if f"`{name}`" not in text
        and f".{name}`" not in text
        and f"`[{name}]" not in text
        and f"[[{name}]]" not in text
    ]
    assert not missing


def test_every_key_is_explained_in_a_sentence() -> None:
    for bound in bounds(Shot):
        assert bound.key.doc[0].isupper() or not bound.key.doc[0].isalpha(), bound
        assert bound.key.doc.endswith("."), bound


def test_the_page_shows_errors_as_they_are() -> None:
    page = (ROOT / "docs/shot-file.md").read_text("utf-8")
    shown = re.findall(r"^shot\.toml:\d+: (.*)$", page, flags=re.MULTILINE)
    text = (ROOT / "examples/halo/shot.toml").read_text("utf-8")
    text = text.replace('mass = "80 kg"', "mass = 80", 1).replace(
        'after = "approach"', 'after = "aproach"', 1
    )
    with pytest.raises(ShotError) as caught:
        parse_shot(text)
    assert [row.split(": ", 1)[1] for row in str(caught.value).split("\n")] == shown
