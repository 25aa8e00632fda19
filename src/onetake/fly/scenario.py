"""Scenario: a shot, the air and an exit, as the arrays the flight kernel takes, and the priors of what is drawn.

Local ENU metres above the drop zone, seconds since the first exit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onetake.axes import EARTH_RATE_RAD_S, curvature_radii_m
from onetake.errors import InputError
from onetake.fly.pilot import Pilot, pilot_of
from onetake.fly.state import CAPSULES, COMMON, TICK_S
from onetake.fly.trim import trim_of
from onetake.jumper.body import Body, Capsule, HelmetCamera, build_body
from onetake.jumper.canopy import Aad, aad, canopy_flight, likely_opening, reserve_opening
from onetake.jumper.panels import flight_table
from onetake.jumper.posture import area_range, flown_lag_s, throw
from onetake.lens.camera import Lens
from onetake.shot.camera import MOST_PULLS, FocusStep
from onetake.shot.cast import Person
from onetake.shot.file import Shot
from onetake.take import Leaving
from onetake.units import FT_M, Altitude
from onetake.weather.atmosphere import gravity_about, pressure_altitude_m, speed_of_sound_m_s
from onetake.weather.column import Column
from onetake.weather.gusts import profile

Array = NDArray[np.float64]
F32 = NDArray[np.float32]

LEVEL_M, ERROR_LEVEL_M = 50.0, 250.0
DEFAULT_CANOPY_M2 = 230 * FT_M**2
DEFAULT_AAD = "cypres_expert"
NEVER = 1e9
# share by which drag grows from Mach 0.75 to 1.1: a suited man's rise is 19 % of a smooth body's, which doubles
# (Guerster & Walter 2017, PLOS ONE 12:e0187798, as surveyed); nobody on a film reaches a third of that speed
WAVE_DRAG = 0.19
# how long a noise lasts: a person's unsteadiness, the gusts' difference over a metre, the aim, the eye for range
MOTOR_S, APART_S, AIM_S, EYE_S = 0.8, 0.4, 0.5, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Jumper:
    """One person ready to fly."""

    person: Person
    body: Body
    pilot: Pilot
    break_agl_m: float
    pull_agl_m: float
    aad: Aad
    canopy_m2: float
    glide: float
    sink_m_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Arrays for `fly.kernel.fly_block`, and what they were made from.

    common (C,), panels (2, 7, 9), capsules (20, 8), air (levels, 8), all float32; error_levels: rows of wind error
    every 250 m; first_tick: when the take begins, at or before the first exit.
    """

    shot: Shot
    jumpers: tuple[Jumper, Jumper]
    leaving: Leaving
    column: Column
    common: F32
    panels: F32
    capsules: F32
    air: F32
    error_levels: int
    first_tick: int
    focus_start_m: float

    @property
    def heading_rad(self) -> float:
        """Where the aircraft's nose points, clockwise from north."""
        return self.leaving.heading_rad

    @property
    def operator(self) -> Jumper:
        """Who carries the camera."""
        return self.jumpers[0]

    @property
    def subject(self) -> Jumper:
        """Who is filmed."""
        return self.jumpers[1]


def height_agl_m(altitude: Altitude, shot: Shot, column: Column) -> float:
    """Height above the drop zone of an altitude of any datum; a flight level by the column's own pressure."""
    if altitude.datum == "AGL":
        return altitude.value_m
    if altitude.datum == "MSL":
        return altitude.value_m - shot.place.elevation_m
    levels = np.arange(0.0, max(column.top_msl_m or 0.0, 15000.0), 10.0)
    pressure = column.at(levels[levels <= (column.top_msl_m or 0.0)]).pressure_pa
    level = np.interp(altitude.value_m, pressure_altitude_m(pressure), levels[: len(pressure)])
    return float(level) - shot.place.elevation_m


