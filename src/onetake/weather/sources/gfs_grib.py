"""GRIB 2 of a weather model on pressure levels: GFS, NAM, ECMWF open data; m/s, K, geopotential metres.

The nearest grid point is taken as it is: between points the wind is not interpolated, and the distance is told.
Winds that follow the grid's own axes are turned to true north. Levels under the model's ground are left out.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import numpy as np

from onetake.errors import ChoiceError, ReadError
from onetake.units import G0_M_S2
from onetake.weather.choice import Listing, pick
from onetake.weather.column import Array, Column, Note
from onetake.weather.decode import ask
from onetake.weather.decode.fields import Damage, Field, fields
from onetake.weather.levels import Levels, column_of

DOC = "GRIB 2 of a model (GFS, NAM, ECMWF): pressure levels on a grid, choose with --lat and --lon; needs onetake[grib]"
max_bytes = 1_500_000_000

_HEAD = re.compile(rb"GRIB...[\x01\x02]", re.DOTALL)
_CENTRES = {7: "NCEP", 98: "ECMWF", 34: "JMA", 54: "CMC", 78: "DWD", 74: "UKMO", 84: "METEOFRANCE"}
_PRESSURE_NAMES = ("gh", "z", "t", "r", "u", "v")


def recognises(head: bytes, name: str) -> bool:
    """By the word GRIB and its edition, at the start or behind a bulletin's header."""
    return _HEAD.search(head[:256]) is not None


def list_profiles(path: Path) -> list[Listing]:
    """One listing for each valid time and member. Raises ReadError."""
    with _mapped(path) as data:
        found, _ = _fields(data)
    return [listing for listing, _ in _profiles(found)]


def read_one(
    path: Path, *, station: str | None, time: datetime | None, lat_deg: float | None, lon_deg: float | None
) -> Column:
    """The grid point nearest to the place. Raises ReadError, ChoiceError, MissingExtraError."""
    with _mapped(path) as data:
        found, problems = _fields(data)
    profiles = _profiles(found)
    listings = [listing for listing, _ in profiles]
    listing, chosen = profiles[pick(listings, station=station, time=time)]
    if lat_deg is None or lon_deg is None:
        raise ChoiceError(
            f"a grid ({listing.extent}) holds a profile at each point; choose with --lat and --lon"
        )
    grids = list(dict.fromkeys(field.grid for field in chosen))
    answer = ask(
        "grib_point",
        path,
        needs="eccodes",
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        fields=[{"grid": grids.index(field.grid), "pieces": field.pieces} for field in chosen],
    )
    point = _one_point(answer["point"], listing.extent)
    values = dict(zip(((field.name, field.pressure_pa) for field in chosen), answer["value"], strict=True))
    turn_rad = [answer["point"][grids.index(field.grid)]["turn_rad"] for field in chosen if field.name == "u"]
    return _column(listing, values, point, problems, turn_rad[0] if turn_rad else 0.0)


@contextmanager
def _mapped(path: Path) -> Iterator[mmap.mmap]:
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data


def _fields(data: mmap.mmap) -> tuple[list[Field], list[Note]]:
    """Fields that serve a profile, and what could not be read of the file."""
    damage = Damage()
    found = list(fields(data, damage))
    if not any(field.name in ("u", "v") for field in found):
        raise ReadError(_why_nothing(damage, bool(found)))
    problems = []
    if damage.broken:
        problems.append(Note(slug="broken-message", text=f"{damage.broken} broken messages left out"))
    if damage.truncated:
        problems.append(
            Note(slug="truncated", text="the file ends inside a message: what comes before was read")
        )
    return found, problems


def _why_nothing(damage: Damage, some: bool) -> str:
    if damage.edition_1:
        return "it is GRIB edition 1; convert it to edition 2 (`grib_set -s edition=2`)"
    if damage.broken or damage.truncated:
        return "its GRIB messages are damaged or cut off, and none with a wind on a pressure level is whole"
    return "it holds no wind on pressure levels" if some else "it holds no fields on pressure levels"


def _profiles(found: Sequence[Field]) -> list[tuple[Listing, list[Field]]]:
    """The fields of each run, valid time and member; of two runs for one time the newer comes first."""
    groups: dict[tuple[int, datetime, datetime, str], list[Field]] = {}
    for field in found:
        groups.setdefault((field.centre, field.base_utc, field.valid_utc, field.member), []).append(field)
    profiles = []
    newest_first = sorted(groups.items(), key=lambda group: (group[0][2], -group[0][1].timestamp()))
    for (centre, base_utc, valid_utc, member), chosen in newest_first:
        listing = Listing(
            station=_CENTRES.get(centre, f"centre {centre}"),
            valid_utc=valid_utc,
            base_utc=base_utc,
            member=member,
            extent=_extent(chosen[0].grid),
        )
        profiles.append((listing, chosen))
    return profiles


