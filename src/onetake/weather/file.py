"""Reading a weather file, whatever its format: the source is found by content, never by the file's name."""

from __future__ import annotations

import io
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from onetake import seams
from onetake.errors import ChoiceError, InputError, ReadError
from onetake.files import GZIP, unpacked, why
from onetake.weather.choice import check_position, instant, pick
from onetake.weather.column import Column, Note

SEAM = "onetake.weather.sources"
HEAD_BYTES = 65536
MAX_BYTES = 8_000_000  # the largest file, unless its source says otherwise (a long ensemble is 2 MB)
_CHUNK = 1 << 20
_LARGEST_READ = 4 << 20  # a zip that packs one file lists it in a hundred bytes
_ZIP = b"PK\x03\x04"
# what is often handed over as a sounding and holds none
_NO_PROFILES = (
    (re.compile(rb"^\s*(?:METAR|SPECI)\b|\b(?:SA|SP)[A-Z]{2}[0-9]{2} [A-Z]{4} [0-9]{6}|^[A-Z]{4} [0-9]{6}Z \S*KT ", re.M), "METAR", "the weather at the ground"),
    (re.compile(rb"^\s*TAF\b|\bF[TC][A-Z]{2}[0-9]{2} [A-Z]{4} [0-9]{6}", re.M), "TAF", "a forecast for the ground"),
)  # fmt: skip


def read_columns(path: str | os.PathLike[str], *, near_utc: datetime | None = None) -> list[Column]:
    """Every profile of a file, which may be packed with gzip or zip.

    near_utc (aware) dates a format that gives the day of the month alone. Raises ReadError for a file that is no
    weather profile (listing the formats), cannot be read, or is so large that one profile must be chosen.
    """
    with _opened(Path(path)) as (name, source, plain):
        if not hasattr(source, "read"):
            raise ReadError(
                f"{name}: it holds a grid or too much to read whole; choose one profile by time and place"
            )
        limit = getattr(source, "max_bytes", MAX_BYTES)
        if limit > MAX_BYTES and plain.stat().st_size > MAX_BYTES:
            raise ReadError(f"{name}: it holds too many profiles to read all; choose one by time and place")
        data = _limited(plain, min(limit, MAX_BYTES), name)
        if near_utc is not None and hasattr(source, "read_near"):
            columns: list[Column] = source.read_near(data, name, instant(near_utc))
        else:
            columns = source.read(data, name)
        return columns


def read_column(
    path: str | os.PathLike[str],
    *,
    station: str | None = None,
    time: str | datetime | None = None,
    lat_deg: float | None = None,
    lon_deg: float | None = None,
) -> Column:
    """One profile of a file. Raises ReadError, and ChoiceError where a needed choice is missing or wrong."""
    check_position(lat_deg, lon_deg)
    moment = None if time is None else instant(time)
    with _opened(Path(path)) as (name, source, plain):
        if hasattr(source, "read_one"):
            _check_size(plain, getattr(source, "max_bytes", MAX_BYTES), name)
            column: Column = source.read_one(
                plain, station=station, time=moment, lat_deg=lat_deg, lon_deg=lon_deg
            )
            return column
        limit = getattr(source, "max_bytes", MAX_BYTES)
        columns: list[Column] = source.read(_limited(plain, limit, name), name)
        return choose(columns, station=station, time=moment, lat_deg=lat_deg, lon_deg=lon_deg)


def choose(
    columns: Sequence[Column],
    *,
    station: str | None = None,
    time: str | datetime | None = None,
    lat_deg: float | None = None,
    lon_deg: float | None = None,
) -> Column:
    """The one column asked for; see `choice.pick`. Raises ChoiceError."""
    return columns[pick(columns, station=station, time=time, lat_deg=lat_deg, lon_deg=lon_deg)]


def inspect_weather(
    path: str | os.PathLike[str],
    *,
    station: str | None = None,
    time: str | datetime | None = None,
    lat_deg: float | None = None,
    lon_deg: float | None = None,
) -> dict[str, object]:
    """What a weather file holds, in plain values without NaN; the keys are those of `inspect --json`."""
    column = read_column(path, station=station, time=time, lat_deg=lat_deg, lon_deg=lon_deg)
    strongest = column.max_wind
    return {
        "kind": "weather",
        "format": column.format,
        "station": column.station,
        "member": column.member or None,
        "valid_utc": _utc_text(column.valid_utc),
        "base_utc": _utc_text(column.base_utc),
        "lat_deg": column.lat_deg,
        "lon_deg": column.lon_deg,
        "levels": int(column.altitude_msl_m.size),
        "top_msl_m": column.top_msl_m,
        "max_wind_m_s": None if strongest is None else strongest[0],
        "max_wind_msl_m": None if strongest is None else strongest[1],
        "problems": [_plain(note) for note in column.problems],
        "notes": [_plain(note) for note in column.notes],
        "profile": list(column.rows()),
    }