def altimeter_reads_m(height_agl: ArrayLike, shot: Shot, column: Column) -> Array:
    """What a pressure altimeter zeroed on the drop zone shows at true heights above it (any shape).

    Instruments assume the standard atmosphere: in cold air they show more height than there is.
    """
    heights = np.asarray(height_agl, float)
    ground = shot.place.elevation_m
    here, zero = (
        pressure_altitude_m(column.pressure_and_temperature(np.atleast_1d(level))[0])
        for level in (heights + ground, np.array(ground))
    )
    return np.asarray(here - zero[0]).reshape(heights.shape)


def height_read_m(reads_m: float, shot: Shot, column: Column) -> float:
    """True height above the drop zone at which a pressure altimeter zeroed there shows so much; an AAD fires by that."""
    heights = np.linspace(0.0, 2.0 * reads_m, 101)
    return float(np.interp(reads_m, altimeter_reads_m(heights, shot, column), heights))


def make_jumper(person: Person, shot: Shot, column: Column) -> Jumper:
    """A person of the cast with body, pilot and parachute. Raises InputError or ChoiceError naming the person."""
    mount = shot.camera.mount
    camera = None
    if person.role == "operator":
        camera = HelmetCamera(
            mass_kg=mount.mass_kg, cg_head_m=mount.cg_m, image_plane_head_m=mount.image_plane_m
        )
    body = build_body(
        name=person.name,
        mass_kg=person.mass_kg,
        equipment_kg=person.equipment_kg,
        height_m=person.height_m,
        neutral_speed_m_s=person.fall_rate.neutral_m_s,
        reference=person.fall_rate.reference,
        camera=camera,
    )
    canopy_m2 = (shot.opening.canopy_m2 or {}).get(person.name, DEFAULT_CANOPY_M2)
    flight = canopy_flight(mass_kg=body.mass_kg, canopy_m2=canopy_m2, density_kg_m3=1.225)
    return Jumper(
        person=person,
        body=body,
        pilot=pilot_of(person.skill),
        break_agl_m=height_agl_m(shot.opening.break_off, shot, column),
        pull_agl_m=height_agl_m(shot.opening.pull[person.name], shot, column),
        aad=aad((shot.opening.aad or {}).get(person.name, DEFAULT_AAD)),
        canopy_m2=canopy_m2,
        glide=flight.glide,
        sink_m_s=flight.descent_m_s,
    )


def shot_lens(shot: Shot) -> Lens:
    """The lens in hand, as the lens room computes with it."""
    lens = shot.camera.lens
    return Lens(
        name=lens.name or f"{lens.focal_m * 1000:g} mm",
        focal_m=lens.focal_m,
        f_number=lens.f_number,
        t_stop=lens.t_stop or lens.f_number,
        minimum_focus_m=lens.minimum_focus_m,
        datum=lens.datum,  # type: ignore[arg-type]  # the shot file allows these words only
        pupil_offset_m=lens.pupil_offset_m,
        front_offset_m=lens.front_offset_m,
        breathing=lens.breathing,
    )


def build_scenario(shot: Shot, column: Column, leaving: Leaving) -> Scenario:
    """Compile a shot for the kernel.

    Raises WeatherError where the winds do not reach the exit, InputError for a body or a pilot that cannot be.
    """
    jumpers = (make_jumper(shot.operator(), shot, column), make_jumper(shot.subject(), shot, column))
    air = air_table(shot, column, leaving.position_enu_m[2])
    steps, start_m = focus_steps(shot)
    values = _world(shot) | _noises() | _aircraft(leaving) | _rules(shot, column) | steps
    values |= _mount(jumpers[0].body, shot) | _station(shot)
    for letter, jumper in zip("AB", jumpers, strict=True):
        values |= {f"{letter}_{key}": value for key, value in _person(jumper).items()}
        values |= {f"{letter}_{key}": value for key, value in _device(jumper.aad, shot, column).items()}
    common = np.array([values[name] for name in COMMON], np.float32)
    begins = min([0.0, *(beat.window_s[0] for beat in shot.beats if beat.window_s is not None)])
    return Scenario(
        shot=shot,
        jumpers=jumpers,
        leaving=leaving,
        column=column,
        common=common,
        panels=np.array(
            [flight_table(jumper.body.panels, jumper.body.tangential) for jumper in jumpers], np.float32
        ),
        capsules=np.concatenate([_capsules(jumper.body) for jumper in jumpers]).astype(np.float32),
        air=air,
        error_levels=math.ceil(air.shape[0] * LEVEL_M / ERROR_LEVEL_M) + 2,
        first_tick=math.floor(begins / TICK_S),
        focus_start_m=start_m,
    )


