"""Cameras and lenses: tables of real ones, and the two nouns everything in this room works on.

Lengths in metres. A body's picture is width × height on the sensor; a lens measures distance from its own datum,
while its optics work from the entrance pupil, which sits ahead of the image plane.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Literal, get_args

from onetake.errors import ChoiceError, InputError
from onetake.seams import no_such, unknown

Datum = Literal["image_plane", "entrance_pupil", "lens_front"]
Confidence = Literal["read", "recalled"]

# Glass passes about 0.8 to 0.92 of the light. The one prime whose f and T are both published (f/1.24, T1.3) gives 0.91;
# the lower value is the careful one: it makes the hole, and so the blur, larger for the same T.
ASSUMED_TRANSMISSION = 0.85
# Pupil ahead of the image plane: 69 mm on a 28 mm still lens (maker's sheet), more on large cine wides. Measure it.
ASSUMED_PUPIL_OFFSET_M = 0.090


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraBody:
    """The picture area of one camera in one mode, in metres and recorded pixels (film: of a scan 4096 across).

    readout_s: how long its rows take to be read, one after the other; 0 where all are at once, None where nobody says.
    """

    name: str
    width_m: float
    height_m: float
    width_px: int
    height_px: int
    medium: Literal["digital", "film"] = "digital"
    source: str = "given by the user"
    confidence: Confidence = "read"
    readout_s: float | None = None
    readout_source: str = ""

    def __post_init__(self) -> None:
        if self.readout_s is not None and not 0.0 <= self.readout_s < 1.0:
            raise InputError(
                f"camera {self.name!r}: rows read in {self.readout_s} s are not those of a film camera"
            )
        _finite_positive(self.name, width_m=self.width_m, height_m=self.height_m)
        if self.width_px < 1 or self.height_px < 1:
            raise InputError(f"camera {self.name!r}: {self.width_px} x {self.height_px} is not a picture")

    @property
    def diagonal_m(self) -> float:
        """Diagonal of the picture area."""
        return math.hypot(self.width_m, self.height_m)

    @property
    def half_width_m(self) -> float:
        """Half the width, which is x = 1 in the picture."""
        return self.width_m / 2

    @property
    def half_height_m(self) -> float:
        """Half the height, which is y = 1 in the picture."""
        return self.height_m / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """A lens at one stop.

    minimum_focus_m and every focus setting are measured from `datum`. pupil_offset_m and front_offset_m are how far
    the entrance pupil and the front of the lens lie ahead of the image plane, taken as the same at every focus
    (a lens that focuses by moving as a whole comes forward by v - f: 1.4 mm for 35 mm at 3 ft).
    breathing is the share of the thin lens's change of picture angle that this lens shows: 1 thin lens, 0 none.
    assumed names the fields that no source gives.
    """

    name: str
    focal_m: float
    f_number: float
    t_stop: float
    minimum_focus_m: float
    datum: Datum = "image_plane"
    pupil_offset_m: float = ASSUMED_PUPIL_OFFSET_M
    front_offset_m: float | None = None
    breathing: float = 1.0
    source: str = "given by the user"
    confidence: Confidence = "read"
    assumed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        what = f"lens {self.name!r}"
        _finite_positive(
            what,
            focal_m=self.focal_m,
            f_number=self.f_number,
            t_stop=self.t_stop,
            minimum_focus_m=self.minimum_focus_m,
        )
        if self.datum not in get_args(Datum):
            raise ChoiceError(f"{what}: {no_such(self.datum, get_args(Datum), 'datum')}")
        if not (math.isfinite(self.pupil_offset_m) and abs(self.pupil_offset_m) < 1.0):
            raise InputError(f"{what}: a pupil offset of {self.pupil_offset_m} m is not that of a lens")
        if self.datum == "lens_front" and self.front_offset_m is None:
            raise InputError(
                f"{what}: distances are from the lens front, so say how far the front lies ahead of the image plane (front_offset)"
            )
        if self.front_offset_m is not None and not 0.0 < self.front_offset_m < 1.0:
            raise InputError(f"{what}: a front offset of {self.front_offset_m} m is not that of a lens")
        if not 0.0 <= self.breathing <= 2.0:
            raise InputError(f"{what}: breathing is a share of the thin lens's, 0 to 1, not {self.breathing}")
        if self.t_stop < self.f_number * (1.0 - 1e-9):
            raise InputError(
                f"{what}: T{self.t_stop:g} at f/{self.f_number:g} would pass more light than falls in; T is never below f"
            )
        if self.minimum_focus_m - self.datum_to_pupil_m <= self.focal_m:
            raise InputError(
                f"{what}: the minimum focus of {self.minimum_focus_m:g} m lies inside the lens (pupil {self.datum_to_pupil_m:g} m ahead of the datum, focal length {self.focal_m:g} m); check minimum_focus, pupil_offset and datum"
            )

    @property
    def datum_offset_m(self) -> float:
        """How far the datum lies ahead of the image plane."""
        if self.datum == "entrance_pupil":
            return self.pupil_offset_m
        if self.datum == "lens_front":
            return self.front_offset_m or 0.0
        return 0.0

    @property
    def datum_to_pupil_m(self) -> float:
        """How far the entrance pupil lies ahead of the datum; negative behind a lens front."""
        return self.pupil_offset_m - self.datum_offset_m

    @property
    def transmission(self) -> float:
        """Share of the light that passes: (f/T)²."""
        return (self.f_number / self.t_stop) ** 2

    @property
    def label(self) -> str:
        """Focal length and stop, as on a camera report: `35 mm f/2.8`."""
        return f"{self.focal_m * 1000:g} mm f/{self.f_number:g}"

    def at(self, f_number: float) -> Lens:
        """The same lens at another stop; T goes with it."""
        return replace(self, f_number=f_number, t_stop=self.t_stop * f_number / self.f_number)


def _finite_positive(what: str, **values: float) -> None:
    for name, value in values.items():
        if not (math.isfinite(value) and value > 0.0):
            raise InputError(f"{what}: {name} is {value}; it must be a number above zero")


def _rows(file: str, table: str) -> list[dict[str, object]]:
    text = resources.files("onetake.lens").joinpath("data", file).read_text("utf-8")
    rows: list[dict[str, object]] = tomllib.loads(text)[table]
    return rows


@cache
def bodies() -> dict[str, CameraBody]:
    """All cameras of the table, by name."""
    return {entry.name: entry for entry in map(_body, _rows("bodies.toml", "body"))}


@cache
def lenses() -> dict[str, Lens]:
    """All lenses of the table, by name, each wide open."""
    return {entry.name: entry for entry in map(_lens, _rows("lenses.toml", "lens"))}


def body(name: str) -> CameraBody:
    """A camera by name (capitals do not matter). Raises ChoiceError with the nearest name and the list."""
    return bodies()[_known(name, tuple(bodies()), "camera")]


def lens(name: str) -> Lens:
    """A lens by name (capitals do not matter), wide open. Raises ChoiceError with the nearest name and the list."""
    return lenses()[_known(name, tuple(lenses()), "lens")]


def _known(name: str, names: tuple[str, ...], kind: str) -> str:
    folded = {known.casefold(): known for known in names}
    if name.casefold() not in folded:
        raise unknown(name, names, kind)
    return folded[name.casefold()]


def _body(row: dict[str, object]) -> CameraBody:
    return CameraBody(
        name=str(row["name"]),
        width_m=_number(row["width_mm"]) / 1000,
        height_m=_number(row["height_mm"]) / 1000,
        width_px=int(_number(row["width_px"])),
        height_px=int(_number(row["height_px"])),
        medium="film" if row["medium"] == "film" else "digital",
        source=str(row["source"]),
        confidence="read" if row["confidence"] == "read" else "recalled",
        readout_s=_number(row["readout_ms"]) / 1000 if "readout_ms" in row else None,
        readout_source=str(row.get("readout_source", "")),
    )


def _lens(row: dict[str, object]) -> Lens:
    ratio = math.sqrt(ASSUMED_TRANSMISSION)  # f over T
    t_stop = _number(row["t_stop"]) if "t_stop" in row else _number(row["f_number"]) / ratio
    f_number = _number(row["f_number"]) if "f_number" in row else t_stop * ratio
    pupil_offset_m = (
        _number(row["pupil_offset_mm"]) / 1000 if "pupil_offset_mm" in row else ASSUMED_PUPIL_OFFSET_M
    )
    fields = {"f_number": "f_number", "t_stop": "t_stop", "pupil_offset_mm": "pupil_offset_m"}
    return Lens(
        name=str(row["name"]),
        focal_m=_number(row["focal_mm"]) / 1000,
        f_number=f_number,
        t_stop=t_stop,
        minimum_focus_m=_number(row["minimum_focus_m"]),
        pupil_offset_m=pupil_offset_m,
        source=str(row["source"]),
        confidence="read" if row["confidence"] == "read" else "recalled",
        assumed=tuple(field for key, field in fields.items() if key not in row),
    )


def _number(value: object) -> float:
    if not isinstance(value, int | float):
        raise TypeError(f"{value!r} in our own table is not a number")
    return float(value)
