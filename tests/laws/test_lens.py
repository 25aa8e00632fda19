"""Laws of the glass that hold for every lens, distance and light."""

from __future__ import annotations

import contextlib
import math
from dataclasses import replace

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from onetake.errors import OnetakeError
from onetake.lens.camera import Lens, bodies, body
from onetake.lens.exposure import Exposure, exposing_lux, stops_over, t_stop_for
from onetake.lens.focus import (
    blur_m,
    circle_of_confusion_m,
    f_number_needed,
    far_limit_m,
    focus_limits,
    hyperfocal_m,
    image_distance_m,
    is_sharp,
    near_limit_m,
    plane_from_pupil_m,
    pupil_from_datum_m,
    pupil_from_plane_m,
    racked_focus_m,
)
from onetake.lens.framing import body_margin, height_share, picture

DXL = body("DXL 8K VV")
focals_m = st.floats(0.008, 0.2)
stops = st.floats(0.7, 32.0)
circles_m = st.floats(1e-6, 1e-4)
distances_m = st.floats(0.4, 5e4)
offsets_m = st.floats(0.0, 0.15)


@given(distances_m, focals_m, stops, circles_m)
def test_at_its_limits_a_disc_is_exactly_the_circle(s: float, f: float, n: float, c: float) -> None:
    near, far = float(near_limit_m(s, f, n, c)), float(far_limit_m(s, f, n, c))
    assert near <= s <= far
    assert math.isclose(float(blur_m(near, s, f, n)), c, rel_tol=1e-6, abs_tol=1e-12)
    if far < 1e8:
        assert math.isclose(float(blur_m(far, s, f, n)), c, rel_tol=1e-6, abs_tol=1e-12)
    else:
        assert float(blur_m(1e12, s, f, n)) <= c * (1 + 1e-6)


@given(distances_m, distances_m, focals_m, stops, circles_m)
def test_the_needed_stop_is_the_one_that_just_does(d: float, s: float, f: float, n: float, c: float) -> None:
    needed = float(f_number_needed(d, s, f, c))
    assume(needed > 1e-6)
    assert float(blur_m(d, s, f, needed * 1.0001)) <= c <= float(blur_m(d, s, f, needed * 0.9999))
    assert (needed <= n) == (float(blur_m(d, s, f, n)) / c <= 1.0) or math.isclose(needed, n, rel_tol=1e-9)


@given(distances_m, focals_m, stops, circles_m, st.floats(1.0, 4.0))
def test_stopping_down_never_narrows_the_band(s: float, f: float, n: float, c: float, more: float) -> None:
    assert near_limit_m(s, f, n * more, c) <= near_limit_m(s, f, n, c)
    assert far_limit_m(s, f, n * more, c) >= far_limit_m(s, f, n, c)


@given(focals_m, stops, circles_m)
def test_the_hyperfocal_distance_is_where_infinity_comes_in(f: float, n: float, c: float) -> None:
    h = float(hyperfocal_m(f, n, c))
    assert np.isinf(far_limit_m(h * (1 + 1e-9), f, n, c))
    assert np.isfinite(far_limit_m(h * (1 - 1e-6), f, n, c))
    assert math.isclose(float(near_limit_m(h, f, n, c)), h / 2, rel_tol=1e-6)


@given(distances_m, focals_m)
def test_the_thin_lens_equation(s: float, f: float) -> None:
    assert math.isclose(1 / s + 1 / float(image_distance_m(s, f)), 1 / f, rel_tol=1e-9)


def lenses() -> st.SearchStrategy[Lens]:
    return st.builds(
        lambda focal, stop, pupil, front: Lens(
            name="any",
            focal_m=focal,
            f_number=stop,
            t_stop=stop * 1.08,
            minimum_focus_m=0.45,
            pupil_offset_m=pupil,
            front_offset_m=pupil + front,
        ),
        st.floats(0.012, 0.1),
        st.floats(1.0, 16.0),
        offsets_m,
        st.floats(0.01, 0.1),
    )


@given(
    lenses(), st.floats(0.5, 50.0), st.floats(0.5, 100.0), st.sampled_from(["D/1500", "4K pixel", "8K pixel"])
)
def test_the_datum_is_a_way_of_speaking(
    lens: Lens, focus_plane_m: float, distance_plane_m: float, named: str
) -> None:
    """The same place and the same focus, told from plane, pupil or front, are the same picture."""
    answers = []
    for datum in ("image_plane", "entrance_pupil", "lens_front"):
        spoken = replace(lens, datum=datum, minimum_focus_m=lens.minimum_focus_m - 0.2)
        told_m = focus_plane_m - spoken.datum_offset_m
        assume(told_m >= spoken.minimum_focus_m)
        limits = focus_limits(spoken, told_m, named, DXL)
        answers.append((limits.near_m + spoken.datum_offset_m, limits.far_m + spoken.datum_offset_m))
        d = pupil_from_plane_m(spoken, distance_plane_m)
        assert math.isclose(float(plane_from_pupil_m(spoken, d)), distance_plane_m, rel_tol=1e-12)
        assert math.isclose(float(pupil_from_datum_m(spoken, told_m)), focus_plane_m - spoken.pupil_offset_m)
    np.testing.assert_allclose(answers[1:], [answers[0]] * 2, rtol=1e-6)


