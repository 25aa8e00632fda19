"""How unsteady real people fly, against the flown body: the bounds that docs/motor-noise.md gives."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from against.logged import INERTIAL, Flown, all_flown, doppler_spectrum, lying_on_the_ground

DOCS = Path(__file__).resolve().parents[2] / "docs"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def flown(shared: Path) -> tuple[Flown, ...]:
    return all_flown(shared / "logs")


def test_nobody_is_as_steady_as_an_expert_is_assumed_to_be(flown: tuple[Flown, ...]) -> None:
    """Not in his quietest quarter of a minute; 0.012 is flown for an expert, 0.025 for a good jumper."""
    assert min(one.windows.min() for one in flown) > 0.03
    assert np.median([one.whole_level.motor_noise for one in flown]) == pytest.approx(0.105, abs=0.03)


def test_what_is_seen_is_more_than_the_instruments_hide(flown: tuple[Flown, ...], shared: Path) -> None:
    for one in flown:
        assert 0.01 < one.hidden < 0.6 * one.whole_level.motor_noise
    assert (
        lying_on_the_ground(shared / "logs").motor_noise
        < min(one.whole_level.motor_noise for one in flown) / 2
    )


def test_receiver_and_inertial_unit_agree_where_both_can_tell(flown: tuple[Flown, ...], shared: Path) -> None:
    """The level spectra of a formation from 0.1 to 0.4 Hz, by two instruments: within their intervals, mostly."""
    agree = []
    for one in flown:
        if one.file in INERTIAL and one.file.startswith("formation"):
            other = doppler_spectrum(shared / "logs" / one.file)
            agree += list(
                (one.spectrum.level_low[:2] < other.level_high[:2])
                & (other.level_low[:2] < one.spectrum.level_high[:2])
            )
    assert len(agree) == 6
    assert np.mean(agree) > 0.6


def test_formation_flyers_differ_less_than_an_order(flown: tuple[Flown, ...]) -> None:
    found = [one.whole_level.motor_noise for one in flown if "11-way" in one.kind]
    assert len(found) == 3
    assert max(found) < 2 * min(found)


def test_the_page_says_what_its_script_computes(
    flown: tuple[Flown, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its priors; and the script still runs to its end, on few takes."""
    place = importlib.util.spec_from_file_location("motor_noise", DOCS / "motor_noise.py")
    assert place is not None
    assert place.loader is not None
    script = importlib.util.module_from_spec(place)
    place.loader.exec_module(script)
    page = (DOCS / "motor-noise.md").read_text("utf-8")
    for skill, (low, high) in script.priors(flown).items():
        assert f"| {skill} | {low:.3f} to {high:.3f} |" in page
    monkeypatch.setattr(script, "TAKES", 16)
    assert "| 0.012 |" in script.chances({"expert": (0.012, 0.012)})
