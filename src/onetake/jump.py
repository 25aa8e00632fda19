"""JumpPlan: jump run, exit point, timeline, opening heights, oxygen, light — what `plan` hands to everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Status = Literal["stop", "ask", "no_stop_found"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Something that forbids the jump as planned."""

    item: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Something a named person must check against its source before anyone boards."""

    item: str
    owner: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitPoint:
    """Where and when the first body leaves."""

    lat_deg: float
    lon_deg: float
    position_enu_m: tuple[float, float]
    utc: datetime
    altitude_msl_m: float
    pressure_altitude_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpRun:
    """The aircraft over the ground."""

    heading_rad: float
    true_airspeed_m_s: float
    ground_speed_m_s: float
    track_rad: float
    forward_throw_m: float
    doctrine_throw_m: float
    drift_m: float
    doctrine_drift_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """Passive distance of two bodies that do nothing, so long after the second exit."""

    time_s: float
    distance_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatSlot:
    """When a beat can be, on the timeline of the fall; fits is False where the fall ends first."""

    name: str
    from_s: float
    to_s: float
    fits: bool
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One person's pull and line stretch."""

    name: str
    height_agl_m: float
    time_s: float
    open_height_agl_m: float
    open_time_s: float
    separation_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """First and last first-exit second in which every beat has its light; None where there is none."""

    first_exit_utc: datetime | None
    last_exit_utc: datetime | None
    at_landing: str
    landing_sun_elevation_deg: float
    beats: tuple[tuple[str, datetime | None, datetime | None], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FocusLimits:
    """Near and far limits of sharpness under one named criterion, from the lens's datum."""

    lens: str
    f_number: float
    distance_m: float
    criterion: str
    near_m: float
    far_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OxygenPlan:
    """Oxygen and prebreathe, with the confidence of the rule each number is from."""

    prebreathe_s: float
    confidence: str
    source: str
    notes: tuple[str, ...]
    useful_consciousness_s: tuple[float, float] | None = None
    decompression_share: tuple[float, float] | None = None
    felt_cold_k: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitWeight:
    """One person's exit weight against the reserve's placard."""

    name: str
    exit_kg: float
    limit_kg: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contingency:
    """What goes wrong, what is done, at which height above the drop zone (geometric), and who calls it."""

    case: str
    action: str
    altitude_m: float
    caller: str
    confidence: str = "computed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeckLoad:
    """Head, helmet and camera on one neck at the peak of the opening: an output, for which no limit is published."""

    name: str
    head_kg: float
    camera_kg: float
    peak_g: float
    load_n: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeightMark:
    """One height to act at, and what a pressure altimeter zeroed on the drop zone shows there in this air."""

    who: str
    what: str
    height_agl_m: float
    reads_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of the day's clock; time_s from the first exit, `assumed` where a rate was taken, not given."""

    what: str
    utc: datetime
    time_s: float
    assumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpPlan:
    """Everything the jump card is printed from. Only a person says go."""

    status: Status
    stops: tuple[Stop, ...]
    asks: tuple[Ask, ...]
    exit: ExitPoint
    jump_run: JumpRun
    separation: tuple[Separation, ...]
    freefall_s: float
    beats: tuple[BeatSlot, ...]
    opening: tuple[Opening, ...]
    landing_enu_m: tuple[float, float]
    landing_lat_deg: float
    landing_lon_deg: float
    landing_spread_m: tuple[float, float]
    light: Light
    focus: tuple[FocusLimits, ...]
    oxygen: OxygenPlan
    weights: tuple[ExitWeight, ...]
    contingency: tuple[Contingency, ...]
    notes: tuple[str, ...] = ()
    neck: NeckLoad | None = None
    heights: tuple[HeightMark, ...] = ()
    moments: tuple[Moment, ...] = ()
