"""The fall: delay table, the hill after a fast exit, times and throws of high jumps, memory of a wind shear."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from against.draw import Figure, panels
from against.flown import Array, Flown, attitude, ball, common, fly, mass_kg, over, standard_air
from against.published import columns
from against.row import Row, near
from onetake.fly.scenario import Scenario
from onetake.units import FT_M, G0_M_S2

ORDER = 4
TITLE = "Fall, exit and drift"
TEXT = """
Fitted: one CdA/m to the delay table. Everything else is flown with the CdA/m that the reference names. "Point mass"
is a body whose drag does not know its attitude, for references that were computed with one; "jumper" is the operator
of the example as the odds fly him: six panels, reflex, belly to the airflow.
"""

BELLY_M2_KG = 0.005564  # CdA/m of 120 mph at sea level, the references' own
SHEAR_M, SHEAR_M_S = 12000 * FT_M, 15.0
# the references turn neither with the Earth nor about a place: standard gravity with its gradient, no Coriolis terms
STILL = {"gravity": G0_M_S2, "coriolis_sin": 0.0, "coriolis_cos": 0.0}


def point_mass(scenario: Scenario) -> Scenario:
    """The operator as a point of CdA/m 1 m²/kg, for `A_cda` to scale."""
    return ball(scenario, mass_kg(scenario), mass_kg(scenario))


def jumper_scale(scenario: Scenario, cda_per_m: ArrayLike) -> Array:
    """`A_cda` that gives the example's operator a CdA/m in m²/kg."""
    body = scenario.operator.body
    return np.asarray(cda_per_m, float) * body.mass_kg / body.cda_neutral_m2


@cache
def delays(path: Path) -> tuple[float, Array, Array]:
    """The CdA/m (m²/kg) whose worst error from 3 s is least; seconds and feet flown with it."""
    table = columns(path)
    scenario = common(over(standard_air(3600.0), height_m=3000.0), **STILL)
    tried = np.linspace(0.0060, 0.0071, 64)
    flown = fly(scenario, 12.0, 64, attitude(1.0, 0.0, 0.0, 0.0), A_cda=jumper_scale(scenario, tried))
    feet = (3000.0 - flown.at(table["t_s"], flown.height_m)) / FT_M
    off = np.abs(feet / table["distance_ft"][:, None] - 1.0)[table["t_s"] >= 3].max(axis=0)
    best = int(np.argmin(off))
    return float(tried[best]), table["t_s"], feet[:, best]


@cache
def hill(what: str) -> Flown:
    """Level out of a C-17 at 140 KIAS and 25,000 ft, as a point mass or as a jumper facing the nose."""
    scenario = over(standard_air(8000.0), height_m=25000 * FT_M, ahead_m_s=(107.53, 0.0))
    scenario = common(scenario, **STILL)
    if what == "jumper":
        return fly(scenario, 60.0, A_cda=jumper_scale(scenario, BELLY_M2_KG))
    return fly(point_mass(scenario), 60.0, A_cda=BELLY_M2_KG)


def high_jumps(table: dict[str, Array]) -> dict[str, Array]:
    """Every case of the computed table, flown: fall time, greatest rate of fall, speed at the end, throw."""
    got = {name: np.empty(len(table["exit_ft_msl"])) for name in ("time", "fastest", "end", "throw")}
    for exit_ft, ahead in sorted({*zip(table["exit_ft_msl"], table["v_exit_horizontal_ms"], strict=True)}):
        cases = np.flatnonzero((table["exit_ft_msl"] == exit_ft) & (table["v_exit_horizontal_ms"] == ahead))
        scenario = over(standard_air(8000.0), height_m=exit_ft * FT_M, ahead_m_s=(ahead, 0.0))
        scenario = point_mass(common(scenario, **STILL))
        flown = fly(scenario, 120.0, len(cases), A_cda=table["cda_over_m_m2kg"][cases])
        down = -flown.velocity_enu_m_s[..., 2]
        for lane, case in enumerate(cases):
            rise = -flown.height_m[:, lane]
            reached = float(np.interp(-table["end_ft_msl"][case] * FT_M, rise, flown.time_s))
            got["time"][case] = reached
            got["fastest"][case] = down[flown.time_s <= reached, lane].max()
            got["end"][case] = np.interp(reached, flown.time_s, down[:, lane])
            got["throw"][case] = np.interp(reached, flown.time_s, flown.position_enu_m[:, lane, 0])
    return got


@cache
def shear(what: str) -> tuple[Flown, float]:
    """A fall out of a wind that ends at 12,000 ft, and when it comes out."""
    scenario = over(
        standard_air(8000.0, lambda z: SHEAR_M_S * (z > SHEAR_M)),
        height_m=25000 * FT_M,
        ahead_m_s=(SHEAR_M_S, 0.0),
    )
    scenario = common(scenario, **STILL)
    if what == "jumper":
        flown = fly(scenario, 95.0, A_cda=jumper_scale(scenario, BELLY_M2_KG))
    else:
        flown = fly(point_mass(scenario), 95.0, A_cda=BELLY_M2_KG)
    # the table of the air has a row every 50 m: the wind goes from all to nothing between 3,700 and 3,650 m
    return flown, float(np.interp(-3675.0, -flown.height_m[:, 0], flown.time_s))


