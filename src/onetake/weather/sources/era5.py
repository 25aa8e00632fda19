"""ERA5 NetCDF on pressure levels from the Climate Data Store, old names (time, level) and new (valid_time,
pressure_level): wind m/s, temperature K, geopotential m2/s2.

The nearest grid point is taken as it is. Many subsets that people share stop at 600 or 450 hPa, below a HALO exit:
the column's top tells, and nothing above it is guessed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from onetake.errors import ChoiceError, ReadError
from onetake.units import G0_M_S2
from onetake.weather.choice import Listing, pick
from onetake.weather.column import Array, Column, Note
from onetake.weather.decode import ask
from onetake.weather.levels import Levels, column_of

DOC = "ERA5 NetCDF on pressure levels, old and new names, choose with --time, --lat and --lon; needs onetake[grib]"
max_bytes = 4_000_000_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PA = {"millibars": 100.0, "hpa": 100.0, "mbar": 100.0, "mb": 100.0, "pa": 1.0}
_GEOPOTENTIAL = ("m**2 s**-2", "m2 s-2", "m^2 s^-2", "m**2/s**2", "m2/s2")
_REANALYSIS = "a reanalysis, made after the day; levels under the model's ground are not marked in it"
_SPEED = ("m s**-1", "m s-1", "m/s")


def recognises(head: bytes, name: str) -> bool:
    """By the first bytes of classic NetCDF or of HDF5, which NetCDF 4 is."""
    return head[:4] in (b"CDF\x01", b"CDF\x02", b"CDF\x05") or head[:8] == b"\x89HDF\r\n\x1a\n"


def list_profiles(path: Path) -> list[Listing]:
    """One listing for each time and member. Raises ReadError, MissingExtraError."""
    return [listing for listing, _, _ in _profiles(path)]


def read_one(
    path: Path, *, station: str | None, time: datetime | None, lat_deg: float | None, lon_deg: float | None
) -> Column:
    """The grid point nearest to the place. Raises ReadError, ChoiceError, MissingExtraError."""
    profiles = _profiles(path)
    listings = [listing for listing, _, _ in profiles]
    listing, time_index, member_index = profiles[pick(listings, station=station, time=time)]
    if lat_deg is None or lon_deg is None:
        raise ChoiceError(
            f"a grid ({listing.extent}) holds a profile at each point; choose with --lat and --lon"
        )
    answer = ask(
        "netcdf_point",
        path,
        needs="netCDF4",
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        time=time_index,
        member=member_index,
    )
    if answer["away_m"] > answer["reach_m"]:
        raise ChoiceError(
            f"that place lies outside the grid ({listing.extent}): the nearest point is {answer['away_m'] / 1000:,.0f} km away"
        )
    where = f"nearest grid point {answer['lat_deg']:.2f}°, {answer['lon_deg']:.2f}°"
    text = f"{where}, {answer['away_m'] / 1000:.0f} km from the place asked for"
    return column_of(
        _levels(answer),
        format="era5",
        station="ERA5",
        valid_utc=listing.valid_utc,
        lat_deg=answer["lat_deg"],
        lon_deg=answer["lon_deg"],
        notes=(
            Note(slug="grid-point", text=text),
            Note(slug="reanalysis", text=_REANALYSIS),
        ),
        member=listing.member,
    )


def _profiles(path: Path) -> list[tuple[Listing, int, int]]:
    """Listing, time index and member index of each profile."""
    answer = ask("netcdf_list", path, needs="netCDF4")
    south, north, west, east = answer["span_deg"]
    extent = f"{south:g}° to {north:g}° north, {west:g}° to {east:g}° east"
    members = answer["member"]
    several = len(members) > 1
    profiles = []
    for time_index, time_s in enumerate(answer["time_s"]):
        for member_index in range(max(1, len(members))):
            listing = Listing(
                station="ERA5",
                valid_utc=_EPOCH + timedelta(seconds=time_s),
                member=f"{members[member_index]:g}" if several else "",
                extent=extent,
            )
            profiles.append((listing, time_index, member_index))
    if not profiles:
        raise ReadError("it holds no time")
    return profiles


def _levels(answer: dict[str, Any]) -> Levels:
    """Raw levels; refuses units that are not ERA5's own instead of guessing."""
    count = len(answer["level"])

    def over(name: str, units: tuple[str, ...]) -> Array:
        if name not in answer:
            return np.full(count, np.nan)
        unit = answer[f"{name}_unit"].strip()
        if unit not in units:
            raise ReadError(f"its {name} is in {unit!r}; expected {' or '.join(map(repr, units))}")
        return np.array(answer[name], float)

    if "u" not in answer or "v" not in answer:
        raise ReadError("it holds no wind: no u and v on pressure levels")
    unit = answer["level_unit"].strip().lower()
    if unit not in _PA:
        raise ReadError(f"its levels are in {unit!r}; expected hPa or Pa")
    levels = Levels(
        geopotential_m=over("z", _GEOPOTENTIAL) / G0_M_S2,
        pressure_pa=np.array(answer["level"], float) * _PA[unit],
        temperature_k=over("t", ("K", "k", "kelvin")),
        wind_east_m_s=over("u", _SPEED),
        wind_north_m_s=over("v", _SPEED),
        relative_humidity=np.clip(over("r", ("%",)) / 100.0, 0.0, 1.0) if "r" in answer else None,
    )
    levels.keep(
        np.argsort(-levels.pressure_pa, kind="stable")
    )  # files come in either order, neither is a fault
    return levels
