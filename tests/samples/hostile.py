"""Files that cost a careless reader minutes or gigabytes: each is written where it is asked for, and never kept."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import jumps
import numpy as np
import polars as pl

MB = 1_000_000
LARGE, ALMOST = 100 * MB, 63 * MB  # more than any log, and just less than what is still read
SHORT = jumps.jump(1.0, aboard_s=10.0)
GPX = b'<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'

Bytes = Iterator[bytes]


def again(piece: bytes, size: int) -> Bytes:
    """A piece again and again, about a megabyte at a time."""
    block = piece * max(MB // len(piece), 1)
    for _ in range(size // len(block)):
        yield block


def then(head: bytes, piece: bytes, size: int, tail: bytes = b"") -> Callable[[], Bytes]:
    """A head, a piece again and again up to a size, a tail."""

    def made() -> Bytes:
        yield head
        yield from again(piece, size)
        yield tail

    return made


def _lines(data: bytes, many: int = 40) -> bytes:
    return b"\n".join(data.replace(b"\r", b"").split(b"\n")[:many]) + b"\n"


def _last(data: bytes) -> bytes:
    return _lines(data).rstrip().split(b"\n")[-1] + b"\n"


def _be(number: int, size: int = 4) -> bytes:
    return number.to_bytes(size, "big")


def device(*streams: bytes) -> bytes:
    """One payload of a camera."""
    return jumps._nest("DEVC", jumps.klv("DVID", "L", 4, _be(1)), *streams)


def nested(depth: int) -> bytes:
    """A stream in a stream in a stream."""
    made = jumps.klv("ACCL", "s", 6, bytes(6))
    for _ in range(depth):
        made = b"STRM\0\1" + _be(len(made), 2) + made
    return device(made)


def telemetry_film(samples: int, *, runs: int = 1, size: int = 100) -> bytes:
    """A film whose tables tell of so many samples in so many runs, all of them in the first bytes of the file."""
    box, once = jumps._box, _be(1)

    def full(rows: int, row: bytes) -> bytes:
        return bytes(4) + _be(rows) + row * rows

    table = box(
        "stbl",
        box("stsd", bytes(4), once, box("gpmd", bytes(8))),
        box("stts", full(samples, once + _be(1001))),
        box("stsc", bytes(4), _be(runs), np.repeat(np.arange(1, runs + 1), 3).astype(">u4").tobytes()),
        box("stsz", bytes(8), _be(samples), _be(size) * samples),
        box("stco", full(samples, _be(100))),
    )
    clock = box("mdhd", bytes(12), _be(1000), bytes(8))
    tracks = box("moov", box("trak", box("mdia", clock, box("minf", table))))
    return box("ftyp", b"mp41", bytes(8)) + tracks + box("mdat", bytes(40 * MB))


def tracks(film: bytes, many: int) -> bytes:
    """A film with its first track so many times."""
    moov = film.index(b"moov") - 4
    track = film.index(b"trak", moov) - 4
    end = moov + int.from_bytes(film[moov : moov + 4])
    one = film[track : track + int.from_bytes(film[track : track + 4])]
    body = film[moov + 8 : track] + one * many
    return film[:moov] + jumps._box("moov", body) + film[end:]


def zip_that_lists(size: int) -> Bytes:
    """A zip whose list of files is said to be as large as the file."""
    many = size // 46
    yield b"PK\x03\x04"
    yield (b"PK\x01\x02" + bytes(42)) * many
    yield b"PK\x05\x06" + bytes(4) + (many & 0xFFFF).to_bytes(2, "little") * 2
    yield (46 * many).to_bytes(4, "little") + (4).to_bytes(4, "little") + bytes(2)


def take_of_nothing(rows: int) -> bytes:
    """A table of one value again and again: gigabytes, once unpacked."""
    packed = io.BytesIO()
    frame = pl.select(pl.repeat("actor", rows).alias("body"), pl.repeat(0.0, rows).alias("time_s"))
    frame.write_parquet(packed, metadata={"onetake": '{"schema": "onetake.take", "version": 2}'})
    return packed.getvalue()


def _of(data: Callable[[], bytes]) -> Callable[[], Bytes]:
    return lambda: iter([data()])


def _grib(piece: bytes) -> Callable[[], Bytes]:
    return then(b"GRIB\0\0\0\x02" + _be(LARGE, 8), piece, LARGE)


def _packed(head: bytes, filling: bytes, size: int) -> bytes:
    """A thousand to one."""
    return gzip.compress(head + filling * size, 9)


FLYSIGHT1, FLYSIGHT2 = jumps.flysight1(SHORT), jumps.flysight2_track(SHORT)
TEMPO, INSIGHT, DEKUNU = jumps.tempo(SHORT), jumps.insight(SHORT), jumps.dekunu(SHORT)
_SHAKEN = jumps._nest("STRM", jumps.klv("ACCL", "s", 6, bytes(6)))
_TRACK = b"<trk><trkseg><trkpt lat='1' lon='1'><ele>1</ele><time>2020-01-01T00:00:00Z</time></trkpt></trkseg></trk>"

FILES: dict[str, Callable[[], Bytes]] = {
    "flysight1 endless line": then(_lines(FLYSIGHT1), b"9", LARGE),
    "flysight1 rows": then(_lines(FLYSIGHT1), _last(FLYSIGHT1), ALMOST),
    "flysight1 short lines": then(_lines(FLYSIGHT1), b"1,2\n", 4 * MB - 400_000),
    "flysight2 commas": then(_lines(FLYSIGHT2), b",", ALMOST),
    "flysight2 rows": then(_lines(FLYSIGHT2), _last(FLYSIGHT2), ALMOST),
    "insight semicolons": then(_lines(INSIGHT)[:300], b";", ALMOST),
    "dekunu endless line": then(_lines(DEKUNU), b"9", ALMOST),
    "tempo stars": then(TEMPO[:8000], b"*", ALMOST),
    "tempo sentences of a megabyte": then(TEMPO[:8000], jumps.sentence("PIMU,1," + "1," * 500_000).encode() + b"\n", ALMOST),
    "gpx depth": then(GPX, b"<a>", 3 * MB),
    "gpx points": then(GPX + b"<trk><trkseg>", b"<trkpt lat='1' lon='1'/>", LARGE),
    "gpx tracks": then(GPX, _TRACK, 7 * MB, b"</gpx>"),
    "gpmf payloads": then(b"", jumps.gpmf(SHORT), 15 * MB),
    "gpmf streams": then(b"", device(*[_SHAKEN] * 1800), 15 * MB),
    "gpmf depth": then(b"", nested(1000), LARGE),
    "film of boxes": then(jumps._box("ftyp", b"mp41", bytes(8)), _be(8) + b"free", LARGE),
    "film of tables": _of(lambda: telemetry_film(3_000_000, runs=2_000_000)),
    "film of zeros": then(jumps._box("ftyp", b"mp41", bytes(8)), b"\0", LARGE),
    "packed in nothing": then(gzip.compress(FLYSIGHT1), gzip.compress(b""), LARGE),
    "packed under a long name": then(b"\x1f\x8b\x08\x08" + bytes(6), b"a", LARGE),
    "packed a thousand times": _of(lambda: _packed(FLYSIGHT1, b",", 300 * MB)),
    "take of one value": _of(lambda: take_of_nothing(100 * MB)),
    "take without an end": then(b"PAR1", b"\0", LARGE, (99 * MB).to_bytes(4, "little") + b"PAR1"),
    "grib of empty sections": _grib(_be(5) + b"\1"),
    "grib of words": then(b"GRIB\0\0\0\x02", b"GRIB", LARGE),
    "zip that lists": lambda: zip_that_lists(LARGE),
    "text": then(b"", b"hello, this is a text\n", LARGE),
}  # fmt: skip


def write(path: Path, name: str) -> Path:
    """Write one of the files."""
    with path.open("wb") as stream:
        stream.writelines(FILES[name]())
    return path
