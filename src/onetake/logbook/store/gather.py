"""Which files make one recording: one file each, but the files of one logger's session together."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from onetake.errors import ReadError
from onetake.logbook.file import SEAM, head_of, reader_of
from onetake.seams import names


@dataclass(frozen=True, slots=True)
class Source:
    """The files of one recording, in order; all of one folder."""

    files: tuple[Path, ...]

    def __str__(self) -> str:
        first = str(self.files[0])
        return first if len(self.files) == 1 else f"{first} and {len(self.files) - 1} more of its session"


@dataclass(frozen=True, slots=True)
class Gathered:
    """What there is to read; what was named and is no log, with the reason; files of folders that are no logs."""

    sources: tuple[Source, ...]
    refused: tuple[tuple[str, str], ...]
    passed_over: int


def gather(paths: Iterable[str | os.PathLike[str]]) -> Gathered:
    """Files as they are named, and every log below the folders. Links to folders are not followed."""
    grouped: dict[tuple[Path, str], list[Path]] = {}
    refused: list[tuple[str, str]] = []
    passed_over = 0
    for path, asked in _files(paths):
        try:
            group = _group(path)
        except OSError as error:
            refused.append((str(path), f"{path}: cannot be read ({error.strerror or error})"))
        except ReadError as error:
            if asked:
                refused.append((str(path), f"{path}: {error}"))
            else:
                passed_over += 1
        else:
            grouped.setdefault(group, []).append(path)
    return Gathered(tuple(Source(tuple(files)) for files in grouped.values()), tuple(refused), passed_over)


def _files(paths: Iterable[str | os.PathLike[str]]) -> Iterator[tuple[Path, bool]]:
    """Each file once, and whether it was named itself."""
    seen: set[str] = set()
    for named in map(Path, paths):
        for path in _below(named) if named.is_dir() else (named,):
            whole = os.path.realpath(path)
            if whole not in seen:
                seen.add(whole)
                yield path, path == named


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders.sort()
        yield from (Path(place, name) for name in sorted(files) if not name.startswith("."))


def _group(path: Path) -> tuple[Path, str]:
    """What all files of one recording share: their folder and session, or a file's own path."""
    if path.exists() and not path.is_file():
        raise ReadError("it is no ordinary file")
    if path.stat().st_size == 0:
        raise ReadError("it is empty")
    head = head_of(path)
    reader = reader_of(head)
    if reader is None:
        raise ReadError(f"it is none of the logs that can be read ({', '.join(names(SEAM))})")
    session: str = reader.session_of(head) if hasattr(reader, "session_of") else ""
    return (path.parent, session) if session else (path, "")
