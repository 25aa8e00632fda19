"""MP4: where a film keeps the samples of its telemetry track, and when they are. Nothing but tables is read of the film.

ISO/IEC 14496-12 boxes. Sizes are checked against their parent, counts against the size of their table.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onetake.errors import ReadError

_NESTS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
_TABLES = {b"mdhd", b"stsd", b"stts", b"stsc", b"stsz", b"stco", b"co64"}
_MOST_BOXES = 200_000  # a film in pieces of half a second has as many in fourteen hours
_LARGEST_REMARK = 16_000_000  # bytes of what is among the tables and none of them: a title, a small picture
_LARGEST_TABLE = 32_000_000  # bytes; a day of one telemetry sample a second is a hundredth
_LARGEST_SAMPLE, _MOST_SAMPLES, _MOST_BYTES = 4_000_000, 100_000, 300_000_000
_DEEPEST = 8
I64 = NDArray[np.int64]


class Sample(NamedTuple):
    """One sample of a track: its bytes, and when it begins and how long it lasts on the film's clock."""

    data: bytes
    from_s: float
    for_s: float


def samples(film: BinaryIO, size: int, kind: bytes = b"gpmd") -> Iterator[Sample]:
    """The samples of the first track of a kind. Raises ReadError where the file is no film or has no such track."""
    for track in _tracks(film, size):
        if _is_of(track, kind):
            yield from _samples(film, size, track)
            return
    raise ReadError(f"it is a film without a {kind.decode()} track: a camera's telemetry is not in it")


def has_track(film: BinaryIO, size: int, kind: bytes = b"gpmd") -> bool:
    """Whether a film has a track of a kind. Raises ReadError as `samples`."""
    return any(_is_of(track, kind) for track in _tracks(film, size))


def _is_of(track: dict[bytes, bytes], kind: bytes) -> bool:
    return kind in track.get(b"stsd", b"")[8:64]


def _tracks(film: BinaryIO, size: int) -> Iterator[dict[bytes, bytes]]:
    """The tables of each track by the name of their box."""
    track: dict[bytes, bytes] = {}
    tables_end = 0
    for count, (name, start, end) in enumerate(_boxes(film, 0, size)):
        if count > _MOST_BOXES:
            raise ReadError("it has more boxes than a film ever has")
        if name == b"moov":
            tables_end = end
        elif end <= tables_end and name not in _NESTS | _TABLES and end - start > _LARGEST_REMARK:
            raise ReadError(f"what it calls {name.decode('latin-1')!r} is larger than a film's ever is")
        if name == b"trak" and track:
            yield track
            track = {}
        if name in _TABLES:
            if end - start > _LARGEST_TABLE:
                raise ReadError(f"its table {name.decode()} is larger than a film's ever is")
            film.seek(start)
            track[name] = film.read(end - start)
    if track:
        yield track


def _boxes(film: BinaryIO, start: int, end: int, depth: int = 0) -> Iterator[tuple[bytes, int, int]]:
    """Name, first and last byte of every box, nests before what is in them."""
    while start + 8 <= end:
        film.seek(start)
        head = film.read(16)
        length, name, first = int.from_bytes(head[:4]), head[4:8], start + 8
        if length == 1 and len(head) == 16:
            length, first = int.from_bytes(head[8:16]), start + 16
        length = length or end - start
        if start + length > end or first > start + length:
            return
        yield name, first, start + length
        if name in _NESTS and depth < _DEEPEST:
            yield from _boxes(film, first, start + length, depth + 1)
        start += length


def _samples(film: BinaryIO, size: int, track: dict[bytes, bytes]) -> Iterator[Sample]:
    scale = _scale(track.get(b"mdhd", b""))
    sizes = _sizes(track.get(b"stsz", b""))
    places = _places(track, sizes)
    lasts = _repeated(_table(track.get(b"stts", b""), 4, 2), len(sizes))
    begins = np.concatenate([[0], np.cumsum(lasts)])
    held = 0
    for i in range(min(len(sizes), len(places), len(lasts), _MOST_SAMPLES)):
        held += max(int(sizes[i]), 0)
        if held > _MOST_BYTES:
            return
        if not 0 < sizes[i] <= _LARGEST_SAMPLE or not 0 <= places[i] <= size - sizes[i]:
            continue
        film.seek(int(places[i]))
        yield Sample(film.read(int(sizes[i])), float(begins[i]) / scale, float(lasts[i]) / scale)


def _scale(mdhd: bytes) -> float:
    """Units of the track's clock in a second."""
    at = 20 if mdhd[:1] == b"\x01" else 12
    return float(int.from_bytes(mdhd[at : at + 4]) or 1)


def _table(box: bytes, at: int, columns: int, word: str = ">u4") -> I64:
    """Rows of a full box whose number stands at a place; no more than there are, nor than samples are read."""
    many = int.from_bytes(box[at : at + 4])
    each = np.dtype(word).itemsize * columns
    body = box[at + 4 :]
    many = min(many, len(body) // each, _MOST_SAMPLES)
    return np.frombuffer(body[: many * each], word).astype(np.int64).reshape(-1, columns)


def _sizes(stsz: bytes) -> I64:
    each, many = int.from_bytes(stsz[4:8]), int.from_bytes(stsz[8:12])
    if each:
        return np.full(min(many, _MOST_SAMPLES), each, np.int64)
    return _table(stsz, 8, 1)[:, 0]


def _repeated(runs: I64, most: int) -> I64:
    """Values of (count, value) runs, no more than asked for."""
    counts = np.clip(runs[:, 0], 0, most)
    counts = np.diff(np.minimum(np.cumsum(counts), most), prepend=0)
    return np.repeat(runs[:, 1], counts)


def _places(track: dict[bytes, bytes], sizes: I64) -> I64:
    """Where each sample begins in the file: chunks, and how many samples each holds."""
    if b"co64" in track:
        chunks = _table(track[b"co64"], 4, 1, ">u8")[:, 0]
    else:
        chunks = _table(track.get(b"stco", b""), 4, 1)[:, 0]
    runs = _table(track.get(b"stsc", b""), 4, 3)
    # a run goes on until the next begins; what does not ascend begins with the one before it
    run = np.searchsorted(np.maximum.accumulate(runs[:, 0]), np.arange(1, len(chunks) + 1), "right") - 1
    many = np.minimum(np.append(runs[:, 1], 0), len(sizes))
    each = many[run]
    each = np.diff(np.minimum(np.cumsum(each), len(sizes)), prepend=0)
    chunk = np.repeat(np.arange(len(chunks)), each)
    sizes = sizes[: len(chunk)]
    before = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    first_of_chunk = np.concatenate([[0], np.cumsum(each)])[chunk]
    return np.asarray(
        chunks[chunk] + before - before[np.minimum(first_of_chunk, max(len(before) - 1, 0))], np.int64
    )
