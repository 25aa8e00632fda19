"""The jumper's blood and skin: oxygen, useful consciousness, decompression, cold.

Every answer says how far it may be trusted. Pressures are Pa, heights the standard pressure altitude in metres where a
published table is by height. Planning aid only: a flight surgeon owns the oxygen plan.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from onetake.errors import InputError
from onetake.jumper.segments import Array, table
from onetake.units import FT_M

MMHG_PA = 133.322


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A number or a range with its trust: confidence read | recalled | computed, source, and what limits it."""

    low: float
    high: float
    unit: str
    confidence: str
    source: str
    caution: str = ""


def saturation(oxygen_pa: ArrayLike) -> Array:
    """Haemoglobin saturation, share 0 to 1, at oxygen pressures in Pa (any shape), pH 7.4, 37 °C.

    Raises InputError for negative or undefined pressures. Source: Severinghaus 1979; within 0.5 points of his table.
    """
    pressure = np.asarray(oxygen_pa, float) / MMHG_PA
    if not np.all(np.isfinite(pressure)) or np.any(pressure < 0):
        raise InputError("an oxygen pressure cannot be negative or undefined")
    row = table("physiology")["saturation"]
    cubic = pressure**3 + row["c2"] * pressure
    share: Array = cubic / (cubic + row["c1"])
    return share


def alveolar_oxygen_pa(pressure_pa: float, inspired_share: float) -> float:
    """Oxygen pressure in the lung, Pa, breathing this share of oxygen at ambient pressure_pa.

    Carbon dioxide falls as hunger for oxygen deepens breathing: it is taken from the height at which air holds the
    same inspired oxygen. Never below 0. Raises InputError outside 5.5 to 120 kPa or for a share outside 0 to 1.
    Source: the alveolar gas equation with R 0.85; on air above 18,000 ft it understates, and misleads.
    """
    standard_height_m(pressure_pa)  # raises where there is no such air
    if not 0.0 <= inspired_share <= 1.0:
        raise InputError(f"an inspired share of oxygen of {inspired_share:g} is outside 0 to 1")
    row = table("physiology")["alveolar"]
    vapour_mmhg = row["water_vapour_mmhg"]
    inspired_mmhg = inspired_share * max(pressure_pa / MMHG_PA - vapour_mmhg, 0.0)
    as_air_pa = (inspired_mmhg / row["inspired_air"] + vapour_mmhg) * MMHG_PA
    height_ft = standard_height_m(min(max(as_air_pa, 6e3), 1.2e5)) / FT_M
    co2_mmhg = float(np.interp(height_ft, row["co2_ft"], row["co2_mmhg"]))
    lost_mmhg = co2_mmhg * (inspired_share + (1.0 - inspired_share) / row["exchange_ratio"])
    return float(max(inspired_mmhg - lost_mmhg, 0.0) * MMHG_PA)


def blood_oxygen(pressure_pa: float, inspired_share: float | None = None) -> Told:
    """Saturation, share, after minutes at this pressure; None is air. Errors as `alveolar_oxygen_pa`."""
    row = table("physiology")["alveolar"]
    share = row["inspired_air"] if inspired_share is None else inspired_share
    arterial_pa = max(alveolar_oxygen_pa(pressure_pa, share) - row["gradient_mmhg"] * MMHG_PA, 0.0)
    value = float(saturation(arterial_pa))
    caution = ""
    if share <= row["inspired_air"] and standard_height_m(pressure_pa) > row["air_ceiling_ft"] * FT_M:
        caution = (
            "on air above 18,000 ft the steady equation misleads; decide by time of useful consciousness"
        )
    return Told(
        low=value, high=value, unit="1", confidence=row["confidence"], source=row["source"], caution=caution
    )


def useful_consciousness(pressure_altitude_m: float, *, rapid: bool = False, exercise: bool = False) -> Told:
    """Seconds in which a person without oxygen still acts to a purpose, low and high.

    rapid: after a sudden loss of cabin pressure; exercise: moving, as in a door or a fall.
    Below 18,000 ft no limit is tabulated: the range is the table's first row, as a lower bound. Above 43,000 ft its last.
    Between rows the logarithm is interpolated. Raises InputError for an undefined height.
    """
    if not math.isfinite(pressure_altitude_m):
        raise InputError("time of useful consciousness needs a height")
    row = table("physiology")["useful_consciousness"]
    height_ft = pressure_altitude_m / FT_M
    kind = "rapid_" if rapid else ""
    low, high = (
        math.exp(np.interp(height_ft, row["ft"], np.log(row[f"{kind}{end}_s"]))) for end in ("low", "high")
    )
    factor = row["exercise_factor"] if exercise else 1.0
    caution = ""
    if height_ft < row["ft"][0]:
        caution, high = "below the table: longer than this", math.inf
    elif height_ft > row["ft"][-1]:
        caution, low = "above the table: shorter than this", 0.0
    return Told(
        low=low * factor,
        high=high * factor,
        unit="s",
        confidence="computed" if exercise else row["confidence"],
        source=row["source"],
        caution=caution,
    )


