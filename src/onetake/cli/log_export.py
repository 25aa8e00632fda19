"""`onetake log export FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from onetake.cli.answer import Answer, From, Json, Ledger, Person, Superseded, To

EXAMPLE = "onetake log export jumps.csv --originals logs"


def command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="the table to write (CSV)", show_default=False)
    ],
    *,
    originals: Annotated[
        Path | None,
        typer.Option(help="a folder for the log files as they were recorded", show_default=False),
    ] = None,
    person: Person = None,
    from_: From = None,
    to: To = None,
    superseded: Superseded = False,
    ledger: Ledger = None,
    json: Json = False,
) -> Answer:
    """The jumps of the ledger as a table for a spreadsheet; the original log files on request."""
    from onetake.api.log_export import export_jumps

    found: dict[str, Any] = export_jumps(
        file, originals=originals, person=person, from_utc=from_, to_utc=to, superseded_too=superseded,
        ledger=ledger,
    )  # fmt: skip
    return found if json else _words(found, originals)


def _words(found: dict[str, Any], folder: Path | None) -> str:
    from onetake.logbook.text import count

    lines = [f"wrote {count(found['jumps'], 'jump')} to {found['file']}"]
    if folder is not None:
        lines.append(f"wrote {count(len(found['originals']), 'log file')} to {folder}")
    lines += [f"not kept: {one['file']} of jump {one['jump']}" for one in found["not_kept"]]
    return "\n".join(lines)
