"""One file is one choice; a wrong name says what there is."""

from __future__ import annotations

import pytest

from onetake import seams
from onetake.errors import ChoiceError

SOURCES = "onetake.weather.sources"


def test_choices_are_found_by_their_file_name() -> None:
    found = seams.names(SOURCES)
    assert found == tuple(sorted(found))
    assert "__init__" not in found
    assert seams.load(SOURCES, found[0]).__name__ == f"{SOURCES}.{found[0]}"


def test_a_wrong_name_gets_the_nearest_and_the_list() -> None:
    first = seams.names(SOURCES)[0]
    with pytest.raises(ChoiceError, match=f"did you mean '{first}'") as caught:
        seams.load(SOURCES, first + "x")
    assert "no source called" in str(caught.value)
    assert all(name in str(caught.value) for name in seams.names(SOURCES))


def test_a_name_like_no_other_gets_the_list_alone() -> None:
    with pytest.raises(ChoiceError) as caught:
        seams.load(SOURCES, "@@@")
    assert "did you mean" not in str(caught.value)


def test_data_choices_are_tables() -> None:
    with pytest.raises(ChoiceError, match="there is:"):
        seams.data("onetake.jumper.data", "nobody")
    name = seams.names("onetake.jumper.data", ".toml")[0]
    assert "=" in seams.data("onetake.jumper.data", name)
