"""Raw levels become a clean column, and everything done to them is told."""

import numpy as np
import pytest

from onetake.errors import ReadError
from onetake.weather.atmosphere import geometric_from_geopotential, isa, pressure_altitude_m
from onetake.weather.heights import humidity_of, hypsometric_rise
from onetake.weather.levels import Levels, column_of, whole_file, wind_of

NAN = np.nan


def build(height, pressure, temperature, east=None, north=None, **more):
    n = len(height)
    levels = Levels(
        geopotential_m=np.array(height, float),
        pressure_pa=np.array(pressure, float),
        temperature_k=np.array(temperature, float),
        wind_east_m_s=np.array(east if east is not None else [1.0] * n, float),
        wind_north_m_s=np.array(north if north is not None else [2.0] * n, float),
        **more,
    )
    return column_of(levels, format="test", station="XYZ", valid_utc=None)


def slugs(column):
    return [note.slug for note in column.problems]


def standard(heights):
    air = isa(geometric_from_geopotential(np.array(heights, float)))
    return air.pressure_pa, air.temperature_k


def test_clean_levels_have_no_problem():
    height = [100, 1500, 3000, 5500]
    pressure, temperature = standard(height)
    column = build(height, pressure, temperature)
    assert column.problems == ()
    np.testing.assert_allclose(column.altitude_msl_m, geometric_from_geopotential(np.array(height, float)))


def test_geopotential_becomes_geometric():
    height = [0, 10000.0]
    column = build(height, *standard(height))
    assert column.altitude_msl_m[1] == pytest.approx(10015.8, abs=0.1)  # ISO 2533: 10 km geopotential


def test_levels_out_of_order_are_sorted_and_told():
    height = [100, 3000, 1500, 5500]
    column = build(height, *standard(height), east=[0, 2, 1, 3], north=[0] * 4)
    assert column.wind_east_m_s.tolist() == [0, 1, 2, 3]
    assert slugs(column) == ["out-of-order"]


def test_wind_by_height_is_put_between_the_pressure_levels():
    height = [100, 3000, 1000, 2000]
    pressure, temperature = standard(height)
    pressure[2:], temperature[2:] = NAN, NAN
    column = build(height, pressure, temperature, east=[0, 3, 1, 2], north=[0] * 4)
    assert column.wind_east_m_s.tolist() == [0, 1, 2, 3]
    assert np.isnan(column.pressure_pa[1])


def test_gross_wind_is_left_out():
    height = [100, 1500, 3000]
    column = build(height, *standard(height), east=[1, 160, 3], north=[0, 0, 0])
    assert np.isnan(column.wind_east_m_s[1])
    assert slugs(column) == ["gross-wind"]
    assert "160" in column.problems[0].text


@pytest.mark.parametrize("speed", [129.9, 130.0])
def test_a_strong_wind_is_kept(speed):
    assert build([0, 1000], *standard([0, 1000]), east=[0, speed], north=[0, 0]).max_wind[0] == speed


def test_crazy_temperature_pressure_and_height_are_left_out():
    height = np.array([100, 1500, 3000, 5500, 7000.0])
    pressure, temperature = standard(height)
    temperature[1], pressure[2], height[3] = 999.0, -5.0, 1e7
    column = build(height, pressure, temperature)
    assert {"gross-temperature", "gross-pressure", "gross-height"} <= set(slugs(column))
    assert column.altitude_msl_m.size == 5
    assert column.altitude_msl_m[3] == pytest.approx(5505, abs=15)  # filled again


def test_missing_heights_follow_from_pressure_and_temperature():
    height = np.array([100, 1500, 3000, 5500, 8000.0])
    pressure, temperature = standard(height)
    holes = height.copy()
    holes[[1, 3]] = NAN
    column = build(holes, pressure, temperature)
    np.testing.assert_allclose(column.altitude_msl_m, geometric_from_geopotential(height), atol=6.0)
    assert slugs(column) == ["height-filled"]


def test_heights_beyond_the_known_ones_follow_too():
    height = np.array([0, 1500, 3000, 5500.0])
    pressure, temperature = standard(height)
    column = build([NAN, 1500, NAN, NAN], pressure, temperature)
    np.testing.assert_allclose(column.altitude_msl_m, geometric_from_geopotential(height), atol=6.0)


def test_moist_air_is_thicker():
    pressure, temperature = np.array([100000.0, 90000.0]), np.array([300.0, 294.0])
    dry = hypsometric_rise(pressure, temperature)[1]
    moist = hypsometric_rise(pressure, temperature, np.array([0.8, 0.8]))[1]
    assert moist / dry == pytest.approx(
        1.0091, abs=0.0006
    )  # virtual 2.7 K warmer of 297 K: e = 28 and 20 hPa


