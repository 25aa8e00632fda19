"""What loggers and a camera would have recorded of a take that was flown: readings with errors that are known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import jumps
import numpy as np

from onetake.api.fly import flown
from onetake.api.logged import gather
from onetake.api.stage import Stage
from onetake.axes import LocalAxes, rotate
from onetake.judge.bench import Bench, make_bench
from onetake.judge.score import judge
from onetake.rehearse.fuse import Pictures, fuse
from onetake.shot.beat import Beat
from onetake.shot.criterion import Criterion
from onetake.take import Take
from onetake.trace import Array, Trace
from onetake.units import IN_M

# a receiver's own word in the open sky (sameload_A in freefall: hAcc 0.6 to 2.1 m), and how it splits (docs/logs.md)
HORIZONTAL_M, UP_M, VELOCITY_M_S = 1.4, 2.0, 0.4
BIAS, WANDER, WHITE, WANDER_S, UP, VELOCITY, VELOCITY_S = 0.4, 0.8, 0.1, 30.0, 0.5, 0.6, 1.0
ANTENNA_M = np.array([0.6, 0.0, 0.2])  # on the helmet, from the centre of mass


def slow(rng: np.random.Generator, n: int, step_s: float, lasts_s: float) -> Array:
    """Three axes of a Gauss-Markov process of unit size."""
    keep = np.exp(-step_s / lasts_s)
    wrong = np.empty((n, 3))
    wrong[0] = rng.standard_normal(3)
    for k in range(1, n):
        wrong[k] = keep * wrong[k - 1] + np.sqrt(1 - keep * keep) * rng.standard_normal(3)
    return wrong


def flysight(
    trace: Trace, take: Take, drop_zone: LocalAxes, rng: np.random.Generator, rate_hz: float = 5.0
) -> bytes:
    """A FlySight 1 file of one body: sixty seconds aboard in a straight line, then as flown. Heights above the sea."""
    assert take.clock is not None
    out = take.event("exit", trace.name)
    begins_s = trace.span_s[0] if out is None else out.time_s
    time_s = np.arange(np.floor(begins_s) - 60.0, trace.span_s[1], 1.0 / rate_hz)
    place, velocity = _moved(trace, time_s, begins_s)
    if trace.q_enu_from_body is not None:
        q = trace.q_enu_from_body[np.clip(np.searchsorted(trace.time_s, time_s), 0, len(trace.time_s) - 1)]
        place = place + rotate(q, np.broadcast_to(ANTENNA_M, place.shape))
    n, level_m = len(time_s), HORIZONTAL_M / np.sqrt(2)
    size = np.array([level_m, level_m, UP * UP_M])
    wrong = BIAS * rng.standard_normal(3) + WANDER * slow(rng, n, 1 / rate_hz, WANDER_S)
    place = place + size * (wrong + WHITE * rng.standard_normal((n, 3)))
    velocity = velocity + VELOCITY * VELOCITY_M_S / np.sqrt(3) * slow(rng, n, 1 / rate_hz, VELOCITY_S)
    lat, lon, _ = LocalAxes(drop_zone.lat_deg, drop_zone.lon_deg, 0.0).wgs84_from_enu(place)
    lines = [
        "time,lat,lon,hMSL,velN,velE,velD,hAcc,vAcc,sAcc,heading,cAcc,gpsFix,numSV",
        ",(deg),(deg),(m),(m/s),(m/s),(m/s),(m),(m),(m/s),(deg),(deg),,",
    ]
    for t, lat_deg, lon_deg, up_m, v in zip(
        time_s, lat, lon, place[:, 2] + drop_zone.height_wgs84_m, velocity, strict=True
    ):
        when = take.clock.first_exit_utc + timedelta(seconds=round(float(t), 3))
        lines.append(
            f"{jumps.stamp(when, 3)},{lat_deg:.7f},{lon_deg:.7f},{up_m:.3f},{v[1]:.2f},{v[0]:.2f},{-v[2]:.2f},"
            f"{HORIZONTAL_M:.3f},{UP_M:.3f},{VELOCITY_M_S:.2f},0.00000,1.00000,3,14"
        )
    return ("\r\n".join(lines) + "\r\n").encode()


def _moved(trace: Trace, time_s: Array, begins_s: float) -> tuple[Array, Array]:
    """Place and velocity at some times: before the exit on the line of the aircraft."""
    place = np.stack([np.interp(time_s, trace.time_s, part) for part in trace.position_enu_m.T], axis=-1)
    velocity = np.stack([np.interp(time_s, trace.time_s, part) for part in trace.velocity_enu_m_s.T], axis=-1)
    first = int(np.searchsorted(trace.time_s, begins_s))
    first = min(first, len(trace.time_s) - 1)
    level = trace.velocity_enu_m_s[first] * [1.0, 1.0, 0.0]
    aboard = time_s < begins_s
    place[aboard] = trace.position_enu_m[first] + (time_s[aboard] - trace.time_s[first])[:, None] * level
    velocity[aboard] = level
    return place, velocity


def frames(
    time_s: Array, range_m: Array, in_picture: Array, rng: np.random.Generator, *, sigma_m: float, shared_share: float,
    rate_hz: float = 24000 / 1001, farthest_m: float = 12.0,
) -> dict[str, Array]:  # fmt: skip
    """Ranges that a tag in the picture gives: sigma_m at a yard and growing with its square, and a size that is a little off."""
    at = np.arange(time_s[0], time_s[-1], 1.0 / rate_hz)
    true = np.interp(at, time_s, range_m)
    seen = (np.interp(at, time_s, in_picture.astype(float)) > 0.99) & (true < farthest_m)
    # hands and straps hide a tag for half a second now and then
    hidden = np.repeat(rng.random(len(at) // 12 + 1) < 0.05, 12)[: len(at)]
    some = seen & ~hidden
    sigma = sigma_m * (true / 0.9144) ** 2
    read = true * (1.0 + shared_share * rng.standard_normal()) + sigma * rng.standard_normal(len(at))
    return {
        "time_s": at[some],
        "range_m": read[some],
        "sigma_m": sigma[some],
        "shared_m": shared_share * true[some],
    }


# lower and upper range and how long it must hold: three feet as tight as the film had it and looser, and an approach
BANDS = (
    (0.0, 50.0, 5.0), (20.0, 60.0, 3.0), (34 * IN_M, 38 * IN_M, 3.0), (33 * IN_M, 39 * IN_M, 2.0), (30 * IN_M, 42 * IN_M, 2.0),
    (0.8, 1.2, 3.0), (0.5, 1.5, 4.0), (0.0, 1.0, 1.0), (2.0, 4.0, 5.0), (2.0, 4.0, 10.0),
)  # fmt: skip
SHARED_SHARE, SIGMA_M = (
    0.003,
    0.003,
)  # of a tag's own size, and of one frame at a yard (notes on tags: 2 to 3 mm at 3 ft)


@dataclass(frozen=True)
class Case:
    """One beat of one rehearsed take: what was true, and what was called of its logs alone and with its film.

    margin_m: by how much it truly held or failed; sigma_m: of that margin, as the judge of logs and film has it.
    """

    band: tuple[float, float, float]
    true: str
    margin_m: float
    by_logs: str
    by_film: str
    sigma_m: float

    @property
    def off(self) -> float:
        """How many sigma the take is from the limit."""
        return abs(self.margin_m) / max(self.sigma_m, 1e-6)


def bench_of(stage: Stage) -> Bench:
    """The bands as beats of a shot, each open from five seconds after the exit to the opening."""
    beats = tuple(
        Beat(
            name=f"band {i}", window_s=(5.0, 110.0), hold_s=hold_s, allow_s=0.0, after=None, within_s=None,
            must=(Criterion(name="range", kind="interval", lower=lower_m, upper=upper_m),),
        )
        for i, (lower_m, upper_m, hold_s) in enumerate(BANDS)
    )  # fmt: skip
    return make_bench(replace(stage.shot, beats=beats, always=()), stage.bench.glass)


def rehearse(
    stage: Stage, bench: Bench, number: int, folder: Path, *, seed: int = 1
) -> tuple[list[Case], float]:
    """Fly a take, write its logs and its film's ranges down with their errors, read them back, fuse and judge them.

    Also how far the fused ranges were off over what they say they may be, root mean square from 5 s to 60 s; NaN without a film.
    """
    take, _, _ = flown(stage, seed, number)
    truth, seen = judge(bench, take)
    rng = np.random.default_rng([seed, number])
    place = stage.shot.place
    drop_zone = LocalAxes(place.lat_deg, place.lon_deg, place.elevation_m)
    files = [folder / f"{trace.name}.csv" for trace in take.bodies[:2]]
    for file, trace in zip(files, take.bodies, strict=False):
        file.write_bytes(flysight(trace, take, drop_zone, rng))
    logged = gather(stage.shot, files).take
    assert take.clock is not None
    assert logged.clock is not None
    since_s = logged.clock.time_s(take.clock.first_exit_utc)
    film = frames(
        seen["time_s"] + since_s,
        seen["range_m"],
        seen["face_room"] > 0,
        rng,
        sigma_m=SIGMA_M,
        shared_share=SHARED_SHARE,
    )
    by_logs = judge(bench, logged)[0]
    fused = fuse(logged, Pictures(file="A001.mov", **film)) if len(film["time_s"]) > 1 else logged
    by_film = judge(bench, fused)[0]
    cases = [
        Case(BANDS[i], true.verdict, -np.inf if true.margin is None else true.margin * IN_M, alone.verdict, both.verdict,
             both.sigma * IN_M)
        for i, (true, alone, both) in enumerate(zip(truth.beats, by_logs.beats, by_film.beats, strict=True))
    ]  # fmt: skip
    sight = fused.sight
    if sight is None:
        return cases, np.nan
    some = (sight.time_s > 5.0) & (sight.time_s < 60.0)
    off = sight.range_m - np.interp(sight.time_s, seen["time_s"] + since_s, seen["range_m"])
    return cases, float(
        np.sqrt(np.mean((off / np.hypot(sight.shared_sigma_m, sight.own_sigma_m))[some] ** 2))
    )
