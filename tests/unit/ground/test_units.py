"""Quantities as people write them."""

from __future__ import annotations

import math

import pytest

from onetake.errors import InputError, UnitError
from onetake.units import Airspeed, Altitude, feet_inches, parse, parse_airspeed, parse_altitude


@pytest.mark.parametrize(
    ("text", "dimension", "si"),
    [
        ("3 ft", "length", 0.9144),  # exact, international foot
        ("2'10\"", "length", 0.8636),  # 34 in, exact
        ("2' 10\"", "length", 0.8636),
        ("2ft 10in", "length", 0.8636),
        ("3'", "length", 0.9144),
        ("3 feet", "length", 0.9144),
        ("-1'6\"", "length", -0.4572),
        ("2'9.6\"", "length", 33.6 * 0.0254),
        ("25,000 ft", "length", 7620.0),
        ("90 mm", "length", 0.09),
        ("1 nmi", "length", 1852.0),
        (".5 m", "length", 0.5),
        ("1e3 m", "length", 1000.0),
        ("140 kt", "speed", 72.0 + 1 / 45),  # 140 * 1852 / 3600
        ("120 mph", "speed", 53.6448),
        ("8 ft/s", "speed", 2.4384),
        ("20 lb", "mass", 9.0718474),  # exact avoirdupois pound
        ("0.4 s", "time", 0.4),
        ("-2 deg", "angle", -math.pi / 90),
        ("-2°", "angle", -math.pi / 90),
        ("1013.25 hPa", "pressure", 101325.0),
        ("15 C", "temperature", 288.15),
        ("-56.5°C", "temperature", 216.65),
        ("288 K", "temperature", 288.0),
        ("230 ft2", "area", 230 * 0.09290304),
        ("3 g", "accel", 29.41995),
        ("3 g", "mass", 0.003),
    ],
)
def test_quantities_people_write(text: str, dimension: str, si: float) -> None:
    assert parse(text, dimension) == pytest.approx(si, rel=1e-12)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "dimension", "says"),
    [
        ("3", "length", "has no unit"),
        ("three feet", "length", "is not a length"),
        ("", "length", "is not a length"),
        ("3 lb", "length", "is a mass, not a length"),
        ("3 feets", "length", "did you mean 'feet'"),
        ("120 mhp", "speed", "did you mean 'mph'"),
        ("nan m", "length", "is not a length"),
        ("inf m", "length", "is not a length"),
        ("1e999 m", "length", "not a finite number"),
        ("1e307 km", "length", "not a finite number"),
        ("9" * 400 + " ft", "length", "not a finite number"),
        ("15 F", "temperature", "is not a unit of temperature"),
    ],
)
def test_what_cannot_be_read_says_what_to_write(text: str, dimension: str, says: str) -> None:
    with pytest.raises(UnitError, match=says) as caught:
        parse(text, dimension)  # type: ignore[arg-type]
    assert text.split(" ", maxsplit=1)[0] in str(caught.value)
    assert "write it like" in str(caught.value) or "finite" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "altitude", "spoken"),
    [
        ("25,000 ft MSL", Altitude(7620.0, "MSL"), "25,000 ft MSL"),
        ("6500 ft agl", Altitude(1981.2, "AGL"), "6,500 ft AGL"),
        ("FL250", Altitude(7620.0, "FL"), "FL250"),
        ("2000 m MSL", Altitude(2000.0, "MSL"), "6,562 ft MSL"),
    ],
)
def test_altitudes_carry_their_datum(text: str, altitude: Altitude, spoken: str) -> None:
    read = parse_altitude(text)
    assert read.datum == altitude.datum
    assert read.value_m == pytest.approx(altitude.value_m, rel=1e-12)
    assert str(read) == spoken


@pytest.mark.parametrize("text", ["25,000 ft", "25000", "FL2500", "", "high MSL"])
def test_an_altitude_without_a_datum_is_refused(text: str) -> None:
    with pytest.raises(UnitError):
        parse_altitude(text)


def test_airspeeds_say_how_they_are_measured() -> None:
    assert parse_airspeed("140 KIAS") == Airspeed(140 * 1852 / 3600, "indicated")
    assert parse_airspeed("209 ktas").kind == "true"
    with pytest.raises(UnitError, match="140 KIAS"):
        parse_airspeed("140 kt")


@pytest.mark.parametrize(
    ("length_m", "text"),
    [
        (0.9144, "3'0\""),
        (0.8636, "2'10\""),
        (33.6 * 0.0254, "2'9.6\""),
        (0.30479, "1'0\""),  # rounds up across the foot
        (-0.4572, "-1'6\""),
        (0.0, "0'0\""),
    ],
)
def test_a_focus_puller_reads_feet_and_inches(length_m: float, text: str) -> None:
    assert feet_inches(length_m) == text


def test_a_unit_error_is_bad_input() -> None:
    assert issubclass(UnitError, InputError)
