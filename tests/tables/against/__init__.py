"""The model against what is published: one module is one part of it, and the same rows make the tests and the page.

A module has `ORDER` (its place on the page), `TITLE`, `TEXT` (what was fitted and what predicted, a sentence or two),
and `rows(data)`: every comparison as a Row, `data` being the folder of reference data. It may have `figures(data)`.
There is no list to edit: `test_against.py` asserts every row of every module, and `docs/validation.py` writes the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol

from against.row import Row


class Part(Protocol):
    """One module of this folder."""

    ORDER: int
    TITLE: str
    TEXT: str

    def rows(self, data: Path) -> Iterator[Row]: ...


def parts() -> list[Part]:
    """Every module of the folder that compares something, in the order of the page; the others are what they share."""
    modules = [import_module(f"against.{module.name}") for module in iter_modules(__path__)]
    return sorted((module for module in modules if hasattr(module, "ORDER")), key=lambda part: part.ORDER)


@cache
def rows_of(part: Part, data: Path) -> tuple[Row, ...]:
    """The rows of a part, computed once."""
    return tuple(part.rows(data))
