"""The body in the air, one lane: panel forces, wake, parachute, clearance of two bodies.

Body axes forward-left-up about the centre of mass; forces in body axes over rho/2 unless said.
"""

from __future__ import annotations

import math

from onetake.kernel import HALF, ONE, TINY, TWO, ZERO, F, along, clip, cross, dot, lane, minus, plus, scale

AT_ONCE_S = F(1e-4)
G_SEA = F(9.80665 / 1.225)  # weight of a kilogram over sea-level density


@lane
def panel(flow_m_s, twist_rad_s, shape, size):
    """Force and moment of one flat panel's push along its normal.

    shape: (area·Cn m², normal n, arm r × n m, place y and z m); twist: turn rate times the damping multiplier. The
    air through the panel is (U - twist × r)·n, which is U·n - twist·(r × n).
    """
    area, nx, ny, nz, ax, ay, az, _, _ = shape
    through = dot(flow_m_s, (nx, ny, nz)) - dot(twist_rad_s, (ax, ay, az))
    push = size * area * through * abs(through)
    return scale(push, (nx, ny, nz)), scale(push, (ax, ay, az))


@lane
def swept(shape, sweep):
    """The panel of an arm whose normal is tilted forward by `sweep`."""
    area, nx, ny, nz, ax, ay, az, y, z = shape
    return area, nx + sweep, ny, nz, ax, ay + sweep * z, az - sweep * y, y, z


@lane
def skin_load(flow_m_s, speed_m_s, twist_rad_s, skin):
    """Friction of the whole body: the sum over its panels of a |U| (U - twist × r), and its moment.

    skin: sum of a m², of a r m³, and of a [r² - r r] as xx, yy, zz, xz m⁴ (left and right are alike).
    """
    area, x, y, z, xx, yy, zz, xz, _ = skin
    turn = cross(twist_rad_s, (x, y, z))
    slow = (
        xx * twist_rad_s[0] + xz * twist_rad_s[2],
        yy * twist_rad_s[1],
        xz * twist_rad_s[0] + zz * twist_rad_s[2],
    )
    force = scale(speed_m_s, minus(scale(area, flow_m_s), turn))
    return force, scale(speed_m_s, minus(cross((x, y, z), flow_m_s), slow))


@lane
def fall_factor(fall, slow, fast):
    """Area factor of the fall-rate posture: +1 is the person's slowest fall, -1 the fastest."""
    return ONE + slow * max(fall, ZERO) + fast * min(fall, ZERO)


@lane
def body_load(flow_m_s, speed_m_s, rate_rad_s, damping, posture, range_of_fall, limbs, dial, shape):
    """Force and moment of the whole body over rho/2.

    flow_m_s, speed_m_s: the air's velocity past the body and its size; posture (fall, fore-aft, side, turn), each -1 to 1;
    range_of_fall (slow, fast) area gains; limbs: share of their area that arms and legs move at full posture (fore-aft,
    side) and slope of the arms at full turn; dial: share of an arm that a hand on the focus dial costs now; shape: six
    panels and the skin. Limbs move the area they present; friction grows with the whole body's only.
    """
    fall, fore, side, turn = posture
    twist = scale(damping, rate_rad_s)
    torso, head, arm_left, arm_right, leg_left, leg_right, skin = shape
    whole = fall_factor(fall, range_of_fall[0], range_of_fall[1])
    arms, legs = ONE - limbs[0] * fore, ONE + limbs[0] * fore
    left, right = ONE - limbs[1] * side, ONE + limbs[1] * side
    sweep = limbs[2] * turn
    hand = ONE - dial
    f0, m0 = panel(flow_m_s, twist, torso, ONE)
    f1, m1 = panel(flow_m_s, twist, head, ONE)
    f2, m2 = panel(flow_m_s, twist, swept(arm_left, -sweep), arms * left)
    f3, m3 = panel(flow_m_s, twist, swept(arm_right, sweep), arms * right * hand)
    f4, m4 = panel(flow_m_s, twist, leg_left, legs * left)
    f5, m5 = panel(flow_m_s, twist, leg_right, legs * right)
    f6, m6 = skin_load(flow_m_s, speed_m_s, twist, skin)
    force = plus(plus(plus(f0, f1), plus(f2, f3)), plus(plus(f4, f5), f6))
    moment = plus(plus(plus(m0, m1), plus(m2, m3)), plus(plus(m4, m5), m6))
    return scale(whole, force), scale(whole, moment)


WAKE_START, WAKE_NEAR, WAKE_LONGEST = F(0.28), F(0.5), F(50.0)
POWER_GAIN, POWER_ORIGIN = F(0.35 * (4 * math.pi) ** (1 / 3)), F(0.524)
GUESS, GUESS_ROOT, FOUR, THIRD = F(0.72), F(0.35), F(4.0), F(1 / 3)