def _plain(note: Note) -> dict[str, str]:
    return {"slug": note.slug, "text": note.text}


def _utc_text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@contextmanager
def _opened(path: Path) -> Iterator[tuple[str, ModuleType, Path]]:
    """Name, source and unpacked file; every error that leaves names the file."""
    name = path.name
    try:
        with _unpacked(path) as plain:
            with plain.open("rb") as stream:
                head = stream.read(HEAD_BYTES)
            yield name, _source_of(head, name), plain
    except OSError as error:
        raise ReadError(f"{path}: cannot be read ({why(error)})") from error
    except (ReadError, ChoiceError) as error:
        if str(error).startswith((name, str(path))):
            raise
        raise type(error)(f"{name}: {error}") from error


def source_of(head: bytes, name: str) -> ModuleType | None:
    """The source that knows a file which starts so (64 KiB, unpacked), or None."""
    return next((one for one in seams.load_all(SEAM)[0].values() if one.recognises(head, name)), None)


def _source_of(head: bytes, name: str) -> ModuleType:
    if not head.strip():
        raise ReadError(f"{name} is empty")
    if source := source_of(head, name):
        return source
    for pattern, kind, what in _NO_PROFILES:
        if pattern.search(head[:4096]):
            raise ReadError(
                f"{name} holds {kind} reports: {what}, no profile of the air above; give a sounding"
            )
    raise ReadError(f"{name} is none of the weather formats that can be read:\n{seams.listing(SEAM)}")


@contextmanager
def _unpacked(path: Path) -> Iterator[Path]:
    """The file itself, or a passing copy of what it packs."""
    if not path.exists():
        raise ReadError(f"{path}: no such file")
    if not path.is_file():
        raise ReadError(f"{path} is not a file; name one file")
    with path.open("rb") as stream:
        magic = stream.read(4)
    if not magic.startswith(GZIP) and magic != _ZIP:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="onetake-") as folder:
        plain = Path(folder) / "unpacked"
        try:
            with _Wary(path) as stream, plain.open("wb") as out:
                pieces = unpacked(stream, _CHUNK) if magic.startswith(GZIP) else _member(stream, path.name)
                _copy(pieces, out, path.name)
        except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError) as error:
            raise ReadError(f"{path.name}: it is packed and cannot be unpacked ({error})") from error
        yield plain


class _Wary(io.FileIO):
    """A file that is never asked for much at once: a zip's list of what is in it may be as long as the file."""

    def read(self, size: int | None = -1) -> bytes:
        asked = os.fstat(self.fileno()).st_size - self.tell() if size is None or size < 0 else size
        if asked > _LARGEST_READ:
            raise ReadError("it packs a great many files; unpack it and name one")
        return super().read(asked)


def _member(stream: _Wary, name: str) -> Iterator[bytes]:
    """The one file of a zip."""
    with zipfile.ZipFile(stream) as archive:
        files = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(files) != 1:
            raise ReadError(f"{name} packs {len(files)} files; unpack it and name one")
        with archive.open(files[0]) as member:
            while chunk := member.read(_CHUNK):
                yield chunk


def _copy(pieces: Iterator[bytes], out: BinaryIO, name: str) -> None:
    """Copy, but no further than the head of what no source knows, nor than its source takes."""
    head = b""
    for piece in pieces:
        head += piece
        if len(head) >= HEAD_BYTES:
            break
    limit = getattr(_source_of(head[:HEAD_BYTES], name), "max_bytes", MAX_BYTES)
    out.write(head)
    done = len(head)
    for chunk in pieces:
        done += len(chunk)
        if done > limit:
            raise _too_large(name, limit)
        out.write(chunk)


def _check_size(plain: Path, limit: int, name: str) -> None:
    if plain.stat().st_size > limit:
        raise _too_large(name, limit)


def _limited(plain: Path, limit: int, name: str) -> bytes:
    _check_size(plain, limit, name)
    return plain.read_bytes()


def _too_large(name: str, limit: int) -> InputError:
    return ReadError(f"{name} is larger than {limit / 1e6:g} MB, more than a file of its format ever is")
