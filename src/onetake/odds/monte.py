"""Monte Carlo: many takes of a shot, folded into its odds."""

from __future__ import annotations

import time
from collections.abc import Callable

from onetake import seams
from onetake.errors import InputError
from onetake.fly.scenario import Scenario
from onetake.fly.state import ABORTS
from onetake.judge.bench import Bench
from onetake.odds.chunks import SIZE, Rows, Work, causes, fly_chunk
from onetake.odds.draws import priors
from onetake.odds.summary import BeatOdds, Cause, Odds, Spread, wilson
from onetake.odds.tally import Histogram, Tally
from onetake.units import FT_M, IN_M
from onetake.weather.spread import WindSpread

Progress = Callable[[str, float, float], None]

ENGINES = "onetake.odds.engines"
PHASES = ("aboard", "in freefall", "while opening", "under canopy", "on the ground")
MOST_TAKES = 1_000_000_000


def run_odds(
    scenario: Scenario, bench: Bench, spread: WindSpread, *, takes: int, seed: int, engine: str = "threads",
    chunk: int = SIZE, progress: Progress | None = None,
) -> Odds:  # fmt: skip
    """Fly takes 1 … takes and say what came of them.

    The answer depends on scenario, seed and number of takes alone, not on engine or chunk. Raises ChoiceError for an
    engine that does not exist, InputError for a number of takes below 1 or beyond 1e9, or a seed that is not 0 … 2^63.
    """
    if not 1 <= takes <= MOST_TAKES:
        raise InputError(f"{takes} takes cannot be flown; ask for 1 to {MOST_TAKES:,}")
    if not 0 <= seed < 2**63:
        raise InputError(f"a seed of {seed} is outside 0 to 2^63 - 1")
    run = seams.load(ENGINES, engine).run
    work = Work(scenario=scenario, bench=bench, spread=spread, seed=seed)
    tell = progress or (lambda what, done, total: None)
    tell("compiling the flight (once)", 0, takes)
    fly_chunk(work, 1, 1)
    tally = Tally(bench, scenario.shot.opening.landing_within_m)

    def use(rows: Rows) -> None:
        tally.add(rows)
        tell("flying", tally.takes, takes)

    began = time.perf_counter()
    tell("flying", 0, takes)
    run(work, [(1 + at, min(chunk, takes - at)) for at in range(0, takes, chunk)], use)
    return summarise(tally, scenario, spread, seed=seed, engine=engine, wall_s=time.perf_counter() - began)


def summarise(
    tally: Tally, scenario: Scenario, spread: WindSpread, *, seed: int, engine: str, wall_s: float
) -> Odds:
    """Odds of a tally."""
    n = tally.takes
    missed = int(tally.cause.sum())
    names = causes(tally.bench)
    found = [
        Cause(cause=name, share=int(count) / missed, only_share=int(alone) / missed)
        for name, count, alone in zip(names, tally.cause, tally.only, strict=True)
        if count
    ]
    return Odds(
        takes=n,
        seed=seed,
        engine=engine,
        p_shot=wilson(tally.shots, n),
        p_abort=wilson(tally.aborted, n),
        aborts=tuple((ABORTS[i], int(count) / n) for i, count in enumerate(tally.abort) if i and count),
        beats=tuple(
            BeatOdds(name=one.name, odds=wilson(int(held), n))
            for one, held in zip(tally.bench.scored, tally.held, strict=True)
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
        priors=priors(scenario, spread),
        wall_s=wall_s,
        takes_per_s=n / wall_s if wall_s > 0 else 0.0,
    )


def _spread(name: str, unit: str, histogram: Histogram, scale: float) -> Spread:
    p05, p50, p95 = (histogram.quantile(share) / scale for share in (0.05, 0.5, 0.95))
    return Spread(name=name, unit=unit, p05=p05, p50=p50, p95=p95)
