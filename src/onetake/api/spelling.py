"""Spelling: the words of a shot file that only the rooms that own them know, looked up before anything is computed.

The shot file's own reading knows its keys; what a camera, a device, a skill level, a rule or a criterion is called is
known elsewhere. A wrong one is told like any other mistake: file, line, what was found, what there is, the nearest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from onetake.errors import ChoiceError, InputError, Problem, ShotError
from onetake.fly.pilot import pilot_of
from onetake.judge.bench import rows_of
from onetake.jumper.canopy import aad
from onetake.lens.camera import body
from onetake.lens.focus import circle_of_confusion_m
from onetake.plan.findings import known_rule
from onetake.shot import document
from onetake.shot.beat import Always, Beat
from onetake.shot.criterion import SUBJECT
from onetake.shot.document import Node
from onetake.shot.file import Shot

MANY = 20  # choices that a message lists

Look = tuple[tuple[str | int, ...], Callable[[], object]]


@dataclass(frozen=True, slots=True)
class _Limits:
    """Any circle and any stops: words are looked up here, not used."""

    circle_m: float = 1.0
    within_stops: float = 1.0


def check_words(shot: Shot) -> None:
    """Raise ShotError with every word of a shot that its room does not know."""
    problems = _problems(shot, _looks(shot)) or _problems(shot, _counts(shot))
    if problems:
        raise ShotError(sorted(problems, key=lambda problem: problem.line or 0))


def _problems(shot: Shot, looks: Iterable[Look]) -> list[Problem]:
    found: list[Problem] = []
    root = document.parse(shot.source, shot.path) if shot.source else None
    for path, look in looks:
        try:
            look()
        except InputError as error:
            node = None if root is None else _at(root, path)
            if node is None:
                raise
            found += _said(node, error).problems
    return found


def _looks(shot: Shot) -> Iterator[Look]:
    camera, limits = shot.camera, _Limits()
    yield ("camera", "body"), lambda: body(camera.body)
    yield ("camera", "criterion"), lambda: circle_of_confusion_m(camera.criterion, body("DXL 8K VV"))
    for i, person in enumerate(shot.cast):
        yield ("cast", i, "skill"), lambda skill=person.skill: pilot_of(skill)  # type: ignore[misc]
    for name, device in (shot.opening.aad or {}).items():
        yield ("opening", "aad", name), lambda device=device: aad(device)  # type: ignore[misc]
    for i, entry in enumerate(shot.checked):
        yield ("clearance", "checked", i, "rule"), lambda rule=entry.rule: known_rule(rule)  # type: ignore[misc]
    for at, one in _asked(shot):
        for asks in one.must:
            alone = replace(one, must=(asks,))
            yield (*at, "must", asks.name, asks.target), lambda one=alone: rows_of(one, 0, 0.0, limits)  # type: ignore[misc]


def _counts(shot: Shot) -> Iterator[Look]:
    """Beats that ask for too much at once; looked at when every word is known."""
    for at, one in _asked(shot):
        yield (*at, "must"), lambda one=one: rows_of(one, 0, 0.0, _Limits())  # type: ignore[misc]


def _asked(shot: Shot) -> Iterator[tuple[tuple[str, int], Beat | Always]]:
    """Every beat and rule with its place in the file."""
    yield from ((("beat", i), beat) for i, beat in enumerate(shot.beats))
    yield from ((("always", i), rule) for i, rule in enumerate(shot.always))


def _at(root: Node, path: tuple[str | int, ...]) -> Node | None:
    """The value at a path, None where the text and the shot differ; a criterion of the subject may stand alone."""
    node = root
    for part in path:
        if isinstance(part, int):
            items = node.items() if isinstance(node.value, list) else []
            if part >= len(items):
                return None
            node = items[part]
        elif isinstance(node.value, dict) and part in node.value:
            node = node.child(part)
        elif part != SUBJECT:
            return None
    return node


def _said(node: Node, error: InputError) -> ShotError:
    if not isinstance(error, ChoiceError) or not error.choices:
        return node.error("something that can be used", f"{error}.")
    choices = error.choices if len(error.choices) <= MANY else (*error.choices[:MANY], "…")
    return node.error(f"one of: {', '.join(choices)}", f"Did you mean {error.near!r}?" if error.near else "")
