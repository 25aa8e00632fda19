"""A row that nobody has read at its source never lets anybody pass: each one is put to the check that holds it, with a

fact that keeps it as far as anybody remembers, and asks; a named check of that row alone answers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from onetake.jump import Ask
from onetake.plan.findings import duty
from onetake.rules import checks
from onetake.rules.table import Checked, Finding, find, rows, verdict

FT = 0.3048
Ask_of = Callable[[tuple[Checked, ...]], tuple[Finding, ...]]

UNREAD = tuple(row for row in rows() if not row.trusted)


def _prebreathe(exit_ft: float) -> Ask_of:
    return lambda checked: checks.prebreathe(
        exit_msl_m=exit_ft * FT, planned_s=1e5, start_msl_m=0.0, checked=checked
    )


def _opening(licence: str) -> Ask_of:
    return lambda checked: checks.opening_height(
        "a", licence=licence, height_agl_m=9000 * FT, checked=checked
    )


def _separation(checked: tuple[Checked, ...]) -> tuple[Finding, ...]:
    return checks.separation(
        break_off_agl_m=9000.0, highest_opening_agl_m=1000.0, line_stretch_m=5000.0, checked=checked
    )


# the fact that keeps the row by the widest margin
KEPT: dict[str, Ask_of] = {
    "14cfr.105.43.reserve": lambda checked: checks.packing("a", since_repack_s=0.0, checked=checked),
    "maker.neck.camera": lambda checked: checks.neck("a", head_supported_kg=0.1, peak_g=1.0, checked=checked),
    "mff.prebreathe.20000": _prebreathe(20_000),
    "mff.prebreathe.25000": _prebreathe(25_000),
    "mff.prebreathe.30000": _prebreathe(30_000),
    "mff.prebreathe.35000": _prebreathe(35_000),
    "uspa.opening.tandem": _opening("tandem"),
    "uspa.opening.c_d": _opening("D"),
    "uspa.oxygen.aboard": lambda checked: checks.oxygen_aboard(exit_msl_m=16_000 * FT, aboard=True, checked=checked),
    "uspa.separation.break_off": _separation,
    "uspa.separation.line_stretch": _separation,
}  # fmt: skip
# rows that ask on the day whatever the shot says
DUTIES = ("14cfr.61.31.pilot", "14cfr.105.43.main", "film.bulletin.parachuting", "film.consent")
# nobody is held to them: another country's or force's, what a licence takes (the letter is what the other rows ask
# for), and where a class of airspace begins, which decides nothing (an authorisation is asked for either way)
UNUSED = ("mff.opening", "uk.high_altitude", "uk.opening", "uspa.licence.a", "14cfr.71.33.class_a")


def by(rule: str) -> tuple[Checked, ...]:
    return (Checked(rule=rule, by="chief instructor", on=date(2024, 5, 1)),)


def test_every_unread_row_is_accounted_for() -> None:
    assert {row.id for row in UNREAD} == {*KEPT, *DUTIES, *UNUSED}


@pytest.mark.parametrize("rule", KEPT)
def test_a_fact_that_keeps_an_unread_row_still_asks(rule: str) -> None:
    asked = [finding for finding in KEPT[rule](()) if isinstance(finding, Ask) and finding.rule == rule]
    assert len(asked) == 1
    assert find(rule).confidence in asked[0].item
    assert asked[0].owner
    others = tuple(check for other in KEPT if other != rule for check in by(other))
    assert rule in [finding.rule for finding in KEPT[rule](others) if isinstance(finding, Ask)]
    assert rule not in [finding.rule for finding in KEPT[rule](by(rule)) if isinstance(finding, Ask)]


@pytest.mark.parametrize("rule", DUTIES)
def test_an_unread_duty_asks_until_somebody_has_seen_to_it(rule: str) -> None:
    (ask,) = duty(rule, "crew", ())
    assert isinstance(ask, Ask)
    assert "Not read at its source" in ask.item
    assert duty(rule, "crew", by(rule)) == ()


@pytest.mark.parametrize("row", UNREAD, ids=lambda row: row.id)
@pytest.mark.parametrize("broken", [False, True, None])
def test_no_conclusion_is_drawn_from_an_unread_row(row: object, broken: bool | None) -> None:
    (finding,) = verdict(row, item="a", broken=broken, found="so it is")  # type: ignore[arg-type]
    assert isinstance(finding, Ask)


def test_the_class_of_airspace_lets_nobody_in() -> None:
    """Whatever the height, an authorisation that is not stated asks, and one that is denied never passes."""
    for exit_ft in (5_000, 17_999, 18_001, 25_000, 61_000):
        for authorised in (None, False):
            assert checks.airspace(exit_pressure_altitude_m=exit_ft * FT, authorised=authorised)


def test_no_distance_at_line_stretch_is_said_to_be_kept() -> None:
    """No number is known for it: eight metres and five hundred read alike, until a person has judged the one at hand."""
    for apart_m in (8.0, 500.0):
        found = checks.separation(break_off_agl_m=None, highest_opening_agl_m=1000.0, line_stretch_m=apart_m)
        (ask,) = [one for one in found if isinstance(one, Ask) and one.rule == "uspa.separation.line_stretch"]
        assert "remembered" not in ask.item
        assert f"{apart_m:.0f} m apart" in ask.item
