"""Arrows go down, kernels know arrays only, and the page that draws the floors draws these."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import picture
import tree

# what a kernel may import; beside it only how it is compiled, other kernels, and the state.py that names the places
# in its arrays
_ARRAYS = {
    "__future__",
    "collections",
    "types",
    "math",
    "numpy",
    "numpy.typing",
    "numba",
    "typing",
}
KERNELS = [path for path in tree.sources() if path.name in ("kernel.py", "state.py")]


def test_the_contract_of_the_floors_holds() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [lint, "--no-cache"], cwd=tree.ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert run.returncode == 0, run.stdout + run.stderr


def _may_import(path: Path, name: str) -> bool:
    if name.startswith("onetake."):
        return name == "onetake.compiled" or name.endswith((".kernel", ".state"))
    return name in _ARRAYS


def test_kernels_import_arrays_and_kernels_only() -> None:
    assert len(KERNELS) > 1
    foreign = {
        (tree.inside(path), name)
        for path in KERNELS
        for name in tree.imports(tree.parsed(path))
        if not _may_import(path, name)
    }
    assert not foreign


def test_the_picture_of_the_floors_is_fresh() -> None:
    assert picture.drawn() == picture.draw(), "run: python tests/shape/picture.py"


def test_the_picture_shows_every_room_of_the_package() -> None:
    rooms = {room for rooms, _, _ in picture.layers() for room in rooms}
    there = {
        path.stem
        for path in tree.PACKAGE.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert rooms == there - {"__init__"}


def test_every_module_says_what_it_is() -> None:
    assert not [tree.inside(path) for path in tree.sources() if not ast.get_docstring(tree.parsed(path))]


def test_no_module_is_named_after_nothing() -> None:
    empty_words = {
        "utils",
        "util",
        "helpers",
        "helper",
        "common",
        "misc",
        "tools",
        "base",
        "manager",
        "stuff",
    }
    names = {
        part.removesuffix(".py") for path in tree.sources() for part in path.relative_to(tree.PACKAGE).parts
    }
    assert not names & empty_words
