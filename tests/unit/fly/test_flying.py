"""How people fly: who recovers and who is lost, approach and hold, aborts, break-off, pulls, devices, contact."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from onetake.api.stage import Stage
from onetake.fly.flight import Draws, advance, blank_records, nominal, start
from onetake.fly.scenario import LEVEL_M, Scenario
from onetake.fly.simulate import fly_take
from onetake.fly.state import ABORTS, CANOPY, CONTACT, FREEFALL, LANES, TICK_S, C, S
from onetake.judge.score import judge
from onetake.jumper.canopy import likely_opening, reserve_opening
from onetake.odds.draws import draw
from onetake.units import FT_M

NEVER = 1e9
UNSTEERED = {"B_bandwidth": 0.0, "B_gain": 0.0}
NO_RULES = {"no_mark_m": -NEVER, "closing_range_m": -1.0, "lost_s": NEVER}


def ghosts(scenario: Scenario) -> Scenario:
    """The same people, who can fly through each other."""
    capsules = scenario.capsules.copy()
    capsules[:, 6] = -NEVER
    return replace(scenario, capsules=capsules)


def belly_down(flown: Any, who: str) -> Any:
    """Whether a body's belly looks at the Earth at the last tick, by take."""
    q = [flown.last(f"{who}_{part}") for part in ("qx", "qy")]
    return 1 - 2 * (q[0] ** 2 + q[1] ** 2) > 0


# --- stability ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_rate_feedback_is_what_keeps_a_jumper_belly_down(halo: Stage, fly: Any) -> None:
    """The naive jumper: holds his attitude through the lag of his limbs without feeling how fast he turns."""
    scenario = ghosts(halo.prepared.scenario)
    draws = draw(scenario, halo.wind_spread(), 7, np.arange(1, 257))
    share = {}
    for gain in (0.0, 0.3, 1.3):
        flown = fly(scenario, 30.0, draws, common=NO_RULES, A_reflex=gain, B_reflex=gain)
        share[gain] = float(np.mean(belly_down(flown, "B")))
    assert share[1.3] >= 0.99
    # 256 takes: four standard errors of the difference are 0.11
    assert share[0.0] < share[1.3] - 0.15
    assert share[0.0] < share[0.3] <= share[1.3]


def test_a_skilled_pair_is_belly_down_after_the_hill(halo: Stage, fly: Any) -> None:
    draws = draw(halo.prepared.scenario, halo.wind_spread(), 8, np.arange(1, 129))
    flown = fly(ghosts(halo.prepared.scenario), 25.0, draws, common=NO_RULES)
    for who in "AB":
        assert np.mean(belly_down(flown, who)) >= 0.98


@pytest.mark.parametrize(("interval_s", "at_exit_m", "two_later_m"), [(1.5, 20.0, 60.0)])
def test_passive_separation_is_brutal(
    halo: Stage, fly: Any, interval_s: float, at_exit_m: float, two_later_m: float
) -> None:
    """Nobody steers. 1.5 s apart: about 20 m when the second leaves and 60 m two seconds later; 0.4 s: a quarter.

    By the reference history of one point mass against another; ±35 %, for attitudes, step-off and shelter differ.
    """
    calm = {f"{who}_{axis}": 0.0 for who in "AB" for axis in ("v0x", "v0y")}
    flown = fly(
        ghosts(halo.prepared.scenario), interval_s + 3.0, common=NO_RULES, B_exit_s=interval_s, shelter=0.0,
        **calm, **UNSTEERED,
    )  # fmt: skip
    apart = np.linalg.norm(flown.vector("rx", "ry", "rz") - flown.vector("rx", "ry", "rz")[0], axis=1)
    tick = round(interval_s / TICK_S)
    assert apart[tick] == pytest.approx(at_exit_m, rel=0.35)
    assert apart[tick + 50] == pytest.approx(two_later_m, rel=0.35)


