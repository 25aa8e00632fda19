"""Shot: one shot file, read. Every quantity is SI; every word keeps its place until its room resolves it.

`read_shot` reads a file, `parse_shot` a text. Both raise ShotError, which carries every problem found at
once, each with file, line, what was found, what was expected and the nearest fix.
"""

# ruff: noqa: RUF009  # `key` is the dataclasses.field of this room
from __future__ import annotations

import os
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from onetake.errors import Problem, ShotError
from onetake.shot import document, kinds, moments, version
from onetake.shot.beat import ALWAYS, BEATS, Always, Beat
from onetake.shot.camera import CAMERA, Camera
from onetake.shot.cast import PEOPLE, Person
from onetake.shot.checks import check
from onetake.shot.document import Node
from onetake.shot.keys import key, read_fields
from onetake.shot.place import AIRCRAFT, PLACE, WEATHER, Aircraft, Place, WeatherChoice
from onetake.shot.safety import ABORT, CHECKED, OPENING, OXYGEN, Abort, Checked, Opening, Oxygen
from onetake.shot.tune import TUNE, Tune


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """What is wanted: who, where, through which air, with which camera, in which beats, opening where."""

    path: Path
    schema_version: int = key(version.SCHEMA, "Name and version of this format.", name="schema")
    title: str = key(kinds.text("Lightning, then oxygen"), "What the shot is called.", name="slate.title")
    scene: str = key(kinds.text("112A", 40), "Scene and set-up, as on the slate.", name="slate.scene")
    picture_rate: Fraction = key(
        moments.PICTURE_RATE, "Pictures a second; 23.976 means 24000/1001.", name="slate.picture_rate"
    )
    place: Place = key(PLACE, "Where and when.")
    weather: WeatherChoice = key(WEATHER, "The air.")
    aircraft: Aircraft = key(AIRCRAFT, "The aircraft.")
    oxygen: Oxygen = key(OXYGEN, "The oxygen that is planned.", default={})
    cast: tuple[Person, ...] = key(PEOPLE, "Who falls.")
    camera: Camera = key(CAMERA, "The camera.")
    beats: tuple[Beat, ...] = key(BEATS, "What must be seen, and when.", name="beat")
    always: tuple[Always, ...] = key(ALWAYS, "What must hold throughout.", name="always", default=[])
    abort: Abort = key(ABORT, "When to give up.", default={})
    opening: Opening = key(OPENING, "Where to open.")
    checked: tuple[Checked, ...] = key(
        CHECKED, "Rules a named person has checked.", name="clearance.checked", default=[]
    )
    airspace_authorised: bool | None = key(
        kinds.YES_NO, "Whether the airspace is cleared for this jump; left out, the plan asks.",
        name="clearance.airspace", default=None,
    )  # fmt: skip
    tune: Tune = key(TUNE, "What may be turned to raise the odds.", default={})
    source: str = field(default="", repr=False, compare=False)

    def operator(self) -> Person:
        """Who carries the camera."""
        return next(person for person in self.cast if person.role == "operator")

    def subject(self) -> Person:
        """Who is filmed."""
        return next(person for person in self.cast if person.role == "subject")

    def person(self, name: str) -> Person:
        """One of the cast by name. Raises KeyError."""
        for person in self.cast:
            if person.name == name:
                return person
        raise KeyError(name)


def read_shot(path: str | os.PathLike[str]) -> Shot:
    """Read a shot file. Raises ShotError with every problem, also for weather files that are not there."""
    where = Path(path)
    root = document.load(where)
    return _shot(root, where, files_too=True)


def parse_shot(text: str, path: str | os.PathLike[str] = "shot.toml") -> Shot:
    """Read a shot from text, as if it stood in the file at `path`; weather files are not looked for."""
    return _shot(document.parse(text, Path(path)), Path(path), files_too=False)


def _shot(root: Node, path: Path, *, files_too: bool) -> Shot:
    root = version.upgrade(root)
    values, problems = read_fields(Shot, root)
    for error in check(root, values):
        problems += error.problems
    if "beats" in values and not values["beats"]:
        problems += root.problem("no beat", "at least one [[beat]]").problems
    if files_too and "weather" in values:
        problems += _files_missing(values["weather"], str(path))
    if problems:
        raise ShotError(sorted(problems, key=lambda problem: problem.line or 0))
    return Shot(path=path, source=root.source.text, **values)


def _files_missing(weather: WeatherChoice, file: str) -> list[Problem]:
    problems = []
    for source in weather.sources:
        if not source.path.is_file():
            folder = source.path if source.path.is_dir() else source.path.parent
            beside = sorted(entry.name for entry in folder.glob("*") if entry.is_file())[:8]
            near = document.nearest(source.path.name, beside)
            there = f"There is: {', '.join(beside)}." if beside else "The folder is empty or not there."
            problems.append(
                Problem(
                    file,
                    source.line,
                    f"{'a folder' if source.path.is_dir() else 'no weather file'} {source.path}",
                    "a file that exists, seen from the folder of the shot file",
                    f"Did you mean {near}?" if near else there,
                )
            )
    return problems
