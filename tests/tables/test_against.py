"""Every published comparison, asserted; and the page that shows them is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest
from against import Part, page, parts, rows_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "validation.md"


@pytest.mark.parametrize("part", parts(), ids=lambda part: part.__name__)
def test_every_row_is_within_its_limit(part: Part, shared: Path) -> None:
    rows = rows_of(part, shared)
    assert rows
    outside = [str(row) for row in rows if not row.holds]
    assert not outside, "\n".join(outside)


@pytest.mark.parametrize("part", parts(), ids=lambda part: part.__name__)
def test_the_page_shows_the_rows_that_are_tested(part: Part, shared: Path) -> None:
    shown = page.quantities(PAGE.read_text("utf-8"))
    tested = [" | ".join(page.line(row).split(" | ")[:2]).removeprefix("| ") for row in rows_of(part, shared)]
    assert shown.get(part.TITLE) == tested, "write the page anew: python docs/validation.py"


def test_the_page_has_no_part_that_is_not_tested() -> None:
    text = PAGE.read_text("utf-8")
    assert list(page.quantities(text)) == [part.TITLE for part in parts()]
    assert "**outside**" not in text
    for plot in PAGE.with_suffix("").glob("*.svg"):
        assert f"{PAGE.stem}/{plot.name})" in text
