"""Steadiness: the spectrum of a body's acceleration in flight, level and vertical, from any trace, flown or logged.

Velocities are put on an even grid, freed of a parabola (wind shear, thinning air), and their power is found with sine
tapers (Riedel and Sidorenko, IEEE Trans. Signal Process. 43, 1995); times (2 pi f)² it is that of the acceleration.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.errors import InputError
from onetake.trace import Trace

Array = NDArray[np.float64]

# octaves in which a person's unsteadiness lives: below, shear and manoeuvres; above, receivers
BANDS_HZ = ((0.1, 0.2), (0.2, 0.4), (0.4, 0.8), (0.8, 1.6))
FLOOR_HZ = (1.6, 2.4)  # what is left up here bounds a receiver's white noise
TAPERS = 3
LEAST_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spectrum:
    """Power of acceleration by band, m²/s³ (m/s² squared, per hertz); NaN in bands that the trace cannot tell.

    bands_hz (k, 2); level: mean of the two horizontal axes; vertical (k,); *_low, *_high their 95 % intervals from the
    number of independent values; floor (2,): power of velocity at the top, m²/s, level and vertical, which a white
    receiver noise cannot exceed; seconds_s: how long the stretch is.
    """

    bands_hz: Array
    level: Array
    level_low: Array
    level_high: Array
    vertical: Array
    vertical_low: Array
    vertical_high: Array
    floor: Array
    seconds_s: float

    def degrees(self, axes: int) -> Array:
        """Independent values of each band, squares of Gaussians, (k,)."""
        return _degrees(self.bands_hz, self.seconds_s, axes)

    @property
    def white_level(self) -> Array:
        """What the floor, if it is white in velocity, adds to each level band, (k,); 0 where no floor was seen."""
        return self._white(0)

    @property
    def white_vertical(self) -> Array:
        """As `white_level`, upwards."""
        return self._white(1)

    def _white(self, axis: int) -> Array:
        square = (2.0 * np.pi) ** 2 * np.mean(self.bands_hz**2, axis=1)
        return np.asarray(np.nan_to_num(self.floor[axis]) * square)


def spectrum_of(trace: Trace, from_s: float, to_s: float) -> Spectrum:
    """Spectrum of a trace between two times. Raises InputError for less than ten seconds of it."""
    some = (trace.time_s >= from_s - 1e-6) & (trace.time_s <= to_s + 1e-6)
    time_s, velocity = trace.time_s[some], trace.velocity_enu_m_s[some]
    seconds_s = float(time_s[-1] - time_s[0]) if len(time_s) else 0.0
    if seconds_s < LEAST_S:
        raise InputError(
            f"{seconds_s:.1f} s of trace {trace.name!r}: a spectrum needs {LEAST_S:g} s at least"
        )
    steps_s = np.diff(time_s)
    step_s = float(np.median(steps_s))
    grid_s = np.arange(time_s[0], time_s[-1] + 1e-9, step_s)
    frequency_hz, power = _power(np.stack([np.interp(grid_s, time_s, part) for part in velocity.T]), step_s)
    # lines drawn over holes tell nothing above half a cycle in a hole
    highest_hz = min(0.485 / step_s, 0.5 / float(steps_s.max()))
    bands = np.array(BANDS_HZ)
    gained = power * (2.0 * np.pi * frequency_hz) ** 2
    east, north, up = (_means(frequency_hz, part, bands, highest_hz) for part in gained)
    level, level_low, level_high = _interval(0.5 * (east + north), _degrees(bands, seconds_s, 2))
    vertical, vertical_low, vertical_high = _interval(up, _degrees(bands, seconds_s, 1))
    top = np.concatenate([_means(frequency_hz, part, np.array([FLOOR_HZ]), highest_hz) for part in power])
    return Spectrum(
        bands_hz=bands,
        level=level,
        level_low=level_low,
        level_high=level_high,
        vertical=vertical,
        vertical_low=vertical_low,
        vertical_high=vertical_high,
        floor=np.array([0.5 * (top[0] + top[1]), top[2]]),
        seconds_s=seconds_s,
    )


def _power(rows: Array, step_s: float) -> tuple[Array, Array]:
    """One-sided power by frequency, (m,) and (rows, m), mean of the sine tapers."""
    n = rows.shape[1]
    x = np.linspace(-1.0, 1.0, n)
    shape = np.polynomial.polynomial.polyvander(x, 2)
    rest = rows - (shape @ np.linalg.lstsq(shape, rows.T, rcond=None)[0]).T
    frequency_hz = np.asarray(np.fft.rfftfreq(n, step_s), np.float64)
    power = np.zeros((len(rows), len(frequency_hz)))
    for k in range(1, TAPERS + 1):
        taper = np.sqrt(2.0 / (n + 1)) * np.sin(np.pi * k * np.arange(1, n + 1) / (n + 1))
        power += 2.0 * step_s * np.abs(np.fft.rfft(rest * taper, axis=1)) ** 2 / TAPERS
    return frequency_hz, power


def _means(frequency_hz: Array, power: Array, bands: Array, highest_hz: float) -> Array:
    found = []
    for low, high in bands:
        inside = (frequency_hz >= low) & (frequency_hz < high)
        found.append(float(power[inside].mean()) if inside.any() and high <= highest_hz else np.nan)
    return np.array(found)


def _degrees(bands: Array, seconds_s: float, axes: int) -> Array:
    return np.asarray(2.0 * axes * np.maximum((bands[:, 1] - bands[:, 0]) * seconds_s, 1.0))


def _interval(power: Array, degrees: Array) -> tuple[Array, Array, Array]:
    """A mean of squares with its 95 % interval from chi square."""
    low, high = spread(degrees)
    return power, power * low, power * high


def spread(degrees: Array) -> tuple[Array, Array]:
    """Factors by which the true mean of so many independent squares may lie below and above the one found (95 %)."""
    from scipy.special import gammaincinv

    half = np.asarray(degrees) / 2.0
    return half / gammaincinv(half, 0.975), half / gammaincinv(half, 0.025)
