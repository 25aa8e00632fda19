"""Slate: which shot, which take, which day."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Slate:
    """The card that identifies a take. `take` 0 is the nominal one: no draw, no noise."""

    title: str
    scene: str
    take: int
    picture_rate: Fraction
    seed: int | None = None
    weather: str = ""

    def __str__(self) -> str:
        return f"{self.title}, scene {self.scene}, take {self.take}"
