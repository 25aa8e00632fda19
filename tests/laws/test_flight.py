"""Laws of the flight: it agrees with a plain double-precision twin, loses energy, and knows no compass.

The twin below says the model of docs/physics.md once more in numpy, without looking at the compiled text: six panels,
Euler's equations, gravity with gradient, both Coriolis terms, midpoint steps of 20 ms.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from onetake.api.stage import Stage
from onetake.axes import compose, from_axis_angle, rotate
from onetake.fly.flight import Draws, Flight, advance, blank_records, exit_attitude, nominal, start
from onetake.fly.scenario import Jumper, Scenario
from onetake.fly.state import FREEFALL, LANES, TICK_S, C, R, S
from onetake.odds.draws import draw
from onetake.take import Leaving

Array = NDArray[np.float64]
F32 = NDArray[np.float32]

NEVER = 1e9
SEEDS = st.integers(0, 2**32 - 1)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


# --- the twin -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Constant air (n,) and the numbers of the Earth."""

    density_kg_m3: Array
    wind_enu_m_s: Array
    gravity: float = 9.80665
    gradient: float = 0.0
    coriolis: tuple[float, float] = (0.0, 0.0)


@dataclass(slots=True, kw_only=True)
class Twin:
    """n copies of one body: velocity (n, 3), attitude (n, 4), turn rate (n, 3), posture (n, 4), height (n,)."""

    jumper: Jumper
    world: World
    v: Array
    q: Array
    w: Array
    posture: Array
    height: Array
    damping: float = 2.0

    def accelerations(self, v: Array, q: Array, w: Array) -> tuple[Array, Array]:
        body, fall = self.jumper.body, self.jumper.person.fall_rate
        flow = rotate(q * [1, -1, -1, -1], self.world.wind_enu_m_s - v)
        speed = np.linalg.norm(flow, axis=1, keepdims=True)
        rise, fore, side, turn = self.posture.T
        slow = (fall.neutral_m_s / fall.min_m_s) ** 2 - 1
        fast = 1 - (fall.neutral_m_s / fall.max_m_s) ** 2
        whole = 1 + slow * np.maximum(rise, 0) + fast * np.minimum(rise, 0)
        force, moment = np.zeros_like(v), np.zeros_like(v)
        for panel in body.panels:
            limb = panel.name.split()[-1]
            left = -1.0 if panel.name.startswith("left") else 1.0 if panel.name.startswith("right") else 0.0
            size = whole * (1 + {"arm": -0.35, "leg": 0.35}.get(limb, 0.0) * fore) * (1 + 0.18 * left * side)
            normal = np.tile(panel.normal, (len(v), 1))
            normal[:, 0] += 0.40 * left * turn * (limb == "arm")
            local = flow - self.damping * np.cross(w, panel.place_m)
            through = np.sum(local * normal, axis=1, keepdims=True)
            # a moved limb shows the air more area; friction grows with the whole body only
            push = panel.area_cn_m2 * (
                size[:, None] * through * np.abs(through) * normal
                + body.tangential * whole[:, None] * speed * local
            )
            force = force + push
            moment = moment + np.cross(panel.place_m, push)
        half = 0.5 * self.world.density_kg_m3[:, None]
        inertia = np.diag(body.inertia_kg_m2)
        spin = (half * moment - np.cross(w, inertia * w)) / inertia
        g = self.world.gravity * (1 - self.world.gradient * self.height)
        sin, cos = self.world.coriolis
        earth = np.stack([sin * v[:, 1] - cos * v[:, 2], -sin * v[:, 0], cos * v[:, 0] - g], axis=1)
        return rotate(q, half * force / body.mass_kg) + earth, spin

    def step(self, h: float = 0.02) -> None:
        a, spin = self.accelerations(self.v, self.q, self.w)
        v, w = self.v + h / 2 * a, self.w + h / 2 * spin
        a, spin = self.accelerations(v, _turned(self.q, self.w, h / 2), w)
        self.height = self.height + h * v[:, 2]
        self.v, self.q, self.w = self.v + h * a, _turned(self.q, w, h), self.w + h * spin


def _turned(q: Array, rate: Array, seconds: float) -> Array:
    angle = np.linalg.norm(rate, axis=1, keepdims=True) * seconds
    axis = rate / np.maximum(np.linalg.norm(rate, axis=1, keepdims=True), 1e-12)
    return compose(q, np.concatenate([np.cos(angle / 2), np.sin(angle / 2) * axis], axis=1))


# --- putting the compiled flight into any state -------------------------------------------------------------------


