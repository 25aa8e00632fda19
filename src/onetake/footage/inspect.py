"""What a film holds and what is wrong with it, from its container and a handful of its pictures."""

from __future__ import annotations

import os
from collections import defaultdict
from typing import Any

from onetake.footage.libraries import opencv
from onetake.footage.light import transfer_of
from onetake.footage.read import Film, Picture, key_pictures, open_film
from onetake.footage.tag import find_tags

LOOKED_AT = 8
LOOKED_FOR = (
    "apriltag 36h11",
    "aruco 6x6",
    "aruco 5x5",
    "aruco 4x4",
)  # smaller codes are seen in every cloud
_WIDTH_PX = 1920
_LEAST_SIDE_PX = 16.0


def inspect_film(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Fields of `onetake.inspect/1` of a video, without its schema. Raises ReadError and MissingExtraError."""
    film = open_film(path)
    shown = _small(film)
    tags = _tags(shown)
    return {
        "kind": "video",
        "format": film.format,
        "codec": film.codec,
        "width_px": film.width_px,
        "height_px": film.height_px,
        "bits": film.bits,
        "rate": str(film.rate),
        "rate_hz": float(film.rate),
        "frames": film.frames,
        "duration_s": film.duration_s,
        "timecode": film.timecode,
        "recorded_utc": film.recorded_utc,
        "transfer": transfer_of(film),
        "looked_at": len(shown),
        "tags": tags,
        "problems": _problems(film, shown, tags),
    }


def _small(film: Film) -> list[Picture]:
    """A handful of pictures, eight bits deep and no wider than is needed to see a tag."""
    made = []
    for picture in key_pictures(film, LOOKED_AT):
        codes = picture.luma if film.bits == 8 else picture.luma >> (film.bits - 8)
        codes = codes.astype("uint8")
        if film.width_px > _WIDTH_PX:
            size = (_WIDTH_PX, max(1, round(film.height_px * _WIDTH_PX / film.width_px)))
            codes = opencv().resize(codes, size, interpolation=opencv().INTER_AREA)
        made.append(Picture(picture.number, picture.time_s, codes, picture.lost))
    return made


def _tags(shown: list[Picture]) -> list[dict[str, Any]]:
    """Each tag seen: how often, and how large at its largest, in pixels of the pictures as looked at."""
    found: dict[tuple[str, int], list[float]] = defaultdict(list)
    for family in LOOKED_FOR:
        for picture in shown:
            for seen in find_tags(picture.luma, family):
                if seen.side_px >= _LEAST_SIDE_PX:
                    found[family, seen.number].append(seen.side_px / picture.luma.shape[1])
    enough = 1 if len(shown) < 3 else 2  # once alone may be chance
    return [
        {"family": family, "number": number, "seen_in": len(sides), "largest_width_share": max(sides)}
        for (family, number), sides in sorted(found.items(), key=lambda item: -len(item[1]))
        if len(sides) >= enough
    ]


def _problems(film: Film, shown: list[Picture], tags: list[dict[str, Any]]) -> list[dict[str, str]]:
    found = []
    if lost := sum(picture.lost for picture in shown):
        found.append(
            _problem("damaged-pictures", f"{lost} pictures could not be decoded among those looked at")
        )
    last_s = max((picture.time_s for picture in shown), default=0.0)
    if film.duration_s > 2.0 and last_s < film.duration_s / 2:
        found.append(
            _problem(
                "cut-short",
                f"says it lasts {film.duration_s:.1f} s, but no picture is found after {last_s:.1f} s",
            )
        )
    if (
        film.frames
        and abs(film.frames / film.rate - film.duration_s) > 0.02 * film.duration_s + 1 / film.rate
    ):
        found.append(
            _problem(
                "uneven-rate",
                f"{film.frames} pictures at {float(film.rate):.3f} a second do not last {film.duration_s:.2f} s: "
                "pictures are missing, or the rate varies",
            )
        )
    if film.timecode is None:
        found.append(
            _problem("no-timecode", "no timecode: its clock can only be set by a flash, a slate or motion")
        )
    if film.interlaced:
        found.append(_problem("interlaced", "each picture is of two moments: an edge in it tells nothing"))
    if not tags:
        found.append(
            _problem("no-tag", "no tag was seen: range and focus are told of a tag of known size only")
        )
    return found


def _problem(slug: str, text: str) -> dict[str, str]:
    return {"slug": slug, "text": text}
