"""A jump whose every event is known, and the files that loggers would have written of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

G_M_S2, SCALE_HEIGHT_M = 9.80665, 9000.0
EXIT_UTC = datetime(2031, 5, 4, 15, 30, 12, 250_000, tzinfo=UTC)
EXIT_MSL_M, OPENING_MSL_M, GROUND_MSL_M = 4000.0, 1100.0, 200.0
CDA_PER_M_M2_KG = 0.0056


@dataclass(frozen=True)
class Jump:
    """time_s from exit (n,), east, north, up (MSL) metres and metres a second (n, 3), and when things happened."""

    time_s: np.ndarray
    place_m: np.ndarray
    velocity_m_s: np.ndarray
    opening_s: float
    end_of_freefall_s: float
    landing_s: float

    @property
    def utc(self) -> list[datetime]:
        return [EXIT_UTC + timedelta(seconds=float(t)) for t in self.time_s]

    @property
    def lat_lon_deg(self) -> tuple[np.ndarray, np.ndarray]:
        """WGS84, by the radii of curvature in the meridian and across it at 52 degrees north."""
        e2, sin2 = 0.00669437999, np.sin(np.radians(52.0)) ** 2
        across_m = 6378137.0 / np.sqrt(1 - e2 * sin2)
        along_m = across_m * (1 - e2) / (1 - e2 * sin2)
        lat = 52.0 + np.degrees(self.place_m[:, 1] / along_m)
        return lat, 8.0 + np.degrees(self.place_m[:, 0] / (across_m * np.cos(np.radians(52.0))))


def density_kg_m3(altitude_msl_m):
    return 1.225 * np.exp(-altitude_msl_m / SCALE_HEIGHT_M)


def jump(rate_hz: float = 5.0, *, aboard_s: float = 60.0, cda_per_m_m2_kg: float = CDA_PER_M_M2_KG) -> Jump:
    """Out of level flight at 45 m/s, belly to earth, four seconds of opening, a straight canopy, a stand on the ground."""
    step, t = 0.01, 0.0
    place, velocity = np.array([0.0, 0.0, EXIT_MSL_M]), np.array([45.0, 0.0, 0.0])
    rows = [(s, np.array([45.0 * s, 0.0, EXIT_MSL_M]), velocity) for s in np.arange(-aboard_s, 0.0, step)]
    opening_s = end_s = landing_s = np.nan
    while np.isnan(landing_s) or t < landing_s + 40.0:
        rows.append((t, place, velocity))
        if not np.isnan(landing_s):
            velocity = np.zeros(3)
        elif np.isnan(opening_s) or t < opening_s + 4.0:
            area = cda_per_m_m2_kg if np.isnan(opening_s) else cda_per_m_m2_kg + 0.06 * (t - opening_s)
            drag = 0.5 * density_kg_m3(place[2]) * area * np.linalg.norm(velocity) * velocity
            velocity = velocity + step * (np.array([0.0, 0.0, -G_M_S2]) - drag)
        else:
            velocity = velocity + step / 1.5 * (np.array([9.0, 3.0, -5.0]) - velocity)
        place, t = place + step * velocity, t + step
        if np.isnan(opening_s) and place[2] < OPENING_MSL_M:
            opening_s = t
        if np.isnan(end_s) and not np.isnan(opening_s) and velocity[2] > -12.0:
            end_s = t
        if np.isnan(landing_s) and place[2] < GROUND_MSL_M:
            landing_s, velocity = t, np.zeros(3)
    time_s = np.array([row[0] for row in rows])
    at = np.searchsorted(time_s, np.arange(-aboard_s, t - step, 1.0 / rate_hz) - 1e-9)
    return Jump(
        time_s=time_s[at],
        place_m=np.stack([row[1] for row in rows])[at],
        velocity_m_s=np.stack([row[2] for row in rows])[at],
        opening_s=opening_s,
        end_of_freefall_s=end_s,
        landing_s=landing_s,
    )


def stamp(moment: datetime, digits: int = 3) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 10 ** (6 - digits):0{digits}d}Z"


def flysight1(made: Jump) -> bytes:
    """A FlySight 1 file."""
    lines = [
        "time,lat,lon,hMSL,velN,velE,velD,hAcc,vAcc,sAcc,heading,cAcc,gpsFix,numSV",
        ",(deg),(deg),(m),(m/s),(m/s),(m/s),(m),(m),(m/s),(deg),(deg),,",
    ]
    for when, lat, lon, place, v in zip(
        made.utc, *made.lat_lon_deg, made.place_m, made.velocity_m_s, strict=True
    ):
        lines.append(
            f"{stamp(when, 2)},{lat:.7f},{lon:.7f},{place[2]:.3f},{v[1]:.2f},{v[0]:.2f},{-v[2]:.2f},"
            "1.200,1.800,0.30,45.00000,1.20000,3,14"
        )
    return ("\r\n".join(lines) + "\r\n").encode()


SESSION = "0123456789abcdef01234567"
BOOT_S = 5000.0  # the device's clock at the first exit
DRIFT = 3e-6


def _head(session: str) -> list[str]:
    return [
        "$FLYS,1",
        "$VAR,FIRMWARE_VER,v2024.05.25",
        "$VAR,DEVICE_ID,00aa11bb22cc33dd",
        f"$VAR,SESSION_ID,{session}",
    ]


def flysight2_track(made: Jump, session: str = SESSION) -> bytes:
    """A FlySight 2 TRACK.CSV."""
    lines = [
        *_head(session),
        "$COL,GNSS,time,lat,lon,hMSL,velN,velE,velD,hAcc,vAcc,sAcc,numSV",
        "$UNIT,GNSS,,deg,deg,m,m/s,m/s,m/s,m,m,m/s,",
        "$DATA",
    ]
    for when, lat, lon, place, v in zip(
        made.utc, *made.lat_lon_deg, made.place_m, made.velocity_m_s, strict=True
    ):
        lines.append(
            f"$GNSS,{stamp(when)},{lat:.7f},{lon:.7f},{place[2]:.3f},{v[1]:.3f},{v[0]:.3f},{-v[2]:.3f},"
            "1.200,1.800,0.300,14"
        )
    return ("\r\n".join(lines) + "\r\n").encode()


def device_s(time_s: float) -> float:
    """The device's clock at a time since exit."""
    return BOOT_S + time_s * (1.0 - DRIFT)


