from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetake.errors import ChoiceError, InputError, ReadError
from onetake.jump import Ask, Stop
from onetake.rules.table import LICENCES, TRUSTED, Checked, Row, answered, find, read_rows, rows, verdict

TODAY = date(2024, 5, 1)
HEAD = 'schema = "onetake.rules/1"\nauthority = "club"\nowner = "chief"\n'
RULE = HEAD + (
    '[[rule]]\nid = "x"\ntopic = "t"\nstrength = "law"\nstatement = "Do."\nvalues = { height_agl_m = 1.0 }\n'
    'confidence = "read"\nsource = "book"\nurl = "https://example.org"\n'
)


def one(confidence: str) -> Row:
    return next(row for row in rows() if row.confidence == confidence)


def test_every_row_says_who_what_and_where() -> None:
    table = rows()
    assert len(table) > 60
    assert len({row.id for row in table}) == len(table)
    for row in table:
        assert row.statement.endswith((".", ":")), row.id
        assert row.url.startswith("http")
        assert row.owner
        for key, value in row.values.items():
            if key == "licence":
                assert value in LICENCES
            else:
                assert isinstance(value, int | float)
                dimensionless = (
                    "jumps",
                    "oxygen_jumps",
                    "landings",
                    "bulletin",
                    "conditions",
                    "jumpers_per_technician",
                )
                assert key in dimensionless or key.endswith(("_m", "_s", "_kg", "_m_s")), (
                    f"{row.id}: {key} has no unit"
                )


def test_a_row_never_claims_more_than_the_survey_read(shared: Path) -> None:
    # numbers that the survey of rules only recalled must not be called read here, unless they were read since
    survey = tomllib.loads((shared / "rules" / "military_mff.toml").read_text("utf-8"))
    for entry, rule in zip(survey["prebreathe"], ("20000", "25000", "30000", "35000"), strict=True):
        row = find(f"mff.prebreathe.{rule}")
        assert row.confidence == entry["confidence"] == "recalled"
        assert row.number("prebreathe_s") == entry["minutes"] * 60
        assert row.number("from_msl_m") == pytest.approx(entry["from_ft"] * 0.3048)
    survey = tomllib.loads((shared / "rules" / "uspa.toml").read_text("utf-8"))
    for entry in survey["min_opening_altitude"]:
        who = {"student_or_A": "student_a", "C_or_D": "c_d"}.get(entry["who"], entry["who"].lower())
        row = find(f"uspa.opening.{who}")
        assert row.confidence == entry["confidence"]
        assert row.number("height_agl_m") == pytest.approx(entry["ft_agl"] * 0.3048)


@pytest.mark.parametrize("confidence", ["recalled", "to_find"])
@pytest.mark.parametrize("broken", [True, False, None])
def test_a_row_nobody_read_asks_whatever_the_fact(confidence: str, broken: bool | None) -> None:
    row = one(confidence)
    (finding,) = verdict(row, item="operator", broken=broken, found="a fact")
    assert isinstance(finding, Ask)
    assert finding.rule == row.id
    assert finding.owner == row.owner
    assert row.source in finding.item


@given(st.sampled_from(rows()), st.sampled_from([True, False, None]))
def test_only_a_kept_row_that_somebody_read_says_nothing(row: Row, broken: bool | None) -> None:
    for checked in ((), (Checked(rule=row.id, by="chief instructor", on=TODAY),)):
        findings = verdict(row, item="jump", broken=broken, found="fact", checked=checked)
        silent = broken is False and (row.confidence in TRUSTED or bool(checked))
        assert (findings == ()) == silent
        if broken is True and (row.confidence in TRUSTED or checked):
            assert isinstance(findings[0], Stop)


def test_a_check_answers_its_own_rule_only() -> None:
    row, other = find("uspa.opening.c_d"), find("uspa.opening.tandem")
    check = Checked(rule=other.id, by="chief instructor", on=TODAY)
    assert not answered(row, [check])
    assert isinstance(verdict(row, item="a", broken=False, found="f", checked=[check])[0], Ask)


def test_a_check_needs_a_rule_and_a_name() -> None:
    with pytest.raises(ChoiceError, match=r"did you mean 'uspa\.opening\.c_d'"):
        Checked(rule="uspa.opening.cd", by="chief instructor", on=TODAY)
    with pytest.raises(InputError, match="names nobody"):
        Checked(rule="uspa.opening.c_d", by="  ", on=TODAY)


def test_lookups_say_what_there_is() -> None:
    with pytest.raises(ChoiceError, match="US DoD"):
        rows("USPB")
    with pytest.raises(ChoiceError, match="height_agl_m"):
        find("uspa.opening.b").number("height_m")
    with pytest.raises(ChoiceError, match="licence"):
        find("uspa.altitude.high").number("licence")
    assert {row.authority for row in rows("USPA")} == {"USPA"}


def test_a_good_table_reads() -> None:
    (row,) = read_rows(RULE, "club.toml")
    assert row.number("height_agl_m") == 1.0
    assert row.owner == "chief"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "schema"), ("\x00", "not TOML"), ("schema = 3", "schema"), (HEAD, r"no \[\[rule\]\]"),
        (HEAD + "rule = 4", r"no \[\[rule\]\]"), (HEAD + "rule = [4]", "written as"),
        (RULE.replace('source = "book"', ""), "source is missing"), (RULE.replace('"read"', '"seen"'), "no confidence"),
        (RULE.replace('"law"', '"laws"'), "did you mean 'law'"), (RULE.replace('"Do."', "7"), "statement"),
        (RULE.replace("1.0 }", "nan }"), "neither a finite number"), (RULE.replace("1.0 }", '"low" }'), "neither"),
        (RULE.replace("1.0 }", "true }"), "neither"), (RULE.replace("{ height_agl_m = 1.0 }", "3"), "not a table"),
        (RULE + "colour = 1\n", "unknown key 'colour'"), (RULE.replace('authority = "club"\n', ""), "authority"),
    ],
)  # fmt: skip
def test_a_rubbish_table_is_refused_with_its_file(text: str, says: str) -> None:
    with pytest.raises(ReadError, match=says) as error:
        read_rows(text, "club.toml")
    assert str(error.value).startswith("club.toml")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(ReadError):
        read_rows(text, "club.toml")
