"""Sync: by how much the clock of a film is off the clock of a log, and how well that is known.

Three ways. Flashes: a light that both saw go on and off in a pattern. Motion: how fast something turned, by a gyroscope (the
camera's own telemetry counts on the film's clock) or by the picture, against a log's. Events: exit and opening found in both.
What cannot be known is said to be unknown: a flash that fits in two places, motion that looks like itself a second later.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onetake.errors import InputError

Array = NDArray[np.float64]

_NEAR = 3.5  # sigmas within which two moments may be one
_LEAST_ALIKE = 0.5  # correlation under which two motions are not one
_CLEARER = 4.0  # sigmas (of Fisher's z) by which the best shift must beat any other
_LEAST_S = 3.0  # of common motion
_MOST_TRIES = 20_000  # pairs of flashes; a slate makes ten
_GRID_HZ = 100.0
_LONGEST_S = (
    8 * 3600.0
)  # of a recording; a clock that lies would fill the memory with what is between its times
_MOST_LAGS = 3000  # over which motion may stay like itself, half a minute
_WITHIN = (
    0.25  # of a step, 1 sigma: which moment of an exposure or of a filter a sample stands for, nobody says
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """offset_s: add it to a time of the film and it is one of the log, with sigma_s; None where it cannot be known.

    how: what it was found from; why: what stands in the way where it is unknown, else what speaks for it.
    """

    offset_s: float | None
    sigma_s: float | None
    how: str
    why: str

    @property
    def known(self) -> bool:
        """Whether there is an offset at all."""
        return self.offset_s is not None


def _unknown(how: str, why: str) -> Sync:
    return Sync(offset_s=None, sigma_s=None, how=how, why=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Moments on one clock, (n,), each with its error."""

    time_s: Array
    sigma_s: Array

    def __post_init__(self) -> None:
        if self.time_s.shape != self.sigma_s.shape or self.time_s.ndim != 1:
            raise InputError("moments and their errors must be as many")
        if not (np.all(np.isfinite(self.time_s)) and np.all(self.sigma_s > 0)):
            raise InputError("moments must be numbers, and their errors above zero")


def sync_flashes(film: Moments, log: Moments) -> Sync:
    """From moments at which a light went on (or off) in the film, and the moments at which the log says it did.

    Some may be missing on either side. At least two must fit, or there must be one alone on each side; and no other offset may
    fit as many.
    """
    how = "flashes"
    if not len(film.time_s) or not len(log.time_s):
        return _unknown(how, f"{len(film.time_s)} flashes in the film, {len(log.time_s)} in the log")
    tries = np.unique(np.round((log.time_s[:, None] - film.time_s[None, :]).ravel(), 4))
    if len(tries) > _MOST_TRIES:
        return _unknown(how, "more flashes than a slate ever makes")
    found = [_fitted(film, log, float(offset)) for offset in tries]
    best = max(found, key=lambda one: (one[0], -one[3]))
    count, offset_s, sigma_s, _ = best
    alone = len(film.time_s) == len(log.time_s) == 1
    if count < 2 and not alone:
        return _unknown(how, "no two flashes fit together")
    apart_s = _NEAR * 2.0 * max(float(film.sigma_s.max()), float(log.sigma_s.max()))
    rivals = [one for one in found if one[0] >= count and abs(one[1] - offset_s) > apart_s]
    if rivals:
        return _unknown(
            how,
            f"{count} flashes fit at {offset_s:.2f} s and as many at {rivals[0][1]:.2f} s: the pattern repeats itself",
        )
    said = "one flash on each side, with nothing to check it" if alone else f"{count} flashes fit"
    return Sync(offset_s=offset_s, sigma_s=sigma_s, how=how, why=said)


def _fitted(film: Moments, log: Moments, offset_s: float) -> tuple[int, float, float, float]:
    """How many moments fit at an offset, the offset and its error from them, and how well they fit."""
    for _ in range(2):
        there = film.time_s + offset_s
        nearest = np.argmin(np.abs(log.time_s[:, None] - there[None, :]), axis=0)
        apart = log.time_s[nearest] - there
        sigma = np.hypot(film.sigma_s, log.sigma_s[nearest])
        fits = np.abs(apart) < _NEAR * sigma
        if not fits.any():
            return 0, offset_s, math.inf, math.inf
        weight = 1.0 / sigma[fits] ** 2
        offset_s += float(np.sum(weight * apart[fits]) / weight.sum())
    rest = float(np.sum(weight * apart[fits] ** 2))
    count = len(np.unique(nearest[fits]))
    return count, offset_s, math.sqrt(max(rest / max(count - 1, 1), 1.0) / weight.sum()), rest


def sync_events(film: Mapping[str, tuple[float, float]], log: Mapping[str, tuple[float, float]]) -> Sync:
    """From events of the same name (exit, opening) in both: name -> (seconds, sigma)."""
    how = "events"
    names = sorted(set(film) & set(log))
    if not names:
        return _unknown(how, "no event is in both")
    apart = np.array([log[name][0] - film[name][0] for name in names])
    sigma = np.array([math.hypot(log[name][1], film[name][1]) for name in names])
    if not (np.all(np.isfinite(apart)) and np.all(sigma > 0)):
        return _unknown(how, "an event without a time, or without its error")
    return _mean(apart, sigma, names, how)


