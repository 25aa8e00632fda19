"""`tune_shot`: which dial raises the odds, by how much, and a shot file with the dials so turned.

Search on some takes, drop on others what cannot be told to help, and say what is left on takes that chose nothing: the
best of many candidates looks better than it is on the takes it was chosen by (the winner's curse). Every comparison is
on common random numbers.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from onetake.api.record import Record, record
from onetake.api.stage import Progress, Stage, set_stage, silent
from onetake.errors import InputError
from onetake.odds.paired import Change, Flags, change
from onetake.odds.sensitivity import AsAssumed
from onetake.odds.summary import Estimate, wilson
from onetake.odds.variants import Outcomes, fly_variants
from onetake.plan.dials import Dial, changes_of, dials_of
from onetake.plan.limits import refusals
from onetake.plan.search import Found, Score, Turned, search
from onetake.shot.edit import with_changes, with_heading, write_shot
from onetake.shot.file import Shot

SEARCH_TAKES = 256  # for each candidate
FINALISTS = 8  # of the search, compared again on other takes
FRESH_SETS = 4  # sets of takes that a choice may be shown on before nothing is left of it


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedDial:
    """One change that is left: what the shot loses without it, every other change kept."""

    dial: str
    was: str
    now: str
    why: str
    worth: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """What turning the dials would do, said on takes that chose nothing.

    tuned: the shot with its dials turned, None where nothing could be told to help. turned: each change with its worth.
    tried: candidates flown; refused: why others were not, with how often; dials: all that were turned in the search.
    """

    shot: Shot
    tuned: Shot | None
    file: Path | None
    takes: int
    seed: int
    flown: int
    tried: int
    refused: tuple[tuple[str, int], ...]
    dials: tuple[str, ...]
    turned: tuple[TurnedDial, ...]
    before: Estimate
    after: Estimate
    gain: Change
    contact_before: Estimate
    contact_after: Estimate


def tune_shot(
    shot: Shot | str | os.PathLike[str], *, takes: int = 2000, seed: int = 1, budget: int = 25_000,
    engine: str = "threads", out: str | os.PathLike[str] | None = None, tell: Progress = silent,
) -> Tuning:  # fmt: skip
    """Search the dials of a shot, within what its [tune] allows and without trading safety, and say what they are worth.

    takes: flown to say what is left, and half as many to drop what does not help; budget: flown in the search, all told.
    out: where the new shot file goes, where there is one. The answer depends on the shot, takes, seed and budget alone.
    Raises the errors of `odds_of`, and InputError for fewer than 100 takes, a budget below one candidate, or an `out`
    that is the shot file itself.
    """
    if takes < 100 or budget < SEARCH_TAKES:
        raise InputError(
            f"tuning needs at least 100 takes and a budget of {SEARCH_TAKES}; found {takes} and {budget}"
        )
    if not 0 <= seed < 2**63 - FRESH_SETS - 4:
        raise InputError(f"a seed of {seed} cannot be used to tune; take one from 0 to 2^62")
    first = set_stage(shot, tell)
    if out is not None and Path(out).exists() and Path(out).samefile(first.shot.path):
        raise InputError(f"{out} is the shot file itself; tune writes a new one beside it, never over it")
    if out is not None:
        Path(out).parent.mkdir(
            parents=True, exist_ok=True
        )  # what cannot be written is said now, not in an hour
    desk = _Desk(first=first, dials=dials_of(first.shot, first.prepared.plan), engine=engine, tell=tell)
    found = search(
        desk.dials, lambda turned: desk.score(turned, seed), budget=budget, seed=seed,
        tell=lambda flown: tell("turning the dials", min(flown, budget), budget),
    )  # fmt: skip
    tell("comparing the best", 0.0, 1.0)
    some = takes // 2
    finalists = [turned for turned in found.best(FINALISTS) if desk.touches_no_more(turned, some, seed + 1)]
    kept = max(
        finalists, key=lambda turned: int(desk.fly(turned, some, seed + 1).shot.sum()), default=desk.present
    )
    for other in (seed + 2, seed + 3):  # twice, so that what stays by luck in one goes in the other
        kept = desk.pruned(kept, some, other)
    return _told(desk, found, kept, takes=takes, seed=seed, out=out)


@dataclass(slots=True, kw_only=True)
class _Desk:
    """Where candidates are made: the shot as it stands, its dials, and everything that was flown once already."""

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
        """For every dial that is turned, what is lost when it alone is put back; a dial that cannot be put back alone

        (the rest does not plan without it) counts as worth everything."""
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

    def touches_no_more(self, turned: Turned, takes: int, seed: int) -> bool:
        """True where the upper bound of the probability of contact is not above that of the shot as it stands."""
        mine, base = (
            wilson(int(self.fly(one, takes, seed).contact.sum()), takes).high
            for one in (turned, self.present)
        )
        return mine <= base


def _first_line(error: InputError) -> str:
    return str(error).splitlines()[0]


def _told(
    desk: _Desk, found: Found, kept: Turned, *, takes: int, seed: int, out: str | os.PathLike[str] | None
) -> Tuning:
    """Say what is left on takes that chose nothing; where it would touch more often there, less is left."""
    at = seed + 4
    for at in range(seed + 4, seed + 4 + FRESH_SETS):
        desk.tell("flying takes that chose nothing", at - seed - 4, FRESH_SETS)
        if desk.touches_no_more(kept, takes, at):
            break
        kept = _less(desk, kept, takes, at)
    else:
        kept = desk.present
    base, mine = desk.fly(desk.present, takes, at), desk.fly(kept, takes, at)
    gain = change(base.shot, mine.shot)
    if gain.low <= 0.0:
        kept, mine = desk.present, base
        gain = change(base.shot, base.shot)
    turned = tuple(
        TurnedDial(
            dial=desk.dials[i].name,
            was=desk.dials[i].settings[desk.dials[i].present].said,
            now=desk.dials[i].settings[kept[i]].said,
            why=desk.dials[i].why,
            worth=worth,
        )
        for i, worth in sorted(desk.worth(kept, takes, at), key=lambda one: -one[1].by)
    )
    stage = desk.stage(kept)
    assert not isinstance(stage, str)
    tuning = Tuning(
        shot=desk.first.shot,
        tuned=stage.shot if turned else None,
        file=None,
        takes=takes,
        seed=seed,
        flown=found.flown + sum(len(one.shot) for (_, _, s), one in desk.outcomes.items() if s != seed),
        tried=sum(not score.refused for score in found.seen.values()),
        refused=tuple(Counter(why for score in found.seen.values() for why in score.refused).most_common()),
        dials=tuple(dial.name for dial in desk.dials),
        turned=turned,
        before=_share(base.shot, takes),
        after=_share(mine.shot, takes),
        gain=gain,
        contact_before=_share(base.contact, takes),
        contact_after=_share(mine.contact, takes),
    )
    return _written(tuning, out)


def _less(desk: _Desk, kept: Turned, takes: int, seed: int) -> Turned:
    """One dial fewer: the one without which fewest touch, of those that may be put back alone."""
    ways = [desk.put_back(kept, i) for i in desk.moved(kept)]
    may = [way for way in ways if not desk.refused(way)]
    return min(may, key=lambda way: int(desk.fly(way, takes, seed).contact.sum()), default=desk.present)


def _share(flags: Flags, takes: int) -> Estimate:
    return wilson(int(flags.sum()), takes)


def _written(tuning: Tuning, out: str | os.PathLike[str] | None) -> Tuning:
    if tuning.tuned is None:
        return tuning
    tuned = with_heading(tuning.tuned, heading(tuning))
    path = write_shot(tuned, out) if out is not None else None
    return replace(tuning, tuned=tuned, file=path)


def points(one: Change) -> str:
    """A change of a probability in points of a hundred, with its interval."""
    return f"{100 * one.by:+.1f} points ({100 * one.low:+.1f} to {100 * one.high:+.1f})"


def heading(tuning: Tuning) -> Sequence[str]:
    """What the new shot file says of itself: what was changed, by how much, and why."""
    lines = [
        f"Tuned by onetake from {tuning.shot.path.name}: P(shot) {100 * tuning.before.p:.1f} % -> {100 * tuning.after.p:.1f} %, "
        f"{points(tuning.gain)},",
        f"on {tuning.takes:,} takes that chose nothing. What was changed, and what P(shot) would lose without it:",
    ]
    for one in tuning.turned:
        lines.append(f"  {one.dial}: {one.was} -> {one.now}; {points(one.worth)}. Turning it: {one.why}.")
    lines.append(
        "No break-off or pull is lower, no stop and no question was added, and the upper bound of p(contact) is no higher:"
    )
    lines.append(f"{100 * tuning.contact_after.high:.2f} %, was {100 * tuning.contact_before.high:.2f} %.")
    if tuning.shot.checked:
        lines.append(
            "What [clearance] says was checked on the shot as it stood: have it checked again on this one."
        )
    return lines


def tune_record(tuning: Tuning) -> Record:
    """The JSON object `onetake.tune/1`."""

    def interval(one: Estimate | Change) -> list[float]:
        return [one.low, one.high]

    return record(
        "onetake.tune/1",
        takes=tuning.takes,
        seed=tuning.seed,
        p_shot_before=tuning.before.p,
        p_shot_before_ci95=interval(tuning.before),
        p_shot_after=tuning.after.p,
        p_shot_after_ci95=interval(tuning.after),
        gain=tuning.gain.by,
        gain_ci95=interval(tuning.gain),
        p_contact_before=tuning.contact_before.p,
        p_contact_before_ci95=interval(tuning.contact_before),
        p_contact_after=tuning.contact_after.p,
        p_contact_after_ci95=interval(tuning.contact_after),
        changes=[
            {
                "dial": one.dial,
                "from": one.was,
                "to": one.now,
                "worth": one.worth.by,
                "worth_ci95": interval(one.worth),
                "why": one.why,
            }
            for one in tuning.turned
        ],
        dials=list(tuning.dials),
        tried=tuning.tried,
        refused=[{"why": why, "count": count} for why, count in tuning.refused],
        takes_flown=tuning.flown,
        shot_file=tuning.file,
    )
