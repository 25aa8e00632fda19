"""The six panels of a jumper, balanced: in air from straight below no pitching moment and no drive fore or aft.

Body axes forward-left-up about the centre of mass. The torso's centre of pressure is put where it balances the rest.
Where that would be off the trunk (much weight on the head), the jumper does what people do: legs in, arms out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from onetake.errors import InputError
from onetake.jumper.segments import Array, Figure, table

UP = np.array([0.0, 0.0, 1.0])
NAMES = ("torso", "head", "left arm", "right arm", "left leg", "right leg")
ARMS, LEGS = slice(2, 4), slice(4, 6)
# how much of the legs can be tucked away, and arms spread, to stay level
MOST_SHIFT = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One flat panel: area times normal-force coefficient, its place, its unit normal (pointing to the back)."""

    name: str
    area_cn_m2: float
    place_m: tuple[float, float, float]
    normal: tuple[float, float, float]


class Shape(NamedTuple):
    """Areas (6,), unit normals (6, 3) and places (6, 3) in the order of NAMES."""

    areas_m2: Array
    normals: Array
    places_m: Array


def load_from_below(shape: Shape, tangential: float) -> Array:
    """Force of each panel (6, 3) in air from straight below, over half the density times the speed squared, m²."""
    areas, normals, _ = shape
    force: Array = areas[:, None] * (normals[:, 2:] ** 2 * normals + tangential * UP)
    return force


def balanced_panels(
    person: str, bare: Figure, centre_m: Array, cda_m2: float
) -> tuple[tuple[Panel, ...], float]:
    """The panels, their drag in air from straight below equal to cda_m2, and the factor their areas were scaled by.

    centre_m (3,): the centre of mass in the figure's axes. Raises InputError that names the person when no shift of
    arms and legs balances the load. Source: data/panels.toml, an assumption.
    """
    tangential = float(table("panels")["tangential"])
    trunk = bare.masses["trunk"]
    low_m, high_m = trunk.end_m[0] - centre_m[0], trunk.start_m[0] - centre_m[0]
    shift = 0.0
    torso_m = _torso_place(_shape(bare, centre_m, shift), tangential)
    if not low_m <= torso_m <= high_m:
        torso_m = high_m if torso_m > high_m else low_m
        shift = _shift(person, bare, centre_m, torso_m, tangential)
    shape = _shape(bare, centre_m, shift)
    shape.places_m[0, 0] = torso_m
    scale = cda_m2 / float(load_from_below(shape, tangential)[:, 2].sum())
    panels = tuple(
        Panel(name=name, area_cn_m2=float(area * scale), place_m=triple(place), normal=triple(normal))
        for name, area, normal, place in zip(NAMES, *shape, strict=True)
    )
    return panels, scale


def flight_table(panels: tuple[Panel, ...], tangential: float) -> Array:
    """What the compiled flight needs of six panels, (7, 9): a row a panel, then one of the skin of them all.

    Panel: area·Cn, normal n (3), r × n (3), y and z of the place r. Skin, with a the tangential areas: sum of a, of
    a r (3), of a [r² - r r] as xx, yy, zz, xz, and nothing; left and right are alike, so xy and yz vanish.
    """
    rows, skin = [], np.zeros(9)
    for panel in panels:
        place, normal = np.array(panel.place_m), np.array(panel.normal)
        rows.append([panel.area_cn_m2, *normal, *np.cross(place, normal), *place[1:]])
        spread = np.eye(3) * (place @ place) - np.outer(place, place)
        about = [spread[0, 0], spread[1, 1], spread[2, 2], spread[0, 2]]
        skin[:8] += tangential * panel.area_cn_m2 * np.array([1.0, *place, *about])
    return np.array([*rows, skin])


def _shape(bare: Figure, centre_m: Array, shift: float) -> Shape:
    """The unscaled panels with arms larger and legs smaller by `shift`, without drive, torso not yet placed."""
    rows = table("panels")["panel"]
    kinds = [rows[name.rsplit(" ", 1)[-1]] for name in NAMES]
    sides = np.array([0.0, 0.0, 1.0, -1.0, 1.0, -1.0])
    areas = np.array([kind["area_m2"] for kind in kinds])
    areas[ARMS] *= 1.0 + shift
    areas[LEGS] *= 1.0 - shift
    slopes = np.array(
        [[kind["tilt"][0], side * kind["tilt"][1], 1.0] for kind, side in zip(kinds, sides, strict=True)]
    )
    # what head and arms push forward, the legs push back (areas here are per unit of up-normal)
    slopes[LEGS, 0] = -np.sum((areas * slopes[:, 0])[: LEGS.start]) / np.sum(areas[LEGS])
    steep = np.linalg.norm(slopes, axis=1)
    places = [
        _middle(bare, kind["anchor"], name.split()[0]) - centre_m
        for kind, name in zip(kinds, NAMES, strict=True)
    ]
    return Shape(areas * steep**3, slopes / steep[:, None], np.array(places))


def _torso_place(shape: Shape, tangential: float) -> float:
    """Where along the body the torso's force balances all others."""
    force, places = load_from_below(shape, tangential), shape.places_m
    rest = np.sum(places[1:, 2] * force[1:, 0] - places[1:, 0] * force[1:, 2])
    return float(rest / force[0, 2])


def _shift(person: str, bare: Figure, centre_m: Array, torso_m: float, tangential: float) -> float:
    """The shift of area from legs to arms that puts the torso's balance at torso_m."""
    from scipy.optimize import brentq

    def off(shift: float) -> float:
        return _torso_place(_shape(bare, centre_m, shift), tangential) - torso_m

    if off(-MOST_SHIFT) * off(MOST_SHIFT) > 0:
        raise InputError(
            f"{person}: so much mass sits so far from the trunk that no neutral posture keeps this jumper level; "
            "check the mass and the place of the camera"
        )
    return float(brentq(off, -MOST_SHIFT, MOST_SHIFT))


def _middle(bare: Figure, anchor: list[str], side: str) -> Array:
    """Middle of a limb's segments, each weighted by its length (a limb is about equally broad throughout)."""
    names = [f"{kind.replace('_', ' ')} {side}" if side in ("left", "right") else kind for kind in anchor]
    pieces = [bare.masses[name] for name in names]
    lengths = np.array([np.linalg.norm(piece.end_m - piece.start_m) for piece in pieces])
    middles = np.array([(piece.start_m + piece.end_m) / 2 for piece in pieces])
    centre: Array = lengths @ middles / lengths.sum()
    return centre


def triple(vector: Array) -> tuple[float, float, float]:
    """Three floats."""
    x, y, z = (float(part) for part in vector)
    return x, y, z
