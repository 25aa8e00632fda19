"""Variants: the same takes flown several ways, on any engine, kept take by take.

A variant says for take numbers what is flown. Takes of all variants are one long range, variant after variant, so that
engines, which know ranges only, can share them out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from onetake.fly.state import CONTACT
from onetake.odds.chunks import SIZE, Rows
from onetake.odds.engines import Progress, opened
from onetake.odds.tally import shots

F32 = NDArray[np.float32]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]

Variant = Callable[[I64], Rows]  # take numbers (n,) -> their rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What came of n takes: caught or not, contact, seconds in focus and in frame, least clearance m, hardest opening g."""

    shot: Flags
    contact: Flags
    in_focus_s: F32
    clearance_m: F32
    opening_g: F32

    @classmethod
    def of(cls, rows: Rows) -> Outcomes:
        """Of rows as they are flown."""
        return cls(
            shot=shots(rows),
            contact=rows.ending == CONTACT,
            in_focus_s=rows.in_focus_s,
            clearance_m=rows.clearance_m,
            opening_g=rows.opening_g,
        )

    def __add__(self, other: Outcomes) -> Outcomes:
        return joined([self, other])

    def between(self, first: int, last: int) -> Outcomes:
        """Takes first … last - 1, counted from 0."""
        return Outcomes(**{field.name: getattr(self, field.name)[first:last] for field in fields(self)})


def joined(parts: Sequence[Outcomes]) -> Outcomes:
    """Outcomes one after the other."""
    names = [field.name for field in fields(Outcomes)]
    return Outcomes(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class FlyVariants:
    """What an engine is given to do. first_take, takes: the take numbers every variant flies."""

    variants: tuple[Variant, ...]
    first_take: int
    takes: int

    def __call__(self, first: int, count: int) -> Outcomes:
        """Places first … first + count - 1 of the long range, counted from 1."""
        parts, at, end = [], first - 1, first - 1 + count
        while at < end:
            variant, take = divmod(at, self.takes)
            some = min(end - at, self.takes - take, SIZE)
            numbers = self.first_take + np.arange(take, take + some, dtype=np.int64)
            parts.append(Outcomes.of(self.variants[variant](numbers)))
            at += some
        return joined(parts)


def fly_variants(
    variants: Sequence[Variant], *, first_take: int, takes: int, engine: str, tell: Progress, what: str
) -> list[Outcomes]:
    """Fly takes first_take … first_take + takes - 1 of every variant; outcomes by variant, in the order of the takes."""
    task = FlyVariants(variants=tuple(variants), first_take=first_take, takes=takes)
    total, parts = takes * len(variants), []
    done = 0

    def use(part: Outcomes) -> None:
        nonlocal done
        parts.append(part)
        done += len(part.shot)
        tell(what, done, total)

    with opened(engine, task, tell) as fly:
        fly(range(1, total + 1), use)
    whole = joined(parts)
    return [whole.between(k * takes, (k + 1) * takes) for k in range(len(variants))]
