"""What the rules say about a plan: one function a question. Each returns stops and asks, never a go.

Heights are metres (AGL above the ground, MSL above the sea), times seconds. A fact that is None is not known and asks.
All raise InputError for numbers that are not finite or negative, and ChoiceError for a licence that does not exist.
Sources: the rows named in each docstring, in rules/data.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from onetake import seams
from onetake.errors import ChoiceError, InputError
from onetake.rules.table import LICENCES, Checked, Finding, Row, answered, find, verdict
from onetake.units import FT_M

DAY_S = 86400.0
GRACE_M = 0.01  # two heights read in feet may differ by rounding
NOBODY: tuple[Checked, ...] = ()


def minimum_opening(licence: str | None) -> Row:
    """The row of lowest opening height for a licence: uspa.opening.*; `tandem` counts as one, None as a student."""
    if licence is None:
        return find("uspa.opening.student_a")
    if licence == "tandem":
        return find("uspa.opening.tandem")
    return find(f"uspa.opening.{('student_a', 'student_a', 'b', 'c_d', 'c_d')[_rank(licence)]}")


def opening_height(
    name: str, *, licence: str | None, height_agl_m: float | None, checked: Iterable[Checked] = NOBODY
) -> tuple[Finding, ...]:
    """Whether a person opens high enough for the licence held: uspa.opening.*.

    A licence that is not known asks, with the row of students and A licences. A C or D licence between the limit and
    the waivable height is still broken: the waiver is a person's to sign.
    """
    _sane(height_agl_m, "an opening height")
    row = minimum_opening(licence)
    said = "opening height not given" if height_agl_m is None else f"opens at {_feet(height_agl_m)} AGL"
    known = licence is not None and height_agl_m is not None
    low = height_agl_m is not None and height_agl_m < row.number("height_agl_m")
    text = f"{said}, holds {_licence(licence)}"
    return verdict(row, item=name, broken=low if known else None, found=text, checked=checked)


def oxygen_aboard(
    *, exit_msl_m: float, aboard: bool | None, checked: Iterable[Checked] = NOBODY
) -> tuple[Finding, ...]:
    """Whether the jump needs oxygen aboard, and has it: uspa.oxygen.aboard, 14cfr.91.211.occupants, mff.oxygen.pure.

    exit_msl_m stands for the cabin's height, which is open at the exit.
    """
    _sane(exit_msl_m, "an exit altitude")
    found: tuple[Finding, ...] = ()
    for rule, key in (
        ("uspa.oxygen.aboard", "from_msl_m"), ("14cfr.91.211.occupants", "from_cabin_m"), ("mff.oxygen.pure", "from_msl_m"),
    ):  # fmt: skip
        row = find(rule)
        if exit_msl_m < row.number(key):
            continue
        said = {True: "oxygen aboard", False: "no oxygen aboard", None: "oxygen not stated"}[aboard]
        text = f"exit at {_feet(exit_msl_m)} MSL, {said}"
        found += verdict(
            row, item="oxygen", broken=None if aboard is None else not aboard, found=text, checked=checked
        )
    return found


def prebreathe_rule(exit_msl_m: float) -> Row | None:
    """The row of prebreathing for an exit altitude, or None below 20,000 ft: mff.prebreathe.*."""
    _sane(exit_msl_m, "an exit altitude")
    return _band(
        ("mff.prebreathe.20000", "mff.prebreathe.25000", "mff.prebreathe.30000", "mff.prebreathe.35000"),
        exit_msl_m,
    )


def prebreathe(
    *,
    exit_msl_m: float,
    planned_s: float | None,
    start_msl_m: float | None = None,
    longest_break_s: float | None = None,
    checked: Iterable[Checked] = NOBODY,
) -> tuple[Finding, ...]:
    """Whether enough pure oxygen is breathed before the exit: mff.prebreathe.* (none of the times was read).

    start_msl_m: where it begins; longest_break_s: longest break on air, by plan or as logged. A planned prebreathe of
    None asks; a start or a break of None is left out.
    """
    row = prebreathe_rule(exit_msl_m)
    for value in (planned_s, start_msl_m, longest_break_s):
        _sane(value, "a prebreathe")
    if row is None:
        return ()
    need_s = row.number("prebreathe_s")
    said = "no prebreathe planned" if planned_s is None else f"{planned_s / 60:.0f} min of prebreathe planned"
    text = f"exit at {_feet(exit_msl_m)} MSL, {said}, {need_s / 60:.0f} min in the row"
    found = verdict(
        row,
        item="prebreathe",
        broken=None if planned_s is None else planned_s < need_s,
        found=text,
        checked=checked,
    )
    if start_msl_m is not None:
        start = find("mff.prebreathe.start")
        high = start_msl_m >= start.number("below_msl_m")
        found += verdict(
            start,
            item="prebreathe",
            broken=high,
            found=f"begins at {_feet(start_msl_m)} MSL",
            checked=checked,
        )
    if longest_break_s is not None:
        unbroken = find("mff.prebreathe.unbroken")
        void = longest_break_s >= unbroken.number("break_s")
        text = f"a break on air of {longest_break_s / 60:.1f} min"
        found += verdict(unbroken, item="prebreathe", broken=void, found=text, checked=checked)
    return found


def altitude_class(exit_msl_m: float) -> Row | None:
    """The row of the class an exit falls in, or None below 15,000 ft: uspa.altitude.*."""
    _sane(exit_msl_m, "an exit altitude")
    return _band(("uspa.altitude.intermediate", "uspa.altitude.high", "uspa.altitude.extreme"), exit_msl_m)


def altitude_experience(
    name: str,
    *,
    exit_msl_m: float,
    licence: str | None,
    jumps: int | None,
    oxygen_jumps: int | None,
    checked: Iterable[Checked] = NOBODY,
) -> tuple[Finding, ...]:
    """Whether a person has the licence, jumps and oxygen jumps of the exit's class: uspa.altitude.*.

    oxygen_jumps: jumps made with the same working bail-out oxygen (and suit). Each fact that is not known asks.
    """
    for value in (jumps, oxygen_jumps):
        _sane(value, "a number of jumps")
    row = altitude_class(exit_msl_m)
    if row is None:
        return ()
    need = str(row.values["licence"])
    held = None if licence is None else _rank(licence) < _rank(need)
    found = verdict(row, item=name, broken=held, found=f"holds {_licence(licence)}", checked=checked)
    for key, have, what in (
        ("jumps", jumps, "jumps"),
        ("oxygen_jumps", oxygen_jumps, "jumps on this oxygen"),
    ):
        if key in row.values:
            said = f"{what} not given" if have is None else f"{have} {what}"
            few = None if have is None else have < row.number(key)
            found += verdict(row, item=name, broken=few, found=said, checked=checked)
    return found


def camera_experience(
    name: str,
    *,
    licence: str | None,
    jumps: int | None,
    same_rig_jumps: int | None,
    alone_with_kit_jumps: int | None,
    checked: Iterable[Checked] = NOBODY,
) -> tuple[Finding, ...]:
    """Whether the operator may carry a camera: uspa.camera.*. Each fact that is not known asks."""
    found: tuple[Finding, ...] = ()
    for rule, have, what in (
        ("uspa.camera.experience", jumps, "jumps"),
        ("uspa.camera.same_rig", same_rig_jumps, "jumps on this parachute system"),
        ("uspa.camera.new_kit_alone", alone_with_kit_jumps, "jumps alone with this camera kit"),
    ):
        _sane(have, "a number of jumps")
        row = find(rule)
        said = f"{what} not given" if have is None else f"{have} {what}"
        found += verdict(
            row,
            item=name,
            broken=None if have is None else have < row.number("jumps"),
            found=said,
            checked=checked,
        )
    unlicensed = None if licence is None else _rank(licence) < _rank("A")
    row = find("uspa.camera.experience")
    return found + verdict(
        row, item=name, broken=unlicensed, found=f"holds {_licence(licence)}", checked=checked
    )


def recency(
    name: str, *, licence: str | None, since_jump_s: float | None, checked: Iterable[Checked] = NOBODY
) -> tuple[Finding, ...]:
    """Whether a person has jumped lately enough: uspa.recency.*; an unknown licence is held to the student's."""
    _sane(since_jump_s, "a time since a jump")
    rank = 0 if licence is None else _rank(licence)
    row = find(f"uspa.recency.{('student', 'a', 'b', 'c_d', 'c_d')[rank]}")
    said = "last jump not given" if since_jump_s is None else f"last jump {since_jump_s / DAY_S:.0f} days ago"
    late = None if since_jump_s is None else since_jump_s > row.number("within_s")
    return verdict(row, item=name, broken=late, found=f"{said}, holds {_licence(licence)}", checked=checked)


