"""Monte Carlo: many takes of a shot, or of two, counted and said as odds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from onetake.errors import InputError, UnfinishedError, WriteError
from onetake.fly.state import ABORTS, TICK_S
from onetake.judge.bench import Bench
from onetake.odds import engines
from onetake.odds.chunks import Work, causes
from onetake.odds.compare import FlyBoth, PairTally
from onetake.odds.count import MOST_TAKES, Counted, Interrupted, Need, check_takes, count
from onetake.odds.engines import Progress, Task
from onetake.odds.identity import software, takes_of
from onetake.odds.paired import change_of
from onetake.odds.runfile import RunFile
from onetake.odds.summary import Against, BeatOdds, Cause, Odds, Spread, Until, wilson
from onetake.odds.tally import FlyAndCount, Histogram, Tally
from onetake.odds.unknowns import priors
from onetake.odds.until import difference_within, shot_within, width
from onetake.units import FT_M, IN_M

Total = TypeVar("Total", Tally, PairTally)

PHASES = ("aboard", "in freefall", "while opening", "under canopy", "on the ground")
TAKES = 2000


def silent(what: str, done: float, total: float) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is wanted of a count.

    takes: 2,000 unless said; with `until` at most so many. until: half the width of the interval to reach, `±1 %`.
    run_file: kept on the way, and continued from where it is there.
    """

    takes: int | None = None
    engine: str = "threads"
    until: str | None = None
    run_file: Path | None = None
    tell: Progress = silent

    @property
    def half_share(self) -> float | None:
        """Half of the width asked for. Raises InputError."""
        return width(self.until) if self.until is not None else None

    @property
    def most(self) -> int:
        """Takes to fly at most."""
        return self.takes if self.takes is not None else TAKES if self.until is None else MOST_TAKES

    def check(self, seed: int) -> None:
        """Find out what cannot be flown before anything is planned. Raises InputError, ChoiceError or ClusterError."""
        check_seed(seed)
        check_takes(self.most)
        _ = self.half_share
        engines.check(self.engine)


def check_seed(seed: int) -> None:
    """Raises InputError for a seed that no takes are drawn from."""
    if not 0 <= seed < 2**63:
        raise InputError(f"a seed of {seed} is outside 0 to 2^63 - 1")


def run_odds(work: Work, ask: Ask) -> Odds:
    """Fly takes 1 … n and say what came of them.

    The answer depends on the work and the number of takes alone, not on the engine. Raises InputError for a number
    that cannot be flown or a run file of other takes, what the engine raises, and, where takes were counted before it
    went wrong, UnfinishedError or Interrupted with their odds.
    """
    counted = _counted(ask, FlyAndCount(work=work), Tally, shot_within, work, {})
    return _whole(summarise(counted.total, work, counted, ask), counted, ask)


def run_against(work: Work, other: Work, ask: Ask) -> Odds:
    """Fly the same takes of two shots: the odds of the first, with those of the other and the difference in `against`.

    As `run_odds`; `until` is of the difference.
    """
    task = FlyBoth(first=work, second=other)
    counted = _counted(ask, task, PairTally, difference_within, work, {"against takes of": takes_of(other)})
    pair = counted.total
    against = Against(
        odds=summarise(pair.second, other, counted, ask),
        shot=change_of(pair.only_first, pair.only_second, pair.takes),
        contact=change_of(pair.contact_only_first, pair.contact_only_second, pair.takes),
        only_this=pair.only_first,
        only_other=pair.only_second,
    )
    return _whole(replace(summarise(pair.first, work, counted, ask), against=against), counted, ask)


def _counted(
    ask: Ask, task: Task[Total], kind: type[Total], within: Callable[[float], Need[Total]], work: Work,
    also: dict[str, str],
) -> Counted[Total]:  # fmt: skip
    ask.check(work.seed)
    run_file: RunFile[Total] | None = None
    if ask.run_file is not None:
        identity = {"software": software(), "takes of": takes_of(work), "seed": str(work.seed), **also}
        run_file = RunFile(ask.run_file, identity, kind.record, kind.of_record)
    need = within(ask.half_share) if ask.half_share is not None else None
    return count(task, takes=ask.most, engine=ask.engine, tell=ask.tell, need=need, run_file=run_file)


