"""From pull to ground: how a canopy opens, what that does to the neck, how it flies, when the AAD fires.

The opening in words, which the compiled flight follows: during `extraction_s` the body falls on unchanged; during
`snivel_s` its drag area grows evenly from the body's own to `snivel_cda_m2`; during `fill_s` it grows with the square
of time to `full_cda_m2`. Nothing of this is measured on the canopy in question: every number is a prior with a range.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from onetake.errors import InputError
from onetake.jumper.segments import Array, table
from onetake.seams import unknown
from onetake.units import FT_M, G0_M_S2, KT_M_S, LB_KG, MPH_M_S

OPENING_KEYS = ("extraction_s", "snivel_s", "snivel_cda_m2", "fill_s", "full_cda_over_area")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """One number nobody published for this jumper: low, likely, high (a triangle), and why it is there."""

    name: str
    low: float
    likely: float
    high: float
    confidence: str
    source: str
    why: str


@cache
def priors() -> Mapping[str, Prior]:
    """The priors of opening and canopy flight, by name."""
    rows: Mapping[str, Mapping[str, Any]] = table("canopy")["opening"] | table("canopy")["flight"]
    return MappingProxyType(
        {name: Prior(name=name, **row) for name, row in rows.items() if name != "conflict"}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One opening: durations s and drag areas m²."""

    extraction_s: float
    snivel_s: float
    snivel_cda_m2: float
    fill_s: float
    full_cda_m2: float

    def __post_init__(self) -> None:
        values = (self.extraction_s, self.snivel_s, self.snivel_cda_m2, self.fill_s, self.full_cda_m2)
        if not all(map(math.isfinite, values)) or min(values) < 0 or not self.fill_s > 0:
            raise InputError(f"an opening cannot have negative, missing or endless parts: {self}")
        if self.full_cda_m2 < self.snivel_cda_m2:
            raise InputError(f"a canopy cannot open to less drag than it snivels at: {self}")

    @property
    def total_s(self) -> float:
        """From pull to full."""
        return self.extraction_s + self.snivel_s + self.fill_s


def likely_opening(canopy_m2: float) -> Opening:
    """The likeliest opening of a canopy of this cloth area, m². Raises InputError outside 4 to 60 m²."""
    check_canopy(canopy_m2)
    value = {name: priors()[name].likely for name in OPENING_KEYS}
    full_cda_m2 = value.pop("full_cda_over_area") * canopy_m2
    return Opening(**value, full_cda_m2=full_cda_m2)


def reserve_opening(canopy_m2: float) -> Opening:
    """How a reserve of this cloth area, m², is taken to open: as slowly as it may. Raises InputError as `likely_opening`."""
    check_canopy(canopy_m2)
    row = table("canopy")["reserve_opening"]
    full_cda_m2 = priors()["full_cda_over_area"].likely * canopy_m2
    return Opening(full_cda_m2=full_cda_m2, **{name: row[name] for name in OPENING_KEYS if name in row})


def check_canopy(canopy_m2: float) -> None:
    """Raise InputError for a canopy area that no ram-air canopy has."""
    if not 4.0 <= canopy_m2 <= 60.0:
        raise InputError(f"a canopy of {canopy_m2:g} m² is outside 4 to 60 m² (43 to 646 ft²)")


