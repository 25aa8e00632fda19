"""Readout: what every curve says at one moment, as text, for the table beside the cursor and for the page's script.

The texts are made here once, so that what a hovering reader sees is what the judge measured.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from onetake.show import words
from onetake.show.curves import heights
from onetake.show.markup import Html, tag
from onetake.show.material import Material

Array = NDArray[np.float64]
Says = Callable[[float], str]

_COARSE_S, _FINE_S, _FINE_SPAN_S = 0.2, 0.04, 8.0


def moments(first_s: float, last_s: float, near_s: float | None) -> Array:
    """Times of the readout, s: every fifth of a second, every twenty-fifth around the moment that matters."""
    coarse = np.arange(first_s, last_s, _COARSE_S)
    if near_s is None:
        return coarse
    fine = np.arange(max(near_s - _FINE_SPAN_S, first_s), min(near_s + _FINE_SPAN_S, last_s), _FINE_S)
    both: Array = np.unique(np.round(np.concatenate([coarse, fine, [near_s]]), 3))
    return both


def rows(m: Material, at_s: Array) -> list[tuple[str, str, list[str]]]:
    """Name, colour class and one text for each moment, of everything that is known."""
    made: list[tuple[str, str, list[str]]] = [("Time", "", [words.seconds(float(t), 2) for t in at_s])]
    if m.first_exit_utc is not None:
        from onetake.clock import Clock

        clock, zone = Clock(m.first_exit_utc), m.shot.place.time_zone
        made.append(("Local time", "", [words.local(clock.utc(float(t)), zone) for t in at_s]))
    if m.take is not None:
        for name, (time_s, height_m) in heights(m.take, m.curves).items():
            made.append((f"Height, {name}", m.body_class(name), _said(at_s, time_s, height_m, words.height)))
    if m.curves is not None:
        made += _curve_rows(m, at_s)
    return made


def _curve_rows(m: Material, at_s: Array) -> list[tuple[str, str, list[str]]]:
    c = m.curves
    assert c is not None
    made: list[tuple[str, str, list[str]]] = []
    if c.range_m is not None:
        made.append(("Range", "range", _said(at_s, c.time_s, c.range_m, words.film)))
    if c.near_m is not None and c.far_m is not None:
        near, far = sampled(at_s, c.time_s, c.near_m), sampled(at_s, c.time_s, c.far_m)
        said = [
            words.DASH if np.isnan(a) or np.isnan(b) else f"{_ring(a)} to {_ring(b)}"
            for a, b in zip(near, far, strict=True)
        ]
        made.append(("Sharp from", "sharp", said))
    if c.blur_m is not None:
        made.append(("Blur", "", _said(at_s, c.time_s, c.blur_m, words.microns)))
    if c.closing_m_s is not None:
        made.append(("Closing", "", _said(at_s, c.time_s, c.closing_m_s, words.closing)))
    if c.size is not None:
        made.append(("Head in picture", "", _said(at_s, c.time_s, c.size, words.percent)))
    for name, angle in c.sun_rad.items():
        made.append((f"Sun, {name}", m.body_class(name), _said(at_s, c.time_s, angle, words.degrees)))
    return made


def _ring(length_m: float) -> str:
    return words.film(length_m, metres=False) if length_m < 15.0 else words.film(length_m)


def sampled(at_s: Array, time_s: Array, values: Array) -> Array:
    """Values at other times: straight between samples, NaN outside them and beside a sample that is not finite."""
    later = np.clip(np.searchsorted(time_s, at_s), 1, max(len(time_s) - 1, 1))
    if len(time_s) < 2:
        return np.full(len(at_s), np.nan)
    before = later - 1
    share = (at_s - time_s[before]) / (time_s[later] - time_s[before])
    a, b = values[before], values[later]
    with np.errstate(invalid="ignore"):
        mixed = np.where((share <= 0.0) | (a == b), a, np.where(share >= 1.0, b, a + share * (b - a)))
    out: Array = np.where((at_s < time_s[0] - 1e-9) | (at_s > time_s[-1] + 1e-9), np.nan, mixed)
    return out


def _said(at_s: Array, time_s: Array, values: Array, say: Says) -> list[str]:
    return [say(float(value)) for value in sampled(at_s, time_s, values)]


def readout(m: Material, first_s: float, last_s: float) -> Html:
    """The table beside the timeline, filled for the moment that matters, and the same for every other moment."""
    chosen = m.mark_time_s()
    at_s = moments(first_s, last_s, chosen)
    start = int(np.argmin(np.abs(at_s - (chosen if chosen is not None else first_s))))
    made = rows(m, at_s)
    body = [
        tag("div", tag("dt", name, cls=cls or None), tag("dd", said[start]), cls="pair")
        for name, cls, said in made
    ]
    data = {
        "time_s": [round(float(t), 3) for t in at_s],
        "start": start,
        "rows": [said for _, _, said in made],
    }
    scrub = tag(
        "input", type="range", min=f"{at_s[0]:.3f}", max=f"{at_s[-1]:.3f}", value=f"{at_s[start]:.3f}", step=_COARSE_S, id="scrub",
        aria_label="Moment of the take", aria_valuetext=made[0][2][start],
    )  # fmt: skip
    return tag(
        "div", tag("dl", *body, id="readout", aria_live="off"), tag("div", scrub, cls="scrub"),
        embedded("moments", data), cls="readout",
    )  # fmt: skip


def embedded(slug: str, data: object) -> Html:
    """Data for the page's script. No text in it can end the element it stands in."""
    text = json.dumps(data, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return Html(
        f'<script type="application/json" id="{slug}">{text.replace("<", chr(92) + "u003c").replace("&", chr(92) + "u0026")}</script>'
    )
