"""Run file: what a count has come to, so that it can be continued after whatever ended it.

One JSON object, replaced as a whole every few seconds. It holds the result of takes 1 … k and says of which: only a
count of the same takes by the same software may go on from it, and then ends in the same bits as one never stopped.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

from onetake.errors import InputError, ReadError, WriteError
from onetake.files import write_text

T = TypeVar("T")

SCHEMA = "onetake.odds-run/1"
EVERY_S = 5.0
LARGEST = 50_000_000  # bytes; a run file has some ten thousand


class RunFile(Generic[T]):
    """identity: what must agree, in words; record and restore: a result as JSON values and back."""

    def __init__(
        self,
        path: Path,
        identity: Mapping[str, str],
        record: Callable[[T], object],
        restore: Callable[[Any], T],
    ) -> None:
        self._path, self._identity = path, dict(identity)
        self._record, self._restore = record, restore
        self._kept_s = time.monotonic()

    def read(self) -> T | None:
        """The result so far, or None of a new file, which is begun here so that a full disk is found out at once.

        Raises ReadError for something else or something damaged, InputError for other takes, WriteError.
        """
        if not self._path.exists():
            self._write(None)
            return None
        found = self._load()
        other = [name for name, value in self._identity.items() if found["of"].get(name) != value]
        if other or found["of"].keys() != self._identity.keys():
            names = other or sorted(found["of"].keys() ^ self._identity.keys())
            said = "; ".join(
                f"{name}: {found['of'].get(name, 'none')} there, {self._identity.get(name, 'none')} here"
                for name in names
            )
            raise InputError(
                f"{self._path} cannot be continued, it was begun otherwise ({said}); name another file"
            )
        return None if found["result"] is None else self._restore(found["result"])

    def keep(self, result: T) -> None:
        """Write if it is time. A disk that refuses is tried again later: flying goes on, and `write` will tell."""
        if time.monotonic() - self._kept_s > EVERY_S:
            self._kept_s = time.monotonic()
            try:
                self.write(result)
            except WriteError:
                return

    def write(self, result: T) -> None:
        """Write now. Raises WriteError."""
        self._write(self._record(result))

    def _write(self, result: object) -> None:
        body = json.dumps({"of": self._identity, "result": result}, sort_keys=True, allow_nan=False)
        write_text(self._path, f'{{"schema": "{SCHEMA}", "sha256": "{_digest(body)}", "body": {body}}}\n')

    def _load(self) -> dict[str, Any]:
        try:
            if self._path.stat().st_size > LARGEST:
                raise ValueError("too large")
            whole = json.loads(self._path.read_text("utf-8"))
            schema, body = whole["schema"], whole["body"]
        except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
            raise ReadError(
                f"{self._path}: not a run file of `onetake odds`, or damaged; name another file"
            ) from error
        if schema != SCHEMA:
            raise ReadError(f"{self._path}: holds {schema!r}, not {SCHEMA!r}; name another file")
        if whole.get("sha256") != _digest(json.dumps(body, sort_keys=True)):
            raise ReadError(f"{self._path}: damaged, its contents do not fit its checksum; name another file")
        kept: dict[str, Any] = body
        return kept


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
