"""Posture: six numbers that a jumper moves, what each does to the panels, and how quickly the body follows.

    fall_rate  -1 … 1   +1 slowest (all area), -1 fastest; the two ends are the person's own measured speeds
    fore_aft   -1 … 1   + drives forward (legs out, arms in)
    side       -1 … 1   + slides left
    turn       -1 … 1   + turns left
    arch       -1 … 1   + deeper arch: limbs slope more, more stable
    reach       0 … 1   1: the right hand is on the lens and out of the air stream

Panel k's area is multiplied by  fall_rate factor · (1 + fore_aft_k b) (1 + side_k c) (1 - reach_k r), its normal gets
`turn_k d` added toward the head and is not made unit again: a swept arm also catches more air. All panels grow alike with
fall rate, so a change of it neither pitches the body nor drives it. The compiled flight (jumper/kernel.py) evaluates
the same text for fall_rate, fore_aft, side, turn and reach; no pilot moves arch, which is a jumper's habit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from onetake.errors import InputError
from onetake.jumper.body import Body
from onetake.jumper.segments import Array, table

POSTURE = ("fall_rate", "fore_aft", "side", "turn", "arch", "reach")
LOW = np.array([-1.0, -1.0, -1.0, -1.0, -1.0, 0.0])
HIGH = np.ones(6)


class Throw(NamedTuple):
    """What each posture number moves at full throw: shares of area, slopes of normals (data/posture.toml)."""

    fore_aft: float
    side: float
    turn: float
    arch: float
    reach: float


def throw() -> Throw:
    """How far the limbs go. Source: data/posture.toml, an assumption."""
    return Throw(**table("posture")["throw"])


def flown_lag_s() -> float:
    """The one lag of fall rate, fore-aft, side and turn, which are what a pilot moves."""
    return float(table("posture")["lag_s"]["fall_rate"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """How far a person's posture reaches; arrays (k,) in the order of `Body.panels`.

    range_of_fall: growth and loss of all area at the slowest and at the fastest fall (≥ 0). fore_aft, side: change of
    area per unit. turn: forward slope added to the normal per unit. arch: growth of the limbs' slopes per unit.
    reach: share of area gone at full reach. lag_s (6,): first-order lags in the order of POSTURE.
    """

    range_of_fall: tuple[float, float]
    fore_aft: Array
    side: Array
    turn: Array
    arch: float
    reach: Array
    lag_s: Array


def area_range(min_m_s: float, neutral_m_s: float, max_m_s: float) -> tuple[float, float]:
    """Share by which a person's drag area can grow and shrink about neutral: (v_n/v_min)² - 1 and 1 - (v_n/v_max)².

    Speeds are terminal speeds at one and the same density. Raises InputError unless 0 < min ≤ neutral ≤ max.
    """
    speeds = (min_m_s, neutral_m_s, max_m_s)
    if not all(map(math.isfinite, speeds)) or not 0.0 < min_m_s <= neutral_m_s <= max_m_s:
        raise InputError(
            f"fall rates of {min_m_s:g}, {neutral_m_s:g} and {max_m_s:g} m/s do not rise from min over neutral to max"
        )
    return (neutral_m_s / min_m_s) ** 2 - 1.0, 1.0 - (neutral_m_s / max_m_s) ** 2


def authority(body: Body, *, min_m_s: float, neutral_m_s: float, max_m_s: float) -> Authority:
    """Posture authority of a body with this range of fall rates (at one density).

    Raises InputError for a range that is out of order. Source: data/posture.toml, an assumption.
    """
    full, lag = throw(), table("posture")["lag_s"]
    names = [panel.name for panel in body.panels]
    arm = np.array([float(name.endswith("arm")) for name in names])
    leg = np.array([float(name.endswith("leg")) for name in names])
    left = np.array([float(name.startswith("left")) - float(name.startswith("right")) for name in names])
    return Authority(
        range_of_fall=area_range(min_m_s, neutral_m_s, max_m_s),
        fore_aft=full.fore_aft * (leg - arm),
        side=-full.side * left,
        turn=-full.turn * left * arm,
        arch=full.arch,
        reach=full.reach * arm * (left < 0),
        lag_s=np.array([lag[name] for name in POSTURE]),
    )


def pose_panels(body: Body, may: Authority, posture: ArrayLike) -> tuple[Array, Array]:
    """Areas (k,) m² and normals (k, 3) of a body's panels in a posture (6,), which is clipped to its range."""
    a, b, c, d, e, r = np.clip(np.asarray(posture, float), LOW, HIGH)
    areas, _, normals = body.panel_arrays()
    slow, fast = may.range_of_fall
    fall = 1.0 + max(a, 0.0) * slow + min(a, 0.0) * fast
    factor = fall * (1.0 + b * may.fore_aft) * (1.0 + c * may.side) * (1.0 - r * may.reach)
    normals[:, :2] *= 1.0 + may.arch * e
    normals[:, 0] += d * may.turn
    return areas * factor, normals


def follow(posture: ArrayLike, command: ArrayLike, lag_s: ArrayLike, step_s: float) -> Array:
    """Posture (6,) after `step_s` of following a command held constant: first-order, exact for any step."""
    now, goal = np.asarray(posture, float), np.clip(np.asarray(command, float), LOW, HIGH)
    moved: Array = goal + (now - goal) * np.exp(-step_s / np.asarray(lag_s, float))
    return moved
