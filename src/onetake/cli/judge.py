"""`onetake judge SHOT TAKE`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onetake.cli.answer import Answer, Json, ShotFile, read

EXAMPLE = "onetake judge examples/halo/shot.toml take7.take"


def command(
    shot: ShotFile,
    take: Annotated[Path, typer.Argument(metavar="TAKE", help="the take file", show_default=False)],
    json: Json = False,
) -> Answer:
    """Score any take, flown or logged."""
    wanted = read(shot)
    from onetake.api.judge import judge_take, verdict_record
    from onetake.cli.progress import Bar
    from onetake.cli.words import verdict_words
    from onetake.take import read_take

    with Bar() as tell:
        found = read_take(take)
        verdict = judge_take(wanted, found, tell=tell)
    return (
        verdict_record("onetake.judge/1", verdict, take) if json else verdict_words(verdict, str(found.slate))
    )
