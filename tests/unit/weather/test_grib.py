"""GRIB 2: the right numbers at the right point, and a reason for every file that cannot be read."""

from __future__ import annotations

import csv
import random
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from onetake.axes import wind_from
from onetake.errors import ChoiceError, MissingExtraError, OnetakeError, ReadError
from onetake.units import KT_M_S
from onetake.weather import decode
from onetake.weather.atmosphere import geometric_from_geopotential
from onetake.weather.column import Column
from onetake.weather.decode.fields import Damage, Field, fields
from onetake.weather.decode.grib import lambert_turn_rad
from onetake.weather.file import read_column
from onetake.weather.sources import gfs_grib

pytest.importorskip("cffi", reason="the extra grib is not installed")
GULF = {"lat_deg": 25.0, "lon_deg": 55.0}


@pytest.fixture(scope="module")
def gfs(shared: Path) -> Path:
    return shared / "weather/gfs_global_2p5_20111008_00Z_f072.grib2"


@pytest.fixture(scope="module")
def nam(shared: Path) -> Path:
    return shared / "weather/nam_awip_lambert_20041208_12Z_f024.grib2"


def found(path: Path) -> tuple[bytes, list[Field]]:
    data = path.read_bytes()
    return data, list(fields(data, Damage()))


def small(path: Path, into: Path, levels: tuple[float, ...] = (50000.0, 70000.0)) -> Path:
    """A file of a few levels, each field a message of its own."""
    data, every = found(path)
    into.write_bytes(b"".join(field.message(data) for field in every if field.pressure_pa in levels))
    return into


def test_fields_that_share_a_message_are_all_found(gfs: Path) -> None:
    _, every = found(gfs)
    names = [field.name for field in every]
    # a loop over whole messages sees no v at all in this file
    assert names.count("u") == names.count("v") == names.count("gh") == 26
    assert {field.valid_utc for field in every} == {datetime(2011, 10, 11, tzinfo=UTC)}
    assert {field.base_utc for field in every} == {datetime(2011, 10, 8, tzinfo=UTC)}


