"""`new_example`: a working example to start from."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from onetake.errors import ChoiceError, InputError
from onetake.files import whole
from onetake.seams import no_such


def example_names() -> tuple[str, ...]:
    """The examples there are, sorted."""
    return tuple(
        sorted(entry.name for entry in _examples().iterdir() if entry.joinpath("shot.toml").is_file())
    )


def new_example(folder: str | os.PathLike[str], name: str = "halo") -> Path:
    """Copy an example into a folder that is new or empty; returns the path of its shot file.

    Raises ChoiceError for an example that does not exist, InputError for a folder that holds something (nobody's work
    is written over), and WriteError.
    """
    if name not in example_names():
        raise ChoiceError(no_such(name, example_names(), "example"))
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise InputError(f"{target} is a file; name a new folder")
    if target.is_dir() and any(target.iterdir()):
        raise InputError(f"{target} is not empty; name a new folder, so that nothing is written over")
    for parts, entry in _walk(_examples().joinpath(name)):
        with entry.open("rb") as source, whole(target.joinpath(*parts)) as copy, copy.open("xb") as sink:
            shutil.copyfileobj(source, sink)
    return target / "shot.toml"


def _examples() -> Traversable:
    """Inside the package where it was installed; beside it in a checkout, where that is the only copy."""
    shipped = files("onetake").joinpath("examples")
    return shipped if shipped.is_dir() else Path(__file__).resolve().parents[3] / "examples"


def _walk(folder: Traversable, parts: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.startswith((".", "_")) or entry.name == "takes":
            continue
        if entry.is_dir():
            yield from _walk(entry, (*parts, entry.name))
        else:
            yield (*parts, entry.name), entry
