"""`onetake inspect FILE`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from onetake.cli.answer import Answer, Json
from onetake.units import FT_M, KT_M_S

_SCREENFUL = 30
EXAMPLE = "onetake inspect examples/halo/weather/gulf_2011-10-11T00.csv"


def command(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="a log, a take file, a weather profile or a film", show_default=False
        ),
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
    ground: Annotated[
        str | None,
        typer.Option(help='height of the ground below a log\'s jump, such as "22 m"', show_default=False),
    ] = None,
    recording: Annotated[
        str | None, typer.Option(help="choose one recording of many, by name or number", show_default=False)
    ] = None,
    json: Json = False,
) -> Answer:
    """What a log, a take, a sounding or a film holds, and what is wrong with it."""
    from onetake.api.inspect import inspect_file
    from onetake.units import parse

    found: dict[str, Any] = inspect_file(
        file,
        station=station,
        time=time,
        lat_deg=lat,
        lon_deg=lon,
        ground_msl_m=None if ground is None else parse(ground, "length"),
        recording=recording,
    )
    if json:
        return found
    return {"take": _take, "log": log_words, "weather": _weather, "video": _video}[found["kind"]](found)


def _problems(found: dict[str, Any]) -> list[str]:
    return [f"problem: {problem['text']} [{problem['slug']}]" for problem in found["problems"]] or [
        "no problems found"
    ]


def log_words(found: dict[str, Any]) -> str:
    """What `inspect` tells of a log."""
    rate = f" at {found['rate_hz']:.4g} Hz" if found["rate_hz"] else ""
    lines = [f"{found['format']}, {found['rows']:,} rows{rate}, {found['dropped']:,} left out"]
    if found["from_utc"]:
        lines.append(f"from {found['from_utc']} to {found['to_utc']}")
    for name in ("exit", "opening", "end_of_freefall", "landing"):
        moment = found[name]
        if moment is not None:
            lines.append(
                f"  {name.replace('_', ' '):<16}{moment['utc']} ± {moment['sigma_s']:.2f} s at {_height(moment['altitude_msl_m'])}"
            )
    if found["freefall_s"] is not None:
        lines.append(f"{found['freefall_s']:.1f} s of freefall")
    for key, words in (("max_descent_m_s", "fastest descent"), ("best_3s_descent_m_s", "best three seconds")):
        if found[key] is not None:
            lines.append(f"{words} {found[key]:.1f} m/s ({found[key] * 3.6:.2f} km/h)")
    if found["ground_msl_m"] is not None:
        lines.append(f"ground at {_height(found['ground_msl_m'])}")
    if (found.get("motion") or {}).get("imu"):
        lines.append(_imu(**found["motion"]))
    if found.get("video"):
        lines.append(_video(found["video"]))
    return "\n".join(lines + _problems(found))


def _imu(instrument: str, imu: dict[str, float]) -> str:
    """How well an inertial unit foretold what the receiver read, against the receiver alone."""
    return (
        f"motion by {instrument}: {imu['windows']} holes of {imu['held_s']:g} s foretold to {imu['place_m']:.1f} m and "
        f"{imu['velocity_m_s']:.1f} m/s (GNSS alone {imu['place_alone_m']:.1f} m and {imu['velocity_alone_m_s']:.1f} m/s)"
    )


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


def _video(found: dict[str, Any]) -> str:
    length = f"{found['frames']:,} pictures, " if found["frames"] else ""
    lines = [
        f"{found['codec']} film ({found['format']}), {found['width_px']} x {found['height_px']}, {found['bits']} bits, "
        f"{found['rate']} pictures a second",
        f"{length}{found['duration_s']:.2f} s; timecode {found['timecode'] or 'none'}; recorded {found['recorded_utc'] or 'no date'}",
    ]
    lines += [
        f"  tag {tag['family']} number {tag['number']}: in {tag['seen_in']} of {found['looked_at']} pictures looked at, "
        f"at its largest {100 * tag['largest_width_share']:.1f} % of the width"
        for tag in found["tags"]
    ]
    return "\n".join(lines + _problems(found))


def _weather(found: dict[str, Any]) -> str:
    station, valid = found["station"] or "not named", found["valid_utc"] or "time not given"
    lines = [
        f"{found['format']}, station {station}, valid {valid}",
        f"{found['levels']} levels; top {_height(found['top_msl_m'])}; strongest wind "
        f"{_knots(found['max_wind_m_s'])} at {_height(found['max_wind_msl_m'])}",
        "",
        *_profile(found["profile"]),
        "",
        *(f"note: {note['text']}" for note in found.get("notes", ())),
    ]
    return "\n".join(lines + _problems(found))


def _profile(rows: list[dict[str, float | None]]) -> Iterator[str]:
    """Measured levels only, thinned to a screenful, from the top down as it is fallen through."""
    yield "    ft MSL     hPa       C    wind"
    step = max(1, math.ceil(len(rows) / _SCREENFUL))
    for row in reversed(rows[::step]):
        cells = (_cell(row["altitude_msl_m"], 1 / FT_M), _cell(row["pressure_pa"], 0.01))
        celsius = "-" if row["temperature_k"] is None else f"{row['temperature_k'] - 273.15:.1f}"
        yield f"{cells[0]:>10}{cells[1]:>8}{celsius:>8}    {_wind(row['wind_east_m_s'], row['wind_north_m_s'])}"


def _cell(value: float | None, scale: float) -> str:
    return "-" if value is None else f"{value * scale:,.0f}"


def _wind(east_m_s: float | None, north_m_s: float | None) -> str:
    if east_m_s is None or north_m_s is None:
        return "-"
    from onetake.axes import wind_from

    direction, speed_m_s = (float(part) for part in wind_from(east_m_s, north_m_s))
    return f"{round(direction) % 360 or 360:03d}/{speed_m_s / KT_M_S:.0f} kt"


def _height(altitude_msl_m: float | None) -> str:
    if altitude_msl_m is None:
        return "unknown"
    return f"{altitude_msl_m / FT_M:,.0f} ft MSL ({altitude_msl_m:,.0f} m)"


def _knots(speed_m_s: float | None) -> str:
    return "unknown" if speed_m_s is None else f"{speed_m_s / KT_M_S:.0f} kt"
