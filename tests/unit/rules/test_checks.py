from __future__ import annotations

import math
from datetime import date

import pytest

from onetake.errors import ChoiceError, InputError
from onetake.jump import Ask, Stop
from onetake.rules import checks
from onetake.rules.table import Checked, Finding

FT = 0.3048
DAY_S = 86400.0


def by(*rules: str) -> tuple[Checked, ...]:
    return tuple(Checked(rule=rule, by="chief instructor", on=date(2024, 5, 1)) for rule in rules)


def kinds(findings: tuple[Finding, ...]) -> list[str]:
    return ["stop" if isinstance(finding, Stop) else finding.rule for finding in findings]


# opening height --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("licence", "height_ft", "expected"),
    [
        ("student", 2_999, ["stop"]), ("A", 3_000, []), ("B", 2_499, ["stop"]), ("B", 2_500, []),
        ("D", 4_000, ["uspa.opening.c_d"]), ("D", 2_100, ["uspa.opening.c_d"]), ("tandem", 6_000, ["uspa.opening.tandem"]),
        (None, 6_000, ["uspa.opening.student_a"]), (None, 500, ["uspa.opening.student_a"]),
    ],
)  # fmt: skip
def test_opening_height(licence: str | None, height_ft: float, expected: list[str]) -> None:
    assert kinds(checks.opening_height("actor", licence=licence, height_agl_m=height_ft * FT)) == expected


def test_a_checked_row_speaks_for_itself() -> None:
    checked = by("uspa.opening.c_d")
    assert checks.opening_height("actor", licence="D", height_agl_m=4000 * FT, checked=checked) == ()
    (stop,) = checks.opening_height("actor", licence="D", height_agl_m=2100 * FT, checked=checked)
    assert isinstance(stop, Stop)
    assert "2,100 ft" in stop.why
    assert "waiver" in stop.why


def test_an_ask_names_its_owner_the_fact_and_where_to_look() -> None:
    (ask,) = checks.opening_height("actor", licence="C", height_agl_m=4000 * FT)
    assert isinstance(ask, Ask)
    assert ask.owner == "safety and training advisor"
    for part in ("actor", "4,000 ft", "SIM 2-1", "https://www.uspa.org/sim/2-1", "recalled"):
        assert part in ask.item


def test_an_opening_height_that_is_not_given_asks() -> None:
    assert kinds(checks.opening_height("actor", licence="B", height_agl_m=None)) == ["uspa.opening.b"]


# oxygen ----------------------------------------------------------------------------------------------------------


def test_oxygen_aboard_by_height() -> None:
    assert checks.oxygen_aboard(exit_msl_m=13_500 * FT, aboard=None) == ()
    assert kinds(checks.oxygen_aboard(exit_msl_m=16_000 * FT, aboard=True)) == ["uspa.oxygen.aboard"]
    assert (
        kinds(checks.oxygen_aboard(exit_msl_m=16_000 * FT, aboard=True, checked=by("uspa.oxygen.aboard")))
        == []
    )
    assert kinds(checks.oxygen_aboard(exit_msl_m=25_000 * FT, aboard=False)).count("stop") == 2
    assert "stop" not in kinds(checks.oxygen_aboard(exit_msl_m=25_000 * FT, aboard=None))


@pytest.mark.parametrize(
    ("exit_ft", "minutes"),
    [(19_999, None), (20_000, 30), (25_000, 30), (29_999, 30), (30_000, 45), (35_000, 75), (41_000, 75)],
)
def test_prebreathe_by_band(exit_ft: float, minutes: float | None) -> None:
    row = checks.prebreathe_rule(exit_ft * FT)
    assert (None if row is None else row.number("prebreathe_s") / 60) == minutes


def test_no_length_of_prebreathe_passes_until_the_table_is_read() -> None:
    for planned_s in (None, 0.0, 1800.0, 7200.0):
        assert kinds(checks.prebreathe(exit_msl_m=25_000 * FT, planned_s=planned_s)) == [
            "mff.prebreathe.25000"
        ]
    checked = by("mff.prebreathe.25000")
    assert checks.prebreathe(exit_msl_m=25_000 * FT, planned_s=1800.0, checked=checked) == ()
    # twenty minutes, as the press told of the film: short of the row once it is checked
    assert kinds(checks.prebreathe(exit_msl_m=25_000 * FT, planned_s=1200.0, checked=checked)) == ["stop"]
    assert kinds(checks.prebreathe(exit_msl_m=25_000 * FT, planned_s=None, checked=checked)) == [
        "mff.prebreathe.25000"
    ]


