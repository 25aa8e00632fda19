"""FlySight 2: TRACK.CSV, SENSOR.CSV and EVENT.CSV of one session; any of them alone, or their folder.

Every line starts with what it holds: `$COL` and `$UNIT` name the columns of a sensor, `$GNSS`, `$IMU`, `$BARO`, … are
samples. Format: https://github.com/flysight/flysight-2-firmware (FlySight/log.c). `$TIME` gives the GNSS week and
time of week at a moment of the device's clock; its grid is UTC already (time-pulse configuration 0x73 there), so no
leap seconds are taken off.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from onetake.clock import GPS_EPOCH
from onetake.errors import ReadError
from onetake.logbook.fixes_table import fixes_of
from onetake.logbook.log import Array, ClockPairs, Finding, Log, Mark, Sensor
from onetake.logbook.text import count, mended, numbers, short, table
from onetake.units import DEG_RAD, G0_M_S2

if TYPE_CHECKING:
    import polars as pl

DOC = "FlySight 2: TRACK, SENSOR or EVENT CSV, or the folder of a session"

# sensor -> the columns of version 1 of the format, for files that lost their head
_COLUMNS = {
    "GNSS": ("time", "lat", "lon", "hMSL", "velN", "velE", "velD", "hAcc", "vAcc", "sAcc", "numSV"),
    "IMU": ("time", "wx", "wy", "wz", "ax", "ay", "az", "temperature"),
    "BARO": ("time", "pressure", "temperature"),
    "MAG": ("time", "x", "y", "z", "temperature"),
    "HUM": ("time", "humidity", "temperature"),
    "VBAT": ("time", "voltage"),
    "TIME": ("time", "tow", "week"),
    "EVNT": ("time", "description"),
}
# column of a sensor -> our name, factor, offset
_SI = {
    "IMU": {
        **{f"w{axis}": (f"rate_{axis}_rad_s", DEG_RAD, 0.0) for axis in "xyz"},
        **{f"a{axis}": (f"accel_{axis}_m_s2", G0_M_S2, 0.0) for axis in "xyz"},
        "temperature": ("temperature_k", 1.0, 273.15),
    },
    "BARO": {"pressure": ("pressure_pa", 1.0, 0.0), "temperature": ("temperature_k", 1.0, 273.15)},
    "MAG": {axis: (f"field_{axis}_t", 1e-4, 0.0) for axis in "xyz"},
    "HUM": {"humidity": ("relative_humidity", 0.01, 0.0)},
    "VBAT": {"voltage": ("battery_v", 1.0, 0.0)},
}
_WIDTH = 14
_MARKS = 10_000  # a session writes some tens
_LINE = re.compile(
    rb"\$?FLYS,\d|\$?COL,[A-Z]+,time,|\$?GNSS,\d{4}-\d\d-\d\dT|\$?(?:IMU|BARO|MAG|TIME),\d+\.\d+,"
)

_SESSION = re.compile(rb"^\$?VAR,SESSION_ID,([0-9A-Za-z-]+)", re.MULTILINE)


def recognises(head: bytes) -> bool:
    """By any of its first lines."""
    return any(_LINE.match(line) for line in mended(head[:4096]).split(b"\n")[:12])


def read(data: bytes) -> list[Log]:
    """What one file of a session holds."""
    frame = table(mended(data), _WIDTH)
    kind = frame["0"].str.strip_prefix("$")
    named, facts = _head(frame.filter(kind.is_in(["COL", "VAR"])))
    groups = {name: _group(frame, kind == name, named.get(name, usual)) for name, usual in _COLUMNS.items()}
    groups = {name: group for name, group in groups.items() if len(group["time"])}
    if not groups:
        raise ReadError("it is a FlySight 2 file without a single sample")
    log = fixes_of(groups["GNSS"], "flysight2") if "GNSS" in groups else Log(format="flysight2", rows=0)
    findings = list(log.findings)
    if unnamed := sorted(set(groups) - set(named)):
        text = f"no line names the columns of {', '.join(unnamed)}: taken in the order of the format"
        findings.append(Finding("renamed-columns", text))
    sensors = {name.lower(): _sensor(name, groups[name]) for name in _SI if name in groups}
    samples = sum(len(groups[name.upper()]["time"]) for name in sensors)
    lost = samples - sum(len(sensor.device_s) for sensor in sensors.values())
    if lost:
        findings.append(Finding("unreadable-row", f"{count(lost, 'sensor line')} cut short: left out"))
    marks = _marks(groups["EVNT"]) if "description" in groups.get("EVNT", {}) else ()
    return [
        replace(
            log,
            rows=log.rows or samples + len(marks),
            dropped=log.dropped if log.rows else lost,
            sensors=sensors,
            clock_pairs=_pairs(groups["TIME"]) if {"tow", "week"} <= groups.get("TIME", {}).keys() else None,
            marks=marks,
            device=facts.get("DEVICE_ID", ""),
            session=facts.get("SESSION_ID", ""),
            findings=tuple(findings),
        )
    ]


def session_of(head: bytes) -> str:
    """The session that a file belongs to; empty where its head is lost."""
    found = _SESSION.search(mended(head[:4096]))
    return found[1].decode("ascii") if found else ""


def join(parts: list[Log]) -> Log:
    """The files of one folder as one session; what belongs to another session is left out and told."""
    track = next((part for part in parts if len(part.fixes)), parts[0])
    same = [part for part in parts if part.session == track.session]
    findings = [finding for part in same for finding in part.findings]
    if foreign := len(parts) - len(same):
        text = f"{count(foreign, 'file')} of the folder belongs to another session: left out"
        findings.append(Finding("foreign-session", text))
    pairs = [part.clock_pairs for part in same if part.clock_pairs is not None]
    return replace(
        track,
        sensors={name: sensor for part in same for name, sensor in part.sensors.items()},
        clock_pairs=pairs[0] if pairs else None,
        marks=tuple(mark for part in same for mark in part.marks),
        findings=tuple(findings),
    )


def _head(lines: pl.DataFrame) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Columns by sensor, and what the device says of itself."""
    named: dict[str, tuple[str, ...]] = {}
    facts: dict[str, str] = {}
    for word, name, *rest in lines.head(100).rows():
        cells = tuple(cell.strip() for cell in rest if cell and cell.strip())
        if word.endswith("COL") and name and cells[:1] == ("time",):
            named.setdefault(name.strip(), cells)
        elif word.endswith("VAR") and name and cells:
            facts.setdefault(name.strip(), short(cells[0]))
    return named, facts


