"""Search: turns dials until the budget is spent, by an optimiser that others have written and tested.

CMA-ES with margin (Hamano, Saito, Nomura, Shirakawa 2022, GECCO, "CMA-ES with margin: lower-bounding marginal
probability for mixed-integer black-box optimization"), from the package `cmaes`: it asks for no slopes, bears noise,
looks at ranks only, and knows that settings come in steps. It starts from the dials as they stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from onetake.plan.dials import Dial

Turned = tuple[int, ...]  # the setting of each dial

SPREAD = 0.3  # of a dial's whole range, the first step
REFUSED = -1.0  # below anything that may be flown, lower by one for each limit that is broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a candidate is worth: caught share of takes, or why it may not be flown. flown: takes it cost."""

    caught: float
    refused: tuple[str, ...]
    flown: int

    @property
    def value(self) -> float:
        """Higher is better; every candidate that may be flown is better than every one that may not."""
        return REFUSED - len(self.refused) if self.refused else self.caught


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """seen: every candidate looked at, in order."""

    seen: dict[Turned, Score]

    def best(self, count: int) -> list[Turned]:
        """The best that may be flown; of equals the one looked at first."""
        may = [turned for turned, score in self.seen.items() if not score.refused]
        return sorted(may, key=lambda turned: -self.seen[turned].caught)[:count]

    @property
    def flown(self) -> int:
        """Takes spent."""
        return sum(score.flown for score in self.seen.values())


def narrowed(
    dials: Sequence[Dial], refused: Callable[[Turned], tuple[str, ...]]
) -> tuple[tuple[Dial, ...], Counter[str]]:
    """Every dial cut down to what may be planned when it alone is turned, and why the rest may not, with how often.

    Found by halving between the present setting and either end, as if what is refused stayed refused beyond; a dial
    that has no room is left out, one that shares the light with others is left whole. Most candidates of many dials would break some limit otherwise.
    """
    present = tuple(dial.present for dial in dials)
    why: Counter[str] = Counter()

    def may(i: int, at: int) -> bool:
        said = refused((*present[:i], at, *present[i + 1 :]))
        why.update(said)
        return not said

    kept = []
    for i, dial in enumerate(dials):
        if dial.light:
            kept.append(dial)
            continue
        low = _reach(dial.present, 0, lambda at, i=i: may(i, at))  # type: ignore[misc]
        high = _reach(dial.present, len(dial.settings) - 1, lambda at, i=i: may(i, at))  # type: ignore[misc]
        if high > low:
            kept.append(replace(dial, settings=dial.settings[low : high + 1], present=dial.present - low))
    return tuple(kept), why


def _reach(present: int, end: int, may: Callable[[int], bool]) -> int:
    """The farthest setting towards an end that may be had."""
    if end == present or may(end):
        return end
    good, bad = present, end
    while abs(bad - good) > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if may(middle) else (good, middle)
    return good


def search(
    dials: Sequence[Dial], score: Callable[[Turned], Score], *, budget: int, seed: int,
    tell: Callable[[int], None] = lambda flown: None,
) -> Found:  # fmt: skip
    """The best of what a budget of takes can look at; the dials as they stand are always among them.

    A candidate costs what its score says it cost; one that is refused before it is flown costs nothing, so they are
    counted too: no more than forty times the dials. The answer depends on dials, scores, budget and seed alone.
    """
    present = tuple(dial.present for dial in dials)
    found = Found(seen={present: score(present)})

    def look(turned: Turned) -> Score | None:
        """The score of a candidate; None when the budget is spent."""
        if turned not in found.seen:
            if found.flown >= budget:
                return None
            found.seen[turned] = score(turned)
            tell(found.flown)
        return found.seen[turned]

    if len(dials) > 1:
        _evolve(dials, look, seed)
    elif dials:  # one dial needs no optimiser
        for at in range(len(dials[0].settings)):
            look((at,))
    return found


def _evolve(dials: Sequence[Dial], look: Callable[[Turned], Score | None], seed: int) -> None:
    """Generations of candidates, until there is no budget or nothing new to look at."""
    from cmaes import CMAwM

    sizes = np.array([len(dial.settings) - 1 for dial in dials])
    optimiser = CMAwM(
        mean=np.array([dial.present for dial in dials]) / sizes, sigma=SPREAD, steps=1.0 / sizes,
        bounds=np.tile([0.0, 1.0], (len(dials), 1)), seed=seed % 2**32,
    )  # fmt: skip
    for _ in range(40 * len(dials) // optimiser.population_size + 1):
        told = []
        for _ in range(optimiser.population_size):
            place, raw = optimiser.ask()
            score = look(tuple(int(at) for at in np.rint(np.clip(place, 0.0, 1.0) * sizes)))
            if score is None:
                return
            told.append((raw, -score.value))
        optimiser.tell(told)
        if optimiser.should_stop():
            return
