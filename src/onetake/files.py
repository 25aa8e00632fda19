"""Files: written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from onetake.errors import WriteError


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
        raise WriteError(f"{final}: cannot be written ({error.strerror or error})") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


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
