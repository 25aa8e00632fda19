"""Whatever the bytes, a weather reader answers with columns or with ReadError, and soon."""

import importlib
import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onetake.errors import InputError, ReadError
from onetake.weather.column import Column
from onetake.weather.file import inspect_weather
from onetake.weather.levels import MAX_WIND_M_S, Levels, column_of

FOLDER = Path(__file__).resolve().parents[1] / "samples" / "weather"
SAMPLES = {path.stem: path.read_bytes() for path in sorted(FOLDER.iterdir())}
SOON = settings(deadline=timedelta(seconds=1), max_examples=120, suppress_health_check=[HealthCheck.too_slow])
# what breaks readers: absurd numbers, cut lines, other formats' words, brackets, the missing values themselves
CRUMBS = st.sampled_from(
    [b"", b"\n", b"\r\n", b",", b" ", b"  ", b"\x00", b"\x1e", b"\xff", b"-", b"9", b"-9999", b"99999", b"1e308", b"nan",
     b"1" * 400, b"inf", b"/", b"9900", b"7799", b"%", b"#", b"{", b"[", b'"', b"=", b"\n\n\n", b"\t", b"\xc2\xb2", b"\xd9\xa1", b"MEM = ",
     b"STID = ", b"TIME = ", b"PRES", b"%TITLE%", b"%RAW%", b"%END%", b"DATA BASED ON ", b"FT  3000", b"[[level]]", b"null"]
)  # fmt: skip


@st.composite
def spoiled(draw, data):
    """The sample cut short, and some pieces of it replaced."""
    data = data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(data)))
        end = start + draw(st.sampled_from([0, 0, 1, 1, 2, 5, 20, 200]))
        data = data[:start] + draw(CRUMBS | st.binary(max_size=8)) + data[end:]
    return data


def check(column):
    assert isinstance(column, Column)
    assert np.isfinite(column.altitude_msl_m).all()
    assert (np.diff(column.altitude_msl_m) > 0).all()
    speed = np.hypot(column.wind_east_m_s, column.wind_north_m_s)
    assert (speed[column.has_wind] <= MAX_WIND_M_S).all()
    json.dumps(list(column.rows()), allow_nan=False)
    if column.top_msl_m is not None:
        air = column.at(column.altitude_msl_m[column.altitude_msl_m <= column.top_msl_m])
        assert (air.pressure_pa > 0).all()
        assert np.isfinite(air.wind_east_m_s).all()


def answers(name, data):
    module = importlib.import_module(f"onetake.weather.sources.{name}")
    assert module.recognises(data[:65536], "x") in (True, False)
    try:
        columns = module.read(data, "x")
    except ReadError:
        return
    assert columns
    for column in columns[:5]:
        check(column)


@pytest.mark.parametrize("name", SAMPLES)
@SOON
@given(data=st.data())
def test_a_spoiled_file_is_read_or_refused(name, data):
    answers(name, data.draw(spoiled(SAMPLES[name])))


@pytest.mark.parametrize("name", SAMPLES)
@settings(SOON, max_examples=40)
@given(data=st.binary(max_size=2000))
def test_rubbish_is_refused(name, data):
    answers(name, data)


@pytest.mark.parametrize("name", SAMPLES)
@settings(SOON, max_examples=15)
@given(data=st.data())
def test_another_formats_file_is_refused(name, data):
    answers(name, SAMPLES[data.draw(st.sampled_from(sorted(SAMPLES)))])


@settings(
    SOON, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data(), station=st.none() | st.text(max_size=5), time=st.none() | st.text(max_size=20))
def test_inspect_never_fails_otherwise(tmp_path, data, station, time):
    path = tmp_path / "x"
    path.write_bytes(data.draw(spoiled(SAMPLES[data.draw(st.sampled_from(sorted(SAMPLES)))])))
    try:
        found = inspect_weather(path, station=station, time=time)
    except InputError:
        return
    json.dumps(found, allow_nan=False)


NUMBER = st.floats(allow_nan=True, allow_infinity=True) | st.floats(-200, 40000)
ROW = st.tuples(
    NUMBER, st.floats(-10, 120000) | NUMBER, st.floats(100, 400) | NUMBER, NUMBER, NUMBER, st.floats(0, 1)
)


@settings(SOON, max_examples=300)
@given(rows=st.lists(ROW, max_size=12))
def test_any_levels_become_a_column_or_are_refused(rows):
    columns = np.array(rows, float).reshape(len(rows), 6).T
    names = (
        "geopotential_m",
        "pressure_pa",
        "temperature_k",
        "wind_east_m_s",
        "wind_north_m_s",
        "relative_humidity",
    )
    levels = Levels(**{name: values.copy() for name, values in zip(names, columns, strict=True)})
    try:
        column = column_of(levels, format="test", station="", valid_utc=None)
    except ReadError:
        return
    check(column)


@settings(SOON, max_examples=100)
@given(
    heights=st.lists(st.integers(0, 20000), min_size=2, max_size=20, unique=True),
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_levels_does_not_matter(heights, order):
    heights = sorted(heights)
    shuffled = heights.copy()
    order.shuffle(shuffled)

    def build(values):
        height = np.array(values, float)
        nothing = np.full(height.shape, np.nan)
        levels = Levels(
            geopotential_m=height,
            pressure_pa=101325.0 * np.exp(-height / 8000.0),
            temperature_k=nothing,
            wind_east_m_s=height / 1000.0,
            wind_north_m_s=-height / 500.0,
        )
        return column_of(levels, format="test", station="", valid_utc=None)

    a, b = build(heights), build(shuffled)
    np.testing.assert_array_equal(a.altitude_msl_m, b.altitude_msl_m)
    np.testing.assert_array_equal(a.wind_east_m_s, b.wind_east_m_s)
