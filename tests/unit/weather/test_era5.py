"""ERA5 NetCDF: old and new names, either order of levels, tops that are too low, damaged files."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from onetake.errors import ChoiceError, OnetakeError, ReadError, WeatherError
from onetake.weather.atmosphere import geometric_from_geopotential
from onetake.weather.file import read_column

netcdf4 = pytest.importorskip("netCDF4", reason="the extra grib is not installed")


def test_old_names(shared: Path) -> None:
    path = shared / "weather/era5_bella_lui_20200222.nc"
    column = read_column(path, time="2020-02-22T12:00Z", lat_deg=47.05, lon_deg=9.05)
    assert (column.format, column.lat_deg, column.lon_deg) == ("era5", 47.0, 9.0)
    assert column.valid_utc == datetime(2020, 2, 22, 12, tzinfo=UTC)
    assert column.base_utc is None
    assert not column.problems
    with netcdf4.Dataset(path) as dataset:
        want = {name: np.asarray(dataset.variables[name][2, ::-1, 4, 4]) for name in ("z", "t", "u", "v")}
    assert column.pressure_pa[[0, -1]] == pytest.approx([100000, 60000])
    assert column.altitude_msl_m == pytest.approx(geometric_from_geopotential(want["z"] / 9.80665))
    assert column.temperature_k == pytest.approx(want["t"])
    assert column.wind_east_m_s == pytest.approx(want["u"])
    assert column.wind_north_m_s == pytest.approx(want["v"])
    # 600 hPa is no HALO exit: the top shows it, and nothing above is guessed
    assert column.top_msl_m == pytest.approx(4380, abs=5)
    with pytest.raises(WeatherError, match="never guessed above"):
        column.require(7620.0)


def test_new_names(shared: Path) -> None:
    path = shared / "weather/era5_euroc_20251012.nc"
    column = read_column(path, time="2025-10-12T15:00Z", lat_deg=39.4, lon_deg=-8.3)
    assert (column.lat_deg, column.lon_deg) == (39.5, -8.25)
    assert column.altitude_msl_m.size == 17
    assert column.top_msl_m == pytest.approx(6556, abs=5)
    with netcdf4.Dataset(path) as dataset:
        row = int(np.argmin(np.abs(dataset.variables["latitude"][:] - 39.5)))
        place = int(np.argmin(np.abs(dataset.variables["longitude"][:] + 8.25)))
        u = np.sort(np.asarray(dataset.variables["u"][0, :, row, place]))
    assert np.sort(column.wind_east_m_s) == pytest.approx(u, abs=1e-6)


def test_choices_are_asked_for(shared: Path) -> None:
    path = shared / "weather/era5_bella_lui_20200222.nc"
    with pytest.raises(ChoiceError, match="5 times; choose one with --time"):
        read_column(path, lat_deg=47.0, lon_deg=9.0)
    with pytest.raises(ChoiceError, match="--lat and --lon"):
        read_column(path, time="2020-02-22T12:00Z")
    with pytest.raises(ChoiceError, match="outside the grid"):
        read_column(path, time="2020-02-22T12:00Z", lat_deg=25.0, lon_deg=55.0)


def made(path: Path, **changes: Any) -> Path:
    """A small file of the new kind, with an ensemble and a file's two streams (expver) side by side."""
    what = {"z_unit": "m**2 s**-2", "u_unit": "m s**-1", "level_unit": "Pa", "without": "", **changes}
    with netcdf4.Dataset(path, "w") as dataset:
        for name, size in (
            ("valid_time", 1),
            ("number", 2),
            ("expver", 2),
            ("pressure_level", 3),
            ("latitude", 2),
            ("longitude", 2),
        ):
            dataset.createDimension(name, size)
        axes = {
            "valid_time": [0],
            "number": [0, 1],
            "pressure_level": [50000, 70000, 100000],
            "latitude": [24, 25],
            "longitude": [54, 55],
        }
        units = {"valid_time": "hours since 2011-10-11 00:00:00", "pressure_level": what["level_unit"]}
        for name, values in axes.items():
            variable = dataset.createVariable(name, "f8", (name,))
            variable[:] = values
            variable.units = units.get(name, "1")
        levels = np.array([5800.0, 3100.0, 110.0])
        fields = {
            "z": levels * 9.80665,
            "t": [265.0, 281.0, 300.0],
            "u": [10.0, 5.0, 1.0],
            "v": [0.0, 0.0, 0.0],
        }
        for name, values in fields.items():
            if name == what["without"]:
                continue
            variable = dataset.createVariable(
                name,
                "f8",
                ("valid_time", "number", "expver", "pressure_level", "latitude", "longitude"),
                fill_value=-9.0,
            )
            variable.units = what.get(f"{name}_unit", {"t": "K"}.get(name, "m s**-1"))
            grid = np.zeros((1, 2, 2, 3, 2, 2)) + np.asarray(values)[None, None, None, :, None, None]
            if name == "u":
                grid[:, 1] += 2.0
            grid[:, :, 0] = -9.0  # the stream that ended is all missing
            variable[:] = grid
    return path


def test_members_and_streams(tmp_path: Path) -> None:
    path = made(tmp_path / "made.nc")
    with pytest.raises(ChoiceError, match="2 members; choose one with --station: ERA5/0, ERA5/1"):
        read_column(path, lat_deg=25.0, lon_deg=55.0)
    for member, east in (("0", [1.0, 5.0, 10.0]), ("1", [3.0, 7.0, 12.0])):
        column = read_column(path, station=f"ERA5/{member}", lat_deg=25.0, lon_deg=55.0)
        assert column.wind_east_m_s == pytest.approx(east)
        assert column.pressure_pa == pytest.approx([100000, 70000, 50000])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"z_unit": "m"}, "its z is in 'm'"),
        ({"u_unit": "knots"}, "its u is in 'knots'"),
        ({"level_unit": "K"}, "its levels are in 'k'"),
        ({"without": "v"}, "no wind"),
    ],
)
def test_units_are_checked_not_guessed(tmp_path: Path, changes: dict[str, str], reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        read_column(made(tmp_path / "made.nc", **changes), station="ERA5/0", lat_deg=25.0, lon_deg=55.0)


def test_another_netcdf_is_refused_with_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "other.nc"
    with netcdf4.Dataset(path, "w") as dataset:
        dataset.createDimension("x", 2)
        dataset.createVariable("depth", "f4", ("x",))
    with pytest.raises(ReadError, match=r"no ERA5 file on pressure levels.*it holds depth"):
        read_column(path, lat_deg=25.0, lon_deg=55.0)


def outcome(path: Path) -> str:
    """`read`, or the message it was refused with; anything else fails the test."""
    try:
        read_column(path, time="2020-02-22T12:00Z", lat_deg=47.0, lon_deg=9.0)
    except OnetakeError as error:
        return str(error)
    return "read"


@pytest.mark.parametrize("name", ["era5_bella_lui_20200222.nc", "era5_euroc_20251012.nc"])
def test_damaged_files_are_refused_or_read_but_never_crash(shared: Path, tmp_path: Path, name: str) -> None:
    whole = (shared / "weather" / name).read_bytes()
    path = tmp_path / "damaged.nc"
    for seed in range(3):
        rng = random.Random(seed)
        data = bytearray(whole[: rng.randrange(100, len(whole))] if seed == 0 else whole)
        for _ in range(0 if seed == 0 else rng.choice([1, 8, 64])):
            data[rng.randrange(8, min(len(data), 2000))] = rng.randrange(256)
        path.write_bytes(data)
        said = outcome(path)
        assert said == "read" or "damaged.nc" in said
