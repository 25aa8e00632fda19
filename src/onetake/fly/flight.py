"""Flight: the arrays of many takes in the air, started from draws and advanced block by block.

Lanes beyond the number of takes asked for fly copies of the last, so that every batch has 16.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.axes import compose, from_axis_angle, from_matrix
from onetake.fly.scenario import Jumper, Scenario
from onetake.fly.state import CANOPY, COUNT, LANES, RECORD, RING_TICKS, TICK_S, S
from onetake.lanes import flat, room

F32 = NDArray[np.float32]
I32 = NDArray[np.int32]
U32 = NDArray[np.uint32]
Array = NDArray[np.float64]

RAMP_APART_M = 1.5  # sideways, the subject to the right of the operator as the aircraft flies
LONGEST_S = 1500.0  # nobody is up longer than 25 minutes; a take that is, ends as out of time


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """What is drawn once a take, n takes.

    takes (n,) numbers; seed; values: state field -> (n,); wind_error_m_s (n, 2, levels) east and north.
    """

    seed: int
    takes: NDArray[np.int64]
    values: Mapping[str, Array]
    wind_error_m_s: F32


@dataclass(slots=True, kw_only=True)
class Flight:
    """Takes in the air. `states` and the rest are the kernel's own arrays; `tick` is the next to be flown."""

    scenario: Scenario
    count: int
    tick: int
    states: F32
    rings: F32
    delays: I32
    errors: F32
    seeds: U32

    def field(self, name: str) -> F32:
        """One state field of the takes asked for, (n,)."""
        at = getattr(S, name)
        return self.states[:, at : at + LANES].reshape(-1)[: self.count]

    @property
    def falling(self) -> bool:
        """True while somebody of some take has no open parachute, and for no longer than anybody is up."""
        phases = [self.states[:, at : at + LANES] for at in (S.A_phase, S.B_phase)]
        done = self.states[:, S.done : S.done + LANES] > 0.5
        return bool(((np.minimum(*phases) < CANOPY) & ~done).any()) and self.tick * TICK_S <= LONGEST_S

    @property
    def finished(self) -> bool:
        """True when every take has landed or ended."""
        at = S.done
        return bool((self.states[:, at : at + LANES] > 0.5).all()) or self.tick * TICK_S > LONGEST_S


def nominal(scenario: Scenario) -> Draws:
    """The take as planned: every draw at its middle, no noise, no wind error."""
    values = {key: np.array([value]) for key, value in middle(scenario).items()}
    error = np.zeros((1, 2, scenario.error_levels), np.float32)
    return Draws(seed=0, takes=np.zeros(1, np.int64), values=values, wind_error_m_s=error)


def middle(scenario: Scenario) -> dict[str, float]:
    """The planned value of everything that can be drawn, noises at zero."""
    values = {
        "gust_gain": 0.0, "wake_growth": 0.08, "wake_power": 0.0, "wake_cap": 0.45, "react_s": 0.3, "focus_err": 0.0,
        "operator_bias": 0.0, "shelter": 0.4, "g1x": 0.0, "g1y": 0.0, "gz": 0.0, "g2x": 0.0, "g2y": 0.0,
    }  # fmt: skip
    for letter, jumper in zip("AB", scenario.jumpers, strict=True):
        values |= {f"{letter}_{key}": value for key, value in _person(jumper, scenario).items()}
    return values


def _person(jumper: Jumper, scenario: Scenario) -> dict[str, float]:
    pilot, leave = jumper.pilot, jumper.person.exit
    from onetake.jumper.canopy import likely_opening

    opening = likely_opening(jumper.canopy_m2)
    east, north = _heading(scenario)
    return {
        "exit_s": leave.at_s, "w0x": 0.0, "w0y": 0.0, "w0z": 0.0,
        "v0x": -leave.step_m_s * east, "v0y": -leave.step_m_s * north, "v0z": 0.0,
        "cda": 1.0, "delay": pilot.delay_s, "bandwidth": pilot.bandwidth_rad_s, "gain": pilot.approach_gain,
        "lead": pilot.lead_s, "reflex": pilot.reflex_rate_gain, "motor": 0.0, "trim_fore": 0.0, "trim_side": 0.0,
        "range_bias": 0.0, "range_noise": 0.0, "aim_noise": 0.0,
        "break_m": jumper.break_agl_m, "pull_m": jumper.pull_agl_m,
        "extract_s": opening.extraction_s, "snivel_s": opening.snivel_s, "fill_s": opening.fill_s,
        "snivel_area": opening.snivel_cda_m2 - jumper.body.cda_neutral_m2, "land_err_x": 0.0, "land_err_y": 0.0,
        "tilt_x": 0.0, "tilt_y": 0.0, "tilt_z": 0.0,
    }  # fmt: skip


def _heading(scenario: Scenario) -> tuple[float, float]:
    """Where the nose points, east and north: along the run's airspeed, not its track."""
    heading_rad = scenario.heading_rad
    return float(np.sin(heading_rad)), float(np.cos(heading_rad))


