"""How the report says numbers: the trade's unit first, SI beside it. None and what is not finite become a dash."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from onetake.odds.summary import Estimate
from onetake.units import DEG_RAD, FT_M, IN_M, KT_M_S, LB_KG, feet_inches

DASH = "–"
_FILM_M = 15.0  # up to here a distance is said as a focus puller says it


def criterion(label: str) -> str:
    """A criterion, or a cause, as one says it: `fall rate`; of something else than the subject, `in frame (sun)`."""
    name, _, target = label.replace("_", " ").partition(".")
    return f"{name} ({target})" if target else name


def known(value: float | None) -> bool:
    """True for a number that can be printed."""
    return value is not None and math.isfinite(value)


def number(value: float | None, digits: int = 0) -> str:
    """A plain number with thousands set off, never -0; digits below zero round to tens."""
    if value is None or not math.isfinite(value):
        return DASH
    text = f"{round(value, digits):,.{max(digits, 0)}f}"
    return text.lstrip("-") if not text.strip("-0.,") else text.replace("-", "−")


def film(length_m: float | None, *, metres: bool = True) -> str:
    """A distance in front of the lens: `2'9.6" (0.85 m)`; farther off in whole feet."""
    if length_m is None or math.isnan(length_m):
        return DASH
    if math.isinf(length_m):
        return "∞"
    if abs(length_m) < FT_M - 0.0005:
        text = f'{number(length_m / IN_M, 1)}"'
        return f"{text} ({number(length_m * 100, 1)} cm)" if metres else text
    if abs(length_m) < _FILM_M:
        text, digits = feet_inches(length_m).replace("-", "−"), 2
    else:
        text, digits = f"{number(length_m / FT_M)} ft", 0
    return f"{text} ({number(length_m, digits)} m)" if metres else text


def height(value_m: float | None, *, metres: bool = True) -> str:
    """A height: `6,500 ft (1,981 m)`."""
    if value_m is None or not math.isfinite(value_m):
        return DASH
    text = f"{number(value_m / FT_M)} ft"
    return f"{text} ({number(value_m)} m)" if metres else text


def ground(length_m: float | None) -> str:
    """A distance over the ground: `1,340 m (4,400 ft)`; long ones in nautical miles."""
    if length_m is None or not math.isfinite(length_m):
        return DASH
    if abs(length_m) >= 5000.0:
        return f"{number(length_m / 1852.0, 1)} nm ({number(length_m / 1000.0, 1)} km)"
    feet = length_m / FT_M
    return f"{number(feet, -1 if abs(feet) >= 1000 else 0)} ft ({number(length_m)} m)"


def speed(value_m_s: float | None) -> str:
    """A wind or an aircraft: `140 kt (72 m/s)`."""
    if value_m_s is None or not math.isfinite(value_m_s):
        return DASH
    return f"{number(value_m_s / KT_M_S)} kt ({number(value_m_s)} m/s)"


def closing(value_m_s: float | None) -> str:
    """Two people: `3.4 ft/s (1.0 m/s)`."""
    if value_m_s is None or not math.isfinite(value_m_s):
        return DASH
    return f"{number(value_m_s / FT_M, 1)} ft/s ({number(value_m_s, 1)} m/s)"


def weight(mass_kg: float | None) -> str:
    """`251 lb (114 kg)`."""
    if mass_kg is None or not math.isfinite(mass_kg):
        return DASH
    return f"{number(mass_kg / LB_KG)} lb ({number(mass_kg)} kg)"


def microns(length_m: float | None) -> str:
    """A blur disc on the sensor."""
    if length_m is None or not math.isfinite(length_m):
        return DASH
    um = length_m * 1e6
    return f"{number(um, 1 if um < 100 else 0)} µm"


def degrees(angle_rad: float | None, digits: int = 1) -> str:
    """`−1.3°`."""
    return f"{number(angle_rad / DEG_RAD, digits)}°" if angle_rad is not None and known(angle_rad) else DASH


def compass(angle_rad: float | None) -> str:
    """A heading in three figures."""
    if angle_rad is None or not math.isfinite(angle_rad):
        return DASH
    return f"{round(angle_rad / DEG_RAD) % 360 or 360:03d}°"


def seconds(value_s: float | None, digits: int = 1) -> str:
    """`41.3 s`."""
    return f"{number(value_s, digits)} s" if known(value_s) else DASH


def minutes(value_s: float | None) -> str:
    """`6 min 40 s`; under two minutes in seconds."""
    if value_s is None or not math.isfinite(value_s):
        return DASH
    if abs(value_s) < 120:
        return seconds(value_s, 0)
    whole, rest = divmod(round(abs(value_s)), 60)
    minus = "−" if value_s < 0 else ""
    return f"{minus}{whole} min {rest} s" if rest else f"{minus}{whole} min"


def percent(share: float | None, digits: int | None = None) -> str:
    """A share in per cent, finer where it is small or nearly everything."""
    if share is None or not math.isfinite(share):
        return DASH
    return f"{share * 100:.{share_digits(share) if digits is None else digits}f} %"


def share_digits(share: float) -> int:
    """How many decimals of a per cent still say something: two figures of a small share, at most two decimals of most."""
    edge = min(share, 1.0 - share)
    if not edge > 1e-9:
        return 0
    return min(max(0, -math.floor(math.log10(edge)) - 1), 6 if share < 0.5 else 2)


def chance(estimate: Estimate, trials: int | None) -> str:
    """`27 % (24 % to 30 %)`; where nothing was seen, below which chance it lies. trials: None where not known."""
    if trials == 0 or (estimate.low <= 0.0 and estimate.high >= 1.0):
        return f"{DASH} nothing was counted"
    if estimate.p == 0.0:
        return f"{'none' if trials is None else f'0 of {trials:,}'}: below {percent(estimate.high)}"
    if estimate.p == 1.0:
        return f"{'all' if trials is None else f'{trials:,} of {trials:,}'}: above {percent(estimate.low)}"
    low, high = interval(estimate)
    return f"{percent(estimate.p)} ({low} to {high})"


def interval(estimate: Estimate) -> tuple[str, str]:
    """Both ends of an interval, as fine as the estimate between them."""
    digits = share_digits(estimate.p) if 0.0 < estimate.p < 1.0 else None
    return percent(estimate.low, digits), percent(estimate.high, digits)


_SAYERS: dict[str, Callable[[float], str]] = {
    "m": film, "m/s": closing, "m_s": closing, "rad": degrees, "s": seconds, "kg": weight,
    "in": lambda value: film(value * IN_M), "ft": lambda value: film(value * FT_M),
    "ft/s": lambda value: closing(value * FT_M), "deg": lambda value: degrees(value * DEG_RAD),
}  # fmt: skip


def in_unit(value: float | None, unit: str, *, sign: bool = False) -> str:
    """A margin or a quantile in the words of its unit; `sign` puts a plus before what is above zero."""
    if value is None or not math.isfinite(value):
        return DASH
    sayer = _SAYERS.get(unit)
    text = sayer(value) if sayer else f"{number(value, _digits(value))} {unit}".strip()
    return f"+{text}" if sign and value > 0 else text


def _digits(value: float) -> int:
    size = abs(value)
    return 0 if size >= 100 else 1 if size >= 10 else 2


def local(moment: datetime | None, zone: str, *, pattern: str = "%H:%M:%S") -> str:
    """A moment on the clock of the place."""
    return moment.astimezone(ZoneInfo(zone)).strftime(pattern) if moment else DASH


def both_clocks(moment: datetime | None, zone: str) -> str:
    """`17:58:10 local (13:58:10 UTC)`."""
    if moment is None:
        return DASH
    return f"{local(moment, zone)} local ({moment.astimezone(UTC):%H:%M:%S} UTC)"


def coordinates(lat_deg: float, lon_deg: float) -> str:
    """Degrees and decimal minutes, as a GPS in an aircraft takes them."""
    return f"{_angle(lat_deg, 'N', 'S', 2)} {_angle(lon_deg, 'E', 'W', 3)}"


def _angle(value_deg: float, plus: str, minus: str, width: int) -> str:
    if not math.isfinite(value_deg):
        return DASH
    thousandths = round(abs(value_deg) * 60000)
    whole, rest = divmod(thousandths, 60000)
    return f"{plus if value_deg >= 0 else minus}{whole:0{width}d}°{rest / 1000:06.3f}′"
