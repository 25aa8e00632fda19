"""Curves of a judged take: the judge's signals as the report draws them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from onetake.api.stage import Stage
from onetake.lens.focus import circle_of_confusion_m, far_limit_m, near_limit_m, plane_from_pupil_m
from onetake.show.curves import Curves
from onetake.take import Take
from onetake.trace import Array


def curves_of(stage: Stage, take: Take, signals: Mapping[str, Array]) -> Curves:
    """The judge's signals of a take as the report draws them."""
    glass = stage.bench.glass
    lens, time_s = glass.lens, signals["time_s"]
    out = np.array([event.time_s for event in take.events if event.name == "exit"])
    seen = time_s >= (out.max() if len(out) == len(take.bodies) else np.inf)
    focus = np.interp(time_s, take.lens.time_s, take.lens.focus_m) if take.lens else None
    near = far = None
    if focus is not None:
        pupil = focus - lens.datum_to_pupil_m
        limits = (lens.focal_m, lens.f_number, glass.circle_m)
        near = np.asarray(plane_from_pupil_m(lens, near_limit_m(pupil, *limits)), float)
        far = np.asarray(plane_from_pupil_m(lens, far_limit_m(pupil, *limits)), float)
    range_m, blur = np.where(seen, signals["range_m"], np.nan), np.where(seen, signals["blur_m"], np.nan)
    height = {
        trace.name: np.interp(time_s, trace.time_s, trace.position_enu_m[:, 2]) for trace in take.bodies[:2]
    }
    low, high = signals["sun_low_rad"], signals["sun_high_rad"]
    operator, subject = (trace.name for trace in take.bodies[:2])
    above = height[operator] >= height[subject]
    sun = {operator: np.where(above, high, low), subject: np.where(above, low, high)}
    pixel = circle_of_confusion_m("4K pixel", glass.camera)
    return Curves(
        time_s=time_s,
        range_m=range_m,
        closing_m_s=np.where(seen, signals["closing_m_s"], np.nan),
        blur_m=blur,
        circle_m=glass.circle_m,
        criterion=glass.criterion,
        other_circles=(("4K pixel", pixel),),
        near_m=near,
        far_m=far,
        focus_m=focus,
        in_focus=(blur <= glass.circle_m) & (signals["face_room"] > 0),
        size=np.where(seen, signals["size_share"], np.nan),
        range_sigma_m=signals.get("range_sigma_m"),
        height_agl_m=height,
        sun_rad=sun,
    )
