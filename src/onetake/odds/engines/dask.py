"""Dask: parts are flown by the workers of a dask.distributed cluster, one already running or one started here.

A part carries its whole task, packed (12–20 kB), so any worker can fly it, and fly it again when another one dies; its
result is packed too (about 2 kB). A worker flies as many parts at a time as it has threads: start one worker process a
machine. Parts are cut to last two seconds, on large clusters longer, so that the scheduler's milliseconds do not count.
"""

from __future__ import annotations

import asyncio
import logging
import math
import pickle
import re
import time
import warnings
import zlib
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from onetake.errors import ClusterError, MissingExtraError
from onetake.odds.engines import Fly, Progress, Result, Task, Use
from onetake.odds.engines.threads import cores
from onetake.odds.identity import software

if TYPE_CHECKING:
    from distributed import Client, Future, as_completed

DOC = "A dask.distributed cluster: dask:ADDRESS of its scheduler, or dask alone to start one on this machine."
CHUNK = 128  # a part is a multiple of this
PART_S = 2.0  # how long a part should last, at least
PARTS_PER_S = 100.0  # as many as one scheduler hands out at its ease; larger clusters get longer parts
FIRST = 1024  # takes of a part before anything was timed
AHEAD = 2  # parts under way for each thread of the cluster
BUFFERED = 4096  # results that may wait for an earlier one
ANSWER_S = 10.0  # how long a scheduler may take to answer
NO_WORKER_S = 60.0  # how long a cluster may be without any worker
LOOK_S = 2.0  # how often the workers are counted
IDLE_S = 0.01
_ADDRESS = re.compile(r"^(?:[a-z]+://)?[^/\s]+:([1-9]\d{0,4})/?$")


def check(where: str) -> None:
    """Raises MissingExtraError without dask.distributed, ClusterError where no scheduler answers."""
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(
            "the engine 'dask' needs dask.distributed, which is not installed; run: pip install 'onetake[cluster]'"
        ) from error
    if where and not ((found := _ADDRESS.match(where)) and int(found[1]) < 1 << 16):
        raise ClusterError(f"{where!r} is not the address of a dask scheduler; write it as dask:HOST:8786")
    if where:
        with _quiet(), _no_answer(where), ThreadPoolExecutor(1) as aside:
            # in a loop of its own, whatever loop this thread may be running
            aside.submit(asyncio.run, _greet(where)).result()


@contextmanager
def opened(where: str, task: Task[Result], tell: Progress) -> Iterator[Fly[Result]]:
    """Ready once every worker has shown that it flies with the same software, and has compiled it.

    Raises ClusterError for a cluster that cannot be used.
    """
    from onetake.odds.engines import _machine

    with ExitStack() as stack:
        stack.enter_context(_quiet())
        tell("connecting to the cluster" if where else "starting a cluster on this machine", 0.0, 0.0)
        address = where or stack.enter_context(_machine.cluster(cores()))
        crew = _Crew(stack.enter_context(_connected(address)), zlib.compress(pickle.dumps(task, protocol=5)))
        tell("getting the workers ready", 0.0, 0.0)
        crew.make_ready()

        def fly(takes: range, use: Use[Result]) -> None:
            crew.fly(takes, lambda result: use(pickle.loads(zlib.decompress(result))))

        yield fly


def fly_part(packed: bytes, expected: str, first: int, count: int) -> tuple[bytes, float]:
    """On a worker: fly one part; its packed result, and how long it took. Raises ClusterError for other software."""
    if software() != expected:
        from distributed import get_worker

        raise ClusterError(
            f"the worker at {get_worker().address} has other software than this machine; install the same on both\n"
            f"  worker: {software()}\n  here:   {expected}"
        )
    began = time.perf_counter()
    result = _unpacked(packed)(first, count)
    return zlib.compress(pickle.dumps(result, protocol=5)), time.perf_counter() - began


class _Call:
    """A call of `fly_part` that is made when it is unpickled: by then a worker without `onetake` can say so."""

    def __init__(self, *args: bytes | str | int) -> None:
        self._args = args

    def __reduce__(self) -> tuple[Callable[..., object], tuple[bytes | str | int, ...]]:
        return fly_part, self._args


@lru_cache(maxsize=4)
def _unpacked(packed: bytes) -> Any:
    return pickle.loads(zlib.decompress(packed))


