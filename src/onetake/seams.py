"""Finds one-file plug-ins. A seam is a folder in which each file is one choice.

Ours are found by file name; guests by entry point, with the folder's dotted name as the group.
Nothing is imported until it is asked for, so a broken guest cannot break the others.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module, resources
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any

from onetake.errors import ChoiceError


def names(seam: str, suffix: str = ".py") -> tuple[str, ...]:
    """All choices of a seam such as `onetake.weather.sources`, sorted."""
    files = (entry.name for entry in resources.files(seam).iterdir())
    ours = {name.removesuffix(suffix) for name in files if name.endswith(suffix) and not name.startswith("_")}
    return tuple(sorted(ours | {point.name for point in _guests(seam)}))


def _guests(seam: str) -> tuple[EntryPoint, ...]:
    """Entry points of a seam."""
    return tuple(_entry_points().select(group=seam))


@cache
def _entry_points() -> Any:  # its type differs between Pythons
    """All there are; looked up once, as it reads the metadata of every installed package."""
    return entry_points()


def load(seam: str, name: str) -> ModuleType:
    """The module of one choice; a wrong name says what there is."""
    if name not in names(seam):
        raise unknown(name, names(seam), seam.rsplit(".", 1)[-1].rstrip("s"))
    for point in _guests(seam):
        if point.name == name:
            module: ModuleType = point.load()
            return module
    return import_module(f"{seam}.{name}")


@cache
def load_all(seam: str) -> tuple[dict[str, ModuleType], dict[str, str]]:
    """Every choice of a seam by name, and why the others cannot be loaded: a broken guest stops nobody else."""
    loaded: dict[str, ModuleType] = {}
    broken: dict[str, str] = {}
    for name in names(seam):
        try:
            loaded[name] = load(seam, name)
        except Exception as error:
            broken[name] = f"cannot be loaded ({type(error).__name__}: {error})"
    return loaded, broken


def listing(seam: str) -> str:
    """The choices of a seam whose files have a DOC, a line each."""
    loaded, broken = load_all(seam)
    lines = {name: choice.DOC for name, choice in loaded.items()} | broken
    return "\n".join(f"  {name}: {line}" for name, line in sorted(lines.items()))


def data(seam: str, name: str) -> str:
    """The text of one data file (TOML) of a data seam."""
    if name not in names(seam, ".toml"):
        raise unknown(name, names(seam, ".toml"), seam.rsplit(".", 1)[-1].rstrip("s"))
    return resources.files(seam).joinpath(f"{name}.toml").read_text("utf-8")


def no_such(name: str, choices: tuple[str, ...], kind: str) -> str:
    """One sentence for a name that is not among the choices."""
    near = _near(name, choices)
    hint = f"did you mean {near!r}? " if near else ""
    return f"no {kind} called {name!r}; {hint}there is: {', '.join(choices)}"


def unknown(name: str, choices: tuple[str, ...], kind: str) -> ChoiceError:
    """The error for a name that is not among the choices."""
    return ChoiceError(no_such(name, choices, kind), choices, _near(name, choices))


def _near(name: str, choices: tuple[str, ...]) -> str | None:
    """The choice that a name was meant to be; capitals do not count."""
    plain = {choice.casefold(): choice for choice in choices}
    near = get_close_matches(name.casefold(), plain, n=1, cutoff=0.5)
    return plain[near[0]] if near else None