def together(found: Sequence[Sync]) -> Sync:
    """One offset out of several independent ones; unknown where they contradict each other."""
    known = [one for one in found if one.offset_s is not None and one.sigma_s is not None]
    if not known:
        return _unknown("together", "; ".join(f"{one.how}: {one.why}" for one in found) or "nothing to go by")
    if len(known) == 1:
        return known[0]
    apart = np.array([one.offset_s for one in known], float)
    sigma = np.array([one.sigma_s for one in known], float)
    return _mean(apart, sigma, [one.how for one in known], " and ".join(one.how for one in known))


def _mean(apart: Array, sigma: Array, names: Sequence[str], how: str) -> Sync:
    weight = 1.0 / sigma**2
    offset_s = float(np.sum(weight * apart) / weight.sum())
    off = np.abs(apart - offset_s) / sigma
    if len(apart) > 1 and off.max() > _NEAR:
        told = ", ".join(
            f"{name} {value:+.2f} ± {s:.2f} s" for name, value, s in zip(names, apart, sigma, strict=True)
        )
        return _unknown(how, f"they contradict each other: {told}")
    spread = float(np.sum(off**2)) / max(len(apart) - 1, 1)
    return Sync(
        offset_s=offset_s,
        sigma_s=math.sqrt(max(spread, 1.0) / float(weight.sum())),
        how=how,
        why=", ".join(names),
    )


def sync_motion(
    film_s: Array, film_rate_rad_s: Array, log_s: Array, log_rate_rad_s: Array, *, search_s: float = 30.0
) -> Sync:
    """From how fast something turned, seen on both clocks: times (n,) and the size of the rate (n,), which needs no axes.

    The picture's own turning or the camera's gyroscope, against the gyroscope of a log on the same body; any gain between the
    two is let pass. search_s: offsets no larger than that are looked at. NaN is left out.
    """
    how = "motion"
    mine, other = _clean(film_s, film_rate_rad_s), _clean(log_s, log_rate_rad_s)
    if mine is None or other is None:
        return _unknown(how, "under three seconds of motion in one of the two")
    longest_s = max(float(time_s[-1] - time_s[0]) for time_s, _ in (mine, other))
    if longest_s > _LONGEST_S:
        return _unknown(
            how, f"one of the two says that it lasts {longest_s / 3600.0:.3g} hours, which nobody records"
        )
    step_s = max(1.0 / _GRID_HZ, *(float(np.median(np.diff(one[0]))) for one in (mine, other)))
    a, b = _even(mine, step_s), _even(other, step_s)
    shifts, alike, common = _correlation(a[1], b[1])
    offsets = shifts * step_s + b[0] - a[0]
    fit = (np.abs(offsets) <= search_s) & (common * step_s >= _LEAST_S)
    if not fit.any():
        return _unknown(how, f"no offset within {search_s:g} s leaves three seconds in common")
    alike = np.where(fit, alike, -1.0)
    best = int(np.argmax(alike))
    if alike[best] < _LEAST_ALIKE:
        return _unknown(how, f"the two motions are not alike (correlation {alike[best]:.2f} at best)")
    free = _independent(a[1], b[1], common[best])
    rival = _rival(alike, best)
    ahead = (_fisher(alike[best]) - _fisher(rival)) * math.sqrt(max(free - 3.0, 1.0) / 2.0)
    if ahead < _CLEARER:
        return _unknown(
            how,
            f"the motion looks like itself elsewhere: correlation {alike[best]:.2f} at {offsets[best]:.2f} s, "
            f"{rival:.2f} at another offset",
        )
    if best in (0, len(alike) - 1) or not (fit[best - 1] and fit[best + 1]):
        return _unknown(how, f"the best offset lies at the end of what was searched, {offsets[best]:.2f} s")
    offset_s, sigma_s = _refined(mine, other, float(offsets[best]), step_s)
    if not math.isfinite(sigma_s) or abs(offset_s - offsets[best]) > 2.0 * step_s + 3.0 * sigma_s:
        return _unknown(how, "the motion is too even to tell an offset")
    return Sync(
        offset_s=offset_s,
        sigma_s=math.hypot(sigma_s, _WITHIN * step_s),
        how=how,
        why=f"correlation {alike[best]:.2f}, {rival:.2f} at any other offset",
    )


def _clean(time_s: Array, rate: Array) -> tuple[Array, Array] | None:
    """In order and without gaps in their numbers; None for too little."""
    time_s, rate = np.asarray(time_s, float), np.asarray(rate, float)
    if time_s.shape != rate.shape or time_s.ndim != 1:
        raise InputError("motion needs one number for each moment")
    good = np.isfinite(time_s) & np.isfinite(rate)
    time_s, rate = time_s[good], rate[good]
    kept = np.concatenate([[True], np.diff(np.maximum.accumulate(time_s)) > 0]) if len(time_s) else good[:0]
    time_s, rate = time_s[kept], rate[kept]
    if len(time_s) < 16 or time_s[-1] - time_s[0] < _LEAST_S:
        return None
    return time_s, rate


