"""Where and when, the air, and the aircraft: [place], [weather], [aircraft]."""

# ruff: noqa: RUF009  # `key` is the dataclasses.field of this room
from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from onetake import units
from onetake.shot import kinds, moments
from onetake.shot.document import Node
from onetake.shot.keys import Kind, Values, a_table, gather, key, read_table


def _elevation(node: Node) -> float:
    says = "a height above the sea from -500 m to 6,000 m"
    text = node.value.removesuffix("MSL").strip() if isinstance(node.value, str) else node.value
    value = kinds.measured(
        Node(node.source, node.path, text), says, '"90 ft"', lambda t: units.parse(t, "length"), ("ft", "m")
    )
    if not -500.0 <= value <= 6000.0:
        raise node.error(f'{says}, such as "90 ft"')
    return value


def _heading(node: Node) -> float | None:
    says = '"auto", or degrees true from 0 to 360'
    if node.value == "auto":
        return None
    value = kinds.measured(node, says, '"240 deg"', lambda text: units.parse(text, "angle"), ("deg",))
    if not 0.0 <= value <= 360.0 * units.DEG_RAD * (1 + 1e-12):
        raise node.error(f'{says}, such as "240 deg"')
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The drop zone and the day. Without an exit time the plan finds the seconds with the right light."""

    lat_deg: float = key(
        kinds.number("24.2", -90, 90), "Latitude of the drop zone, degrees north.", name="drop_zone.lat_deg"
    )
    lon_deg: float = key(
        kinds.number("54.6", -180, 180), "Longitude, degrees east.", name="drop_zone.lon_deg"
    )
    elevation_m: float = key(
        Kind("a height above the sea", '"90 ft"', _elevation),
        "Height of the ground above mean sea level.",
        name="drop_zone.elevation",
    )
    time_zone: str = key(moments.ZONE, "Zone of the local times in this file.")
    date: dt.date | None = key(
        moments.DATE, "The local day. Without it light cannot be planned.", default=None
    )
    exit_utc: datetime | None = key(
        moments.EXIT_TIME, "When the first body leaves. Without it the plan finds the time.",
        name="exit_time", default=None,
    )  # fmt: skip


def settle_exit_time(values: Values, node: Node) -> None:
    """Turn the exit time as written, local or with its zone, into aware UTC."""
    written, day = values["exit_utc"], values["date"]
    if written is None:
        return
    where, zone = node.child("exit_time"), ZoneInfo(values["time_zone"])
    if isinstance(written, time):
        if day is None:
            raise where.error("a date beside a local exit time", "Add date = 2011-10-11 to [place].")
        written = _local(datetime.combine(day, written), zone, where)
    local_day = written.astimezone(zone).date()
    if day is not None and day != local_day:
        raise where.error(f"a time on {day}, the date of [place]", f"In {zone.key} this is on {local_day}.")
    values["date"], values["exit_utc"] = local_day, written.astimezone(UTC)


def _local(naive: datetime, zone: ZoneInfo, where: Node) -> datetime:
    """A wall-clock time that exists once; the hours around a clock change need a full time."""
    early, late = naive.replace(tzinfo=zone, fold=0), naive.replace(tzinfo=zone, fold=1)
    if early.utcoffset() != late.utcoffset():
        raise where.error(
            "a local time that happens once",
            f"Clocks change in {zone.key} then; write {early.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} or another full time.",
        )
    return early


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherSource:
    """One profile: a file, and which of its profiles where it holds several."""

    path: Path = key(kinds.FILE, "The file, seen from the folder of the shot file.", name="file")
    station: str | None = key(kinds.text("KOUN"), "Which station of the file.", default=None)
    time: datetime | None = key(moments.MOMENT, "Which valid time of the file.", default=None)
    lat_deg: float | None = key(kinds.number("25.0", -90, 90), "Which grid point: latitude.", default=None)
    lon_deg: float | None = key(kinds.number("55.0", -180, 360), "Which grid point: longitude.", default=None)
    line: int = 0


def _source(node: Node) -> WeatherSource:
    if isinstance(node.value, str):
        return WeatherSource(path=kinds.FILE.read(node), line=node.line)
    return read_table(WeatherSource, node, _whole_point)


def _whole_point(values: Values, node: Node) -> None:
    if (values["lat_deg"] is None) != (values["lon_deg"] is None):
        raise node.error("lat_deg and lon_deg together, or neither")


def _sources(node: Node) -> tuple[WeatherSource, ...]:
    items = node.items()
    if not items:
        raise node.error(
            'at least one profile, such as ["weather/sounding.csv"]',
            "No jump is planned without winds; two profiles that bracket the exit are better than one.",
        )
    sources = gather(items, _source)
    for i, source in enumerate(sources):
        same = [other.line for other in sources[:i] if _choice(other) == _choice(source)]
        if same:
            raise items[i].error("each profile once", f"It is already on line {same[0]}.")
    return sources


def _choice(source: WeatherSource) -> tuple[object, ...]:
    return (source.path, source.station, source.time, source.lat_deg, source.lon_deg)


SOURCES: Kind[tuple[WeatherSource, ...]] = Kind(
    "an array of paths, or of tables that choose one profile of a file",
    '["weather/sounding.csv"]', _sources, table=WeatherSource, many=True,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherChoice:
    """The profiles to fly through."""

    sources: tuple[WeatherSource, ...] = key(
        SOURCES, "Profiles that should bracket the exit in time; one alone widens the spread and is an ask."
    )
    gusts: str = key(
        kinds.word("none", "light", "moderate", "severe"), "Turbulence, by MIL-F-8785C.", default="light"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Aircraft:
    """The aircraft on jump run."""

    type: str = key(
        kinds.text("C-17", 40),
        "What is jumped from, as it is called on the ramp; nothing is looked up by it.",
    )
    exit_altitude: units.Altitude = key(
        kinds.altitude("25,000 ft MSL", "MSL", "AGL", "FL"),
        "Height of the exit; the plan prints geometric and pressure altitude, from the real air.",
    )
    airspeed: units.Airspeed = key(kinds.AIRSPEED, "Airspeed at the exit.")
    run_heading_rad: float | None = key(
        Kind('"auto", or degrees true', '"240 deg"', _heading),
        "Heading of the jump run; auto is into the wind.",
        name="run", default="auto",
    )  # fmt: skip


PLACE = a_table(Place, settle_exit_time)
WEATHER = a_table(WeatherChoice)
AIRCRAFT = a_table(Aircraft)