def air_table(shot: Shot, column: Column, top_agl_m: float) -> F32:
    """Rows every 50 m of height: density, wind east, north, gust sigma, length, speed of sound, mean wind below (2)."""
    heights = np.arange(0.0, top_agl_m + 4 * LEVEL_M, LEVEL_M)
    # the profile must reach the exit; the row above it only closes the last interval
    reach = np.minimum(heights, top_agl_m) + shot.place.elevation_m
    air = column.at(np.maximum(reach, 0.0))
    if shot.weather.gusts == "none":
        sigma, length = np.zeros_like(heights), np.full_like(heights, 533.4)
    else:
        gusts = profile(np.maximum(heights, 3.1), shot.weather.gusts)
        # one size for all three axes: they differ below 2,000 ft only, where everybody is under canopy
        sigma, length = gusts.sigma_m_s[:, 0], gusts.length_m[:, 0]
    count = np.arange(1, len(heights) + 1)
    sound = speed_of_sound_m_s(air.temperature_k)
    below = [np.cumsum(wind) / count for wind in (air.wind_east_m_s, air.wind_north_m_s)]
    return np.stack(
        [air.density_kg_m3, air.wind_east_m_s, air.wind_north_m_s, sigma, length, sound, *below], axis=1
    ).astype(np.float32)


def focus_steps(shot: Shot) -> tuple[dict[str, float], float]:
    """Start distance and up to two pulls. Distances are kept from the lens's own datum.

    Raises InputError for more than two pulls after the start: a hand does no more in one fall.
    """
    lens, camera = shot_lens(shot), shot.camera
    first, pulls = camera.focus[0], camera.focus[1:]
    if first.start is None or len(pulls) > MOST_PULLS:
        raise InputError("the first focus entry says where the lens starts; at most two pulls may follow")
    values: dict[str, float] = {"focus0": _focus_distance(first, shot), "dial": throw().reach}
    for i in (1, 2):
        step = pulls[i - 1] if i <= len(pulls) else None
        values |= {
            f"trig_range{i}": step.cue_range_m if step and step.cue_range_m is not None else -1.0,
            f"trig_time{i}": float(step.start) if step and isinstance(step.start, int | float) else NEVER,
            f"inv{i}": 1.0 / (_focus_distance(step, shot) if step else lens.minimum_focus_m),
            f"rack{i}": max(step.rack_s, TICK_S) if step else 1.0,
        }
        if step and step.by == "remote":
            values["dial"] = 0.0
    return values, values["focus0"]


def _focus_distance(step: FocusStep, shot: Shot) -> float:
    from onetake.lens.camera import body
    from onetake.lens.focus import hyperfocal_focus_m, settable_focus_m

    lens = shot_lens(shot)
    if step.to == "hyperfocal":
        return hyperfocal_focus_m(lens, shot.camera.criterion, body(shot.camera.body))
    if step.to == "hard stop":
        return lens.minimum_focus_m
    return settable_focus_m(lens, float(step.to))


