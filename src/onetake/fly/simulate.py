"""Fly one take and keep all of it: the same kernel as the odds, with its records copied out into a Take."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from onetake.clock import Clock
from onetake.fly.flight import Draws, Flight, advance, blank_records, start
from onetake.fly.scenario import Scenario
from onetake.fly.state import ABORTS, CONTACT, ENDINGS, RECORD, R
from onetake.slate import Slate
from onetake.take import Event, LensTrack, Relative, Take
from onetake.trace import Trace

Array = NDArray[np.float64]
F32 = NDArray[np.float32]

BLOCK = 25  # ticks a block: one second


def fly_records(scenario: Scenario, draws: Draws) -> tuple[Flight, F32]:
    """Fly one take to its end; its records (ticks, fields), one a tick and the state it ended in as the last."""
    flight = start(scenario, draws)
    blocks, records = [], blank_records(flight, BLOCK)
    while not flight.finished:
        advance(flight, records, BLOCK)
        blocks.append(records[0, :, :, 0].copy())
    records = blank_records(flight, 1)
    advance(flight, records, 1)
    blocks.append(records[0, :, :, 0].copy())
    return flight, np.concatenate(blocks)


def fly_take(scenario: Scenario, draws: Draws, first_exit_utc: datetime | None = None) -> Take:
    """Fly one take.

    Time steps are 0.04 s until both parachutes are open, then 0.16 s or 0.32 s; numbers are the flight's own single-precision
    values, so that judging the take gives the same bits as judging it in flight.
    """
    flight, records = fly_records(scenario, draws)
    time_s = records[:, R.time]
    keep = np.concatenate([[True], np.diff(time_s) > 0])
    # a tick that repeats (parachutes take long steps) says nothing new; contact and landing freeze the clock
    return _take(flight, records[keep].astype(np.float64), draws, first_exit_utc)


def _columns(records: Array, *names: str) -> Array:
    return np.stack([records[:, RECORD.index(name)] for name in names], axis=-1)


def _take(flight: Flight, records: Array, draws: Draws, first_exit_utc: datetime | None) -> Take:
    scenario, shot = flight.scenario, flight.scenario.shot
    time_s = records[:, R.time]
    operator, subject = (jumper.person.name for jumper in scenario.jumpers)
    place = _columns(records, "px", "py", "pz") + _columns(records, "cx", "cy", "cz")
    moving = _columns(records, "vx", "vy", "vz")
    apart, drifting = _columns(records, "rx", "ry", "rz"), _columns(records, "ux", "uy", "uz")
    shared = {"clearance_m": records[:, R.clearance], "hand_clearance_m": records[:, R.hand]}
    shared |= {"abort_code": records[:, R.abort], "ending_code": records[:, R.ending]}
    traces = tuple(
        Trace(
            name=name,
            time_s=time_s.copy(),
            position_enu_m=position,
            velocity_enu_m_s=speed,
            q_enu_from_body=_columns(records, *(f"{letter}_{part}" for part in ("qw", "qx", "qy", "qz"))),
            rate_body_rad_s=_columns(records, *(f"{letter}_{part}" for part in ("wx", "wy", "wz"))),
            channels={
                "phase_code": _columns(records, f"{letter}_phase")[:, 0],
                "felt_g": _columns(records, f"{letter}_felt_g")[:, 0],
                "fall_share": _columns(records, f"{letter}_fall")[:, 0],
            }
            | (shared if letter == "B" else {}),
        )
        for letter, name, position, speed in (
            ("A", operator, place, moving),
            ("B", subject, place + apart, moving + drifting),
        )
    )
    slate = Slate(
        title=shot.title,
        scene=shot.scene,
        take=int(draws.takes[0]),
        picture_rate=shot.picture_rate,
        seed=draws.seed,
        weather=scenario.column.label,
    )
    return Take(
        slate=slate,
        bodies=traces,
        lens=LensTrack(
            time_s=time_s.copy(),
            neck_yaw_rad=records[:, R.yaw].copy(),
            neck_pitch_rad=records[:, R.pitch].copy(),
            focus_m=records[:, R.focus].copy(),
        ),
        relative=Relative(time_s=time_s.copy(), position_enu_m=apart, velocity_enu_m_s=drifting),
        events=events(flight),
        clock=Clock(first_exit_utc) if first_exit_utc else None,
        ending=ENDINGS[int(flight.field("ending")[0])],
        facts=facts(flight),
        aircraft=scenario.leaving,
    )


def events(flight: Flight) -> tuple[Event, ...]:
    """Exits, break-off, aborts, pulls, openings, landings and contact of the first take, in order of time."""

    def value(name: str) -> float:
        return float(flight.field(name)[0])

    found: list[Event] = []
    both = "both"
    if value("broke") > 0:
        found.append(Event(time_s=value("t_break"), name="break-off", body=both))
    if value("abort") > 0:
        found.append(
            Event(time_s=value("t_abort"), name="abort", body=both, note=ABORTS[int(value("abort"))])
        )
    for letter, jumper in zip("AB", flight.scenario.jumpers, strict=True):
        who = jumper.person.name
        note = "the AAD fired" if value(f"{letter}_aad") > 0 else ""
        rows = [
            ("exit", "t_exit", ""),
            ("pull", "t_pull", note),
            ("open", "t_open", ""),
            ("landing", "t_land", ""),
        ]
        for name, field, said in rows:
            at = value(f"{letter}_{field}")
            if -1.0 < at < 1e5:
                found.append(Event(time_s=at, name=name, body=who, note=said))
    if int(value("ending")) == CONTACT:
        found.append(Event(time_s=value("time"), name="contact", body=both))
    return tuple(sorted(found, key=lambda event: event.time_s))


_FACTS = {
    "closest_clearance_m": "closest", "hand_touch": "hands", "contact_speed_m_s": "contact_v",
    "operator_pull_agl_m": "A_h_pull", "operator_open_agl_m": "A_h_open", "operator_opening_g": "A_felt_max",
    "subject_pull_agl_m": "B_h_pull", "subject_open_agl_m": "B_h_open", "subject_opening_g": "B_felt_max",
    "operator_landing_east_m": "A_land_x", "operator_landing_north_m": "A_land_y",
    "subject_landing_east_m": "B_land_x", "subject_landing_north_m": "B_land_y",
    "operator_on_back_s": "A_tumbling", "subject_on_back_s": "B_tumbling",
}  # fmt: skip


def facts(flight: Flight) -> dict[str, float]:
    """Numbers of the first take that are not in its traces; the neck load is the head's and camera's weight in g."""
    values = {name: float(flight.field(field)[0]) for name, field in _FACTS.items()}
    body = flight.scenario.operator.body
    from onetake.jumper.canopy import neck_load

    values["operator_neck_load_n"] = neck_load(
        body.head_mass_kg, body.camera_mass_kg, values["operator_opening_g"]
    )
    return values