def flysight2_sensor(made: Jump, session: str = SESSION, *, time_rows: bool = True) -> bytes:
    """A FlySight 2 SENSOR.CSV: barometer and inertial unit (held level) at 10 Hz, `$TIME` each second."""
    pushed = np.add(np.gradient(made.velocity_m_s, made.time_s, axis=0), [0.0, 0.0, G_M_S2])
    lines = [
        *_head(session),
        "$COL,BARO,time,pressure,temperature", "$UNIT,BARO,s,Pa,deg C",
        "$COL,IMU,time,wx,wy,wz,ax,ay,az,temperature", "$UNIT,IMU,s,deg/s,deg/s,deg/s,g,g,g,deg C",
        "$COL,TIME,time,tow,week", "$UNIT,TIME,s,s,",
        "$DATA",
    ]  # fmt: skip
    epoch = datetime(1980, 1, 6, tzinfo=UTC)
    for t in np.arange(made.time_s[0], made.time_s[-1], 0.1):
        pressure = 101325.0 * np.exp(-np.interp(t, made.time_s, made.place_m[:, 2]) / 8400.0)
        lines.append(f"$BARO,{device_s(t):.3f},{pressure:.2f},20.00")
        felt = ",".join(f"{np.interp(t, made.time_s, part) / G_M_S2:.5f}" for part in pushed.T)
        lines.append(f"$IMU,{device_s(t) + 0.003:.3f},0.100,-0.200,0.300,{felt},25.00")
    if time_rows:
        first = EXIT_UTC.replace(microsecond=0)
        for whole in range(int(made.time_s[0]), int(made.time_s[-1])):
            moment = first + timedelta(seconds=whole)
            week, rest = divmod((moment - epoch).total_seconds(), 604800.0)
            at = device_s((moment - EXIT_UTC).total_seconds())
            lines.append(f"$TIME,{at:.3f},{rest:.3f},{int(week)}")
    return ("\r\n".join(lines) + "\r\n").encode()


