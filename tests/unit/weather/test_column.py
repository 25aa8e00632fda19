"""A column answers between its levels, says where it guesses, and refuses above its highest wind."""

from datetime import UTC, datetime

import numpy as np
import pytest

from onetake.axes import wind_from, wind_vector
from onetake.errors import WeatherError
from onetake.units import FT_M
from onetake.weather.atmosphere import isa
from onetake.weather.column import Column

NAN = np.nan


def column(altitude, pressure, temperature, east, north, **more):
    values = {
        "format": "test",
        "station": "XYZ",
        "valid_utc": datetime(2011, 10, 11, tzinfo=UTC),
        "base_utc": None,
    }
    values |= {"lat_deg": None, "lon_deg": None, "altitude_msl_m": np.array(altitude, float)}
    values |= {"pressure_pa": np.array(pressure, float), "temperature_k": np.array(temperature, float)}
    values |= {"wind_east_m_s": np.array(east, float), "wind_north_m_s": np.array(north, float)}
    return Column(**(values | more))


def standard(altitude=(0, 2000, 5000, 9000, 12000), **more):
    air = isa(np.array(altitude, float))
    wind = np.linspace(0, 40, len(altitude))
    return column(altitude, air.pressure_pa, air.temperature_k, wind, -wind, **more)


def test_it_meets_its_levels_exactly():
    c = standard()
    air = c.at(c.altitude_msl_m)
    np.testing.assert_allclose(air.pressure_pa, c.pressure_pa, rtol=1e-12)
    np.testing.assert_allclose(air.temperature_k, c.temperature_k, rtol=1e-12)
    np.testing.assert_allclose(air.wind_east_m_s, c.wind_east_m_s, rtol=1e-12)
    assert not air.extrapolated.any()
    assert not air.wind_held.any()


def test_pressure_between_levels_is_hydrostatic():
    altitude = np.arange(0.0, 10001.0, 250.0)
    c = standard((0, 5000, 10000))
    np.testing.assert_allclose(c.at(altitude).pressure_pa, isa(altitude).pressure_pa, rtol=2e-5)
    np.testing.assert_allclose(c.at(altitude).density_kg_m3, isa(altitude).density_kg_m3, rtol=2e-4)


def test_wind_turns_through_north_by_components_not_degrees():
    east, north = wind_vector([350.0, 10.0], [10.0, 10.0])
    c = column([0, 1000], [NAN] * 2, [NAN] * 2, east, north)
    air = c.at(500.0)
    direction, speed = wind_from(air.wind_east_m_s, air.wind_north_m_s)
    assert float(direction) == pytest.approx(0.0, abs=1e-9) or float(direction) == pytest.approx(360.0)
    assert float(speed) == pytest.approx(10 * np.cos(np.radians(10)))


def test_wind_is_interpolated_across_a_level_that_has_none():
    c = column([0, 1000, 2000], [1e5, 9e4, 8e4], [290, 285, 280], [0, NAN, 20], [0, NAN, 0])
    assert float(c.at(1000.0).wind_east_m_s) == pytest.approx(10.0)


def test_above_the_highest_wind_it_refuses_and_names_both_altitudes():
    c = column([0, 5000, 9000], [1e5, 5.4e4, 3e4], [288, 255, 230], [1, 2, NAN], [1, 2, NAN])
    with pytest.raises(WeatherError, match=r"16,404 ft.*25,000 ft"):
        c.at([100.0, 25000 * FT_M])
    assert c.top_msl_m == 5000.0
    c.at(5000.0)


def test_not_a_number_is_refused():
    with pytest.raises(WeatherError, match="nan"):
        standard().at([1000.0, NAN])


def test_below_the_lowest_wind_it_is_held_and_said():
    c = column([100, 500, 1000], [1e5, 9.5e4, 9e4], [290, 287, 285], [NAN, 3, 5], [NAN, 4, 5])
    air = c.at([50.0, 499.0, 600.0])
    assert air.wind_held.tolist() == [True, True, False]
    assert air.wind_east_m_s[0] == 3.0
    assert air.extrapolated.tolist() == [True, False, False]


def test_beyond_its_ends_the_offset_from_standard_is_kept():
    air = isa(np.array([1000.0, 3000.0]))
    c = column(
        [1000, 3000, 15000], [*air.pressure_pa, NAN], [*(air.temperature_k + 10), NAN], [1, 1, 1], [0, 0, 0]
    )
    wanted = c.at([0.0, 3000.0, 14000.0])
    np.testing.assert_allclose(wanted.temperature_k, isa(np.array([0, 3000.0, 14000])).temperature_k + 10)
    assert wanted.extrapolated.tolist() == [True, False, True]
    assert wanted.pressure_pa[2] > float(isa(14000.0).pressure_pa)  # warm air thins more slowly


def test_standard_ends_continue_the_standard_atmosphere():
    c = standard((2000, 5000))
    pressure, temperature, outside = c.pressure_and_temperature(np.array([0.0, 3000.0, 14000.0, 25000.0]))
    reference = isa(np.array([0.0, 3000.0, 14000.0, 25000.0]))
    np.testing.assert_allclose(pressure, reference.pressure_pa, rtol=1e-6)
    np.testing.assert_allclose(temperature[[0, 2, 3]], reference.temperature_k[[0, 2, 3]], rtol=1e-12)
    assert outside.tolist() == [True, False, True, True]


def test_without_any_temperature_or_pressure_it_is_standard_and_said():
    c = column([0, 5000], [NAN, NAN], [NAN, NAN], [1, 2], [3, 4])
    air = c.at([1000.0, 4000.0])
    np.testing.assert_allclose(air.pressure_pa, isa(np.array([1000.0, 4000.0])).pressure_pa, rtol=1e-6)
    assert air.extrapolated.all()


def test_maximum_and_cover():
    c = column([0, 1000, 2000, 3000], [NAN] * 4, [NAN] * 4, [NAN, 30, 0, NAN], [NAN, 40, 10, NAN])
    assert c.max_wind == (50.0, 1000.0)
    below, above = c.cover([500.0, 1500.0, 2500.0])
    assert (below.tolist(), above.tolist()) == ([True, False, False], [False, False, True])
    assert (c.bottom_msl_m, c.top_msl_m) == (1000.0, 2000.0)


def test_a_column_without_wind_says_so():
    c = column([0, 1000], [1e5, 9e4], [290, 280], [NAN] * 2, [NAN] * 2)
    assert c.top_msl_m is None
    assert c.max_wind is None
    with pytest.raises(WeatherError, match="no wind at any level"):
        c.at(500.0)


@pytest.mark.parametrize("altitude", [[0, 0], [1, 0], [0, NAN]])
def test_altitudes_must_rise(altitude):
    with pytest.raises(WeatherError, match="rise"):
        column(altitude, [NAN] * 2, [NAN] * 2, [1, 1], [1, 1])


def test_arrays_are_read_only_and_rows_hold_no_nan():
    c = column([0, 1000], [1e5, NAN], [NAN, 280], [1, NAN], [1, NAN])
    with pytest.raises(ValueError, match="read-only"):
        c.wind_east_m_s[0] = 5.0
    rows = list(c.rows())
    assert rows[1]["pressure_pa"] is None
    assert rows[1]["wind_east_m_s"] is None
    assert rows[0]["wind_north_m_s"] == 1.0


def test_shape_is_kept():
    assert standard().at(np.full((3, 2), 1000.0)).pressure_pa.shape == (3, 2)
    assert standard().at(1000.0).wind_held.shape == ()
