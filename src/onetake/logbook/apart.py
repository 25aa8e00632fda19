"""Apart: what two bodies are to each other over time, each quantity with its error (1 sigma).

Two receivers in one place read several metres apart, because the length of an error is never negative. So a distance
that its own error explains is told as `within x metres`: its interval holds 95 % of what the true range may be after the
reading, if every range was as likely before and every direction too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onetake.errors import InputError
from onetake.logbook.log import Array
from onetake.trace import Trace

SURE = 0.95
_TURNS, _RANGES = 32, 80  # elevations and ranges on which the interval is found
_CHUNK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """The second body seen from the first, arrays (n,): centre of mass to centre of mass, on the take's clock.

    level: the second above the first; closing: nearer is positive; bearing: from north, clockwise, and its error, pi
    where nothing tells it. place_m, place_sigma_m (n, 3): the same east, north and up.
    """

    names: tuple[str, str]
    time_s: Array
    range_m: Array
    range_sigma_m: Array
    level_m: Array
    level_sigma_m: Array
    closing_m_s: Array
    closing_sigma_m_s: Array
    bearing_rad: Array
    bearing_sigma_rad: Array
    place_m: Array
    place_sigma_m: Array

    def interval_m(self) -> tuple[Array, Array]:
        """Lower and upper end of what holds 95 % of the true range, (n,) each."""
        return within(self.place_m, self.place_sigma_m[:, 0], self.place_sigma_m[:, 2])

    def said(self) -> list[str]:
        """The ranges in words."""
        return [
            f"within {high:.0f} m" if low <= 0.0 else f"{middle:.0f} m ({low:.0f} to {high:.0f})"
            for middle, low, high in zip(self.range_m, *self.interval_m(), strict=True)
        ]


def apart_of(first: Trace, second: Trace, time_s: Array | None = None) -> Apart:
    """Relative quantities at some times (those of the first trace's samples unless given) that both were recorded at.

    Raises InputError where the two have no time in common.
    """
    asked = first.time_s if time_s is None else time_s
    low = max(first.span_s[0], second.span_s[0])
    high = min(first.span_s[1], second.span_s[1])
    at_s = asked[(asked >= low) & (asked <= high)]
    if not len(at_s):
        raise InputError(f"{first.name!r} and {second.name!r} were not recorded at the same time")
    place, velocity, sigma, sigma_m_s = _between(first, second, at_s)
    range_m = np.linalg.norm(place, axis=1)
    toward = place / np.maximum(range_m, 1e-9)[:, None]
    level_m = np.hypot(place[:, 0], place[:, 1])
    return Apart(
        names=(first.name, second.name),
        time_s=at_s,
        range_m=range_m,
        range_sigma_m=_along(toward, sigma),
        level_m=place[:, 2],
        level_sigma_m=sigma[:, 2],
        closing_m_s=-np.sum(toward * velocity, axis=1),
        # the direction is as unsure as the place, and what moves across then counts as closing
        closing_sigma_m_s=np.hypot(sigma_m_s, _across(velocity, toward, sigma, range_m)),
        bearing_rad=np.arctan2(place[:, 0], place[:, 1]) % (2.0 * np.pi),
        bearing_sigma_rad=np.minimum(sigma[:, 0] / np.maximum(level_m, 1e-9), np.pi),
        place_m=place,
        place_sigma_m=sigma,
    )


def _between(first: Trace, second: Trace, at_s: Array) -> tuple[Array, Array, Array, Array]:
    """Place and velocity of the second less the first (n, 3), and their errors by axis (n, 3) and along any (n,)."""
    place, velocity, square, square_m_s = (np.zeros((len(at_s), 3)) for _ in range(4))
    for sign, trace in ((1.0, second), (-1.0, first)):
        error = trace.uncertainty
        share, speed_share = (np.interp(at_s, trace.time_s, column) for column in trace.error_shares)
        moving = np.stack([np.interp(at_s, trace.time_s, part) for part in trace.velocity_enu_m_s.T], -1)
        place += sign * np.stack(
            [np.interp(at_s, trace.time_s, part) for part in trace.position_enu_m.T], axis=-1
        )
        velocity += sign * moving
        own = error.level_m * share[:, None] * np.array([1.0, 1.0, error.up_share])
        late = error.clock_s * moving
        # along a level axis that of the worse one, so that both are alike
        square += own**2 + np.stack([*2 * [np.sum(late[:, :2] ** 2, axis=1)], late[:, 2] ** 2], axis=-1)
        square_m_s += (error.velocity_m_s * speed_share[:, None]) ** 2
    return place, velocity, np.sqrt(square), np.sqrt(square_m_s[:, 0])


def _along(toward: Array, sigma: Array) -> Array:
    """Error along a direction, (n,)."""
    return np.asarray(np.sqrt(np.sum((toward * sigma) ** 2, axis=1)))


def _across(velocity: Array, toward: Array, sigma: Array, range_m: Array) -> Array:
    """What an unsure direction makes of a velocity across it, (n,) m/s."""
    across = velocity - np.sum(velocity * toward, axis=1)[:, None] * toward
    turn_rad = np.minimum(np.max(sigma, axis=1) / np.maximum(range_m, 1e-9), 1.0)
    return np.asarray(np.linalg.norm(across, axis=1) * turn_rad)


def within(place_m: Array, level_sigma_m: Array, up_sigma_m: Array) -> tuple[Array, Array]:
    """The shortest interval that holds 95 % of the true range, of readings (n, 3) with errors of each level axis and up.

    Every range is as likely before the reading, and every direction; 0 is in it wherever the reading may be all error.
    """
    low, high = np.empty(len(place_m)), np.empty(len(place_m))
    for start in range(0, len(place_m), _CHUNK):
        some = slice(start, start + _CHUNK)
        place = place_m[some]
        level, up = (np.maximum(sigma[some], 1e-6) for sigma in (level_sigma_m, up_sigma_m))
        far, spread = np.linalg.norm(place, axis=1), np.maximum(level, up)
        least = np.maximum(far - 5.0 * spread, 0.0)
        ranges = least[:, None] + (far + 5.0 * spread - least)[:, None] * np.linspace(0.0, 1.0, _RANGES)
        low[some], high[some] = _shortest(ranges, _chance(place, level, up, ranges))
    return low, high


def _chance(place: Array, level: Array, up: Array, ranges: Array) -> Array:
    """How likely each range (n, k) is after a reading, up to a factor: the mean over all directions.

    All around a reading's own bearing that is a Bessel function; over the elevation it is summed, where it counts.
    """
    from scipy.special import ive  # slow to import

    across, above = np.hypot(place[:, 0], place[:, 1]), place[:, 2]
    far = np.maximum(np.hypot(across, above), 1e-9)
    wide = np.minimum(7.0 * np.maximum(level, up) / far, 2.0)
    first, last = np.maximum(above / far - wide, -1.0), np.minimum(above / far + wide, 1.0)
    nodes, weights = np.polynomial.legendre.leggauss(_TURNS)
    sine = (first + last)[:, None] / 2.0 + (last - first)[:, None] / 2.0 * nodes
    d, sine = ranges[:, :, None], sine[:, None, :]
    level, up = level[:, None, None], up[:, None, None]
    across, above = across[:, None, None], above[:, None, None]
    out = d * np.sqrt(np.maximum(1.0 - sine**2, 0.0))
    power = -0.5 * (((across - out) / level) ** 2 + ((above - d * sine) / up) ** 2)
    power -= power.max(axis=(1, 2), keepdims=True)
    return np.asarray(np.sum(np.exp(power) * ive(0, across * out / level**2) * weights, axis=2))


def _shortest(ranges: Array, chance: Array) -> tuple[Array, Array]:
    """The stretch of most likely ranges (n, k), evenly spaced, that together hold 95 %."""
    order = np.argsort(-chance, axis=1)
    share = np.cumsum(np.take_along_axis(chance, order, axis=1), axis=1)
    needed = 1 + np.argmax(share >= SURE * share[:, -1:], axis=1)
    chosen = np.zeros(chance.shape, bool)
    np.put_along_axis(chosen, order, np.arange(chance.shape[1]) < needed[:, None], axis=1)
    step = ranges[:, 1] - ranges[:, 0]
    first = np.argmax(chosen, axis=1)
    last = chance.shape[1] - 1 - np.argmax(chosen[:, ::-1], axis=1)
    rows = np.arange(len(ranges))
    low = np.where(ranges[rows, first] - step / 2.0 <= 0.0, 0.0, ranges[rows, first] - step / 2.0)
    return low, ranges[rows, last] + step / 2.0
