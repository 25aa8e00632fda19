"""Stage: a shot read, planned and made ready to be flown and judged; what every verb begins with."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from onetake.api import warm
from onetake.api.spelling import check_words
from onetake.fly.scenario import shot_lens
from onetake.judge.bench import Bench, make_bench
from onetake.judge.glass import make_glass
from onetake.odds.chunks import Work
from onetake.odds.draws import error_heights_m
from onetake.plan.make import Prepared, prepare
from onetake.shot.file import Shot, read_shot
from onetake.take import Take
from onetake.weather.spread import WindSpread, spread_of

Progress = Callable[[str, float, float], None]


def silent(what: str, done: float, total: float) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """prepared: the plan, the scenario and the nominal take; bench: the beats ready to be judged at the plan's time."""

    shot: Shot
    prepared: Prepared
    bench: Bench

    def work(self, seed: int) -> Work:
        """What the takes of a seed are flown and judged with."""
        return Work(scenario=self.prepared.scenario, bench=self.bench, spread=self.wind_spread(), seed=seed)

    def wind_spread(self) -> WindSpread:
        """How wrong the winds may be, at the heights the flight asks for."""
        scenario, plan = self.prepared.scenario, self.prepared.plan
        heights = error_heights_m(scenario) + self.shot.place.elevation_m
        return spread_of(self.prepared.columns, plan.exit.utc, heights)


def set_stage(shot: Shot | str | os.PathLike[str], tell: Progress = silent) -> Stage:
    """Read and plan a shot. Raises the errors of `read_shot` and `plan.make.prepare`."""
    read = shot if isinstance(shot, Shot) else read_shot(shot)
    check_words(read)
    if warm.start():
        tell("compiling the flight (once on this machine)", 0.0, 1.0)
        warm.wait()
    tell("planning", 0.0, 1.0)
    prepared = prepare(read, progress=lambda what, share: tell(what, share, 1.0))
    return Stage(shot=read, prepared=prepared, bench=bench_at(read, prepared, prepared.take))


def bench_at(shot: Shot, prepared: Prepared, take: Take) -> Bench:
    """The beats of a shot judged in the light of one take's exit, and against its aircraft."""
    crew = prepared.scenario
    glass = make_glass(
        shot, shot_lens(shot), crew.operator.body, crew.subject.body, take.clock, take.aircraft
    )
    return make_bench(shot, glass)
