"""What can be asked of a picture: the criteria of a beat's `must`, and how each may be written.

A criterion is kept as its bounds in SI and the words it was written in. What it measures and which words it
knows belong to the judge; only the dimension must be known here, to read `"> 4 in"`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Literal

from onetake import units
from onetake.errors import ShotError
from onetake.shot import kinds
from onetake.shot.document import Node, nearest, shown
from onetake.shot.keys import Kind, gather

CriterionKind = Literal["interval", "word", "trend"]
Measure = Literal["length", "speed", "angle", "rate", "altitude", "number"]


@dataclass(frozen=True, slots=True)
class Form:
    """How one criterion may be written: bounds of a measure, words, or both."""

    measure: Measure | None
    example: str
    doc: str
    words: bool = False
    targets: Mapping[str, Form] = field(default_factory=dict)


SUBJECT = "subject"
CRITERIA: Mapping[str, Form] = {
    "range": Form("length", '["3 ft", "150 ft"]', "Image plane to the subject's eyes.", targets={
        "aircraft": Form("length", '"> 100 ft"', "Image plane to the exit of the aircraft."),
    }),
    "closing": Form("speed", '"< 8 ft/s"', "How fast the range shrinks; negative when it grows.", targets={
        "aircraft": Form("speed", '"< 0 ft/s"', "How fast the range to the aircraft shrinks."),
    }),
    "level": Form("length", '["-1 ft", "1 ft"]', "Subject's eyes above the image plane, below is negative.", targets={
        "aircraft": Form("length", '"> 50 ft"', "The aircraft's exit above the image plane."),
    }),
    "separation": Form("length", '"> 30 ft"', "Between the two centres of mass.", targets={
        "aircraft": Form("length", '"> 300 ft"', "From the aircraft's exit to whoever is nearer."),
    }),
    "clearance": Form("length", '"> 4 in"', "Surface to surface, nearest parts."),
    "altitude": Form("altitude", '"> 7,000 ft AGL"', "Height of the subject."),
    "sun": Form("angle", '["-2 deg", "1 deg"]', "Sun above each body's own visible horizon."),
    "fall_rate": Form("speed", '["110 mph", "130 mph"]', "Vertical speed of the subject."),
    "size": Form("number", "[0.25, 0.7]", "Head height over picture height."),
    "facing": Form("angle", '"camera" or "< 60 deg"', "Between the face and the line to the lens.", words=True, targets={
        "aircraft": Form("angle", '"< 60 deg"', "Between the face and the line from the eyes to the exit."),
        "sun": Form("angle", '"> 120 deg"', "Between the face and the sun: 0 is full in the face, 180 behind."),
        "horizon": Form("angle", '"< 20 deg"', "How far the face looks above or below level."),
    }),
    "focus": Form(None, '"sharp"', "Blur disc of the eyes against the camera's criterion.", words=True, targets={
        "aircraft": Form(None, '"sharp"', "Blur disc of the aircraft's exit.", words=True),
        "horizon": Form(None, '"sharp"', "Blur disc of what is very far away.", words=True),
    }),
    "in_frame": Form(None, '"face" or "body"', "What must lie inside the picture.", words=True, targets={
        "aircraft": Form(None, '"inside" or "outside"', "The aircraft's exit.", words=True),
        "sun": Form(
            None, '"inside", "outside" or "behind face"',
            "The sun's centre, once it has risen: in the picture, out of it, or behind the subject's head.", words=True,
        ),
        "horizon": Form(None, '"inside" or "outside"', "The visible horizon: across the picture, or not.", words=True),
    }),
    "exposure": Form(None, '"ok"', "Light of that second against the exposure.", words=True),
    "steady": Form("rate", '"< 20 deg/s"', "How fast the camera turns."),
    "horizon": Form("angle", '"< 10 deg"', "Roll of the horizon in the picture."),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing that must be true throughout a hold, of the subject or of another `target`.

    interval: `lower` and `upper` (None is unbounded). trend: passes from `start` to `stop`. All in SI by the
    criterion's measure; `datum` tells what an altitude is above. `text` is the value as written.
    """

    name: str
    kind: CriterionKind
    lower: float | None = None
    upper: float | None = None
    word: str | None = None
    start: float | None = None
    stop: float | None = None
    datum: units.Datum | None = None
    line: int = 0
    text: str = ""
    target: str = SUBJECT

    @property
    def label(self) -> str:
        """Its name, with the target where it is not the subject: `range`, `in_frame.sun`."""
        return self.name if self.target == SUBJECT else f"{self.name}.{self.target}"


_TREND = ("from", "to")
_COMPARISON = re.compile(r"^\s*(>=|<=|≥|≤|>|<)\s*(.*?)\s*$")


