"""What no single section can know: that names meet, that heights are in order, that beats lead somewhere.

Names are compared on the tree as written, so a section with an error of its own still counts; heights are
compared where both sections could be read.
"""

from __future__ import annotations

from collections.abc import Iterator

from onetake.errors import ShotError
from onetake.shot.document import Node, nearest
from onetake.shot.keys import Values
from onetake.shot.place import Aircraft, Place
from onetake.shot.safety import Abort, Opening
from onetake.units import Altitude


def check(root: Node, values: Values) -> Iterator[ShotError]:
    """Every contradiction between sections; `values` holds the sections that could be read."""
    yield from _roles(root)
    yield from _repeated(root, ("cast",), "person")
    yield from _repeated(root, ("beat", "always"), "beat")
    yield from _first_exit(root, values)
    yield from _beat_order(root)
    yield from _people_named(root)
    yield from _heights(root, values)
    yield from _exposure(root)


def _texts(root: Node, *keys: str) -> list[Node]:
    return [node for node in root.find(*keys) if isinstance(node.value, str)]


def _word(node: Node) -> str:
    return str(node.value).strip()


def _roles(root: Node) -> Iterator[ShotError]:
    roles = _texts(root, "cast", "role")
    if any(_word(node) not in ("operator", "subject") for node in roles) or not list(root.find("cast")):
        return  # said where it stands
    for role, does in (("operator", "carries the camera"), ("subject", "is filmed")):
        of = [node for node in roles if _word(node) == role]
        if not of:
            yield next(root.find("cast")).problem(
                f"no {role} in the cast", f'one person with role = "{role}", who {does}'
            )
        for extra in of[1:]:
            yield extra.problem(f"a second {role}", f"one {role}, on line {of[0].line}")


def _repeated(root: Node, sections: tuple[str, ...], what: str) -> Iterator[ShotError]:
    first: dict[str, Node] = {}
    for section in sections:
        for node in _texts(root, section, "name"):
            before = first.setdefault(_word(node).casefold(), node)
            if before is not node:
                yield node.problem(
                    f"{what} {_word(node)!r} a second time",
                    "a name of its own",
                    f"Line {before.line} has it already.",
                )


def _first_exit(root: Node, values: Values) -> Iterator[ShotError]:
    cast = values.get("cast")
    if cast and min(person.exit.at_s for person in cast) != 0.0:
        node = next(root.find("cast", "exit", "at"))
        yield node.problem(
            "no exit at 0 s",
            'at = "0 s" for whoever leaves first',
            "All times of the shot count from the first exit.",
        )


def _beat_order(root: Node) -> Iterator[ShotError]:
    names = [_word(node) for node in _texts(root, "beat", "name")]
    follows: dict[str, tuple[str, Node]] = {}
    for beat in (
        item for array in root.find("beat") if isinstance(array.value, list) for item in array.items()
    ):
        for after in _texts(beat, "after"):
            if _word(after) not in names:
                near = nearest(_word(after), names)
                fix = f"Did you mean {near!r}?" if near else ""
                yield after.error(
                    f"the name of a beat: {', '.join(map(repr, names)) or 'there is none'}", fix
                )
            for name in _texts(beat, "name"):
                follows.setdefault(_word(name), (_word(after), after))
    circles = list(_circles(follows))
    yield from circles or _upwards(follows, names)


def _upwards(follows: dict[str, tuple[str, Node]], names: list[str]) -> Iterator[ShotError]:
    """A beat stands below the one it follows."""
    for name, (before, node) in follows.items():
        if before in names and names.index(before) > names.index(name):
            yield node.error("a beat that stands above it", f"Move {name!r} below {before!r}.")


def _circles(follows: dict[str, tuple[str, Node]]) -> Iterator[ShotError]:
    """Each circle once, at the beat of it that stands first in the file."""
    done: set[str] = set()
    for start in follows:
        chain: list[str] = []
        here = start
        while here in follows and here not in done:
            done.add(here)
            chain.append(here)
            here = follows[here][0]
        if here in chain:
            circle = chain[chain.index(here) :]
            walk = " after ".join(repr(name) for name in (*circle, circle[0]))
            yield follows[here][1].problem(
                f"beats in a circle: {walk}", "a first beat", f"Give {here!r} a window instead of after."
            )


