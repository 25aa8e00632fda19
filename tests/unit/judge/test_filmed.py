"""Takes with a film: what its pictures show is judged as it was read, with its errors, and a hole in it is no proof."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from onetake.axes import CAMERA_FROM_BODY, compose, from_matrix
from onetake.judge.realise import realisations
from onetake.judge.score import judge
from onetake.judge.state import SEEN, SHOWN, SIGNALS
from onetake.take import OnFilm, Sighting, Take
from onetake.trace import Uncertainty
from onetake.units import FT_M

MARK_M, TICKS = 3 * FT_M, 250
GNSS = Uncertainty(bias_m=1.5, wander_m=3.0, wander_time_s=60.0, white_m=0.1)
# face to face: forward of the subject is backwards for the camera, his left its right
FACING = compose(from_matrix(CAMERA_FROM_BODY), [0.0, 0.0, 0.0, 1.0])


def _film(
    desk: Any, *, blur_m: float = 5e-6, bearing_rad: float = 0.0, hole: slice = slice(0), turned: Any = FACING
) -> OnFilm:
    """Ten seconds in which the eyes stand still in the picture; in the hole nothing was read of them."""
    lens = desk.stage.bench.glass.lens
    one, read = np.ones(TICKS), np.ones(TICKS)
    read[hole] = 0.0
    set_m = lens.minimum_focus_m - lens.datum_to_pupil_m
    return OnFilm(
        time_s=np.arange(TICKS) / 25.0, bearing_rad=bearing_rad * one, elevation_rad=0.0 * one,
        toward_sigma_rad=np.where(read > 0, 1e-3, 0.4), toward_keep=0.95 * one, blur_m=blur_m * one,
        blur_shared_sigma_m=2e-6 * one, blur_sigma_m=np.where(read > 0, 1e-6, 2e-4), blur_keep=0.95 * one,
        q_camera_from_body=np.tile(turned, (TICKS, 1)), turn_sigma_rad=np.where(read > 0, 0.1, 1.5), read=read,
        image_m=lens.focal_m * set_m / (set_m - lens.focal_m) * one, instrument="the picture (C.mp4)",
    )  # fmt: skip


def _take(desk: Any, film: OnFilm, range_m: float = MARK_M) -> Take:
    """What two receivers and a film leave: no attitudes, no lens track, and a sighting."""
    one = np.ones(TICKS)
    sight = Sighting(
        time_s=film.time_s, range_m=range_m * one, shared_sigma_m=0.004 * one, own_sigma_m=0.002 * one, keep=0.5 * one,
        closing_m_s=0 * one, closing_sigma_m_s=0.02 * one, toward_enu=np.tile([1.0, 0.0, 0.0], (TICKS, 1)),
        turn_sigma_rad=one, instrument="range in the picture (C.mp4)",
    )  # fmt: skip
    logged = desk.pair(range_m * one, relative=None, error=GNSS, attitude=False, lens=False)
    return replace(logged, sight=sight, film=film)


def test_realisations_are_what_the_scan_would_compute_of_exact_places(
    desk: Any, beat: Any, must: Any
) -> None:
    """A flown pair and what a film without errors shows of it: the same frame, size and face."""
    bench = desk.bench(beat(must("in_frame", word="body")))
    _, flown = judge(bench, desk.pair(np.full(TICKS, MARK_M)))
    take = _take(desk, _film(desk))
    records, _, certain = realisations(take, 16, 0, bench.glass)
    assert not certain
    assert records.shape[2] == len(SEEN) + len(SHOWN)
    for name in ("face_room", "size_share", "facing_rad", "body_room"):
        read = records[0, 100, len(SEEN) + SHOWN.index(name), 0]
        assert read == pytest.approx(flown[name][100], abs=2e-3), name


@pytest.mark.parametrize(
    ("asked", "changes", "called", "by"),
    [
        ({"name": "focus", "word": "sharp"}, {}, "got it", "focus"),
        ({"name": "focus", "word": "sharp"}, {"blur_m": 60e-6}, "missed", "focus"),
        ({"name": "focus", "word": "sharp"}, {"blur_m": 30e-6}, "cannot tell", ""),
        ({"name": "in_frame", "word": "face"}, {}, "got it", "frame"),
        ({"name": "in_frame", "word": "face"}, {"bearing_rad": 0.6}, "missed", "frame"),
        ({"name": "size", "lower": 0.3, "upper": 0.6}, {}, "got it", "size"),
        ({"name": "size", "lower": 0.6, "upper": 0.9}, {}, "missed", "size"),
        ({"name": "size", "lower": 0.455, "upper": 0.9}, {}, "cannot tell", ""),
        ({"name": "facing", "word": "camera"}, {}, "got it", "facing"),
        ({"name": "facing", "word": "camera"}, {"turned": from_matrix(CAMERA_FROM_BODY)}, "missed", "facing"),
    ],
)  # fmt: skip
def test_three_verdicts_by_the_picture_alone(
    desk: Any, beat: Any, must: Any, asked: Any, changes: Any, called: str, by: str
) -> None:
    bench = desk.bench(beat(must(**asked), window=(1.0, 9.0)))
    one = judge(bench, _take(desk, _film(desk, **changes)))[0].beats[0]
    assert one.verdict == called, one.note
    assert one.decided_by == (f"{by} in the picture (C.mp4)" if by else "")
    without = judge(bench, replace(_take(desk, _film(desk, **changes)), film=None))[0].beats[0]
    assert without.verdict == "cannot tell" or asked["name"] == "size"


def test_a_hole_in_the_film_is_no_proof_of_a_hold_across_it(desk: Any, beat: Any, must: Any) -> None:
    hole = slice(120, 140)
    for asked in ({"name": "focus", "word": "sharp"}, {"name": "in_frame", "word": "face"}):
        across = desk.bench(beat(must(**asked), window=(2.0, 8.0), hold_s=4.0))
        one = judge(across, _take(desk, _film(desk, hole=hole)))[0].beats[0]
        assert one.verdict == "cannot tell", one.note
        assert "read from t = 4.8 s to 5.6 s" in one.would_tell
        beside = desk.bench(beat(must(**asked), window=(0.5, 4.7), hold_s=3.0))
        assert judge(beside, _take(desk, _film(desk, hole=hole)))[0].beats[0].verdict == "got it"


def test_what_a_film_does_not_show_stays_untold(desk: Any, beat: Any, must: Any) -> None:
    bench = desk.bench(beat(must("steady", 0.0, 1.0), window=(1.0, 9.0)))
    one = judge(bench, _take(desk, _film(desk)))[0].beats[0]
    assert one.verdict == "cannot tell"


def test_signals_are_told_where_a_picture_was_read_with_their_errors(desk: Any, beat: Any, must: Any) -> None:
    bench = desk.bench(beat(must("focus", word="sharp"), window=(1.0, 9.0)))
    verdict, signals = judge(bench, _take(desk, _film(desk, hole=slice(120, 140))))
    assert np.all(np.isnan(signals["blur_m"][121:139]))
    assert signals["blur_m"][100] == pytest.approx(5e-6, rel=1e-3)
    assert signals["blur_m sigma"][100] == pytest.approx(2.2e-6, rel=0.35)
    assert set(SIGNALS) < set(signals)
    assert verdict.in_focus_s > 8.0