def _extent(grid: bytes) -> str:
    """What a grid spans, in words, from its section 3."""
    template = int.from_bytes(grid[12:14], "big")
    if template == 0 and len(grid) >= 63:
        first = [_degrees(grid[at : at + 4]) for at in (46, 50, 55, 59)]
        return f"{first[0]:g}° to {first[2]:g}° north, {first[1]:g}° to {first[3]:g}° east"
    if template in (20, 30) and len(grid) >= 46:
        kind = "polar stereographic" if template == 20 else "Lambert"
        return f"{kind} from {_degrees(grid[38:42]):g}° north, {_degrees(grid[42:46]):g}° east"
    return f"grid template {template}"


def _degrees(octets: bytes) -> float:
    """Millionths of a degree, sign and magnitude."""
    value = int.from_bytes(octets, "big")
    return (-(value & 0x7FFFFFFF) if value & 0x80000000 else value) / 1e6


def _one_point(points: list[dict[str, float]], extent: str) -> dict[str, float]:
    """The point all fields share. Raises ReadError where they do not, ChoiceError outside the grid."""
    point = points[0]
    for other in points[1:]:
        if abs(other["lat_deg"] - point["lat_deg"]) > 1e-3 or abs(other["lon_deg"] - point["lon_deg"]) > 1e-3:
            raise ReadError("its fields lie on different grids, so that no point has a whole profile")
    if point["away_m"] > point["reach_m"]:
        raise ChoiceError(
            f"that place lies outside the grid ({extent}): the nearest point, {point['lat_deg']:.2f}, "
            f"{point['lon_deg']:.2f}, is {point['away_m'] / 1000:,.0f} km away"
        )
    return point


def _column(
    listing: Listing,
    values: dict[tuple[str, float], float | None],
    point: dict[str, float],
    problems: list[Note],
    turn_rad: float,
) -> Column:
    pressure = np.array(sorted({level for name, level in values if name in _PRESSURE_NAMES}, reverse=True))

    def over(name: str) -> Array:
        return np.array([values.get((name, level)) for level in pressure.tolist()], float)

    east, north = true_north(over("u"), over("v"), turn_rad)
    height = np.where(np.isfinite(over("gh")), over("gh"), over("z") / G0_M_S2)
    levels = Levels(
        geopotential_m=height,
        pressure_pa=pressure,
        temperature_k=over("t"),
        wind_east_m_s=east,
        wind_north_m_s=north,
        relative_humidity=np.clip(over("r") / 100.0, 0.0, 1.0),
        problems=list(problems),
    )
    _drop_under_ground(levels, values)
    notes = [Note(slug="grid-point", text=_where(point))]
    if turn_rad:
        text = f"winds given along the grid were turned by {np.degrees(turn_rad):.1f}° to true north"
        notes.append(Note(slug="winds-turned", text=text))
    return column_of(
        levels,
        format="gfs_grib",
        station=listing.station,
        valid_utc=listing.valid_utc,
        base_utc=listing.base_utc,
        lat_deg=point["lat_deg"],
        lon_deg=point["lon_deg"],
        notes=notes,
        member=listing.member,
    )


def true_north(east_m_s: Array, north_m_s: Array, turn_rad: float) -> tuple[Array, Array]:
    """Wind along true east and north, of a wind along axes turned clockwise by `turn_rad`."""
    cos, sin = np.cos(turn_rad), np.sin(turn_rad)
    return cos * east_m_s + sin * north_m_s, cos * north_m_s - sin * east_m_s


def _drop_under_ground(levels: Levels, values: dict[tuple[str, float], float | None]) -> None:
    """Models fill pressure levels under their ground with numbers of no air."""
    ground_pa, ground_gh = values.get(("surface_pa", 0.0)), values.get(("surface_gh", 0.0))
    if ground_pa is not None:
        under = levels.pressure_pa > ground_pa
    elif ground_gh is not None:
        under = levels.geopotential_m < ground_gh
    else:
        return
    if under.any() and not under.all():
        count = int(np.sum(under))
        levels.say(
            "below-ground", f"the lowest {count} pressure levels lie under the model's ground: left out"
        )
        levels.keep(~under)


def _where(point: dict[str, float]) -> str:
    lat, lon = point["lat_deg"], point["lon_deg"]
    return (
        f"nearest grid point {lat:.2f}°, {lon:.2f}°, {point['away_m'] / 1000:.0f} km from the place asked for"
    )
