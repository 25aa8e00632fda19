"""Unit text: what is written is read back, and nothing else than a UnitError ever comes out."""

from __future__ import annotations

import contextlib
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetake.errors import UnitError
from onetake.units import (
    _SCALES,
    FT_M,
    Dimension,
    feet_inches,
    parse,
    parse_airspeed,
    parse_altitude,
)

UNITS = [(dimension, unit, scale) for dimension, units in _SCALES.items() for unit, scale in units.items()]


@given(st.floats(-1e9, 1e9), st.sampled_from(UNITS), st.sampled_from(["", " ", "  "]))
def test_a_written_quantity_is_read_back(value: float, unit: tuple[Dimension, str, float], gap: str) -> None:
    dimension, name, scale = unit
    assert parse(f"{value!r}{gap}{name}", dimension) == value * scale
    assert parse(f" {value!r}{gap}{name.upper()} ", dimension) == value * scale


@given(st.integers(0, 10**9))
def test_commas_between_thousands_change_nothing(feet: int) -> None:
    assert parse(f"{feet:,} ft", "length") == parse(f"{feet} ft", "length") == feet * FT_M


@given(st.integers(-120_000, 120_000))
def test_feet_and_inches_are_read_as_they_are_spoken(tenths_of_inch: int) -> None:
    length_m = tenths_of_inch * 0.00254
    assert parse(feet_inches(length_m), "length") == pytest.approx(length_m, abs=1e-9)


@given(st.floats(-1000.0, 1000.0))
def test_what_is_spoken_is_within_a_twentieth_of_an_inch(length_m: float) -> None:
    assert abs(parse(feet_inches(length_m), "length") - length_m) <= 0.00254 / 2 + 1e-9


@given(st.integers(0, 60_000), st.sampled_from(["MSL", "AGL"]))
def test_altitudes_are_read_as_they_are_spoken(feet: int, datum: str) -> None:
    altitude = parse_altitude(f"{feet:,} ft {datum}")
    assert altitude.datum == datum
    assert parse_altitude(str(altitude)) == altitude


@given(st.text(max_size=30), st.sampled_from(get_args(Dimension)))
def test_any_text_is_read_or_refused(text: str, dimension: Dimension) -> None:
    with contextlib.suppress(UnitError):
        assert abs(parse(text, dimension)) < float("inf")
    for read in (parse_altitude, parse_airspeed):
        with contextlib.suppress(UnitError):
            read(text)


@given(st.from_regex(r"[-+]?[0-9,.]{1,400}(e[0-9]{1,6})? ?(ft|m|km|'|\")?", fullmatch=True))
def test_anything_like_a_number_is_finite_or_refused(text: str) -> None:
    with contextlib.suppress(UnitError):
        assert abs(parse(text, "length")) < float("inf")
