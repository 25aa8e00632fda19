"""The examples are read as written, in SI, and every word keeps its line."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from onetake.errors import ShotError
from onetake.shot import Criterion, Shot, parse_shot, read_shot
from onetake.units import Airspeed, Altitude

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
FT, IN, MPH, LB, KT = 0.3048, 0.0254, 0.44704, 0.45359237, 1852 / 3600


def example(name: str) -> Shot:
    return read_shot(EXAMPLES / name / "shot.toml")


@pytest.fixture(scope="module")
def halo() -> Shot:
    return example("halo")


def line_of(shot: Shot, text: str) -> int:
    (line,) = [i for i, row in enumerate(shot.source.split("\n"), 1) if row.startswith(text)]
    return line


def test_slate_and_place(halo: Shot) -> None:
    assert (halo.title, halo.scene, halo.picture_rate) == (
        "Lightning, then oxygen",
        "112A",
        Fraction(24000, 1001),
    )
    assert (halo.schema_version, halo.place.date, halo.place.exit_utc) == (1, date(2011, 10, 11), None)
    assert halo.place.elevation_m == pytest.approx(90 * FT)
    assert (halo.place.lat_deg, halo.place.lon_deg, halo.place.time_zone) == (24.2, 54.6, "Asia/Dubai")


def test_air_and_aircraft(halo: Shot) -> None:
    (source,) = halo.weather.sources
    assert source.path == EXAMPLES / "halo/weather/gulf_2011-10-11T00.csv"
    assert source.line == line_of(halo, "sources")
    assert halo.weather.gusts == "light"
    assert halo.aircraft.exit_altitude == Altitude(pytest.approx(25_000 * FT), "MSL")
    assert halo.aircraft.airspeed == Airspeed(pytest.approx(140 * KT), "indicated")
    assert halo.aircraft.run_heading_rad is None


def test_cast(halo: Shot) -> None:
    operator, actor = halo.operator(), halo.subject()
    assert (operator.name, actor.name) == ("operator", "actor")
    assert halo.person("actor") is actor
    assert operator.fall_rate.neutral_m_s == pytest.approx(120 * MPH)
    assert (actor.exit.facing, actor.exit.at_s, actor.exit.step_m_s, actor.exit.pitch_rad) == (
        "tail",
        0.4,
        2.0,
        0.0,
    )
    assert actor.height_m == 1.78
    assert (operator.skill, actor.skill) == ("expert", "good")


def test_camera(halo: Shot) -> None:
    lens, exposure = halo.camera.lens, halo.camera.exposure
    assert (lens.focal_m, lens.f_number, lens.t_stop) == (pytest.approx(0.035), 2.8, 3.0)
    assert (lens.minimum_focus_m, lens.pupil_offset_m) == (pytest.approx(3 * FT), pytest.approx(0.09))
    assert exposure is not None
    assert exposure.shutter_rad == pytest.approx(math.pi)
    first, second = halo.camera.focus
    assert (first.to, first.start, first.cue_range_m) == ("hyperfocal", "exit", None)
    assert (second.to, second.start, second.cue_range_m) == ("hard stop", None, pytest.approx(5 * FT))
    assert (second.rack_s, second.by) == (0.8, "hand")
    assert halo.camera.mount.mass_kg == pytest.approx(20 * LB)
    assert halo.camera.mount.image_plane_m == pytest.approx((0.1, 0.0, 0.12))


def test_beats(halo: Shot) -> None:
    out, approach, mark = halo.beats
    assert (out.window_s, out.after, out.hold_s, out.allow_s) == ((0.0, 8.0), None, 1.5, 0.0)
    assert (approach.after, approach.within_s) == ("out backwards", 60.0)
    assert approach.line == [i for i, row in enumerate(halo.source.split("\n"), 1) if row == "[[beat]]"][1]
    size = approach.must[1]
    assert (size.kind, size.start, size.stop) == ("trend", 0.03, 0.15)
    must = {criterion.name: criterion for criterion in mark.must}
    assert (must["focus"].kind, must["focus"].word) == ("word", "sharp")
    assert must["altitude"].lower == pytest.approx(7000 * FT)
    assert (must["altitude"].upper, must["altitude"].datum) == (None, "AGL")
    assert must["altitude"].text == "> 7,000 ft AGL"
    assert must["sun"].lower == pytest.approx(math.radians(-2))
    assert must["sun"].line == line_of(halo, 'must = { focus = "sharp"')
    (contact,) = halo.always
    assert (contact.start, contact.end) == ("last exit", "break-off")
    assert contact.must[0].lower == pytest.approx(4 * IN)


def test_safety(halo: Shot) -> None:
    assert halo.abort.no_mark_by == Altitude(pytest.approx(8000 * FT), "AGL")
    assert halo.abort.closing_inside == pytest.approx((15 * FT, 8 * FT))
    assert halo.abort.lost_sight_s == 3.0
    assert halo.opening.pull["actor"] == Altitude(pytest.approx(4000 * FT), "AGL")
    assert halo.opening.landing_within_m == 300.0
    assert halo.checked == ()


def test_what_the_rules_would_ask(halo: Shot) -> None:
    operator, actor = halo.operator(), halo.subject()
    assert (operator.licence, operator.jumps, operator.camera_jumps, operator.oxygen_jumps) == (
        "D",
        8000,
        60,
        40,
    )
    assert (actor.last_jump, actor.reserve_packed) == (date(2011, 10, 10), date(2011, 8, 1))
    assert actor.camera_jumps is None
    assert actor.light_m == pytest.approx(3 * 1609.344)
    assert (halo.oxygen.aboard, halo.oxygen.prebreathe_s, halo.oxygen.longest_break_s) == (True, 1800.0, 60.0)
    assert halo.oxygen.start == Altitude(pytest.approx(8000 * FT), "MSL")
    assert halo.airspace_authorised is None
    two_way = example("two-way")
    assert (two_way.oxygen.aboard, two_way.oxygen.prebreathe_s) == (None, None)


def test_two_way_is_a_plain_sport_jump() -> None:
    shot = example("two-way")
    assert shot.place.exit_utc == datetime(2024, 5, 18, 15, 30, tzinfo=UTC)
    assert shot.aircraft.exit_altitude.value_m == pytest.approx(13_500 * FT)
    together = shot.beats[1]
    bounds = next(criterion for criterion in together.must if criterion.name == "range")
    assert (bounds.lower, bounds.upper, together.hold_s) == (2.0, 4.0, 10.0)


@pytest.mark.parametrize("name", ["halo", "two-way"])
def test_examples_teach(name: str) -> None:
    text = (EXAMPLES / name / "shot.toml").read_text("utf-8")
    assert text.count("#") >= 12


def changed(*swaps: tuple[str, str]) -> Shot:
    text = (EXAMPLES / "halo/shot.toml").read_text("utf-8")
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new, 1)
    return parse_shot(text, EXAMPLES / "halo/shot.toml")


@pytest.mark.parametrize(
    ("written", "name", "kind", "lower", "upper"),
    [
        ('range = "> 4 in"', "range", "interval", 4 * IN, None),
        ('range = ">= 2\'10\\""', "range", "interval", 34 * IN, None),
        ('closing = "< 8 ft/s"', "closing", "interval", None, 8 * FT),
        ('level = ["-1 ft", "1 ft"]', "level", "interval", -FT, FT),
        ('separation = "≥ 30 m"', "separation", "interval", 30.0, None),
        ('facing = "< 60 deg"', "facing", "interval", None, math.radians(60)),
        ('facing = "camera"', "facing", "word", None, None),
        ('fall_rate = ["110 mph", "130 mph"]', "fall_rate", "interval", 110 * MPH, 130 * MPH),
        ('size = "> 0.25"', "size", "interval", 0.25, None),
        ('steady = "< 20 deg/s"', "steady", "interval", None, math.radians(20)),
        ('horizon = "<= 10 deg"', "horizon", "interval", None, math.radians(10)),
        ('altitude = ["5,000 ft MSL", "6,000 ft MSL"]', "altitude", "interval", 5000 * FT, 6000 * FT),
    ],
)
def test_every_form_of_a_criterion(
    written: str, name: str, kind: str, lower: float | None, upper: float | None
) -> None:
    shot = changed(('range = ["3 ft", "150 ft"]', written))
    criterion = next(c for c in shot.beats[0].must if c.name == name)
    assert criterion.kind == kind
    for got, wanted in ((criterion.lower, lower), (criterion.upper, upper)):
        assert got is None if wanted is None else got == pytest.approx(wanted)


def test_skill_in_numbers_is_in_si() -> None:
    shot = changed(
        (
            'skill = "good"',
            'skill = { delay = "350 ms", bandwidth = "90 deg/s", aim_noise = "1 deg", motor_noise = 0.02 }',
        )
    )
    assert shot.subject().skill == pytest.approx(
        {
            "delay_s": 0.35,
            "bandwidth_rad_s": math.pi / 2,
            "aim_noise_rad": math.radians(1),
            "motor_noise": 0.02,
        }
    )


@pytest.mark.parametrize(
    ("key", "when"),
    [
        ('exit_time = "17:58:10"', datetime(2011, 10, 11, 13, 58, 10, tzinfo=UTC)),
        ("exit_time = 17:58:10", datetime(2011, 10, 11, 13, 58, 10, tzinfo=UTC)),
        ("exit_time = 2011-10-11T13:58:10Z", datetime(2011, 10, 11, 13, 58, 10, tzinfo=UTC)),
        ('exit_time = "2011-10-11T17:58:10+04:00"', datetime(2011, 10, 11, 13, 58, 10, tzinfo=UTC)),
    ],
)
def test_exit_time_local_or_with_its_zone(key: str, when: datetime) -> None:
    assert changed(("\ndate = 2011-10-11 ", f"\n{key}\ndate = 2011-10-11 ")).place.exit_utc == when


def test_a_full_exit_time_gives_the_date() -> None:
    place = changed(("\ndate = 2011-10-11 ", "\nexit_time = 2011-10-11T22:30:00Z  # ")).place
    assert place.date == date(2011, 10, 12)


def test_a_source_can_choose_one_profile_of_a_file() -> None:
    shot = changed(
        (
            'sources = ["weather/gulf_2011-10-11T00.csv"]',
            'sources = ["a.csv", { file = "b.json", station = "KOUN", time = 2011-10-11T12:00:00Z, lat_deg = 25, lon_deg = 55 }]',
        )
    )
    first, second = shot.weather.sources
    assert (first.station, first.time, first.lat_deg) == (None, None, None)
    assert (second.path.name, second.station, second.lat_deg, second.lon_deg) == ("b.json", "KOUN", 25, 55)
    assert second.time == datetime(2011, 10, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "heading"), [('"auto"', None), ('"240 deg"', math.radians(240)), ('"0 deg"', 0.0)]
)
def test_run(written: str, heading: float | None) -> None:
    got = changed(('run = "auto"', f"run = {written}")).aircraft.run_heading_rad
    assert got is None if heading is None else got == pytest.approx(heading)


def test_flight_level() -> None:
    assert str(changed(('"25,000 ft MSL"', '"FL250"')).aircraft.exit_altitude) == "FL250"


def test_beats_may_begin_before_the_exit() -> None:
    assert changed(('window = ["0 s", "8 s"]', 'window = ["-60 s", "0 s"]')).beats[0].window_s == (-60.0, 0.0)


def test_focus_marks_by_distance_and_clock() -> None:
    shot = changed(
        ('{ to = "hyperfocal", from = "exit" }', '{ to = "2 m", from = "40 s", rack = "1 s", by = "remote" }')
    )
    step = shot.camera.focus[0]
    assert (step.to, step.start, step.by) == (2.0, 40.0, "remote")


def test_windows_line_ends_and_byte_order_mark_are_read(tmp_path: Path) -> None:
    text = (EXAMPLES / "halo/shot.toml").read_text("utf-8")
    (tmp_path / "weather").mkdir()
    (tmp_path / "weather/gulf_2011-10-11T00.csv").touch()
    path = tmp_path / "shot.toml"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert read_shot(path).beats == example("halo").beats


def test_read_shot_wants_its_weather(tmp_path: Path) -> None:
    text = (EXAMPLES / "halo/shot.toml").read_text("utf-8")
    path = tmp_path / "shot.toml"
    path.write_text(text, "utf-8")
    (tmp_path / "weather").mkdir()
    (tmp_path / "weather/gulf_2011-10-11.csv").touch()
    with pytest.raises(ShotError) as caught:
        read_shot(path)
    (problem,) = caught.value.problems
    assert problem.line == line_of(example("halo"), "sources")
    assert "Did you mean gulf_2011-10-11.csv?" in problem.fix


def test_public_names() -> None:
    import onetake

    assert onetake.read_shot is read_shot
    assert onetake.Shot is Shot


# --- targets ------------------------------------------------------------------------------------------------------------


def must_of(text: str) -> dict[str, Criterion]:
    """The criteria of the first beat, with that `must`."""
    halo = (EXAMPLES / "halo/shot.toml").read_text("utf-8")
    changed = re.sub(r"^must = .*$", lambda _: f"must = {text}", halo, count=1, flags=re.MULTILINE)
    return {criterion.label: criterion for criterion in parse_shot(changed).beats[0].must}


def test_a_criterion_may_ask_of_something_else_than_the_subject() -> None:
    text = '{ in_frame = { subject = "face", sun = "behind face" }, separation.aircraft = "> 300 ft", facing = "camera" }'
    found = must_of(text)
    assert set(found) == {"in_frame", "in_frame.sun", "separation.aircraft", "facing"}
    assert (found["in_frame"].word, found["in_frame.sun"].word) == ("face", "behind face")
    apart = found["separation.aircraft"]
    assert (apart.name, apart.target, apart.lower) == ("separation", "aircraft", pytest.approx(91.44))


def test_a_target_may_have_a_trend() -> None:
    trend = must_of('{ range = { aircraft = { from = "10 ft", to = "300 ft" } } }')["range.aircraft"]
    assert (trend.kind, trend.target) == ("trend", "aircraft")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{ in_frame.moon = "inside" }', "found an unknown target moon of in_frame; expected one of: subject, aircraft, sun, horizon"),
        ('{ facing = { sn = "< 60 deg" } }', "Did you mean sun?"),
        ('{ size = { aircraft = 0.5 } }', "found an unknown target aircraft of size; expected one of: subject, from, to"),
        ('{ size = { form = 0.05, too = 0.25 } }', "Did you mean from?"),
        ('{ separation.aircraft = "300 ft" }', "A single value is never held exactly"),
        ('{ facing.sun = "camera" }', 'found sun = "camera"; expected "> 120 deg"'),
        ('{ in_frame = { sun = { subject = "inside" } } }', "expected a word"),
        ("{ in_frame = {} }", "expected"),
    ],
)  # fmt: skip
def test_a_wrong_target_is_said(text: str, said: str) -> None:
    with pytest.raises(ShotError) as caught:
        must_of(text)
    assert said in str(caught.value)
    assert ":" in str(caught.value).split("found")[0]
