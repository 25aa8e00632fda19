"""Rare contact: flown with noise in pieces, and held against counting."""

from __future__ import annotations

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
from onetake.odds.rare import KEYS, Nearness, known_event, rare_odds
from onetake.odds.summary import Estimate, RareOdds

SEED = 4


@pytest.fixture(scope="module")
def near(two_way: Stage) -> Nearness:
    return Nearness(scenario=two_way.prepared.scenario, spread=two_way.wind_spread(), seed=SEED)


def test_one_key_for_the_whole_noise_flies_the_take_of_that_number(two_way: Stage, near: Nearness) -> None:
    takes = np.arange(1, 21, dtype=np.int64)
    rows = fly_chunk(two_way.work(SEED), 1, len(takes))
    value, _ = near(normals(SEED, takes, columns(near.scenario)), np.repeat(takes[:, None], KEYS, axis=1))
    hit = rows.ending == CONTACT
    np.testing.assert_array_equal(np.isneginf(value), hit)
    np.testing.assert_array_equal(value[~hit], rows.clearance_m[~hit].astype(np.float64))


def test_a_key_changes_its_own_second_and_what_follows(near: Nearness) -> None:
    takes = np.arange(1, 9, dtype=np.int64)
    u = normals(SEED, takes, columns(near.scenario))
    keys = np.repeat(takes[:, None], KEYS, axis=1)
    early, late = keys.copy(), keys.copy()
    early[:, 1] = 100  # the nearest may be soon after the exit
    late[:, KEYS - 1] = 100  # long after both are under canopy
    whole, _ = near(u, keys)
    assert (near(u, early)[0] != whole).any()
    np.testing.assert_array_equal(near(u, late)[0], whole)


def test_slices_change_nothing(near: Nearness) -> None:
    random = np.random.default_rng(1)
    u = random.standard_normal((40, columns(near.scenario)))
    keys = random.integers(2**47, size=(40, KEYS))
    whole, _ = near(u, keys)
    alone, _ = near(u[35:36], keys[35:36])
    assert alone[0] == whole[35]


def test_an_unknown_event_says_what_there_is() -> None:
    with pytest.raises(ChoiceError, match=r"(?s)contcat.*contact"):
        known_event("contcat")


@pytest.mark.slow
def test_climbing_agrees_with_counting(two_way: Stage, near: Nearness) -> None:
    """Both on the flown kernel at about 1.5e-3; 1e-4 is held to counting in benchmarks/, which is too dear here."""
    counted = run_odds(two_way.work(SEED), Ask(takes=8_000)).p_contact
    climbed = rare_odds(near.scenario, near.spread, event="contact", population=120, seed=SEED)
    assert counted.p * 8_000 >= 5, "too few contacts to compare with"
    # logarithms, because both intervals are of that shape; 1.96 standard errors make the half of an interval
    count_error = np.log(counted.high / counted.low) / (2 * 1.96)
    climb_error = np.log(climbed.odds.high / climbed.odds.low) / (2 * 1.96)
    apart = np.log(climbed.odds.p / counted.p)
    assert abs(apart) < 3.3 * np.hypot(count_error, climb_error)
    assert climb_error < 0.4
    assert climbed.reached
    assert sum(share for _, share in climbed.phases) == pytest.approx(1.0)


def test_words_and_keys(two_way: Stage) -> None:
    from dataclasses import replace

    rare = RareOdds(
        event="contact", odds=Estimate(p=2e-6, low=1e-6, high=4e-6), reached=True,
        phases=(("in freefall", 0.75), ("under canopy", 0.25)), levels=5, replicates=10, flown=33_000,
    )  # fmt: skip
    assert rare_words(rare) == (
        "rare contact: 1 in 500,000, 2.0e-06 (1.0e-06 to 4.0e-06); 75 % in freefall, 25 % under canopy "
        "(10 ladders of 5 levels, 33,000 takes)"
    )
    unseen = replace(rare, reached=False, odds=Estimate(p=0.0, low=0.0, high=1e-8), phases=())
    assert rare_words(unseen).startswith("rare contact: none met; less than 1 in 100,000,000")
    plain = run_odds(two_way.work(1), Ask(takes=1))
    keys = odds_record(replace(plain, rare=rare))
    assert keys["p_contact_rare"] == 2e-6
    assert keys["p_contact_rare_ci95"] == [1e-6, 4e-6]
    assert keys["contact_rare"]["phases"] == [
        {"when": "in freefall", "share": 0.75},
        {"when": "under canopy", "share": 0.25},
    ]
    assert {key for key in keys if "rare" not in key} == set(odds_record(plain))
