"""Made-up takes whose every number is known, and beats to judge them by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from onetake.api.stage import Stage, bench_at
from onetake.clock import Clock
from onetake.judge.bench import Bench, make_bench
from onetake.shot.beat import Always, Beat
from onetake.shot.criterion import Criterion
from onetake.take import Event, Leaving, LensTrack, Relative, Take
from onetake.trace import EXACT, Trace, Uncertainty

Array = NDArray[np.float64]

EAST = np.array([1.0, 0.0, 0.0, 0.0])  # belly down, head to the east
WEST = np.array([0.0, 0.0, 0.0, 1.0])  # belly down, head to the west: face to face


class Desk:
    """Beats of a test, judged with the camera, lens and crew of the dusk jump: 35 mm at f/2.8, D/1500."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.clock = Clock(stage.prepared.plan.exit.utc)

    def bench(self, *beats: Beat, always: tuple[Always, ...] = (), of: Take | None = None) -> Bench:
        """The beats at the dusk jump's own exit, or in the light and with the aircraft of a take."""
        shot = replace(self.stage.shot, beats=beats, always=always)
        if of is not None:
            return bench_at(shot, self.stage.prepared, of)
        return make_bench(shot, self.stage.bench.glass)

    def pair(
        self,
        range_m: Array,
        *,
        rate_hz: float = 25.0,
        error: Uncertainty | None = None,
        relative: Uncertainty | None = EXACT,
        height_m: float = 3000.0,
        clearance_m: float | None = 1.0,
        attitude: bool = True,
        lens: bool = True,
        focus_m: float = 0.9144,
        aside_m: float = 0.0,
        events: tuple[Event, ...] = (),
        aircraft: Leaving | None = None,
        first_s: float = 0.0,
        phase: int = 1,
    ) -> Take:
        """Two bodies level and face to face at 55 m/s down: the eyes are range_m (n,) from the image plane, straight

        ahead of it (or aside_m to the north), sample by sample. relative=None leaves only the two positions.
        """
        crew = self.stage.prepared.scenario
        n = len(range_m)
        time_s = first_s + np.arange(n) / rate_hz
        plane = np.array(crew.operator.body.image_plane_m)
        eyes = np.array(crew.subject.body.eyes_m)
        apart = np.stack([range_m, np.full(n, aside_m), np.zeros(n)], 1) + plane - eyes * [-1.0, -1.0, 1.0]
        drift = np.gradient(apart, time_s, axis=0)
        place = np.stack([np.zeros(n), np.zeros(n), height_m - 55.0 * time_s], 1)
        falling = np.tile([0.0, 0.0, -55.0], (n, 1))
        free = {"phase_code": np.full(n, float(phase))}
        told = {} if clearance_m is None else {"clearance_m": np.full(n, clearance_m)}

        def trace(name: str, where: Array, speed: Array, q: Array, extra: dict[str, Array]) -> Trace:
            return Trace(
                name=name, time_s=time_s.copy(), position_enu_m=where, velocity_enu_m_s=speed,
                q_enu_from_body=np.tile(q, (n, 1)) if attitude else None,
                rate_body_rad_s=np.zeros((n, 3)) if attitude else None,
                uncertainty=error or EXACT, channels=free | extra,
            )  # fmt: skip

        return Take(
            slate=self.stage.prepared.take.slate,
            bodies=(
                trace("operator", place, falling, EAST, {}),
                trace("actor", place + apart, falling + drift, WEST, told),
            ),
            lens=LensTrack(
                time_s=time_s.copy(), neck_yaw_rad=np.zeros(n), neck_pitch_rad=np.zeros(n),
                focus_m=np.full(n, focus_m),
            )
            if lens
            else None,
            relative=None
            if relative is None
            else Relative(
                time_s=time_s.copy(), position_enu_m=apart, velocity_enu_m_s=drift, uncertainty=relative
            ),
            events=(Event(time_s=0.0, name="exit", body="operator"), Event(time_s=0.0, name="exit", body="actor"), *events),
            clock=self.clock,
            aircraft=aircraft,
        )  # fmt: skip


@pytest.fixture(scope="session")
def desk(halo: Stage) -> Desk:
    return Desk(halo)


@pytest.fixture(scope="session")
def must() -> Callable[..., Criterion]:
    """A criterion by name with bounds, a word, or a trend."""

    def made(name: str, lower: float | None = None, upper: float | None = None, *, word: str | None = None,
             start: float | None = None, stop: float | None = None, target: str = "subject") -> Criterion:  # fmt: skip
        kind = "word" if word else "trend" if start is not None else "interval"
        return Criterion(
            name=name, kind=kind, lower=lower, upper=upper, word=word, start=start, stop=stop, target=target,  # type: ignore[arg-type]
        )  # fmt: skip

    return made


@pytest.fixture(scope="session")
def beat() -> Callable[..., Beat]:
    """A beat of criteria."""

    def made(*criteria: Criterion, window: tuple[float, float] | None = (0.0, 20.0), hold_s: float = 3.0,
             allow_s: float = 0.0, name: str = "mark", after: str | None = None, within_s: float | None = None) -> Beat:  # fmt: skip
        return Beat(
            name=name, window_s=None if after else window, hold_s=hold_s, allow_s=allow_s, must=criteria,
            after=after, within_s=within_s,
        )  # fmt: skip

    return made
