"""Fall: the flights a plan is measured on, all by the compiled kernel that also flies takes and odds.

planned    everybody does what the shot says; no abort rule and no contact cuts it short, so it always reaches the
           ground and shows where the openings and the beats are
passive    both hold their belly to the airflow at their neutral fall rate and do nothing else, until they pull

Both are take 0: no noise and no wind error. Seconds from the first exit, local ENU metres above the drop zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from onetake.fly.flight import Draws, nominal
from onetake.fly.scenario import NEVER, Jumper, Scenario
from onetake.fly.simulate import fly_take
from onetake.fly.state import C
from onetake.take import Leaving, Take
from onetake.trace import Trace

Array = NDArray[np.float64]

_RADIUS = 6  # column of a capsule's radius in `Scenario.capsules`
_WINDS = (1, 2, 6, 7)  # columns of `Scenario.air` that are winds


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One body of a flight: when it left, pulled and was open, and where; the times are None where it never did."""

    jumper: Jumper
    trace: Trace
    exit_s: float
    pull_s: float | None
    open_s: float | None
    landing_s: float | None
    peak_g: float

    @property
    def name(self) -> str:
        """What the shot calls this person."""
        return self.jumper.person.name

    def position_enu_m(self, time_s: float) -> Array:
        """Where the body is at a time, (3,); held beyond the ends of its trace."""
        return np.array([np.interp(time_s, self.trace.time_s, axis) for axis in self.trace.position_enu_m.T])

    def below_s(self, height_agl_m: float) -> float | None:
        """The first time at which the body is under a height, linear between samples; None if never."""
        heights, times = self.trace.position_enu_m[:, 2], self.trace.time_s
        under = np.flatnonzero(heights < height_agl_m)
        if not under.size:
            return None
        i = int(under[0])
        if i == 0:
            return float(times[0])
        share = (heights[i - 1] - height_agl_m) / (heights[i - 1] - heights[i])
        return float(times[i - 1] + share * (times[i] - times[i - 1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """One flight, read for a plan. people: operator, then subject."""

    scenario: Scenario
    take: Take
    people: tuple[Person, Person]
    break_off_s: float | None

    @property
    def end_s(self) -> float:
        """When the shot is over: break-off, else the first pull, else the end of the trace."""
        pulls = [p.pull_s for p in self.people if p.pull_s is not None]
        ends = [self.break_off_s] if self.break_off_s is not None else pulls
        return min(ends, default=float(self.take.bodies[0].time_s[-1]))

    def event_s(self, event: str) -> float | None:
        """When one of the events between which a rule holds happens; None where it never does."""
        people = self.people
        happened: dict[str, list[float | None]] = {
            "first exit": [min(one.exit_s for one in people)], "last exit": [max(one.exit_s for one in people)],
            "break-off": [self.break_off_s], "first pull": [one.pull_s for one in people],
            "opening": [one.open_s for one in people], "landing": [one.landing_s for one in people],
        }  # fmt: skip
        known = [time_s for time_s in happened[event] if time_s is not None]
        if event == "first pull":
            return min(known, default=None)
        return max(known) if len(known) == len(happened[event]) else None


def planned_fall(scenario: Scenario) -> Fall:
    """Fly what the shot says, without abort rules and as if bodies could pass through each other in freefall."""
    common = _changed(scenario, {"no_mark_m": -NEVER, "closing_range_m": -1.0, "lost_s": NEVER})
    capsules = scenario.capsules.copy()
    capsules[:, _RADIUS] = -NEVER
    return fly(replace(scenario, common=common, capsules=capsules))


def passive_fall(scenario: Scenario, *, still_air: bool = False) -> Fall:
    """Fly both bodies without steering. still_air: in the same air at rest, so that only the throw is left."""
    common = {"no_mark_m": -NEVER, "closing_range_m": -1.0, "lost_s": NEVER, "station_m": NEVER}
    air, leaving = scenario.air, scenario.leaving
    if still_air:
        air = air.copy()
        air[:, _WINDS] = 0.0
        wind = scenario.column.at(leaving.position_enu_m[2] + scenario.shot.place.elevation_m)
        leaving = Leaving(
            position_enu_m=leaving.position_enu_m,
            velocity_enu_m_s=(
                leaving.velocity_enu_m_s[0] - float(wind.wind_east_m_s),
                leaving.velocity_enu_m_s[1] - float(wind.wind_north_m_s),
            ),
            heading_rad=leaving.heading_rad,
        )
        common |= {"aircraft_e": leaving.velocity_enu_m_s[0], "aircraft_n": leaving.velocity_enu_m_s[1]}
    capsules = scenario.capsules.copy()
    capsules[:, _RADIUS] = -NEVER
    still = replace(scenario, common=_changed(scenario, common), capsules=capsules, air=air, leaving=leaving)
    nothing = {"B_bandwidth": 0.0, "B_gain": 0.0, "A_break_m": -NEVER, "B_break_m": -NEVER}
    return fly(still, nothing)


def fly(scenario: Scenario, changes: Mapping[str, float] | None = None) -> Fall:
    """Fly take 0 of a scenario, some of its middle values changed, and read its events."""
    draws = nominal(scenario)
    values = dict(draws.values) | {name: np.array([value]) for name, value in (changes or {}).items()}
    take = fly_take(
        scenario,
        Draws(seed=draws.seed, takes=draws.takes, values=values, wind_error_m_s=draws.wind_error_m_s),
    )
    return read_fall(scenario, take)


def read_fall(scenario: Scenario, take: Take) -> Fall:
    """The times of a flown take that a plan speaks of."""
    first, second = scenario.jumpers
    broke = take.event("break-off")
    return Fall(
        scenario=scenario,
        take=take,
        people=(_person(first, take, "operator"), _person(second, take, "subject")),
        break_off_s=None if broke is None else broke.time_s,
    )


def _person(jumper: Jumper, take: Take, role: str) -> Person:
    name = jumper.person.name

    def at(event: str) -> float | None:
        found = take.event(event, name)
        return None if found is None else found.time_s

    left = at("exit")
    return Person(
        jumper=jumper,
        trace=take.body(name),
        exit_s=jumper.person.exit.at_s if left is None else left,
        pull_s=at("pull"),
        open_s=at("open"),
        landing_s=at("landing"),
        peak_g=take.facts[f"{role}_opening_g"],
    )


def _changed(scenario: Scenario, values: Mapping[str, float]) -> NDArray[np.float32]:
    common = scenario.common.copy()
    for name, value in values.items():
        common[getattr(C, name)] = value
    return common
