"""The `onetake` command: builds the list of verbs, prints what they answer, and turns every failure into one message.

Exit status: 0 done, whatever the verdict; 2 bad input or usage; 1 our fault; 130 interrupted.
"""

from __future__ import annotations

import json
import os
import re
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from onetake.cli import (
    calibrate,
    fly,
    inspect,
    judge,
    log_add,
    log_export,
    log_list,
    log_show,
    new,
    odds,
    plan,
    run,
    tune,
)
from onetake.cli.answer import BAD_INPUT, INTERRUPTED, OK, OUR_FAULT, Cut
from onetake.errors import OnetakeError
from onetake.files import why

_VERBS = {
    "run": run, "plan": plan, "fly": fly, "odds": odds, "tune": tune, "judge": judge, "inspect": inspect,
    "calibrate": calibrate, "new": new,
}  # fmt: skip
_GROUPS = {
    "log": (
        "The ledger: every jump that was logged, kept for good.",
        {"add": log_add, "list": log_list, "show": log_show, "export": log_export},
    ),
}
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_OUR_FAULT = """onetake failed, and it is our fault, not yours: {error}
Please report it: set ONETAKE_TRACEBACK=1, run the same command again, and send what it prints
together with the command and its files (CONTRIBUTING.md says where)."""


def build() -> Any:
    """The command with all its verbs."""
    app = typer.Typer(
        help="Plan, fly, judge and rehearse a freefall stunt that must be caught in one take. "
        "A planning aid beside a qualified jumpmaster, never instead of one.",
        epilog="Example: onetake run examples/halo/shot.toml",
        rich_markup_mode=None,
        add_completion=False,
        no_args_is_help=True,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(_options)
    for name, verb in _VERBS.items():
        app.command(name, epilog=f"Example: {verb.EXAMPLE}")(verb.command)
    for group, (what, verbs) in _GROUPS.items():
        under = typer.Typer(help=what, rich_markup_mode=None, no_args_is_help=True)
        for name, verb in verbs.items():
            under.command(name, epilog=f"Example: {verb.EXAMPLE}")(verb.command)
        app.add_typer(under, name=group)
    return typer.main.get_command(app)


def main(args: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    try:
        status = _answer(args)
        sys.stdout.flush()
        return status
    except (BrokenPipeError, SystemExit):  # the reader has seen enough; typer turns that into SystemExit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return INTERRUPTED


def _answer(args: Sequence[str] | None) -> int:
    try:
        answer = build().main(args=args, prog_name="onetake", standalone_mode=False)
        if isinstance(answer, int):
            return answer
        if isinstance(answer, Cut):
            _print(answer.answer)
            return _fail(answer.why, answer.status)
        _print(answer)
        return OK
    except typer.TyperException as error:
        return _fail(_usage(error), BAD_INPUT)
    except OnetakeError as error:
        return _fail(str(error), BAD_INPUT)
    except BrokenPipeError:
        raise
    except _StdoutError as error:
        return _fail(f"the answer cannot be written ({why(error.reason)})", BAD_INPUT)
    except Exception as error:
        if os.environ.get("ONETAKE_TRACEBACK"):
            traceback.print_exc()
        if isinstance(error, OSError) and _theirs(error):
            return _fail(f"{error.filename}: {why(error)}", BAD_INPUT)
        return _fail(_OUR_FAULT.format(error=f"{type(error).__name__}: {error}"), OUR_FAULT)


def _theirs(error: OSError) -> bool:
    """A file outside the package that cannot be opened or written is the user's to mend."""
    if not isinstance(error.filename, str | os.PathLike):
        return False
    return not Path(error.filename).resolve().is_relative_to(Path(__file__).resolve().parents[1])


def _usage(error: typer.TyperException) -> str:
    """What is wrong with the command as typed, and where help is."""
    context = getattr(error, "ctx", None)
    if context is None or error.format_message() == context.get_help():
        return error.format_message()
    return f"{error.format_message()}\nTry: {context.command_path} --help"


class _StdoutError(Exception):
    """Where the answer goes cannot take it: a full disk behind a `>`."""

    def __init__(self, reason: OSError) -> None:
        self.reason = reason
        super().__init__(str(reason))


def _print(answer: dict[str, Any] | str) -> None:
    text = json.dumps(answer, allow_nan=False, indent=2) if isinstance(answer, dict) else _shown(answer)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a terminal without ° or ½ still shows the rest
    try:
        print(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # what is left of it is not tried again
        raise _StdoutError(error) from error


def _fail(message: str, status: int) -> int:
    print(_shown(message), file=sys.stderr)
    return status


def _shown(text: str) -> str:
    """Text without what moves a terminal's cursor or changes its colours: names come out of files."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"onetake {version('onetake')}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    pass
