"""Unknowns: every assumption the odds rest on, as a named parameter with its prior, and how takes fly with another value.

A `Prior` is what the report prints. Its unknown adds the interval in which the value is believed to lie with 95 %,
and a `Turn`, which changes takes that are drawn so that they fly as if the value were another: the same normals, the
same noise. Some values are of one take (how strong the gusts are today): the interval is that of the draw. The others
are the size of a spread or a person's number, which nobody has measured: the interval says how far it is trusted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from onetake.fly.flight import Draws, middle
from onetake.fly.scenario import AIM_S, APART_S, EYE_S, MOTOR_S, Jumper, Scenario
from onetake.fly.state import COMMON
from onetake.jumper.canopy import priors as opening_priors
from onetake.jumper.posture import flown_lag_s, throw
from onetake.odds import draws as drawn
from onetake.odds.summary import Prior
from onetake.weather.spread import WindSpread

How = Literal["times", "spread", "set", "winds", "common", "common times", "skin", "opening"]

SKIN = 6  # row of the table of panels, jumper/panels.flight_table
TWICE = (0.5, 2.0)  # a size nobody has measured, trusted within a factor of two
THIRD = (0.7, 1.4)  # a gain that a search found best
# motor noise, share of full posture: the most that real people of a level can have, bounds read off their logs by
# docs/motor-noise.md; hardly above, perhaps below
MOTOR_BOUND = {"expert": 0.072, "good": 0.088, "novice": 0.240}
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """How a value gets into drawn takes.

    times: the drawn values of `keys` times it. spread: their distance from the plan times it. set: it instead of them.
    winds: the wind error times it. common: it instead of numbers that all takes share; common times: those numbers times
    it. skin: the friction of both bodies times it. opening: the quantile (0 to 1) of the durations of every opening.
    """

    how: How
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """prior: as the report prints it. low, high: the 95 % interval, in `unit`. trust: why that wide."""

    prior: Prior
    low: float
    high: float
    unit: str
    trust: str
    turn: Turn

    @property
    def name(self) -> str:
        """The prior's name."""
        return self.prior.name


def priors(scenario: Scenario, spread: WindSpread) -> tuple[Prior, ...]:
    """Every unpublished parameter that the odds rest on, as the report prints it."""
    return tuple(unknown.prior for unknown in unknowns(scenario, spread))


def unknowns(scenario: Scenario, spread: WindSpread) -> tuple[Unknown, ...]:
    """Every assumption: of the air, of the exit, of equipment, of every body, then of each person."""
    people = [
        row for letter, jumper in zip("AB", scenario.jumpers, strict=True) for row in _person(letter, jumper)
    ]
    return (*_air(scenario, spread), *_exit(), *_equipment(scenario), *_bodies(), *people)


def turned(scenario: Scenario, draws: Draws, turn: Turn, value: float) -> tuple[Scenario, Draws]:
    """The scenario and the drawn takes, flown as if an unknown had this value."""
    if turn.how in ("common", "common times"):
        common = scenario.common.copy()
        for at in map(COMMON.index, turn.keys):
            common[at] = value if turn.how == "common" else common[at] * value
        return replace(scenario, common=common), draws
    if turn.how == "skin":
        panels = scenario.panels.copy()
        panels[:, SKIN] *= np.float32(value)
        return replace(scenario, panels=panels), draws
    if turn.how == "winds":
        return scenario, replace(draws, wind_error_m_s=draws.wind_error_m_s * np.float32(value))
    values, plan = dict(draws.values), middle(scenario)
    for key in turn.keys:
        if turn.how == "times":
            values[key] = values[key] * value
        elif turn.how == "set":
            values[key] = np.full_like(values[key], value)
        elif turn.how == "spread":
            values[key] = plan[key] + value * (values[key] - plan[key])
        else:
            values[key] = np.full_like(values[key], _opening(key.partition("_")[2], value))
    first_s = min(plan["A_exit_s"], plan["B_exit_s"])  # nobody is drawn to leave before the first
    values |= {key: np.maximum(values[key], first_s) for key in ("A_exit_s", "B_exit_s")}
    return scenario, replace(draws, values=values)