def memory_s(what: str) -> float:
    """Seconds of the upper wind by which the body still drifts after it left that wind."""
    flown, out_s = shear(what)
    east = flown.position_enu_m[:, 0, 0]
    return float((east[-1] - np.interp(out_s, flown.time_s, east)) / SHEAR_M_S)


def rows(data: Path) -> Iterator[Row]:
    """Every comparison of this part."""
    path = data / "reference/freefall_time_distance.csv"
    cda_per_m, seconds, feet = delays(path)
    later = seconds >= 3
    yield near(
        "Distance after a delay of 3 to 12 s, jumper", "12-second delay table, ft",
        feet[later], columns(path)["distance_ft"][later], limit=2.0, unit="%", kind="fitted",
        note=f"CdA/m {cda_per_m:.5f} m²/kg",
    )  # fmt: skip

    table = columns(data / "reference/exit_history_c17_computed.csv")
    source = "C-17 exit, 140 KIAS at 25,000 ft, computed table"
    for what in ("point mass", "jumper"):
        flown = hill(what)
        speed = flown.at(table["t_s"], flown.speed_m_s)[:, 0]
        yield near(f"Speed over the hill, {what}", source, speed, table["v_total_ms"], limit=2.0, unit="%")
    flown = hill("point mass")
    place, velocity = (
        flown.at(table["t_s"], values)[:, 0] for values in (flown.position_enu_m, flown.velocity_enu_m_s)
    )
    later = table["t_s"] > 0
    for name, ours, theirs in (
        ("Distance along the run", place[later, 0], table["x_m"][later]),
        ("Rate of fall", -velocity[later, 2], table["vd_ms"][later]),
        ("Height lost after 3 s", 25000 - place[3:, 2] / FT_M, 25000 - table["alt_ft"][3:]),
    ):
        yield near(f"{name} over the hill, point mass", source, ours, theirs, limit=2.0, unit="%")

    table = columns(data / "reference/halo_computed_reference.csv")
    got, source = (
        high_jumps(table),
        "HALO table, computed: four postures, exits 12,500 to 25,000 ft, 0 to 140 KIAS",
    )
    yield near("Time of fall", source, got["time"], table["fall_time_s"], limit=0.5, unit="%")
    yield near("Fastest rate of fall", source, got["fastest"], table["vmax_vertical_ms"], limit=0.5, unit="%")
    yield near("Speed at the end", source, got["end"], table["v_end_ms"], limit=0.5, unit="%")
    thrown = table["throw_m"] > 0
    yield near("Forward throw", source, got["throw"][thrown], table["throw_m"][thrown], limit=0.5, unit="%")

    for what in ("point mass", "jumper"):
        yield near(
            f"Drift after a wind shear at 12,000 ft, seconds of the upper wind, {what}",
            "Kallend (about 6 s); v/g", memory_s(what), 6.5, limit=0.5, unit="s",
        )  # fmt: skip


def figures(data: Path) -> Iterator[Figure]:
    """The hill and the drift."""
    table = columns(data / "reference/exit_history_c17_computed.csv")
    page = panels("hill", "The hill: level out of a C-17 at 140 KIAS and 25,000 ft, still air.", 2)
    for what, style in (("point mass", "ours"), ("jumper", "other")):
        flown = hill(what)
        velocity = flown.velocity_enu_m_s[:, 0]
        page.line(0, flown.time_s, flown.speed_m_s[:, 0], style, what)
        page.line(1, flown.time_s, np.degrees(np.arctan2(-velocity[:, 2], velocity[:, 0])), style, what)
    page.dots(0, table["t_s"], table["v_total_ms"], "computed table")
    page.dots(1, table["t_s"], table["flight_path_deg_below_horizon"], "computed table")
    page.axes(0, "seconds after the exit", "speed, m/s", x=(0, 40), y=(60, 110))
    page.axes(1, "seconds after the exit", "path below the horizon, degrees", x=(0, 40), y=(0, 95))
    yield page

    page = panels("drift", "Drift: a fall out of a 15 m/s wind that ends at 12,000 ft.", 2)
    for what, style in (("point mass", "ours"), ("jumper", "other")):
        flown, out_s = shear(what)
        since = flown.time_s - out_s
        east = flown.position_enu_m[:, 0, 0]
        page.line(0, since, flown.velocity_enu_m_s[:, 0, 0] / SHEAR_M_S, style, what)
        page.line(1, since, (east - np.interp(out_s, flown.time_s, east)) / SHEAR_M_S, style, what)
    page.level(1, 6.5, "6.5 s: Kallend, v/g")
    page.axes(0, "seconds after the shear", "drift, share of the upper wind", x=(-3, 25), y=(0, 1.05))
    page.axes(1, "seconds after the shear", "drift since, seconds of the upper wind", x=(-3, 25), y=(-3, 8))
    yield page
