"""What crews of named skill do in the model: whether they hold at all, how still, and how often they get the shot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onetake.api.stage import Stage, set_stage
from onetake.fly.flight import advance, blank_records, start
from onetake.fly.pilot import Pilot, pilot_of
from onetake.fly.state import TICK_S
from onetake.odds.chunks import Work
from onetake.odds.draws import draw
from onetake.units import FT_M

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
FROM_S, TO_S = 60.0, 85.0  # of the HALO example: everybody who arrives is there, and nobody has broken off


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Of some takes: share that arrived, spread of the range in each that did (k,) ft, and their median range, ft."""

    arrived: float
    spread_ft: NDArray[np.float64]
    range_ft: float

    @property
    def typical_ft(self) -> float:
        """Median spread of the takes that arrived; not a number where none did."""
        return float(np.median(self.spread_ft)) if len(self.spread_ft) else float("nan")


def halo() -> Stage:
    """The example that the film's jump is behind."""
    return set_stage(EXAMPLES / "halo" / "shot.toml")


def crewed(work: Work, operator: Pilot, subject: Pilot) -> Work:
    """The same shot with other people in it."""
    one, two = work.scenario.jumpers
    jumpers = (replace(one, pilot=operator), replace(two, pilot=subject))
    return replace(work, scenario=replace(work.scenario, jumpers=jumpers))


def of_skill(work: Work, operator: str, subject: str) -> Work:
    """The same shot with a crew of named skills."""
    return crewed(work, pilot_of(operator), pilot_of(subject))


def hands_off(work: Work) -> Work:
    """Nobody closes any loop: no approach, no attitude reflex's rate feedback; the bodies fall as they are."""
    pilot = pilot_of("good")
    nobody = replace(
        pilot, bandwidth_rad_s=0.0, approach_gain=0.0, lead_s=0.0, reflex_rate_gain=0.0, motor_noise=0.0, trim_drift=0.0
    )  # fmt: skip
    return crewed(work, nobody, nobody)


def hold(work: Work, takes: int) -> Hold:
    """Fly takes to the end of the window and read the range, image plane to eyes, twice a second from 60 s on."""
    flight = start(work.scenario, draw(work.scenario, work.spread, work.seed, np.arange(1, takes + 1)))
    nothing = blank_records(flight, 0)
    advance(flight, nothing, round(FROM_S / TICK_S) - flight.tick)
    read = []
    for _ in range(round((TO_S - FROM_S) / 0.5)):
        advance(flight, nothing, round(0.5 / TICK_S))
        read.append(
            np.linalg.norm([flight.field(f"eye_{axis}").astype(float) for axis in "xyz"], axis=0) / FT_M
        )
    there = (flight.field("arrived") > 0.5) & (flight.field("done") < 0.5) & (flight.field("broke") < 0.5)
    ranges = np.array(read)[:, there]
    return Hold(
        arrived=float(there.mean()),
        spread_ft=ranges.std(axis=0),
        range_ft=float(np.median(ranges)) if there.any() else float("nan"),
    )
