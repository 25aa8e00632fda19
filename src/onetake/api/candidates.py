"""Candidates of tuning: a shot with its dials turned, planned, held to the limits, and flown on common takes."""

from __future__ import annotations

from dataclasses import dataclass, field

from onetake.api.stage import Progress, Stage, set_stage, silent
from onetake.errors import InputError
from onetake.odds.paired import Change, change
from onetake.odds.sensitivity import AsAssumed
from onetake.odds.summary import wilson
from onetake.odds.variants import Outcomes, fly_variants
from onetake.plan.dials import Dial, changes_of
from onetake.plan.limits import refusals
from onetake.plan.search import Score, Turned
from onetake.shot.edit import with_changes

SEARCH_TAKES = 256  # for each candidate of the search


@dataclass(slots=True, kw_only=True)
class Candidates:
    """The shot as it stands, its dials, and everything that was planned or flown once already."""

    first: Stage
    dials: tuple[Dial, ...]
    engine: str
    tell: Progress
    stages: dict[Turned, Stage | str] = field(default_factory=dict)
    outcomes: dict[tuple[Turned, int, int], Outcomes] = field(default_factory=dict)

    @property
    def present(self) -> Turned:
        """The dials as they stand."""
        return tuple(dial.present for dial in self.dials)

    def stage(self, turned: Turned) -> Stage | str:
        """A candidate planned, or why it cannot be."""
        if turned == self.present:
            return self.first
        if turned not in self.stages:
            try:
                changes = changes_of(self.first.shot, self.dials, turned)
                self.stages[turned] = set_stage(with_changes(self.first.shot, changes))
            except InputError as error:
                self.stages[turned] = _first_line(error)
        return self.stages[turned]

    def refused(self, turned: Turned) -> tuple[str, ...]:
        """Every limit of a candidate that can be seen before it is flown."""
        stage = self.stage(turned)
        if isinstance(stage, str):
            return (f"it cannot be planned: {stage}",)
        return refusals(self.first.prepared, stage.prepared)

    def fly(self, turned: Turned, takes: int, seed: int) -> Outcomes:
        """Takes 1 … takes of a seed, flown once."""
        key = (turned, takes, seed)
        if key not in self.outcomes:
            stage = self.stage(turned)
            assert not isinstance(stage, str)
            (self.outcomes[key],) = fly_variants(
                [AsAssumed(work=stage.work(seed))], first_take=1, takes=takes, engine=self.engine, tell=silent, what=""
            )  # fmt: skip
        return self.outcomes[key]

    def score(self, turned: Turned, seed: int) -> Score:
        """What the search sees: a limit of the plan costs no takes, touching more often is told by those flown."""
        said = self.refused(turned)
        if said and turned != self.present:
            self.stages.pop(turned, None)
            return Score(caught=0.0, refused=said, flown=0)
        mine, base = (self.fly(one, SEARCH_TAKES, seed) for one in (turned, self.present))
        more = ("they would touch more often",) if change(base.contact, mine.contact).low > 0.0 else ()
        if turned != self.present:
            self.stages.pop(turned, None)  # hundreds of plans need not be kept
        return Score(caught=float(mine.shot.mean()), refused=more, flown=SEARCH_TAKES)

    def worth(self, turned: Turned, takes: int, seed: int) -> list[tuple[int, Change]]:
        """For every dial that is turned, what is lost when it alone is put back.

        A dial without which the rest cannot be planned is worth everything.
        """
        whole = self.fly(turned, takes, seed).shot
        found = []
        for i in self.moved(turned):
            without = self.put_back(turned, i)
            if isinstance(self.stage(without), str):
                found.append((i, Change(by=1.0, low=1.0, high=1.0)))
            else:
                found.append((i, change(self.fly(without, takes, seed).shot, whole)))
        return found

    def moved(self, turned: Turned) -> list[int]:
        """Which dials are not as they stand."""
        return [i for i, (at, dial) in enumerate(zip(turned, self.dials, strict=True)) if at != dial.present]

    def put_back(self, turned: Turned, i: int) -> Turned:
        """The same with one dial as it stands."""
        return (*turned[:i], self.dials[i].present, *turned[i + 1 :])

    def pruned(self, turned: Turned, takes: int, seed: int) -> Turned:
        """What is left when dials that cannot be told to help are put back, the least worth first."""
        while self.moved(turned):
            self.tell(
                "dropping what does not help", len(self.dials) - len(self.moved(turned)), len(self.dials)
            )
            ranked = sorted(self.worth(turned, takes, seed), key=lambda one: one[1].low)
            idle = [i for i, worth in ranked if worth.low <= 0.0]
            back = next(
                (self.put_back(turned, i) for i in idle if not self.refused(self.put_back(turned, i))), None
            )
            if back is None:
                break
            turned = back
        return turned

    def chosen(self, finalists: list[Turned], takes: int, seed: int) -> Turned:
        """The best that touches no more: the best of those that do not, or the best of all with less turned."""

        def caught(turned: Turned) -> int:
            return int(self.fly(turned, takes, seed).shot.sum())

        ranked = sorted(finalists, key=caught, reverse=True)
        eased = ranked[0] if ranked else self.present
        while not self.touches_no_more(eased, takes, seed):
            eased = self.less(eased, takes, seed)
        safe = next((one for one in ranked if self.touches_no_more(one, takes, seed)), self.present)
        return max((eased, safe), key=caught)

    def less(self, turned: Turned, takes: int, seed: int) -> Turned:
        """One dial fewer: the one without which fewest touch, of those that may be put back alone."""
        ways = [self.put_back(turned, i) for i in self.moved(turned)]
        may = [way for way in ways if not self.refused(way)]
        return min(may, key=lambda way: int(self.fly(way, takes, seed).contact.sum()), default=self.present)

    def touches_no_more(self, turned: Turned, takes: int, seed: int) -> bool:
        """True where the upper bound of the probability of contact is not above that of the shot as it stands."""
        mine, base = (
            wilson(int(self.fly(one, takes, seed).contact.sum()), takes).high
            for one in (turned, self.present)
        )
        return mine <= base


def _first_line(error: InputError) -> str:
    return str(error).splitlines()[0]