def _group(frame: pl.DataFrame, which: pl.Series, names: tuple[str, ...]) -> dict[str, pl.Series]:
    """The samples of one sensor as columns of text."""
    rows = frame.filter(which)
    return {name: rows[str(i)] for i, name in enumerate(names[: _WIDTH - 1], start=1)}


def _sensor(name: str, group: dict[str, pl.Series]) -> Sensor:
    device_s = numbers(group["time"])
    columns = {
        ours: numbers(group[theirs]) * factor + offset
        for theirs, (ours, factor, offset) in _SI[name].items()
        if theirs in group
    }
    whole = np.isfinite(np.stack([device_s, *columns.values()])).all(axis=0)
    return Sensor(device_s=device_s[whole], columns={key: column[whole] for key, column in columns.items()})


def _pairs(group: dict[str, pl.Series]) -> ClockPairs | None:
    device_s, week, tow_s = (numbers(group[name]) for name in ("time", "week", "tow"))
    utc_s: Array = GPS_EPOCH.timestamp() + 604800.0 * week + tow_s
    whole = np.isfinite(device_s) & np.isfinite(utc_s)
    return ClockPairs(device_s=device_s[whole], utc_s=utc_s[whole]) if whole.any() else None


def _marks(group: dict[str, pl.Series]) -> tuple[Mark, ...]:
    device_s = numbers(group["time"])
    texts = group["description"].fill_null("").to_list()
    marks = (
        Mark(float(at), short(text)) for at, text in zip(device_s, texts, strict=True) if np.isfinite(at)
    )
    return tuple(mark for mark, _ in zip(marks, range(_MARKS), strict=False))
