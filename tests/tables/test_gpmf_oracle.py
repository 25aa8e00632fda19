"""GoPro's telemetry read to the same numbers, and nearly the same times, as by GoPro's own parser."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from py_gpmf_parser.gopro_telemetry_extractor import GoProTelemetryExtractor

from onetake.logbook.file import read_logs

FILM = "gpmf/max_heromode.mp4"


def _oracle(path: Path, key: str) -> tuple[np.ndarray, np.ndarray]:
    extractor = GoProTelemetryExtractor(str(path))
    extractor.open_source()
    values, times = extractor.extract_data(key)
    extractor.close_source()
    return np.asarray(values), np.asarray(times)


@pytest.mark.parametrize(
    ("key", "sensor", "columns"),
    [
        # the film says that its sensors write z, x, y
        ("ACCL", "accelerometer", ("accel_z_m_s2", "accel_x_m_s2", "accel_y_m_s2")),
        ("GYRO", "gyroscope", ("rate_z_rad_s", "rate_x_rad_s", "rate_y_rad_s")),
        ("CORI", "camera", ("q0", "q1", "q2", "q3")),
        ("GRAV", "gravity", ("down_x", "down_y", "down_z")),
    ],
)
def test_sensors_are_those_of_gopros_parser(
    shared: Path, key: str, sensor: str, columns: tuple[str, ...]
) -> None:
    values, times = _oracle(shared / "logs" / FILM, key)
    (log,) = read_logs(shared / "logs" / FILM)
    found = log.sensors[sensor]
    assert np.allclose(
        np.stack([found.columns[name] for name in columns], axis=-1), values, rtol=0, atol=1e-9
    )
    # two official ways to time a stream differ more than this (gpmf-parser, issue 155)
    assert np.abs(found.device_s - times).max() < 0.05


def test_positions_are_those_of_gopros_parser(shared: Path) -> None:
    values, _ = _oracle(shared / "logs" / FILM, "GPS5")
    (log,) = read_logs(shared / "logs" / FILM)
    assert np.array_equal(log.fixes.lat_deg, values[:, 0])
    assert np.array_equal(log.fixes.altitude_msl_m, values[:, 2])
    # its first GPSU is stale by about 1.5 s (README of the logs), so the clip begins at 23:45:15.5 and not at 14.0
    assert log.fixes.utc_s[0] % 60 == pytest.approx(15.5, abs=0.3)


@pytest.mark.parametrize(("file", "many"), [("gpmf/hero5.raw", (199, 399)), ("gpmf/Fusion.raw", (197, 3300))])
def test_single_payloads_are_read(shared: Path, file: str, many: tuple[int, int]) -> None:
    (log,) = read_logs(shared / "logs" / file)
    assert tuple(len(log.sensors[name].device_s) for name in ("accelerometer", "gyroscope")) == many
    assert (len(log.fixes), log.findings[0].slug) == (0, "no-fix")
