"""Dials: what may be turned, in which steps, and what none of them does."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from onetake.api.stage import Stage
from onetake.errors import ChoiceError, ShotError
from onetake.jump import JumpPlan
from onetake.plan.dials import Dial, changes_of, dials_of
from onetake.shot.cast import exit_mass_kg
from onetake.shot.edit import with_changes
from onetake.shot.file import Shot, parse_shot
from onetake.units import FT_M, MPH_M_S

PATH = Path(__file__).resolve().parents[3] / "examples/halo/shot.toml"


def shot_with(tune: str, *more: tuple[str, str]) -> Shot:
    text = PATH.read_text("utf-8")
    for old, new in more:
        assert old in text
        text = text.replace(old, new)
    return parse_shot(f"{text}\n[tune]\n{tune}\n", PATH)


@pytest.fixture
def plan(halo: Stage) -> JumpPlan:
    return halo.prepared.plan


def named(shot: Shot, plan: JumpPlan) -> dict[str, Dial]:
    return {dial.name: dial for dial in dials_of(shot, plan)}


def only(shot: Shot, plan: JumpPlan, name: str, said: str) -> Shot:
    """The shot with one dial at the setting so called."""
    dials = dials_of(shot, plan)
    turned = [dial.present for dial in dials]
    i = [dial.name for dial in dials].index(name)
    turned[i] = [setting.said for setting in dials[i].settings].index(said)
    return with_changes(shot, changes_of(shot, dials, turned))


def test_the_dials_of_the_example(halo: Stage, plan: JumpPlan) -> None:
    dials = named(halo.shot, plan)
    assert list(dials) == [
        "stop", "focus distance", "operator: lead", "actor: lead", "actor: exit interval", "exit altitude", "break-off",
        "operator: pull", "actor: pull", "exit time",
    ]  # fmt: skip
    assert [one.said for one in dials["stop"].settings][:4] == ["f/2.8", "f/3.2", "f/3.5", "f/4"]
    assert dials["focus distance"].settings[0].said == "hard stop, 3'0\""
    assert dials["focus distance"].settings[-1].said == "4'6\""
    assert dials["actor: exit interval"].present == 2  # 0.2, 0.3, 0.4 s
    for dial in dials.values():
        assert dial.settings[dial.present].changes == {}
        assert sum(not one.changes for one in dial.settings) == 1
        assert len({one.said for one in dial.settings}) == len(dial.settings)


def test_every_setting_makes_a_shot_or_says_why_not(halo: Stage, plan: JumpPlan) -> None:
    dials = dials_of(halo.shot, plan)
    for i, dial in enumerate(dials):
        for at in range(0, len(dial.settings), 3):
            turned = [one.present for one in dials]
            turned[i] = at
            changes = changes_of(halo.shot, dials, turned)
            if dial.name == "operator: pull" and at > 6:  # 1,500 ft is all there is up to the break-off
                with pytest.raises(ShotError, match="not above the break-off"):
                    with_changes(halo.shot, changes)
            else:
                with_changes(halo.shot, changes)


def test_t_goes_with_f(halo: Stage, plan: JumpPlan) -> None:
    lens = only(halo.shot, plan, "stop", "f/5.6").camera.lens
    assert lens.f_number == 5.6
    assert lens.t_stop == pytest.approx(6.0)


def test_a_lens_brings_its_own_numbers_and_never_opens_wider_than_it_does(plan: JumpPlan) -> None:
    shot = shot_with(
        'lenses = ["Cooke S4/i 18 mm", "Cooke S4/i 50 mm"]',
        ("f_number = 2.8, t_stop = 3.0", "f_number = 1.4, t_stop = 1.5"),
    )
    assert [one.said for one in named(shot, plan)["lens"].settings] == [
        "Cooke S4/i 18 mm",
        "35 mm",
        "Cooke S4/i 50 mm",
    ]
    lens = only(shot, plan, "lens", "Cooke S4/i 18 mm").camera.lens
    assert lens.name == "Cooke S4/i 18 mm"
    assert (lens.focal_m, lens.minimum_focus_m) == pytest.approx((0.018, 0.25))
    assert lens.t_stop == pytest.approx(2.0, abs=0.01)  # wide open, not T1.5
    with pytest.raises(ChoiceError, match="no lens called 'Cook'"):
        dials_of(shot_with('lenses = ["Cook"]'), plan)


def test_lead_makes_faster_and_stays_under_the_placard(plan: JumpPlan) -> None:
    shot = shot_with('lead = { actor = "40 kg", operator = "0 kg" }')
    dials = named(shot, plan)
    assert "operator: lead" not in dials
    actor = shot.subject()
    assert dials["actor: lead"].settings[-1].said == "31 kg"  # 136 - 77 - 28
    heavy = only(shot, plan, "actor: lead", "31 kg").subject()
    assert exit_mass_kg(heavy, 0.0) == 136.0
    ratio = (136 / 105) ** 0.5
    assert heavy.fall_rate.neutral_m_s == pytest.approx(
        actor.fall_rate.neutral_m_s * ratio, abs=0.06 * MPH_M_S
    )
    no_placard = shot_with(
        "", ('equipment = "28 kg"                                  # rig', 'equipment = "28 kg" # rig')
    )
    text = re.sub(r'reserve_limit = "136 kg"\n', "", no_placard.source)
    assert "actor: lead" not in named(parse_shot(text, PATH), plan)


def test_what_is_held_stays(plan: JumpPlan) -> None:
    shot = shot_with(
        'f_number = [2.8, 2.8]\nfocus = ["3 ft", "3 ft"]\nlead = {}\nexit_interval = ["0.4 s", "0.4 s"]\n'
        'exit_altitude = ["25,000 ft MSL", "25,000 ft MSL"]\nraise = "0 ft"\nexit_time = false'
    )
    assert dials_of(shot, plan) == ()


def test_ranges_of_the_file_are_kept(plan: JumpPlan) -> None:
    shot = shot_with(
        'exit_altitude = ["24,000 ft MSL", "26,000 ft MSL"]\nraise = "500 ft"\nexit_interval = ["0.5 s", "0.7 s"]'
    )
    dials = named(shot, plan)
    assert [one.said for one in dials["exit altitude"].settings] == [
        f"{ft:,} ft MSL" for ft in range(24000, 26001, 500)
    ]
    assert [one.said for one in dials["break-off"].settings] == [
        "6,500 ft AGL",
        "6,750 ft AGL",
        "7,000 ft AGL",
    ]
    assert [one.said for one in dials["actor: exit interval"].settings] == [
        "0.4 s",
        "0.5 s",
        "0.6 s",
        "0.7 s",
    ]


def test_without_an_exposure_the_stop_is_not_turned(plan: JumpPlan) -> None:
    line = "exposure = { ei = 800, shutter_deg = 180, nd_stops = 0, within_stops = 1 }\n"
    shot = shot_with("", (line, ""), ('exposure = "ok", ', ""))
    assert "stop" not in named(shot, plan)


def test_the_exit_stays_within_the_light_and_a_given_time_stays(halo: Stage, plan: JumpPlan) -> None:
    light = plan.light
    assert light.first_exit_utc is not None
    assert light.last_exit_utc is not None
    dial = named(halo.shot, plan)["exit time"]
    for setting in dial.settings:
        if setting.changes:
            shot = with_changes(halo.shot, setting.changes)
            assert shot.place.exit_utc is not None
            assert light.first_exit_utc <= shot.place.exit_utc <= light.last_exit_utc
    given = with_changes(
        halo.shot, {"place.exit_time": f"{light.first_exit_utc + timedelta(seconds=60):%Y-%m-%dT%H:%M:%SZ}"}
    )
    assert "exit time" not in named(given, plan)


def test_a_height_in_metres_is_never_rounded_down(plan: JumpPlan) -> None:
    shot = shot_with('raise = "750 ft"', ('break_off = "6,500 ft AGL"', 'break_off = "2000 m AGL"'))
    for setting in named(shot, plan)["break-off"].settings:
        raised = with_changes(shot, setting.changes) if setting.changes else shot
        assert raised.opening.break_off.value_m >= 2000.0
        assert raised.opening.break_off.value_m < 2000.0 + 751 * FT_M


@pytest.mark.parametrize(
    ("tune", "said"),
    [
        ("f_number = [8, 2.8]", "lower end first"),
        ('exit_altitude = ["25,000 ft MSL", "20,000 ft MSL"]', "lower height first"),
        ('exit_altitude = ["20,000 ft AGL", "25,000 ft MSL"]', "above the same"),
        ('lead = { nobody = "3 kg" }', "nobody"),
        ('lower = "500 ft"', "unknown key"),
    ],
)
def test_a_range_that_cannot_be_says_so(tune: str, said: str) -> None:
    with pytest.raises(ShotError, match=said):
        shot_with(tune)
