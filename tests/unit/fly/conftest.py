"""Flights of the examples with some of their numbers changed, and the shot file with some of its keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from onetake.api.stage import Stage
from onetake.fly.flight import Draws, Flight, advance, blank_records, nominal, start
from onetake.fly.scenario import Scenario, build_scenario
from onetake.fly.state import LANES, RECORD, TICK_S, C
from onetake.shot.edit import with_changes

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flown:
    """A flight and its records (ticks, fields, takes)."""

    flight: Flight
    records: Array

    def column(self, name: str, take: int = 0) -> Array:
        """One field of one take, tick by tick."""
        found: Array = self.records[:, RECORD.index(name), take]
        return found

    def columns(self, name: str) -> Array:
        """One field of every take, (ticks, takes)."""
        found: Array = self.records[:, RECORD.index(name)]
        return found

    def vector(self, *names: str, take: int = 0) -> Array:
        """Some fields of one take, (ticks, names)."""
        return np.stack([self.column(name, take) for name in names], axis=-1)

    def last(self, name: str) -> Array:
        """A state field of every take, as it is now."""
        return self.flight.field(name).astype(np.float64)


def _common(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    table = scenario.common.copy()
    for name, value in values.items():
        table[getattr(C, name)] = value
    return replace(scenario, common=table)


def _fly(
    scenario: Scenario, seconds: float, draws: Draws | None = None, *, common: Mapping[str, float] | None = None,
    **values: float,
) -> Flown:  # fmt: skip
    """Fly some seconds from the first tick; common: numbers of the scenario, values: what would be drawn."""
    chosen = _common(scenario, common or {})
    drawn = draws or nominal(chosen)
    n = len(drawn.takes)
    changed = dict(drawn.values) | {name: np.full(n, value) for name, value in values.items()}
    flight = start(chosen, replace(drawn, values=changed))
    ticks = round(seconds / TICK_S)
    records = blank_records(flight, ticks)
    advance(flight, records, ticks)
    rows = records.transpose(1, 2, 0, 3).reshape(ticks, len(RECORD), -1)[:, :, :n]
    return Flown(flight=flight, records=rows.astype(np.float64))


@pytest.fixture(scope="session")
def fly() -> Callable[..., Flown]:
    """`fly(scenario, seconds, draws=None, common={...}, A_delay=0.2, ...)`."""
    return _fly


@pytest.fixture(scope="session")
def remade(two_way: Stage) -> Callable[..., Scenario]:
    """The sport jump's scenario from the same exit, with keys of its shot file changed."""

    def made(changes: Mapping[str, object]) -> Scenario:
        shot = with_changes(two_way.shot, changes)  # type: ignore[arg-type]
        return build_scenario(shot, two_way.prepared.column, two_way.prepared.scenario.leaving)

    return made


@pytest.fixture(scope="session")
def lanes() -> int:
    return LANES
