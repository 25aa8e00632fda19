"""Jumps as a table for a spreadsheet, and their original files.

UTF-8 with a byte order mark, without which Excel takes it for another encoding; commas, CR LF and quotes as RFC 4180
has them. A text that a spreadsheet would run as a formula gets an apostrophe in front, as the spreadsheet itself
would write it; numbers stay numbers.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from onetake.files import whole
from onetake.logbook.store.find import LoggedJump
from onetake.logbook.store.tables import EVENTS

# OWASP, "CSV injection": = + - @ tab and carriage return; the wide forms are taken for the same in East Asian locales
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_FIGURES = (
    "freefall_s",
    "max_descent_m_s",
    "best_3s_descent_m_s",
    "ground_msl_m",
    "rate_hz",
    "rows",
    "dropped",
)
_TEXTS = ("format", "device", "session", "recording", "from_utc", "to_utc")
_MOMENT = ("utc", "altitude_msl_m", "sigma_s")
COLUMNS = (
    "jump", "person", *(f"{name}_{key}" for name in EVENTS for key in _MOMENT), *_FIGURES, *_TEXTS,
    "problems", "files", "digests", "added_utc", "read_by", "supersedes", "superseded_by",
)  # fmt: skip
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]')


def write_sheet(found: Iterable[LoggedJump], target: Path) -> None:
    """Write the table whole or not at all. Raises WriteError."""
    with whole(target) as part, part.open("w", encoding="utf-8-sig", newline="") as stream:
        sheet = csv.DictWriter(stream, COLUMNS)
        sheet.writeheader()
        for jump in found:
            sheet.writerow({key: _cell(value) for key, value in _row(jump).items()})


def _row(jump: LoggedJump) -> dict[str, Any]:
    log: dict[str, Any] = jump.log
    row: dict[str, Any] = {"jump": jump.number, "person": jump.person}
    for name in EVENTS:
        row |= {f"{name}_{key}": (log[name] or {}).get(key) for key in _MOMENT}
    row |= {key: log[key] for key in (*_FIGURES, *_TEXTS)}
    return row | {
        "problems": "; ".join(one["text"] for one in log["problems"]),
        "files": "; ".join(one.name for one in jump.files),
        "digests": "; ".join(one.digest for one in jump.files),
        "added_utc": jump.added_utc,
        "read_by": jump.read_by,
        "supersedes": "; ".join(map(str, jump.supersedes)),
        "superseded_by": jump.superseded_by,
    }


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond // 1000:03d}"
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_RUNS) else value
    return value


def file_name(jump: LoggedJump, name: str) -> str:
    """What a file of a jump is called outside: its number and its own name, of which nothing can leave the folder."""
    plain = _NOT_IN_NAMES.sub("_", name).strip(". ")[-100:]
    return f"{jump.number:05d}-{plain or 'log'}"
