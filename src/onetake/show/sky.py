"""Sky: the colour of the horizon for a sun so far above or below it. A picture, not a measurement of colour.

Angles are of the sun's centre above the own visible horizon.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onetake.show.markup import Html, join, tag
from onetake.show.svg import Scale, rect
from onetake.units import DEG_RAD

Array = NDArray[np.float64]

# chosen by eye: night, blue hour, the red of sunset, gold, day
_AT_DEG = np.array([-18.0, -9.0, -6.0, -3.5, -1.5, -0.5, 0.5, 2.0, 6.0, 15.0])
_RGB = np.array(
    [
        [13, 17, 38], [22, 28, 66], [38, 44, 98], [86, 70, 128], [160, 92, 122], [214, 118, 94],
        [236, 158, 98], [244, 200, 138], [238, 226, 204], [196, 220, 240],
    ],
    float,
)  # fmt: skip


def sky_colour(sun_rad: float) -> str:
    """A colour as `#rrggbb`."""
    rgb = [round(float(np.interp(sun_rad / DEG_RAD, _AT_DEG, _RGB[:, k]))) for k in range(3)]
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def sky_name(sun_rad: float | None) -> str:
    """Day, dusk or night, for the sky behind the slate; dusk where the sun is not known."""
    if sun_rad is None:
        return "dusk"
    return "day" if sun_rad > 4.0 * DEG_RAD else "dusk" if sun_rad > -7.0 * DEG_RAD else "night"


def sky_strip(time: Scale, strip_px: tuple[float, float], time_s: Array, sun_rad: Array, slug: str) -> Html:
    """A panel's ground in the colours of the sky over time; nothing where the sun is not known.

    strip_px: top and height. slug: unique on the page.
    """
    known = np.isfinite(sun_rad) & (time_s >= time.low) & (time_s <= time.high)
    if known.sum() < 2:
        return Html()
    times, angles = time_s[known], sun_rad[known]
    at = np.linspace(times[0], times[-1], 25)
    left, right = time(float(times[0])), time(float(times[-1]))
    stops = [
        tag("stop", offset=f"{(t - at[0]) / (at[-1] - at[0]):.3f}", stop_color=sky_colour(float(a)))
        for t, a in zip(at, np.interp(at, times, angles), strict=True)
    ]
    name = f"sky-{slug}"
    ground = rect(left, strip_px[0], right - left, strip_px[1], "sky", fill=f"url(#{name})")
    return join([tag("defs", tag("linearGradient", *stops, id=name)), ground])
