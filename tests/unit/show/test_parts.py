"""Parts of the report, each on what it must get right."""

from __future__ import annotations

import html
import math
import re
from dataclasses import replace
from importlib import resources
from types import ModuleType

import numpy as np
import pytest

from onetake.errors import InputError
from onetake.jump import Ask, FocusLimits, Stop
from onetake.odds.summary import wilson
from onetake.show.answer import answer
from onetake.show.assumed import assumed
from onetake.show.chances import chances
from onetake.show.chart import focus_section
from onetake.show.continuity import continuity
from onetake.show.curves import Curves, fall_end_s, heights
from onetake.show.go import go, questions
from onetake.show.header import slate, weather_said
from onetake.show.map import where
from onetake.show.material import Material
from onetake.show.planning import planning
from onetake.show.readout import moments, rows, sampled
from onetake.show.timeline import timeline
from onetake.show.wind import levels_m, wind_at, wind_profile
from onetake.units import FT_M
from onetake.verdict import CriterionMargin


def said(markup: str) -> str:
    """What a reader sees, without the tags and with plain spaces."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup)).replace("\u00a0", " ")).strip()


def test_curves_must_be_of_one_length() -> None:
    time_s = np.arange(5.0)
    with pytest.raises(InputError, match="range_m has shape"):
        Curves(time_s=time_s, range_m=np.zeros(4))
    with pytest.raises(InputError, match="sun_rad of actor"):
        Curves(time_s=time_s, sun_rad={"actor": np.zeros(4)})
    with pytest.raises(InputError, match="increase"):
        Curves(time_s=np.zeros(3))


def test_heights_come_from_the_take_where_the_curves_have_none(stage: ModuleType) -> None:
    take = stage.a_take()
    time_s, height_m = heights(take, Curves(time_s=np.arange(3.0)))["actor"]
    assert time_s is take.body("actor").time_s
    assert height_m[0] == pytest.approx(7593.5)
    assert fall_end_s(take) == pytest.approx(113.1)


def test_values_between_samples_and_never_across_a_gap() -> None:
    time_s = np.array([0.0, 1.0, 2.0, 3.0])
    values = np.array([0.0, 10.0, math.nan, 30.0])
    at = sampled(np.array([-1.0, 0.5, 1.0, 1.5, 3.0, 4.0]), time_s, values)
    np.testing.assert_equal(at, [math.nan, 5.0, 10.0, math.nan, 30.0, math.nan])


def test_a_far_limit_at_infinity_is_said_so(whole: Material) -> None:
    c = whole.curves
    assert c is not None
    endless = replace(whole, curves=replace(c, far_m=np.full(len(c.time_s), math.inf)))
    texts = {name: texts for name, _, texts in rows(endless, np.array([70.02]))}
    assert texts["Sharp from"][0].endswith("to ∞")


@pytest.mark.parametrize(
    ("sun_deg", "sky"), [(40.0, "day"), (-1.0, "dusk"), (-12.0, "night"), (math.nan, "dusk")]
)
def test_the_slate_stands_under_the_sky_of_the_mark(sun_deg: float, sky: str, whole: Material) -> None:
    c = whole.curves
    assert c is not None
    angle = np.full(len(c.time_s), math.radians(sun_deg))
    assert f'<header class="{sky}">' in slate(replace(whole, curves=replace(c, sun_rad={"operator": angle})))


def test_the_readout_says_what_the_curves_hold(whole: Material) -> None:
    at_s = moments(-2.0, 115.0, whole.mark_time_s())
    c = whole.curves
    assert c is not None
    said_rows = {name: texts for name, _, texts in rows(whole, at_s)}
    k = int(np.searchsorted(at_s, 70.0))
    range_m = float(np.interp(at_s[k], c.time_s, c.range_m))
    assert f"({range_m:.2f}\u00a0m)" in said_rows["Range"][k]
    assert said_rows["Range"][0] == "–"
    assert said_rows["Local time"][k] == "17:59:20"
    assert np.all(np.diff(at_s) > 0)


def test_the_page_opens_on_the_mark_and_not_under_a_parachute(whole: Material) -> None:
    call = whole.call_of("mark")
    assert call is not None
    assert whole.mark_time_s() == call.at_s
    c = whole.curves
    assert c is not None
    landed = np.where(c.time_s > 110, 0.1, c.range_m)
    unjudged = replace(whole, verdict=None, curves=replace(c, range_m=landed))
    assert 45 < unjudged.mark_time_s() < 95.4


def test_the_answer_says_chance_interval_and_window(whole: Material) -> None:
    text = said(answer(whole))
    assert "P(shot) 27 %" in text
    assert "25 % to 29 % (95 % interval), 2,000 takes." in text
    assert "Window: “mark” must hold 3.0 s within 30 s of the end of “approach”." in text
    assert "Contact between bodies 0 of 2,000: below 0.19 %" in text
    assert "never instead of one" in text


def test_stops_and_asks_are_loud(stage: ModuleType) -> None:
    plan = stage.a_plan()
    stopped = replace(plan, status="stop", stops=(Stop(item="light", why="no second has light"),))
    markup = go(stopped)
    assert 'class="go stop"' in markup
    assert "Stop As planned, this jump must not be flown." in said(markup)
    assert "light no second has light" in said(markup)
    assert "jumpmaster 3" in said(markup)
    clear = said(go(replace(plan, status="no_stop_found", asks=())))
    assert "No stop found" in clear
    assert "Only a person says go." in clear
    assert "nothing here says whether the jump may be flown" in said(go(None))


def test_every_ask_is_written_out_with_its_rule(stage: ModuleType) -> None:
    long = Ask(item="Is it? " + "word " * 80 + "end.", owner="rigger", rule="maker.long")
    plan = replace(stage.a_plan(), asks=(*stage.a_plan().asks, long))
    text = said(questions(plan))
    assert all(ask.item.strip() in text and ask.rule in text for ask in plan.asks)
    assert "…" in said(go(plan))


def test_beats_read_like_a_script_supervisor(whole: Material) -> None:
    text = said(continuity(whole))
    for beat in whole.shot.beats:
        assert beat.name in text
    assert "mark: missed — held" in text
    assert "sharp would need f/4" in text
    assert "range 3 ft to 150 ft" in text
    assert "size going from 0.05 to 0.25" in text
    assert "no contact from last exit to break-off · clearance > 4 in" in text


def test_what_the_allowance_forgave_is_not_called_failed(stage: ModuleType, whole: Material) -> None:
    verdict = stage.a_verdict()
    got = replace(
        verdict.beats[2], verdict="got it", cause="",
        criteria=(CriterionMargin(name="sun", margin=0.3, unit="deg", at_s=1.0), CriterionMargin(name="sun", margin=-0.1, unit="deg", at_s=2.0)),
    )  # fmt: skip
    markup = continuity(replace(whole, verdict=replace(verdict, beats=(*verdict.beats[:2], got))))
    assert "sun −0.1°, inside what is allowed at 2.0 s" in said(markup)
    assert 'class="failed"' not in markup


def test_a_take_that_was_never_attempted_has_dashes_with_reasons(stage: ModuleType, whole: Material) -> None:
    verdict = stage.a_verdict()
    never = replace(verdict.beats[2], margin=None, at_s=None, attempt_s=None, criteria=(), held_s=0.0)
    text = said(continuity(replace(whole, verdict=replace(verdict, beats=(*verdict.beats[:2], never)))))
    assert "– never attempted" in text
    assert "– no attempt" in text


def test_odds_say_causes_alone_aborts_apart_and_bounds(whole: Material) -> None:
    text = said(chances(whole))
    assert "mark: focus" in text
    assert "61 %, alone 47 %" in text
    assert "closing too fast inside 15 ft 2.4 %" in text
    assert "Landings beyond 984 ft of the drop zone" in text
    assert "beats are counted together, not multiplied" in text


def test_contact_has_its_own_interval_speed_and_phase(stage: ModuleType, whole: Material) -> None:
    odds = replace(
        stage.an_odds(), p_contact=wilson(12, 2000), contacts=(("in freefall", 12),), contact_speed_m_s=2.4384
    )
    text = said(chances(replace(whole, odds=odds)))
    assert "Contact between bodies 0.60 % (0.34 % to 1.05 %)" in text
    assert "in freefall 12 of 2,000" in text
    assert "fastest of these 8.0 ft/s (2.4 m/s)" in text


def test_no_landing_limit_no_share_outside_it(whole: Material) -> None:
    free = replace(
        whole, shot=replace(whole.shot, opening=replace(whole.shot.opening, landing_within_m=None))
    )
    assert "Landings beyond" not in said(chances(free))
    assert "Landings beyond" not in said(answer(free))


def test_the_focus_chart_answers_for_two_foot_ten(whole: Material) -> None:
    text = said(focus_section(whole))
    assert "2'10\" is soft , by 0.3″" in text
    assert "Sharp by D/1500" in text
    assert "Sharp by 4K pixel" in text


def test_a_band_that_reaches_infinity(whole: Material) -> None:
    wide = FocusLimits(
        lens="16 mm", f_number=5.6, distance_m=0.9, criterion="D/1500", near_m=0.45, far_m=math.inf
    )
    assert whole.plan is not None
    text = said(focus_section(replace(whole, plan=replace(whole.plan, focus=(wide,)))))
    assert "1'5.7\" – ∞" in text


def test_a_neighbour_without_limits_is_a_dash(whole: Material) -> None:
    assert whole.plan is not None
    first, second, *rest = whole.plan.focus
    unknown = replace(second, near_m=math.nan, far_m=math.nan)
    text = said(focus_section(replace(whole, plan=replace(whole.plan, focus=(first, unknown, *rest)))))
    assert "28 mm f/2 – no limits known" in text


def test_wind_is_never_guessed_above_the_profile(stage: ModuleType) -> None:
    column = stage.a_column()
    assert wind_at(column, 9601.0) is None
    assert wind_at(column, 30.0) == pytest.approx((-3.961, -0.557), abs=0.01)
    text = said(wind_profile(column, 27.0, 12000.0))
    assert "The profile ends at 31,496 ft (9,600 m), below the exit" in text
    assert levels_m(27.0, 7620.0, 9)[1:] == pytest.approx([k * 5000 * FT_M for k in range(1, 6)])


def test_barbs_add_up(stage: ModuleType) -> None:
    from onetake.show.wind import _barb

    for kt in (5, 10, 15, 20, 45, 50, 65, 100):
        d = str(_barb(0, 0, 270.0, float(kt)))
        strokes = re.findall(r"M0 [-\d.]+L([-\d.]+) [-\d.]+(L0)?", d.split("L0 -20", 1)[1])
        worth = sum(50 if pennant else 10 if float(x) == 8 else 5 for x, pennant in strokes)
        assert worth == kt


def test_the_slate_says_how_old_the_winds_are(whole: Material) -> None:
    assert (
        weather_said(whole) == "25N 55E 2011-10-11 00:00Z, forecast 72 h ahead, valid 14.0 h before the exit"
    )


def test_the_map_has_everybody_and_a_scale(whole: Material) -> None:
    markup = where(whole)
    for part in (
        "freefall operator",
        "canopy subject",
        "landed operator",
        "jump-run",
        "exit-point",
        "within",
        "north",
        "scale-bar",
    ):
        assert f'class="{part}"' in markup, part
    text = said(markup)
    assert "Forward throw 2,830 ft (862 m) where doctrine says 984 ft (300 m)" in text
    assert "95 % land inside: 1,110 ft (338 m)" in text


def test_the_plan_is_whole(whole: Material) -> None:
    text = said(planning(whole))
    for part in (
        "17:58:10 local (13:58:10 UTC)",
        "Passive separation",
        "placard not given",
        "Prebreathe 30 min",
        "Confidence: unchecked",
        "Malfunction",
        "17:56:34 to 17:59:31 local: 2 min 57 s",
    ):
        assert part in text, part


def test_what_nobody_published_comes_first(whole: Material) -> None:
    text = said(assumed(whole))
    assert text.index("motor noise, operator") < text.index("wind error") < text.index("opening time")
    assert "assumed 3: nobody has published it" in text


def test_every_beat_and_event_is_on_the_timeline(whole: Material) -> None:
    markup = timeline(whole)
    assert whole.take is not None
    for beat in whole.shot.beats:
        assert f"{beat.name} · hold" in said(markup)
    for name in ("exit operator", "break-off", "pull actor", "open actor"):
        assert f">{name}</text>" in markup
    assert "landings: actor at 6 min 41 s, operator at 8 min 18 s" in said(markup)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(scheme: str) -> None:
    css = resources.files("onetake.show").joinpath("data", "report.css").read_text("utf-8")
    blocks = re.findall(r":root \{(.*?)\}", css, re.S)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[0 if scheme == "light" else 1]))
    grounds = ("paper", "panel", "land", "stop-fill", "ask-fill", "sharp-fill")
    inks = ("ink", "soft", "faint", "operator", "subject", "sharp", "got", "missed", "unsure", "stop", "ask")
    for ink in inks:
        for ground in grounds[: 2 if ink not in ("ink", "soft") else None]:
            light, dark = sorted((_luminance(colours[ink]), _luminance(colours[ground])), reverse=True)
            ratio = (light + 0.05) / (dark + 0.05)
            assert ratio >= 4.5, f"{ink} on {ground}: {ratio:.2f}"  # WCAG 2.2, 1.4.3


def test_no_probability_without_its_window(whole: Material) -> None:
    odds = whole.odds
    assert odds is not None
    window = "between 0 and 98 s after the first exit"
    assert f"Caught {window}." in said(answer(whole))
    assert f"Each within its window: the shot {window}; out backwards between 0 and 8 s;" in said(
        chances(whole)
    )
    assert "mark within 30 s of approach." in said(chances(whole))
    assert "(26 % to 30 %) within 30 s of approach" in said(continuity(whole))
