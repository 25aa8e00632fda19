"""The standard atmosphere: shapes, limits and inverses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetake.errors import InputError
from onetake.weather import atmosphere


@given(st.floats(-4900, 85000))
def test_pressure_altitude_undoes_isa(altitude: float) -> None:
    pressure = atmosphere.isa(altitude).pressure_pa
    height = atmosphere.pressure_altitude_m(pressure)
    assert float(height) == pytest.approx(float(atmosphere.geopotential_from_geometric(altitude)), abs=1e-5)
    assert float(atmosphere.pressure_at_pressure_altitude_pa(height)) == pytest.approx(
        float(pressure), rel=1e-9
    )


@given(st.floats(-5000, 86000))
def test_geopotential_and_back(altitude: float) -> None:
    height = atmosphere.geopotential_from_geometric(altitude)
    assert float(atmosphere.geometric_from_geopotential(height)) == pytest.approx(altitude, abs=1e-7)
    assert float(height) <= altitude + 1e-9


@given(st.floats(1, 400), st.floats(0.01, 1.3))
def test_airspeeds_undo_each_other(speed: float, density: float) -> None:
    true = atmosphere.true_airspeed_m_s(speed, density)
    assert float(atmosphere.equivalent_airspeed_m_s(true, density)) == pytest.approx(speed)
    # the same dynamic pressure
    assert density * float(true) ** 2 == pytest.approx(atmosphere.SEA_LEVEL_KG_M3 * speed**2)


def test_pressure_only_falls_and_meets_itself_between_layers() -> None:
    altitude = np.linspace(-5000, 86000, 40001)
    air = atmosphere.isa(altitude)
    assert np.all(np.diff(air.pressure_pa) < 0)
    assert np.all(np.diff(air.density_kg_m3) < 0)
    assert np.max(np.abs(np.diff(air.temperature_k))) < 0.02


def test_hydrostatic() -> None:
    altitude = np.linspace(0, 20000, 2001)
    air = atmosphere.isa(altitude)
    slope = np.gradient(air.pressure_pa, atmosphere.geopotential_from_geometric(altitude))
    assert slope[1:-1] == pytest.approx(
        -air.density_kg_m3[1:-1] * 9.80665, rel=1e-4
    )  # the step that holds the tropopause


def test_shapes_are_kept() -> None:
    assert atmosphere.isa(1000.0).pressure_pa.shape == ()
    assert atmosphere.isa(np.zeros((2, 3))).density_kg_m3.shape == (2, 3)
    assert atmosphere.pressure_altitude_m(np.full((4,), 50000.0)).shape == (4,)
    assert atmosphere.density_kg_m3(101325.0, 288.15) == pytest.approx(1.225, rel=1e-6)


@pytest.mark.parametrize("altitude", [-5001.0, 86001.0, float("nan"), float("inf")])
def test_outside_is_refused(altitude: float) -> None:
    with pytest.raises(InputError, match="-5 to 86 km"):
        atmosphere.isa(altitude)
    with pytest.raises(InputError, match="-5 to 86 km"):
        atmosphere.isa(np.array([0.0, altitude]))


@pytest.mark.parametrize("pressure", [0.0, -1.0, 0.1, 200000.0, float("nan")])
def test_a_pressure_of_nowhere_is_refused(pressure: float) -> None:
    with pytest.raises(InputError, match="is no pressure"):
        atmosphere.pressure_altitude_m(pressure)