def drag_area(opening: Opening, since_pull_s: ArrayLike, body_cda_m2: float) -> Array:
    """Drag area of jumper and canopy, m², at times since the pull (any shape); never less than the body's."""
    time = np.asarray(since_pull_s, float) - opening.extraction_s
    snivel = np.clip(time / opening.snivel_s, 0.0, 1.0) if opening.snivel_s > 0 else (time >= 0).astype(float)
    fill = np.clip((time - opening.snivel_s) / opening.fill_s, 0.0, 1.0)
    area = body_cda_m2 + (opening.snivel_cda_m2 - body_cda_m2) * snivel
    area = area + (opening.full_cda_m2 - opening.snivel_cda_m2) * fill**2
    grown: Array = np.maximum(area, body_cda_m2)
    return grown


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A vertical opening, integrated: time_s since the pull, speed_m_s, loss_m of height, felt_g, all (n,)."""

    time_s: Array
    speed_m_s: Array
    loss_m: Array
    felt_g: Array

    @property
    def peak_g(self) -> float:
        """Greatest specific force, in g; terminal fall feels 1."""
        return float(self.felt_g.max())


def open_vertically(
    opening: Opening,
    *,
    mass_kg: float,
    body_cda_m2: float,
    speed_m_s: float,
    density_kg_m3: float,
    step_s: float = 0.002,
) -> Opened:
    """Integrate one opening straight down, from the pull until full, at constant density.

    mass_kg all up; speed_m_s downward at the pull. Midpoint steps. The reference for the compiled flight, and for
    tables. Raises InputError for numbers that are not positive. Source: Newton; drag area as `drag_area` says.
    """
    for name, value in (
        ("mass", mass_kg), ("drag area", body_cda_m2), ("speed", speed_m_s), ("density", density_kg_m3), ("step", step_s),
    ):  # fmt: skip
        if not (math.isfinite(value) and value > 0):
            raise InputError(f"an opening needs a positive {name}, not {value:g}")
    steps = max(1, math.ceil(opening.total_s / step_s))
    time_s = np.linspace(0.0, opening.total_s, steps + 1)
    half_s = 0.5 * (time_s[1] - time_s[0])
    # specific drag per speed², at each step's start and middle
    start = 0.5 * density_kg_m3 / mass_kg * drag_area(opening, time_s, body_cda_m2)
    middle = 0.5 * density_kg_m3 / mass_kg * drag_area(opening, time_s[:-1] + half_s, body_cda_m2)
    speed, loss = np.empty(steps + 1), np.empty(steps + 1)
    speed[0], loss[0] = speed_m_s, 0.0
    for k in range(steps):
        mid_m_s = speed[k] + half_s * (G0_M_S2 - start[k] * speed[k] ** 2)
        speed[k + 1] = speed[k] + 2 * half_s * (G0_M_S2 - middle[k] * mid_m_s**2)
        loss[k + 1] = loss[k] + 2 * half_s * mid_m_s
    return Opened(time_s=time_s, speed_m_s=speed, loss_m=loss, felt_g=start * speed**2 / G0_M_S2)


def neck_load(head_kg: float, camera_kg: float, felt_g: float) -> float:
    """Force of the head on the neck, N: (head with helmet + camera) times specific force.

    head_kg includes the helmet. Straight along the neck: a chin-down opening also bends it, which this does not say.
    Raises InputError for negative or undefined numbers. Limits with their confidence: `neck_limits`.
    """
    if not all(math.isfinite(x) and x >= 0 for x in (head_kg, camera_kg, felt_g)):
        raise InputError(
            f"a neck load needs masses and g of at least 0, not {head_kg:g}, {camera_kg:g}, {felt_g:g}"
        )
    return (head_kg + camera_kg) * felt_g * G0_M_S2


@dataclass(frozen=True, slots=True, kw_only=True)
class NeckLimit:
    """A published number about necks, and what it is a number for."""

    id: str
    limit: float
    unit: str
    applies_to: str
    confidence: str
    source: str
    url: str


def neck_limits() -> tuple[NeckLimit, ...]:
    """What is known. None of it is a limit for a heavy camera at opening, so none of it may clear one."""
    return tuple(NeckLimit(**row) for row in table("canopy")["neck"])


@dataclass(frozen=True, slots=True, kw_only=True)
class CanopyFlight:
    """Steady full glide in still air, m/s, and the glide ratio."""

    forward_m_s: float
    descent_m_s: float
    glide: float


def canopy_flight(
    *,
    mass_kg: float,
    canopy_m2: float,
    density_kg_m3: float,
    glide: float | None = None,
    coefficient: float | None = None,
) -> CanopyFlight:
    """Full glide of a canopy of this area under this mass at this density.

    Airspeed from weight = ½ρv²S·C; glide and C default to their likely priors. Raises InputError for numbers that are
    not positive. Source: data/canopy.toml; C is calibrated on one rule of thumb, so ±20 % in speed.
    """
    check_canopy(canopy_m2)
    glide = priors()["glide"].likely if glide is None else glide
    coefficient = priors()["resultant_coefficient"].likely if coefficient is None else coefficient
    for name, value in (
        ("mass", mass_kg),
        ("density", density_kg_m3),
        ("glide", glide),
        ("coefficient", coefficient),
    ):
        if not (math.isfinite(value) and value > 0):
            raise InputError(f"canopy flight needs a positive {name}, not {value:g}")
    airspeed_m_s = math.sqrt(2 * mass_kg * G0_M_S2 / (density_kg_m3 * canopy_m2 * coefficient))
    descent_m_s = airspeed_m_s / math.hypot(1.0, glide)
    return CanopyFlight(forward_m_s=glide * descent_m_s, descent_m_s=descent_m_s, glide=glide)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aad:
    """An automatic activation device: fires below a height while falling faster than a speed.

    partial_*: a second pair, for slower falls from higher up. cutoff_agl_m: below it the device does nothing.
    """

    name: str
    height_agl_m: float
    speed_m_s: float
    margin_m: float
    confidence: str
    source: str
    url: str
    cutoff_agl_m: float = 0.0
    partial_height_agl_m: float = 0.0
    partial_speed_m_s: float = math.inf
    raise_to_m: float | None = None

    def fires(self, height_agl_m: ArrayLike, descent_m_s: ArrayLike) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Whether it fires at these heights and descent rates (any one shape)."""
        height, descent = np.asarray(height_agl_m, float), np.asarray(descent_m_s, float)
        fast = (height < self.height_agl_m) & (descent > self.speed_m_s)
        partial = (height < self.partial_height_agl_m) & (descent > self.partial_speed_m_s)
        fired: np.ndarray[Any, np.dtype[np.bool_]] = (fast | partial) & (height > self.cutoff_agl_m)
        return fired

    def levels(self) -> tuple[tuple[str, float], ...]:
        """What it does below which height, from the top down; with the speed it takes where there are two of them."""
        if self.partial_height_agl_m <= 0.0:
            return (("AAD fires", self.height_agl_m),)
        pairs = ((self.partial_speed_m_s, self.partial_height_agl_m), (self.speed_m_s, self.height_agl_m))
        return tuple((f"AAD, over {speed_m_s / MPH_M_S:.0f} mph", height_m) for speed_m_s, height_m in pairs)

    @property
    def lowest_open_agl_m(self) -> float:
        """The main must be open above this: activation plus the maker's margin."""
        return max(self.height_agl_m, self.partial_height_agl_m) + self.margin_m


