"""One recording as it goes into the ledger: what `inspect` tells of it, and the bytes it was read from."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from onetake.errors import ReadError
from onetake.logbook.file import chunks, head_of, read_with_bytes, reader_of
from onetake.logbook.inspect import Plain, told_of
from onetake.logbook.log import Finding, Log

KEPT_BYTES = 16_000_000  # of a film; its telemetry is a hundredth of it, and films are kept elsewhere
_PACKING = 6  # of 9: the last three cost three times the time for 2 % of a FlySight file


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """One file: its own name, SHA-256 and size of its unpacked bytes, and those packed with gzip; None: not kept."""

    name: str
    digest: str
    size_bytes: int
    packed: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The files of one source, and what each recording in them holds, in the words of `inspect`."""

    originals: tuple[Original, ...]
    recordings: tuple[Plain, ...]


def read_entry(files: Sequence[Path]) -> Entry:
    """Read one source. Of a session's files those that cannot be read are told and left out.

    Raises ReadError where nothing can be read.
    """
    originals: list[Original] = []
    logs: list[Log] = []
    problems: list[Finding] = []
    for path in files:
        try:
            found, data = read_with_bytes(path)
        except ReadError as error:
            if len(files) == 1:
                raise
            why = str(error).removeprefix(f"{path}: ")
            problems.append(Finding("unreadable-file", f"{path.name}: {why}: left out"))
            continue
        logs += found
        originals.append(_original(path, data))
    if not logs:
        raise ReadError(f"{files[0]}: {problems[0].text}")
    if len(files) > 1:
        reader = reader_of(head_of(files[0]))
        assert reader is not None  # its files were read by it
        logs = [reader.join(logs).found(*problems)]
    return Entry(originals=tuple(originals), recordings=tuple(told_of(log) for log in logs))


def digests_of(files: Sequence[Path]) -> frozenset[str]:
    """SHA-256 of the unpacked bytes of each file. Raises ReadError, OSError for what cannot be unpacked or read."""
    return frozenset(_digest(path)[0] for path in files)


def _digest(path: Path) -> tuple[str, int]:
    """And how many bytes they are."""
    sha, size = hashlib.sha256(), 0
    for chunk in chunks(path, 1 << 20):
        sha.update(chunk)
        size += len(chunk)
    return sha.hexdigest(), size


def _original(path: Path, data: bytes | None) -> Original:
    name = path.name
    if data is not None:
        name = name.removesuffix(".gz") or name
        digest, size = hashlib.sha256(data).hexdigest(), len(data)
    else:
        digest, size = _digest(path)
        data = path.read_bytes() if size <= KEPT_BYTES else None
    packed = None if data is None else gzip.compress(data, _PACKING, mtime=0)
    return Original(name=name, digest=digest, size_bytes=size, packed=packed)
