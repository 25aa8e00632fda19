"""Glass: what the judge must know of camera, lens, crew and light, as numbers for the compiled scan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
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
from onetake.weather.light import illuminance_aloft_lux
from onetake.weather.sun import above_visible_horizon_rad, horizon_dip_rad, sun_position

F32 = NDArray[np.float32]
Array = NDArray[np.float64]


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


def make_glass(
    shot: Shot, lens: Lens, operator: Body, subject: Body, clock: Clock | None, aircraft: Leaving | None
) -> Glass:
    """Gather the glass for one shot, one exit time, and one run of the aircraft."""
    camera = body(shot.camera.body)
    circle_m = circle_of_confusion_m(shot.camera.criterion, camera)
    if operator.image_plane_m is None:
        raise InputError(f"{operator.name} carries no camera")
    sun, stops = _light(shot, lens, clock)
    plane = np.subtract(operator.image_plane_m, operator.neck_pivot_m)
    values = {
        "focal": lens.focal_m, "f_number": lens.f_number, "pupil_offset": lens.pupil_offset_m,
        "datum_to_pupil": lens.datum_to_pupil_m, "breathing": lens.breathing,
        "half_width": camera.width_m / 2, "half_height": camera.height_m / 2, "circle": circle_m,
        "head_height": HEAD_HEIGHT_M, "border": SAFE_BORDER,
        "to_landing": float(any(rule.end == "landing" for rule in shot.always)),
    }  # fmt: skip
    for name, place in (
        ("pivot", operator.neck_pivot_m), ("plane", plane), ("eye", subject.eyes_m), ("head", subject.head_centre_m),
    ):  # fmt: skip
        values |= {f"{name}_{axis}": float(value) for axis, value in zip("xyz", place, strict=True)}
    for name, surface in (("sun", sun), ("stops", stops)):
        values |= {
            f"{name}{key}": value
            for key, value in zip(("0", "_t", "_h", "_tt", "_th", "_hh"), surface, strict=True)
        }
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
    """The aircraft's run, and the sun's level bearing as a line over the first four minutes: within 0.01° there."""
    values = dict.fromkeys(SCENE, np.nan) | {"dip": float(horizon_dip_rad(1.0))}
    if aircraft is not None:
        places = ("exit_east", "exit_north", "exit_up", "speed_east", "speed_north")
        values |= dict(zip(places, (*aircraft.position_enu_m, *aircraft.velocity_enu_m_s), strict=True))
    if clock is not None:
        time_s = np.linspace(-60.0, 240.0, 31)
        bearing = sun_position(
            shot.place.lat_deg, shot.place.lon_deg, clock.first_exit_utc, time_s
        ).azimuth_rad
        for name, part in (("sun_east", np.sin(bearing)), ("sun_north", np.cos(bearing))):
            slope, middle = np.polyfit(time_s, part, 1)
            values |= {name: float(middle), f"{name}_t": float(slope)}
    return np.array([values[name] for name in SCENE], np.float32)


def _light(shot: Shot, lens: Lens, clock: Clock | None) -> tuple[list[float], list[float]]:
    """Sun above one's own horizon and stops over, as second-order surfaces in time and root of height.

    Fitted over the first four minutes and all heights up to 9 km; the sun's surface is within 0.01° there.
    Undefined, and so never inside any bound, without a clock.
    """
    if clock is None:
        return [float("nan")] * 6, [float("nan")] * 6
    time_s, root = np.meshgrid(np.linspace(-60.0, 240.0, 31), np.linspace(0.0, 95.0, 39), indexing="ij")
    place = (shot.place.lat_deg, shot.place.lon_deg)
    height = root**2
    elevation = sun_position(*place, clock.first_exit_utc, time_s).elevation_rad
    sun = above_visible_horizon_rad(elevation, height)
    stops = np.zeros_like(sun)
    if shot.camera.exposure is not None:
        chosen = shot.camera.exposure
        exposure = Exposure(
            ei=chosen.ei,
            shutter_rad=chosen.shutter_rad,
            picture_rate_hz=float(shot.picture_rate),
            nd_stops=chosen.nd_stops,
            within_stops=chosen.within_stops,
        )
        lux = illuminance_aloft_lux(*place, height, clock.first_exit_utc, time_s)
        stops = np.log2(np.maximum(lux, 1e-6) / exposing_lux(exposure, lens.t_stop))
    return _surface(time_s, root, sun), _surface(time_s, root, stops)


def _surface(time_s: Array, root: Array, values: Array) -> list[float]:
    t, h = time_s.ravel(), root.ravel()
    terms = np.stack([np.ones_like(t), t, h, t * t, t * h, h * h], axis=1)
    coefficients, *_ = np.linalg.lstsq(terms, values.ravel(), rcond=None)
    return [float(value) for value in coefficients]