def exit_attitude(heading_rad: float, facing: str, pitch_rad: float) -> Array:
    """q_enu_from_body of someone upright on the ramp, facing the nose or the tail, leaning back by pitch_rad."""
    ahead = np.array([np.sin(heading_rad), np.cos(heading_rad), 0.0])
    head, back = np.array([0.0, 0.0, 1.0]), -ahead if facing == "nose" else ahead
    upright = from_matrix(np.stack([head, np.cross(back, head), back], axis=1))
    return compose(upright, from_axis_angle([0.0, 1.0, 0.0], -pitch_rad))


def start(scenario: Scenario, draws: Draws) -> Flight:
    """Put every take in the aircraft, before the first exit."""
    count = len(draws.takes)
    batches = -(-count // LANES)
    lane_take = np.minimum(np.arange(batches * LANES), count - 1)
    states = room(batches, COUNT * LANES)

    def put(name: str, values: Array | float) -> None:
        at = getattr(S, name)
        lanes = np.broadcast_to(np.asarray(values, np.float64), (batches * LANES,))
        states[:, at : at + LANES] = lanes.reshape(batches, LANES)

    name_takes(states, draws.takes)
    for name, values in draws.values.items():
        if not name.endswith(("tilt_x", "tilt_y", "tilt_z")):
            put(name, values[lane_take])
    begins_s = scenario.first_tick * TICK_S
    place = np.array(scenario.leaving.position_enu_m)
    place[:2] += begins_s * np.array(scenario.leaving.velocity_enu_m_s)
    whole = np.round(place / 16.0) * 16.0
    for i, axis in enumerate("xyz"):
        put(f"p{axis}", place[i] - whole[i])
        put(f"c{axis}", whole[i])
    # the two leave from either side of the ramp's middle
    put("rx", RAMP_APART_M * np.cos(scenario.heading_rad))
    put("ry", -RAMP_APART_M * np.sin(scenario.heading_rad))
    put("time", begins_s)
    put("lost", -1.0)
    put("vx", scenario.leaving.velocity_enu_m_s[0])
    put("vy", scenario.leaving.velocity_enu_m_s[1])
    put("focus", scenario.focus_start_m)
    put("rack_t", -1.0)
    put("closest", 1e6)
    put("clearance", 1e6)
    for letter, jumper in zip("AB", scenario.jumpers, strict=True):
        leave = jumper.person.exit
        q = exit_attitude(scenario.heading_rad, leave.facing, leave.pitch_rad)
        turned = _tilted(
            q, np.stack([draws.values[f"{letter}_tilt_{axis}"][lane_take] for axis in "xyz"], -1)
        )
        for i, part in enumerate(("qw", "qx", "qy", "qz")):
            put(f"{letter}_{part}", turned[:, i])
        for name in ("t_exit", "t_pull", "t_open", "t_land", "h_pull", "h_open"):
            put(f"{letter}_{name}", -1.0)
        put(f"{letter}_t_exit", 1e6)
        put(f"{letter}_rho", 1.0)
        put(f"{letter}_known", -1.0)
    delays = np.round(draws.values["B_delay"][lane_take] / TICK_S).clip(0, RING_TICKS - 2)
    errors = draws.wind_error_m_s[lane_take].reshape(batches, LANES, 2, -1).transpose(0, 2, 3, 1)
    return Flight(
        scenario=scenario,
        count=count,
        tick=scenario.first_tick,
        states=states,
        rings=room(batches, RING_TICKS * 6 * LANES),
        delays=delays.reshape(batches, LANES).astype(np.int32),
        errors=np.ascontiguousarray(errors, np.float32),
        seeds=np.array([draws.seed & 0xFFFFFFFF, (draws.seed >> 32) & 0xFFFFFFFF], np.uint32),
    )


def name_takes(states: F32, takes: NDArray[np.int64]) -> None:
    """Say whose noise every lane flies with from now on: take numbers (n,), below 2^48; spare lanes copy the last."""
    numbers = takes[np.minimum(np.arange(states.shape[0] * LANES), len(takes) - 1)].reshape(-1, LANES)
    states[:, S.take_low : S.take_low + LANES] = numbers & 0xFFFFFF
    states[:, S.take_high : S.take_high + LANES] = numbers >> 24


def _tilted(q: Array, tilt_rad: Array) -> Array:
    """q turned by small rotations (n, 3) in body axes."""
    half = tilt_rad / 2
    turn = np.concatenate([np.ones((len(half), 1)), half], axis=1)
    turned = compose(np.broadcast_to(q, turn.shape), turn)
    unit: Array = turned / np.linalg.norm(turned, axis=1, keepdims=True)
    return unit


def blank_records(flight: Flight, ticks: int) -> F32:
    """Room for a block of records, (batch, ticks, fields, 16)."""
    return room(flight.states.shape[0], ticks, len(RECORD), LANES)


def advance(flight: Flight, records: F32, ticks: int) -> None:
    """Fly a number of ticks; as many records as there is room for."""
    from onetake.fly.kernel import fly_block

    scenario = flight.scenario
    fly_block(
        flight.states, flight.rings, flight.delays, flight.errors, flat(records), scenario.air, scenario.common,
        scenario.panels, scenario.capsules, flight.tick, ticks, flight.seeds,
    )  # fmt: skip
    flight.tick += ticks