def test_without_any_height_the_lowest_is_standard_and_told():
    pressure, temperature = standard([500, 1500, 3000])
    column = build([NAN] * 3, pressure, temperature)
    assert column.altitude_msl_m[0] == pytest.approx(float(pressure_altitude_m(pressure[0])), abs=0.1)
    assert "no-heights" in slugs(column)


def test_one_wrong_height_is_replaced():
    height = np.array([100, 1500, 3000, 5500, 8000.0])
    pressure, temperature = standard(height)
    typo = height.copy()
    typo[2] = 5000.0  # still rising, but 2 km too high
    column = build(typo, pressure, temperature)
    assert column.altitude_msl_m[2] == pytest.approx(3001, abs=8)
    assert "height-inversion" in slugs(column)


def test_levels_below_ground_are_left_out():
    pressure, temperature = standard([50, 400, 1500])
    temperature[0] = NAN
    column = build([50, 400, 1500], pressure, temperature, east=[NAN, 1, 2], north=[NAN, 1, 2])
    assert column.altitude_msl_m.size == 2
    assert slugs(column) == ["below-ground"]


def test_the_same_level_twice_is_joined():
    pressure, temperature = standard([100, 1500, 1500, 3000])
    temperature[1] = NAN
    column = build([100, 1500, 1500, 3000], pressure, temperature, east=[1, 2, NAN, 3], north=[1, 2, NAN, 3])
    assert column.altitude_msl_m.size == 3
    assert np.isfinite(column.temperature_k[1])
    assert column.wind_east_m_s[1] == 2


def test_half_a_wind_is_none():
    column = build([0, 1000], *standard([0, 1000]), east=[1, 2], north=[NAN, 2])
    assert column.has_wind.tolist() == [False, True]


def test_a_hole_in_the_wind_is_told():
    height = [0, 1000, 4000, 5000]
    column = build(height, *standard(height), east=[1, 1, NAN, 1], north=[1, 1, NAN, 1])
    assert slugs(column) == ["wind-gap"]


@pytest.mark.parametrize(
    ("height", "temperature", "reason"),
    [([], [], "no level"), ([NAN], [280.0], "no level"), ([0.0, 10.0], [NAN, NAN], "neither")],
)
def test_nothing_to_read_is_refused(height, temperature, reason):
    n = len(height)
    with pytest.raises(ReadError, match=reason):
        build(height, [NAN] * n, temperature, east=[NAN] * n, north=[NAN] * n)


def test_directions_are_where_the_wind_comes_from():
    problems = []
    east, north = wind_of(
        np.array([270.0, 360.0, 0.0, NAN, 400.0]), np.array([10.0, 5.0, 0.0, 0.0, 9.0]), problems
    )
    np.testing.assert_allclose(east[:4], [10, 0, 0, 0], atol=1e-12)
    np.testing.assert_allclose(north[:4], [0, -5, 0, 0], atol=1e-12)
    assert np.isnan(east[4])
    assert problems[0].slug == "impossible-wind"


def test_humidity_of_a_dew_point():
    np.testing.assert_allclose(humidity_of(np.array([283.15]), np.array([293.15])), [0.525], atol=0.002)
    assert np.isnan(humidity_of(np.array([1e9, NAN]), np.array([293.15, 293.15]))).all()


def test_profiles_that_cannot_be_read_are_told_in_the_others():
    def part(name):
        if name == "bad":
            raise ReadError("it is bad")
        return build([0, 1000], *standard([0, 1000]))

    columns = whole_file(part, ["good", "bad", "bad"])
    assert len(columns) == 1
    assert "2 profiles" in columns[0].problems[-1].text
    with pytest.raises(ReadError, match="it is bad"):
        whole_file(part, ["bad"])
    with pytest.raises(ReadError, match="no profile"):
        whole_file(part, [])


def test_humidity_goes_with_its_level_and_absurd_ones_are_left_out():
    column = build(
        [100.0, 1500.0, NAN, 3000.0], [1000e2, 850e2, 850e2, 700e2], [288.0, 280.0, NAN, 270.0],
        relative_humidity=np.array([1.05, NAN, 0.4, 7.0]),
    )  # fmt: skip
    assert column.relative_humidity is not None
    np.testing.assert_allclose(column.relative_humidity, [1.0, 0.4, NAN])
    assert "gross-humidity" in {note.slug for note in column.problems}
    assert "no-humidity" not in {note.slug for note in column.notes}


def test_no_humidity_anywhere_is_said():
    column = build([100.0, 3000.0], [1000e2, 700e2], [288.0, 270.0])
    assert [note.slug for note in column.notes] == ["no-humidity"]
    assert column.relative_humidity is None
