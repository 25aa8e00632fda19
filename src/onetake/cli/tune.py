"""`onetake tune SHOT`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onetake.cli.answer import Answer, Engine, Json, Seed, ShotFile

EXAMPLE = "onetake tune examples/halo/shot.toml"


def command(
    shot: ShotFile,
    takes: Annotated[
        int, typer.Option(min=100, max=1_000_000, help="how many takes each figure is said on")
    ] = 2000,
    seed: Seed = 1,
    budget: Annotated[
        int, typer.Option(min=256, max=1_000_000_000, help="how many takes the search may fly, all told")
    ] = 25_000,
    engine: Engine = "threads",
    out: Annotated[Path, typer.Option(metavar="FILE", help="where the new shot file goes")] = Path(
        "takes/tuned.toml"
    ),
    json: Json = False,
) -> Answer:
    """Which dial raises the odds, by how much, without trading safety; writes a shot file with them turned."""
    from onetake.api.tune import tune_record, tune_shot
    from onetake.cli.progress import Bar
    from onetake.cli.words import tune_words

    with Bar() as tell:
        tuning = tune_shot(shot, takes=takes, seed=seed, budget=budget, engine=engine, out=out, tell=tell)
    return tune_record(tuning) if json else tune_words(tuning)
