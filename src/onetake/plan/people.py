"""People: exit weights, the operator's neck, experience and currency, against the rule rows."""

from __future__ import annotations

import math
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from onetake.jump import ExitWeight, NeckLoad
from onetake.jumper.body import REFERENCE_KG_M3
from onetake.jumper.canopy import neck_limits, neck_load
from onetake.plan.fall import Fall
from onetake.plan.findings import question
from onetake.rules.checks import (
    DAY_S,
    altitude_experience,
    camera_experience,
    exit_weight,
    neck,
    packing,
    recency,
)
from onetake.rules.table import LICENCES, Checked, Finding
from onetake.shot.cast import Person, exit_mass_kg
from onetake.shot.file import Shot
from onetake.units import G0_M_S2, MPH_M_S

_LICENCE = re.compile(r"^(?:USPA\s+)?([ABCD])(?:[\s-]*\d+)?(?:\s+licen[cs]e)?$", re.IGNORECASE)


def licence_of(person: Person) -> str | None:
    """The USPA letter (or `student`) of what the shot says, None where it says nothing that the rows know."""
    text = (person.licence or "").strip()
    if match := _LICENCE.match(text):
        return match[1].upper()
    return text.lower() if text.lower() in LICENCES else None


def exit_weights(shot: Shot) -> tuple[ExitWeight, ...]:
    """What each person leaves the aircraft with, kg, and the reserve's placard: body, equipment and the camera."""
    return tuple(
        ExitWeight(
            name=person.name,
            exit_kg=exit_mass_kg(person, shot.camera.mount.mass_kg),
            limit_kg=person.reserve_limit_kg,
        )
        for person in shot.cast
    )


def operator_neck(fall: Fall) -> NeckLoad:
    """The force on the operator's neck at the peak of the opening, N, along the neck.

    Head with helmet and camera times the peak of the flown opening's specific force. Error: the opening's priors, 2.3
    to 5 g; an opening that catches the head turned or chin down also bends the neck, which this does not say.
    """
    operator = fall.people[0]
    body = operator.jumper.body
    return NeckLoad(
        name=operator.name,
        head_kg=body.head_mass_kg,
        camera_kg=body.camera_mass_kg,
        peak_g=operator.peak_g,
        load_n=neck_load(body.head_mass_kg, body.camera_mass_kg, operator.peak_g),
    )


def neck_notes(load: NeckLoad) -> tuple[str, ...]:
    """The load beside the published numbers about necks, none of which is a limit for it."""
    beside = "; ".join(
        f"{limit.limit:g} {limit.unit} {limit.applies_to} ({limit.confidence})" for limit in neck_limits()
    )
    return (
        f"Neck of {load.name} at opening: {load.load_n:.0f} N at {load.peak_g:.1f} g "
        f"({load.head_kg:.1f} kg of head and helmet, {load.camera_kg:.1f} kg of camera). Known of necks: {beside}.",
    )


def person_findings(
    shot: Shot, fall: Fall, exit_utc: datetime, exit_msl_m: float, checked: tuple[Checked, ...]
) -> tuple[Finding, ...]:
    """Stops and asks about each person: weight, experience, recency, repack, and the operator's camera and neck.

    exit_msl_m geometric. Days are counted on the drop zone's calendar. A fact that the shot does not state asks; rows
    and their sources: `rules.checks`.
    """
    day = exit_utc.astimezone(ZoneInfo(shot.place.time_zone)).date()
    found: tuple[Finding, ...] = ()
    for person, weight in zip(shot.cast, exit_weights(shot), strict=True):
        name, licence = person.name, licence_of(person)
        if person.licence is not None and licence is None:
            found += question(
                shot,
                "plan.licence",
                f"{name}: {person.licence!r} is no licence of the rows; which does it equal?",
            )
        found += exit_weight(name, exit_kg=weight.exit_kg, limit_kg=weight.limit_kg, checked=checked)
        found += altitude_experience(
            name,
            exit_msl_m=exit_msl_m,
            licence=licence,
            jumps=person.jumps,
            oxygen_jumps=person.oxygen_jumps,
            checked=checked,
        )
        jumped, packed = (
            None if date is None else max(0.0, (day - date).days * DAY_S)
            for date in (person.last_jump, person.reserve_packed)
        )
        found += recency(name, licence=licence, since_jump_s=jumped, checked=checked)
        found += packing(name, since_repack_s=packed, checked=checked)
    operator = shot.operator()
    found += camera_experience(
        operator.name,
        licence=licence_of(operator),
        jumps=operator.jumps,
        same_rig_jumps=operator.rig_jumps,
        alone_with_kit_jumps=operator.camera_jumps,
        checked=checked,
    )
    load = operator_neck(fall)
    helmet_kg = helmet_mass_kg(fall)
    return found + neck(
        operator.name, head_supported_kg=helmet_kg + load.camera_kg, peak_g=load.peak_g, checked=checked
    )


def level_findings(shot: Shot, fall: Fall) -> tuple[Finding, ...]:
    """Whether the speeds that the two can fall at, m/s in the air at 4,000 ft with all they carry, have any in common."""
    spans = []
    for person in fall.people:
        body, rate = person.jumper.body, person.jumper.person.fall_rate
        neutral_m_s = math.sqrt(2.0 * G0_M_S2 * body.mass_kg / (REFERENCE_KG_M3["SAS"] * body.cda_neutral_m2))
        low, high = (neutral_m_s * share / rate.neutral_m_s for share in (rate.min_m_s, rate.max_m_s))
        spans.append((low, high, person.name))
    slower, faster = sorted(spans)
    if faster[0] <= slower[1]:
        return ()
    said = (
        f"fall rates: {slower[2]} falls at most at {slower[1] / MPH_M_S:.0f} mph, {faster[2]} at least at "
        f"{faster[0] / MPH_M_S:.0f} (at 4,000 ft, with all they carry): they are never level"
    )
    return question(shot, "plan.level", said)


def helmet_mass_kg(fall: Fall) -> float:
    """The helmet alone, as the flown body has it: a share of the equipment, which is an assumption."""
    from onetake.jumper.segments import table

    share = float(table("segments")["equipment"]["helmet_share"])
    return share * fall.people[0].jumper.person.equipment_kg
