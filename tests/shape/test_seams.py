"""Every file of every seam is a whole choice: it says what it is and has what its seam asks for."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest
import tree

from onetake import seams
from onetake.judge.sight import no_words

# what a choice must have; one of the names in a tuple is enough
NEEDS: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "sources": ("DOC", "recognises", ("read", "read_one")),
    "criteria": ("UNIT", "SCALE", "SIGNALS", "TOLERANCE", "SAID", "TELLS"),
    "engines": ("DOC", "check", "opened"),
    "outputs": ("DOC", "write"),
    "readers": ("DOC", "recognises", ("read", "read_path")),
    "pilots": ("kind", "delay_s", "bandwidth_rad_s", "motor_noise"),
}
FOLDERS = tree.seams()
CHOICES = [
    path
    for folder in FOLDERS
    for path in sorted(folder.iterdir())
    if path.suffix in (".py", ".toml") and not path.name.startswith("_")
]


def _names(path: Path) -> set[str]:
    """The names at the top of a file: of a module or of a table."""
    if path.suffix == ".toml":
        return set(tomllib.loads(path.read_text("utf-8")))
    found: set[str] = set()
    for node in tree.parsed(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {ast.unparse(target) for target in node.targets}
        elif isinstance(node, ast.AnnAssign):
            found.add(ast.unparse(node.target))
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
    return found


def test_there_are_seams() -> None:
    assert {"onetake.weather.sources", "onetake.fly.pilots"} <= {tree.dotted(folder) for folder in FOLDERS}


@pytest.mark.parametrize("folder", FOLDERS, ids=tree.inside)
def test_a_seam_says_what_a_choice_must_have(folder: Path) -> None:
    assert folder.name in NEEDS, "write into tests/shape/test_seams.py what a choice of this seam must have"
    text = ast.get_docstring(tree.parsed(folder / "__init__.py")) or ""
    assert len(text) > 60


@pytest.mark.parametrize("path", CHOICES, ids=tree.inside)
def test_a_choice_is_whole(path: Path) -> None:
    have = _names(path)
    for need in NEEDS.get(path.parent.name, ()):
        assert have & ({need} if isinstance(need, str) else set(need)), f"{need} is missing"
    if path.suffix == ".py":
        assert ast.get_docstring(tree.parsed(path))
    else:
        assert path.read_text("utf-8").startswith("# "), "the first line says what it is and where it is from"


def test_every_criterion_reads_what_the_shot_file_can_ask() -> None:
    """Names and targets of the shot file are those of the judge, and every signal and word exists."""
    from onetake.judge.state import SIGNALS
    from onetake.shot.criterion import CRITERIA

    seam = "onetake.judge.criteria"
    assert set(CRITERIA) == set(seams.names(seam))
    for name, form in CRITERIA.items():
        choice = seams.load(seam, name)
        assert set(form.targets) == set(getattr(choice, "TARGETS", {})), name
        assert set(choice.SIGNALS) <= set(SIGNALS)
        assert form.words == hasattr(choice, "words"), name
        for target, sight in getattr(choice, "TARGETS", {}).items():
            assert set(sight.signals) <= set(SIGNALS)
            assert sight.tolerance > 0
            assert form.targets[target].words == (sight.words is not no_words), (name, target)


@pytest.mark.parametrize("folder", FOLDERS, ids=tree.inside)
def test_a_seam_is_found_by_file_name_alone(folder: Path) -> None:
    for suffix in (".py", ".toml"):
        files = {path.stem for path in folder.glob(f"*{suffix}") if not path.name.startswith("_")}
        if files:
            assert files <= set(seams.names(tree.dotted(folder), suffix))
