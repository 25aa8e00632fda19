"""Total-effect indices against the Ishigami function, whose indices are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from onetake.odds.sensitivity import total_effects

# Ishigami, Homma 1990, with a = 7, b = 0.1; indices as derived in Saltelli and others 2008, "Global Sensitivity
# Analysis: The Primer", §4.6, here from the variances of the terms
A, B, PI = 7.0, 0.1, np.pi
V1, V2, V13 = 0.5 * (1 + B * PI**4 / 5) ** 2, A**2 / 8, B**2 * PI**8 * (1 / 18 - 1 / 50)
TOTAL = np.array([V1 + V13, V2, V13]) / (V1 + V2 + V13)


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[0]) + A * np.sin(x[1]) ** 2 + B * x[2] ** 4 * np.sin(x[0])


def test_the_ishigami_function() -> None:
    n, random = 2048, np.random.default_rng(1)
    a, b = random.uniform(-PI, PI, (2, 3, n))
    swapped = np.stack([ishigami(np.where(np.arange(3)[:, None] == k, b, a)) for k in range(3)])
    found = total_effects(ishigami(a), ishigami(b), swapped, seed=1)
    assert [one.p for one in found] == pytest.approx(TOTAL, abs=0.05)  # 2,048 takes; errors of 0.01 to 0.02
    assert all(one.low <= truth <= one.high for one, truth in zip(found, TOTAL, strict=True))
    assert all(0.01 < one.high - one.low < 0.15 for one in found)


def test_what_never_matters_has_none_and_what_decides_alone_has_all() -> None:
    a, b = np.random.default_rng(2).standard_normal((2, 1024))
    decides, idle = total_effects(a, b, np.stack([b, a]), seed=1)
    assert decides.p == pytest.approx(1.0, abs=0.1)
    assert (idle.p, idle.low, idle.high) == (0.0, 0.0, 0.0)
