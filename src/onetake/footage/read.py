"""A film: what its container says, and its pictures one at a time as the brightness the camera wrote down.

MP4 and MOV through PyAV. Nothing that a file names is followed: no other file, no address, no playlist.
"""

from __future__ import annotations

import errno
import math
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onetake.errors import ReadError
from onetake.files import check_ordinary
from onetake.footage.libraries import pyav

Codes = NDArray[Any]  # uint8, or uint16 for deeper pictures
Progress = Callable[[str, float, float], None]

MOST_PIXELS = 12288 * 8192  # a 12K picture; a damaged header may say anything
MOST_SIDE_PX = 16384
_HUGE_PIXELS = 8192 * 5120
_MOST_TRACKS = 50  # sound of 32 microphones, pictures, timecode, telemetry
_RATES_HZ = (1, 1000)
_HOPELESS = 500  # damaged packets in a row; a film that is merely cut short ends long before
# 8 bits with the brightness in a plane of its own; deeper ones in 16-bit words, low byte first
_BYTES = re.compile(r"^(yuvj?4[0-4]{2}p|nv12|nv21|nv16|gray)$")
_WORDS = re.compile(r"^(?:yuv4[0-4]{2}p|gray)(9|10|12|14|16)le$")
_HIGH = re.compile(r"^p[0-4]1([0246])le$")  # in the high bits of their words


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """What a film says of itself, before its pictures are looked at.

    rate: pictures a second, as a fraction; frames: None where the container does not count them; timecode: of the first
    picture, as written; transfer: number of the curve from light to code (ITU-T H.273 table 3), 2 where it does not say;
    full_range: whether black is code 0; rotated_deg: how a player turns the picture, which is not done here.
    """

    path: Path
    format: str
    codec: str
    width_px: int
    height_px: int
    bits: int
    rate: Fraction
    frames: int | None
    duration_s: float
    timecode: str | None
    recorded_utc: datetime | None
    transfer: int
    full_range: bool
    interlaced: bool
    rotated_deg: int


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its number from 0, seconds on the film's clock, and brightness codes (rows, columns).

    lost: how many before it, since the last one, could not be decoded.
    """

    number: int
    time_s: float
    luma: Codes
    lost: int


def open_film(path: str | os.PathLike[str]) -> Film:
    """Read what a film says of itself. Raises ReadError for what is none, or holds no picture that can be decoded."""
    source = Path(path)
    with _Reel(source) as reel:
        first = next(reel.frames(), None)
        if first is None:
            raise ReadError(f"{source}: not one of its pictures can be decoded; it is damaged or cut short")
        stream, frame = reel.stream, first[0]
        rate = reel.rate
        frames = stream.frames or None
        seconds = _duration_s(reel, rate)
        return Film(
            path=source,
            format=str(reel.container.metadata.get("major_brand", "mov")).strip() or "mov",
            codec=str(stream.codec_context.name),
            width_px=frame.width,
            height_px=frame.height,
            bits=_bits(frame.format.name),
            rate=rate,
            frames=frames,
            duration_s=seconds,
            timecode=_said(reel.container, "timecode"),
            recorded_utc=_recorded(_said(reel.container, "creation_time")),
            transfer=int(frame.color_trc),
            full_range=int(frame.color_range) == 2 or frame.format.name.startswith("yuvj"),
            interlaced=bool(frame.interlaced_frame),
            rotated_deg=round(frame.rotation) % 360,
        )


def pictures(
    film: Film,
    *,
    from_s: float = 0.0,
    to_s: float = math.inf,
    progress: Progress | None = None,
) -> Iterator[Picture]:
    """The pictures between two times of the film's clock, one held at a time.

    A picture that cannot be decoded is left out and counted by the next. progress: called with what is done, the seconds
    done and their total. Raises ReadError where the film ends in damage, or changes its size on the way.
    """
    end_s = min(to_s, film.duration_s)
    with _Reel(film.path) as reel:
        if from_s > 0.0:
            reel.seek(from_s)
        begin_s, number = reel.begin_s, -1
        before_s = -math.inf
        for frame, lost in reel.frames():
            if frame.pts is None:
                continue
            time_s = float(frame.pts * frame.time_base) - begin_s
            number = round(time_s * film.rate)
            if time_s <= before_s or time_s < from_s - 1e-9:
                continue
            if time_s > to_s:
                return
            if (frame.width, frame.height) != (film.width_px, film.height_px):
                raise ReadError(
                    f"{film.path}: its pictures change from {film.width_px} x {film.height_px} to "
                    f"{frame.width} x {frame.height} at {time_s:.2f} s; cut it there"
                )
            before_s = time_s
            if progress is not None:
                progress("reading pictures", max(time_s - from_s, 0.0), max(end_s - from_s, 0.0))
            yield Picture(number, time_s, _luma(frame), lost)


def key_pictures(film: Film, count: int) -> Iterator[Picture]:
    """Some pictures from beginning to end, each the nearest before its place that needs no other; quick in a long film."""
    with _Reel(film.path) as reel:
        before = -1
        for place in range(count):
            if place:
                try:
                    reel.seek(film.duration_s * place / max(count - 1, 1))
                except ReadError:  # it can only be read from its beginning
                    return
            for frame, lost in reel.frames():
                if frame.pts is None or (frame.width, frame.height) != (film.width_px, film.height_px):
                    continue
                time_s = float(frame.pts * frame.time_base) - reel.begin_s
                number = round(time_s * film.rate)
                if number > before:
                    yield Picture(number, time_s, _luma(frame), lost)
                before = max(before, number)
                break


class _Reel:
    """A film held open, with its first moving picture."""

    def __init__(self, path: Path) -> None:
        self.av = pyav()
        self.path = path
        check_ordinary(path)
        try:
            # the container is named, so that a playlist that calls itself .mp4 is not obeyed
            self.container = self.av.open(
                str(path),
                format="mov",
                options={
                    "protocol_whitelist": "file",
                    "enable_drefs": "0",
                    "max_streams": str(_MOST_TRACKS),
                },
            )
        except FileNotFoundError as error:
            raise ReadError(f"{path}: no such file") from error
        except (self.av.FFmpegError, OSError, ValueError) as error:
            raise ReadError(f"{path}: is no MP4 or MOV film that can be read ({_why(error)})") from error
        try:
            self._choose()
        except BaseException:
            self.container.close()
            raise

    def _choose(self) -> None:
        moving = self.container.streams.video
        if not moving:
            raise ReadError(f"{self.path}: holds no picture, only {_kinds(self.container)}")
        self.stream = moving[0]
        context = self.stream.codec_context
        if context is None:
            raise ReadError(f"{self.path}: its pictures are written in a way that cannot be decoded here")
        width, height = context.width, context.height
        if not (0 < width <= MOST_SIDE_PX and 0 < height <= MOST_SIDE_PX and width * height <= MOST_PIXELS):
            raise ReadError(f"{self.path}: says its pictures are {width} x {height}; no camera's are")
        self.stream.thread_type = "AUTO"
        if width * height > _HUGE_PIXELS:  # each thread holds pictures of its own
            context.thread_count = 1
        rate = self.stream.average_rate or self.stream.base_rate or self.stream.guessed_rate
        if rate is None or not _RATES_HZ[0] <= rate <= _RATES_HZ[1]:
            raise ReadError(
                f"{self.path}: says it has {rate} pictures a second; between 1 and 1000 makes sense"
            )
        self.rate = Fraction(rate)
        start = self.stream.start_time
        self.begin_s = float(start * self.stream.time_base) if start else 0.0

    def __enter__(self) -> _Reel:
        return self

    def __exit__(self, *_: object) -> None:
        self.container.close()

    def seek(self, time_s: float) -> None:
        """To the last picture at or before a time that needs no other."""
        place = int((time_s + self.begin_s) / self.stream.time_base)
        try:
            self.container.seek(place, stream=self.stream, backward=True)
        except self.av.FFmpegError as error:
            raise ReadError(f"{self.path}: cannot be wound to {time_s:.2f} s ({_why(error)})") from error

    def frames(self) -> Iterator[tuple[Any, int]]:
        """Decoded frames, each with how many damaged ones were passed over before it."""
        lost = in_a_row = 0
        packets = self.container.demux(self.stream)
        while True:
            try:
                packet = next(packets, None)
            except (self.av.FFmpegError, ValueError):
                return  # the container itself ends here
            if packet is None:
                return
            try:
                decoded = packet.decode()
            except (self.av.FFmpegError, ValueError):
                lost, in_a_row = lost + 1, in_a_row + 1
                if in_a_row > _HOPELESS:
                    raise ReadError(
                        f"{self.path}: {in_a_row} pictures in a row are damaged; cut the film before them"
                    ) from None
                continue
            for frame in decoded:
                if frame.is_corrupt:
                    lost += 1
                    continue
                in_a_row = 0
                yield frame, lost
                lost = 0


def _duration_s(reel: _Reel, rate: Fraction) -> float:
    stream = reel.stream
    if stream.duration:
        return float(stream.duration * stream.time_base)
    if stream.frames:
        return float(stream.frames / rate)
    whole = reel.container.duration  # in microseconds
    return whole / 1e6 if whole else 0.0


def _bits(layout: str) -> int:
    if deep := _WORDS.match(layout):
        return int(deep[1])
    if high := _HIGH.match(layout):
        return 10 + int(high[1])
    return 8


def _luma(frame: Any) -> Codes:
    """The brightness plane as it was decoded, without a copy where the layout allows."""
    name = frame.format.name
    if _BYTES.match(name):
        return _plane(frame, np.uint8)
    if _WORDS.match(name):
        return _plane(frame, np.dtype("<u2"))
    if high := _HIGH.match(name):
        return _plane(frame, np.dtype("<u2")) >> (6 - int(high[1]))
    gray: Codes = frame.to_ndarray(format="gray")
    return gray


def _plane(frame: Any, kind: Any) -> Codes:
    plane = frame.planes[0]
    rows = np.frombuffer(plane, kind).reshape(-1, plane.line_size // np.dtype(kind).itemsize)
    return rows[: frame.height, : frame.width]


def _said(container: Any, key: str) -> str | None:
    """What the film or the first of its tracks says under a name."""
    for where in (container, *container.streams):
        if said := where.metadata.get(key):
            return str(said)[:40]
    return None


def _recorded(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    if moment is None or moment.year < 1990:  # a clock that was never set
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _kinds(container: Any) -> str:
    return ", ".join(sorted({str(stream.type) for stream in container.streams})) or "nothing"


def _why(error: Exception) -> str:
    if getattr(error, "errno", None) == errno.ENOMEM:
        return f"it has more than {_MOST_TRACKS} tracks, or says that its tables do not fit into the memory"
    return getattr(error, "strerror", None) or str(error)
