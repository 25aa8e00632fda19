"""GoPro's telemetry: the gpmd track of an MP4, or payloads of it as they are.

GPS5 or GPS9 positions, ACCL and GYRO, CORI and GRAV. A camera's clock is its crystal; GPSU (GPS9's own days and
seconds) is its only UTC, once a second, late by an unknown part of one, and stale in the first payloads.
Format: https://github.com/gopro/gpmf-parser.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onetake.errors import ReadError
from onetake.logbook.align import fit_clock
from onetake.logbook.klv import Entry, entries, nests
from onetake.logbook.log import UNKNOWN_DATUM_M, Array, ClockPairs, Finding, Fixes, Log, Sensor, no_fixes
from onetake.logbook.mp4 import Sample, samples
from onetake.logbook.text import count

DOC = "GoPro telemetry (GPMF): an MP4 of HERO5 and later, or its payloads"
max_bytes = 16_000_000  # of payloads, a quarter of an hour; a film may be as long as it likes
_PAYLOAD_S = 1.001
_LATE_S = 0.3  # which sample a GPSU belongs to is not said, and two official ways to time a stream differ (issues 146, 155)
_LEAST_FIX, _WORST_DOP = 2, 500  # gpmf-parser: a precision under 500 is good
_EPOCH_2000_S = 946684800.0
_STEADY_S = 0.2  # payloads begin within this of an even rate, or the stream had a pause
_MOST_VALUES = 12_000_000  # of all devices; two hours and a half of a HERO6
_MOST_DEVICES = 16
_MOST_STREAMS, _MOST_ENTRIES = (
    100_000,
    1_000_000,
)  # of all: ten and a hundred in each of the payloads of as long a film
# axes of the camera by the order in which its sensors write them; lower case is against the axis
_ORDERS = {"Hero5": "ZXY", "HERO5": "ZXY", "Camera": "ZXY", "Fusion": "yXZ", "Hero6": "YxZ", "HERO6": "YxZ"}
_VECTORS = {
    "ACCL": ("accelerometer", "accel_{}_m_s2"),
    "GYRO": ("gyroscope", "rate_{}_rad_s"),
    "GRAV": ("gravity", "down_{}"),
}
_GPSU = re.compile(r"[0-9]{12}\.[0-9]{1,6}$")
_WANTED = {"GPS5", "GPS9", "CORI", *_VECTORS}


def recognises(head: bytes) -> bool:
    """A film, or a payload's first bytes."""
    return head[4:8] == b"ftyp" or (head[:5] == b"DEVC\x00" and head[8:12] in (b"DVID", b"DVNM"))


def read(data: bytes) -> list[Log]:
    """Each camera's recording in the file (a drone's may stand beside it)."""
    if data[4:8] == b"ftyp":
        return _logs(samples(io.BytesIO(data), len(data)))
    return _logs(_payloads(data))


def read_path(path: Path) -> list[Log]:
    """As `read`, of a film too large to hold."""
    with path.open("rb") as stream:
        if stream.read(8)[4:8] == b"ftyp":
            return _logs(samples(stream, path.stat().st_size))
        stream.seek(0)
        return read(stream.read(max_bytes))


def _payloads(data: bytes) -> Iterator[Sample]:
    """Payloads one after another, a second each, as their clock was left with the film."""
    for index, entry in zip(range(_MOST_ENTRIES), entries(data), strict=False):
        if entry.key == "DEVC" and entry.data:
            yield Sample(entry.data, _PAYLOAD_S * index, _PAYLOAD_S)


