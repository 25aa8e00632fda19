"""`tune_shot`: which dial raises the odds, by how much, and a shot file with the dials so turned.

Search on some takes, drop on others what cannot be told to help, and say what is left on takes that chose nothing: the
best of many candidates looks better than it is on the takes it was chosen by (the winner's curse). Every comparison is
on common random numbers.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from onetake.api.candidates import SEARCH_TAKES, Candidates
from onetake.api.record import Record, record
from onetake.api.stage import Progress, set_stage, silent
from onetake.errors import InputError
from onetake.files import can_write
from onetake.odds.paired import Change, Flags, change
from onetake.odds.summary import Estimate, wilson
from onetake.plan.dials import dials_of
from onetake.plan.search import Found, Turned, narrowed, search
from onetake.shot.edit import with_heading, write_shot
from onetake.shot.file import Shot

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
    exit_before, exit_after: UTC; where no exit time is given the plan finds another for another stop. tried: candidates
    flown; refused: why others were not, with how often; dials: all that were turned in the search.
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
    exit_before: datetime
    exit_after: datetime


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
    if out is not None:
        if Path(out).resolve() == first.shot.path.resolve():
            raise InputError(f"{out} is the shot file itself; tune writes a new one beside it, never over it")
        can_write(out)  # said now, not in an hour
    desk = Candidates(first=first, dials=dials_of(first.shot, first.prepared.plan), engine=engine, tell=tell)
    tell("looking how far each dial may go", 0.0, 1.0)
    room, held = narrowed(desk.dials, desk.refused)
    desk = replace(desk, dials=room, stages={}, outcomes={})
    found = search(
        desk.dials, lambda turned: desk.score(turned, seed), budget=budget, seed=seed,
        tell=lambda flown: tell("turning the dials", min(flown, budget), budget),
    )  # fmt: skip
    tell("comparing the best", 0.0, 1.0)
    some = takes // 2
    kept = desk.chosen(found.best(FINALISTS), some, seed + 1)
    for other in (seed + 2, seed + 3):  # twice, so that what stays by luck in one goes in the other
        kept = desk.pruned(kept, some, other)
    return _told(desk, found, held, kept, takes=takes, seed=seed, out=out)


def _told(
    desk: Candidates,
    found: Found,
    held: Counter[str],
    kept: Turned,
    *,
    takes: int,
    seed: int,
    out: str | os.PathLike[str] | None,
) -> Tuning:
    """Say what is left on takes that chose nothing; where it would touch more often there, less is left."""
    at = seed + 4
    for at in range(seed + 4, seed + 4 + FRESH_SETS):
        desk.tell("flying takes that chose nothing", at - seed - 4, FRESH_SETS)
        if desk.touches_no_more(kept, takes, at):
            break
        kept = desk.less(kept, takes, at)
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
        refused=tuple(
            (held + Counter(why for score in found.seen.values() for why in score.refused)).most_common()
        ),
        dials=tuple(dial.name for dial in desk.dials),
        turned=turned,
        before=_share(base.shot, takes),
        after=_share(mine.shot, takes),
        gain=gain,
        contact_before=_share(base.contact, takes),
        contact_after=_share(mine.contact, takes),
        exit_before=desk.first.prepared.plan.exit.utc,
        exit_after=stage.prepared.plan.exit.utc,
    )
    return _written(tuning, out)


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


def exit_moves(tuning: Tuning) -> str:
    """That the exit is at another time of day, where it is; by its own dial, or because the plan finds other light."""
    if tuning.exit_before == tuning.exit_after:
        return ""
    return f"The exit moves from {tuning.exit_before:%H:%M:%S} to {tuning.exit_after:%H:%M:%S} UTC, for the light"


def heading(tuning: Tuning) -> Sequence[str]:
    """What the new shot file says of itself: what was changed, by how much, and why."""
    lines = [
        f"Tuned by onetake from {tuning.shot.path.name}: P(shot) {100 * tuning.before.p:.1f} % -> {100 * tuning.after.p:.1f} %, "
        f"{points(tuning.gain)},",
        f"on {tuning.takes:,} takes that chose nothing. What was changed, and what P(shot) would lose without it:",
    ]
    for one in tuning.turned:
        lines.append(f"  {one.dial}: {one.was} -> {one.now}; {points(one.worth)}. Turning it: {one.why}.")
    if said := exit_moves(tuning):
        lines.append(f"{said}.")
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
        exit_utc_before=tuning.exit_before,
        exit_utc_after=tuning.exit_after,
        takes_flown=tuning.flown,
        shot_file=tuning.file,
    )
