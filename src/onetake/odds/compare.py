"""Compare: two shots flown with the same takes, so that what they have in common cancels.

Take k of both draws the same people, wind errors, gusts and noise. The difference of two shares then rests only on the
takes that came off in one shot and not in the other, and its interval is that of paired counts.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from onetake.odds.chunks import SIZE, Work, fly_chunk
from onetake.odds.tally import CONTACT, Tally, count_rows, shots


@dataclass(frozen=True, slots=True, kw_only=True)
class PairTally:
    """The tallies of two shots, and of the takes in which only one was the shot, or only one ended in contact."""

    first: Tally
    second: Tally
    only_first: int
    only_second: int
    contact_only_first: int
    contact_only_second: int

    @property
    def takes(self) -> int:
        """How many takes of each."""
        return self.first.takes

    def __add__(self, other: PairTally) -> PairTally:
        return PairTally(
            **{field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)}
        )

    def record(self) -> dict[str, object]:
        """The same in the words of JSON."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return values | {"first": self.first.record(), "second": self.second.record()}

    @classmethod
    def of_record(cls, record: dict[str, Any]) -> PairTally:
        """Back from JSON."""
        tallies = {name: Tally.of_record(record[name]) for name in ("first", "second")}
        return cls(**record | tallies)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlyBoth:
    """What an engine is given to do: the same takes of two shots."""

    first: Work
    second: Work

    def __call__(self, first: int, count: int) -> PairTally:
        """The tally of takes first … first + count - 1."""
        tally = self._chunk(first, min(SIZE, count))
        for at in range(SIZE, count, SIZE):
            tally += self._chunk(first + at, min(SIZE, count - at))
        return tally

    def _chunk(self, first: int, count: int) -> PairTally:
        works = (self.first, self.second)
        one, other = (fly_chunk(work, first, count) for work in works)
        caught, also = shots(one), shots(other)
        hit, struck = one.ending == CONTACT, other.ending == CONTACT
        tallies = [
            count_rows(rows, work.bench, work.scenario.shot.opening.landing_within_m)
            for rows, work in zip((one, other), works, strict=True)
        ]
        return PairTally(
            first=tallies[0],
            second=tallies[1],
            only_first=int(np.sum(caught & ~also)),
            only_second=int(np.sum(also & ~caught)),
            contact_only_first=int(np.sum(hit & ~struck)),
            contact_only_second=int(np.sum(struck & ~hit)),
        )
