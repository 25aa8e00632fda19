"""A flown take as its camera saw it: where the subject's eyes and head were, in camera axes. Nothing of the judge is used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onetake.axes import CAMERA_FROM_BODY, compose, conjugate, from_matrix, rotate
from onetake.fly.scenario import Scenario
from onetake.take import Take
from onetake.trace import Array

Q_CAMERA_FROM_MOUNT = from_matrix(CAMERA_FROM_BODY)
# a tag before the face: its right is the subject's left, its down his down, and into it is backwards
Q_BODY_FROM_TAG = from_matrix([[0.0, 0.0, -1.0], [1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])


@dataclass(frozen=True)
class Seen:
    """time_s (n,); eyes_m (n, 3): from the image plane, camera axes; q_camera_from_body (n, 4): the subject's body axes in them;

    focus_m (n,): what the lens was set to, from its own datum.
    """

    time_s: Array
    eyes_m: Array
    q_camera_from_body: Array
    focus_m: Array


def seen_of(take: Take, crew: Scenario) -> Seen:
    """What the camera of a flown take had before it, on the take's own samples."""
    operator, subject = take.bodies[:2]
    lens, pair = take.lens, take.relative
    assert lens is not None
    assert pair is not None
    assert operator.q_enu_from_body is not None
    assert subject.q_enu_from_body is not None
    time_s = operator.time_s
    last = np.clip(np.searchsorted(lens.time_s, time_s + 0.01, side="right") - 1, 0, None)
    half_yaw, half_pitch = (
        lens.neck_yaw_rad[last] / 2,
        -lens.neck_pitch_rad[last] / 2,
    )  # up is a turn about the right
    nothing = np.zeros_like(time_s)
    yaw = np.stack([np.cos(half_yaw), nothing, nothing, np.sin(half_yaw)], axis=-1)
    pitch = np.stack([np.cos(half_pitch), nothing, np.sin(half_pitch), nothing], axis=-1)
    head = compose(yaw, pitch)
    body = crew.operator.body
    pivot, plane = np.array(body.neck_pivot_m), np.array(body.image_plane_m)
    lens_m = rotate(
        operator.q_enu_from_body, rotate(head, np.broadcast_to(plane - pivot, (len(time_s), 3))) + pivot
    )
    q_mount_from_enu = conjugate(compose(operator.q_enu_from_body, head))
    turn = np.broadcast_to(Q_CAMERA_FROM_MOUNT, (len(time_s), 4))
    q_camera_from_enu = compose(turn, q_mount_from_enu)
    apart = np.stack([np.interp(time_s, pair.time_s, part) for part in pair.position_enu_m.T], axis=-1)
    q = subject.q_enu_from_body[
        np.clip(np.searchsorted(subject.time_s, time_s + 0.01, side="right") - 1, 0, None)
    ]
    eyes = apart + rotate(q, np.broadcast_to(crew.subject.body.eyes_m, (len(time_s), 3))) - lens_m
    return Seen(
        time_s=time_s, eyes_m=rotate(q_camera_from_enu, eyes), q_camera_from_body=compose(q_camera_from_enu, q),
        focus_m=lens.focus_m[last],
    )  # fmt: skip
