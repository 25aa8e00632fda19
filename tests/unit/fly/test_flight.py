"""Takes put into the aircraft: attitudes at the ramp, lanes, blocks, and the take that comes out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from onetake.api.stage import Stage
from onetake.axes import rotate
from onetake.fly.flight import Draws, advance, blank_records, exit_attitude, nominal, start
from onetake.fly.simulate import fly_take
from onetake.fly.state import ABOARD, CANOPY, FREEFALL, LANDED, LANES, OPENING, RECORD, TICK_S, S
from onetake.odds.draws import draw

HEAD, BELLY = np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, -1.0])
UP = np.array([0.0, 0.0, 1.0])


@pytest.mark.parametrize("heading_deg", [0.0, 90.0, 217.0])
def test_who_faces_the_nose_gives_his_belly_to_the_wind(heading_deg: float) -> None:
    heading = np.radians(heading_deg)
    ahead = np.array([np.sin(heading), np.cos(heading), 0.0])
    nose, tail = (exit_attitude(heading, facing, 0.0) for facing in ("nose", "tail"))
    assert rotate(nose, HEAD) == pytest.approx(UP, abs=1e-12)
    assert rotate(nose, BELLY) == pytest.approx(ahead, abs=1e-12)
    assert rotate(tail, HEAD) == pytest.approx(UP, abs=1e-12)
    assert rotate(tail, BELLY) == pytest.approx(-ahead, abs=1e-12)


def test_pitch_leans_back() -> None:
    """Thirty degrees back, facing north: the head goes south, and the belly looks up."""
    q = exit_attitude(0.0, "nose", np.radians(30))
    assert rotate(q, HEAD) == pytest.approx([0.0, -0.5, np.cos(np.radians(30))], abs=1e-12)
    assert rotate(q, BELLY) == pytest.approx([0.0, np.cos(np.radians(30)), 0.5], abs=1e-12)


def test_everybody_rides_until_he_leaves(halo: Stage, fly: Any) -> None:
    flown = fly(halo.prepared.scenario, 2.0)
    phase, time_s = flown.column("B_phase"), flown.column("time")
    assert np.all(phase[time_s < 0.39] == ABOARD)
    assert np.all(phase[time_s > 0.45] == FREEFALL)
    # who is still aboard moves with the aircraft, beside the operator's side of the ramp at first
    start_m = np.linalg.norm(flown.vector("rx", "ry", "rz")[0])
    assert start_m == pytest.approx(1.5, abs=1e-6)
    aboard = flown.vector("vx", "vy", "vz") + flown.vector("ux", "uy", "uz")
    leaving = (*halo.prepared.scenario.leaving.velocity_enu_m_s, 0.0)
    for row in aboard[: int(0.36 / TICK_S)]:
        assert row == pytest.approx(leaving, abs=2e-5)


def test_a_step_off_the_ramp_is_toward_the_tail(halo: Stage, fly: Any) -> None:
    scenario = halo.prepared.scenario
    flown = fly(scenario, 0.4, shelter=0.0, common={"damping": 2.0})
    before, after = flown.vector("vx", "vy", "vz")[:2]
    still = fly(scenario, 0.4, shelter=0.0, A_v0x=0.0, A_v0y=0.0).vector("vx", "vy", "vz")[1]
    ahead = np.array([np.sin(scenario.heading_rad), np.cos(scenario.heading_rad), 0.0])
    assert (after - still) @ ahead == pytest.approx(-1.0, abs=0.05)
    assert np.linalg.norm(before) == pytest.approx(np.hypot(*scenario.leaving.velocity_enu_m_s), rel=1e-6)


@pytest.mark.parametrize("count", [1, 5, 16, 17, 33])
def test_lanes_beyond_the_last_take_fly_copies_of_it(halo: Stage, count: int) -> None:
    scenario = halo.prepared.scenario
    takes = np.arange(1, count + 1)
    flight = start(scenario, draw(scenario, halo.wind_spread(), 1, takes))
    batches = -(-count // LANES)
    assert flight.states.shape[0] == batches
    advance(flight, blank_records(flight, 0), 50)
    everything = flight.states.reshape(batches, -1, LANES)
    last = (count - 1) % LANES
    for lane in range(last, LANES):
        assert np.array_equal(everything[-1, :, lane], everything[-1, :, last], equal_nan=True)
    assert flight.field("rx").shape == (count,)


def test_blocks_of_any_length_fly_the_same(halo: Stage) -> None:
    scenario = halo.prepared.scenario
    draws = draw(scenario, halo.wind_spread(), 2, np.arange(1, 4))
    whole, pieces = start(scenario, draws), start(scenario, draws)
    advance(whole, blank_records(whole, 300), 300)
    for ticks in (1, 2, 97, 200):
        # with more, fewer or no records asked for
        advance(pieces, blank_records(pieces, ticks % 3), ticks)
    assert whole.tick == pieces.tick == 300
    assert np.array_equal(whole.states, pieces.states)


def test_a_record_is_the_state_at_the_begin_of_its_tick(halo: Stage) -> None:
    flight = start(halo.prepared.scenario, nominal(halo.prepared.scenario))
    before = flight.field("vz").copy(), flight.field("time").copy()
    records = blank_records(flight, 2)
    advance(flight, records, 2)
    assert records[0, 0, RECORD.index("vz"), 0] == before[0][0]
    assert records[0, 0, RECORD.index("time"), 0] == before[1][0]
    assert records[0, 1, RECORD.index("time"), 0] == pytest.approx(TICK_S)


def test_flying_twice_gives_the_same_bits(two_way: Stage) -> None:
    scenario = two_way.prepared.scenario
    one, other = (fly_take(scenario, nominal(scenario)) for _ in range(2))
    for first, second in zip(one.bodies, other.bodies, strict=True):
        assert np.array_equal(first.position_enu_m, second.position_enu_m)
    assert one.events == other.events
    assert one.facts == other.facts


# --- the take that comes out --------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", ["halo", "two_way"])
def test_a_nominal_take_is_whole(example: str, request: pytest.FixtureRequest) -> None:
    stage: Stage = request.getfixturevalue(example)
    take = stage.prepared.take
    assert take.ending == "landed"
    assert take.slate.take == 0
    assert take.event("abort") is None
    for trace in take.bodies:
        assert np.all(np.isfinite(trace.position_enu_m))
        assert np.linalg.norm(trace.q_enu_from_body, axis=1) == pytest.approx(
            np.ones(len(trace.time_s)), abs=1e-4
        )
        assert trace.uncertainty.exact
        names = [event.name for event in take.events if event.body == trace.name]
        assert names == ["exit", "pull", "open", "landing"]
    times = [event.time_s for event in take.events]
    assert times == sorted(times)
    assert set(take.facts) >= {"operator_opening_g", "subject_landing_east_m", "operator_neck_load_n"}
    assert all(np.isfinite(value) for value in take.facts.values())


@pytest.mark.parametrize("example", ["halo", "two_way"])
def test_a_landing_is_on_the_ground(example: str, request: pytest.FixtureRequest) -> None:
    stage: Stage = request.getfixturevalue(example)
    take = stage.prepared.take
    for who, trace in zip(("operator", "subject"), take.bodies, strict=True):
        landing = take.event("landing", trace.name)
        assert landing is not None
        # single precision of the height of the other one is the last half a millimetre
        assert trace.position_enu_m[-1, 2] == pytest.approx(0.0, abs=2e-3)
        assert trace.velocity_enu_m_s[-1] == pytest.approx([0.0, 0.0, 0.0], abs=1e-5)
        assert np.all(trace.position_enu_m[:, 2] > -2e-3)
        spot = [take.facts[f"{who}_landing_{axis}_m"] for axis in ("east", "north")]
        assert trace.position_enu_m[-1, :2] == pytest.approx(spot, abs=2e-3)
        # and there he stands while the other is still up
        after = trace.position_enu_m[trace.time_s >= landing.time_s]
        assert np.abs(after - after[-1]).max() < 2e-3


def test_phases_only_go_up(halo: Stage) -> None:
    for trace in halo.prepared.take.bodies:
        phase = trace.channels["phase_code"]
        assert np.all(np.diff(phase) >= 0)
        assert set(phase) == {ABOARD, FREEFALL, OPENING, CANOPY, LANDED}


def test_subject_is_the_operator_plus_the_relative_track(halo: Stage) -> None:
    take = halo.prepared.take
    assert take.relative is not None
    apart = take.bodies[1].position_enu_m - take.bodies[0].position_enu_m
    assert apart == pytest.approx(take.relative.position_enu_m, abs=1e-9)
    velocity = take.bodies[0].velocity_enu_m_s
    moved = (
        np.diff(take.bodies[0].position_enu_m[1:2000], axis=0)
        / np.diff(take.bodies[0].time_s[1:2000])[:, None]
    )
    # a position is the integral of its velocity; the first tick has the step off the ramp in it
    assert moved == pytest.approx((velocity[2:2000] + velocity[1:1999]) / 2, abs=0.03)


# --- precision ----------------------------------------------------------------------------------------------------


def test_three_feet_keep_their_precision_at_seven_kilometres(halo: Stage, fly: Any) -> None:
    """Aboard at 107 m/s the subject creeps a centimetre a second from the operator for twenty seconds: 0.2 m to 0.1 mm."""
    scenario = halo.prepared.scenario
    plan = nominal(scenario)
    values = dict(plan.values) | {name: np.array([1e6]) for name in ("A_exit_s", "B_exit_s")}
    flight = start(scenario, replace(plan, values=values))
    at = S.ux
    flight.states[:, at : at + LANES] = 0.01
    x, east = float(flight.field("rx")[0]), scenario.leaving.position_enu_m[0]
    advance(flight, blank_records(flight, 0), 500)
    assert float(flight.field("rx")[0]) - x == pytest.approx(0.2, abs=1e-4)
    # and the aircraft itself is where it should be after two kilometres, to 5 mm
    flown_m = float(flight.field("px")[0]) + float(flight.field("cx")[0]) - east
    assert flown_m == pytest.approx(20.0 * scenario.leaving.velocity_enu_m_s[0], abs=5e-3)
    assert abs(float(flight.field("px")[0])) <= 8.0 + 1e-3


# --- what is not a number -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["vx", "A_qw", "B_qy", "rz", "pz", "B_wx", "A_rho"])
def test_what_is_not_a_number_ends_its_take_alone(halo: Stage, field: str) -> None:
    scenario = halo.prepared.scenario
    draws = draw(scenario, halo.wind_spread(), 4, np.arange(1, 17))
    clean, hurt = start(scenario, draws), start(scenario, draws)
    for flight in (clean, hurt):
        advance(flight, blank_records(flight, 0), 200)
    hurt.states[0, getattr(S, field) + 3] = np.nan
    for flight in (clean, hurt):
        advance(flight, blank_records(flight, 0), 100)
    if field != "A_rho":  # the air is looked up anew each tick
        assert hurt.field("ending")[3] == 3.0
        assert hurt.field("done")[3] == 1.0
    others = [lane for lane in range(LANES) if lane != 3]
    for one, other in zip(
        clean.states[0].reshape(-1, LANES).T[others], hurt.states[0].reshape(-1, LANES).T[others], strict=True
    ):
        assert np.array_equal(one, other, equal_nan=True)


def test_a_diverged_take_holds_nothing(two_way: Stage) -> None:
    """From draws without sense to a verdict: diverged, missed, and no error on the way."""
    from onetake.judge.score import judge

    scenario = two_way.prepared.scenario
    plan = nominal(scenario)
    values = dict(plan.values) | {"A_cda": np.array([np.nan])}
    take = fly_take(
        scenario, Draws(seed=0, takes=plan.takes, values=values, wind_error_m_s=plan.wind_error_m_s)
    )
    assert take.ending == "diverged"
    verdict, _ = judge(two_way.bench, take)
    assert verdict.verdict == "missed"
    assert all(beat.verdict == "missed" for beat in verdict.beats if beat.hold_s > 0)
    assert take.bodies[0].time_s[-1] < 1.0
