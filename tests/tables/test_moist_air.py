"""Density of moist air against CIPM-2007, the formula that air buoyancy in metrology is computed with; tolerance 0.1 %.

Picard, Davis, Gläser, Fujii: Revised formula for the density of moist air (CIPM-2007), Metrologia 45 (2008) 149-155:
eq. (1) with the constants of appendix A, x_CO2 = 400 ppm. It holds for real gases: its compressibility and the
enhancement factor are what the ideal-gas formula of the flight leaves out. Stated for 600-1,100 hPa, 15-27 °C; used
here a little beyond, where its own uncertainty grows to a few parts in ten thousand.
"""

from __future__ import annotations

import numpy as np
import pytest

from onetake.weather.atmosphere import density_kg_m3, saturation_pressure_pa, virtual_temperature_k
from onetake.weather.column import Column

R = 8.314472  # J/mol/K, CODATA 2006
DRY_KG_MOL = 28.96546e-3  # eq. (2) at 400 ppm
WATER_KG_MOL = 18.01528e-3


def cipm_2007(pressure_pa: float, celsius: float, humidity: float) -> float:
    """Density kg/m3; humidity 0-1."""
    p, t, kelvin = pressure_pa, celsius, celsius + 273.15
    saturation = np.exp(
        1.2378847e-5 * kelvin**2 - 1.9121316e-2 * kelvin + 33.93711047 - 6.3431645e3 / kelvin
    )  # eq. (A1.1)
    enhancement = 1.00062 + 3.14e-8 * p + 5.6e-7 * t**2  # eq. (A1.2)
    x = humidity * enhancement * saturation / p  # eq. (A1.3)
    a = 1.58123e-6 - 2.9331e-8 * t + 1.1043e-10 * t**2 + (5.707e-6 - 2.051e-8 * t) * x
    a += (1.9898e-4 - 2.376e-6 * t) * x**2
    z = 1.0 - p / kelvin * a + (p / kelvin) ** 2 * (1.83e-11 - 0.765e-8 * x**2)  # eq. (A1.4)
    return float(p * DRY_KG_MOL / (z * R * kelvin) * (1.0 - x * (1.0 - WATER_KG_MOL / DRY_KG_MOL)))


def ours(pressure_pa: float, celsius: float, humidity: float) -> float:
    warm = virtual_temperature_k(pressure_pa, celsius + 273.15, humidity)
    return float(density_kg_m3(pressure_pa, warm))


@pytest.mark.parametrize("humidity", [0.0, 0.3, 0.6, 1.0])
@pytest.mark.parametrize(
    ("pressure_hpa", "celsius"),
    [(1013.25, 20.0), (1000.0, 28.45), (1013.25, 40.0), (850.0, 15.0), (700.0, 5.0)],
)
def test_density_of_moist_air(pressure_hpa: float, celsius: float, humidity: float) -> None:
    expected = cipm_2007(pressure_hpa * 100, celsius, humidity)
    assert ours(pressure_hpa * 100, celsius, humidity) == pytest.approx(expected, rel=1e-3)


def test_the_oracle_is_the_published_formula() -> None:
    """1.1992 kg/m3 at 20 °C, 101,325 Pa, 50 % by the edition of 1981/91, whose dry air weighed 28.9635 g/mol (table 1)."""
    assert cipm_2007(101325.0, 20.0, 0.5) == pytest.approx(1.1992 * DRY_KG_MOL / 28.9635e-3, abs=6e-5)


@pytest.mark.parametrize(
    ("celsius", "hpa"), [(0.0, 6.11), (10.0, 12.27), (20.0, 23.39), (30.0, 42.47), (40.0, 73.85)]
)
def test_saturation_pressure_of_water(celsius: float, hpa: float) -> None:
    """Steam tables (IAPWS-95, as in any of them): hPa over water; Magnus's form is within 0.4 %,
    which is 0.006 % of the density at 30 °C."""
    assert float(saturation_pressure_pa(celsius + 273.15)) / 100 == pytest.approx(hpa, rel=4e-3)


def gulf(humidity: float | None) -> Column:
    levels = np.array([0.0, 1500.0, 3000.0, 6000.0, 9000.0])
    return Column(
        format="test", station="gulf", valid_utc=None, base_utc=None, lat_deg=None, lon_deg=None,
        altitude_msl_m=levels, pressure_pa=np.array([100500.0, 84800.0, 71000.0, 48500.0, 32200.0]),
        temperature_k=273.15 + np.array([32.0, 22.0, 12.0, -8.0, -30.0]), wind_east_m_s=np.zeros(5), wind_north_m_s=np.zeros(5),
        relative_humidity=None if humidity is None else np.array([humidity, humidity, np.nan, 0.1, np.nan]),
    )  # fmt: skip


def test_a_column_is_as_thin_as_its_humidity_makes_it() -> None:
    """A summer day on the Gulf at 85 %: 1.5 % thinner at the ground than dry, a body falls 0.8 % faster there."""
    dry, moist = gulf(None), gulf(0.85)
    for altitude, celsius, pressure in ((0.0, 32.0, 100500.0), (1500.0, 22.0, 84800.0)):
        got = float(moist.at(altitude).density_kg_m3)
        assert got == pytest.approx(cipm_2007(pressure, celsius, 0.85), rel=1e-3)
        assert float(dry.at(altitude).density_kg_m3) == pytest.approx(
            cipm_2007(pressure, celsius, 0.0), rel=1e-3
        )
    assert float(moist.at(0.0).density_kg_m3 / dry.at(0.0).density_kg_m3) == pytest.approx(0.985, abs=0.001)
    # linear between the levels that know it, held above the last
    assert moist.humidity([750.0, 3750.0, 9000.0]) == pytest.approx([0.85, 0.475, 0.1])
    assert float(moist.at(9000.0).density_kg_m3 / dry.at(9000.0).density_kg_m3) == pytest.approx(
        1.0, abs=2e-4
    )


def test_a_profile_without_any_humidity_is_dry_and_none_is_made_up() -> None:
    dry = gulf(None)
    assert dry.relative_humidity is None
    assert (dry.humidity([0.0, 5000.0]) == 0.0).all()
    nothing = Column(**{name: getattr(dry, name) for name in (
        "format", "station", "valid_utc", "base_utc", "lat_deg", "lon_deg", "altitude_msl_m", "pressure_pa", "temperature_k",
        "wind_east_m_s", "wind_north_m_s")}, relative_humidity=np.full(5, np.nan))  # fmt: skip
    assert nothing.relative_humidity is None
    assert float(nothing.at(0.0).density_kg_m3) == float(dry.at(0.0).density_kg_m3)


def test_heights_worked_out_and_air_between_agree_on_moist_air() -> None:
    """Pressure between two levels that only know their heights follows the same virtual temperature."""
    moist, dry = gulf(0.9), gulf(None)
    for column, warm in ((moist, True), (dry, False)):
        low = float(column.at(-200.0).pressure_pa)
        virtual = virtual_temperature_k(100500.0, 305.15 + 0.65, 0.9 if warm else 0.0)
        assert np.log(low / 100500.0) == pytest.approx(200 * 9.80665 / (287.05287 * float(virtual)), rel=2e-3)
