"""What a command gives back to be printed: a JSON object, or text for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from onetake.shot.file import Shot

OK, OUR_FAULT, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cut:
    """What there is of an answer that was cut short, why, and the exit status of that."""

    answer: Object | str
    why: str
    status: int


Answer = Object | str | Cut

Json = Annotated[bool, typer.Option("--json", help="print one JSON object and nothing else")]
ShotFile = Annotated[str, typer.Argument(metavar="SHOT", help="the shot file (TOML)", show_default=False)]
Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="the same seed gives the same takes")]
Takes = Annotated[int, typer.Option(min=1, max=1_000_000_000, help="how many takes to fly")]
Engine = Annotated[
    str,
    typer.Option(
        help="here: one thread; threads: all cores, threads:2: two; dask:HOST:PORT: a cluster; dask: one started here"
    ),
]
Rare = Annotated[
    str | None,
    typer.Option(
        metavar="EVENT", help="contact: its probability where counting takes cannot reach", show_default=False
    ),
]
Sensitive = Annotated[
    bool,
    typer.Option("--sensitivity", help="also which assumption moves the odds most; takes a minute or two"),
]

Ledger = Annotated[
    str | None,
    typer.Option(
        metavar="PATH|ADDRESS",
        help="an SQLite file or postgresql://USER@HOST/DATABASE; else ONETAKE_LEDGER, else your own",
        show_default=False,
    ),
]
Person = Annotated[str | None, typer.Option(help="the jumps of one person", show_default=False)]
From = Annotated[
    str | None, typer.Option("--from", help="no jump before this day or time, UTC", show_default=False)
]
To = Annotated[
    str | None,
    typer.Option("--to", help="no jump after this day, or from this time on, UTC", show_default=False),
]
Superseded = Annotated[
    bool, typer.Option("--superseded", help="also those that a later row took the place of")
]


def read(shot: str) -> Shot:
    """Read the shot file before anything heavy is imported: what is wrong with it is said at once."""
    from onetake.shot.file import read_shot

    return read_shot(shot)
