"""Unknowns, the tornado and the total effects on a flown shot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from onetake.api.odds import odds_record
from onetake.api.stage import Stage
from onetake.fly.state import C
from onetake.odds.draws import columns, draw, drawn, groups, normals
from onetake.odds.monte import Ask, run_odds
from onetake.odds.sensitivity import AsAssumed, IfOther, Swapped, effects, sensitivity, swings
from onetake.odds.unknowns import SKIN, Turn, turned, unknowns
from onetake.odds.variants import Outcomes, fly_variants, joined

TAKES = np.arange(1, 9, dtype=np.int64)


def silent(what: str, done: float, total: float) -> None:
    pass


def test_every_unknown_has_an_interval_and_says_why(two_way: Stage, halo: Stage) -> None:
    for stage in (two_way, halo):
        found = unknowns(stage.prepared.scenario, stage.wind_spread())
        names = [one.name for one in found]
        assert len(set(names)) == len(names)
        for one in found:
            assert one.low < one.high, one.name
            assert one.trust
            assert one.prior.why
            assert one.prior.source
        assert run_odds(stage.work(1), Ask(takes=1)).priors == tuple(one.prior for one in found)


def test_every_turn_changes_what_is_flown_and_nothing_else(two_way: Stage) -> None:
    scenario, spread = two_way.prepared.scenario, two_way.wind_spread()
    draws = draw(scenario, spread, 1, TAKES)
    for one in unknowns(scenario, spread):
        other, changed = turned(scenario, draws, one.turn, one.high)
        moved = {key for key in draws.values if not np.array_equal(draws.values[key], changed.values[key])}
        if one.turn.how == "winds":
            assert not np.array_equal(changed.wind_error_m_s, draws.wind_error_m_s)
            assert moved == set()
        elif one.turn.how == "skin":
            assert moved == set()
            assert np.flatnonzero((other.panels != scenario.panels).any(axis=(0, 2))).tolist() == [SKIN]
        elif one.turn.how in ("common", "common times"):
            assert moved == set()
            different = np.flatnonzero(other.common != scenario.common)
            assert different.tolist() == sorted(getattr(C, key) for key in one.turn.keys)
        else:
            assert moved, one.name
            assert moved <= set(one.turn.keys)
        if one.turn.how in ("times", "spread", "winds"):
            _, same = turned(scenario, draws, one.turn, 1.0)
            for key, values in draws.values.items():
                np.testing.assert_allclose(same.values[key], values, rtol=1e-12)


def test_nobody_leaves_before_the_first(two_way: Stage) -> None:
    scenario = two_way.prepared.scenario
    draws = draw(scenario, two_way.wind_spread(), 1, TAKES)
    _, wild = turned(scenario, draws, Turn(how="spread", keys=("A_exit_s", "B_exit_s")), 100.0)
    first_s = min(jumper.person.exit.at_s for jumper in scenario.jumpers)
    assert wild.values["B_exit_s"].min() == first_s


def test_groups_part_the_columns_that_are_used(halo: Stage) -> None:
    """No column in two groups, and a column that no group names changes nothing."""
    scenario, spread = halo.prepared.scenario, halo.wind_spread()
    parted = groups(scenario)
    assert len(parted) + 1 <= 12
    named = [column for group in parted.values() for column in group]
    assert len(set(named)) == len(named)
    normal = normals(1, TAKES, columns(scenario))
    base = drawn(scenario, spread, 1, TAKES, normal)
    for column in sorted(set(range(columns(scenario))) - set(named)):
        moved = normal.copy()
        moved[:, column] += 1.0
        other = drawn(scenario, spread, 1, TAKES, moved)
        for key, values in base.values.items():
            if key not in ("A_delay", "A_bandwidth"):  # the operator's are not flown
                np.testing.assert_array_equal(values, other.values[key], err_msg=f"{column} moves {key}")


def test_swapping_everything_flies_the_other_take(two_way: Stage) -> None:
    work = two_way.work(1)
    every = tuple(range(columns(work.scenario)))
    swapped = Swapped(work=work, shift=8, group=every, noise=True)(TAKES)
    other = AsAssumed(work=work)(TAKES + 8)
    np.testing.assert_array_equal(swapped.clearance_m, other.clearance_m)
    none = Swapped(work=work, shift=8, group=())(TAKES)
    np.testing.assert_array_equal(none.clearance_m, AsAssumed(work=work)(TAKES).clearance_m)
    noise = Swapped(work=work, shift=8, group=(), noise=True)(TAKES)
    assert not np.array_equal(noise.in_focus_s, none.in_focus_s)


def test_variants_are_flown_side_by_side_on_any_engine(two_way: Stage) -> None:
    work = two_way.work(1)
    turn = Turn(how="times", keys=("A_motor", "B_motor"))
    variants = [AsAssumed(work=work), IfOther(work=work, turn=turn, value=3.0)]
    here, threads = (
        fly_variants(variants, first_take=5, takes=70, engine=engine, tell=silent, what="")
        for engine in ("here", "threads:2")
    )
    for one, other in zip(here, threads, strict=True):
        np.testing.assert_array_equal(one.clearance_m, other.clearance_m)
    alone = Outcomes.of(AsAssumed(work=work)(np.arange(5, 75, dtype=np.int64)))
    np.testing.assert_array_equal(here[0].in_focus_s, alone.in_focus_s)
    assert not np.array_equal(here[0].in_focus_s, here[1].in_focus_s)
    assert len(joined(here).shot) == 140


@pytest.mark.slow
def test_motor_noise_moves_the_shot_and_canopies_do_not(halo: Stage) -> None:
    """A steadier operator and subject catch more; where they land changes no beat."""
    found = sensitivity(halo.work(1), takes=32, engine="threads", tell=silent)
    swing = {row.name: row for row in found.tornado}
    assert swing["canopy accuracy"].size == 0.0
    assert swing["opening"].size == 0.0
    assert found.tornado[0].size >= found.tornado[-1].size
    effect = {(one.output, one.group): one.total for one in found.effects}
    assert effect["time in focus", "opening and canopy"].p == pytest.approx(0.0, abs=1e-9)
    assert effect["time in focus", "noise in flight"].p > 0.05
    plain = run_odds(halo.work(1), Ask(takes=1))
    keys = odds_record(replace(plain, sensitivity=found))["sensitivity"]
    assert [row["name"] for row in keys["tornado"]] == [row.name for row in found.tornado]
    assert keys["p_shot"] == found.p_shot.p
    assert "sensitivity" not in odds_record(plain)


def test_the_same_takes_stand_behind_every_row(two_way: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an unknown that changes nothing, the change is nothing and its interval is narrow."""
    work = two_way.work(1)
    row = next(one for one in unknowns(work.scenario, work.spread) if one.name == "canopy accuracy")
    monkeypatch.setattr("onetake.odds.sensitivity.unknowns", lambda *_: (row,))
    base, (only,) = swings(work, takes=64, engine="threads", tell=silent)
    assert only.p_low == only.p_high == base.mean()
    assert only.across.by == 0.0
    assert not only.told
    assert -0.06 < only.across.low < 0.0 < only.across.high < 0.06  # z² / (n + z²)


def test_an_outcome_that_never_varies_has_no_effects(two_way: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onetake.odds.sensitivity.FAR_M", 0.0)
    found = effects(two_way.work(1), takes=4, engine="threads", tell=silent)
    assert "least clearance" not in {one.output for one in found}
