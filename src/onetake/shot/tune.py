"""How far the dials may be turned: [tune]. Safety is not among them; no range here can lower a height."""

# ruff: noqa: RUF009  # `key` is the dataclasses.field of this room
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from onetake import units
from onetake.shot import kinds
from onetake.shot.document import Node
from onetake.shot.keys import Values, a_table, key

Range = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tune:
    """What `onetake tune` may turn, and how far; two equal ends hold a dial where they are."""

    lenses: tuple[str, ...] = key(
        kinds.array(kinds.text("Cooke S4/i 32 mm", 60), '["Cooke S4/i 32 mm"]'),
        "Other lenses on the truck, rows of the lens table; without any the lens in hand stays.", default=[],
    )  # fmt: skip
    f_number: Range | None = key(
        kinds.pair(kinds.number("2.8", 0.5, 64), "[2.8, 8]"),
        "Stops; left out, from the one in hand to four stops down. Never beyond what exposes.", default=None,
    )  # fmt: skip
    focus_m: Range | None = key(
        kinds.pair(kinds.quantity("length", "3 ft", "1 cm", "20 m"), '["3 ft", "4 ft"]'),
        "The last focus mark; left out, from the closest focus to half as far again as it is.",
        name="focus", default=None,
    )  # fmt: skip
    lead_kg: Mapping[str, float] | None = key(
        kinds.mapping(kinds.quantity("mass", "8 kg", "0 kg", "40 kg"), '{ actor = "8 kg" }'),
        "Lead that each person may put on at most; left out, 10 kg for whoever has a reserve limit, and never over it.",
        name="lead", default=None,
    )  # fmt: skip
    exit_interval_s: Range | None = key(
        kinds.pair(kinds.quantity("time", "0.4 s", "0 s", "120 s"), '["0.2 s", "1.5 s"]'),
        "When the last one leaves after the first; left out, from 0.2 s to a second later than now.",
        name="exit_interval", default=None,
    )  # fmt: skip
    exit_altitude: tuple[units.Altitude, units.Altitude] | None = key(
        kinds.pair(kinds.altitude("24,000 ft MSL", "MSL", "AGL", "FL"), '["20,000 ft MSL", "25,000 ft MSL"]'),
        "Height of the exit, above what it is given above; left out, four fifths to eleven tenths of it.",
        default=None,
    )
    raise_m: float | None = key(
        kinds.quantity("length", "1,000 ft", "0 m", "5 km"),
        "How far break-off and pulls may be raised; left out, 1,500 ft. They are never lowered.",
        name="raise", default=None,
    )  # fmt: skip
    exit_time: bool | None = key(
        kinds.YES_NO,
        "Whether the exit may move within the light of all beats; left out, only where no exit time is given.",
        default=None,
    )


def _in_order(values: Values, node: Node) -> None:
    for name, field in (("f_number", "f_number"), ("focus", "focus_m"), ("exit_interval", "exit_interval_s")):
        ends = values[field]
        if ends is not None and ends[0] > ends[1]:
            raise node.child(name).error("the lower end first")
    heights = values["exit_altitude"]
    if heights is not None and (
        heights[0].datum != heights[1].datum or heights[0].value_m > heights[1].value_m
    ):
        raise node.child("exit_altitude").error("the lower height first, both above the same")


TUNE = a_table(Tune, _in_order)
