"""Warm: on a cold machine, compile half of the kernels in a second process while this one compiles the others.

Both write to the same cache, function by function, so whoever comes to a function second finds it there. Run as a
module it is that second process.
"""

from __future__ import annotations

import atexit
import subprocess
import sys

_beside: subprocess.Popen[bytes] | None = None


def start() -> None:
    """Begin compiling beside this process, unless it has been done on this machine before."""
    global _beside  # noqa: PLW0603  # one process beside this one, however often it is asked for
    from onetake.kernel import CACHE

    if _beside is None and not any(CACHE.rglob("kernel.judge_block-*.nbi")):
        _beside = subprocess.Popen(
            [sys.executable, "-m", "onetake.api.warm"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        atexit.register(stop)


def wait() -> None:
    """Wait for the process beside this one; whatever became of it, this one can do without it."""
    if _beside is not None:
        _beside.wait()


def stop() -> None:
    """End it: nothing stays behind an interrupted command."""
    if _beside is not None and _beside.poll() is None:
        _beside.terminate()
        _beside.wait()


def compile_half() -> None:
    """The last blocks of the flight first, then the judge and the draws: the order in which they will be missed."""
    from numba import types

    from onetake.fly import kernel as fly
    from onetake.judge import kernel as judge
    from onetake.kernel import philox_words

    def array(dtype: types.Type, dimensions: int) -> types.Array:
        return types.Array(dtype, dimensions, "C")

    real, whole, word = types.float32, types.int64, types.uint32
    state = array(real, 1)

    def several(n: int, of: types.Type = real) -> types.Type:
        return types.Tuple((of,) * n)  # type: ignore[no-untyped-call]  # numba has no types

    pair, triple, earth = several(2), several(3), several(8)
    fly.collisions.compile((state, array(real, 2), whole, whole, real, array(real, 2), triple, pair))
    fly.glides.compile((state, whole, whole, pair, pair, pair, earth, array(real, 2)))
    fly.subject_body.compile((state, whole, several(7, several(9)), several(17), earth))
    floats = [array(real, n) for n in (2, 3, 3, 3, 1, 2, 1, 2, 2, 4)]
    judge.judge_block.compile((array(real, 4), array(whole, 1), *floats, whole, whole))
    philox_words.compile((word, word, array(whole, 1), array(word, 3)))


if __name__ == "__main__":
    compile_half()
