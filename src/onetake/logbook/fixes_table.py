"""The table of fixes that FlySight 1 introduced and others export: one line a fix, columns known by name.

    time,lat,lon,hMSL,velN,velE,velD,hAcc,vAcc,sAcc,…     ISO 8601 UTC, degrees, m above the geoid, m/s, 1-sigma m and m/s

Format: https://github.com/flysight/flysight. Seen besides: renamed columns, a last line cut short.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from onetake.errors import ReadError
from onetake.logbook.log import Array, Finding, Fixes, Flags, Log
from onetake.logbook.text import count, mended, numbers, table, utc_of

if TYPE_CHECKING:
    import polars as pl

NAMES = ("time", "lat", "lon", "hMSL", "velN", "velE", "velD", "hAcc", "vAcc", "sAcc")
UNITS = ("", "(deg)", "(deg)", "(m)", "(m/s)", "(m/s)", "(m/s)", "(m)", "(m)", "(m/s)")
_MOST_FIXES = 1_000_000  # 25 a second for eleven hours
_COLUMNS = 16  # none of these formats has more than 14


def head_cells(head: bytes, lines: int) -> list[tuple[str, ...]]:
    """The first lines of a file, cut at commas; empty tuples where there are fewer."""
    text = mended(head[:8192]).decode("utf-8", "replace")
    cells = [
        tuple(cell.strip() for cell in line.rstrip(", \t").split(","))
        for line in text.split("\n")
        if line.strip(", \t")
    ]
    return (cells + [()] * lines)[:lines]


def has_names(head: bytes) -> bool:
    """The table's first line names its columns as FlySight does."""
    return head_cells(head, 1)[0][: len(NAMES)] == NAMES


def has_units(head: bytes) -> bool:
    """The table's second line gives the units of FlySight's columns."""
    return head_cells(head, 2)[1][: len(UNITS)] == UNITS


def read_table(data: bytes, form: str) -> Log:
    """One recording from a whole file. Raises ReadError where not one line holds a fix."""
    text = mended(data)
    if text.count(b"\n") > _MOST_FIXES:
        raise ReadError(f"it has more than {_MOST_FIXES:,} lines, more than any recording of a jump")
    frame = table(text, _COLUMNS)
    names, units = head_cells(data, 2)
    findings = []
    if names[: len(NAMES)] != NAMES:
        renamed = " ".join(names[: len(NAMES)])[:120]
        findings.append(
            Finding("renamed-columns", f"columns are named {renamed}: taken by their place and unit")
        )
        names = (*NAMES, *names[len(NAMES) :])
    frame = frame.slice(2 if units[: len(UNITS)] == UNITS else 1)
    log = fixes_of({name: frame[str(i)] for i, name in enumerate(names[:_COLUMNS])}, form)
    if not len(log.fixes):
        raise ReadError("it has the columns of a log, and not one line with a time and a position")
    return log.found(*findings)


def fixes_of(columns: dict[str, pl.Series], form: str) -> Log:
    """Fixes from columns of text known by FlySight's names. Lines without time, position or height are dropped."""
    utc_s, negative = utc_of(columns["time"])
    values = {name: numbers(columns[name]) for name in (*NAMES[1:], "numSV") if name in columns}
    nothing = np.full(len(utc_s), np.nan)

    def column(name: str) -> Array:
        return values.get(name, nothing)

    fixes = Fixes(
        utc_s=utc_s,
        lat_deg=column("lat"),
        lon_deg=column("lon"),
        altitude_msl_m=column("hMSL"),
        velocity_enu_m_s=np.stack([column("velE"), column("velN"), -column("velD")], axis=-1),
        sigma_horizontal_m=column("hAcc"),
        sigma_up_m=column("vAcc"),
        sigma_velocity_m_s=column("sAcc"),
        satellites=column("numSV"),
    )
    placed = (fixes.utc_s, fixes.lat_deg, fixes.lon_deg, fixes.altitude_msl_m)
    whole = np.isfinite(np.stack(placed)).all(axis=0) & ~_cut_short(columns)
    findings = []
    if lost := int(np.count_nonzero(~whole)):
        text = f"{count(lost, 'line')} without a whole time, position and height: left out"
        findings.append(Finding("unreadable-row", text))
    if negative:
        text = f"{count(negative, 'time')} with negative milliseconds (`28.-001` for 27.999 s): mended"
        findings.append(Finding("negative-milliseconds", text))
    return Log(format=form, rows=len(whole), dropped=lost, fixes=fixes.keep(whole), findings=tuple(findings))


def _cut_short(columns: dict[str, pl.Series]) -> Flags:
    """Lines that end before the last column, where lines usually have one: their last number may be cut in two."""
    missing: Flags = list(columns.values())[-1].is_null().to_numpy()
    return missing if 2 * np.count_nonzero(missing) < len(missing) else np.zeros_like(missing)


def claims_one_metre(head: bytes) -> bool:
    """Every accuracy in the first lines is exactly 1: a placeholder, as no receiver says."""
    lines = [cells for cells in head_cells(head, 12)[2:] if len(cells) >= len(NAMES)]
    return bool(lines) and all(cells[7:10] == ("1", "1", "1") for cells in lines)
