"""What must be seen and when: [[beat]] and [[always]]."""

# `key` is the dataclasses.field of this room
from __future__ import annotations

from dataclasses import dataclass

from onetake.shot import kinds
from onetake.shot.criterion import MUST, Criterion
from onetake.shot.document import Node, shown
from onetake.shot.keys import Kind, Values, key, tables

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
    """Every `must` is true from one event of the jump to another; `opening` and `landing` are of whoever is last."""

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
