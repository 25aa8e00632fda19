"""Text that is safe to put into a page: everything that is not already markup is escaped, on the way in.

Coordinates are pixels of the drawing they stand in.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable

_SPELLED = {
    "cls": "class",
    "for_": "for",
    "view_box": "viewBox",
    "gradient_units": "gradientUnits",
    "aspect": "preserveAspectRatio",
    "pattern_units": "patternUnits",
}
_VOID = {"br", "hr", "input", "meta", "col"}


class Html(str):
    """Markup: not escaped again."""

    __slots__ = ()


def safe(value: object) -> Html:
    """Anything as markup: markup as it is, None as nothing, all else as escaped text."""
    if isinstance(value, Html):
        return value
    return Html("" if value is None else html.escape(str(value)))


def join(parts: Iterable[object], between: str = "") -> Html:
    """Many parts, one after another."""
    return Html(html.escape(between).join(safe(part) for part in parts))


def tag(name: str, *children: object, **attributes: object) -> Html:
    """One element. Attributes that are None or False are left out; `cls`, `view_box` … stand for HTML's own spelling.

    Raises ValueError for a coordinate that is not finite: a drawing must leave such a point out, not print it.
    """
    said = "".join(
        f" {_SPELLED.get(key, key.replace('_', '-'))}{_value(value)}"
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _VOID:
        return Html(f"<{name}{said}>")
    return Html(f"<{name}{said}>{join(children)}</{name}>")


def _value(value: object) -> str:
    if value is True:
        return ""
    text = pixels(value) if isinstance(value, float) else str(value)
    return f'="{html.escape(text)}"'


def pixels(value: float) -> str:
    """A coordinate to a tenth of a pixel, short."""
    if not math.isfinite(value):
        raise ValueError(f"a drawing cannot hold {value}")
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def missing(reason: str) -> Html:
    """A dash, and why there is no number."""
    return tag("span", "– ", reason, cls="missing")


def table(
    head: Iterable[object], rows: Iterable[Iterable[object]], *, cls: str = "", caption: str = ""
) -> Html:
    """A table whose first column names the row. A head that starts with `#` is of numbers, set to the right."""
    heads = [(str(cell).removeprefix("#"), str(cell).startswith("#")) for cell in head]
    top = join(tag("th", text, cls="n" if number else None, scope="col") for text, number in heads)
    body = join(
        tag(
            "tr",
            join(
                tag("td" if i else "th", cell, cls="n" if heads[i][1] else None, scope=None if i else "row")
                for i, cell in enumerate(row)
            ),
        )
        for row in rows
    )
    said = tag("caption", caption) if caption else ""
    return tag("table", said, tag("thead", tag("tr", top)), tag("tbody", body), cls=cls or None)


def section(slug: str, title: str, *parts: object, lead: object = "", cls: str = "") -> Html:
    """One part of the report, with its heading and its anchor."""
    intro = tag("p", lead, cls="lead") if lead else ""
    return tag("section", tag("h2", title), intro, *parts, id=slug, cls=cls or None)


def figure(drawing: object, caption: object, *, cls: str = "") -> Html:
    """A drawing with what it says under it."""
    return tag("figure", drawing, tag("figcaption", caption), cls=cls or None)
