"""What is not the subject: the aircraft, the sun and the horizon as targets, each against numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from onetake.api.stage import Stage, bench_at
from onetake.axes import compose, rotate
from onetake.clock import Clock
from onetake.fly.flight import start
from onetake.fly.simulate import fly_take
from onetake.judge.bench import make_bench
from onetake.judge.score import judge
from onetake.odds.chunks import Work, fly_chunk
from onetake.odds.draws import draw
from onetake.shot import parse_shot
from onetake.shot.criterion import CRITERIA, Criterion
from onetake.take import Leaving, Take, read_take, write_take
from onetake.units import DEG_RAD, FT_M
from onetake.weather.sun import above_visible_horizon_rad, horizon_dip_rad, sun_position

MARK_M = 3 * FT_M
RUN = Leaving(position_enu_m=(0.0, 0.0, 3000.0), velocity_enu_m_s=(60.0, 80.0), heading_rad=0.0)


def turned(take: Take, yaw_rad: float, pitch_rad: float = 0.0) -> Take:
    """The whole pair turned together, nose up first and then to the left: what each sees of the other stays."""
    up = np.array([np.cos(pitch_rad / 2), 0.0, -np.sin(pitch_rad / 2), 0.0])
    q = compose(np.array([np.cos(yaw_rad / 2), 0.0, 0.0, np.sin(yaw_rad / 2)]), up)
    operator, subject = take.bodies
    assert take.relative is not None
    apart = rotate(q, take.relative.position_enu_m)

    def of(trace: Any, place: Any) -> Any:
        return replace(
            trace, position_enu_m=place, q_enu_from_body=np.array([compose(q, one) for one in trace.q_enu_from_body])
        )  # fmt: skip

    return replace(
        take,
        bodies=(of(operator, operator.position_enu_m), of(subject, operator.position_enu_m + apart)),
        relative=replace(take.relative, position_enu_m=apart),
    )


def signals(desk: Any, beat: Any, must: Any, take: Take) -> dict[str, np.ndarray]:
    """Every signal, by a beat that asks of the aircraft."""
    bench = desk.bench(beat(must("range", 0.0, 1e6, target="aircraft")), of=take)
    return dict(judge(bench, take)[1])


def level_pair(desk: Any, **more: Any) -> Take:
    return desk.pair(np.full(25, MARK_M), aircraft=RUN, **more)  # type: ignore[no-any-return]


# --- the aircraft ---------------------------------------------------------------------------------------------------


def test_the_aircraft_flies_on_straight_and_level(desk: Any, beat: Any, must: Any) -> None:
    take = desk.pair(np.full(250, MARK_M), aircraft=RUN)
    got = signals(desk, beat, must, take)
    t = got["time_s"]
    place = np.stack([60.0 * t, 80.0 * t, np.full_like(t, 3000.0)], 1)
    operator, subject = take.bodies
    lens = operator.position_enu_m + np.array(desk.stage.prepared.scenario.operator.body.image_plane_m)
    away = place - lens
    distance = np.linalg.norm(away, axis=1)
    assert got["aircraft_range_m"] == pytest.approx(distance, rel=1e-5, abs=1e-3)
    assert got["aircraft_level_m"] == pytest.approx(away[:, 2], abs=1e-2)
    speed = np.array([60.0, 80.0, 55.0])
    assert got["aircraft_closing_m_s"] == pytest.approx(-(away @ speed) / distance, abs=1e-2)
    apart = [np.linalg.norm(place - trace.position_enu_m, axis=1) for trace in (operator, subject)]
    assert got["aircraft_separation_m"] == pytest.approx(np.minimum(*apart), rel=1e-5, abs=1e-3)


def test_the_face_and_the_aircraft(desk: Any, beat: Any, must: Any) -> None:
    """The subject looks west; an aircraft far to the west is in his face, one far to the east behind his head."""
    for east_m, angle in ((-1e5, 0.0), (1e5, np.pi)):
        far = replace(RUN, position_enu_m=(east_m, 0.0, 3000.0), velocity_enu_m_s=(0.0, 0.0))
        got = signals(desk, beat, must, desk.pair(np.full(5, MARK_M), aircraft=far))
        assert got["aircraft_facing_rad"] == pytest.approx(angle, abs=2e-3)


def test_the_aircraft_in_the_picture(desk: Any, beat: Any, must: Any) -> None:
    """35 mm on 40.96 × 21.60 focused at 3 ft: half the picture is 15 to 17 degrees high, 28 to 31 wide."""
    for aside, rise, inside in ((0.0, 0.0, True), (0.5, 0.0, True), (0.7, 0.0, False), (0.0, 0.2, True), (0.0, 0.4, False), (-2.0, 0.0, False)):  # fmt: skip
        ahead = 1000.0 if aside > -1 else -1000.0
        place = (ahead, aside * 1000.0, 3000.0 + rise * 1000.0)
        far = replace(RUN, position_enu_m=place, velocity_enu_m_s=(0.0, 0.0))
        take = desk.pair(np.full(5, MARK_M), aircraft=far)
        bench = desk.bench(beat(must("in_frame", word="inside", target="aircraft"), hold_s=0.1), of=take)
        assert judge(bench, take)[0].beats[0].verdict == ("got it" if inside else "missed"), place


def test_only_what_the_lens_is_set_to_is_sharp(desk: Any, beat: Any, must: Any) -> None:
    far = replace(RUN, position_enu_m=(1000.0, 0.0, 3000.0), velocity_enu_m_s=(0.0, 0.0))
    both = must("focus", word="sharp", target="aircraft"), must("focus", word="sharp", target="horizon")
    for focus_m, called in ((0.9144, "missed"), (1000.0, "got it")):
        take = desk.pair(np.full(5, MARK_M), aircraft=far, focus_m=focus_m)
        for one in both:
            verdict = judge(desk.bench(beat(one, hold_s=0.1), of=take), take)[0].beats[0]
            assert (verdict.verdict, verdict.unit) == (called, "µm of blur")


def test_apart_from_the_aircraft_is_said_in_its_words(desk: Any, beat: Any, must: Any) -> None:
    take = desk.pair(np.full(250, MARK_M), aircraft=RUN)
    asked = must("separation", 1000 * FT_M, target="aircraft")
    verdict = judge(desk.bench(beat(asked, window=(0.0, 4.0)), of=take), take)[0].beats[0]
    assert (verdict.verdict, verdict.unit) == ("missed", "ft")
    assert verdict.cause == "separation.aircraft"
    assert "from the aircraft" in verdict.note
    assert verdict.criteria[0].name == "separation.aircraft"
    later = judge(desk.bench(beat(asked, window=(4.0, 10.0)), of=take), take)[0].beats[0]
    assert later.verdict == "got it"


# --- the sun ----------------------------------------------------------------------------------------------------------


BEFORE_S = 600.0  # the dusk jump leaves as the sun sets; ten minutes before that it is up


def sun_seen(desk: Any, height_m: float) -> tuple[Clock, float, float]:
    """A first exit with the sun up, its azimuth, and its apparent elevation above level from that height."""
    place, clock = desk.stage.shot.place, Clock(desk.clock.first_exit_utc - timedelta(seconds=BEFORE_S))
    sun = sun_position(place.lat_deg, place.lon_deg, clock.first_exit_utc)
    over = above_visible_horizon_rad(sun.elevation_rad, height_m)
    assert over > 0.5 * DEG_RAD
    return clock, float(sun.azimuth_rad), float(over - horizon_dip_rad(height_m))


def test_the_sun_stands_where_the_almanac_has_it(desk: Any, beat: Any, must: Any) -> None:
    clock, azimuth, high = sun_seen(desk, 3000.0)
    there = np.array([np.cos(high) * np.sin(azimuth), np.cos(high) * np.cos(azimuth), np.sin(high)])
    for yaw in np.radians([0.0, 77.0, 160.0, -100.0]):
        take = replace(turned(level_pair(desk), yaw), clock=clock)
        face = rotate(take.bodies[1].q_enu_from_body[0], np.array([1.0, 0.0, 0.0]))
        got = signals(desk, beat, must, take)
        assert got["sun_facing_rad"][0] == pytest.approx(np.arccos(face @ there), abs=5e-4)


def facing_the_sun(desk: Any, *, off_rad: float = 0.0) -> Take:
    """The operator looks at the sun, or beside it to the left, over a subject who stands in between."""
    clock, azimuth, high = sun_seen(desk, 3000.0)
    return replace(turned(level_pair(desk), np.pi / 2 - azimuth + off_rad, high), clock=clock)


@pytest.mark.parametrize(
    ("off_deg", "word", "called"),
    [
        (0.0, "inside", "got it"), (0.0, "behind face", "got it"), (0.0, "outside", "missed"),
        (6.0, "behind face", "got it"), (12.0, "behind face", "missed"), (12.0, "inside", "got it"),
        (40.0, "inside", "missed"), (40.0, "outside", "got it"), (180.0, "outside", "got it"), (180.0, "behind face", "missed"),
    ],
)  # fmt: skip
def test_the_sun_in_the_picture(
    desk: Any, beat: Any, must: Any, off_deg: float, word: str, called: str
) -> None:
    """A head 23 cm high at 3 ft less 90 mm of pupil offset is 8 degrees of radius."""
    take = facing_the_sun(desk, off_rad=off_deg * DEG_RAD)
    bench = desk.bench(beat(must("in_frame", word=word, target="sun"), hold_s=0.1), of=take)
    assert judge(bench, take)[0].beats[0].verdict == called


def test_a_sun_that_has_set_is_in_no_picture(desk: Any, beat: Any, must: Any) -> None:
    take = facing_the_sun(desk)
    place = desk.stage.shot.place
    late = Clock(desk.clock.first_exit_utc + timedelta(minutes=20))
    sun = sun_position(place.lat_deg, place.lon_deg, late.first_exit_utc)
    assert above_visible_horizon_rad(sun.elevation_rad, 3000.0) < 0
    take = replace(take, clock=late)
    for word, called in (("inside", "missed"), ("behind face", "missed"), ("outside", "got it")):
        bench = desk.bench(beat(must("in_frame", word=word, target="sun"), hold_s=0.1), of=take)
        assert judge(bench, take)[0].beats[0].verdict == called


# --- the horizon -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pitch_deg", [-40.0, -25.0, -10.0, 0.0, 8.0, 12.0, 30.0])
def test_the_horizon_crosses_the_picture(desk: Any, beat: Any, must: Any, pitch_deg: float) -> None:
    """The room to the nearer edge in half-pictures: half the picture's angle less how far off the middle it stands."""
    take = turned(level_pair(desk), 0.3, pitch_deg * DEG_RAD)
    got = signals(desk, beat, must, take)
    glass = desk.stage.bench.glass
    lens, camera = glass.lens, glass.camera
    s = 0.9144 - lens.datum_to_pupil_m
    image = lens.focal_m * s / (s - lens.focal_m)
    tall, wide = camera.height_m / 2 / image, camera.width_m / 2 / image
    dip = float(horizon_dip_rad(3000.0))
    corners = np.array([[1.0, x * wide, y * tall] for x in (-1, 1) for y in (-1, 1)])
    pitch = pitch_deg * DEG_RAD
    ups = (corners[:, 0] * np.sin(pitch) + corners[:, 2] * np.cos(pitch)) / np.linalg.norm(corners, axis=1)
    over = np.arcsin(ups) + dip
    room = min(over.max(), -over.min()) / np.arctan(tall)
    assert got["skyline_room"][0] == pytest.approx(room, abs=2e-3)
    # the other looks down as the operator looks up
    assert got["skyline_facing_rad"][0] == pytest.approx(abs(pitch), abs=1e-4)
    for word in ("inside", "outside"):
        bench = desk.bench(beat(must("in_frame", word=word, target="horizon"), hold_s=0.1), of=take)
        assert (judge(bench, take)[0].beats[0].verdict == "got it") == ((room > 0) == (word == "inside"))


