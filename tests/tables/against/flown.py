"""What the comparisons of motion fly: the odds' own kernel at its own step, on arrays made by the product itself.

Nothing here integrates anything. A published case becomes a Scenario (the example's crew over a drop zone of the case's
latitude, in the case's air), with at most the operator's panels, mass and inertia replaced by the case's body; it is
started and advanced as the odds do it. The subject stays aboard.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onetake.fly.flight import Flight, advance, blank_records, nominal, start
from onetake.fly.scenario import Scenario, build_scenario
from onetake.fly.state import LANES, TICK_S, C, R, S
from onetake.shot import parse_shot
from onetake.shot.file import Shot
from onetake.take import Leaving
from onetake.units import G0_M_S2
from onetake.weather.atmosphere import isa
from onetake.weather.column import Column

Array = NDArray[np.float64]

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "halo" / "shot.toml"
NEVER = 1e9
# nobody steers, pulls, breaks off or is sheltered; the subject stays aboard
ALONE = {
    "B_exit_s": NEVER, "shelter": 0.0, "A_v0x": 0.0, "A_v0y": 0.0, "A_v0z": 0.0, "A_pull_m": -NEVER,
    "A_break_m": -NEVER,
}  # fmt: skip
NO_RULES = {
    "no_mark_m": -NEVER, "closing_range_m": -1.0, "lost_s": NEVER, "A_aad_m": -NEVER, "A_aad_slow_m": -NEVER,
    "B_aad_m": -NEVER, "B_aad_slow_m": -NEVER,
}  # fmt: skip
# a plane that does not turn, with the standard's gravity
FLAT = {
    "gravity": G0_M_S2, "gradient": 0.0, "gradient2": 0.0, "coriolis_sin": 0.0, "coriolis_cos": 0.0, "curve_e": 0.0,
    "curve_n": 0.0, "curve_tan": 0.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Flown:
    """Paths of n bodies: time (k,), position and velocity (k, n, 3) ENU, turn rate (k, n, 3) body axes, load (k, n)."""

    time_s: Array
    position_enu_m: Array
    velocity_enu_m_s: Array
    rate_rad_s: Array
    felt_g: Array
    phase: Array

    @property
    def height_m(self) -> Array:
        """Height above the drop zone (k, n)."""
        return self.position_enu_m[..., 2]

    @property
    def speed_m_s(self) -> Array:
        """Speed over the ground (k, n)."""
        speed: Array = np.linalg.norm(self.velocity_enu_m_s, axis=-1)
        return speed

    def at(self, time_s: ArrayLike, values: Array) -> Array:
        """Values (k, …) of this flight at other times, between ticks straight."""
        times = np.atleast_1d(np.asarray(time_s, float))
        flat = values.reshape(len(values), -1)
        columns = [np.interp(times, self.time_s, column) for column in flat.T]
        return np.stack(columns, axis=-1).reshape(len(times), *values.shape[1:])


@cache
def crew() -> Shot:
    """The people of the example."""
    return parse_shot(EXAMPLE.read_text("utf-8"), EXAMPLE)


def standard_air(
    top_m: float, east_m_s: Callable[[Array], Array] | None = None, step_m: float = 50.0
) -> Column:
    """The standard atmosphere as a sounding, with a wind towards the east by height."""
    levels = np.arange(0.0, top_m + 2 * step_m, step_m)
    air, still = isa(levels), np.zeros_like(levels)
    return Column(
        format="own_csv", station="standard", valid_utc=None, base_utc=None, lat_deg=None, lon_deg=None,
        altitude_msl_m=levels, pressure_pa=air.pressure_pa, temperature_k=air.temperature_k,
        wind_east_m_s=still if east_m_s is None else east_m_s(levels), wind_north_m_s=still,
    )  # fmt: skip


def over(
    column: Column,
    *,
    height_m: float,
    ahead_m_s: tuple[float, float] = (0.0, 0.0),
    heading_rad: float = np.pi / 2,
    lat_deg: float = 0.0,
    gusts: str = "none",
    ground_m: float = 0.0,
) -> Scenario:
    """The example's crew over a drop zone at lon 0, leaving at a height above it with a velocity east and north."""
    shot = replace(
        crew(),
        place=replace(crew().place, lat_deg=lat_deg, lon_deg=0.0, elevation_m=ground_m),
        weather=replace(crew().weather, gusts=gusts),
    )
    assert column.top_msl_m is not None
    place, ahead = (0.0, 0.0, float(height_m)), (float(ahead_m_s[0]), float(ahead_m_s[1]))
    leaving = Leaving(position_enu_m=place, velocity_enu_m_s=ahead, heading_rad=heading_rad)
    high = replace(leaving, position_enu_m=(0.0, 0.0, max(height_m, column.top_msl_m - ground_m - 200.0)))
    scenario = build_scenario(shot, column, high)  # the table of the air reaches its top
    return common(replace(scenario, leaving=leaving), **NO_RULES)


