"""One jumper as a rigid body with panels: what the compiled flight is fed, the clearance measured on, the figure drawn from.

Body axes forward-left-up (x to the head, y left, z to the back), origin at the centre of mass of body, equipment and
helmet camera together, in the neutral box position. A panel's force over half the density is

    area_cn (u·n) |u·n| n  +  tangential · area_cn |u| u          u: air past the panel, body axes

Head axes are forward-left-up through the face, origin at the centre of mass of the bare head, and parallel to the body
axes while the neck is neutral.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from onetake.errors import ChoiceError, InputError
from onetake.jumper.panels import Panel, balanced_panels, triple
from onetake.jumper.segments import Array, Figure, Mass, brick, figure, table, total
from onetake.seams import no_such
from onetake.units import FT_M, G0_M_S2

Part = Literal["body", "hand"]

# density a fall rate is quoted at: 4,000 ft in the standard atmosphere (the "skydiver's airspeed"), or sea level
SEA_LEVEL_KG_M3 = 1.225
REFERENCE_KG_M3: dict[str, float] = {
    "SAS": float(SEA_LEVEL_KG_M3 * (1.0 - 0.0065 * 4000.0 * FT_M / 288.15) ** 4.255876),
    "SL": SEA_LEVEL_KG_M3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Capsule:
    """All points within a radius of a line: one part of the outline that must not touch another person."""

    name: str
    start_m: tuple[float, float, float]
    end_m: tuple[float, float, float]
    radius_m: float
    part: Part = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelmetCamera:
    """A camera on the helmet; places in head axes."""

    mass_kg: float
    cg_head_m: tuple[float, float, float]
    image_plane_head_m: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A jumper ready to fly.

    mass_kg: all up, with equipment and camera. inertia_kg_m2 (3, 3) about the centre of mass; principal_kg_m2 (3,)
    nearest to roll, pitch, yaw. panels: ALREADY multiplied by area_scale. body_points_m (k, 3): the outline that a
    shot of the whole body must contain. image_plane_m: in body axes with a neutral neck; None without a camera.
    Everything in metres from the centre of mass, except *_head_m (head axes).
    """

    name: str
    mass_kg: float
    inertia_kg_m2: Array
    principal_kg_m2: Array
    panels: tuple[Panel, ...]
    tangential: float
    area_scale: float
    cda_neutral_m2: float
    cda_per_m_m2_kg: float
    eyes_m: tuple[float, float, float]
    head_centre_m: tuple[float, float, float]
    neck_pivot_m: tuple[float, float, float]
    head_mass_kg: float
    camera_mass_kg: float
    camera_cg_m: tuple[float, float, float] | None
    image_plane_m: tuple[float, float, float] | None
    image_plane_head_m: tuple[float, float, float] | None
    capsules: tuple[Capsule, ...]
    body_points_m: Array

    def panel_arrays(self) -> tuple[Array, Array, Array]:
        """area_cn (k,) m², places (k, 3) m, unit normals (k, 3)."""
        return (
            np.array([panel.area_cn_m2 for panel in self.panels]),
            np.array([panel.place_m for panel in self.panels]),
            np.array([panel.normal for panel in self.panels]),
        )


def cda_per_mass(speed_m_s: float, reference: str = "SAS") -> float:
    """Drag area over mass, m²/kg, of a body whose terminal speed is `speed_m_s` at the reference density.

    Raises InputError outside 25 to 150 m/s, ChoiceError for a reference other than SAS or SL.
    Source: balance of weight and drag, 2 g / (rho v²), standard gravity and atmosphere.
    """
    if reference not in REFERENCE_KG_M3:
        raise ChoiceError(no_such(reference, tuple(REFERENCE_KG_M3), "fall-rate reference"))
    if not 25.0 <= speed_m_s <= 150.0:
        raise InputError(f"a fall rate of {speed_m_s:g} m/s is outside 25 to 150 m/s (56 to 336 mph)")
    return 2.0 * G0_M_S2 / (REFERENCE_KG_M3[reference] * speed_m_s**2)


