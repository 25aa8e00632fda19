"""The search: finds what is there, keeps to its budget, and never comes back with what was refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from onetake.plan.dials import Dial, Setting
from onetake.plan.search import Score, Turned, narrowed, search

SIZES = (8, 5, 12, 3)
PEAK = (6, 1, 9, 2)


def dials() -> tuple[Dial, ...]:
    def settings(size: int) -> tuple[Setting, ...]:
        return tuple(Setting(said=str(k), changes={("x",): k} if k else {}) for k in range(size))

    return tuple(
        Dial(name=str(i), settings=settings(size), present=0, why="") for i, size in enumerate(SIZES)
    )


def hill(turned: Turned) -> Score:
    off = sum(((at - peak) / size) ** 2 for at, peak, size in zip(turned, PEAK, SIZES, strict=True))
    return Score(caught=max(1.0 - off, 0.0), refused=(), flown=10)


def test_it_climbs_a_hill() -> None:
    found = search(dials(), hill, budget=3000, seed=1)
    assert found.seen[found.best(1)[0]].caught > 0.94
    assert found.seen[(0, 0, 0, 0)].caught < 0.1


def test_it_keeps_to_its_budget_and_its_seed() -> None:
    found = search(dials(), hill, budget=200, seed=1)
    assert found.flown == 200
    assert search(dials(), hill, budget=200, seed=1) == found
    assert search(dials(), hill, budget=200, seed=2).seen != found.seen


def test_what_is_refused_is_never_the_answer() -> None:
    def fenced(turned: Turned) -> Score:
        return Score(caught=0.0, refused=("too far",), flown=0) if turned[0] > 3 else hill(turned)

    found = search(dials(), fenced, budget=2000, seed=1)
    assert found.best(1)[0][0] <= 3
    assert not found.seen[found.best(1)[0]].refused
    assert found.seen[found.best(1)[0]].caught > 0.7  # the best of this side is 0.86


def test_where_everything_else_is_refused_things_stay_and_it_ends() -> None:
    def closed(turned: Turned) -> Score:
        return hill(turned) if turned == (0, 0, 0, 0) else Score(caught=1.0, refused=("no",), flown=0)

    found = search(dials(), closed, budget=10**9, seed=1)
    assert found.best(9) == [(0, 0, 0, 0)]
    assert len(found.seen) <= 40 * len(SIZES) + 20


def test_dials_are_cut_down_to_where_each_may_go_alone() -> None:
    asked = []

    def refused(turned: Turned) -> tuple[str, ...]:
        asked.append(turned)
        assert sum(at != 0 for at in turned) == 1
        return tuple(
            why
            for why, too in (("far", turned[0] > 2), ("wide", turned[2] > 6), ("any", turned[1] > 0))
            if too
        )

    room, why = narrowed(dials(), refused)
    assert [(dial.name, len(dial.settings), dial.present) for dial in room] == [
        ("0", 3, 0),
        ("2", 7, 0),
        ("3", 3, 0),
    ]
    assert set(why) == {"far", "wide", "any"}
    assert len(asked) < 14


def test_dials_that_share_the_light_are_left_whole() -> None:
    lit = replace(dials()[0], light=True)
    assert narrowed((lit,), lambda turned: ("dark",)) == ((lit,), Counter())


def test_a_dial_in_the_middle_keeps_both_sides() -> None:
    settings = tuple(Setting(said=str(k), changes={("x",): k} if k != 5 else {}) for k in range(11))
    dial = Dial(name="d", settings=settings, present=5, why="")
    ((cut,), _) = narrowed((dial,), lambda turned: () if 2 <= turned[0] <= 9 else ("out",))
    assert [one.said for one in cut.settings] == [str(k) for k in range(2, 10)]
    assert cut.present == 3
    assert cut.settings[cut.present].changes == {}


def test_the_best_come_in_order() -> None:
    found = search(dials(), hill, budget=400, seed=1)
    caught = [found.seen[turned].caught for turned in found.best(5)]
    assert caught == sorted((score.caught for score in found.seen.values()), reverse=True)[:5]


def test_one_dial_is_looked_at_in_full() -> None:
    one = dials()[2:3]
    found = search(one, lambda turned: Score(caught=turned[0] / 20, refused=(), flown=1), budget=100, seed=1)
    assert found.best(1) == [(11,)]
    assert len(found.seen) == 12
    assert len(search(one, lambda turned: Score(caught=0.0, refused=(), flown=1), budget=5, seed=1).seen) == 5


def test_without_dials_there_is_one_candidate() -> None:
    found = search((), lambda turned: Score(caught=0.5, refused=(), flown=7), budget=100, seed=1)
    assert found.best(1) == [()]
    assert found.flown == 7