def _opening(key: str, share: float) -> float:
    prior = opening_priors()[dict(drawn.OPENING_KEYS)[key]]
    return float(drawn.triangle(np.array([share]), prior.low, prior.likely, prior.high)[0])


def _both(*keys: str) -> tuple[str, ...]:
    return tuple(f"{letter}_{key}" for letter in "AB" for key in keys)


def _middle_95(low: float, high: float) -> tuple[float, float]:
    """The middle 95 % of an even draw."""
    return low + 0.025 * (high - low), high - 0.025 * (high - low)


def _row(prior: Prior, interval: tuple[float, float], unit: str, trust: str, how: How, *keys: str) -> Unknown:
    turn = Turn(how=how, keys=keys)
    return Unknown(prior=prior, low=interval[0], high=interval[1], unit=unit, trust=trust, turn=turn)


DRAWN = "the draw itself: 95 % of takes lie inside"
SIZE = "× as assumed"


def _air(scenario: Scenario, spread: WindSpread) -> list[Unknown]:
    gusts = scenario.shot.weather.gusts
    strength = float(np.exp(Z95 * drawn.GUST_SPREAD))
    rows = [
        _row(Prior(name="wind error at exit", value=f"{spread.sigma_m_s[-3]:.1f}", unit="m/s each way, 1σ", kind="derived",
                   source="wind spread by lead, age and height", why="correlated over kilometres of height; decides where everybody lands"),
             THIRD, SIZE, "forecast errors by lead differ by about a third between the sources", "winds"),
        _row(Prior(name="wake law", value="Gaussian or x^(-2/3), even odds", unit="", kind="assumed",
                   source="far-wake literature", why="no measured skydiver wake was found; both published branches are drawn"),
             (0.0, 1.0), "Gaussian 0, power law 1", "both branches are published; one of them is wrong", "set", "wake_power"),
        _row(Prior(name="wake growth", value="0.08–0.15", unit="m of width a metre", kind="derived", source="far-wake literature",
                   why="how soon the air behind a body is whole again"),
             _middle_95(*drawn.WAKE_GROWTH), "m a metre", DRAWN, "set", "wake_growth"),
        _row(Prior(name="wake cap", value="30–60", unit="% of the airspeed, at most", kind="assumed", source="none found",
                   why="close behind a body no far-wake law holds"),
             _middle_95(*drawn.WAKE_CAP), "of the airspeed", DRAWN, "set", "wake_cap"),
    ]  # fmt: skip
    if gusts != "none":
        rows.insert(1, _row(
            Prior(name="gusts", value=gusts, unit="", kind="published", source="MIL-F-8785C",
                  why="strength drawn ±30 %; the difference over 3 ft is 0.058 of it"),
            (1 / strength, strength), "× the standard's", DRAWN, "set", "gust_gain"))  # fmt: skip
    return rows


def _exit() -> list[Unknown]:
    turning = _both("tilt_x", "tilt_y", "tilt_z", "w0x", "w0y", "w0z")
    return [
        _row(Prior(name="shelter behind the aircraft", value="20–60 %, fading in 0.3 s", unit="of the aircraft's air", kind="assumed",
                   source="none found", why="how hard the wind takes hold in the first second"),
             _middle_95(*drawn.SHELTER), "of the aircraft's air", DRAWN, "set", "shelter"),
        _row(Prior(name="fading of the shelter", value="0.3", unit="s", kind="assumed", source="none found",
                   why="how long the aircraft's air goes with who leaves it"),
             (0.15, 0.6), "s", "none found; within a factor of two", "common", "shelter_s"),
        _row(Prior(name="exit time", value=f"±{drawn.EXIT_SPREAD_S:.2f}", unit="s, 1σ, after the first", kind="assumed", source="none found",
                   why="exit interval is distance: the true airspeed times it"),
             TWICE, SIZE, "nobody has timed exits on a count; within a factor of two", "spread", *_both("exit_s")),
        _row(Prior(name="exit attitude", value="±0.2 rad, ±0.3 rad/s", unit="1σ, each axis", kind="assumed", source="none found",
                   why="who tumbles on the hill loses seconds"),
             TWICE, SIZE, "nobody has measured attitudes at a ramp; within a factor of two", "times", *turning),
    ]  # fmt: skip


