"""Findings: stops and asks of a plan, and how a person's word answers an ask.

A question of a rule row goes through `rules.table.verdict`. What no row holds (the wind, the clock, a decision
height) is asked here under the plan's own names, so that it too can be answered in `[clearance] checked`.
"""

from __future__ import annotations

from collections.abc import Iterable

from onetake.jump import Ask, Status, Stop
from onetake.rules.table import Checked, Finding, answered, find, rows
from onetake.seams import unknown
from onetake.shot.file import Shot

# what the plan itself asks: name -> who answers
QUESTIONS = {
    "weather.one-profile": "meteorologist",
    "weather.hours-off": "meteorologist",
    "weather.time-unknown": "meteorologist",
    "weather.lead-unknown": "meteorologist",
    "weather.long-lead": "meteorologist",
    "weather.above-table": "meteorologist",
    "weather.held": "meteorologist",
    "plan.date": "stunt coordinator",
    "plan.exit_time": "stunt coordinator",
    "plan.landing": "jumpmaster",
    "plan.ground_wind": "jumpmaster",
    "plan.bail_out": "physiology technician",
    "plan.decision_height": "safety and training advisor",
    "plan.aircraft_emergency": "pilot in command",
    "plan.aad": "rigger",
    "plan.licence": "safety and training advisor",
    "plan.nominal": "stunt coordinator",
    "plan.level": "stunt coordinator",
}


def checks(shot: Shot) -> tuple[Checked, ...]:
    """The rule rows that somebody has checked, by the shot file.

    Raises ChoiceError for a rule that exists neither in the tables nor among the plan's own questions.
    """
    for entry in shot.checked:
        known_rule(entry.rule)
    return tuple(
        Checked(rule=entry.rule, by=entry.by, on=entry.date)
        for entry in shot.checked
        if entry.rule not in QUESTIONS
    )


def known_rule(rule: str) -> None:
    """Raise ChoiceError for what is neither a rule of the tables nor a question of the plan's own."""
    known = (*(row.id for row in rows()), *QUESTIONS)
    if rule not in known:
        raise unknown(rule, known, "rule to check")


def question(shot: Shot, rule: str, item: str) -> tuple[Finding, ...]:
    """Ask one of the plan's own questions, unless a named person has answered it."""
    if any(entry.rule == rule for entry in shot.checked):
        return ()
    return (Ask(item=item, owner=QUESTIONS[rule], rule=rule),)


def duty(rule: str, item: str, checked: Iterable[Checked]) -> tuple[Finding, ...]:
    """Ask for what a rule wants done on the day, which no file can know, until a named person has seen to it."""
    row = find(rule)
    if answered(row, checked):
        return ()
    unread = "" if row.trusted else f" Not read at its source ({row.confidence}): {row.url}"
    return (
        Ask(
            item=f"{item}: {row.statement} ({row.authority}: {row.source}){unread}",
            owner=row.owner,
            rule=row.id,
        ),
    )


def settle(findings: Iterable[Finding]) -> tuple[Status, tuple[Stop, ...], tuple[Ask, ...]]:
    """Status and the two lists, each said once, in the order found. Software never says go."""
    unique = tuple(dict.fromkeys(findings))
    stops = tuple(finding for finding in unique if isinstance(finding, Stop))
    asks = tuple(finding for finding in unique if isinstance(finding, Ask))
    status: Status = "stop" if stops else "ask" if asks else "no_stop_found"
    return status, stops, asks
