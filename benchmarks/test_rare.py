"""How far climbing to a rare contact agrees with counting, and what it saves. Run: uv run pytest benchmarks -k rare

Counting a contact of one in ten thousand to a quarter takes some 200,000 takes, which no test can afford.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from onetake.api.stage import Stage, set_stage
from onetake.odds.monte import Ask, run_odds
from onetake.odds.rare import rare_odds
from onetake.shot.edit import with_changes
from onetake.shot.file import read_shot

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "two-way" / "shot.toml"
SEED = 5
# the exit interval decides how near the two come at the door: contacts of about 1e-3 and 1e-4
CASES = {"0.3 s": 20_000, "0.4 s": 200_000}


@pytest.mark.parametrize(("interval", "takes"), CASES.items())
def test_rare_against_counting(benchmark: BenchmarkFixture, interval: str, takes: int) -> None:
    """Climb, time it, and hold it against the count: three and a half standard errors of their logarithms."""
    stage: Stage = set_stage(with_changes(read_shot(EXAMPLE), {"cast.flyer.exit.at": interval}))
    climbed = benchmark.pedantic(
        lambda: rare_odds(
            stage.prepared.scenario, stage.wind_spread(), event="contact", population=500, seed=SEED
        ),
        rounds=1,
    )
    counted = run_odds(stage.work(SEED), Ask(takes=takes)).p_contact
    errors = [np.log(one.high / one.low) / 3.92 for one in (climbed.odds, counted)]
    # so many takes would count the same probability as closely as it was climbed to
    same = (1 - climbed.odds.p) / (climbed.odds.p * errors[0] ** 2)
    benchmark.extra_info |= {
        "climbed": [climbed.odds.low, climbed.odds.p, climbed.odds.high],
        "counted": [counted.low, counted.p, counted.high],
        "takes_climbed": climbed.flown,
        "takes_to_count_as_closely": round(same),
    }
    assert abs(np.log(climbed.odds.p / counted.p)) < 3.5 * np.hypot(*errors)
