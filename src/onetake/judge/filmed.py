"""Filmed: what a film tells of a take, as the judge draws it: where the eyes were, and what the picture showed of them.

A sighting puts the bodies of a record so that the eyes are as far as they were seen. What the picture itself shows (focus,
frame, size, face) depends on how head and camera were turned to each other, which nothing but the picture tells: these
signals are drawn from it and stand in the record as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.axes import compose, rotate
from onetake.judge.glass import Glass
from onetake.judge.state import SHOWN, TICK_S, J
from onetake.lens.framing import (
    HEAD_HEIGHT_M,
    HEAD_HEIGHT_SIGMA_M,
    body_margin,
    face_margin,
    facing_rad,
    height_share,
)
from onetake.take import OnFilm, Sighting

F32 = NDArray[np.float32]
Array = NDArray[np.float64]
I64 = NDArray[np.int64]

ATTITUDE = ("qw", "qx", "qy", "qz")
FORWARD = np.array([1.0, 0.0, 0.0])
NECK_RAD = 0.25  # of the body against the head that wears the target, about each axis, 1 sigma; assumed
_NEAREST_M = 1e-3


def during(sight: Sighting, ticks: I64) -> slice:
    """Those of the ticks that the sighting has."""
    first, last = np.searchsorted(ticks * TICK_S, (sight.time_s[0] - 1e-6, sight.time_s[-1] + 1e-6))
    return slice(int(first), int(last))


def sightings(
    sight: Sighting, ticks: I64, lanes: int, rng: np.random.Generator
) -> tuple[Array, Array, Array]:
    """Realisations of a sighting at the ticks, the first as it was read: range, its rate (lanes, ticks) and direction."""

    def at(rows: Array) -> Array:
        return np.asarray(np.interp(ticks * TICK_S, sight.time_s, rows))

    drawn = _lasting(at(sight.keep), _step_s(sight.time_s), lanes, rng)
    shared = rng.standard_normal(lanes)
    shared[0] = 0.0
    off = at(sight.shared_sigma_m)[:, None] * shared + at(sight.own_sigma_m)[:, None] * drawn[0]
    distance = at(sight.range_m)[:, None] + off
    rate = -at(sight.closing_m_s)[:, None] + at(sight.closing_sigma_m_s)[:, None] * drawn[1]
    turned = rng.standard_normal((lanes, 1, 3))
    turned[0] = 0.0
    toward = (
        np.stack([at(part) for part in sight.toward_enu.T], axis=-1)
        + at(sight.turn_sigma_rad)[:, None] * turned
    )
    toward /= np.maximum(np.linalg.norm(toward, axis=2, keepdims=True), 1e-9)
    # a range drawn below nothing is one on the other side
    return np.abs(distance).T, np.where(distance < 0, -rate, rate).T, toward


def _step_s(time_s: Array) -> float:
    return float(np.median(np.diff(time_s))) if len(time_s) > 1 else TICK_S


def _lasting(keep: Array, step_s: float, lanes: int, rng: np.random.Generator) -> Array:
    """Two errors of unit size that last, (2, ticks, lanes), none in the first lane; keep (ticks,): over step_s."""
    keep = np.clip(keep, 0.0, 1.0) ** (TICK_S / step_s)
    drawn = np.zeros((2, len(keep), lanes))
    now = rng.standard_normal((2, lanes))
    for k in range(len(keep)):
        drawn[:, k] = now
        now = keep[k] * now + np.sqrt(1.0 - keep[k] ** 2) * rng.standard_normal((2, lanes))
    drawn[:, :, 0] = 0.0
    return drawn


def see(record: F32, sighted: tuple[Array, ...], glass: Glass) -> None:
    """Put the bodies of a record (ticks, fields) so that the eyes are where they were seen, whatever their attitudes."""
    distance, rate, toward = sighted
    eyes, lens = _eyes(record, glass), _image_plane(record, glass)
    record[:, [J.rx, J.ry, J.rz]] = distance[:, None] * toward - eyes + lens
    record[:, [J.ux, J.uy, J.uz]] = rate[:, None] * toward
    for letter in "AB":  # nobody measured how they turned, and the rate that was seen has it already
        record[:, [getattr(J, f"{letter}_{axis}") for axis in ("wx", "wy", "wz")]] = 0.0


def _eyes(record: F32, glass: Glass) -> Array:
    """The subject's eyes from his centre of mass, ENU (ticks, 3)."""
    return rotate(_attitude(record, "B"), _point(glass, "eye"))


def _image_plane(record: F32, glass: Glass) -> Array:
    """The image plane from the operator's centre of mass as the neck is turned, ENU (ticks, 3)."""
    x, y, z = _point(glass, "plane")
    yaw, pitch = record[:, J.yaw].astype(np.float64), record[:, J.pitch].astype(np.float64)
    sy, cy, sp, cp = np.sin(yaw), np.cos(yaw), np.sin(pitch), np.cos(pitch)
    turned = np.stack(
        [x * cp * cy - y * sy - z * sp * cy, x * cp * sy + y * cy - z * sp * sy, x * sp + z * cp], axis=-1
    )
    return rotate(_attitude(record, "A"), turned + _point(glass, "pivot"))


