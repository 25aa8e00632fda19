"""The compiled lane functions say what the readable ones say, in single precision and without widening."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numba import njit

from onetake.compiled import FLAGS
from onetake.kernel import F
from onetake.lens import focus, framing, kernel
from onetake.lens.camera import body

DXL = body("DXL 8K VV")
LANES = 16
FIELDS = 18
HALF_WIDTH, HALF_HEIGHT, HEAD, BORDER = F(DXL.half_width_m), F(DXL.half_height_m), F(0.23), F(0.05)
OFFSET, BREATHING = F(0.09), F(0.4)


@njit(nogil=True, fastmath=FLAGS, error_model="numpy")
def score(st, lanes):
    """Read point (3), focus, second focus, focal, stop, share from `st`; write every lane function's answer."""
    for k in range(lanes):
        point = kernel.before_pupil((st[k], st[LANES + k], st[2 * LANES + k]), OFFSET)
        s, s2, f = st[3 * LANES + k], st[4 * LANES + k], st[5 * LANES + k]
        n, share = st[6 * LANES + k], st[7 * LANES + k]
        v = kernel.image_distance_m(s, f)
        x, y = kernel.picture(point, v, HALF_WIDTH, HALF_HEIGHT)
        head = kernel.height_share(HEAD, point[2], v, HALF_HEIGHT)
        st[8 * LANES + k] = v
        st[9 * LANES + k] = kernel.breathing_distance_m(s, f, BREATHING)
        st[10 * LANES + k] = kernel.blur_m(point[2], s, f, n)
        st[11 * LANES + k] = kernel.racked_focus_m(s, s2, share, f)
        st[12 * LANES + k] = x
        st[13 * LANES + k] = y
        st[14 * LANES + k] = head
        st[15 * LANES + k] = kernel.edge_margin(x, y, head * HALF_HEIGHT / HALF_WIDTH, head, BORDER)
        st[16 * LANES + k] = point[2]
        st[17 * LANES + k] = kernel.facing_cosine((n, s, f), point)


def drawn(seed: int, dtype: type) -> np.ndarray:
    """Random points ahead of and behind the lens, foci from 0.5 to 100 m, real focal lengths and stops."""
    random = np.random.default_rng(seed)
    st = np.zeros((FIELDS, LANES), dtype=dtype)
    st[0:2] = random.uniform(-2, 2, (2, LANES))
    st[2] = random.uniform(-3, 30, LANES)
    st[3:5] = 10 ** random.uniform(-0.3, 2, (2, LANES))
    st[5] = random.uniform(0.018, 0.075, LANES)
    st[6] = random.uniform(1.4, 16, LANES)
    st[7] = random.uniform(0, 1, LANES)
    return st


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-6), (np.float32, 2e-4)])
def test_lanes_agree_with_the_readable_functions(dtype: type, tolerance: float) -> None:
    # f64: constants such as the pupil offset are single precision in the kernel; f32: 2^-24 through the
    # subtraction |d - s| of two distances up to 100 m, which is what limits it
    for seed in range(50):
        st = drawn(seed, dtype)
        score(st.ravel(), LANES)
        given, got = st[:8].astype(float), st[8:18].astype(float)
        point = given[:3].T - np.array([0.0, 0.0, float(OFFSET)])
        s, s2, f, n, share = given[3:8]
        v = focus.image_distance_m(s, f)
        xy = framing.picture(point, v, DXL)
        head = framing.height_share(point[:, 2], v, DXL, float(HEAD))
        wanted = [
            v,
            focus.breathing_distance_m(s, f, float(BREATHING)),
            focus.blur_m(point[:, 2], s, f, n),
            focus.racked_focus_m(s, s2, share, f),
            xy[:, 0],
            xy[:, 1],
            head,
            framing.edge_margin(xy, head * DXL.height_m / DXL.width_m, head, float(BORDER)),
            point[:, 2],
            np.cos(framing.facing_rad(np.stack([n, s, f], axis=-1), point)),
        ]
        for row, (ours, theirs) in enumerate(zip(got, wanted, strict=True)):
            slack = 1e-8 if row == 2 else tolerance  # a blur of a hundredth of a micrometre is no blur
            np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=slack, err_msg=f"answer {row}")


def test_no_number_becomes_a_pass_by_being_undefined() -> None:
    st = drawn(1, np.float32)
    st[2, 0], st[0, 1], st[3, 2] = np.nan, np.nan, np.nan
    score(st.ravel(), LANES)
    circle_m = 3.1e-5
    assert st[10, 0] > circle_m  # unknown distance: not sharp
    assert st[15, 0] < -1e5  # and not in the picture
    assert st[15, 1] < -1e5
    assert not st[10, 2] <= circle_m
    readable = framing.picture([[np.nan, 0.0, 1.0], [0.0, 0.0, np.nan]], 0.036, DXL)
    assert readable.tolist() == [[framing.BEHIND, 0.0], [framing.BEHIND, framing.BEHIND]]


def test_single_precision_stays_single() -> None:
    score(drawn(2, np.float32).ravel(), LANES)
    signature = next(one for one in score.signatures if "float32" in str(one))
    code = score.inspect_asm(signature)
    assert not re.findall(r"\bv?cvtp?s2pd|\bv?cvtss2sd", code)
    assert not re.findall(r"\bv?(?:mul|add|sub|div)[ps]d\b", code)
    assert re.findall(r"\bv?(?:mul|fmadd\d*|div)ps\b", code)  # and the lanes go several at a time
