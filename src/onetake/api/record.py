"""The JSON objects of all verbs: what every one of them promises.

The first key is `schema`; a number that is not finite is null; times are UTC with a Z; units are in the names.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from os import PathLike, fspath

import numpy as np

Record = dict[str, object]


def record(schema: str, **fields: object) -> Record:
    """One JSON object, ready for `json.dumps(..., allow_nan=False)`."""
    return {"schema": schema, **{key: plain(value) for key, value in fields.items()}}


def plain(value: object) -> object:
    """The same value in the words of JSON. Raises TypeError for what has no such words."""
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, PathLike):
        return fspath(value)
    raise TypeError(f"{type(value).__name__} has no place in a JSON object")


def utc_text(moment: datetime) -> str:
    """ISO 8601 in UTC, such as 2011-10-11T13:52:04Z; parts of a second only where there are any."""
    utc = moment.astimezone(UTC)
    text = utc.isoformat(timespec="milliseconds" if utc.microsecond else "seconds")
    return text.replace("+00:00", "Z")