# --- what nothing tells ------------------------------------------------------------------------------------------------

TARGETED = [(name, target) for name, form in CRITERIA.items() for target in form.targets]


def asked_of(name: str, target: str) -> Criterion:
    word = {"focus": "sharp", "in_frame": "inside"}.get(name)
    if word:
        return Criterion(name=name, kind="word", word=word, target=target)
    return Criterion(name=name, kind="interval", lower=-1e6, upper=1e6, target=target)


@pytest.mark.parametrize(("name", "target"), TARGETED)
def test_a_target_that_the_take_does_not_tell_is_not_called(
    desk: Any, beat: Any, name: str, target: str
) -> None:
    """Without the aircraft's track, without the time of day, without lens or attitudes; each takes away what it tells."""
    asked = asked_of(name, target)
    lacking = {
        "aircraft": replace(level_pair(desk), aircraft=None),
        "sun": replace(level_pair(desk), clock=None),
        "picture": level_pair(desk, lens=False),
        "attitude": level_pair(desk, attitude=False),
    }
    blind = {target} & {"aircraft", "sun"}
    blind |= {"picture"} & ({"picture"} if name in ("focus", "in_frame") else set())
    blind |= (
        {"attitude"} if name in ("facing", "in_frame") or (name, target) == ("focus", "aircraft") else set()
    )
    for what, take in lacking.items():
        bench = desk.bench(beat(asked, hold_s=0.1), of=take)
        verdict = judge(bench, take)[0].beats[0]
        if what in blind:
            assert verdict.verdict == "cannot tell", what
            assert verdict.would_tell
        elif what != "attitude":
            assert verdict.verdict != "cannot tell", what