@given(lenses(), st.floats(0.5, 50.0), st.floats(0.5, 100.0))
def test_sharp_means_between_the_limits(lens: Lens, focus_m: float, distance_m: float) -> None:
    limits = focus_limits(lens, focus_m, "D/1500", DXL)
    assume(min(abs(distance_m - limits.near_m), abs(distance_m - limits.far_m)) > 1e-9 * distance_m)
    assert is_sharp(lens, distance_m, focus_m, "D/1500", DXL) == (limits.near_m < distance_m < limits.far_m)


@given(st.floats(0.3, 1e3), st.floats(0.3, 1e3), st.floats(0, 1), st.floats(0, 1), focals_m)
def test_a_rack_goes_one_way_and_stays_between_its_ends(
    a: float, b: float, t: float, u: float, f: float
) -> None:
    first, second = sorted((t, u))
    one, two = float(racked_focus_m(a, b, first, f)), float(racked_focus_m(a, b, second, f))
    assert min(a, b) * (1 - 1e-6) <= one <= max(a, b) * (1 + 1e-6)
    assert (two - one) * (b - a) >= -1e-9 * max(a, b) ** 2


points_m = st.tuples(st.floats(-20, 20), st.floats(-20, 20), st.floats(-20, 200))


@given(points_m, st.floats(0.01, 0.2), st.floats(0.1, 10.0))
def test_the_picture_knows_directions_only(point: tuple[float, float, float], v: float, k: float) -> None:
    assume(point[2] * min(k, 1.0) > 0.01)
    here, there = picture(point, v, DXL), picture(np.multiply(point, k), v, DXL)
    np.testing.assert_allclose(here, there, rtol=1e-9, atol=1e-12)
    mirrored = picture((-point[0], point[1], point[2]), v, DXL)
    np.testing.assert_allclose(mirrored, here * [-1, 1], atol=1e-12)


@given(st.lists(points_m, min_size=1, max_size=6), st.floats(0.01, 0.2))
def test_a_body_is_in_frame_exactly_when_each_point_is(
    points: list[tuple[float, float, float]], v: float
) -> None:
    xy = picture(points, v, DXL)
    margin = float(body_margin(np.array(points), v, DXL))
    assert (margin >= 0) == bool((np.abs(xy) <= 1).all())


@given(st.floats(0.02, 500.0), st.floats(0.01, 0.2), st.floats(1.01, 5.0))
def test_nearer_is_larger(depth_m: float, v: float, farther: float) -> None:
    near, far = height_share(depth_m, v, DXL), height_share(depth_m * farther, v, DXL)
    assert math.isclose(float(near / far), farther, rel_tol=1e-9)


settings = st.builds(
    Exposure,
    ei=st.floats(50, 12800),
    shutter_rad=st.floats(0.05, 2 * math.pi),
    picture_rate_hz=st.floats(12, 240),
    nd_stops=st.floats(0, 10),
)


@given(settings, st.floats(0.01, 1e5), st.floats(1.0, 22.0))
def test_a_stop_is_a_factor_of_two(exposure: Exposure, lux: float, t_stop: float) -> None:
    over = float(stops_over(lux, exposure, t_stop))
    assert math.isclose(float(stops_over(2 * lux, exposure, t_stop)), over + 1, abs_tol=1e-9)
    assert math.isclose(float(stops_over(lux, exposure, t_stop * math.sqrt(2))), over - 1, abs_tol=1e-9)
    assert math.isclose(
        float(stops_over(lux, replace(exposure, ei=2 * exposure.ei), t_stop)), over + 1, abs_tol=1e-9
    )
    assert math.isclose(t_stop_for(exposing_lux(exposure, t_stop), exposure), t_stop, rel_tol=1e-9)
    assert math.isclose(float(stops_over(lux, exposure, t_stop_for(lux, exposure))), 0.0, abs_tol=1e-9)


@given(st.one_of(st.text(max_size=20), st.from_regex(r"[dD0-9./ kKpixelmun+-]{0,12}", fullmatch=True)))
def test_any_criterion_is_a_circle_or_a_clear_no(text: str) -> None:
    for camera in (DXL, *list(bodies().values())[-2:]):
        with contextlib.suppress(OnetakeError):
            assert 1e-6 <= circle_of_confusion_m(text, camera) <= 5e-4