def _criterion(node: Node) -> tuple[Criterion, ...]:
    """One criterion, or one for each target of a table such as { subject = "face", sun = "behind face" }."""
    name = node.key
    form = CRITERIA.get(name)
    if form is None:
        near = nearest(name, list(CRITERIA))
        raise node.problem(
            f"an unknown criterion {name}",
            f"one of: {', '.join(CRITERIA)}",
            f"Did you mean {near}?" if near else "",
        )
    value = node.value
    targets = {SUBJECT: form, **form.targets}
    if not isinstance(value, dict) or not value or set(value) & set(_TREND):
        return (_read(node, form),)
    return gather([node.child(target) for target in value], lambda child: _towards(child, name, targets))


def _towards(node: Node, name: str, targets: Mapping[str, Form]) -> Criterion:
    """The criterion of one target, by its form."""
    if node.key not in targets:
        choices = [*targets, *(_TREND if targets[SUBJECT].measure else ())]
        near = nearest(node.key, choices)
        raise node.problem(
            f"an unknown target {node.key} of {name}",
            f"one of: {', '.join(choices)}",
            f"Did you mean {near}?" if near else "",
        )
    return replace(_read(node, targets[node.key]), name=name, target=node.key)


def _read(node: Node, form: Form) -> Criterion:
    value = node.value
    if isinstance(value, str) and (match := _COMPARISON.match(value)) and form.measure:
        bound, datum = _measure(Node(node.source, node.path, match[2]), node, form)
        above = match[1] in (">", ">=", "≥")
        return _made(
            node, "interval", lower=bound if above else None, upper=None if above else bound, datum=datum
        )
    if isinstance(value, list) and form.measure:
        low, high, datum = _two(node.items(), node, form)
        if not low < high:
            raise node.error("the lower bound first, then a higher one")
        return _made(node, "interval", lower=low, upper=high, datum=datum)
    if isinstance(value, dict) and set(value) & set(_TREND) and form.measure:
        return _trend(node, form)
    if isinstance(value, str) and form.words and value.strip() and value.isprintable() and len(value) <= 40:
        return _made(node, "word", word=value.strip())
    raise _not_a(node, form)


def _made(node: Node, kind: CriterionKind, **fields: object) -> Criterion:
    text = node.value if isinstance(node.value, str) else shown(node.value)
    return Criterion(name=node.key, kind=kind, line=node.line, text=text, **fields)  # type: ignore[arg-type]


def _trend(node: Node, form: Form) -> Criterion:
    table = node.table()
    if set(table) != set(_TREND):
        raise node.error(
            "a trend: { from = …, to = … }", "From the first value, growing or shrinking, to the second."
        )
    start, stop, datum = _two([node.child("from"), node.child("to")], node, form)
    if start == stop:
        raise node.error("a trend between two different values")
    return _made(node, "trend", start=start, stop=stop, datum=datum)


def _two(items: list[Node], node: Node, form: Form) -> tuple[float, float, units.Datum | None]:
    if len(items) != 2:
        raise _not_a(node, form)
    (first, one), (second, other) = gather(items, lambda item: _measure(item, item, form))
    if one != other:
        raise node.error(f"both heights above the same, both {one} or both {other}")
    return first, second, one


def _measure(node: Node, where: Node, form: Form) -> tuple[float, units.Datum | None]:
    """One bound in SI; `where` is what a message shows."""
    try:
        if form.measure == "altitude":
            height = kinds.altitude("7,000 ft AGL", "AGL", "MSL").read(node)
            return height.value_m, height.datum
        if form.measure == "number":
            value = node.value
            if isinstance(value, str):
                value = float(value) if re.fullmatch(r"[-+]?\d{1,9}(\.\d{1,9})?", value) else None
            plain = kinds.as_number(value)
            if plain is None:
                raise node.error("a number without a unit")
            return plain, None
        assert form.measure is not None
        example = {"length": "3 ft", "speed": "8 ft/s", "angle": "10 deg", "rate": "20 deg/s"}[form.measure]
        return kinds.quantity(form.measure, example, *_FAR[form.measure]).read(node), None
    except ShotError as error:
        problem = error.problems[0]
        raise where.error(problem.expected, problem.fix) from None


_FAR = {  # no bound of a real shot lies outside
    "length": ("-50 km", "50 km"), "speed": ("-1000 m/s", "1000 m/s"),
    "angle": ("-360 deg", "360 deg"), "rate": ("-100 rad/s", "100 rad/s"),
}  # fmt: skip


def _not_a(node: Node, form: Form) -> ShotError:
    expected = f"{form.example}, or another of its form"
    fix = ""
    if isinstance(node.value, str) and form.measure and not form.words:
        fix = "A single value is never held exactly: write bounds [low, high], or a comparison with < or >."
    if form.measure is None:
        expected = f"a word, such as {form.example}"
    return node.error(expected, fix)


def _criteria(node: Node) -> tuple[Criterion, ...]:
    names = list(node.table())
    if not names:
        raise node.error('at least one criterion, such as { focus = "sharp", range = ["2 ft", "4 ft"] }')
    return tuple(chain.from_iterable(gather([node.child(name) for name in names], _criterion)))


MUST: Kind[tuple[Criterion, ...]] = Kind("a table of criteria", '{ focus = "sharp" }', _criteria)
