"""The air one lane feels: table look-up by height, Dryden gusts of a falling body.

The table has one row per LEVEL_M of height above the drop zone: density, wind east, wind north, gust sigma,
gust length, speed of sound, mean wind below east, north. Each lane adds its own wind error, on rows ERROR_LEVEL_M
apart.

And the light it sees: `sun.above_visible_horizon_rad` of one lane, with the root of the height in metres.
"""

from __future__ import annotations

import math

from onetake.kernel import HALF, ONE, TWO, ZERO, F, clip, decay, lane

LEVEL_M = F(50.0)
ERROR_LEVEL_M = F(250.0)
DENSITY, WIND_EAST, WIND_NORTH, GUST_SIGMA, GUST_LENGTH, SOUND, MEAN_EAST, MEAN_NORTH = range(8)

SQRT3, ONE_LESS_SQRT3, INV_SQRT2 = F(math.sqrt(3.0)), F(1.0 - math.sqrt(3.0)), F(math.sqrt(0.5))

# weather/sun.py, which has the sources: refraction at the horizon, dip, and dip with all the bending; of √1 m
REFRACTION, DIP, DEPRESSION = (
    F(math.radians(34 / 60)),
    F(math.radians(1.76 / 60)),
    F(math.radians(2.076 / 60)),
)
DEGREES, PER_ROOT_KM = F(180.0 / math.pi), F(1.0 / math.sqrt(1000.0))
FADE_1, FADE_1_ROOT, FADE_2, FADE_2_ROOT = F(0.344), F(0.011), F(0.022), F(0.014)


@lane
def lifted_rad(elevation_rad, root_height):
    """The true elevation of the sun's centre plus all that height and refraction are worth on the horizon."""
    return elevation_rad + REFRACTION + DEPRESSION * root_height


@lane
def above_visible_horizon(elevation_rad, root_height):
    """Apparent angle of the sun's centre above one's own visible horizon."""
    lifted = lifted_rad(elevation_rad, root_height)
    bent = REFRACTION + (DEPRESSION - DIP) * root_height
    over, root_km = max(lifted, ZERO) * DEGREES, root_height * PER_ROOT_KM
    first = FADE_1 + FADE_1_ROOT * root_km
    second = FADE_2 + FADE_2_ROOT * root_km * root_km
    return lifted - bent * (ONE - ONE / (ONE + over * (first + over * second)))


@lane
def row_of(height_m, level_m, rows):
    """Table row below a height and the fraction of the way to the next (kept inside the table)."""
    x = clip(height_m / level_m, ZERO, F(rows - 1) - F(1e-3))
    row = int(x)
    return row, x - F(row)


@lane
def keep(speed_m_s, length_m, step_s):
    """Share of a gust that is left after a step: exp(-V dt / L)."""
    return decay(speed_m_s * step_s / length_m)


@lane
def longitudinal(state, kept, noise):
    """First-order Dryden gust of unit variance (MIL-F-8785C, along the path)."""
    return kept * state + math.sqrt(max(ONE - kept * kept, ZERO)) * noise


@lane
def transverse(first, second, kept, rate, noise):
    """Second-order Dryden gust of unit variance (across the path): both states and the gust.

    H(s) = (1 + sqrt3 T s) / (1 + T s)^2 as sqrt3/(1 + T s) + (1 - sqrt3)/(1 + T s)^2; rate is dt / T.
    The second state is stepped with the mean of the first, so that its variance is kept at any rate < 1.
    """
    fresh = longitudinal(first, kept, noise)
    second = kept * second + (ONE - kept) * HALF * (first + fresh)
    return fresh, second, INV_SQRT2 * (SQRT3 * fresh + ONE_LESS_SQRT3 * second)


@lane
def difference_share(separation_m, length_m):
    """Sigma of the gust difference of two bodies over sigma: sqrt(2 (1 - exp(-r/L))), 0.058 at 3 ft."""
    return math.sqrt(TWO * max(ONE - decay(separation_m / length_m), ZERO))
