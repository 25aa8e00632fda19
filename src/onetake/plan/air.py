"""Air: the profiles a shot names, the one that is flown through, and what must be asked about them.

Two profiles on either side of the exit are interpolated in time; otherwise the nearest is taken as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

import numpy as np
from numpy.typing import NDArray

from onetake.plan.findings import question
from onetake.rules.table import Finding
from onetake.shot.file import Shot
from onetake.units import FT_M
from onetake.weather.column import Column
from onetake.weather.spread import WindSpread, spread_of

Array = NDArray[np.float64]

SPREAD_STEP_M = 400.0
TRIFLE_M = 50.0  # nobody needs to be told of less at the bottom of a profile
_ASKED = ("one-profile", "hours-off", "time-unknown", "lead-unknown", "long-lead", "above-table")


def read_sources(shot: Shot, near: date | None) -> tuple[Column, ...]:
    """Every profile the shot names.

    near: the local day, which dates a format that gives the day of the month alone. Raises ReadError, ChoiceError.
    """
    from onetake.weather.file import choose, read_column, read_columns

    found = []
    for source in shot.weather.sources:
        column = read_column(
            source.path,
            station=source.station,
            time=source.time,
            lat_deg=source.lat_deg,
            lon_deg=source.lon_deg,
        )
        if column.valid_utc is None and near is not None:
            noon = datetime.combine(near, time(12), UTC)
            dated = read_columns(source.path, near_utc=noon)
            column = choose(
                dated,
                station=source.station,
                time=source.time,
                lat_deg=source.lat_deg,
                lon_deg=source.lon_deg,
            )
        found.append(column)
    return tuple(found)


def air_at(columns: Sequence[Column], exit_utc: datetime, exit_msl_m: float) -> Column:
    """The profile to fly through at that time, out of those whose winds reach the exit.

    The nearest in time; with one on the other side of the exit, both interpolated. Raises WeatherError when none
    reaches the exit: wind is never guessed above a sounding.
    """
    reaching = [c for c in columns if c.top_msl_m is not None and c.top_msl_m >= exit_msl_m]
    if not reaching:
        highest = max(columns, key=lambda column: column.top_msl_m or 0.0)
        highest.require(exit_msl_m)
    timed = [(column, column.valid_utc) for column in reaching if column.valid_utc is not None]
    if not timed:
        return reaching[0]
    earlier = [pair for pair in timed if pair[1] <= exit_utc]
    later = [pair for pair in timed if pair[1] > exit_utc]
    if not earlier or not later:
        return min(timed, key=lambda pair: abs((pair[1] - exit_utc).total_seconds()))[0]
    before, after = max(earlier, key=lambda pair: pair[1]), min(later, key=lambda pair: pair[1])
    share = (exit_utc - before[1]) / (after[1] - before[1])
    return before[0] if share == 0.0 else blend(before[0], after[0], share, exit_utc)


def blend(before: Column, after: Column, share: float, utc: datetime) -> Column:
    """The air a share (0 to 1) of the way from one profile to another: wind, temperature and ln p are linear."""
    low = max(before.bottom_msl_m or 0.0, after.bottom_msl_m or 0.0)
    top = min(before.top_msl_m or 0.0, after.top_msl_m or 0.0)
    inside = np.union1d(before.altitude_msl_m, after.altitude_msl_m)
    levels = np.union1d(inside[(inside > low) & (inside < top)], [low, top])
    first, second = before.at(levels), after.at(levels)

    def between(a: Array, b: Array) -> Array:
        return a + share * (b - a)

    return Column(
        format=before.format,
        station=f"{before.station or before.format} to {after.station or after.format}",
        valid_utc=utc,
        base_utc=before.base_utc,
        lat_deg=before.lat_deg,
        lon_deg=before.lon_deg,
        altitude_msl_m=levels,
        pressure_pa=np.exp(between(np.log(first.pressure_pa), np.log(second.pressure_pa))),
        temperature_k=between(first.temperature_k, second.temperature_k),
        wind_east_m_s=between(first.wind_east_m_s, second.wind_east_m_s),
        wind_north_m_s=between(first.wind_north_m_s, second.wind_north_m_s),
        relative_humidity=between(before.humidity(levels), after.humidity(levels)),
        problems=tuple(dict.fromkeys((*before.problems, *after.problems))),
        notes=tuple(dict.fromkeys((*before.notes, *after.notes))),
    )


def wind_error(columns: Sequence[Column], exit_utc: datetime, shot: Shot, exit_agl_m: float) -> WindSpread:
    """How wrong the wind may be at the exit's time, at levels from the ground to the exit, at most 400 m apart."""
    ground_m = shot.place.elevation_m
    count = max(3, int(np.ceil(exit_agl_m / SPREAD_STEP_M)) + 1)
    levels = ground_m + np.linspace(0.0, exit_agl_m, count)
    reaching = [c for c in columns if c.top_msl_m is not None and c.top_msl_m >= levels[-1] - 1e-6]
    return spread_of(reaching, exit_utc, levels)


def air_findings(
    shot: Shot, column: Column, columns: Sequence[Column], spread: WindSpread, exit_agl_m: float
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """What must be asked about the profiles, and what is merely to know."""
    found: tuple[Finding, ...] = ()
    notes = [f"Winds and air: {column.label}."]
    for note in spread.notes:
        if note.slug in _ASKED:
            found += question(shot, f"weather.{note.slug}", f"wind: {note.text}")
        else:
            notes.append(f"Wind: {note.text}.")
    levels = shot.place.elevation_m + np.linspace(0.0, exit_agl_m, 100)
    air = column.at(levels)
    if levels[air.wind_held].max(initial=shot.place.elevation_m) > shot.place.elevation_m + TRIFLE_M:
        top_ft = levels[air.wind_held].max() / FT_M
        notes.append(
            f"Wind below {top_ft:,.0f} ft MSL was not measured: the lowest wind is taken to the ground."
        )
        if top_ft * FT_M - shot.place.elevation_m > 300.0:
            found += question(
                shot,
                "weather.held",
                f"wind: nothing is known of the lowest {top_ft:,.0f} ft, where canopies fly",
            )
    outside = levels[air.extrapolated]
    if outside.size and (outside > shot.place.elevation_m + TRIFLE_M).any():
        notes.append(
            "Temperature or pressure was not measured at every height: the standard lapse was continued."
        )
    notes += [f"Air: {note.text}." for note in column.notes if note.slug == "no-humidity"]
    for one in columns:
        notes += [f"{one.label}: {problem.text}" for problem in one.problems]
    return found, tuple(notes)
