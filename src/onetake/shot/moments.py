"""What a key can take of time: picture rates, zones, days and moments."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time
from fractions import Fraction
from zoneinfo import ZoneInfo, available_timezones

from onetake import clock
from onetake.errors import InputError
from onetake.shot.document import Node, nearest
from onetake.shot.keys import Kind
from onetake.shot.kinds import LONGEST, as_number


def _picture_rate(node: Node) -> Fraction:
    expected = 'pictures a second, such as "24000/1001", "24" or 25'
    value = node.value
    if as_number(value) is not None:
        value = repr(value)
    # a fraction with a huge exponent would take for ever, so only plain digits go on
    plain = isinstance(value, str) and len(value) <= 16 and set(value) <= set("0123456789./ ")
    if not isinstance(value, str) or not plain:
        raise node.error(expected)
    try:
        return clock.picture_rate(value)
    except InputError as error:
        raise node.error(expected, f"{error}.") from None


PICTURE_RATE: Kind[Fraction] = Kind("pictures a second", '"24000/1001"', _picture_rate)


def _zone(node: Node) -> str:
    expected = 'a time zone of the IANA list, such as "Asia/Dubai"'
    if not isinstance(node.value, str) or len(node.value) > LONGEST:
        raise node.error(expected)
    try:
        ZoneInfo(node.value)
    except (KeyError, ValueError, OSError):
        near = nearest(node.value, sorted(available_timezones()))
        raise node.error(expected, f'Did you mean "{near}"?' if near else "") from None
    return node.value


ZONE: Kind[str] = Kind("a time zone of the IANA list", '"Asia/Dubai"', _zone)


def _date(node: Node) -> date:
    value: object = node.value
    if isinstance(value, str):
        with suppress(ValueError):
            value = date.fromisoformat(value.strip())
    if not isinstance(value, date) or isinstance(value, datetime) or not 1950 <= value.year <= 2100:
        raise node.error("a day between 1950 and 2100, such as 2011-10-11")
    return value


DATE: Kind[date] = Kind("a day", "2011-10-11", _date)


def _moment(node: Node) -> datetime:
    expected = "a time with its zone, such as 2011-10-11T12:00:00Z"
    value: object = node.value
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise node.error(expected) from None
    if not isinstance(value, datetime) or not 1950 <= value.year <= 2100:
        raise node.error(expected)
    if value.tzinfo is None:
        raise node.error(expected, "Add the Z of UTC, or an offset such as +04:00.")
    return value


MOMENT: Kind[datetime] = Kind("a time with its zone", "2011-10-11T12:00:00Z", _moment)


def _time_of_day(node: Node) -> time | datetime:
    value: object = node.value
    if isinstance(value, str):
        with suppress(ValueError):
            value = time.fromisoformat(value.strip())
    if isinstance(value, time):
        if value.tzinfo is not None:
            raise node.error('a time of day in the time zone of the place, such as "17:58:10"')
        return value
    if isinstance(value, (str, datetime)):
        return _moment(node)
    raise node.error('a time of day such as "17:58:10", or a full time such as 2011-10-11T13:58:10Z')


EXIT_TIME: Kind[time | datetime] = Kind(
    "a local time of day, or a time with its zone", '"17:58:10"', _time_of_day
)
