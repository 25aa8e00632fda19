"""Draws: what differs from take to take, from (seed, take number) alone, with the prior of each.

Take 0 is the plan itself (`fly.flight.nominal`); drawn takes count from 1. Standard normals come from channel 0 of
the take's Philox stream through the inverse normal distribution, so a take's draws depend on nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from onetake.fly.flight import Draws, middle
from onetake.fly.scenario import ERROR_LEVEL_M, Jumper, Scenario
from onetake.jumper.canopy import priors as opening_priors
from onetake.odds.summary import Prior
from onetake.weather.spread import WindSpread

Array = NDArray[np.float64]
I64 = NDArray[np.int64]

MOTOR_SPREAD, BAND_SPREAD, DELAY_SPREAD, GUST_SPREAD = 0.2, 0.1, 0.1, 0.3
EXIT_SPREAD_S, EXIT_TILT_RAD, EXIT_TURN_RAD_S = 0.10, 0.2, 0.3
CDA_SPREAD, ALTIMETER_M, LANDING_M = 0.02, 25.0, 15.0
REACT_S, REACT_SPREAD_S, FOCUS_SPREAD = 0.3, 0.08, 0.015
OPENING_KEYS = (("extract_s", "extraction_s"), ("snivel_s", "snivel_s"), ("fill_s", "fill_s"),
                ("snivel_area", "snivel_cda_m2"))  # fmt: skip
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
    """Standard normals (n, count) of takes (n,), each from 53 bits of its own stream."""
    from onetake.kernel import philox_words

    calls = -(-count // 2)
    words = np.empty((len(takes), calls, 4), np.uint32)
    low, high = np.uint32(seed & 0xFFFFFFFF), np.uint32((seed >> 32) & 0xFFFFFFFF)
    philox_words(low, high, takes.astype(np.int64), words)
    wide = words.astype(np.uint64)
    first = (wide[..., 0] >> np.uint64(5)) * np.uint64(1 << 26) + (wide[..., 1] >> np.uint64(6))
    second = (wide[..., 2] >> np.uint64(5)) * np.uint64(1 << 26) + (wide[..., 3] >> np.uint64(6))
    bits = np.stack([first, second], axis=-1).reshape(len(takes), -1)[:, :count]
    return np.asarray(ndtri((bits.astype(np.float64) + 0.5) / 2.0**53), np.float64)


def draw(scenario: Scenario, spread: WindSpread, seed: int, takes: I64) -> Draws:
    """Everything that is drawn once a take, for take numbers (n,) from 1."""
    return drawn(scenario, spread, seed, takes, normals(seed, takes, columns(scenario)))


def columns(scenario: Scenario) -> int:
    """How many standard normals a take is drawn from."""
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
    wind = stream.normals[:, SHARED + 2 * PERSON :].reshape(len(takes), levels, 2).transpose(0, 2, 1)
    error = (wind @ spread.factor.T).astype(np.float32)
    return Draws(seed=seed, takes=takes, values=values, wind_error_m_s=error)


def error_heights_m(scenario: Scenario) -> Array:
    """Heights above the drop zone of the rows of wind error."""
    return np.arange(scenario.error_levels, dtype=np.float64) * ERROR_LEVEL_M


def _uniform(normal: Array) -> Array:
    return np.asarray(ndtr(normal), np.float64)


def _triangle(normal: Array, low: float, likely: float, high: float) -> Array:
    """Triangular distribution by its inverse."""
    u, split = _uniform(normal), (likely - low) / (high - low)
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
        "wake_growth": 0.08 + 0.07 * _uniform(stream.at(2)),
        "wake_cap": 0.3 + 0.3 * _uniform(stream.at(3)),
        "react_s": np.maximum(REACT_S + REACT_SPREAD_S * stream.at(4), 0.1),
        "focus_err": np.zeros(len(stream.normals)) if hard_stop else FOCUS_SPREAD * stream.at(5),
        "operator_bias": bias * stream.at(6),
        "shelter": 0.2 + 0.4 * _uniform(stream.at(7)),
    }


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
        values[key] = _triangle(nth(17 + k), prior.low, prior.likely, prior.high)
    return {f"{letter}_{key}": value for key, value in values.items()}


def priors(scenario: Scenario, spread: WindSpread) -> tuple[Prior, ...]:
    """Every unpublished parameter that the odds rest on, as the report prints it."""
    rows = [
        Prior(name="wind error at exit", value=f"{spread.sigma_m_s[-3]:.1f}", unit="m/s each way, 1σ", kind="derived",
              source="wind spread by lead, age and height", why="correlated over kilometres of height; decides where everybody lands"),
        Prior(name="gusts", value=scenario.shot.weather.gusts, unit="", kind="published", source="MIL-F-8785C",
              why="strength drawn ±30 %; the difference over 3 ft is 0.058 of it"),
        Prior(name="wake law", value="Gaussian or x^(-2/3), even odds", unit="", kind="assumed",
              source="far-wake literature", why="no measured skydiver wake was found; both published branches are drawn"),
        Prior(name="shelter behind the ramp", value="20–60 %, fading in 0.3 s", unit="of the aircraft's air", kind="assumed",
              source="none found", why="how hard the wind takes hold in the first second"),
        Prior(name="exit time", value=f"±{EXIT_SPREAD_S:.2f}", unit="s, 1σ, after the first", kind="assumed", source="none found",
              why="exit interval is distance: 107 m/s along the run at 25,000 ft"),
        Prior(name="exit attitude", value="±0.2 rad, ±0.3 rad/s", unit="1σ, each axis", kind="assumed", source="none found",
              why="who tumbles on the hill loses seconds"),
        Prior(name="drag area", value="±2", unit="%, 1σ", kind="assumed", source="calibrate from one timed jump",
              why="1 % is 0.27 m/s of fall rate"),
        Prior(name="reaction to the focus cue", value="0.3 ± 0.08", unit="s", kind="assumed", source="choice reaction, recalled",
              why="a late rack is a soft take"),
        Prior(name="altimeter", value=f"±{ALTIMETER_M:.0f}", unit="m, 1σ", kind="assumed", source="field reports say altimeters differ more",
              why="moves break-off and pull together"),
        Prior(name="canopy accuracy", value=f"±{LANDING_M:.0f}", unit="m, 1σ", kind="assumed", source="none found",
              why="landing spread when the spot is good"),
        Prior(name="opening", value="extraction 0.5–1.5, snivel 1.5–2.5, fill 2–2.5", unit="s", kind="derived",
              source="Knacke's form, fitted to 3.5–5 s and 500–1,000 ft", why="height and shock of the opening"),
        Prior(name="posture lag", value="0.25", unit="s", kind="assumed", source="0.15–0.35 s in the literature's models",
              why="how quickly a limb does what is wanted"),
        Prior(name="rate damping", value="2 × strip theory", unit="", kind="assumed", source="strip 0.17, CFD model 1.5",
              why="ninefold conflict between sources; matters for tumbling, little for the hold"),
    ]  # fmt: skip
    for jumper in scenario.jumpers:
        pilot, name = jumper.pilot, jumper.person.name
        rows += [
            Prior(name=f"{name}: motor noise", value=f"{pilot.motor_noise:g}", unit="of full posture", kind=pilot.kind,
                  source="no data exists", why="decides the hold, and is the least known number of all"),
            Prior(name=f"{name}: delay, bandwidth", value=f"{pilot.delay_s:g} s, {pilot.bandwidth_rad_s:g} rad/s", unit="", kind=pilot.kind,
                  source="search on this model", why="how quickly an error is seen and worked off"),
            Prior(name=f"{name}: trim drift", value=f"{pilot.trim_drift:g}", unit="of full posture, 1σ", kind=pilot.kind, source="no data exists",
                  why="a steady lean the person does not feel"),
        ]  # fmt: skip
    return tuple(rows)
