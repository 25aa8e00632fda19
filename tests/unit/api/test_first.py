"""What can be refused at once is refused before the shot is even read: no wish is found out after an hour's work."""

from __future__ import annotations

from pathlib import Path

import pytest

from onetake.api.fly import fly_take
from onetake.api.odds import odds_of
from onetake.api.run import run_shot
from onetake.errors import ChoiceError, WriteError

NOWHERE = "no/such/shot.toml"


def test_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match=r"one\.take"):
        fly_take(NOWHERE, out=tmp_path / "file" / "one.take")
    with pytest.raises(WriteError, match=r"report\.html"):
        run_shot(NOWHERE, out=tmp_path / "file")


def test_an_engine_that_does_not_exist(tmp_path: Path) -> None:
    for ask in (
        lambda: odds_of(NOWHERE, engine="gpu"),
        lambda: run_shot(NOWHERE, engine="gpu", out=tmp_path),
    ):
        with pytest.raises(ChoiceError, match="no engine called 'gpu'"):
            ask()
    assert not list(tmp_path.iterdir())
