"""Crews in the model: a pair without pilots must fail; a better one holds stiller. What is plausible is told, not held to."""

from __future__ import annotations

import numpy as np
import pytest
from against.crews import hands_off, hold, of_skill

from onetake.api.stage import Stage
from onetake.odds.chunks import fly_chunk

TAKES = 64


def test_nobody_at_the_controls_gets_no_shot(halo: Stage) -> None:
    """arXiv 2201.08162: naive people cannot stabilise a simulated skydiver; here nobody even tries."""
    work = hands_off(halo.work(1))
    assert not fly_chunk(work, 1, TAKES).held.all(axis=1).any()
    assert hold(work, TAKES).arrived < 0.05


@pytest.mark.slow
def test_the_steadier_the_crew_the_stiller_the_hold(halo: Stage) -> None:
    """The order of the levels; their sizes are assumptions (docs/crews.md), so they are not asserted."""
    crews = [hold(of_skill(halo.work(1), skill, skill), TAKES) for skill in ("expert", "good", "novice")]
    assert crews[0].typical_ft < crews[1].typical_ft < crews[2].typical_ft
    assert crews[0].arrived > 0.6  # the rest is called off by the rules of the shot
    assert np.isfinite(crews[0].range_ft)
    assert crews[0].range_ft == pytest.approx(3.0, abs=0.3)  # the example's mark: three feet
