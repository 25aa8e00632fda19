"""Exposure: whether the light of the second exposes the picture at this stop.

Incident light in lux on the subject; T-stop, not f-number, because exposure is about light that arrives.
Stops are powers of two: +1 is twice too much light.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onetake.errors import InputError
from onetake.lens.camera import Lens

Array = NDArray[np.float64]

# Incident-light equation T²/t = E S / C. C = 250 for a flat receptor (Sekonic; K = 12.5), 340 with the dome out:
# yedlin.net "Exposure equation and light meter calibration"; ISO 2720 allows 240 to 400 flat (recalled).
METER_CONSTANT_LUX_S = 250.0
METER_SPREAD_STOPS = math.log2(340.0 / 250.0)  # what the choice of constant is worth: 0.44 stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """How the camera is set. shutter_rad: opening of the shutter, a full turn being the whole picture time."""

    ei: float
    shutter_rad: float
    picture_rate_hz: float
    nd_stops: float = 0.0
    within_stops: float = 1.0

    def __post_init__(self) -> None:
        _above_zero("the exposure index (ei)", self.ei)
        _above_zero("the picture rate", self.picture_rate_hz)
        if not 0.0 < self.shutter_rad <= 2.0 * math.pi + 1e-9:
            raise InputError(
                f"a shutter of {math.degrees(self.shutter_rad):g}° does not exist; write more than 0° and up to 360°"
            )
        if not 0.0 <= self.nd_stops <= 30.0:
            raise InputError(f"{self.nd_stops} stops of ND do not exist; write 0 to 30")
        _above_zero("within_stops", self.within_stops)

    @property
    def time_s(self) -> float:
        """How long each picture is exposed."""
        return self.shutter_rad / (2.0 * math.pi) / self.picture_rate_hz


def _above_zero(what: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0.0):
        raise InputError(f"{what} is {value}; it must be a number above zero")


def exposing_lux(exposure: Exposure, t_stop: float) -> float:
    """The light that this setting exposes correctly: C T² 2^nd / (S t). Constant through a take."""
    light = METER_CONSTANT_LUX_S * t_stop**2 * math.exp2(exposure.nd_stops)
    return light / (exposure.ei * exposure.time_s)


def stops_over(illuminance_lux: ArrayLike, exposure: Exposure, t_stop: float) -> Array:
    """By how many stops the light on the subject is too much (+) or too little (-); -inf in the dark."""
    lux = np.asarray(illuminance_lux, float)
    with np.errstate(divide="ignore"):
        over: Array = np.log2(lux / exposing_lux(exposure, t_stop))
    return over


def t_stop_for(illuminance_lux: float, exposure: Exposure) -> float:
    """The T-stop that exposes this light as the camera is set: sqrt(E S t / (C 2^nd)); 0 in the dark."""
    if not (math.isfinite(illuminance_lux) and illuminance_lux >= 0.0):
        raise InputError(f"{illuminance_lux} lux is not an illuminance")
    light = illuminance_lux * exposure.ei * exposure.time_s
    return math.sqrt(light / (METER_CONSTANT_LUX_S * math.exp2(exposure.nd_stops)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureCall:
    """One stop against one light. stops_over may be -inf; wants_t_stop is what would expose; said is the sentence."""

    exposes: bool
    stops_over: float
    wants_t_stop: float
    said: str


def judge_stop(illuminance_lux: float, exposure: Exposure, lens: Lens, widest_t_stop: float) -> ExposureCall:
    """Whether the lens at its stop exposes the light, and what would.

    widest_t_stop: how far the lens opens. Wrong by up to METER_SPREAD_STOPS, the spread between meters' constants.
    """
    wants = t_stop_for(illuminance_lux, exposure)
    over = float(stops_over(illuminance_lux, exposure, lens.t_stop))
    exposes = abs(over) <= exposure.within_stops
    return ExposureCall(
        exposes=exposes,
        stops_over=over,
        wants_t_stop=wants,
        said=_said(f"T{lens.t_stop:.3g} at {illuminance_lux:.3g} lux", over, exposes, wants, widest_t_stop),
    )


def _said(at: str, over: float, exposes: bool, wants: float, widest: float) -> str:
    if not math.isfinite(over):
        return f"{at}: no light, no stop exposes"
    side = (
        f"{abs(over):.1f} stop{'' if f'{abs(over):.1f}' == '1.0' else 's'} {'over' if over > 0 else 'under'}"
    )
    if exposes:
        return f"{at}: exposes ({side})"
    if over > 0:
        return f"{at}: does not expose, {side}; T{wants:.2g} would, or {over:.1f} stops of ND"
    if wants < widest:
        short = 2.0 * math.log2(widest / wants)
        return (
            f"{at}: does not expose, {side}; wide open at T{widest:.2g} it is still {short:.1f} stops under"
        )
    return f"{at}: does not expose, {side}; T{wants:.2g} would"