def test_one_percent_of_drag_is_a_quarter_metre_a_second(halo: Stage, fly: Any) -> None:
    """Two jumpers alike but for 1 % of drag area, nobody steering: 0.27 m/s apart at 54 m/s (half a percent of speed)."""
    scenario = ghosts(halo.prepared.scenario)
    ratio = scenario.operator.body.cda_per_m_m2_kg / scenario.subject.body.cda_per_m_m2_kg
    levels_m = LEVEL_M * np.arange(len(scenario.air))
    for more in (1.0, 1.01):
        flown = fly(
            scenario, 75.0, common=NO_RULES, B_cda=ratio * more, A_break_m=-NEVER, B_break_m=-NEVER, wake_cap=0.0,
            **UNSTEERED,
        )  # fmt: skip
        rising = flown.column("uz")[-50:].mean()
        falling = -flown.column("vz")[-50:].mean()
        # who is higher by now falls through thinner air, and faster for it
        height = (flown.column("cz") + flown.column("pz"))[-25]
        own, others = np.interp([height + flown.column("rz")[-25], height], levels_m, scenario.air[:, 0])
        assert rising / falling == pytest.approx((more * own / others - 1) / 2, abs=1e-3)


# --- approach and hold --------------------------------------------------------------------------------------------


def test_the_subject_reaches_the_mark_and_holds_it(halo: Stage) -> None:
    """As planned, without any error: at three feet, within two inches, for the three seconds that the shot asks."""
    _, signals = judge(halo.bench, halo.prepared.take)
    over = halo.prepared.take.event("break-off")
    assert over is not None
    near = np.abs(signals["range_m"] - 3 * FT_M) < 2 * 0.0254
    runs = (
        np.diff(np.flatnonzero(np.concatenate([[True], ~near[signals["time_s"] < over.time_s], [True]]))) - 1
    )
    assert runs.max() * TICK_S >= 3.0


@pytest.mark.parametrize("example", ["halo", "two_way"])
def test_the_nominal_take_is_got(example: str, request: pytest.FixtureRequest) -> None:
    stage: Stage = request.getfixturevalue(example)
    verdict, _ = judge(stage.bench, stage.prepared.take)
    assert verdict.verdict == "got it", [beat.note for beat in verdict.beats]


def test_nobody_orbits(halo: Stage) -> None:
    """Once there, neither turns about the other: two heading loops must not chase each other."""
    take = halo.prepared.take
    over = take.event("break-off")
    assert over is not None
    for trace in take.bodies:
        assert trace.rate_body_rad_s is not None
        late = (trace.time_s > over.time_s - 15) & (trace.time_s < over.time_s - 1)
        assert np.abs(trace.rate_body_rad_s[late, 2]).mean() < 0.05


def test_an_approach_never_comes_in_faster_than_its_limit(halo: Stage) -> None:
    _, signals = judge(halo.bench, halo.prepared.take)
    late = (signals["time_s"] > 20) & (signals["time_s"] < 60)
    closing = signals["closing_m_s"][late]
    assert closing.max() < 6.5
    near = late & (signals["range_m"] < 5.0)
    assert signals["closing_m_s"][near].max() < 15 * 0.3048 / 1.5


def test_focus_is_racked_on_its_cue_and_to_the_stop(halo: Stage) -> None:
    take = halo.prepared.take
    assert take.lens is not None
    focus, time_s = take.lens.focus_m, take.lens.time_s
    assert focus[0] > 10.0
    _, signals = judge(halo.bench, take)
    begins = time_s[int(np.flatnonzero(np.abs(np.diff(focus)) > 1e-3)[0])]
    cued = signals["time_s"][(signals["range_m"] < 5 * FT_M) & (signals["time_s"] > 5.0)][0]
    # 0.3 s from the cue to the hand, then 0.8 s of rack
    assert begins - cued == pytest.approx(0.3, abs=0.1)
    there = time_s[int(np.flatnonzero(np.abs(focus - 3 * FT_M) < 1e-4)[0])]
    assert there - begins == pytest.approx(0.8, abs=0.1)
    assert np.all(np.abs(focus[time_s > there] - 3 * FT_M) < 1e-4)


def test_nobody_rolls_himself_out_of_the_picture(halo: Stage, fly: Any) -> None:
    """The lag of the limbs turns stiffness into growth; before the reflex outweighed it, a tenth of experts oscillated."""
    quick = {"B_bandwidth": 2.4, "B_delay": 0.2}  # the keenest of experts, where it was worst
    draws = draw(halo.prepared.scenario, halo.wind_spread(), 9, np.arange(1, 129))
    flown = fly(ghosts(halo.prepared.scenario), 60.0, draws, common=NO_RULES, **quick)
    rolling = flown.columns("B_wx")[flown.column("time") > 40.0]
    assert np.max(rolling.std(axis=0)) < 0.5


