"""Rare: the probability of contact where counting takes cannot reach it, down to one in ten million.

Contact happens in ways that have little to do with each other: at the door, in the work, as parachutes open, and where
two steer for one landing spot. Each part of the jump is climbed to by a ladder of its own (`odds.subset`), and they add
up, because a take ends at its first contact. One ladder for all would follow whatever part brings bodies near most often
and meet the others by luck.

How near a take came is its least clearance in that part (`closest` in the flight's state). It is a minimum of surface
distances, each continuous in where the bodies are, so a take moved a little comes a little nearer. Two things make it
jump: in freefall beyond 3.2 m it is a bound by the bodies' reach, so takes that came just within that distance crowd at
0.8 m; and a parachute that opens brings its lines at once. Jumps cost precision, never correctness: every level holds
the contacts, whatever its shape. Contact is what ends a take as in the odds (an overlap at a measured instant), not a
clearance below zero: between measurements clearance is a lower bound.

Every second of the noise has its own key, so that a move can change some of it and keep the rest.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.errors import ChoiceError
from onetake.fly.flight import Flight, advance, name_takes, start
from onetake.fly.scenario import Scenario
from onetake.fly.state import CANOPY, CONTACT, LANDED, LANES, OPENING, RECORD, S
from onetake.odds.draws import columns, drawn
from onetake.odds.parts import in_parts
from onetake.odds.subset import Rare, interval, probability
from onetake.odds.summary import Estimate, RareOdds, RarePart
from onetake.seams import no_such
from onetake.weather.spread import WindSpread

Array = NDArray[np.float64]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]

EVENTS = ("contact",)
PARTS = ("at the exit", "in freefall", "while opening", "under canopy")
EXIT_S = 10.0  # after the last has left, the exit is over
STRETCH = 25  # ticks of noise a key: one second
KEYS = 300  # five minutes; what is later keeps the last
BATCH = 32  # takes flown at a time by one thread
FAR_M = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """How near each of n takes came in one part of the jump, m; minus infinity where it ended in contact there."""

    scenario: Scenario
    spread: WindSpread
    seed: int
    part: str

    def __call__(self, normals: Array, keys: I64) -> Array:
        """Fly takes of standard normals (n, columns) and noise keys (n, seconds), on all cores."""
        return np.concatenate(
            in_parts(lambda part: self._fly(normals[part], keys[part]), len(normals), BATCH)
        )

    def _fly(self, normals: Array, keys: I64) -> Array:
        flight = start(self.scenario, drawn(self.scenario, self.spread, self.seed, keys[:, 0], normals))
        blind = np.zeros((flight.states.shape[0], 0, len(RECORD), LANES), np.float32)
        mine = PARTS.index(self.part)
        near, part = np.full(flight.count, np.inf), np.zeros(flight.count, np.int64)
        for second in itertools.count():
            if flight.finished or (part > mine).all():
                break
            name_takes(flight.states, keys[:, min(second, keys.shape[1] - 1)])
            advance(flight, blind, STRETCH)
            # the second in which a part ends still belongs to it
            near = np.where(part == mine, flight.field("closest"), near)
            now = _part(flight)
            _forget(flight, now > part)
            part = np.maximum(part, now)
        hit = flight.field("ending") == CONTACT
        return np.where(hit & (part == mine), -np.inf, near)


def _part(flight: Flight) -> I64:
    """In which of `PARTS` each take is, (n,); one more once somebody stands on the ground, where nobody meets."""
    phases = [flight.field("A_phase"), flight.field("B_phase")]
    out_s = np.maximum(flight.field("A_t_exit"), flight.field("B_t_exit"))
    first, last = np.maximum(*phases), np.minimum(*phases)
    steps = (flight.field("time") > out_s + EXIT_S, first >= OPENING, last >= CANOPY, first >= LANDED)
    return np.asarray(np.max([(k + 1) * step for k, step in enumerate(steps)], axis=0), np.int64)


def _forget(flight: Flight, which: Flags) -> None:
    """Let some takes (n,) measure their least clearance from here on."""
    lanes = np.zeros(flight.states.shape[0] * LANES, bool)
    lanes[: len(which)] = which
    flight.states[:, S.closest : S.closest + LANES][lanes.reshape(-1, LANES)] = FAR_M


def known_event(event: str) -> None:
    """Raise ChoiceError for an event that cannot be looked for."""
    if event not in EVENTS:
        raise ChoiceError(no_such(event, EVENTS, "rare event"))


def rare_odds(
    scenario: Scenario, spread: WindSpread, *, event: str, population: int, seed: int,
    tell: Callable[[float], None] = lambda share: None,
) -> RareOdds:  # fmt: skip
    """The probability of an event with its interval; population: takes a level (about one level for each decimal, in each part).

    The answer depends on scenario, population and seed alone. Raises ChoiceError for an event that is not known.
    """
    known_event(event)
    found = [
        probability(
            Nearness(scenario=scenario, spread=spread, seed=seed, part=part), columns(scenario), KEYS,
            population=population, seed=seed,
            tell=lambda share, k=k: tell((k + share) / len(PARTS)),  # type: ignore[misc]
        )
        for k, part in enumerate(PARTS)
    ]  # fmt: skip
    return RareOdds(
        event=event,
        odds=total(found),
        reached=any(one.reached for one in found),
        parts=tuple(
            RarePart(when=part, odds=one.odds, reached=one.reached, levels=len(one.ladder))
            for part, one in zip(PARTS, found, strict=True)
        ),
        replicates=len(found[0].replicates),
        flown=sum(one.flown for one in found),
    )


def total(found: list[Rare]) -> Estimate:
    """The sum of probabilities of events that exclude each other, by replicate.

    What was not reached adds its bound to the upper end and nothing to the rest.
    """
    reached = [one.replicates for one in found if one.reached]
    bound = sum(one.odds.high for one in found if not one.reached)
    if not reached:
        return Estimate(p=0.0, low=0.0, high=min(bound, 1.0))
    odds = interval([sum(run) for run in zip(*reached, strict=True)])
    return Estimate(p=odds.p, low=odds.low, high=min(odds.high + bound, 1.0))
