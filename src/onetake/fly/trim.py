"""Trim: what a jumper knows of his own body — how much posture holds a tilt, how much a tilt pushes sideways.

Linearised at terminal speed in neutral posture, by the same panel sum as the flight (body axes, docs/physics.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.jumper.body import Body
from onetake.jumper.posture import throw

Array = NDArray[np.float64]

_SMALL = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Trim:
    """fore_per_tilt, side_per_tilt: posture that holds a tilt, 1/rad. push_per_tilt: sideways m/s² per m/s² of felt

    gravity and radian of tilt (1 for a flat plate, less with skin friction).
    """

    fore_per_tilt: float
    side_per_tilt: float
    push_per_tilt: float


def load(body: Body, flow_m_s: Array, *, fore: float = 0.0, side: float = 0.0) -> tuple[Array, Array]:
    """Force and moment over rho/2 of the body at rest in a flow (3,), for a small fore-aft and side posture."""
    speed, moved = float(np.linalg.norm(flow_m_s)), throw()
    force, moment = np.zeros(3), np.zeros(3)
    for panel in body.panels:
        limb, hand = panel.name.split()[-1], panel.name.split()[0]
        size = 1.0 + {"arm": -moved.fore_aft, "leg": moved.fore_aft}.get(limb, 0.0) * fore
        size *= 1.0 + {"left": -moved.side, "right": moved.side}.get(hand, 0.0) * side
        normal, place = np.array(panel.normal), np.array(panel.place_m)
        through = float(flow_m_s @ normal)
        skin = panel.area_cn_m2 * body.tangential * speed
        push = size * panel.area_cn_m2 * through * abs(through) * normal + skin * flow_m_s
        force, moment = force + push, moment + np.cross(place, push)
    return force, moment


def trim_of(body: Body) -> Trim:
    """Linearise a body about its neutral posture in air from straight below."""
    down = np.array([0.0, 0.0, 1.0])

    def tilted(fore_rad: float, left_rad: float) -> tuple[Array, Array]:
        flow = np.array([-np.sin(fore_rad), -np.sin(left_rad), 1.0])
        return load(body, flow / np.linalg.norm(flow))

    stiff_fore = (tilted(_SMALL, 0)[1][1] - tilted(-_SMALL, 0)[1][1]) / (2 * _SMALL)
    stiff_side = (tilted(0, _SMALL)[1][0] - tilted(0, -_SMALL)[1][0]) / (2 * _SMALL)
    gain_fore = (load(body, down, fore=_SMALL)[1][1] - load(body, down, fore=-_SMALL)[1][1]) / (2 * _SMALL)
    gain_side = (load(body, down, side=_SMALL)[1][0] - load(body, down, side=-_SMALL)[1][0]) / (2 * _SMALL)
    slide = (tilted(_SMALL, 0)[0][0] - tilted(-_SMALL, 0)[0][0]) / (2 * _SMALL)
    lift = load(body, down)[0][2]
    return Trim(
        fore_per_tilt=float(-stiff_fore / gain_fore),
        side_per_tilt=float(-stiff_side / gain_side),
        push_per_tilt=float(1.0 + slide / lift),
    )
