"""NetCDF in the child process: what an ERA5 file on pressure levels spans, and one profile of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np

from onetake.errors import ReadError
from onetake.weather.choice import EARTH_MEAN_RADIUS_M
from onetake.weather.decode.child import MAX_POINTS, Answer, Array, LibraryMissingError, away_m, plain

_AXES = {
    "time": ("valid_time", "time"),
    "level": ("pressure_level", "level", "isobaricInhPa", "plev"),
    "lat": ("latitude", "lat"),
    "lon": ("longitude", "lon"),
    "member": ("number", "member"),
}


@contextmanager
def _dataset(path: str) -> Iterator[tuple[ModuleType, Any]]:
    try:
        import netCDF4
    except ImportError as error:
        raise LibraryMissingError from error
    with netCDF4.Dataset(path) as dataset:
        yield netCDF4, dataset


def _axes(dataset: Any) -> dict[str, str]:
    """Which variable is which axis. Raises ReadError when one that a profile needs is not there."""
    found = {axis: name for axis, names in _AXES.items() for name in names[::-1] if name in dataset.variables}
    for axis in ("time", "level", "lat", "lon"):
        if axis not in found:
            there = ", ".join(sorted(dataset.variables)) or "nothing"
            raise ReadError(
                f"it is no ERA5 file on pressure levels: no {' or '.join(_AXES[axis])}; it holds {there}"
            )
    return found


def _axis(dataset: Any, name: str) -> Array:
    return np.atleast_1d(np.ma.filled(np.ma.asarray(dataset.variables[name][:], float), np.nan))


def netcdf_list(request: Answer) -> Answer:
    """Times (seconds since 1970, UTC), members and span in degrees of an ERA5 file. In: path."""
    with _dataset(request["path"]) as (netcdf4, dataset):
        axes = _axes(dataset)
        variable = dataset.variables[axes["time"]]
        stamps = netcdf4.num2date(
            np.ma.filled(np.atleast_1d(variable[:])),
            variable.units,
            getattr(variable, "calendar", "standard"),
            only_use_cftime_datetimes=False,
            only_use_python_datetimes=True,
        )
        epoch = np.datetime64("1970-01-01T00:00:00")
        times = [float((np.datetime64(stamp) - epoch) / np.timedelta64(1, "s")) for stamp in stamps]
        members = _axis(dataset, axes["member"]).tolist() if "member" in axes else []
        lat, lon = _axis(dataset, axes["lat"]), _axis(dataset, axes["lon"])
        span = [float(value) for value in (lat.min(), lat.max(), lon.min(), lon.max())]
    return {"time_s": times, "member": members, "span_deg": span}


def netcdf_point(request: Answer) -> Answer:
    """One profile of an ERA5 file. In: path, lat_deg, lon_deg, time and member (indices). Out: arrays over levels."""
    with _dataset(request["path"]) as (_, dataset):
        axes = _axes(dataset)
        lat, lon = _axis(dataset, axes["lat"]), _axis(dataset, axes["lon"])
        if not 0 < lat.size * lon.size <= MAX_POINTS:
            raise ReadError(f"a grid of {lat.size * lon.size:,} points")
        distance = away_m(lat[:, None], lon[None, :], (request["lat_deg"], request["lon_deg"]))
        row, column = np.unravel_index(int(np.argmin(distance)), distance.shape)
        step = max(
            (float(np.max(np.abs(np.diff(axis)))) for axis in (lat, lon) if axis.size > 1), default=0.0
        )
        index = {"time": request["time"], "member": request["member"], "lat": int(row), "lon": int(column)}
        place = {axes[axis]: index[axis] for axis in index if axis in axes}
        answer: Answer = {
            "lat_deg": float(lat[row]),
            "lon_deg": float((lon[column] + 180.0) % 360.0 - 180.0),
            "away_m": float(distance[row, column]),
            "reach_m": 0.75 * np.radians(step) * EARTH_MEAN_RADIUS_M,
            "level": plain(_axis(dataset, axes["level"])),
            "level_unit": str(getattr(dataset.variables[axes["level"]], "units", "")),
        }
        for name in ("z", "t", "u", "v", "r"):
            if name in dataset.variables:
                answer[name] = plain(_profile(dataset.variables[name], place, axes["level"]))
                answer[f"{name}_unit"] = str(getattr(dataset.variables[name], "units", ""))
    return answer


def _profile(variable: Any, place: dict[str, int], level: str) -> Array:
    """Values over the levels at one place and time; along any other axis (expver) the first that is not missing."""
    if level not in variable.dimensions:
        raise ReadError(f"{variable.name} is not given by level")
    chosen = np.ma.asarray(variable[tuple(place.get(name, slice(None)) for name in variable.dimensions)])
    kept = [name for name in variable.dimensions if name not in place]
    values = np.moveaxis(np.ma.filled(chosen.astype(float), np.nan), kept.index(level), 0)
    values = values.reshape(values.shape[0], -1)
    first = np.argmax(np.isfinite(values), axis=1)
    return np.asarray(np.take_along_axis(values, first[:, None], axis=1)[:, 0])
