"""Tempo: NMEA sentences of the receiver among the logger's own, each line with a checksum.

    $..RMC $..VTG $..GGA   date, horizontal velocity, position and height (0.1 m steps, no vertical velocity)
    $PTH,ms                the device's clock when the fix before it had arrived
    $PIMU,ms,ax,ay,az,wx,wy,wz   $PIM2,ms,q0..q3   $PENV,ms,hPa,ft,volt   $PST,ms,...   $PVER,...

Format: https://github.com/rrainey/tempo-testbed. Version 1 writes turn rates in degrees a second, version 2 in radians;
where `$PVER` does not tell them apart, their size does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from onetake.errors import ReadError
from onetake.logbook.log import Array, ClockPairs, Finding, Fixes, Flags, Index, Log, Mark, Sensor
from onetake.logbook.text import count, mended, numbers, short, table
from onetake.units import DEG_RAD, KT_M_S

if TYPE_CHECKING:
    import polars as pl

DOC = "Tempo log: NMEA and P sentences"
_LINE = re.compile(rb"\$(?:P(?:VER|SFC|ST|IMU|IM2|ENV|TH|FIX)|G[A-Z](?:GGA|RMC|VTG)),[^\n]*\*[0-9A-Fa-f]{2}")
_COLUMNS = 16
_DAY_S = 86400.0
_SLOW_M_S = 1.0  # below this a receiver gives no course
_LATE_S = 0.1  # a fix arrives within one at 10 Hz; it comes 0.08 s later still where the receiver sends one a second
_MARKS = 1000
_CHECKSUM = re.compile(rb"(?m)\*..$")
_HEX = np.full(256, 999, np.int64)
_HEX[[ord(digit) for digit in "0123456789ABCDEFabcdef"]] = [*range(16), *range(10, 16)]
_VERSION = re.compile(r"\bV([12])\b")
_RADIANS = 0.6  # half of the turn rates of a jump are smaller than this in radians, and larger in degrees
_IMU = ("accel_x_m_s2", "accel_y_m_s2", "accel_z_m_s2", "rate_x_rad_s", "rate_y_rad_s", "rate_z_rad_s")


def recognises(head: bytes) -> bool:
    """By sentences of its own with a checksum, among its first lines."""
    lines = [line for line in mended(head[:8192]).split(b"\n") if line.strip()][:40]
    own = [line for line in lines if line.startswith(b"$P") and _LINE.match(line)]
    return len(own) >= 2 and all(line.startswith(b"$") for line in lines[:-1])


def read(data: bytes) -> list[Log]:
    """The one recording of the file."""
    lines, bad = _checked(mended(data))
    frame = table(lines, _COLUMNS)
    kind = frame["0"].fill_null("").str.strip_prefix("$")
    found = _fixes(frame, kind)
    placed = np.isfinite(found.utc_s + found.lat_deg + found.lon_deg + found.altitude_msl_m)
    lost, cut = int(np.count_nonzero(~placed)), sum(b"GGA," in line for line in bad)
    sensors = {name: sensor for name, sensor in _sensors(frame, kind) if len(sensor.device_s)}
    if not placed.any() and not sensors:
        raise ReadError("it is a Tempo log without a fix and without a sample of a sensor")
    findings = []
    if bad:
        findings.append(
            Finding("bad-checksum", f"{count(len(bad), 'line')} whose checksum is wrong: left out")
        )
    if lost:
        text = f"{count(lost, 'fix', 'fixes')} without a whole time, position and height: left out"
        findings.append(Finding("unreadable-row", text))
    samples = sum(len(sensor.device_s) for sensor in sensors.values())
    return [
        Log(
            format="tempo",
            rows=len(found) + cut or samples,
            dropped=lost + cut,
            fixes=found.keep(placed),
            sensors=sensors,
            clock_pairs=_pairs(frame, kind, found.utc_s),
            marks=_marks(frame.filter(kind == "PST")),
            findings=tuple(findings),
        )
    ]


def _checked(data: bytes) -> tuple[bytes, list[bytes]]:
    """The lines whose checksum (exclusive or of all between `$` and `*`) is right, and those whose is not."""
    text = np.frombuffer(data + b"\n", np.uint8)
    ends = np.flatnonzero(text == 10)
    starts = np.concatenate([[0], ends[:-1] + 1])
    # a checksum is two digits behind a star, at the end of the line
    star = ends - 3
    whole = (star > starts) & (text[starts] == ord("$")) & (text[np.maximum(star, 0)] == ord("*"))
    running = np.bitwise_xor.accumulate(text)
    star = np.where(whole, star, 1)
    said = (
        _HEX[text[np.minimum(star + 1, len(text) - 1)]] * 16 + _HEX[text[np.minimum(star + 2, len(text) - 1)]]
    )
    good = whole & ((running[star - 1] ^ running[starts]) == said)
    lines = data.split(b"\n")
    bad = [lines[i] for i in np.flatnonzero(~good) if lines[i].strip()]
    kept = text[np.repeat(good, np.diff(np.concatenate([starts, [len(text)]])))]
    return _CHECKSUM.sub(b"", kept.tobytes()), bad


def _fixes(frame: pl.DataFrame, kind: pl.Series) -> Fixes:
    """A fix for each GGA, with the velocity of the last VTG and the date of the last RMC before it."""
    order = np.arange(len(frame))
    gga, vtg, rmc = (order[kind.str.contains(f"^G[A-Z]{name}$").to_numpy()] for name in ("GGA", "VTG", "RMC"))
    rows = frame[gga]
    day_s, at_s = _days(frame[rmc])
    since_s = _day_time(rows["1"])
    last = np.searchsorted(rmc, gga) - 1
    known = last >= 0
    day, rmc_s = _picked(day_s, last), _picked(at_s, last)
    # a fix just after midnight still stands below a sentence of the day before
    turned = np.where(
        since_s - rmc_s < -_DAY_S / 2, _DAY_S, np.where(since_s - rmc_s > _DAY_S / 2, -_DAY_S, 0.0)
    )
    quality = numbers(rows["6"])
    utc_s = np.where(known & (quality > 0), day + since_s + turned, np.nan)
    east_m_s, north_m_s = _velocity(frame, gga, vtg)
    nothing = np.full(len(gga), np.nan)
    return Fixes(
        utc_s=utc_s,
        lat_deg=_degrees(rows["2"], rows["3"], "S"),
        lon_deg=_degrees(rows["4"], rows["5"], "W"),
        altitude_msl_m=numbers(rows["9"]),
        velocity_enu_m_s=np.stack([east_m_s, north_m_s, nothing], axis=-1),
        sigma_horizontal_m=nothing,
        sigma_up_m=nothing,
        sigma_velocity_m_s=nothing,
        satellites=numbers(rows["7"]),
    )


def _picked(values: Array, index: Index) -> Array:
    """values[index], NaN where the index is below 0."""
    return np.where(index >= 0, np.append(values, np.nan)[index], np.nan)


def _days(rmc: pl.DataFrame) -> tuple[Array, Array]:
    """Midnight of the date of each RMC as POSIX seconds, and its time of day."""
    ddmmyy = rmc["9"].fill_null("")
    iso = "20" + ddmmyy.str.slice(4, 2) + "-" + ddmmyy.str.slice(2, 2) + "-" + ddmmyy.str.slice(0, 2)
    day_s = iso.str.to_date("%Y-%m-%d", strict=False).dt.epoch("s").cast(float).fill_null(np.nan)
    return day_s.to_numpy(), _day_time(rmc["1"])


def _day_time(hhmmss: pl.Series) -> Array:
    """Seconds of the day."""
    value = numbers(hhmmss)
    hours, minutes = value // 10000, value // 100 % 100
    return np.where(
        (value >= 0) & (hours < 24) & (minutes < 60), hours * 3600 + minutes * 60 + value % 100, np.nan
    )


def _degrees(angle: pl.Series, side: pl.Series, negative: str) -> Array:
    """Degrees of an angle written as degrees and minutes, `3332.47816`."""
    value = numbers(angle)
    sign = np.where((side.fill_null("").str.strip_chars() == negative).to_numpy(), -1.0, 1.0)
    return np.asarray(sign * (value // 100 + value % 100 / 60.0))


def _velocity(frame: pl.DataFrame, gga: Index, vtg: Index) -> tuple[Array, Array]:
    """East and north m/s of each GGA, of a VTG since the one before it."""
    course = numbers(frame[vtg]["1"]) * DEG_RAD
    speed = numbers(frame[vtg]["5"]) * KT_M_S
    standing = (speed < _SLOW_M_S) & ~np.isfinite(course)
    course, speed = np.where(standing, 0.0, course), np.where(standing, 0.0, speed)
    last = np.searchsorted(vtg, gga) - 1
    before = np.concatenate([[-1], gga[:-1]])
    fresh = np.where(_picked(vtg.astype(float), last) > before, last, -1)
    return _picked(speed * np.sin(course), fresh), _picked(speed * np.cos(course), fresh)


def _sensors(frame: pl.DataFrame, kind: pl.Series) -> Iterator[tuple[str, Sensor]]:
    imu = _columns(frame.filter(kind == "PIMU"), 7)
    factor = DEG_RAD if _in_degrees(frame.filter(kind == "PVER"), imu[4:7]) else 1.0
    scales = (1.0, 1.0, 1.0, factor, factor, factor)
    yield (
        "imu",
        _sensor(
            imu, {name: column * scale for name, column, scale in zip(_IMU, imu[1:], scales, strict=True)}
        ),
    )
    turn = _columns(frame.filter(kind == "PIM2"), 5)
    yield "attitude", _sensor(turn, {f"q{i}": turn[i + 1] for i in range(4)})
    air = _columns(frame.filter(kind == "PENV"), 3)
    yield "baro", _sensor(air, {"pressure_pa": air[1] * 100.0})


def _in_degrees(version: pl.DataFrame, rates: list[Array]) -> bool:
    told = _VERSION.search(" ".join(cell for row in version.head(1).rows() for cell in row if cell))
    if told is not None:
        return told[1] == "1"
    return bool(len(rates[0]) and np.median(np.abs(np.stack(rates))) > _RADIANS)


def _columns(rows: pl.DataFrame, many: int) -> list[Array]:
    """The columns behind the kind, the first of them milliseconds as seconds; lines with a hole are left out."""
    columns = [numbers(rows[str(i)]) for i in range(1, many + 1)]
    whole: Flags = np.asarray(np.isfinite(np.stack(columns)).all(axis=0))
    return [columns[0][whole] / 1000.0, *(column[whole] for column in columns[1:])]


def _sensor(columns: list[Array], named: dict[str, Array]) -> Sensor:
    return Sensor(device_s=columns[0], columns=named)


def _pairs(frame: pl.DataFrame, kind: pl.Series, utc_s: Array) -> ClockPairs | None:
    """The device's clock at the first PTH after each GGA."""
    order = np.arange(len(frame))
    gga = order[kind.str.contains("^G[A-Z]GGA$").to_numpy()]
    pth = order[(kind == "PTH").to_numpy()]
    device_s = numbers(frame[pth]["1"]) / 1000.0
    following = np.searchsorted(pth, gga)
    until = np.concatenate([gga[1:], [len(frame)]])
    found = (following < len(pth)) & (np.append(pth, len(frame))[np.minimum(following, len(pth))] < until)
    pairs = np.where(found, np.append(device_s, np.nan)[np.minimum(following, len(pth))], np.nan)
    whole = np.isfinite(pairs) & np.isfinite(utc_s)
    return ClockPairs(device_s=pairs[whole], utc_s=utc_s[whole], late_s=_LATE_S) if whole.any() else None


def _marks(rows: pl.DataFrame) -> tuple[Mark, ...]:
    device_s = numbers(rows["1"]) / 1000.0
    texts = [
        " ".join(cell for cell in cells if cell) for cells in rows.head(_MARKS).select("2", "3", "4").rows()
    ]
    return tuple(
        Mark(float(at), short(text)) for at, text in zip(device_s, texts, strict=False) if np.isfinite(at)
    )
