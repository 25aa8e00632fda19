"""The jumper's mass: eleven kinds of body segment set into a pose.

Axes forward-left-up of a body lying on its belly: x to the head, y to the left, z to the back. The origin is the
middle of the hips until somebody shifts it. Lengths grow with height, masses with mass (de Leva 1996, men).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onetake.errors import ChoiceError, InputError
from onetake.seams import no_such

Array = NDArray[np.float64]

BACK = np.array([0.0, 0.0, 1.0])
LIMBS = ("upper_arm", "forearm", "hand", "thigh", "shank", "foot")


@cache
def table(name: str) -> Mapping[str, Any]:
    """One of this room's data files, read once."""
    text = resources.files("onetake.jumper").joinpath(f"data/{name}.toml").read_text("utf-8")
    return MappingProxyType(tomllib.loads(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mass:
    """A piece of mass: its centre (3,) m and its inertia (3, 3) kg m² about that centre."""

    name: str
    mass_kg: float
    centre_m: Array
    inertia_kg_m2: Array
    start_m: Array
    end_m: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A body in a pose: its masses and the places a coordinator would point at, metres from the middle of the hips."""

    masses: Mapping[str, Mass]
    places_m: Mapping[str, Array]
    scale: float


def total(masses: Iterable[Mass]) -> tuple[float, Array, Array]:
    """Mass kg, centre (3,) m and inertia (3, 3) kg m² about that centre, of all pieces together."""
    pieces = list(masses)
    mass = sum(piece.mass_kg for piece in pieces)
    centre = np.sum([piece.mass_kg * piece.centre_m for piece in pieces], axis=0) / mass
    inertia = np.zeros((3, 3))
    for piece in pieces:
        arm = piece.centre_m - centre
        inertia += piece.inertia_kg_m2 + piece.mass_kg * (arm @ arm * np.eye(3) - np.outer(arm, arm))
    return mass, centre, inertia


def brick(name: str, mass_kg: float, centre_m: Array, size_m: ArrayLike) -> Mass:
    """A uniform box along the axes; a size of zero is a point."""
    x2, y2, z2 = np.square(np.asarray(size_m, float))
    half = np.array([np.sqrt(x2) / 2, 0.0, 0.0])
    return Mass(
        name=name,
        mass_kg=mass_kg,
        centre_m=centre_m,
        inertia_kg_m2=np.diag([y2 + z2, x2 + z2, x2 + y2]) * mass_kg / 12.0,
        start_m=centre_m - half,
        end_m=centre_m + half,
    )


def figure(pose: str, *, mass_kg: float, height_m: float) -> Figure:
    """A man of this mass and height in a named pose.

    mass_kg and height_m are the bare body's. Raises InputError for a body outside 1.3 to 2.2 m or 35 to 200 kg,
    ChoiceError for a pose that does not exist. Source: de Leva 1996; pose angles in data/segments.toml.
    """
    for name, value, low, high, unit in (
        ("mass", mass_kg, 35.0, 200.0, "kg"),
        ("height", height_m, 1.3, 2.2, "m"),
    ):
        if not low <= value <= high:  # NaN too
            raise InputError(f"a body {name} of {value:g} {unit} is outside {low:g} to {high:g} {unit}")
    data = table("segments")
    if pose not in data["pose"]:
        raise ChoiceError(no_such(pose, tuple(data["pose"]), "pose"))
    return _Builder(mass_kg, height_m / data["reference_height_m"]).build(data["pose"][pose])


class _Builder:
    """Sets segments end to end."""

    def __init__(self, mass_kg: float, scale: float) -> None:
        self.mass_kg, self.scale = mass_kg, scale
        self.masses: dict[str, Mass] = {}
        self.places: dict[str, Array] = {}

    def build(self, pose: Mapping[str, Any]) -> Figure:
        data = table("segments")
        joints = {key: value * self.scale for key, value in data["joints"].items() if key.endswith("_m")}
        trunk = self._length("trunk")
        neck = np.array([data["cervicale_above_hips_m"] * self.scale, 0.0, 0.0])
        crown = neck + _unit(pose["head"]) * data["vertex_above_cervicale_m"] * self.scale
        self._set("trunk", "trunk", np.array([trunk, 0.0, 0.0]), np.array([-1.0, 0.0, 0.0]))
        self._set("head", "head", crown, -_unit(pose["head"]))
        self.places |= {"neck": neck, "head": self.masses["head"].centre_m, "hips": np.zeros(3)}
        for side, sign in (("left", 1.0), ("right", -1.0)):
            mirror = np.array([1.0, sign, 1.0])
            ways = {limb: _unit(pose[limb if limb != "hand" else "forearm"]) * mirror for limb in LIMBS}
            shoulder = np.array(
                [trunk - joints["shoulder_below_breastbone_m"], sign * joints["shoulder_half_breadth_m"], 0.0]
            )
            elbow = self._set(f"upper arm {side}", "upper_arm", shoulder, ways["upper_arm"])
            wrist = self._set(f"forearm {side}", "forearm", elbow, ways["forearm"])
            # the hand's length is wrist to knuckle; the fingers reach about twice as far
            knuckle = self._set(f"hand {side}", "hand", wrist, ways["hand"])
            hip = np.array([0.0, sign * joints["hip_half_breadth_m"], 0.0])
            knee = self._set(f"thigh {side}", "thigh", hip, ways["thigh"])
            ankle = self._set(f"shank {side}", "shank", knee, ways["shank"])
            heel = (
                ankle
                + ways["shank"] * joints["ankle_height_m"]
                - ways["foot"] * joints["heel_behind_ankle_m"]
            )
            toe = self._set(f"foot {side}", "foot", heel, ways["foot"])
            self.places |= {
                f"shoulder {side}": shoulder, f"elbow {side}": elbow, f"wrist {side}": wrist,
                f"finger tip {side}": 2.2 * knuckle - 1.2 * wrist, f"hip {side}": hip, f"knee {side}": knee,
                f"ankle {side}": ankle, f"toe {side}": toe,
            }  # fmt: skip
        return Figure(masses=self.masses, places_m=self.places, scale=self.scale)

    def _length(self, kind: str) -> float:
        length: float = table("segments")["segment"][kind]["length_m"] * self.scale
        return length

    def _set(self, name: str, kind: str, start_m: Array, way: Array) -> Array:
        """Place one segment from its start along a unit vector; returns its end."""
        row = table("segments")["segment"][kind]
        length_m, mass_kg = self._length(kind), row["mass"] * self.mass_kg
        front = BACK - way * (BACK @ way)  # front-back axis, square to the segment
        if (
            np.linalg.norm(front) < 0.3
        ):  # a segment that points at the back or the belly: its front faces the head
            front = np.array([1.0, 0.0, 0.0]) - way * way[0]
        front = _unit(front)
        axes = np.stack([front, np.cross(way, front), way])
        gyration_m = np.asarray(row["gyration"]) * length_m
        inertia = mass_kg * axes.T @ np.diag(gyration_m**2) @ axes
        end_m = start_m + way * length_m
        self.masses[name] = Mass(
            name=name,
            mass_kg=mass_kg,
            centre_m=start_m + way * length_m * row["centre"],
            inertia_kg_m2=inertia,
            start_m=start_m,
            end_m=end_m,
        )
        return end_m


def _unit(vector: ArrayLike) -> Array:
    array = np.asarray(vector, float)
    unit: Array = array / np.linalg.norm(array)
    return unit
