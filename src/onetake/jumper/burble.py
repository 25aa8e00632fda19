"""The burble: air that one body has slowed and another falls into.

No measured wake of a skydiver was found. Two published laws of bluff-body wakes bracket it, low and high; which holds
within twenty body sizes is open, so the branch is drawn in the odds. Both carry the momentum the body lost: whatever
the deficit δ on the axis, the radial profile exp(-r²/2σ²) has the width σ for which

    ∫ δe (1 - δe) dA = CdA / 2        so        σ² = CdA / (4π δ (1 - δ/2))

The wake trails along the other's relative wind (the way the air moves past it): behind it on the hill, above it later.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike

from onetake.errors import InputError
from onetake.jumper.segments import Array

NEAR_M = 2.0  # inside this the wake is separated flow and no far-wake law holds; the cap takes over
ONSET_M = 0.5  # over this length behind the body the wake sets in
POWER_ORIGIN_M = 0.524  # virtual origin and
POWER_SCALE = 0.350  # constant of the power branch, for CdA^(1/3): 21 % at 1 m and 6 % at 10 m for 0.5 m²


class Branch(Enum):
    """Which law."""

    GAUSSIAN = "gaussian"
    POWER = "power"


@dataclass(frozen=True, slots=True, kw_only=True)
class WakePrior:
    """One unpublished number of the wake: range, unit, source, kind and why."""

    name: str
    low: float
    likely: float
    high: float
    unit: str
    source: str
    kind: str
    why: str


PRIORS: tuple[WakePrior, ...] = (
    WakePrior(
        name="branch", low=0.0, likely=0.0, high=1.0, unit="1",
        source="Gaussian momentum wake (form of Bastankhah and Porté-Agel 2014) against x^(-2/3) (Johansson, George, "
        "Gourlay 2003); x^(-1) near the body was found too (Nedić and Vassilicos 2013)",
        kind="choice", why="0: gaussian, 1: power; the exponent at 2 to 20 body sizes is open, so draw one or the other",
    ),
    WakePrior(
        name="start_m", low=0.24, likely=0.28, high=0.32, unit="m",
        source="momentum of a 0.5 m² body spread over its own outline", kind="assumption",
        why="width of the wake where it leaves the body; the range is a guess",
    ),
    WakePrior(
        name="growth", low=0.08, likely=0.08, high=0.15, unit="m/m",
        source="wakes of discs and turbines in turbulent air", kind="bracket",
        why="how quickly the wake widens; no skydiver's was measured",
    ),
    WakePrior(
        name="cap", low=0.3, likely=0.45, high=0.6, unit="1",
        source="separated flow behind runners and discs: drag of a follower falls by a third to three quarters "
        "(Hanson and Schickhofer 2021)", kind="bracket",
        why="most of the airspeed that can be lost inside 2 m, where no far-wake law holds",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """A wake's law and numbers; the likely ones unless drawn."""

    branch: Branch = Branch.GAUSSIAN
    start_m: float = 0.28
    growth: float = 0.08
    cap: float = 0.45

    def __post_init__(self) -> None:
        values = (self.start_m, self.growth, self.cap)
        if not all(map(math.isfinite, values)) or not (
            self.start_m > 0 and self.growth >= 0 and 0 < self.cap < 1
        ):
            raise InputError(
                f"a wake needs a positive width, growth of at least 0 and a cap between 0 and 1: {self}"
            )


def on_axis(wake: Wake, behind_m: ArrayLike, cda_m2: float) -> Array:
    """Share of the airspeed lost on the wake's axis, at distances behind the body (any shape); 0 ahead of it.

    gaussian: 1 - sqrt(1 - CdA/4πs²), s = start + growth·x. power: 0.35 CdA^(1/3) (x + 0.52 m)^(-2/3). Both capped.
    Raises InputError for a drag area that is not positive.
    """
    if not (math.isfinite(cda_m2) and cda_m2 > 0):
        raise InputError(f"a wake needs a positive drag area, not {cda_m2:g} m²")
    behind = np.asarray(behind_m, float)
    x = np.maximum(behind, 0.0)
    if wake.branch is Branch.GAUSSIAN:
        width = wake.start_m + wake.growth * x
        lost = 1.0 - np.sqrt(np.maximum(1.0 - cda_m2 / (4.0 * math.pi * width**2), 0.0))
    else:
        lost = POWER_SCALE * np.cbrt(cda_m2) * (x + POWER_ORIGIN_M) ** (-2.0 / 3.0)
    share: Array = np.where(behind > 0.0, np.minimum(lost, wake.cap), 0.0)
    return share


def width(wake: Wake, behind_m: ArrayLike, cda_m2: float) -> Array:
    """Radius σ of the profile, m, at distances behind the body: the one that carries the lost momentum."""
    share = on_axis(wake, np.maximum(np.asarray(behind_m, float), 1e-9), cda_m2)
    sigma: Array = np.sqrt(cda_m2 / (4.0 * math.pi * share * (1.0 - 0.5 * share)))
    return sigma


def deficit(wake: Wake, offset_m: ArrayLike, downwind: ArrayLike, cda_m2: float) -> Array:
    """Share of airspeed that a body at `offset_m` (…, 3) from another loses in the other's wake, shape (…).

    downwind (3,): unit vector along which air moves past the other, so its wake trails that way. Sets in over 0.5 m.
    Raises InputError for a vector of no length or a drag area that is not positive.
    """
    offset, way = np.asarray(offset_m, float), np.asarray(downwind, float)
    length = float(np.linalg.norm(way))
    if not (math.isfinite(length) and length > 0):
        raise InputError("a wake needs a direction: the other body does not move through the air")
    behind = offset @ (way / length)
    across2 = np.maximum(np.sum(offset**2, axis=-1) - behind**2, 0.0)
    sigma = width(wake, behind, cda_m2)
    onset = np.clip(behind / ONSET_M, 0.0, 1.0)
    lost: Array = on_axis(wake, behind, cda_m2) * onset * np.exp(-0.5 * across2 / sigma**2)
    return lost


def wake_wind(wake: Wake, offset_m: ArrayLike, other_air_m_s: ArrayLike, cda_m2: float) -> Array:
    """Wind that the other body's wake adds at `offset_m` (…, 3), m/s (…, 3), any axes.

    other_air_m_s (3,): air past the other body, i.e. wind less its own velocity. The wake drags air along with the
    body, so the added wind points against it.
    """
    air = np.asarray(other_air_m_s, float)
    dragged: Array = -deficit(wake, offset_m, air, cda_m2)[..., None] * air
    return dragged
