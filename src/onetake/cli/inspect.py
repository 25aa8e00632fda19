"""`onetake inspect FILE`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from onetake.cli.answer import Answer, Json
from onetake.errors import InputError

EXAMPLE = "onetake inspect examples/halo/weather/gulf_2011-10-11T00.csv"


def command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="a weather profile or a take file", show_default=False)
    ],
    *,
    station: Annotated[
        str | None, typer.Option(help="choose one station of many", show_default=False)
    ] = None,
    time: Annotated[
        str | None, typer.Option(help="choose one time of many, ISO in UTC, exact", show_default=False)
    ] = None,
    lat: Annotated[
        float | None, typer.Option(help="choose a place on a grid, degrees north", show_default=False)
    ] = None,
    lon: Annotated[
        float | None, typer.Option(help="choose a place on a grid, degrees east", show_default=False)
    ] = None,
    json: Json = False,
) -> Answer:
    """What a sounding or a take holds, and what is wrong with it."""
    from onetake.api.inspect import inspect_file

    moment = None if time is None else _moment(time)
    found: dict[str, Any] = inspect_file(file, station=station, time=moment, lat_deg=lat, lon_deg=lon)
    if json:
        return found
    return _take(found) if found["kind"] == "take" else _weather(found)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"--time {text!r} is not an ISO time; write it like 2011-10-11T00:00Z") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _problems(found: dict[str, Any]) -> list[str]:
    return [f"problem: {problem['text']} [{problem['slug']}]" for problem in found["problems"]] or [
        "no problems found"
    ]


def _take(found: dict[str, Any]) -> str:
    lines = [
        f"take {found['take']} of {found['title']!r}, scene {found['scene']}; ended: {found['ending']}",
        f"first exit: {found['first_exit_utc'] or 'no date'}; {found['picture_rate']} pictures a second",
    ]
    for body in found["bodies"]:
        kind = "simulated" if body["simulated"] else "measured"
        rate = f" at {body['rate_hz']:g} Hz" if body["rate_hz"] else ""
        lines.append(
            f"  {body['name']}: {body['samples']} samples{rate}, {body['from_s']:.1f} to {body['to_s']:.1f} s, {kind}"
        )
    lines += [
        f"  {event['time_s']:8.2f} s  {event['name']} {event['body']}".rstrip() for event in found["events"]
    ]
    return "\n".join(lines + _problems(found))


def _weather(found: dict[str, Any]) -> str:
    lines = [
        f"{found['format']}, station {found['station'] or 'not named'}, valid {found['valid_utc'] or 'time not given'}",
        f"{found['levels']} levels; top {_metres(found['top_msl_m'])}; strongest wind "
        f"{_knots(found['max_wind_m_s'])} at {_metres(found['max_wind_msl_m'])}",
    ]
    return "\n".join(lines + _problems(found))


def _metres(height_m: float | None) -> str:
    return "unknown" if height_m is None else f"{height_m:,.0f} m MSL ({height_m / 0.3048:,.0f} ft)"


def _knots(speed_m_s: float | None) -> str:
    return "unknown" if speed_m_s is None else f"{speed_m_s / 0.514444:.0f} kt"
