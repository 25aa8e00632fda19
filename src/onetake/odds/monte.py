"""Monte Carlo: many takes of a shot, folded into its odds."""

from __future__ import annotations

import time

from onetake.errors import InputError
from onetake.fly.state import ABORTS
from onetake.odds.chunks import Work, causes
from onetake.odds.engines import Progress, opened
from onetake.odds.summary import BeatOdds, Cause, Odds, Spread, wilson
from onetake.odds.tally import FlyAndCount, Histogram, Tally
from onetake.odds.unknowns import priors
from onetake.units import FT_M, IN_M

PHASES = ("aboard", "in freefall", "while opening", "under canopy", "on the ground")
MOST_TAKES = 1_000_000_000


def run_odds(work: Work, *, takes: int, engine: str = "threads", progress: Progress | None = None) -> Odds:
    """Fly takes 1 … takes and say what came of them.

    The answer depends on the work and the number of takes alone, not on the engine. Raises ChoiceError for an engine
    that does not exist, InputError for a number of takes below 1 or beyond 1e9, or a seed that is not 0 … 2^63.
    """
    if not 1 <= takes <= MOST_TAKES:
        raise InputError(f"{takes} takes cannot be flown; ask for 1 to {MOST_TAKES:,}")
    if not 0 <= work.seed < 2**63:
        raise InputError(f"a seed of {work.seed} is outside 0 to 2^63 - 1")
    tell = progress or (lambda what, done, total: None)
    tally: Tally | None = None

    def use(part: Tally) -> None:
        nonlocal tally
        tally = part if tally is None else tally + part
        tell("flying", tally.takes, takes)

    with opened(engine, FlyAndCount(work=work), tell) as fly:
        began = time.perf_counter()
        tell("flying", 0, takes)
        fly(range(1, takes + 1), use)
        wall_s = time.perf_counter() - began
    assert tally is not None
    return summarise(tally, work, engine=engine, wall_s=wall_s)


def summarise(tally: Tally, work: Work, *, engine: str, wall_s: float) -> Odds:
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
        seed=work.seed,
        engine=engine,
        p_shot=wilson(tally.shots, n),
        p_abort=wilson(tally.aborted, n),
        aborts=tuple((ABORTS[i], int(count) / n) for i, count in enumerate(tally.abort) if i and count),
        beats=tuple(
            BeatOdds(name=one.name, odds=wilson(int(held), n))
            for one, held in zip(work.bench.scored, tally.held, strict=True)
        ),
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
        wall_s=wall_s,
        takes_per_s=n / wall_s if wall_s > 0 else 0.0,
    )


def _spread(name: str, unit: str, histogram: Histogram, scale: float) -> Spread:
    p05, p50, p95 = (histogram.quantile(share) / scale for share in (0.05, 0.5, 0.95))
    return Spread(name=name, unit=unit, p05=p05, p50=p50, p95=p95)
