"""Which line of a TOML text each key stands on; tomllib gives values without places.

`scan` reads the shape of the text only and never fails: at the first thing it cannot follow it stops and
keeps what it has, for `tomllib` is the judge of what is TOML. It also refuses to go deeper than any shot
file does, so a hostile file is turned away before anything recursive or quadratic sees it.
"""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field

Path = tuple[str | int, ...]

DEEPEST = 16

_GAP = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:\\[^\n]|[^"\\\n])*"' r"|'[^'\n]*'", re.DOTALL
)
_SCALAR = re.compile(r"[^,\]}#\n]+")


@dataclass(slots=True)
class Lines:
    """Line (from 1) of every key, header and array element; and what stopped the scan, if anything did.

    repeated: path, first line, second line. open_line: the line of the innermost bracket still open.
    """

    of: dict[Path, int] = field(default_factory=dict)
    repeated: list[tuple[Path, int, int]] = field(default_factory=list)
    open_line: int | None = None
    too_deep_line: int | None = None

    def line(self, path: Path) -> int:
        """The line of a path, or of the nearest thing around it."""
        for end in range(len(path), 0, -1):
            if (found := self.of.get(path[:end])) is not None:
                return found
        return 1


class _Stop(Exception):  # noqa: N818  # not an error: the scan has seen enough
    pass


def scan(text: str) -> Lines:
    """Lines of all keys of a TOML text (newlines as `\\n`); partial where the text is not TOML."""
    scanner = _Scanner(text)
    with suppress(_Stop):
        scanner.document()
    return scanner.lines


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines = Lines()
        self.arrays: dict[Path, int] = {}
        self.headers: dict[Path, int] = {}
        self.line = 1
        self.open: list[int] = []

    def take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            self.lines.open_line = self.open[-1] if self.open else None
            raise _Stop
        self.at = match.end()
        self.line += match[0].count("\n")
        return match[0]

    def literal(self, token: str) -> bool:
        if self.text.startswith(token, self.at):
            self.at += len(token)
            return True
        return False

    def need(self, token: str) -> None:
        if not self.literal(token):
            self.lines.open_line = self.open[-1] if self.open else None
            raise _Stop

    def document(self) -> None:
        here: Path = ()
        self.take(_GAP)
        while self.at < len(self.text):
            if self.literal("[["):
                here = self.header("]]")
            elif self.literal("["):
                here = self.header("]")
            else:
                self.pair(here)
            self.take(_GAP)

    def header(self, close: str) -> Path:
        parts, line = self.key(), self.line
        self.need(close)
        here: Path = ()
        for part in parts[:-1]:
            here = self.into((*here, part), line)
        here = (*here, parts[-1])
        if close == "]]":
            self.lines.of.setdefault(here, line)
            count = self.arrays[here] = self.arrays.get(here, 0) + 1
            here = (*here, count - 1)
        elif here in self.headers:
            self.lines.repeated.append((here, self.headers[here], line))
        self.headers.setdefault(here, line)
        self.lines.of.setdefault(here, line)
        return here

    def into(self, path: Path, line: int) -> Path:
        """Step into a table named on the way; into the last element where it is an array of tables."""
        self.lines.of.setdefault(path, line)
        return (*path, self.arrays[path] - 1) if path in self.arrays else path

    def key(self) -> list[str]:
        parts = []
        while True:
            self.take(_SPACE)
            if self.text[self.at : self.at + 1] in ('"', "'"):
                parts.append(_plain(self.take(_STRING)))
            else:
                parts.append(self.take(_BARE_KEY))
            self.take(_SPACE)
            if len(parts) > DEEPEST:
                self.lines.too_deep_line = self.line
                raise _Stop
            if not self.literal("."):
                return parts

    def pair(self, table: Path) -> None:
        line = self.line
        parts = self.key()
        self.need("=")
        self.take(_SPACE)
        path = table
        for part in parts[:-1]:
            path = (*path, part)
            self.lines.of.setdefault(path, line)
        path = (*path, parts[-1])
        if path in self.lines.of:
            self.lines.repeated.append((path, self.lines.of[path], line))
        self.lines.of.setdefault(path, line)
        self.value(path)

    def value(self, path: Path) -> None:
        if len(self.open) > DEEPEST or len(path) > 2 * DEEPEST:
            self.lines.too_deep_line = self.line
            raise _Stop
        start = self.text[self.at : self.at + 1]
        if start in ('"', "'"):
            self.take(_STRING)
        elif start == "[":
            self.array(path)
        elif start == "{":
            self.inline(path)
        else:
            self.take(_SCALAR)

    def array(self, path: Path) -> None:
        self.need("[")
        self.open.append(self.line)
        self.take(_GAP)
        index = 0
        while not self.literal("]"):
            self.lines.of[(*path, index)] = self.line
            self.value((*path, index))
            index += 1
            self.take(_GAP)
            if not self.literal(","):
                self.need("]")
                break
            self.take(_GAP)
        self.open.pop()

    def inline(self, path: Path) -> None:
        self.need("{")
        self.open.append(self.line)
        self.take(_SPACE)
        while not self.literal("}"):
            self.pair(path)
            self.take(_SPACE)
            if not self.literal(","):
                self.need("}")
                break
            self.take(_SPACE)
        self.open.pop()


def _plain(quoted: str) -> str:
    """The name inside a quoted key."""
    if quoted.startswith("'") or "\\" not in quoted:
        return quoted[1:-1]
    try:
        return str(tomllib.loads(f"k = {quoted}")["k"])
    except ValueError:
        return quoted[1:-1]
