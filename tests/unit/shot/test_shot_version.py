"""Older shot files are brought up step by step; newer ones are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from onetake.errors import ShotError
from onetake.shot.document import parse
from onetake.shot.version import UPGRADES, VERSION, Tree, upgrade, version_of


def upgrade_of(schema: str, upgrades: object, version: int) -> Tree:
    node = parse(f'schema = "{schema}"\nsize = 1\n', Path("shot.toml"))
    return upgrade(node, upgrades, version).table()  # type: ignore[arg-type]


def test_every_older_version_has_its_upgrade() -> None:
    assert set(UPGRADES) == set(range(1, VERSION))


def test_upgrades_run_in_order_from_the_files_version() -> None:
    steps = {
        1: lambda tree: {**tree, "size": (tree["size"], 1)},
        2: lambda tree: {**tree, "size": (tree["size"], 2)},
    }
    assert upgrade_of("onetake.shot/1", steps, 3)["size"] == ((1, 1), 2)
    assert upgrade_of("onetake.shot/1", steps, 1)["size"] == 1


def test_version() -> None:
    assert version_of(parse('schema = "onetake.shot/1"', Path("s"))) == 1


@pytest.mark.parametrize(
    "text", ["onetake.shot/0", "onetake.shot/-1", "onetake.shot/1.0", "shot/1", "onetake.shot/99999999999"]
)
def test_other_versions_are_refused(text: str) -> None:
    with pytest.raises(ShotError, match=r"onetake\.shot/1"):
        upgrade_of(text, {}, 1)


def test_a_newer_file_is_not_blamed_for_its_new_keys() -> None:
    with pytest.raises(ShotError) as caught:
        upgrade_of("onetake.shot/2", {}, 1)
    (problem,) = caught.value.problems
    assert "upgrade onetake" in problem.fix


def test_a_misspelt_schema_is_recognised() -> None:
    with pytest.raises(ShotError, match="shema"):
        version_of(parse('shema = "onetake.shot/1"', Path("s")))
