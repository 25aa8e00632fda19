"""Dryden turbulence of MIL-F-8785C §3.7.2, for a body that falls through it.

Components are east, north, up. The specification is for aeroplanes, whose path is level; a jumper's path is
vertical, so his up component is the longitudinal one and east and north are the lateral ones. A gust field is
frozen: V dt metres of fall are V dt metres of field. Spatial frequency is in rad/m, spectra are one-sided (their
integral over positive frequencies is sigma squared).

What it is not: a forecast. Severity is a chance of exceedance (light 1e-2, moderate 1e-3, severe 1e-5), the table
was made for aircraft loads, and thermals near a desert's ground can be rougher than "light".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onetake.errors import ChoiceError, InputError
from onetake.seams import no_such
from onetake.units import FT_M, KT_M_S

Array = NDArray[np.float64]
Severity = Literal["none", "light", "moderate", "severe"]

# wind at 20 ft by severity: MIL-F-8785C §3.7.3.4
_WIND_AT_20_FT_M_S: dict[str, float] = {
    "none": 0.0,
    "light": 15 * KT_M_S,
    "moderate": 30 * KT_M_S,
    "severe": 45 * KT_M_S,
}
# chance of exceedance, MIL-F-8785C figure 7, as coded in JSBSim FGWinds; feet and ft/s
_TABLE_FT = np.array([500.0, 1750, 3750, 7500, 15000, 25000, 35000, 45000, 55000, 65000, 75000, 80000])
_TABLE_FT_S: dict[str, Array] = {
    "none": np.zeros(12),
    "light": np.array([6.6, 6.9, 7.4, 6.7, 4.6, 2.7, 0.4, 0.0, 0.0, 0.0, 0.0, 0.0]),  # 1e-2
    "moderate": np.array([8.6, 9.6, 10.6, 10.1, 8.0, 6.6, 5.0, 4.2, 2.7, 0.0, 0.0, 0.0]),  # 1e-3
    "severe": np.array([15.6, 17.6, 23.0, 23.6, 22.1, 20.0, 16.0, 15.1, 12.1, 7.9, 6.2, 5.1]),  # 1e-5
}
_LOWEST_FT, _LOW_TOP_FT, _HIGH_FOOT_FT = 10.0, 1000.0, 2000.0
LENGTH_ALOFT_M = 1750.0 * FT_M
SEVERITIES: tuple[str, ...] = get_args(Severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class GustProfile:
    """Strength and scale of the gusts by height: arrays (k, 3), columns east, north, up."""

    height_agl_m: Array
    sigma_m_s: Array
    length_m: Array

    def isotropic(self) -> tuple[Array, Array]:
        """One sigma and one length (k,) for a table that has one of each: same energy, length of the up component.

        Exact above 2,000 ft, where the specification is isotropic itself.
        """
        return np.sqrt(np.mean(self.sigma_m_s**2, axis=1)), self.length_m[:, 2].copy()


@dataclass(frozen=True, slots=True, kw_only=True)
class GustStep:
    """One step of the exact discrete filters of unit variance, for a ratio V dt / L; arrays of its shape.

    Longitudinal (up):  x ← decay x + longitudinal_drive n0
    Lateral (east, north), two states p, q:
        q ← decay (q + ratio p) + drive_qp n1 + drive_qq n2
        p ← decay p + drive_pp n1
        gust = output_p p + output_q q
    n are independent standard normals; multiply the result by sigma. At the start x is standard normal,
    p = start_pp n1, q = start_qp n1 + start_qq n2.
    """

    ratio: Array
    decay: Array
    longitudinal_drive: Array
    drive_pp: Array
    drive_qp: Array
    drive_qq: Array
    output_p: float
    output_q: float
    start_pp: float
    start_qp: float
    start_qq: float


def profile(height_agl_m: ArrayLike, severity: str) -> GustProfile:
    """Standard deviation m/s and scale length m of the gusts at heights (k,) above ground.

    MIL-F-8785C: the low-altitude model to 1,000 ft (held below 10 ft), the exceedance table with L = 1,750 ft from
    2,000 ft, linear between. The handbook MIL-HDBK-1797 halves the lateral and vertical lengths; this is 8785C.
    Raises ChoiceError for a severity that does not exist, InputError for a height that is no number.
    """
    _check(severity)
    height = np.atleast_1d(np.asarray(height_agl_m, float))
    if not np.isfinite(height).all():
        raise InputError("gusts were asked for at a height that is no number")
    feet = np.maximum(height / FT_M, _LOWEST_FT)
    low_sigma, low_length = _low(np.minimum(feet, _LOW_TOP_FT), _WIND_AT_20_FT_M_S[severity])
    high_sigma = FT_M * np.interp(np.maximum(feet, _HIGH_FOOT_FT), _TABLE_FT, _TABLE_FT_S[severity])
    share = np.clip((feet - _LOW_TOP_FT) / (_HIGH_FOOT_FT - _LOW_TOP_FT), 0.0, 1.0)[:, None]
    return GustProfile(
        height_agl_m=height,
        sigma_m_s=(1.0 - share) * low_sigma + share * high_sigma[:, None],
        length_m=(1.0 - share) * low_length + share * LENGTH_ALOFT_M,
    )


def _low(feet: Array, wind_at_20_ft_m_s: float) -> tuple[Array, Array]:
    """Sigma m/s and length m (k, 3) from 10 to 1,000 ft."""
    ground = 0.177 + 0.000823 * feet
    up_sigma = np.full_like(feet, 0.1 * wind_at_20_ft_m_s)
    level_sigma = up_sigma / ground**0.4
    level_length = feet / ground**1.2
    sigma = np.stack([level_sigma, level_sigma, up_sigma], axis=-1)
    return sigma, FT_M * np.stack([level_length, level_length, feet], axis=-1)


def longitudinal_spectrum(wave_rad_m: ArrayLike, sigma_m_s: float, length_m: float) -> Array:
    """One-sided spectrum (m/s)2 per rad/m of the component along the path, MIL-F-8785C §3.7.1.2."""
    x = length_m * np.asarray(wave_rad_m, float)
    return np.asarray(sigma_m_s**2 * (2.0 * length_m / np.pi) / (1.0 + x**2))


def lateral_spectrum(wave_rad_m: ArrayLike, sigma_m_s: float, length_m: float) -> Array:
    """One-sided spectrum (m/s)2 per rad/m of a component across the path, MIL-F-8785C §3.7.1.2."""
    x = length_m * np.asarray(wave_rad_m, float)
    return np.asarray(sigma_m_s**2 * (length_m / np.pi) * (1.0 + 3.0 * x**2) / (1.0 + x**2) ** 2)


def step(ratio: ArrayLike) -> GustStep:
    """Coefficients of one step that passes `ratio` = V dt / L of a scale length; dimensionless, any shape.

    The exact discretisation of the white noise behind 1/(1 + sL/V) and (1 + √3 sL/V)/(1 + sL/V)², so the variance
    is right for every step and, in a uniform field, so is the correlation from step to step. Where V or L change
    on the way the unit filter goes on with the new ratio.
    """
    r = np.asarray(ratio, float)
    decay, twice = np.exp(-r), -np.expm1(-2.0 * r)
    # covariance of one step of dp = -p + w, dq = -q + p over the time r, from white noise of unit strength
    pp = twice / 2.0
    qp = (twice - 2.0 * r * decay**2) / 4.0
    qq = np.maximum(twice - 2.0 * r * (1.0 + r) * decay**2, 0.0) / 4.0
    drive_pp = np.sqrt(pp)
    drive_qp = qp / np.where(drive_pp > 0.0, drive_pp, 1.0)
    return GustStep(
        ratio=r,
        decay=decay,
        longitudinal_drive=np.sqrt(twice),
        drive_pp=drive_pp,
        drive_qp=drive_qp,
        drive_qq=np.sqrt(np.maximum(qq - drive_qp**2, 0.0)),
        output_p=float(np.sqrt(3.0)),
        output_q=float(1.0 - np.sqrt(3.0)),
        start_pp=float(np.sqrt(0.5)),
        start_qp=float(np.sqrt(0.125)),
        start_qq=float(np.sqrt(0.125)),
    )


def series(
    count: int, ratio: float, sigma_m_s: ArrayLike, rng: np.random.Generator, *, bodies: int = 1
) -> Array:
    """Gusts (bodies, count, 3) met by bodies that each fall through a uniform field of their own; the reference.

    `sigma_m_s` is (3,) or one number; `ratio` is V dt / L. What the compiled generator is tested against.
    """
    s = step(ratio)
    n = rng.standard_normal((bodies, count, 5))
    gust = np.empty((bodies, count, 3))
    up = n[:, 0, 4]
    p = s.start_pp * n[:, 0, 0:2]
    q = s.start_qp * n[:, 0, 0:2] + s.start_qq * n[:, 0, 2:4]
    for k in range(count):
        if k:
            up = s.decay * up + s.longitudinal_drive * n[:, k, 4]
            q = s.decay * (q + s.ratio * p) + s.drive_qp * n[:, k, 0:2] + s.drive_qq * n[:, k, 2:4]
            p = s.decay * p + s.drive_pp * n[:, k, 0:2]
        gust[:, k, 0:2] = s.output_p * p + s.output_q * q
        gust[:, k, 2] = up
    return np.asarray(gust * np.asarray(sigma_m_s, float))


def difference_sigma(sigma_m_s: ArrayLike, separation_m: ArrayLike, length_m: ArrayLike) -> Array:
    """Standard deviation m/s of the gust's difference between two bodies: sigma √(2 (1 - exp(-r/L))).

    From the longitudinal correlation exp(-r/L): 0.058 sigma at 3 ft aloft. Across the separation the Dryden field's
    correlation is (1 - r/2L) exp(-r/L), which gives 1.22 times as much at close range. Shapes broadcast.
    """
    share = -np.expm1(-np.abs(np.asarray(separation_m, float)) / np.asarray(length_m, float))
    return np.asarray(np.asarray(sigma_m_s, float) * np.sqrt(2.0 * share))


def correlation(separation_m: ArrayLike, length_m: ArrayLike) -> Array:
    """Correlation exp(-r/L) of the gusts on two bodies; shapes broadcast."""
    return np.asarray(np.exp(-np.abs(np.asarray(separation_m, float)) / np.asarray(length_m, float)))


def _check(severity: str) -> None:
    if severity not in SEVERITIES:
        raise ChoiceError(no_such(severity, SEVERITIES, "turbulence severity"))
