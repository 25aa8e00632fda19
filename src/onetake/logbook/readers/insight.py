"""INSIGHT and SkyTraX: FlySight's columns, but the type of fix and the satellites stand before the heading.

One row in 30 s on the way up, four a second in the fall.
"""

from __future__ import annotations

from onetake.logbook import fixes_table
from onetake.logbook.log import Log

DOC = "INSIGHT and SkyTraX SMD CSV"


def recognises(head: bytes) -> bool:
    """By its last column."""
    return fixes_table.has_names(head) and "headAcc" in fixes_table.head_cells(head, 1)[0]


def read(data: bytes) -> list[Log]:
    """The one recording of the file."""
    return [fixes_table.read_table(data, "insight")]
