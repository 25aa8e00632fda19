"""`onetake odds SHOT`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onetake.cli.answer import (
    BAD_INPUT,
    INTERRUPTED,
    Answer,
    Cut,
    Engine,
    Json,
    Object,
    Rare,
    Seed,
    Sensitive,
    ShotFile,
    read,
)

if TYPE_CHECKING:
    from onetake.errors import UnfinishedError
    from onetake.odds.count import Interrupted
    from onetake.odds.summary import Odds

EXAMPLE = "onetake odds examples/two-way/shot.toml --takes 10000"


def command(
    shot: ShotFile,
    takes: Annotated[
        int | None,
        typer.Option(min=1, max=1_000_000_000, help="how many takes to fly (2000); with --until, at most"),
    ] = None,
    seed: Seed = 1,
    engine: Engine = "threads",
    until: Annotated[
        str | None,
        typer.Option(
            metavar="WIDTH", help='fly as many takes as the 95 % interval needs to be so narrow: "±1 %"'
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="SHOT", help="another shot, flown with the same takes: the difference of the two"
        ),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="keep what is counted in FILE, and go on from it where it exists"),
    ] = None,
    rare: Rare = None,
    sensitivity: Sensitive = False,
    json: Json = False,
) -> Answer:
    """Monte Carlo: how often the shot is caught, and why not."""
    wanted = read(shot)
    other = read(str(against)) if against is not None else None
    from onetake.api.odds import odds_of
    from onetake.cli.progress import Bar
    from onetake.errors import UnfinishedError
    from onetake.odds.count import Interrupted

    try:
        with Bar() as tell:
            odds = odds_of(
                wanted, takes=takes, seed=seed, engine=engine, until=until, against=other, resume=resume, rare=rare,
                sensitivity=sensitivity, tell=tell,
            )  # fmt: skip
    except (Interrupted, UnfinishedError) as cut:
        return cut_short(cut, json)
    return _answer(odds, json)


def cut_short(cut: Interrupted | UnfinishedError, json: bool) -> Cut:
    """The odds of what was counted before something ended it."""
    status = INTERRUPTED if isinstance(cut, KeyboardInterrupt) else BAD_INPUT
    return Cut(_answer(cut.so_far, json), str(cut), status)


def _answer(odds: Odds, json: bool) -> Object | str:
    from onetake.api.odds import odds_record
    from onetake.cli.words import odds_words

    return odds_record(odds) if json else odds_words(odds)
