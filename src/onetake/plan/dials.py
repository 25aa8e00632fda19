"""Dials: what a production can turn to raise the odds, each as a row of settings that can be written into a shot file.

A setting is text as a person would write it, in steps that a person would take: third stops, inches, tenths of a
second, kilograms, 250 ft. None lowers a break-off or a pull, or puts more on anybody than the reserve may carry.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from onetake.jump import JumpPlan
from onetake.lens import camera
from onetake.shot.cast import Person, exit_mass_kg
from onetake.shot.edit import Changes, Value
from onetake.shot.file import Shot
from onetake.units import FT_M, IN_M, MPH_M_S, Altitude, feet_inches

Path = tuple[str, ...]

# f-numbers as they are engraved, in third stops
_STOPS = (1.0, 1.1, 1.2, 1.4, 1.6, 1.8, 2.0, 2.2, 2.5, 2.8, 3.2, 3.5, 4.0, 4.5, 5.0, 5.6, 6.3, 7.1, 8.0, 9.0, 10.0, 11.0, 13.0,
          14.0, 16.0, 18.0, 20.0, 22.0)  # fmt: skip
LEAD_KG, LEAD_STEP_KG = 10.0, 1.0
INTERVAL_S, LATER_S, INTERVAL_STEP_S = 0.2, 1.0, 0.1
ALTITUDE, ALTITUDE_STEP_M = (0.8, 1.1), 500 * FT_M
RAISE_M, RAISE_STEP_M = 1500 * FT_M, 250 * FT_M
FARTHER, FOCUS_STEP_M = 1.5, IN_M
TIME_STEP_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of a dial: how it is said, and what it writes into the shot file (nothing: as it stands)."""

    said: str
    changes: Mapping[Path, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """settings in order, least to most; present: which of them stands in the file. why: what turning it trades.

    light: how far it may go hangs on the others that share the light, so alone it tells nothing.
    """

    name: str
    settings: tuple[Setting, ...]
    present: int
    why: str
    light: bool = False


def dials_of(shot: Shot, plan: JumpPlan) -> tuple[Dial, ...]:
    """Every dial of a shot that has more than one setting.

    plan: of the shot as it stands. Raises ChoiceError for a lens in [tune] that is not in the table.
    """
    made = [
        *_lens(shot), *_stop(shot), *_focus(shot), *_lead(shot), *_interval(shot), *_altitude(shot), *_raises(shot),
        *_time(shot, plan),
    ]  # fmt: skip
    return tuple(dial for dial in made if len(dial.settings) > 1)


def changes_of(shot: Shot, dials: Sequence[Dial], turned: Sequence[int]) -> Changes:
    """What the shot file says with dials at these settings; nothing for those as they stand.

    A lens is never opened wider than it opens, and T goes with f.
    """
    changes: dict[Path, Value] = {}
    for dial, at in zip(dials, turned, strict=True):
        changes |= dial.settings[at].changes
    if glass := [path for path in changes if path[:2] == ("camera", "lens")]:
        name = changes.get((*glass[0][:2], "name"), shot.camera.lens.name)
        swapped = ("camera", "lens", "focal") in changes
        widest, per_f = _transmission(shot, str(name) if swapped else None)
        stop = max(float(str(changes.get(_F, shot.camera.lens.f_number))), widest)
        changes |= {_F: _round(stop, 3), _T: _round(max(stop * per_f, stop), 3)}
    return dict(changes.items())


_F: Path = ("camera", "lens", "f_number")
_T: Path = ("camera", "lens", "t_stop")


def _transmission(shot: Shot, swapped_to: str | None) -> tuple[float, float]:
    """The widest f-number of the lens, and its T over its f."""
    if swapped_to is not None:
        lens = camera.lens(swapped_to)
        return lens.f_number, lens.t_stop / lens.f_number
    mine = shot.camera.lens
    return 0.0, (mine.t_stop or mine.f_number) / mine.f_number


def _round(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def _dial(name: str, why: str, settings: Sequence[Setting], *, light: bool = False) -> Iterator[Dial]:
    """A dial whose present setting is the one that changes nothing."""
    present = next(i for i, setting in enumerate(settings) if not setting.changes)
    yield Dial(name=name, settings=tuple(settings), present=present, why=why, light=light)


def _ordered(present: tuple[float, str], others: Mapping[float, Setting]) -> list[Setting]:
    """Settings by their value, the present one among them."""
    rows = {
        value: setting
        for value, setting in others.items()
        if not math.isclose(value, present[0], rel_tol=1e-9)
    }
    rows[present[0]] = Setting(said=present[1])
    return [rows[value] for value in sorted(rows)]


def _grid(low: float, high: float, step: float) -> list[float]:
    """Multiples of a step from low to high."""
    return [k * step for k in range(math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6) + 1)]


def _lens(shot: Shot) -> Iterator[Dial]:
    mine = shot.camera.lens
    others: dict[float, Setting] = {}
    for name in shot.tune.lenses:
        lens = camera.lens(name)
        changes: dict[Path, Value] = {
            ("camera", "lens", "name"): lens.name,
            ("camera", "lens", "focal"): f"{lens.focal_m * 1000:g} mm",
            ("camera", "lens", "minimum_focus"): f"{lens.minimum_focus_m:g} m",
            ("camera", "lens", "datum"): lens.datum,
            ("camera", "lens", "pupil_offset"): f"{lens.pupil_offset_m * 1000:g} mm",
        }
        # two lenses of one focal length stay two
        others[lens.focal_m + 1e-7 * (len(others) + 1)] = Setting(said=lens.name, changes=changes)
    said = mine.name or f"{mine.focal_m * 1000:g} mm"
    why = "a shorter lens keeps more sharp and more in frame, and makes the face smaller"
    yield from _dial("lens", why, _ordered((mine.focal_m, said), others), light=True)


def _stop(shot: Shot) -> Iterator[Dial]:
    """Only where the shot says what exposes: a stop that does not is no option."""
    if shot.camera.exposure is None:
        return
    mine = shot.camera.lens.f_number
    low, high = shot.tune.f_number or (mine, 4.0 * mine)
    others = {f: Setting(said=f"f/{f:g}", changes={_F: f}) for f in _STOPS if low - 1e-9 <= f <= high + 1e-9}
    why = "a smaller stop keeps more of the hold sharp, and needs more light"
    yield from _dial("stop", why, _ordered((mine, f"f/{mine:g}"), others), light=True)


def _focus(shot: Shot) -> Iterator[Dial]:
    """The last mark, where it is a distance or the hard stop of the ring."""
    place, last = len(shot.camera.focus) - 1, shot.camera.focus[-1]
    nearest = shot.camera.lens.minimum_focus_m
    if last.to == "hyperfocal":
        return
    mine = nearest if last.to == "hard stop" else float(last.to)
    low, high = shot.tune.focus_m or (nearest, FARTHER * mine)
    path: Path = ("camera", "focus", str(place), "to")
    others = {
        at: Setting(said=feet_inches(at), changes={path: feet_inches(at)})
        for at in _grid(max(low, nearest), high, FOCUS_STEP_M)
        if at > nearest + 1e-6 or last.to != "hard stop"
    }
    said = f"hard stop, {feet_inches(mine)}" if last.to == "hard stop" else feet_inches(mine)
    why = "the subject stops where it is sharp: farther is deeper, and off the ring's stop a hand must find it blind"
    yield from _dial("focus distance", why, _ordered((mine, said), others))


def _lead(shot: Shot) -> Iterator[Dial]:
    """Lead makes a body fall faster: weight over drag area, so every fall rate grows with the root of the mass."""
    for person in shot.cast:
        mass_kg = exit_mass_kg(person, shot.camera.mount.mass_kg)
        if person.reserve_limit_kg is None:
            continue  # without a placard nobody can say how much more is too much
        asked = shot.tune.lead_kg
        most = LEAD_KG if asked is None else asked.get(person.name, 0.0)
        room_kg = min(most, person.reserve_limit_kg - mass_kg)
        others = {lead: _leaded(person, mass_kg, lead) for lead in _grid(LEAD_STEP_KG, room_kg, LEAD_STEP_KG)}
        why = "brings the fall rates together, and adds to the weight under the canopy"
        yield from _dial(f"{person.name}: lead", why, _ordered((0.0, "none"), others))


def _leaded(person: Person, mass_kg: float, lead_kg: float) -> Setting:
    faster = math.sqrt((mass_kg + lead_kg) / mass_kg)
    fall = person.fall_rate
    speeds = {"min": fall.min_m_s, "neutral": fall.neutral_m_s, "max": fall.max_m_s}
    changes: dict[Path, Value] = {
        ("cast", person.name, "fall_rate", name): f"{speed * faster / MPH_M_S:.1f} mph"
        for name, speed in speeds.items()
    }
    changes["cast", person.name, "equipment"] = f"{person.equipment_kg + lead_kg:g} kg"
    return Setting(said=f"{lead_kg:g} kg", changes=changes)


def _interval(shot: Shot) -> Iterator[Dial]:
    last = max(shot.cast, key=lambda person: (person.exit.at_s, person.role == "subject"))
    mine = last.exit.at_s
    low, high = shot.tune.exit_interval_s or (min(INTERVAL_S, mine), mine + LATER_S)
    others = {
        round(at, 3): Setting(said=f"{at:.2g} s", changes={("cast", last.name, "exit", "at"): f"{at:.2g} s"})
        for at in _grid(low, high, INTERVAL_STEP_S)
    }
    why = "time at the door is distance to make up in the fall, and room not to collide"
    yield from _dial(f"{last.name}: exit interval", why, _ordered((mine, f"{mine:g} s"), others))


def _altitude(shot: Shot) -> Iterator[Dial]:
    mine = shot.aircraft.exit_altitude
    given = shot.tune.exit_altitude
    if given is not None and given[0].datum != mine.datum:
        given = None
    low, high = (
        (ALTITUDE[0] * mine.value_m, ALTITUDE[1] * mine.value_m)
        if given is None
        else (given[0].value_m, given[1].value_m)
    )
    others = {
        at: Setting(said=str(_at(at, mine)), changes={("aircraft", "exit_altitude"): str(_at(at, mine))})
        for at in _grid(low, high, ALTITUDE_STEP_M)
    }
    why = "more height is more time to close and to try again, in thinner air, colder and with more oxygen rules"
    yield from _dial("exit altitude", why, _ordered((mine.value_m, str(mine)), others))


def _at(value_m: float, like: Altitude) -> Altitude:
    return Altitude(value_m, like.datum)


def _raises(shot: Shot) -> Iterator[Dial]:
    """Break-off and pulls, upwards only."""
    most_m = RAISE_M if shot.tune.raise_m is None else shot.tune.raise_m
    heights: dict[tuple[str, Path], Altitude] = {
        ("break-off", ("opening", "break_off")): shot.opening.break_off
    }
    heights |= {
        (f"{name}: pull", ("opening", "pull", name)): pull for name, pull in shot.opening.pull.items()
    }
    for (name, path), mine in heights.items():
        others = {}
        for more_m in _grid(RAISE_STEP_M, most_m, RAISE_STEP_M):
            # rounded up to the foot that is written: never below what stands in the file
            higher = Altitude(math.ceil((mine.value_m + more_m) / FT_M - 1e-6) * FT_M, mine.datum)
            others[higher.value_m] = Setting(said=str(higher), changes={path: str(higher)})
        why = "more room below, less time above"
        yield from _dial(name, why, _ordered((mine.value_m, str(mine)), others))


def _time(shot: Shot, plan: JumpPlan) -> Iterator[Dial]:
    """The exit within the light of all beats; an exit time that is given stays, unless [tune] lets it go."""
    allowed = shot.place.exit_utc is None if shot.tune.exit_time is None else shot.tune.exit_time
    first, last = plan.light.first_exit_utc, plan.light.last_exit_utc
    if not allowed or first is None or last is None or shot.place.date is None:
        return
    mine = plan.exit.utc
    span_s = (last - first).total_seconds()
    others: dict[float, Setting] = {}
    for after_s in _grid(0.0, span_s, TIME_STEP_S):
        at = first + timedelta(seconds=after_s)
        others[at.timestamp()] = Setting(
            said=f"{at:%H:%M:%S} UTC", changes={("place", "exit_time"): f"{at:%Y-%m-%dT%H:%M:%SZ}"}
        )
    why = "earlier has more light for a smaller stop, later has the sky"
    yield from _dial(
        "exit time", why, _ordered((mine.timestamp(), f"{mine:%H:%M:%S} UTC"), others), light=True
    )