def build_body(
    *,
    name: str,
    mass_kg: float,
    equipment_kg: float,
    height_m: float = 1.78,
    neutral_speed_m_s: float,
    reference: str = "SAS",
    camera: HelmetCamera | None = None,
) -> Body:
    """Build a jumper from what a call sheet knows.

    mass_kg: the bare person, 35 to 200 kg; equipment_kg: all that is worn, without the camera, 0 to 80 kg; height_m
    1.3 to 2.2; neutral_speed_m_s: terminal speed in the neutral box position with all of this on, at `reference`
    ("SAS": standard density at 4,000 ft; "SL": at sea level). The sum of the panels is scaled to that speed; neutral
    posture has no net fore-aft force and no pitching moment in air from straight below.
    Raises InputError or ChoiceError. Sources: data/segments.toml, data/panels.toml.
    """
    if not 0.0 <= equipment_kg <= 80.0:
        raise InputError(f"{name}: equipment of {equipment_kg:g} kg is outside 0 to 80 kg")
    if camera is not None:
        _check_camera(name, camera)
    cda_per_m = cda_per_mass(neutral_speed_m_s, reference)
    bare = figure("box", mass_kg=mass_kg, height_m=height_m)
    pieces = _dressed(bare, equipment_kg, camera)
    all_up_kg, centre_m, inertia = total(pieces)
    cda_m2 = cda_per_m * all_up_kg
    panels, scale = balanced_panels(name, bare, centre_m, cda_m2)
    head_m = bare.places_m["head"] - centre_m
    head_axes = {
        key: np.asarray(value) for key, value in table("segments")["head_axes"].items() if key.endswith("_m")
    }
    return Body(
        name=name,
        mass_kg=all_up_kg,
        inertia_kg_m2=inertia,
        principal_kg_m2=_principal(inertia),
        panels=panels,
        tangential=float(table("panels")["tangential"]),
        area_scale=scale,
        cda_neutral_m2=cda_m2,
        cda_per_m_m2_kg=cda_per_m,
        eyes_m=triple(head_m + head_axes["eyes_m"] * bare.scale),
        head_centre_m=triple(head_m),
        neck_pivot_m=triple(head_m + head_axes["pivot_m"] * bare.scale),
        head_mass_kg=sum(piece.mass_kg for piece in pieces if piece.name in ("head", "helmet")),
        camera_mass_kg=camera.mass_kg if camera else 0.0,
        camera_cg_m=triple(head_m + np.asarray(camera.cg_head_m)) if camera else None,
        image_plane_m=triple(head_m + np.asarray(camera.image_plane_head_m)) if camera else None,
        image_plane_head_m=camera.image_plane_head_m if camera else None,
        capsules=_capsules(bare, centre_m, camera),
        body_points_m=_outline(bare) - centre_m,
    )


def _check_camera(name: str, camera: HelmetCamera) -> None:
    if not 0.0 < camera.mass_kg <= 20.0:
        raise InputError(f"{name}: a helmet camera of {camera.mass_kg:g} kg is outside 0 to 20 kg")
    for what, place in (("centre of gravity", camera.cg_head_m), ("image plane", camera.image_plane_head_m)):
        if len(place) != 3 or not math.hypot(*place) <= 0.6:
            raise InputError(
                f"{name}: the camera's {what} {place} is not within 0.6 m of the centre of the head"
            )


def _dressed(bare: Figure, equipment_kg: float, camera: HelmetCamera | None) -> list[Mass]:
    """The body's segments with the suit's mass spread over them, and rig, helmet and camera as pieces of their own."""
    kit = table("segments")["equipment"]
    body_kg = sum(piece.mass_kg for piece in bare.masses.values())
    stretch = 1.0 + kit["suit_share"] * equipment_kg / body_kg
    pieces = [
        Mass(
            name=piece.name, mass_kg=piece.mass_kg * stretch, centre_m=piece.centre_m,
            inertia_kg_m2=piece.inertia_kg_m2 * stretch, start_m=piece.start_m, end_m=piece.end_m,
        )
        for piece in bare.masses.values()
    ]  # fmt: skip
    head_m = bare.places_m["head"]
    helmet_m = head_m + np.asarray(table("segments")["head_axes"]["helmet_m"])
    # a shell of 0.12 m radius: 2/3 m r² on every axis, as a cube of the same inertia
    pieces.append(brick("helmet", kit["helmet_share"] * equipment_kg, helmet_m, [0.24, 0.24, 0.24]))
    pieces.append(brick("rig", kit["rig_share"] * equipment_kg, _rig_centre(bare), kit["rig_size_m"]))
    if camera is not None:
        pieces.append(
            brick("camera", camera.mass_kg, head_m + np.asarray(camera.cg_head_m), [0.2, 0.15, 0.15])
        )
    return pieces


