"""How wrong the wind profile may be: sigma by height, and errors with the right vertical correlation.

Errors of east and north are independent (measured cross-correlation 0.01) and each is `factor @ normals`. Most of
the error is of kilometres of depth: white noise would halve the drift error of a fall. Terms add in variance:

    forecast    the profile's own error at its lead time (an observation counts as a forecast of lead 0:
                balloon drift and what one ascent cannot represent are of that size)
    change      the air changes between the profile's time and the jump's; between two profiles, an interpolation
    mesoscale   changes within hours that no model and no later profile shows
    small       eddies below the resolution of any profile
    rounding    FB winds: tens of degrees and whole knots

No table of wind errors by height and lead over the Gulf was found. `spread_priors.PRIORS` says which
numbers are published, which derived from data, which assumed; the report prints it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onetake.errors import InputError
from onetake.weather import spread_priors as prior
from onetake.weather.column import Column, Note

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindSpread:
    """Wind error at k altitudes.

    sigma_m_s (k,) is of one component; factor (k, k) lower triangular: `factor @ n` with standard normals n (k,) is
    one error profile, drawn once for east and once for north. terms: sigma (k,) by cause. notes: what a person must
    settle before the jump (slugs `one-profile`, `hours-off`, `lead-unknown`, `time-unknown`), or must know.
    """

    altitude_msl_m: Array
    sigma_m_s: Array
    factor: Array
    terms: Mapping[str, Array]
    notes: tuple[Note, ...]


def wind_spread(
    altitude_msl_m: ArrayLike,
    *,
    lead_s: float,
    age_s: float,
    wind_speed_m_s: ArrayLike,
    month: int,
    format: str,  # noqa: A002
    other_side_s: float | None = None,
    lat_deg: float = 25.0,
) -> WindSpread:
    """The spread of one profile, or of two that bracket the jump, at altitudes (k,) with winds (k,) or one speed.

    lead_s: forecast's valid time less its run, 0 for an observation. age_s: time from the profile to the jump,
    either way. other_side_s: time from the jump to a second profile on its other side, if the wind is interpolated
    between both. lat_deg only tells the hemisphere's season. Raises InputError for numbers that mean nothing.
    """
    altitude = np.atleast_1d(np.asarray(altitude_msl_m, float))
    speed = np.broadcast_to(np.asarray(wind_speed_m_s, float), altitude.shape)
    _check(altitude, speed, lead_s=lead_s, age_s=age_s, other_side_s=other_side_s, month=month)
    season, nearby = _season(month, lat_deg), _nearby_m_s(altitude, speed)
    component = 1.0 / np.sqrt(2.0)  # a vector error is two components
    terms = {
        "forecast": component
        * season
        * forecast_error_m_s(altitude, lead_s)
        * np.sqrt(np.maximum(1.0, nearby / prior.JET_M_S)),
        "change": component * season * _change_m_s(altitude, age_s, other_side_s, nearby),
        "mesoscale": np.full(altitude.shape, component * _mesoscale_m_s(age_s, other_side_s)),
        "small": np.full(altitude.shape, prior.SMALL_M_S),
        "rounding": _rounding_m_s(speed) if format in prior.ROUNDED else np.zeros(altitude.shape),
    }
    large = np.sqrt(terms["forecast"] ** 2 + terms["change"] ** 2 + terms["mesoscale"] ** 2)
    covariance = np.outer(large, large) * vertical_correlation(altitude)
    apart = np.abs(altitude[:, None] - altitude[None, :])
    covariance += prior.SMALL_M_S**2 * np.exp(-apart / prior.SMALL_LENGTH_M)
    covariance += np.outer(terms["rounding"], terms["rounding"]) * np.exp(-apart / prior.ROUND_LENGTH_M)
    return WindSpread(
        altitude_msl_m=altitude,
        sigma_m_s=np.sqrt(np.diag(covariance)),
        factor=np.asarray(np.linalg.cholesky(covariance + 1e-9 * np.eye(altitude.size)), float),
        terms=terms,
        notes=_notes(altitude, lead_s, age_s, other_side_s),
    )


def spread_of(columns: Sequence[Column], utc: datetime, altitude_msl_m: ArrayLike) -> WindSpread:
    """The spread at the jump's time of the wind taken from these profiles of one place, at altitudes (k,).

    The profile nearest in time, and the nearest on the other side of the jump if there is one. What a file does not
    say is assumed for the worse and noted. Raises InputError without profiles, WeatherError above a profile's top.
    """
    if not columns:
        raise InputError("a spread of the wind needs at least one profile")
    timed = sorted((c for c in columns if c.valid_utc is not None), key=lambda c: abs(_after_s(c, utc)))
    nearest = timed[0] if timed else columns[0]
    age_s, lead_s, notes = prior.UNKNOWN_AGE_S, prior.UNKNOWN_LEAD_S, []
    other_side_s: float | None = None
    if timed:
        age_s = abs(_after_s(nearest, utc))
        across = [abs(_after_s(c, utc)) for c in timed if _after_s(c, utc) * _after_s(nearest, utc) < 0]
        other_side_s = min(across, default=None)
    else:
        notes.append(
            Note(
                slug="time-unknown",
                text="the profile does not say when it is valid: taken to be 12 hours off",
            )
        )
    if nearest.base_utc is not None and nearest.valid_utc is not None:
        lead_s = max(0.0, (nearest.valid_utc - nearest.base_utc).total_seconds())
    elif nearest.format in prior.MODELS:
        notes.append(
            Note(
                slug="lead-unknown",
                text="a forecast that does not say when it was made: taken to be 24 hours old",
            )
        )
    else:
        lead_s = 0.0
    air = nearest.at(altitude_msl_m)
    spread = wind_spread(
        altitude_msl_m,
        lead_s=lead_s,
        age_s=age_s,
        wind_speed_m_s=np.hypot(air.wind_east_m_s, air.wind_north_m_s),
        month=utc.month,
        format=nearest.format,
        other_side_s=other_side_s,
        lat_deg=25.0 if nearest.lat_deg is None else nearest.lat_deg,
    )
    return WindSpread(
        altitude_msl_m=spread.altitude_msl_m,
        sigma_m_s=spread.sigma_m_s,
        factor=spread.factor,
        terms=spread.terms,
        notes=(*notes, *spread.notes),
    )


def forecast_error_m_s(altitude_msl_m: ArrayLike, lead_s: float) -> Array:
    """Root mean square vector error of a global model, spring or autumn, wind up to 25 m/s; any shape.

    Held below 6 h and outside the table's altitudes; beyond 48 h it grows on as from 24 to 48 h.
    """
    altitude = np.asarray(altitude_msl_m, float)
    rows = np.array([np.interp(altitude, prior.ERROR_MSL_M, row) for row in prior.ERROR_M_S])
    if lead_s > prior.LEAD_S[-1]:
        return np.asarray(
            rows[-1]
            + (rows[-1] - rows[-2]) * (lead_s - prior.LEAD_S[-1]) / (prior.LEAD_S[-1] - prior.LEAD_S[-2])
        )
    upper = int(np.clip(np.searchsorted(prior.LEAD_S, lead_s), 1, prior.LEAD_S.size - 1))
    share = np.clip(
        (lead_s - prior.LEAD_S[upper - 1]) / (prior.LEAD_S[upper] - prior.LEAD_S[upper - 1]), 0.0, 1.0
    )
    return np.asarray((1.0 - share) * rows[upper - 1] + share * rows[upper])


def vertical_correlation(altitude_msl_m: ArrayLike) -> Array:
    """Correlation (k, k) of the large-scale error between altitudes (k,): long aloft, short near the ground."""
    warped = _warped(np.asarray(altitude_msl_m, float))
    return np.asarray(np.exp(-(np.abs(warped[:, None] - warped[None, :]) ** prior.POWER)))


def _warped(altitude_msl_m: Array) -> Array:
    """Integral of dz / L(z), dimensionless."""
    slope = (prior.LENGTH_HIGH_M - prior.LENGTH_LOW_M) / (prior.HIGH_MSL_M - prior.LOW_MSL_M)
    low = np.minimum(altitude_msl_m, prior.LOW_MSL_M) / prior.LENGTH_LOW_M
    inside = np.clip(altitude_msl_m, prior.LOW_MSL_M, prior.HIGH_MSL_M) - prior.LOW_MSL_M
    middle = np.log1p(slope * inside / prior.LENGTH_LOW_M) / slope
    return np.asarray(low + middle + np.maximum(altitude_msl_m - prior.HIGH_MSL_M, 0.0) / prior.LENGTH_HIGH_M)


def _bridge(growth_s: Mapping[float, float], age_s: float, other_side_s: float | None) -> float:
    """Variance of a value taken at one side, or interpolated between two, from its structure function."""
    if other_side_s is None:
        return growth_s[age_s]
    gap_s = age_s + other_side_s
    if gap_s == 0.0:
        return 0.0
    far = age_s / gap_s  # weight of the other side
    variance = (1 - far) * growth_s[age_s] + far * growth_s[other_side_s] - far * (1 - far) * growth_s[gap_s]
    return max(0.0, variance)


def _times(age_s: float, other_side_s: float | None) -> tuple[float, ...]:
    return (age_s,) if other_side_s is None else (age_s, other_side_s, age_s + other_side_s)


def _change_m_s(altitude_msl_m: Array, age_s: float, other_side_s: float | None, nearby_m_s: Array) -> Array:
    """Root mean square vector change of the resolved wind between profile and jump."""

    def share(time_s: float) -> float:
        power = prior.CHANGE_GROWTH if time_s < prior.CHANGE_S else prior.CHANGE_GROWTH_LATER
        return float((time_s / prior.CHANGE_S) ** (2.0 * power))

    grown = {time_s: share(time_s) for time_s in _times(age_s, other_side_s)}
    weak = np.clip(np.sqrt(nearby_m_s / prior.JET_M_S), prior.WEAKEST_CHANGE, 1.0)
    in_12_hours = np.interp(altitude_msl_m, prior.CHANGE_MSL_M, prior.CHANGE_12H_M_S)
    return np.asarray(in_12_hours * weak * np.sqrt(_bridge(grown, age_s, other_side_s)))


def _mesoscale_m_s(age_s: float, other_side_s: float | None) -> float:
    """Root mean square vector change within hours; it does not grow beyond 12 h, where `change` has it all."""
    grown = {
        time_s: prior.MESOSCALE_M_S**2
        * (min(time_s, prior.CHANGE_S) / prior.HOUR_S) ** (2.0 * prior.MESOSCALE_GROWTH)
        for time_s in _times(age_s, other_side_s)
    }
    return float(np.sqrt(_bridge(grown, age_s, other_side_s)))


def _rounding_m_s(speed_m_s: Array) -> Array:
    """One component's share of rounding to tens of degrees and whole knots (uniform errors)."""
    across, along = speed_m_s * prior.ROUND_RAD, prior.ROUND_M_S
    return np.asarray(np.sqrt((across**2 + along**2) / 12.0 / 2.0))


