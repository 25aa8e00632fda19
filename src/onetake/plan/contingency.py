"""Contingency: what goes wrong, what is done, at which height, and who calls it.

Heights above the drop zone. Numbers that the plan computed say so; decision heights and aircraft practice are
recalled from the Skydiver's Information Manual and ask until somebody has read them (`plan.decision_height`,
`plan.aircraft_emergency`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from onetake.fly.scenario import height_agl_m
from onetake.jump import Contingency, OxygenPlan
from onetake.plan.drift import canopy_ride, time_between_s
from onetake.plan.fall import Fall
from onetake.plan.findings import question
from onetake.plan.people import licence_of
from onetake.rules.checks import minimum_opening
from onetake.rules.table import Finding, find
from onetake.shot.file import Shot
from onetake.units import FT_M
from onetake.weather.column import Column

# SIM 4-1 and 5-1, recalled: decide and act on a malfunction by these heights
DECISION_FT = {"student": 2500.0, "A": 2500.0, "B": 1800.0, "C": 1800.0, "D": 1800.0}
DECISION_SOURCE = "USPA SIM 5-1, recalled"
# SIM 5-1, recalled: below it stay with the aircraft, above the second leave on the main
AIRCRAFT_STAY_FT, AIRCRAFT_MAIN_FT = 1000.0, 2000.0
SAFE_MSL_M = 3048.0  # 10,000 ft: above it supplemental oxygen, mff.oxygen.supplemental


def decision_agl_m(licence: str | None) -> float:
    """Height to have decided on a malfunction: 2,500 ft for students and A licences, 1,800 ft from B on.

    An unknown licence gets the higher. Recalled from the SIM, so the plan asks (`plan.decision_height`).
    """
    return DECISION_FT.get(licence or "A", DECISION_FT["A"]) * FT_M


@dataclass(frozen=True, slots=True, kw_only=True)
class HighOpening:
    """A parachute that opens at the exit: seconds down to 10,000 ft MSL and to the ground, and where it comes down.

    centre_enu_m: landing without gliding, from the drop zone; reach_m: how far it can glide from there.
    """

    to_safe_s: float
    to_ground_s: float
    centre_enu_m: tuple[float, float]
    reach_m: float

    @property
    def beyond_m(self) -> float:
        """How far from the drop zone it must land at best; 0 when it can come home."""
        return max(0.0, math.hypot(*self.centre_enu_m) - self.reach_m)


def high_opening(fall: Fall, shot: Shot, column: Column) -> HighOpening:
    """The worst of both people opening right at the exit, in the planned winds. Error: sink ±20 %, winds."""
    found = []
    for person in fall.people:
        place = person.position_enu_m(person.exit_s)
        ride = canopy_ride(person.jumper, float(place[2]), shot, column)
        centre = place[:2] + ride.drift_enu_m
        found.append(
            HighOpening(
                to_safe_s=time_between_s(
                    person.jumper, float(place[2]), SAFE_MSL_M - shot.place.elevation_m, shot, column
                ),
                to_ground_s=ride.time_s,
                centre_enu_m=(float(centre[0]), float(centre[1])),
                reach_m=ride.reach_m,
            )
        )
    return max(found, key=lambda one: (one.to_safe_s, one.beyond_m))


def safe_in_fall_s(fall: Fall, shot: Shot) -> float:
    """Seconds in freefall from the exit to 10,000 ft MSL, the longer of both people; 0 for a lower exit."""
    level_m = SAFE_MSL_M - shot.place.elevation_m
    times = []
    for person in fall.people:
        below_s = person.below_s(level_m)
        times.append(0.0 if below_s is None else max(0.0, below_s - person.exit_s))
    return max(times)


def bearing_text(east_m: float, north_m: float) -> str:
    """Distance and bearing from the drop zone: `3.2 km at 245°`."""
    return f"{math.hypot(east_m, north_m) / 1000:.1f} km at {math.degrees(math.atan2(east_m, north_m)) % 360:03.0f}°"


def contingencies(shot: Shot, column: Column, fall: Fall, oxygen: OxygenPlan) -> tuple[Contingency, ...]:
    """The table of contingencies, from the exit down."""
    exit_agl_m = fall.scenario.leaving.position_enu_m[2]
    high = exit_agl_m + shot.place.elevation_m >= find("uspa.oxygen.aboard").number("from_msl_m")
    rows = [_aircraft()]
    if high or shot.oxygen.aboard:
        rows += _oxygen(shot, fall, oxygen, exit_agl_m)
    rows.append(_fogged(shot, exit_agl_m))
    rows += [_premature(shot, column, fall, oxygen, exit_agl_m, high=high)]
    return (*rows, *_in_the_fall(shot, column), *_under_canopy(shot))


def contingency_findings(shot: Shot, column: Column, fall: Fall) -> tuple[Finding, ...]:
    """What must be asked before the table may be relied on."""
    heights = ", ".join(
        f"{person.name} {decision_agl_m(licence_of(person)) / FT_M:,.0f} ft" for person in shot.cast
    )
    found = question(
        shot, "plan.decision_height", f"decision heights for a malfunction ({heights} AGL): {DECISION_SOURCE}"
    )
    found += question(
        shot,
        "plan.aircraft_emergency",
        f"aircraft emergency: stay below {AIRCRAFT_STAY_FT:,.0f} ft, main from {AIRCRAFT_MAIN_FT:,.0f} ft AGL "
        f"({DECISION_SOURCE}); brief this aircraft's own",
    )
    exit_agl_m = fall.scenario.leaving.position_enu_m[2]
    if exit_agl_m + shot.place.elevation_m >= find("mff.oxygen.pure").number("from_msl_m"):
        opened = high_opening(fall, shot, column)
        need_min = math.ceil((opened.to_safe_s + find("mff.aircraft.swap").number("lead_s")) / 60)
        found += question(
            shot,
            "plan.bail_out",
            f"bail-out oxygen: a parachute open at the exit takes {opened.to_safe_s / 60:.0f} min to 10,000 ft; do the "
            f"bottles last {need_min} min from the change-over?",
        )
    return found


def _aircraft() -> Contingency:
    return Contingency(
        case="aircraft emergency",
        action=f"below {AIRCRAFT_STAY_FT:,.0f} ft stay and brace; to {AIRCRAFT_MAIN_FT:,.0f} ft leave on the reserve; above "
        "on the main; hoses off first",
        altitude_m=AIRCRAFT_STAY_FT * FT_M,
        caller="pilot in command",
        confidence="recalled",
    )


def _oxygen(shot: Shot, fall: Fall, oxygen: OxygenPlan, exit_agl_m: float) -> list[Contingency]:
    low_s, high_s = oxygen.useful_consciousness_s or (0.0, 0.0)
    down_s = safe_in_fall_s(fall, shot)
    void_min = find("mff.prebreathe.unbroken").number("break_s") / 60
    margin_s = low_s - down_s
    again = ""
    if oxygen.prebreathe_s > 0:
        again = f"{void_min:.0f} min or more on air: the prebreathe of {oxygen.prebreathe_s / 60:.0f} min starts again; "
    # below 18,000 ft no time of useful consciousness is tabulated: the range is a lower bound
    awake = f"{low_s:.0f} s at least" if math.isinf(high_s) else f"{low_s:.0f} to {high_s:.0f} s"
    said = f"awake {awake} if moving, {down_s:.0f} s of fall to 10,000 ft: margin {margin_s:+.0f} s"
    return [
        Contingency(
            case="oxygen failure before exit",
            action=f"nobody exits; back on aircraft oxygen; {again}symptoms: descend and land",
            altitude_m=exit_agl_m,
            caller="anybody",
            confidence="read",
        ),
        Contingency(
            case="oxygen failure in the fall",
            action=f"end the shot, signal, fall on into thicker air, never open high; {said}",
            altitude_m=exit_agl_m,
            caller="who has it",
        ),
    ]


def _fogged(shot: Shot, exit_agl_m: float) -> Contingency:
    safe_agl_m = SAFE_MSL_M - shot.place.elevation_m
    lift = "lift it below 10,000 ft MSL" if exit_agl_m > safe_agl_m else "lift it"
    return Contingency(
        case="fogged mask or visor",
        action=f"stop closing at once, open the distance, hold heading, fall straight; {lift}; "
        "open by the audible; no height readable: open at the first tone",
        altitude_m=min(safe_agl_m, exit_agl_m),
        caller="who cannot see",
        confidence="practice",
    )


def _premature(
    shot: Shot, column: Column, fall: Fall, oxygen: OxygenPlan, exit_agl_m: float, *, high: bool
) -> Contingency:
    opened = high_opening(fall, shot, column)
    low_s = (oxygen.useful_consciousness_s or (0.0, 0.0))[0]
    where = f"without gliding lands {bearing_text(*opened.centre_enu_m)} of the drop zone"
    if opened.beyond_m > 0:
        where += f", at best {opened.beyond_m / 1000:.1f} km short of it: send the search there"
    else:
        where += f", can glide {opened.reach_m / 1000:.1f} km: home is in reach"
    breath = ""
    if high:
        margin_s = low_s - opened.to_safe_s
        breath = (
            f"{opened.to_safe_s / 60:.0f} min to 10,000 ft: keep the mask on; without oxygen the margin is "
            f"{margin_s / 60:+.0f} min; "
        )
    return Contingency(
        case="premature opening at exit",
        action=f"{breath}{opened.to_ground_s / 60:.0f} min to the ground; {where}; the other leaves the line at once "
        "and jumps alone; spiral down only if sure of the canopy",
        altitude_m=exit_agl_m,
        caller="jumpmaster to ground by radio",
    )


def _in_the_fall(shot: Shot, column: Column) -> list[Contingency]:
    break_m = height_agl_m(shot.opening.break_off, shot, column)
    lost_s = shot.abort.lost_sight_s
    after = "at once" if lost_s is None else f"for {lost_s:g} s"
    rows = [
        Contingency(
            case="lost partner or lost sight",
            action=f"not seen {after}: the shot is over; stop closing, look below and behind, do not search by "
            "moving; at break-off turn and track on your own side; open at your own height",
            altitude_m=break_m,
            caller="who lost sight",
            confidence="practice" if lost_s is None else "shot file",
        )
    ]
    if shot.abort.no_mark_by is not None:
        low_m = height_agl_m(shot.abort.no_mark_by, shot, column)
        rows.insert(
            0,
            Contingency(
                case="no mark in time",
                action="not on the mark by this height: give up the take, turn and track",
                altitude_m=low_m,
                caller="either, by signal",
                confidence="shot file",
            ),
        )
    return rows


def _under_canopy(shot: Shot) -> list[Contingency]:
    decide = {person.name: decision_agl_m(licence_of(person)) for person in shot.cast}
    lowest = {person.name: minimum_opening(licence_of(person)) for person in shot.cast}
    decide_said = ", ".join(f"{name} {height / FT_M:,.0f} ft" for name, height in decide.items())
    deck_said = ", ".join(
        f"{name} {row.number('height_agl_m') / FT_M:,.0f} ft" for name, row in lowest.items()
    )
    read = all(row.trusted for row in lowest.values())
    highest_m = max(decide.values())
    return [
        Contingency(
            case="malfunction of the main",
            action=f"decide and act by {decide_said} AGL: cut away, then reserve; below that no cutaway: reserve, "
            "steer what flies",
            altitude_m=highest_m,
            caller="the jumper",
            confidence="recalled",
        ),
        Contingency(
            case="two canopies out",
            action="flying straight together: brakes stowed, steer the front or larger one gently, land both; "
            "downplane: cut away the main; tangled: clear it if you can, keep both; no cutaway below this",
            altitude_m=highest_m,
            caller="the jumper",
            confidence="recalled",
        ),
        Contingency(
            case="hard deck",
            action=f"nothing open by {deck_said} AGL: reserve at once, whatever the reason; do not wait for the AAD",
            altitude_m=max(row.number("height_agl_m") for row in lowest.values()),
            caller="the jumper",
            confidence="read" if read else "recalled",
        ),
    ]
