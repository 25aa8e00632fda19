"""Stop, ask, or no stop found: what forbids the jump, and what must be asked before anyone boards."""

from __future__ import annotations

import re
from collections.abc import Sequence

from onetake.jump import Ask, JumpPlan
from onetake.show.markup import Html, missing, section, table, tag

HONEST = (
    "A planning aid beside a qualified jumpmaster, never instead of one. It never says go: the most it can say is that "
    "no stop was found. A modelled probability is not a safety case."
)
_STATUS = {
    "stop": ("Stop", "As planned, this jump must not be flown."),
    "ask": ("Ask", "Open questions that only a named person can answer, before anyone boards."),
    "no_stop_found": ("No stop found", "Nothing in the plan forbids the jump. Only a person says go."),
}


def go(plan: JumpPlan | None) -> Html:
    """Stop, ask, or no stop found: loud, with the list."""
    if plan is None:
        return tag(
            "div",
            tag("h3", "Plan"),
            tag(
                "p",
                missing("no plan was made for this report: nothing here says whether the jump may be flown"),
            ),
            cls="go ask",
        )
    name, says = _STATUS[plan.status]
    parts: list[Html] = [tag("h3", tag("span", name, cls="status"), " ", tag("span", says, cls="says"))]
    if plan.stops:
        rows = [tag("li", tag("b", stop.item), " ", stop.why) for stop in plan.stops]
        parts.append(tag("ul", *rows, cls="stops"))
    parts.append(_asks(plan.asks))
    return tag("div", *parts, cls=f"go {plan.status.replace('_', '-')}", role="note")


def _asks(asks: Sequence[Ask]) -> Html:
    """Open questions by who must answer them, the first words of each; the whole of them stands with the plan."""
    if not asks:
        return Html()
    groups = []
    for owner, mine in by_owner(asks).items():
        rows = [tag("li", _first_words(ask.item)) for ask in mine]
        head = tag("h4", f"{owner} ", tag("span", str(len(mine)), cls="count"))
        groups.append(tag("div", head, tag("ul", *rows), cls="owner"))
    count = f"{len(asks)} to ask; each is written out, with its rule, under "
    title = tag("p", count, tag("a", "Questions", href="#questions"), cls="asks-title")
    return tag("div", title, tag("div", *groups, cls="owners"), cls="asks")


def by_owner(asks: Sequence[Ask]) -> dict[str, list[Ask]]:
    """Questions by who must answer them; who has most comes first."""
    owners = dict.fromkeys(ask.owner for ask in asks)
    groups = {owner: [ask for ask in asks if ask.owner == owner] for owner in owners}
    return dict(sorted(groups.items(), key=lambda pair: -len(pair[1])))


def _first_words(item: str, longest: int = 120) -> str:
    """Up to two sentences of a question, cut at a word where they are long."""
    said = " ".join(re.split(r"(?<=[.?!]) +(?=[A-Z])", item)[:2])
    return said if len(said) <= longest else said[:longest].rsplit(" ", 1)[0] + " …"


def questions(plan: JumpPlan | None) -> Html:
    """The section with every question in full, and the rule it is from."""
    if plan is None or not plan.asks:
        return Html()
    rows = [
        (owner, ask.item, tag("code", ask.rule))
        for owner, mine in by_owner(plan.asks).items()
        for ask in mine
    ]
    lead = "Each needs an answer from the person named, who checks it against its source. An answer goes into the shot file."
    return section(
        "questions",
        "Questions",
        table(["Asked of", "Question", "Rule"], rows, cls="data questions"),
        lead=lead,
    )