def test_sight_is_lost_only_by_who_had_it(halo: Stage, fly: Any) -> None:
    """Half a second would be over in every tumble at the exit; it counts from a steady fall with the lens in view."""
    draws = draw(halo.prepared.scenario, halo.wind_spread(), 10, np.arange(1, 129))
    rules = NO_RULES | {"lost_s": 0.5}
    flown = fly(ghosts(halo.prepared.scenario), 20.0, draws, common=rules, gust_gain=0.0)
    time_s, gave_up_s = flown.column("time"), flown.last("t_abort")
    assert 0 < np.count_nonzero(gave_up_s > 0) < 64
    up = np.stack([
        2 * (flown.columns("B_qx") * flown.columns("B_qz") + flown.columns("B_qw") * flown.columns("B_qy")),
        2 * (flown.columns("B_qy") * flown.columns("B_qz") - flown.columns("B_qw") * flown.columns("B_qx")),
        1 - 2 * (flown.columns("B_qx") ** 2 + flown.columns("B_qy") ** 2),
    ])  # fmt: skip
    speed = np.stack([flown.columns(f"v{axis}") + flown.columns(f"u{axis}") for axis in "xyz"])
    # without the wind, which is a tenth of the airspeed here
    from_below = -np.sum(up * speed, axis=0) / np.linalg.norm(speed, axis=0)
    for take in np.flatnonzero(gave_up_s > 0):
        assert ABORTS[int(flown.last("abort")[take])] == "lost sight"
        first_s = time_s[np.flatnonzero(from_below[:, take] > 0.35)[0]]
        assert gave_up_s[take] > first_s + 0.4


# --- giving up, breaking off, pulling -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ({"no_mark_m": 6500.0}, "no mark by its height"),
        ({"closing_range_m": 30.0, "closing_limit": 0.5}, "closing too fast inside the limit"),
    ],
)
def test_abort_rules_are_obeyed(halo: Stage, fly: Any, rules: dict[str, float], why: str) -> None:
    flown = fly(halo.prepared.scenario, 60.0, common=NO_RULES | rules)
    assert ABORTS[int(flown.last("abort")[0])] == why
    at = float(flown.last("t_abort")[0])
    assert float(flown.last("t_break")[0]) == pytest.approx(at, abs=1e-5)
    range_m = np.linalg.norm(flown.vector("rx", "ry", "rz"), axis=1)
    time_s = flown.column("time")
    if "no_mark_m" in rules:
        height = flown.column("pz") + flown.column("cz")
        assert np.interp(at, time_s, height) == pytest.approx(6500.0, abs=3.0)
    assert flown.column("broke")[time_s > at + 0.05].min() == 1.0
    assert flown.column("broke")[time_s < at - 0.05].max() == 0.0
    # they part
    later = np.interp([at + 12.0, at + 16.0], time_s, range_m)
    assert later[1] > later[0]
    assert later[1] > 8.0


def test_a_rule_that_is_kept_stops_nothing(halo: Stage) -> None:
    assert halo.prepared.take.event("abort") is None


def test_break_off_and_pulls_are_at_their_heights(halo: Stage, two_way: Stage) -> None:
    """The break-off within one tick of falling, 60 m/s · 0.04 s; the pulls exactly."""
    for stage in (halo, two_way):
        take, (operator, subject) = stage.prepared.take, stage.prepared.scenario.jumpers
        over = take.event("break-off")
        assert over is not None
        height = max(
            np.interp(over.time_s, trace.time_s, trace.position_enu_m[:, 2]) - jumper.break_agl_m
            for trace, jumper in zip(take.bodies, (operator, subject), strict=True)
        )
        assert -2.6 <= height <= 2.6
        for who, jumper in (("operator", operator), ("subject", subject)):
            # a pull cuts its tick where it falls: half a millimetre is single precision
            assert take.facts[f"{who}_pull_agl_m"] == pytest.approx(jumper.pull_agl_m, abs=2e-3)


