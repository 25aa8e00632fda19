"""The page: every row of every part in tables, and every plot. Written by docs/validation.py, read by its test."""

from __future__ import annotations

import math
import re
from pathlib import Path

from against import Part, parts, rows_of
from against.row import Row, figure

HEAD = """# Validation

Every number below is computed by the code that the tests run (`tests/tables/against`), and `python docs/validation.py`
writes this page anew; a test fails when a row is missing here. Motion is flown by the odds' own compiled kernel at its
own step, 25 Hz for pilots and draws and 50 Hz for the dynamics, in its own single precision: there is no second, finer
integrator whose accuracy the odds would not have.

**Kind** says how far a row can be trusted. *Computed*: a formula with nothing to adjust. *Fitted*: one number of ours was
chosen to meet this very line, so it shows that the model can, not that it will. *Predicted*: nothing was chosen to meet it.
A limit is never widened to make a row pass. Rows without one are told for what they are and count for nothing.
"""
COLUMNS = ("quantity", "authority", "ours", "theirs", "error", "limit", "kind", "verdict")


def line(row: Row) -> str:
    """One row of a table."""
    limit = f"{figure(row.limit)} {row.unit}" if row.limit else "none outside"
    verdict = "within" if row.holds else "**outside**"
    error = f"{figure(row.error, 2)} {row.unit}"
    if math.isinf(row.limit):
        error, limit, verdict = error if row.unit else "", "", "reported"
    cells = (row.quantity, row.authority, row.ours, row.theirs, error, limit, row.kind, verdict)
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def section(part: Part, data: Path, plots: Path) -> str:
    """Title, text, table and plots of one part."""
    lines = [f"## {part.TITLE}", "", " ".join(part.TEXT.split()), ""]
    lines += ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    lines += [line(row) for row in rows_of(part, data)]
    for drawing in part.figures(data) if hasattr(part, "figures") else ():
        path = drawing.save(plots)
        lines += ["", f"![{drawing.caption}]({plots.name}/{path.name})"]
    return "\n".join(lines)


def summary(data: Path) -> str:
    """How many rows there are, of what kind, and whether they hold."""
    rows = [row for part in parts() for row in rows_of(part, data)]
    held = [row for row in rows if math.isfinite(row.limit)]
    kinds = ", ".join(
        f"{sum(row.kind == kind for row in held)} {kind}" for kind in ("computed", "fitted", "predicted")
    )
    outside = sum(not row.holds for row in held)
    return f"{len(held)} comparisons have a limit ({kinds}); {outside or 'none'} of them lie outside it."


def write(docs: Path, data: Path) -> None:
    """Write validation.md and its plots."""
    plots = docs / "validation"
    plots.mkdir(exist_ok=True)
    for old in plots.glob("*.svg"):
        old.unlink()
    told = [section(part, data, plots) for part in parts()]
    text = "\n\n".join([HEAD.rstrip(), summary(data), *told]) + "\n"
    (docs / "validation.md").write_text(text, "utf-8")


def quantities(text: str) -> dict[str, list[str]]:
    """What a written page holds: title of each part, and the quantity and authority of each of its rows."""
    found: dict[str, list[str]] = {}
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        rows = [row for row in body.splitlines() if row.startswith("| ") and not row.startswith("| quantity")]
        found[title] = [" | ".join(row.split(" | ")[:2]).removeprefix("| ") for row in rows]
    return found
