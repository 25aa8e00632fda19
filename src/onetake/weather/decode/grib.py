"""GRIB in the child process: values of fields at one grid point, and how winds are turned there.

Places in degrees, angles in radians, distances in metres; null where a value is missing.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

import numpy as np

from onetake.errors import ReadError
from onetake.weather.decode.child import MAX_POINTS, Answer, Array, away_m, handle_of, load_eccodes

_MISSING = 1e20


def grib_point(request: Answer) -> Answer:
    """Values of fields at the grid point nearest to a place.

    In: path; lat_deg, lon_deg; fields, each {grid: number of its grid, pieces: [[first byte, end], …]}.
    Out: value (one per field) and point (one per grid): lat_deg, lon_deg, away_m, reach_m, turn_rad.
    """
    eccodes = load_eccodes()
    place = (float(request["lat_deg"]), float(request["lon_deg"]))
    points: dict[int, Answer] = {}
    values: list[float | None] = []
    with Path(request["path"]).open("rb") as stream:
        for field in request["fields"]:
            with handle_of(eccodes, _cut(stream, field["pieces"])) as handle:
                if field["grid"] not in points:
                    points[field["grid"]] = _nearest_point(eccodes, handle, place)
                eccodes.codes_set(handle, "missingValue", _MISSING)
                value = eccodes.codes_get_elements(handle, "values", [points[field["grid"]]["index"]])[0]
                values.append(None if not np.isfinite(value) or value == _MISSING else float(value))
    return {"value": values, "point": [points[number] for number in sorted(points)]}


def _cut(stream: BinaryIO, pieces: list[list[int]]) -> bytes:
    body = b""
    for start, end in pieces:
        stream.seek(start)
        body += stream.read(end - start)
    return b"GRIB\x00\x00\x00\x02" + (16 + len(body) + 4).to_bytes(8, "big") + body + b"7777"


def _nearest_point(eccodes: ModuleType, handle: Any, place_deg: tuple[float, float]) -> Answer:
    """The grid's point nearest to a place: its index, position, distance, and how winds are turned there."""
    count = eccodes.codes_get_long(handle, "numberOfDataPoints")
    if not 0 < count <= MAX_POINTS:
        raise ReadError(f"a grid of {count:,} points")
    lat = np.asarray(eccodes.codes_get_array(handle, "latitudes"), float)
    lon = np.asarray(eccodes.codes_get_array(handle, "longitudes"), float)
    distance = away_m(lat, lon, place_deg)
    index = int(np.argmin(distance))
    here = (float(lat[index]), float(lon[index]))

    def steps_m(stride: int) -> Array:
        near = [other for other in (index - stride, index + stride) if stride and 0 <= other < lat.size]
        return away_m(lat[near], lon[near], here)

    along = steps_m(1)
    along = along[along <= 4.0 * np.min(along, initial=np.inf)]  # more is a jump to the next row of the grid
    across = steps_m(
        _number(eccodes, handle, "Nj" if _number(eccodes, handle, "jPointsAreConsecutive") else "Ni") or 0
    )
    return {
        "index": index,
        "lat_deg": here[0],
        "lon_deg": (here[1] + 180.0) % 360.0 - 180.0,
        "away_m": float(distance[index]),
        "reach_m": 0.75
        * float(np.max(np.concatenate([along, across]), initial=0.0)),  # over half a cell's diagonal
        "turn_rad": _turn_rad(eccodes, handle, here[1]),
    }


def _turn_rad(eccodes: ModuleType, handle: Any, lon_deg: float) -> float:
    """Angle from the grid's own north to true north at a longitude, clockwise; 0 where winds are already true."""
    if not eccodes.codes_get_long(handle, "uvRelativeToGrid"):
        return 0.0
    kind = eccodes.codes_get_string(handle, "gridType")
    if kind in ("regular_ll", "regular_gg", "reduced_ll", "reduced_gg", "mercator"):
        return 0.0  # their columns are meridians
    if kind == "lambert":
        first, second = (np.radians(eccodes.codes_get_double(handle, f"Latin{n}InDegrees")) for n in (1, 2))
        return lambert_turn_rad(lon_deg, eccodes.codes_get_double(handle, "LoVInDegrees"), first, second)
    if kind == "polar_stereographic":
        south = eccodes.codes_get_long(handle, "projectionCentreFlag") & 0x80
        middle = eccodes.codes_get_double(handle, "orientationOfTheGridInDegrees")
        return _turn(-1.0 if south else 1.0, lon_deg, middle)
    raise ReadError(f"its winds follow a grid of type {kind} that cannot be turned to true north")


def lambert_turn_rad(
    lon_deg: float, middle_lon_deg: float, first_lat_rad: float, second_lat_rad: float
) -> float:
    """Convergence of a Lambert conformal grid: cone constant times longitude from its middle (Snyder 1987, eq. 15-3)."""
    if abs(first_lat_rad - second_lat_rad) < 1e-9:
        cone = float(np.sin(first_lat_rad))
    else:
        tangents = np.tan(np.pi / 4 + second_lat_rad / 2) / np.tan(np.pi / 4 + first_lat_rad / 2)
        cone = float(np.log(np.cos(first_lat_rad) / np.cos(second_lat_rad)) / np.log(tangents))
    return _turn(cone, lon_deg, middle_lon_deg)


def _turn(cone: float, lon_deg: float, middle_lon_deg: float) -> float:
    return float(cone * np.radians((lon_deg - middle_lon_deg + 180.0) % 360.0 - 180.0))


def _number(eccodes: ModuleType, handle: Any, key: str) -> int | None:
    """A whole number of a message, or None where it has none."""
    if not eccodes.codes_is_defined(handle, key) or eccodes.codes_is_missing(handle, key):
        return None
    return int(eccodes.codes_get_long(handle, key))
