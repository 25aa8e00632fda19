"""Parts: work on many takes cut into slices, one slice a core at a time, results in order."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from onetake.odds.engines.threads import cores

T = TypeVar("T")


def in_parts(work: Callable[[slice], T], count: int, size: int) -> list[T]:
    """`work` on slices of at most `size` out of `count`. The kernels let go of the interpreter while they fly."""
    slices = [slice(at, min(at + size, count)) for at in range(0, count, size)]
    with ThreadPoolExecutor(max_workers=cores()) as pool:
        return list(pool.map(work, slices))
