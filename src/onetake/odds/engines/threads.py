"""Threads: one chunk a core at a time; the kernels let go of the interpreter while they fly."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from onetake.odds.chunks import Rows, Work, fly_chunk

DOC = "A chunk a core at a time."


def run(work: Work, chunks: Sequence[tuple[int, int]], use: Callable[[Rows], None]) -> None:
    """Fly (first, count) chunks on all cores this process may use; results are used in order of the chunks."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    waiting: deque[Future[Rows]] = deque()
    with ThreadPoolExecutor(max_workers=cores) as pool:
        try:
            for first, count in chunks:
                waiting.append(pool.submit(fly_chunk, work, first, count))
                if len(waiting) >= 2 * cores:
                    use(waiting.popleft().result())
            while waiting:
                use(waiting.popleft().result())
        finally:
            for future in waiting:
                future.cancel()