@lane
def inverse_cube_root(x):
    """x to the power -1/3 for 0.3 < x < 60: three steps of Newton, error below 1e-4."""
    y = ONE / (GUESS + GUESS_ROOT * math.sqrt(x))
    y = y * (FOUR - x * y * y * y) * THIRD
    y = y * (FOUR - x * y * y * y) * THIRD
    return y * (FOUR - x * y * y * y) * THIRD


@lane
def wake_deficit(offset_m, downwind, strength, growth, power, cap):
    """Share of airspeed lost behind another body; both published branches (jumper/burble.py).

    offset_m: this body less the other; downwind: unit vector along which the other's wake trails; strength is
    CdA/4π (m²) of the other; growth: widening of the Gaussian wake; power: 1 for the x^(-2/3) law, 0 for the
    Gaussian; cap: the most that can be lost. Radius: a Gaussian that carries the lost momentum, as a rational
    function with its value and slope on the axis.
    """
    x = dot(offset_m, downwind)
    r2 = max(dot(offset_m, offset_m) - x * x, ZERO)
    behind = clip(x / WAKE_NEAR, ZERO, ONE)
    x = clip(x, ZERO, WAKE_LONGEST)
    width = WAKE_START + growth * x
    gaussian = ONE - math.sqrt(max(ONE - strength / (width * width), ZERO))
    root = inverse_cube_root(x + POWER_ORIGIN)
    law = POWER_GAIN * root * root / inverse_cube_root(max(strength, F(0.01)) * F(32.0)) * F(32.0 ** (-1 / 3))
    lost = min(law if power > HALF else gaussian, cap)
    spread = strength / (lost * (ONE - HALF * lost) + TINY)
    e = HALF * r2 / spread
    return behind * lost / (ONE + e * (ONE + HALF * e * (ONE + THIRD * e)))


@lane
def parachute_load(flow_m_s, speed_m_s, drag_area_m2, risers_m):
    """Force and moment over rho/2 of a parachute held at the shoulders."""
    force = scale(drag_area_m2 * speed_m_s, flow_m_s)
    return force, cross(risers_m, force)


@lane
def drag_area(since_s, extract_s, snivel_s, fill_s, snivel_area_m2, full_area_m2):
    """CdS of the parachute since the pull: nothing while it is extracted, even growth through the snivel, then

    square-law filling (Knacke; jumper/canopy.py). With no time for any of them it is open at once.
    """
    out = clip((since_s - extract_s) / max(snivel_s, AT_ONCE_S), ZERO, ONE)
    fill = clip((since_s - extract_s - snivel_s) / max(fill_s, AT_ONCE_S), ZERO, ONE)
    return out * snivel_area_m2 + fill * fill * (full_area_m2 - snivel_area_m2)


@lane
def canopy_push(air_m_s, toward, speed_m_s, sink_m_s, density_kg_m3):
    """Acceleration by lift and drag of an open parachute, ENU; air_m_s: its velocity through the air.

    In steady flight it goes speed_m_s forward, along the level unit vector `toward`, and sink_m_s down, at sea-level
    density; lift and drag coefficients are those that carry the weight so. Lift leans to where it shall fly.
    """
    steady2 = speed_m_s * speed_m_s + sink_m_s * sink_m_s
    steady = math.sqrt(steady2)
    grip = density_kg_m3 * G_SEA / (steady2 * steady)
    size = math.sqrt(dot(air_m_s, air_m_s) + TINY)
    lean = sink_m_s / steady
    up = (lean * toward[0], lean * toward[1], speed_m_s / steady)
    across = along(up, -dot(up, air_m_s) / (size * size), air_m_s)
    lift = grip * speed_m_s * size * size / math.sqrt(dot(across, across) + TINY)
    return along(scale(lift, across), -grip * sink_m_s * size, air_m_s)


@lane
def segment_gap(p, d, q, e):
    """Distance of two segments p + s d and q + t e, s and t in 0..1 (Ericson's clamp, without branches)."""
    r = minus(p, q)
    a, b, c = dot(d, d) + TINY, dot(d, e), dot(d, r)
    f, g = dot(e, e) + TINY, dot(e, r)
    denominator = a * f - b * b
    s = clip((b * g - c * f) / (denominator + F(1e-7)), ZERO, ONE)
    t = clip((b * s + g) / f, ZERO, ONE)
    s = clip((b * t - c) / a, ZERO, ONE)
    gap = (r[0] + s * d[0] - t * e[0], r[1] + s * d[1] - t * e[1], r[2] + s * d[2] - t * e[2])
    return math.sqrt(dot(gap, gap))


@lane
def middle(a, b):
    """Midpoint of two vectors."""
    return scale(HALF, plus(a, b))


@lane
def still_area(mass_kg, gravity_m_s2, density_kg_m3, speed_m_s):
    """CdA that balances weight at a speed."""
    return TWO * mass_kg * gravity_m_s2 / (density_kg_m3 * speed_m_s * speed_m_s)
