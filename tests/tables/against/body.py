"""The body in the air: inertia from posture, drag and lift with angle, damping, slide and turn."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np

from against.draw import Figure, panels
from against.flown import FLAT, Array, attitude, common, follow, go, launch, over, put, standard_air
from against.published import columns
from against.row import Row, inside, near
from onetake.fly.scenario import Scenario
from onetake.fly.state import TICK_S, C
from onetake.jumper.segments import figure, total
from onetake.units import G0_M_S2, IN_M, LB_KG
from onetake.weather.atmosphere import isa

ORDER = 6
TITLE = "Body"
TEXT = """
Inertia comes from de Leva's table of segments; the arms and legs of the sitting pose were set to meet Santschi's, the
others were not. One table of proportions is not every man: of the three whose figures are printed, the slight and the heavy
one scatter by up to 16 %. Forces are read from the kernel's first step at an angle or a turn rate. Nothing measured is
published on damping: strip theory and one CFD model differ ninefold, so it is a named multiplier of strip theory, flown at 2.
How far the arms go in a turn is set so that a full circle, stopped again, takes no more than the 4.5 s of a B licence.
"""

SPEED_M_S, HEIGHT_M = 60.0, 4000.0
LB_IN_S2_KG_M2 = 0.112985
# Santschi, DuBois, Omoto 1963 (AMRL-TDR-63-36), three of 66 men, as printed in Huston's table A.2.1: lb, in, and inertia in
# lb in s² about front-back, left-right and long axis (rows) standing, arms over head, spread eagle, fourth position (columns)
POSES = ("standing", "arms_over_head", "spread_eagle", "sitting")
MEN = (
    (173.5, 72.2, ((132, 174, 172, 41.4), (119, 159, 135, 37.3), (13.1, 12.5, 41.9, 29.9))),
    (147.3, 67.4, ((95.6, 126, 125, 32.9), (81.9, 110, 90.3, 30.4), (10.3, 10.2, 30.0, 21.5))),
    (203.0, 73.3, ((144, 188, 187, 48.9), (129, 172, 142, 41.9), (14.2, 13.8, 51.2, 36.7))),
)
# mean of the Air Force's men, whom the 66 represent: Hertzberg, Daniels, Churchill 1954, WADC TR 52-321
MEAN_MAN = (163.7 * LB_KG, 69.1 * IN_M)
LENGTH_M, WIDTH_M = 1.83, 0.762  # 6 ft and 2.5 ft, the lengths of the CFD model's damping law


def inertia(pose: str, mass_kg: float, height_m: float) -> Array:
    """About front-back, left-right and long axis, kg m²."""
    return np.diag(total(figure(pose, mass_kg=mass_kg, height_m=height_m).masses.values())[2])[::-1]


def men() -> tuple[Array, Array]:
    """Computed and measured inertia (man, pose, axis), kg m²."""
    ours = [[inertia(pose, pounds * LB_KG, inches * IN_M) for pose in POSES] for pounds, inches, _ in MEN]
    theirs = [np.array(printed).T * LB_IN_S2_KG_M2 for _, _, printed in MEN]
    return np.array(ours), np.array(theirs)


def wind_tunnel() -> Scenario:
    """Standard air at 4 km over a plane that does not turn."""
    return common(over(standard_air(6000.0), height_m=HEIGHT_M, lat_deg=45.0), **FLAT)


def pressure_pa() -> float:
    """Half the density times the speed squared of the wind tunnel."""
    return float(0.5 * isa(HEIGHT_M).density_kg_m3 * SPEED_M_S**2)


@cache
def forces() -> tuple[Array, Array, Array]:
    """Angles from belly to the wind, degrees, head first to feet first; drag and lift area over the drag area at 0."""
    scenario, degrees = wind_tunnel(), np.arange(-180.0, 181.0, 5.0)
    half = np.radians(degrees) / 2
    flight = launch(scenario, len(degrees), A_v0z=-SPEED_M_S, A_reflex=0.0)
    for name, part in (
        ("A_qw", np.cos(half)),
        ("A_qx", 0 * half),
        ("A_qy", np.sin(half)),
        ("A_qz", 0 * half),
    ):
        put(flight, name, part)
    flown = follow(flight, 3)
    change = (flown.velocity_enu_m_s[2] - flown.velocity_enu_m_s[1]) / TICK_S
    area = change + np.array([0.0, 0.0, G0_M_S2])
    middle = area[degrees == 0.0][0, 2]
    return degrees, area[:, 2] / middle, area[:, 0] / middle


def damping() -> dict[str, float]:
    """Moment against a turn rate about each axis over that rate, N m s, by the kernel's own step."""
    scenario, rate = wind_tunnel(), np.array([0.0, 0.5])
    found = {}
    for axis, (name, start, moment) in enumerate(
        (("roll", "A_w0x", "A_ix"), ("pitch", "A_w0y", "A_iy"), ("yaw", "A_w0z", "A_iz"))
    ):
        flight = launch(scenario, 2, A_v0z=-SPEED_M_S, A_reflex=0.0, **{start: rate})
        attitude(1.0, 0.0, 0.0, 0.0)(flight)
        flown = follow(flight, 3).rate_rad_s[1:, :, axis]
        slowing = -np.diff(flown, axis=0)[0] / TICK_S
        mean = flown.mean(axis=0)
        found[name] = float((slowing[1] - slowing[0]) / (mean[1] - mean[0])) * float(
            scenario.common[getattr(C, moment)]
        )
    return found


def strip(length_m: float, cda_m2: float) -> float:
    """Damping of a plate of even breadth and that length, each strip feeling its own air: q CdA L² / 6V, N m s."""
    return pressure_pa() * cda_m2 * length_m**2 / (6.0 * SPEED_M_S)


