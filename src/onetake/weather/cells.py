"""Numbers and times out of the cells of text formats. A cell that cannot be read is counted, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from onetake.errors import ReadError
from onetake.weather.column import Array, Note

_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,15}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][-+]?[0-9]{1,2})?")
_CENTURY_FROM = 45  # no sounding archive begins before 1945; two-digit years from here on are 19..


@dataclass(slots=True)
class Cells:
    """Reads the cells of one profile. `missing` are the values by which the format says "not measured"."""

    missing: frozenset[float] = frozenset()
    unreadable: int = 0
    example: str = ""

    def number(self, cell: str) -> float:
        """The number, or NaN where the cell is blank, missing or unreadable (counted)."""
        cell = cell.strip()
        if not cell or cell.lower() in ("nan", "null", "none"):
            return np.nan
        if _NUMBER.fullmatch(cell) is None:
            self.unreadable += 1
            self.example = self.example or cell[:20]
            return np.nan
        value = float(cell)
        return np.nan if value in self.missing else value

    def column(self, cells: Iterable[str]) -> Array:
        """Numbers (n,) of the cells of one column."""
        return np.array([self.number(cell) for cell in cells], dtype=np.float64)

    def matrix(self, rows: Iterable[Iterable[str]], width: int) -> Array:
        """Numbers (n, width) of rows of cells; all rows have that width."""
        values = [[self.number(cell) for cell in row] for row in rows]
        return np.array(values, dtype=np.float64).reshape(len(values), width)

    def problems(self) -> list[Note]:
        """What was unreadable, as a problem."""
        if not self.unreadable:
            return []
        count = "one cell is" if self.unreadable == 1 else f"{self.unreadable} cells are"
        return [
            Note(slug="unreadable-cell", text=f"{count} not a number ({self.example!r}): taken as missing")
        ]


def text_of(data: bytes) -> str:
    """Text of an exchange format: UTF-8 with or without a mark, else Latin-1, which reads any byte."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def utc(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """An aware time; ReadError when there is no such day or hour."""
    try:
        return datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError as error:
        raise ReadError(f"{year}-{month}-{day} {hour}:{minute} is not a time ({error})") from error


def gempak_time(text: str) -> datetime:
    """A time written YYMMDD/HHMM or YYYYMMDD/HHMM."""
    match = re.fullmatch(r"([0-9]{2}|[0-9]{4})([0-9]{2})([0-9]{2})/([0-9]{2})([0-9]{2})", text)
    if match is None:
        raise ReadError(f"{text[:20]!r} is not a time like 110108/0600")
    year, month, day, hour, minute = (int(part) for part in match.groups())
    if len(match[1]) == 2:
        year += 1900 if year >= _CENTURY_FROM else 2000
    return utc(year, month, day, hour, minute)
