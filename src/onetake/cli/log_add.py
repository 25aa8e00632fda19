"""`onetake log add PATH …`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from onetake.cli.answer import Answer, Json, Ledger

EXAMPLE = "onetake log add logs --person actor"
_TOLD = 20  # lines of a kind; --json has all


def command(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH …", help="logs, and folders of logs", show_default=False)
    ],
    *,
    person: Annotated[str | None, typer.Option(help="whose jumps they are", show_default=False)] = None,
    recording: Annotated[
        str | None,
        typer.Option(
            help="which recording of a file with several is that person's, by name or number",
            show_default=False,
        ),
    ] = None,
    correct: Annotated[
        bool, typer.Option("--correct", help="add again what is there already, in its place")
    ] = False,
    ledger: Ledger = None,
    json: Json = False,
) -> Answer:
    """Read logs into the ledger: any number of files and folders; what is there already changes nothing."""
    from onetake.api.log_add import add_logs
    from onetake.cli.progress import Bar

    with Bar() as tell:
        found: dict[str, Any] = add_logs(
            *paths, person=person, recording=recording, ledger=ledger, correct=correct, tell=tell
        )
    return found if json else _words(found)


def _words(found: dict[str, Any]) -> str:
    added, known, refused = found["added"], found["known"], found["refused"]
    lines = [_line(one) for one in added[:_TOLD]] + _more(added)
    lines += [f"already there: {_files(one)} is jump {one['jump']}{_of(one)}" for one in known[:_TOLD]]
    lines += _more(known)
    lines += [f"refused: {one['why']}" for one in refused]
    over = f"; in the folders also {found['passed_over']:,} that are no logs" if found["passed_over"] else ""
    lines.append(
        f"{len(added):,} added, {len(known):,} there already, {len(refused):,} refused{over}; ledger {found['ledger']}"
    )
    return "\n".join(lines)


def _line(one: dict[str, Any]) -> str:
    when = f"exit {one['exit_utc']}" if one["exit_utc"] else "no exit"
    wrong = (
        f"; problems: {', '.join(problem['slug'] for problem in one['problems'])}" if one["problems"] else ""
    )
    instead = f"; in place of {', '.join(map(str, one['supersedes']))}" if one["supersedes"] else ""
    return f"jump {one['jump']}: {_files(one)}{_of(one)}, {one['format']}, {when}{instead}{wrong}"


def _files(one: dict[str, Any]) -> str:
    more = len(one["files"]) - 1
    return f"{one['files'][0]} and {more} more of its session" if more else str(one["files"][0])


def _of(one: dict[str, Any]) -> str:
    return f" of {one['person']}" if one["person"] else ""


def _more(rows: list[Any]) -> list[str]:
    return [f"… and {len(rows) - _TOLD:,} more"] if len(rows) > _TOLD else []
