"""Rare contact: flown with noise in pieces, and held against counting."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from onetake.api.odds import odds_record
from onetake.api.stage import Stage
from onetake.cli.words import rare_words
from onetake.errors import ChoiceError
from onetake.fly.state import CONTACT
from onetake.odds.chunks import fly_chunk
from onetake.odds.draws import columns, normals
from onetake.odds.monte import Ask, run_odds
from onetake.odds.rare import KEYS, PARTS, Nearness, known_event, rare_odds
from onetake.odds.subset import probability
from onetake.odds.summary import Estimate, RareOdds, RarePart, wilson

SEED = 4


@pytest.fixture(scope="module")
def near(two_way: Stage) -> Nearness:
    return Nearness(
        scenario=two_way.prepared.scenario, spread=two_way.wind_spread(), seed=SEED, part=PARTS[1]
    )


def test_one_key_for_the_whole_noise_flies_the_take_of_that_number(two_way: Stage, near: Nearness) -> None:
    """Both parts together say what the odds say of the same takes: who touched, and how near the others came."""
    takes = np.arange(1, 21, dtype=np.int64)
    rows = fly_chunk(two_way.work(SEED), 1, len(takes))
    u, keys = normals(SEED, takes, columns(near.scenario)), np.repeat(takes[:, None], KEYS, axis=1)
    parts = np.stack([replace(near, part=part)(u, keys) for part in PARTS])
    hit = rows.ending == CONTACT
    np.testing.assert_array_equal(np.isneginf(parts).any(axis=0), hit)
    # who stands where the other has landed is no approach; the flight's own number is 3.2 m there
    same = parts.min(axis=0)[~hit] == rows.clearance_m[~hit].astype(np.float64)
    assert (same | (rows.clearance_m[~hit] > 3.19)).all()
    assert same.mean() > 0.5
    assert len({tuple(np.argsort(one)) for one in parts}) == len(
        PARTS
    )  # near in one part is not near in another


def test_a_key_changes_its_own_second_and_what_follows(near: Nearness) -> None:
    takes = np.arange(1, 9, dtype=np.int64)
    u = normals(SEED, takes, columns(near.scenario))
    keys = np.repeat(takes[:, None], KEYS, axis=1)
    early, late = keys.copy(), keys.copy()
    early[:, 1] = 100  # the nearest may be soon after the exit
    late[:, KEYS - 1] = 100  # long after both are under canopy
    whole = near(u, keys)
    assert (near(u, early) != whole).any()
    np.testing.assert_array_equal(near(u, late), whole)


def test_slices_change_nothing(near: Nearness) -> None:
    random = np.random.default_rng(1)
    u = random.standard_normal((40, columns(near.scenario)))
    keys = random.integers(2**47, size=(40, KEYS))
    whole = near(u, keys)
    alone = near(u[35:36], keys[35:36])
    assert alone[0] == whole[35]


def test_an_unknown_event_says_what_there_is() -> None:
    with pytest.raises(ChoiceError, match=r"(?s)contcat.*contact"):
        known_event("contcat")


@pytest.mark.slow
def test_climbing_agrees_with_counting(two_way: Stage, near: Nearness) -> None:
    """On the flown kernel at about 1.5e-3, at the exit; 1e-4 is held to counting in benchmarks/, which is too dear here."""
    counted = run_odds(two_way.work(SEED), Ask(takes=8_000))
    met = sum(count for when, count in counted.contacts if when == "in freefall")
    assert met >= 5, "too few contacts to compare with"
    exits = replace(near, part="at the exit")
    climbed = probability(exits, columns(near.scenario), KEYS, population=200, seed=SEED).odds
    # logarithms, because both intervals are of that shape; 1.96 standard errors make the half of an interval
    count, climb = wilson(met, 8_000), climbed
    errors = [np.log(one.high / one.low) / (2 * 1.96) for one in (count, climb)]
    assert abs(np.log(climb.p / count.p)) < 3.3 * np.hypot(*errors)
    assert errors[1] < 0.4


def test_parts_are_climbed_apart_and_add_up(near: Nearness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onetake.odds.subset.FLOOR", 0.5)  # one level
    monkeypatch.setattr("onetake.odds.subset.REPLICATES", 2)
    monkeypatch.setattr("onetake.odds.subset.LEAST_CHAINS", 3)
    found = rare_odds(near.scenario, near.spread, event="contact", population=30, seed=SEED)
    assert tuple(part.when for part in found.parts) == PARTS
    assert found.odds.p == pytest.approx(sum(part.odds.p for part in found.parts))
    assert found.odds.high >= max(part.odds.high for part in found.parts if not part.reached)
    again = rare_odds(near.scenario, near.spread, event="contact", population=30, seed=SEED)
    assert again == found


def test_words_and_keys(two_way: Stage) -> None:
    some = Estimate(p=2e-6, low=1e-6, high=4e-6)
    never = Estimate(p=0.0, low=0.0, high=1e-9)
    parts = (
        RarePart(when="in freefall", odds=some, reached=True, levels=5),
        RarePart(when="under canopy", odds=never, reached=False, levels=9),
    )
    rare = RareOdds(event="contact", odds=some, reached=True, parts=parts, replicates=10, flown=33_000)
    assert rare_words(rare) == (
        "rare contact: 1 in 500,000, 2.0e-06 (1.0e-06 to 4.0e-06); 2.0e-06 in freefall, none met under canopy "
        "(below 1.0e-09) (10 ladders each, 33,000 takes)"
    )
    unseen = replace(rare, reached=False, odds=Estimate(p=0.0, low=0.0, high=1e-8))
    assert rare_words(unseen).startswith("rare contact: less than 1 in 100,000,000 (95 %); ")
    plain = run_odds(two_way.work(1), Ask(takes=1))
    keys = odds_record(replace(plain, rare=rare))
    assert keys["p_contact_rare"] == 2e-6
    assert keys["p_contact_rare_ci95"] == [1e-6, 4e-6]
    assert [part["when"] for part in keys["contact_rare"]["parts"]] == ["in freefall", "under canopy"]
    assert {key for key in keys if "rare" not in key} == set(odds_record(plain))
