"""Two people at three feet: bodies alone do not stay together, and how well pilots of named skill hold it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from against.flown import EXAMPLE, NEVER, Array, go, over, put, standard_air
from against.row import Row, figure, inside, reported
from onetake.api.stage import Stage, set_stage
from onetake.fly.flight import start
from onetake.fly.pilot import pilot_of
from onetake.fly.state import FLYING
from onetake.odds.chunks import NO_CAUSE, causes, fly_chunk
from onetake.odds.draws import draw, error_heights_m
from onetake.units import FT_M, IN_M
from onetake.weather.spread import wind_spread

ORDER = 14
TITLE = "Two people"
TEXT = """
*Holding three feet*: both leave 7,000 m belly down, face to face and already falling, in light gusts, everything drawn as in the odds; 256 takes of
60 s. No distance record of two people in freefall has been published, so nothing here is fitted or limited but the first rows:
the skill levels are assumptions until rehearsals are loaded, and the spread that our survey calls plausible, 0.3 ft (expert) to
1.2 ft (good), is shown beside theirs, never tuned to. *Apart*: more than 2 m off the mark at the end. *The film's record* is a
line to be sane by, not a fit: the first seven takes were lost to focus, three were kept of 106 jumps, practice included. The
example's shot is flown by a good pair and by an expert pair: at three feet the lens is sharp for two inches either way and the
spread of a good pair is ten, so a good pair loses its takes to focus, and being caught once takes many jumps.
"""

TAKES, TICKS, MARK_M, FAR_M = 256, 1500, 3 * FT_M, 2.0
EYES_M = 1.16  # from centre to centre the lens and the eyes reach so far towards each other (measured in the first tick)
LEVEL = {
    **{f"{who}_{what}": 0.0 for who in "AB" for what in ("exit_s", "v0x", "v0y", "w0x", "w0y", "w0z", "tilt_x", "tilt_y", "tilt_z")},
    **{f"{who}_{what}_m": -NEVER for who in "AB" for what in ("pull", "break")},
    "A_v0z": -68.0, "B_v0z": -68.0, "shelter": 0.0,
}  # fmt: skip


class Pair(NamedTuple):
    """Range from image plane to eyes (ticks, takes), metres; whether each take ended in contact; seconds on the back."""

    range_m: Array
    touched: Array
    on_back_s: Array


@cache
def pair(skill: str, range_m: float, **changed: float) -> Pair:
    """Two people of one skill who start at a range, with some of their drawn numbers set for all takes."""
    scenario = over(standard_air(8000.0), height_m=7000.0, lat_deg=25.0, gusts="light")
    scenario = replace(
        scenario, jumpers=tuple(replace(one, pilot=pilot_of(skill)) for one in scenario.jumpers)
    )
    calm = wind_spread(
        error_heights_m(scenario), lead_s=0.0, age_s=0.0, wind_speed_m_s=5.0, month=4, format="gfs_grib"
    )
    drawn = draw(scenario, calm, 7, np.arange(1, TAKES + 1))
    fixed = {name: np.full(TAKES, value) for name, value in (LEVEL | changed).items()}
    flight = start(scenario, replace(drawn, values=dict(drawn.values) | fixed))
    # the operator's head to the east, the subject's to the west
    for name, operator, subject in (("qw", 1.0, 0.0), ("qx", 0.0, 0.0), ("qy", 0.0, 0.0), ("qz", 0.0, 1.0)):
        put(flight, f"A_{name}", operator)
        put(flight, f"B_{name}", subject)
    put(flight, "rx", range_m + EYES_M)
    put(flight, "ry", 0.0)
    told = np.empty((TICKS, TAKES))
    for k in range(TICKS):
        go(flight, 1)
        told[k] = np.sqrt(sum(flight.field(f"eye_{axis}").astype(np.float64) ** 2 for axis in "xyz"))
    on_back = np.maximum(flight.field("A_tumbling"), flight.field("B_tumbling")).astype(np.float64)
    return Pair(told, flight.field("ending") != FLYING, on_back)


def longest_s(inside_band: Array) -> Array:
    """Longest run of ticks that are true, in seconds, of each take."""
    run = best = np.zeros(inside_band.shape[1])
    for row in inside_band:
        run = np.where(row, run + 0.04, 0.0)
        best = np.maximum(best, run)
    return best


@cache
def film(skill: str) -> tuple[Array, Array]:
    """Takes of the example that are caught, and of its misses those lost to focus, flown by two people of one skill."""
    work = stage().work(106)
    people = tuple(replace(one, pilot=pilot_of(skill)) for one in work.scenario.jumpers)
    work = replace(work, scenario=replace(work.scenario, jumpers=people))
    flown = fly_chunk(work, 1, TAKES)
    caught = flown.held.all(axis=1) & (flown.cause == NO_CAUSE)
    return caught, flown.cause[~caught] == causes(work.bench).index("focus")


@cache
def stage() -> Stage:
    """The example, planned."""
    return set_stage(EXAMPLE)


def share(flags: Array) -> str:
    """Of all, in per cent."""
    return f"{figure(100.0 * float(np.mean(flags)), 2)} %"


def rows(data: Path) -> Iterator[Row]:
    """Every comparison of this part."""
    source = "naive people cannot hold a simulated skydiver: arXiv 2201.08162"
    alone = pair("expert", MARK_M, B_gain=0.0, B_bandwidth=0.0, B_lead=0.0)
    kept = longest_s(np.abs(alone.range_m - MARK_M) < FT_M)[~alone.touched]
    yield inside(
        "Bodies that start at the mark and are not piloted: share that keeps within 1 ft for 10 s", source,
        100.0 * float(np.mean(kept >= 10.0)), 0.0, 5.0, unit="%",
    )  # fmt: skip
    blind = pair("expert", 3.0, A_reflex=0.0, B_reflex=0.0)
    yield inside(
        "Pilots who do not feel how fast they turn: median time on the back in 60 s, s", source,
        float(np.median(blind.on_back_s)), 5.0, 60.0, unit="s",
    )  # fmt: skip
    for skill, plausible in (("expert", "0.3 ft"), ("good", "1.2 ft"), ("novice", "")):
        got = pair(skill, 3.0)
        late = got.range_m[TICKS // 2 :]
        apart = np.abs(late[-1] - MARK_M) > FAR_M
        stays = late[:, ~(apart | got.touched)]
        low, high = np.quantile(stays, [0.16, 0.84]) if stays.size else (np.nan, np.nan)
        run = longest_s(np.abs(got.range_m - MARK_M) < 2 * IN_M)
        yield reported(
            f"{skill.capitalize()} pair, held spread of those who stay, ft",
            f"plausible by our survey: {plausible}" if plausible else "none",
            f"{figure(float(high - low) / 2 / FT_M, 2)} ft; apart {share(apart & ~got.touched)}, touch {share(got.touched)}, "
            f"longest run within 2 in {np.median(run):.1f} s (median)",
        )  # fmt: skip
    for skill, theirs in (
        ("good", "first week: 0 of 7, all lost to focus"),
        ("expert", "3 kept of 106 in all"),
    ):
        caught, soft = film(skill)
        yield reported(
            f"The example's shot, {skill} pair: takes that are caught, and misses that are out of focus", f"the film, {theirs}",
            f"{share(caught)}, {share(soft)}",
        )  # fmt: skip
