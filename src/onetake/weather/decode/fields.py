"""The frame of a GRIB 2 file: finds the fields a profile needs, without decoding any.

Messages and their sections are walked by their own lengths (WMO FM 92 GRIB edition 2). A message may hold many
fields that share what comes before; NCEP packs u and v so, and a plain loop over messages never sees v. Each field
is cut out as a whole message of its own, which any decoder takes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from onetake.errors import ReadError

_UNIT_S = {0: 60, 1: 3600, 2: 86400, 10: 3 * 3600, 11: 6 * 3600, 12: 12 * 3600, 13: 1}  # code table 4.4
_INSTANT = (0, 1)  # product templates of one instant: a forecast, or one member of an ensemble
_MOST_PIECES = 300_000  # 30 members of a global model at all its levels have some 200,000
_ISOBARIC, _SURFACE = 100, 1  # code table 4.5
# discipline 0, category and number of code table 4.2
_NAMES = {(0, 0): "t", (1, 1): "r", (2, 2): "u", (2, 3): "v", (3, 5): "gh", (3, 4): "z"}
_SURFACE_NAMES = {(3, 0): "surface_pa", (3, 5): "surface_gh"}


class Bytes(Protocol):
    """Bytes or a memory map of a file."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: slice, /) -> bytes: ...
    def find(self, sub: bytes, start: int, /) -> int:
        """Place of the next occurrence, or -1."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field that serves a profile: its name, level, time, and the pieces of its message."""

    name: str
    pressure_pa: float
    base_utc: datetime
    valid_utc: datetime
    member: str
    centre: int
    grid: bytes  # section 3, the same for all fields of one grid
    pieces: tuple[tuple[int, int], ...]  # first byte and end of sections 1 to 7 in the file

    def message(self, data: Bytes) -> bytes:
        """The field as a GRIB message of its own."""
        body = b"".join(data[start:end] for start, end in self.pieces)
        return b"GRIB\x00\x00\x00\x02" + struct.pack(">Q", 16 + len(body) + 4) + body + b"7777"


@dataclass(slots=True)
class Damage:
    """What of a file could not be walked, and how many messages and sections were."""

    broken: int = 0
    truncated: bool = False
    edition_1: int = 0
    walked: int = 0


def fields(data: Bytes, damage: Damage) -> Iterator[Field]:
    """All fields of a file that serve a profile; what is broken is counted in `damage` and left out.

    Raises ReadError for a file of more pieces than any model writes.
    """
    at = data.find(b"GRIB", 0)
    while at >= 0:
        damage.walked += 1
        if damage.walked > _MOST_PIECES:
            raise ReadError(
                f"it has more than {_MOST_PIECES:,} messages and sections; cut it to what is needed"
            )
        head = data[at : at + 16]
        end = at + 4
        if len(head) < 16:
            damage.truncated = True
            return
        if head[7] == 1:
            damage.edition_1 += 1
            end = at + max(8, int.from_bytes(head[4:7], "big"))
        elif head[7] == 2:
            length = int.from_bytes(head[8:16], "big")
            if at + length > len(data):
                damage.truncated = True
                length = len(data) - at
            try:
                yield from _message(data, at, at + length, head[6], damage)
                end = at + length
            except (ReadError, struct.error, ValueError, OverflowError):
                damage.broken += 1
        at = data.find(b"GRIB", end)


def _message(data: Bytes, start: int, end: int, discipline: int, damage: Damage) -> Iterator[Field]:
    """Walk the sections; each data section 7 closes one field."""
    at = start + 16
    held: dict[int, tuple[int, int]] = {}
    while data[at : at + 4] != b"7777":
        frame = data[at : at + 5]
        damage.walked += 1
        if len(frame) < 5 or damage.walked > _MOST_PIECES:
            raise ReadError("a message ends inside a section")
        length, number = struct.unpack(">IB", frame)
        if length < 5 or at + length > end or not 1 <= number <= 7:
            raise ReadError("a section does not fit into its message")
        if number == 6 and length >= 6 and data[at + 5 : at + 6] == b"\xfe" and 6 in held:
            pass  # 254: the bitmap defined before goes on
        else:
            held[number] = (at, at + length)
        at += length
        if number == 7 and discipline == 0:
            field = _field(data, held)
            if field is not None:
                yield field


def _field(data: Bytes, held: dict[int, tuple[int, int]]) -> Field | None:
    """The field that these sections describe, or None if no profile needs it."""
    if not {1, 3, 4, 5, 6, 7} <= held.keys():
        raise ReadError("a field without all of its sections")
    product = data[slice(*held[4])]
    template = int.from_bytes(product[7:9], "big")
    if template not in _INSTANT or len(product) < 34:
        return None
    surface, scale, value, second = (
        product[22],
        product[23],
        int.from_bytes(product[24:28], "big"),
        product[28],
    )
    kind = (product[9], product[10])
    if surface == _ISOBARIC and second == 255 and kind in _NAMES:
        name = _NAMES[kind]
        pressure_pa = value / 10.0 ** _signed(scale)
    elif surface == _SURFACE and kind in _SURFACE_NAMES:
        name, pressure_pa = _SURFACE_NAMES[kind], 0.0
    else:
        return None
    unit_s = _UNIT_S.get(product[17])
    if unit_s is None:
        raise ReadError(f"a forecast time in unit {product[17]} of code table 4.4")
    base_utc, centre = _reference(data[slice(*held[1])])
    return Field(
        name=name,
        pressure_pa=pressure_pa,
        base_utc=base_utc,
        valid_utc=base_utc + timedelta(seconds=int.from_bytes(product[18:22], "big") * unit_s),
        member=str(product[35]) if template == 1 and len(product) > 35 else "",
        centre=centre,
        grid=data[slice(*held[3])],
        pieces=tuple(held[number] for number in sorted(held)),
    )


def _reference(identification: bytes) -> tuple[datetime, int]:
    """Reference time and centre of section 1."""
    centre, year, month, day, hour, minute, second = struct.unpack(">5xH5xH5B", identification[:19])
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC), centre


def _signed(octet: int) -> int:
    """Sign and magnitude, as GRIB writes negative scale factors."""
    return -(octet & 0x7F) if octet & 0x80 else octet