def _even(motion: tuple[Array, Array], step_s: float) -> tuple[float, Array]:
    """Means over even steps: when the first begins, and the values. Averaging keeps fast noise from folding in."""
    time_s, rate = motion
    sums = np.concatenate([[0.0], np.cumsum(np.diff(time_s) * (rate[1:] + rate[:-1]) / 2.0)])
    edges = np.arange(time_s[0], time_s[-1], step_s)
    return float(time_s[0]), np.diff(np.interp(edges, time_s, sums)) / step_s


def _correlation(a: Array, b: Array) -> tuple[NDArray[np.intp], Array, Array]:
    """Correlation of a with b for every shift of a against b, over what both have in common; and how much that is."""
    n = 1 << (len(a) + len(b) - 1).bit_length()

    def slid(x: Array, y: Array) -> Array:
        product = np.fft.irfft(np.conj(np.fft.rfft(x, n)) * np.fft.rfft(y, n), n)
        return np.concatenate([product[n - len(a) + 1 :], product[: len(b)]])

    a, b = a - a.mean(), b - b.mean()
    one_a, one_b = np.ones_like(a), np.ones_like(b)
    common = np.round(slid(one_a, one_b))
    safe = np.maximum(common, 1.0)
    sum_a, sum_b = slid(a, one_b), slid(one_a, b)
    cross = slid(a, b) - sum_a * sum_b / safe
    power = (slid(a * a, one_b) - sum_a**2 / safe) * (slid(one_a, b * b) - sum_b**2 / safe)
    alike = np.where(power > 1e-18, cross / np.sqrt(np.maximum(power, 1e-18)), 0.0)
    return np.arange(-len(a) + 1, len(b)), np.clip(alike, -1.0, 1.0), common


def _independent(a: Array, b: Array, common: float) -> float:
    """How many independent values two series have in common (Bartlett 1946)."""
    lags = min(min(len(a), len(b)) // 4, _MOST_LAGS)
    total = 1.0
    for lag in range(1, max(lags, 2)):
        both = _own(a, lag) * _own(b, lag)
        if both < 0.02:
            break
        total += 2.0 * both
    return common / total


def _own(x: Array, lag: int) -> float:
    x = x - x.mean()
    return float(np.dot(x[lag:], x[:-lag]) / max(np.dot(x, x), 1e-18))


def _rival(alike: Array, best: int) -> float:
    """The highest correlation outside the hill that the best one stands on."""
    left = right = best
    half = alike[best] / 2.0
    while left > 0 and alike[left] > half:
        left -= 1
    while right < len(alike) - 1 and alike[right] > half:
        right += 1
    return float(np.concatenate([alike[:left], alike[right + 1 :], [-1.0]]).max())


def _fisher(correlation: float) -> float:
    return math.atanh(min(max(correlation, -0.999999), 0.999999))


def _refined(
    film: tuple[Array, Array], log: tuple[Array, Array], offset_s: float, step_s: float
) -> tuple[float, float]:
    """Least squares along the slope of the motion, and the error with residuals that stay alike for a while."""
    sigma_s = math.inf
    for _ in range(8):
        begin = max(film[0][0] + offset_s, log[0][0])
        end = min(film[0][-1] + offset_s, log[0][-1])
        grid = np.arange(begin + step_s, end - step_s, step_s)
        if len(grid) < 16:
            return offset_s, math.inf
        seen = np.interp(grid - offset_s, *film)
        slope = (np.interp(grid - offset_s + step_s, *film) - np.interp(grid - offset_s - step_s, *film)) / (
            2 * step_s
        )
        told = np.interp(grid, *log)
        columns = np.stack([np.ones_like(grid), seen, -slope], axis=1)
        normal = columns.T @ columns
        try:
            inverse = np.linalg.inv(normal)
        except np.linalg.LinAlgError:
            return offset_s, math.inf
        found = inverse @ columns.T @ told
        if abs(found[1]) < 1e-9:
            return offset_s, math.inf
        move_s = float(found[2] / found[1])
        rest = told - columns @ found
        sigma_s = _fading(columns, rest, inverse)[2] / abs(found[1])
        offset_s += float(np.clip(move_s, -2 * step_s, 2 * step_s))
        if abs(move_s) < 1e-5:
            break
    return offset_s, sigma_s


def _fading(columns: Array, rest: Array, inverse: Array) -> Array:
    """Errors of a fit whose residuals stay alike for some time (Newey and West, Econometrica 55, 1987)."""
    pull = columns * rest[:, None]
    middle = pull.T @ pull
    lags = min(len(rest) // 10, 100)
    for lag in range(1, lags + 1):
        cross = pull[lag:].T @ pull[:-lag] * (1.0 - lag / (lags + 1))
        middle += cross + cross.T
    return np.sqrt(np.maximum(np.diag(inverse @ middle @ inverse), 0.0))
