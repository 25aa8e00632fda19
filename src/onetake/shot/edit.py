"""A shot with some values changed, its comments and order kept; and a shot written back to a file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from onetake.errors import InputError
from onetake.files import write_text
from onetake.shot.file import Shot, parse_shot

Value = str | float | list[str] | list[float]
Changes = Mapping[str | tuple[str, ...], Value]


def with_changes(shot: Shot, changes: Changes) -> Shot:
    """The same shot with keys set to other values, written as in the file.

    `{"camera.lens.f_number": 4.0, "cast.actor.exit.at": "0.6 s", "opening.break_off": "7,000 ft AGL"}`: a
    person or a beat is chosen by name, an entry of another array by its place: `camera.focus.1.to`. A path may also
    be a tuple of its steps. A key that its table has not is added. Raises InputError for a table that is not in the
    file, and ShotError where the new value does not make a shot.
    """
    return parse_shot(changed_text(shot.source, changes), shot.path)


def with_heading(shot: Shot, lines: Sequence[str]) -> Shot:
    """The same shot with lines of comment above everything else of its file."""
    heading = "".join(f"# {line}".rstrip() + "\n" for line in lines)
    return parse_shot(f"{heading}\n{shot.source}", shot.path)


def changed_text(text: str, changes: Changes) -> str:
    """The text of a shot file with keys set to other values."""
    import tomlkit

    document = tomlkit.parse(text)
    for path, value in changes.items():
        steps = path.split(".") if isinstance(path, str) else path
        said = ".".join(steps)
        *way, last = steps
        holder: object = document
        for step in way:
            holder = _step(holder, step, said)
        if not isinstance(holder, dict):
            raise InputError(f"{said}: the shot file has no such key to change")
        holder[last] = value
    return tomlkit.dumps(document)


def _step(holder: object, step: str, path: str) -> object:
    if isinstance(holder, dict) and step in holder:
        inner: object = holder[step]
        return inner
    if isinstance(holder, list):
        for item in holder:
            if isinstance(item, dict) and item.get("name") == step:
                return item
        if step.isdecimal() and int(step) < len(holder):
            entry: object = holder[int(step)]
            return entry
    raise InputError(f"{path}: the shot file has no {step!r} there")


def write_shot(shot: Shot, path: str | os.PathLike[str]) -> Path:
    """Write a shot beside its old self or elsewhere, at once or not at all.

    In another folder its weather paths are made to lead to the same files.
    """
    target = Path(path)
    text = shot.source
    folder = Path(os.path.abspath(target)).parent
    if folder != Path(os.path.abspath(shot.path)).parent:
        text = _moved(shot, folder)
    return write_text(target, text)


def _moved(shot: Shot, folder: Path) -> str:
    import tomlkit

    document = tomlkit.parse(shot.source)
    sources = document["weather"]["sources"]
    for i, source in enumerate(shot.weather.sources):
        way = os.path.relpath(source.path, folder)
        if isinstance(sources[i], dict):
            sources[i]["file"] = way
        else:
            sources[i] = way
    return tomlkit.dumps(document)
