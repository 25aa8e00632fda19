"""The three Stratos jumps: one drag area fitted to the first, the second predicted, the third's trace."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from against.draw import Figure, panels
from against.flown import Array, Flown, ball, common, fly, follow, join, launch, over, put, standard_air
from against.published import columns, table
from against.row import Row, near
from onetake.fly.scenario import WAVE_DRAG, Scenario
from onetake.fly.state import TICK_S
from onetake.weather.atmosphere import isa, speed_of_sound_m_s

ORDER = 5
TITLE = "Stratos"
TEXT = """
121.2 kg over Roswell, standard air throughout: nothing of the atmosphere is adjusted, though the day's air was 2.6 to 6.5 %
denser at 10 to 25 km. Drag is a drag area times the product's own rise near the speed of sound. Fitted: one drag area to the
speed of the March jump, one to that of the record (a man who dives head first has less), and the posture schedule to the
record's trace. Predicted: everything else.
"""

MASS_KG, LAT_DEG = 121.2, 33.4
TRIED_M2 = np.linspace(0.45, 0.90, 128)
POSTURE_TICKS = 5  # the schedule is read anew every fifth of a second


def high_air(height_m: float) -> Scenario:
    """Standard air from the sea to above the exit, one body that nobody steers, drag area 1 m² for `A_cda` to scale."""
    scenario = over(standard_air(height_m + 500.0), height_m=height_m, lat_deg=LAT_DEG)
    return ball(common(scenario, steered=0.0, pair=0.0), MASS_KG, 1.0)


@cache
def dives(height_m: float) -> Flown:
    """The first 62 s of a jump, with every drag area that is tried."""
    return fly(high_air(height_m), 62.0, len(TRIED_M2), A_cda=TRIED_M2)


def fitted(jump: dict[str, Any]) -> int:
    """Which of the drag areas meets the greatest speed best."""
    fastest = dives(jump["exit_altitude_m"]).speed_m_s.max(axis=0)
    return int(np.argmin(np.abs(fastest - jump["max_vertical_speed_ms"])))


def peak(jump: dict[str, Any], lane: int) -> tuple[float, float, float]:
    """Greatest speed m/s, when, and at what altitude."""
    flown = dives(jump["exit_altitude_m"])
    at = int(np.argmax(flown.speed_m_s[:, lane]))
    return float(flown.speed_m_s[at, lane]), float(flown.time_s[at]), float(flown.height_m[at, lane])


def mach(flown: Flown) -> Array:
    """Mach number in the standard atmosphere (k, n)."""
    return flown.speed_m_s / speed_of_sound_m_s(isa(np.maximum(flown.height_m, 0.0)).temperature_k)


def posture_m2(folder: Path) -> tuple[Array, Array]:
    """Seconds and drag area without wave drag: the survey's schedule of total drag over the rise at the measured Mach number."""
    schedule = next(fit for fit in table(folder / "record_jumps.toml")["fit"] if "time_s" in fit)
    trace = columns(folder / "baumgartner_2012_trajectory.csv")
    seconds = np.arange(0.0, 265.0, 1.0)
    total = np.interp(seconds, schedule["time_s"], schedule["cda_m2"])
    part = np.clip((np.interp(seconds, trace["t_s"], trace["mach_ussa76"]) - 0.75) / (1.1 - 0.75), 0.0, 1.0)
    return seconds, total / (1.0 + WAVE_DRAG * part**2 * (3.0 - 2.0 * part))


@cache
def record_jump(folder: Path) -> Flown:
    """The whole fall of 14 October 2012 with the posture schedule."""
    jump = jumps(folder)["baumgartner_2012_10_14"]
    seconds, area_m2 = posture_m2(folder)
    flight = launch(high_air(jump["exit_altitude_m"]))
    told = []
    for k in range(round(262.0 / (POSTURE_TICKS * TICK_S))):
        put(flight, "A_cda", np.interp((k + 0.5) * POSTURE_TICKS * TICK_S, seconds, area_m2))
        told.append(follow(flight, POSTURE_TICKS))
    return join(told)


def jumps(folder: Path) -> dict[str, dict[str, Any]]:
    """The record jumps by name."""
    return {jump["id"]: jump for jump in table(folder / "record_jumps.toml")["jump"]}