def decompression_risk(pressure_altitude_m: float, exposure_s: float, prebreathe_s: float) -> Told:
    """Share of people with decompression sickness after `exposure_s` at this height, after `prebreathe_s` of oxygen.

    Stop-gap: P = 1/(1 + (t/α)^-2.13), α by height between 22,500 and 30,000 ft, fitted to exposures of 1 to 4 h after
    one hour's prebreathe. Where it does not hold, low is 0 and high is 1 or the nearest bound, and caution says why.
    Raises InputError for negative or undefined numbers.
    """
    for name, value in (
        ("height", pressure_altitude_m),
        ("exposure", exposure_s),
        ("prebreathe", prebreathe_s),
    ):
        if not (math.isfinite(value) and value >= 0):
            raise InputError(f"decompression risk needs a {name} of at least 0, not {value:g}")
    row = table("physiology")["decompression"]
    height_ft, minutes = pressure_altitude_m / FT_M, exposure_s / 60.0
    place = (height_ft - row["low_ft"]) / (row["high_ft"] - row["low_ft"])
    held = min(max(place, 0.0), 1.0)
    alpha_min = row["alpha_low_min"] ** (1.0 - held) * row["alpha_high_min"] ** held
    risk = 0.0 if minutes == 0 else 1.0 / (1.0 + (minutes / alpha_min) ** -row["beta"])
    low, high, cautions = risk, risk, []
    if place > 1.0:
        high = 1.0
        cautions.append("above 30,000 ft: at least this")
    if place < 0.0:
        low = 0.0
        cautions.append("below 22,500 ft: at most this")
    if prebreathe_s < row["prebreathe_s"]:
        high = 1.0
        cautions.append("less prebreathe than the hour it was fitted to: at least this")
    if minutes < row["fitted_from_min"]:
        cautions.append("shorter than the hour it was fitted from: extrapolated")
    return Told(
        low=low,
        high=high,
        unit="1",
        confidence=row["confidence"],
        source=row["source"],
        caution="; ".join(cautions),
    )


def nitrogen_left(prebreathe_s: float, longest_break_s: float = 0.0) -> Told:
    """Share of the nitrogen of the 360 min tissue that is left after breathing oxygen for prebreathe_s.

    A break on air of 10 min or more voids what came before it: then all of it is left. Raises InputError for
    negative or undefined times. Source: half-time of the published tissue models, recalled.
    """
    for value in (prebreathe_s, longest_break_s):
        if not (math.isfinite(value) and value >= 0):
            raise InputError(f"a prebreathe needs times of at least 0 s, not {value:g}")
    row = table("physiology")["decompression"]
    broken = longest_break_s >= row["air_break_s"]
    left = 1.0 if broken else 0.5 ** (prebreathe_s / row["half_time_s"])
    return Told(
        low=left,
        high=left,
        unit="1",
        confidence=row["washout_confidence"],
        source="nitrogen tissue of 360 min half-time",
        caution="a break of 10 min or more on air: start again" if broken else "",
    )


def wind_chill(temperature_k: float, airspeed_m_s: float) -> Told:
    """Felt temperature on a bare face, K, as a bound: cold is at most as bad as `low`, at least as bad as the air.

    Raises InputError for undefined or negative input. Source: JAG/TI 2001; far above walking speed it is
    extrapolated, and thin air chills less, so the true value lies between low and high.
    """
    if not (
        math.isfinite(temperature_k)
        and temperature_k > 0
        and math.isfinite(airspeed_m_s)
        and airspeed_m_s >= 0
    ):
        raise InputError(
            f"wind chill needs a temperature and an airspeed, not {temperature_k:g} K, {airspeed_m_s:g} m/s"
        )
    row = table("physiology")["wind_chill"]
    celsius, km_h = temperature_k - 273.15, airspeed_m_s * 3.6
    felt = celsius
    if celsius <= 10.0 and km_h >= 4.8:  # the index is defined here only
        power = km_h**0.16
        felt = min(celsius, 13.12 + 0.6215 * celsius - 11.37 * power + 0.3965 * celsius * power)
    caution = "extrapolated from walking speed: a bound" if km_h > row["extrapolated_above_km_h"] else ""
    return Told(
        low=felt + 273.15, high=temperature_k, unit="K", confidence=row["confidence"], source=row["source"],
        caution=caution,
    )  # fmt: skip


def standard_height_m(pressure_pa: float) -> float:
    """Height of this pressure in the standard atmosphere, m, up to 20 km. Source: US Standard Atmosphere 1976."""
    if not 5.5e3 <= pressure_pa <= 1.2e5:
        raise InputError(f"a pressure of {pressure_pa:g} Pa is outside the standard atmosphere's first 20 km")
    height_m = float(288.15 / 0.0065 * (1.0 - (pressure_pa / 101325.0) ** (1.0 / 5.255880)))
    if height_m > 11000.0:
        height_m = 11000.0 + 6341.62 * math.log(22632.06 / pressure_pa)
    return height_m