def _world(shot: Shot) -> dict[str, float]:
    lat = math.radians(shot.place.lat_deg)
    here = gravity_about(lat, shot.place.elevation_m)
    north_m, east_m = curvature_radii_m(lat)
    moved = throw()
    return {
        "pair": 1.0,
        "steered": 1.0,
        "fall_ticks": 1.0,
        "gravity": here.gravity_m_s2,
        "gradient": here.gradient_per_m,
        "gradient2": here.gradient2_per_m2,
        "curve_e": 1.0 / east_m,
        "curve_n": 1.0 / north_m,
        "curve_tan": math.tan(lat) / east_m,
        "wave_drag": WAVE_DRAG,
        "coriolis_sin": 2 * EARTH_RATE_RAD_S * math.sin(lat),
        "coriolis_cos": 2 * EARTH_RATE_RAD_S * math.cos(lat),
        "damping": 2.0,
        "posture_lag_s": flown_lag_s(),
        "limbs_fore": moved.fore_aft,
        "limbs_side": moved.side,
        "limbs_turn": moved.turn,
        "shelter_s": 0.3,
        "target_x": 0.0,
        "target_y": 0.0,
    }


def _noises() -> dict[str, float]:
    return {"motor_s": MOTOR_S, "apart_s": APART_S, "aim_s": AIM_S, "eye_s": EYE_S}


def _reserve(jumper: Jumper) -> dict[str, float]:
    opening = reserve_opening(jumper.canopy_m2)
    return {
        "reserve_extract_s": opening.extraction_s,
        "reserve_snivel_s": opening.snivel_s,
        "reserve_fill_s": opening.fill_s,
        "reserve_snivel_area": opening.snivel_cda_m2 - jumper.body.cda_neutral_m2,
    }


def _aircraft(leaving: Leaving) -> dict[str, float]:
    return {"aircraft_e": leaving.velocity_enu_m_s[0], "aircraft_n": leaving.velocity_enu_m_s[1]}


def _rules(shot: Shot, column: Column) -> dict[str, float]:
    abort = shot.abort
    closing_range_m, closing_limit = abort.closing_inside or (-1.0, NEVER)
    return {
        "no_mark_m": height_agl_m(abort.no_mark_by, shot, column) if abort.no_mark_by else -NEVER,
        "closing_range_m": closing_range_m,
        "closing_limit": closing_limit,
        "lost_s": abort.lost_sight_s if abort.lost_sight_s is not None else NEVER,
    }


def _station(shot: Shot) -> dict[str, float]:
    """Where the subject goes: the range of the last beat that names one, else the last focus distance.

    Measured from the image plane, as the focus puller's mark is.
    """
    wanted: float | None = None
    for beat in shot.beats:
        for criterion in beat.must:
            if criterion.label == "range" and criterion.lower is not None and criterion.upper is not None:
                wanted = (criterion.lower + criterion.upper) / 2
    last = shot.beats[-1].must
    if not any(c.label == "range" for c in last) and shot.camera.focus:
        lens = shot_lens(shot)
        wanted = _focus_distance(shot.camera.focus[-1], shot) - _datum_offset(lens)
    station = wanted if wanted is not None else 3 * FT_M
    return {"mark_m": station, "station_m": station}


def _drogue(jumper: Jumper) -> dict[str, float]:
    """A drogue pulls at the rig, straight behind the centre of mass: its bridle is cut so that nobody is tipped."""
    drogue, rig = jumper.person.drogue, next(c for c in jumper.body.capsules if c.name == "rig")
    return {
        "drogue_m2": drogue.area_m2 if drogue else 0.0,
        "drogue_s": drogue.at_s if drogue else NEVER,
        "drogue_z": (rig.start_m[2] + rig.end_m[2]) / 2 + rig.radius_m,
    }


def _device(device: Aad, shot: Shot, column: Column) -> dict[str, float]:
    """It goes by what it reads: true heights are what they are today."""
    return {
        "aad_m": height_read_m(device.height_agl_m, shot, column),
        "aad_m_s": device.speed_m_s,
        "aad_slow_m": height_read_m(device.partial_height_agl_m, shot, column),
        "aad_slow_m_s": min(device.partial_speed_m_s, NEVER),
        "aad_off_m": height_read_m(device.cutoff_agl_m, shot, column),
    }


