"""Whatever the bytes, a log reader answers with recordings or with ReadError, soon and in bounded memory; and what it read
is cleaned, has its events found, and becomes a trace."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import jumps
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onetake import inspect_file, seams
from onetake.clock import Clock
from onetake.errors import ReadError
from onetake.logbook.align import MAX_DRIFT, fit_clock
from onetake.logbook.clean import clean
from onetake.logbook.events import jump_of
from onetake.logbook.file import SEAM, read_logs
from onetake.logbook.log import Fixes, Log
from onetake.logbook.traces import axes_at, trace_of

SHORT = jumps.jump(1.0, aboard_s=10.0)
FILES = {
    "dekunu": jumps.dekunu(SHORT),
    "flysight1": jumps.flysight1(SHORT),
    "flysight2": jumps.flysight2_track(SHORT),
    "flysight2 sensor": jumps.flysight2_sensor(jumps.jump(1.0, aboard_s=0.0))[:20000],
    "flysight2 event": jumps.flysight2_event(),
    "gpmf": jumps.gpmf(SHORT)[:20000],
    "gpmf film": jumps.mp4(SHORT),
    "gpx": jumps.gpx(SHORT),
    "insight": jumps.insight(SHORT),
    "tempo": jumps.tempo(SHORT)[:30000],
}
SOON = settings(deadline=timedelta(seconds=3), max_examples=60, suppress_health_check=[HealthCheck.too_slow])
# what breaks readers: absurd numbers, cut lines, sizes that lie, other formats' words, paths
CRUMBS = st.sampled_from(
    [b"", b"\n", b"\r", b"\r\r\n", b",", b";", b"*", b"$", b'"', b"\x00", b"\xff", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"-", b"nan",
     b"inf", b"-1e308", b"1e999", b"9" * 40, b"28.-001Z", b"9999-12-31T23:59:60.999Z", b"0001-01-01T00:00:00Z", b"-95", b"361", b"$GNSS,",
     b"$COL,GNSS,time", b"$TIME,1,2,3", b"GGA", b"DEVC", b"STRM", b"GPS5", b"SCAL", b"moov", b"trak", b"<trk>", b"</trkseg>", b"&lt;",
     b"../../../etc/passwd", b"file:///dev/zero", b"<!ENTITY x SYSTEM 'file:///etc/passwd'>"]
)  # fmt: skip


@st.composite
def spoiled(draw, data):
    """The sample cut short, and some pieces of it replaced."""
    data = data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(data)))
        end = start + draw(st.sampled_from([0, 0, 1, 1, 2, 4, 20, 200]))
        data = data[:start] + draw(CRUMBS | st.binary(max_size=8)) + data[end:]
    return data


def check(log: Log) -> None:
    """All that is asked of a recording, whatever it was made of."""
    done = clean(log)
    fixes = done.fixes
    assert 0 <= done.dropped <= done.rows
    assert len(fixes) <= done.rows
    assert (np.diff(fixes.utc_s) > 0).all()
    for column in (fixes.utc_s, fixes.lat_deg, fixes.lon_deg, fixes.altitude_msl_m):
        assert np.isfinite(column).all()
    for sensor in done.sensors.values():
        assert all(np.isfinite(column).all() for column in sensor.columns.values())
    fit = fit_clock(done.clock_pairs)
    assert fit is None or (abs(fit.drift) <= MAX_DRIFT and fit.offset_sigma_s > 0)
    jump = jump_of(fixes)
    if jump.exit is not None and jump.end_of_freefall is not None:
        assert jump.exit.utc_s <= jump.end_of_freefall.utc_s
    if len(fixes):
        trace_of(done, "somebody", axes_at(fixes), Clock(jumps.EXIT_UTC))


def read(data: bytes) -> list[Log]:
    """As a file would be read, without the file."""
    for reader in seams.load_all(SEAM)[0].values():
        if reader.recognises(data[:65536]):
            return reader.read(data)
    raise ReadError("none of them")


@pytest.mark.parametrize("name", FILES)
@SOON
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(name: str, data: st.DataObject) -> None:
    try:
        logs = read(data.draw(spoiled(FILES[name])))
    except ReadError:
        return
    assert logs
    for log in logs:
        check(log)


@SOON
@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for reader in seams.load_all(SEAM)[0].values():
        reader.recognises(data)
        try:
            logs = reader.read(data)
        except ReadError:
            continue
        for log in logs:
            check(log)


@pytest.mark.parametrize("name", FILES)
def test_inspect_says_it_in_json(name: str, tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(FILES[name])
    json.dumps(inspect_file(tmp_path / "log"), allow_nan=False)


def test_a_path_inside_a_log_is_text(tmp_path: Path) -> None:
    """Nothing that stands in a file is opened."""
    secret = tmp_path / "secret"
    secret.write_text("do not read me")
    before = secret.stat().st_atime_ns
    for name in ("flysight1", "flysight2", "gpx", "tempo"):
        content = (
            FILES[name].replace(b"SESSION_ID,", f"SESSION_ID,{secret}".encode(), 1) + f"\n{secret}\n".encode()
        )
        (tmp_path / "log").write_bytes(content)
        with suppress(ReadError):
            assert "do not read me" not in repr(read_logs(tmp_path / "log"))
    assert secret.stat().st_atime_ns == before


@given(
    start=st.floats(0, 4e9), step=st.floats(0.01, 100), many=st.integers(1, 60),
    height=st.lists(st.floats(-600, 61_000), min_size=60, max_size=60), speed=st.floats(-600, 600),
)  # fmt: skip
def test_any_numbers_are_cleaned(
    start: float, step: float, many: int, height: list[float], speed: float
) -> None:
    n = many
    fixes = Fixes(
        utc_s=start + step * np.arange(n), lat_deg=np.full(n, 1.0), lon_deg=np.full(n, 179.9999), altitude_msl_m=np.array(height[:n]),
        velocity_enu_m_s=np.full((n, 3), speed), sigma_horizontal_m=np.full(n, np.nan), sigma_up_m=np.full(n, 3.0),
        sigma_velocity_m_s=np.full(n, 1.0), satellites=np.full(n, 9.0),
    )  # fmt: skip
    check(Log(format="x", rows=n, fixes=fixes))
