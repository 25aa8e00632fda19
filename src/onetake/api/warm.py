"""Warm: on a cold machine, begin to compile all blocks at once, each in a process beside this one.

Without it each block would be compiled when it is first called, one after the other.
"""

from __future__ import annotations

import atexit
import subprocess
from collections.abc import Callable
from typing import Any

_beside: list[subprocess.Popen[bytes]] = []


def start() -> bool:
    """Begin compiling, unless it has been done on this machine before; whether it has begun."""
    from onetake.compiled import CACHE, compile_beside

    if not _beside:
        for block, signature in _blocks():
            if not any(CACHE.rglob(f"kernel.{block.__name__}-*.nbi")):
                _beside.append(compile_beside(block, signature))
        if _beside:
            atexit.register(stop)
    return bool(_beside)


def wait() -> None:
    """Wait for the processes beside this one; whatever became of them, this one can do without them."""
    for process in _beside:
        process.wait()


def stop() -> None:
    """End them: nothing stays behind an interrupted command."""
    for process in _beside:
        if process.poll() is None:
            process.terminate()
            process.wait()


def _blocks() -> list[tuple[Callable[..., None], tuple[Any, ...]]]:
    """Each block and the types it is called with."""
    from numba import types

    from onetake.fly.kernel import fly_block
    from onetake.judge.kernel import judge_block
    from onetake.kernel import philox_words

    def arrays(dtype: types.Type, *dimensions: int) -> tuple[types.Array, ...]:
        return tuple(types.Array(dtype, n, "C") for n in dimensions)

    real, whole, word = types.float32, types.int64, types.uint32
    flight = (
        *arrays(real, 2, 2), *arrays(types.int32, 2), *arrays(real, 4, 3, 2, 1, 3, 2), whole, whole, *arrays(word, 1)
    )  # fmt: skip
    judge = (*arrays(real, 3), *arrays(whole, 2), *arrays(real, 2, 3, 3, 3, 1, 2, 1, 2, 2, 4), whole, whole)
    draws = (word, word, *arrays(whole, 1), *arrays(word, 3))
    return [(fly_block, flight), (judge_block, judge), (philox_words, draws)]