def calm(scenario: Scenario, **common: float) -> Scenario:
    """Uniform air at rest, no Earth's turning, no rules, nobody in anybody's way."""
    air = scenario.air.copy()
    air[:, 0], air[:, 1:] = 1.0, 0.0
    air[:, 4], air[:, 5] = 533.4, 340.0
    table = scenario.common.copy()
    values = {
        "gravity": 9.80665, "gradient": 0.0, "gradient2": 0.0, "coriolis_sin": 0.0, "coriolis_cos": 0.0,
        "curve_e": 0.0, "curve_n": 0.0, "curve_tan": 0.0, "no_mark_m": -NEVER,
        "closing_range_m": -1.0, "lost_s": NEVER, **{f"{who}_aad{pair}_m": -NEVER for who in "AB" for pair in ("", "_slow")},
    }  # fmt: skip
    for name, value in (values | common).items():
        table[getattr(C, name)] = value
    capsules = scenario.capsules.copy()
    capsules[:, 6] = -NEVER
    return replace(scenario, air=air, common=table, capsules=capsules)


def lanes(flight: Flight, *names: str) -> Array:
    """Fields of the one batch, (16, names)."""
    return np.stack([flight.states[0, getattr(S, n) : getattr(S, n) + LANES] for n in names], -1).astype(
        float
    )


def put(flight: Flight, values: Array, *names: str) -> None:
    for name, column in zip(names, values.T, strict=True):
        flight.states[0, getattr(S, name) : getattr(S, name) + LANES] = column


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """Sixteen random states of two bodies 50 m apart."""

    density_kg_m3: float
    wind_enu_m_s: Array
    height_m: Array
    v: tuple[Array, Array]
    q: tuple[Array, Array]
    w: tuple[Array, Array]


def chance(seed: int, *, wind_m_s: float = 30.0, spin_rad_s: float = 2.0) -> Chance:
    rng = np.random.default_rng(seed)
    q = rng.standard_normal((2, LANES, 4))
    q /= np.linalg.norm(q, axis=-1, keepdims=True)
    v = rng.standard_normal((2, LANES, 3)) * rng.uniform(0, 60)
    w = rng.standard_normal((2, LANES, 3)) * rng.uniform(0, spin_rad_s)
    return Chance(
        density_kg_m3=float(rng.uniform(0.5, 1.225)),
        wind_enu_m_s=np.array([*rng.uniform(-wind_m_s, wind_m_s, 2), 0.0]),
        height_m=rng.uniform(1000, 3500, LANES),
        v=(v[0], v[1]),
        q=(q[0], q[1]),
        w=(w[0], w[1]),
    )


def in_state(scenario: Scenario, state: Chance) -> Flight:
    """All 16 lanes in freefall in these states, with no noise, no wake, no shelter."""
    air = scenario.air.copy()
    air[:, 0], air[:, 1], air[:, 2] = state.density_kg_m3, state.wind_enu_m_s[0], state.wind_enu_m_s[1]
    plan = nominal(scenario)
    still = {"wake_cap": 0.0, "shelter": 0.0, "gust_gain": 0.0}
    still |= {f"{who}_{name}": -NEVER for who in "AB" for name in ("break_m", "pull_m")}
    values = {key: np.full(LANES, value[0]) for key, value in plan.values.items()}
    values |= {key: np.full(LANES, value) for key, value in still.items()}
    flight = start(
        replace(scenario, air=air),
        Draws(
            seed=0,
            takes=np.arange(LANES),
            values=values,
            wind_error_m_s=np.repeat(plan.wind_error_m_s, LANES, 0),
        ),
    )
    for who, v, q, w in zip("AB", state.v, state.q, state.w, strict=True):
        put(flight, q, *(f"{who}_{part}" for part in ("qw", "qx", "qy", "qz")))
        put(flight, w, *(f"{who}_{part}" for part in ("wx", "wy", "wz")))
        put(flight, np.full((LANES, 2), [FREEFALL, -100.0]), f"{who}_phase", f"{who}_t_exit")
        if who == "A":
            put(flight, v, "vx", "vy", "vz")
    put(flight, state.v[1] - state.v[0], "ux", "uy", "uz")
    put(flight, np.tile([30.0, 40.0, 0.0], (LANES, 1)), "rx", "ry", "rz")
    whole = np.round(state.height_m / 16) * 16
    put(flight, np.stack([np.zeros(LANES), np.zeros(LANES), whole], 1), "cx", "cy", "cz")
    put(flight, np.stack([np.zeros(LANES), np.zeros(LANES), state.height_m - whole], 1), "px", "py", "pz")
    return flight


def one_tick(flight: Flight) -> None:
    advance(flight, blank_records(flight, 0), 1)


