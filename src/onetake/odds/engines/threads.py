"""Threads: a part a core at a time; the kernels let go of the interpreter while they fly."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from onetake.errors import InputError
from onetake.odds.engines import Fly, Progress, Result, Task, Use, parts

DOC = "All cores of this machine, or as many threads as are named: threads:2."
SIZE, MOST = 256, 1024


def check(where: str) -> None:
    """Raises InputError for what is not a number of threads."""
    if where and not (where.isascii() and where.isdigit() and len(where) < 5 and 1 <= int(where) <= MOST):
        raise InputError(f"the engine 'threads' takes a number of threads from 1 to {MOST}; found {where!r}")


@contextmanager
def opened(where: str, task: Task[Result], tell: Progress) -> Iterator[Fly[Result]]:
    """Ready once the kernels are compiled."""
    check(where)
    workers = int(where) if where else cores()
    tell("compiling the flight (once)", 0.0, 0.0)
    task(1, 1)

    def fly(takes: range, use: Use[Result]) -> None:
        waiting: deque[Future[Result]] = deque()
        with ThreadPoolExecutor(max_workers=workers) as pool:
            try:
                for first, count in parts(takes, SIZE):
                    waiting.append(pool.submit(task, first, count))
                    if len(waiting) >= 2 * workers:
                        use(waiting.popleft().result())
                while waiting:
                    use(waiting.popleft().result())
            finally:
                for future in waiting:
                    future.cancel()

    yield fly


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
