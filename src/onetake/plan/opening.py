"""Opening: where each person pulls and is open, how far apart at line stretch, and heights as an altimeter shows them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onetake.fly.scenario import altimeter_reads_m, height_agl_m, height_read_m
from onetake.jump import HeightMark, Opening
from onetake.jumper.canopy import Aad, aad, likely_opening
from onetake.plan.contingency import decision_agl_m
from onetake.plan.fall import Fall, Person
from onetake.plan.findings import question
from onetake.plan.people import licence_of
from onetake.rules.checks import aad_margin, opening_height, separation
from onetake.rules.table import Checked, Finding
from onetake.shot.file import Shot
from onetake.units import FT_M
from onetake.weather.column import Column

Array = NDArray[np.float64]


def openings(fall: Fall) -> tuple[Opening, ...]:
    """Pull and full canopy of each person, and the distance to the other at line stretch.

    Heights above the drop zone and seconds from the first exit, of the planned flight; distance between the centres
    of mass when the lines are stretched, after the likely extraction. Who never pulls or opens has the end of the
    flight instead. Error: the opening's priors, 150 to 300 m of height.
    """
    return tuple(
        _opening(person, other) for person, other in zip(fall.people, reversed(fall.people), strict=True)
    )


def _opening(person: Person, other: Person) -> Opening:
    end_s = float(person.trace.time_s[-1])
    pull_s = end_s if person.pull_s is None else person.pull_s
    open_s = end_s if person.open_s is None else person.open_s
    stretch_s = pull_s + likely_opening(person.jumper.canopy_m2).extraction_s
    apart = person.position_enu_m(stretch_s) - other.position_enu_m(stretch_s)
    return Opening(
        name=person.name,
        height_agl_m=person.jumper.pull_agl_m,
        time_s=pull_s,
        open_height_agl_m=float(person.position_enu_m(open_s)[2]),
        open_time_s=open_s,
        separation_m=float(np.linalg.norm(apart)),
    )


def device_of(shot: Shot, name: str) -> Aad | None:
    """The AAD a person wears; None where the shot does not say. Raises ChoiceError for one that does not exist."""
    device = (shot.opening.aad or {}).get(name)
    return None if device is None else aad(device)


def opening_findings(
    shot: Shot, column: Column, rows: tuple[Opening, ...], checked: tuple[Checked, ...]
) -> tuple[Finding, ...]:
    """Opening heights against the licence, open heights against the AAD, break-off and line stretch against the group.

    The licence's row is held to the height of the pull as planned, the AAD's margin to where the canopy is full in
    the planned flight. Rows: uspa.opening.*, maker.aad.margin, uspa.separation.*.
    """
    found: tuple[Finding, ...] = ()
    for row in rows:
        person = shot.person(row.name)
        device = device_of(shot, row.name)
        found += opening_height(
            row.name, licence=licence_of(person), height_agl_m=row.height_agl_m, checked=checked
        )
        found += aad_margin(
            row.name,
            activation_agl_m=None
            if device is None
            else height_read_m(max(device.height_agl_m, device.partial_height_agl_m), shot, column),
            open_agl_m=row.open_height_agl_m,
            margin_m=None if device is None else device.margin_m,
            checked=checked,
        )
        if device is not None and device.confidence != "read":
            said = f"{row.name}: {device.name} fires at {device.height_agl_m / FT_M:,.0f} ft AGL by recollection only"
            found += question(shot, "plan.aad", f"{said}; read the setting of the device that is worn")
    return found + separation(
        break_off_agl_m=height_agl_m(shot.opening.break_off, shot, column),
        highest_opening_agl_m=max(row.height_agl_m for row in rows),
        line_stretch_m=min(row.separation_m for row in rows),
        checked=checked,
    )


def height_marks(
    shot: Shot, column: Column, exit_agl_m: float, rows: tuple[Opening, ...]
) -> tuple[HeightMark, ...]:
    """Every height at which somebody or something acts, from the top down, with what the altimeter shows there.

    People are told true heights. An AAD knows its reading alone, and fires at whatever height that is today.
    """
    marks = [("all", "exit", exit_agl_m)]
    if shot.abort.no_mark_by is not None:
        marks.append(("all", "give up, no mark", height_agl_m(shot.abort.no_mark_by, shot, column)))
    marks.append(("all", "break-off", height_agl_m(shot.opening.break_off, shot, column)))
    for row in rows:
        marks.append((row.name, "pull", row.height_agl_m))
        marks.append((row.name, "decision", decision_agl_m(licence_of(shot.person(row.name)))))
        device = device_of(shot, row.name)
        if device is not None:
            marks += [
                (row.name, said, height_read_m(reads_m, shot, column)) for said, reads_m in device.levels()
            ]
    marks.sort(key=lambda mark: -mark[2])
    reads = altimeter_reads_m([mark[2] for mark in marks], shot, column)
    return tuple(
        HeightMark(who=who, what=what, height_agl_m=height_m, reads_m=float(shown))
        for (who, what, height_m), shown in zip(marks, reads, strict=True)
    )
