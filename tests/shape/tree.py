"""Reads the source tree for the tests of shape."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "onetake"
SEAMS = ("criteria", "engines", "outputs", "pilots", "readers", "sources")


def sources() -> list[Path]:
    """Every Python file of the package."""
    return sorted(PACKAGE.rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def inside(path: Path) -> str:
    """A path as said in messages: `weather/column.py`."""
    return path.relative_to(PACKAGE).as_posix()


def seams() -> list[Path]:
    """The folders in which each file is one choice."""
    return sorted(
        folder
        for folder in PACKAGE.glob("*/*")
        if folder.name in SEAMS and any(file.suffix in (".py", ".toml") for file in folder.iterdir())
    )


def dotted(folder: Path) -> str:
    """A folder as Python names it: `onetake.weather.sources`."""
    return ".".join(folder.relative_to(PACKAGE.parent).parts)


def imports(tree: ast.Module) -> Iterator[str]:
    """Every module that a file imports, anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def committed() -> list[str]:
    """What git follows, and what would be followed if it were added now."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]
