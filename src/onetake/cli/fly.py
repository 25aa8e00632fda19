"""`onetake fly SHOT`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onetake.cli.answer import Answer, Json, ShotFile, read

EXAMPLE = "onetake fly examples/halo/shot.toml --seed 7 --out take7.take"


def command(
    shot: ShotFile,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=2**63 - 1, help="draw the take of this seed; without it, the nominal take"),
    ] = None,
    take: Annotated[
        int | None,
        typer.Option(min=1, max=1_000_000_000, help="which take of that seed's odds (of seed 1 unless said)"),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="write the take file")] = None,
    json: Json = False,
) -> Answer:
    """One take, flown and judged."""
    wanted = read(shot)
    from onetake.api.fly import fly_take
    from onetake.api.judge import verdict_record
    from onetake.cli.progress import Bar
    from onetake.cli.words import verdict_words

    with Bar() as tell:
        flown, verdict = fly_take(wanted, seed=seed, number=take, out=out, tell=tell)
    if json:
        return verdict_record("onetake.fly/1", verdict, out)
    return verdict_words(verdict, str(flown.slate)) + (f"\nwrote {out}" if out else "")
