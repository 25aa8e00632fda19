"""Quantiles and shares of the normal distribution, against SciPy."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from onetake.odds.normal import quantile, share_below

SHARES = st.floats(2.0**-53, 1.0 - 2.0**-53)


@given(st.lists(SHARES, min_size=1, max_size=20))
def test_quantiles_are_scipys(shares: list[float]) -> None:
    """To 2e-15 of the value: both claim the last digits."""
    np.testing.assert_allclose(quantile(np.array(shares)), ndtri(shares), rtol=2e-15, atol=1e-16)


@given(st.lists(st.floats(-8.0, 8.0), min_size=1, max_size=20))
def test_shares_are_scipys(values: list[float]) -> None:
    np.testing.assert_allclose(share_below(np.array(values)), ndtr(values), rtol=2e-14)


def test_any_shape_and_both_ends_of_what_is_drawn() -> None:
    shares = (np.array([[0.0, 2.0**51], [2.0**51 + 1, 2.0**52 - 1]]) + 0.5) / 2.0**52
    found = quantile(shares)
    assert found.shape == (2, 2)
    np.testing.assert_allclose(found, ndtri(shares), rtol=1e-14)
    assert found[1, 1] == -found[0, 0] > 8.1
