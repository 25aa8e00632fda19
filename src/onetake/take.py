"""Take: bodies moving on one clock, the lens on the same clock, and events. Reads and writes the take file.

The take file is Parquet: one row per body and sample, the rest as JSON in the file's metadata under
the key `onetake`. A flown take and a logged one are the same type.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from onetake.clock import Clock
from onetake.errors import InputError, ReadError, WriteError
from onetake.files import check_ordinary, whole
from onetake.slate import Slate
from onetake.trace import EXACT, Trace, Uncertainty

if TYPE_CHECKING:
    import polars as pl

SCHEMA = "onetake.take"
VERSION = 3  # 2: what measured it, and errors by axis, of velocities and of clocks; 3: what the film shows

_LARGEST_FOOTER = 4_000_000  # bytes; that of a take has some ten thousand
_MOST_CELLS = 30_000_000  # ten people's ten minutes at 100 Hz, with 50 columns
_MOST_BODIES = 100

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LensTrack:
    """What the operator's head and hand did to the picture.

    time_s (n,); neck_yaw_rad, neck_pitch_rad (n,): camera against the operator's torso, left and up positive;
    focus_m (n,): the distance the lens is set to, measured from its own datum. instrument: as of a trace.
    """

    time_s: Array
    neck_yaw_rad: Array
    neck_pitch_rad: Array
    focus_m: Array
    instrument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """Subject relative to the camera carrier, where that is known better than either position.

    time_s (n,); position_enu_m, velocity_enu_m_s (n, 3): the subject's centre of mass less the carrier's.
    """

    time_s: Array
    position_enu_m: Array
    velocity_enu_m_s: Array
    uncertainty: Uncertainty = EXACT
    instrument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """The subject's eyes from the image plane, where that was measured better than where the two bodies were.

    time_s (n,) evenly spaced; range_m, closing_m_s (n,), nearer is positive; shared_sigma_m is the error that all samples
    share, own_sigma_m the rest of it, of which `keep` stays to the next sample; closing_sigma_m_s; toward_enu (n, 3)
    unit vectors from the image plane, off by turn_sigma_rad. All 1 sigma. instrument: as of a trace.
    """

    time_s: Array
    range_m: Array
    shared_sigma_m: Array
    own_sigma_m: Array
    keep: Array
    closing_m_s: Array
    closing_sigma_m_s: Array
    toward_enu: Array
    turn_sigma_rad: Array
    instrument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnFilm:
    """The subject as the operator's film shows him, on the take's clock: what the picture tells without a word of the lens.

    time_s (n,) evenly spaced. bearing_rad (right positive), elevation_rad (up positive): of the eyes from the entrance
    pupil off the optical axis, each off by toward_sigma_rad, of which `toward_keep` stays to the next sample. blur_m: disc
    that the eyes become on the sensor; blur_shared_sigma_m is the error that all samples share, blur_sigma_m the rest, of
    which `blur_keep` stays. q_camera_from_body (n, 4): the subject's head, axes forward-left-up, in the camera's, off by
    turn_sigma_rad about each axis. read: 1 where a picture was read, 0 where the errors are those of a hole in the film.
    image_m (n,): from pupil to picture, on the camera's own sensor, that makes the film's angles; clock_s: how far the film
    may be off the take's clock. All errors 1 sigma. instrument: as of a trace.
    """

    time_s: Array
    bearing_rad: Array
    elevation_rad: Array
    toward_sigma_rad: Array
    toward_keep: Array
    blur_m: Array
    blur_shared_sigma_m: Array
    blur_sigma_m: Array
    blur_keep: Array
    q_camera_from_body: Array
    turn_sigma_rad: Array
    read: Array
    image_m: Array
    clock_s: float = 0.0
    instrument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """The aircraft at the first exit: where it is, where its nose points, and its velocity over the ground.

    It flies on straight and level; the place is that of whoever leaves first, as he stands in the exit.
    """

    position_enu_m: tuple[float, float, float]
    velocity_enu_m_s: tuple[float, float]
    heading_rad: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened: `exit`, `break-off`, `pull`, `open`, `landing`, `contact`, `abort`, …"""

    time_s: float
    name: str
    body: str
    sigma_s: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """Bodies on one clock. The first body carries the camera, the second is the subject.

    aircraft: None where nothing tells how it flew.
    """

    slate: Slate
    bodies: tuple[Trace, ...]
    lens: LensTrack | None = None
    relative: Relative | None = None
    sight: Sighting | None = None
    film: OnFilm | None = None
    events: tuple[Event, ...] = ()
    clock: Clock | None = None
    ending: str = "landed"
    facts: Mapping[str, float] = field(default_factory=dict)
    aircraft: Leaving | None = None

    def body(self, name: str) -> Trace:
        """The trace of one body by name."""
        for trace in self.bodies:
            if trace.name == name:
                return trace
        raise KeyError(name)

    def event(self, name: str, body: str | None = None) -> Event | None:
        """The first event of that name (of that body), or None."""
        return next((e for e in self.events if e.name == name and body in (None, e.body)), None)