@dataclass(slots=True)
class _Stream:
    """Rows of one stream as they came, and for each payload when it began, how long it was, and how many rows."""

    rows: list[Array] = field(default_factory=list)
    payloads: list[tuple[float, float, int]] = field(default_factory=list)
    order: str = ""
    many: int = 0

    def add(self, rows: Array, sample: Sample) -> bool:
        if not len(rows) or (self.rows and rows.shape[1] != self.rows[0].shape[1]):
            return False
        self.rows.append(rows)
        self.payloads.append((sample.from_s, sample.for_s, len(rows)))
        self.many += len(rows)
        return True

    def times_s(self) -> Array:
        """When each row was taken: on a line through the payloads' beginnings, as a stream keeps its rate."""
        begins, lasts, many = (np.array(part, float) for part in zip(*self.payloads, strict=True))
        first = np.concatenate([[0.0], np.cumsum(many)])
        index = np.arange(int(first[-1]))
        if len(begins) > 3:
            slope, start = np.polyfit(first[:-1], begins, 1)
            if np.abs(start + slope * first[:-1] - begins).max() < _STEADY_S:
                return np.asarray(start + slope * index)
        ends = np.append(begins, begins[-1] + lasts[-1])
        return np.asarray(np.interp(index, first, ends))


@dataclass(slots=True)
class _Heard:
    """All that one device said: its streams by key, and the UTC it told, at which row of its positions."""

    streams: dict[str, _Stream] = field(default_factory=dict)
    told: list[tuple[int, float]] = field(default_factory=list)
    usable: list[NDArray[np.bool_]] = field(default_factory=list)


def _logs(found: Iterable[Sample]) -> list[Log]:
    devices: dict[str, _Heard] = {}
    many = streams = 0
    room, too_long = _MOST_VALUES, False
    for (name, nest), sample in ((told, one) for one in found for told in nests(one.data)):
        many += len(nest)
        too_long = many > _MOST_ENTRIES or streams > _MOST_STREAMS or room < 0 or len(devices) > _MOST_DEVICES
        if too_long:
            break
        if not _WANTED.isdisjoint(entry.key for entry in nest):
            streams += 1
            room -= _hear(devices.setdefault(name, _Heard()), name, nest, sample, room)
    logs = [_log(name, heard, too_long) for name, heard in devices.items() if heard.streams]
    if not logs:
        raise ReadError("it holds no stream of positions, accelerations or turn rates")
    return logs


def _hear(heard: _Heard, name: str, stream: list[Entry], sample: Sample, room: int) -> int:
    """One stream of one payload: how many values it has, though no more are kept than there is room for."""
    values = 0
    by_key = {entry.key: entry for entry in stream}
    scale = by_key["SCAL"].rows() if "SCAL" in by_key else np.ones((1, 1))
    layout = by_key["TYPE"].text() if "TYPE" in by_key else ""
    for key in _WANTED & by_key.keys():
        rows = by_key[key].rows(layout)
        divisor = scale.ravel()
        if rows.shape[1] and len(divisor) in (1, rows.shape[1]) and (divisor != 0).all():
            values += rows.size
            if values > room:
                break
            kept = heard.streams.setdefault(key, _Stream(order=_order(by_key, name)))
            if kept.add(rows / divisor, sample) and key == "GPS5":
                _date(heard, by_key, kept.many - len(rows), len(rows))
    return values


def _order(by_key: dict[str, Entry], name: str) -> str:
    order = by_key["ORIN"].text() if "ORIN" in by_key else _ORDERS.get(name, "")
    return order if sorted(order.upper()) == ["X", "Y", "Z"] else ""


def _date(heard: _Heard, by_key: dict[str, Entry], row: int, many: int) -> None:
    """Which rows of a GPS5 payload have a fix, and what time it was at the first of them."""
    fix = by_key["GPSF"].rows() if "GPSF" in by_key else np.zeros((1, 1))
    dop = by_key["GPSP"].rows() if "GPSP" in by_key else np.full((1, 1), 9999.0)
    good = bool(fix.size and dop.size and fix[0, 0] >= _LEAST_FIX and dop[0, 0] < _WORST_DOP)
    heard.usable.append(np.full(many, good))
    if good and "GPSU" in by_key and (moment_s := _moment_s(by_key["GPSU"].text())) is not None:
        heard.told.append((row, moment_s))


