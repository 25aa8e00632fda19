"""FlySight files read to the same numbers by pyflysight and flysight2csv, wherever those can read them."""

from __future__ import annotations

import gzip
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from onetake.logbook.align import fit_clock
from onetake.logbook.file import read_logs
from onetake.logbook.log import Fixes
from onetake.units import DEG_RAD, G0_M_S2

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from flysight2csv.parser import parse_csv
    from flysight2csv.program_params import ParserOptions
    from pyflysight import flysight_proc

FS1 = (
    "speed/fs1_5hz_b.CSV.gz",
    "misc/fs1_wingsuit_5hz.CSV.gz",
    "sameload_A/jumper_09.CSV.gz",
    "speed/fs1_gaps_bad_isc.CSV.gz",
)

OPTIONS = ParserOptions(
    display_path_levels=1,
    metadata_only=False,
    offset_datetime=None,
    continue_on_format_error=True,
    ignore_all_format_errors=True,
    ignored_format_errors=None,
)


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "logs"


def _plain(source: Path, target: Path) -> Path:
    content = source.read_bytes()
    target.write_bytes(gzip.decompress(content) if source.suffix == ".gz" else content)
    return target


def _same(fixes: Fixes, table: Any) -> None:
    times = table["time"].dt.epoch("us").to_numpy() / 1e6
    assert np.abs(fixes.utc_s - times).max() < 1e-5
    for ours, theirs in (
        (fixes.lat_deg, "lat"), (fixes.lon_deg, "lon"), (fixes.altitude_msl_m, "hMSL"),
        (fixes.velocity_enu_m_s[:, 1], "velN"), (fixes.velocity_enu_m_s[:, 0], "velE"), (fixes.descent_m_s, "velD"),
        (fixes.sigma_horizontal_m, "hAcc"), (fixes.sigma_up_m, "vAcc"), (fixes.sigma_velocity_m_s, "sAcc"),
        (fixes.satellites, "numSV"),
    ):  # fmt: skip
        assert np.array_equal(ours, table[theirs].to_numpy()), theirs


@pytest.mark.parametrize("file", FS1)
def test_flysight_1_is_read_as_pyflysight_reads_it(folder: Path, tmp_path: Path, file: str) -> None:
    oracle = flysight_proc.load_flysight(_plain(folder / file, tmp_path / "LOG.CSV"))
    _same(read_logs(folder / file)[0].fixes, oracle.track_data)


def test_flysight_2_is_read_as_pyflysight_reads_it(folder: Path, tmp_path: Path) -> None:
    for name in ("TRACK", "SENSOR"):
        _plain(folder / "speed" / "fs2_10hz" / f"{name}.CSV.gz", tmp_path / f"{name}.CSV")
    log = read_logs(folder / "speed" / "fs2_10hz")[0]
    track, _ = flysight_proc.parse_v2_track_data(tmp_path / "TRACK.CSV")
    _same(log.fixes, track)
    sensors = flysight_proc.parse_v2_sensor_data(tmp_path / "SENSOR.CSV")[0]
    imu, baro = sensors["IMU"], sensors["BARO"]
    assert np.array_equal(log.sensors["imu"].device_s, imu["time"].to_numpy())
    assert np.allclose(
        log.sensors["imu"].columns["rate_y_rad_s"], imu["wy"].to_numpy() * DEG_RAD, rtol=0, atol=1e-12
    )
    assert np.allclose(
        log.sensors["imu"].columns["accel_z_m_s2"], imu["az"].to_numpy() * G0_M_S2, rtol=0, atol=1e-12
    )
    assert np.array_equal(log.sensors["baro"].columns["pressure_pa"], baro["pressure"].to_numpy())


def _rows(path: Path, sensor: str) -> list[Any]:
    parsed = parse_csv(path=path, options=OPTIONS)
    return [row for row in parsed.rows if row.meta.sensor_name == sensor]


def test_the_sensors_clock_is_where_flysight2csv_puts_it(folder: Path) -> None:
    """flysight2csv puts each row on UTC by the `$TIME` rows; it too takes no leap seconds off."""
    log = read_logs(folder / "odd" / "fs2_short_session")[0]
    fit = fit_clock(log.clock_pairs)
    assert fit is not None
    rows = _rows(folder / "odd" / "fs2_short_session" / "SENSOR.CSV", "BARO")
    theirs = np.array([row.meta.timestamp.timestamp() for row in rows])
    ours = fit.utc_s(log.sensors["baro"].device_s)
    known = np.array([row.meta.valid_offset for row in rows])
    assert np.count_nonzero(known) > 500
    assert np.abs(ours - theirs)[known].max() < 0.002


def test_negative_milliseconds_are_mended_as_flysight2csv_mends_them(folder: Path) -> None:
    path = folder / "odd" / "fs2_negative_ms_TRACK.CSV"
    theirs = [row.meta.timestamp.timestamp() for row in _rows(path, "GNSS")]
    assert np.abs(read_logs(path)[0].fixes.utc_s - np.array(theirs)).max() < 1e-5
