"""Material: all that one report is made of, and the few questions every part of it asks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from onetake.jump import JumpPlan
from onetake.odds.summary import Odds
from onetake.shot.beat import Beat
from onetake.shot.file import Shot
from onetake.show.curves import Curves
from onetake.take import Take
from onetake.verdict import BeatVerdict, Verdict
from onetake.weather.column import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything a report may show. What is None is said to be missing, and why."""

    shot: Shot
    take: Take | None = None
    plan: JumpPlan | None = None
    verdict: Verdict | None = None
    curves: Curves | None = None
    odds: Odds | None = None
    column: Column | None = None
    notes: Sequence[str] = ()
    card: str | None = None

    @property
    def first_exit_utc(self) -> datetime | None:
        """When the first body leaves: of the take, else of the plan, else of the shot."""
        if self.take is not None and self.take.clock is not None:
            return self.take.clock.first_exit_utc
        return self.plan.exit.utc if self.plan else self.shot.place.exit_utc

    @property
    def names(self) -> tuple[str, str]:
        """Operator and subject."""
        return self.shot.operator().name, self.shot.subject().name

    def body_class(self, name: str) -> str:
        """The colour of a person: the operator's or the subject's, in every drawing the same."""
        return {self.names[0]: "operator", self.names[1]: "subject"}.get(name, "both")

    def call_of(self, beat: str) -> BeatVerdict | None:
        """What the judge said of a beat."""
        return next((row for row in self.verdict.beats if row.name == beat), None) if self.verdict else None

    @property
    def mark(self) -> Beat | None:
        """The beat that the shot is made for: the last."""
        return self.shot.beats[-1] if self.shot.beats else None

    def mark_time_s(self) -> float | None:
        """The moment to look at: the last beat's best attempt, else the closest approach, else None."""
        call = self.call_of(self.mark.name) if self.mark else None
        if call is not None and call.at_s is not None and np.isfinite(call.at_s):
            return call.at_s
        c = self.curves
        if c is None or c.range_m is None:
            return None
        until_s = self._work_ends_s()
        known = np.isfinite(c.range_m) & (c.time_s <= until_s)
        # the first second is the exit, where everybody is near
        later = known & (c.time_s >= min(5.0, until_s / 2))
        known = later if later.any() else known
        return float(c.time_s[known][np.argmin(c.range_m[known])]) if known.any() else None

    def _work_ends_s(self) -> float:
        """The break-off, after which nearness is no approach; else the first pull or opening; else never."""
        for name in ("break-off", "pull", "open"):
            times = [e.time_s for e in self.take.events if e.name == name] if self.take else []
            if times:
                return min(times)
        return math.inf