# --- takes that were flown -----------------------------------------------------------------------------------------------

ALL_ROUND = """
[[beat]]
name = "in the door"
window = ["-4 s", "0 s"]
hold = "2 s"
must = { separation.aircraft = "< 3 ft", in_frame = { horizon = "inside", sun = "outside" }, range = ["0 ft", "15 ft"] }

[[beat]]
name = "goodbye"
window = ["0 s", "12 s"]
hold = "1 s"
must = { range = { aircraft = "> 100 ft" }, closing.aircraft = "< 0 ft/s", level.aircraft = "> 10 ft", facing = { aircraft = "< 170 deg", sun = "> 1 deg", horizon = "< 89 deg" } }
"""


@pytest.fixture(scope="module")
def all_round(halo: Stage) -> Stage:
    """The dusk jump with beats about everything around it, one of them aboard."""
    from onetake.api.stage import set_stage

    path = halo.shot.path
    text = path.read_text("utf-8")
    head, tail = text[: text.index("[[beat]]")], text[text.index("[[always]]") :]
    return set_stage(parse_shot(head + ALL_ROUND + tail, path))


def test_a_take_is_judged_the_same_in_flight_and_written(all_round: Stage, tmp_path: Any) -> None:
    scenario, spread = all_round.prepared.scenario, all_round.wind_spread()
    work = Work(scenario=scenario, bench=all_round.bench, spread=spread, seed=3)
    rows = fly_chunk(work, 16, 4)
    for i in range(4):
        drawn = draw(scenario, spread, 3, np.array([16 + i], np.int64))
        take = fly_take(scenario, drawn, first_exit_utc=all_round.prepared.plan.exit.utc)
        verdict, told = judge(all_round.bench, take)
        again = read_take(write_take(take, tmp_path / "one.take"))
        assert again.aircraft == take.aircraft == scenario.leaving
        bench = bench_at(all_round.shot, all_round.prepared, again)
        verdict_again, told_again = judge(bench, again)
        assert verdict_again == verdict
        for name, values in told.items():
            assert np.array_equal(values, told_again[name], equal_nan=True), name
        held = [beat.verdict == "got it" for beat in verdict.beats]
        assert held == rows.held[i].tolist()


def test_beats_may_be_aboard(all_round: Stage) -> None:
    """Both stand in the door; the aircraft is with them, and its beat is held before anybody has left."""
    assert start(all_round.prepared.scenario, draw(all_round.prepared.scenario, all_round.wind_spread(), 1, np.array([1], np.int64))).tick < -99  # fmt: skip
    take = all_round.prepared.take
    verdict, told = judge(all_round.bench, take)
    door = verdict.beats[0]
    assert door.verdict == "got it", door.note
    assert door.attempt_s is not None
    assert -4.0 <= door.attempt_s[0] < door.attempt_s[1] <= 0.0
    aboard = told["time_s"] < 0
    assert told["aircraft_separation_m"][aboard].max() < 0.05
    slot = next(slot for slot in all_round.prepared.plan.beats if slot.name == "in the door")
    assert slot.fits, slot.why
    assert (slot.from_s, slot.to_s) == pytest.approx((-4.0, 0.0), abs=0.05)


def test_nobody_pays_for_what_no_beat_asks(halo: Stage, all_round: Stage) -> None:
    assert halo.bench.scene.size == 0
    assert all_round.bench.scene.size > 0
    plain = make_bench(halo.shot, halo.bench.glass)
    assert plain.scene.size == 0
