"""`onetake run SHOT`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onetake.cli.answer import Answer, Engine, Json, Rare, Seed, Sensitive, ShotFile, Takes, read
from onetake.cli.odds import cut_short

EXAMPLE = "onetake run examples/halo/shot.toml"


def command(
    shot: ShotFile,
    takes: Takes = 2000,
    seed: Seed = 1,
    engine: Engine = "threads",
    out: Annotated[Path, typer.Option(metavar="DIR", help="where report, card, take and numbers go")] = Path(
        "takes"
    ),
    rare: Rare = None,
    sensitivity: Sensitive = False,
    json: Json = False,
) -> Answer:
    """Plan, fly the nominal take, judge it, odds, report: the main job."""
    wanted = read(shot)
    from onetake.api.run import run_record, run_shot
    from onetake.cli.progress import Bar
    from onetake.cli.words import run_words
    from onetake.errors import UnfinishedError
    from onetake.odds.count import Interrupted

    try:
        with Bar() as tell:
            result = run_shot(
                wanted,
                takes=takes,
                seed=seed,
                engine=engine,
                out=out,
                rare=rare,
                sensitivity=sensitivity,
                tell=tell,
            )
    except (Interrupted, UnfinishedError) as cut:
        return cut_short(cut, json)
    return run_record(result) if json else run_words(result)
