"""The line of every key, through every shape that TOML allows."""

from __future__ import annotations

import tomllib

import pytest

from onetake.shot.lines import Path, scan

TEXT = '''# a comment [not] = "a header"
top = 1
"quoted key" = 2 # = 3

[a]
b.c = "x # not a comment"
b.'d e' = 1
text = """
two
lines ] } ""\\"
"""
literal = \'\'\'
[not.a.header]
\'\'\'
after = 1

[a.inner]
x = [ # comment
  1, [2,
  3], { y = 4, z = [5] },
]

[[list]]
n = 1
[list.sub]
m = 2
[[list]]
n = 2
[[list.deep]]
k = 1
[[list.deep]]
k = 2011-10-11 12:00:00
"uni\\u0041" = { a.b = 1 }
'''
WANTED = {
    ("top",): 2, ("quoted key",): 3, ("a",): 5, ("a", "b"): 6, ("a", "b", "c"): 6, ("a", "b", "d e"): 7,
    ("a", "text"): 8, ("a", "literal"): 12, ("a", "after"): 15, ("a", "inner"): 17, ("a", "inner", "x"): 18,
    ("a", "inner", "x", 0): 19, ("a", "inner", "x", 1): 19, ("a", "inner", "x", 1, 0): 19,
    ("a", "inner", "x", 1, 1): 20, ("a", "inner", "x", 2): 20, ("a", "inner", "x", 2, "y"): 20,
    ("a", "inner", "x", 2, "z"): 20, ("a", "inner", "x", 2, "z", 0): 20,
    ("list",): 23, ("list", 0): 23, ("list", 0, "n"): 24, ("list", 0, "sub"): 25, ("list", 0, "sub", "m"): 26,
    ("list", 1): 27, ("list", 1, "n"): 28, ("list", 1, "deep"): 29, ("list", 1, "deep", 0): 29,
    ("list", 1, "deep", 0, "k"): 30, ("list", 1, "deep", 1): 31, ("list", 1, "deep", 1, "k"): 32,
    ("list", 1, "deep", 1, "uniA"): 33, ("list", 1, "deep", 1, "uniA", "a"): 33,
    ("list", 1, "deep", 1, "uniA", "a", "b"): 33,
}  # fmt: skip


def paths(value: object, here: Path = ()) -> set[Path]:
    found = {here} if here else set()
    if isinstance(value, dict):
        for key, inner in value.items():
            found |= paths(inner, (*here, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            found |= paths(inner, (*here, i))
    return found


def test_every_path_has_its_line() -> None:
    assert scan(TEXT).of == WANTED
    assert paths(tomllib.loads(TEXT)) == set(WANTED)


def test_a_value_inside_something_unknown_has_the_line_around_it() -> None:
    lines = scan(TEXT)
    assert lines.line(("a", "inner", "nothing", 4)) == 17
    assert lines.line(("nowhere",)) == 1


@pytest.mark.parametrize(
    ("text", "repeated"),
    [
        ("a = 1\nb = 2\na = 3", [(("a",), 1, 3)]),
        ("[x]\n[y]\n[x]", [(("x",), 1, 3)]),
        ("t = { a = 1, a = 2 }", [(("t", "a"), 1, 1)]),
        ("[a.b]\nc = 1\n[a]\nd = 1", []),
    ],
)
def test_repeated_keys(text: str, repeated: list[tuple[Path, int, int]]) -> None:
    assert scan(text).repeated == repeated


def test_stops_where_it_is_not_toml_and_keeps_what_it_has() -> None:
    lines = scan("a = 1\nb = [1,\n2\nc = 3\n")
    assert (lines.of[("a",)], lines.of[("b", 1)], lines.open_line) == (1, 3, 2)
    assert ("c",) not in lines.of
