"""Every error onetake raises, as one tree.

OnetakeError                 something a person can act on; its text is the whole message
├── InputError               a file, a number or a choice that cannot be used (exit status 2)
│   ├── ShotError            the shot file; carries every problem found, each with its line
│   ├── UnitError            a quantity that cannot be read
│   ├── ChoiceError          a name that is not among the choices
│   ├── ReadError            a file that cannot be read as what it claims to be
│   ├── WriteError           a file that cannot be written
│   └── WeatherError         a profile that cannot serve the jump
├── LedgerError              a database that is no ledger, cannot be reached, or is newer than this (exit status 2)
├── ClusterError             a cluster that cannot be flown on (exit status 2)
├── UnfinishedError          work that ended before it was done; carries what was done (exit status 2)
└── MissingExtraError             an optional part that is not installed (exit status 2)

Each has a `slug`, which is its anchor in docs/errors.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class OnetakeError(Exception):
    """Base of all errors that carry a message for a person."""

    slug = "error"


class InputError(OnetakeError):
    """Input that cannot be used; the message says what to change."""

    slug = "input"


class UnitError(InputError):
    """A quantity such as `3 ft` that cannot be read."""

    slug = "unit"


class ChoiceError(InputError):
    """A name that is not among the choices; lists them and the nearest."""

    slug = "choice"

    def __init__(self, text: str, choices: tuple[str, ...] = (), near: str | None = None) -> None:
        self.choices, self.near = choices, near
        super().__init__(text)


class ReadError(InputError):
    """A file that cannot be read as what it claims to be."""

    slug = "read"


class WriteError(InputError):
    """A file that cannot be written: no room, no permission, no such place."""

    slug = "write"


class WeatherError(InputError):
    """A weather profile that cannot serve this jump."""

    slug = "weather"


class LedgerError(OnetakeError):
    """A database that is no ledger, is not there, cannot be reached, or was made by a newer version."""

    slug = "ledger"


class ClusterError(OnetakeError):
    """A cluster that nobody answers from, that has other software, or that loses its workers."""

    slug = "cluster"


class UnfinishedError(OnetakeError):
    """Work that ended before it was done, or could not be kept. `so_far` is what there is: whole, of fewer takes."""

    slug = "unfinished"

    def __init__(self, message: str, so_far: Any) -> None:
        self.so_far = so_far
        super().__init__(message)


class MissingExtraError(OnetakeError):
    """An optional dependency that is not installed."""

    slug = "missing-extra"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a text file: where, what was found, what was expected, the nearest fix."""

    file: str
    line: int | None
    found: str
    expected: str
    fix: str = ""

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        text = f"{where}: found {self.found}; expected {self.expected}"
        return f"{text}. {self.fix}" if self.fix else text


class ShotError(InputError):
    """A shot file with one or more problems, all reported together."""

    slug = "shot"

    def __init__(self, problems: tuple[Problem, ...] | list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
