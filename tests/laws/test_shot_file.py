"""Laws of the shot file: whatever stands in it, it reads or is refused in words; lines are right; edits round trip."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import hypothesis.strategies as st
import pytest
import tomlkit
from hypothesis import HealthCheck, example, given, settings

from onetake.errors import ShotError
from onetake.shot import parse_shot, read_shot
from onetake.shot.lines import scan

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
GOOD = [(EXAMPLES / name / "shot.toml").read_text("utf-8") for name in ("halo", "two-way")]
ROWS = [row for text in GOOD for row in text.split("\n")]
VALUES = sorted({value for text in GOOD for value in re.findall(r'"[^"\n]*"|[\d.]+', text)})
ODD = [
    "nan", "inf", "-inf", "true", "[]", "{}", '""', '" "', '"1e999 m"', '"-1 m"', "-1", "1e308", "0", "1979-05-27",
    "07:32:00", "1979-05-27T07:32:00", "9" * 400, '"' + "9" * 400 + ' ft"', '"0 kg"', '"nan ft"', '"\\u0000"',
    '"1 ft MSL"', '"FL999"', '["1 s"]', '["0 s", "0 s"]', "{ from = 1, to = 1 }", '"> "', '"<"', "'''\n'''", "[[[[]]]]",
]  # fmt: skip


def refusal(text: str) -> ShotError | None:
    try:
        parse_shot(text, "shot.toml")
    except ShotError as error:
        return error
    return None


def reads_or_is_refused(text: str) -> None:
    error = refusal(text)
    if error is None:
        return
    rows = text.count("\n") + 1
    assert error.problems
    for problem in error.problems:
        assert problem.file == "shot.toml"
        assert problem.found
        assert problem.expected
        assert problem.line is not None
        assert 1 <= problem.line <= rows
        assert str(problem).isprintable()
        assert len(str(problem)) < 2000


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A good shot with some rows gone, doubled, moved or replaced, and some values exchanged."""
    rows = draw(st.sampled_from(GOOD)).split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(rows) - 1))
        what = draw(
            st.sampled_from(["drop", "double", "swap", "row", "value", "value", "value", "key", "cut"])
        )
        if what == "drop" and len(rows) > 1:
            del rows[at]
        elif what == "double":
            rows.insert(at, rows[at])
        elif what == "swap":
            other = draw(st.integers(0, len(rows) - 1))
            rows[at], rows[other] = rows[other], rows[at]
        elif what == "row":
            rows[at] = draw(st.sampled_from(ROWS))
        elif what == "value":
            spots = list(re.finditer(r'"[^"\n]*"|[\d.]+', rows[at]))
            if spots:
                spot = draw(st.sampled_from(spots))
                new = draw(st.sampled_from(VALUES + ODD))
                rows[at] = rows[at][: spot.start()] + new + rows[at][spot.end() :]
        elif what == "key":
            rows[at] = re.sub(
                r"\w+(?= =)", draw(st.sampled_from(["name", "x", "mass", "from", "range"])), rows[at], count=1
            )
        else:
            rows[at] = rows[at][: draw(st.integers(0, len(rows[at])))]
    return "\n".join(rows)


@settings(max_examples=400, deadline=None)
@given(mutated())
def test_a_mutated_shot_reads_or_is_refused_in_words(text: str) -> None:
    reads_or_is_refused(text)


@settings(max_examples=200, deadline=None)
@given(st.text())
@example(
    "schema = 'onetake.shot/1'\nplace = 3\ncast = [1]\nbeat = 'x'\nweather = [[]]\ncamera = {}\nopening.pull = 1"
)
@example("schema = 'onetake.shot/1'\nbeat = [{after = 'a', name = 'a'}, {after = 1}, {name = []}]")
@example("'' = 1")
@example("a\r = 1")
def test_any_text_reads_or_is_refused_in_words(text: str) -> None:
    reads_or_is_refused(text)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400))
def test_any_bytes_are_refused_in_words(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "shot.toml"
    path.write_bytes(data)
    with pytest.raises(ShotError):
        read_shot(path)


leaves = (
    st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=20)
    | st.dates()
)
keys = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), min_size=1, max_size=6)
trees = st.dictionaries(
    keys,
    st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=12,
    ),
    max_size=5,
)


def paths(value: object, here: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    found = {here} if here else set()
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        found |= paths(inner, (*here, key))
    return found


@settings(max_examples=200, deadline=None)
@given(trees)
def test_every_path_of_any_toml_has_a_line(tree: dict[str, object]) -> None:
    text = tomlkit.dumps(tree)
    parsed = tomllib.loads(text)
    lines = scan(text)
    assert paths(parsed) <= set(lines.of)
    assert not lines.repeated
    rows = text.count("\n") + 1
    assert all(1 <= line <= rows for line in lines.of.values())


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(GOOD), st.integers(0, 6), st.data())
def test_comments_and_blank_rows_change_nothing(text: str, count: int, data: st.DataObject) -> None:
    rows = text.split("\n")
    headers = [i for i, row in enumerate(rows) if row.startswith("[")]
    for _ in range(count):
        rows.insert(
            data.draw(st.sampled_from(headers)), data.draw(st.sampled_from(["", "# a = 1", "  # [x]"]))
        )
        headers = [i for i, row in enumerate(rows) if row.startswith("[")]
    plain, padded = parse_shot(text), parse_shot("\n".join(rows))
    assert [beat.must[0].text for beat in plain.beats] == [beat.must[0].text for beat in padded.beats]
    assert (plain.cast, plain.camera, plain.opening) == (padded.cast, padded.camera, padded.opening)
    for beat in padded.beats:
        assert rows[beat.line - 1] == "[[beat]]"
        assert all(rows[c.line - 1].startswith("must") for c in beat.must)


@settings(max_examples=100, deadline=None)
@given(st.floats(36.0, 199.0), st.sampled_from(["kg", "lb", "st", "oz"]))
def test_a_mass_is_the_same_in_any_unit(mass_kg: float, unit: str) -> None:
    in_kg = {"kg": 1.0, "lb": 0.45359237, "st": 14 * 0.45359237, "oz": 0.45359237 / 16}[unit]
    text = GOOD[0].replace('mass = "80 kg"', f'mass = "{mass_kg / in_kg!r} {unit}"', 1)
    assert abs(parse_shot(text).operator().mass_kg - mass_kg) < 1e-9 * mass_kg