def _attitude(record: F32, letter: str) -> Array:
    return record[:, [getattr(J, f"{letter}_{part}") for part in ATTITUDE]].astype(np.float64)


def _point(glass: Glass, name: str) -> Array:
    return np.array([glass.value(f"{name}_{axis}") for axis in "xyz"])


@dataclass(frozen=True, slots=True)
class Drawn:
    """Realisations of what is not known of a film, in sigmas: clock, blur, head's size (lanes,); turn, neck (lanes, 3);

    toward (2, ticks, lanes), focus (ticks, lanes): what lasts a while.
    """

    clock: Array
    blur: Array
    size: Array
    turn: Array
    neck: Array
    toward: Array
    focus: Array


def draw_film(film: OnFilm, ticks: I64, lanes: int, rng: np.random.Generator) -> Drawn:
    """Draw the errors of a film, none for the first lane."""
    time_s, step_s = ticks * TICK_S, _step_s(film.time_s)
    one = rng.standard_normal((9, lanes))
    one[:, 0] = 0.0
    toward = _lasting(np.interp(time_s, film.time_s, film.toward_keep), step_s, lanes, rng)
    focus = _lasting(np.interp(time_s, film.time_s, film.blur_keep), step_s, lanes, rng)[0]
    return Drawn(one[0], one[1], one[2], one[3:6].T, one[6:9].T, toward, focus)


def shown(record: F32, film: OnFilm, drawn: Drawn, lane: int, ticks: I64, glass: Glass) -> Array:
    """One realisation of what the picture shows (ticks, len(SHOWN)), of bodies as far apart as in a record (ticks, fields)."""
    time_s = ticks * TICK_S + film.clock_s * drawn.clock[lane]

    def at(rows: Array) -> Array:
        return np.asarray(np.interp(time_s, film.time_s, rows))

    off = at(film.toward_sigma_rad)
    bearing = at(film.bearing_rad) + off * drawn.toward[0, :, lane]
    elevation = at(film.elevation_rad) + off * drawn.toward[1, :, lane]
    seen = record[:, [J.rx, J.ry, J.rz]] + _eyes(record, glass) - _image_plane(record, glass)
    eyes = _placed(np.linalg.norm(seen, axis=1), bearing, elevation, glass.lens.pupil_offset_m)
    q = np.stack([at(part) for part in film.q_camera_from_body.T], axis=-1)
    q = q / np.maximum(np.linalg.norm(q, axis=1, keepdims=True), 1e-9)
    q = compose(q, _turn(at(film.turn_sigma_rad)[:, None] * drawn.turn[lane]))
    head = eyes + rotate(q, _point(glass, "head") - _point(glass, "eye"))
    head_m = HEAD_HEIGHT_M + HEAD_HEIGHT_SIGMA_M * drawn.size[lane]
    trunk = compose(q, _turn(NECK_RAD * drawn.neck[lane]))
    outline = glass.outline.astype(np.float64) - _point(glass, "eye")
    body = eyes[:, None] + rotate(trunk[:, None], outline[None])
    from_plane = eyes + np.array([0.0, 0.0, glass.lens.pupil_offset_m])
    image_m = at(film.image_m)
    blur = at(film.blur_m) + at(film.blur_shared_sigma_m) * drawn.blur[lane]
    signals = {
        "blur_m": np.abs(blur + at(film.blur_sigma_m) * drawn.focus[:, lane]),
        "face_room": face_margin(eyes, head, image_m, glass.camera, head_height_m=head_m),
        "body_room": body_margin(body, image_m, glass.camera),
        "size_share": height_share(head[:, 2], image_m, glass.camera, head_m),
        "facing_rad": facing_rad(rotate(q, FORWARD), from_plane),
    }
    told: Array = np.stack([signals[name] for name in SHOWN], axis=-1)
    return told


def _placed(range_m: Array, bearing: Array, elevation: Array, ahead_m: float) -> Array:
    """Eyes as far from the image plane as said, in a direction from the entrance pupil, which is ahead_m ahead of it."""
    level = np.cos(elevation)
    toward = np.stack([level * np.sin(bearing), -np.sin(elevation), level * np.cos(bearing)], axis=-1)
    along = ahead_m * toward[:, 2]
    off = along * along + range_m * range_m - ahead_m * ahead_m
    away: Array = np.maximum(np.sqrt(np.maximum(off, 0.0)) - along, _NEAREST_M)
    place: Array = away[:, None] * toward
    return place


def _turn(by_rad: Array) -> Array:
    """Rotation vectors (..., 3) as quaternions."""
    angle: Array = np.linalg.norm(by_rad, axis=-1, keepdims=True)
    q: Array = np.concatenate([np.cos(angle / 2), by_rad * 0.5 * np.sinc(angle / (2 * np.pi))], axis=-1)
    return q
