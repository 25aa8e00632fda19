"""Many logs at once: each is read in a process that may die or hang of a bad file without taking the others along."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from onetake.errors import OnetakeError
from onetake.logbook.store.entry import Entry, Original, digests_of, read_entry
from onetake.logbook.store.gather import Source

FEW = 3  # logs that are read before a process of its own would have begun
PATIENCE_S = 120.0  # for one log; the largest takes a second
AHEAD = 4  # sources for each process that may be read before the first of them is written

_TIMES = ("utc", "from_utc", "to_utc")  # keys whose values are moments

Answer = Entry | str  # or why there is none


@dataclass(frozen=True, slots=True)
class Seen:
    """A source that was not read again, as all its files were known."""

    digests: frozenset[str]


def read_all(
    sources: Sequence[Source], known: frozenset[str] = frozenset(), processes: int | None = None
) -> Generator[tuple[Source, Answer | Seen]]:
    """Each source with what was read, in order; what consists of files with known digests is not read."""
    workers = min(processes or _cores(), len(sources))
    if len(sources) <= FEW:
        yield from ((source, _seen(source, known) or answer_of(source.files)) for source in sources)
        return
    with _Readers(workers) as readers, ThreadPoolExecutor(workers) as pool:

        def read(source: Source) -> Answer | Seen:
            return _seen(source, known) or readers.read(source)

        waiting: deque[tuple[Source, Future[Answer | Seen]]] = deque()
        try:
            for source in sources:
                waiting.append((source, pool.submit(read, source)))
                if len(waiting) > AHEAD * workers:
                    yield _first(waiting)
            while waiting:
                yield _first(waiting)
        finally:
            for _, future in waiting:
                future.cancel()
            readers.stop()


def _seen(source: Source, known: frozenset[str]) -> Seen | None:
    if not known:
        return None
    try:
        digests = digests_of(source.files)
    except (OnetakeError, OSError):
        return None  # whoever reads it says what is wrong
    return Seen(digests) if digests <= known else None


def answer_of(files: Sequence[Path]) -> Answer:
    """What one source holds, or why it cannot be read: no file stops the others."""
    try:
        return read_entry(files)
    except OnetakeError as error:
        return str(error)
    except Exception as error:
        return f"{files[0]}: reading it failed, and it is our fault ({type(error).__name__}: {error})"


def as_line(answer: Answer) -> tuple[bytes, list[bytes]]:
    """An answer as a line of JSON and the bytes that follow it."""
    if isinstance(answer, str):
        return _line({"why": answer}), []
    parts = [one.packed for one in answer.originals if one.packed is not None]
    originals = [
        asdict(replace(one, packed=None)) | {"packed": None if one.packed is None else len(one.packed)}
        for one in answer.originals
    ]
    return _line({"originals": originals, "recordings": answer.recordings}), parts


def _line(told: dict[str, Any]) -> bytes:
    return json.dumps(told, default=_iso).encode() + b"\n"


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an answer")


def _with_times(told: dict[str, Any]) -> dict[str, Any]:
    return {
        key: datetime.fromisoformat(value) if key in _TIMES and value is not None else value
        for key, value in told.items()
    }


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _first(waiting: deque[tuple[Source, Future[Answer | Seen]]]) -> tuple[Source, Answer | Seen]:
    source, future = waiting.popleft()
    return source, future.result()


class _Readers:
    """A process for each thread that asks; one that ends is told, and begun anew for the next file."""

    def __init__(self, many: int) -> None:
        self._idle: deque[subprocess.Popen[bytes]] = deque()
        self._all: list[subprocess.Popen[bytes]] = []
        self._lock = threading.Lock()
        self._stopped = False

    def __enter__(self) -> _Readers:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End all of them, also in the middle of a file: what they read is not wanted any more."""
        with self._lock:
            self._stopped = True
            ending, self._all = self._all, []
        for one in ending:
            _end(one)

    def read(self, source: Source) -> Answer:
        reader = self._reader()
        if reader is None:
            return "not read: it was stopped before"
        timer = threading.Timer(PATIENCE_S, reader.kill)
        timer.start()
        try:
            answer = _ask(reader, source)
        except (OSError, ValueError) as error:
            return self._lost(reader, source, error)
        finally:
            timer.cancel()
        with self._lock:
            self._idle.append(reader)
        return answer

    def _reader(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._stopped:
                return None
            if self._idle:
                return self._idle.pop()
            begun = subprocess.Popen(
                [sys.executable, "-P", "-m", "onetake.logbook.store"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is for the one who asked
                env=os.environ | {"POLARS_MAX_THREADS": "1"},  # the cores are shared out already
            )
            self._all.append(begun)
            return begun

    def _lost(self, reader: subprocess.Popen[bytes], source: Source, error: Exception) -> str:
        with self._lock:
            if reader in self._all:
                self._all.remove(reader)
        status = _end(reader)
        return f"{source.files[0]}: whoever read it ended (status {status}: {error})"


def _end(reader: subprocess.Popen[bytes]) -> int:
    """End it, in the middle of a file or dead already; its exit status."""
    reader.kill()
    status = reader.wait()
    for stream in (reader.stdin, reader.stdout):
        if stream is not None:
            with suppress(OSError):  # a question that it never took
                stream.close()
    return status


def _ask(reader: subprocess.Popen[bytes], source: Source) -> Answer:
    """One question and its answer. Raises OSError or ValueError where the process ends over it."""
    assert reader.stdin is not None
    assert reader.stdout is not None
    names = [os.fsencode(path).hex() for path in source.files]
    reader.stdin.write(json.dumps(names).encode() + b"\n")
    reader.stdin.flush()
    line = reader.stdout.readline()
    if not line.endswith(b"\n"):
        raise ValueError("it gave no answer")
    told = json.loads(line, object_hook=_with_times)
    if "why" in told:
        return str(told["why"])
    originals = []
    for one in told["originals"]:
        size = one.pop("packed")
        packed = None if size is None else reader.stdout.read(size)
        if packed is not None and len(packed) < size:
            raise ValueError("its answer was cut off")
        originals.append(Original(**one, packed=packed))
    return Entry(originals=tuple(originals), recordings=tuple(told["recordings"]))
