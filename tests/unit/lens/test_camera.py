"""The tables of cameras and lenses, and what a lens refuses to be."""

from __future__ import annotations

import math

import pytest

from onetake.errors import ChoiceError, InputError
from onetake.lens.camera import ASSUMED_PUPIL_OFFSET_M, CameraBody, Lens, bodies, body, lens, lenses


def a_lens(**changes: object) -> Lens:
    fields: dict[str, object] = {
        "name": "a 35",
        "focal_m": 0.035,
        "f_number": 2.8,
        "t_stop": 3.0,
        "minimum_focus_m": 0.9144,
        "pupil_offset_m": 0.09,
    }
    return Lens(**(fields | changes))  # type: ignore[arg-type]


def test_the_camera_of_the_halo_shot() -> None:
    dxl = body("DXL 8K VV")
    assert (dxl.width_m, dxl.height_m) == pytest.approx((0.04096, 0.0216))
    assert (dxl.width_px, dxl.height_px) == (8192, 4320)
    assert dxl.diagonal_m == pytest.approx(0.046306, abs=1e-6)
    assert body("dxl 8k vv") is dxl


@pytest.mark.parametrize("name", list(bodies()))
def test_every_camera_has_square_pixels_a_source_and_a_confidence(name: str) -> None:
    row = body(name)
    # modes are printed to 0.1 mm at worst: pixels are square within that
    assert row.width_m / row.width_px == pytest.approx(row.height_m / row.height_px, rel=0.01)
    assert 0.004 < row.width_m < 0.08
    assert len(row.source) > 10
    assert row.confidence in ("read", "recalled")
    assert (row.medium == "film") == ("film" in name)


@pytest.mark.parametrize("name", list(lenses()))
def test_every_lens_is_possible_and_says_what_is_assumed(name: str) -> None:
    row = lens(name)
    assert row.f_number <= row.t_stop
    assert 0.75 < row.transmission <= 0.95
    assert len(row.source) > 10 or row.confidence == "recalled"
    assert ("pupil_offset_m" in row.assumed) == (row.pupil_offset_m == ASSUMED_PUPIL_OFFSET_M)
    assert set(row.assumed) <= {"f_number", "t_stop", "pupil_offset_m"}


def test_a_pupil_from_the_makers_sheet() -> None:
    distagon = lens("Carl Zeiss Distagon 28 mm f/2.8")
    assert distagon.pupil_offset_m == pytest.approx(0.0689)  # 37.8 + 54.0 - 22.9 mm
    assert distagon.f_number == 2.8
    assert distagon.assumed == ("t_stop",)


def test_a_wrong_name_names_the_nearest() -> None:
    with pytest.raises(ChoiceError, match=r"no camera called 'DXL 8K'; did you mean 'DXL 8K VV'\?"):
        body("DXL 8K")
    with pytest.raises(ChoiceError, match="did you mean 'Cooke S4/i 32 mm'"):
        lens("Cooke S4i 32 mm")


def test_the_stop_takes_t_along() -> None:
    closed = a_lens().at(5.6)
    assert (closed.f_number, closed.t_stop) == pytest.approx((5.6, 6.0))
    assert closed.transmission == pytest.approx(a_lens().transmission)
    assert closed.label == "35 mm f/5.6"


def test_datums() -> None:
    assert a_lens().datum_to_pupil_m == pytest.approx(0.09)
    assert a_lens(datum="entrance_pupil").datum_to_pupil_m == 0.0
    assert a_lens(datum="lens_front", front_offset_m=0.15).datum_to_pupil_m == pytest.approx(-0.06)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"focal_m": -0.035}, "focal_m is -0.035"),
        ({"focal_m": math.nan}, "focal_m is nan"),
        ({"f_number": 0.0}, "f_number is 0"),
        ({"t_stop": 2.0}, "T is never below f"),
        ({"minimum_focus_m": 0.1}, "lies inside the lens"),
        ({"datum": "lens_front"}, "front_offset"),
        ({"datum": "sensor"}, "no datum called 'sensor'"),
        ({"pupil_offset_m": math.inf}, "pupil offset"),
        ({"pupil_offset_m": 90.0}, "pupil offset"),  # millimetres where metres belong
        ({"front_offset_m": -1.0}, "front offset"),
        ({"breathing": math.nan}, "breathing"),
    ],
)
def test_an_impossible_lens_is_refused_with_a_reason(changes: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        a_lens(**changes)


def test_an_impossible_camera_is_refused() -> None:
    with pytest.raises(InputError, match="width_m is 0"):
        CameraBody(name="none", width_m=0.0, height_m=0.02, width_px=10, height_px=10)
    with pytest.raises(InputError, match="is not a picture"):
        CameraBody(name="none", width_m=0.03, height_m=0.02, width_px=0, height_px=10)


def test_how_long_a_picture_takes_to_be_read_has_a_source_or_is_not_known() -> None:
    for one in bodies().values():
        assert (one.readout_s is None) == (not one.readout_source)
    assert body("RED Komodo 6K").readout_s == 0.0
    assert body("DXL 8K VV").readout_s is None
    with pytest.raises(InputError, match=r"rows read in 2\.0 s"):
        CameraBody(name="slow", width_m=0.03, height_m=0.02, width_px=10, height_px=10, readout_s=2.0)
