"""The camera on the operator's helmet: [camera], its lens, exposure, focus marks and mount."""

# ruff: noqa: RUF009  # `key` is the dataclasses.field of this room
from __future__ import annotations

from dataclasses import dataclass

from onetake import units
from onetake.shot import kinds
from onetake.shot.document import Node
from onetake.shot.keys import Kind, Values, a_table, key


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """The lens in hand. Distances are from its datum; the pupil offset ties the datum to the optics."""

    name: str | None = key(kinds.text("Primo 70 35", 60), "Its name, as in the lens table.", default=None)
    focal_m: float = key(kinds.quantity("length", "35 mm", "2 mm", "2 m"), "Focal length.", name="focal")
    f_number: float = key(kinds.number("2.8", 0.5, 64), "Geometric stop: decides sharpness.")
    t_stop: float | None = key(
        kinds.number("3.0", 0.5, 90),
        "Measured stop: decides exposure. Without it the f-number is taken.",
        default=None,
    )
    minimum_focus_m: float = key(
        kinds.quantity("length", "3 ft", "1 cm", "20 m"),
        "Closest focus: the hard stop of the ring, from the datum.", name="minimum_focus",
    )  # fmt: skip
    datum: str = key(
        kinds.word("image_plane", "entrance_pupil", "lens_front"), "Where the marks on the ring count from."
    )
    pupil_offset_m: float = key(
        kinds.quantity("length", "90 mm", "-50 cm", "50 cm"),
        "From the image plane forward to the entrance pupil.", name="pupil_offset",
    )  # fmt: skip
    front_offset_m: float | None = key(
        kinds.quantity("length", "15 cm", "0 m", "1 m", above=True),
        "From the image plane forward to the front of the lens; needed where that is the datum.",
        name="front_offset", default=None,
    )  # fmt: skip
    breathing: float = key(
        kinds.number("1", 0, 2), "Share of the thin lens's change of picture angle with focus.", default=1
    )


