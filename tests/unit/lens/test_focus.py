"""Focus of one lens: criteria by name, datums, the close-focus stop, what a stop would have to be."""

from __future__ import annotations

import math

import pytest

from onetake.errors import ChoiceError, InputError, UnitError
from onetake.lens.camera import Lens, body
from onetake.lens.chart import focus_chart
from onetake.lens.focus import (
    COMPARED,
    FAR_M,
    blur_m,
    circle_of_confusion_m,
    diffraction_disc_m,
    focus_limits,
    hyperfocal_focus_m,
    is_sharp,
    plane_from_pupil_m,
    pupil_from_datum_m,
    pupil_from_plane_m,
    racked_focus_m,
    settable_focus_m,
    stop_mark,
    would_need,
)
from onetake.units import FT_M, IN_M

DXL = body("DXL 8K VV")
FROM_PLANE = Lens(
    name="a 35",
    focal_m=0.035,
    f_number=2.8,
    t_stop=3.0,
    minimum_focus_m=3 * FT_M,
    datum="image_plane",
    pupil_offset_m=0.09,
)
FROM_PUPIL = Lens(
    name="a 35", focal_m=0.035, f_number=2.8, t_stop=3.0, minimum_focus_m=0.5, datum="entrance_pupil"
)


@pytest.mark.parametrize(
    ("criterion", "circle_um"),
    [
        ("D/1500", 30.871),
        ("d / 1000", 46.306),
        ("4K pixel", 10.0),
        ("8K pixel", 5.0),
        ("2k px", 20.0),
        ("film 0.025 mm", 25.0),
        ("0.030 mm", 30.0),
        ("20 um", 20.0),
        ("0.0005 in", 12.7),
    ],
)
def test_a_criterion_by_name(criterion: str, circle_um: float) -> None:
    assert circle_of_confusion_m(criterion, DXL) * 1e6 == pytest.approx(circle_um, abs=5e-4)