def common(scenario: Scenario, **values: float) -> Scenario:
    """The same with some of the numbers that all takes share."""
    table = scenario.common.copy()
    for name, value in values.items():
        table[getattr(C, name)] = value
    return replace(scenario, common=table)


def ball(
    scenario: Scenario,
    mass_kg: float,
    cda_m2: float,
    inertia_kg_m2: tuple[float, float, float] = (1.0, 1.0, 1.0),
) -> Scenario:
    """The operator as a body whose drag does not know its attitude: no panels, all skin."""
    panels = scenario.panels.copy()
    panels[0] = 0.0
    panels[0, 6, 0] = cda_m2
    roll, pitch, yaw = inertia_kg_m2
    held = {"A_riser_x": 0.0, "A_riser_y": 0.0, "A_riser_z": 0.0}  # a parachute pulls at the centre
    return common(replace(scenario, panels=panels), A_mass=mass_kg, A_ix=roll, A_iy=pitch, A_iz=yaw, **held)


def mass_kg(scenario: Scenario) -> float:
    """Mass of the operator with all he carries."""
    return float(scenario.common[C.A_mass])


def attitude(w: float, x: float, y: float, z: float) -> Callable[[Flight], None]:
    """For `fly`: the operator leaves with this q_enu_from_body; (1, 0, 0, 0) is belly down, head to the east."""

    def turn(flight: Flight) -> None:
        for name, part in zip(("A_qw", "A_qx", "A_qy", "A_qz"), (w, x, y, z), strict=True):
            put(flight, name, part)

    return turn


def put(flight: Flight, name: str, value: ArrayLike) -> None:
    """Set one field of the state, by one number or one for each take; what pads the last batch gets the last."""
    at, batches = getattr(S, name), len(flight.states)
    given = np.broadcast_to(np.asarray(value, np.float32), (flight.count,))
    lanes = np.pad(given, (0, batches * LANES - flight.count), mode="edge")
    flight.states[:, at : at + LANES] = lanes.reshape(batches, LANES)


def launch(
    scenario: Scenario, count: int = 1, wind_error_m_s: NDArray[np.float32] | None = None, **drawn: ArrayLike
) -> Flight:
    """Takes on the ramp, their draws at the middle but for those named; wind errors (count, 2, levels)."""
    plan = nominal(scenario)
    values = dict(plan.values) | {name: np.asarray(value, float) for name, value in (ALONE | drawn).items()}
    full = {name: np.broadcast_to(value, (count,)).copy() for name, value in values.items()}
    if wind_error_m_s is None:
        wind_error_m_s = np.zeros((count, 2, scenario.error_levels), np.float32)
    takes = np.arange(count, dtype=np.int64)
    return start(scenario, replace(plan, takes=takes, values=full, wind_error_m_s=wind_error_m_s))


def fly(
    scenario: Scenario,
    seconds: float,
    count: int = 1,
    before: Callable[[Flight], None] | None = None,
    *,
    every: int = 1,
    wind_error_m_s: NDArray[np.float32] | None = None,
    **drawn: ArrayLike,
) -> Flown:
    """Launch, fly, and read the operator every so many ticks; `before` may set the state that draws do not reach."""
    flight = launch(scenario, count, wind_error_m_s, **drawn)
    if before is not None:
        before(flight)
    return follow(flight, round(seconds / TICK_S) + 1 - scenario.first_tick, every)


def follow(flight: Flight, ticks: int, every: int = 1) -> Flown:
    """Fly a number of ticks and read of the operator the first of every so many."""
    room, blocks = (ticks, 1) if every == 1 else (1, -(-ticks // every))
    told = []
    for _ in range(blocks):
        records = blank_records(flight, room)
        advance(flight, records, room if every == 1 else every)
        told.append(records.transpose(1, 2, 0, 3).reshape(room, records.shape[2], -1)[:, :, : flight.count])
    rows = np.concatenate(told).astype(np.float64)
    fine, coarse = rows[:, [R.px, R.py, R.pz]], rows[:, [R.cx, R.cy, R.cz]]
    return Flown(
        time_s=rows[:, R.time, 0],
        position_enu_m=(fine + coarse).transpose(0, 2, 1),
        velocity_enu_m_s=rows[:, [R.vx, R.vy, R.vz]].transpose(0, 2, 1),
        rate_rad_s=rows[:, [R.A_wx, R.A_wy, R.A_wz]].transpose(0, 2, 1),
        felt_g=rows[:, R.A_felt_g],
        phase=rows[:, R.A_phase],
    )


def join(parts: Sequence[Flown]) -> Flown:
    """Flights that follow one another, as one."""
    names = [field.name for field in fields(Flown)]
    return Flown(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def go(flight: Flight, ticks: int) -> None:
    """Fly on without a record, for what is read from the state itself."""
    advance(flight, blank_records(flight, 0), ticks)


def height_m(flight: Flight) -> Array:
    """Height of the operators above the drop zone now, (n,)."""
    return flight.field("cz").astype(np.float64) + flight.field("pz")
