"""Translation and rotation against NASA's check cases for flight simulations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np

from against.draw import Figure, panels
from against.flown import Array, Flown, ball, common, fly, over, standard_air
from against.published import columns
from against.row import Row, near
from onetake.fly.scenario import Scenario
from onetake.units import FT_M

ORDER = 2
TITLE = "Motion: NASA's check cases"
TEXT = """
NASA/TM-2015-218675, atmospheric cases, flown over a drop zone at 0°N 0°E with the product's own Coriolis and curvature
terms. Mass, inertia, drag and gravity are the case's: its J2 field is 4.4e-5 m/s² weaker there than the normal gravity that
the product flies with. Nothing is adjusted. Every fifth tick of 30 s is compared.
"""

SLUG_KG = 14.59390294
SLUG_FT2_KG_M2 = 1.3558179483
SPHERE_KG, SPHERE_CDA_M2 = 1.0 * SLUG_KG, 0.1 * 0.1963495 * FT_M**2
BRICK_KG = 0.155404754 * SLUG_KG
BRICK_KG_M2 = tuple(value * SLUG_FT2_KG_M2 for value in (0.001894220, 0.006211019, 0.007194665))
BRICK_AREA_M2, BRICK_SPAN_M, BRICK_CHORD_M = 0.22222 * FT_M**2, 0.33333 * FT_M, 0.66667 * FT_M
RATES_RAD_S = np.radians([10.0, 20.0, 30.0])  # forward, right, down
HIGH_M = 30000 * FT_M
TIMES_S = 0.2 * np.arange(
    1, 151
)  # every fifth tick is every second line of theirs; a record is taken before the exit
GM_M3_S2, J2, EQUATOR_M, SPIN_RAD_S = (
    3.986004418e14,
    1.08262982e-3,
    6378137.0,
    7.292115e-5,
)  # WGS84, as the cases have it
REFERENCE = "04"


@cache
def theirs(data: Path, case: int, sim: str = REFERENCE) -> dict[str, Array]:
    """A trajectory of theirs at TIMES_S."""
    return {
        name: values[2::2] for name, values in columns(data / f"nesc/Atmos_{case:02d}_sim_{sim}.csv").items()
    }


def wind_east_m_s(case: int, altitude_m: Array) -> Array:
    """20 ft/s to the east in case 7; from -20 ft/s on the ground to +70 ft/s at 30,000 ft in case 8."""
    if case == 7:
        return np.full_like(altitude_m, 20 * FT_M)
    return (-20.0 + 90.0 * altitude_m / HIGH_M) * FT_M if case == 8 else np.zeros_like(altitude_m)


def alone(scenario: Scenario) -> Scenario:
    """One body that nobody steers, in the case's gravity, without the drag that a man gets near the speed of sound."""
    below, here, above = (
        GM_M3_S2 / r**2 * (1 + 1.5 * J2 * (EQUATOR_M / r) ** 2) - SPIN_RAD_S**2 * r
        for r in (EQUATOR_M - 1e4, EQUATOR_M, EQUATOR_M + 1e4)
    )
    field = {
        "gravity": here,
        "gradient": (below - above) / (2e4 * here),
        "gradient2": (below - 2 * here + above) / (2e8 * here),
    }
    return common(scenario, pair=0.0, steered=0.0, wave_drag=0.0, **field)


@cache
def sphere(case: int) -> Flown:
    """Cases 1 and 6 to 10."""
    thrown = case >= 9
    ahead = {9: (1000 * FT_M, 0.0), 10: (0.0, 1000 * FT_M)}.get(case, (0.0, 0.0))
    air = standard_air(12000.0, lambda altitude: wind_east_m_s(case, altitude))
    scenario = alone(over(air, height_m=0.0 if thrown else HIGH_M, ahead_m_s=ahead))
    body = ball(scenario, SPHERE_KG, 0.0 if case == 1 else SPHERE_CDA_M2)
    return fly(body, 30.0, A_v0z=1000 * FT_M if thrown else 0.0)


@cache
def brick(case: int) -> Flown:
    """Case 2, and case 3 with its damping Cl = -p b / 2V and so on, no drag: friction whose first moments vanish."""
    scenario = ball(alone(over(standard_air(12000.0), height_m=HIGH_M)), BRICK_KG, 0.0, BRICK_KG_M2)
    if case == 3:
        scenario.panels[0, 6, 4:7] = (
            0.5 * BRICK_AREA_M2 * np.array([BRICK_SPAN_M, BRICK_CHORD_M, BRICK_SPAN_M]) ** 2
        )
        scenario = common(scenario, damping=1.0)
    forward, right, down = RATES_RAD_S
    return fly(scenario, 30.0, A_w0x=forward, A_w0y=-right, A_w0z=-down)


def rates_deg_s(flown: Flown) -> Array:
    """Roll, pitch and yaw rate (150, 3) about forward, right and down."""
    return np.degrees(flown.rate_rad_s[5::5, 0] * [1.0, -1.0, -1.0])