def _datum_offset(lens: Lens) -> float:
    from onetake.lens.focus import plane_from_pupil_m, pupil_from_datum_m

    one = lens.minimum_focus_m
    return one - float(plane_from_pupil_m(lens, pupil_from_datum_m(lens, one)))


def _mount(body: Body, shot: Shot) -> dict[str, float]:
    if body.image_plane_m is None:
        raise InputError(f"{body.name} carries no camera")
    pivot, plane = np.array(body.neck_pivot_m), np.array(body.image_plane_m)
    offset = plane - pivot
    return dict(zip(("pivot_x", "pivot_y", "pivot_z"), pivot.tolist(), strict=True)) | dict(
        zip(("plane_x", "plane_y", "plane_z"), offset.tolist(), strict=True)
    )


def _person(jumper: Jumper) -> dict[str, float]:
    body, fall = jumper.body, jumper.person.fall_rate
    slow, fast = area_range(fall.min_m_s, fall.neutral_m_s, fall.max_m_s)
    roll, pitch, yaw = (float(value) for value in np.diag(body.inertia_kg_m2))
    shoulders, trim = body.neck_pivot_m, trim_of(body)
    return {
        "mass": body.mass_kg, "ix": roll, "iy": pitch, "iz": yaw,
        "area": body.cda_neutral_m2 / (4 * math.pi), "slow": slow, "fast": fast,
        # risers hold at the shoulders, a hand's breadth behind and below the neck
        "riser_x": shoulders[0] - 0.05, "riser_y": 0.0, "riser_z": shoulders[2] + 0.05,
        "eye_x": body.eyes_m[0], "eye_y": body.eyes_m[1], "eye_z": body.eyes_m[2],
        "full_area": likely_opening(jumper.canopy_m2).full_cda_m2,
        "glide": jumper.glide, "sink": jumper.sink_m_s, **_reserve(jumper), **_drogue(jumper),
        "fore_trim": trim.fore_per_tilt, "side_trim": trim.side_per_tilt, "push": trim.push_per_tilt,
    }  # fmt: skip


# the capsules flown against each other, in the order of fly.state: from, to (a capsule and which end), whose radius.
# Elbow to elbow holds both upper arms and the shoulders; knee to knee bars the space between the legs. First come those
# that are nearest when two fly head to head: what is near rules out what is far.
_CAPSULES: tuple[tuple[tuple[str, str], tuple[str, str], str], ...] = (
    (("head", "start_m"), ("head", "end_m"), "head"),
    (("camera", "start_m"), ("camera", "end_m"), "camera"),
    (("forearm left", "start_m"), ("forearm right", "start_m"), "upper arm left"),
    (("torso", "start_m"), ("torso", "end_m"), "torso"),
    (("rig", "start_m"), ("rig", "end_m"), "rig"),
    (("shank left", "start_m"), ("shank right", "start_m"), "thigh left"),
    (("shank left", "start_m"), ("shank left", "end_m"), "shank left"),
    (("shank right", "start_m"), ("shank right", "end_m"), "shank right"),
    (("forearm left", "start_m"), ("hand left", "end_m"), "forearm left"),
    (("forearm right", "start_m"), ("hand right", "end_m"), "forearm right"),
)


def _capsules(body: Body) -> Array:
    named: Mapping[str, Capsule] = {capsule.name: capsule for capsule in body.capsules}
    rows = np.zeros((CAPSULES, 8))
    for row, ((first, begin), (last, end), thick) in zip(rows, _CAPSULES, strict=True):
        if first not in named:
            row[6] = -NEVER  # no camera: never in the way
            continue
        turned = 1.0 if thick in ("head", "camera") and body.camera_mass_kg > 0 else 0.0
        row[:] = [*getattr(named[first], begin), *getattr(named[last], end), named[thick].radius_m, turned]
    return rows
