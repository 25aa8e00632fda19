"""BUFR in the child process: the vertical soundings of a file, one by one."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from onetake.errors import ReadError
from onetake.weather.decode.child import Answer, handle_of, load_eccodes, plain

MAX_SUBSETS = 2_000


def bufr_soundings(request: Answer) -> Answer:
    """All vertical soundings of a file. In: path; messages [[first byte, end], …].

    Out: soundings, each {keys of _SCALARS and _LEVELS}; refused: texts of messages that could not be decoded;
    other: number of messages that are no vertical sounding.
    """
    eccodes = load_eccodes()
    data = Path(request["path"]).read_bytes()
    soundings: list[Answer] = []
    refused: list[str] = []
    other = 0
    for start, end in request["messages"]:
        try:
            with handle_of(eccodes, data[start:end]) as handle:
                if (
                    eccodes.codes_get_long(handle, "dataCategory") != 2
                ):  # vertical soundings, not from satellites
                    other += 1
                    continue
                soundings += _subsets(eccodes, handle)
        except (eccodes.CodesInternalError, ReadError, ValueError) as error:
            refused.append(str(error))
    return {"soundings": soundings, "refused": refused, "other": other}


_SCALARS = (
    "blockNumber", "stationNumber", "shipOrMobileLandStationIdentifier", "wigosLocalIdentifierCharacter",
    "year", "month", "day", "hour", "minute", "second", "latitude", "longitude",
)  # fmt: skip
_LEVELS = (
    "pressure", "nonCoordinateGeopotential", "nonCoordinateGeopotentialHeight", "geopotentialHeight",
    "airTemperature", "dewpointTemperature", "windDirection", "windSpeed",
)  # fmt: skip


def _subsets(eccodes: ModuleType, handle: Any) -> list[Answer]:
    count = eccodes.codes_get_long(handle, "numberOfSubsets")
    if not 0 < count <= MAX_SUBSETS:
        raise ReadError(f"a message of {count:,} soundings")
    eccodes.codes_set(handle, "unpack", 1)
    if count == 1:
        return [_sounding(eccodes, handle)]
    soundings = []
    for number in range(1, count + 1):
        eccodes.codes_set(handle, "extractSubset", number)
        eccodes.codes_set(handle, "doExtractSubsets", 1)
        single = eccodes.codes_clone(handle)
        try:
            eccodes.codes_set(single, "unpack", 1)
            soundings.append(_sounding(eccodes, single))
        finally:
            eccodes.codes_release(single)
    return soundings


def _sounding(eccodes: ModuleType, handle: Any) -> Answer:
    answer: Answer = {}
    for key in _SCALARS:
        first = f"#1#{key}"
        if eccodes.codes_is_defined(handle, first) and not eccodes.codes_is_missing(handle, first):
            value = eccodes.codes_get(handle, first)
            answer[key] = value.strip() if isinstance(value, str) else value
    for key in _LEVELS:
        if eccodes.codes_is_defined(handle, f"#1#{key}"):
            values = np.atleast_1d(np.asarray(eccodes.codes_get_array(handle, key), float))
            missing = (values == eccodes.CODES_MISSING_DOUBLE) | (values == eccodes.CODES_MISSING_LONG)
            answer[key] = plain(np.where(missing, np.nan, values))
    return answer