def _whole(odds: Odds, counted: Counted[Any], ask: Ask) -> Odds:
    """The odds if nothing went wrong. Raises Interrupted or UnfinishedError with them otherwise."""
    cut, done = counted.cut, f"{odds.takes:,} of {odds.asked:,} takes are counted"
    if cut is None:
        return odds
    if isinstance(cut, WriteError):
        raise UnfinishedError(f"{cut}; {done}", odds) from cut
    kept = f"kept in {ask.run_file}" if ask.run_file else "to be able to continue, name a file with --resume"
    if isinstance(cut, KeyboardInterrupt):
        raise Interrupted(f"{done}; {kept}", odds) from None
    raise UnfinishedError(f"{cut}; {done}; {kept}", odds) from cut


def summarise(tally: Tally, work: Work, counted: Counted[Any], ask: Ask) -> Odds:
    """Odds of a tally."""
    n = tally.takes
    missed = int(tally.cause.sum())
    names = causes(work.bench)
    found = [
        Cause(cause=name, share=int(count) / missed, only_share=int(alone) / missed)
        for name, count, alone in zip(names, tally.cause, tally.only, strict=True)
        if count
    ]
    return Odds(
        takes=n,
        asked=counted.asked,
        window_s=_window_s(work.bench),
        seed=work.seed,
        engine=ask.engine,
        p_shot=wilson(tally.shots, n),
        p_abort=wilson(tally.aborted, n),
        aborts=tuple((ABORTS[i], int(count) / n) for i, count in enumerate(tally.abort) if i and count),
        beats=_beats(work.bench, tally),
        causes=tuple(sorted(found, key=lambda cause: (-cause.share, cause.cause))),
        p_contact=wilson(tally.contacts, n),
        contacts=tuple((PHASES[i], int(count)) for i, count in enumerate(tally.contact_phase) if count),
        contact_speed_m_s=tally.fastest_contact_m_s if tally.contacts else None,
        p_hand_touch=wilson(tally.hands, n),
        p_diverged=wilson(tally.diverged, n),
        landing_p50_m=tally.landing.quantile(0.5),
        landing_p95_m=tally.landing.quantile(0.95),
        p_landing_outside=wilson(tally.outside, tally.landed),
        spreads=(
            _spread("closest range", "ft", tally.closest, FT_M),
            _spread("time in focus and in frame", "s", tally.in_focus, 1.0),
            _spread("least clearance", "in", tally.clearance, IN_M),
            _spread("hardest opening", "g", tally.opening, 1.0),
        ),
        priors=priors(work.scenario, work.spread),
        wall_s=counted.wall_s,
        takes_per_s=(counted.flown_now + counted.trial) / counted.wall_s if counted.wall_s > 0 else 0.0,
        until=Until(half_share=ask.half_share, trial_takes=counted.trial)
        if ask.half_share is not None
        else None,
    )


def _beats(bench: Bench, tally: Tally) -> tuple[BeatOdds, ...]:
    return tuple(
        BeatOdds(
            name=one.name,
            odds=wilson(int(held), tally.takes),
            window_s=(one.window_ticks[0] * TICK_S, one.window_ticks[1] * TICK_S)
            if one.window_ticks
            else None,
            after=bench.scored[one.after].name if one.after is not None else None,
            within_s=one.within_ticks * TICK_S if one.after is not None else None,
            between=one.always,
        )
        for one, held in zip(bench.scored, tally.held, strict=True)
    )


def _window_s(bench: Bench) -> tuple[float, float]:
    """From the first moment at which a beat may be held to the last."""
    begins = min(one.window_ticks[0] for one in bench.scored if one.window_ticks is not None)
    return begins * TICK_S, bench.last_tick * TICK_S


def _spread(name: str, unit: str, histogram: Histogram, scale: float) -> Spread:
    p05, p50, p95 = (histogram.quantile(share) / scale for share in (0.05, 0.5, 0.95))
    return Spread(name=name, unit=unit, p05=p05, p50=p50, p95=p95)
