"""Glass: what the judge must know of camera, lens, crew and light, as numbers for the compiled scan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.polynomial import polyfit
from numpy.typing import NDArray

from onetake.clock import Clock
from onetake.errors import InputError
from onetake.judge.state import OPTICS, SCENE
from onetake.jumper.body import Body
from onetake.lens.camera import CameraBody, Lens, body
from onetake.lens.exposure import Exposure, exposing_lux
from onetake.lens.focus import circle_of_confusion_m
from onetake.lens.framing import HEAD_HEIGHT_M, SAFE_BORDER
from onetake.shot.file import Shot
from onetake.take import Leaving
from onetake.weather.light import illuminance_lux
from onetake.weather.sun import HORIZONTAL_REFRACTION_RAD, horizon_depression_rad, sun_position

F32 = NDArray[np.float32]
Array = NDArray[np.float64]
HIGHEST_M = 12000.0  # where the aircraft is not known; no winds reach higher


@dataclass(frozen=True, slots=True, kw_only=True)
class Glass:
    """circle_m: the criterion's circle of confusion; table (len(OPTICS),), outline (k, 3) and scene (len(SCENE),) go

    to the kernel. light_known is False where the take has no clock: sun and exposure then tell nothing; aircraft_known
    where nothing says how the aircraft flew.
    """

    camera: CameraBody
    lens: Lens
    criterion: str
    circle_m: float
    within_stops: float
    light_known: bool
    aircraft_known: bool
    table: F32
    outline: F32
    scene: F32

    def value(self, name: str) -> float:
        """One number of the table by its name in `state.OPTICS`."""
        return float(self.table[OPTICS.index(name)])


def make_glass(
    shot: Shot, lens: Lens, operator: Body, subject: Body, clock: Clock | None, aircraft: Leaving | None
) -> Glass:
    """Gather the glass for one shot, one exit time, and one run of the aircraft."""
    camera = body(shot.camera.body)
    circle_m = circle_of_confusion_m(shot.camera.criterion, camera)
    if operator.image_plane_m is None:
        raise InputError(f"{operator.name} carries no camera")
    plane = np.subtract(operator.image_plane_m, operator.neck_pivot_m)
    values = {
        "focal": lens.focal_m, "f_number": lens.f_number, "pupil_offset": lens.pupil_offset_m,
        "datum_to_pupil": lens.datum_to_pupil_m, "breathing": lens.breathing,
        "half_width": camera.width_m / 2, "half_height": camera.height_m / 2, "circle": circle_m,
        "head_height": HEAD_HEIGHT_M, "border": SAFE_BORDER,
        "to_landing": float(_to_landing(shot)),
    }  # fmt: skip
    for name, place in (
        ("pivot", operator.neck_pivot_m), ("plane", plane), ("eye", subject.eyes_m), ("head", subject.head_centre_m),
    ):  # fmt: skip
        values |= {f"{name}_{axis}": float(value) for axis, value in zip("xyz", place, strict=True)}
    values |= _light(shot, lens, clock, HIGHEST_M if aircraft is None else aircraft.position_enu_m[2])
    exposure = shot.camera.exposure
    return Glass(
        camera=camera,
        lens=lens,
        criterion=shot.camera.criterion,
        circle_m=circle_m,
        within_stops=exposure.within_stops if exposure else 0.0,
        light_known=clock is not None,
        aircraft_known=aircraft is not None,
        table=np.array([values[name] for name in OPTICS], np.float32),
        outline=subject.body_points_m.astype(np.float32),
        scene=_scene(shot, clock, aircraft),
    )


def _scene(shot: Shot, clock: Clock | None, aircraft: Leaving | None) -> F32:
    """The aircraft's run, and the sun's level bearing as a line in time: within 0.01° over four minutes."""
    values = dict.fromkeys(SCENE, np.nan)
    if aircraft is not None:
        places = ("exit_east", "exit_north", "exit_up", "speed_east", "speed_north")
        values |= dict(zip(places, (*aircraft.position_enu_m, *aircraft.velocity_enu_m_s), strict=True))
    if clock is not None:
        time_s = _span_s(shot)
        bearing = sun_position(
            shot.place.lat_deg, shot.place.lon_deg, clock.first_exit_utc, time_s
        ).azimuth_rad
        for name, part in (("sun_east", np.sin(bearing)), ("sun_north", np.cos(bearing))):
            slope, middle = np.polyfit(time_s, part, 1)
            values |= {name: float(middle), f"{name}_t": float(slope)}
    return np.array([values[name] for name in SCENE], np.float32)


def _light(shot: Shot, lens: Lens, clock: Clock | None, highest_m: float) -> dict[str, float]:
    """The sun's true elevation as a parabola in time, and stops over as a polynomial in what the height makes of it.

    From the first beat over the first four minutes, or 25 where a rule asks until the landing: the sun within 0.01°,
    stops within 0.02. The day's own refraction and haze are worth more. Undefined, and so never inside any bound,
    without a clock.
    """
    names = ("sun0", "sun_t", "sun_tt"), tuple(f"stops{i}" for i in range(6))
    if clock is None:
        return dict.fromkeys((*names[0], *names[1], "lifted_middle"), np.nan) | {"lifted_half": 1.0}
    time_s = _span_s(shot)
    sun = sun_position(shot.place.lat_deg, shot.place.lon_deg, clock.first_exit_utc, time_s).elevation_rad
    low = float(sun.min() + horizon_depression_rad(0.0))
    high = float(sun.max() + horizon_depression_rad(highest_m))
    lifted = np.linspace(low, high, 400)
    middle, half = (low + high) / 2, (high - low) / 2
    stops = np.zeros_like(lifted)
    if shot.camera.exposure is not None:
        chosen = shot.camera.exposure
        exposure = Exposure(
            ei=chosen.ei,
            shutter_rad=chosen.shutter_rad,
            picture_rate_hz=float(shot.picture_rate),
            nd_stops=chosen.nd_stops,
            within_stops=chosen.within_stops,
        )
        lux = illuminance_lux(lifted - HORIZONTAL_REFRACTION_RAD)
        stops = np.log2(np.maximum(lux, 1e-6) / exposing_lux(exposure, lens.t_stop))
    values = {"lifted_middle": middle, "lifted_half": half}
    for keys, fit in zip(
        names, (polyfit(time_s, sun, 2), polyfit((lifted - middle) / half, stops, 5)), strict=True
    ):
        values |= {key: float(value) for key, value in zip(keys, fit, strict=True)}
    return values


def _span_s(shot: Shot) -> Array:
    """Times at which somebody may ask for light, (61,)."""
    begins = [beat.window_s[0] for beat in shot.beats if beat.window_s is not None]
    return np.linspace(min([-60.0, *begins]), 1500.0 if _to_landing(shot) else 240.0, 61)


def _to_landing(shot: Shot) -> bool:
    return any(rule.end == "landing" for rule in shot.always)
