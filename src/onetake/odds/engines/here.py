"""Here: one part after another, in this thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from onetake.errors import InputError
from onetake.odds.engines import Fly, Progress, Result, Task, Use, parts

DOC = "One thread of this machine."
SIZE = 256  # takes a part


def check(where: str) -> None:
    """Raises InputError for an address."""
    if where:
        raise InputError(f"the engine 'here' flies in one thread of this machine; leave out {where!r}")


@contextmanager
def opened(where: str, task: Task[Result], tell: Progress) -> Iterator[Fly[Result]]:
    """Ready once the kernels are compiled."""
    check(where)
    tell("compiling the flight (once)", 0.0, 0.0)
    task(1, 1)

    def fly(takes: range, use: Use[Result]) -> None:
        for first, count in parts(takes, SIZE):
            use(task(first, count))

    yield fly
