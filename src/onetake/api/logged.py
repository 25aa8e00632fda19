"""Logged: whose log is whose, and the take of a real jump made of them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from onetake.axes import LocalAxes
from onetake.errors import ChoiceError, InputError
from onetake.logbook.log import Finding
from onetake.logbook.together import Together, put_together, read_part
from onetake.shot.file import Shot, read_shot
from onetake.slate import Slate

Logs = Mapping[str, str | os.PathLike[str]] | Sequence[str | os.PathLike[str]]


def gather(shot: Shot | str | os.PathLike[str], logs: Logs) -> Together:
    """The take of the logs of a jump that was made for a shot.

    logs: files by name, or in the order of the cast (operator, subject). Names are those of the cast, or `operator` and
    `subject`; where none of them is in the shot, they are taken in their order, and that is told. Raises ChoiceError
    for one wrong name among right ones, InputError for fewer than two.
    """
    read = shot if isinstance(shot, Shot) else read_shot(shot)
    named, told = _named(read, logs)
    if len(named) < 2:
        raise InputError("two logs at least are needed: of who carries the camera, and of who is filmed")
    slate = Slate(title=read.title, scene=read.scene, take=1, picture_rate=read.picture_rate)
    drop_zone = LocalAxes(read.place.lat_deg, read.place.lon_deg, read.place.elevation_m)
    parts = tuple(read_part(name, path) for name, path in named.items())
    made = put_together(parts, slate=slate, drop_zone=drop_zone, elevation_m=read.place.elevation_m)
    return made.found(*told)


def named_logs(said: Sequence[str]) -> dict[str, Path] | list[Path]:
    """`NAME=FILE` or `FILE`, as typed. Raises InputError where both kinds are mixed, or a name comes twice."""
    pairs = [_pair(one) for one in said]
    if not any(name for name, _ in pairs):
        return [path for _, path in pairs]
    if not all(name for name, _ in pairs):
        raise InputError("write either NAME=FILE behind every --log, or only FILE behind all of them")
    named = dict(pairs)
    if len(named) < len(pairs):
        raise InputError("a name stands before two logs; each person has one")
    return named


def _pair(said: str) -> tuple[str, Path]:
    name, equals, path = said.partition("=")
    if not equals or Path(said).exists():
        return "", Path(said)
    return name.strip(), Path(path)


def _named(shot: Shot, logs: Logs) -> tuple[dict[str, str | os.PathLike[str]], list[Finding]]:
    """The logs by the names of the cast, who carries the camera first and who is filmed second."""
    order = [shot.operator().name, shot.subject().name]
    order += [person.name for person in shot.cast if person.name not in order]
    if not isinstance(logs, Mapping):
        if len(logs) > len(order):
            raise InputError(f"{len(logs)} logs for a cast of {len(order)}: {', '.join(order)}")
        return dict(zip(order, logs, strict=False)), []
    roles = {"operator": order[0], "subject": order[1]}
    meant = {name: name if name in order else roles.get(name, "") for name in logs}
    if not any(meant.values()):
        persons = [*order[: len(logs)], *list(logs)[len(order) :]]
        text = f"{', '.join(logs)} are not in the shot: taken in this order for {', '.join(persons)}"
        return dict(zip(persons, logs.values(), strict=True)), [Finding("names-not-in-shot", text)]
    for name, person in meant.items():
        if not person:
            near = get_close_matches(name, order, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ChoiceError(
                f"nobody called {name!r} is in the shot, but {', '.join(order)}{hint}", tuple(order)
            )
    found = {meant[name]: path for name, path in logs.items()}
    if len(found) < len(logs):
        raise InputError("two logs are of one person; each person has one")
    missing = [name for name in order[:2] if name not in found]
    if missing:
        raise InputError(f"no log of {' and '.join(missing)}; judged are {' and '.join(order[:2])}")
    return {name: found[name] for name in order if name in found}, []
