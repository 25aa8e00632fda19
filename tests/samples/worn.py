"""A jump with a logger whose receiver and inertial unit read it with errors that are known, and its true motion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import jumps
import numpy as np
from rehearsals import slow
from scipy.ndimage import gaussian_filter1d, uniform_filter1d
from scipy.spatial.transform import Rotation

from onetake.axes import LocalAxes
from onetake.logbook.log import ClockPairs, Fixes, Log, Sensor

AXES = LocalAxes(52.0, 8.0, 0.0)
FINE_HZ, UNIT_HZ, FIX_HZ = 100.0, 13.0, 10.0
# the receiver's word, what it is truly off (level and up, metres; a velocity's axis), and how that splits: docs/logs.md
SAID_M, SAID_UP_M, SAID_M_S = 1.2, 1.8, 0.3
OWN_M = 1.25 * np.array([SAID_M / np.sqrt(2), SAID_M / np.sqrt(2), 0.5 * SAID_UP_M])
OWN_M_S = 1.25 * 0.6 * SAID_M_S / np.sqrt(3)
BIAS, WANDER, WHITE, VELOCITY_WHITE = 0.4, 0.8, 0.1, 0.3
WANDER_S, VELOCITY_S = 30.0, 1.0
RATE_BIAS_RAD_S, FORCE_BIAS_M_S2, SCALE = np.radians(0.5), 0.15, 0.005  # within the data sheet of an LSM6DSO
SHAKEN_M_S2, OPENING_M_S2 = (
    2.0,
    10.0,
)  # of who is buffeted, and whose canopy opens, faster than a receiver sees
DEVICE_S = 4321.0


@dataclass(frozen=True)
class Worn:
    """A log, its true motion at 100 Hz (time_s since exit; place_m, velocity_m_s (n, 3)), and the receiver's bias (3,)."""

    log: Log
    made: jumps.Jump
    turned: Rotation
    bias_m: np.ndarray


@cache
def truth() -> jumps.Jump:
    """The jump of the samples, finely."""
    return jumps.jump(FINE_HZ, aboard_s=30.0)


def worn(seed: int) -> Worn:
    """One recording from 30 s before the exit to 20 s after the end of the fall."""
    made, rng = truth(), np.random.default_rng(seed)
    some = made.time_s < made.end_of_freefall_s + 20.0
    made = replace(
        made, time_s=made.time_s[some], place_m=made.place_m[some], velocity_m_s=made.velocity_m_s[some]
    )
    turned = _turned(made, rng)
    fixes, bias_m = _fixes(made, rng)
    seconds = np.arange(np.ceil(made.time_s[0]), made.time_s[-1])
    log = Log(
        format="flysight2",
        rows=len(fixes),
        fixes=fixes,
        sensors={"imu": _unit(made, turned, rng)},
        clock_pairs=ClockPairs(device_s=seconds + DEVICE_S, utc_s=seconds + jumps.EXIT_UTC.timestamp()),
    )
    return Worn(log=log, made=made, turned=turned, bias_m=bias_m)


def holed(log: Log, from_s: float, to_s: float) -> Log:
    """A log without its fixes between two times since exit."""
    since_s = log.fixes.utc_s - jumps.EXIT_UTC.timestamp()
    return replace(log, fixes=log.fixes.keep((since_s < from_s) | (since_s > to_s)))


def _turned(made: jumps.Jump, rng: np.random.Generator) -> Rotation:
    """Carried about by hand, thrown about at the exit and by the opening."""
    wild = np.full(len(made.time_s), 0.3)
    wild[(made.time_s > -1.0) & (made.time_s < 5.0)] = 1.0
    wild[(made.time_s > made.opening_s) & (made.time_s < made.opening_s + 3.0)] = 1.0
    angles = np.zeros((len(wild), 3))
    for size, over_s in ((1.0, 0.3), (0.15, 0.06)):  # turning, and trembling
        noise = gaussian_filter1d(rng.standard_normal((len(wild), 3)), over_s * FINE_HZ, axis=0)
        angles += size * noise / noise.std(axis=0) * gaussian_filter1d(wild, FINE_HZ)[:, None]
    return Rotation.from_euler("zyx", angles + rng.uniform(-np.pi, np.pi, 3) * [1.0, 0.4, 1.0])


def _unit(made: jumps.Jump, turned: Rotation, rng: np.random.Generator) -> Sensor:
    """Turn rates and felt accelerations, each the mean of its 13th of a second."""
    rate = (turned[:-1].inv() * turned[1:]).as_rotvec() * FINE_HZ
    gained = np.diff(made.velocity_m_s, axis=0) * FINE_HZ + [0.0, 0.0, jumps.G_M_S2]
    force = turned[:-1].inv().apply(gained)
    time_s, opening_s = made.time_s[1:], made.opening_s
    falling, opening = (
        (time_s > a) & (time_s < b) for a, b in ((2.0, opening_s), (opening_s, opening_s + 4.0))
    )
    shaken = SHAKEN_M_S2 * falling + OPENING_M_S2 * opening
    force = force + shaken[:, None] * rng.standard_normal(force.shape)
    middle_s = made.time_s[:-1] + 0.5 / FINE_HZ
    at_s = np.arange(middle_s[0], middle_s[-1], 1.0 / UNIT_HZ)
    columns = {}
    for rows, name, unit, bias in (
        (rate, "rate", "rad_s", RATE_BIAS_RAD_S),
        (force, "accel", "m_s2", FORCE_BIAS_M_S2),
    ):
        mean = uniform_filter1d(rows, round(FINE_HZ / UNIT_HZ), axis=0)
        off, scale = bias * rng.standard_normal(3), 1.0 + SCALE * rng.standard_normal(3)
        for i, axis in enumerate("xyz"):
            columns[f"{name}_{axis}_{unit}"] = np.interp(at_s, middle_s, mean[:, i]) * scale[i] + off[i]
    return Sensor(device_s=at_s + DEVICE_S, columns=columns)


def _fixes(made: jumps.Jump, rng: np.random.Generator) -> tuple[Fixes, np.ndarray]:
    each = round(FINE_HZ / FIX_HZ)
    time_s, place, velocity = made.time_s[::each], made.place_m[::each], made.velocity_m_s[::each]
    n, bias_m = len(time_s), BIAS * OWN_M * rng.standard_normal(3)
    wrong = WANDER * slow(rng, n, 1 / FIX_HZ, WANDER_S) + WHITE * rng.standard_normal((n, 3))
    lag = slow(rng, n, 1 / FIX_HZ, VELOCITY_S) + VELOCITY_WHITE * rng.standard_normal((n, 3))
    lat, lon, height = AXES.wgs84_from_enu(place + bias_m + OWN_M * wrong)
    fixes = Fixes(
        utc_s=time_s + jumps.EXIT_UTC.timestamp(),
        lat_deg=lat,
        lon_deg=lon,
        altitude_msl_m=height,
        velocity_enu_m_s=velocity + OWN_M_S * lag,
        sigma_horizontal_m=np.full(n, SAID_M),
        sigma_up_m=np.full(n, SAID_UP_M),
        sigma_velocity_m_s=np.full(n, SAID_M_S),
        satellites=np.full(n, 12.0),
    )
    return fixes, bias_m
