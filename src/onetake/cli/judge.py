"""`onetake judge SHOT TAKE`, `onetake judge SHOT --log NAME=FILE …`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onetake.cli.answer import Answer, Json, ShotFile, read

EXAMPLE = "onetake judge examples/halo/shot.toml --log operator=A.CSV --log actor=B.CSV"


def command(
    shot: ShotFile,
    take: Annotated[
        Path | None,
        typer.Argument(metavar="[TAKE]", help="the take file, where there are no logs", show_default=False),
    ] = None,
    *,
    log: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FILE", help="the log of one person, once for each", show_default=False),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="where to write the take file", show_default=False)] = None,
    report: Annotated[
        Path | None, typer.Option(help="where to write the report (HTML)", show_default=False)
    ] = None,
    json: Json = False,
) -> Answer:
    """Score any take, flown or logged."""
    wanted = read(shot)
    from onetake.api.judge import judged, verdict_record
    from onetake.api.logged import named_logs
    from onetake.cli.progress import Bar
    from onetake.cli.words import logged_words, verdict_words

    with Bar() as tell:
        found = judged(wanted, take, logs=named_logs(log or []), out=out, report=report, tell=tell)
    if json:
        return verdict_record("onetake.judge/1", found.verdict, out or take, found.logs)
    said = verdict_words(found.verdict, str(found.take.slate))
    return said if found.logs is None else f"{said}\n{logged_words(found.logs)}"
