"""The standard atmosphere and gravity against published tables; source and tolerance on the line."""

from __future__ import annotations

import numpy as np
import pytest

from onetake.units import FT_M, KT_M_S
from onetake.weather import atmosphere


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
