"""Lanes: room for takes that are worked on sixteen side by side."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

LINE = 64  # bytes of a cache line, which sixteen numbers of a field fill


def room(*shape: int) -> NDArray[np.float32]:
    """Zeros from the start of a cache line on: a field that crosses from one line into the next is fetched twice."""
    count = math.prod(shape)
    raw = np.zeros(4 * count + LINE, np.uint8)
    first = -raw.ctypes.data % LINE
    return raw[first : first + 4 * count].view(np.float32).reshape(shape)


def flat(records: NDArray[np.float32]) -> NDArray[np.float32]:
    """Records (batch, ticks, fields, 16) as the kernels copy them, in one run a tick: (batch, ticks, fields·16)."""
    return records.reshape(*records.shape[:2], records.shape[2] * records.shape[3])
