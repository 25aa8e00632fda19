"""`onetake new DIR`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onetake.cli.answer import Answer, Json

EXAMPLE = "onetake new my-shot"


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="a new or empty folder", show_default=False)],
    example: Annotated[str, typer.Option(help="which example to copy: halo or two-way")] = "halo",
    json: Json = False,
) -> Answer:
    """A working example to start from."""
    from onetake.api.new import new_example
    from onetake.api.record import record

    shot = new_example(folder, example)
    if json:
        return record("onetake.new/1", example=example, shot_file=shot)
    return f"wrote {shot}\nnext: onetake run {shot}"
