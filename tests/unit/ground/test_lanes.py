"""Room for lanes begins on a cache line, whatever its shape."""

from __future__ import annotations

import numpy as np
import pytest

from onetake.lanes import LINE, room


@pytest.mark.parametrize("shape", [(1, 16), (3, 5280), (8, 25, 44, 16), (0, 16), (2, 0, 16)])
def test_room_is_zeros_on_a_line(shape: tuple[int, ...]) -> None:
    made = room(*shape)
    assert made.shape == shape
    assert made.dtype == np.float32
    assert made.flags.c_contiguous
    assert made.flags.writeable
    assert made.size == 0 or made.ctypes.data % LINE == 0
    assert not made.any()
