"""Choosing one profile out of many, in the same words for every format. Degrees are WGS84, times aware UTC."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from onetake.errors import ChoiceError
from onetake.seams import no_such

_SHOWN = 200  # more names than this are not a list but a wall
EARTH_MEAN_RADIUS_M = 6371008.8  # IUGG mean radius


class Profile(Protocol):
    """What choosing looks at: a Column or a Listing."""

    @property
    def station(self) -> str: ...  # noqa: D102
    @property
    def member(self) -> str: ...  # noqa: D102
    @property
    def valid_utc(self) -> datetime | None: ...  # noqa: D102
    @property
    def lat_deg(self) -> float | None: ...  # noqa: D102
    @property
    def lon_deg(self) -> float | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One profile a file holds, without its numbers. A grid has no position but an `extent` to read out."""

    station: str
    valid_utc: datetime | None
    base_utc: datetime | None = None
    lat_deg: float | None = None
    lon_deg: float | None = None
    member: str = ""
    extent: str = ""


def instant(time: str | datetime) -> datetime:
    """An aware UTC time of ISO text such as `2011-10-11T00:00Z`; without a zone it is taken as UTC."""
    if isinstance(time, str):
        try:
            time = datetime.fromisoformat(time.strip())
        except ValueError as error:
            raise ChoiceError(f"{time!r} is not a time; write it like 2011-10-11T00:00Z") from error
    try:
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError as error:
        raise ChoiceError(f"{time.isoformat()} is not a time that any sounding was made") from error


def check_position(lat_deg: float | None, lon_deg: float | None) -> None:
    """Raise ChoiceError unless both or neither are given and both are on the globe."""
    if (lat_deg is None) != (lon_deg is None):
        raise ChoiceError("a place needs both a latitude and a longitude; give --lat and --lon")
    if lat_deg is None or lon_deg is None:
        return
    if not (math.isfinite(lat_deg) and math.isfinite(lon_deg) and abs(lat_deg) <= 90 and abs(lon_deg) <= 360):
        raise ChoiceError(
            f"latitude {lat_deg}, longitude {lon_deg} is not a place; degrees, north and east positive"
        )


def distance_m(from_deg: tuple[float, float], to_deg: tuple[float, float]) -> float:
    """Great-circle metres between two (lat, lon) pairs."""
    lat_a, lon_a, lat_b, lon_b = (math.radians(value) for value in (*from_deg, *to_deg))
    haversine = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_MEAN_RADIUS_M * math.asin(min(1.0, math.sqrt(haversine)))


def pick(
    profiles: Sequence[Profile],
    *,
    station: str | None = None,
    time: str | datetime | None = None,
    lat_deg: float | None = None,
    lon_deg: float | None = None,
) -> int:
    """Index of the one profile asked for.

    Station by name (`OUN`, or `OUN/mem3` for one member), time exactly, place by the nearest station. An
    ensemble of which no member is named gives its MEAN, if it has one. Raises ChoiceError, listing what there
    is, when a name is wrong or a choice is needed and missing.
    """
    check_position(lat_deg, lon_deg)
    left = list(range(len(profiles)))
    if not left:
        raise ChoiceError("there is no profile to choose from")
    if station is not None:
        left = _by_station(profiles, left, station)
    if time is not None:
        left = _by_time(profiles, left, instant(time))
    if lat_deg is not None and lon_deg is not None:
        left = _nearest(profiles, left, (lat_deg, lon_deg))
    if len(left) > 1:
        _one_of(profiles, left, lambda profile: profile.station, "stations; choose one with --station")
        _one_of(profiles, left, lambda profile: _iso(profile.valid_utc), "times; choose one with --time")
        left = _by_mean(profiles, left)
    return left[0]


def _names(profile: Profile) -> tuple[str, ...]:
    name = profile.station.casefold()
    return (name, f"{name}/{profile.member.casefold()}") if profile.member else (name,)


def _by_station(profiles: Sequence[Profile], left: list[int], station: str) -> list[int]:
    wanted = station.strip().casefold()
    found = [i for i in left if wanted in _names(profiles[i])]
    if found:
        return found
    choices = list(dict.fromkeys(profiles[i].station or "(a profile without a name)" for i in left))
    if "/" in station:
        choices = list(dict.fromkeys(_full_name(profiles[i]) for i in left))
    raise ChoiceError(no_such(station, _shortened(choices), "station"))


def _by_time(profiles: Sequence[Profile], left: list[int], time: datetime) -> list[int]:
    found = [i for i in left if profiles[i].valid_utc == time]
    if found:
        return found
    known = sorted({valid for i in left if (valid := profiles[i].valid_utc) is not None})
    if not known:
        raise ChoiceError(
            f"no profile says when it is valid, so none can be chosen for {_iso(time)}; leave the time out"
        )
    nearest = min(known, key=lambda valid: abs(valid - time))
    raise ChoiceError(
        f"no profile for {_iso(time)}; the nearest is {_iso(nearest)}; "
        f"there is: {', '.join(_shortened([_iso(valid) for valid in known]))}"
    )


def _nearest(profiles: Sequence[Profile], left: list[int], place: tuple[float, float]) -> list[int]:
    away = {
        i: distance_m((lat, lon), place)
        for i in left
        if (lat := profiles[i].lat_deg) is not None and (lon := profiles[i].lon_deg) is not None
    }
    if not away:
        if len({_names(profiles[i])[0] for i in left}) == 1:
            return left  # one station whose place is not in the file: nothing to choose
        raise ChoiceError(
            "the file does not say where its stations are; choose by name: "
            + ", ".join(_shortened(list(dict.fromkeys(profiles[i].station for i in left))))
        )
    closest = min(away.values())
    return [i for i, distance in away.items() if distance <= closest + 1.0]


def _one_of(profiles: Sequence[Profile], left: list[int], what: Callable[[Profile], str], ask: str) -> None:
    different = list(dict.fromkeys(what(profiles[i]) for i in left))
    if len(different) > 1:
        raise ChoiceError(f"{len(different)} {ask}: {', '.join(_shortened(different))}")


def _by_mean(profiles: Sequence[Profile], left: list[int]) -> list[int]:
    members = list(dict.fromkeys(profiles[i].member for i in left))
    if len(members) == 1:
        return left
    mean = [i for i in left if profiles[i].member.casefold() == "mean"]
    if mean:
        return mean
    full = [_full_name(profiles[i]) for i in left]
    raise ChoiceError(f"{len(full)} members; choose one with --station: {', '.join(_shortened(full))}")


def _full_name(profile: Profile) -> str:
    return f"{profile.station}/{profile.member}" if profile.member else profile.station


def _shortened(choices: list[str]) -> tuple[str, ...]:
    if len(choices) <= _SHOWN:
        return tuple(choices)
    half = _SHOWN // 4
    return (*choices[:half], f"… {len(choices) - 2 * half} more …", *choices[-half:])


def _iso(valid: datetime | None) -> str:
    return (
        "(no time)"
        if valid is None
        else valid.strftime("%Y-%m-%dT%H:%MZ" if valid.second == 0 else "%Y-%m-%dT%H:%M:%SZ")
    )