def _moment_s(text: str) -> float | None:
    """POSIX seconds of `yymmddhhmmss.sss`, or None; not by strptime, which is slow for once a second of a long film."""
    found = _GPSU.match(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(text[at : at + 2]) for at in range(0, 12, 2))
    try:
        whole = datetime(2000 + year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return whole.timestamp() + float(text[12:])


def _log(name: str, heard: _Heard, too_long: bool) -> Log:
    findings: list[Finding] = []
    if too_long:
        findings.append(
            Finding("too-long", "the telemetry is longer than is held at once: its end was left out")
        )
    fixes, pairs, rows = _positions(heard, findings)
    sensors = {}
    for key, (word, column) in _VECTORS.items():
        if key in heard.streams and heard.streams[key].rows[0].shape[1] >= 3:
            sensors[word] = _vector(heard.streams[key], column, findings)
    if "CORI" in heard.streams and heard.streams["CORI"].rows[0].shape[1] == 4:
        stream = heard.streams["CORI"]
        turn = np.concatenate(stream.rows)
        columns = {f"q{i}": turn[:, i] for i in range(4)}
        sensors["camera"] = Sensor(device_s=stream.times_s(), columns=columns)
    return Log(
        format="gpmf",
        name=name,
        device=name,
        rows=rows or sum(len(sensor.device_s) for sensor in sensors.values()),
        dropped=rows - len(fixes),
        fixes=fixes,
        sensors=sensors,
        clock_pairs=pairs,
        late_s=_LATE_S if len(fixes) else 0.0,
        datum_m=UNKNOWN_DATUM_M if len(fixes) else 0.0,
        findings=tuple(findings),
    )


def _vector(stream: _Stream, column: str, findings: list[Finding]) -> Sensor:
    values = np.concatenate(stream.rows)
    if not stream.order and not any(one.slug == "unknown-axes" for one in findings):
        findings.append(
            Finding(
                "unknown-axes", "the camera does not say which way its sensors' axes point: kept as written"
            )
        )
    order = stream.order or "XYZ"
    sign = [1.0 if letter.isupper() else -1.0 for letter in order]
    named = {letter.lower(): sign[i] * values[:, i] for i, letter in enumerate(order)}
    return Sensor(device_s=stream.times_s(), columns={column.format(axis): named[axis] for axis in "xyz"})


def _positions(heard: _Heard, findings: list[Finding]) -> tuple[Fixes, ClockPairs | None, int]:
    """Fixes on UTC, the moments that put them there, and how many there were."""
    key = "GPS9" if "GPS9" in heard.streams else "GPS5"
    if key not in heard.streams or heard.streams[key].rows[0].shape[1] < int(key[3]):
        return no_fixes(), None, 0
    rows, at_s = np.concatenate(heard.streams[key].rows), heard.streams[key].times_s()
    if key == "GPS9":
        good = (rows[:, 8] >= _LEAST_FIX) & (rows[:, 7] < _WORST_DOP / 100.0)
        told = [
            (int(row), _EPOCH_2000_S + 86400.0 * rows[row, 5] + rows[row, 6]) for row in np.flatnonzero(good)
        ]
    else:
        good, told = np.concatenate(heard.usable), heard.told
    if lost := int(np.count_nonzero(~good)):
        findings.append(Finding("no-fix", f"{count(lost, 'position')} without a good fix: left out"))
    if not told:
        return no_fixes(), None, len(rows)
    index, utc_s = np.array([row for row, _ in told]), np.array([moment for _, moment in told])
    pairs = ClockPairs(device_s=at_s[index], utc_s=utc_s, late_s=_LATE_S)
    fit = fit_clock(pairs)
    if fit is None:
        return no_fixes(), pairs, len(rows)
    if good.any():
        text = "heights are above the ellipsoid; mean sea level is up to 100 m from it"
        findings.append(Finding("ellipsoid-height", text))
    nothing = np.full(len(rows), np.nan)
    fixes = Fixes(
        utc_s=fit.utc_s(at_s),
        lat_deg=rows[:, 0],
        lon_deg=rows[:, 1],
        altitude_msl_m=rows[:, 2],
        velocity_enu_m_s=np.full((len(rows), 3), np.nan),
        sigma_horizontal_m=nothing,
        sigma_up_m=nothing,
        sigma_velocity_m_s=nothing,
        satellites=nothing,
    )
    return fixes.keep(good), pairs, len(rows)
