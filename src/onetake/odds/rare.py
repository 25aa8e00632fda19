"""Rare: the probability of contact where counting takes cannot reach it, down to one in ten million.

`odds.subset` climbs by how near the two came: the least clearance of the whole take (`closest` in the flight's
state). It is a minimum of surface distances, each continuous in where the bodies are, so a take moved a little comes
a little nearer. Two things make it jump: beyond 3.2 m it is a bound by the bodies' reach, so takes that came just
within that distance crowd at 0.8 m; and a parachute that opens brings its lines at once. Jumps cost precision, never
correctness: every level holds the contacts, whatever its shape. Contact is what ends a take as in the odds (an overlap
at a measured instant), not a clearance below zero: between measurements clearance is a lower bound.

Every second of the noise has its own key, so that a move can change some of it and keep the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.errors import ChoiceError
from onetake.fly.flight import advance, name_takes, start
from onetake.fly.scenario import Scenario
from onetake.fly.state import CONTACT, LANES, RECORD
from onetake.odds.draws import columns, drawn
from onetake.odds.monte import PHASES
from onetake.odds.parts import in_parts
from onetake.odds.subset import probability
from onetake.odds.summary import RareOdds
from onetake.seams import no_such
from onetake.weather.spread import WindSpread

Array = NDArray[np.float64]
I64 = NDArray[np.int64]

EVENTS = ("contact",)
STRETCH = 25  # ticks of noise a key: one second
KEYS = 300  # five minutes; what is later keeps the last
BATCH = 32  # takes flown at a time by one thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """How near each of n takes came, m, minus infinity where it ended in contact, and in which phase of flight."""

    scenario: Scenario
    spread: WindSpread
    seed: int

    def __call__(self, normals: Array, keys: I64) -> tuple[Array, I64]:
        """Fly takes of standard normals (n, columns) and noise keys (n, seconds), on all cores."""
        flown = in_parts(lambda part: self._fly(normals[part], keys[part]), len(normals), BATCH)
        return np.concatenate([near for near, _ in flown]), np.concatenate([phase for _, phase in flown])

    def _fly(self, normals: Array, keys: I64) -> tuple[Array, I64]:
        flight = start(self.scenario, drawn(self.scenario, self.spread, self.seed, keys[:, 0], normals))
        blind = np.zeros((flight.states.shape[0], 0, len(RECORD), LANES), np.float32)
        for second in range(keys.shape[1]):
            if flight.finished:
                break
            name_takes(flight.states, keys[:, second])
            advance(flight, blind, STRETCH)
        while not flight.finished:
            advance(flight, blind, 10 * STRETCH)
        hit = flight.field("ending") == CONTACT
        phase = np.maximum(flight.field("A_phase"), flight.field("B_phase"))
        return np.where(hit, -np.inf, flight.field("closest").astype(np.float64)), phase.astype(np.int64)


def known_event(event: str) -> None:
    """Raise ChoiceError for an event that cannot be looked for."""
    if event not in EVENTS:
        raise ChoiceError(no_such(event, EVENTS, "rare event"))


def rare_odds(
    scenario: Scenario, spread: WindSpread, *, event: str, population: int, seed: int,
    tell: Callable[[float], None] = lambda share: None,
) -> RareOdds:  # fmt: skip
    """The probability of an event with its interval; population: takes a level (one level for each decimal, about).

    The answer depends on scenario, population and seed alone. Raises ChoiceError for an event that is not known.
    """
    known_event(event)
    nearness = Nearness(scenario=scenario, spread=spread, seed=seed)
    found = probability(nearness, columns(scenario), KEYS, population=population, seed=seed, tell=tell)
    return RareOdds(
        event=event,
        odds=found.odds,
        reached=found.reached,
        phases=tuple((PHASES[mark], share) for mark, share in found.marks),
        levels=len(found.ladder),
        replicates=len(found.replicates),
        flown=found.flown,
    )
