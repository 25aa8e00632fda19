"""Engines: where takes are flown. Each file is one, and only makes the answer come sooner or later.

`check(where)` refuses what can be refused before anything is planned.
`opened(where, task, tell)` gets everything ready to fly `task` (compiled, connected, started), gives `fly(takes, use)`
for as long as it is open, and leaves nothing running behind it. `fly` cuts the range of takes as it likes, calls
task(first, count) for each part, wherever that may be, and use(result) in the order of the takes, until all are flown
or `use` raises. A result is small however many takes it is of, and results add up. `where` is what stands behind the
colon of `--engine name:where`, empty without one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TypeVar

from onetake import seams
from onetake.errors import InputError

Result = TypeVar("Result")
Task = Callable[[int, int], Result]
Use = Callable[[Result], None]
Fly = Callable[[range, Use[Result]], None]
Progress = Callable[[str, float, float], None]

SEAM = "onetake.odds.engines"


def opened(engine: str, task: Task[Result], tell: Progress) -> AbstractContextManager[Fly[Result]]:
    """An engine as it is named on the command line, ready for a task. Raises ChoiceError for one that does not exist."""
    name, where = _named(engine)
    ready: AbstractContextManager[Fly[Result]] = seams.load(SEAM, name).opened(where, task, tell)
    return ready


def check(engine: str) -> None:
    """Refuse an engine that cannot fly. Raises ChoiceError for one that does not exist, else as the engine does."""
    name, where = _named(engine)
    seams.load(SEAM, name).check(where)


def _named(engine: str) -> tuple[str, str]:
    """Its name, and what stands behind the colon. Raises InputError for a colon with nothing behind it."""
    name, colon, where = engine.partition(":")
    if colon and not where.strip():
        raise InputError(
            f"{engine!r} names nothing behind its colon; write what belongs there, or {name!r} alone"
        )
    return name, where


def parts(takes: range, size: int) -> Iterator[tuple[int, int]]:
    """A range of takes cut into (first, count) of at most `size`."""
    return ((at, min(size, takes.stop - at)) for at in range(takes.start, takes.stop, size))
