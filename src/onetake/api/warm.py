"""Warm: on a cold machine, compile the kernels in two processes beside this one, which then takes them from the cache.

Never in this one: what numba compiles for itself and what it takes from its cache may round differently in the last
place, and a first run must have the bits of the next. Run as a module with the name of a half it is one of the two.
"""

from __future__ import annotations

import atexit
import subprocess
import sys

HALVES = ("flight", "judge")
_beside: list[subprocess.Popen[bytes]] = []


def start() -> bool:
    """Begin compiling beside this process, unless it has been done on this machine before; whether it has begun."""
    from onetake.kernel import CACHE

    done = (any(CACHE.rglob(f"kernel.{block}-*.nbi")) for block in ("fly_block", "judge_block"))
    if not _beside and not all(done):
        _beside.extend(
            subprocess.Popen(
                [sys.executable, "-m", "onetake.api.warm", half],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for half in HALVES
        )
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


def compile_half(half: str) -> None:
    """The flight, or the judge and the draws."""
    from numba import types

    def array(dtype: types.Type, dimensions: int) -> types.Array:
        return types.Array(dtype, dimensions, "C")

    real, whole, word = types.float32, types.int64, types.uint32
    if half == "flight":
        from onetake.fly.kernel import fly_block

        floats = [array(real, n) for n in (4, 4, 2, 1, 3, 2)]
        fly_block.compile(
            (array(real, 2), array(real, 2), array(types.int32, 2), *floats, whole, whole, array(word, 1))
        )
    else:
        from onetake.judge.kernel import judge_block
        from onetake.kernel import philox_words

        floats = [array(real, n) for n in (2, 3, 3, 3, 1, 2, 1, 2, 2, 4)]
        judge_block.compile((array(real, 4), array(whole, 1), *floats, whole, whole))
        philox_words.compile((word, word, array(whole, 1), array(word, 3)))


if __name__ == "__main__":
    compile_half(sys.argv[1])