def test_after_break_off_the_subject_tracks_away(halo: Stage) -> None:
    take = halo.prepared.take
    over, pull = take.event("break-off"), take.event("pull", take.bodies[0].name)
    assert over is not None
    assert pull is not None
    assert take.relative is not None
    flat = np.linalg.norm(take.relative.position_enu_m[:, :2], axis=1)
    gap = np.interp([over.time_s, pull.time_s + 6.0], take.relative.time_s, flat)
    assert gap[1] > gap[0] + 15.0


def _device(scenario: Scenario, **values: float) -> Any:
    """The operator alone never pulls."""
    plan = nominal(scenario)
    changed = dict(plan.values) | {
        k: np.array([v]) for k, v in ({"A_pull_m": -NEVER, "B_exit_s": NEVER} | values).items()
    }
    flight = start(scenario, replace(plan, values=changed))
    advance(flight, blank_records(flight, 0), 4500)
    return flight


def test_the_device_fires_below_its_height_only(two_way: Stage) -> None:
    scenario = two_way.prepared.scenario
    flight = _device(scenario)
    fires_m = float(scenario.common[C.A_aad_m])
    assert flight.field("A_aad")[0] == 1.0
    assert float(flight.field("A_h_pull")[0]) == pytest.approx(fires_m, abs=2e-3)


def test_the_device_opens_the_reserve(two_way: Stage) -> None:
    """Not the slow main: from terminal speed at 750 ft it flies well above the ground."""
    scenario = two_way.prepared.scenario
    flight, reserve = _device(scenario), reserve_opening(scenario.operator.canopy_m2)
    # it is told to be open a second after it is full, on the next tick
    opened_s = float(flight.field("A_t_open")[0] - flight.field("A_t_pull")[0]) - 1.0
    assert opened_s == pytest.approx(reserve.total_s, abs=2 * TICK_S)
    assert reserve.total_s < likely_opening(scenario.operator.canopy_m2).total_s - 2.0
    assert float(flight.field("A_h_open")[0]) > 80.0


def test_the_device_does_not_fire_at_somebody_slow(two_way: Stage) -> None:
    """Three times the drag: 31 m/s is below its 35 m/s, so it keeps quiet to the ground."""
    flight = _device(two_way.prepared.scenario, A_cda=3.0)
    assert flight.field("A_aad")[0] == 0.0
    assert float(flight.field("A_t_pull")[0]) < 0


def test_who_pulls_in_time_needs_no_device(halo: Stage, two_way: Stage) -> None:
    for stage in (halo, two_way):
        assert [event.note for event in stage.prepared.take.events if event.name == "pull"] == ["", ""]


def test_nothing_opened_is_told(two_way: Stage) -> None:
    """Without a pull and below the device's speed he meets the ground where the flight ends, and no opening is told."""
    scenario = two_way.prepared.scenario
    plan = nominal(scenario)
    values = dict(plan.values) | {"A_pull_m": np.array([-NEVER]), "A_cda": np.array([3.0])}
    take = fly_take(
        scenario, Draws(seed=0, takes=plan.takes, values=values, wind_error_m_s=plan.wind_error_m_s)
    )
    name = take.bodies[0].name
    assert take.event("open", name) is None
    landing = take.event("landing", name)
    assert landing is not None
    assert np.interp(
        landing.time_s, take.bodies[0].time_s, take.bodies[0].position_enu_m[:, 2]
    ) == pytest.approx(0, abs=1.5)
    assert take.event("landing", take.bodies[1].name) is not None


# --- contact ------------------------------------------------------------------------------------------------------


