"""What the decoders of the child process share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onetake.weather.choice import EARTH_MEAN_RADIUS_M

Array = NDArray[np.float64]
Answer = dict[str, Any]

MAX_POINTS = 30_000_000  # of one grid; 0.1° global is 6.5 million


class LibraryMissingError(Exception):
    """A library is not installed, or lacks its binary part."""


def load_eccodes() -> ModuleType:
    """The library under GRIB and BUFR."""
    try:
        import eccodes
    except (ImportError, RuntimeError) as error:
        raise LibraryMissingError from error
    module: ModuleType = eccodes
    return module


@contextmanager
def handle_of(eccodes: ModuleType, message: bytes) -> Iterator[Any]:
    """An open message, closed again."""
    handle = eccodes.codes_new_from_message(message)
    try:
        yield handle
    finally:
        eccodes.codes_release(handle)


def plain(values: Array) -> list[float | None]:
    """Numbers for JSON, null where missing."""
    return [value if np.isfinite(value) else None for value in values.tolist()]


def away_m(lat_deg: Array, lon_deg: Array, place_deg: tuple[float, float]) -> Array:
    """Great-circle metres from each point to a place; shapes of the points broadcast."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    here, there = np.radians(place_deg[0]), np.radians(place_deg[1])
    haversine = np.sin((lat - here) / 2) ** 2 + np.cos(lat) * np.cos(here) * np.sin((lon - there) / 2) ** 2
    return np.asarray(2.0 * EARTH_MEAN_RADIUS_M * np.arcsin(np.sqrt(np.minimum(haversine, 1.0))))
