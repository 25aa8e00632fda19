"""How kernels are compiled, and where the machine code is kept.

Every block of a kernel is compiled by a process that does nothing else, and flown from the cache by all others.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from numba import config, njit
from numba.core.caching import FunctionCache
from numba.core.runtime.nrt import rtsys
from numba.np.unsafe.ndarray import to_fixed_tuple


def _cache_folder() -> Path:
    """Where compiled kernels are kept: per user, and per state of the text of the kernels, their layouts and this file.

    Numba looks at one file at a time, so a change in a kernel that another one calls would go unseen. Where the
    user's own cache cannot be written, it is the system's folder for what need not last.
    """
    package = Path(__file__).parent
    files = sorted([*package.rglob("kernel.py"), *package.rglob("state.py"), Path(__file__)])
    text = b"".join(path.read_bytes() for path in files)
    given = os.environ.get("ONETAKE_CACHE") or os.environ.get("NUMBA_CACHE_DIR")
    home = Path(given or os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    state = hashlib.sha256(text).hexdigest()[:16]
    for folder in (home / "onetake" / state, Path(tempfile.gettempdir()) / f"onetake-{_user()}" / state):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            break
    return folder


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


CACHE = _cache_folder()
# not by the environment: whoever imported numba first would have read it already
config.CACHE_DIR = str(CACHE)  # type: ignore[attr-defined]  # made of the environment when numba is imported

# contract, reassoc, nsz, arcp: fast; never nnan or ninf, which make NaN pass a test
FLAGS = {"contract", "reassoc", "nsz", "arcp"}

lane = njit(forceinline=True, fastmath=FLAGS, error_model="numpy")
# a piece of a block, compiled into it and never kept alone: what comes from the cache is not inlined and rounds otherwise
part = njit(nogil=True, fastmath=FLAGS, error_model="numpy")
floats: Any = to_fixed_tuple  # the first n numbers of an array as a tuple; n is a literal

_COMPILES = "ONETAKE_COMPILES"  # set in a process that compiles for the cache


def block(function):
    """Compile the top of a kernel: kept in the cache, and always taken from there (see `_Beside`)."""
    compiled = njit(nogil=True, cache=True, fastmath=FLAGS, error_model="numpy")(function)
    if not config.DISABLE_JIT:  # type: ignore[attr-defined]  # made of the environment, as above
        compiled._cache = _Beside(function)  # type: ignore[attr-defined]  # numba gives no other way in
    return compiled


class _Beside(FunctionCache):
    """The cache of a block; what it has not got is compiled first, by a process that does nothing else.

    The last bit of a number depends on what a process has compiled before, and on whether it compiled or loaded the
    block. So nobody compiles for himself: every process, first or last, here or in a cluster, flies the same code.
    Where the cache cannot be written there is no way but to compile here.
    """

    def load_overload(self, sig, target_context):
        # numba's own way first makes ready to compile; what is loaded needs the memory that it runs in, and no more
        rtsys.initialize(target_context)
        found = self._load_overload(sig, target_context)
        if found is None and _COMPILES not in os.environ:
            beside = compile_beside(self._py_func, sig)
            try:
                beside.wait()
            finally:
                beside.kill()
            found = self._load_overload(sig, target_context)
        return found


def compile_beside(function: Any, signature: Any) -> subprocess.Popen[bytes]:
    """A new process that compiles one block for the types of its arguments, leaves it in the cache and ends."""
    task = pickle.dumps((function.__module__, function.__name__, signature))
    beside = subprocess.Popen(
        [sys.executable, "-c", "from onetake.compiled import _compile; _compile()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {_COMPILES: "1", "PYTHONHASHSEED": "0"},  # the order of a set changes no bit
    )
    if beside.stdin is not None:
        with beside.stdin as pipe:
            pipe.write(task)
    return beside


def _compile():
    module, name, signature = pickle.load(sys.stdin.buffer)
    getattr(import_module(module), name).compile(signature)
