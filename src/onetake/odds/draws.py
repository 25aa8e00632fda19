"""Draws: what differs from take to take, from (seed, take number) alone; the priors are in `odds.unknowns`.

Take 0 is the plan itself (`fly.flight.nominal`); drawn takes count from 1. Standard normals come from channel 0 of
the take's Philox stream through the inverse normal distribution, so a take's draws depend on nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.fly.flight import Draws, middle
from onetake.fly.scenario import ERROR_LEVEL_M, Jumper, Scenario
from onetake.jumper.canopy import priors as opening_priors
from onetake.odds.normal import quantile, share_below
from onetake.weather.spread import WindSpread

Array = NDArray[np.float64]
I64 = NDArray[np.int64]

MOTOR_SPREAD, BAND_SPREAD, DELAY_SPREAD, GUST_SPREAD = 0.2, 0.1, 0.1, 0.3
EXIT_SPREAD_S, EXIT_TILT_RAD, EXIT_TURN_RAD_S = 0.10, 0.2, 0.3
CDA_SPREAD, ALTIMETER_M, LANDING_M = 0.02, 25.0, 15.0
REACT_S, REACT_SPREAD_S, FOCUS_SPREAD = 0.3, 0.08, 0.015
WAKE_GROWTH, WAKE_CAP, SHELTER = (0.08, 0.15), (0.3, 0.6), (0.2, 0.6)
OPENING_KEYS = (("extract_s", "extraction_s"), ("snivel_s", "snivel_s"), ("fill_s", "fill_s"),
                ("snivel_area", "snivel_cda_m2"))  # fmt: skip
GUST_STATES = ("g1x", "g1y", "gz", "g2x", "g2y")
SHARED, PERSON = (
    8,
    28,
)  # normals kept for the shared draws and for each person; a draw keeps its place for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Standard normals of n takes, (n, k), and which is next."""

    normals: Array

    def at(self, column: int) -> Array:
        """One column, (n,)."""
        return self.normals[:, column]


def normals(seed: int, takes: I64, count: int) -> Array:
    """Standard normals (n, count) of takes (n,), each from 52 bits of its own stream: with one more the largest would be one."""
    from onetake.kernel import philox_words

    calls = -(-count // 2)
    words = np.empty((len(takes), calls, 4), np.uint32)
    low, high = np.uint32(seed & 0xFFFFFFFF), np.uint32((seed >> 32) & 0xFFFFFFFF)
    philox_words(low, high, takes.astype(np.int64), words)
    wide = words.astype(np.uint64)
    first = (wide[..., 0] >> np.uint64(6)) * np.uint64(1 << 26) + (wide[..., 1] >> np.uint64(6))
    second = (wide[..., 2] >> np.uint64(6)) * np.uint64(1 << 26) + (wide[..., 3] >> np.uint64(6))
    bits = np.stack([first, second], axis=-1).reshape(len(takes), -1)[:, :count]
    return quantile((bits.astype(np.float64) + 0.5) / 2.0**52)


def draw(scenario: Scenario, spread: WindSpread, seed: int, takes: I64) -> Draws:
    """Everything that is drawn once a take, for take numbers (n,) from 1."""
    return drawn(scenario, spread, seed, takes, normals(seed, takes, columns(scenario)))


def columns(scenario: Scenario) -> int:
    """How many standard normals a take is drawn from."""
    return _gusts_from(scenario) + len(GUST_STATES)


def _gusts_from(scenario: Scenario) -> int:
    return SHARED + 2 * PERSON + 2 * scenario.error_levels


def drawn(scenario: Scenario, spread: WindSpread, seed: int, takes: I64, normal: Array) -> Draws:
    """Draws from given standard normals (n, columns); the noise in flight is that of the take numbers."""
    levels = scenario.error_levels
    stream, plan = Stream(normals=normal), middle(scenario)
    values = _shared(scenario, stream, plan)
    first_exit = min(jumper.person.exit.at_s for jumper in scenario.jumpers)
    for i, (letter, jumper) in enumerate(zip("AB", scenario.jumpers, strict=True)):
        own = _person(letter, jumper, stream, SHARED + i * PERSON, plan, first_exit)
        values |= own
    # level by level from the ground up, so that a higher exit draws the same wind below
    gusts_from = _gusts_from(scenario)
    values |= _gusts(normal[:, gusts_from:])
    wind = normal[:, SHARED + 2 * PERSON : gusts_from].reshape(len(takes), levels, 2).transpose(0, 2, 1)
    error = (wind @ spread.factor.T).astype(np.float32)
    return Draws(seed=seed, takes=takes, values=values, wind_error_m_s=error)


# what belongs together where the takes are asked what they differ by: shared columns, columns of the operator's, of
# the subject's
_GROUPS: dict[str, tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]] = {
    "gusts": ((0,), (), ()),
    "wakes": ((1, 2, 3), (), ()),
    "exit": ((7,), tuple(range(7)), tuple(range(7))),
    "drag areas": ((), (7,), (7,)),
    "operator's flying": ((), (8, 9, 10, 11, 12, 13), ()),
    "subject's flying": ((), (), (8, 9, 10, 12, 13)),
    "subject's eye for range": ((), (), (11,)),
    "focus pull": ((4, 5, 6), (), ()),
    "altimeters": ((), (14,), (14,)),
    "opening and canopy": ((), tuple(range(15, PERSON)), tuple(range(15, PERSON))),
}


