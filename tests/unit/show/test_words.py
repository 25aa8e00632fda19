"""Numbers as the report says them: the trade's unit first, a dash for what is not known, never NaN."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from onetake.odds.summary import Estimate, wilson
from onetake.show import words
from onetake.units import DEG_RAD, FT_M, IN_M


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("length_m", "said"),
    [
        (0.9144, "3'0\" (0.91 m)"), (33.6 * IN_M, "2'9.6\" (0.85 m)"), (-1.4 * IN_M, '−1.4" (−3.6 cm)'),
        (45.72, "150 ft (46 m)"), (math.inf, "∞"), (math.nan, "–"), (None, "–"),
    ],
)  # fmt: skip
def test_film_distances(length_m: float | None, said: str) -> None:
    assert plain(words.film(length_m)) == said


def test_other_numbers() -> None:
    assert plain(words.height(1981.2)) == "6,500 ft (1,981 m)"
    assert plain(words.ground(862.0)) == "2,830 ft (862 m)"
    assert plain(words.ground(9260.0)) == "5.0 nm (9.3 km)"
    assert plain(words.speed(72.0222)) == "140 kt (72 m/s)"
    assert plain(words.closing(8 * FT_M)) == "8.0 ft/s (2.4 m/s)"
    assert plain(words.weight(136.0)) == "300 lb (136 kg)"
    assert plain(words.microns(30.9e-6)) == "30.9 µm"
    assert words.degrees(-1.3 * DEG_RAD) == "−1.3°"
    assert words.compass(0.0) == "360°"
    assert words.compass(-64 * DEG_RAD) == "296°"
    assert plain(words.minutes(400.0)) == "6 min 40 s"
    assert plain(words.minutes(-3704.0)) == "−61 min 44 s"
    assert words.number(-0.0001, 2) == "0.00"
    assert words.coordinates(24.2, -54.99999999) == "N24°12.000′ W055°00.000′"


@pytest.mark.parametrize("say", [words.height, words.ground, words.speed, words.closing, words.weight, words.microns, words.degrees, words.seconds, words.minutes, words.percent, words.compass])  # fmt: skip
@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf])
def test_what_is_not_known_is_a_dash(say, value: float | None) -> None:
    assert say(value) == "–"


def test_shares_are_as_fine_as_they_are_small() -> None:
    said = [plain(words.percent(share)) for share in (0.268, 0.083, 0.004, 0.00004, 0.9985, 0.9995, 0.0, 1.0)]
    assert said == ["27 %", "8.3 %", "0.40 %", "0.0040 %", "99.85 %", "99.95 %", "0 %", "100 %"]


def test_a_chance_that_was_never_seen_is_below_a_bound_not_zero() -> None:
    assert plain(words.chance(wilson(0, 2000), 2000)) == "0 of 2,000: below 0.19 %"
    assert plain(words.chance(wilson(2000, 2000), 2000)) == "2,000 of 2,000: above 99.81 %"
    assert plain(words.chance(wilson(0, 900), None)).startswith("none: below 0.4")
    assert plain(words.chance(wilson(536, 2000), 2000)) == "27 % (25 % to 29 %)"
    assert words.chance(wilson(0, 0), 0) == "– nothing was counted"
    assert "–" in words.chance(Estimate(p=math.nan, low=math.nan, high=math.nan), 10)


def test_margins_are_said_in_their_unit() -> None:
    assert plain(words.in_unit(-0.1, "m", sign=True)) == '−3.9" (−10.0 cm)'
    assert plain(words.in_unit(5.5, "in", sign=True)) == '+5.5" (14.0 cm)'
    assert plain(words.in_unit(12.0, "deg", sign=True)) == "+12.0°"
    assert words.in_unit(0.4, "stops") == "0.40 stops"
    assert words.in_unit(math.nan, "m") == "–"


def test_both_clocks() -> None:
    moment = datetime(2011, 10, 11, 13, 58, 10, tzinfo=UTC)
    assert words.both_clocks(moment, "Asia/Dubai") == "17:58:10 local (13:58:10 UTC)"
    assert words.both_clocks(None, "Asia/Dubai") == "–"