def test_a_broken_or_late_prebreathe_stops() -> None:
    plan = {"exit_msl_m": 25_000 * FT, "planned_s": 1800.0, "checked": by("mff.prebreathe.25000")}
    assert kinds(checks.prebreathe(**plan, longest_break_s=600.0)) == ["stop"]
    assert kinds(checks.prebreathe(**plan, longest_break_s=60.0, start_msl_m=0.0)) == []
    assert kinds(checks.prebreathe(**plan, start_msl_m=16_000 * FT)) == ["stop"]


# people ----------------------------------------------------------------------------------------------------------


def test_altitude_classes() -> None:
    for exit_ft, rule in (
        (14_999, None),
        (15_000, "intermediate"),
        (20_000, "high"),
        (25_000, "high"),
        (40_000, "extreme"),
    ):
        row = checks.altitude_class(exit_ft * FT)
        assert (None if row is None else row.id) == (None if rule is None else f"uspa.altitude.{rule}")


def test_an_actor_with_a_hundred_jumps_may_go_to_eighteen_thousand_but_not_to_twenty_five() -> None:
    actor = {"licence": "B", "jumps": 100, "oxygen_jumps": 3}
    assert checks.altitude_experience("actor", exit_msl_m=18_000 * FT, **actor) == ()
    (stop,) = checks.altitude_experience("actor", exit_msl_m=25_000 * FT, **actor)
    assert isinstance(stop, Stop)
    assert "holds a licence B" in stop.why
    assert kinds(
        checks.altitude_experience("actor", exit_msl_m=18_000 * FT, licence="B", jumps=99, oxygen_jumps=0)
    ) == ["stop"]
    unknown = checks.altitude_experience(
        "actor", exit_msl_m=25_000 * FT, licence=None, jumps=None, oxygen_jumps=None
    )
    assert kinds(unknown) == ["uspa.altitude.high"] * 2


def test_camera_experience() -> None:
    old_hand = {"licence": "D", "jumps": 900, "same_rig_jumps": 80, "alone_with_kit_jumps": 2}
    assert checks.camera_experience("operator", **old_hand) == ()
    for key, value in (
        ("jumps", 199),
        ("same_rig_jumps", 49),
        ("alone_with_kit_jumps", 0),
        ("licence", "student"),
    ):
        assert kinds(checks.camera_experience("operator", **(old_hand | {key: value}))) == ["stop"], key
    nothing = dict.fromkeys(old_hand)
    assert "stop" not in kinds(checks.camera_experience("operator", **nothing))
    assert len(checks.camera_experience("operator", **nothing)) == 4


def test_recency_by_licence() -> None:
    for licence, days in (("student", 30), ("A", 60), ("B", 90), ("C", 182), ("D", 182), (None, 30)):
        assert checks.recency("actor", licence=licence, since_jump_s=days * DAY_S) == ()
        assert kinds(checks.recency("actor", licence=licence, since_jump_s=(days + 1) * DAY_S)) == ["stop"]
    (ask,) = checks.recency("actor", licence="D", since_jump_s=None)
    assert isinstance(ask, Ask)


# the jump --------------------------------------------------------------------------------------------------------


def test_separation_always_asks_for_the_distance_nobody_published() -> None:
    far = checks.separation(break_off_agl_m=2000.0, highest_opening_agl_m=1400.0, line_stretch_m=500.0)
    assert kinds(far) == ["uspa.separation.break_off", "uspa.separation.line_stretch"]
    checked = by("uspa.separation.break_off", "uspa.separation.line_stretch")
    near = checks.separation(
        break_off_agl_m=6500 * FT, highest_opening_agl_m=6000 * FT, line_stretch_m=None, checked=checked
    )
    assert kinds(near) == ["stop", "uspa.separation.line_stretch"]


def test_light_between_sunset_and_sunrise() -> None:
    assert checks.light(between_sunset_and_sunrise=False, light_visible_m=None) == ()
    assert checks.light(between_sunset_and_sunrise=True, light_visible_m=3 * 1609.344) == ()
    assert kinds(checks.light(between_sunset_and_sunrise=True, light_visible_m=1000.0)) == ["stop"]
    assert kinds(checks.light(between_sunset_and_sunrise=True, light_visible_m=None)) == [
        "14cfr.105.19.light"
    ]
    assert kinds(checks.light(between_sunset_and_sunrise=None, light_visible_m=9000.0)) == [
        "14cfr.105.19.light"
    ]


