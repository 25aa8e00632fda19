"""A drogue: nothing until it is out, then it shares the weight, steadies, and is gone when the main is pulled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from onetake.api.stage import Stage
from onetake.fly.flight import Flight, advance, blank_records, nominal, start
from onetake.fly.scenario import NEVER, build_scenario
from onetake.fly.state import TICK_S, C, S
from onetake.shot.cast import Drogue

OUT_S = 20.0


def _fly(stage: Stage, area_m2: float, seconds: float) -> Flight:
    """The operator alone, by the plan, with a drogue of this area from 20 s on."""
    scenario = stage.prepared.scenario
    table = scenario.common.copy()
    table[C.A_drogue_m2], table[C.A_drogue_s] = area_m2, OUT_S
    plan = nominal(scenario)
    values = dict(plan.values) | {"B_exit_s": np.array([NEVER])}
    flight = start(replace(scenario, common=table), replace(plan, values=values))
    advance(flight, blank_records(flight, 0), round(seconds / TICK_S) - flight.tick)
    return flight


def test_nothing_until_it_is_out(halo: Stage) -> None:
    with_it, without = _fly(halo, 0.6, OUT_S), _fly(halo, 0.0, OUT_S)
    falling = slice(0, S.clearance)
    assert np.array_equal(with_it.states[:, falling], without.states[:, falling], equal_nan=True)


def test_it_shares_the_weight(halo: Stage) -> None:
    """As much drag area again: the speed over the root of two, and nobody tipped over."""
    area_m2 = halo.prepared.scenario.operator.body.cda_neutral_m2
    slow, fast = _fly(halo, area_m2, 60.0), _fly(halo, 0.0, 60.0)
    # it is higher, in thinner air, after forty slower seconds: speeds at one density
    ratio = float(slow.field("vz")[0] * np.sqrt(slow.field("A_rho")[0])) / float(
        fast.field("vz")[0] * np.sqrt(fast.field("A_rho")[0])
    )
    assert ratio == pytest.approx(1 / np.sqrt(2), rel=0.01)
    assert float(slow.field("A_tumbling")[0]) <= float(fast.field("A_tumbling")[0]) + 1.0


def test_it_is_gone_at_the_pull(halo: Stage) -> None:
    flight = _fly(halo, 0.6, 220.0)
    assert float(flight.field("A_t_open")[0]) > 0
    assert float(flight.field("A_felt_max")[0]) < 6.0


def test_the_shot_file_asks_for_it(halo: Stage) -> None:
    shot = halo.shot
    cast = tuple(
        replace(one, drogue=Drogue(area_m2=0.9, at_s=13.0)) if one.role == "operator" else one for one in shot.cast
    )  # fmt: skip
    scenario = build_scenario(replace(shot, cast=cast), halo.prepared.column, halo.prepared.scenario.leaving)
    assert scenario.common[C.A_drogue_m2] == pytest.approx(0.9)
    assert scenario.common[C.A_drogue_s] == 13.0
    assert 0.1 < scenario.common[C.A_drogue_z] < 0.5
    assert scenario.common[C.B_drogue_m2] == 0.0