def _side_by_side(scenario: Scenario, apart_m: Any, closing_m_s: float = 0.0) -> Any:
    """Sixteen pairs in freefall, both heads to the east, the subject so far to the north (16,)."""
    plan = nominal(scenario)
    values = {key: np.full(LANES, value[0]) for key, value in plan.values.items()} | {
        "wake_cap": np.zeros(LANES)
    }
    flight = start(
        scenario,
        Draws(
            seed=0,
            takes=np.arange(LANES),
            values=values,
            wind_error_m_s=np.repeat(plan.wind_error_m_s, LANES, 0),
        ),
    )

    def put(**fields: Any) -> None:
        for name, value in fields.items():
            flight.states[0, getattr(S, name) : getattr(S, name) + LANES] = value

    for who in "AB":
        put(**{f"{who}_{key}": value for key, value in (
            ("qw", 1.0), ("qx", 0.0), ("qy", 0.0), ("qz", 0.0), ("phase", FREEFALL), ("t_exit", -50.0))})  # fmt: skip
    put(rx=0.0, ry=apart_m, rz=0.0, ux=0.0, uy=-closing_m_s, uz=0.0, vx=0.0, vy=0.0, vz=-55.0)
    put(px=0.0, py=0.0, pz=0.0, cz=3200.0)
    return flight


def test_bodies_that_overlap_end_the_take(halo: Stage) -> None:
    flight = _side_by_side(halo.prepared.scenario, np.full(LANES, 0.2), closing_m_s=3.0)
    advance(flight, blank_records(flight, 0), 5)
    assert np.all(flight.field("ending") == CONTACT)
    assert flight.field("contact_v") == pytest.approx(np.full(LANES, 3.0), abs=0.5)
    assert np.all(flight.field("done") == 1.0)


def test_who_still_falls_beside_them_does_not_change_how_near_two_parachutes_come(halo: Stage) -> None:
    """Ten takes open high, and there the two fly past each other: as near with one beside them that still falls as without."""
    plan, high = nominal(halo.prepared.scenario), 10
    above = {"A_break_m": 3100.0, "B_break_m": 3100.0, "A_pull_m": 3000.0, "B_pull_m": 2990.0}
    above |= {"A_land_err_x": 9000.0, "B_land_err_x": -9000.0}

    def nearest(takes: int) -> list[float]:
        values = {name: np.repeat(value, takes) for name, value in plan.values.items()}
        for name, value in above.items():
            values[name][:high] = value
        error = np.repeat(plan.wind_error_m_s, takes, 0)
        draws = replace(plan, takes=np.arange(takes), values=values, wind_error_m_s=error)
        flight = start(halo.prepared.scenario, draws)
        while min(flight.field("A_phase")[0], flight.field("B_phase")[0]) < CANOPY:
            advance(flight, blank_records(flight, 0), 1)
        assert flight.falling == (takes > high)
        for name, apart in {"closest": 1e6, "rx": np.linspace(50.0, 80.0, high), "ry": 0.0}.items():
            at = getattr(S, name)
            flight.states[0, at : at + high] = apart
        advance(flight, blank_records(flight, 0), 250)
        return list(map(float, flight.field("closest")[:high]))

    assert nearest(high + 1) == nearest(high)


def test_hands_touch_first_and_are_counted_apart(halo: Stage) -> None:
    """Shoulder to shoulder, nearer lane by lane: first nothing, then a touch of hands, then bodies."""
    flight = _side_by_side(halo.prepared.scenario, np.linspace(2.4, 0.3, LANES))
    advance(flight, blank_records(flight, 0), 5)  # pairs are measured on every fifth tick
    hands, ending = flight.field("hands") > 0.5, flight.field("ending") == CONTACT
    assert not hands[0]
    assert not ending[0]
    assert ending[-1]
    assert (hands & ~ending).any()
    # once near enough for a touch, nearer is a touch too
    assert np.all(np.diff(hands[: int(ending.argmax())].astype(int)) >= 0)
    assert hands.argmax() < ending.argmax()


def test_a_collision_is_an_event_of_the_take(halo: Stage) -> None:
    """A subject who sees everything twice as far as it is flies into the operator."""
    scenario = halo.prepared.scenario
    common = scenario.common.copy()
    for name, value in NO_RULES.items():
        common[getattr(C, name)] = value
    common[C.station_m] = -0.5
    plan = nominal(scenario)
    take = fly_take(
        replace(scenario, common=common),
        Draws(seed=0, takes=plan.takes, values=plan.values, wind_error_m_s=plan.wind_error_m_s),
    )
    assert take.ending == "contact"
    hit = take.event("contact")
    assert hit is not None
    assert take.facts["contact_speed_m_s"] > 0.0
    assert take.bodies[1].channels["clearance_m"][-1] < 0.0
    assert judge(halo.bench, take)[0].verdict == "missed"
