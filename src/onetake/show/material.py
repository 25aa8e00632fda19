"""Material: all that one report is made of, and the few questions every part of it asks."""

from __future__ import annotations

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
        if self.curves is not None and self.curves.range_m is not None:
            known = np.isfinite(self.curves.range_m)
            if known.any():
                return float(self.curves.time_s[known][np.argmin(self.curves.range_m[known])])
        return None
