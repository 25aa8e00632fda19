"""Sensitivity: which assumption moves P(shot) most, and what the takes differ by.

Two questions, two answers. The **tornado** asks what a wrong assumption would do: every unknown is set to either end of
its interval, one at a time, and the same takes are flown again, same draws and same noise, so that the difference is
counted on pairs. **Total effects** (Sobol' 2001; Homma, Saltelli 1996) ask what makes one take differ from the next as
they are drawn: the share of an outcome's variance that is left when all but one group is known. Noise is one group, by
its key. The shares add up to more than one where groups act together, which they do in a hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.odds.chunks import Rows, Work, fly_draws
from onetake.odds.draws import columns, draw, drawn, groups, normals
from onetake.odds.engines import Progress
from onetake.odds.paired import Flags, change
from onetake.odds.summary import Effect, Estimate, Sensitivity, Swing, wilson
from onetake.odds.unknowns import Turn, Unknown, turned, unknowns
from onetake.odds.variants import Outcomes, Variant, fly_variants

Array = NDArray[np.float64]
I64 = NDArray[np.int64]

NOISE = "noise in flight"
OUTPUTS = ("the shot", "time in focus", "least clearance")
FAR_M = 3.0  # clearance beyond this is all the same
RESAMPLES = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class AsAssumed:
    """Takes as the odds fly them."""

    work: Work

    def __call__(self, takes: I64) -> Rows:
        """Fly these takes."""
        return fly_draws(self.work, draw(self.work.scenario, self.work.spread, self.work.seed, takes))


@dataclass(frozen=True, slots=True, kw_only=True)
class IfOther:
    """The same takes as if one unknown had another value."""

    work: Work
    turn: Turn
    value: float

    def __call__(self, takes: I64) -> Rows:
        """Fly these takes."""
        work = self.work
        drawn_takes = draw(work.scenario, work.spread, work.seed, takes)
        scenario, draws = turned(work.scenario, drawn_takes, self.turn, self.value)
        other = Work(scenario=scenario, bench=work.bench, spread=work.spread, seed=work.seed)
        return fly_draws(other, draws)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swapped:
    """Takes of which one group is that of the take `shift` numbers further on: columns of normals, or the noise."""

    work: Work
    shift: int
    group: tuple[int, ...]
    noise: bool = False

    def __call__(self, takes: I64) -> Rows:
        """Fly these takes."""
        work, count = self.work, columns(self.work.scenario)
        normal = normals(work.seed, takes, count)
        if self.group:
            other = normals(work.seed, takes + self.shift, count)
            normal[:, self.group] = other[:, self.group]
        noise = takes + self.shift if self.noise else takes
        return fly_draws(work, drawn(work.scenario, work.spread, work.seed, noise, normal))


def sensitivity(work: Work, *, takes: int, engine: str, tell: Progress) -> Sensitivity:
    """Tornado and total effects of a shot; they depend on the work and the number of takes alone.

    takes: flown for each end of each unknown; total effects use the largest power of two up to them for each group.
    """
    base, tornado = swings(work, takes=takes, engine=engine, tell=tell)
    return Sensitivity(
        takes=takes,
        p_shot=wilson(int(base.sum()), takes),
        tornado=tornado,
        effects=effects(work, takes=takes, engine=engine, tell=tell),
    )


def swings(
    work: Work, *, takes: int, engine: str, tell: Progress
) -> tuple[Flags, tuple[Swing, ...]]:  # fmt: skip
    """Which takes are caught as assumed, and the swing of every unknown, the largest first."""
    found = unknowns(work.scenario, work.spread)
    variants: list[Variant] = [AsAssumed(work=work)]
    for one in found:
        variants += [IfOther(work=work, turn=one.turn, value=value) for value in (one.low, one.high)]
    flown = fly_variants(
        variants, first_take=1, takes=takes, engine=engine, tell=tell, what="turning each assumption"
    )
    base = flown[0].shot
    rows = [
        _swing(one, base, low.shot, high.shot)
        for one, low, high in zip(found, flown[1::2], flown[2::2], strict=True)
    ]
    return base, tuple(sorted(rows, key=lambda row: (-row.size, row.name)))


def _swing(one: Unknown, base: Flags, low: Flags, high: Flags) -> Swing:
    return Swing(
        name=one.name,
        kind=one.prior.kind,
        why=one.prior.why,
        low=one.low,
        high=one.high,
        unit=one.unit,
        trust=one.trust,
        p_low=float(low.mean()),
        p_high=float(high.mean()),
        at_low=change(base, low),
        at_high=change(base, high),
        across=change(low, high),
    )


def effects(work: Work, *, takes: int, engine: str, tell: Progress) -> tuple[Effect, ...]:
    """Total effect of every group on every output, with bootstrapped 95 % intervals; none where nothing varies."""
    n = 2 ** int(np.log2(max(takes, 2)))
    parted: Mapping[str, tuple[int, ...]] = groups(work.scenario)
    every = tuple(column for group in parted.values() for column in group)
    variants: list[Variant] = [
        AsAssumed(work=work),
        Swapped(work=work, shift=n, group=every, noise=True),
        *(Swapped(work=work, shift=n, group=group) for group in parted.values()),
        Swapped(work=work, shift=n, group=(), noise=True),
    ]
    flown = fly_variants(
        variants, first_take=1, takes=n, engine=engine, tell=tell, what="swapping each group"
    )
    values = np.stack([_outputs(one) for one in flown])  # (2 + groups, outputs, n)
    rows = []
    for k, output in enumerate(OUTPUTS):
        if np.ptp(values[:2, k]) == 0.0:
            continue
        total = total_effects(values[0, k], values[1, k], values[2:, k], seed=work.seed)
        rows += [
            Effect(group=group, output=output, total=share)
            for group, share in zip((*parted, NOISE), total, strict=True)
        ]
    return tuple(rows)


def _outputs(one: Outcomes) -> Array:
    clearance_m = np.nan_to_num(one.clearance_m, nan=FAR_M)
    return np.stack(
        [one.shot.astype(np.float64), one.in_focus_s.astype(np.float64), np.clip(clearance_m, 0.0, FAR_M)]
    )


def total_effects(a: Array, b: Array, swapped: Array, *, seed: int) -> list[Estimate]:
    """Total-effect indices from outcomes (n,), (n,) and (groups, n), n a power of two; intervals by the bootstrap.

    Estimators of Saltelli and others 2010 (Jansen's for the total), as SciPy has them; 999 resamples of the takes, the
    middle 95 % of them.
    """
    from scipy.stats import bootstrap, sobol_indices  # slow to import

    def total(index: NDArray[np.int64]) -> Array:
        found = sobol_indices(
            func={"f_A": a[None, index], "f_B": b[None, index], "f_AB": swapped[:, None, index]}, n=len(index)
        )
        return np.asarray(found.total_order, np.float64).reshape(-1)

    whole = np.arange(len(a))
    spread = bootstrap(
        (whole,), total, n_resamples=RESAMPLES, method="percentile", vectorized=False,
        rng=np.random.Generator(np.random.Philox(key=seed)),
    ).confidence_interval  # fmt: skip
    return [
        Estimate(p=float(p), low=float(low), high=float(high))
        for p, low, high in zip(total(whole), spread.low, spread.high, strict=True)
    ]