def rows(data: Path) -> Iterator[Row]:
    """Every comparison of this part."""
    folder = data / "reference"
    known = jumps(folder)
    march, july, record = (
        known[name]
        for name in ("stratos_test_2012_03_15", "stratos_test_2012_07_25", "baumgartner_2012_10_14")
    )
    lane, source = fitted(march), "Stratos, 15 March 2012"
    speed, when, height = peak(march, lane)
    yield near(
        "March jump from 21.8 km, greatest speed, m/s", source, speed, march["max_vertical_speed_ms"], limit=1.0, unit="%",
        kind="fitted", note=f"drag area {TRIED_M2[lane]:.3f} m²",
    )  # fmt: skip
    yield near("March jump, when, s", source, when, march["time_of_max_speed_s"], limit=1.0, unit="s")
    yield near(
        "March jump, at what altitude, m",
        source,
        height,
        march["altitude_of_max_speed_m"],
        limit=400.0,
        unit="m",
    )
    yield near(
        "July jump from 29.6 km, greatest speed with March's drag area, m/s", "Stratos, 25 July 2012",
        peak(july, lane)[0], july["max_vertical_speed_ms"], limit=2.0, unit="%",
    )  # fmt: skip

    lane, source = fitted(record), "Stratos, 14 October 2012, summit report"
    speed, when, height = peak(record, lane)
    flown = dives(record["exit_altitude_m"])
    sonic = float(flown.time_s[np.argmax(mach(flown)[:, lane] >= 1.0)])
    yield near(
        "Record from 39.0 km, greatest speed, m/s", source, speed, record["max_vertical_speed_ms"], limit=2.0, unit="%",
        kind="fitted", note=f"drag area {TRIED_M2[lane]:.3f} m²",
    )  # fmt: skip
    yield near(
        "Record, when it is fastest, s", source, when, record["time_of_max_speed_s"], limit=2.0, unit="s"
    )
    yield near(
        "Record, when it reaches Mach 1, s", source, sonic, record["time_mach1_up_s"], limit=1.0, unit="s"
    )
    yield near(
        "Record, altitude when fastest, m",
        source,
        height,
        record["altitude_of_max_speed_m"],
        limit=400.0,
        unit="m",
    )

    trace = columns(folder / "baumgartner_2012_trajectory.csv")
    falls = trace["t_s"] < 259.0  # the last row is under canopy
    seconds, flown = trace["t_s"][falls], record_jump(folder)
    off_m = flown.at(seconds, flown.height_m)[:, 0] - trace["altitude_m"][falls]
    yield near(
        "Record, whole trace with the posture schedule, root mean square of altitude, m", f"Stratos GPS, {len(seconds)} points",
        float(np.sqrt(np.mean(off_m**2))), 0.0, limit=100.0, unit="m", kind="fitted",
    )  # fmt: skip
    later = seconds >= 10
    yield near(
        "Record, speed along the trace after 10 s, m/s", "Stratos GPS",
        flown.at(seconds[later], flown.speed_m_s)[:, 0], trace["speed_ms"][falls][later], limit=8.0, unit="%", kind="fitted",
    )  # fmt: skip
    opened = float(np.interp(-record["opening_altitude_msl_m"], -flown.height_m[:, 0], flown.time_s))
    yield near(
        "Record, time of fall to 2,567 m, s",
        source,
        opened,
        record["freefall_time_s"],
        limit=1.0,
        unit="s",
        kind="fitted",
    )
    for name, got, theirs, limit in (
        ("greatest speed, m/s", flown.speed_m_s.max(), record["max_vertical_speed_ms"], 2.0),
        (
            "when it is fastest, s",
            flown.time_s[np.argmax(flown.speed_m_s)],
            record["time_of_max_speed_s"],
            2.0,
        ),
        (
            "when it reaches Mach 1, s",
            flown.time_s[np.argmax(mach(flown)[:, 0] >= 1.0)],
            record["time_mach1_up_s"],
            1.0,
        ),
    ):
        unit = "%" if "m/s" in name else "s"
        yield near(
            f"Record with the posture schedule, {name}",
            source,
            got,
            theirs,
            limit=limit,
            unit=unit,
            kind="fitted",
        )


def figures(data: Path) -> Iterator[Figure]:
    """The trace of the record."""
    folder = data / "reference"
    trace = columns(folder / "baumgartner_2012_trajectory.csv")
    falls = trace["t_s"] < 259.0
    flown, constant = record_jump(folder), dives(jumps(folder)["baumgartner_2012_10_14"]["exit_altitude_m"])
    lane = fitted(jumps(folder)["baumgartner_2012_10_14"])
    page = panels("stratos", "Stratos, 14 October 2012: the flown record against the measured.", 3)
    page.line(0, flown.time_s, flown.speed_m_s[:, 0], "ours", "posture schedule")
    page.line(0, constant.time_s, constant.speed_m_s[:, lane], "other", "one drag area")
    page.dots(0, trace["t_s"][falls][::2], trace["speed_ms"][falls][::2], "GPS")
    page.axes(0, "seconds after the exit", "speed, m/s", x=(0, 262), y=(0, 400))
    page.line(1, flown.time_s, flown.height_m[:, 0] / 1000, "ours", "posture schedule")
    page.dots(1, trace["t_s"][falls][::2], trace["altitude_m"][falls][::2] / 1000, "GPS")
    page.axes(1, "seconds after the exit", "altitude, km", x=(0, 262), y=(0, 40))
    off_m = flown.at(trace["t_s"][falls], flown.height_m)[:, 0] - trace["altitude_m"][falls]
    page.line(2, trace["t_s"][falls], off_m, "ours")
    page.level(2, 100.0, "limit, root mean square")
    page.level(2, -100.0)
    page.axes(2, "seconds after the exit", "altitude, ours less GPS, m", x=(0, 262))
    yield page