def flysight2_event(session: str = SESSION) -> bytes:
    """A FlySight 2 EVENT.CSV."""
    lines = [
        *_head(session),
        "$COL,EVNT,time,description",
        "$UNIT,EVNT,s,",
        "$DATA",
        f'$EVNT,{BOOT_S:.3f},"armed"',
    ]
    return ("\r\n".join(lines) + "\r\n").encode()


def sentence(text: str) -> str:
    """An NMEA sentence with its checksum."""
    check = 0
    for letter in text.encode():
        check ^= letter
    return f"${text}*{check:02X}"


def _minutes(angle: float, digits: int, sides: str) -> str:
    whole, part = divmod(abs(angle), 1.0)
    return f"{int(whole):0{digits}d}{60 * part:08.5f},{sides[int(angle < 0)]}"


def tempo(made: Jump) -> bytes:
    """A Tempo log: NMEA fixes, the device's clock behind each, and an inertial unit, attitude and barometer at 10 Hz."""
    lines = [
        sentence('PVER,"Tempo V2 1.2.0",112'),
        sentence("PSFC,678"),
        sentence("PST,453,ARMED,LOGGING,manual_start"),
    ]
    for t, when, lat, lon, place, v in zip(
        made.time_s, made.utc, *made.lat_lon_deg, made.place_m, made.velocity_m_s, strict=True
    ):
        at = when.strftime("%H%M%S.") + f"{when.microsecond // 10000:02d}"
        where = f"{_minutes(lat, 2, 'NS')},{_minutes(lon, 3, 'EW')}"
        knots, course = np.hypot(v[0], v[1]) * 3600 / 1852, np.degrees(np.arctan2(v[0], v[1])) % 360
        way = f"{course:.2f}" if knots > 1 else ""
        ms = round(1000 * device_s(t))
        lines += [
            sentence(f"GNRMC,{at},A,{where},{knots:.3f},{way},{when:%d%m%y},,,A,V"),
            sentence(f"GNVTG,{way},T,,M,{knots:.3f},N,{knots * 1.852:.3f},K,A"),
            sentence(f"GNGGA,{at},{where},1,12,0.60,{place[2]:.1f},M,46.0,M,,"),
            sentence(f"PTH,{ms}"),
            sentence(f"PIMU,{ms + 7},0.10,0.20,9.81,0.0010,0.0020,0.0030"),
            sentence(f"PIM2,{ms + 7},1.0000,0.0000,0.0000,0.0000"),
            sentence(
                f"PENV,{ms + 9},{1013.25 * np.exp(-place[2] / 8400.0):.2f},{place[2] / 0.3048:.2f},-1.00"
            ),
        ]
    return ("\n".join(lines) + "\n").encode()


def dekunu(made: Jump) -> bytes:
    """Dekunu's export: FlySight's columns, a descent that is none, accuracies of 1."""
    lines = flysight1(made).decode().split("\r\n")
    rows = [line.split(",") for line in lines[2:-1]]
    for cells in rows:
        cells[0] = cells[0].replace("Z", "0Z")
        cells[6:10] = ["0.12", "1", "1", "1"]
    return "\r\n".join([*lines[:2], *(",".join(cells) for cells in rows), ""]).encode()


def insight(made: Jump) -> bytes:
    """An INSIGHT file: FlySight's columns, the type of fix before the heading."""
    order = [*range(10), 12, 13, 10, 11]
    lines = [line.split(",") for line in flysight1(made).decode().split("\r\n")[:-1]]
    lines[0][11] = "headAcc"
    return "\r\n".join([*(",".join(cells[i] for i in order) for cells in lines), ""]).encode()