def _equipment(scenario: Scenario) -> list[Unknown]:
    react = (drawn.REACT_S - Z95 * drawn.REACT_SPREAD_S, drawn.REACT_S + Z95 * drawn.REACT_SPREAD_S)
    rows = [
        _row(Prior(name="drag area", value="±2", unit="%, 1σ", kind="assumed", source="calibrate from one timed jump",
                   why="1 % is 0.27 m/s of fall rate"),
             TWICE, SIZE, "a timed jump gives 2 %, a guessed fall rate 4 %", "spread", *_both("cda")),
        _row(Prior(name="reaction to the focus cue", value="0.3 ± 0.08", unit="s", kind="assumed", source="choice reaction, recalled",
                   why="a late rack is a soft take"),
             react, "s", DRAWN, "set", "react_s"),
        _row(Prior(name="range of the focus cue", value=f"±{100 * scenario.operator.pilot.range_bias:g}", unit="%, 1σ", kind=scenario.operator.pilot.kind,
                   source="no data exists", why="the cue is a distance that the operator guesses"),
             TWICE, SIZE, "no data exists; within a factor of two", "times", "operator_bias"),
        _row(Prior(name="altimeter", value=f"±{drawn.ALTIMETER_M:.0f}", unit="m, 1σ", kind="assumed", source="field reports say altimeters differ more",
                   why="moves break-off and pull together"),
             (0.5, 3.0), SIZE, "field reports say altimeters differ more than this", "spread", *_both("break_m", "pull_m")),
        _row(Prior(name="canopy accuracy", value=f"±{drawn.LANDING_M:.0f}", unit="m, 1σ", kind="assumed", source="none found",
                   why="landing spread when the spot is good"),
             TWICE, SIZE, "none found; within a factor of two", "times", *_both("land_err_x", "land_err_y")),
        _row(Prior(name="opening", value="extraction 0.5–1.5, snivel 1.5–2.5, fill 2–2.5", unit="s", kind="derived",
                   source="Knacke's form, fitted to 3.5–5 s and 500–1,000 ft", why="height and shock of the opening"),
             (0.025, 0.975), "quantile of every part", DRAWN, "opening", *_both("extract_s", "snivel_s", "fill_s")),
        _row(Prior(name="reserve", value="opens in 3 s, as large as the main", unit="", kind="assumed", source="TSO-C23d's limit",
                   why="how high one hangs who is opened by his device"),
             (0.6, 1.44), "× the limit's time", "makers open sooner than they must; TSO-C23f allows 4.3 s with a placard of 180 kt", "common times",
             *_both("reserve_extract_s", "reserve_snivel_s", "reserve_fill_s")),
        _row(Prior(name="rate damping", value="2 × strip theory", unit="", kind="assumed", source="strip 0.17, CFD model 1.5",
                   why="ninefold conflict between sources; decides how soon a turn at the exit dies"),
             (1.0, 9.0), "× strip theory", "strip theory is the least, the CFD model the most", "common", "damping"),
    ]  # fmt: skip
    if scenario.shot.camera.focus[-1].to != "hard stop":
        rows.insert(3, _row(
            Prior(name="focus pull", value=f"±{100 * drawn.FOCUS_SPREAD:g}", unit="% of the distance, 1σ", kind="assumed", source="none found",
                  why="a ring that is not turned to its stop ends beside the mark"),
            TWICE, SIZE, "none found; within a factor of two", "times", "focus_err"))  # fmt: skip
    return rows


