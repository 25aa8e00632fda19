"""The progress bar is for terminals."""

from __future__ import annotations

import io
import sys

import pytest

from onetake.cli.progress import Bar


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_nothing_is_drawn_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    with Bar() as tell:
        for done in range(3):
            tell("flying takes", done, 3)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_shows_what_is_done_on_stderr_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = _Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with Bar() as tell:
        tell("compiling", 0, 0)
        tell("flying takes", 1000, 2000)
    assert "flying takes" in screen.getvalue()
    assert "1,000 of 2,000" in screen.getvalue()
    assert capsys.readouterr().out == ""


def _fail() -> None:
    with Bar() as tell:
        tell("flying takes", 1, 2)
        raise ValueError("x")


def test_an_error_passes_through() -> None:
    with pytest.raises(ValueError, match="x"):
        _fail()
