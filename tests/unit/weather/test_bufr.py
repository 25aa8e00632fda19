"""BUFR TEMP: both templates, several stations, several subsets, gross errors, damaged files."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from onetake.errors import ChoiceError, OnetakeError, ReadError
from onetake.weather.atmosphere import geometric_from_geopotential
from onetake.weather.file import read_column
from onetake.weather.sources import bufr_temp

pytest.importorskip("cffi", reason="the extra grib is not installed")
GULF = {"year": 2011, "month": 10, "day": 11, "minute": 0, "second": 0, "latitude": 24.43, "longitude": 54.65}


def test_stations_by_id(shared: Path) -> None:
    path = shared / "weather/temp_small_20081208_12Z.bufr"
    names = {listing.station for listing in bufr_temp.list_profiles(path)}
    assert names == {"71907", "71823", "89009", "91348", "91408", "71836", "83612"}
    with pytest.raises(ChoiceError, match="7 stations; choose one with --station"):
        read_column(path)
    column = read_column(path, station="71907")
    assert column.valid_utc == datetime(2008, 12, 8, 12, tzinfo=UTC)
    assert (column.lat_deg, column.lon_deg) == (58.47, -78.08)
    # geopotential in m2/s2 in this template: 850 hPa stands at 12470 / 9.80665 geopotential metres
    at_850 = int(np.argmin(np.abs(column.pressure_pa - 85000)))
    assert column.altitude_msl_m[at_850] == pytest.approx(float(geometric_from_geopotential(12470 / 9.80665)))
    assert (column.wind_east_m_s[at_850], column.wind_north_m_s[at_850]) == pytest.approx(
        (9 * np.sin(np.radians(70)), 9 * np.cos(np.radians(70)))
    )  # from 250° at 9 m/s
    pole = read_column(path, station="89009")
    assert pole.lat_deg == -90.0


def test_the_high_resolution_template(shared: Path) -> None:
    column = read_column(shared / "weather/temp_hires_10954_20250223.bufr")
    assert column.station == "10954"
    assert column.valid_utc is not None
    assert column.valid_utc.replace(second=0) == datetime(2025, 2, 23, 10, 45, tzinfo=UTC)
    assert column.altitude_msl_m.size == 448  # the 449th lies below the ground
    assert column.bottom_msl_m == pytest.approx(760.1, abs=0.2)
    assert column.pressure_pa[-1] == pytest.approx(50000, rel=0.01)  # this file stops at 500 hPa
    assert column.max_wind is not None
    assert column.max_wind[0] == pytest.approx(11.3)


def two_subsets() -> bytes:
    """One message of WMO template 309052 with two stations, each with a report of wind shear behind its levels."""
    import eccodes

    handle = eccodes.codes_bufr_new_from_samples("BUFR4")
    put = eccodes.codes_set
    put(handle, "masterTablesVersionNumber", 31)
    put(handle, "dataCategory", 2)
    put(handle, "numberOfSubsets", 2)
    put(handle, "compressedData", 0)
    eccodes.codes_set_array(handle, "inputExtendedDelayedDescriptorReplicationFactor", [4, 3])
    eccodes.codes_set_array(handle, "inputDelayedDescriptorReplicationFactor", [1, 1])
    put(handle, "unexpandedDescriptors", 309052)
    level = pressure = 0
    for subset, (block, levels) in enumerate(((41, 4), (42, 3)), start=1):
        for key, value in {**GULF, "hour": 6 * subset, "blockNumber": block, "stationNumber": 217}.items():
            put(handle, f"#{subset}#{key}", value)
        for k in range(levels):
            level, pressure = level + 1, pressure + 1
            put(handle, f"#{level}#nonCoordinateGeopotentialHeight", 110.0 + 950.0 * k)
            put(handle, f"#{level}#airTemperature", 300.0 - 6 * k)
            put(handle, f"#{level}#windDirection", 90 * subset)
            put(handle, f"#{level}#windSpeed", 160.0 if k == 1 else 5.0 + k)
            put(handle, f"#{pressure}#pressure", 100000 - 10000 * k)
        pressure += 1
        put(handle, f"#{pressure}#pressure", 30000)  # of the shear report
    put(handle, "pack", 1)
    message: bytes = eccodes.codes_get_message(handle)
    eccodes.codes_release(handle)
    return message


def test_subsets_shear_reports_and_gross_errors(tmp_path: Path) -> None:
    path = tmp_path / "two.bufr"
    path.write_bytes(b"IUSD01 OMAE 110600\r\r\n" + two_subsets())
    first, second = read_column(path, station="41217"), read_column(path, station="42217")
    assert (first.altitude_msl_m.size, second.altitude_msl_m.size) == (4, 3)
    assert first.pressure_pa == pytest.approx([100000, 90000, 80000, 70000])
    assert second.valid_utc == datetime(2011, 10, 11, 12, tzinfo=UTC)
    # 160 m/s blows nowhere: the level's wind is left out, the others stay
    assert "gross-wind" in {note.slug for note in first.problems}
    assert first.wind_east_m_s == pytest.approx([-5, np.nan, -7, -8], nan_ok=True)
    assert second.wind_north_m_s == pytest.approx([5, np.nan, 7], nan_ok=True)


def test_a_file_that_ends_early_gives_what_it_has(shared: Path, tmp_path: Path) -> None:
    whole = (shared / "weather/temp_small_20081208_12Z.bufr").read_bytes()
    path = tmp_path / "cut.bufr"
    path.write_bytes(whole[:-500])
    column = read_column(path, station="71907")
    assert "truncated" in {note.slug for note in column.problems}
    path.write_bytes(whole[:300])
    with pytest.raises(ReadError, match="damaged or cut off"):
        read_column(path)


def test_other_bufr_is_refused(tmp_path: Path) -> None:
    import eccodes

    handle = eccodes.codes_bufr_new_from_samples("BUFR4")
    eccodes.codes_set(handle, "dataCategory", 0)
    eccodes.codes_set(handle, "unexpandedDescriptors", 307080)
    eccodes.codes_set(handle, "pack", 1)
    path = tmp_path / "synop.bufr"
    path.write_bytes(eccodes.codes_get_message(handle))
    eccodes.codes_release(handle)
    with pytest.raises(ReadError, match="no vertical soundings"):
        read_column(path)


def outcome(path: Path) -> str:
    """`read`, or the message it was refused with; anything else fails the test."""
    try:
        read_column(path, lat_deg=47.0, lon_deg=11.0)
    except OnetakeError as error:
        return str(error)
    return "read"


def test_mutated_files_are_refused_or_read_but_never_crash(shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "mutated.bufr"
    for name in ("temp_small_20081208_12Z.bufr", "temp_hires_10954_20250223.bufr"):
        whole = (shared / "weather" / name).read_bytes()
        for seed in range(2):
            rng = random.Random(seed)
            data = bytearray(whole)
            for _ in range(rng.choice([1, 8, 64])):
                data[rng.randrange(8, len(data) if seed % 2 else 120)] = rng.randrange(256)
            path.write_bytes(data)
            said = outcome(path)
            assert said == "read" or "mutated.bufr" in said
