"""Wind spread: what widens it, what is asked, what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onetake.errors import InputError, WeatherError
from onetake.weather import spread
from onetake.weather.column import Column
from onetake.weather.spread_priors import PRIORS

HOUR_S = 3600.0
LEVELS_M = np.arange(0.0, 9001.0, 500.0)
JUMP = datetime(2011, 10, 11, 14, tzinfo=UTC)


def made(**changes: object) -> spread.WindSpread:
    arguments = {"lead_s": 0.0, "age_s": 0.0, "wind_speed_m_s": 10.0, "month": 4, "format": "igra2"}
    return spread.wind_spread(LEVELS_M, **{**arguments, **changes})  # type: ignore[arg-type]


def profile(
    valid: datetime | None, base: datetime | None = None, top: float = 12000.0, source: str = "igra2"
) -> Column:
    altitude = np.array([0.0, top])
    return Column(
        format=source, station="X", valid_utc=valid, base_utc=base, lat_deg=24.0, lon_deg=54.0, altitude_msl_m=altitude,
        pressure_pa=np.array([101325.0, 20000.0]), temperature_k=np.array([300.0, 220.0]),
        wind_east_m_s=np.array([2.0, 20.0]), wind_north_m_s=np.zeros(2),
    )  # fmt: skip


def slugs(got: spread.WindSpread) -> set[str]:
    return {note.slug for note in got.notes}


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(-100, 15000), min_size=1, max_size=40),
    st.floats(0, 240), st.floats(0, 72), st.one_of(st.none(), st.floats(0, 72)), st.floats(0, 100), st.integers(1, 12),
)  # fmt: skip
def test_any_question_has_a_factor_of_its_sigma(
    altitude: list[float], lead_h: float, age_h: float, other_h: float | None, speed: float, month: int
) -> None:
    got = spread.wind_spread(
        altitude, lead_s=lead_h * HOUR_S, age_s=age_h * HOUR_S, wind_speed_m_s=speed, month=month, format="fb",
        other_side_s=None if other_h is None else other_h * HOUR_S,
    )  # fmt: skip
    k = len(altitude)
    assert got.sigma_m_s.shape == (k,)
    assert got.factor.shape == (k, k)
    assert np.sqrt(np.sum(got.factor**2, axis=1)) == pytest.approx(got.sigma_m_s, rel=1e-6)
    assert not np.triu(got.factor, 1).any()
    assert np.sqrt(sum(term**2 for term in got.terms.values())) == pytest.approx(got.sigma_m_s)


def test_longer_lead_older_profile_stronger_wind_and_winter_widen_it() -> None:
    base = made().sigma_m_s
    for wider in (
        made(lead_s=24 * HOUR_S), made(age_s=3 * HOUR_S), made(wind_speed_m_s=50.0), made(month=1), made(format="fb")
    ):  # fmt: skip
        assert np.all(wider.sigma_m_s > base)
    assert np.all(made(month=7).sigma_m_s < base)
    assert np.all(made(lead_s=72 * HOUR_S).sigma_m_s > made(lead_s=48 * HOUR_S).sigma_m_s)


def test_season_turns_with_the_hemisphere() -> None:
    assert made(month=1, lat_deg=-33.0).sigma_m_s == pytest.approx(made(month=7).sigma_m_s)
    assert made(month=12, lat_deg=-33.0).sigma_m_s == pytest.approx(made(month=6).sigma_m_s)


def test_a_second_profile_on_the_other_side_narrows_it() -> None:
    alone, between = made(age_s=3 * HOUR_S), made(age_s=3 * HOUR_S, other_side_s=3 * HOUR_S)
    assert np.all(between.terms["change"] < 0.7 * alone.terms["change"])
    assert np.all(between.sigma_m_s < alone.sigma_m_s)
    # at the profile's own time the other does not matter
    assert made(age_s=0.0, other_side_s=6 * HOUR_S).sigma_m_s == pytest.approx(made().sigma_m_s)


def test_an_old_sounding_is_worse_than_a_day_old_forecast() -> None:
    yesterday = made(age_s=24 * HOUR_S, wind_speed_m_s=25.0).sigma_m_s
    forecast = made(lead_s=24 * HOUR_S, wind_speed_m_s=25.0).sigma_m_s
    assert np.all(yesterday > 2.0 * forecast)  # measured at Vienna: 2.5 to 4 times


def test_the_asks() -> None:
    assert slugs(made()) == {"one-profile"}
    assert slugs(made(age_s=2 * HOUR_S)) == {"one-profile", "hours-off"}
    assert slugs(made(age_s=2 * HOUR_S, other_side_s=2 * HOUR_S)) == set()
    assert slugs(made(age_s=2 * HOUR_S, other_side_s=10 * HOUR_S)) == {"hours-off"}
    assert slugs(made(lead_s=72 * HOUR_S)) == {"one-profile", "long-lead"}
    high = spread.wind_spread([12000.0], lead_s=0.0, age_s=0.0, wind_speed_m_s=5.0, month=4, format="igra2")
    assert "above-table" in slugs(high)


def test_spread_of_one_profile_and_of_two() -> None:
    before, after = profile(JUMP - timedelta(hours=2)), profile(JUMP + timedelta(hours=4))
    alone = spread.spread_of([before], JUMP, LEVELS_M)
    assert slugs(alone) == {"one-profile", "hours-off"}
    both = spread.spread_of([after, before], JUMP, LEVELS_M)
    assert slugs(both) == set()
    assert np.all(both.sigma_m_s < alone.sigma_m_s)
    same_side = spread.spread_of([before, profile(JUMP - timedelta(hours=8))], JUMP, LEVELS_M)
    assert same_side.sigma_m_s == pytest.approx(alone.sigma_m_s)


def test_spread_of_a_forecast_uses_its_lead() -> None:
    run = JUMP - timedelta(hours=72)
    got = spread.spread_of([profile(JUMP, run, source="gfs_grib")], JUMP, LEVELS_M)
    assert slugs(got) == {"one-profile", "long-lead"}
    wind = np.interp(LEVELS_M, [0, 12000], [2, 20])
    want = made(lead_s=72 * HOUR_S, wind_speed_m_s=wind, month=10)
    assert got.sigma_m_s == pytest.approx(want.sigma_m_s)


def test_what_a_file_does_not_say_is_taken_for_the_worse() -> None:
    timeless = spread.spread_of([profile(None)], JUMP, LEVELS_M)
    assert "time-unknown" in slugs(timeless)
    assert np.all(timeless.sigma_m_s > spread.spread_of([profile(JUMP)], JUMP, LEVELS_M).sigma_m_s)
    runless = spread.spread_of([profile(JUMP, source="gfs_grib")], JUMP, LEVELS_M)
    assert "lead-unknown" in slugs(runless)


def test_bad_questions_are_refused() -> None:
    for changes in ({"lead_s": -1.0}, {"age_s": float("nan")}, {"other_side_s": -5.0}, {"month": 13}):
        with pytest.raises(InputError):
            made(**changes)
    with pytest.raises(InputError, match="wind speed at each altitude"):
        made(wind_speed_m_s=-3.0)
    with pytest.raises(InputError, match="finite altitudes"):
        spread.wind_spread([np.nan], lead_s=0.0, age_s=0.0, wind_speed_m_s=5.0, month=4, format="igra2")
    with pytest.raises(InputError, match="at least one profile"):
        spread.spread_of([], JUMP, LEVELS_M)
    with pytest.raises(WeatherError, match="never guessed above"):
        spread.spread_of([profile(JUMP, top=5000.0)], JUMP, LEVELS_M)


def test_every_prior_says_where_it_is_from() -> None:
    assert {prior.kind for prior in PRIORS} == {"published", "derived", "assumed"}
    for prior in PRIORS:
        assert prior.name
        assert prior.source
        assert prior.why
    assert len({prior.name for prior in PRIORS}) == len(PRIORS)