@cache
def turn(swept: int = 200) -> tuple[Array, Array, Array]:
    """Seconds, angle and turn rate, rad and rad/s, of a belly flyer from rest: arms swept as far as they go one way for
    so many ticks, then the other way."""
    flight = launch(wind_tunnel(), A_v0z=-SPEED_M_S, A_reflex=0.0)
    attitude(1.0, 0.0, 0.0, 0.0)(flight)
    rate = []
    for tick in range(200):
        put(flight, "A_turn", 1.0 if tick < swept else -1.0)
        go(flight, 1)
        rate.append(float(flight.field("A_wz")[0]))
    return TICK_S * np.arange(1, 201), np.cumsum(rate) * TICK_S, np.array(rate)


def stopped_circle_s() -> float:
    """Seconds for a full circle from rest to a standstill, the arms changed over at the best moment."""
    ends = []
    for swept in range(50, 90, 4):
        seconds, angle, rate = turn(swept)
        stop = swept + int(np.argmax(rate[swept:] <= 0.0))
        ends.append((angle[stop], seconds[stop]))
    return float(np.interp(2 * np.pi, *np.transpose(ends)))


def rows(data: Path) -> Iterator[Row]:
    """Every comparison of this part."""
    ours, theirs = men()
    source = "Santschi 1963, pendulum, ±2 to 8 %"
    name = "Inertia of the man of 78.7 kg and 1.83 m, three axes"
    yield near(
        f"{name}, standing, arms up, spread eagle, kg m²",
        source,
        ours[0, :3],
        theirs[0, :3],
        limit=10.0,
        unit="%",
    )
    yield near(
        f"{name}, sitting, kg m²", source, ours[0, 3], theirs[0, 3], limit=10.0, unit="%", kind="fitted"
    )
    spread = POSES.index("spread_eagle")
    yield near(
        "Inertia in the spread eagle, mean of three men, three axes, over the measured", source,
        (ours / theirs)[:, spread].mean(axis=0), 1.0, limit=10.0, unit="%",
    )  # fmt: skip
    for name, axis, printed in (
        ("standing, about the long axis", 2, 11.0),
        ("arms over head, about front-back", 0, 152.0),
    ):
        pose = "standing" if axis == 2 else "arms_over_head"
        yield near(
            f"Inertia of the mean man, {name}, lb in s²", "Santschi 1963, mean of 66 men",
            inertia(pose, *MEAN_MAN)[axis] / LB_IN_S2_KG_M2, printed, limit=10.0, unit="%",
        )  # fmt: skip

    degrees, drag, lift = forces()
    cfd = columns(data / "reference/skydiver_cfd_creare_totals.csv")
    shape = cfd["shape_drag_relative_area_only"]
    angle = cfd["angle_deg"] <= 90
    both = (np.interp(cfd["angle_deg"], degrees, drag) + np.interp(-cfd["angle_deg"], degrees, drag))[
        angle
    ] / 2
    yield near(
        "Drag with angle, 0 to 90° from broadside, over broadside", "Creare CFD, mean of its two sides (they differ by 22 %)",
        both, ((shape + shape[::-1]) / 2)[angle], limit=12.0, unit="%", scale=1.0,
    )  # fmt: skip
    yield near(
        "Force fore and aft in neutral posture, belly to the wind, over drag", "none, by construction (trim is drawn)",
        lift[degrees == 0.0], 0.0, limit=0.1, unit="%", kind="computed", scale=1.0,
    )  # fmt: skip
    forward = (degrees > -90.0) & (degrees < 90.0)
    yield inside(
        "Slide: best glide of the rigid body", "tracks: GPS 0.55 to 0.82, best 1.0",
        float(np.max(np.abs(lift[forward] / drag[forward]))), 0.55, 1.0, unit="",
    )  # fmt: skip
    body, found = wind_tunnel().operator.body, damping()
    yield inside(
        "Damping of pitch and roll as flown, over strip theory of a plate", "strip theory 1, Creare CFD 8.8",
        [found["pitch"] / strip(LENGTH_M, body.cda_neutral_m2), found["roll"] / strip(WIDTH_M, body.cda_neutral_m2)],
        1.0, 8.8, unit="times",
    )  # fmt: skip
    seconds, angle, _ = turn()
    licence = "USPA B licence: four circles and two loops in 18 s"
    yield inside(
        "Turn: first full circle from rest, s", licence, float(np.interp(2 * np.pi, angle, seconds)), 0.0, 4.5, unit="s"
    )  # fmt: skip
    yield inside(
        "Turn: full circle, from rest to a standstill, s", licence, stopped_circle_s(), 0.0, 4.5, unit="s", kind="fitted"
    )  # fmt: skip


def figures(data: Path) -> Iterator[Figure]:
    """Drag and lift with angle."""
    degrees, drag, lift = forces()
    cfd = columns(data / "reference/skydiver_cfd_creare_totals.csv")
    shape = cfd["shape_drag_relative_area_only"]
    page = panels("body", "Drag and glide of the body with its angle to the wind.", 2)
    right = degrees >= 0
    page.line(0, degrees[right], drag[right], "ours", "kernel")
    page.dots(0, cfd["angle_deg"], shape, "Creare CFD, one side")
    page.dots(0, cfd["angle_deg"], shape[::-1])
    page.axes(0, "degrees from belly to the wind", "drag area over broadside", x=(0, 90), y=(0, 1.05))
    page.line(1, degrees[right], np.abs(lift[right] / drag[right]), "ours", "kernel")
    page.level(1, 1.0, "best track")
    page.axes(1, "degrees from belly to the wind", "glide ratio", x=(0, 90), y=(0, 1.1))
    yield page