@pytest.mark.parametrize(
    ("criterion", "error", "says"),
    [
        ("D/0", InputError, "between 0.001 and 0.5 mm"),
        ("D/1", InputError, "between"),
        ("0K pixel", InputError, "between"),
        ("25 mm", InputError, "between"),
        ("-0.02 mm", InputError, "between"),
        ("0.02", UnitError, "no unit"),
        ("0.02 kg", UnitError, "is a mass"),
        ("sharp", ChoiceError, "no criterion called 'sharp'.*D/1500"),
        ("", ChoiceError, "no criterion called ''"),
        ("nan mm", ChoiceError, "no criterion"),
    ],
)
def test_a_criterion_that_makes_no_sense(criterion: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        circle_of_confusion_m(criterion, DXL)


def test_two_foot_ten_hangs_on_datum_and_criterion() -> None:
    closest, focus = 34 * IN_M, 3 * FT_M
    assert is_sharp(FROM_PUPIL, closest, focus, "D/1500", DXL)  # by a tenth of an inch
    assert not is_sharp(FROM_PLANE, closest, focus, "D/1500", DXL)
    assert not is_sharp(FROM_PUPIL, closest, focus, "4K pixel", DXL)
    assert is_sharp(FROM_PLANE, focus, focus, "8K pixel", DXL)


def test_distances_from_plane_pupil_and_front_are_the_same_place() -> None:
    front = Lens(
        name="front",
        focal_m=0.035,
        f_number=2.8,
        t_stop=3.0,
        minimum_focus_m=0.7,
        datum="lens_front",
        pupil_offset_m=0.09,
        front_offset_m=0.15,
    )
    assert float(pupil_from_datum_m(front, 0.8)) == pytest.approx(0.86)
    assert float(plane_from_pupil_m(front, 0.86)) == pytest.approx(0.95)
    assert float(pupil_from_plane_m(front, 0.95)) == pytest.approx(0.86)
    assert float(pupil_from_datum_m(FROM_PLANE, 0.95)) == pytest.approx(0.86)


def test_the_lens_cannot_be_set_nearer_than_its_stop() -> None:
    assert settable_focus_m(FROM_PLANE, 0.5) == 3 * FT_M
    assert settable_focus_m(FROM_PLANE, 2.0) == 2.0
    assert settable_focus_m(FROM_PLANE, math.inf) == FAR_M
    nearer = focus_limits(FROM_PLANE, 0.6, "D/1500", DXL)
    assert nearer == focus_limits(FROM_PLANE, 3 * FT_M, "D/1500", DXL)
    with pytest.raises(InputError):
        settable_focus_m(FROM_PLANE, math.nan)


def test_hyperfocal_keeps_infinity() -> None:
    setting = hyperfocal_focus_m(FROM_PLANE, "D/1500", DXL)
    beyond = focus_limits(FROM_PLANE, setting * 1.000001, "D/1500", DXL)
    assert math.isinf(beyond.far_m)
    assert math.isfinite(focus_limits(FROM_PLANE, setting * 0.999, "D/1500", DXL).far_m)
    # half the hyperfocal distance is the near limit, from the pupil; the datum lies 90 mm behind it
    assert beyond.near_m - 0.09 == pytest.approx((setting - 0.09) / 2, rel=0.01)


def test_infinity_on_the_scale_gives_numbers() -> None:
    limits = focus_limits(FROM_PLANE, math.inf, "D/1500", DXL)
    assert limits.near_m == pytest.approx(0.035**2 / (2.8 * DXL.diagonal_m / 1500) + 0.09, rel=1e-3)
    assert math.isinf(limits.far_m)


def test_what_lies_behind_the_lens_is_never_sharp() -> None:
    assert not is_sharp(FROM_PUPIL, -1.0, 1.0, "0.5 mm", DXL)
    assert not is_sharp(FROM_PUPIL, 0.0, 1.0, "0.5 mm", DXL)
    assert float(blur_m(-1.0, 1.0, 0.035, 2.8)) > 0.01


@pytest.mark.parametrize(
    ("needed", "mark"),
    [(0.3, 1.0), (2.8, 2.8), (2.81, 3.2), (3.61, 4.0), (4.0, 4.0), (22.0, 22.0), (22.1, math.inf)],
)
def test_the_mark_on_the_ring_is_never_too_wide(needed: float, mark: float) -> None:
    assert stop_mark(needed) == mark


def test_what_it_would_need() -> None:
    note = would_need(FROM_PUPIL, 33.6 * IN_M, 3 * FT_M, "D/1500", DXL)
    assert note == "would need f/3.6 (D/1500)"
    closed = FROM_PUPIL.at(3.6)
    assert is_sharp(closed, 33.6 * IN_M, 3 * FT_M, "D/1500", DXL)
    assert not is_sharp(FROM_PUPIL.at(3.2), 33.6 * IN_M, 3 * FT_M, "D/1500", DXL)
    assert would_need(FROM_PUPIL, 1.0, 100.0, "4K pixel", DXL).startswith(
        "no stop makes it sharp: would need f/"
    )
    assert "inside the lens" in would_need(FROM_PLANE, 0.05, 1.0, "D/1500", DXL)


def test_diffraction_is_said() -> None:
    # f/8 at 550 nm: 2.44 x 0.55 um x 8 = 10.7 um, wider than a 4K pixel of 10 um
    assert diffraction_disc_m(8.0, FAR_M, 0.035) * 1e6 == pytest.approx(10.74, abs=0.005)
    assert would_need(FROM_PUPIL, 34 * IN_M, 3 * FT_M, "4K pixel", DXL).endswith("wider than the criterion")


def test_a_rack_follows_the_dial() -> None:
    start, end = 20.0, 0.8244
    assert float(racked_focus_m(start, end, 0.0, 0.035)) == pytest.approx(start)
    assert float(racked_focus_m(start, end, 1.0, 0.035)) == pytest.approx(end)
    # half the dial is half the extension, so nearly half the way in 1/s: far nearer to the close end
    half = float(racked_focus_m(start, end, 0.5, 0.035))
    assert 1 / (half - 0.035) == pytest.approx((1 / (start - 0.035) + 1 / (end - 0.035)) / 2)
    assert half < 1.7


def test_the_chart_has_the_lens_in_hand_its_neighbours_and_two_criteria() -> None:
    rows = focus_chart(FROM_PLANE, DXL, 3 * FT_M)
    assert {row.limits.criterion for row in rows} == set(COMPARED)
    assert {row.limits.lens for row in rows} == {
        f"{focal} mm f/{stop}" for focal in (28, 35, 40) for stop in (2, 2.8, 4)
    }
    mine = [row for row in rows if row.in_hand]
    assert [row.limits.criterion for row in mine] == ["D/1500", "4K pixel"]
    assert not mine[0].keeps
    # by hand, mm from the pupil: 35² (824.4 - 773.6) / (0.030871 x 773.6 x (824.4 - 35))
    assert mine[0].needed_f_number == pytest.approx(3.301, abs=0.0005)
    assert not any(row.diffraction_limited for row in mine)
    for row in rows:
        inside = row.limits.near_m <= row.closest_m <= row.limits.far_m
        assert row.keeps == inside == (row.needed_f_number <= row.limits.f_number)
        assert row.keeps == (row.closest_blur_m <= row.circle_m)
        assert row.closest_blur_px == pytest.approx(row.closest_blur_m / 5e-6)


def test_the_chart_adds_the_criterion_of_the_shot() -> None:
    rows = focus_chart(FROM_PLANE, DXL, 3 * FT_M, criteria=("0.030 mm",))
    assert [row.limits.criterion for row in rows if row.in_hand] == ["0.030 mm", *COMPARED]