def separation(
    *,
    break_off_agl_m: float | None,
    highest_opening_agl_m: float,
    line_stretch_m: float | None,
    checked: Iterable[Checked] = NOBODY,
) -> tuple[Finding, ...]:
    """Break-off height above the highest opening, and distance of the two at line stretch: uspa.separation.*.

    No published distance at line stretch was found, so it always asks until somebody has answered that row.
    """
    for value in (break_off_agl_m, highest_opening_agl_m, line_stretch_m):
        _sane(value, "a separation")
    row = find("uspa.separation.break_off")
    above_m = None if break_off_agl_m is None else break_off_agl_m - highest_opening_agl_m
    said = (
        "no break-off height given"
        if above_m is None
        else f"{_feet(above_m)} from break-off to the highest opening"
    )
    low = None if above_m is None else above_m < row.number("above_opening_m") - GRACE_M
    found = verdict(row, item="separation", broken=low, found=said, checked=checked)
    stretch = find("uspa.separation.line_stretch")
    said = "not computed" if line_stretch_m is None else f"{line_stretch_m:.0f} m apart at line stretch"
    if line_stretch_m is not None and answered(stretch, checked):
        return found
    # there is no number to compare with, so no distance is ever kept or broken: a person judges it, or asks
    return found + verdict(stretch, item="separation", broken=None, found=said, checked=checked)


