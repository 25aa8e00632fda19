"""The version of a shot file, and how an older one is brought up to date.

The version is a whole number after the slash: `onetake.shot/1`. A change that old files survive keeps it; one
that breaks them raises it and registers, under the version it starts from, a function that takes the old
tree of values and returns the next version's. Upgrades keep keys where they are as far as they can, since
lines are found by key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from onetake.shot.document import Node, nearest
from onetake.shot.keys import Kind

NAME = "onetake.shot"
VERSION = 1

Tree = dict[str, object]
UPGRADES: Mapping[int, Callable[[Tree], Tree]] = {}

_EXPECTED = f'schema = "{NAME}/{VERSION}"'


def version_of(root: Node) -> int:
    """The version a file says it has. Raises ShotError where it does not say, or is newer than this onetake."""
    table = root.table()
    if "schema" not in table:
        near = nearest("schema", list(table))
        fix = f"Did you mean schema where it says {near}?" if near else "Make it the first line."
        raise root.problem("no schema", _EXPECTED, fix)
    return _version(root.child("schema"))


def _version(node: Node) -> int:
    match = re.fullmatch(r"onetake\.shot/(\d{1,9})", node.value) if isinstance(node.value, str) else None
    if match is None:
        raise node.error(_EXPECTED)
    version = int(match[1])
    if version > VERSION:
        raise node.error(
            f"{_EXPECTED} or older",
            f"The file is newer than this onetake, which reads up to {VERSION}: upgrade onetake.",
        )
    if version < 1:
        raise node.error(_EXPECTED, "Versions begin at 1.")
    return version


def upgrade(
    root: Node, upgrades: Mapping[int, Callable[[Tree], Tree]] = UPGRADES, version: int = VERSION
) -> Node:
    """The tree as of `version`, through every step between."""
    tree = root.table()
    for step in range(version_of(root), version):
        tree = upgrades[step](tree)
    return Node(root.source, root.path, tree)


SCHEMA: Kind[int] = Kind("name and version of the format", f'"{NAME}/{VERSION}"', _version)