def test_aad_margin_counts_from_the_open_canopy() -> None:
    assert checks.aad_margin("actor", activation_agl_m=225.0, open_agl_m=225.0 + 304.8) == ()
    assert kinds(checks.aad_margin("actor", activation_agl_m=457.2, open_agl_m=609.6)) == ["stop"]
    assert kinds(checks.aad_margin("actor", activation_agl_m=225.0, open_agl_m=600.0, margin_m=500.0)) == [
        "stop"
    ]
    assert kinds(checks.aad_margin("actor", activation_agl_m=None, open_agl_m=900.0)) == ["maker.aad.margin"]
    (stop,) = checks.aad_margin("actor", activation_agl_m=457.2, open_agl_m=300.0)
    assert "-516 ft" in stop.why  # opens below the activation


def test_class_a_needs_an_authorisation() -> None:
    assert kinds(checks.airspace(exit_pressure_altitude_m=25_000 * FT, authorised=False)) == ["stop"]
    assert kinds(checks.airspace(exit_pressure_altitude_m=25_000 * FT, authorised=None)) == [
        "14cfr.105.25.authorisation"
    ]
    assert checks.airspace(exit_pressure_altitude_m=25_000 * FT, authorised=True) == ()
    assert kinds(checks.airspace(exit_pressure_altitude_m=13_000 * FT, authorised=False)) == [
        "14cfr.105.25.authorisation"
    ]


def test_packing_weight_and_neck() -> None:
    assert kinds(checks.packing("actor", since_repack_s=10 * DAY_S)) == ["14cfr.105.43.reserve"]
    checked = by("14cfr.105.43.reserve")
    assert checks.packing("actor", since_repack_s=180 * DAY_S, checked=checked) == ()
    assert kinds(checks.packing("actor", since_repack_s=181 * DAY_S, checked=checked)) == ["stop"]
    assert checks.exit_weight("actor", exit_kg=105.0, limit_kg=136.0) == ()
    assert kinds(checks.exit_weight("actor", exit_kg=137.0, limit_kg=136.0)) == ["stop"]
    assert kinds(checks.exit_weight("actor", exit_kg=105.0, limit_kg=None)) == ["maker.reserve.placard"]
    light = {"head_supported_kg": 1.8, "peak_g": 3.0}
    assert kinds(checks.neck("operator", **light)) == ["maker.neck.camera"]
    assert checks.neck("operator", **light, checked=by("maker.neck.camera")) == ()
    for checked in ((), by("maker.neck.camera")):  # no check of that row can clear a twenty-pound camera
        assert kinds(checks.neck("operator", head_supported_kg=10.5, peak_g=3.5, checked=checked)) == [
            "maker.neck.camera"
        ]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -1.0])
def test_rubbish_numbers_are_refused(bad: float) -> None:
    for call in (
        lambda: checks.opening_height("a", licence="D", height_agl_m=bad),
        lambda: checks.oxygen_aboard(exit_msl_m=bad, aboard=True),
        lambda: checks.prebreathe(exit_msl_m=bad, planned_s=1.0), lambda: checks.prebreathe(exit_msl_m=8e3, planned_s=bad),
        lambda: checks.prebreathe(exit_msl_m=8e3, planned_s=1.0, longest_break_s=bad),
        lambda: checks.altitude_class(bad), lambda: checks.recency("a", licence="D", since_jump_s=bad),
        lambda: checks.altitude_experience("a", exit_msl_m=8e3, licence="D", jumps=bad, oxygen_jumps=1),  # type: ignore[arg-type]
        lambda: checks.camera_experience("a", licence="D", jumps=bad, same_rig_jumps=1, alone_with_kit_jumps=1),  # type: ignore[arg-type]
        lambda: checks.separation(break_off_agl_m=bad, highest_opening_agl_m=1.0, line_stretch_m=1.0),
        lambda: checks.light(between_sunset_and_sunrise=True, light_visible_m=bad),
        lambda: checks.aad_margin("a", activation_agl_m=225.0, open_agl_m=bad),
        lambda: checks.airspace(exit_pressure_altitude_m=bad, authorised=True),
        lambda: checks.packing("a", since_repack_s=bad), lambda: checks.exit_weight("a", exit_kg=bad, limit_kg=136.0),
        lambda: checks.neck("a", head_supported_kg=bad, peak_g=3.0),
    ):  # fmt: skip
        with pytest.raises(InputError, match="negative or undefined"):
            call()


def test_a_licence_that_does_not_exist_is_refused() -> None:
    for call in (
        lambda: checks.opening_height("a", licence="E", height_agl_m=1e3),
        lambda: checks.recency("a", licence="d", since_jump_s=1.0),
        lambda: checks.altitude_experience("a", exit_msl_m=8e3, licence="pro", jumps=1, oxygen_jumps=1),
    ):
        with pytest.raises(ChoiceError, match="student, A, B, C, D"):
            call()
