"""Two shots on the same takes: what they share cancels."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from onetake.api.odds import odds_record
from onetake.api.stage import Stage, set_stage
from onetake.odds.chunks import Work, fly_chunk
from onetake.odds.compare import FlyBoth, PairTally
from onetake.odds.draws import draw
from onetake.odds.monte import Ask, run_against, run_odds
from onetake.odds.tally import FlyAndCount, shots
from onetake.shot.edit import with_changes

TAKES = 96
NOT_SAME = ("engine", "wall_s", "takes_per_s")


@pytest.fixture(scope="module")
def longer(two_way: Stage) -> Work:
    """The same jump with a last beat that must be held for longer."""
    return set_stage(with_changes(two_way.shot, {"beat.smile.hold": "9 s"})).work(5)


def told(record: dict[str, object]) -> str:
    return json.dumps({key: value for key, value in record.items() if key not in (*NOT_SAME, "against")})


def test_each_of_the_two_has_its_own_odds(two_way: Stage, longer: Work) -> None:
    odds = run_against(two_way.work(5), longer, Ask(takes=TAKES))
    assert odds.against is not None
    alone = run_odds(two_way.work(5), Ask(takes=TAKES))
    other = run_odds(longer, Ask(takes=TAKES, engine="here"))
    assert told(odds_record(odds)) == told(odds_record(alone))
    assert told(odds_record(odds.against.odds)) == told(odds_record(other))
    assert odds.against.shot.by == pytest.approx(alone.p_shot.p - other.p_shot.p)
    # a longer hold never catches what the shorter one lost
    assert odds.against.only_other == 0
    caught, also = (shots(fly_chunk(work, 1, TAKES)) for work in (two_way.work(5), longer))
    assert odds.against.only_this == int((caught & ~also).sum())


def test_pairs_are_narrower_than_two_separate_counts(two_way: Stage, longer: Work) -> None:
    odds = run_against(two_way.work(5), longer, Ask(takes=TAKES))
    assert odds.against is not None
    apart = odds.p_shot.high - odds.p_shot.low + odds.against.odds.p_shot.high - odds.against.odds.p_shot.low
    assert odds.against.shot.high - odds.against.shot.low < 0.8 * apart
    assert odds.against.shot.low <= odds.against.shot.by <= odds.against.shot.high


def test_a_shot_against_itself_does_not_differ(two_way: Stage) -> None:
    odds = run_against(two_way.work(5), two_way.work(5), Ask(takes=TAKES))
    assert odds.against is not None
    assert (odds.against.shot.by, odds.against.only_this, odds.against.only_other) == (0.0, 0, 0)
    record = json.loads(json.dumps(odds_record(odds), allow_nan=False))["against"]
    assert record["schema"] == "onetake.odds/1"
    assert record["difference"]["p_shot"] == 0.0
    assert record["difference"]["p_shot_ci95"][1] == pytest.approx(3.8415 / (TAKES + 3.8415), rel=1e-4)


def test_a_pair_comes_back_from_a_run_file_as_it_went(two_way: Stage, longer: Work) -> None:
    task = FlyBoth(first=two_way.work(5), second=longer)
    tally = task(1, 20)
    back = PairTally.of_record(json.loads(json.dumps(tally.record())))
    assert json.dumps((back + task(21, 12)).record()) == json.dumps(task(1, 32).record())
    one = FlyAndCount(work=longer)(1, 20)
    assert json.dumps(one.record()) == json.dumps(tally.second.record())


def test_a_higher_exit_draws_the_same_wind_below(two_way: Stage) -> None:
    work = two_way.work(5)
    levels = work.scenario.error_levels
    higher = replace(work.scenario, error_levels=levels + 3)
    wide = np.eye(levels + 3)
    wide[:levels, :levels] = work.spread.factor
    takes = np.arange(1, 9)
    low = draw(work.scenario, work.spread, 5, takes)
    high = draw(higher, replace(work.spread, factor=wide), 5, takes)
    np.testing.assert_allclose(high.wind_error_m_s[:, :, :levels], low.wind_error_m_s, rtol=1e-6)