def write_take(take: Take, path: str | os.PathLike[str]) -> Path:
    """Write the take file atomically: a crash never leaves half a file under the final name."""
    import polars as pl  # a tenth of a second that most commands do without

    target = Path(path)
    packed = io.BytesIO()  # a few megabytes; a disk that refuses tells why, where polars would not
    try:
        _table(take).write_parquet(packed, metadata={"onetake": json.dumps(_card(take))})
    except pl.exceptions.PolarsError as error:
        raise WriteError(f"{target}: cannot be written ({error})") from error
    with whole(target) as part:
        part.write_bytes(packed.getbuffer())
    return target


def read_take(path: str | os.PathLike[str]) -> Take:
    """Read a take file. Raises ReadError for anything else and for a newer schema version."""
    import polars as pl

    source = Path(path)
    try:
        check_ordinary(source)
        _check_footer(source)
        card = json.loads(pl.read_parquet_metadata(source).get("onetake", "null"))
        _check_size(source)
        table = pl.read_parquet(source)
    except FileNotFoundError as error:
        raise ReadError(f"{source}: no such file") from error
    except (
        pl.exceptions.PolarsError,
        pl.exceptions.PanicException,
        OSError,
        ValueError,
        RecursionError,
    ) as error:
        raise ReadError(f"{source}: not a take file (it is not Parquet, or it is damaged)") from error
    if not isinstance(card, dict) or card.get("schema") != SCHEMA:
        raise ReadError(f"{source}: Parquet, but not a take file; `onetake fly` writes one")
    version = card.get("version")
    if not isinstance(version, int):
        raise ReadError(f"{source}: a take file without a version; it is damaged")
    if version > VERSION:
        raise ReadError(
            f"{source}: written by a newer onetake (take file version {version}, this one reads {VERSION}); upgrade onetake"
        )
    try:
        return _take(card, table)
    except (KeyError, TypeError, ValueError, InputError, pl.exceptions.PolarsError) as error:
        raise ReadError(f"{source}: a take file with parts missing ({error})") from error


def _check_footer(source: Path) -> None:
    """Raises ReadError where what stands at the end, the table's plan and the card, is larger than a take's ever is."""
    with source.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(size - 8, 0))
        length, magic = int.from_bytes(stream.read(4), "little"), stream.read(4)
    if magic == b"PAR1" and _LARGEST_FOOTER < length < size:
        raise ReadError(f"{source}: its list of columns is larger than a take's ever is; it is damaged")


def _check_size(source: Path) -> None:
    """Raises ReadError for more than any take holds, before it is unpacked: a value that repeats costs nothing on disk."""
    import polars as pl

    frame = pl.scan_parquet(source)
    kinds = frame.collect_schema()
    if not all(kind.is_numeric() or kind == pl.String for kind in kinds.dtypes()):
        raise ReadError(f"{source}: Parquet, but not a take file: it holds other things than numbers")
    rows = frame.select(pl.len()).collect().item()
    if rows * len(kinds) > _MOST_CELLS:
        raise ReadError(
            f"{source}: holds {rows:,} rows of {len(kinds)} columns, more than a take ever has; it is damaged"
        )


