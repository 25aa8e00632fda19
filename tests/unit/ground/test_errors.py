"""The text of errors is the whole message."""

from __future__ import annotations

from onetake.errors import Problem, ShotError


def test_a_problem_says_where_what_and_how_to_mend_it() -> None:
    problem = Problem("shot.toml", 12, "`focl`", "`focal`", "did you mean focal?")
    assert str(problem) == "shot.toml:12: found `focl`; expected `focal`. did you mean focal?"
    assert (
        str(Problem("shot.toml", None, "nothing", "[slate]")) == "shot.toml: found nothing; expected [slate]"
    )


def test_a_shot_error_reports_all_problems_together() -> None:
    problems = [Problem("a.toml", line, "x", "y") for line in (1, 5)]
    error = ShotError(problems)
    assert error.problems == tuple(problems)
    assert str(error).splitlines() == ["a.toml:1: found x; expected y", "a.toml:5: found x; expected y"]
