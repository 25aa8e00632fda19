"""Who falls: [[cast]]. One operator who carries the camera, one subject."""

# ruff: noqa: RUF009  # `key` is the dataclasses.field of this room
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from onetake.errors import Problem, ShotError
from onetake.shot import kinds, moments
from onetake.shot.document import Node, nearest
from onetake.shot.keys import Kind, Values, a_table, key, tables


def _fall(example: str) -> Kind[float]:
    return kinds.quantity("speed", example, "60 mph", "330 mph")


@dataclass(frozen=True, slots=True, kw_only=True)
class FallRate:
    """Vertical speeds one person can hold belly to earth, all at one reference density."""

    min_m_s: float = key(_fall("112 mph"), "Slowest: spread wide.", name="min")
    neutral_m_s: float = key(_fall("120 mph"), "Neutral: box position.", name="neutral")
    max_m_s: float = key(_fall("140 mph"), "Fastest: arched and small.", name="max")
    reference: str = key(
        kinds.word("SAS", "SL"), "Density the speeds belong to: SAS is the air at 4,000 ft, SL at sea level."
    )


def _in_order(values: Values, node: Node) -> None:
    if not values["min_m_s"] <= values["neutral_m_s"] <= values["max_m_s"]:
        raise node.error("min ≤ neutral ≤ max")
    if values["min_m_s"] == values["max_m_s"]:
        raise node.error("min below max", "Nobody can close or keep level with a single fall rate.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """How one person leaves. Who backs off a ramp faces the nose and gives the belly to the wind."""

    facing: str = key(kinds.word("nose", "tail"), "Which way the body faces when it leaves.")
    at_s: float = key(
        kinds.quantity("time", "0.4 s", "0 s", "120 s"), "After the first exit, which is at 0 s.", name="at"
    )
    step_m_s: float = key(
        kinds.quantity("speed", "1 m/s", "0 m/s", "8 m/s"), "Speed of the step, out of the aircraft.",
        name="step", default="1 m/s",
    )  # fmt: skip
    pitch_rad: float = key(
        kinds.quantity("angle", "10 deg", "-180 deg", "180 deg"), "Head-up angle against upright.",
        name="pitch", default="0 deg",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Drogue:
    """A small parachute that steadies and slows the fall until the main is pulled."""

    area_m2: float = key(
        kinds.quantity("area", "10 ft2", "0.1 ft2", "100 ft2"), "Drag area, CdS.", name="area"
    )
    at_s: float = key(
        kinds.quantity("time", "3 s", "0 s", "120 s"), "After this person's own exit.", name="at"
    )


# What an inline skill may hold: key -> (name inside, what it takes, meaning). The pilots own the meaning.
SKILL_KEYS: Mapping[str, tuple[str, Kind[float], str]] = {
    "delay": ("delay_s", kinds.quantity("time", "0.35 s", "0 s", "2 s"), "From seeing to acting."),
    "bandwidth": ("bandwidth_rad_s", kinds.quantity("rate", "1.8 rad/s", "0 rad/s", "10 rad/s", above=True),
                  "How fast an error in speed is worked off."),
    "approach_gain": ("approach_gain", kinds.number("0.5", 0, 5), "Closing speed wanted per distance left, 1/s."),
    "lead": ("lead_s", kinds.quantity("time", "0.3 s", "0 s", "3 s"), "How far ahead the own tilt is felt."),
    "reflex_rate_gain": ("reflex_rate_gain", kinds.number("1.3", 0, 5),
                         "Rate feedback of the attitude reflex; without it a body tumbles."),
    "motor_noise": ("motor_noise", kinds.number("0.02", 0, 0.5), "Unsteadiness of the posture; decides the hold."),
    "trim_drift": ("trim_drift", kinds.number("0.01", 0, 0.5), "Spread of a steady fore-aft lean, per take."),
    "range_noise": ("range_noise", kinds.number("0.03", 0, 0.5), "Error of a seen distance, as a share of it."),
    "range_bias": ("range_bias", kinds.number("0.03", 0, 0.5), "Spread of the steady part of that error."),
    "aim_noise": ("aim_noise_rad", kinds.quantity("angle", "0.5 deg", "0 deg", "20 deg"), "Unsteadiness of the aim."),
}  # fmt: skip


def _skill(node: Node) -> str | Mapping[str, float]:
    if isinstance(node.value, str):
        return kinds.text("expert", 40).read(node)
    if not isinstance(node.value, dict) or not node.value:
        raise node.error('a skill level such as "expert", "ledger", or a table such as { delay = "0.35 s" }')
    done: dict[str, float] = {}
    problems: list[Problem] = []
    for name in node.value:
        item = node.child(name)
        try:
            if name not in SKILL_KEYS:
                near = nearest(name, list(SKILL_KEYS))
                raise item.problem(
                    f"an unknown skill parameter {name!r}", f"one of: {', '.join(SKILL_KEYS)}",
                    f"Did you mean {near}?" if near else "",
                )  # fmt: skip
            inside, kind, _ = SKILL_KEYS[name]
            done[inside] = kind.read(item)
        except ShotError as error:
            problems += error.problems
    if problems:
        raise ShotError(problems)
    return done


SKILL: Kind[str | Mapping[str, float]] = Kind(
    'a skill level, "ledger", or a table of pilot parameters', '"expert"', _skill
)


def _jumps(example: str) -> Kind[float]:
    return kinds.number(example, 0, 100_000, whole=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One body in the air."""

    name: str = key(
        kinds.name("operator"), "How this person is called in the rest of the file and in every answer."
    )
    role: str = key(
        kinds.word("operator", "subject"), "The operator carries the camera; the subject is filmed."
    )
    mass_kg: float = key(
        kinds.quantity("mass", "80 kg", "35 kg", "200 kg"), "Without any equipment.", name="mass"
    )
    equipment_kg: float = key(
        kinds.quantity("mass", "22 kg", "0 kg", "80 kg"),
        "Everything worn, less the camera: exit weight is mass, equipment and, for the operator, the camera.",
        name="equipment",
    )
    fall_rate: FallRate = key(a_table(FallRate, _in_order), "The speeds this person can fall at.")
    exit: Exit = key(a_table(Exit), "How this person leaves the aircraft.")
    drogue: Drogue | None = key(
        a_table(Drogue), "A drogue, for exits from very high or for who must not tumble.", default=None
    )
    skill: str | Mapping[str, float] = key(
        SKILL,
        'How well this person flies: a level (an assumption), "ledger" (from the rehearsals), or numbers.',
    )
    reserve_limit_kg: float | None = key(
        kinds.quantity("mass", "136 kg", "40 kg", "400 kg"),
        "Placard of the reserve; without it the plan asks.", name="reserve_limit", default=None,
    )  # fmt: skip
    licence: str | None = key(kinds.text("D", 40), "Licence, for the rule tables.", default=None)
    jumps: int | None = key(_jumps("1500"), "Jumps so far.", default=None)
    last_jump: dt.date | None = key(
        moments.DATE,
        "Day of the last jump; this and the next five answer what the rules would ask.",
        default=None,
    )
    reserve_packed: dt.date | None = key(moments.DATE, "Day the reserve was packed.", default=None)
    rig_jumps: int | None = key(_jumps("120"), "Jumps on this parachute system.", default=None)
    camera_jumps: int | None = key(_jumps("20"), "Jumps alone with this camera kit.", default=None)
    oxygen_jumps: int | None = key(_jumps("12"), "Jumps on this oxygen.", default=None)
    light_m: float | None = key(
        kinds.quantity("length", "3 mi", "0 m", "100 km"),
        "How far the light on this person is seen, under canopy between sunset and sunrise.",
        name="light",
        default=None,
    )
    height_m: float = key(
        kinds.quantity("length", "1.78 m", "1.3 m", "2.2 m"),
        "Standing height; without it 1.78 m is assumed, and said to be.", name="height", default="1.78 m",
    )  # fmt: skip


PEOPLE = tables(Person)


def exit_mass_kg(person: Person, camera_kg: float) -> float:
    """What leaves the aircraft, kg: body, equipment and, for the operator, the camera."""
    return person.mass_kg + person.equipment_kg + (camera_kg if person.role == "operator" else 0.0)