def light(
    *,
    between_sunset_and_sunrise: bool | None,
    light_visible_m: float | None,
    checked: Iterable[Checked] = NOBODY,
) -> tuple[Finding, ...]:
    """Whether each jumper shows the light the law wants under canopy: 14cfr.105.19.light.

    between_sunset_and_sunrise: any moment from the opening to the landing. light_visible_m: how far the light is seen.
    """
    _sane(light_visible_m, "how far a light is seen")
    if between_sunset_and_sunrise is False:
        return ()
    row = find("14cfr.105.19.light")
    if between_sunset_and_sunrise is None:
        return verdict(
            row, item="light", broken=None, found="not known whether the sun has set", checked=checked
        )
    said = (
        "no light stated"
        if light_visible_m is None
        else f"a light seen for {light_visible_m / 1609.344:.1f} mi"
    )
    dim = None if light_visible_m is None else light_visible_m < row.number("visible_m")
    return verdict(
        row, item="light", broken=dim, found=f"after sunset or before sunrise, {said}", checked=checked
    )


def aad_margin(
    name: str,
    *,
    activation_agl_m: float | None,
    open_agl_m: float,
    margin_m: float | None = None,
    checked: Iterable[Checked] = NOBODY,
) -> tuple[Finding, ...]:
    """Whether the main is open far enough above the AAD's activation: maker.aad.margin.

    open_agl_m: where the canopy is full, not where it is pulled. margin_m: the device's own, else the row's.
    """
    for value in (activation_agl_m, open_agl_m, margin_m):
        _sane(value, "an AAD's height")
    row = find("maker.aad.margin")
    need_m = row.number("margin_m") if margin_m is None else margin_m
    if activation_agl_m is None:
        return verdict(row, item=name, broken=None, found="no AAD stated", checked=checked)
    have_m = open_agl_m - activation_agl_m
    said = f"open at {_feet(open_agl_m)} AGL, {_feet(have_m)} above the AAD's {_feet(activation_agl_m)}"
    return verdict(row, item=name, broken=have_m < need_m - GRACE_M, found=said, checked=checked)


