"""The standard atmosphere, as a formula and as the air that a body falls through."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.integrate import solve_ivp

from against.flown import Array, go, height_m, launch, over, standard_air
from against.published import columns
from against.row import Row, near
from onetake.units import FT_M, G0_M_S2
from onetake.weather import atmosphere

ORDER = 1
TITLE = "Atmosphere"
TEXT = "Formulas without anything to adjust. A jump uses its sounding's own air; this is what continues it above and below."

# ICAO Doc 7488 (1993) = ISO 2533: geopotential m, K, Pa, kg/m³, six printed digits
ICAO = np.array(
    [
        (0, 288.15, 101325.0, 1.22500),
        (1000, 281.65, 89874.6, 1.11164),
        (3000, 268.65, 70108.5, 0.909122),
        (5000, 255.65, 54019.9, 0.736116),
        (8000, 236.15, 35599.8, 0.525168),
        (9000, 229.65, 30742.5, 0.466348),
        (10000, 223.15, 26436.3, 0.412707),
        (11000, 216.65, 22632.1, 0.363918),
        (15000, 216.65, 12044.6, 0.193674),
        (20000, 216.65, 5474.89, 0.0880349),
        (32000, 228.65, 868.019, 0.0132250),
    ]
)
# US Standard Atmosphere 1976, table I, feet of the upper layers: geopotential m, K, Pa
UPPER = np.array(
    [(47000, 270.65, 110.906), (51000, 270.65, 66.9389), (71000, 214.65, 3.95642), (84852, 186.946, 0.373384)]
)


def hydrostatic_pa(altitude_m: Array) -> Array:
    """Pressure by integrating dp = -ρ g dz upwards through the layers' temperatures (DOP853, tolerance 1e-12)."""
    radius_m, gas = 6356766.0, 8314.32 / 28.964420  # ISO 2533
    foot_m = np.array([0.0, 11000.0, 20000.0, 32000.0, 47000.0, 51000.0, 71000.0, 84852.0])
    foot_k = np.array([288.15, 216.65, 216.65, 228.65, 270.65, 270.65, 214.65, 186.946])

    def slope(z: float, ln_p: Array) -> Array:
        temperature = np.interp(radius_m * z / (radius_m + z), foot_m, foot_k)
        return np.array([-G0_M_S2 * (radius_m / (radius_m + z)) ** 2 / (gas * temperature)])

    found: Array = np.empty_like(altitude_m)
    ends = radius_m * foot_m / (radius_m - foot_m)
    start = np.array([np.log(101325.0)])
    for low, high in pairwise(ends):  # a corner of the temperature is a corner of the solution
        part = (altitude_m >= low) & (altitude_m <= high)
        leg = solve_ivp(slope, (low, high), start, "DOP853", rtol=1e-12, atol=1e-14, dense_output=True)
        found[part] = np.exp(leg.sol(altitude_m[part])[0])
        start = leg.y[:, -1]
    return found


def rows(data: Path) -> Iterator[Row]:
    """Every comparison of this part."""
    point = columns(data / "reference/ussa76_check.csv")
    air = atmosphere.isa(point["alt_ft"] * FT_M)
    source = "USSA 1976, NASA-TM-X-74335, check points 0 to 127,852 ft"
    for name, ours, theirs in (
        ("temperature", air.temperature_k, point["temperature_k"]),
        ("pressure", air.pressure_pa, point["pressure_pa"]),
        ("density", air.density_kg_m3, point["density_kgm3"]),
        ("speed of sound", atmosphere.speed_of_sound_m_s(air.temperature_k), point["sound_ms"]),
    ):
        yield near(name.capitalize(), source, ours, theirs, limit=0.1, unit="%", kind="computed")

    icao = atmosphere.isa(atmosphere.geometric_from_geopotential(ICAO[:, 0]))
    source = "ICAO Doc 7488 (1993) = ISO 2533, 0 to 32 km, six digits"
    yield near(
        "Pressure, exact formula", source, icao.pressure_pa, ICAO[:, 2], limit=1e-3, unit="%", kind="computed"
    )
    yield near(
        "Density, exact formula",
        source,
        icao.density_kg_m3,
        ICAO[:, 3],
        limit=1e-3,
        unit="%",
        kind="computed",
    )
    upper = atmosphere.isa(atmosphere.geometric_from_geopotential(UPPER[:, 0]))
    yield near(
        "Pressure at the upper layers", "USSA 1976 table I, 47 to 85 km", upper.pressure_pa, UPPER[:, 2],
        limit=1e-3, unit="%", kind="computed",
    )  # fmt: skip
    altitude = np.linspace(100.0, 85000.0, 200)
    yield near(
        "Pressure, formula against integration", "hydrostatic equation by DOP853, 0.1 to 85 km",
        atmosphere.isa(altitude).pressure_pa, hydrostatic_pa(altitude), limit=1e-3, unit="%", kind="computed",
    )  # fmt: skip
    height, density = met()
    yield near(
        "Density that a falling body meets in the kernel", "USSA 1976, 25,000 to 6,000 ft",
        density, atmosphere.isa(height).density_kg_m3, limit=0.1, unit="%",
    )  # fmt: skip


def met() -> tuple[Array, Array]:
    """Heights and densities along a fall from 25,000 ft: the kernel's table, its interpolation, its precision."""
    flight = launch(over(standard_air(8000.0), height_m=25000 * FT_M))
    heights, densities = [], []
    for _ in range(80):
        go(flight, 24)
        before = height_m(flight)
        go(flight, 1)  # the air of a tick is looked up in its middle
        heights.append(float(before[0] + height_m(flight)[0]) / 2)
        densities.append(float(flight.field("A_rho")[0]))
    return np.array(heights), np.array(densities)
