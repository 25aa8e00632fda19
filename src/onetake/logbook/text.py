"""Tables of text as columns of numbers, whatever was done to the file on its way here."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import numpy as np

from onetake.errors import ReadError
from onetake.logbook.log import Array

if TYPE_CHECKING:
    import polars as pl

MAX_LINES = 2_000_000  # 25 fixes a second for 22 hours
_STAMP = r"^\s*(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(-?\d{1,9}))?\s*Z?\s*$"
_BLANK = re.compile(rb"\n[, \t]*+(?=\n|\Z)")
_LONGEST_TEXT = 200  # of what a file calls itself or its device
_SEMICOLONS = re.compile(rb"(?m)^[^\n,;]{0,200}(?:;[^\n,;]{0,200}){3}")


def mended(data: bytes) -> bytes:
    """Line ends of any kind as one, no quotes; a spreadsheet's semicolons and decimal commas turned back.

    Raises ReadError for more lines than any recording has.
    """
    data = data.replace(b"\r", b"\n") if b"\n" not in data else data.replace(b"\r", b"")
    data = data.replace(b'"', b"").replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf")
    if data.count(b"\n") > MAX_LINES:
        raise ReadError(f"it has more than {MAX_LINES:,} lines, more than any recording of a jump")
    if _SEMICOLONS.search(data, 0, 4096):
        data = data.replace(b",", b".").replace(b";", b",")
    return data


def table(data: bytes, columns: int) -> pl.DataFrame:
    """Lines cut at commas, all text, named `0`, `1`, …; null where a line has fewer, and what a line has more is cut.

    Lines without anything between their commas are passed over.
    """
    import polars as pl

    schema = {str(i): pl.String for i in range(columns)}
    try:
        return pl.read_csv(
            io.BytesIO(_BLANK.sub(b"", b",".join(name.encode() for name in schema) + b"\n" + data)),
            schema=schema,
            quote_char=None,
            truncate_ragged_lines=True,
            encoding="utf8-lossy",
        )
    except pl.exceptions.PolarsError as error:
        raise ReadError(f"it is no table of text ({error})") from error


def numbers(column: pl.Series) -> Array:
    """A column of text as floats, NaN for what is none."""
    import polars as pl

    read = column.str.strip_chars().cast(pl.Float64, strict=False)
    values: Array = read.fill_null(np.nan).to_numpy().copy()
    values[~np.isfinite(values)] = np.nan
    return values


def utc_of(column: pl.Series) -> tuple[Array, int]:
    """POSIX seconds of ISO times in UTC, NaN for what is none; and how many had negative milliseconds.

    FlySight 2 firmware 2023.07.01 writes 27.999 s as `28.-001`: a second too far, less a thousandth.
    """
    import polars as pl

    parts = column.str.extract_groups(_STAMP).struct
    day, clock, fraction = (parts.field(str(i)) for i in (1, 2, 3))
    whole = (
        (day + "T" + clock).str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False, time_unit="ms").dt.epoch("ms")
    )
    digits = fraction.fill_null("0")
    negative = digits.str.starts_with("-")
    part_s = ("0." + digits.str.strip_prefix("-")).cast(pl.Float64, strict=False)
    sign = negative.cast(pl.Float64) * -2.0 + 1.0
    utc_s: Array = (whole.cast(pl.Float64) / 1000.0 + part_s * sign).fill_null(np.nan).to_numpy().copy()
    return utc_s, int((negative & whole.is_not_null()).sum())


def count(number: int, one: str, many: str = "") -> str:
    """`1 fix`, `3 fixes`; without a plural, an s is added."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def short(text: str) -> str:
    """What somebody wrote into a file, fit to be told: no more than a line of it."""
    return " ".join(text[: 2 * _LONGEST_TEXT].split())[:_LONGEST_TEXT]
