"""SI constants and one reader of the trade's units: "3 ft", "2'10\\"", "25,000 ft MSL", "140 KIAS", "20 lb".

Inside onetake every number is an SI float. Text with a unit is read here and nowhere else.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from onetake.errors import UnitError

FT_M = 0.3048  # international foot, exact
IN_M = 0.0254  # exact
NM_M = 1852.0  # exact
KT_M_S = NM_M / 3600.0
MPH_M_S = 0.44704  # exact
LB_KG = 0.45359237  # exact
G0_M_S2 = 9.80665  # standard gravity, exact
DEG_RAD = math.pi / 180.0
PSI_PA = 6894.757293168

Dimension = Literal[
    "length", "speed", "mass", "time", "angle", "pressure", "temperature", "area", "rate", "accel"
]

_SCALES: dict[Dimension, dict[str, float]] = {
    "length": {
        "m": 1.0, "km": 1000.0, "cm": 0.01, "mm": 0.001, "um": 1e-6, "ft": FT_M, "feet": FT_M, "foot": FT_M,
        "in": IN_M, "inch": IN_M, "inches": IN_M, "nm": NM_M, "nmi": NM_M, "mi": 1609.344, "yd": 0.9144,
    },
    "speed": {
        "m/s": 1.0, "km/h": 1 / 3.6, "kmh": 1 / 3.6, "kph": 1 / 3.6, "kt": KT_M_S, "kn": KT_M_S, "kts": KT_M_S,
        "knots": KT_M_S, "mph": MPH_M_S, "ft/s": FT_M, "fps": FT_M, "ft/min": FT_M / 60, "fpm": FT_M / 60,
    },
    "mass": {"kg": 1.0, "g": 0.001, "lb": LB_KG, "lbs": LB_KG, "oz": LB_KG / 16, "st": LB_KG * 14},
    "time": {"s": 1.0, "ms": 0.001, "min": 60.0, "h": 3600.0},
    "angle": {"deg": DEG_RAD, "°": DEG_RAD, "rad": 1.0},
    "pressure": {"pa": 1.0, "hpa": 100.0, "mb": 100.0, "mbar": 100.0, "kpa": 1000.0, "inhg": 3386.389, "psi": PSI_PA},
    "temperature": {"k": 1.0},
    "area": {"m2": 1.0, "ft2": FT_M**2, "sqft": FT_M**2},
    "rate": {"rad/s": 1.0, "deg/s": DEG_RAD},
    "accel": {"m/s2": 1.0, "g": G0_M_S2},
}  # fmt: skip
_EXAMPLES: dict[Dimension, str] = {
    "length": '"3 ft", "2\'10\\"" or "0.9 m"', "speed": '"120 mph" or "8 ft/s"', "mass": '"80 kg" or "20 lb"',
    "time": '"0.4 s"', "angle": '"-2 deg"', "pressure": '"1013 hPa"', "temperature": '"15 C" or "288 K"',
    "area": '"230 ft2"', "rate": '"2 rad/s"', "accel": '"3 g"',
}  # fmt: skip

_NUMBER = r"[-+]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_QUANTITY = re.compile(rf"^\s*({_NUMBER})\s*([^\d\s].*?)?\s*$")
_FEET_INCHES = re.compile(rf"^\s*([-+]?)(\d+)\s*(?:'|ft)\s*(?:({_NUMBER})\s*(?:\"|''|in)?)?\s*$")


def _number(text: str) -> float:
    value = float(text.replace(",", ""))
    if not math.isfinite(value):
        raise UnitError(f"{text!r} is not a finite number")
    return value


def parse(text: str, dimension: Dimension) -> float:
    """Read one quantity with its unit; returns SI.

    Feet may be written with inches: `2'10"`. Thousands may carry commas: `25,000 ft`.
    Raises UnitError that names the units which would do.
    """
    if dimension == "length" and (match := _FEET_INCHES.match(text)):
        sign, feet, inches = match.groups()
        value = _number(feet) * FT_M + (_number(inches) * IN_M if inches else 0.0)
        return -value if sign == "-" else value
    match = _QUANTITY.match(text)
    if match is None:
        raise UnitError(f"{text!r} is not a {dimension}; write it like {_EXAMPLES[dimension]}")
    number, unit = _number(match[1]), (match[2] or "").strip()
    if not unit:
        raise UnitError(f"{text!r} has no unit; write it like {_EXAMPLES[dimension]}")
    key = unit.lower()
    if dimension == "temperature" and key in ("c", "°c", "degc"):
        return number + 273.15
    scale = _SCALES[dimension].get(key)
    if scale is None:
        raise UnitError(_unknown(text, unit, dimension))
    if not math.isfinite(number * scale):
        raise UnitError(f"{text!r} is not a finite number")
    return number * scale


def _unknown(text: str, unit: str, dimension: Dimension) -> str:
    owner = next((name for name, scales in _SCALES.items() if unit.lower() in scales), None)
    if owner is not None:
        return f"{text!r} is a {owner}, not a {dimension}; write it like {_EXAMPLES[dimension]}"
    near = get_close_matches(unit.lower(), _SCALES[dimension], n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{text!r}: {unit!r} is not a unit of {dimension}; {hint}write it like {_EXAMPLES[dimension]}"


Datum = Literal["MSL", "AGL", "FL"]


@dataclass(frozen=True, slots=True)
class Altitude:
    """A height with its datum. `FL` is pressure altitude in the standard atmosphere."""

    value_m: float
    datum: Datum

    def __str__(self) -> str:
        if self.datum == "FL":
            return f"FL{self.value_m / FT_M / 100:.0f}"
        return f"{self.value_m / FT_M:,.0f} ft {self.datum}"


_ALTITUDE = re.compile(r"^\s*(.*?)\s*(MSL|AGL)\s*$", re.IGNORECASE)
_FLIGHT_LEVEL = re.compile(r"^\s*FL\s*(\d{2,3})\s*$", re.IGNORECASE)


def parse_altitude(text: str) -> Altitude:
    """Read `25,000 ft MSL`, `6,500 ft AGL` or `FL250`. An altitude without a datum is refused."""
    if match := _FLIGHT_LEVEL.match(text):
        return Altitude(int(match[1]) * 100 * FT_M, "FL")
    match = _ALTITUDE.match(text)
    if match is None:
        raise UnitError(f'{text!r} does not say above what; write "25,000 ft MSL", "6,500 ft AGL" or "FL250"')
    datum: Datum = "MSL" if match[2].upper() == "MSL" else "AGL"
    return Altitude(parse(match[1], "length"), datum)


AirspeedKind = Literal["indicated", "true"]
_AIRSPEED = re.compile(rf"^\s*({_NUMBER})\s*(KIAS|KCAS|KEAS|KTAS)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Airspeed:
    """An airspeed and how it is measured (indicated is taken as equivalent: no position error is known)."""

    value_m_s: float
    kind: AirspeedKind


def parse_airspeed(text: str) -> Airspeed:
    """Read `140 KIAS` or `209 KTAS`."""
    match = _AIRSPEED.match(text)
    if match is None:
        raise UnitError(f'{text!r} is not an airspeed; write "140 KIAS" or "209 KTAS"')
    kind: AirspeedKind = "true" if match[2].upper() == "KTAS" else "indicated"
    return Airspeed(_number(match[1]) * KT_M_S, kind)


def feet_inches(length_m: float) -> str:
    """Say a length the way a focus puller does: 2'9.6"."""
    sign = "-" if length_m < 0 else ""
    tenths = round(abs(length_m) / IN_M * 10)
    feet, rest = divmod(tenths, 120)
    inches = f"{rest // 10}" if rest % 10 == 0 else f"{rest / 10:.1f}"
    return f"{sign}{feet}'{inches}\""
