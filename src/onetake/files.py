"""Files: written whole or not at all; packed ones unpacked a piece at a time."""

from __future__ import annotations

import errno
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from onetake.errors import ReadError, WriteError

FULL = "the disk is full: make room on it, or name another place"
GZIP = b"\x1f\x8b"  # how a packed file begins
_PIECE = 65536
_MOST_MEMBERS = 10_000  # of one gzip file: what packs in blocks makes one of some 64 kB


@contextmanager
def whole(target: str | os.PathLike[str]) -> Iterator[Path]:
    """A path to write to, which becomes `target` once everything is on the disk.

    A crash, a full disk or an error on the way leaves what was there before. Folders are made. Raises WriteError,
    which names the target, for whatever the disk refuses, and for a device or a pipe, which cannot be replaced.
    """
    final = Path(target)
    if final.exists() and not final.is_file() and not final.is_dir():
        raise WriteError(f"{final}: is no ordinary file; name one to write")
    part = final.with_name(f".{final.name[:100]}.{uuid4().hex[:8]}.part")
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        yield part
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        os.replace(part, final)
    except OSError as error:
        raise WriteError(f"{final}: cannot be written ({why(error)})") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def why(error: OSError) -> str:
    """What the system complains of, in one clause."""
    return FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else error.strerror or str(error)


def check_ordinary(source: Path) -> None:
    """Raises ReadError for a pipe or a device, which may never end, and cannot be read twice."""
    if source.exists() and not source.is_file():
        what = "a folder; name a file in it" if source.is_dir() else "no ordinary file; copy it into one"
        raise ReadError(f"{source}: is {what}")


def can_write(target: str | os.PathLike[str]) -> None:
    """Raise WriteError now rather than after the work, where nothing could be written; leaves the target as it is."""
    final = Path(target)
    if final.is_dir():
        raise WriteError(f"{final}: is a folder; name a file in it")
    with suppress(_TriedError), whole(final) as part:
        part.touch()
        raise _TriedError


class _TriedError(Exception):
    """The file could be begun."""


def write_text(target: str | os.PathLike[str], text: str) -> Path:
    """Write a text file in UTF-8 with plain line ends. Raises WriteError."""
    with whole(target) as part, part.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
    return Path(target)


def unpacked(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """What a gzip file packs, in pieces of at most `size` bytes. Raises ReadError for one that is damaged or hostile.

    Not by Python's gzip: that reads a member's name a letter at a time and goes through any number of empty members.
    """
    rest = b""
    for _ in range(_MOST_MEMBERS):
        rest = rest or stream.read(_PIECE)
        if not rest:
            return
        member = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        while not member.eof:
            rest = rest or stream.read(_PIECE)
            try:
                plain = member.decompress(rest, size)
            except zlib.error as error:
                raise ReadError(f"it is packed and cannot be unpacked ({error})") from error
            if plain:
                yield plain
            elif not rest and not member.eof:
                raise ReadError("it is packed and cut short")
            rest = member.unconsumed_tail
        rest = member.unused_data.lstrip(b"\0")  # some pad with these
    raise ReadError(f"it is packed in more than {_MOST_MEMBERS:,} parts")