class Scene:
    """A stage whose name is short: a failing example is printed with what it was given."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.scenario = stage, stage.prepared.scenario


@pytest.fixture(scope="module")
def scene(halo: Stage) -> Scene:
    return Scene(halo)


@pytest.fixture(scope="module")
def sport(two_way: Stage) -> Scene:
    """Both leave with the belly to the wind, so that rounding is not magnified by a tumble."""
    return Scene(two_way)


# --- the laws -----------------------------------------------------------------------------------------------------


@FEW
@given(SEEDS)
def test_a_tick_agrees_with_the_double_precision_twin(scene: Scene, seed: int) -> None:
    """Any attitude, spin, speed, wind and density: forces, moments, Coriolis and gravity as the twin has them."""
    state = chance(seed)
    sin, cos, gradient = 6e-5, 1.3e-4, 2 / 6.371e6
    scenario = calm(scene.scenario, coriolis_sin=sin, coriolis_cos=cos, gradient=gradient)
    flight = in_state(scenario, state)
    one_tick(flight)
    velocity = [lanes(flight, "vx", "vy", "vz")]
    velocity.append(velocity[0] + lanes(flight, "ux", "uy", "uz"))
    for i, who in enumerate("AB"):
        twin = Twin(
            jumper=scenario.jumpers[i],
            world=World(
                density_kg_m3=np.full(LANES, np.float32(state.density_kg_m3), float),
                wind_enu_m_s=state.wind_enu_m_s, gradient=gradient, coriolis=(sin, cos),
            ),
            v=state.v[i].astype(np.float32).astype(float), q=state.q[i], w=state.w[i],
            posture=np.zeros((LANES, 4)), height=state.height_m.copy(),
        )  # fmt: skip
        twin.step()
        # limbs begin to follow what the pilot wants: 20 ms of a 0.25 s lag
        twin.posture = 0.08 * lanes(flight, *(f"{who}_{name}_c" for name in ("fall", "fore", "side", "turn")))
        twin.step()
        q = lanes(flight, *(f"{who}_{part}" for part in ("qw", "qx", "qy", "qz")))
        # single precision, and attitudes that are made unit by one Newton step of what is left
        assert velocity[i] == pytest.approx(twin.v, abs=1e-3)
        assert lanes(flight, *(f"{who}_{part}" for part in ("wx", "wy", "wz"))) == pytest.approx(
            twin.w, abs=5e-4
        )
        # half a milliradian; the length is kept by one Newton step a time step
        assert np.abs(np.sum(q * twin.q, axis=1)) / np.linalg.norm(q, axis=1) == pytest.approx(
            np.ones(LANES), abs=1e-7
        )
        assert np.linalg.norm(q, axis=1) == pytest.approx(np.ones(LANES), abs=1e-4)


@FEW
@given(SEEDS)
def test_energy_never_grows_in_still_air(scene: Scene, seed: int) -> None:
    """Drag only takes: whatever the attitude, the spin and what the pilot does with his limbs."""
    state = chance(seed, wind_m_s=0.0)
    scenario = calm(scene.scenario)
    flight = in_state(scenario, state)
    for _ in range(5):
        before = _energy(flight, scenario)
        one_tick(flight)
        after = _energy(flight, scenario)
        # single precision of a speed of 200 m/s on 100 kg
        assert np.all(after <= before + 2.0)


def _energy(flight: Flight, scenario: Scenario) -> Array:
    """Kinetic, turning and potential energy of both bodies, J, (2, 16)."""
    first = lanes(flight, "vx", "vy", "vz")
    second = first + lanes(flight, "ux", "uy", "uz")
    height = lanes(flight, "pz")[:, 0] + lanes(flight, "cz")[:, 0] - 2000.0
    found = []
    for i, (who, v, lift) in enumerate(
        (("A", first, np.zeros(LANES)), ("B", second, lanes(flight, "rz")[:, 0]))
    ):
        body = scenario.jumpers[i].body
        w = lanes(flight, *(f"{who}_{part}" for part in ("wx", "wy", "wz")))
        moving = 0.5 * body.mass_kg * np.sum(v**2, axis=1)
        turning = 0.5 * np.sum(np.diag(body.inertia_kg_m2) * w**2, axis=1)
        found.append(moving + turning + body.mass_kg * 9.80665 * (height + lift))
    return np.array(found)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(take=st.integers(1, 10**6), quarters=st.sampled_from([1, 2, 3]))
def test_turning_the_whole_world_changes_nothing_but_directions(
    sport: Scene, take: int, quarters: int
) -> None:
    """Aircraft, winds and their errors turned by quarters: twelve seconds of a drawn take, turned back, are the same."""
    scenario = calm(sport.scenario)
    scenario = replace(scenario, air=sport.scenario.air)
    drawn = draw(scenario, sport.stage.wind_spread(), 3, np.array([take], np.int64))
    # gusts and the difference of gusts are noise along east and north, which do not turn
    drawn = replace(drawn, values=dict(drawn.values) | {"gust_gain": np.zeros(1)})
    as_is = _fly(scenario, drawn, 12.0)
    there = _fly(*_world_turned(scenario, drawn, quarters), 12.0)
    for names in (("rx", "ry", "rz"), ("ux", "uy", "uz"), ("vx", "vy", "vz")):
        one, other = (np.stack([records[:, getattr(R, n)] for n in names], -1) for records in (as_is, there))
        back = rotate(from_axis_angle([0, 0, 1], quarters * np.pi / 2), other)
        # fifty of the last places of a speed of 50 m/s in single precision
        assert back[:20] == pytest.approx(one[:20], abs=2e-4)
        assert back == pytest.approx(one, abs=0.03)
    for name in ("A_felt_g", "B_felt_g", "yaw", "pitch", "B_fall"):
        assert there[:, getattr(R, name)] == pytest.approx(as_is[:, getattr(R, name)], abs=0.01)


def _fly(scenario: Scenario, draws: Draws, seconds: float) -> F32:
    """Records (ticks, fields) of the first take."""
    flight = start(scenario, draws)
    ticks = round(seconds / TICK_S)
    records = blank_records(flight, ticks)
    advance(flight, records, ticks)
    return records[0, :, :, 0]


def _world_turned(scenario: Scenario, draws: Draws, quarters: int) -> tuple[Scenario, Draws]:
    """Everything turned clockwise by quarters."""

    def turned(east: Any, north: Any) -> tuple[Any, Any]:
        for _ in range(quarters):
            east, north = north, -east
        return east, north

    leaving = scenario.leaving
    air, common = scenario.air.copy(), scenario.common.copy()
    for e, n in ((1, 2), (6, 7)):
        air[:, e], air[:, n] = turned(air[:, e].copy(), air[:, n].copy())
    common[C.aircraft_e], common[C.aircraft_n] = turned(*leaving.velocity_enu_m_s)
    error = np.stack(turned(draws.wind_error_m_s[:, 0], draws.wind_error_m_s[:, 1]), 1)
    values = dict(draws.values)
    for who in "AB":
        values[f"{who}_v0x"], values[f"{who}_v0y"] = turned(values[f"{who}_v0x"], values[f"{who}_v0y"])
    return (
        replace(
            scenario,
            air=air,
            common=common,
            leaving=Leaving(
                position_enu_m=(*turned(*leaving.position_enu_m[:2]), leaving.position_enu_m[2]),
                velocity_enu_m_s=turned(*leaving.velocity_enu_m_s),
                heading_rad=leaving.heading_rad + quarters * np.pi / 2,
            ),
        ),
        replace(draws, values=values, wind_error_m_s=error.astype(np.float32)),
    )


def _from_the_aircraft(scene: Scene, spin_rad_s: float, seed: int, damping: float) -> Twin:
    """128 subjects with frozen neutral posture, out of the aircraft, shaken."""
    n, rng = 128, np.random.default_rng(seed)
    scenario = scene.scenario
    jumper, leaving = scenario.subject, scenario.leaving
    speed = np.hypot(*leaving.velocity_enu_m_s)
    tilt = 0.2 * rng.standard_normal((n, 3)) / 2
    q = exit_attitude(0.0, jumper.person.exit.facing, jumper.person.exit.pitch_rad)
    q = compose(np.tile(q, (n, 1)), np.concatenate([np.ones((n, 1)), tilt], 1))
    return Twin(
        jumper=jumper,
        world=World(density_kg_m3=np.full(n, 0.6), wind_enu_m_s=np.zeros(3)),
        v=np.tile([0.0, speed, 0.0], (n, 1)),
        q=q / np.linalg.norm(q, axis=1, keepdims=True),
        w=spin_rad_s * rng.standard_normal((n, 3)),
        posture=np.zeros((n, 4)),
        height=np.full(n, 7000.0),
        damping=damping,
    )


@pytest.mark.slow
@pytest.mark.parametrize("spin_rad_s", [0.3, 3.0])
@pytest.mark.parametrize("damping", [1.0, 2.0])
def test_hands_off_recovers(scene: Scene, spin_rad_s: float, damping: float) -> None:
    """The panels alone turn a body belly down from any exit: at 25 s nobody lies on his back (notes: 97-100 % at 20 s)."""
    twin = _from_the_aircraft(scene, spin_rad_s, 5, damping)
    for _ in range(1250):
        twin.step()
    belly_down = rotate(twin.q, [0.0, 0.0, 1.0])[:, 2] > 0
    assert belly_down.mean() >= 0.95
