"""UTC, GPS time, picture rates, timecode."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest

from onetake.clock import Clock, from_gps_week, now, picture_rate, timecode
from onetake.errors import InputError

EXIT = datetime(2011, 10, 11, 13, 52, 4, tzinfo=UTC)


def test_seconds_count_from_the_first_exit() -> None:
    clock = Clock(EXIT)
    assert clock.utc(-30.0) == EXIT - timedelta(seconds=30)
    assert clock.time_s(EXIT + timedelta(seconds=41.25)) == 41.25


def test_any_zone_ends_in_utc() -> None:
    gulf = timezone(timedelta(hours=4))
    clock = Clock(EXIT.astimezone(gulf))
    assert clock.utc(0.0).isoformat() == "2011-10-11T13:52:04+00:00"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InputError, match="no time zone"):
        Clock(datetime(2011, 10, 11, 13, 52, 4))  # noqa: DTZ001  # the mistake under test


def test_now_is_aware() -> None:
    assert now().utcoffset() == timedelta(0)


def test_gps_weeks() -> None:
    # week 2086 begins on Sunday 2019-12-29; 18 leap seconds since 2017 (IERS bulletin C 52)
    assert from_gps_week(2086, 18.0, grid_is_utc=False) == datetime(2019, 12, 29, tzinfo=UTC)
    assert from_gps_week(2086, 0.0, grid_is_utc=True) == datetime(2019, 12, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("24000/1001", Fraction(24000, 1001)),
        ("23.976", Fraction(24000, 1001)),
        ("23.98", Fraction(24000, 1001)),
        ("29.97", Fraction(30000, 1001)),
        ("59.94", Fraction(60000, 1001)),
        ("24", Fraction(24)),
        ("25", Fraction(25)),
        ("47.952", Fraction(48000, 1001)),
    ],
)
def test_picture_rates_as_people_write_them(text: str, rate: Fraction) -> None:
    assert picture_rate(text) == rate


@pytest.mark.parametrize("text", ["", "fast", "24/0", "0", "-24", "1e9", "nan", "inf"])
def test_what_is_not_a_picture_rate_says_so(text: str) -> None:
    with pytest.raises(InputError, match="picture"):
        picture_rate(text)


@pytest.mark.parametrize(
    ("time_s", "rate", "text"),
    [
        (0.0, Fraction(25), "01:00:00:00"),
        (1.0, Fraction(25), "01:00:01:00"),
        (59.96, Fraction(25), "01:00:59:24"),
        (3600.0, Fraction(24), "02:00:00:00"),
        (1001.0, Fraction(24000, 1001), "01:16:40:00"),  # 24,000 pictures counted at 24: 1,000 s of timecode
        (23 * 3600.0, Fraction(24), "00:00:00:00"),
        (-1.0, Fraction(24), "00:59:59:00"),
    ],
)
def test_timecode_counts_pictures(time_s: float, rate: Fraction, text: str) -> None:
    assert timecode(time_s, rate) == text
