"""Films that carry their camera's own telemetry, and the sensors of a logger on the same helmet, of a take that was flown."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import jumps
import numpy as np

from onetake.take import Take
from onetake.trace import Array
from onetake.units import DEG_RAD

IMU_HZ = 50
EACH, PAYLOAD_S = 200, 1.001
GYRO_HZ = EACH / PAYLOAD_S


def head_turning(take: Take, at_s: Array) -> Array:
    """Turn rates of the operator's helmet, (n, 3) rad/s, body axes: as he turns, and as he turns his head."""
    body, lens = take.bodies[0], take.lens
    assert body.rate_body_rad_s is not None
    assert lens is not None
    turned = np.stack([np.interp(at_s, body.time_s, part) for part in body.rate_body_rad_s.T], axis=-1)
    for axis, angle in ((2, lens.neck_yaw_rad), (1, lens.neck_pitch_rad)):
        turned[:, axis] += np.interp(at_s, lens.time_s, np.gradient(angle, lens.time_s))
    return turned


def payloads(
    rates_rad_s: Array, begins_utc: datetime, lat_lon_deg: tuple[float, float], *, late_s: float, fix: int = 3
) -> list[bytes]:
    """A payload a second: turn rates (n, 3) at GYRO_HZ, a position, and a UTC that is late. fix 0: it never had one."""
    made = []
    for first in range(0, len(rates_rad_s) - EACH, EACH):
        when = begins_utc + timedelta(seconds=first / EACH * PAYLOAD_S - late_s)
        place = [round(lat_lon_deg[0] * 1e7), round(lat_lon_deg[1] * 1e7), 4_000_000, 0, 0]
        told = when.strftime("%y%m%d%H%M%S.") + f"{when.microsecond // 1000:03d}"
        gps = jumps._nest(
            "STRM",
            jumps.klv("GPSF", "L", 4, jumps._ints(">u4", fix)),
            jumps.klv("GPSU", "U", 16, told.encode()),
            jumps.klv("GPSP", "S", 2, jumps._ints(">u2", 150)),
            jumps.klv("SCAL", "l", 4, jumps._ints(">i4", 10**7, 10**7, 1000, 1000, 100)),
            jumps.klv("GPS5", "l", 20, np.tile(place, (18, 1)).astype(">i4").tobytes()),
        )
        counts = np.clip(np.round(rates_rad_s[first : first + EACH] * 1000.0), -32767, 32767)
        turned = jumps._nest(
            "STRM",
            jumps.klv("SCAL", "s", 2, jumps._ints(">i2", 1000)),
            jumps.klv("GYRO", "s", 6, counts.astype(">i2").tobytes()),
        )
        made.append(
            jumps._nest("DEVC", jumps.klv("DVID", "L", 4, jumps._ints(">u4", 1)), jumps.klv("DVNM", "c", 1, b"Camera"), gps, turned)
        )  # fmt: skip
    return made


def with_telemetry(film: Path, made: list[bytes]) -> Path:
    """Put a telemetry track into a film whose tables stand at its end."""
    data = film.read_bytes()
    tables = data.index(b"moov") - 4
    assert tables + int.from_bytes(data[tables : tables + 4]) == len(data)
    box, once = jumps._box, (1).to_bytes(4)
    places = tables + 8 + np.concatenate([[0], np.cumsum([len(one) for one in made[:-1]])])
    many = len(made).to_bytes(4)
    rows = {
        "stts": once + many + round(1000 * PAYLOAD_S).to_bytes(4),
        "stsc": once + once * 3,
        "stsz": bytes(4) + many + b"".join(len(one).to_bytes(4) for one in made),
        "stco": many + b"".join(int(place).to_bytes(4) for place in places),
    }
    table = box("stbl", box("stsd", bytes(4), once, box("gpmd", bytes(6), b"\0\1")), *(box(name, bytes(4), row) for name, row in rows.items()))  # fmt: skip
    media = box(
        "mdia",
        box("mdhd", bytes(12), (1000).to_bytes(4), bytes(8)),
        box("hdlr", bytes(8), b"meta", bytes(13)),
        box("minf", box("nmhd", bytes(4)), table),
    )
    track = box("trak", box("tkhd", bytes(12), (9).to_bytes(4), bytes(68)), media)
    film.write_bytes(data[:tables] + box("mdat", *made) + box("moov", data[tables + 8 :], track))
    return film


def sensors(take: Take, from_s: float, to_s: float, rng: np.random.Generator) -> bytes:
    """A FlySight 2 SENSOR.CSV of a logger on the operator's helmet: turn rates at 50 Hz, `$TIME` once a second."""
    assert take.clock is not None
    lines = [
        *jumps._head(jumps.SESSION),
        "$COL,IMU,time,wx,wy,wz,ax,ay,az,temperature", "$UNIT,IMU,s,deg/s,deg/s,deg/s,g,g,g,deg C",
        "$COL,TIME,time,tow,week", "$UNIT,TIME,s,s,", "$DATA",
    ]  # fmt: skip
    at_s = np.arange(from_s, to_s, 1.0 / IMU_HZ)
    turned = head_turning(take, at_s) + rng.normal(0.0, 0.01, (len(at_s), 3))
    for t, rate in zip(at_s, turned / DEG_RAD, strict=True):
        told = ",".join(f"{part:.3f}" for part in rate)
        lines.append(f"$IMU,{jumps.device_s(t):.3f},{told},0.0,0.0,1.0,25.00")
    first = take.clock.first_exit_utc.replace(microsecond=0)
    epoch = datetime(1980, 1, 6, tzinfo=first.tzinfo)
    for whole in range(int(from_s), int(to_s)):
        moment = first + timedelta(seconds=whole)
        week, rest = divmod((moment - epoch).total_seconds(), 604800.0)
        lines.append(f"$TIME,{jumps.device_s(take.clock.time_s(moment)):.3f},{rest:.3f},{int(week)}")
    return ("\r\n".join(lines) + "\r\n").encode()
