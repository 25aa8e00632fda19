"""Openings as flown against the bands that are published; source and tolerance on the line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from onetake.api.stage import Stage
from onetake.fly.flight import advance, blank_records, nominal, start
from onetake.fly.scenario import altimeter_reads_m
from onetake.fly.state import OPENING, R
from onetake.jumper.canopy import aad
from onetake.odds.chunks import Work, fly_chunk
from onetake.odds.draws import draw
from onetake.units import FT_M


# notes/physics.md §5, §9: 3.5-5 s from line stretch, 400-1,000 ft with the extraction, 2.3-5 g. Knacke NWC TP 6575's form;
# makers' and riggers' bands. The nominal opening of both examples
@pytest.mark.parametrize("example", ["halo", "two_way"])
@pytest.mark.parametrize("who", ["operator", "subject"])
def test_the_planned_opening_is_inside_the_bands(
    example: str, who: str, request: pytest.FixtureRequest
) -> None:
    stage: Stage = request.getfixturevalue(example)
    take = stage.prepared.take
    name = stage.prepared.scenario.jumpers[("operator", "subject").index(who)].person.name
    pull, opened = take.event("pull", name), take.event("open", name)
    assert pull is not None
    assert opened is not None
    values = nominal(stage.prepared.scenario).values
    letter = "A" if who == "operator" else "B"
    filling_s = float(values[f"{letter}_snivel_s"][0] + values[f"{letter}_fill_s"][0])
    assert 3.5 <= filling_s <= 5.0
    # the event is told once it flies: a second after it is full
    assert opened.time_s - pull.time_s - 1.0 == pytest.approx(
        float(values[f"{letter}_extract_s"][0]) + filling_s, abs=0.05
    )
    lost_m = take.facts[f"{who}_pull_agl_m"] - take.facts[f"{who}_open_agl_m"]
    assert 400 * FT_M <= lost_m <= 1000 * FT_M
    assert 2.3 <= take.facts[f"{who}_opening_g"] <= 5.0


# the same bands over drawn openings, 5 % of which may lie beyond (priors of data/canopy.toml)
def test_drawn_openings_are_inside_the_bands(two_way: Stage) -> None:
    work = Work(
        scenario=two_way.prepared.scenario, bench=two_way.bench, spread=two_way.wind_spread(), seed=11
    )
    peak = fly_chunk(work, 1, 128).opening_g
    assert np.quantile(peak, 0.025) >= 2.3
    assert np.quantile(peak, 0.975) <= 5.0
    values = draw(work.scenario, work.spread, 11, np.arange(1, 129)).values
    for letter in "AB":
        filling_s = values[f"{letter}_snivel_s"] + values[f"{letter}_fill_s"]
        assert 3.4 <= filling_s.min() <= filling_s.max() <= 5.1


# the height the parachute needs is really lost: energy. The work of the lines is what the fall had, to 3 %
def test_the_felt_force_accounts_for_the_speed_that_is_lost(halo: Stage) -> None:
    scenario = halo.prepared.scenario
    flight = start(scenario, nominal(scenario))
    records = blank_records(flight, 2650)
    advance(flight, records, 2650)
    rows = records[0, :, :, 0].astype(float)
    opening = np.flatnonzero(rows[:, R.A_phase] == OPENING)
    first, last = opening[0], opening[-1]
    # straight down by then: what is felt, less gravity, is the change of speed
    impulse = np.sum(rows[first + 1 : last + 1, R.A_felt_g] - 1.0) * 9.80665 * 0.04
    assert impulse == pytest.approx(rows[last, R.vz] - rows[first, R.vz], rel=0.05)


# Airtec, Cypres user's guide: expert fires at 225 m (750 ft) above 35 m/s, not below 40 m; as printed
def test_the_expert_device() -> None:
    device = aad("cypres_expert")
    assert device.height_agl_m == pytest.approx(225.0, abs=4.0)
    assert device.speed_m_s == pytest.approx(35.0)
    assert device.cutoff_agl_m == pytest.approx(40.0)


# a jumper who never pulls is saved where it reads its height, to one tick of fall (53 m/s · 0.04 s)
def test_the_device_fires_at_its_height(halo: Stage) -> None:
    scenario = halo.prepared.scenario
    plan = nominal(scenario)
    values = dict(plan.values) | {"A_pull_m": np.array([-1e9]), "B_exit_s": np.array([1e9])}
    flight = start(scenario, replace(plan, values=values))
    advance(flight, blank_records(flight, 0), 3200)
    assert flight.field("A_aad")[0] == 1.0
    reads_m = float(altimeter_reads_m(flight.field("A_h_pull")[0], scenario.shot, scenario.column))
    assert 225.0 - 2.3 <= reads_m <= 229.0
