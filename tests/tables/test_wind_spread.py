"""The wind spread against the numbers it was made from; source and tolerance on the line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from onetake.weather import spread, spread_priors
from onetake.weather.column import Column
from onetake.weather.sources import pecan

HOUR_S = 3600.0


def day_ahead(altitude: np.ndarray, **changes: object) -> spread.WindSpread:
    arguments = {
        "lead_s": 24 * HOUR_S,
        "age_s": 0.0,
        "wind_speed_m_s": 10.0,
        "month": 4,
        "format": "gfs_grib",
    }
    return spread.wind_spread(altitude, **{**arguments, **changes})  # type: ignore[arg-type]


def test_layers_near_the_ground_know_less_of_each_other() -> None:
    # the same data by height: about 0.4 to 0.6 at 1 km distance below 3 km, 0.9 above 5 km (to 0.03)
    made = day_ahead(np.array([1000.0, 2000.0, 7000.0, 8000.0]))
    covariance = made.factor @ made.factor.T / np.outer(made.sigma_m_s, made.sigma_m_s)
    assert 0.4 < covariance[0, 1] < 0.6
    assert covariance[2, 3] == pytest.approx(0.9, abs=0.03)


@pytest.mark.parametrize("row", range(4))
def test_forecast_error_meets_its_table(row: int) -> None:
    lead_s = float(spread_priors.LEAD_S[row])
    assert spread.forecast_error_m_s(spread_priors.ERROR_MSL_M, lead_s) == pytest.approx(
        spread_priors.ERROR_M_S[row]
    )


@pytest.mark.parametrize("lead_h", [6, 24, 48])
def test_drift_of_a_fall(lead_h: float) -> None:
    # one-axis drift of a belly fall, 25,000 to 3,000 ft in 99 s. Worked out beforehand with a plain exponential:
    # the same layers known to 4 km of depth drift 2.1 times as far as known to 0.5 km; ours within 10 % of the former
    altitude = np.arange(925.0, 7620.0, 50.0)
    time_s = 1.0 / (53.0 * np.exp(altitude / 20000.0))  # terminal speed grows with thinning air
    time_s *= 99.0 / time_s.sum()
    made = day_ahead(altitude, lead_s=lead_h * HOUR_S)
    apart = np.abs(altitude[:, None] - altitude)

    def plain(length_m: float) -> float:
        weighted = time_s * made.terms["forecast"]
        return float(np.sqrt(weighted @ np.exp(-apart / length_m) @ weighted))

    drift = float(np.linalg.norm(time_s @ made.factor))
    assert drift == pytest.approx(plain(4000.0), rel=0.10)
    assert drift / plain(500.0) == pytest.approx(269 / 127, rel=0.10)


@pytest.mark.parametrize(
    ("hours", "row"),
    [(24, [10.2, 9.7, 12.9, 18.0, 23.2, 24.8, 22.1]), (48, [12.2, 12.3, 15.8, 21.7, 27.5, 28.7, 26.3])],
)
def test_change_in_a_day_and_in_two(hours: float, row: list[float]) -> None:
    # Vienna soundings 24 and 48 h apart, root mean square vector m/s, from the 12-h row by the power of 1/3: 15 %
    made = spread.wind_spread(
        spread_priors.CHANGE_MSL_M,
        lead_s=0.0,
        age_s=hours * HOUR_S,
        wind_speed_m_s=25.0,
        month=4,
        format="igra2",
    )
    assert made.terms["change"] * np.sqrt(2) == pytest.approx(row, rel=0.15)


def test_an_hourly_ensemble_changes_and_interpolates_as_assumed(shared: Path) -> None:
    """Ten members, 48 hours, a jet over Norman: the law of growth below 12 h, and the error between two profiles."""
    path = shared / "weather/pecan_KOUN_ncar_ens10_20160212_00Z.txt"
    levels = np.array([5000.0, 7000.0, 9000.0, 10000.0])
    members: dict[str, list[Column]] = {}
    for column in pecan.read(path.read_bytes(), path.name):
        if column.member.casefold() != "mean":
            members.setdefault(column.member, []).append(column)
    winds = []
    for columns in members.values():
        airs = [column.at(levels) for column in sorted(columns, key=lambda column: str(column.valid_utc))]
        winds.append(np.array([[air.wind_east_m_s, air.wind_north_m_s] for air in airs]))
    wind = np.array(winds)  # (member, hour, component, level)
    assert wind.shape == (10, 49, 2, 4)

    def size(change: np.ndarray) -> float:
        return float(np.sqrt(np.mean(np.sum(change**2, axis=2))))

    def assumed(age_h: float, other_h: float | None = None) -> float:
        other_s = None if other_h is None else other_h * HOUR_S
        made = spread.wind_spread(
            levels,
            lead_s=0.0,
            age_s=age_h * HOUR_S,
            other_side_s=other_s,
            wind_speed_m_s=55.0,
            month=4,
            format="igra2",
        )
        return float(np.sqrt(2 * np.mean(made.terms["change"] ** 2)))

    for hours in (1, 2, 3, 6, 12):
        assert size(wind[:, hours:] - wind[:, :-hours]) == pytest.approx(assumed(hours), rel=0.25), hours
    for half in (1, 2, 3, 6):
        middle = (wind[:, : -2 * half] + wind[:, 2 * half :]) / 2
        assert size(wind[:, half:-half] - middle) == pytest.approx(assumed(half, half), rel=0.25), half
