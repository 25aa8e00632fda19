"""Openings as the kernel flies them, and what a reserve is certified to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np

from against.flown import Array, attitude, common, go, launch, over, standard_air
from against.published import table
from against.row import Row, inside, near
from onetake.fly.state import TICK_S, C
from onetake.jumper.canopy import Opening, aad, open_vertically, reserve_limits
from onetake.odds.draws import draw, error_heights_m
from onetake.units import FT_M, KT_M_S
from onetake.weather.spread import wind_spread

ORDER = 9
TITLE = "Opening"
TEXT = """
256 openings from the odds' own priors at 3,300 ft, the middle 95 % of them. The priors were chosen so that openings lie in
these bands, so the first rows are fitted; the survey's openings are flown with the survey's own parameters.
"""

OPENINGS = 256
BANDS = "makers, riggers and test jumpers"


@cache
def opened() -> dict[str, Array]:
    """Seconds from line stretch to full, metres lost from the pull until it flies, peak load in g, (256,) each."""
    scenario = over(standard_air(3000.0), height_m=2000.0, lat_deg=25.0)
    calm = wind_spread(
        error_heights_m(scenario), lead_s=0.0, age_s=0.0, wind_speed_m_s=5.0, month=4, format="gfs_grib"
    )
    drawn = draw(scenario, calm, 5, np.arange(1, OPENINGS + 1)).values
    names = ("A_extract_s", "A_snivel_s", "A_fill_s", "A_snivel_area")
    flight = launch(scenario, OPENINGS, A_v0z=-53.0, A_pull_m=1000.0, **{name: drawn[name] for name in names})
    attitude(1.0, 0.0, 0.0, 0.0)(flight)
    go(flight, round(45.0 / TICK_S))

    def got(name: str) -> Array:
        return flight.field(name).astype(np.float64)

    assert np.all(got("A_t_open") > 0)
    # it is told to be open a second after it is full, when the canopy begins to fly
    filling_s = got("A_t_open") - got("A_t_pull") - 1.0 - drawn["A_extract_s"]
    return {"filling_s": filling_s, "lost_m": got("A_h_pull") - got("A_h_open"), "peak_g": got("A_felt_max")}


def reserve_open_s() -> Array:
    """Seconds from the firing of the AAD to 75 % of the reserve's drag area, of somebody who never pulls."""
    scenario = over(standard_air(3000.0), height_m=2000.0, lat_deg=25.0)
    device = aad("cypres_expert")
    scenario = common(scenario, A_aad_m=device.height_agl_m, A_aad_m_s=device.speed_m_s)
    flight = launch(scenario, A_v0z=-53.0)
    attitude(1.0, 0.0, 0.0, 0.0)(flight)
    enough_m2 = 0.75 * float(scenario.common[C.A_full_area])
    for tick in range(round(60.0 / TICK_S)):
        go(flight, 1)
        if flight.field("A_cds")[0] >= enough_m2:
            assert flight.field("A_aad")[0] == 1.0
            return np.array([tick * TICK_S - float(flight.field("A_t_pull")[0])])
    raise AssertionError("the reserve never opened")


def rows(data: Path) -> Iterator[Row]:
    """Every comparison of this part."""
    middle = {name: np.quantile(values, [0.025, 0.5, 0.975]) for name, values in opened().items()}
    yield inside("Line stretch to full, s", BANDS, middle["filling_s"], 3.5, 5.0, unit="s", kind="fitted")
    yield inside(
        "Height lost from the pull, ft",
        BANDS,
        middle["lost_m"] / FT_M,
        400.0,
        1000.0,
        unit="ft",
        kind="fitted",
    )
    yield inside(
        "Peak load, g",
        f"{BANDS}; Stratos measured 3.2 to 3.5",
        middle["peak_g"],
        2.3,
        5.0,
        unit="g",
        kind="fitted",
    )

    reference = table(data / "reference/parachute.toml")
    made = [
        open_vertically(
            Opening(extraction_s=0.0, snivel_s=one["snivel_s"], snivel_cda_m2=one["snivel_cda_m2"],
                    fill_s=one["fill_s"], full_cda_m2=30.0),
            mass_kg=100.0, body_cda_m2=0.55, speed_m_s=54.0, density_kg_m3=1.1,
        )
        for one in reference["computed_opening"]["rows"]
    ]  # fmt: skip
    source = "computed openings after Knacke, NWC TP 6575"
    listed = reference["computed_opening"]["rows"]
    yield near(
        "Height lost, ft", source, [one.loss_m[-1] / FT_M for one in made], [one["height_ft"] for one in listed],
        limit=4.0, unit="%", kind="computed",
    )  # fmt: skip
    yield near(
        "Peak load, g", source, [one.peak_g for one in made], [one["peak_g"] for one in listed],
        limit=0.05, unit="g", kind="computed",
    )  # fmt: skip

    yield inside(
        "Reserve after an AAD at terminal speed, firing to 75 % of its drag area, s", "TSO-C23d: functionally open within 3 s",
        reserve_open_s(), 0.0, 3.0, unit="s",
    )  # fmt: skip
    limits, certified = reserve_limits(), reference["reserve_certification"]
    for name, ours, theirs, unit in (
        ("time to open", limits.max_opening_s, certified["tso_c23d_max_opening_time_s"], "s"),
        ("height lost", limits.max_loss_m / FT_M, certified["tso_c23d_max_altitude_loss_ft"], "ft"),
        (
            "rate of descent",
            limits.max_descent_m_s / FT_M,
            certified["tso_c23d_descent_rate_limit_fps"],
            "ft/s",
        ),
    ):
        yield near(
            f"Reserve, {name}, {unit}", "TSO-C23d", ours, theirs, limit=1e-6, unit=unit, kind="computed"
        )
    yield near(
        "Reserve at a placard of 180 kt, time to open, s", "TSO-C23f: 3 s (placard / 150 kt)²",
        reserve_limits(180 * KT_M_S).max_opening_s, 3.0 * (180 / 150) ** 2, limit=1e-6, unit="s", kind="computed",
    )  # fmt: skip
