"""Posture: six numbers that a jumper moves, what each does to the panels, and how quickly the body follows.

    fall_rate  -1 … 1   +1 slowest (all area), -1 fastest; the two ends are the person's own measured speeds
    fore_aft   -1 … 1   + drives forward (legs out, arms in)
    side       -1 … 1   + slides left
    turn       -1 … 1   + turns left
    arch       -1 … 1   + deeper arch: limbs slope more, more stable
    reach       0 … 1   1: the right hand is on the lens and out of the control set

Panel k's area is multiplied by  (1 + fall_rate part) (1 + fore_aft_k b) (1 + side_k c) (1 - reach_k r); its normal gets
slopes as `pose_panels` says. The compiled flight evaluates the same text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from onetake.errors import InputError
from onetake.jumper.body import Body
from onetake.jumper.segments import Array, table

POSTURE = ("fall_rate", "fore_aft", "side", "turn", "arch", "reach")
LOW = np.array([-1.0, -1.0, -1.0, -1.0, -1.0, 0.0])
HIGH = np.ones(6)
# no limb can be folded away altogether
LEAST_AREA = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """How far a person's posture reaches, panel by panel (k,), in the order of `Body.panels`.

    fall_up, fall_down: change of area per unit of fall_rate above and below neutral (both ≥ 0). fore_aft, side:
    change of area per unit. turn_slope: slope of the normal toward the head per unit. arch: growth of all slopes per
    unit. reach: share of area gone at full reach. lag_s (6,): first-order lags in the order of POSTURE.
    """

    fall_up: Array
    fall_down: Array
    fore_aft: Array
    side: Array
    turn_slope: Array
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

    A pure change of fall rate neither pitches the body nor drives it: the shares of arms, legs and torso are solved for
    that. Raises InputError for a range that is out of order, or so wide that limbs would have to vanish.
    Source: data/posture.toml, an assumption.
    """
    up, down = area_range(min_m_s, neutral_m_s, max_m_s)
    throw, lag = table("posture")["throw"], table("posture")["lag_s"]
    share = _fall_rate_shares(body)
    if down * share.max() > 1.0 - LEAST_AREA:
        raise InputError(
            f"{body.name}: a fall rate of {max_m_s:g} m/s is {max_m_s / neutral_m_s:.2f} times neutral, more than a "
            f"belly flyer reaches; give the fastest speed flown on the belly"
        )
    kind = [_kind(panel.name) for panel in body.panels]
    sign = np.array([_sign(panel.name) for panel in body.panels])
    arm = np.array([1.0 if k == "arm" else 0.0 for k in kind])
    leg = np.array([1.0 if k == "leg" else 0.0 for k in kind])
    return Authority(
        fall_up=up * share,
        fall_down=down * share,
        fore_aft=throw["fore_aft"] * (leg - arm),
        side=-throw["side"] * sign,
        turn_slope=-throw["turn"] * sign * arm,
        arch=float(throw["arch"]),
        reach=throw["reach"] * arm * (sign < 0),
        lag_s=np.array([lag[name] for name in POSTURE]),
    )


def pose_panels(body: Body, may: Authority, posture: ArrayLike) -> tuple[Array, Array]:
    """Areas (k,) m² and unit normals (k, 3) of a body's panels in a posture (6,), which is clipped to its range.

    The hand that reaches also stops steering: its share of fore_aft, side and turn fades with reach.
    """
    a, b, c, d, e, r = np.clip(np.asarray(posture, float), LOW, HIGH)
    area, _, normal = body.panel_arrays()
    steering = 1.0 - r * (may.reach > 0)
    fall = max(a, 0.0) * may.fall_up + min(a, 0.0) * may.fall_down
    factor = (
        (1 + fall) * (1 + b * may.fore_aft * steering) * (1 + c * may.side * steering) * (1 - r * may.reach)
    )
    # slopes per unit of up-normal: arch widens what is there, turning adds
    slope = normal[:, :2] / normal[:, 2:] * (1.0 + may.arch * e)
    slope[:, 0] += d * may.turn_slope * steering
    tilted = np.column_stack([slope, np.ones(len(area))])
    return area * factor, tilted / np.linalg.norm(tilted, axis=1, keepdims=True)


def follow(posture: ArrayLike, command: ArrayLike, lag_s: ArrayLike, step_s: float) -> Array:
    """Posture (6,) after `step_s` of following a command held constant: first-order, exact for any step."""
    now, goal = np.asarray(posture, float), np.clip(np.asarray(command, float), LOW, HIGH)
    moved: Array = goal + (now - goal) * np.exp(-step_s / np.asarray(lag_s, float))
    return moved


def _fall_rate_shares(body: Body) -> Array:
    """Growth of each panel per unit of growth of the whole, head fixed, without pitching moment or fore-aft force."""
    area, place, normal = body.panel_arrays()
    up = np.array([0.0, 0.0, 1.0])
    force = area[:, None] * (normal[:, 2:] ** 2 * normal + body.tangential * up)
    moment = place[:, 2] * force[:, 0] - place[:, 0] * force[:, 2]
    rows = np.stack([force[:, 2] / force[:, 2].sum(), force[:, 0], moment])
    kinds = ("torso", "arm", "leg")
    groups = np.array(
        [[1.0 if _kind(panel.name) == kind else 0.0 for panel in body.panels] for kind in kinds]
    )
    shares: Array = np.linalg.solve(rows @ groups.T, np.array([1.0, 0.0, 0.0])) @ groups
    if np.any(shares < -1e-9):
        raise InputError(
            f"{body.name}: mass sits so far from the trunk that a change of fall rate pitches this jumper; "
            f"check the mass and the place of the camera"
        )
    return shares


def _kind(panel: str) -> str:
    return panel.rsplit(" ", 1)[-1]


def _sign(panel: str) -> float:
    return 1.0 if panel.startswith("left") else -1.0 if panel.startswith("right") else 0.0
