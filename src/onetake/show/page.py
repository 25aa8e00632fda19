"""Page: the parts of the report in the order they are read, as one document that asks nothing of anybody outside."""

from __future__ import annotations

from importlib import resources

from onetake.show.answer import answer
from onetake.show.assumed import assumed, notes
from onetake.show.chances import chances
from onetake.show.chart import focus_section
from onetake.show.continuity import continuity
from onetake.show.go import HONEST, questions
from onetake.show.header import slate
from onetake.show.map import where
from onetake.show.markup import Html, join, section, tag
from onetake.show.material import Material
from onetake.show.planning import planning
from onetake.show.timeline import timeline
from onetake.show.tornado import tornado

_CONTENTS = (
    ("answer", "Answer"), ("beats", "Beats"), ("timeline", "Timeline"), ("focus", "Focus"), ("odds", "Odds"), ("moves", "What moves them"),
    ("map", "Where"), ("plan", "Plan"), ("questions", "Questions"), ("assumed", "Assumed"), ("notes", "Notes"),
)  # fmt: skip
# nothing may be fetched, and no script may run but the page's own
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"


def page(m: Material) -> str:
    """The whole document as text."""
    body = join(
        [
            slate(m),
            _contents(m),
            tag(
                "main",
                answer(m), continuity(m), timeline(m), focus_section(m), chances(m), tornado(m), where(m), planning(m), questions(m.plan), assumed(m),
                notes(m), _card(m),
            ),
            tag("footer", tag("p", HONEST)),
            tag("script", Html(_data("report.js"))),
        ]
    )  # fmt: skip
    head = join(
        [
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
            Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
            Html('<meta name="color-scheme" content="light dark">'),
            tag("title", f"{m.shot.title} · scene {m.shot.scene}"),
            tag("style", Html(_data("report.css"))),
        ]
    )
    return f"<!doctype html>\n{tag('html', tag('head', head), tag('body', body), lang='en')}\n"


def _contents(m: Material) -> Html:
    left_out = set()
    if m.plan is None or not m.plan.asks:
        left_out.add("questions")
    if m.odds is None or m.odds.sensitivity is None:
        left_out.add("moves")
    links = [tag("a", name, href=f"#{slug}") for slug, name in _CONTENTS if slug not in left_out]
    if m.card is not None:
        links.append(tag("a", "Jump card", href="#card"))
    return tag("nav", tag("div", *links, cls="inner"), aria_label="parts of this report")


def _card(m: Material) -> Html:
    """The jump card on a page of its own."""
    if m.card is None:
        return Html()
    # in print the type shrinks until its lines fit a sheet of A4 or letter
    text = tag("pre", m.card, style=f"--lines: {m.card.count(chr(10)) + 1}")
    return section("card", "Jump card", text, cls="jump-card")


def _data(name: str) -> str:
    return resources.files("onetake.show").joinpath("data", name).read_text("utf-8")
