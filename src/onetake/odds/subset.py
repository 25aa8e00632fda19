"""Subset simulation: the probability of a rare event, climbed to by a ladder of less rare ones.

A take is standard normals u (d,), what is drawn once, and noise keys k (b,), each of which names one stretch of the
noise in flight and is drawn evenly from all keys. Both are the state: an event that noise decides cannot be
reached by moving u alone, and a take whose whole noise is drawn anew forgets what brought it near the event.
Inside a level F a take moves by

    u' = ρ u + √(1 − ρ²) ξ,     each key kept with probability ρ, else drawn anew;     stay unless (u', k') lies in F.

The first is the preconditioned Crank-Nicolson step, reversible for the normal law (Cotter, Roberts, Stuart, White
2013, Statistical Science 28:424; in subset simulation Papaioannou, Betz, Zwirglmaier, Straub 2015, Probabilistic
Engineering Mechanics 41:89). The second is reversible for the even law, key by key, whatever ρ is. So the pair is
reversible for the law of takes, and with the staying for that law within F (Au, Beck 2001, Probabilistic Engineering
Mechanics 16:263). Noise that adds up over the keys keeps the correlation ρ, as u does; ρ = 1 would never refresh the
noise, ρ = 0 would lose the take. Keys may be moved one stretch at a time because words of a counter-based generator
under different keys are independent: a noise pieced together has the law of a noise in one piece.

One pilot run chooses levels and steps. Then independent replicates climb this ladder, now fixed: survivors of a level
are resampled evenly, each starts a chain of ten moves, all of which count. For a ladder fixed beforehand the product
of shares is unbiased (Cérou, Del Moral, Furon, Guyader 2012, Statistics and Computing 22:795), so the mean of the
replicates is, and their spread gives the interval: Student's t on the logarithm of the mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.odds.summary import Estimate

Array = NDArray[np.float64]
I64 = NDArray[np.int64]
# (n, d) normals and (n, b) keys -> (n,) how near the event is, -inf where it happens
Performance = Callable[[Array, I64], Array]

SHARE = 0.1  # of the takes pass a level
CHAIN = 10  # moves from each survivor
LEAST_CHAINS = 20  # fewer die out on the way, or stand still
ACCEPTED = 0.44  # of the moves, aimed at by the pilot run: Papaioannou et al. 2015, §3.4
KEYS = 2**47  # what a take number can be in flight
LEAST_STEP = 0.1  # root of 1 − ρ²
FLOOR = 1e-8  # nothing rarer is looked for
REPLICATES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One level: takes nearer the event than `level`, and the correlation ρ of the moves inside it."""

    level: float
    correlation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rare:
    """A rare probability with its 95 % interval; `reached` is False where no take of a replicate met the event.

    Then odds.p is 0, and odds.high that of the last level, which holds the event. flown: takes, all told.
    """

    odds: Estimate
    replicates: tuple[float, ...]
    ladder: tuple[Rung, ...]
    reached: bool
    flown: int


@dataclass(slots=True, kw_only=True)
class _Takes:
    """A population: normals (n, d), keys (n, b), value (n,)."""

    normals: Array
    keys: I64
    value: Array

    def at(self, index: I64) -> _Takes:
        return _Takes(normals=self.normals[index], keys=self.keys[index], value=self.value[index])

    @property
    def hits(self) -> NDArray[np.bool_]:
        return np.isneginf(self.value)


@dataclass(slots=True, kw_only=True)
class _Climber:
    """One run: where its random numbers come from, and how many takes it has flown."""

    performance: Performance
    size: tuple[int, int, int]  # takes a level, normals, keys
    random: np.random.Generator
    flown: int = 0

    def fresh(self) -> _Takes:
        count, dimension, keys = self.size
        normals = self.random.standard_normal((count, dimension))
        return self.flew(normals, self.random.integers(KEYS, size=(count, keys)))

    def flew(self, normals: Array, keys: I64) -> _Takes:
        value = self.performance(normals, keys)
        self.flown += len(value)
        return _Takes(normals=normals, keys=keys, value=np.where(np.isnan(value), np.inf, value))

    def start(self, takes: _Takes, level: float) -> _Takes:
        """Starting takes of the chains: the survivors, resampled evenly (systematic)."""
        inside = np.flatnonzero(takes.value < level)
        chains = self.size[0] // CHAIN
        place = (np.arange(chains) + self.random.random()) * len(inside) / chains
        return takes.at(self.random.permutation(inside)[place.astype(np.int64)])

    def move(self, takes: _Takes, rung: Rung) -> tuple[_Takes, float]:
        """One move of every take, and the share that moved."""
        rho = rung.correlation
        step = self.random.standard_normal(takes.normals.shape)
        anew = self.random.random(takes.keys.shape) >= rho
        keys = np.where(anew, self.random.integers(KEYS, size=takes.keys.shape), takes.keys)
        tried = self.flew(rho * takes.normals + math.sqrt(1.0 - rho * rho) * step, keys)
        moved = tried.value < rung.level
        two = _joined([takes, tried])
        return two.at(np.where(moved, np.arange(len(moved)) + len(moved), np.arange(len(moved)))), float(
            moved.mean()
        )


