"""Gusts as the kernel flies them: spectra, sizes, and what two bodies three feet apart feel differently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from against.draw import Figure, panels
from against.flown import FLAT, NEVER, Array, common, go, launch, over, put, standard_air
from against.published import table
from against.row import Row, near
from onetake.fly.state import TICK_S
from onetake.units import FT_M, KT_M_S
from onetake.weather import gusts
from onetake.weather.kernel import DENSITY, GUST_LENGTH, GUST_SIGMA, SOUND

ORDER = 7
TITLE = "Gusts"
TEXT = """
The kernel's own gusts, read from its state while 512 takes coast through a uniform field of unit strength for 330 s, at
54 m/s with gravity and drag off so that speed and separation stay what they are. Spectra are compared band by band.
"""

SPEED_M_S, LENGTH_M, APART_M = 54.0, 1750 * FT_M, 0.9144
TAKES, WARM_TICKS, TICKS = 512, 2500, 8192
BANDS = ((0.3, 0.7), (0.7, 1.5), (1.5, 3.0), (3.0, 6.0), (6.0, 12.0), (12.0, 30.0), (30.0, 100.0))
MIL = "MIL-F-8785C §3.7"


class Felt(NamedTuple):
    """Gusts over sigma: what both feel and what the second feels on top (ticks, 3, takes); spectra over wave number.

    wave (k,) in rad per scale length; along and across (k,), the variance per rad per scale length, one-sided.
    """

    both: Array
    more: Array
    wave: Array
    along: Array
    across: Array


@cache
def felt() -> Felt:
    """Fly the field and estimate."""
    scenario = common(over(standard_air(40000.0), height_m=39000.0), **(FLAT | {"gravity": 0.0}))
    air, capsules = np.zeros_like(scenario.air), scenario.capsules.copy()
    for column, value in ((DENSITY, 1.0), (GUST_SIGMA, 1.0), (GUST_LENGTH, LENGTH_M), (SOUND, 340.0)):
        air[:, column] = value
    capsules[:, 6] = -NEVER  # bodies that cannot touch
    flight = launch(
        replace(scenario, air=air, capsules=capsules), TAKES, gust_gain=1.0, A_cda=0.0, B_cda=0.0,
        A_v0z=-SPEED_M_S, B_v0x=0.0, B_v0y=0.0, B_v0z=-SPEED_M_S, B_exit_s=0.0, B_pull_m=-NEVER, B_break_m=-NEVER,
    )  # fmt: skip
    put(flight, "rx", APART_M)
    put(flight, "ry", 0.0)
    go(flight, WARM_TICKS)  # these takes were not drawn: their filters start at rest
    told = np.empty((TICKS, 6, TAKES), np.float32)
    for k in range(TICKS):
        go(flight, 1)
        for i, name in enumerate(("gust_x", "gust_y", "gust_z", "diff_x", "diff_y", "diff_z")):
            told[k, i] = flight.field(name)
    assert np.all(flight.field("ending") == 0.0)
    assert np.allclose(flight.field("rx"), APART_M)
    window = np.hanning(TICKS)
    power = np.mean(np.abs(np.fft.rfft(told[:, :3] * window[:, None, None], axis=0)) ** 2, axis=2)
    per_tick = TICK_S * SPEED_M_S / LENGTH_M
    density = power * per_tick / (np.pi * np.sum(window**2))
    wave = 2 * np.pi * np.fft.rfftfreq(TICKS) / per_tick
    return Felt(told[:, :3], told[:, 3:], wave, density[:, 2], (density[:, 0] + density[:, 1]) / 2)


def banded(wave: Array, density: Array) -> Array:
    """Mean density in each band."""
    return np.array([density[(wave >= low) & (wave < high)].mean() for low, high in BANDS])


def rows(data: Path) -> Iterator[Row]:
    """Every comparison of this part."""
    levels = table(data / "reference/turbulence_milf8785c.toml")["exceedance"]
    feet = np.array(levels["altitude_ft"], float)
    aloft = feet >= 2000
    for severity in ("light", "moderate", "severe"):
        ours = gusts.profile(feet[aloft] * FT_M, severity).sigma_m_s / FT_M
        theirs = np.array(levels[f"sigma_fps_{levels[severity]}"], float)[aloft, None]
        yield near(
            f"Sigma aloft, {severity}, ft/s", f"{MIL}.2 figure 7, 2,000 to 80,000 ft", ours, theirs,
            limit=1e-6, unit="ft/s", kind="computed",
        )  # fmt: skip
    low_ft, wind_kt = np.array([10.0, 100.0, 500.0, 1000.0])[:, None], np.array([15.0, 30.0, 45.0])
    made = [gusts.profile(low_ft[:, 0] * FT_M, severity) for severity in ("light", "moderate", "severe")]
    up = 0.1 * wind_kt * np.ones_like(low_ft)
    level = up / (0.177 + 0.000823 * low_ft) ** 0.4
    ours = np.stack([one.sigma_m_s for one in made], axis=1) / KT_M_S
    yield near(
        "Sigma to 1,000 ft, kt", f"{MIL}.3", ours, np.stack([level, level, up], axis=-1), limit=1e-6, unit="kt",
        kind="computed",
    )  # fmt: skip

    flown = felt()
    for name, density, spectrum in (
        ("along the path", flown.along, gusts.longitudinal_spectrum),
        ("across the path", flown.across, gusts.lateral_spectrum),
    ):
        yield near(
            f"Spectrum {name}, kernel, by bands of 0.3 to 100 rad per scale length", f"{MIL}.1",
            banded(flown.wave, density), banded(flown.wave, spectrum(flown.wave, 1.0, 1.0)), limit=5.0, unit="%",
        )  # fmt: skip
    yield near(
        "Sigma of each component, kernel, over the asked",
        MIL,
        flown.both.std((0, 2)),
        1.0,
        limit=5.0,
        unit="%",
    )
    yield near(
        "Sigma of the difference of two bodies 0.91 m apart, kernel, over sigma", "√(2(1 - e^(-r/L))) = 0.058",
        flown.more.std((0, 2)), 0.058, limit=5.0, unit="%",
    )  # fmt: skip


def figures(data: Path) -> Iterator[Figure]:
    """Spectra."""
    flown = felt()
    page = panels("gusts", "Gust spectra: the kernel's gusts against MIL-F-8785C.", 2)
    for panel, density, spectrum, title in (
        (0, flown.along, gusts.longitudinal_spectrum, "along the path"),
        (1, flown.across, gusts.lateral_spectrum, "across the path"),
    ):
        edges = np.geomspace(0.2, 1300.0, 60)
        inside = [(flown.wave >= low) & (flown.wave < high) for low, high in pairwise(edges)]
        full = [one for one in inside if one.any()]
        page.line(panel, edges, spectrum(edges, 1.0, 1.0), "ours", "MIL-F-8785C")
        page.dots(
            panel,
            [flown.wave[one].mean() for one in full],
            [density[one].mean() for one in full],
            "kernel, 512 takes",
        )
        page.axes(
            panel,
            "rad per scale length (1,750 ft)",
            "variance per rad per scale length",
            log="xy",
            title=title,
        )
    yield page
