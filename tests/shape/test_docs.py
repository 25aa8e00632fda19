"""What a person can type, meet or read stands in the docs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tree

import onetake
import onetake.errors
from onetake.cli.app import build

DOCS = tree.ROOT / "docs"
COMMANDS = (DOCS / "commands.md").read_text("utf-8")


def _sections(text: str) -> dict[str, str]:
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _verbs() -> dict[str, Any]:
    """Every command by what is typed for it; one of a group as `group command`."""
    return {
        " ".join((*group, name)): verb
        for group, commands in _groups(build().commands)
        for name, verb in commands.items()
        if not hasattr(verb, "commands")
    }


def _groups(commands: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    yield (), commands
    yield from (((name,), verb.commands) for name, verb in commands.items() if hasattr(verb, "commands"))


def _options(verb: Any) -> Iterator[str]:
    for parameter in verb.params:
        yield from (option for option in parameter.opts if option.startswith("--"))


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    assert set(_sections(COMMANDS)) == set(_verbs())


def test_every_option_stands_in_its_command_section() -> None:
    sections = _sections(COMMANDS)
    missing = {
        (name, option)
        for name, verb in _verbs().items()
        for option in _options(verb)
        if f"`{option}`" not in sections[name]
    }
    assert not missing


def test_every_documented_option_exists() -> None:
    known = {name: {*_options(verb), "--help"} for name, verb in _verbs().items()}
    invented = {
        (name, option)
        for name, text in _sections(COMMANDS).items()
        for option in re.findall(r"`(--[a-z]+)`", text)
        if option not in known[name]
    }
    assert not invented


def test_every_command_shows_its_example_in_help_and_in_the_docs() -> None:
    for name, verb in _verbs().items():
        assert verb.epilog.startswith(f"Example: onetake {name} ")
        assert f"    onetake {name} " in _sections(COMMANDS)[name]
        assert len(verb.help) > 20


def test_every_command_shows_its_python_function() -> None:
    for name, text in _sections(COMMANDS).items():
        shown = re.findall(r"^onetake\.(\w+)\(", text, re.MULTILINE)
        assert len(shown) == 1, name
        assert shown[0] in onetake.__all__


def _error_classes(root: type[Exception]) -> Iterator[type[Exception]]:
    yield root
    for child in root.__subclasses__():
        yield from _error_classes(child)


def test_every_error_has_its_anchor() -> None:
    anchors = set(_sections((DOCS / "errors.md").read_text("utf-8")))
    classes = list(_error_classes(onetake.errors.OnetakeError))
    slugs = [vars(cls).get("slug") for cls in classes]
    assert None not in slugs, "each error has its own slug"
    assert len(set(slugs)) == len(slugs)
    assert set(slugs) <= anchors


def test_the_error_tree_is_drawn_whole() -> None:
    drawn = re.findall(r"\b\w+Error\b", onetake.errors.__doc__ or "")
    assert set(drawn) == {cls.__name__ for cls in _error_classes(onetake.errors.OnetakeError)}


def _finding_slugs(path: Path) -> Iterator[str]:
    """Slugs of things found in files: `Note(slug="…")`, `say("…", …)`, `_problem("…", …)`, `Finding("…", …)`."""
    for node in ast.walk(tree.parsed(path)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func).rsplit(".", 1)[-1]
        said = [word.value for word in node.keywords if word.arg == "slug"]
        if name in ("_problem", "say", "Finding", "_told") and node.args:
            said.append(node.args[0])
        yield from (one.value for one in said if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_everything_that_inspect_may_find_is_explained() -> None:
    explained = set(re.findall(r"^### (.+)$", (DOCS / "errors.md").read_text("utf-8"), re.MULTILINE))
    rooms = [
        path
        for path in tree.sources()
        if tree.inside(path).startswith(("api/", "weather/", "logbook/", "footage/"))
    ]
    said = {slug for path in rooms for slug in _finding_slugs(path)}
    assert said - explained == set()
    text = "".join(path.read_text("utf-8") for path in rooms)
    assert not [slug for slug in explained if f'"{slug}"' not in text], "explained, but nothing says it"


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*DOCS.rglob("*.md"), *tree.ROOT.glob("*.md")]
    dead = {
        (page.name, link)
        for page in pages
        for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if not (page.parent / link).exists()
    }
    assert not dead


def test_every_noun_of_the_ground_is_in_the_glossary() -> None:
    words = (DOCS / "glossary.md").read_text("utf-8").lower()
    nouns = {
        "slate",
        "verdict",
        "take",
        "trace",
        "beat",
        "shot",
        "cast",
        "criterion",
        "pilot",
        "plan",
        "seam",
    }
    assert not [noun for noun in nouns if f"| {noun} |" not in words]