def _rig_centre(bare: Figure) -> Array:
    kit = table("segments")["equipment"]
    return np.array([kit["rig_centre_above_hips_m"], 0.0, kit["rig_behind_trunk_axis_m"]]) * bare.scale


def _principal(inertia: Array) -> Array:
    """Principal moments, each named by the body axis its direction is nearest to."""
    moments, axes = np.linalg.eigh(inertia)
    order = np.argmax(np.abs(axes), axis=1)
    if len(set(order.tolist())) < 3:
        raise InputError(
            "the principal axes lie between the body axes; this pose needs the full inertia matrix"
        )
    ordered: Array = moments[order]
    return ordered


def _capsules(bare: Figure, centre_m: Array, camera: HelmetCamera | None) -> tuple[Capsule, ...]:
    radius = table("segments")["capsule_radius_m"]
    at, size = bare.places_m, table("segments")["equipment"]["rig_size_m"]
    head, up = at["head"], np.array([0.0, 0.0, 1.0])
    ahead, inset = np.array([1.0, 0.0, 0.0]), radius["torso"] * 0.6
    trunk_top = bare.masses["trunk"].start_m
    rig = np.array([size[0] / 2 - radius["rig"], 0.0, 0.0]) * bare.scale
    lines: list[tuple[str, str, Array, Array, Part]] = [
        ("head", "head", head - 0.02 * up, head + 0.03 * up, "body"),
        ("torso", "torso", at["hips"] + inset * ahead * 0.3, trunk_top - inset * ahead, "body"),
        ("rig", "rig", _rig_centre(bare) - rig, _rig_centre(bare) + rig, "body"),
    ]
    for side in ("left", "right"):
        lines += [
            (f"upper arm {side}", "upper_arm", at[f"shoulder {side}"], at[f"elbow {side}"], "body"),
            (f"forearm {side}", "forearm", at[f"elbow {side}"], at[f"wrist {side}"], "body"),
            (f"hand {side}", "hand", at[f"wrist {side}"], at[f"finger tip {side}"], "hand"),
            (f"thigh {side}", "thigh", at[f"hip {side}"], at[f"knee {side}"], "body"),
            (f"shank {side}", "shank", at[f"knee {side}"], at[f"toe {side}"], "body"),
        ]
    if camera is not None:
        # from behind the body of the camera to the front of a short lens
        cg, plane = head + np.asarray(camera.cg_head_m), head + np.asarray(camera.image_plane_head_m)
        lines.append(("camera", "camera", cg - 0.05 * ahead, plane + 0.10 * ahead, "body"))
    return tuple(
        Capsule(
            name=name,
            start_m=triple(start - centre_m),
            end_m=triple(end - centre_m),
            radius_m=float(radius[kind] * (1.0 if kind == "camera" else bare.scale)),
            part=part,
        )
        for name, kind, start, end, part in lines
    )


def _outline(bare: Figure) -> Array:
    """Crown, chin, back of the rig, and both sides' shoulder, elbow, finger tip, hip, knee and toe: (15, 3)."""
    at, head = bare.places_m, bare.places_m["head"]
    points = [
        head + np.array([0.0, 0.0, 0.15]) * bare.scale,
        head + np.array([0.05, 0.0, -0.11]) * bare.scale,
        _rig_centre(bare) + np.array([0.0, 0.0, 0.08]) * bare.scale,
    ]
    for side in ("left", "right"):
        points += [
            at[f"{joint} {side}"] for joint in ("shoulder", "elbow", "finger tip", "hip", "knee", "toe")
        ]
    return np.array(points)
