"""What loggers and a camera would have recorded of a take that was flown: readings with errors that are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import jumps
import numpy as np
from through_lens import Q_BODY_FROM_TAG, Seen, seen_of

from onetake.api.filmed import WORN_RAD, Glasses, told_by
from onetake.api.fly import flown
from onetake.api.logged import gather
from onetake.api.stage import Stage
from onetake.axes import LocalAxes, compose, rotate
from onetake.footage.dailies import Dailies
from onetake.footage.optics import MARKED_FOCAL_SHARE, optics_of
from onetake.footage.sharpness import COMPRESSED_PX2, COMPRESSED_SHARE, Blur, at_eyes, call_of
from onetake.footage.sides import Disc, behind
from onetake.footage.tag import Tag
from onetake.judge.bench import Bench, make_bench
from onetake.judge.score import judge
from onetake.lens.focus import blur_m, breathing_distance_m, pupil_from_datum_m
from onetake.lens.framing import HEAD_HEIGHT_M
from onetake.rehearse.fuse import fuse
from onetake.shot.beat import Beat
from onetake.shot.criterion import Criterion
from onetake.take import Take
from onetake.trace import Array, Trace
from onetake.units import IN_M
from onetake.verdict import BeatVerdict

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


# a tag on the helmet: 4 cm before the eyes, 11 cm above them; how well it sits, and the film it is seen in
TAG = Tag(side_m=0.10, number=7, eyes_m=(0.0, 0.11, 0.04))
WIDTH_PX, RATE_HZ = 4096, 24000 / 1001
SIGMA_M = 0.003  # of a range at a yard from one picture (notes on tags: 2 to 3 mm at 3 ft)
FIT_PX2, COMPRESSED_S = (
    0.02,
    0.5,
)  # what a fit scatters by from picture to picture, and how long H.264's doing lasts
CLOCK_S = 0.05


def glasses_of(stage: Stage) -> Glasses:
    """The shot's lens as it is marked, before pictures 4K wide."""
    camera, lens = stage.bench.glass.camera, stage.bench.glass.lens
    height_px = round(WIDTH_PX * camera.height_m / camera.width_m)
    optics = optics_of(lens, camera, WIDTH_PX, height_px, criterion=stage.shot.camera.criterion)
    return Glasses(camera, lens, optics, calibrated=False)