def _people_named(root: Node) -> Iterator[ShotError]:
    people = [_word(node) for node in _texts(root, "cast", "name")]
    ways = [("opening", "pull"), ("opening", "aad"), ("opening", "canopy"), ("tune", "lead")]
    for way in ways if people else ():
        for table in root.find(*way):
            if isinstance(table.value, dict):
                yield from _named(table, table.value, people)


def _named(node: Node, table: dict[str, object], people: list[str]) -> Iterator[ShotError]:
    meant = {name: nearest(name, people) for name in table if name not in people}
    for name, near in meant.items():
        yield node.child(name).problem(
            f"{name!r}, who is not in the cast",
            f"one of: {', '.join(people)}",
            f"Did you mean {near!r}?" if near else "",
        )
    missing = [person for person in people if person not in table and person not in meant.values()]
    if node.key == "pull" and missing:
        yield node.problem(
            f"no pull height for {', '.join(missing)}", "a pull height for everybody of the cast"
        )


def _above_ground_m(height: Altitude, place: Place | None) -> float | None:
    """Height above the drop zone; a flight level is taken as if the sea had standard pressure."""
    if height.datum == "AGL":
        return height.value_m
    return None if place is None else height.value_m - place.elevation_m


def _ordered(
    node: Node, low: Altitude, high: Altitude, place: Place | None, says: str
) -> Iterator[ShotError]:
    """`low` must not lie above `high`."""
    low_m, high_m = _above_ground_m(low, place), _above_ground_m(high, place)
    if low.datum == high.datum:
        low_m, high_m = low.value_m, high.value_m
    if low_m is not None and high_m is not None and low_m > high_m:
        yield node.error(f"a height {says}, {high}")


def _heights(root: Node, values: Values) -> Iterator[ShotError]:
    """Exit over the ground, break-off and giving up under the exit, pulls not above the break-off."""
    place: Place | None = values.get("place")
    aircraft: Aircraft | None = values.get("aircraft")
    opening: Opening | None = values.get("opening")
    if aircraft is not None and place is not None:
        above = _above_ground_m(aircraft.exit_altitude, place)
        if above is not None and above <= 0.0:
            node = next(root.find("aircraft", "exit_altitude"))
            yield node.error(f"a height over the drop zone, which is at {place.elevation_m:.0f} m MSL")
            return  # every other height would be said to be over the exit
    if opening is not None and aircraft is not None:
        node = next(root.find("opening", "break_off"))
        wrong = list(_ordered(node, opening.break_off, aircraft.exit_altitude, place, "under the exit"))
        if wrong:
            yield from wrong
            return  # nor can anything be in order with this
    yield from _pulls(root, opening, place)
    yield from _giving_up(root, values.get("abort"), opening, aircraft, place)


def _pulls(root: Node, opening: Opening | None, place: Place | None) -> Iterator[ShotError]:
    if opening is None:
        return
    for name, height in opening.pull.items():
        node = next(root.find("opening", "pull", name))
        yield from _ordered(node, height, opening.break_off, place, "not above the break-off")
        above = _above_ground_m(height, place)
        if above is not None and above <= 0.0:
            yield node.error("a height over the drop zone")


def _giving_up(
    root: Node, abort: Abort | None, opening: Opening | None, aircraft: Aircraft | None, place: Place | None
) -> Iterator[ShotError]:
    if abort is None or abort.no_mark_by is None:
        return
    node = next(root.find("abort", "no_mark_by"))
    if aircraft is not None:
        yield from _ordered(node, abort.no_mark_by, aircraft.exit_altitude, place, "under the exit")
    if opening is not None:
        low_m = _above_ground_m(opening.break_off, place)
        mark_m = _above_ground_m(abort.no_mark_by, place)
        if low_m is not None and mark_m is not None and mark_m < low_m:
            yield node.error(f"a height not under the break-off, {opening.break_off}")


def _exposure(root: Node) -> Iterator[ShotError]:
    camera = next(root.find("camera"), None)
    if camera is None or not isinstance(camera.value, dict) or "exposure" in camera.value:
        return
    for section in ("beat", "always"):
        for node in root.find(section, "must", "exposure"):
            yield node.error(
                "an exposure in [camera] to judge it by",
                "Add exposure = { ei = 1600, shutter_deg = 180 } to [camera].",
            )
