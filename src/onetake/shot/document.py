"""From a file to a tree of values that know their lines; everything wrong with it as text is said here.

A `Node` is one value of the tree with its place. All that reads values raises `ShotError` by `Node.error`,
so every message has the same shape: file, line, what was found, what was expected, the nearest fix.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from pathlib import Path

from onetake.errors import Problem, ShotError
from onetake.shot import lines

LARGEST_BYTES = 262_144  # fifty times the size of the example
_SHOWN = 72  # characters of a value that a message repeats


@dataclass(frozen=True, slots=True)
class Source:
    """The file a value came from."""

    file: str
    folder: Path
    lines: lines.Lines
    text: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One value of the shot file and where it stands."""

    source: Source
    path: lines.Path
    value: object

    @property
    def line(self) -> int:
        """Line of the key, the header or the array element."""
        return self.source.lines.line(self.path)

    @property
    def key(self) -> str:
        """The key as written; for an array element the key of its array."""
        return next((part for part in reversed(self.path) if isinstance(part, str)), "the file")

    def error(self, expected: str, fix: str = "") -> ShotError:
        """The error that this value is not what was expected."""
        return self.problem(f"{self.key} = {shown(self.value)}", expected, fix)

    def problem(self, found: str, expected: str, fix: str = "") -> ShotError:
        """An error at this value's line, with what was found in other words than the value."""
        return _said(self.source.file, self.line, found, expected, fix)

    def table(self) -> dict[str, object]:
        """This value as a table, or an error."""
        if not isinstance(self.value, dict):
            raise self.error("a table", f"Write it as {self.key} = {{ … }} or as a section of its own.")
        return self.value

    def items(self) -> list[Node]:
        """This value as an array, or an error."""
        if not isinstance(self.value, list):
            raise self.error("an array", f"Put it in brackets: {self.key} = [{shown(self.value)}].")
        return [Node(self.source, (*self.path, i), value) for i, value in enumerate(self.value)]

    def child(self, key: str) -> Node:
        """The value under a key that is there."""
        return Node(self.source, (*self.path, key), self.table()[key])

    def find(self, *keys: str) -> Iterator[Node]:
        """All values under a path of keys, through arrays, skipping what is not there or has another shape."""
        if not keys:
            yield self
        elif isinstance(self.value, list):
            for item in self.items():
                yield from item.find(*keys)
        elif isinstance(self.value, dict) and keys[0] in self.value:
            yield from self.child(keys[0]).find(*keys[1:])


def shown(value: object) -> str:
    """A value as TOML would have it, short enough for a message."""
    text = _toml(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value[: 2 * _SHOWN], ensure_ascii=False)
    if isinstance(value, list):
        return f"[{', '.join(_toml(item) for item in value[:_SHOWN])}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_toml(item)}' for key, item in list(value.items())[:_SHOWN])} }}"
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return str(value)


def nearest(name: str, choices: Iterator[str] | list[str] | tuple[str, ...]) -> str | None:
    """The choice a misspelt name most likely means; capitals, hyphens and spaces do not count."""
    plain = {re.sub(r"[\s-]+", "_", choice.casefold()): choice for choice in choices}
    near = get_close_matches(re.sub(r"[\s-]+", "_", name.casefold()), plain, n=1, cutoff=0.6)
    return plain[near[0]] if near else None


def load(path: Path) -> Node:
    """Read a file as TOML. Raises ShotError for everything that keeps it from being one."""
    return parse(_text(path), path)


