"""UTC and seconds since the first exit; GPS time; picture rate as a fraction; timecode.

Inside, `time_s` is float seconds since the first exit of the take, negative in the aircraft.
Only this file asks for the present time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from onetake.errors import InputError

GPS_EPOCH = datetime(1980, 1, 6, tzinfo=UTC)
GPS_MINUS_UTC_S = 18  # since 2017-01-01; IERS bulletin C 52


def now() -> datetime:
    """The present time, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """Ties `time_s` to UTC."""

    first_exit_utc: datetime

    def __post_init__(self) -> None:
        if self.first_exit_utc.tzinfo is None:
            raise InputError(f"{self.first_exit_utc} has no time zone; times at the edges are aware UTC")

    def utc(self, time_s: float) -> datetime:
        """UTC at `time_s`."""
        return self.first_exit_utc.astimezone(UTC) + timedelta(seconds=time_s)

    def time_s(self, utc: datetime) -> float:
        """Seconds since the first exit."""
        return (utc - self.first_exit_utc).total_seconds()


def from_gps_week(week: int, time_of_week_s: float, *, grid_is_utc: bool) -> datetime:
    """UTC of a GPS week and time of week. A receiver whose time grid is UTC needs no leap seconds."""
    utc = GPS_EPOCH + timedelta(weeks=week, seconds=time_of_week_s)
    return utc if grid_is_utc else utc - timedelta(seconds=GPS_MINUS_UTC_S)


def picture_rate(text: str) -> Fraction:
    """Read `24000/1001`, `25`, and `23.976` or `23.98` (which both mean 24000/1001)."""
    try:
        rate = Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise InputError(f'{text!r} is not a picture rate; write "24000/1001", "24" or "25"') from error
    if not 1 <= rate <= 1000:
        raise InputError(f"a picture rate of {text} is outside 1 to 1000 pictures a second")
    for nominal in (24, 30, 48, 60, 120):
        drop = Fraction(nominal * 1000, 1001)
        if abs(rate - drop) < Fraction(1, 200) and rate != nominal:
            return drop
    return rate


def timecode(time_s: float, rate: Fraction, start: str = "01:00:00:00") -> str:
    """Non-drop timecode of the picture shown at `time_s` after the picture that carries `start`."""
    nominal = round(rate)
    hours, minutes, seconds, pictures = (int(part) for part in start.split(":"))
    first = ((hours * 60 + minutes) * 60 + seconds) * nominal + pictures
    count = (first + int(Fraction(time_s).limit_denominator(10**6) * rate // 1)) % (24 * 3600 * nominal)
    seconds, pictures = divmod(count, nominal)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}:{pictures:02d}"
