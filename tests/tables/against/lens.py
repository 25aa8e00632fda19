"""Depth of field and blur against printed tables and another library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from against.flown import Array
from against.row import Row, near
from onetake.lens.camera import body
from onetake.lens.focus import (
    blur_m,
    circle_of_confusion_m,
    f_number_needed,
    far_limit_m,
    image_distance_m,
    near_limit_m,
)
from onetake.units import FT_M, IN_M

ORDER = 10
TITLE = "Focus"
TEXT = "Geometry with nothing to adjust; further printed tables are in `tests/tables/test_depth_of_field.py`."

DXL = body("DXL 8K VV")


def rows(data: Path) -> Iterator[Row]:
    """Every comparison of this part."""
    # 50 mm f/4 at 10 ft: insyncpubs.com (Canon, DOFMaster), to 0.001 ft by the optics study of this project
    for criterion, near_ft, far_ft in (("0.030 mm", 8.742, 11.681), ("0.019 mm", 9.165, 11.003)):
        circle_m = circle_of_confusion_m(criterion, body("full frame 36x24"))
        glass = (10 * FT_M, 0.050, 4.0, circle_m)
        ours = [float(near_limit_m(*glass)) / FT_M, float(far_limit_m(*glass)) / FT_M]
        yield near(
            f"50 mm f/4 at 10 ft, circle {criterion}: near and far, ft", "Canon and DOFMaster tables, insyncpubs.com",
            ours, [near_ft, far_ft], limit=0.001, unit="ft", kind="computed",
        )  # fmt: skip
    needed = [
        float(f_number_needed(34 * IN_M, 36 * IN_M, focal / 1000, circle_of_confusion_m("D/1500", DXL)))
        for focal in (18, 21, 24, 28, 35, 40, 50)
    ]
    yield near(
        "Widest stop that keeps 2'10\" sharp at 3'0\", 18 to 50 mm, DXL", "optics study, three digits",
        needed, [0.69, 0.94, 1.23, 1.69, 2.65, 3.49, 5.51], limit=0.005, unit="f-number", kind="computed",
    )  # fmt: skip
    ours, theirs = against_library()
    yield near(
        "Blur disc, 200 random lenses and distances, px", "circle-of-confusion 0.3 (Rust, single precision)",
        ours, theirs, limit=1e-3, unit="%", kind="computed",
    )  # fmt: skip
    ours, theirs = by_rays()
    yield near(
        "Blur disc, two rays through the rim of the lens, m", "similar triangles", ours, theirs, limit=1e-9, unit="m",
        kind="computed",
    )  # fmt: skip


def lenses(count: int) -> tuple[Array, ...]:
    """Focal length, stop, focus and object distance (count,) each; seed fixed. Objects are 2 % or more out of focus.

    Focus is nearer than the hyperfocal distance by a circle of diagonal / 1730: the library lets nobody focus beyond.
    """
    rng = np.random.default_rng(3)
    focal, stop = rng.uniform(0.018, 0.100, count), rng.uniform(1.3, 11.0, count)
    hyperfocal = focal**2 / (stop * DXL.diagonal_m / 1730)
    focus = rng.uniform(0.3, np.minimum(0.95 * hyperfocal, 12.0))
    away = rng.uniform(0.02, 0.6, count) * rng.choice([-1.0, 1.0], count)
    return focal, stop, focus, focus * (1 + away)


def against_library() -> tuple[Array, Array]:
    """Blur diameters in pixels of the DXL, ours and the library's."""
    from circle_of_confusion import Calculator, CameraData, Filmback, Math, Resolution, Settings, WorldUnit

    ours, theirs = [], []
    for focal_m, stop, focus_m, object_m in zip(*lenses(200), strict=True):
        camera = CameraData(
            focal_length=focal_m * 1000, f_stop=stop, filmback=Filmback(DXL.width_m * 1000, DXL.height_m * 1000),
            near_field=0.1, far_field=1e4, world_unit=WorldUnit.M, resolution=Resolution(DXL.width_px, DXL.height_px),
        )  # fmt: skip
        settings = Settings(size=1e6, max_size=1e6, math=Math.Real, focal_plane=focus_m, camera_data=camera)
        theirs.append(2 * abs(Calculator(settings).calculate(object_m)))  # a radius, negative when nearer
        diagonal_px = (DXL.width_px**2 + DXL.height_px**2) ** 0.5  # it scales by the diagonal
        ours.append(float(blur_m(object_m, focus_m, focal_m, stop)) / DXL.diagonal_m * diagonal_px)
    return np.array(ours), np.array(theirs)


def by_rays() -> tuple[Array, Array]:
    """Blur diameters in metres: rays of the object's point through the rim, cut by the plane that the focus is on."""
    focal, stop, focus, away = lenses(200)
    plane, image = image_distance_m(focus, focal), 1.0 / (1.0 / focal - 1.0 / away)
    rim = focal / stop
    return np.asarray(blur_m(away, focus, focal, stop)), np.abs(rim * (image - plane) / image)
