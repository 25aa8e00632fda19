"""FlySight 1: a line of names, a line of units, one line a fix."""

from __future__ import annotations

from onetake.logbook import fixes_table
from onetake.logbook.log import Log

DOC = "FlySight 1 CSV"


def recognises(head: bytes) -> bool:
    """By FlySight's names, or by its units where somebody renamed the columns; heading stands before the fix type."""
    names = fixes_table.head_cells(head, 1)[0]
    if not (fixes_table.has_names(head) or fixes_table.has_units(head)):
        return False
    return "headAcc" not in names and not fixes_table.claims_one_metre(head)


def read(data: bytes) -> list[Log]:
    """The one recording of the file."""
    return [fixes_table.read_table(data, "flysight1")]
