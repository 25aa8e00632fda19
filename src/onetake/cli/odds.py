"""`onetake odds SHOT`."""

from __future__ import annotations

from onetake.cli.answer import Answer, Engine, Json, Rare, Seed, Sensitive, ShotFile, Takes, read

EXAMPLE = "onetake odds examples/two-way/shot.toml --takes 10000"


def command(
    shot: ShotFile,
    takes: Takes = 2000,
    seed: Seed = 1,
    engine: Engine = "threads",
    rare: Rare = None,
    sensitivity: Sensitive = False,
    json: Json = False,
) -> Answer:
    """Monte Carlo: how often the shot is caught, and why not."""
    wanted = read(shot)
    from onetake.api.odds import odds_of, odds_record
    from onetake.cli.progress import Bar
    from onetake.cli.words import odds_words

    with Bar() as tell:
        odds = odds_of(
            wanted, takes=takes, seed=seed, engine=engine, rare=rare, sensitivity=sensitivity, tell=tell
        )
    return odds_record(odds) if json else odds_words(odds)
