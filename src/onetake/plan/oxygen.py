"""Oxygen: prebreathe and oxygen from the rule rows, useful consciousness, decompression and cold, each with its trust.

Planning aid only: a flight surgeon owns the oxygen plan.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from onetake.fly.scenario import height_agl_m
from onetake.jump import OxygenPlan
from onetake.jumper.physiology import (
    Told,
    blood_oxygen,
    decompression_risk,
    nitrogen_left,
    useful_consciousness,
    wind_chill,
)
from onetake.plan.findings import duty
from onetake.rules.checks import oxygen_aboard, prebreathe, prebreathe_rule
from onetake.rules.table import Checked, Finding, Row, find
from onetake.shot.file import Shot
from onetake.units import FT_M
from onetake.weather.column import Column

CABIN_EXPOSURE_S = 1200.0  # assumed: unpressurised climb and run above 18,000 ft, for the decompression risk
# what high exits want done on the day: (rule, from its own key)
_DUTIES = (
    ("mff.oxygen.console", "from_msl_m"),
    ("14cfr.91.211.crew", "from_cabin_m"),
    ("14cfr.91.211.spare", "from_pressure_altitude_m"),
    ("14cfr.61.31.pilot", "from_msl_m"),
)
_HIGH_DUTIES = ("mff.aircraft.depressurise", "mff.aircraft.swap")


@dataclass(frozen=True, slots=True, kw_only=True)
class Breath:
    """The oxygen of the plan, and what of it must be asked or stops."""

    plan: OxygenPlan
    findings: tuple[Finding, ...]


def plan_oxygen(
    shot: Shot, column: Column, *, exit_msl_m: float, pressure_altitude_m: float, checked: tuple[Checked, ...]
) -> Breath:
    """Prebreathe and oxygen for one exit.

    exit_msl_m geometric: the rules are held to it; pressure_altitude_m: physiology is. The prebreathe is that of the
    row, or the planned one where that is longer. Stops and asks come from the rows (`rules.checks`); every number of
    the body carries its confidence and source in the notes. Raises InputError for altitudes that are none.
    """
    oxygen = shot.oxygen
    start_msl_m = None
    if oxygen.start is not None:
        start_msl_m = height_agl_m(oxygen.start, shot, column) + shot.place.elevation_m
    row = prebreathe_rule(exit_msl_m)
    findings = oxygen_aboard(exit_msl_m=exit_msl_m, aboard=oxygen.aboard, checked=checked)
    findings += prebreathe(
        exit_msl_m=exit_msl_m,
        planned_s=oxygen.prebreathe_s,
        start_msl_m=start_msl_m,
        longest_break_s=oxygen.longest_break_s,
        checked=checked,
    )
    for rule, key in _DUTIES:
        level_m = pressure_altitude_m if key == "from_pressure_altitude_m" else exit_msl_m
        if level_m >= find(rule).number(key):
            findings += duty(rule, "aircraft", checked)
    if row is not None:
        for rule in _HIGH_DUTIES:
            findings += duty(rule, "oxygen", checked)
    return Breath(plan=_plan(shot, column, exit_msl_m, pressure_altitude_m, row), findings=findings)


def _plan(
    shot: Shot, column: Column, exit_msl_m: float, pressure_altitude_m: float, row: Row | None
) -> OxygenPlan:
    planned_s = shot.oxygen.prebreathe_s or 0.0
    needed_s = 0.0 if row is None else row.number("prebreathe_s")
    prebreathe_s = max(planned_s, needed_s)
    awake = useful_consciousness(pressure_altitude_m, exercise=True)
    cold = _cold(column, exit_msl_m, shot)
    notes = [
        _said("useful consciousness without oxygen, moving", awake, 1.0, "s"),
        _said("felt cold in the fall at exit height, a bound", cold, 1.0, "°C", -273.15),
    ]
    saturated = blood_oxygen(float(column.at(exit_msl_m).pressure_pa), 1.0)
    notes.append(_said("blood saturation on pure oxygen at exit height", saturated, 100.0, "%"))
    risk = None
    if row is not None:
        risk = decompression_risk(pressure_altitude_m, CABIN_EXPOSURE_S, prebreathe_s)
        notes.append(_said("decompression sickness, 20 min at exit height", risk, 100.0, "%"))
        left = nitrogen_left(prebreathe_s, shot.oxygen.longest_break_s or 0.0)
        notes.append(_said("nitrogen left in the slow tissue after the prebreathe", left, 100.0, "%"))
        notes.append(f"prebreathe row {row.id}: {needed_s / 60:.0f} min ({row.confidence}; {row.source})")
    for rule, key in (("mff.oxygen.supplemental", "from_msl_m"), ("uspa.oxygen.aboard", "from_msl_m")):
        if exit_msl_m >= find(rule).number(key):
            notes.append(f"{rule}: {find(rule).statement} ({find(rule).confidence})")
    return OxygenPlan(
        prebreathe_s=prebreathe_s,
        confidence="none needed" if row is None else row.confidence,
        source=f"no row asks for it below {find('mff.prebreathe.20000').number('from_msl_m') / FT_M:,.0f} ft"
        if row is None
        else f"{row.id}: {row.source}",
        notes=tuple(notes),
        useful_consciousness_s=(awake.low, awake.high),
        decompression_share=None if risk is None else (risk.low, risk.high),
        felt_cold_k=(cold.low, cold.high),
    )


def _cold(column: Column, exit_msl_m: float, shot: Shot) -> Told:
    air = column.at(exit_msl_m)
    speed_m_s = max(person.fall_rate.neutral_m_s for person in shot.cast)
    # in thin air the same drag needs more speed
    true_m_s = speed_m_s * (1.225 / float(air.density_kg_m3)) ** 0.5
    return wind_chill(float(air.temperature_k), true_m_s)


def _said(what: str, told: Told, scale: float, unit: str, shift: float = 0.0) -> str:
    low, high = told.low * scale + shift, told.high * scale + shift
    digits = 1 if unit == "%" and low < 10.0 else 0
    value = f"{low:.{digits}f} {unit}"
    if math.isinf(high) or (told.unit == "1" and told.low < told.high == 1.0):
        value = f"at least {value}"
    elif value != f"{high:.{digits}f} {unit}":
        value = f"{low:.{digits}f} to {high:.{digits}f} {unit}"
    caution = f"; {told.caution}" if told.caution else ""
    return f"{what}: {value} ({told.confidence}; {told.source}{caution})"