def test_the_gulf_profile(gfs: Path, shared: Path) -> None:
    column = read_column(gfs, **GULF)
    assert (column.station, column.lat_deg, column.lon_deg) == ("NCEP", 25.0, 55.0)
    assert column.valid_utc == datetime(2011, 10, 11, tzinfo=UTC)
    assert column.base_utc == datetime(2011, 10, 8, tzinfo=UTC)
    assert not column.problems
    with (shared / "weather/gulf_25N55E_gfs_20111008_00Z_f072.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    want = {name: np.array([float(row[name] or "nan") for row in rows]) for name in rows[0]}
    assert column.pressure_pa / 100 == pytest.approx(want["pressure_hPa"])
    # the table is rounded: 0.1 m, 0.01 °C, 0.01 m/s, 0.1 kt, 0.1°
    height = geometric_from_geopotential(want["geopotential_height_m"])
    assert column.altitude_msl_m == pytest.approx(height, abs=0.06)
    assert column.temperature_k - 273.15 == pytest.approx(want["temperature_C"], abs=0.006)
    assert column.wind_east_m_s == pytest.approx(want["u_m_s"], abs=0.006)
    assert column.wind_north_m_s == pytest.approx(want["v_m_s"], abs=0.006)
    from_deg, speed = wind_from(column.wind_east_m_s, column.wind_north_m_s)
    assert speed / KT_M_S == pytest.approx(want["wind_speed_kt"], abs=0.06)
    assert np.abs((from_deg - want["wind_from_deg"] + 180) % 360 - 180) == pytest.approx(0, abs=0.06)


def test_the_nearest_point_is_taken_and_told(gfs: Path) -> None:
    column = read_column(gfs, lat_deg=24.2, lon_deg=54.6)
    assert (column.lat_deg, column.lon_deg) == (25.0, 55.0)
    assert any("98 km" in note.text for note in column.notes if note.slug == "grid-point")
    north = read_column(
        gfs, lat_deg=86.2, lon_deg=0.4
    )  # points lie 19 km apart along the circle, 278 km across it
    assert (north.lat_deg, north.lon_deg) == (85.0, 0.0)
    west = read_column(gfs, lat_deg=-33.0, lon_deg=-71.0)
    assert (west.lat_deg, west.lon_deg) == (-32.5, -70.0)
    # 1000 and 975 hPa lie under the Andes
    assert "below-ground" in {note.slug for note in west.problems}
    assert west.pressure_pa[0] < 97500


def test_winds_along_a_lambert_grid_are_turned_to_true_north(nam: Path) -> None:
    column = read_column(nam, lat_deg=40.0, lon_deg=-75.0)
    assert column.lat_deg is not None
    assert column.lon_deg is not None
    turn = np.sin(np.radians(25.0)) * np.radians(
        column.lon_deg + 95.0
    )  # cone constant of one parallel at 25°
    assert np.degrees(turn) == pytest.approx(8.6, abs=0.05)
    assert any("8.6°" in note.text for note in column.notes if note.slug == "winds-turned")
    along_east, along_north = raw_winds(nam, column)
    east = np.cos(turn) * along_east + np.sin(turn) * along_north
    north = np.cos(turn) * along_north - np.sin(turn) * along_east
    assert column.wind_east_m_s == pytest.approx(east, abs=1e-9)
    assert column.wind_north_m_s == pytest.approx(north, abs=1e-9)
    moved = np.hypot(column.wind_east_m_s - along_east, column.wind_north_m_s - along_north)
    assert np.max(moved) == pytest.approx(2 * np.sin(turn / 2) * 67.6, rel=0.01)  # of the jet's 67.6 m/s


def raw_winds(path: Path, column: Column) -> tuple[np.ndarray, np.ndarray]:
    """u and v as the file has them, along the grid, at the column's own point, by the decoder's own nearest search."""
    import eccodes

    data, every = found(path)
    values: dict[tuple[str, float], float] = {}
    for field in every:
        if field.name in ("u", "v"):
            handle = eccodes.codes_new_from_message(field.message(data))
            nearest = eccodes.codes_grib_find_nearest(handle, column.lat_deg, column.lon_deg)[0]
            assert nearest.distance < 1.0
            values[field.name, field.pressure_pa] = nearest.value
            eccodes.codes_release(handle)
    u, v = (np.array([values[name, p] for p in column.pressure_pa.tolist()]) for name in ("u", "v"))
    return u, v


def test_the_turn_is_the_grid_s_own_direction(nam: Path) -> None:
    """The bearing from each point to the next one up the grid is the turn by formula, over the whole grid."""
    import eccodes

    data, every = found(nam)
    handle = eccodes.codes_new_from_message(every[0].message(data))
    lat, lon = (
        np.radians(eccodes.codes_get_array(handle, key)).reshape(65, 93)
        for key in ("latitudes", "longitudes")
    )
    eccodes.codes_release(handle)
    east = np.sin(lon[2:] - lon[:-2]) * np.cos(lat[2:])
    north = np.cos(lat[:-2]) * np.sin(lat[2:]) - np.sin(lat[:-2]) * np.cos(lat[2:]) * np.cos(
        lon[2:] - lon[:-2]
    )
    # the bearing at the middle of a great circle: mean of its ends, turned by half their meridians' convergence
    start = np.arctan2(east, north)
    middle = start + (lon[2:] - lon[:-2]) / 2 * np.sin((lat[2:] + lat[:-2]) / 2)
    turn = np.vectorize(lambda here: lambert_turn_rad(here, 265.0, np.radians(25.0), np.radians(25.0)))
    assert np.degrees(middle) == pytest.approx(np.degrees(turn(np.degrees(lon[1:-1]))), abs=0.1)


def test_lambert_cone_of_two_parallels() -> None:
    # Snyder (1987), Map Projections, p. 295: parallels 33° and 45°, n = 0.6304777; 105° less 96° west... -> 21°
    cone = lambert_turn_rad(-75.0, -96.0, np.radians(33.0), np.radians(45.0)) / np.radians(21.0)
    assert cone == pytest.approx(0.6304777, abs=1e-7)


def test_a_grid_needs_a_place_and_has_an_end(nam: Path) -> None:
    with pytest.raises(ChoiceError, match="--lat and --lon"):
        read_column(nam)
    with pytest.raises(ChoiceError, match="outside the grid"):
        read_column(nam, lat_deg=0.0, lon_deg=0.0)
    with pytest.raises(ChoiceError, match="nearest is 2004-12-09T12:00Z"):
        read_column(nam, lat_deg=40.0, lon_deg=-75.0, time="2004-12-08T12:00Z")


def test_listing_needs_no_decoder(gfs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gfs_grib, "ask", None)
    (listing,) = gfs_grib.list_profiles(gfs)
    assert listing.valid_utc == datetime(2011, 10, 11, tzinfo=UTC)
    assert "90° to -90° north" in listing.extent


def test_two_times_in_one_file(gfs: Path, tmp_path: Path) -> None:
    path = small(gfs, tmp_path / "two.grib2")
    later = bytearray(path.read_bytes())
    data, every = later, list(fields(bytes(later), Damage()))
    for field in every:
        product = field.pieces[[data[start + 4] for start, _ in field.pieces].index(4)][0]
        data[product + 18 : product + 22] = (78).to_bytes(4, "big")
    path.write_bytes(path.read_bytes() + bytes(later))
    assert len(gfs_grib.list_profiles(path)) == 2
    with pytest.raises(
        ChoiceError, match="2 times; choose one with --time: 2011-10-11T00:00Z, 2011-10-11T06:00Z"
    ):
        read_column(path, **GULF)
    column = read_column(path, **GULF, time="2011-10-11T06:00Z")
    assert column.valid_utc == datetime(2011, 10, 11, 6, tzinfo=UTC)
    assert column.altitude_msl_m.size == 2


def test_a_file_that_ends_early_gives_what_it_has(gfs: Path, tmp_path: Path) -> None:
    data = small(gfs, tmp_path / "whole.grib2", levels=(30000.0, 50000.0, 70000.0)).read_bytes()
    cut = tmp_path / "cut.grib2"
    cut.write_bytes(data[: int(len(data) * 0.9)])
    column = read_column(cut, **GULF)
    assert "truncated" in {note.slug for note in column.problems}
    assert 1 < column.altitude_msl_m.size <= 3
    cut.write_bytes(data[:200])
    with pytest.raises(ReadError, match="damaged or cut off"):
        read_column(cut, **GULF)


@pytest.mark.parametrize(("offset", "what"), [(162, "abort"), (174, "segmentation fault")])
def test_what_kills_the_decoder_does_not_kill_us(gfs: Path, tmp_path: Path, offset: int, what: str) -> None:
    # one wrong byte in the packing of one field makes the library end its process by this signal
    path = small(gfs, tmp_path / "bad.grib2")
    data = bytearray(path.read_bytes())
    for start in (0, *(at for at in range(len(data)) if data[at : at + 4] == b"GRIB")):
        data[start + offset] = 200
    path.write_bytes(data)
    with pytest.raises(ReadError, match=r"bad\.grib2: its decoder (broke down on it|says)"):
        read_column(path, **GULF)


def outcome(path: Path) -> str:
    """`read`, or the message it was refused with; anything else fails the test."""
    try:
        read_column(path, **GULF)
    except OnetakeError as error:
        return str(error)
    return "read"


def test_mutated_files_are_refused_or_read_but_never_crash(gfs: Path, tmp_path: Path) -> None:
    whole = small(gfs, tmp_path / "whole.grib2").read_bytes()
    path = tmp_path / "mutated.grib2"
    for seed in range(4):
        rng = random.Random(seed)
        data = bytearray(whole)
        for _ in range(rng.choice([1, 4, 16, 64])):
            data[rng.randrange(8, len(data) if seed % 2 else 220)] = rng.randrange(256)
        path.write_bytes(data)
        said = outcome(path)
        assert said == "read" or "mutated.grib2" in said


def test_other_grib_is_refused_with_the_reason(tmp_path: Path, gfs: Path) -> None:
    path = tmp_path / "x.grib"
    path.write_bytes(b"GRIB\x00\x00\x40\x01" + bytes(56) + b"7777")
    with pytest.raises(ReadError, match="edition 1; convert"):
        read_column(path, **GULF)
    data, every = found(gfs)
    path.write_bytes(b"".join(field.message(data) for field in every if field.name == "t"))
    with pytest.raises(ReadError, match="no wind on pressure levels"):
        read_column(path, **GULF)


def test_without_the_extra_it_says_how_to_get_it(gfs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r'pip install "onetake\[grib\]"'):
        read_column(gfs, **GULF)


def test_recognises_by_content() -> None:
    assert gfs_grib.recognises(b"YTXA99 KWBC 110000\r\r\nGRIB\x00\x00\x00\x02", "x")
    assert not gfs_grib.recognises(b"station GRB in text, GRIB is a word here", "x.grib2")
    assert not gfs_grib.recognises(b"", "x.grib2")
