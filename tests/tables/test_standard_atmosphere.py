"""The standard atmosphere and gravity against published tables; source and tolerance on the line."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from onetake.units import FT_M, KT_M_S
from onetake.weather import atmosphere

# ICAO Doc 7488 (1993), ISO 2533: geopotential m, K, Pa, kg/m3; six printed digits, so 1e-5
ICAO = [
    (0, 288.15, 101325.0, 1.22500),
    (1000, 281.65, 89874.6, 1.11164),
    (3000, 268.65, 70108.5, 0.909122),
    (5000, 255.65, 54019.9, 0.736116),
    (8000, 236.15, 35599.8, 0.525168),
    (9000, 229.65, 30742.5, 0.466348),
    (10000, 223.15, 26436.3, 0.412707),
    (11000, 216.65, 22632.1, 0.363918),
    (15000, 216.65, 12044.6, 0.193674),
    (20000, 216.65, 5474.89, 0.0880349),
    (32000, 228.65, 868.019, 0.0132250),
]
# USSA 1976 table I, foot of the upper layers: geopotential m, K, Pa
UPPER = [
    (47000, 270.65, 110.906),
    (51000, 270.65, 66.9389),
    (71000, 214.65, 3.95642),
    (84852, 186.946, 0.373384),
]


@pytest.mark.parametrize(("height", "temperature", "pressure", "density"), ICAO)
def test_icao_table(height: float, temperature: float, pressure: float, density: float) -> None:
    air = atmosphere.isa(atmosphere.geometric_from_geopotential(height))
    assert float(air.temperature_k) == pytest.approx(temperature, abs=1e-9)
    assert float(air.pressure_pa) == pytest.approx(pressure, rel=1e-5)
    assert float(air.density_kg_m3) == pytest.approx(density, rel=1e-5)


@pytest.mark.parametrize(("height", "temperature", "pressure"), UPPER)
def test_upper_layers_of_ussa76(height: float, temperature: float, pressure: float) -> None:
    air = atmosphere.isa(atmosphere.geometric_from_geopotential(height))
    assert float(air.temperature_k) == pytest.approx(temperature, abs=1e-3)
    assert float(air.pressure_pa) == pytest.approx(pressure, rel=1e-5)


def test_reference_rows_of_ussa76(shared: Path) -> None:
    lines = (shared / "reference/ussa76_check.csv").read_text().splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert len(rows) > 20
    feet = np.array([float(row["alt_ft"]) for row in rows])
    air = atmosphere.isa(feet * FT_M)
    for name, got in (
        ("temperature_k", air.temperature_k),
        ("pressure_pa", air.pressure_pa),
        ("density_kgm3", air.density_kg_m3),
        ("sound_ms", atmosphere.speed_of_sound_m_s(air.temperature_k)),
        ("tas_over_eas", atmosphere.true_airspeed_m_s(1.0, air.density_kg_m3)),
    ):
        want = np.array([float(row[name]) for row in rows])
        digits = np.array([0.5 * 10.0 ** -len(row[name].partition(".")[2]) for row in rows])
        # the exact formula: 1e-5, or half of the last printed digit (altitudes are printed to 0.1 m: 2e-5 of pressure)
        assert np.all(np.abs(got - want) <= np.maximum(2e-5 * want, digits)), name


# Moritz (1980), Geodetic Reference System; NIMA TR8350.2 table 3.4: normal gravity at equator, 45° and pole
@pytest.mark.parametrize(("lat_deg", "gravity"), [(0, 9.7803253359), (45, 9.806197769), (90, 9.8321849379)])
def test_normal_gravity(lat_deg: float, gravity: float) -> None:
    assert float(atmosphere.gravity_m_s2(np.radians(lat_deg), 0.0)) == pytest.approx(gravity, abs=1e-9)


def test_free_air_gradient() -> None:
    # 0.3086 mGal/m at 45°, Hofmann-Wellenhof & Moritz (2006) §2.8
    drop = atmosphere.gravity_m_s2(np.radians(45), 0.0) - atmosphere.gravity_m_s2(np.radians(45), 100.0)
    assert float(drop) == pytest.approx(0.3086e-5 * 100, rel=1e-3)


def test_c17_at_25000_feet() -> None:
    # 140 KIAS at 25,000 ft is 107 m/s true: data/reference, density ratio 1.4930
    density = atmosphere.isa(25000 * FT_M).density_kg_m3
    assert float(atmosphere.true_airspeed_m_s(140 * KT_M_S, density)) == pytest.approx(
        140 * KT_M_S * 1.4930, rel=1e-4
    )
