"""`inspect_file`: what a log, a take, a sounding or a video holds, and what is wrong with it."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import numpy as np

from onetake import seams
from onetake.api.record import Record, plain, record
from onetake.errors import OnetakeError, ReadError
from onetake.files import GZIP, check_ordinary, why
from onetake.logbook.file import SEAM as READERS
from onetake.logbook.file import head_of, is_log
from onetake.logbook.mp4 import has_track
from onetake.take import SCHEMA as TAKE_SCHEMA
from onetake.take import VERSION, Take, read_take
from onetake.trace import Array, Trace

_PARQUET = b"PAR1"
_FILM = (b"ftyp", b"moov", b"mdat", b"wide")  # how an MP4 or MOV begins, after four bytes
_GAP = 10.0  # a step this many times the usual one is a gap; a flown take takes eight at once under canopy


def inspect_file(
    path: str | os.PathLike[str],
    *,
    station: str | None = None,
    time: str | datetime | None = None,
    lat_deg: float | None = None,
    lon_deg: float | None = None,
    ground_msl_m: float | None = None,
    recording: str | None = None,
) -> Record:
    """The JSON object `onetake.inspect/1` of a file (or the folder of a logger's session); its `kind` says what it is.

    station, time (ISO or aware, exact), lat_deg and lon_deg (degrees) choose one profile of a file that holds many.
    ground_msl_m: the ground below a log's jump, where it is known better than from the log; recording (name or number)
    chooses one recording of a log that holds several. Raises ReadError for a file that is none of them, and
    ChoiceError where a choice is needed and missing, or wrong.
    """
    source = Path(path)
    if source.is_dir():
        return _log(source, ground_msl_m, recording)
    check_ordinary(source)
    try:
        with source.open("rb") as stream:
            magic = stream.read(len(_PARQUET))
    except FileNotFoundError as error:
        raise ReadError(f"{source}: no such file") from error
    except OSError as error:
        raise ReadError(f"{source}: cannot be opened ({why(error)})") from error
    if not magic:
        raise ReadError(f"{source} is empty")
    if magic == _PARQUET:
        return take_record(read_take(source))
    head = head_of(source)
    if head[4:8] in _FILM and not magic.startswith(GZIP):  # of a packed film the telemetry alone is read
        return _film(source, ground_msl_m, recording)
    if is_log(head):
        return _log(source, ground_msl_m, recording)
    from onetake.weather.file import inspect_weather, source_of

    try:
        fields = inspect_weather(source, station=station, time=time, lat_deg=lat_deg, lon_deg=lon_deg)
    except ReadError as error:
        if source_of(head, source.name) is not None:
            raise
        raise ReadError(
            f"{error}\nIt is no take file and no log either (logs: {', '.join(seams.names(READERS))})"
        ) from error
    return record("onetake.inspect/1", **fields)


def _film(source: Path, ground_msl_m: float | None, recording: str | None) -> Record:
    """A camera's telemetry is a log; a film without any is a video, and so is one whose pictures alone can be read."""
    from onetake.footage.inspect import inspect_film

    with source.open("rb") as stream:
        try:
            telemetry = has_track(stream, source.stat().st_size)
        except ReadError as error:
            raise ReadError(f"{source}: {error}") from error
    if not telemetry:
        return record("onetake.inspect/1", **inspect_film(source))
    found = _log(source, ground_msl_m, recording)
    try:
        return {**found, "video": plain(inspect_film(source))}
    except OnetakeError:  # the telemetry is what there is
        return {**found, "video": None}


def _log(source: Path, ground_msl_m: float | None, recording: str | None) -> Record:
    from onetake.logbook.inspect import inspect_log

    return record("onetake.inspect/1", **inspect_log(source, ground_msl_m=ground_msl_m, recording=recording))


def take_record(take: Take) -> Record:
    """What a take holds, and what is wrong with it."""
    return record(
        "onetake.inspect/1",
        kind="take",
        format=f"{TAKE_SCHEMA}/{VERSION}",
        title=take.slate.title,
        scene=take.slate.scene,
        take=take.slate.take,
        seed=take.slate.seed,
        picture_rate=str(take.slate.picture_rate),
        weather=take.slate.weather,
        first_exit_utc=take.clock.first_exit_utc if take.clock else None,
        ending=take.ending,
        problems=_problems(take),
        bodies=[_body(trace) for trace in take.bodies],
        has_lens=take.lens is not None,
        has_relative=take.relative is not None,
        events=[
            {"time_s": e.time_s, "name": e.name, "body": e.body, "sigma_s": e.sigma_s, "note": e.note}
            for e in take.events
        ],
        facts=take.facts,
    )


def _body(trace: Trace) -> Record:
    first, last = trace.span_s
    step = np.diff(trace.time_s)
    up = trace.position_enu_m[:, 2]
    return {
        "name": trace.name,
        "samples": len(trace.time_s),
        "from_s": first,
        "to_s": last,
        "rate_hz": float(1.0 / np.median(step)) if len(step) else None,
        "top_up_m": plain(float(up.max())),
        "bottom_up_m": plain(float(up.min())),
        "simulated": trace.uncertainty.exact,
        "channels": list(trace.channels),
    }


def _problems(take: Take) -> list[Record]:
    found: list[Record] = []
    for trace in take.bodies:
        arrays = {"position": trace.position_enu_m, "velocity": trace.velocity_enu_m_s}
        if trace.q_enu_from_body is not None:
            arrays["attitude"] = trace.q_enu_from_body
        for what, array in arrays.items():
            if bad := _not_finite(array):
                found.append(_problem("not-finite", f"{trace.name}: {bad} samples of {what} are not numbers"))
        if gaps := _gaps(trace.time_s):
            count, longest_s = gaps
            found.append(_problem("gap", f"{trace.name}: {count} gaps, the longest {longest_s:.2f} s"))
        if trace.q_enu_from_body is None:
            found.append(_problem("no-attitude", f"{trace.name}: attitude was not measured"))
        elif np.any(np.abs(np.linalg.norm(trace.q_enu_from_body, axis=-1) - 1.0) > 1e-3):
            found.append(
                _problem("not-a-rotation", f"{trace.name}: attitude is not a unit quaternion throughout")
            )
    if take.lens is None:
        found.append(
            _problem("no-lens", "focus and the camera's aim were not recorded; focus cannot be told")
        )
    if len(take.bodies) < 2:
        found.append(_problem("one-body", "only one body was recorded; nothing between two can be told"))
    return found


def _problem(slug: str, text: str) -> Record:
    return {"slug": slug, "text": text}


def _not_finite(array: Array) -> int:
    return int(np.count_nonzero(~np.isfinite(array).all(axis=-1)))


def _gaps(time_s: Array) -> tuple[int, float] | None:
    step = np.diff(time_s)
    if not len(step):
        return None
    wide = step[step > _GAP * np.median(step)]
    return (len(wide), float(wide.max())) if len(wide) else None
