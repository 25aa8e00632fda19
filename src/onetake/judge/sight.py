"""Sight: how one criterion is read of one target, and the instruments that tell of a target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol


class Limits(Protocol):
    """What the meaning of a word hangs on: the circle of confusion, and how far off an exposure may be."""

    @property
    def circle_m(self) -> float:
        """Of the criterion, on the sensor."""

    @property
    def within_stops(self) -> float:
        """Of the exposure."""


Words = Mapping[str, tuple[str, float | None, float | None]]
Vocabulary = Callable[[Limits], Words]

AIRCRAFT_TELLS = "the aircraft's own track on the clock of the take"
SUN_TELLS = "the time of exit to a second, and the attitudes"
HORIZON_TELLS = "the picture"


def no_words(limits: Limits) -> Words:
    """The vocabulary of a criterion that is asked in numbers only."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The signals of a criterion with their unit, tolerance (SI) and name in a note; words: word -> bounds in SI."""

    signals: tuple[str, ...]
    unit: str
    scale: float
    tolerance: float
    said: str
    tells: str
    words: Vocabulary = no_words
