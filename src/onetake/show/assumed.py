"""What was assumed: every prior with its kind, its source, and why it is believed; then notes and doubts about the air."""

from __future__ import annotations

from onetake.odds.summary import Prior
from onetake.show import words
from onetake.show.markup import Html, missing, section, table, tag
from onetake.show.material import Material

# what nobody has published comes first: it is where the numbers may be wrong
_ORDER = ("assumed", "derived", "published", "given")
_MEANS = {
    "assumed": "nobody has published it; chosen by judgement",
    "derived": "worked out from something published",
    "published": "from a source that can be read",
    "given": "stood in the shot file",
}


def assumed(m: Material) -> Html:
    """The section with every prior; says so when none came with the odds."""
    if m.odds is None or not m.odds.priors:
        reason = (
            "no odds were computed, so nothing was drawn"
            if m.odds is None
            else "the odds came without their priors"
        )
        return section("assumed", "What was assumed", tag("p", missing(reason)))
    priors = sorted(m.odds.priors, key=_rank)
    counts = {kind: sum(p.kind == kind for p in priors) for kind in dict.fromkeys(p.kind for p in priors)}
    said = [
        tag("li", _kind(kind), f" {count}: {_MEANS.get(kind, 'of another kind')}")
        for kind, count in counts.items()
    ]
    rows = [
        (p.name, _kind(p.kind), f"{p.value} {p.unit}".strip(), p.why, tag("span", p.source, cls="faint"))
        for p in priors
    ]
    head = ["What", "Kind", "Value or distribution", "Why it is believed", "Source"]
    lead = "The odds are as good as these. Read the assumed ones first: a different guess there is a different answer."
    return section(
        "assumed",
        "What was assumed",
        tag("ul", *said, cls="kinds"),
        table(head, rows, cls="data priors"),
        lead=lead,
    )


def _rank(prior: Prior) -> int:
    return _ORDER.index(prior.kind) if prior.kind in _ORDER else len(_ORDER)


def _kind(kind: str) -> Html:
    return tag("span", kind, cls=f"kind {kind if kind in _ORDER else 'other'}")


def notes(m: Material) -> Html:
    """Notes of the run, of the weather profile, and numbers of the take that have no other place."""
    said = [tag("li", note) for note in m.notes]
    if m.column is not None:
        said += [tag("li", tag("b", "Weather, put right: "), note.text) for note in m.column.problems]
        said += [tag("li", tag("b", "Weather: "), note.text) for note in m.column.notes]
    facts = dict(m.take.facts) if m.take is not None else {}
    facts |= dict(m.verdict.facts) if m.verdict is not None else {}
    rows = [_fact(name, value) for name, value in sorted(facts.items())]
    listed = tag("ul", *said, cls="notes") if said else tag("p", "No notes were made.")
    kept = (
        tag("div", tag("h3", "Numbers of this take"), table(["", "#"], rows, cls="facts narrow"))
        if rows
        else ""
    )
    return section("notes", "Notes", listed, kept)


_UNITS = (
    ("_east_m", lambda value: f"{words.ground(abs(value))} {'east' if value >= 0 else 'west'}"),
    ("_north_m", lambda value: f"{words.ground(abs(value))} {'north' if value >= 0 else 'south'}"),
    ("_m_s", words.closing), ("_agl_m", words.height), ("_m", words.film), ("_s", words.seconds), ("_rad", words.degrees),
    ("_kg", words.weight),
)  # fmt: skip


def _fact(name: str, value: float) -> tuple[str, str]:
    """A fact's name ends in its unit; it is said in that unit."""
    for suffix, say in _UNITS:
        if name.endswith(suffix):
            return name.removesuffix(suffix).replace("_", " "), say(value)
    for suffix, unit in (("_n", " N"), ("_g", " g")):
        if name.endswith(suffix):
            return name.removesuffix(suffix).replace("_", " "), words.number(value, 1) + unit
    return name.replace("_", " "), words.number(value, 2)
