"""Every way a shot file is wrong gives one clear message with the right line, and several come together."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest

from onetake.errors import InputError, Problem, ShotError
from onetake.shot import parse_shot, read_shot

GOOD = (Path(__file__).resolve().parents[3] / "examples/halo/shot.toml").read_text("utf-8")
# without comments, so that a test reads as what it changes
GOOD = "\n".join(re.sub(r"\s+# .*$", "", row) for row in GOOD.split("\n") if not row.startswith("#"))


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ShotError) as caught:
        parse_shot(text, "shot.toml")
    assert isinstance(caught.value, InputError)
    return caught.value.problems


def swapped(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def line(text: str, part: str) -> int:
    assert part in text
    return text[: text.index(part)].count("\n") + 1


def test_the_ground_of_these_tests_is_good() -> None:
    assert parse_shot(GOOD).title


# what is replaced, by what, and what the one message must say
CASES = {
    "a bare number": ('mass = "80 kg"', "mass = 80", "with its unit", 'Write "80 kg" or "80 lb"'),
    "negative mass": ('mass = "80 kg"', 'mass = "-80 kg"', "from 35 kg to 200 kg", 'Did you mean "80 kg"?'),
    "NaN": ('mass = "80 kg"', "mass = nan", "a mass", ""),
    "NaN in quotes": ('mass = "80 kg"', 'mass = "nan kg"', "a mass", ""),
    "infinity": ("lat_deg = 24.2", "lat_deg = inf", "from -90 to 90", ""),
    "a huge exponent": ('mass = "80 kg"', 'mass = "1e999 kg"', "a mass", ""),
    "a number of 5,000 digits in quotes": ('focal = "35 mm"', f'focal = "{"9" * 5000} ft"', "a length", "shorter"),
    "a truth as a number": ("f_number = 2.8", "f_number = true", "a number", ""),
    "a wrong unit": ('mass = "80 kg"', 'mass = "80 ft"', "a mass", "is a length, not a mass"),
    "a misspelt unit": ('mass = "80 kg"', 'mass = "80 kgs"', "a mass", "did you mean 'kg'?"),
    "a misspelt key": ('mass = "80 kg"', 'mas = "80 kg"', "one of: name, role, mass", "Did you mean mass?"),
    "a key with capitals": ('mass = "80 kg"', 'Mass = "80 kg"', "one of:", "Did you mean mass?"),
    "a key with its unit": ('mass = "80 kg"', 'mass_kg = "80 kg"', "one of:", "Did you mean mass?"),
    "a misspelt section": ("[aircraft]", "[aircarft]", "one of: schema, slate", "Did you mean aircraft?"),
    "an unknown key": ('run = "auto"', 'run = "auto"\nramp = true', "one of: type", ""),
    "a number for a word": ('gusts = "light"', "gusts = 1", '"none", "light"', ""),
    "a misspelt word": ('gusts = "light"', 'gusts = "lihgt"', '"none", "light"', 'Did you mean "light"?'),
    "a table for text": ('scene = "112A"', "scene = { a = 1 }", "text", ""),
    "text of two lines": ('scene = "112A"', 'scene = "1\\n2"', "one line of text", ""),
    "text for a table": ('fall_rate = { min = "112 mph", neutral = "120 mph", max = "140 mph", reference = "SAS" }',
                         'fall_rate = "120 mph"', "a table", ""),
    "latitude out of range": ("lat_deg = 24.2", "lat_deg = 124.2", "from -90 to 90", ""),
    "longitude out of range": ("lon_deg = 54.6", "lon_deg = 254.6", "from -180 to 180", ""),
    "a latitude in quotes": ("lat_deg = 24.2", 'lat_deg = "24.2"', "a number", "without quotes"),
    "an unknown time zone": ("Asia/Dubai", "Asia/Dubay", "IANA", 'Did you mean "Asia/Dubai"?'),
    "a time zone that is a folder": ("Asia/Dubai", "America", "IANA", ""),
    "a time zone that is a path": ("Asia/Dubai", "../../etc/passwd", "IANA", ""),
    "a day in year 1": ("date = 2011-10-11", "date = 0001-01-01", "between 1950 and 2100", ""),
    "a time as a day": ("date = 2011-10-11", "date = 2011-10-11T12:00:00Z", "a day", ""),
    "an exit time on another day": ("date = 2011-10-11", "date = 2011-10-11\nexit_time = 2011-10-12T13:00:00Z",
                                    "a time on 2011-10-11", "this is on 2011-10-12"),
    "a local exit time without a day": ("date = 2011-10-11", 'exit_time = "17:58:10"', "a date beside", "Add date"),
    "an exit time that is none": ("date = 2011-10-11", 'date = 2011-10-11\nexit_time = "dusk"', "a time", ""),
    "a huge picture rate": ('"24000/1001"', '"1e999999999"', "pictures a second", ""),
    "a picture rate over zero": ('"24000/1001"', '"24/0"', "pictures a second", ""),
    "a picture rate of nothing": ('"24000/1001"', '"0"', "pictures a second", "outside"),
    "no weather": ('sources = ["weather/gulf_2011-10-11T00.csv"]', "sources = []", "at least one profile", "without winds"),
    "the same weather twice": ('["weather/gulf_2011-10-11T00.csv"]', '["a.csv", "./a.csv"]', "once", "already on line"),
    "half a grid point": ('["weather/gulf_2011-10-11T00.csv"]', '[{ file = "a.csv", lat_deg = 25 }]', "together", ""),
    "a weather time without a zone": ('["weather/gulf_2011-10-11T00.csv"]',
                                      '[{ file = "a.csv", time = 2011-10-11T00:00:00 }]', "with its zone", "Z of UTC"),
    "a path with a null": ('"weather/gulf_2011-10-11T00.csv"', '"a\\u0000b"', "a path", ""),
    "an altitude above nothing": ('"25,000 ft MSL"', '"25,000 ft"', "above the sea", 'Write "25,000 ft MSL"'),
    "exit below ground": ('"25,000 ft MSL"', '"50 ft MSL"', "over the drop zone", ""),
    "exit below ground, above ground": ('"25,000 ft MSL"', '"-50 ft AGL"', "above the sea", "not above the ground"),
    "exit in space": ('"25,000 ft MSL"', '"250,000 ft MSL"', "up to 45 km", ""),
    "opening above exit": ('break_off = "6,500 ft AGL"', 'break_off = "26,000 ft MSL"', "under the exit", ""),
    "opening as a flight level": ('break_off = "6,500 ft AGL"', 'break_off = "FL065"', "above ground", ""),
    "pull above break-off": ('actor = "4,000 ft AGL"', 'actor = "6,600 ft AGL"', "not above the break-off", ""),
    "pull underground": ('actor = "4,000 ft AGL"', 'actor = "20 ft MSL"', "over the drop zone", ""),
    "pull of a stranger": ('actor = "4,000 ft AGL" }', 'actor = "4,000 ft AGL", tom = "4,000 ft AGL" }', "one of: operator, actor", ""),
    "pull of a misspelt one": ('actor = "4,000 ft AGL"', 'acter = "4,000 ft AGL"', "one of:", "Did you mean 'actor'?"),
    "no pull for one": ('pull = { operator = "5,000 ft AGL", actor = "4,000 ft AGL" }',
                        'pull = { operator = "5,000 ft AGL" }', "everybody", ""),
    "an AAD of a stranger": ('actor = "cypres_expert"', 'acktor = "cypres_expert"', "one of:", "Did you mean 'actor'?"),
    "giving up under break-off": ('no_mark_by = "8,000 ft AGL"', 'no_mark_by = "6,000 ft AGL"', "not under the break-off", ""),
    "giving up above exit": ('no_mark_by = "8,000 ft AGL"', 'no_mark_by = "FL300"', "above ground", ""),
    "no airspeed kind": ('"140 KIAS"', '"140 kt"', "an airspeed", ""),
    "an airspeed of zero": ('"140 KIAS"', '"0 KIAS"', "over 0 KIAS", ""),
    "a heading of 400": ('run = "auto"', 'run = "400 deg"', "from 0 to 360", ""),
    "two operators": ('role = "subject"', 'role = "operator"', "", ""),
    "the same name twice": ('name = "actor"', 'name = "Operator"', "", ""),
    "nobody first": ('at = "0 s"', 'at = "0.2 s"', "whoever leaves first", ""),
    "an exit before the exit": ('at = "0.4 s"', 'at = "-0.4 s"', "from 0 s", ""),
    "fall rates out of order": ('min = "112 mph"', 'min = "130 mph"', "min ≤ neutral ≤ max", ""),
    "skill that is empty": ('skill = "good"', "skill = {}", "a skill level", ""),
    "skill with a misspelt key": ('skill = "good"', 'skill = { dealy = "0.3 s" }', "one of: delay", "Did you mean delay?"),
    "skill with a bare delay": ('skill = "good"', "skill = { delay = 0.3 }", "with its unit", 'Write "0.3 s"'),
    "T under f": ("t_stop = 3.0", "t_stop = 2.0", "at least the f-number", ""),
    "closest focus inside the lens": ('minimum_focus = "3 ft"', 'minimum_focus = "10 cm"', "outside the lens", ""),
    "a datum without its length": ('datum = "image_plane"', 'datum = "lens_front"', "front_offset", "Add front_offset"),
    "a mark nearer than the lens": ('to = "hard stop"', 'to = "2 ft"', "at least the closest focus, 3'0\"", ""),
    "a mark that nothing starts": (', cue = { range = "5 ft" }', "", "either from", ""),
    "a first mark that is a pull": ('{ to = "hyperfocal", from = "exit" }', '{ to = "hyperfocal", cue = { range = "9 ft" }, rack = "1 s" }',
                                    'where the lens starts, from = "exit"', "stands first"),
    "a third pull": ('          { to = "hard stop"', '          { to = "9 ft", from = "9 s", rack = "1 s" }, { to = "5 ft", from = "19 s", rack = "1 s" }, { to = "hard stop"',
                     "at most 2 pulls", ""),
    "an instant rack": (', rack = "0.8 s"', "", "the time the rack takes", ""),
    "no focus marks": ('focus = [ { to = "hyperfocal", from = "exit" },\n          { to = "hard stop", cue = { range = "5 ft" }, rack = "0.8 s", by = "hand" } ]',
                       "focus = []", "at least 1", ""),
    "two lengths for three": ('["10 cm", "0 cm", "12 cm"]', '["10 cm", "0 cm"]', "forward, left and up", ""),
    "a window reversed": ('window = ["0 s", "8 s"]', 'window = ["8 s", "0 s"]', "earlier time first", '["0 s", "8 s"]'),
    "a window of one": ('window = ["0 s", "8 s"]', 'window = ["8 s"]', "two values", ""),
    "hold longer than window": ('hold = "1.5 s"', 'hold = "8.5 s"', "window of 8 s", ""),
    "hold longer than within": ('within = "60 s"\nhold = "4 s"', 'within = "60 s"\nhold = "70 s"', "window of 60 s", ""),
    "a hold of nothing": ('hold = "1.5 s"', 'hold = "0 s"', "over 0 s", ""),
    "allow the whole hold": ('allow = "0.2 s"', 'allow = "3 s"', "less than the hold", ""),
    "window and after": ('within = "60 s"', 'within = "60 s"\nwindow = ["0 s", "9 s"]', "either window", ""),
    "neither window nor after": ('window = ["0 s", "8 s"]', "", "either window", ""),
    "after a beat that is not": ('after = "approach"', 'after = "aproach"', "'out backwards', 'approach', 'mark'", "Did you mean 'approach'?"),
    "after itself": ('after = "approach"', 'after = "mark"', "a first beat", "Give 'mark' a window"),
    "circular beats": ('window = ["0 s", "8 s"]', 'after = "mark"\nwithin = "60 s"', "a first beat", "Give 'out backwards' a window"),
    "an always named like a beat": ('name = "no contact"', 'name = "mark"', "a name of its own", ""),
    "always backwards": ('from = "last exit"', 'from = "landing"', "an event before 'break-off'", ""),
    "an unknown event": ('from = "last exit"', 'from = "exit"', '"first exit", "last exit"', ""),
    "a trend for always": ('clearance = "> 4 in"', 'range = { from = "5 m", to = "1 m" }', "bounds or a word", ""),
    "no criteria": ('must = { clearance = "> 4 in" }', "must = {}", "at least one criterion", ""),
    "an unknown criterion": ('focus = "sharp"', 'focsu = "sharp"', "one of: range", "Did you mean focus?"),
    "a single value": ('range = ["3 ft", "150 ft"]', 'range = "3 ft"', "another of its form", "bounds [low, high]"),
    "a bound of another kind": ('range = ["3 ft", "150 ft"]', 'range = ["3 ft", "150 kg"]', "a length", "is a mass"),
    "bounds reversed": ('range = ["3 ft", "150 ft"]', 'range = ["150 ft", "3 ft"]', "the lower bound first", ""),
    "three bounds": ('range = ["3 ft", "150 ft"]', 'range = ["3 ft", "4 ft", "5 ft"]', "another of its form", ""),
    "a bound without its unit": ('clearance = "> 4 in"', 'clearance = "> 4"', "a length", 'Write "4 ft"'),
    "a bound above nothing": ('"> 7,000 ft AGL"', '"> 7,000 ft"', "above ground", 'Write "7,000 ft AGL"'),
    "bounds above two things": ('"> 7,000 ft AGL"', '["7,000 ft AGL", "9,000 ft MSL"]', "above the same", ""),
    "a unit on a share": ("size = [0.25, 0.7]", 'size = [0.25, "30 in"]', "without a unit", ""),
    "a number for a criterion's word": ('focus = "sharp"', "focus = 3", "a word", ""),
    "a trend that goes nowhere": ("{ from = 0.03, to = 0.15 }", "{ from = 0.15, to = 0.15 }", "two different values", ""),
    "half a trend": ("{ from = 0.03, to = 0.15 }", "{ from = 0.03 }", "a trend: { from", ""),
    "an exposure nobody set": ("exposure = { ei = 800, shutter_deg = 180, nd_stops = 0, within_stops = 1 }\n", "",
                               "an exposure in [camera]", "Add exposure"),
    "a word for yes": ("aboard = true", 'aboard = "yes"', "true or false", ""),
    "yes in quotes": ("aboard = true", 'aboard = "true"', "true or false", "without quotes: true"),
    "half a jump": ("jumps = 600", "jumps = 600.5", "a whole number", ""),
    "a newer version": ("onetake.shot/1", "onetake.shot/2", "or older", "newer than this onetake"),
    "another format": ("onetake.shot/1", "onetake.take/1", 'schema = "onetake.shot/1"', ""),
    "a version of words": ("onetake.shot/1", "onetake.shot/one", 'schema = "onetake.shot/1"', ""),
    "a check without a name": ("checked = []", 'checked = [{ rule = "x", date = 2026-01-02 }]', "by", "Add by"),
    # TOML itself
    "no quotes": ('mass = "80 kg"', "mass = 80 kg", "the end of the line", 'mass = "80 kg"'),
    "one quote": ('mass = "80 kg"', 'mass = "80 kg', "inside quotes", "A quotation mark is missing"),
    "curly quotes": ('mass = "80 kg"', "mass = “80 kg”", "a value", "plain quotation marks"),
    "a colon": ('mass = "80 kg"', 'mass: "80 kg"', "key = value", "equals sign"),
    "a key twice": ('mass = "80 kg"', 'mass = "80 kg"\nmass = "81 kg"', "once", "already on line"),
    "a section twice": ("[abort]", "[abort]\n[camera]", "once", "already on line"),
    "a header left open": ("[abort]", "[abort", "a header", ""),
    "no quotes before a comment": ('type = "C-17"', "type = C-17", "a value: text in quotes", 'Put the value in quotes: type = "C-17"'),
    "a month that is not": ("date = 2011-10-11", "date = 2011-13-11", "a date that exists", "no such day"),
    "a day that is not": ("date = 2011-10-11", "date = 2011-02-30", "a date that exists", ""),
    "a table over two lines": ('{ clearance = "> 4 in" }', '{ clearance = "> 4 in",\n}', "", "on one line"),
    "an escape of the terminal": ('scene = "112A"', "scene = \x1b[31m", "a value", "\\u001b"),
    "a control character": ('scene = "112A"', 'scene = "1\x00"', "control characters", ""),
}  # fmt: skip


MORE = {"two operators", "the same name twice"}  # one slip, said from both of its sides
AT = {  # the message stands elsewhere than the slip
    "a misspelt section": "[aircarft]",
    "nobody first": 'at = "0.2 s"',
    "a mark that nothing starts": '{ to = "hard stop"',
    "an instant rack": '{ to = "hard stop"',
    "an exposure nobody set": 'exposure = "ok"',
    "neither window nor after": "[[beat]]",
    "no pull for one": "pull =",
}


@pytest.mark.parametrize("case", CASES)
def test_one_message_at_the_right_line(case: str) -> None:
    old, new, expected, fix = CASES[case]
    text = swapped(old, new)
    first = line(text, AT[case]) if case in AT else GOOD[: GOOD.index(old)].count("\n") + 1
    last = first if case in AT else first + new.count("\n")
    found = problems(text)
    assert len(found) == 1 or case in MORE
    assert any(
        expected in problem.expected and fix in problem.fix and first <= (problem.line or 0) <= last
        for problem in found
    ), found


def test_several_errors_come_together_in_the_order_of_lines() -> None:
    text = GOOD
    for old, new in (
        ('mass = "80 kg"', 'mass = "-80 kg"'),
        ('run = "auto"', 'ran = "auto"'),
        ('after = "approach"', 'after = "aproach"'),
        ('hold = "4 s"', "hold = 4"),
        ('role = "subject"', 'role = "operator"'),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    found = problems(text)
    lines = [problem.line for problem in found]
    assert lines == sorted(lines, key=lambda number: number or 0)
    for part in ("-80 kg", "ran =", "aproach", "hold = 4"):
        assert line(text, part) in lines, part
    assert {"no subject in the cast", "a second operator"} <= {problem.found for problem in found}
    assert str(ShotError(found)).count("\n") == len(found) - 1


def test_every_message_has_all_its_parts() -> None:
    for old, new, *_ in CASES.values():
        for problem in problems(swapped(old, new)):
            assert problem.found
            assert problem.expected
            assert problem.line
            assert str(problem).isprintable()
            assert len(str(problem)) < 600


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "\ufeff"])
def test_empty(text: str) -> None:
    (problem,) = problems(text)
    assert (problem.found, problem.line) == ("nothing", 1)


def test_one_line_lists_all_that_is_missing() -> None:
    found = problems('schema = "onetake.shot/1"')
    missing = ("slate", "place", "weather", "aircraft", "cast", "camera", "beat", "opening")
    assert [problem.found for problem in found] == [f"no {name} in the file" for name in missing]


def test_no_beats() -> None:
    text = re.sub(r"\[\[beat\]\].*?(?=\[\[always)", "", GOOD, flags=re.DOTALL)
    (problem,) = problems(text)
    assert problem.found == "no beat in the file"
    assert problems(text.replace("[slate]", "beat = []\n[slate]"))[0].expected == "at least one [[beat]]"


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 100_000,
        "x = " + "[" * 20 + "]" * 20,
        "x = " + "{a=" * 50_000,
        "x = " + "[{a=" * 50_000,
        ".".join("a" * 50_000) + " = 1",
        "[" + ".".join("a" * 50_000) + "]",
        "\n" * 7 + "[[" + ".".join(["'a'"] * 50_000) + "]]",
    ],
)
def test_deep_nesting_is_turned_away_at_once(text: str) -> None:
    begin = time.perf_counter()
    (problem,) = problems(text)
    assert "deep" in problem.found
    assert problem.line == text.index(text.strip()[0]) + 1
    assert time.perf_counter() - begin < 2.0


def test_many_sections_do_not_hang() -> None:
    begin = time.perf_counter()
    problems("[[beat]]\n" * 20_000 + "x = " + "9" * 5000)
    problems(GOOD + "\n[[beat]]\n" * 10_000)
    assert time.perf_counter() - begin < 10.0


def read_problem(path: Path) -> Problem:
    with pytest.raises(ShotError) as caught:
        read_shot(path)
    (problem,) = caught.value.problems
    return problem


def test_missing_file(tmp_path: Path) -> None:
    problem = read_problem(tmp_path / "shto.toml")
    assert "no file of that name" in problem.found
    assert "onetake new" in problem.fix
    (tmp_path / "shot.toml").touch()
    assert f"Did you mean {tmp_path / 'shot.toml'}?" in read_problem(tmp_path / "shto.toml").fix
    assert "no file of that name" in read_problem(tmp_path / "no" / "folder.toml").found


def test_a_folder(tmp_path: Path) -> None:
    assert read_problem(tmp_path).found == "a folder"
    (tmp_path / "shot.toml").touch()
    assert "shot.toml" in read_problem(tmp_path).fix


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    assert "a pipe" in read_problem(tmp_path / "pipe.toml").found


@pytest.mark.parametrize("name", ["a\x00b.toml", "x" * 5000 + ".toml"])
def test_a_name_no_file_can_have(name: str) -> None:
    assert read_problem(Path(name)).expected == "a shot file"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "shot.toml"
    path.touch(mode=0o000)
    assert "cannot be opened" in read_problem(path).found


def test_not_utf8_says_where(tmp_path: Path) -> None:
    path = tmp_path / "shot.toml"
    path.write_bytes(GOOD.replace('"112A"', '"112Ä"').encode("latin-1"))
    problem = read_problem(path)
    assert problem.line == line(GOOD, '"112A"')
    assert "0xc4" in problem.found
    assert "UTF-8" in problem.fix
    path.write_bytes(GOOD.encode("utf-16"))
    assert read_problem(path).line == 1


def test_a_hundred_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "shot.toml"
    with path.open("wb") as stream:
        stream.truncate(100 * 2**20)
    begin = time.perf_counter()
    problem = read_problem(path)
    assert "104,857,600 bytes" in problem.found
    assert time.perf_counter() - begin < 1.0


def test_an_open_bracket_says_where_it_was_opened() -> None:
    text = swapped('by = "hand" } ]', 'by = "hand" }')
    (problem,) = problems(text)
    assert f"opened on line {line(text, 'focus = [')}" in problem.fix


def test_a_long_row_is_shown_where_it_went_wrong() -> None:
    (problem,) = problems(swapped('sun = ["-2 deg", "1 deg"]', 'sun = ["-2 deg", 1 deg]'))
    assert 'sun = ["-2 deg", 1 deg' in problem.found


def test_every_circle_is_told_once() -> None:
    text = swapped('window = ["0 s", "8 s"]', 'after = "mark"\nwithin = "60 s"')
    (problem,) = problems(text)
    assert "'out backwards' after 'mark' after 'approach' after 'out backwards'" in problem.found
    assert problem.line == line(text, 'after = "mark"')


@pytest.mark.parametrize(("day", "clock"), [("2026-03-08", "02:30:00"), ("2026-11-01", "01:30:00")])
def test_a_local_time_that_clocks_skip_or_repeat(day: str, clock: str) -> None:
    text = swapped("Asia/Dubai", "America/New_York")
    text = text.replace("date = 2011-10-11", f'date = {day}\nexit_time = "{clock}"')
    (problem,) = problems(text)
    assert "happens once" in problem.expected
    assert "Clocks change in America/New_York" in problem.fix


def test_no_operator() -> None:
    (problem, other) = problems(swapped('role = "operator"', 'role = "subject"'))
    assert problem.found == "no operator in the cast"
    assert (other.found, other.expected) == (
        "a second subject",
        f"one subject, on line {line(GOOD, 'role = ')}",
    )


def test_nobody() -> None:
    text = re.sub(r"\[\[cast\]\].*?(?=\[camera\])", "", GOOD, flags=re.DOTALL)
    assert problems(text)[0].found == "no cast in the file"
    found = {problem.found for problem in problems("cast = []\n" + text)}
    assert "no operator in the cast" in found


def test_a_beat_stands_below_the_one_it_follows() -> None:
    turned = swapped('after = "approach"\nwithin = "30 s"', 'window = ["0 s", "60 s"]').replace(
        'after = "out backwards"', 'after = "mark"'
    )
    (problem,) = problems(turned)
    assert problem.line == line(turned, 'after = "mark"')
    assert "a beat that stands above it" in str(problem)
    assert "Move 'approach' below 'mark'." in str(problem)
