"""Count: takes 1 … n flown on an engine and added up; kept in a run file on the way, continued from it, cut short.

Results add up in the order of the takes, so what is there at any moment is the result of takes 1 … k, and nothing else
decided which: a count that was cut short is as good as one that was asked for k.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from onetake.errors import ClusterError, InputError, WriteError
from onetake.odds.engines import Fly, Progress, Task, opened
from onetake.odds.runfile import RunFile

MOST_TAKES = 1_000_000_000
TRIAL = MOST_TAKES + 1  # the first number of the takes that tell how many are needed; they are never counted


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, with what had been counted by then in `so_far`."""

    def __init__(self, message: str, so_far: Any) -> None:
        self.so_far = so_far
        super().__init__(message)


class Sum(Protocol):
    """A result that adds up, and knows of how many takes it is."""

    @property
    def takes(self) -> int:
        """How many takes are in it."""

    def __add__(self: Total, other: Total, /) -> Total:
        """The result of the takes of both."""


Total = TypeVar("Total", bound=Sum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(Generic[Total]):
    """total: the result of takes 1 … n; asked: the n wanted; trial: takes flown beside them, not counted; flown_now: of
    them in this run, in wall_s; cut: what ended the count before all were flown."""

    total: Total
    asked: int
    trial: int
    flown_now: int
    wall_s: float
    cut: BaseException | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need(Generic[Total]):
    """How many takes are needed. enough: from trial takes, how many to count, or None to try twice as many first."""

    first_trial: int
    enough: Callable[[Total], int | None]


def check_takes(takes: int) -> None:
    """Raises InputError for a number of takes that cannot be flown."""
    if not 1 <= takes <= MOST_TAKES:
        raise InputError(f"{takes} takes cannot be flown; ask for 1 to {MOST_TAKES:,}")


def count(
    task: Task[Total], *, takes: int, engine: str, tell: Progress, need: Need[Total] | None = None,
    run_file: RunFile[Total] | None = None,
) -> Counted[Total]:  # fmt: skip
    """Fly takes 1 … takes, or as many of them as are needed.

    Raises what the engine raises as long as nothing is counted; afterwards what went wrong is in `cut`, Ctrl-C too.
    """
    check_takes(takes)
    total = run_file.read() if run_file else None
    before = total.takes if total is not None else 0
    asked, trial = takes, 0
    cut: BaseException | None = None
    began = time.perf_counter()

    def use(part: Total) -> None:
        nonlocal total
        total = part if total is None else total + part  # one step: an interruption never leaves half a sum
        if run_file:
            run_file.keep(total)
        tell("flying", total.takes, asked)

    try:
        with opened(engine, task, tell) as fly:
            began = time.perf_counter()
            if need:
                asked, trial = _needed(fly, need, takes, tell)
            if before > asked:
                raise InputError(
                    f"the run file holds {before:,} takes, more than {asked:,}; ask for as many or name another file"
                )
            tell("flying", before, asked)
            fly(range(before + 1, asked + 1), use)
    except (KeyboardInterrupt, ClusterError) as error:
        if total is None or total.takes == before:
            raise
        cut = error
    wall_s = time.perf_counter() - began
    assert total is not None
    if run_file:
        try:
            run_file.write(total)
        except WriteError as error:
            cut = cut or error
    return Counted(
        total=total, asked=asked, trial=trial, flown_now=total.takes - before, wall_s=wall_s, cut=cut
    )


def _needed(fly: Fly[Total], need: Need[Total], most: int, tell: Progress) -> tuple[int, int]:
    """How many takes to count, and how many were tried to find out."""
    tried: Total | None = None

    def use(part: Total) -> None:
        nonlocal tried
        tried = part if tried is None else tried + part

    until = need.first_trial
    while True:
        tell("finding out how many takes are needed", 0.0, 0.0)
        fly(range(TRIAL + (tried.takes if tried is not None else 0), TRIAL + until), use)
        assert tried is not None
        if tried.takes >= most:
            return most, tried.takes
        if (enough := need.enough(tried)) is not None:
            return min(enough, most), tried.takes
        until *= 2
