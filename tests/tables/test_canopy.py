"""Opening, canopy flight and devices against published and surveyed numbers."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path

import numpy as np
import pytest

from onetake.jumper.canopy import (
    OPENING_KEYS,
    Opening,
    aad,
    canopy_flight,
    likely_opening,
    open_vertically,
    priors,
)
from onetake.units import FT_M, KT_M_S

MC4_M2 = 370 * FT_M**2


def test_no_snivel_is_a_slammer() -> None:
    # survey: no plateau and 2 s of fill gives 4.9 g
    opening = Opening(extraction_s=0.0, snivel_s=0.0, snivel_cda_m2=0.55, fill_s=2.0, full_cda_m2=30.0)
    opened = open_vertically(opening, mass_kg=100, body_cda_m2=0.55, speed_m_s=54.0, density_kg_m3=1.1)
    assert opened.peak_g == pytest.approx(4.9, abs=0.05)


@pytest.mark.parametrize("ends", list(itertools.product(("low", "high"), repeat=5)))
def test_every_corner_of_the_priors_is_an_opening_people_have_had(ends: tuple[str, ...]) -> None:
    value = {name: getattr(priors()[name], end) for name, end in zip(OPENING_KEYS, ends, strict=True)}
    opening = Opening(
        **{k: v for k, v in value.items() if k != "full_cda_over_area"},
        full_cda_m2=value["full_cda_over_area"] * MC4_M2,
    )
    opened = open_vertically(opening, mass_kg=100, body_cda_m2=0.55, speed_m_s=54.0, density_kg_m3=1.1)
    assert 3.5 <= opening.total_s - opening.extraction_s <= 5.0  # from line stretch
    # sport 500 to 1,000 ft, test jumper at a maker 150 to 200 m, with extraction
    assert 400 <= opened.loss_m[-1] / FT_M <= 1000
    assert 2.25 <= opened.peak_g <= 5.0  # 2.3 to 5 g, as printed
    # extraction alone: 90 to 270 ft at 54 m/s
    assert 85 <= np.interp(opening.extraction_s, opened.time_s, opened.loss_m) / FT_M <= 275


def test_measured_openings_lie_between_the_corners() -> None:
    # Stratos, jumps 1 to 3: 3.21, 3.49, 3.27 g measured (project summit report); 121.2 kg, 2,567 m, CdA 0.8 m² there
    given = {"mass_kg": 121.2, "body_cda_m2": 0.8, "speed_m_s": 56.0, "density_kg_m3": 0.95}
    soft = Opening(extraction_s=1.0, snivel_s=2.5, snivel_cda_m2=3.0, fill_s=2.5, full_cda_m2=0.87 * MC4_M2)
    hard = Opening(extraction_s=1.0, snivel_s=1.5, snivel_cda_m2=2.0, fill_s=2.0, full_cda_m2=1.0 * MC4_M2)
    assert open_vertically(soft, **given).peak_g < 3.21
    assert open_vertically(hard, **given).peak_g > 3.49


def test_the_step_does_not_decide() -> None:
    opening = likely_opening(MC4_M2)
    given = {"mass_kg": 110.0, "body_cda_m2": 0.6, "speed_m_s": 56.0, "density_kg_m3": 1.0}
    fine, coarse = (open_vertically(opening, **given, step_s=step) for step in (0.001, 0.02))
    assert coarse.loss_m[-1] == pytest.approx(fine.loss_m[-1], abs=0.05)
    assert coarse.peak_g == pytest.approx(fine.peak_g, abs=0.01)


def test_canopy_flight_meets_the_haho_rule() -> None:
    # HAHO: D[nm] = (A - SF)(V + 20.8)/48: 20.8 kt of own speed, 48 thousand feet an hour, i.e. 75 s for 1,000 ft
    flight = canopy_flight(mass_kg=135.0, canopy_m2=MC4_M2, density_kg_m3=1.225, glide=2.6)
    assert flight.forward_m_s == pytest.approx(20.8 * KT_M_S, rel=0.03)
    assert flight.descent_m_s == pytest.approx(1000 * FT_M / 75, rel=0.03)


def test_canopy_flight_of_sport_canopies() -> None:
    # sport rule: 1,000 ft a minute (5.1 m/s); 200 lb on 150 ft²
    flight = canopy_flight(mass_kg=90.7, canopy_m2=150 * FT_M**2, density_kg_m3=1.225)
    assert flight.descent_m_s == pytest.approx(1000 * FT_M / 60, rel=0.15)
    # The Skydiving Handbook ch. 6, student canopies (about 0.75 lb/ft²): 20 mph forward, 6 to 8 mph down, glide 3
    flight = canopy_flight(mass_kg=90.7, canopy_m2=265 * FT_M**2, density_kg_m3=1.225)
    assert flight.forward_m_s == pytest.approx(20 * 0.44704, rel=0.2)


def test_devices_against_the_survey(shared: Path) -> None:
    for row in tomllib.loads((shared / "reference" / "aad.toml").read_text("utf-8"))["device"]:
        device = aad(row["id"])
        assert device.height_agl_m == pytest.approx(row.get("altitude_m", row["altitude_ft"] * FT_M), abs=4)
        if row["id"] != "cypres_speed":  # the survey recalled 43 m/s beside 102 mph, which is 45.6
            assert device.speed_m_s == row["speed_ms"]
        assert (device.confidence == "read") == (row["confidence"] == "A" or row["id"] == "cypres_speed")
