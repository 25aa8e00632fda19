"""Chart: focus marks of the lens in hand, its neighbours under two criteria, and whether the stop exposes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from onetake.fly.scenario import focus_steps, shot_lens
from onetake.jump import BeatSlot, FocusLimits
from onetake.lens.camera import body, lenses
from onetake.lens.chart import ChartRow, focus_chart
from onetake.lens.exposure import judge_stop
from onetake.lens.focus import COMPARED, datum_from_pupil_m, pupil_from_plane_m
from onetake.plan.timeline import Seconds
from onetake.plan.window import shot_exposure
from onetake.shot.file import Shot
from onetake.units import feet_inches
from onetake.weather.light import illuminance_aloft_lux


@dataclass(frozen=True, slots=True, kw_only=True)
class FocusMark:
    """One mark of the focus pull: where the ring goes, from the lens's datum, and what starts it."""

    distance_m: float
    cue: str


def focus_marks(shot: Shot) -> tuple[FocusMark, ...]:
    """The marks in order; distances from the lens's own datum. Raises InputError as `fly.scenario.focus_steps`."""
    values, start_m = focus_steps(shot)
    distances = [start_m, 1.0 / values["inv1"], 1.0 / values["inv2"]]
    marks = []
    for step, distance_m in zip(shot.camera.focus, distances, strict=False):
        if step.cue_range_m is not None:
            cue = f"when he is at {feet_inches(step.cue_range_m)}, rack {step.rack_s:g} s by {step.by}"
        elif isinstance(step.start, float):
            cue = f"at {step.start:g} s, rack {step.rack_s:g} s by {step.by}"
        else:
            cue = "set in the aircraft"
        marks.append(FocusMark(distance_m=distance_m, cue=cue))
    return tuple(marks)


def focus_rows(shot: Shot) -> tuple[ChartRow, ...]:
    """The focus chart at the last mark, the lens in hand first, under the shot's criterion and the two compared ones.

    The distance asked about is the nearest range that a beat in focus allows, else 2'10".
    """
    lens, camera = shot_lens(shot), body(shot.camera.body)
    closest_m = _closest_datum_m(shot)
    criteria = tuple(dict.fromkeys((shot.camera.criterion, *COMPARED)))
    distance_m = focus_marks(shot)[-1].distance_m
    if closest_m is None:
        chart = focus_chart(lens, camera, distance_m, criteria=criteria)
    else:
        chart = focus_chart(lens, camera, distance_m, criteria=criteria, closest_datum_m=closest_m)
    return tuple(sorted(chart, key=lambda row: (not row.in_hand, criteria.index(row.limits.criterion))))


def _closest_datum_m(shot: Shot) -> float | None:
    lens = shot_lens(shot)
    nearest = [
        criterion.lower
        for beat in shot.beats
        if any(other.label == "focus" for other in beat.must)
        for criterion in beat.must
        if criterion.label == "range" and criterion.lower is not None
    ]
    if not nearest:
        return None
    return float(datum_from_pupil_m(lens, pupil_from_plane_m(lens, min(nearest))))


def focus_limits_of(rows: tuple[ChartRow, ...]) -> tuple[FocusLimits, ...]:
    """The limits of a chart, in its order."""
    return tuple(row.limits for row in rows)


def chart_notes(rows: tuple[ChartRow, ...]) -> tuple[str, ...]:
    """What the lens in hand keeps sharp, under each criterion, and which stop would."""
    notes = []
    for row in rows:
        if not row.in_hand:
            continue
        limits = row.limits
        kept = "keeps" if row.keeps else "loses"
        needs = "" if row.keeps else f"; f/{row.needed_f_number:.1f} would keep it"
        notes.append(
            f"{limits.lens} at {feet_inches(limits.distance_m)}, {limits.criterion}: {kept} {feet_inches(row.closest_m)} "
            f"(a disc of {row.closest_blur_m * 1e6:.0f} µm, {row.circle_m * 1e6:.0f} allowed){needs}."
        )
    return tuple(notes)


def exposure_notes(
    shot: Shot, slots: tuple[BeatSlot, ...], seconds: Seconds, exit_utc: datetime
) -> tuple[str, ...]:
    """Whether the stop exposes at the first and the last second of each beat that asks for it.

    Clear sky, half a stop of doubt; a stop that does not expose is said.
    """
    exposure = shot_exposure(shot)
    if exposure is None:
        return ()
    lens = shot_lens(shot)
    wide = lenses()[lens.name].t_stop if lens.name in lenses() else lens.t_stop
    notes = []
    for beat, slot in zip(shot.beats, slots, strict=True):
        if not any(criterion.name == "exposure" for criterion in beat.must):
            continue
        for at_s, word in ((slot.from_s, "first"), (slot.to_s, "last")):
            row = min(int(seconds.time_s.searchsorted(at_s)), seconds.time_s.size - 1)
            height_m = float(seconds.height_agl_m[row, 1])
            lux = float(
                illuminance_aloft_lux(
                    shot.place.lat_deg, shot.place.lon_deg, height_m, exit_utc + timedelta(seconds=at_s)
                )
            )
            said = judge_stop(lux, exposure, lens, wide).said
            notes.append(f"Exposure, {word} second of {beat.name!r}: {said}.")
    return tuple(notes)
