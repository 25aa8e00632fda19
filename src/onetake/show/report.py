"""The report: one self-contained HTML file from whatever is known of a shot, a plan, a take and its odds."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from onetake import seams
from onetake.jump import JumpPlan
from onetake.odds.summary import Odds
from onetake.shot.file import Shot
from onetake.show.curves import Curves
from onetake.show.material import Material
from onetake.show.page import page
from onetake.take import Take
from onetake.verdict import Verdict
from onetake.weather.column import Column


def render(
    *,
    shot: Shot,
    plan: JumpPlan | None = None,
    take: Take | None = None,
    verdict: Verdict | None = None,
    curves: Curves | None = None,
    odds: Odds | None = None,
    column: Column | None = None,
    notes: Sequence[str] = (),
    card: str | None = None,
) -> str:
    """The report as text. What is None is said to be missing, and why; the same input gives the same text.

    card: the one-page jump card as plain text. notes: sentences for the end of the report. Everything that came from
    a file is escaped; numbers that are not finite are dashes.
    """
    return page(
        Material(
            shot=shot, plan=plan, take=take, verdict=verdict, curves=curves, odds=odds, column=column,
            notes=tuple(notes), card=card,
        )
    )  # fmt: skip


def write_report(
    path: str | os.PathLike[str],
    *,
    shot: Shot,
    plan: JumpPlan | None = None,
    take: Take | None = None,
    verdict: Verdict | None = None,
    curves: Curves | None = None,
    odds: Odds | None = None,
    column: Column | None = None,
    notes: Sequence[str] = (),
    card: str | None = None,
) -> Path:
    """Write the report in the format of the file's ending; see `render`. Raises ChoiceError for an unknown ending.

    A crash never leaves half a file under the final name.
    """
    target = Path(path)
    form = target.suffix.removeprefix(".").lower() or "html"
    material = Material(
        shot=shot, plan=plan, take=take, verdict=verdict, curves=curves, odds=odds, column=column, notes=tuple(notes),
        card=card,
    )  # fmt: skip
    written: Path = seams.load("onetake.show.outputs", form).write(target, material)
    return written