def _real_glass(values: Values, node: Node) -> None:
    """T is never under f, and the closest focus lies outside the lens."""
    if values["t_stop"] is not None and values["t_stop"] < values["f_number"]:
        raise node.child("t_stop").error(
            f"at least the f-number, {values['f_number']:g}", "No glass passes more light than reaches it."
        )
    front_m, pupil_m = values["front_offset_m"], values["pupil_offset_m"]
    if values["datum"] == "lens_front" and front_m is None:
        raise node.child("datum").error(
            "a front_offset beside it", 'Add front_offset = "15 cm": image plane to the front of the lens.'
        )
    ahead_m = {"image_plane": pupil_m, "entrance_pupil": 0.0}.get(values["datum"], pupil_m - (front_m or 0.0))
    if values["minimum_focus_m"] - ahead_m <= values["focal_m"]:
        raise node.child("minimum_focus").error(
            "a distance outside the lens",
            "Check minimum_focus, focal, datum and pupil_offset against each other.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What the light must be for the picture."""

    ei: float = key(kinds.number("1600", 25, 409_600), "Exposure index the camera is rated at.")
    shutter_rad: float = key(kinds.degrees("180", 0, 360, above=True), "Shutter angle.", name="shutter_deg")
    nd_stops: float = key(kinds.number("0", 0, 20), "Neutral density in front, in stops.", default=0)
    within_stops: float = key(
        kinds.number("1", 0, 6, above=True), "How far from right the negative may be.", default=1
    )


def _focus_to(node: Node) -> str | float:
    says = '"hyperfocal", "hard stop", or a distance'
    if node.value in ("hyperfocal", "hard stop") and isinstance(node.value, str):
        return node.value
    value = kinds.measured(node, says, '"3 ft"', lambda text: units.parse(text, "length"), ("ft", "m"))
    if not 0.0 < value < 1e5:
        raise node.error(f'{says}, such as "3 ft"')
    return value


def _focus_from(node: Node) -> str | float:
    if node.value == "exit":
        return "exit"
    return kinds.measured(
        node,
        '"exit", or a time after the first exit',
        '"40 s"',
        lambda text: units.parse(text, "time"),
        ("s",),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FocusStep:
    """One mark of the focus pull: where to, and what starts it."""

    to: str | float = key(
        Kind('"hyperfocal", "hard stop", or a distance from the datum', '"3 ft"', _focus_to),
        "Where the ring goes.",
    )
    start: str | float | None = key(
        Kind('"exit", or a time after the first exit', '"exit"', _focus_from),
        "Starts the pull by the clock; exit is set in the aircraft.", name="from", default=None,
    )  # fmt: skip
    cue_range_m: float | None = key(
        kinds.quantity("length", "5 ft", "1 cm", "1 km"),
        "Starts the pull when the subject is seen this near.", name="cue.range", default=None,
    )  # fmt: skip
    rack_s: float = key(
        kinds.quantity("time", "0.8 s", "0 s", "20 s"), "How long the ring turns.", name="rack", default="0 s"
    )
    by: str = key(
        kinds.word("hand", "remote"),
        "By hand takes a hand out of the airflow; remote does not.", default="hand",
    )  # fmt: skip


def _one_start(values: Values, node: Node) -> None:
    if (values["start"] is None) == (values["cue_range_m"] is None):
        raise node.error('either from = "exit" or a time, or cue = { range = "5 ft" }')
    if values["start"] != "exit" and values["rack_s"] == 0.0:
        raise node.error("the time the rack takes", 'Add rack = "0.8 s"; no hand is there at once.')


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """Where the camera sits, in head axes: forward, left, up from the centre of the head."""

    on: str = key(kinds.word("helmet"), "What carries it.")
    mass_kg: float = key(
        kinds.quantity("mass", "20 lb", "0 kg", "20 kg"), "Camera, lens, batteries and bracket.", name="mass"
    )
    image_plane_m: tuple[float, float, float] = key(
        kinds.triple(kinds.quantity("length", "10 cm", "-1 m", "1 m"), '["10 cm", "0 cm", "12 cm"]'),
        "The image plane.", name="image_plane",
    )  # fmt: skip
    cg_m: tuple[float, float, float] = key(
        kinds.triple(kinds.quantity("length", "5 cm", "-1 m", "1 m"), '["5 cm", "0 cm", "12 cm"]'),
        "The centre of mass; decides the load on the neck.", name="cg",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """Camera, lens and what the focus hand does."""

    body: str = key(kinds.text("DXL 8K VV", 60), "A row of the camera table: sensor and pixels.")
    lens: Lens = key(a_table(Lens, _real_glass), "The lens in hand.")
    criterion: str = key(
        kinds.text("D/1500", 40),
        'What counts as sharp: "D/1500", "4K pixel", "film 0.025 mm", or a disc such as "0.02 mm".',
        default="D/1500",
    )
    readout_s: float | None = key(
        kinds.quantity("time", "8 ms", "0 s", "0.1 s"),
        "How long the rows of a picture take to be read, one after the other; 0 s where all are at once. Without it that "
        "of the camera table, and where that has none it is not known, which widens the ranges of a film.",
        name="readout", default=None,
    )  # fmt: skip
    exposure: Exposure | None = key(
        a_table(Exposure), "Without it no beat may ask for exposure.", default=None
    )
    focus: tuple[FocusStep, ...] = key(
        kinds.array(a_table(FocusStep, _one_start), '[{ to = "hyperfocal", from = "exit" }]', least=1),
        "The focus marks, in order.",
    )
    mount: Mount = key(a_table(Mount), "How the operator carries it.")


MOST_PULLS = 2


def focus_fits_lens(values: Values, node: Node) -> None:
    """No mark nearer than the lens can focus; a clock-started mark is never before the one above it."""
    lens: Lens = values["lens"]
    steps = node.child("focus").items()
    if values["focus"][0].start is None:
        raise steps[0].error(
            'where the lens starts, from = "exit"',
            "What is set in the aircraft stands first; the pulls follow.",
        )
    if len(steps) > MOST_PULLS + 1:
        raise steps[MOST_PULLS + 1].error(
            f"at most {MOST_PULLS} pulls after the start", "No hand does more in one fall."
        )
    before = 0.0
    for item, step in zip(steps, values["focus"], strict=True):
        if isinstance(step.to, float) and step.to < lens.minimum_focus_m:
            raise item.child("to").error(
                f"at least the closest focus, {units.feet_inches(lens.minimum_focus_m)}",
                'To turn to the stop itself, write to = "hard stop".',
            )
        if isinstance(step.start, float):
            if step.start < before:
                raise item.child("from").error(f"a time after the mark above it, {before:g} s")
            before = step.start


CAMERA = a_table(Camera, focus_fits_lens)
