"""Would stratified or Sobol' first draws pay? Run: uv run python lab/first_draws.py

Two answers. How much of the variance of the shot lies between first draws at all (the same draws under several noises):
the rest is noise in flight, which no first draw orders. And how much a scrambled Sobol' sequence really takes away,
against plain random numbers through the same replicates. Ended in: not worth it; docs/odds.md says why.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, norm, qmc

from onetake.api.stage import set_stage
from onetake.odds.chunks import Work, fly_draws
from onetake.odds.draws import columns, draw, drawn
from onetake.odds.tally import shots

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
CHUNK, DRAWS, NOISES, REPLICATES, TAKES = 128, 640, 6, 24, 512


def between(work: Work) -> tuple[float, float]:
    """P(shot), and the share of its variance that lies between first draws."""

    def fly(job: tuple[int, int]) -> NDArray[np.bool_]:
        at, noise = job
        draws = draw(work.scenario, work.spread, 1, np.arange(1 + at, 1 + at + CHUNK))
        return shots(fly_draws(work, replace(draws, seed=1000 + noise)))

    jobs = [(at, noise) for noise in range(NOISES) for at in range(0, DRAWS, CHUNK)]
    with ThreadPoolExecutor() as pool:
        held = np.concatenate(list(pool.map(fly, jobs))).reshape(NOISES, DRAWS).sum(axis=0)
    p = float(held.mean()) / NOISES
    within = float((held * (NOISES - held)).mean()) / (NOISES * (NOISES - 1))
    return p, 1.0 - within / (p * (1.0 - p))


def gain(work: Work, kind: str) -> tuple[float, float, float]:
    """Variance of independent takes over that of replicates, with its 95 % interval."""
    count = columns(work.scenario)

    def fly(job: tuple[int, int]) -> int:
        replicate, at = job
        random = np.random.default_rng(replicate)
        uniform = (
            qmc.Sobol(count, rng=random).random(TAKES) if kind == "sobol" else random.random((TAKES, count))
        )
        normal = norm.ppf(np.clip(uniform, 1e-12, 1 - 1e-12))
        takes = np.arange(1 + replicate * TAKES + at, 1 + replicate * TAKES + at + CHUNK)
        part = drawn(work.scenario, work.spread, 77, takes, normal[at : at + CHUNK])
        return int(shots(fly_draws(work, part)).sum())

    jobs = [(replicate, at) for replicate in range(REPLICATES) for at in range(0, TAKES, CHUNK)]
    with ThreadPoolExecutor() as pool:
        hits = np.array(list(pool.map(fly, jobs))).reshape(REPLICATES, -1).sum(axis=1)
    share = hits / TAKES
    ratio = float(share.mean() * (1 - share.mean()) / TAKES / share.var(ddof=1))
    low, high = ratio * chi2.ppf([0.025, 0.975], REPLICATES - 1) / (REPLICATES - 1)
    return ratio, float(low), float(high)


if __name__ == "__main__":
    for example in ("two-way", "halo"):
        work = set_stage(EXAMPLES / example / "shot.toml").work(1)
        p, share = between(work)
        print(f"{example}: P(shot) {p:.2f}, {share:.0%} of its variance between first draws")
        for kind in ("sobol", "plain"):
            print(f"  {kind}: variance {'{:.1f} ({:.1f} to {:.1f})'.format(*gain(work, kind))} times smaller")
