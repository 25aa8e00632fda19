"""KLV: GoPro's telemetry, key, type, size, repeat, values; nested, big-endian, padded to four bytes.

https://github.com/gopro/gpmf-parser (README). Whatever the bytes are, no entry reaches beyond its parent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from onetake.logbook.log import Array
from onetake.logbook.text import short

DEEPEST = 4  # device, stream, values; one more for good measure
_NUMBERS = {
    "b": "i1", "B": "u1", "s": ">i2", "S": ">u2", "l": ">i4", "L": ">u4", "j": ">i8", "J": ">u8", "f": ">f4", "d": ">f8",
    "q": ">i4", "Q": ">i8",
}  # fmt: skip
_FIXED_POINT = {"q": 2.0**16, "Q": 2.0**32}


class Entry(NamedTuple):
    """One entry: its key, the letter of its type (`` for a nest), the size of one element, and the bytes."""

    key: str
    kind: str
    size: int
    data: bytes

    def text(self) -> str:
        """Letters without what fills them up."""
        return self.data.decode("latin-1").rstrip("\x00 ")

    def rows(self, layout: str = "") -> Array:
        """Numbers (elements, columns); layout: the letters of a compound type. Empty where they are none."""
        letters = layout if self.kind == "?" else self.kind
        if self.size == 0 or not letters or any(letter not in _NUMBERS for letter in letters):
            return np.empty((0, 0))
        many = len(self.data) // self.size
        if self.kind != "?":
            each = np.dtype(_NUMBERS[self.kind])
            columns = self.size // each.itemsize
            values = np.frombuffer(self.data[: many * columns * each.itemsize], each).astype(float)
            return (
                values.reshape(-1, columns) / _FIXED_POINT.get(self.kind, 1.0)
                if columns
                else np.empty((0, 0))
            )
        record = np.dtype([(str(i), _NUMBERS[letter]) for i, letter in enumerate(letters)])
        if record.itemsize != self.size:
            return np.empty((0, 0))
        table = np.frombuffer(self.data[: many * self.size], record)
        return np.stack(
            [table[str(i)].astype(float) / _FIXED_POINT.get(kind, 1.0) for i, kind in enumerate(letters)],
            axis=-1,
        )


def entries(data: bytes) -> Iterator[Entry]:
    """The entries of one level, as far as they are whole."""
    at = 0
    while at + 8 <= len(data):
        key = data[at : at + 4].decode("latin-1")
        if not (key.isascii() and key.isprintable()):
            return
        size, many = data[at + 5], int.from_bytes(data[at + 6 : at + 8])
        length = size * many
        if at + 8 + length > len(data):
            return
        kind = chr(data[at + 4]) if data[at + 4] else ""
        yield Entry(key, kind, size, data[at + 8 : at + 8 + length])
        at += 8 + length + (-length) % 4


def nests(data: bytes, depth: int = 0, name: str = "") -> Iterator[tuple[str, list[Entry]]]:
    """Name of the device and entries of each nest of a payload: devices, their streams, and the payload itself."""
    level = list(entries(data))
    name = next((short(entry.text()) for entry in level if entry.key == "DVNM"), name)
    yield name, level
    for entry in level:
        if not entry.kind and entry.data and depth < DEEPEST:
            yield from nests(entry.data, depth + 1, name)