def groups(scenario: Scenario) -> dict[str, tuple[int, ...]]:
    """Columns of normals by what they decide; all but the noise in flight, which is no column."""
    parted = {
        name: (
            *shared,
            *(SHARED + column for column in operator),
            *(SHARED + PERSON + column for column in subject),
        )
        for name, (shared, operator, subject) in _GROUPS.items()
    }
    gusts_from = _gusts_from(scenario)
    parted["gusts"] += tuple(range(gusts_from, columns(scenario)))
    return {"wind": tuple(range(SHARED + 2 * PERSON, gusts_from))} | parted


def error_heights_m(scenario: Scenario) -> Array:
    """Heights above the drop zone of the rows of wind error."""
    return np.arange(scenario.error_levels, dtype=np.float64) * ERROR_LEVEL_M


def _uniform(normal: Array) -> Array:
    return share_below(normal)


def _between(ends: tuple[float, float], normal: Array) -> Array:
    return ends[0] + (ends[1] - ends[0]) * _uniform(normal)


def triangle(u: Array, low: float, likely: float, high: float) -> Array:
    """Triangular distribution by its inverse, of shares u from 0 to 1."""
    split = (likely - low) / (high - low)
    left = low + np.sqrt(u * (high - low) * (likely - low))
    right = high - np.sqrt((1 - u) * (high - low) * (high - likely))
    return np.where(u < split, left, right)


def _shared(scenario: Scenario, stream: Stream, plan: dict[str, float]) -> dict[str, Array]:
    hard_stop = scenario.shot.camera.focus[-1].to == "hard stop"
    bias = scenario.operator.pilot.range_bias
    gusts = 0.0 if scenario.shot.weather.gusts == "none" else 1.0
    return {
        "gust_gain": gusts * np.exp(GUST_SPREAD * stream.at(0)),
        "wake_power": (_uniform(stream.at(1)) > 0.5) * 1.0,
        "wake_growth": _between(WAKE_GROWTH, stream.at(2)),
        "wake_cap": _between(WAKE_CAP, stream.at(3)),
        "react_s": np.maximum(REACT_S + REACT_SPREAD_S * stream.at(4), 0.1),
        "focus_err": np.zeros(len(stream.normals)) if hard_stop else FOCUS_SPREAD * stream.at(5),
        "operator_bias": bias * stream.at(6),
        "shelter": _between(SHELTER, stream.at(7)),
    }


def _gusts(normal: Array) -> dict[str, Array]:
    """The gust filters as they are when they have long been running, from normals (n, 5): nobody leaves into a calm.

    The second state of a filter across the path has half its first's variance, and half of it in common with it.
    """
    first_x, first_y, along, own_x, own_y = normal.T
    states = (first_x, first_y, along, (first_x + own_x) / 2, (first_y + own_y) / 2)
    return dict(zip(GUST_STATES, states, strict=True))


def _person(
    letter: str, jumper: Jumper, stream: Stream, at: int, plan: dict[str, float], first_exit_s: float
) -> dict[str, Array]:
    pilot, n = jumper.pilot, len(stream.normals)
    late = 0.0 if jumper.person.exit.at_s <= first_exit_s else EXIT_SPREAD_S

    def nth(k: int) -> Array:
        return stream.at(at + k)

    values = {
        key: np.full(n, plan[f"{letter}_{key}"]) for key in ("v0x", "v0y", "v0z", "gain", "lead", "reflex")
    }
    values |= {
        "exit_s": np.maximum(plan[f"{letter}_exit_s"] + late * nth(0), first_exit_s),
        "tilt_x": EXIT_TILT_RAD * nth(1), "tilt_y": EXIT_TILT_RAD * nth(2), "tilt_z": EXIT_TILT_RAD * nth(3),
        "w0x": EXIT_TURN_RAD_S * nth(4), "w0y": EXIT_TURN_RAD_S * nth(5), "w0z": EXIT_TURN_RAD_S * nth(6),
        "cda": 1.0 + CDA_SPREAD * nth(7),
        "motor": pilot.motor_noise * np.exp(MOTOR_SPREAD * nth(8)),
        "trim_fore": pilot.trim_drift * nth(9), "trim_side": pilot.trim_drift * nth(10),
        "range_bias": pilot.range_bias * nth(11), "range_noise": np.full(n, pilot.range_noise),
        "aim_noise": np.full(n, pilot.aim_noise_rad),
        "delay": pilot.delay_s * np.exp(DELAY_SPREAD * nth(12)),
        "bandwidth": pilot.bandwidth_rad_s * np.exp(BAND_SPREAD * nth(13)),
        "break_m": plan[f"{letter}_break_m"] + ALTIMETER_M * nth(14),
        "land_err_x": LANDING_M * nth(15), "land_err_y": LANDING_M * nth(16),
    }  # fmt: skip
    # one altimeter: the same error at break-off and at the pull
    values["pull_m"] = plan[f"{letter}_pull_m"] + ALTIMETER_M * nth(14)
    for k, (key, name) in enumerate(OPENING_KEYS):
        prior = opening_priors()[name]
        values[key] = triangle(_uniform(nth(17 + k)), prior.low, prior.likely, prior.high)
    # in the kernel the canopy's own: the body has its drag beside it
    values["snivel_area"] = values["snivel_area"] - jumper.body.cda_neutral_m2
    return {f"{letter}_{key}": value for key, value in values.items()}
