"""When to give up, where to open, and what a person has checked: [oxygen], [abort], [opening], [clearance]."""

# ruff: noqa: RUF009  # `key` is the dataclasses.field of this room
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from onetake import units
from onetake.shot import kinds, moments
from onetake.shot.document import Node
from onetake.shot.keys import Kind, a_table, key, read_table, tables

_HEIGHT = kinds.altitude("6,500 ft AGL", "AGL", "MSL")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Closing:
    """Inside the range, closing no faster than the limit."""

    range_m: float = key(
        kinds.quantity("length", "15 ft", "0 m", "1 km", above=True),
        "The range, image plane to eyes.",
        name="range",
    )
    limit_m_s: float = key(
        kinds.quantity("speed", "8 ft/s", "0 m/s", "50 m/s", above=True), "The closing speed.", name="limit"
    )


def _closing(node: Node) -> tuple[float, float]:
    closing = read_table(_Closing, node)
    return closing.range_m, closing.limit_m_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Abort:
    """What makes the pilots give up the take and separate. An abort is counted apart from a miss."""

    no_mark_by: units.Altitude | None = key(
        _HEIGHT, "By this height the last beat must be under way, or the take is given up.", default=None
    )
    closing_inside: tuple[float, float] | None = key(
        Kind("a range and a closing speed", '{ range = "15 ft", limit = "8 ft/s" }', _closing, table=_Closing),
        "Faster than this when this near: give up.", default=None,
    )  # fmt: skip
    lost_sight_s: float | None = key(
        kinds.quantity("time", "3 s", "0 s", "10 min", above=True),
        "The lens out of sight for this long, after he first had it: give up.", name="lost_sight", default=None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Oxygen:
    """The oxygen that is planned; what is not said here, the plan asks."""

    aboard: bool | None = key(
        kinds.YES_NO, "Whether there is oxygen for everybody on the aircraft.", default=None
    )
    prebreathe_s: float | None = key(
        kinds.quantity("time", "30 min", "0 s", "24 h"),
        "Pure oxygen before the exit, for everybody who jumps.", name="prebreathe", default=None,
    )  # fmt: skip
    start: units.Altitude | None = key(
        kinds.altitude("8,000 ft MSL", "MSL", "FL", "AGL"), "Height at which it begins.", default=None
    )
    longest_break_s: float | None = key(
        kinds.quantity("time", "1 min", "0 s", "24 h"),
        "Longest break on air, as when changing bottles.", name="longest_break", default=None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Where the shot ends and everybody saves their life."""

    break_off: units.Altitude = key(_HEIGHT, "Turn and track away, whatever the camera has.")
    pull: Mapping[str, units.Altitude] = key(
        kinds.mapping(_HEIGHT, '{ operator = "6,000 ft AGL", actor = "4,000 ft AGL" }'),
        "Where each person pulls: everybody of the cast, not above the break-off.",
    )
    landing_within_m: float | None = key(
        kinds.quantity("length", "300 m", "0 m", "50 km", above=True),
        "How far from the drop zone a landing may be.", name="landing.within", default=None,
    )  # fmt: skip
    aad: Mapping[str, str] | None = key(
        kinds.mapping(kinds.text("cypres_expert", 40), '{ actor = "cypres_expert" }'),
        "Automatic activation device of each person, a row of the device table.", default=None,
    )  # fmt: skip
    canopy_m2: Mapping[str, float] | None = key(
        kinds.mapping(kinds.quantity("area", "230 ft2", "5 m2", "60 m2"), '{ actor = "230 ft2" }'),
        "Main canopy of each person, by its area; without it a stated default.",
        name="canopy",
        default=None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A named person has held one rule against its source on that day; this answers an ask of the plan."""

    rule: str = key(kinds.text("uspa.oxygen.aboard"), "The rule, as the ask names it.")
    by: str = key(kinds.text("A. Safety Officer"), "Who checked it.")
    date: dt.date = key(moments.DATE, "When.")


ABORT = a_table(Abort)
OPENING = a_table(Opening)
OXYGEN = a_table(Oxygen)
CHECKED = tables(Checked)