def gpx(made: Jump) -> bytes:
    """A GPX file of one track."""
    points = "".join(
        f'<trkpt lat="{lat:.7f}" lon="{lon:.7f}"><ele>{place[2]:.3f}</ele><time>{stamp(when)}</time></trkpt>'
        for when, lat, lon, place in zip(made.utc, *made.lat_lon_deg, made.place_m, strict=True)
    )
    head = '<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
    return f"{head}<trk><name>one</name><trkseg>{points}</trkseg></trk></gpx>".encode()


def klv(key: str, kind: str, size: int, body: bytes) -> bytes:
    """One entry of GoPro's telemetry; an empty kind is a nest."""
    many = len(body) // size if size else 0
    head = key.encode() + (kind.encode() or b"\0") + bytes([size]) + many.to_bytes(2)
    return head + body + b"\0" * (-len(body) % 4)


def _nest(key: str, *parts: bytes) -> bytes:
    return klv(key, "", 1, b"".join(parts))


def _ints(word: str, *rows: object) -> bytes:
    return np.array(rows, word).tobytes()


def gpmf_payloads(made: Jump, rate: int = 5) -> list[bytes]:
    """A payload a second: positions at the jump's rate, accelerations at 50 Hz, and what time it is."""
    lat, lon = made.lat_lon_deg
    payloads = []
    for first in range(0, len(made.time_s), rate):
        some = slice(first, first + rate)
        rows = np.stack([lat[some] * 1e7, lon[some] * 1e7, made.place_m[some, 2] * 1000], axis=-1).round()
        rows = np.concatenate([rows, np.zeros((len(rows), 2))], axis=-1)
        when = made.utc[first]
        gps = _nest(
            "STRM",
            klv("GPSF", "L", 4, _ints(">u4", 3)),
            klv(
                "GPSU", "U", 16, (when.strftime("%y%m%d%H%M%S.") + f"{when.microsecond // 1000:03d}").encode()
            ),
            klv("GPSP", "S", 2, _ints(">u2", 150)),
            klv("SCAL", "l", 4, _ints(">i4", 10**7, 10**7, 1000, 1000, 100)),
            klv("GPS5", "l", 20, rows.astype(">i4").tobytes()),
        )
        felt = np.tile([100, -200, 981], (50, 1))
        shaken = _nest(
            "STRM", klv("SCAL", "s", 2, _ints(">i2", 100)), klv("ORIN", "c", 1, b"ZxY"),
            klv("ACCL", "s", 6, felt.astype(">i2").tobytes()),
        )  # fmt: skip
        payloads.append(
            _nest("DEVC", klv("DVID", "L", 4, _ints(">u4", 1)), klv("DVNM", "c", 1, b"A camera"), gps, shaken)
        )
    return payloads


def gpmf(made: Jump) -> bytes:
    """Payloads one after another, as they are."""
    return b"".join(gpmf_payloads(made))


def _box(name: str, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return (8 + len(body)).to_bytes(4) + name.encode() + body


def mp4(made: Jump) -> bytes:
    """A film of nothing but its telemetry track: a thousand and one units of a thousandth for each payload."""
    payloads = gpmf_payloads(made)
    head = _box("ftyp", b"mp41", bytes(8))
    places = np.cumsum([len(head) + 8, *(len(one) for one in payloads[:-1])])
    table = _box(
        "stbl",
        _box("stsd", bytes(4), (1).to_bytes(4), _box("gpmd", bytes(8))),
        _box("stts", bytes(4), (1).to_bytes(4), len(payloads).to_bytes(4), (1001).to_bytes(4)),
        _box("stsc", bytes(4), (1).to_bytes(4), *((1).to_bytes(4),) * 3),
        _box("stsz", bytes(8), len(payloads).to_bytes(4), *(len(one).to_bytes(4) for one in payloads)),
        _box("stco", bytes(4), len(payloads).to_bytes(4), *(int(place).to_bytes(4) for place in places)),
    )
    clock = _box("mdhd", bytes(12), (1000).to_bytes(4), bytes(8))
    return (
        head + _box("mdat", *payloads) + _box("moov", _box("trak", _box("mdia", clock, _box("minf", table))))
    )