def parse(text: str, path: Path) -> Node:
    """Read a text as TOML, as if it stood in the file at `path`."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    found = lines.scan(text)
    source = Source(str(path), Path(os.path.abspath(path)).parent, found, text)
    if found.too_deep_line is not None:
        raise _problem(
            path, found.too_deep_line, f"brackets or keys nested over {lines.DEEPEST} deep", "a shot file",
            "No key of a shot file is deeper than four.",
        )  # fmt: skip
    try:
        tree = tomllib.loads(text)
    except RecursionError:
        raise _problem(path, None, "brackets nested too deep to follow", "a shot file") from None
    except ValueError as error:  # TOMLDecodeError, and integers of thousands of digits
        raise _syntax(path, text, found, str(error)) from None
    if not tree:
        raise _problem(path, 1, "nothing", 'a shot file, beginning with schema = "onetake.shot/1"', _NEW)
    return Node(source, (), tree)


_NEW = "`onetake new DIR` writes one that works."


def _problem(path: Path, line: int | None, found: str, expected: str, fix: str = "") -> ShotError:
    return _said(str(path), line, found, expected, fix)


def _said(file: str, line: int | None, *texts: str) -> ShotError:
    """One problem, in which nothing that a terminal would obey is left of what was read."""
    return ShotError([Problem(_tame(file), line, *(_tame(text) for text in texts))])


def _tame(text: str) -> str:
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            inside = "Inside it there is shot.toml: name that." if (path / "shot.toml").is_file() else _NEW
            raise _problem(path, None, "a folder", "a shot file", inside)
        if path.exists() and not path.is_file():
            raise _problem(path, None, "a device or a pipe", "a shot file")
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_BYTES + 1)
            size = os.fstat(stream.fileno()).st_size
    except FileNotFoundError:
        raise _problem(path, None, "no file of that name", "a shot file", _beside(path)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _problem(path, None, f"a file that cannot be opened ({reason})", "a shot file") from None
    if len(raw) > LARGEST_BYTES:
        raise _problem(
            path, None, f"{max(size, len(raw)):,} bytes", f"a shot file, at most {LARGEST_BYTES:,} bytes",
            "A log, a sounding or a video is looked at with `onetake inspect FILE`.",
        )  # fmt: skip
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{raw[error.start]:02x}, which is not UTF-8"
        raise _problem(path, line, found, "text in UTF-8", "Save the file as UTF-8.") from None


def _beside(path: Path) -> str:
    folder = path.parent
    try:
        names = [entry.name for entry in folder.iterdir() if entry.suffix == ".toml"]
    except OSError:
        return _NEW
    near = nearest(path.name, names)
    return f"Did you mean {folder / near}?" if near else _NEW


_MEANING = {
    "Expected '=' after a key": "key = value",
    "Invalid statement": "key = value, [section] or # comment",
    "Invalid value": "a value: text in quotes, a number, a date, [ … ] or { … }",
    "Unclosed array": "a closing ]",
    "Unclosed inline table": "a closing } on the same line",
    "Expected newline or end of document": "the end of the line after one value",
    "at the end of a table declaration": "a header such as [place] or [[cast]]",
    "at the end of an array declaration": "a header such as [place] or [[cast]]",
    "Unterminated string": "a closing quotation mark",
    'Expected "\'"': "a closing quotation mark",
    "Illegal character": "text without line breaks or control characters inside quotes",
    "Cannot overwrite a value": "each key once",
    "Duplicate inline table key": "each key once",
    "Cannot declare": "each section once",
    "Cannot mutate immutable namespace": "a table written in one place only",
    "Cannot redefine namespace": "a table written in one place only",
    "Cannot overwrite": "each key once",
    "Unescaped '\\'": r"\\ for a backslash, or single quotes around the text",
    "Invalid initial character for a key part": "a key; an inline table { … } stands on one line",
    "Found invalid character": "text without control characters",
    "Invalid date or datetime": "a date that exists, such as 2011-10-11",
    "Expected ',' or": "a comma or the closing bracket",
    "integer string conversion": "a number of sensible length",
}


def _syntax(path: Path, text: str, found: lines.Lines, message: str) -> ShotError:
    rows = text.split("\n")
    match = re.search(r"line (\d+)", message)
    last = max((i for i, row in enumerate(rows, 1) if row.strip()), default=1)
    line = int(match[1]) if match else last
    expected = next((means for key, means in _MEANING.items() if key in message), "TOML")
    if found.repeated:
        key, first, line = found.repeated[-1]
        name = ".".join(str(part) for part in key if isinstance(part, str))
        return _problem(
            path,
            line,
            f"{name} a second time",
            "it once",
            f"It is already on line {first}: remove one of the two.",
        )
    row = _COMMENT.sub(r"\1", rows[min(line, len(rows)) - 1]).strip()
    column = int(at[1]) if (at := re.search(r"column (\d+)", message)) else 1
    hint = _hint(row, line, found)
    if hint == _NO_DAY:
        expected = _MEANING["Invalid date or datetime"]
    return _problem(path, line, _around(row, column) or "an empty line", expected, hint)


def _around(row: str, column: int) -> str:
    """As much of a row as a message shows, so that the column is in it."""
    first = max(0, min(column - _SHOWN // 2, len(row) - _SHOWN))
    return f"{'…' if first else ''}{row[first : first + _SHOWN]}{'…' if first + _SHOWN < len(row) else ''}"


# a comment after closed quotes; with a quotation mark missing, nobody knows where it begins
_COMMENT = re.compile(r"""^((?:[^"'#]|"(?:\\.|[^"\\])*"|'[^']*')*?)#.*$""")
_UNQUOTED = re.compile(r"""^\s*([\w.-]+)\s*=\s*([^"'\[{#\s][^#"]*?)\s*(?:#.*)?$""")


_NO_DAY = "There is no such day or time."


def _hint(row: str, line: int, found: lines.Lines) -> str:
    """What most likely went wrong on this row."""
    if any(mark in row for mark in "“”„‘’") and '"' not in row:
        return 'Use plain quotation marks: " and ", not “ and ”.'
    if found.open_line is not None and found.open_line < line:
        return f"The bracket opened on line {found.open_line} is not closed."
    if re.sub(r"\\.", "", row).count('"') % 2:
        return "A quotation mark is missing."
    if len(row) > _SHOWN:
        return ""
    if re.search(r"=\s*\d{4}-\d{2}-\d{2}", row):
        return _NO_DAY
    if match := _UNQUOTED.match(row):
        return f'Put the value in quotes: {match[1]} = "{match[2]}".'
    if re.match(r"^\s*[\w.-]+\s*:", row):
        return "TOML writes key = value, with an equals sign."
    if row.count("{") > row.count("}"):
        return "Keep an inline table { … } on one line."
    return "A comma stands only inside [ … ] or { … }." if row.endswith(",") else ""
