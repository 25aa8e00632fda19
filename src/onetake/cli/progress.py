"""A progress bar on a terminal, silence in a pipe, and a last word when somebody presses Ctrl-C."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Bar:
    """Call it with what is being done, how much is done, and of how much. It draws on stderr only."""

    def __init__(self) -> None:
        self._what, self._done, self._total = "", 0.0, 0.0
        self._screen: Progress | None = None
        self._task: TaskID | None = None

    def __call__(self, what: str, done: float, total: float) -> None:
        """Note how far the work is."""
        new = what != self._what
        self._what, self._done, self._total = what, done, total
        if self._screen is None:
            return
        if new or self._task is None:
            if self._task is not None:
                self._screen.remove_task(self._task)
            self._task = self._screen.add_task(what, amount="")
        self._screen.update(self._task, completed=done, total=total or None, amount=self._amount())

    def __enter__(self) -> Bar:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            self._screen = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.fields[amount]}"),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._screen.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._screen is not None:
            self._screen.stop()
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            print(f"interrupted{self._reached()}", file=sys.stderr)

    def _amount(self) -> str:
        return f"{self._done:,.0f} of {self._total:,.0f}" if self._total > 1 else ""

    def _reached(self) -> str:
        if not self._what:
            return ""
        return f" at: {self._what}, {self._amount()} done" if self._amount() else f" at: {self._what}"
