"""What must be seen and when: [[beat]], [[always]] and their criteria.

A criterion is kept as its bounds in SI and the words it was written in. What it measures and which words it
knows belong to the judge; only the dimension must be known here, to read `"> 4 in"`.
"""

# `key` is the dataclasses.field of this room
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from onetake import units
from onetake.errors import ShotError
from onetake.shot import kinds
from onetake.shot.document import Node, nearest, shown
from onetake.shot.keys import Kind, Values, gather, key, tables

CriterionKind = Literal["interval", "word", "trend"]
Measure = Literal["length", "speed", "angle", "rate", "altitude", "number"]


@dataclass(frozen=True, slots=True)
class Form:
    """How one criterion may be written: bounds of a measure, words, or both."""

    measure: Measure | None
    example: str
    doc: str
    words: bool = False


CRITERIA: Mapping[str, Form] = {
    "range": Form("length", '["3 ft", "150 ft"]', "Image plane to the subject's eyes."),
    "closing": Form("speed", '"< 8 ft/s"', "How fast the range shrinks; negative when it grows."),
    "level": Form("length", '["-1 ft", "1 ft"]', "Subject above the operator, below is negative."),
    "separation": Form("length", '"> 30 ft"', "Between the two centres of mass."),
    "clearance": Form("length", '"> 4 in"', "Surface to surface, nearest parts."),
    "altitude": Form("altitude", '"> 7,000 ft AGL"', "Height of the subject."),
    "sun": Form("angle", '["-2 deg", "1 deg"]', "Sun above each body's own visible horizon."),
    "fall_rate": Form("speed", '["110 mph", "130 mph"]', "Vertical speed of the subject through the air."),
    "size": Form("number", "[0.25, 0.7]", "Head height over picture height."),
    "facing": Form(
        "angle", '"camera" or "< 60 deg"', "Between the face and the line to the lens.", words=True
    ),
    "focus": Form(None, '"sharp"', "Blur disc of the eyes against the camera's criterion.", words=True),
    "in_frame": Form(None, '"face"', "What must lie inside the picture.", words=True),
    "exposure": Form(None, '"ok"', "Light of that second against the exposure.", words=True),
    "steady": Form("rate", '"< 20 deg/s"', "How fast the camera turns."),
    "horizon": Form("angle", '"< 10 deg"', "Roll of the horizon in the picture."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing that must be true throughout a hold.

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


_COMPARISON = re.compile(r"^\s*(>=|<=|≥|≤|>|<)\s*(.*?)\s*$")


def _criterion(node: Node) -> Criterion:
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
    if isinstance(value, dict) and form.measure:
        return _trend(node, form)
    if isinstance(value, str) and form.words and value.strip() and value.isprintable() and len(value) <= 40:
        return _made(node, "word", word=value.strip())
    raise _not_a(node, form)


def _made(node: Node, kind: CriterionKind, **fields: object) -> Criterion:
    text = node.value if isinstance(node.value, str) else shown(node.value)
    return Criterion(name=node.key, kind=kind, line=node.line, text=text, **fields)  # type: ignore[arg-type]


def _trend(node: Node, form: Form) -> Criterion:
    table = node.table()
    if set(table) != {"from", "to"}:
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
    return gather([node.child(name) for name in names], _criterion)


MUST: Kind[tuple[Criterion, ...]] = Kind("a table of criteria", '{ focus = "sharp" }', _criteria)

_MOMENT = kinds.quantity("time", "8 s", "-1 h", "1 h")
_SPAN = kinds.quantity("time", "3 s", "0 s", "1 h", above=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """Within its window there is an interval of at least `hold` on which every `must` is true, but for `allow`."""

    name: str = key(kinds.name("mark"), "How the beat is called, in this file and in the verdict.")
    window_s: tuple[float, float] | None = key(
        kinds.pair(_MOMENT, '["0 s", "8 s"]'),
        "When it may be, from the first exit. Either this, or after and within.", name="window", default=None,
    )  # fmt: skip
    after: str | None = key(
        kinds.name("approach"),
        "It may begin at the end of that beat's earliest hold; if that one is missed, so is this.", default=None,
    )  # fmt: skip
    within_s: float | None = key(
        _SPAN, "How long after that its hold must be over.", name="within", default=None
    )
    hold_s: float = key(_SPAN, "How long everything must be true at a stretch.", name="hold")
    allow_s: float = key(
        kinds.quantity("time", "0.2 s", "0 s", "1 h"), "What the editor forgives inside the hold.",
        name="allow", default="0 s",
    )  # fmt: skip
    must: tuple[Criterion, ...] = key(MUST, "What must be true.")
    line: int = 0


def _beat_fits(values: Values, node: Node) -> None:
    window, after, within = values["window_s"], values["after"], values["within_s"]
    hold, allow = values["hold_s"], values["allow_s"]
    by_clock = window is not None and after is None and within is None
    by_beat = window is None and after is not None and within is not None
    if not (by_clock or by_beat):
        given = [word for word in ("window", "within", "after") if word in node.table()]
        where = node.child(given[0]) if given else node
        raise where.problem(
            f"{' and '.join(given) or 'neither window nor after'} in beat {values['name']!r}",
            'either window = ["0 s", "8 s"], or after = "…" with within = "30 s"',
            "Take one of the two away." if window is not None else "",
        )
    if window is not None and not window[0] < window[1]:
        raise node.child("window").error("the earlier time first", f"Write {_turned(node.child('window'))}.")
    room = within if window is None else window[1] - window[0]
    if hold > room:
        raise node.child("hold").error(f"a hold that fits in its window of {room:g} s")
    if allow >= hold:
        raise node.child("allow").error(f"less than the hold of {hold:g} s")


def _turned(node: Node) -> str:
    return f"{node.key} = {shown([item.value for item in reversed(node.items())])}"


EVENTS = ("first exit", "last exit", "break-off", "first pull", "opening", "landing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Always:
    """Every `must` is true from one event of the jump to another."""

    name: str = key(kinds.name("no contact"), "How it is called in the verdict.")
    start: str = key(kinds.word(*EVENTS), "The event it begins with.", name="from")
    end: str = key(kinds.word(*EVENTS), "The event it ends with.", name="to")
    must: tuple[Criterion, ...] = key(MUST, "What must be true.")
    line: int = 0


def _forward(values: Values, node: Node) -> None:
    if EVENTS.index(values["start"]) >= EVENTS.index(values["end"]):
        raise node.child("from").error(
            f"an event before {values['end']!r}", f"In order: {', '.join(EVENTS)}."
        )
    for child, criterion in zip(node.find("must"), (values["must"],), strict=True):
        for item in criterion:
            if item.kind == "trend":
                raise child.child(item.name).error(
                    "bounds or a word", "A trend belongs to a beat, not to always."
                )


BEATS: Kind[tuple[Beat, ...]] = tables(Beat, _beat_fits)
ALWAYS: Kind[tuple[Always, ...]] = tables(Always, _forward)
