"""What is drawn once a take, before anybody flies."""

from __future__ import annotations

import numpy as np

from onetake.api.stage import Stage
from onetake.odds.draws import GUST_STATES, draw
from onetake.weather.kernel import keep, longitudinal, transverse

MANY = np.arange(1, 20001, dtype=np.int64)


def test_nobody_leaves_into_a_calm(two_way: Stage) -> None:
    """The gusts are as strong in the first tick as after a minute: the drawn filters are where long running leaves them."""
    drawn = draw(two_way.prepared.scenario, two_way.wind_spread(), 3, MANY).values
    first_x, first_y, along, second_x, second_y = (
        np.asarray(drawn[name], np.float32) for name in GUST_STATES
    )
    random, rate = np.random.default_rng(3), np.float32(60.0 * 0.04 / 500.0)
    kept = keep(np.float32(60.0), np.float32(500.0), np.float32(0.04))
    limit = 4 * np.sqrt(2 / len(MANY))  # four standard errors of a variance
    for tick in range(1501):
        noise = random.standard_normal((3, len(MANY))).astype(np.float32)
        first_x, second_x, gust_x = transverse(first_x, second_x, kept, rate, noise[0])
        first_y, second_y, gust_y = transverse(first_y, second_y, kept, rate, noise[1])
        along = longitudinal(along, kept, noise[2])
        if tick % 300 == 0:
            for gust in (gust_x, gust_y, along):
                assert abs(np.var(gust) - 1.0) < limit
    pairs = np.corrcoef([drawn[name] for name in GUST_STATES])
    np.testing.assert_allclose(pairs[0, 1:3], 0.0, atol=4 / np.sqrt(len(MANY)))