class _Crew:
    """The workers of a cluster, and how fast they fly."""

    def __init__(self, client: Client, packed: bytes) -> None:
        self._client, self._packed = client, packed
        self._workers: dict[str, int] = {}  # address -> threads
        self._threads, self._take_s = 0, 0.0
        self._looked_s = self._seen_s = time.monotonic()

    def make_ready(self) -> None:
        """One take on every worker there is; one that leaves meanwhile is not waited for."""
        while not self._look():
            time.sleep(0.1)
        asked = {self._submit(1, 1, worker): worker for worker in self._workers}
        done = self._awaited(asked)
        while asked:
            for future, result in self._finished(done):
                if asked.pop(future, None) is not None:
                    self._answer(future, result, 1, 1)
            asked = {future: worker for future, worker in asked.items() if worker in self._workers}

    def fly(self, takes: range, use: Callable[[bytes], None]) -> None:
        """Fly a range of takes; results are used in order."""
        under_way: dict[Future, tuple[int, int]] = {}
        waiting: dict[int, tuple[int, bytes]] = {}
        ahead = behind = takes.start
        done = self._awaited(under_way)
        try:
            while behind < takes.stop:
                while ahead < takes.stop and len(under_way) < self._most() and len(waiting) < BUFFERED:
                    count = self._size(takes.stop - ahead)
                    future = self._submit(ahead, count)
                    under_way[future] = (ahead, count)
                    done.add(future)
                    ahead += count
                for future, result in self._finished(done):
                    first, count = under_way.pop(future)
                    packed, wall_s = self._answer(future, result, first, count)
                    self._take_s += (wall_s / count - self._take_s) * (0.1 if self._take_s else 1.0)
                    waiting[first] = (count, packed)
                while behind in waiting:
                    count, packed = waiting.pop(behind)
                    behind += count
                    use(packed)
        finally:
            with suppress(Exception):  # the scheduler may be the one that is gone
                self._client.cancel(list(under_way))

    def _submit(self, first: int, count: int, worker: str | None = None) -> Future:
        call = pickle.dumps(_Call(self._packed, software(), first, count), protocol=5)
        return self._client.submit(
            pickle.loads, call, key=f"takes-{first}-{count}-{uuid4().hex}", workers=worker and [worker]
        )

    def _awaited(self, futures: Collection[Future]) -> as_completed:
        from distributed import as_completed

        return as_completed(list(futures), loop=self._client.loop, with_results=True, raise_errors=False)

    def _finished(self, done: as_completed) -> list[tuple[Future, Any]]:
        """What has come back by now; waits a moment where nothing has."""
        found: list[tuple[Future, Any]] = done.next_batch(block=False)
        if not found:
            time.sleep(IDLE_S)
        if time.monotonic() - self._looked_s > LOOK_S:
            self._look()
        return found

    def _look(self) -> bool:
        """Count the workers; whether there are any. Raises ClusterError when the scheduler is gone, or has had none for too long."""
        try:
            self._workers = self._client.nthreads()
        except Exception as error:
            raise ClusterError(f"the dask scheduler went away ({_said(error)})") from error
        now_s = self._looked_s = time.monotonic()
        self._threads = sum(self._workers.values())
        if self._workers:
            self._seen_s = now_s
        elif now_s - self._seen_s > NO_WORKER_S:
            raise ClusterError(
                f"the dask scheduler has had no worker for {NO_WORKER_S:.0f} s; start some with: dask worker ADDRESS"
            )
        return bool(self._workers)

    def _answer(self, future: Future, result: Any, first: int, count: int) -> tuple[bytes, float]:
        """What a worker found. Raises ClusterError for what the cluster did wrong, the worker's own error otherwise."""
        if future.status == "finished":
            packed: tuple[bytes, float] = result
            return packed
        error = result[1] if isinstance(result, tuple) else result
        name = type(error).__name__
        if name == "KilledWorker":
            raise ClusterError(f"takes {first} to {first + count - 1} killed every worker that flew them")
        if isinstance(error, ImportError) or "Can't get attribute" in str(error):
            raise ClusterError(
                f"a worker cannot load this onetake ({_said(error)}); install the same one on every worker"
            )
        if future.status != "error":
            raise ClusterError("the dask scheduler went away, or gave up what it was asked to do")
        raise error

    def _most(self) -> int:
        return max(AHEAD * self._threads, 2)

    def _size(self, left: int) -> int:
        """Takes of the next part: as many as last PART_S, fewer towards the end so that all finish together."""
        lasting_s = max(PART_S, self._threads / PARTS_PER_S)
        wanted = lasting_s / self._take_s if self._take_s else FIRST
        fair = left / (2 * max(self._threads, 1))
        return min(CHUNK * max(math.ceil(min(wanted, fair) / CHUNK), 1), left)


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    from distributed import Client

    with _no_answer(address):
        client = Client(address, timeout=ANSWER_S, set_as_default=False, name="onetake")
    try:
        yield client
    finally:
        with suppress(Exception):
            client.close(ANSWER_S)


@contextmanager
def _no_answer(address: str) -> Iterator[None]:
    """Whatever goes wrong in here, the scheduler does not answer."""
    try:
        yield
    except Exception as error:
        raise ClusterError(
            f"no dask scheduler answers at {address!r} ({_said(error)}); write its address as dask:HOST:8786, or fly "
            "on this machine with --engine threads"
        ) from error


async def _greet(address: str) -> None:
    """Ask the scheduler who it is: a client would wait for ever on a server that speaks another language."""
    from distributed import Security
    from distributed.core import rpc

    async with rpc(address, connection_args=Security().get_connection_args("client")) as scheduler:
        await asyncio.wait_for(scheduler.identity(), ANSWER_S)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the cluster's own log off the screen: what matters is in the errors raised here."""
    names = [
        name for name in logging.root.manager.loggerDict if name.split(".")[0] in ("distributed", "tornado")
    ]
    levels = {name: logging.getLogger(name).level for name in names}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="distributed")
        try:
            for name in names:
                logging.getLogger(name).setLevel(logging.CRITICAL + 1)
            yield
        finally:
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)


def _said(error: BaseException) -> str:
    """An error in one line."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) < 200 else text[:199] + "…"