def _nearby_m_s(altitude_msl_m: Array, speed_m_s: Array) -> Array:
    """Wind speed within about 2 km: a weak layer inside a strong flow is no calm."""
    weight = np.exp(-np.abs(altitude_msl_m[:, None] - altitude_msl_m[None, :]) / prior.NEARBY_M)
    return np.asarray(weight @ speed_m_s / np.sum(weight, axis=1))


def _season(month: int, lat_deg: float) -> float:
    northern = month if lat_deg >= 0 else (month + 5) % 12 + 1
    return {
        12: prior.WINTER,
        1: prior.WINTER,
        2: prior.WINTER,
        6: prior.SUMMER,
        7: prior.SUMMER,
        8: prior.SUMMER,
    }.get(northern, 1.0)


def _notes(
    altitude_msl_m: Array, lead_s: float, age_s: float, other_side_s: float | None
) -> tuple[Note, ...]:
    notes = []
    if other_side_s is None:
        notes.append(
            Note(
                slug="one-profile",
                text="no second profile on the other side of the jump's time: nothing bounds the change",
            )
        )
        gap_s = age_s
    else:
        gap_s = age_s + other_side_s
    if (other_side_s is None and age_s > prior.FRESH_S) or gap_s > prior.BRACKET_GAP_S:
        far = max(age_s, other_side_s or 0.0) / prior.HOUR_S
        notes.append(
            Note(
                slug="hours-off",
                text=f"a profile is {far:.1f} hours away from the jump: get one nearer to it",
            )
        )
    if lead_s > prior.LEAD_S[-1]:
        notes.append(
            Note(
                slug="long-lead",
                text=f"a forecast of {lead_s / prior.HOUR_S:.0f} hours: beyond the table's 48 its error is extrapolated",
            )
        )
    if np.any(altitude_msl_m > prior.TOP_MSL_M):
        notes.append(Note(slug="above-table", text="above 10.5 km the wind error of 10 km is taken"))
    return tuple(notes)


def _after_s(column: Column, utc: datetime) -> float:
    """Seconds from the jump to the profile; negative for an earlier one."""
    return 0.0 if column.valid_utc is None else (column.valid_utc - utc).total_seconds()


def _check(
    altitude: Array, speed: Array, *, lead_s: float, age_s: float, other_side_s: float | None, month: int
) -> None:
    if altitude.ndim != 1 or not altitude.size or not np.isfinite(altitude).all():
        raise InputError("the spread of the wind needs a list of finite altitudes")
    if not (np.isfinite(speed).all() and (speed >= 0).all()):
        raise InputError("the spread of the wind needs a wind speed at each altitude, none negative")
    times = (lead_s, age_s, 0.0 if other_side_s is None else other_side_s)
    if not all(np.isfinite(time) and time >= 0 for time in times):
        raise InputError(
            f"lead, age and other side are seconds, not negative: {lead_s}, {age_s}, {other_side_s}"
        )
    if not 1 <= month <= 12:
        raise InputError(f"{month} is not a month; write 1 to 12")