def runge_kutta_deg_s(step_s: float = 0.02) -> Array:
    """Euler's equations of case 2 by the classical Runge-Kutta at the kernel's step (150, 3)."""
    roll, pitch, yaw = BRICK_KG_M2

    def slope(w: Array) -> Array:
        p, q, r = w
        return np.array(
            [(pitch - yaw) / roll * q * r, (yaw - roll) / pitch * r * p, (roll - pitch) / yaw * p * q]
        )

    w, told = RATES_RAD_S.copy(), []
    for k in range(1, round(30.0 / step_s) + 1):
        a = slope(w)
        b = slope(w + step_s / 2 * a)
        c = slope(w + step_s / 2 * b)
        d = slope(w + step_s * c)
        w = w + step_s / 6 * (a + 2 * b + 2 * c + d)
        if k % 10 == 0:
            told.append(w.copy())
    return np.degrees(told)


def velocity_ft_s(flown: Flown) -> Array:
    """North, east and down (150, 3)."""
    return flown.velocity_enu_m_s[5::5, 0][:, [1, 0, 2]] * [1.0, 1.0, -1.0] / FT_M


def measured_ft_s(table: dict[str, Array]) -> Array:
    """Theirs, north, east and down (150, 3)."""
    return np.stack([table[f"feVelocity_ft_s_{axis}"] for axis in "XYZ"], axis=-1)


def rows(data: Path) -> Iterator[Row]:
    """Every comparison of this part."""
    what = {
        1: "fall without drag", 6: "sphere, ellipsoid", 7: "sphere, steady wind", 8: "sphere, wind shear",
        9: "sphere thrown east and up", 10: "sphere thrown north and up",
    }  # fmt: skip
    for case, name in what.items():
        flown, table = sphere(case), theirs(data, case)
        source = f"NESC atmospheric case {case}, sim {REFERENCE}"
        limit = 0.05 if case < 9 else 0.5
        yield near(
            f"Altitude over 30 s, {name}, ft", source, flown.height_m[5::5, 0] / FT_M, table["altitudeMsl_ft"], limit=limit,
            unit="ft",
        )  # fmt: skip
        yield near(
            f"Velocity over 30 s, {name}, north, east, down, ft/s", source, velocity_ft_s(flown), measured_ft_s(table),
            limit=0.01, unit="ft/s",
        )  # fmt: skip
    for case, name, limit in ((2, "tumbling brick", 0.003), (3, "tumbling brick with damping", 0.01)):
        table = theirs(data, case)
        rates = np.stack(
            [table[f"bodyAngularRateWrtEi_deg_s_{axis}"] for axis in ("Roll", "Pitch", "Yaw")], axis=-1
        )
        source = f"NESC atmospheric case {case}, sim {REFERENCE}"
        yield near(
            f"Turn rates over 30 s, {name}, degrees/s", source, rates_deg_s(brick(case)), rates, limit=limit, unit="°/s"
        )  # fmt: skip
        if case == 2:
            yield near(
                "The same by Runge-Kutta at the kernel's step, degrees/s", source, runge_kutta_deg_s(), rates, limit=0.001,
                unit="°/s", kind="computed",
            )  # fmt: skip


def figures(data: Path) -> Iterator[Figure]:
    """Residuals."""
    page = panels("nesc", "NASA's check cases: ours less theirs over 30 s, with the limit at the end.", 3)
    for case, style in ((1, "ours"), (6, "other"), (7, "third"), (8, "fourth")):
        flown, table = sphere(case), theirs(data, case)
        page.line(0, TIMES_S, flown.height_m[5::5, 0] / FT_M - table["altitudeMsl_ft"], style, f"case {case}")
    for case, style in ((9, "ours"), (10, "other")):
        flown, table = sphere(case), theirs(data, case)
        page.line(1, TIMES_S, flown.height_m[5::5, 0] / FT_M - table["altitudeMsl_ft"], style, f"case {case}")
        other = theirs(data, case, "06")["altitudeMsl_ft"] - table["altitudeMsl_ft"]
        page.line(1, TIMES_S, other, "faint", "NASA's sim 06" if case == 10 else "")
    for case, style in ((2, "ours"), (3, "other")):
        table = theirs(data, case)
        rates = np.stack(
            [table[f"bodyAngularRateWrtEi_deg_s_{axis}"] for axis in ("Roll", "Pitch", "Yaw")], axis=-1
        )
        off = rates_deg_s(brick(case)) - rates
        for axis in range(3):
            page.line(2, TIMES_S, off[:, axis], style, f"case {case}" if axis == 0 else "")
    for panel, limit, unit in (
        (0, 0.05, "altitude, ft"),
        (1, 0.5, "altitude, ft"),
        (2, 0.003, "turn rate, degrees/s"),
    ):
        page.level(panel, limit)
        page.level(panel, -limit)
        page.axes(panel, "seconds", f"{unit}, ours less theirs", x=(0, 30), y=(-1.2 * limit, 1.8 * limit))
    yield page
