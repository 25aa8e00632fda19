"""`onetake log show JUMP`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from onetake.cli import inspect
from onetake.cli.answer import Answer, Json, Ledger

EXAMPLE = "onetake log show 12"


def command(
    jump: Annotated[
        int, typer.Argument(metavar="JUMP", help="its number in the ledger", min=1, show_default=False)
    ],
    *,
    ledger: Ledger = None,
    json: Json = False,
) -> Answer:
    """All that the ledger knows of one jump."""
    from onetake.api.log_show import show_jump

    found: dict[str, Any] = show_jump(jump, ledger=ledger)
    return found if json else _words(found)


def _words(found: dict[str, Any]) -> str:
    lines = [
        f"jump {found['jump']}, {found['person'] or 'nobody named'}; added {found['added_utc']} by onetake {found['read_by']}"
    ]
    if found["supersedes"]:
        lines.append(f"in place of {', '.join(map(str, found['supersedes']))}")
    if found["superseded_by"] is not None:
        lines.append(f"SUPERSEDED by jump {found['superseded_by']}")
    for one in found["files"]:
        kept = "kept" if one["kept"] else "not kept"
        lines.append(f"  {one['name']}, {one['size_bytes']:,} bytes, {kept}, SHA-256 {one['digest']}")
    return "\n".join([*lines, inspect.log_words(found["log"])])
