"""Reading a log, whatever its format: the reader is found by content, never by the file's name."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType

from onetake import seams
from onetake.errors import ChoiceError, ReadError
from onetake.files import GZIP, check_ordinary, unpacked, why
from onetake.logbook.log import Finding, Log

SEAM = "onetake.logbook.readers"
HEAD_BYTES = 65536
MAX_BYTES = 64_000_000  # unpacked text; a FlySight at 25 Hz for eight hours is 70 % of it
_TOLD = 20  # recordings that are listed
MAX_FILES = 200  # in the folder of one session


def read_logs(path: str | os.PathLike[str]) -> list[Log]:
    """Every recording of a file, plain or packed with gzip, or the one of a session's folder; as recorded.

    Raises ReadError for what is no log (listing the formats) or cannot be read.
    """
    source = Path(path)
    with _named(source):
        return [_folder(source)] if source.is_dir() else _file(source)[0]


def read_with_bytes(path: Path) -> tuple[list[Log], bytes | None]:
    """Every recording of one file, and the unpacked bytes that were read; None for a film, which is never held.

    Raises ReadError as `read_logs` does.
    """
    with _named(path):
        return _file(path)


@contextmanager
def _named(source: Path) -> Iterator[None]:
    """Every failure to read names the file."""
    try:
        yield
    except FileNotFoundError as error:
        raise ReadError(f"{source}: no such file") from error
    except OSError as error:
        raise ReadError(f"{source}: cannot be read ({why(error)})") from error
    except ReadError as error:
        raise error if str(error).startswith(str(source)) else ReadError(f"{source}: {error}") from error


def pick(logs: list[Log], recording: str | None) -> Log:
    """The recording called so, or of that number from 1. Raises ChoiceError, also where one of many must be named."""
    return logs[place_of([log.name for log in logs], recording)]


def place_of(names: Sequence[str], recording: str | None) -> int:
    """Which of the recordings of these names is called so, or has that number from 1. Raises ChoiceError as `pick`."""
    if recording is None and len(names) == 1:
        return 0
    if recording in names:
        return names.index(recording)
    if recording is not None and recording.isdecimal() and 1 <= int(recording) <= len(names):
        return int(recording) - 1
    listed = listing(names)
    found = "several recordings in the file: name one" if recording is None else f"no recording {recording!r}"
    raise ChoiceError(f"{found} of: {listed}")


def listing(names: Sequence[str]) -> str:
    """Recordings by number and name; the first of them where there are many."""
    told = ", ".join(f"{number} {name!r}" for number, name in enumerate(names[:_TOLD], start=1))
    return f"{told} and {len(names) - _TOLD} more" if len(names) > _TOLD else told


def is_log(head: bytes) -> bool:
    """Whether a file that starts so (64 KiB, unpacked as `head_of` does) is a log."""
    return reader_of(head) is not None


def head_of(path: Path) -> bytes:
    """The first 64 KiB of a file, unpacked; as much of it as can be unpacked."""
    head = b""
    with suppress(ReadError):
        for chunk in chunks(path, HEAD_BYTES):
            head += chunk
            if len(head) >= HEAD_BYTES:
                break
    return head[:HEAD_BYTES]


def _file(source: Path) -> tuple[list[Log], bytes | None]:
    check_ordinary(source)
    reader = reader_of(head_of(source))
    if reader is None:
        raise ReadError(f"it is none of the logs that can be read:\n{seams.listing(SEAM)}")
    if hasattr(reader, "read_path") and not _packed(source):
        return reader.read_path(source), None
    limit = getattr(reader, "max_bytes", MAX_BYTES)
    data = bytearray()
    for chunk in chunks(source, 1 << 20):
        data += chunk
        if len(data) > limit:
            raise ReadError(f"it is larger than {limit / 1e6:g} MB, more than a log of its format ever is")
    whole = bytes(data)
    return reader.read(whole), whole


def _folder(source: Path) -> Log:
    """One session from the files of one folder (none deeper); what is no log in it is passed over."""
    entries = sorted(entry for entry in source.iterdir() if entry.is_file())[:MAX_FILES]
    files = [entry for entry in entries if entry.resolve().parent == source.resolve()]
    found = [(file, reader) for file in files if (reader := reader_of(head_of(file))) is not None]
    joined = [(file, reader) for file, reader in found if hasattr(reader, "join")]
    if not joined:
        raise ReadError("it is a folder without a session of a logger; name one file in it")
    kinds = {reader.__name__ for _, reader in joined}
    if len(kinds) > 1 or len(found) > len(joined):
        raise ReadError(
            f"the folder holds several logs ({', '.join(file.name for file, _ in found)}); name one"
        )
    parts, findings = [], []
    if linked := [entry.name for entry in entries if entry not in files]:
        findings.append(Finding("linked-file", f"{', '.join(linked)} lead out of the folder: not followed"))
    for file, _ in joined:
        try:
            parts += _file(file)[0]
        except ReadError as error:
            findings.append(Finding("unreadable-file", f"{file.name}: {error}: left out"))
    if not parts:
        raise ReadError(findings[-1].text)
    session: Log = joined[0][1].join(parts)
    return session.found(*findings)


def _packed(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(GZIP)) == GZIP


def chunks(path: Path, size: int) -> Iterator[bytes]:
    """The bytes of a file, unpacked if it is packed with gzip, a piece at a time."""
    packed = _packed(path)
    with path.open("rb") as stream:
        if packed:
            yield from unpacked(stream, size)
            return
        while chunk := stream.read(size):
            yield chunk


def reader_of(head: bytes) -> ModuleType | None:
    """The reader of a file that starts so; None where it is no log."""
    return next((reader for reader in seams.load_all(SEAM)[0].values() if reader.recognises(head)), None)
