"""The break-off is where somebody begins to track, and is not invented where nobody does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import jumps
import numpy as np
import pytest

from onetake.logbook.breakoff import break_off_of
from onetake.logbook.clean import clean
from onetake.logbook.events import jump_of
from onetake.logbook.file import read_logs


def _tracked(
    path: Path, before_s: float, gained_m_s2: float, noise_m_s: float, seed: int
) -> tuple[float, jumps.Jump]:
    """A belly fall that turns to the north so long before its opening; when that was, and the jump."""
    made = jumps.jump(10.0)
    begins_s = made.opening_s - before_s
    since_s = np.clip(made.time_s - begins_s, 0.0, 5.0) * (made.time_s < made.opening_s + 2.0)
    rng = np.random.default_rng(seed)
    wrong = noise_m_s * rng.standard_normal(made.velocity_m_s.shape)
    velocity = made.velocity_m_s + np.stack([0 * since_s, gained_m_s2 * since_s, 0 * since_s], -1) + wrong
    made = replace(made, velocity_m_s=velocity)
    path.write_bytes(jumps.flysight1(made))
    return begins_s, made


@pytest.mark.parametrize("before_s", [7.0, 12.0])
def test_a_track_before_opening_is_found_where_it_begins(tmp_path: Path, before_s: float) -> None:
    for seed in range(5):
        begins_s, _ = _tracked(tmp_path / "a", before_s, 3.5, 0.2, seed)
        fixes = clean(read_logs(tmp_path / "a")[0]).fixes
        found = break_off_of(fixes, jump_of(fixes))
        assert found is not None
        since_s = found.utc_s - jumps.EXIT_UTC.timestamp()
        assert since_s == pytest.approx(begins_s, abs=2.5 * found.sigma_s)
        assert found.altitude_msl_m == pytest.approx(
            float(np.interp(since_s, jumps.jump().time_s, jumps.jump().place_m[:, 2])), abs=5.0
        )


def test_who_opens_in_place_never_breaks_off(tmp_path: Path) -> None:
    _tracked(tmp_path / "a", 7.0, 0.4, 0.2, 1)
    fixes = clean(read_logs(tmp_path / "a")[0]).fixes
    assert break_off_of(fixes, jump_of(fixes)) is None