def aad(name: str) -> Aad:
    """A device by name; raises ChoiceError with the list."""
    devices = table("aad")["device"]
    if name not in devices:
        raise unknown(name, tuple(devices), "AAD")
    return Aad(name=name, **devices[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveLimits:
    """What a reserve is certified to; the weight is TSO-C23d's, the placard of the reserve that is worn outranks it."""

    max_opening_s: float
    max_loss_m: float
    max_descent_m_s: float
    max_total_m_s: float
    max_weight_kg: float
    confidence: str
    source: str


def reserve_limits(placard_speed_m_s: float | None = None) -> ReserveLimits:
    """Certification limits of a reserve: TSO-C23d, or TSO-C23f with the placard's speed.

    Raises InputError for a placard speed that is not positive. Source: data/canopy.toml.
    """
    row = table("canopy")["reserve"]
    stretch = 1.0
    if placard_speed_m_s is not None:
        if not (math.isfinite(placard_speed_m_s) and placard_speed_m_s > 0):
            raise InputError(f"a placard speed of {placard_speed_m_s:g} m/s is not positive")
        stretch = (placard_speed_m_s / (row["placard_reference_kt"] * KT_M_S)) ** 2
    return ReserveLimits(
        max_opening_s=row["max_opening_s"] * stretch,
        max_loss_m=row["max_loss_ft"] * FT_M * stretch,
        max_descent_m_s=row["max_descent_ft_s"] * FT_M,
        max_total_m_s=row["max_total_ft_s"] * FT_M,
        max_weight_kg=row["weight_limit_lb"] * LB_KG,
        confidence=row["confidence"],
        source=row["source"],
    )
