"""Every other format reads as it was written, is known by its content, and by one reader alone."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import hostile
import jumps
import numpy as np
import pytest

from onetake import calibrate_person, inspect_file, seams
from onetake.errors import ChoiceError, ReadError
from onetake.logbook import mp4
from onetake.logbook.align import fit_clock
from onetake.logbook.clean import clean
from onetake.logbook.file import SEAM, read_logs
from onetake.logbook.log import Log
from onetake.logbook.readers import gpmf

MADE = jumps.jump()
WRITERS = {
    "dekunu": jumps.dekunu,
    "flysight1": jumps.flysight1,
    "flysight2": jumps.flysight2_track,
    "gpmf": jumps.gpmf,
    "gpx": jumps.gpx,
    "insight": jumps.insight,
    "tempo": jumps.tempo,
}
FILES = {name: write(MADE) for name, write in WRITERS.items()}


def _read(path: Path, content: bytes) -> Log:
    path.write_bytes(content)
    (log,) = read_logs(path)
    return log


def _slugs(log: Log) -> list[str]:
    return [finding.slug for finding in log.findings]


def test_every_reader_has_a_sample_here() -> None:
    assert set(FILES) == set(seams.names(SEAM))


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_recognised_by_one_reader_alone(name: str) -> None:
    readers, broken = seams.load_all(SEAM)
    assert not broken
    assert [found for found, reader in readers.items() if reader.recognises(FILES[name][:65536])] == [name]


@pytest.mark.parametrize("name", FILES)
def test_the_jump_is_the_same_in_every_format(name: str, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(gzip.compress(FILES[name]))
    found = inspect_file(path)
    assert (found["format"], found["rows"], found["dropped"]) == (name, len(MADE.time_s), 0)
    exit_s = datetime.fromisoformat(found["exit"]["utc"]).timestamp() - jumps.EXIT_UTC.timestamp()
    assert exit_s == pytest.approx(0.0, abs=0.3)
    assert found["exit"]["altitude_msl_m"] == pytest.approx(jumps.EXIT_MSL_M, abs=2.0)
    assert found["freefall_s"] == pytest.approx(MADE.end_of_freefall_s, abs=0.8)
    assert found["max_descent_m_s"] == pytest.approx(-MADE.velocity_m_s[:, 2].min(), rel=0.01)
    assert found["ground_msl_m"] == pytest.approx(jumps.GROUND_MSL_M, abs=1.0)


@pytest.mark.parametrize("name", FILES)
def test_positions_and_velocities_are_those_written(name: str, tmp_path: Path) -> None:
    fixes = clean(_read(tmp_path / "log", FILES[name])).fixes
    lat, lon = MADE.lat_lon_deg
    assert np.abs(fixes.utc_s - jumps.EXIT_UTC.timestamp() - MADE.time_s).max() < 0.011
    assert np.abs(fixes.lat_deg - lat).max() < 2e-7
    assert np.abs(fixes.lon_deg - lon).max() < 2e-7
    assert np.abs(fixes.altitude_msl_m - MADE.place_m[:, 2]).max() < 0.06
    # what is derived is that of a second and a half, and a landing stops 11 m/s at once; a receiver that gives a course
    # gives none to who stands
    level = 5.5 if name in ("gpmf", "gpx") else 0.52 if name == "tempo" else 0.05
    assert np.abs(fixes.velocity_enu_m_s[:, :2] - MADE.velocity_m_s[:, :2]).max() < level
    upright = 3.0 if name in ("dekunu", "gpmf", "gpx", "tempo") else 0.006
    assert np.abs(fixes.velocity_enu_m_s[:, 2] - MADE.velocity_m_s[:, 2]).max() < upright


def test_what_was_not_measured_is_said(tmp_path: Path) -> None:
    assert _slugs(clean(_read(tmp_path / "dekunu", FILES["dekunu"]))) == [
        "placeholder-velocity",
        "derived-velocity",
    ]
    assert _slugs(clean(_read(tmp_path / "tempo", FILES["tempo"]))) == ["derived-velocity"]
    # a descent that is none is found out also where the rest is FlySight's
    rows = FILES["dekunu"].replace(b",1,1,1,", b",1.2,1.8,0.3,")
    log = clean(_read(tmp_path / "disguised", rows))
    assert (log.format, _slugs(log)) == ("flysight1", ["placeholder-velocity"])


def test_tempo_puts_its_sensors_on_utc(tmp_path: Path) -> None:
    log = _read(tmp_path / "log", FILES["tempo"])
    fit = fit_clock(log.clock_pairs)
    assert fit is not None
    told = fit.utc_s(log.sensors["imu"].device_s) - jumps.EXIT_UTC.timestamp()
    assert np.abs(told - MADE.time_s - 0.007).max() < 0.015
    assert fit.offset_sigma_s == pytest.approx(0.1, rel=0.01)
    assert log.sensors["imu"].columns["accel_z_m_s2"][0] == 9.81
    assert log.sensors["baro"].columns["pressure_pa"][0] == pytest.approx(
        101325 * np.exp(-4000 / 8400), abs=1
    )
    assert [mark.text for mark in log.marks] == ["ARMED LOGGING manual_start"]


@pytest.mark.parametrize(
    ("version", "written", "radians"),
    [
        ('PVER,"Tempo V2 1.2.0",112', "0.0010,0.0020,0.0030", 0.002),
        ("PVER,1.0,V1,0.156,2025-07-19", "0.0010,0.0020,0.0030", np.radians(0.002)),
        ("PVER,something else", "0.0010,0.0020,0.0030", 0.002),
        ("PVER,something else", "1.0000,2.0000,3.0000", np.radians(2.0)),
    ],
)
def test_tempos_turn_rates_are_in_radians_whatever_wrote_them(
    tmp_path: Path, version: str, written: str, radians: float
) -> None:
    def again(line: str) -> str:
        if "PIMU" in line:
            return jumps.sentence(line[1:-3].replace("0.0010,0.0020,0.0030", written))
        return jumps.sentence(version) if "PVER" in line else line

    content = "\n".join(again(line) for line in FILES["tempo"].decode().split("\n")).encode()
    rates = _read(tmp_path / "log", content).sensors["imu"].columns
    assert rates["rate_y_rad_s"][0] == pytest.approx(radians)


def test_a_line_with_a_wrong_checksum_is_dropped_and_counted(tmp_path: Path) -> None:
    lines = FILES["tempo"].split(b"\n")
    gga = next(i for i, line in enumerate(lines) if i > 900 and line.startswith(b"$GNGGA"))
    lines[gga] = lines[gga].replace(b",N,", b",S,")
    log = _read(tmp_path / "log", b"\n".join(lines))
    assert (_slugs(log), log.rows, log.dropped) == (["bad-checksum"], len(MADE.time_s), 1)
    assert (log.fixes.lat_deg > 0).all()


def test_tempos_day_turns_at_midnight(tmp_path: Path) -> None:
    """The date is written with some sentences only; the fixes after midnight still follow."""
    text = [jumps.sentence('PVER,"Tempo V2"'), jumps.sentence("PSFC,1")]
    text.append(jumps.sentence("GNRMC,235958.00,A,5200.00000,N,00800.00000,E,0.0,,311230,,,A,V"))
    for at in ("235958.00", "235959.00", "000000.00", "000001.00"):
        text.append(jumps.sentence("GNVTG,,T,,M,0.000,N,0.000,K,A"))
        text.append(jumps.sentence(f"GNGGA,{at},5200.00000,N,00800.00000,E,1,12,0.60,100.0,M,46.0,M,,"))
    log = _read(tmp_path / "log", "\n".join(text).encode())
    assert list(np.diff(log.fixes.utc_s)) == [1.0, 1.0, 1.0]
    assert log.fixes.utc_s[0] == datetime(2030, 12, 31, 23, 59, 58, tzinfo=UTC).timestamp()


def test_south_and_west_are_negative_and_no_fix_is_none(tmp_path: Path) -> None:
    text = [jumps.sentence('PVER,"Tempo V2"'), jumps.sentence("PSFC,1")]
    text.append(jumps.sentence("GNRMC,120000.00,A,3330.00000,S,07030.00000,W,0.0,,010130,,,A,V"))
    text.append(jumps.sentence("GNGGA,120000.00,3330.00000,S,07030.00000,W,1,12,0.60,100.0,M,46.0,M,,"))
    text.append(jumps.sentence("GNGGA,120001.00,,,,,0,00,99.99,,M,,M,,"))
    log = _read(tmp_path / "log", "\n".join(text).encode())
    assert (log.fixes.lat_deg[0], log.fixes.lon_deg[0]) == (-33.5, -70.5)
    assert (log.rows, log.dropped, _slugs(log)) == (2, 1, ["unreadable-row"])


def test_a_tempo_log_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="without a fix"):
        _read(tmp_path / "log", "\n".join([jumps.sentence("PVER,1"), jumps.sentence("PSFC,1")]).encode())


def test_a_gpx_of_several_tracks_is_several_recordings(tmp_path: Path) -> None:
    one = FILES["gpx"].decode()
    track = one[one.index("<trk>") : one.index("</gpx>")]
    short = track[: track.index("<trkpt", 2000)] + "</trkseg></trk>"
    path = tmp_path / "two.gpx"
    path.write_text(one.replace(track, short.replace(">one<", ">early<") + track))
    assert [log.name for log in read_logs(path)] == ["early", "one"]
    found = inspect_file(path)
    assert (found["recording"], found["rows"]) == ("one", len(MADE.time_s))
    assert "several-recordings" in {problem["slug"] for problem in found["problems"]}
    assert (
        inspect_file(path, recording="early")["recording"]
        == inspect_file(path, recording="1")["recording"]
        == "early"
    )
    with pytest.raises(ChoiceError, match="1 'early', 2 'one'"):
        inspect_file(path, recording="late")
    with pytest.raises(ChoiceError, match="name one of: 1 'early', 2 'one'"):
        calibrate_person(path)
    assert calibrate_person(path, recording="one").cda_per_m_m2_kg is not None


def test_gpx_points_without_time_or_height_are_counted(tmp_path: Path) -> None:
    text = (
        FILES["gpx"]
        .replace(b"<ele>4000.000</ele>", b"", 3)
        .replace(b"<time>2031-05-04T15:30:00.050Z</time>", b"", 1)
    )
    log = _read(tmp_path / "log", text)
    assert (log.dropped, _slugs(log)) == (4, ["unreadable-row"])


@pytest.mark.parametrize(
    "text",
    [
        b"<gpx></gpx>",
        FILES["gpx"][:5000],
        b'<!DOCTYPE x [<!ENTITY a "b">]><gpx version="1.1">&a;</gpx>',
        b"<gpx><trk><trkseg><trkpt lat='x' lon='1'/></trkseg></trk></gpx>",
    ],
)
def test_a_gpx_that_cannot_be_read_is_refused(tmp_path: Path, text: bytes) -> None:
    with pytest.raises(ReadError, match=r"GPX|entities"):
        _read(tmp_path / "log", text)


def test_a_film_tells_what_its_payloads_tell(tmp_path: Path) -> None:
    film = _read(tmp_path / "film", jumps.mp4(MADE))
    bare = _read(tmp_path / "bare", FILES["gpmf"])
    packed = _read(tmp_path / "packed", gzip.compress(jumps.mp4(MADE)))
    for log in (film, packed):
        assert (log.rows, log.dropped, log.device) == (len(MADE.time_s), 0, "A camera")
        assert np.allclose(log.fixes.utc_s, bare.fixes.utc_s, atol=0.002)
        assert np.array_equal(log.fixes.lat_deg, bare.fixes.lat_deg)
    felt = film.sensors["accelerometer"]
    # ZxY: the first number is along z, the second against x, the third along y
    assert [felt.columns[f"accel_{axis}_m_s2"][0] for axis in "xyz"] == [2.0, 9.81, 1.0]
    assert np.diff(felt.device_s) == pytest.approx(1.001 / 50, abs=1e-6)


def test_a_stale_gpsu_does_not_move_the_clock(tmp_path: Path) -> None:
    """The first of a real clip is 1.5 s old (README of the logs)."""
    payloads = jumps.gpmf_payloads(MADE)
    wrong = [payloads[0].replace(b"310504152912.250", b"310504152910.750"), *payloads[1:60]]
    assert wrong[0] != payloads[0]
    good, stale = _read(tmp_path / "a", b"".join(payloads[:60])), _read(tmp_path / "b", b"".join(wrong))
    assert np.allclose(good.fixes.utc_s, stale.fixes.utc_s, atol=0.01)
    fit = fit_clock(stale.clock_pairs)
    assert fit is not None
    assert fit.rejected == 1
    assert fit.offset_sigma_s == pytest.approx(0.3, abs=0.01)


def test_positions_without_a_fix_or_with_a_bad_one_are_dropped(tmp_path: Path) -> None:
    payloads = jumps.gpmf_payloads(MADE)[:40]
    no_fix = jumps.klv("GPSF", "L", 4, (0).to_bytes(4))
    vague = jumps.klv("GPSP", "S", 2, (900).to_bytes(2))
    payloads[0] = payloads[0].replace(jumps.klv("GPSF", "L", 4, (3).to_bytes(4)), no_fix)
    payloads[1] = payloads[1].replace(jumps.klv("GPSP", "S", 2, (150).to_bytes(2)), vague)
    log = _read(tmp_path / "log", b"".join(payloads))
    assert (log.rows, log.dropped, len(log.fixes)) == (200, 10, 190)
    assert "no-fix" in _slugs(log)


def test_gps9_carries_its_own_time(tmp_path: Path) -> None:
    """HERO11 and later: latitude, longitude, height, two speeds, days since 2000, seconds of the day, precision, fix."""
    record = np.dtype([(f"f{i}", word) for i, word in enumerate((">i4",) * 7 + (">u2",) * 2)])
    days = (jumps.EXIT_UTC.date() - datetime(2000, 1, 1, tzinfo=UTC).date()).days
    rows = [(520000000, 80000000, 4000000, 0, 0, days, 55800000 + 100 * i, 150, 3) for i in range(200)]
    payloads = []
    for first in range(0, 200, 10):
        body = np.array(rows[first : first + 10], record).tobytes()
        scale = jumps.klv(
            "SCAL", "l", 4, np.array([10**7, 10**7, 1000, 1000, 100, 1, 1000, 100, 1], ">i4").tobytes()
        )
        stream = (
            scale + jumps.klv("TYPE", "c", 1, b"lllllllSS") + jumps.klv("GPS9", "?", record.itemsize, body)
        )
        name = jumps.klv("DVNM", "c", 1, b"HERO11")
        payloads.append(jumps.klv("DEVC", "", 1, name + jumps.klv("STRM", "", 1, stream)))
    log = _read(tmp_path / "log", b"".join(payloads))
    assert (log.rows, log.dropped, log.device) == (200, 0, "HERO11")
    assert (log.fixes.lat_deg[0], log.fixes.lon_deg[0], log.fixes.altitude_msl_m[0]) == (52.0, 8.0, 4000.0)
    start = datetime(2031, 5, 4, 15, 30, tzinfo=UTC).timestamp()
    assert np.abs(log.fixes.utc_s - start - 0.1 * np.arange(200)).max() < 0.02


def test_a_film_without_telemetry_is_refused(tmp_path: Path) -> None:
    for content in (jumps.mp4(MADE).replace(b"gpmd", b"tmcd"), b"\0\0\0\x10ftypmp41\0\0\0\0"):
        with pytest.raises(ReadError, match="film without"):
            _read(tmp_path / "film", content)


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        (b"<x xmlns:a%d='u'/>" * 60, "more than 50 XML namespaces"),
        (b"<wpt lat='1' lon='1'/>" * 100_001, "more than 100,000 points"),
        (b"<a/>" * 1_000_001, "1,000,000 XML tags"),
        (b"<trk/>" * 1001, "holds 1,001 tracks"),
        (b'<!DOCTYPE g SYSTEM "file:///etc/passwd">', "its own XML entities"),
        (b"<a>" * 50_000, "no GPX that can be read"),
    ],
    ids=range(6),
)
def test_a_gpx_made_to_be_slow_is_refused(tmp_path: Path, inside: bytes, says: str) -> None:
    with pytest.raises(ReadError, match=says):
        _read(tmp_path / "log", hostile.GPX + inside + b"</gpx>")


def test_a_name_out_of_a_file_is_a_line_at_most(tmp_path: Path) -> None:
    named = FILES["gpx"].replace(b"<name>one</name>", b"<name>\n one " + b"1" * 5000 + b"</name>")
    assert _read(tmp_path / "log", named).name == "one " + "1" * 196


def test_a_camera_that_tells_more_than_is_held_is_cut_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _read(tmp_path / "log", FILES["gpmf"])
    for limit in ("_MOST_STREAMS", "_MOST_ENTRIES", "_MOST_VALUES"):
        with monkeypatch.context() as little:
            little.setattr(f"onetake.logbook.readers.gpmf.{limit}", 300)
            log = _read(tmp_path / "log", FILES["gpmf"])
        assert "too-long" in _slugs(log)
        assert 0 < log.rows < whole.rows


def test_more_cameras_than_anybody_wears(tmp_path: Path) -> None:
    one = jumps.klv("ACCL", "s", 6, bytes(6))
    payloads = (
        jumps._nest("DEVC", jumps.klv("DVID", "L", 4, bytes(4)), jumps.klv("DVNM", "c", 1, b"%03d" % k), jumps._nest("STRM", one))
        for k in range(100)
    )  # fmt: skip
    (tmp_path / "log").write_bytes(b"".join(payloads))
    assert len(read_logs(tmp_path / "log")) < 20


@pytest.mark.parametrize(
    "text", ["310504153012.250", "31050415301.250", "319904153012.250", "3105041530ab.250"]
)
def test_the_time_of_a_payload_is_read_as_it_is_written(text: str) -> None:
    try:
        meant: float | None = datetime.strptime(text, "%y%m%d%H%M%S.%f").replace(tzinfo=UTC).timestamp()
    except ValueError:
        meant = None
    assert gpmf._moment_s(text) == (meant if len(text) == 16 else None)


def test_where_samples_of_a_film_are_does_not_hang_on_the_order_of_its_runs() -> None:
    """Chunks of one, then two, then three samples, each where the table says; runs out of order are still read."""

    def word(*numbers: int) -> bytes:
        return np.array(numbers, ">u4").tobytes()

    track = {
        b"stco": bytes(4) + word(3, 1000, 2000, 3000),
        b"stsc": bytes(4) + word(3, 1, 1, 1, 2, 2, 1, 3, 3, 1),
    }
    sizes = np.full(6, 10, np.int64)
    assert mp4._places(track, sizes).tolist() == [1000, 2000, 2010, 3000, 3010, 3020]
    track[b"stsc"] = bytes(4) + word(2, 2, 5, 1, 1, 2, 1)
    assert len(mp4._places(track, sizes)) == 4


@pytest.mark.parametrize(
    ("film", "says"),
    [
        (hostile.jumps._box("ftyp", bytes(8)) + (8).to_bytes(4) * 1 + b"free" + (b"\0\0\0\x08free" * 200_001), "more boxes"),
        (hostile.jumps._box("ftyp", bytes(8)) + hostile.jumps._box("moov", hostile.jumps._box("udta", bytes(17_000_000))), "'udta' is larger"),
    ],
    ids=range(2),
)  # fmt: skip
def test_a_film_of_nothing_but_boxes_is_refused(tmp_path: Path, film: bytes, says: str) -> None:
    with pytest.raises(ReadError, match=says):
        _read(tmp_path / "film", film)


def test_a_packed_film_is_read_for_its_telemetry(tmp_path: Path) -> None:
    (tmp_path / "film.gz").write_bytes(gzip.compress(jumps.mp4(MADE)))
    assert inspect_file(tmp_path / "film.gz")["format"] == "gpmf"


def test_of_many_recordings_some_are_listed(tmp_path: Path) -> None:
    one = FILES["gpx"]
    track = one[one.index(b"<trk>") : one.index(b"</gpx>")]
    (tmp_path / "log").write_bytes(one.replace(b"</gpx>", track * 30 + b"</gpx>"))
    found = inspect_file(tmp_path / "log")["problems"]
    told = next(one["text"] for one in found if one["slug"] == "several-recordings")  # type: ignore[union-attr, index, call-overload]
    assert "20 'one' and 11 more" in told
    assert "21 'one'" not in told
