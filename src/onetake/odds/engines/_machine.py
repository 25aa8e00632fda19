"""A dask.distributed cluster of this machine alone: loopback only, one worker process with threads inside.

The scheduler lives in this process, so nothing outlives it: a worker that loses its scheduler ends by itself. The
worker stands in a session of its own, so that Ctrl-C reaches only who can answer it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PATIENCE_S = 3.0  # how long a worker may take to leave


@contextmanager
def cluster(threads: int) -> Iterator[str]:
    """Start a scheduler and a worker of so many threads; the scheduler's address."""
    from distributed import LocalCluster

    with (
        tempfile.TemporaryDirectory(prefix="onetake-", ignore_cleanup_errors=True) as scratch,
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None, silence_logs=False) as scheduler,
        _worker(scheduler.scheduler_address, threads, scratch),
    ):
        yield scheduler.scheduler_address


@contextmanager
def _worker(address: str, threads: int, scratch: str) -> Iterator[None]:
    command = [
        sys.executable, "-m", "distributed.cli.dask_worker", address, "--host", "127.0.0.1", "--no-dashboard",
        "--nworkers", "1", "--nthreads", str(threads), "--local-directory", scratch, "--death-timeout", "30",
    ]  # fmt: skip
    quiet, soon = subprocess.DEVNULL, {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s"}
    process = subprocess.Popen(
        command, start_new_session=True, stdin=quiet, stdout=quiet, stderr=quiet, env=os.environ | soon
    )
    try:
        yield
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to leave, then make it and whatever it started."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(PATIENCE_S)
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