_VECTORS = (
    ("position_enu_m", ("east_m", "north_m", "up_m")),
    ("velocity_enu_m_s", ("east_m_s", "north_m_s", "up_m_s")),
    ("q_enu_from_body", ("q_w", "q_x", "q_y", "q_z")),
    ("rate_body_rad_s", ("roll_rad_s", "pitch_rad_s", "yaw_rad_s")),
)
_LENS = ("neck_yaw_rad", "neck_pitch_rad", "focus_m")
_SIGHT = (
    "range_m", "shared_sigma_m", "own_sigma_m", "keep", "closing_m_s", "closing_sigma_m_s", "turn_sigma_rad",
)  # fmt: skip
_TOWARD = ("toward_east", "toward_north", "toward_up")
_FILM = (
    "bearing_rad", "elevation_rad", "toward_sigma_rad", "toward_keep", "blur_m", "blur_shared_sigma_m", "blur_sigma_m",
    "blur_keep", "turn_sigma_rad", "read", "image_m",
)  # fmt: skip
_OF_FILM = ("clock_s", "instrument")


def _table(take: Take) -> pl.DataFrame:
    import polars as pl

    frames = [_body_frame(trace) for trace in take.bodies]
    if take.lens is not None:
        frames.append(_frame("(lens)", take.lens.time_s, {key: getattr(take.lens, key) for key in _LENS}))
    if take.relative is not None:
        columns = dict(zip(_VECTORS[0][1], take.relative.position_enu_m.T, strict=True))
        columns |= dict(zip(_VECTORS[1][1], take.relative.velocity_enu_m_s.T, strict=True))
        frames.append(_frame("(relative)", take.relative.time_s, columns))
    if take.sight is not None:
        columns = {key: getattr(take.sight, key) for key in _SIGHT}
        columns |= dict(zip(_TOWARD, take.sight.toward_enu.T, strict=True))
        frames.append(_frame("(sight)", take.sight.time_s, columns))
    if take.film is not None:
        columns = {key: getattr(take.film, key) for key in _FILM}
        columns |= dict(zip(dict(_VECTORS)["q_enu_from_body"], take.film.q_camera_from_body.T, strict=True))
        frames.append(_frame("(film)", take.film.time_s, columns))
    return pl.concat(frames, how="diagonal")


def _frame(name: str, time_s: Array, columns: Mapping[str, Array]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame({"body": [name] * len(time_s), "time_s": time_s, **columns})


def _body_frame(trace: Trace) -> pl.DataFrame:
    columns: dict[str, Array] = {}
    for key, parts in _VECTORS:
        array = getattr(trace, key)
        if array is not None:
            columns |= dict(zip(parts, array.T, strict=True))
    return _frame(trace.name, trace.time_s, columns | dict(trace.channels))


def _card(take: Take) -> dict[str, object]:
    slate = asdict(take.slate) | {"picture_rate": str(take.slate.picture_rate)}
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "slate": slate,
        "bodies": [
            {
                "name": trace.name,
                "instrument": trace.instrument,
                "uncertainty": asdict(trace.uncertainty),
                "columns": [key for key, _ in _VECTORS if getattr(trace, key) is not None],
                "channels": list(trace.channels),
            }
            for trace in take.bodies
        ],
        "lens": take.lens is not None,
        "lens_instrument": take.lens.instrument if take.lens else "",
        "relative": asdict(take.relative.uncertainty) if take.relative else None,
        "relative_instrument": take.relative.instrument if take.relative else "",
        "sight": take.sight.instrument if take.sight else None,
        "film": {key: getattr(take.film, key) for key in _OF_FILM} if take.film else None,
        "events": [asdict(event) for event in take.events],
        "first_exit_utc": take.clock.first_exit_utc.isoformat() if take.clock else None,
        "ending": take.ending,
        "facts": dict(take.facts),
        "aircraft": asdict(take.aircraft) if take.aircraft else None,
    }


