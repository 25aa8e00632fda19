"""What is not installed is named, with the command that brings it."""

from __future__ import annotations

import sys

import pytest

from onetake.errors import MissingExtraError
from onetake.footage.libraries import opencv, pyav


def test_a_missing_library_names_the_optional_part(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, load in (("cv2", opencv), ("av", pyav)):
        monkeypatch.setitem(sys.modules, name, None)
        with pytest.raises(MissingExtraError, match=rf"{name} .*pip install 'onetake\[footage\]'"):
            load()