def _joined(parts: list[_Takes]) -> _Takes:
    return _Takes(
        normals=np.concatenate([part.normals for part in parts]),
        keys=np.concatenate([part.keys for part in parts]),
        value=np.concatenate([part.value for part in parts]),
    )


def probability(
    performance: Performance, dimension: int, keys: int, *, population: int, seed: int, replicates: int | None = None,
    tell: Callable[[float], None] = lambda share: None,
) -> Rare:  # fmt: skip
    """The probability that `performance` is -inf, for `dimension` standard normals and `keys` noise keys.

    population: takes a level, at least 200. The answer depends on these numbers and the seed alone. A performance of
    NaN is far from the event. tell: called with the share done, 0 to 1.
    """
    replicates = REPLICATES if replicates is None else replicates
    population = max(population // CHAIN, LEAST_CHAINS) * CHAIN
    size = (population, dimension, keys)
    climbers = [
        _Climber(
            performance=performance, size=size, random=np.random.Generator(np.random.Philox(key=(seed, run)))
        )
        for run in range(replicates + 1)
    ]
    ladder = _pilot(climbers[0])
    found: list[float] = []
    shares: list[list[float]] = []  # of every level, by replicate
    for run, climber in enumerate(climbers[1:], 1):
        tell(run / (replicates + 1))
        shares.append(_climb(climber, ladder))
        found.append(math.prod(shares[-1]))
    reached = any(found)
    odds = interval(found) if reached else Estimate(p=0.0, low=0.0, high=_bound(shares))
    return Rare(
        odds=odds,
        replicates=tuple(found),
        ladder=ladder,
        reached=reached,
        flown=sum(climber.flown for climber in climbers),
    )


def _pilot(climber: _Climber) -> tuple[Rung, ...]:
    """A ladder on which about a tenth passes each level, up to where a tenth has met the event or nothing is nearer."""
    takes, spread = climber.fresh(), math.sqrt(1.0 - 0.8**2)
    ladder: list[Rung] = []
    while takes.hits.mean() < SHARE and SHARE ** len(ladder) > FLOOR:
        level = float(np.sort(takes.value)[len(takes.value) // CHAIN])
        if (
            not (takes.value < level).any()
            or not np.isfinite(level)
            or (ladder and level >= ladder[-1].level)
        ):
            break
        takes, spread = _adapted(climber, climber.start(takes, level), level, spread)
        ladder.append(Rung(level=level, correlation=math.sqrt(1.0 - spread * spread)))
    return tuple(ladder)


def _adapted(climber: _Climber, takes: _Takes, level: float, spread: float) -> tuple[_Takes, float]:
    """Chains of the pilot run, whose step is turned towards the wanted acceptance (Robbins, Monro 1951)."""
    kept = []
    for k in range(CHAIN):
        takes, accepted = climber.move(takes, Rung(level=level, correlation=math.sqrt(1.0 - spread * spread)))
        spread = min(max(spread * math.exp((accepted - ACCEPTED) / math.sqrt(k + 1.0)), LEAST_STEP), 0.999)
        kept.append(takes)
    return _joined(kept), spread


def _climb(climber: _Climber, ladder: tuple[Rung, ...]) -> list[float]:
    """One replicate: the share that passes each level, and last the share that meets the event; their product is unbiased.

    It ends early, with a share of 0, where nobody passes.
    """
    takes, shares = climber.fresh(), []
    for rung in ladder:
        shares.append(float((takes.value < rung.level).mean()))
        if shares[-1] == 0.0:
            return shares
        state, kept = climber.start(takes, rung.level), []
        for _ in range(CHAIN):
            state, _ = climber.move(state, rung)
            kept.append(state)
        takes = _joined(kept)
    return [*shares, float(takes.hits.mean())]


def _bound(shares: list[list[float]]) -> float:
    """The upper end of the probability of the last level that at least half of the replicates came to.

    Every level holds the event, so this bounds it too.
    """
    depth = sorted(sum(share > 0.0 for share in run) for run in shares)[len(shares) // 2]
    return interval([math.prod((*run, *[0.0] * depth)[:depth]) for run in shares]).high


def interval(found: list[float]) -> Estimate:
    """Mean of independent replicates with its 95 % interval: Student's t on the logarithm, so it stays above zero."""
    values = np.asarray(found)
    mean = float(values.mean())
    if mean == 0.0:  # every replicate died out; nothing is known
        return Estimate(p=0.0, low=0.0, high=1.0)
    from scipy.special import stdtrit  # slow to import, and few ask for rare events

    error = float(values.std(ddof=1)) / (mean * math.sqrt(len(values)))
    half = float(stdtrit(len(values) - 1, 0.975)) * error
    return Estimate(p=mean, low=mean * math.exp(-half), high=min(1.0, mean * math.exp(half)))