def _bodies() -> list[Unknown]:
    """What is the same for everybody who flies."""
    noises = f"{MOTOR_S:g} motor, {AIM_S:g} aim, {EYE_S:g} eye, {APART_S:g} gust difference"
    full = throw()
    return [
        _row(Prior(name="posture lag", value=f"{flown_lag_s():g}", unit="s", kind="assumed", source="0.15–0.35 s in the literature's models",
                   why="how quickly a limb does what is wanted"),
             (0.15, 0.35), "s", "the literature's models", "common", "posture_lag_s"),
        _row(Prior(name="reach of the limbs", value=f"{full.fore_aft:g} fore-aft, {full.side:g} side, {full.turn:g} turn", unit="of the area, or slope", kind="assumed",
                   source="none found", why="how much a posture drives, and how much of an unsteadiness shows"),
             THIRD, SIZE, "set on a model that flew; within a third", "common times", "limbs_fore", "limbs_side", "limbs_turn"),
        _row(Prior(name="memory of the noises", value=noises, unit="s of correlation", kind="assumed",
                   source="none found", why="a slow unsteadiness is harder to work off than a quick one"),
             TWICE, SIZE, "none found; within a factor of two", "common times", "motor_s", "aim_s", "eye_s", "apart_s"),
        _row(Prior(name="skin friction", value="0.14", unit="of the area, along the flow", kind="assumed", source="none found",
                   why="takes from what a tilt pushes sideways"),
             TWICE, SIZE, "none found; within a factor of two", "skin"),
        _row(Prior(name="hand on the dial", value=f"{100 * full.reach:g}", unit="% of an arm's area", kind="assumed", source="none found",
                   why="a hand at the lens is a hand out of the airflow"),
             TWICE, SIZE, "none found; within a factor of two", "common times", "dial"),
    ]  # fmt: skip


def _motor(letter: str, jumper: Jumper) -> Unknown:
    """From half of what is flown to what the logs of real people bound it by; twice it where the shot gives a number."""
    pilot, skill = jumper.pilot, jumper.person.skill
    prior = Prior(name=f"{jumper.person.name}: motor noise", value=f"{pilot.motor_noise:g}", unit="of full posture", kind=pilot.kind,
                  source="bounded by logs of real people", why="decides the hold, and is the least known number of all")  # fmt: skip
    bound = MOTOR_BOUND.get(skill) if isinstance(skill, str) else None
    if bound is None or bound <= pilot.motor_noise:
        return _row(prior, TWICE, SIZE, "given; within a factor of two", "times", f"{letter}_motor")
    trust = f"no more than {bound:g}, where the logs of such people bound it; no less than half"
    return _row(prior, (0.5, bound / pilot.motor_noise), SIZE, trust, "times", f"{letter}_motor")


def _person(letter: str, jumper: Jumper) -> list[Unknown]:
    """A person's numbers that the flight uses: the operator steers nothing by eye but his heading and the lens."""
    pilot, name = jumper.pilot, jumper.person.name
    none, search = "no data exists", "search on this model"

    def row(
        what: str, value: str, unit: str, source: str, why: str, trust: tuple[float, float], *keys: str
    ) -> Unknown:
        given = (
            "no data exists; within a factor of two"
            if trust == TWICE
            else "no person's was measured; within a third of what the search found"
        )
        prior = Prior(name=f"{name}: {what}", value=value, unit=unit, kind=pilot.kind, source=source, why=why)
        return _row(prior, trust, SIZE, given, "times", *(f"{letter}_{key}" for key in keys))

    rows = [
        _motor(letter, jumper),
        row("trim drift", f"{pilot.trim_drift:g}", "of full posture, 1σ", none,
            "a steady lean the person does not feel", TWICE, "trim_fore", "trim_side"),
        row("reflex", f"{pilot.reflex_rate_gain:g}", "of rate feedback", search,
            "holds the tilt against the airflow; without it the body tumbles", THIRD, "reflex"),
    ]  # fmt: skip
    if letter == "A":
        return [*rows, row("aim", f"{pilot.aim_noise_rad:g}", "rad", none,
                           "how steadily the lens points at the subject", TWICE, "aim_noise")]  # fmt: skip
    return [
        *rows,
        row("delay", f"{pilot.delay_s:g}", "s", search, "how quickly an error is seen", THIRD, "delay"),
        row("bandwidth", f"{pilot.bandwidth_rad_s:g}", "rad/s", search, "how quickly an error in speed is worked off", THIRD, "bandwidth"),
        row("approach gain", f"{pilot.approach_gain:g}", "1/s", search, "closing speed wanted per metre left", THIRD, "gain"),
        row("lead", f"{pilot.lead_s:g}", "s", search, "how far ahead the own tilt is felt", THIRD, "lead"),
        row("eye for range", f"{100 * pilot.range_bias:g}", "%, 1σ, steady and wandering", none,
            "where he believes three feet to be", TWICE, "range_bias", "range_noise"),
    ]  # fmt: skip