def _take(card: dict[str, object], table: pl.DataFrame) -> Take:
    import polars as pl

    def column(rows: pl.DataFrame, key: str) -> Array:
        return rows[key].cast(pl.Float64).to_numpy().copy()

    def block(rows: pl.DataFrame, key: str) -> Array:
        return np.stack([column(rows, part) for part in dict(_VECTORS)[key]], axis=-1)

    listed: list[dict[str, Any]] = list(card["bodies"])  # type: ignore[call-overload]  # JSON
    if not len({str(entry["name"]) for entry in listed}) == len(listed) <= _MOST_BODIES:
        raise InputError("two bodies have one name, or there are too many")
    bodies = []
    for entry in listed:
        rows = table.filter(pl.col("body") == entry["name"])
        bodies.append(
            Trace(
                name=entry["name"],
                time_s=column(rows, "time_s"),
                instrument=entry.get("instrument", ""),
                uncertainty=Uncertainty(**entry["uncertainty"]),
                channels={key: column(rows, key) for key in entry["channels"]},
                **{key: block(rows, key) for key in entry["columns"]},
            )
        )
    lens = relative = None
    if card["lens"]:
        rows = table.filter(pl.col("body") == "(lens)")
        lens = LensTrack(
            time_s=column(rows, "time_s"),
            **{key: column(rows, key) for key in _LENS},
            instrument=str(card.get("lens_instrument", "")),
        )
    if card["relative"] is not None:
        rows = table.filter(pl.col("body") == "(relative)")
        relative = Relative(
            time_s=column(rows, "time_s"),
            position_enu_m=block(rows, "position_enu_m"),
            velocity_enu_m_s=block(rows, "velocity_enu_m_s"),
            uncertainty=Uncertainty(**card["relative"]),  # type: ignore[arg-type]  # JSON
            instrument=str(card.get("relative_instrument", "")),
        )
    sight = None
    if card.get("sight") is not None:
        rows = table.filter(pl.col("body") == "(sight)")
        sight = Sighting(
            time_s=column(rows, "time_s"),
            **{key: column(rows, key) for key in _SIGHT},
            toward_enu=np.stack([column(rows, key) for key in _TOWARD], axis=-1),
            instrument=str(card["sight"]),
        )
    film = None
    if card.get("film") is not None:
        rows = table.filter(pl.col("body") == "(film)")
        film = OnFilm(
            time_s=column(rows, "time_s"),
            **{key: column(rows, key) for key in _FILM},
            q_camera_from_body=block(rows, "q_enu_from_body"),
            clock_s=card["film"]["clock_s"],  # type: ignore[index]  # JSON
            instrument=card["film"]["instrument"],  # type: ignore[index]  # JSON
        )
    aircraft = card.get("aircraft")
    slate = dict(card["slate"])  # type: ignore[call-overload]  # JSON
    slate["picture_rate"] = Fraction(slate["picture_rate"])
    utc = card["first_exit_utc"]
    return Take(
        slate=Slate(**slate),
        bodies=tuple(bodies),
        lens=lens,
        relative=relative,
        sight=sight,
        film=film,
        events=tuple(Event(**event) for event in card["events"]),  # type: ignore[attr-defined]  # JSON
        clock=Clock(datetime.fromisoformat(str(utc))) if utc else None,
        ending=str(card["ending"]),
        facts=dict(card["facts"]),  # type: ignore[call-overload]  # JSON
        aircraft=_leaving(**aircraft) if aircraft else None,  # type: ignore[arg-type]  # JSON
    )


def _leaving(position_enu_m: list[float], velocity_enu_m_s: list[float], heading_rad: float) -> Leaving:
    east_m, north_m, up_m = position_enu_m
    east_m_s, north_m_s = velocity_enu_m_s
    return Leaving(
        position_enu_m=(east_m, north_m, up_m),
        velocity_enu_m_s=(east_m_s, north_m_s),
        heading_rad=heading_rad,
    )
