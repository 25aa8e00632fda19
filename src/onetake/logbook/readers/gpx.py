"""GPX: tracks of points with a time, one recording for each track; heights by barometer or satellite, nobody says which.

Needs `onetake[gpx]`. A point without a time cannot be used; one whose time has no zone is taken as UTC.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import UTC
from typing import Any

import numpy as np

from onetake.errors import MissingExtraError, ReadError
from onetake.logbook.log import UNKNOWN_DATUM_M, Finding, Fixes, Log
from onetake.logbook.text import count, short

DOC = "GPX tracks; needs onetake[gpx]"
_LATE_S = 0.5  # whole seconds, cut or rounded, of a filter that nobody describes; assumed
max_bytes = 8_000_000  # 28,800 points, one a second for eight hours, are 3 MB
_MOST_POINTS, _MOST_TAGS = (
    100_000,
    1_000_000,
)  # the same with eight extensions at each point have half as many tags
_MOST_TRACKS = 1000
_TRACK = re.compile(rb"<(?:\w{1,40}:)?trk[\s/>]")
_MOST_NAMESPACES = 50  # the parser goes through all of the text for each
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")


def recognises(head: bytes) -> bool:
    """By its root element."""
    return b"<gpx" in head[:4096] and head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def read(data: bytes) -> list[Log]:
    """Every track that has a point with a time. Raises ReadError for XML that is no GPX, or is cut off."""
    try:
        import gpxpy
    except ImportError as error:
        raise MissingExtraError("GPX needs an optional part: pip install 'onetake[gpx]'") from error
    try:
        tracks = gpxpy.parse(_harmless(data)).tracks
    except (gpxpy.gpx.GPXException, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ReadError(f"it is no GPX that can be read ({error})") from error
    logs = [
        _log(short(track.name or "") or f"track {number}", list(_points(track)))
        for number, track in enumerate(tracks, start=1)
    ]
    logs = [log for log in logs if len(log.fixes)]
    if not logs:
        raise ReadError("it is a GPX without a track whose points have times and heights")
    return logs


def _harmless(data: bytes) -> str:
    """The text, unless it would cost the parser more than any recording does. Its own word on its encoding is cut off."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ReadError("it declares its own XML entities, which no logger does")
    if data.count(b"xmlns") > _MOST_NAMESPACES:
        raise ReadError(
            f"it declares more than {_MOST_NAMESPACES} XML namespaces, more than any logger's file"
        )
    if data.count(b"<") > _MOST_TAGS or data.count(b"lat") > _MOST_POINTS:
        raise ReadError(
            f"it has more than {_MOST_POINTS:,} points or {_MOST_TAGS:,} XML tags, more than any recording of a jump"
        )
    if (tracks := len(_TRACK.findall(data))) > _MOST_TRACKS:
        raise ReadError(f"it holds {tracks:,} tracks; cut it to the {_MOST_TRACKS:,} that are wanted")
    return _DECLARATION.sub("", data.decode("utf-8", "replace"), count=1)


def _points(track: Any) -> Iterator[tuple[float, float, float, float]]:
    """POSIX seconds, degrees and height of each point; NaN for what is missing."""
    for segment in track.segments:
        for point in segment.points:
            moment = math.nan
            if point.time is not None:
                at = point.time if point.time.tzinfo is not None else point.time.replace(tzinfo=UTC)
                moment = at.timestamp()
            height = math.nan if point.elevation is None else float(point.elevation)
            yield moment, float(point.latitude), float(point.longitude), height


def _log(name: str, points: list[tuple[float, float, float, float]]) -> Log:
    rows = np.array(points, float).reshape(-1, 4)
    whole = np.isfinite(rows).all(axis=1)
    lost = int(np.count_nonzero(~whole))
    text = f"{count(lost, 'point')} without a time or a height: left out"
    nothing = np.full(int(whole.sum()), np.nan)
    utc_s, lat_deg, lon_deg, altitude_m = rows[whole].T
    return Log(
        format="gpx",
        name=name,
        rows=len(rows),
        dropped=lost,
        fixes=Fixes(
            utc_s=utc_s,
            lat_deg=lat_deg,
            lon_deg=lon_deg,
            altitude_msl_m=altitude_m,
            velocity_enu_m_s=np.full((len(nothing), 3), np.nan),
            sigma_horizontal_m=nothing,
            sigma_up_m=nothing,
            sigma_velocity_m_s=nothing,
            satellites=nothing,
        ),
        late_s=_LATE_S,
        datum_m=UNKNOWN_DATUM_M,
        findings=(Finding("unreadable-row", text),) if lost else (),
    )
