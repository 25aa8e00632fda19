"""Window: light as a line in time and altitude. When the first body may leave so that every beat has its light.

The sun sets later the higher one is, and a fall runs down through minutes of dusk in seconds, so the light of a beat
is asked at the heights where that beat happens and never at one height. Times are aware UTC.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from onetake.jump import BeatSlot
from onetake.lens.camera import Lens
from onetake.lens.exposure import Exposure, stops_over
from onetake.plan.fall import Fall
from onetake.plan.timeline import LIGHT, LightTest, Seconds
from onetake.shot.beat import Always, Beat
from onetake.shot.file import Shot
from onetake.weather.light import illuminance_from_lux, local_day_utc
from onetake.weather.sun import above_visible_horizon_rad, sun_position

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

STEP_S = 1.0  # of the fall, in the search
COARSE_S, FINE_S = 60.0, 2.0  # of the exit time, in the search
# the light changes no faster than this a minute, so that a window between two coarse steps is not missed
SUN_RAD_PER_MINUTE = math.radians(0.26)
STOPS_PER_MINUTE = 0.5
SUN_GRID_S = 30.0
MOST_EXITS = 901  # that are looked at when one of a stretch is chosen: every second of a quarter of an hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of exit times, whole seconds: first and last."""

    first_utc: datetime
    last_utc: datetime

    @property
    def middle_utc(self) -> datetime:
        """Half way, at a whole second."""
        half = (self.last_utc - self.first_utc) / 2
        return (self.first_utc + half).replace(microsecond=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One beat, or one rule that must always hold, that asks for light: where it may be in the fall.

    time_s (n,), height_agl_m (n, 2) of operator and subject. A beat needs its hold of them, a rule all.
    """

    beat: Beat | Always
    time_s: Array
    height_agl_m: Array

    @property
    def needed_s(self) -> float:
        """How long the light must last at a stretch."""
        if isinstance(self.beat, Always):
            return float(self.time_s[-1] - self.time_s[0])
        return self.beat.hold_s - self.beat.allow_s


def shot_exposure(shot: Shot) -> Exposure | None:
    """How the camera is set, or None where the shot does not say."""
    chosen = shot.camera.exposure
    if chosen is None:
        return None
    return Exposure(
        ei=chosen.ei,
        shutter_rad=chosen.shutter_rad,
        picture_rate_hz=float(shot.picture_rate),
        nd_stops=chosen.nd_stops,
        within_stops=chosen.within_stops,
    )


def margin_minutes(
    beat: Beat | Always, shot: Shot, lens: Lens, base_utc: datetime, *, after_s: Array, height_agl_m: Array
) -> Array:
    """How far inside its light a beat is, in minutes of the fastest change there is; negative outside.

    after_s and the heights of operator and subject, height_agl_m (..., 2), broadcast to the shape of after_s. The sun
    is above each body's own visible horizon; exposure is of the light on the subject. Errors: the horizon's refraction
    0.16° (40 s) from day to day, the light 0.5 stop under a clear sky, cloud besides.
    """
    place = (shot.place.lat_deg, shot.place.lon_deg)
    margin = np.full(after_s.shape, np.inf)
    exposure, elevation = shot_exposure(shot), _elevation_rad(place, base_utc, after_s)
    for criterion in beat.must:
        if criterion.name == "sun":
            seen = [above_visible_horizon_rad(elevation, height_agl_m[..., body]) for body in (0, 1)]
            low, high = np.minimum(*seen), np.maximum(*seen)
            if criterion.lower is not None:
                margin = np.minimum(margin, (low - criterion.lower) / SUN_RAD_PER_MINUTE)
            if criterion.upper is not None:
                margin = np.minimum(margin, (criterion.upper - high) / SUN_RAD_PER_MINUTE)
        elif criterion.name == "exposure" and exposure is not None:
            lux = illuminance_from_lux(elevation, height_agl_m[..., 1])
            over = np.maximum(stops_over(np.maximum(lux, 1e-6), exposure, lens.t_stop), -60.0)
            margin = np.minimum(margin, (exposure.within_stops - np.abs(over)) / STOPS_PER_MINUTE)
    return margin


def _elevation_rad(place: tuple[float, float], base_utc: datetime, after_s: Array) -> Array:
    """True elevation of the sun's centre, straight between points 30 s apart: no worse than 1e-6 rad, and much sooner."""
    grid_s = np.arange(after_s.min(), after_s.max() + 2 * SUN_GRID_S, SUN_GRID_S)
    return np.interp(after_s, grid_s, sun_position(*place, base_utc, grid_s).elevation_rad)


def light_test(shot: Shot, lens: Lens, exit_utc: datetime) -> LightTest:
    """Whether a beat has its light, second by second, when the first body leaves at that time."""

    def test(beat: Beat, time_s: Array, height_agl_m: Array) -> Flags:
        return np.asarray(
            margin_minutes(beat, shot, lens, exit_utc, after_s=time_s, height_agl_m=height_agl_m) >= 0.0
        )

    return test


def asks_light(beat: Beat | Always) -> bool:
    """Whether a beat or a rule names the sun or the exposure."""
    return any(criterion.name in LIGHT for criterion in beat.must)


def demands(
    shot: Shot, free: Sequence[BeatSlot], seconds: Seconds, altitude_ok: Callable[[Beat], Flags]
) -> tuple[Demand, ...]:
    """The beats that ask for light and would fit if there were enough, with the seconds and heights they may have.

    The last beat is what the subject closes in for: its light is asked from when he is there in the planned flight.
    """
    found = []
    for beat, slot in zip(shot.beats, free, strict=True):
        if not asks_light(beat) or not slot.fits:
            continue
        inside = altitude_ok(beat) & (seconds.time_s >= slot.from_s) & (seconds.time_s <= slot.to_s)
        arrived_s = seconds.arrived_s
        if beat is shot.beats[-1] and arrived_s is not None and arrived_s + beat.hold_s <= slot.to_s:
            inside &= seconds.time_s >= arrived_s
        time_s = np.arange(slot.from_s, slot.to_s + 1e-6, min(STEP_S, max(0.1, beat.hold_s / 6)))
        rows = np.clip(np.searchsorted(seconds.time_s, time_s), 0, seconds.time_s.size - 1)
        keep = inside[rows]
        found.append(Demand(beat=beat, time_s=time_s[keep], height_agl_m=seconds.height_agl_m[rows][keep]))
    return tuple(found)


def always_demands(shot: Shot, fall: Fall) -> tuple[Demand, ...]:
    """The rules that ask for light from one event of the fall to another, with all the seconds between the two.

    Events as the judge has them; a rule whose events the planned flight does not reach demands nothing.
    """
    found = []
    for rule in filter(asks_light, shot.always):
        start_s, end_s = (fall.event_s(event) for event in (rule.start, rule.end))
        if start_s is None or end_s is None or end_s <= start_s:
            continue
        time_s = np.linspace(start_s, end_s, 2 + int((end_s - start_s) / STEP_S))
        heights = [np.interp(time_s, one.trace.time_s, one.trace.position_enu_m[:, 2]) for one in fall.people]
        found.append(Demand(beat=rule, time_s=time_s, height_agl_m=np.stack(heights, axis=1)))
    return tuple(found)


def best_margin(demand: Demand, shot: Shot, lens: Lens, base_utc: datetime, exit_s: Array) -> Array:
    """For exits at base + exit_s (k,): the margin of the best stretch as long as is needed, minutes (k,)."""
    after_s = exit_s[:, None] + demand.time_s[None, :]
    height = np.broadcast_to(demand.height_agl_m, (*after_s.shape, 2))
    margin = margin_minutes(demand.beat, shot, lens, base_utc, after_s=after_s, height_agl_m=height)
    step_s = float(np.diff(demand.time_s).min()) if demand.time_s.size > 1 else 1.0
    need = min(demand.time_s.size, math.ceil(demand.needed_s / step_s - 1e-6) + 1)
    worst = np.lib.stride_tricks.sliding_window_view(margin, need, axis=1).min(axis=2)
    return np.asarray(worst.max(axis=1))


def stretches(
    wanted: Sequence[Demand], shot: Shot, lens: Lens, from_utc: datetime, to_utc: datetime
) -> tuple[Stretch, ...]:
    """Every stretch of exit times between two instants at which all of these beats and rules have their light.

    Ends to a second, rounded inwards. Found on a grid of a minute, and of 2 s wherever the light could come and go
    between two minutes.
    """
    span_s = (to_utc - from_utc).total_seconds()

    def margin(exit_s: Array) -> Array:
        return np.asarray(np.min([best_margin(one, shot, lens, from_utc, exit_s) for one in wanted], axis=0))

    coarse = np.arange(0.0, span_s, COARSE_S)
    near = coarse[margin(coarse) > -1.0]
    fine = np.arange(-COARSE_S, COARSE_S + 1e-6, FINE_S)
    exit_s = np.unique(np.clip((near[:, None] + fine[None, :]).ravel(), 0.0, span_s))
    if not exit_s.size:
        return ()
    good = margin(exit_s) >= 0.0
    joined = np.concatenate([[False], good[:-1] & good[1:] & (np.diff(exit_s) <= FINE_S + 1e-6)])
    found = []
    for first in np.flatnonzero(good & ~joined):
        last = first
        while last + 1 < good.size and joined[last + 1]:
            last += 1
        start_s = _edge(margin, exit_s[first], exit_s[first] - FINE_S) if exit_s[first] > 0 else 0.0
        end_s = _edge(margin, exit_s[last], exit_s[last] + FINE_S) if exit_s[last] < span_s else span_s
        start_s, end_s = math.ceil(start_s - 1e-6), math.floor(end_s + 1e-6)
        if end_s >= start_s:
            found.append(
                Stretch(
                    first_utc=from_utc + timedelta(seconds=start_s),
                    last_utc=from_utc + timedelta(seconds=end_s),
                )
            )
    return tuple(found)


def best_exit(wanted: Sequence[Demand], shot: Shot, lens: Lens, stretch: Stretch) -> datetime:
    """The second of a stretch at which the light lies best over all the time that the beats and rules may take.

    Any of it would do for a beat that comes when the plan says; people come earlier and later.
    """
    exit_s = np.unique(
        np.round(np.linspace(0.0, (stretch.last_utc - stretch.first_utc).total_seconds(), MOST_EXITS))
    )
    margin = np.min([_whole_margin(one, shot, lens, stretch.first_utc, exit_s) for one in wanted], axis=0)
    best = np.flatnonzero(margin >= margin.max() - 1e-9)
    return stretch.first_utc + timedelta(seconds=float(exit_s[best[best.size // 2]]))


def _whole_margin(demand: Demand, shot: Shot, lens: Lens, base_utc: datetime, exit_s: Array) -> Array:
    """For exits at base + exit_s (k,): the least margin of all the seconds a beat may have, minutes (k,)."""
    after_s = exit_s[:, None] + demand.time_s[None, :]
    height = np.broadcast_to(demand.height_agl_m, (*after_s.shape, 2))
    margin = margin_minutes(demand.beat, shot, lens, base_utc, after_s=after_s, height_agl_m=height)
    return np.asarray(margin.min(axis=1))


def _edge(margin: Callable[[Array], Array], inside_s: float, outside_s: float) -> float:
    for _ in range(5):  # 2 s halved five times
        middle_s = (inside_s + outside_s) / 2
        if margin(np.array([middle_s]))[0] >= 0.0:
            inside_s = middle_s
        else:
            outside_s = middle_s
    return inside_s


def day_of(shot: Shot, exit_utc: datetime | None, today: date) -> date:
    """The local day that is planned: of the exit, else the shot's date, else today."""
    if exit_utc is not None:
        return exit_utc.astimezone(ZoneInfo(shot.place.time_zone)).date()
    return shot.place.date or today


def day_span(shot: Shot, day: date) -> tuple[datetime, datetime]:
    """First and last instant of a local day at the drop zone."""
    return local_day_utc(day, shot.place.time_zone)


def reach_of_light(demand: Demand, shot: Shot, day: date) -> str:
    """What the sun does that day at the heights of a beat, for a beat that never has its light."""
    start, end = day_span(shot, day)
    after_s = np.arange(0.0, (end - start).total_seconds(), 300.0)
    elevation = sun_position(shot.place.lat_deg, shot.place.lon_deg, start, after_s).elevation_rad
    height_m = float(demand.height_agl_m[:, 1].mean())
    seen_deg = np.degrees(above_visible_horizon_rad(elevation, height_m))
    wanted = ", ".join(f"{c.name} {c.text}" for c in demand.beat.must if c.name in LIGHT)
    return (
        f"{demand.beat.name!r} asks for {wanted}; on {day} the sun goes from {seen_deg.min():.1f}° to "
        f"{seen_deg.max():.1f}° above the horizon seen from where the beat is"
    )


def noon_utc(shot: Shot, day: date) -> datetime:
    """When the sun is highest on a local day, to the minute; what is taken where nothing asks for a time."""
    start, end = day_span(shot, day)
    after_s = np.arange(0.0, (end - start).total_seconds(), 60.0)
    highest = int(
        np.argmax(sun_position(shot.place.lat_deg, shot.place.lon_deg, start, after_s).elevation_rad)
    )
    return (start + timedelta(seconds=float(after_s[highest]))).astimezone(UTC)