def airspace(
    *, exit_pressure_altitude_m: float, authorised: bool | None, checked: Iterable[Checked] = NOBODY
) -> tuple[Finding, ...]:
    """Whether an exit into class A airspace is authorised: 14cfr.71.33.class_a, 14cfr.105.25.authorisation.

    Below class A the plan does not know the airspace, so an authorisation that is not stated asks there too. Outside
    the United States the same question goes to the state's own authority.
    """
    _sane(exit_pressure_altitude_m, "an exit altitude")
    class_a, row = find("14cfr.71.33.class_a"), find("14cfr.105.25.authorisation")
    low_m, high_m = class_a.number("from_pressure_altitude_m"), class_a.number("to_pressure_altitude_m")
    inside = low_m <= exit_pressure_altitude_m <= high_m
    level = f"exit at FL{exit_pressure_altitude_m / FT_M / 100:.0f}"
    said = {True: "authorised", False: "not authorised", None: "authorisation not stated"}[authorised]
    where = "class A in the United States" if inside else "class of airspace not known"
    if authorised is False and not inside:
        return verdict(row, item="airspace", broken=None, found=f"{level}, {where}, {said}", checked=checked)
    broken = None if authorised is None else not authorised
    return verdict(row, item="airspace", broken=broken, found=f"{level}, {where}, {said}", checked=checked)


def packing(
    name: str, *, since_repack_s: float | None, checked: Iterable[Checked] = NOBODY
) -> tuple[Finding, ...]:
    """Whether the reserve's repack is in date: 14cfr.105.43.reserve (not read)."""
    _sane(since_repack_s, "a time since a repack")
    row = find("14cfr.105.43.reserve")
    said = (
        "repack not given"
        if since_repack_s is None
        else f"reserve packed {since_repack_s / DAY_S:.0f} days ago"
    )
    late = None if since_repack_s is None else since_repack_s > row.number("within_s")
    return verdict(row, item=name, broken=late, found=said, checked=checked)


def exit_weight(
    name: str, *, exit_kg: float, limit_kg: float | None, checked: Iterable[Checked] = NOBODY
) -> tuple[Finding, ...]:
    """Whether a person leaves within the placard of reserve and harness: maker.reserve.placard."""
    for value in (exit_kg, limit_kg):
        _sane(value, "a weight")
    said = f"leaves at {exit_kg:.0f} kg, " + (
        "placard not given" if limit_kg is None else f"placard {limit_kg:.0f} kg"
    )
    heavy = None if limit_kg is None else exit_kg > limit_kg
    return verdict(find("maker.reserve.placard"), item=name, broken=heavy, found=said, checked=checked)


def neck(
    name: str, *, head_supported_kg: float, peak_g: float | None, checked: Iterable[Checked] = NOBODY
) -> tuple[Finding, ...]:
    """What is known of a helmet with a camera at opening: maker.neck.camera. It asks, whatever the mass.

    head_supported_kg: helmet and camera. No published limit covers this use, so a check of the row clears the mass of
    an ordinary helmet only: a heavier one still asks.
    """
    for value in (head_supported_kg, peak_g):
        _sane(value, "a neck load")
    row = find("maker.neck.camera")
    if head_supported_kg <= row.number("head_supported_kg") and answered(row, checked):
        return ()
    felt = "" if peak_g is None else f", {peak_g:.1f} g at opening"
    text = f"{head_supported_kg:.1f} kg of helmet and camera{felt}"
    return verdict(row, item=name, broken=None, found=text, checked=checked)


def _band(rules: tuple[str, ...], altitude_msl_m: float) -> Row | None:
    """The last row whose band begins at or below an altitude."""
    inside = [row for row in map(find, rules) if altitude_msl_m >= row.number("from_msl_m") - GRACE_M]
    return inside[-1] if inside else None


def _rank(licence: str) -> int:
    if licence not in LICENCES:
        raise ChoiceError(seams.no_such(licence, LICENCES, "licence"))
    return LICENCES.index(licence)


def _licence(licence: str | None) -> str:
    if licence is None:
        return "a licence not given"
    return {"student": "a student's card", "tandem": "a tandem rating"}.get(licence, f"a licence {licence}")


def _feet(length_m: float) -> str:
    return f"{length_m / FT_M:,.0f} ft"


def _sane(value: float | None, what: str) -> None:
    if value is not None and not (math.isfinite(value) and value >= 0):
        raise InputError(f"{what} of {value:g} is negative or undefined")
