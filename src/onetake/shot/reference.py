"""The key reference of docs/shot-file.md, written from the same table that reads the file.

`python -m onetake.shot.reference docs/shot-file.md` puts it between the two marks of that page.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from onetake.shot.cast import SKILL_KEYS
from onetake.shot.criterion import CRITERIA, Form
from onetake.shot.document import shown
from onetake.shot.file import Shot
from onetake.shot.keys import Bound, Key, keys_of

BEGIN = "<!-- keys: written by `python -m onetake.shot.reference docs/shot-file.md` -->"
END = "<!-- end of keys -->"


def key_reference() -> str:
    """All keys of the shot file, as Markdown: one table for each section, then criteria and skill."""
    parts = [*_sections(), _criteria(), _skill()]
    return "\n\n".join(parts) + "\n"


def renewed(page: str) -> str:
    """The page with the part between its marks written anew."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{key_reference()}\n{END}{after}"


def _sections() -> Iterator[str]:
    top: dict[str, list[Bound]] = {}
    for bound in keys_of(Shot):
        top.setdefault(bound.parts[0], []).append(bound)
    alone = [
        bounds[0] for bounds in top.values() if len(bounds[0].parts) == 1 and not bounds[0].key.kind.table
    ]
    yield "### At the top\n\n" + _rows(alone)
    for name, bounds in top.items():
        entry = bounds[0].key
        if len(bounds[0].parts) > 1:
            yield f"### `[{name}]`\n\n" + _rows([Bound(b.parts[1:], b.field, b.key) for b in bounds])
            yield from _inner(bounds)
        elif entry.kind.table:
            head = f"[[{name}]]" if entry.kind.many else f"[{name}]"
            yield from _section(head, name, entry)


def _section(head: str, way: str, entry: Key) -> Iterator[str]:
    assert entry.kind.table is not None
    bounds = keys_of(entry.kind.table)
    about = (entry.kind.table.__doc__ or "").strip().splitlines()[0]
    yield f"### `{head}`\n\n{about}\n\n{_rows(bounds)}"
    yield from _inner(bounds, way)


def _inner(bounds: list[Bound], way: str = "") -> Iterator[str]:
    for bound in bounds:
        if bound.key.kind.table:
            name = ".".join((way, *bound.parts) if way else bound.parts)
            yield from _section(f"{name} = {'[{ … }]' if bound.key.kind.many else '{ … }'}", name, bound.key)


def _rows(bounds: list[Bound]) -> str:
    rows = ["| key | takes | example | if left out | |", "|---|---|---|---|---|"]
    for bound in bounds:
        entry = bound.key
        rows.append(
            f"| `{'.'.join(bound.parts)}` | {_cell(entry.kind.says)} | {_code(entry.kind.example)} "
            f"| {_left_out(entry)} | {_cell(entry.doc)} |"
        )
    return "\n".join(rows)


def _left_out(entry: Key) -> str:
    if entry.required:
        return "**needed**"
    if entry.default is None or entry.default in ([], {}):
        return "none"
    return _code(shown(entry.default))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{_cell(text)}`"


def _criteria() -> str:
    rows = ["| criterion | written like | measures |", "|---|---|---|"]
    for name, form in CRITERIA.items():
        rows.append(_criterion(name, form))
        rows += [_criterion(f"{name}.{target}", inner) for target, inner in form.targets.items()]
    return "### Criteria: what may stand in `must`\n\n" + "\n".join(rows)


def _criterion(name: str, form: Form) -> str:
    return f"| `{name}` | {_code(form.example)} | {_cell(form.doc)} |"


def _skill() -> str:
    rows = ["| key | takes | example | |", "|---|---|---|---|"]
    rows += [
        f"| `{name}` | {_cell(kind.says)} | {_code(kind.example)} | {_cell(doc)} |"
        for name, (_, kind, doc) in SKILL_KEYS.items()
    ]
    return "### `cast.skill` in numbers\n\n" + "\n".join(rows)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(renewed(target.read_text("utf-8")), "utf-8")
