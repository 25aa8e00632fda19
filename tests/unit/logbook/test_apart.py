"""What two bodies are to each other, and how sure: the errors stated are those there are."""

from __future__ import annotations

import numpy as np
import pytest

from onetake.errors import InputError
from onetake.logbook.apart import apart_of, within
from onetake.trace import Trace, Uncertainty

ERROR = Uncertainty(bias_m=1.0, wander_m=2.0, white_m=0.2, up_share=2.0, velocity_m_s=0.2, clock_s=0.0)


def _trace(
    place_m: tuple[float, float, float], velocity_m_s: tuple[float, float, float], **changes: object
) -> Trace:
    time_s = np.arange(0.0, 10.0, 0.2)
    velocity = np.tile(np.array(velocity_m_s, float), (len(time_s), 1))
    parts: dict[str, object] = {
        "name": "a", "time_s": time_s, "position_enu_m": np.array(place_m) + time_s[:, None] * velocity,
        "velocity_enu_m_s": velocity, "uncertainty": ERROR,
    }  # fmt: skip
    return Trace(**(parts | changes))  # type: ignore[arg-type]


def test_range_level_closing_and_bearing_of_two_who_close() -> None:
    """The second is 60 m to the north, 80 m above, and comes down the line at 5 m/s."""
    found = apart_of(
        _trace((0.0, 0.0, 0.0), (0.0, 0.0, -50.0)), _trace((0.0, 60.0, 80.0), (0.0, -3.0, -54.0), name="b")
    )
    assert (found.range_m[0], found.level_m[0], found.bearing_rad[0]) == pytest.approx((100.0, 80.0, 0.0))
    assert found.closing_m_s == pytest.approx(np.full(50, 5.0))
    assert found.level_m[-1] == pytest.approx(80.0 - 4.0 * 9.8)
    one_m = np.sqrt(1.0 + 4.0 + 0.04)
    assert found.level_sigma_m[0] == pytest.approx(np.sqrt(2) * 2.0 * one_m)
    along_m = np.sqrt(2) * one_m * np.sqrt(0.6**2 + (2.0 * 0.8) ** 2)
    assert found.range_sigma_m[0] == pytest.approx(along_m)
    assert found.bearing_sigma_rad[0] == pytest.approx(np.sqrt(2) * one_m / 60.0)
    assert found.closing_sigma_m_s[0] == pytest.approx(0.2 * np.sqrt(2))
    assert found.names == ("a", "b")


def test_a_clock_that_is_off_costs_the_height_of_who_falls() -> None:
    late = Uncertainty(clock_s=0.1)
    found = apart_of(
        _trace((0.0, 0.0, 0.0), (0.0, 0.0, -50.0), uncertainty=late),
        _trace((0.0, 30.0, 0.0), (0.0, 0.0, -50.0), uncertainty=Uncertainty(clock_s=0.0)),
    )
    assert found.level_sigma_m == pytest.approx(np.full(50, 5.0))


def test_a_sample_that_is_worse_is_told_so() -> None:
    share = np.ones(50)
    share[25] = 4.0
    found = apart_of(
        _trace((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), channels={"error_share": share}),
        _trace((0.0, 30.0, 0.0), (0.0, 0.0, 0.0), uncertainty=Uncertainty()),
    )
    assert found.range_sigma_m[25] == pytest.approx(4.0 * found.range_sigma_m[0])


def test_who_was_never_recorded_together_is_not_compared() -> None:
    early = _trace((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
    late = _trace((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), time_s=np.arange(100.0, 110.0, 0.2))
    with pytest.raises(InputError, match="not recorded at the same time"):
        apart_of(early, late)


@pytest.mark.parametrize("true_m", [0.5, 3.0, 8.0, 25.0, 90.0])
@pytest.mark.parametrize(("level_m", "up_m"), [(3.0, 3.0), (2.0, 8.0)])
def test_the_interval_holds_the_truth_as_often_as_it_says(true_m: float, level_m: float, up_m: float) -> None:
    """95 % on the average over ranges; never much less at any one."""
    rng = np.random.default_rng(round(true_m * 10))
    toward = rng.standard_normal((400, 3))
    toward /= np.linalg.norm(toward, axis=1)[:, None]
    read = true_m * toward + rng.standard_normal((400, 3)) * [level_m, level_m, up_m]
    low, high = within(read, np.full(400, level_m), np.full(400, up_m))
    assert np.mean((low <= true_m) & (true_m <= high)) > 0.91
    if true_m < min(level_m, up_m):
        # within x metres, nearly always: not a false distance
        assert np.mean(low == 0.0) > 0.9
    if true_m > 4.0 * max(level_m, up_m):
        assert np.mean(low == 0.0) < 0.05


def test_a_reading_of_nothing_is_as_far_as_its_error() -> None:
    low, high = within(np.zeros((1, 3)), np.array([2.0]), np.array([2.0]))
    assert low[0] == 0.0
    # a flat prior on the range and a reading of none: half a Gaussian, 1.96 sigma
    assert high[0] == pytest.approx(1.96 * 2.0, rel=0.04)