def dailies(seen: Seen, glass: Glasses, rng: np.random.Generator) -> Dailies:
    """What the footage room would report of a flown take: its own formulas for the disc, on readings with drawn errors.

    Wrong and the same in all pictures: the engraved focal length, the tag's size, the pupil's place, how the tag sits, the
    picture's softness. Where the lens is set nobody says.
    """
    optics, lens, pitch_m = glass.optics, glass.lens, glass.camera.width_m / glass.optics.width_px
    at = np.arange(seen.time_s[0], seen.time_s[-1], 1.0 / RATE_HZ)
    eyes, q, focus = (
        _between(seen.time_s, rows, at)
        for rows in (seen.eyes_m, seen.q_camera_from_body, seen.focus_m[:, None])
    )
    ahead_m = np.array([0.0, 0.0, lens.pupil_offset_m])
    eyes = eyes - ahead_m
    set_m = np.asarray(pupil_from_datum_m(lens, focus[:, 0]), float)
    image_m = breathing_distance_m(set_m, lens.focal_m, lens.breathing) * (
        1.0 + MARKED_FOCAL_SHARE * rng.standard_normal()
    )
    worn = np.append(1.0, WORN_RAD / 2 * rng.standard_normal(3))
    q_tag = compose(q, compose(worn / np.linalg.norm(worn), Q_BODY_FROM_TAG))
    tag = eyes - rotate(q_tag, np.broadcast_to(TAG.eyes_m, eyes.shape))
    side_px = TAG.side_m * image_m / pitch_m / np.maximum(tag[:, 2], 1e-3)
    toward = tag / np.linalg.norm(tag, axis=1, keepdims=True)
    squarely = np.sum(rotate(q_tag, np.array([0.0, 0.0, 1.0])) * toward, axis=1)
    half = np.array([glass.camera.half_width_m, glass.camera.half_height_m])
    inside = np.all(
        np.abs(tag[:, :2] * (image_m / np.maximum(tag[:, 2], 1e-3))[:, None] / half) < 0.95, axis=1
    )
    # hands and straps hide a tag for half a second now and then
    hidden = np.repeat(rng.random(len(at) // 12 + 1) < 0.05, 12)[: len(at)]
    told = inside & (tag[:, 2] > 0.1) & (side_px > 24.0) & (squarely > 0.35) & ~hidden
    # what the camera takes for a depth
    depth = (
        eyes[:, 2]
        * optics.focal_px[0]
        * pitch_m
        / image_m
        * (1.0 + TAG.side_sigma_m / TAG.side_m * rng.standard_normal())
    )
    depth = depth + optics.pupil_sigma_m * rng.standard_normal()
    sigma_m = SIGMA_M * (np.linalg.norm(eyes, axis=1) / 0.9144) ** 2
    depth = np.maximum(depth + sigma_m * rng.standard_normal(len(at)), 0.05)
    found = np.column_stack([eyes[:, :2] * (1.0 + 0.001 * rng.standard_normal((len(at), 1))), depth])
    discs = [
        Disc(one, max(z + nearer, 0.05), z)
        for one, z, nearer in zip(
            _discs(tag[:, 2], set_m, glass, rng), depth, tag[:, 2] - eyes[:, 2], strict=True
        )
    ]
    sides = np.full(len(at), 0.5)
    if told.any():
        some = [disc for disc, one in zip(discs, told, strict=True) if one]
        sides[told] = behind(some, at[told], optics)
    glassy = [
        at_eyes(disc.blur, disc.tag_m, disc.eyes_m, optics, float(side))
        for disc, side in zip(discs, sides, strict=True)
    ]
    told_of = {
        "range_m": np.linalg.norm(found + ahead_m, axis=1), "range_sigma_m": sigma_m,
        "range_bias_m": np.hypot(depth * np.hypot(TAG.side_sigma_m / TAG.side_m, optics.focal_sigma_share), optics.pupil_sigma_m),
        "eyes_camera_m": found + ahead_m, "eyes_sigma_m": np.column_stack([0.001 * depth, 0.001 * depth, sigma_m]),
        "bearing_rad": np.arctan2(found[:, 0], depth), "elevation_rad": np.arctan2(-found[:, 1], np.hypot(found[:, 0], depth)),
        "q_camera_from_target": q_tag, "target_px": side_px,
        "size_share": HEAD_HEIGHT_M * optics.focal_px[1] / (depth * optics.height_px),
        "blur_m": np.array([one.blur_m for one in glassy]), "blur_sigma_m": np.array([one.blur_sigma_m for one in glassy]),
        "p_sharp": np.array([one.p_sharp for one in glassy]),
    }  # fmt: skip
    nothing = np.full(len(at), np.nan)
    untold = (
        "edge_width_px", "edge_width_sigma_px", "disc_px", "disc_sigma_px", "motion_blur_px", "motion_blur_sigma_px", "motion_rad",
    )  # fmt: skip
    return Dailies(
        file="A001.mov", criterion=optics.criterion, circle_m=optics.circle_m, width_px=optics.width_px, height_px=optics.height_px,
        number=np.arange(len(at)), time_s=at, call=np.array([call_of(one.p_sharp) for one in glassy]), judgeable=told,
        why=np.where(told, "", "no tag seen"), **told_of, **dict.fromkeys(untold, nothing),
    )  # fmt: skip


def _between(time_s: Array, rows: Array, at_s: Array) -> Array:
    return np.stack([np.interp(at_s, time_s, row) for row in rows.T], axis=-1)


def _discs(tag_m: Array, set_m: Array, glass: Glasses, rng: np.random.Generator) -> list[Blur]:
    """The defocus read on a tag at a depth, with the softness of the picture wrong in all alike, and what H.264 does to it."""
    optics, lens = glass.optics, glass.lens
    true_px = blur_m(tag_m, set_m, lens.focal_m, lens.f_number) / optics.pitch_m
    own, compressed = (
        optics.own_px**2,
        np.hypot(COMPRESSED_PX2, COMPRESSED_SHARE * (true_px**2 / 16.0 + optics.own_px**2)),
    )
    softness = 2.0 * optics.own_px * optics.own_sigma_px
    lasting = slow(rng, len(tag_m), 1.0 / RATE_HZ, COMPRESSED_S)[:, 0]
    read = (
        true_px**2 / 16.0
        + softness * rng.standard_normal()
        + compressed * lasting
        + FIT_PX2 * rng.standard_normal(len(tag_m))
    )
    sigma = np.sqrt(compressed**2 + FIT_PX2**2 + softness**2)
    return [
        Blur(edge_px=np.nan, edge_sigma_px=np.nan, disc_px2=max(value, 1e-6 - own), disc_sigma_px2=one, streak_px=0.0,
             streak_sigma_px=0.0, streak_rad=0.0)
        for value, one in zip(read, sigma, strict=True)
    ]  # fmt: skip


def _range(lower_m: float, upper_m: float) -> Criterion:
    return Criterion(name="range", kind="interval", lower=lower_m, upper=upper_m)


def _size(lower: float, upper: float) -> Criterion:
    return Criterion(name="size", kind="interval", lower=lower, upper=upper)


SHARP = Criterion(name="focus", kind="word", word="sharp")
FACE = Criterion(name="in_frame", kind="word", word="face")
BODY = Criterion(name="in_frame", kind="word", word="body")
FACING = Criterion(name="facing", kind="word", word="camera")
GROWING = Criterion(name="size", kind="trend", start=0.03, stop=0.15)
# what is asked and how long it must hold: three feet as tight as the film had it and looser, and an approach
BANDS = {
    "0 to 50 m": ((_range(0.0, 50.0),), 5.0), "20 to 60 m": ((_range(20.0, 60.0),), 3.0),
    "34 to 38 in": ((_range(34 * IN_M, 38 * IN_M),), 3.0), "33 to 39 in": ((_range(33 * IN_M, 39 * IN_M),), 2.0),
    "30 to 42 in": ((_range(30 * IN_M, 42 * IN_M),), 2.0), "0.8 to 1.2 m": ((_range(0.8, 1.2),), 3.0),
    "0.5 to 1.5 m": ((_range(0.5, 1.5),), 4.0), "within 1 m": ((_range(0.0, 1.0),), 1.0),
    "2 to 4 m for 5 s": ((_range(2.0, 4.0),), 5.0), "2 to 4 m for 10 s": ((_range(2.0, 4.0),), 10.0),
}  # fmt: skip
# what only a picture tells, near enough that one is looked for; the last is the dusk jump's own mark
PICTURED = {
    "sharp": ((SHARP, _size(0.1, 1.0)), 1.0), "sharp for 3 s": ((SHARP, _size(0.1, 1.0)), 3.0),
    "sharp and large": ((SHARP, _size(0.25, 0.7)), 2.0), "face": ((FACE, _size(0.1, 1.0)), 3.0),
    "body": ((BODY, _range(2.0, 8.0)), 3.0), "large": ((_size(0.25, 0.7),), 3.0), "small": ((_size(0.1, 0.2),), 1.0),
    "growing": ((GROWING,), 2.0), "facing": ((FACING, _size(0.1, 1.0)), 3.0),
    "mark": ((SHARP, FACE, _size(0.25, 0.7), FACING), 3.0),
}  # fmt: skip
ASKED = BANDS | PICTURED


@dataclass(frozen=True)
class Case:
    """One beat of one rehearsed take: what was true, and what was called of its logs alone and with its film.

    margin: by how many tolerances it truly held or failed; spread: of that over what the judge of logs and film draws;
    error: of the signal that truly decides, at the moment when it does.
    """

    asked: str
    true: str
    margin: float
    by_logs: str
    by_film: str
    spread: float
    error: float
    decided_by: str
    would_tell: str

    @property
    def off(self) -> float:
        """How many sigma the take is from the limit: the best of many attempts spreads less than one attempt may be off.

        None at all where nothing spreads: nothing was read of what is asked.
        """
        sigma = max(self.spread, self.error)
        return abs(self.margin) / sigma if sigma > 0.0 else 0.0

    @property
    def most_off(self) -> float:
        """As many sigma as anybody may count."""
        return abs(self.margin) / max(self.spread, 1e-6)


def bench_of(stage: Stage) -> Bench:
    """What is asked as beats of a shot, each open from five seconds after the exit to the opening."""
    beats = tuple(
        Beat(
            name=name, window_s=(5.0, 110.0), hold_s=hold_s, allow_s=0.0, after=None, within_s=None, must=must
        )
        for name, (must, hold_s) in ASKED.items()
    )
    return make_bench(replace(stage.shot, beats=beats, always=()), stage.bench.glass)


def rehearse(
    stage: Stage, bench: Bench, number: int, folder: Path, *, seed: int = 1, alone: bool = True
) -> tuple[list[Case], float]:
    """Fly a take, write its logs and what its film shows down with their errors, read them back, fuse and judge them.

    alone: judge the logs by themselves, too. Also how far the fused ranges were off over what they say they may be, root mean square from 5 s to 60 s; NaN without a film.
    """
    take, _, _ = flown(stage, seed, number)
    truth, signals = judge(bench, take)
    rng = np.random.default_rng([seed, number])
    place = stage.shot.place
    drop_zone = LocalAxes(place.lat_deg, place.lon_deg, place.elevation_m)
    files = [folder / f"{trace.name}.csv" for trace in take.bodies[:2]]
    for file, trace in zip(files, take.bodies, strict=False):
        file.write_bytes(flysight(trace, take, drop_zone, rng))
    logged = _falling(gather(stage.shot, files).take)
    assert take.clock is not None
    assert logged.clock is not None
    since_s = logged.clock.time_s(take.clock.first_exit_utc)
    glass = glasses_of(stage)
    film = dailies(seen_of(take, stage.prepared.scenario), glass, rng)
    by_logs = (
        [beat.verdict for beat in judge(bench, logged)[0].beats] if alone else ["not asked"] * len(ASKED)
    )
    fused = logged
    if film.judgeable.sum() > 1:
        fused = fuse(logged, told_by(film, glass, since_s + CLOCK_S * rng.standard_normal(), CLOCK_S))
    by_film, read = judge(bench, fused)
    read = {**read, "time_s": read["time_s"] - since_s}
    cases = [
        Case(name, true.verdict, _tolerances(bench, i, true, true.margin), by_log, both.verdict,
             _tolerances(bench, i, both, both.sigma), _error(bench, i, true, read), both.decided_by, both.would_tell)
        for i, (name, true, by_log, both) in enumerate(zip(ASKED, truth.beats, by_logs, by_film.beats, strict=True))
    ]  # fmt: skip
    sight = fused.sight
    if sight is None:
        return cases, np.nan
    some = (sight.time_s > 5.0) & (sight.time_s < 60.0)
    off = sight.range_m - np.interp(sight.time_s, signals["time_s"] + since_s, signals["range_m"])
    return cases, float(
        np.sqrt(np.mean((off / np.hypot(sight.shared_sigma_m, sight.own_sigma_m))[some] ** 2))
    )


def _falling(take: Take) -> Take:
    """The take without what comes half a minute after everybody's opening: nothing is asked of it."""
    until_s = max(event.time_s for event in take.events if event.name == "open") + 30.0
    return replace(take, bodies=tuple(trace.until(until_s) for trace in take.bodies))


def _error(bench: Bench, i: int, true: BeatVerdict, read: Mapping[str, Array]) -> float:
    """The error, in its tolerances, of the signal that truly decided a beat, when it did; 0 where nothing says."""
    row = next(row for row in bench.scored[i].rows if row.unit == true.unit)
    sigma = read.get("range_sigma_m" if row.signal == "range_m" else f"{row.signal} sigma")
    if sigma is None or true.at_s is None:
        return 0.0
    return float(np.interp(true.at_s, read["time_s"], sigma)) / row.tolerance


def _tolerances(bench: Bench, i: int, beat: BeatVerdict, value: float | None) -> float:
    """A margin of a beat, told in the unit of its worst criterion, in that one's tolerances."""
    if value is None:
        return -np.inf
    row = next(row for row in bench.scored[i].rows if row.unit == beat.unit)
    return value * row.scale / row.tolerance
