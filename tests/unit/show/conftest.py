"""A whole report's worth of invented material: a jump that looks like one, without flying it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from types import ModuleType

import numpy as np
import pytest

from onetake.clock import Clock
from onetake.jump import (
    Ask,
    BeatSlot,
    Contingency,
    ExitPoint,
    ExitWeight,
    FocusLimits,
    JumpPlan,
    JumpRun,
    Light,
    Opening,
    OxygenPlan,
    Separation,
)
from onetake.odds.paired import Change
from onetake.odds.summary import (
    BeatOdds,
    Cause,
    Effect,
    Estimate,
    Odds,
    Prior,
    RareOdds,
    Sensitivity,
    Spread,
    Swing,
    wilson,
)
from onetake.shot.file import Shot, parse_shot
from onetake.show.curves import Curves
from onetake.show.material import Material
from onetake.slate import Slate
from onetake.take import Event, Take
from onetake.trace import Trace
from onetake.units import DEG_RAD, FT_M, IN_M, feet_inches
from onetake.verdict import BeatVerdict, CriterionMargin, Verdict
from onetake.weather.column import Column, Note

SHOT = """
schema = "onetake.shot/1"
[slate]
title = "Lightning, then oxygen"
scene = "112A"
picture_rate = "24000/1001"
[place]
drop_zone = { lat_deg = 24.2, lon_deg = 54.6, elevation = "90 ft" }
time_zone = "Asia/Dubai"
date = 2011-10-11
[weather]
sources = ["gulf.csv"]
[aircraft]
type = "C-17"
exit_altitude = "25,000 ft MSL"
airspeed = "140 KIAS"
[[cast]]
name = "operator"
role = "operator"
mass = "80 kg"
equipment = "22 kg"
fall_rate = { min = "112 mph", neutral = "120 mph", max = "140 mph", reference = "SAS" }
exit = { facing = "nose", at = "0 s" }
skill = "expert"
[[cast]]
name = "actor"
role = "subject"
mass = "77 kg"
equipment = "28 kg"
fall_rate = { min = "114 mph", neutral = "122 mph", max = "150 mph", reference = "SAS" }
exit = { facing = "tail", at = "0.4 s" }
skill = "good"
[camera]
body = "DXL 8K VV"
lens = { focal = "35 mm", f_number = 2.8, t_stop = 3.0, minimum_focus = "3 ft", datum = "image_plane", pupil_offset = "90 mm" }
exposure = { ei = 1600, shutter_deg = 180 }
focus = [{ to = "hyperfocal", from = "exit" }, { to = "hard stop", cue = { range = "5 ft" }, rack = "0.8 s" }]
mount = { on = "helmet", mass = "20 lb", image_plane = ["10 cm", "0 cm", "12 cm"], cg = ["5 cm", "0 cm", "12 cm"] }
[[beat]]
name = "out backwards"
window = ["0 s", "8 s"]
hold = "1.5 s"
must = { in_frame = "body", range = ["3 ft", "150 ft"] }
[[beat]]
name = "approach"
after = "out backwards"
within = "60 s"
hold = "4 s"
must = { in_frame = "body", size = { from = 0.05, to = 0.25 } }
[[beat]]
name = "mark"
after = "approach"
within = "30 s"
hold = "3 s"
allow = "0.2 s"
must = { focus = "sharp", in_frame = "face", size = [0.25, 0.7], facing = "camera", exposure = "ok", altitude = "> 7,000 ft AGL", sun = ["-2 deg", "1 deg"] }
[[always]]
name = "no contact"
from = "last exit"
to = "break-off"
must = { clearance = "> 4 in" }
[abort]
no_mark_by = "8,000 ft AGL"
closing_inside = { range = "15 ft", limit = "8 ft/s" }
[opening]
break_off = "6,500 ft AGL"
pull = { operator = "6,000 ft AGL", actor = "4,000 ft AGL" }
landing = { within = "300 m" }
"""
EXIT_UTC = datetime(2011, 10, 11, 13, 58, 10, tzinfo=UTC)
EXIT_M, BREAK_S, OPEN_S = 7593.0, 95.4, {"operator": 101.8, "actor": 113.1}
LAND_S = {"operator": 498.0, "actor": 401.0}


def a_shot() -> Shot:
    return parse_shot(SHOT)


def a_column() -> Column:
    height = np.array([30.0, 300, 770, 1500, 2580, 3760, 5090, 6650, 7540, 8510, 9600])
    from_deg = np.array([82.0, 80, 45, 345, 320, 314, 312, 290, 298, 302, 297])
    speed = np.array([4.0, 4.1, 3.1, 4.8, 9.1, 11.7, 7.8, 8.0, 8.0, 10.0, 12.2])
    return Column(
        format="own_csv", station="25N 55E", valid_utc=datetime(2011, 10, 11, tzinfo=UTC),
        base_utc=datetime(2011, 10, 8, tzinfo=UTC), lat_deg=25.0, lon_deg=55.0, altitude_msl_m=height,
        pressure_pa=101325 * np.exp(-height / 8200), temperature_k=301 - 0.0062 * height,
        wind_east_m_s=-speed * np.sin(np.radians(from_deg)), wind_north_m_s=-speed * np.cos(np.radians(from_deg)),
        problems=(Note(slug="gap", text="no level between 27 m and 300 m: the lowest wind stands for the air below it"),),
    )  # fmt: skip


def _fall(time_s: np.ndarray, open_s: float, land_s: float) -> np.ndarray:
    """Height above ground: falling at the speed the air allows, then under a parachute."""
    height, speed, out = EXIT_M, 0.0, np.empty(len(time_s))
    for k, t in enumerate(time_s):
        out[k] = height
        step = time_s[k + 1] - t if k + 1 < len(time_s) else 0.0
        if t < 0:
            continue
        if t < open_s:
            limit = 50.5 * np.exp(height / 24000)
            speed += step * 9.81 * (1 - (speed / limit) ** 2)
        else:
            speed += step * (height / max(land_s - t, 1.0) - speed) / 2.0
        height = max(height - speed * step, 0.0)
    return out


def range_over(time_s: np.ndarray) -> np.ndarray:
    """Apart after the exit, a long approach, some seconds near three feet, and away at break-off."""
    apart = 0.8 + 46 * (1 - np.exp(-np.maximum(time_s, 0) / 3.0)) * np.exp(
        -((np.maximum(time_s - 9, 0) / 19) ** 1.6)
    )
    wobble = 0.05 * np.sin(1.1 * time_s) + 0.035 * np.sin(2.7 * time_s + 1) + 0.02 * np.sin(6.1 * time_s)
    near = 0.118 + wobble * np.clip((time_s - 45) / 15, 0, 1)
    away = 9.0 * np.maximum(time_s - BREAK_S, 0) ** 1.3
    return apart + near + away


def a_take() -> Take:
    time_s = np.concatenate([np.arange(-2, 142, 0.04), np.arange(142, 498, 0.48)])
    bodies = []
    for name, side in (("operator", 0.0), ("actor", 1.0)):
        up = _fall(time_s, OPEN_S[name], LAND_S[name])
        t = np.maximum(time_s, 0)
        thrown = 980 * (1 - np.exp(-t / 9.0))
        under = np.clip((time_s - OPEN_S[name]) / (LAND_S[name] - OPEN_S[name]), 0, 1)
        east = -1900 + 0.94 * thrown + 7.5 * np.minimum(t, 102) + under * (40 + 60 * side)
        north = 1250 - 0.34 * thrown - 5.0 * np.minimum(t, 102)
        turn = np.sin(np.pi * under)
        east += 260 * turn * np.cos(5 * under) * (1 if side else -0.6)
        north += -north * under + 320 * turn * np.sin(6 * under)
        place = np.stack([east - under * east * 0.98, north + 3 * side, up + 0.5 * side * (up > 1)], axis=-1)
        still = time_s > LAND_S[name]
        place[still] = place[np.argmax(still)] if still.any() else place[still]
        bodies.append(
            Trace(
                name=name,
                time_s=time_s.copy(),
                position_enu_m=place,
                velocity_enu_m_s=np.gradient(place, time_s, axis=0),
            )
        )
    events = (
        Event(time_s=0.0, name="exit", body="operator"), Event(time_s=0.4, name="exit", body="actor"),
        Event(time_s=BREAK_S, name="break-off", body="both"), Event(time_s=98.2, name="pull", body="operator"),
        Event(time_s=OPEN_S["operator"], name="open", body="operator"), Event(time_s=109.4, name="pull", body="actor"),
        Event(time_s=OPEN_S["actor"], name="open", body="actor"),
        Event(time_s=LAND_S["actor"], name="landing", body="actor"),
        Event(time_s=LAND_S["operator"], name="landing", body="operator"),
    )  # fmt: skip
    slate = Slate(
        title="Lightning, then oxygen", scene="112A", take=7, picture_rate=a_shot().picture_rate, seed=1,
        weather="25N 55E 2011-10-11 00:00Z",
    )  # fmt: skip
    facts = {"closest_clearance_m": 0.21, "operator_opening_g": 3.4, "operator_neck_load_n": 466.0}
    return Take(
        slate=slate, bodies=tuple(bodies), events=events, clock=Clock(EXIT_UTC), ending="landed", facts=facts
    )


def a_curves(take: Take | None = None) -> Curves:
    take = take or a_take()
    body = take.bodies[0]
    here = (body.time_s >= 0.4) & (body.time_s <= 114)
    time_s = body.time_s[here].copy()
    range_m = range_over(time_s)
    pulled = np.clip((time_s - 55.0) / 0.8, 0, 1)
    focus_m = 1 / (1 / 14.3 + pulled * (1 / 0.9144 - 1 / 14.3))
    f, n, c, pupil = 0.035, 2.8, 30.9e-6, 0.09
    s, d = focus_m - pupil, range_m - pupil
    slack = n * c * (s - f)
    near = s * f * f / (f * f + slack) + pupil
    left = f * f - slack
    far = np.where(left > 0, s * f * f / np.where(left > 0, left, 1.0), np.inf) + pupil
    blur = f * f / n * np.abs(d - s) / (d * (s - f))
    sun = (
        -0.4 * DEG_RAD
        - (time_s / 240) * DEG_RAD
        + 2.6 * DEG_RAD * np.sqrt(np.maximum(body.position_enu_m[here, 2], 0) / EXIT_M)
    )
    return Curves(
        time_s=time_s, range_m=range_m, closing_m_s=-np.gradient(range_m, time_s), blur_m=blur, circle_m=c,
        criterion="D/1500", other_circles=(("4K pixel", 10e-6),), near_m=near, far_m=far, focus_m=focus_m,
        in_focus=blur <= c, sun_rad={"operator": sun, "actor": sun + 0.02 * DEG_RAD},
        height_agl_m={trace.name: trace.position_enu_m[here, 2] for trace in take.bodies},
    )  # fmt: skip


def _limits(name: str, f_m: float, stop: float, criterion: str, circle_m: float) -> FocusLimits:
    s = 0.9144 - 0.09
    slack = stop * circle_m * (s - f_m)
    left = f_m * f_m - slack
    return FocusLimits(
        lens=name, f_number=stop, distance_m=0.9144, criterion=criterion,
        near_m=s * f_m * f_m / (f_m * f_m + slack) + 0.09,
        far_m=s * f_m * f_m / left + 0.09 if left > 0 else float("inf"),
    )  # fmt: skip


def a_plan() -> JumpPlan:
    glass = [
        (35, 2.8),
        (28, 2.0),
        (28, 2.8),
        (28, 4.0),
        (35, 2.0),
        (35, 4.0),
        (40, 2.0),
        (40, 2.8),
        (40, 4.0),
    ]
    focus = [
        _limits(f"{mm} mm", mm / 1000, stop, name, circle_m)
        for name, circle_m in (("D/1500", 30.9e-6), ("4K pixel", 10e-6))
        for mm, stop in glass
    ]
    return JumpPlan(
        status="ask",
        stops=(),
        asks=(
            Ask(item="Prebreathe of 30 min on 100 % oxygen for 25,000 ft", owner="oxygen technician", rule="mff.prebreathe_25k"),
            Ask(item="Supplemental oxygen above 15,000 ft MSL", owner="oxygen technician", rule="uspa.oxygen_15k"),
            Ask(item="Reserve placards: 136 kg against exit weights 111 and 105 kg", owner="rigger", rule="maker.reserve_limit"),
            Ask(item="One profile, valid 14 h before the exit: get a sounding on the day", owner="jumpmaster", rule="weather.bracket"),
            Ask(item="Light on each jumper visible 3 statute miles, as the landing is after sunset", owner="jumpmaster", rule="faa.105.19"),
            Ask(item="Actor: 600 jumps, C licence or higher for 25,000 ft", owner="jumpmaster", rule="uspa.high_altitude"),
            Ask(item="Authorisation of the airspace above FL180", owner="aerial coordinator", rule="faa.105.25"),
        ),
        exit=ExitPoint(lat_deg=24.21129, lon_deg=54.58131, position_enu_m=(-1900.0, 1250.0), utc=EXIT_UTC, altitude_msl_m=7620.0, pressure_altitude_m=7452.0),
        jump_run=JumpRun(
            heading_rad=110 * DEG_RAD, true_airspeed_m_s=107.0, ground_speed_m_s=113.4, track_rad=109 * DEG_RAD,
            forward_throw_m=862.0, doctrine_throw_m=300.0, drift_m=1010.0, doctrine_drift_m=1180.0,
        ),
        separation=tuple(Separation(time_s=t, distance_m=d) for t, d in ((0, 3.1), (2, 19.0), (5, 41.0), (10, 52.0), (20, 58.0))),
        freefall_s=101.0,
        beats=(
            BeatSlot(name="out backwards", from_s=0.0, to_s=8.0, fits=True),
            BeatSlot(name="approach", from_s=1.5, to_s=61.5, fits=True),
            BeatSlot(name="mark", from_s=48.0, to_s=91.5, fits=True),
        ),
        opening=(
            Opening(name="operator", height_agl_m=6000 * FT_M, time_s=98.2, open_height_agl_m=1612.0, open_time_s=101.8, separation_m=88.0),
            Opening(name="actor", height_agl_m=4000 * FT_M, time_s=109.4, open_height_agl_m=1010.0, open_time_s=113.1, separation_m=140.0),
        ),
        landing_enu_m=(20.0, -10.0), landing_lat_deg=24.1999, landing_lon_deg=54.6002, landing_spread_m=(140.0, 330.0),
        light=Light(
            first_exit_utc=EXIT_UTC - timedelta(seconds=96), last_exit_utc=EXIT_UTC + timedelta(seconds=81),
            at_landing="sunset to civil dusk", landing_sun_elevation_deg=-3.2,
            beats=(("mark", EXIT_UTC - timedelta(seconds=96), EXIT_UTC + timedelta(seconds=81)),),
        ),
        focus=tuple(focus),
        oxygen=OxygenPlan(
            prebreathe_s=1800.0, confidence="unchecked", source="military free-fall tables, 25,000 ft band",
            notes=("Begin below 16,000 ft, fitted mask, never from the bail-out bottle.", "Any break starts the count again."),
        ),
        weights=(
            ExitWeight(name="operator", exit_kg=111.1, limit_kg=136.0), ExitWeight(name="actor", exit_kg=105.0, limit_kg=None),
        ),
        contingency=(
            Contingency(case="Premature opening at exit", action="Stay on oxygen, steer downwind, 22 min to the ground; the other falls on", altitude_m=0.0, caller="whoever is open"),
            Contingency(case="Oxygen fails in the aircraft", action="Nobody jumps; descend below 10,000 ft", altitude_m=0.0, caller="oxygen technician"),
            Contingency(case="Mask fogs or lifts in the fall", action="Break off, turn away, pull at the planned height", altitude_m=10000 * FT_M, caller="actor"),
            Contingency(case="Lost sight of each other", action="Track apart on opposite headings; pull at own height", altitude_m=6500 * FT_M, caller="either"),
            Contingency(case="Malfunction", action="Cut away and reserve", altitude_m=1800 * FT_M, caller="whoever has it"),
        ),
        notes=("Heights are above the drop zone; set altimeters to zero on the ground.",),
    )  # fmt: skip


def longest_sharp(c: Curves, from_s: float, to_s: float) -> tuple[float, float]:
    """Start and length of the longest stretch in focus."""
    best, start = (from_s, 0.0), None
    for t, sharp in zip(c.time_s, c.in_focus, strict=True):
        inside = sharp and from_s <= t <= to_s
        start = t if inside and start is None else start if inside else None
        if inside and t - start > best[1]:
            best = (float(start), float(t - start))
    return best


def a_verdict(c: Curves | None = None) -> Verdict:
    c = c or a_curves()
    at_s, held_s = longest_sharp(c, 48.0, 91.5)
    end_s = at_s + held_s
    range_m = float(np.interp(end_s + 0.2, c.time_s, c.range_m))
    limit_m = float(np.interp(end_s, c.time_s, c.far_m if range_m > 0.95 else c.near_m))
    off_m = -abs(range_m - limit_m)

    def at(name: str, margin: float, unit: str, at_s: float) -> CriterionMargin:
        return CriterionMargin(name=name, margin=margin, unit=unit, at_s=at_s)

    note = (
        f"mark: missed — held {held_s:.1f} s of 3.0 s; range {feet_inches(range_m)} at t = {end_s:.1f} s, "
        f'{-off_m / IN_M:.1f}" too {"far" if range_m > limit_m else "close"}; sharp would need f/4'
    )
    return Verdict(
        verdict="missed",
        beats=(
            BeatVerdict(
                name="out backwards", verdict="got it", margin=0.9, unit="m", sigma=0.0, p=1.0, cause="", held_s=1.5, hold_s=1.5,
                at_s=1.2, note="out backwards: got it — held 1.5 s from t = 1.2 s; whole body in picture, 40 to 70 ft off",
                attempt_s=(1.2, 2.7), criteria=(at("in_frame", 0.08, "of the picture", 2.1), at("range", 0.9, "m", 1.2)),
            ),
            BeatVerdict(
                name="approach", verdict="got it", margin=0.03, unit="of the picture", sigma=0.0, p=1.0, cause="", held_s=4.0, hold_s=4.0,
                at_s=41.0, note="approach: got it — grows from a twentieth to a quarter of the picture in 19 s",
                attempt_s=(38.0, 42.0), criteria=(at("in_frame", 0.12, "of the picture", 44.0), at("size", 0.03, "of the picture", 45.0)),
            ),
            BeatVerdict(
                name="mark", verdict="missed", margin=off_m, unit="m", sigma=0.0, p=0.0, cause="focus", held_s=held_s, hold_s=3.0,
                at_s=end_s, note=note, attempt_s=(at_s, at_s + 3.0),
                criteria=(
                    at("focus", off_m, "m", end_s), at("in_frame", 0.06, "of the picture", at_s), at("size", 0.11, "of the picture", end_s),
                    at("facing", 21 * DEG_RAD, "rad", at_s), at("exposure", 0.4, "stops", at_s), at("altitude", 1840.0, "m", end_s),
                    at("sun", 0.6 * DEG_RAD, "rad", end_s),
                ),
            ),
        ),
        closest_m=float(np.min(c.range_m)), in_focus_s=14.2, aborted="", ending="landed", facts={"hand_touches": 0.0},
    )  # fmt: skip


def an_odds(takes: int = 2000) -> Odds:
    def some(share: float) -> Estimate:
        return wilson(round(share * takes), takes)

    return Odds(
        takes=takes, asked=takes, window_s=(0.0, 98.0), seed=1, engine="threads", p_shot=some(0.268), p_abort=some(0.041),
        aborts=(("closing too fast inside 15 ft", 0.024), ("no mark by 8,000 ft AGL", 0.012), ("lost sight for 3 s", 0.005)),
        beats=(
            BeatOdds(name="out backwards", odds=some(0.97), window_s=(0.0, 8.0)),
            BeatOdds(name="approach", odds=some(0.83), after="out backwards", within_s=60.0),
            BeatOdds(name="mark", odds=some(0.281), after="approach", within_s=30.0),
        ),
        causes=(
            Cause(cause="mark: focus", share=0.61, only_share=0.47), Cause(cause="mark: in_frame", share=0.14, only_share=0.06),
            Cause(cause="approach: size", share=0.12, only_share=0.11), Cause(cause="aborted", share=0.056, only_share=0.056),
            Cause(cause="mark: altitude", share=0.044, only_share=0.01), Cause(cause="out backwards: range", share=0.03, only_share=0.03),
        ),
        p_contact=some(0.0), contacts=(), contact_speed_m_s=None, p_hand_touch=some(0.004), p_diverged=some(0.0),
        landing_p50_m=142.0, landing_p95_m=338.0, p_landing_outside=some(0.083),
        spreads=(
            Spread(name="closest range", unit="m", p05=0.79, p50=0.88, p95=1.42), Spread(name="held on the mark", unit="s", p05=0.2, p50=1.7, p95=5.3),
            Spread(name="blur at the mark", unit="µm", p05=6.0, p50=27.0, p95=74.0), Spread(name="height at the mark", unit="m", p05=2600.0, p50=3950.0, p95=5100.0),
        ),
        priors=(
            Prior(name="motor noise, operator", value="0.020 ± 0.006", unit="", kind="assumed", source="none", why="decides the hold, and nobody has measured it; calibrate from rehearsals"),
            Prior(name="wake width", value="0.28 + 0.08 x", unit="m", kind="assumed", source="two published laws that disagree", why="both branches are drawn, half of the takes each"),
            Prior(name="wind error, correlation over height", value="2,500", unit="m", kind="derived", source="radiosonde pairs", why="white noise would halve the drift error"),
            Prior(name="opening time", value="3.5 to 5", unit="s", kind="published", source="drop tests of ram-air canopies", why="measured"),
            Prior(name="exit interval", value="0.4 ± 0.15", unit="s", kind="assumed", source="none", why="a count on the ramp"),
            Prior(name="mass, actor", value="77", unit="kg", kind="given", source="shot file", why="stands there"),
        ),
        wall_s=1.3, takes_per_s=1540.0,
        rare=RareOdds(event="contact", odds=Estimate(p=4e-5, low=2e-5, high=8e-5), reached=True, parts=(), replicates=10, flown=25000),
        sensitivity=a_sensitivity(some(0.268)),
    )  # fmt: skip


def a_sensitivity(p_shot: Estimate) -> Sensitivity:
    def swing(name: str, unit: str, low: float, high: float, p_low: float, p_high: float) -> Swing:
        def moved(by: float) -> Change:
            return Change(by=by, low=by - 0.03, high=by + 0.03)

        return Swing(
            name=name, kind="assumed", why="nobody knows", low=low, high=high, unit=unit, trust="within a factor of two", p_low=p_low, p_high=p_high,
            at_low=moved(p_low - p_shot.p), at_high=moved(p_high - p_shot.p), across=moved(p_high - p_low),
        )  # fmt: skip

    groups = ("wind", "exit", "noise in flight")
    return Sensitivity(
        takes=1000, p_shot=p_shot,
        tornado=(
            swing("actor: motor noise", "× as assumed", 0.5, 2.0, 0.55, 0.08), swing("reaction to the focus cue", "s", 0.14, 0.46, 0.31, 0.2),
            *(swing(f"a small one {k}", "of the airspeed", 0.3, 0.6, 0.27, 0.265) for k in range(14)),
        ),
        effects=tuple(
            Effect(group=group, output=output, total=Estimate(p=share, low=share - 0.1, high=share + 0.1))
            for output in ("the shot", "time in focus") for group, share in zip(groups, (0.2, 0.3, 0.9), strict=True)
        ),
    )  # fmt: skip


CARD = """LIGHTNING, THEN OXYGEN   SCENE 112A            TUE 11 OCT 2011
------------------------------------------------------------------
17:18   masks on, prebreathe 30 min
17:52   ramp open, run-in 109 true
17:58:10   EXIT  25,000 ft MSL   N24°12.677' E054°34.879'
+48 s   close;  mark 3'0"  (2'10" is soft)
6,500 ft  BREAK OFF      6,000 ft  operator pulls
                         4,000 ft  actor pulls
1,800 ft  DECISION"""


def material() -> Material:
    take = a_take()
    return Material(
        shot=a_shot(), plan=a_plan(), take=take, verdict=a_verdict(), curves=a_curves(take), odds=an_odds(), column=a_column(),
        notes=("The nominal take has no draw and no noise; odds come from 2,000 that have.",), card=CARD,
    )  # fmt: skip


def as_arguments(m: Material) -> dict[str, object]:
    names = ("shot", "plan", "take", "verdict", "curves", "odds", "column", "notes", "card")
    return {name: getattr(m, name) for name in names}


@pytest.fixture(scope="session")
def stage() -> ModuleType:
    """This file, for tests that make their own variant of something."""
    return sys.modules[__name__]


@pytest.fixture(scope="session")
def whole() -> Material:
    """Everything a report can show."""
    return material()
