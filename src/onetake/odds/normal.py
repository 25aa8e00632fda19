"""The normal distribution on arrays: quantiles and shares, without the half second's worth of a library's start-up."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Wichura 1988, "Algorithm AS 241: the percentage points of the normal distribution", PPND16, relative error 1e-16:
# numerator and denominator, highest power first, by distance from the middle: within 0.425, then by the root r of minus
# the logarithm of the tail up to 5, and beyond
_MIDDLE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
     5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)  # fmt: skip
_NEAR = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
     3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
     0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)  # fmt: skip
_FAR = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.2426609473880784386e-3, 0.026532189526576123093,
     0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
     0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0),
)  # fmt: skip


def quantile(share: Array) -> Array:
    """Standard normal quantiles of shares between 0 and 1, exclusive, of any shape."""
    from_middle = share - 0.5
    tail = np.minimum(share, 1.0 - share)
    root = np.sqrt(-np.log(tail))
    middle = from_middle * _ratio(_MIDDLE, 0.180625 - from_middle * from_middle)
    outer = np.where(root <= 5.0, _ratio(_NEAR, root - 1.6), _ratio(_FAR, root - 5.0))
    return np.where(np.abs(from_middle) <= 0.425, middle, np.copysign(outer, from_middle))


def share_below(value: Array) -> Array:
    """Share of a standard normal below values (n,)."""
    return np.array([0.5 * math.erfc(-one * math.sqrt(0.5)) for one in value.tolist()])


def _ratio(fraction: tuple[tuple[float, ...], tuple[float, ...]], x: Array) -> Array:
    return np.asarray(np.polyval(fraction[0], x) / np.polyval(fraction[1], x), np.float64)
