"""Two jumpers in the air, 16 takes at a time: draws, senses, pilots, lens, six degrees of freedom, parachutes.

`fly_block` advances every batch by a number of ticks and writes one record a tick. Draws, pilots and the record
run at 25 Hz, the dynamics by midpoint at 50 Hz; both rates are part of the model and the same for every caller.
Each `*_lane` is one take at one instant. The control law and its gains are in docs/physics.md.
"""

from __future__ import annotations

import math

import numpy as np

from onetake.fly.state import (
    ABOARD,
    CANOPY,
    CAPSULES,
    CLEARANCE_TICKS,
    COARSE_TICKS,
    CONTACT,
    DIVERGED,
    FREEFALL,
    LANDED,
    LANES,
    LONGEST_TICKS,
    OF_BOTH,
    OF_ONE,
    OPENING,
    RING_TICKS,
    SOLID,
    TICK_S,
    TO_B,
    C,
    S,
)
from onetake.jumper.kernel import body_load, canopy_push, drag_area, parachute_load, segment_gap, wake_deficit
from onetake.kernel import (
    HALF,
    ONE,
    THREE,
    TINY,
    TWO,
    ZERO,
    F,
    along,
    axes,
    bearing,
    block,
    clip,
    cosine,
    dot,
    floats,
    into,
    lane,
    length,
    minus,
    out_of,
    part,
    philox,
    plus,
    scale,
    select,
    sine,
    spin,
    triangular,
    two_uniform,
    unit,
    unit_quaternion,
)
from onetake.weather.kernel import (
    DENSITY,
    ERROR_LEVEL_M,
    GUST_LENGTH,
    GUST_SIGMA,
    LEVEL_M,
    MEAN_EAST,
    MEAN_NORTH,
    SOUND,
    WIND_EAST,
    WIND_NORTH,
    difference_share,
    keep,
    longitudinal,
    row_of,
    transverse,
)

DT = F(TICK_S)
P_ABOARD, P_FREEFALL, P_OPENING, P_CANOPY, P_LANDED = (
    F(ABOARD),
    F(FREEFALL),
    F(OPENING),
    F(CANOPY),
    F(LANDED),
)
E_CONTACT, E_DIVERGED, E_LANDED = F(CONTACT), F(DIVERGED), F(1)
WHOLE_M = F(16.0)
COARSE, LONGEST = F(COARSE_TICKS), F(LONGEST_TICKS)
ALONE_M, HIGH_M = F(100.0), F(1e6)
G0 = F(9.80665)


NECK_KEEP = F(math.exp(-TICK_S / 0.15))
YAW_LIMIT, UP_LIMIT, DOWN_LIMIT = F(1.2), F(0.5), F(1.2)
TILT_LIMIT, TRACK_TILT = F(0.35), F(0.6)
CLOSING_LIMIT, RETREAT = F(6.0), F(1.2)
TURN_CLEAR_M, PART_M_S = F(3.0), F(2.0)
LOOK_AHEAD_S, BACK_OFF, NEAR_SHARE = F(0.7), F(3.0), F(0.35)  # a pilot backs off when too close or too fast
LATERAL_BRAKE, AXIAL_BRAKE, AXIAL_LIMIT = F(0.35), F(0.4), F(5.0)
AXIAL_GAIN = F(1.2)
KI, KI_LIMIT, KI_NEAR = F(0.045), F(0.2), F(1.0)
KI_AXIAL, KI_AXIAL_LIMIT = F(0.03), F(0.08)
FORE_STIFF, FORE_RATE = F(0.5), F(0.55)
SIDE_STIFF, SIDE_RATE = F(0.35), F(0.40)
TURN_GAIN, TURN_RATE, OPERATOR_TURN = F(0.5), F(0.8), F(0.5)
TURN_AWAY, TURN_AWAY_RATE = (
    F(1.9),
    F(1.2),
)  # on top, when he turns his back: half round in under three seconds
CONE = F(0.7)  # metres of extra distance a metre off level: nobody comes in from above or below
NEAR_M = F(3.2)  # beyond it clearance is a lower bound by the bodies' reach
REACH_M = F(2.4)
SURE_M = F(1e-3)  # more than single precision can be wrong about a distance of metres
OPEN_WIDTH_M, LINES_M, CANOPY_LOW_M = F(3.5), F(6.0), F(4.5)
BODY_M, BODY_WIDTH_M = F(1.0), F(0.7)
EDGE = F(1e-3)  # short of the table's top, in layers
SEA_LEVEL_DENSITY = F(1.225)
SUBSONIC, SONIC = F(0.75), F(1.1)  # Mach numbers between which the wave drag comes up
UPRIGHT = F(math.sqrt(0.5))
LOW_M = F(20.0)
ARRIVED_M = F(0.5)
APART_M = F(2.0)  # nobody has arrived, and no cue by range counts, before they were this much beyond the mark
SEE_BACK = F(-0.34)  # cosine of 110 degrees: beyond it the other is behind


@lane
def draw_lane(st, l, tick, seed_low, seed_high, memory):
    """Advance every noise of a lane by one tick, from Philox words that depend on seed, take and tick only.

    memory: what is kept of a tick's noise and the share of what is new, for motor, gust difference, aim and eye.
    """
    motor_keep, motor_new, diff_keep, diff_new, aim_keep, aim_new, see_keep, see_new = memory
    low, high = np.uint32(np.int32(st[S.take_low + l])), np.uint32(np.int32(st[S.take_high + l]))
    a0, a1, a2, a3 = philox(tick, np.uint32(1), low, high, seed_low, seed_high)
    b0, b1, b2, b3 = philox(tick, np.uint32(2), low, high, seed_low, seed_high)
    c0, c1, c2, c3 = philox(tick, np.uint32(3), low, high, seed_low, seed_high)
    motor_0, motor_1 = two_uniform(a0)
    motor_2, motor_3 = two_uniform(a1)
    st[S.A_n0 + l] = motor_keep * st[S.A_n0 + l] + motor_new * motor_0
    st[S.A_n1 + l] = motor_keep * st[S.A_n1 + l] + motor_new * motor_1
    st[S.A_n2 + l] = motor_keep * st[S.A_n2 + l] + motor_new * motor_2
    st[S.A_n3 + l] = motor_keep * st[S.A_n3 + l] + motor_new * motor_3
    motor_0, motor_1 = two_uniform(a2)
    motor_2, motor_3 = two_uniform(a3)
    st[S.B_n0 + l] = motor_keep * st[S.B_n0 + l] + motor_new * motor_0
    st[S.B_n1 + l] = motor_keep * st[S.B_n1 + l] + motor_new * motor_1
    st[S.B_n2 + l] = motor_keep * st[S.B_n2 + l] + motor_new * motor_2
    st[S.B_n3 + l] = motor_keep * st[S.B_n3 + l] + motor_new * motor_3
    st[S.dx + l] = diff_keep * st[S.dx + l] + diff_new * triangular(b0)
    st[S.dy + l] = diff_keep * st[S.dy + l] + diff_new * triangular(b1)
    st[S.dz + l] = diff_keep * st[S.dz + l] + diff_new * triangular(b2)
    aim_1, aim_2 = two_uniform(b3)
    st[S.aim1 + l] = aim_keep * st[S.aim1 + l] + aim_new * aim_1
    st[S.aim2 + l] = aim_keep * st[S.aim2 + l] + aim_new * aim_2
    st[S.see + l] = see_keep * st[S.see + l] + see_new * triangular(c3)
    gust_lane(st, l, triangular(c0), triangular(c1), triangular(c2))


@lane
def gust_lane(st, l, noise_x, noise_y, noise_z):
    """Gusts in m/s: what both bodies feel, and the difference the second feels on top."""
    flow = (st[S.A_flow_x + l], st[S.A_flow_y + l], st[S.A_flow_z + l])
    size = st[S.gust_length + l]
    rate = length(flow) * DT / size
    kept = keep(length(flow), size, DT)
    sigma = st[S.gust_gain + l] * st[S.gust_sigma + l]
    x1, x2, gx = transverse(st[S.g1x + l], st[S.g2x + l], kept, rate, noise_x)
    y1, y2, gy = transverse(st[S.g1y + l], st[S.g2y + l], kept, rate, noise_y)
    z1 = longitudinal(st[S.gz + l], kept, noise_z)
    st[S.g1x + l], st[S.g2x + l], st[S.g1y + l], st[S.g2y + l], st[S.gz + l] = x1, x2, y1, y2, z1
    st[S.gust_x + l], st[S.gust_y + l], st[S.gust_z + l] = sigma * gx, sigma * gy, sigma * z1
    apart = length((st[S.rx + l], st[S.ry + l], st[S.rz + l]))
    share = sigma * difference_share(apart, size)
    st[S.diff_x + l] = share * st[S.dx + l]
    st[S.diff_y + l] = share * st[S.dy + l]
    st[S.diff_z + l] = share * st[S.dz + l]


@lane
def layer_lane(st, l, base, height, top):
    """Where in the table of air a body is: its layer, and how far up in it. Returns whether that layer is a new one."""
    x = height / LEVEL_M
    x = x if x > ZERO else ZERO  # one that is no number too: nothing is looked up beside the table
    x = x if x < top else top
    layer = F(np.int32(x))
    st[S.A_high + base + l] = height
    st[S.A_layer + base + l], st[S.A_part + base + l] = layer, x - layer
    return layer != st[S.A_known + base + l]


@lane
def levels(table, row, column):
    """A column of the table of air at the lower edge of a layer, and by how much it differs at the upper."""
    return table[row, column], table[row + 1, column] - table[row, column]


@lane
def error_levels(error, row, l):
    """The same of a lane's own error of the wind, whose layers are higher by a whole number."""
    coarse, part = row_of(F(row) * LEVEL_M, ERROR_LEVEL_M, error.shape[0])
    grows = error[coarse + 1, l] - error[coarse, l]
    return error[coarse, l] + part * grows, grows * (LEVEL_M / ERROR_LEVEL_M)


@part
def layers(st, lanes, base, air, error):
    """What the air is in a layer that is new to a lane, for one body. Looked up in the table, so it is scalar by nature."""
    for l in range(lanes):
        if st[S.A_layer + base + l] == st[S.A_known + base + l]:
            continue
        st[S.A_known + base + l] = st[S.A_layer + base + l]
        row = int(st[S.A_layer + base + l])
        more_e, grows_e = error_levels(error[0], row, l)
        more_n, grows_n = error_levels(error[1], row, l)
        st[S.A_rho_0 + base + l], st[S.A_rho_d + base + l] = levels(air, row, DENSITY)
        east, north = levels(air, row, WIND_EAST), levels(air, row, WIND_NORTH)
        st[S.A_we_0 + base + l], st[S.A_we_d + base + l] = east[0] + more_e, east[1] + grows_e
        st[S.A_wn_0 + base + l], st[S.A_wn_d + base + l] = north[0] + more_n, north[1] + grows_n
        # who hangs there takes the wind below to be the forecast's, as wrong as where he is and sees himself drift
        east, north = levels(air, row, MEAN_EAST), levels(air, row, MEAN_NORTH)
        st[S.A_mean_e_0 + base + l], st[S.A_mean_e_d + base + l] = east[0] + more_e, east[1] + grows_e
        st[S.A_mean_n_0 + base + l], st[S.A_mean_n_d + base + l] = north[0] + more_n, north[1] + grows_n


@part
def eddies(st, lanes, air):
    """Size and strength of the gusts and the speed of sound in the operator's layer: they are both bodies'."""
    for l in range(lanes):
        if st[S.A_layer + l] == st[S.A_known + l]:
            continue
        row = int(st[S.A_layer + l])
        st[S.sigma_0 + l], st[S.sigma_d + l] = levels(air, row, GUST_SIGMA)
        st[S.size_0 + l], st[S.size_d + l] = levels(air, row, GUST_LENGTH)
        st[S.sound_0 + l], st[S.sound_d + l] = levels(air, row, SOUND)


@lane
def air_lane(st, l, base):
    """The air of one body, straight between the edges of its layer."""
    part = st[S.A_part + base + l]
    st[S.A_rho + base + l] = st[S.A_rho_0 + base + l] + part * st[S.A_rho_d + base + l]
    st[S.A_we + base + l] = st[S.A_we_0 + base + l] + part * st[S.A_we_d + base + l]
    st[S.A_wn + base + l] = st[S.A_wn_0 + base + l] + part * st[S.A_wn_d + base + l]
    st[S.A_mean_e + base + l] = st[S.A_mean_e_0 + base + l] + part * st[S.A_mean_e_d + base + l]
    st[S.A_mean_n + base + l] = st[S.A_mean_n_0 + base + l] + part * st[S.A_mean_n_d + base + l]


@lane
def eddies_lane(st, l):
    """The same of the gusts and of sound, at the operator."""
    part = st[S.A_part + l]
    st[S.gust_sigma + l] = st[S.sigma_0 + l] + part * st[S.sigma_d + l]
    st[S.gust_length + l] = st[S.size_0 + l] + part * st[S.size_d + l]
    st[S.sound + l] = st[S.sound_0 + l] + part * st[S.sound_d + l]


@lane
def height_a(st, l):
    """Operator's height above the drop zone."""
    return st[S.cz + l] + st[S.pz + l]


@lane
def quaternion(st, l, base):
    """q_enu_from_body of a body."""
    return st[S.A_qw + base + l], st[S.A_qx + base + l], st[S.A_qy + base + l], st[S.A_qz + base + l]


@lane
def turn_rate(st, l, base):
    """Turn rate of a body, body axes."""
    return st[S.A_wx + base + l], st[S.A_wy + base + l], st[S.A_wz + base + l]


@lane
def velocity(st, l):
    """Operator's velocity and the subject's velocity relative to it."""
    return (
        (st[S.vx + l], st[S.vy + l], st[S.vz + l]),
        (st[S.ux + l], st[S.uy + l], st[S.uz + l]),
    )


@lane
def neck(yaw, pitch):
    """Camera axes (forward, left, up) in the operator's body axes."""
    sy, cy, sp, cp = sine(yaw), cosine(yaw), sine(pitch), cosine(pitch)
    return (cp * cy, cp * sy, sp), (-sy, cy, ZERO), (-sp * cy, -sp * sy, cp)


@lane
def sheltered(st, l, base, shelter_s, aircraft):
    """Air behind the ramp that still moves with the aircraft, fading with time since the exit."""
    since = (st[S.time + l] - st[S.A_t_exit + base + l]) / shelter_s
    share = st[S.shelter + l] / (ONE + since * since)
    moving = (aircraft[0] - st[S.A_we + base + l], aircraft[1] - st[S.A_wn + base + l], ZERO)
    return scale(share, moving)


@lane
def wave_drag(mach):
    """Share of the wave drag that is up at a Mach number: nothing below 0.75, all of it from 1.1 on."""
    part = clip((mach - SUBSONIC) / (SONIC - SUBSONIC), ZERO, ONE)
    return part * part * (THREE - TWO * part)


@lane
def flow_lane(st, l, base, gust, v, shelter_s, aircraft, wave):
    """Air about one body, its flow past it, and the drag area at that speed."""
    shelter = sheltered(st, l, base, shelter_s, aircraft)
    wind = plus((st[S.A_we + base + l], st[S.A_wn + base + l], ZERO), plus(gust, shelter))
    flow = minus(wind, v)
    st[S.A_air_x + base + l], st[S.A_air_y + base + l], st[S.A_air_z + base + l] = wind
    st[S.A_flow_x + base + l], st[S.A_flow_y + base + l], st[S.A_flow_z + base + l] = flow
    mach = length(flow) / st[S.sound + l]
    st[S.A_drag + base + l] = st[S.A_cda + base + l] * (ONE + wave * wave_drag(mach))


@lane
def operator_flow_lane(st, l, shelter_s, aircraft, wave):
    """The operator feels the gust."""
    gust = (st[S.gust_x + l], st[S.gust_y + l], st[S.gust_z + l])
    flow_lane(st, l, 0, gust, velocity(st, l)[0], shelter_s, aircraft, wave)


@lane
def subject_flow_lane(st, l, shelter_s, aircraft, wave):
    """The subject feels it too, and the difference on top."""
    gust = (
        st[S.gust_x + l] + st[S.diff_x + l],
        st[S.gust_y + l] + st[S.diff_y + l],
        st[S.gust_z + l] + st[S.diff_z + l],
    )
    v, u = velocity(st, l)
    flow_lane(st, l, TO_B, gust, plus(v, u), shelter_s, aircraft, wave)


@lane
def sense_lane(st, l, pivot, plane, eyes, wakes):
    """Wakes, and the subject's eyes seen from the image plane."""
    u = (st[S.ux + l], st[S.uy + l], st[S.uz + l])
    flow1 = (st[S.A_flow_x + l], st[S.A_flow_y + l], st[S.A_flow_z + l])
    flow2 = (st[S.B_flow_x + l], st[S.B_flow_y + l], st[S.B_flow_z + l])
    r = (st[S.rx + l], st[S.ry + l], st[S.rz + l])
    growth, power, cap = st[S.wake_growth + l], st[S.wake_power + l], st[S.wake_cap + l]
    free1 = ONE if st[S.A_phase + l] == P_FREEFALL else ZERO
    free2 = ONE if st[S.B_phase + l] == P_FREEFALL else ZERO
    both = free1 * free2
    st[S.A_wake + l] = both * wake_deficit(scale(-ONE, r), unit(flow2), wakes[1], growth, power, cap)
    st[S.B_wake + l] = both * wake_deficit(r, unit(flow1), wakes[0], growth, power, cap)
    f1, f2 = axes(quaternion(st, l, 0)), axes(quaternion(st, l, TO_B))
    camera = neck(st[S.yaw + l], st[S.pitch + l])
    lens = plus(pivot, out_of(camera, plane))
    seen = plus(r, minus(out_of(f2, eyes), out_of(f1, lens)))
    # he feels how the bodies move, not how a turning head sweeps the lens: chasing that makes the pair orbit
    st[S.eye_x + l], st[S.eye_y + l], st[S.eye_z + l] = seen
    st[S.eye_vx + l], st[S.eye_vy + l], st[S.eye_vz + l] = u


@lane
def keep_lane(st, seen, l):
    """Keep what the subject sees in this tick's place of the ring."""
    seen[l], seen[LANES + l], seen[2 * LANES + l] = st[S.eye_x + l], st[S.eye_y + l], st[S.eye_z + l]
    seen[3 * LANES + l], seen[4 * LANES + l] = st[S.eye_vx + l], st[S.eye_vy + l]
    seen[5 * LANES + l] = st[S.eye_vz + l]


@lane
def remember_lane(st, ring, l, read):
    """What has reached the subject's hands by now of what he saw (a gather, so it has a loop of its own)."""
    at = read * 6 * LANES + l
    st[S.late_x + l], st[S.late_y + l], st[S.late_z + l] = ring[at], ring[at + LANES], ring[at + 2 * LANES]
    st[S.late_vx + l], st[S.late_vy + l] = ring[at + 3 * LANES], ring[at + 4 * LANES]
    st[S.late_vz + l] = ring[at + 5 * LANES]


@lane
def reflex(tilt, wanted, rate, gain, trim):
    """Fore-aft and side posture that bring the tilt (fore, left) and stop the turning; trim holds a tilt."""
    fore = trim[0] * wanted[0] + FORE_STIFF * (wanted[0] - tilt[0]) - FORE_RATE * gain * rate[1]
    side = trim[1] * wanted[1] + SIDE_STIFF * (wanted[1] - tilt[1]) + SIDE_RATE * gain * rate[0]
    return fore, side


@lane
def tilt_of(flow_body):
    """Tilt against the airflow, (forward, left); full scale when the air comes from behind the back."""
    speed = math.sqrt(dot(flow_body, flow_body) + TINY)
    fore, left = -flow_body[0] / speed, -flow_body[1] / speed
    size = math.sqrt(fore * fore + left * left + TINY)
    grow = ONE / size if flow_body[2] < ZERO else ONE
    return fore * grow, left * grow


@lane
def command(st, l, base, fall, fore, side, turn):
    """Store a wanted posture with the person's own unsteadiness and trim."""
    motor = st[S.A_motor + base + l]
    st[S.A_fall_c + base + l] = clip(fall + motor * st[S.A_n0 + base + l], -ONE, ONE)
    st[S.A_fore_c + base + l] = clip(
        fore + st[S.A_trim_fore + base + l] + motor * st[S.A_n1 + base + l], -ONE, ONE
    )
    st[S.A_side_c + base + l] = clip(
        side + st[S.A_trim_side + base + l] + motor * st[S.A_n2 + base + l], -ONE, ONE
    )
    st[S.A_turn_c + base + l] = clip(turn + motor * st[S.A_n3 + base + l], -ONE, ONE)


@lane
def subject_lane(st, l, station_m, slow, fast, trim):
    """The subject closes on the lens, holds the station, and turns and tracks away when it is over."""
    frame = axes(quaternion(st, l, TO_B))
    flow = (st[S.B_flow_x + l], st[S.B_flow_y + l], st[S.B_flow_z + l])
    downwind = unit(flow)
    past = into(frame, flow)
    tilt = tilt_of(past)
    rate = turn_rate(st, l, TO_B)
    seen = (st[S.late_x + l], st[S.late_y + l], st[S.late_z + l])
    drift = (st[S.late_vx + l], st[S.late_vy + l], st[S.late_vz + l])
    belief = ONE + st[S.B_range_bias + l] + st[S.B_range_noise + l] * st[S.see + l]
    to_lens = scale(-belief, seen)
    level = dot(to_lens, downwind)
    flat = along(to_lens, -level, downwind)
    away = length(flat)
    toward = unit(flat)
    drift_level = dot(drift, downwind)
    drift_flat = along(drift, -drift_level, downwind)
    # lateral: come to the station, slower the nearer, and off to the side while not level
    station = station_m + CONE * max(abs(level) - HALF, ZERO)
    error = away - station
    gain = st[S.B_gain + l]
    speed = min(min(gain * abs(error), math.sqrt(TWO * LATERAL_BRAKE * abs(error))), CLOSING_LIMIT)
    speed = speed if error > ZERO else -speed
    # too near, or about to be: everybody backs off harder than he comes in
    soon = min(error, error - LOOK_AHEAD_S * dot(drift_flat, toward))
    speed = -min(BACK_OFF * gain * abs(soon), RETREAT) if soon < -NEAR_SHARE * station_m else speed
    # when it is over he first backs off: who turns at three feet sweeps the other with his legs
    broke = st[S.broke + l]
    over = broke * (ONE if away > TURN_CLEAR_M else ZERO)
    speed = -PART_M_S if broke - over > HALF else speed
    # at the station, and level with it; at the exit they are near too, but hold nothing
    near = (ONE if abs(error) < KI_NEAR else ZERO) * (ONE if abs(level) < KI_NEAR else ZERO)
    hold = near * (ONE - broke) * st[S.armed + l]
    leaned = out_of(frame, (tilt[0], tilt[1], ZERO))
    band, lead = st[S.B_bandwidth + l], st[S.B_lead + l]
    want = scale(speed, toward)
    push = scale(band, minus(minus(want, drift_flat), scale(G0 * lead * trim[2], leaned)))
    # a steady lean is found out by being slower than wanted, not by being away: who comes in as he wants learns nothing
    slower = speed - dot(drift_flat, toward)
    slow_push = clip(st[S.ix + l] + hold * KI * band * DT * slower, -KI_LIMIT, KI_LIMIT)
    st[S.ix + l] = slow_push
    lean = scale(ONE / (G0 * trim[2]), along(push, slow_push, toward))
    fore_want, left_want = dot(lean, frame[0]), dot(lean, frame[1])
    size = math.sqrt(fore_want * fore_want + left_want * left_want + TINY)
    limit = min(ONE, TILT_LIMIT / size)
    # level: drag is the only control along the airflow
    rise = min(min(AXIAL_GAIN * gain * abs(level), math.sqrt(TWO * AXIAL_BRAKE * abs(level))), AXIAL_LIMIT)
    rise = rise if level > ZERO else -rise
    iz = clip(
        st[S.iz + l] + hold * KI_AXIAL * band * DT * (rise - drift_level), -KI_AXIAL_LIMIT, KI_AXIAL_LIMIT
    )
    st[S.iz + l] = iz
    drag = (band * (rise - drift_level)) / G0 + iz
    fall = drag / (slow if drag > ZERO else fast)
    # heading: face the lens, or turn your back on it and track
    # across the airflow, or level with the ground when it is over: with one far above the other, up would drown it
    side_on = select(over > HALF, (to_lens[0], to_lens[1], ZERO), flat)
    ahead, aside = dot(side_on, frame[0]), dot(side_on, frame[1])
    sees = ahead
    sign = ONE - TWO * over
    ahead, aside = sign * ahead, sign * aside
    flat_size = math.sqrt(ahead * ahead + aside * aside + TINY)
    sine_bearing = aside / flat_size
    sine_bearing = sine_bearing if ahead > ZERO else (ONE if aside > ZERO else -ONE)
    tracking = TRACK_TILT if ahead > HALF * flat_size else ZERO
    wave_off = ONE if height_a(st, l) + st[S.rz + l] < st[S.B_pull_m + l] + F(90.0) else ZERO
    fore_want = over * (ONE - wave_off) * tracking + (ONE - over) * limit * fore_want
    left_want = (ONE - over) * limit * left_want
    fore, side = reflex(tilt, (fore_want, left_want), rate, st[S.B_reflex + l], trim)
    turn = (TURN_GAIN + over * TURN_AWAY) * sine_bearing - (TURN_RATE + over * TURN_AWAY_RATE) * rate[2]
    command(st, l, TO_B, (ONE - over) * fall, fore, side, turn)
    # has he been at the station, and does he still see the lens
    both = ONE if st[S.A_phase + l] * st[S.B_phase + l] == P_FREEFALL else ZERO
    apart = both * (ONE if length(seen) > station_m + APART_M else ZERO)
    st[S.armed + l] = max(st[S.armed + l], apart)
    at = ONE if abs(error) + abs(level) < ARRIVED_M + HALF * station_m else ZERO
    st[S.arrived + l] = max(st[S.arrived + l], at * st[S.armed + l])
    blind = ONE if sees < SEE_BACK * away else ZERO
    falls = ONE if st[S.B_phase + l] == P_FREEFALL else ZERO
    # he can only lose what he had: it counts from when he first saw the lens with his belly to the wind
    steady = falls * (ONE - blind) * (ONE if past[2] > HALF * length(flow) else ZERO)
    lost = st[S.lost + l]
    since = (lost + DT) * blind * falls * (ONE - broke)
    st[S.lost + l] = since if max(lost, steady - HALF) >= ZERO else -ONE


@lane
def operator_lane(st, l, trim):
    """The operator holds his attitude in the air, turns slowly to the subject, and aims with the neck."""
    frame = axes(quaternion(st, l, 0))
    flow = (st[S.A_flow_x + l], st[S.A_flow_y + l], st[S.A_flow_z + l])
    tilt = tilt_of(into(frame, flow))
    rate = turn_rate(st, l, 0)
    seen = into(frame, (st[S.eye_x + l], st[S.eye_y + l], st[S.eye_z + l]))
    size = math.sqrt(seen[0] * seen[0] + seen[1] * seen[1] + TINY)
    aside = seen[1] / size
    aside = aside if seen[0] > ZERO else (ONE if aside > ZERO else -ONE)
    over = st[S.broke + l]
    fore, side = reflex(tilt, (ZERO, ZERO), rate, st[S.A_reflex + l], trim)
    turn = OPERATOR_TURN * (ONE - over) * aside - TURN_RATE * rate[2]
    command(st, l, 0, ZERO, fore, side, turn)
    aim = st[S.A_aim_noise + l]
    yaw = bearing(seen[1], seen[0]) + aim * st[S.aim1 + l]
    pitch = bearing(seen[2], size) + aim * st[S.aim2 + l]
    yaw, pitch = clip(yaw, -YAW_LIMIT, YAW_LIMIT), clip(pitch, -DOWN_LIMIT, UP_LIMIT)
    # quicker than the tick: the servo is a first-order lag of 0.15 s
    st[S.yaw + l] = yaw + NECK_KEEP * (st[S.yaw + l] - yaw)
    st[S.pitch + l] = pitch + NECK_KEEP * (st[S.pitch + l] - pitch)


@lane
def lens_lane(st, l, first, second, dial):
    """Focus pulled on a cue: wait for it, react, rack, stop where the ring stops.

    first, second: (cue range m, cue time s, 1/target 1/m, rack s); step_i counts the pulls that were begun. dial: share
    of an arm that the hand on it costs.
    """
    seen = length((st[S.eye_x + l], st[S.eye_y + l], st[S.eye_z + l])) * (ONE + st[S.operator_bias + l])
    flying = ONE if st[S.B_phase + l] == P_FREEFALL else ZERO
    begun = st[S.step_i + l]
    cue_m = first[0] if begun < HALF else second[0]
    cue_s = first[1] if begun < HALF else second[1]
    near = st[S.armed + l] * (ONE if seen < cue_m else ZERO)
    cued = max(near, ONE if st[S.time + l] >= cue_s else ZERO)
    idle = ONE if st[S.rack_t + l] < -HALF else ZERO
    begin = cued * idle * flying * (ONE if begun < F(1.5) else ZERO)
    st[S.inv_from + l] = ONE / st[S.focus + l] if begin > HALF else st[S.inv_from + l]
    begun = begun + begin
    st[S.step_i + l] = begun
    since = ZERO if begin > HALF else st[S.rack_t + l]
    racking = ONE if since > F(-0.5) else ZERO
    target = first[2] if begun < F(1.5) else second[2]
    target = target * (ONE + st[S.focus_err + l])
    rack_s = first[3] if begun < F(1.5) else second[3]
    part = clip((since - st[S.react_s + l]) / rack_s, ZERO, ONE)
    smooth = part * part * (THREE - TWO * part)
    start = st[S.inv_from + l]
    moved = ONE / (start + smooth * (target - start))
    st[S.focus + l] = moved if racking > HALF else st[S.focus + l]
    since = since + DT * racking
    finished = ONE if part >= ONE else ZERO
    st[S.rack_t + l] = -ONE if finished * racking > HALF else since
    st[S.A_racking + l] = dial * racking * (ONE if part > ZERO else ZERO)


@lane
def rules_lane(st, l, limits):
    """Abort rules and break-off. limits: no mark by m, closing range m, closing limit m/s, lost sight s."""
    seen = (st[S.eye_x + l], st[S.eye_y + l], st[S.eye_z + l])
    drift = (st[S.eye_vx + l], st[S.eye_vy + l], st[S.eye_vz + l])
    distance = length(seen)
    closing = -dot(seen, drift) / (distance + TINY)
    flying = ONE if st[S.A_phase + l] + st[S.B_phase + l] == TWO else ZERO
    height = height_a(st, l)
    low = ONE if height < limits[0] else ZERO
    late = flying * low * (ONE - st[S.arrived + l])
    fast = flying * (ONE if distance < limits[1] else ZERO) * (ONE if closing > limits[2] else ZERO)
    lost = ONE if st[S.lost + l] > limits[3] else ZERO
    now, held, broken = st[S.time + l], st[S.abort + l], st[S.broke + l]
    t_abort, t_break = st[S.t_abort + l], st[S.t_break + l]
    cause = ONE if late > HALF else (TWO if fast > HALF else (THREE if lost > HALF else ZERO))
    cause = cause * (ONE - broken)
    fresh = cause if held < HALF else held
    begins = fresh if held < HALF else ZERO
    reached = ONE if height < st[S.A_break_m + l] else ZERO
    reached = max(reached, ONE if height + st[S.rz + l] < st[S.B_break_m + l] else ZERO)
    broke = max(broken, max(flying * reached, ONE if fresh > HALF else ZERO))
    st[S.t_abort + l] = now if begins > HALF else t_abort
    st[S.abort + l] = fresh
    st[S.t_break + l] = now if broke - broken > HALF else t_break
    st[S.broke + l] = broke


@lane
def leave(st, l, base):
    """Leave the aircraft at the drawn second: turn rate and step-off velocity as drawn. Returns the step."""
    now, at = st[S.time + l], st[S.A_exit_s + base + l]
    phase = st[S.A_phase + base + l]
    go = ONE if phase == P_ABOARD else ZERO
    step_s = st[S.step_s + l]
    go = go if at < now + step_s else ZERO
    st[S.A_phase + base + l] = phase + go
    st[S.A_waits + base + l] = go
    st[S.A_split + base + l] = HALF + go * (clip((at - now) / max(step_s, TINY), ZERO, ONE) - HALF)
    st[S.A_t_exit + base + l] = at if go > HALF else st[S.A_t_exit + base + l]
    st[S.A_wx + base + l] += go * st[S.A_w0x + base + l]
    st[S.A_wy + base + l] += go * st[S.A_w0y + base + l]
    st[S.A_wz + base + l] += go * st[S.A_w0z + base + l]
    return scale(go, (st[S.A_v0x + base + l], st[S.A_v0y + base + l], st[S.A_v0z + base + l]))


@lane
def pull(st, l, base, height, rising, device):
    """Pull at the person's own height, or let the AAD fire; then extraction, snivel, filling; then it is open.

    device: (height m, speed m/s, height and speed of the slow pair, height below which it does nothing), then times and
    snivel area of the reserve, which is what it opens.
    """
    now, phase = st[S.time + l], st[S.A_phase + base + l]
    step_s = st[S.step_s + l]
    soon = height + step_s * rising
    armed = device[0] if -rising > device[1] else -HIGH_M
    armed = max(armed, device[2] if -rising > device[3] else -HIGH_M)
    armed = armed if soon > device[4] else -HIGH_M
    own = st[S.A_pull_m + base + l]
    at = max(own, armed)
    go = ONE if phase == P_FREEFALL else ZERO
    go = go if (soon < at) & (step_s > ZERO) else ZERO
    split = clip((height - at) / max(-step_s * rising, TINY), ZERO, ONE)
    pulled = now + split * step_s
    t_pull, h_pull = st[S.A_t_pull + base + l], st[S.A_h_pull + base + l]
    t_pull = pulled if go > HALF else t_pull
    st[S.A_split + base + l] = split if go > HALF else st[S.A_split + base + l]
    fires = go if armed > own else ZERO
    st[S.A_aad + base + l] = max(st[S.A_aad + base + l], fires)
    extract_s, snivel_s, fill_s = (
        st[S.A_extract_s + base + l],
        st[S.A_snivel_s + base + l],
        st[S.A_fill_s + base + l],
    )
    snivel_area = st[S.A_snivel_area + base + l]
    extract_s, snivel_s = device[5] if fires > HALF else extract_s, device[6] if fires > HALF else snivel_s
    fill_s, snivel_area = device[7] if fires > HALF else fill_s, device[8] if fires > HALF else snivel_area
    st[S.A_extract_s + base + l], st[S.A_snivel_s + base + l], st[S.A_fill_s + base + l] = (
        extract_s,
        snivel_s,
        fill_s,
    )
    st[S.A_snivel_area + base + l] = snivel_area
    st[S.A_t_pull + base + l] = t_pull
    st[S.A_h_pull + base + l] = height + split * step_s * rising if go > HALF else h_pull
    total = extract_s + snivel_s + fill_s
    opened = ONE if phase == P_OPENING else ZERO
    opened = opened if now - t_pull > total + ONE else ZERO
    t_open, h_open = st[S.A_t_open + base + l], st[S.A_h_open + base + l]
    st[S.A_t_open + base + l] = now if opened > HALF else t_open
    st[S.A_h_open + base + l] = height if opened > HALF else h_open
    st[S.A_phase + base + l] = phase + go + opened


@lane
def canopy_area(st, l, base, since, full_area_m2):
    """Drag area of the opening parachute at a time since the pull; none in any other phase."""
    area = drag_area(
        since,
        st[S.A_extract_s + base + l],
        st[S.A_snivel_s + base + l],
        st[S.A_fill_s + base + l],
        st[S.A_snivel_area + base + l],
        full_area_m2,
    )
    return area if st[S.A_phase + base + l] == P_OPENING else ZERO


@lane
def lines_area(st, l, base, now, person):
    """Drag area of what hangs on the body's lines: the opening parachute, or before it a drogue once it is out."""
    drogue = person[14] if now - st[S.A_t_exit + base + l] > person[15] else ZERO
    drogue = drogue if st[S.A_phase + base + l] == P_FREEFALL else ZERO
    return drogue + canopy_area(st, l, base, now - st[S.A_t_pull + base + l], person[13])


@lane
def operator_phase_lane(st, l, area, device):
    """Exit, pull and opening of the operator; the subject's velocity is relative to his."""
    step = leave(st, l, 0)
    st[S.vx + l] += step[0]
    st[S.vy + l] += step[1]
    st[S.vz + l] += step[2]
    st[S.ux + l] -= step[0]
    st[S.uy + l] -= step[1]
    st[S.uz + l] -= step[2]
    pull(st, l, 0, height_a(st, l), st[S.vz + l], device)
    st[S.A_cds + l] = canopy_area(st, l, 0, st[S.time + l] - st[S.A_t_pull + l], area)


@lane
def subject_phase_lane(st, l, area, device):
    """Exit, pull and opening of the subject."""
    step = leave(st, l, TO_B)
    st[S.ux + l] += step[0]
    st[S.uy + l] += step[1]
    st[S.uz + l] += step[2]
    pull(st, l, TO_B, height_a(st, l) + st[S.rz + l], st[S.vz + l] + st[S.uz + l], device)
    st[S.B_cds + l] = canopy_area(st, l, TO_B, st[S.time + l] - st[S.B_t_pull + l], area)


@lane
def finite_lane(st, l):
    """A state that is not finite ends the take as diverged."""
    total = (
        abs(height_a(st, l)) + abs(st[S.vx + l]) + abs(st[S.rx + l]) + abs(st[S.A_qw + l] + st[S.B_qw + l])
    )
    lost = ZERO if total < F(1e7) else ONE
    st[S.ending + l] = E_DIVERGED if lost > HALF else st[S.ending + l]
    st[S.done + l] = max(st[S.done + l], lost)


@lane
def acceleration(st, l, base, q, rate, v, cds, shape, person):
    """Acceleration without gravity (ENU), turn acceleration and felt acceleration (body axes) of one free body.

    cds: drag area on the lines; person: (1/m, 1/Ix, 1/Iy, 1/Iz, Iy-Iz, Iz-Ix, Ix-Iy, slow, fast, riser x, y, z, damping,
    full canopy area, drogue area, seconds from the exit to the drogue, how far behind the centre it pulls, 1/lag of the
    posture, limbs fore-aft, side, turn).
    """
    frame = axes(q)
    air = (st[S.A_air_x + base + l], st[S.A_air_y + base + l], st[S.A_air_z + base + l])
    flow = into(frame, minus(air, v))
    speed, left = math.sqrt(dot(flow, flow) + TINY), ONE - st[S.A_wake + base + l]
    posture = (
        st[S.A_fall + base + l],
        st[S.A_fore + base + l],
        st[S.A_side + base + l],
        st[S.A_turn + base + l],
    )
    dial = st[S.A_racking + base + l]
    limbs = (person[18], person[19], person[20])
    load, moment = body_load(
        scale(left, flow), left * speed, rate, person[12], posture, (person[7], person[8]), limbs, dial, shape
    )
    grip = HALF * st[S.A_rho + base + l]
    drag = grip * st[S.A_drag + base + l]
    # a parachute holds at the shoulders, a drogue behind the centre of mass
    hung = st[S.A_phase + base + l] == P_OPENING
    held = select(hung, (person[9], person[10], person[11]), (ZERO, ZERO, person[16]))
    lines, swing = parachute_load(flow, speed, grip * cds, held)
    force = along(lines, drag, load)
    torque = along(swing, drag, moment)
    p, y, r = rate
    turn = (
        (torque[0] + person[4] * y * r) * person[1],
        (torque[1] + person[5] * r * p) * person[2],
        (torque[2] + person[6] * p * y) * person[3],
    )
    felt = scale(person[0], force)
    return out_of(frame, felt), turn, felt


@lane
def earth(v, world, height):
    """Gravity, both Coriolis terms, and the turning of the level as one flies along the curved Earth.

    world: g at the drop zone, its first and second relative gradient, 2Ω sin φ, 2Ω cos φ, 1/N, 1/M, tan φ/N with the
    Earth's radii of curvature N east and M north. Source: strapdown navigation equations, Groves 2013, eq. 5.53.
    """
    g = world[0] * (ONE + height * (height * world[2] - world[1]))
    return (
        world[3] * v[1] - world[4] * v[2] + v[0] * (v[1] * world[7] - v[2] * world[5]),
        -world[3] * v[0] - v[0] * v[0] * world[7] - v[1] * v[2] * world[6],
        world[4] * v[0] + v[0] * v[0] * world[5] + v[1] * v[1] * world[6] - g,
    )


@lane
def quaternion_step(q, rate, h):
    """q after h seconds at a rate, not yet unit."""
    d = spin(q, rate)
    return q[0] + h * d[0], q[1] + h * d[1], q[2] + h * d[2], q[3] + h * d[3]


@lane
def fly_lane(st, l, base, first, shape, person, world):
    """One midpoint step of one free body; two make a tick, halved or cut where an event falls (first: 1, then 0).

    Aboard it moves with the aircraft; under canopy and on the ground it is left to `glide_lane`.
    """
    phase = st[S.A_phase + base + l]
    flying = ONE - st[S.done + l]
    waits = first * st[S.A_waits + base + l]
    split = st[S.A_split + base + l]
    step_s = st[S.step_s + l]
    h = step_s * (first * split + (ONE - first) * (ONE - split))
    free = flying * (ONE - waits) * (ONE if (phase == P_FREEFALL) | (phase == P_OPENING) else ZERO)
    aboard = flying * max(waits, ONE if phase == P_ABOARD else ZERO)
    now = st[S.time + l] + (ONE - first) * split * step_s
    q, rate = quaternion(st, l, base), turn_rate(st, l, base)
    v1, u = velocity(st, l)
    start = along(v1, F(base) / F(TO_B), u)
    begins = first > HALF  # nothing gained yet in this tick, and no way made
    gained = (st[S.A_ge + base + l], st[S.A_gn + base + l], st[S.A_gu + base + l])
    made = (st[S.A_de + base + l], st[S.A_dn + base + l], st[S.A_du + base + l])
    gained, made = select(begins, (ZERO, ZERO, ZERO), gained), select(begins, (ZERO, ZERO, ZERO), made)
    v = plus(start, gained)
    height = st[S.A_high + base + l]
    # what hangs on the lines in the middle of the step serves both halves: what opens at its start is open in it
    cds = lines_area(st, l, base, now + HALF * h, person)
    push, turn, _ = acceleration(st, l, base, q, rate, v, cds, shape, person)
    half = HALF * h * free
    v_half = along(v, half, plus(push, earth(v, world, height)))
    q_half = unit_quaternion(quaternion_step(q, rate, half))
    rate_half = along(rate, half, turn)
    push, turn, felt = acceleration(st, l, base, q_half, rate_half, v_half, cds, shape, person)
    whole = h * free
    gained = along(gained, whole, plus(push, earth(v_half, world, height)))
    st[S.A_ge + base + l], st[S.A_gn + base + l], st[S.A_gu + base + l] = gained
    way = h * max(free, aboard)
    made = along(made, way, v_half)
    st[S.A_de + base + l], st[S.A_dn + base + l], st[S.A_du + base + l] = made
    turned = unit_quaternion(quaternion_step(q, rate_half, whole))
    # a lane that waits for its long step stays as it is to the last bit
    steps = step_s > ZERO
    q = (
        turned[0] if steps else q[0],
        turned[1] if steps else q[1],
        turned[2] if steps else q[2],
        turned[3] if steps else q[3],
    )
    rate = along(rate, whole, turn)
    st[S.A_qw + base + l], st[S.A_qx + base + l], st[S.A_qy + base + l], st[S.A_qz + base + l] = q
    st[S.A_wx + base + l], st[S.A_wy + base + l], st[S.A_wz + base + l] = rate
    g = free * length(felt) / G0 if steps else st[S.A_felt_g + base + l]
    st[S.A_felt_g + base + l] = g
    st[S.A_felt_max + base + l] = max(st[S.A_felt_max + base + l], g if phase == P_OPENING else ZERO)
    part = clip(h * person[17], ZERO, ONE)
    st[S.A_fall + base + l] += part * (st[S.A_fall_c + base + l] - st[S.A_fall + base + l])
    st[S.A_fore + base + l] += part * (st[S.A_fore_c + base + l] - st[S.A_fore + base + l])
    st[S.A_side + base + l] += part * (st[S.A_side_c + base + l] - st[S.A_side + base + l])
    st[S.A_turn + base + l] += part * (st[S.A_turn_c + base + l] - st[S.A_turn + base + l])


@lane
def operator_end_lane(st, l):
    """Move the operator by the way he made and add the speed he gained."""
    st[S.px + l] += st[S.A_de + l]
    st[S.py + l] += st[S.A_dn + l]
    st[S.pz + l] += st[S.A_du + l]
    st[S.vx + l] += st[S.A_ge + l]
    st[S.vy + l] += st[S.A_gn + l]
    st[S.vz + l] += st[S.A_gu + l]


@lane
def subject_end_lane(st, l):
    """The same of the subject, relative to the operator."""
    way1, gain1 = (
        (st[S.A_de + l], st[S.A_dn + l], st[S.A_du + l]),
        (st[S.A_ge + l], st[S.A_gn + l], st[S.A_gu + l]),
    )
    apart = minus((st[S.B_de + l], st[S.B_dn + l], st[S.B_du + l]), way1)
    gain = minus((st[S.B_ge + l], st[S.B_gn + l], st[S.B_gu + l]), gain1)
    st[S.rx + l] += apart[0]
    st[S.ry + l] += apart[1]
    st[S.rz + l] += apart[2]
    st[S.ux + l] += gain[0]
    st[S.uy + l] += gain[1]
    st[S.uz + l] += gain[2]


@lane
def tumbling_lane(st, l, base):
    """Count the seconds that a body falls on its back."""
    flow = (st[S.A_flow_x + base + l], st[S.A_flow_y + base + l], st[S.A_flow_z + base + l])
    up = axes(quaternion(st, l, base))[2]
    free = ONE if st[S.A_phase + base + l] == P_FREEFALL else ZERO
    st[S.A_tumbling + base + l] += st[S.step_s + l] * free * (ONE if dot(up, flow) < ZERO else ZERO)


@lane
def rebase_lane(st, l):
    """Move whole 16 m from the fine part of the operator's position to the coarse part; both stay exact."""
    x, y, z = st[S.px + l], st[S.py + l], st[S.pz + l]
    over_x = WHOLE_M * F(math.floor(x / WHOLE_M + HALF))
    over_y = WHOLE_M * F(math.floor(y / WHOLE_M + HALF))
    over_z = WHOLE_M * F(math.floor(z / WHOLE_M + HALF))
    st[S.px + l], st[S.py + l], st[S.pz + l] = x - over_x, y - over_y, z - over_z
    st[S.cx + l] += over_x
    st[S.cy + l] += over_y
    st[S.cz + l] += over_z


@lane
def glide_lane(st, l, base, flyer, target, world):
    """One midpoint step of a body under an open parachute: lift and drag, steered to the landing spot.

    The step is the lane's own; flyer: (glide ratio, sink at sea level m/s); target: east, north m. It is flown with
    the mean wind below in mind, slower over the air when the spot is near. The last step is shortened to end on the
    ground.
    """
    is_b = F(base) / F(TO_B)
    step_s = st[S.step_s + l]
    v1, u = velocity(st, l)
    v = along(v1, is_b, u)
    x = st[S.cx + l] + st[S.px + l] + is_b * st[S.rx + l]
    y = st[S.cy + l] + st[S.py + l] + is_b * st[S.ry + l]
    z = height_a(st, l) + is_b * st[S.rz + l]
    density = st[S.A_rho + base + l]
    thin = math.sqrt(SEA_LEVEL_DENSITY / density)
    left_s = max(z, ONE) / (flyer[1] * thin)
    need_e = target[0] + st[S.A_land_err_x + base + l] - x - st[S.A_mean_e + base + l] * left_s
    need_n = target[1] + st[S.A_land_err_y + base + l] - y - st[S.A_mean_n + base + l] * left_s
    need = math.sqrt(need_e * need_e + need_n * need_n + TINY)
    toward = (need_e / need, need_n / need)
    speed = min(need / (left_s * thin), flyer[0] * flyer[1])
    wind = (st[S.A_we + base + l], st[S.A_wn + base + l], ZERO)
    height = st[S.A_high + base + l]
    pull1 = plus(canopy_push(minus(v, wind), toward, speed, flyer[1], density), earth(v, world, height))
    mean = along(v, HALF * step_s, pull1)
    pull2 = plus(canopy_push(minus(mean, wind), toward, speed, flyer[1], density), earth(mean, world, height))
    after = along(v, step_s, pull2)
    gliding = (ONE if st[S.A_phase + base + l] == P_CANOPY else ZERO) * (ONE - st[S.done + l])
    sinking = max(-mean[2], TINY)
    lands = gliding if z + mean[2] * step_s <= ZERO else ZERO
    move_s = gliding * (min(step_s, z / sinking) if lands > HALF else step_s)
    moved = scale(move_s, mean)
    still = select(gliding > HALF, select(lands > HALF, (ZERO, ZERO, ZERO), after), v)
    change = minus(still, v)
    own = ONE - is_b
    st[S.px + l] += own * moved[0]
    st[S.py + l] += own * moved[1]
    st[S.pz + l] += own * moved[2]
    st[S.vx + l] += own * change[0]
    st[S.vy + l] += own * change[1]
    st[S.vz + l] += own * change[2]
    sign = is_b - own
    st[S.rx + l] += sign * moved[0]
    st[S.ry + l] += sign * moved[1]
    st[S.rz + l] += sign * moved[2]
    st[S.ux + l] += sign * change[0]
    st[S.uy + l] += sign * change[1]
    st[S.uz + l] += sign * change[2]
    landed = lands > HALF
    st[S.A_land_x + base + l] = x + moved[0] if landed else st[S.A_land_x + base + l]
    st[S.A_land_y + base + l] = y + moved[1] if landed else st[S.A_land_y + base + l]
    st[S.A_t_land + base + l] = st[S.time + l] + move_s if landed else st[S.A_t_land + base + l]
    st[S.A_phase + base + l] = P_LANDED if landed else st[S.A_phase + base + l]
    upright_lane(st, l, base, gliding, toward)


@lane
def upright_lane(st, l, base, gliding, toward):
    """Hang under the parachute: head up, belly to where the canopy flies."""
    ce, cn = toward
    # body forward (head) is ENU up, body up (back) is minus the heading: q from the half angles of the heading
    half_c = math.sqrt(max(HALF * (ONE + ce), ZERO))
    half_s = math.sqrt(max(HALF * (ONE - ce), ZERO))
    half_s = half_s if cn > ZERO else -half_s
    on = gliding > HALF
    st[S.A_qw + base + l] = UPRIGHT * half_c if on else st[S.A_qw + base + l]
    st[S.A_qx + base + l] = UPRIGHT * half_s if on else st[S.A_qx + base + l]
    st[S.A_qy + base + l] = -UPRIGHT * half_c if on else st[S.A_qy + base + l]
    st[S.A_qz + base + l] = UPRIGHT * half_s if on else st[S.A_qz + base + l]
    st[S.A_wx + base + l] = ZERO if on else st[S.A_wx + base + l]
    st[S.A_wy + base + l] = ZERO if on else st[S.A_wy + base + l]
    st[S.A_wz + base + l] = ZERO if on else st[S.A_wz + base + l]


@lane
def impact_lane(st, l, base):
    """Who reaches the ground without an open parachute ends there; the row says that nothing opened."""
    is_b = F(base) / F(TO_B)
    phase = st[S.A_phase + base + l]
    free = (phase == P_FREEFALL) | (phase == P_OPENING)
    hit = free & (height_a(st, l) + is_b * st[S.rz + l] <= ZERO)
    st[S.A_phase + base + l] = P_LANDED if hit else phase
    st[S.A_t_land + base + l] = st[S.time + l] if hit else st[S.A_t_land + base + l]
    x = st[S.cx + l] + st[S.px + l] + is_b * st[S.rx + l]
    y = st[S.cy + l] + st[S.py + l] + is_b * st[S.ry + l]
    st[S.A_land_x + base + l] = x if hit else st[S.A_land_x + base + l]
    st[S.A_land_y + base + l] = y if hit else st[S.A_land_y + base + l]


@lane
def pose_lane(st, pose, l):
    """The subject's axes and centre in the operator's body axes, and the camera's axes there."""
    f1, f2 = axes(quaternion(st, l, 0)), axes(quaternion(st, l, TO_B))
    ahead, left, up = into(f1, f2[0]), into(f1, f2[1]), into(f1, f2[2])
    centre = into(f1, (st[S.rx + l], st[S.ry + l], st[S.rz + l]))
    camera = neck(st[S.yaw + l], st[S.pitch + l])
    pose[l], pose[LANES + l], pose[2 * LANES + l] = ahead
    pose[3 * LANES + l], pose[4 * LANES + l], pose[5 * LANES + l] = left
    pose[6 * LANES + l], pose[7 * LANES + l], pose[8 * LANES + l] = up
    pose[9 * LANES + l], pose[10 * LANES + l], pose[11 * LANES + l] = centre
    pose[12 * LANES + l], pose[13 * LANES + l], pose[14 * LANES + l] = camera[0]
    pose[15 * LANES + l], pose[16 * LANES + l], pose[17 * LANES + l] = camera[1]
    pose[18 * LANES + l], pose[19 * LANES + l], pose[20 * LANES + l] = camera[2]


@lane
def subject_frame(pose, l):
    """The subject's axes in the operator's."""
    return (
        (pose[l], pose[LANES + l], pose[2 * LANES + l]),
        (pose[3 * LANES + l], pose[4 * LANES + l], pose[5 * LANES + l]),
        (pose[6 * LANES + l], pose[7 * LANES + l], pose[8 * LANES + l]),
    )


@lane
def subject_centre(pose, l):
    """The subject's centre of mass in the operator's axes."""
    return pose[9 * LANES + l], pose[10 * LANES + l], pose[11 * LANES + l]


@lane
def camera_frame(pose, l):
    """The camera's axes in the operator's."""
    return (
        (pose[12 * LANES + l], pose[13 * LANES + l], pose[14 * LANES + l]),
        (pose[15 * LANES + l], pose[16 * LANES + l], pose[17 * LANES + l]),
        (pose[18 * LANES + l], pose[19 * LANES + l], pose[20 * LANES + l]),
    )


@lane
def ends(capsule):
    """Both ends of a capsule's axis."""
    return (capsule[0], capsule[1], capsule[2]), (capsule[3], capsule[4], capsule[5])


@lane
def put_segment(placed, l, start, end):
    """Keep a capsule's axis: its start, its extent and its middle."""
    extent = minus(end, start)
    placed[l], placed[LANES + l], placed[2 * LANES + l] = start
    placed[3 * LANES + l], placed[4 * LANES + l], placed[5 * LANES + l] = extent
    placed[6 * LANES + l], placed[7 * LANES + l], placed[8 * LANES + l] = along(start, HALF, extent)


@lane
def operator_capsule_lane(pose, placed, l, capsule, pivot):
    """A capsule of the operator in his own axes; those with a mark in their last number follow his neck."""
    start, end = ends(capsule)
    camera, turned = camera_frame(pose, l), capsule[7] > HALF
    start = select(turned, plus(pivot, out_of(camera, minus(start, pivot))), start)
    end = select(turned, plus(pivot, out_of(camera, minus(end, pivot))), end)
    put_segment(placed, l, start, end)


@lane
def subject_capsule_lane(pose, placed, l, capsule):
    """A capsule of the subject in the operator's axes."""
    start, end = ends(capsule)
    frame, centre = subject_frame(pose, l), subject_centre(pose, l)
    put_segment(placed, l, plus(centre, out_of(frame, start)), plus(centre, out_of(frame, end)))


@lane
def half_length(capsule):
    """Half the length of a capsule's axis."""
    return HALF * length((capsule[3] - capsule[0], capsule[4] - capsule[1], capsule[5] - capsule[2]))


@lane
def segment_of(placed, l):
    """Start and extent of a placed capsule."""
    start = (placed[l], placed[LANES + l], placed[2 * LANES + l])
    return start, (placed[3 * LANES + l], placed[4 * LANES + l], placed[5 * LANES + l])


@lane
def middle_of(placed, l):
    """Middle of a placed capsule."""
    return placed[6 * LANES + l], placed[7 * LANES + l], placed[8 * LANES + l]


@lane
def within(apart, distance):
    """Whether two points are nearer than a distance, which may be negative."""
    need = max(distance, ZERO)
    return dot(apart, apart) < need * need


@lane
def subject_may_be_nearer(st, pose, first, l, reach):
    """Whether some part of the subject may be nearer to a capsule of the operator than the nearest so far.

    reach: half length and radius of the capsule, and of the ball that holds all of the subject.
    """
    apart = minus(middle_of(first, l), subject_centre(pose, l))
    return within(apart, max(st[S.hand_gap + l], st[S.body_gap + l]) + reach)


@lane
def may_be_nearer(st, first, second, l, reach, hand):
    """Whether a pair of capsules may be nearer than the nearest so far, by its middles; reach: half lengths and radii."""
    apart = minus(middle_of(first, l), middle_of(second, l))
    return within(apart, (st[S.hand_gap + l] if hand > HALF else st[S.body_gap + l]) + reach)


@lane
def gap_lane(st, first, second, l, radii, hand):
    """Fold the surface distance of one pair of capsules into the least so far, of the bodies or of the hands."""
    p, d = segment_of(first, l)
    q, e = segment_of(second, l)
    gap = segment_gap(p, d, q, e) - radii
    body, hands = st[S.body_gap + l], st[S.hand_gap + l]
    st[S.body_gap + l] = body if hand > HALF else min(body, gap)
    st[S.hand_gap + l] = min(hands, gap) if hand > HALF else hands


@lane
def disc_gap(x, y, z, wide, low, high, other_wide, other_low, other_high):
    """Gap of two upright cylinders about two bodies, the second at (x, y, z) from the first."""
    sideways = math.sqrt(x * x + y * y) - wide - other_wide
    above = z + other_low - high
    below = low - z - other_high
    return max(sideways, max(above, below))


@lane
def parachute_gap(x, y, z, span_a, span_b):
    """Gap of two jumpers of whom at least one has a parachute out; span is its half width, 0 when packed.

    A jumper is a cylinder of 0.7 m about 2 m of body and, with a parachute, 7 m of lines; the canopy a disc above.
    """
    out_a, out_b = (ONE if span_a > ZERO else ZERO), (ONE if span_b > ZERO else ZERO)
    top_a, top_b = BODY_M + out_a * LINES_M, BODY_M + out_b * LINES_M
    gap = disc_gap(x, y, z, BODY_WIDTH_M, -BODY_M, top_a, BODY_WIDTH_M, -BODY_M, top_b)
    over_a = disc_gap(x, y, z, span_a, CANOPY_LOW_M, top_a, BODY_WIDTH_M, -BODY_M, top_b)
    over_b = disc_gap(x, y, z, BODY_WIDTH_M, -BODY_M, top_a, span_b, CANOPY_LOW_M, top_b)
    over = disc_gap(x, y, z, span_a, CANOPY_LOW_M, top_a, span_b, CANOPY_LOW_M, top_b)
    gap = min(gap, over_a if out_a > HALF else gap)
    gap = min(gap, over_b if out_b > HALF else gap)
    return min(gap, over if out_a * out_b > HALF else gap)


@lane
def span(st, l, base, full_area_m2):
    """Half width of a parachute: grows with the root of its drag area until it is open."""
    grown = math.sqrt(max(st[S.A_cds + base + l], ZERO) / full_area_m2)
    part = grown if st[S.A_phase + base + l] == P_OPENING else ONE
    return OPEN_WIDTH_M * (part if st[S.A_phase + base + l] > F(1.5) else ZERO)


@lane
def in_the_air(st, l):
    """1 while both have left the aircraft and neither stands on the ground."""
    out = ONE if (st[S.A_phase + l] > HALF) & (st[S.B_phase + l] > HALF) else ZERO
    down = ONE if (st[S.A_phase + l] == P_LANDED) | (st[S.B_phase + l] == P_LANDED) else ZERO
    return out * (ONE - down)


@lane
def measured(st, l, due):
    """1 where a lane's clearance is measured: on the ticks that are due, and wherever both hang and look at no capsules."""
    hang = (st[S.A_phase + l] >= P_CANOPY) & (st[S.B_phase + l] >= P_CANOPY)
    return ONE if hang else due


@lane
def far_lane(st, l, due, areas):
    """Clearance where no pair of capsules is worth a look: far apart, or with a parachute out.

    Freefall beyond 3.2 m: distance of the centres less the bodies' reach, a lower bound.
    """
    x, y, z = st[S.rx + l], st[S.ry + l], st[S.rz + l]
    apart = math.sqrt(x * x + y * y + z * z)
    span_a, span_b = span(st, l, 0, areas[0]), span(st, l, TO_B, areas[1])
    packed = span_a + span_b < TINY
    far = apart - REACH_M if packed else parachute_gap(x, y, z, span_a, span_b)
    near = (apart < NEAR_M) & packed
    v = (st[S.ux + l], st[S.uy + l], st[S.uz + l])
    closing = max(-dot((x, y, z), v) / (apart + TINY), ZERO)
    kept = NEAR_M if measured(st, l, due) > HALF else min(st[S.clearance + l], NEAR_M) - DT * closing
    some = kept if near else far
    # nobody collides while somebody is aboard, or once somebody stands on the ground
    st[S.clearance + l] = some if in_the_air(st, l) > HALF else max(apart, NEAR_M)
    # of a lane that is not near no pair is worth a look
    st[S.body_gap + l], st[S.hand_gap + l] = NEAR_M if near else -NEAR_M, NEAR_M if near else -NEAR_M


@lane
def contact_lane(st, l, due):
    """Bodies that overlap end the take; a hand's touch is only counted. Counted on measured ticks only."""
    fresh = measured(st, l, due)
    # beyond arm's reach, aboard, or with a parachute out there are no capsules to be near
    apart = (st[S.rx + l], st[S.ry + l], st[S.rz + l])
    free = ONE if (st[S.A_phase + l] == P_FREEFALL) & (st[S.B_phase + l] == P_FREEFALL) else ZERO
    near = free if dot(apart, apart) < NEAR_M * NEAR_M else ZERO
    clearance = st[S.clearance + l]
    clearance = min(clearance, st[S.body_gap + l]) if near * fresh > HALF else clearance
    hand = st[S.hand_gap + l] if near > HALF else NEAR_M
    hand = hand if fresh > HALF else st[S.hand + l]
    st[S.clearance + l], st[S.hand + l] = clearance, hand
    flying = (ONE - st[S.done + l]) * fresh * in_the_air(st, l)
    closest, hands, speed = st[S.closest + l], st[S.hands + l], st[S.contact_v + l]
    st[S.closest + l] = min(closest, clearance) if flying > HALF else closest
    st[S.hands + l] = max(hands, flying if hand < ZERO else ZERO)
    hit = flying if clearance < ZERO else ZERO
    u = length((st[S.ux + l], st[S.uy + l], st[S.uz + l]))
    st[S.contact_v + l] = u if hit > HALF else speed
    ending, done = st[S.ending + l], st[S.done + l]
    st[S.ending + l] = E_CONTACT if hit > HALF else ending
    st[S.done + l] = max(done, hit)


@lane
def finish_lane(st, l):
    """A take is over when both stand on the ground."""
    landed = ONE if st[S.A_phase + l] + st[S.B_phase + l] == TWO * P_LANDED else ZERO
    ending, done = st[S.ending + l], st[S.done + l]
    st[S.ending + l] = E_LANDED if (landed > HALF) & (ending < HALF) else ending
    st[S.done + l] = max(done, landed)


@part
def tell(st, record):
    """Copy what is recorded of a tick; its pieces stand together in the state."""
    for i in range(OF_BOTH):
        record[i] = st[S.time + i]
    for i in range(OF_ONE):
        record[OF_BOTH + i] = st[S.A_qw + i]
    for i in range(OF_ONE):
        record[OF_BOTH + OF_ONE + i] = st[S.B_qw + i]


@part
def look_up(st, lanes, air, error, pair):
    """Air of both bodies in the middle of the step at hand; one text for every leg, so no lane feels its neighbours.

    The table is opened when somebody comes into another of its layers: few do in a tick.
    """
    top = F(air.shape[0] - 1) - EDGE
    moved = False
    for l in range(lanes):
        height = height_a(st, l) + HALF * st[S.step_s + l] * st[S.vz + l]
        moved = moved | layer_lane(st, l, 0, height, top)
    if moved:
        eddies(st, lanes, air)
        layers(st, lanes, 0, air, error)
    for l in range(lanes):
        air_lane(st, l, 0)
        eddies_lane(st, l)
    if pair > HALF:
        moved = False
        for l in range(lanes):
            falling = st[S.vz + l] + st[S.uz + l]
            height = height_a(st, l) + st[S.rz + l] + HALF * st[S.step_s + l] * falling
            moved = moved | layer_lane(st, l, TO_B, height, top)
        if moved:
            layers(st, lanes, TO_B, air, error)
        for l in range(lanes):
            air_lane(st, l, TO_B)


@lane
def pulls_soon(st, l, base, height, rising):
    """Whether a body in the fall comes to its pull height within two long steps."""
    reaches = height + TWO * COARSE * DT * rising < st[S.A_pull_m + base + l]
    return (st[S.A_phase + base + l] == P_FREEFALL) & reaches


@lane
def patience(st, l, fall_ticks):
    """How many ticks a lane waits between steps: fall_ticks in the fall, one while a parachute opens, more when both hang.

    Most where they hang far from each other and from the ground: there is nothing to miss.
    """
    a, b = st[S.A_phase + l], st[S.B_phase + l]
    height, rising = height_a(st, l), st[S.vz + l]
    apart = (st[S.rx + l], st[S.ry + l], st[S.rz + l])
    opens = (a == P_OPENING) | (b == P_OPENING) | pulls_soon(st, l, 0, height, rising)
    opens = opens | pulls_soon(st, l, TO_B, height + apart[2], rising + st[S.uz + l])
    hang = (a >= P_CANOPY) & (b >= P_CANOPY)
    alone = (a == P_LANDED) | (b == P_LANDED) | (dot(apart, apart) > ALONE_M * ALONE_M)
    lowest = min(height if a == P_CANOPY else HIGH_M, height + apart[2] if b == P_CANOPY else HIGH_M)
    wait = COARSE if hang else (ONE if opens else fall_ticks)
    return LONGEST if hang & alone & (lowest > ALONE_M) else wait


@lane
def falls(st, l):
    """Whether somebody of a lane has no open parachute yet."""
    return (min(st[S.A_phase + l], st[S.B_phase + l]) < P_CANOPY) & (st[S.done + l] < HALF)


@lane
def steps_now(st, l):
    """Whether a lane takes a step on this tick."""
    return st[S.step_s + l] > ZERO


@part
def steps(st, lanes, tick, fall_ticks):
    """How long a step each lane takes now, in whole ticks since its last; none where it waits.

    Returns 1 or 0: whether somebody falls in any lane, and whether any lane takes a step.
    """
    coarse = COARSE if (tick + 1) % COARSE_TICKS == 0 else ONE
    due = LONGEST if (tick + 1) % LONGEST_TICKS == 0 else coarse
    until = F(tick + 1)
    falling, moving = False, False
    for l in range(lanes):
        live = ONE - st[S.done + l]
        go = live if patience(st, l, fall_ticks) <= due else ZERO
        ticks = F(np.int32(until - st[S.time + l] / DT + HALF))
        st[S.step_s + l] = go * ticks * DT
        falling = falling | falls(st, l)
        moving = moving | steps_now(st, l)
    # numbers, not truth values: numba would compile what takes them twice, once for the constant False
    return ONE if falling else ZERO, ONE if moving else ZERO


@part
def senses(st, ring, tick, lanes, delays, shape, seed_low, seed_high, memory, pair, steered):
    """Draws and senses of one tick."""
    pivot, plane, eyes, wakes, shelter_s, aircraft, wave = shape
    if steered > HALF:
        for l in range(lanes):
            draw_lane(st, l, np.uint32(tick), seed_low, seed_high, memory)
    for l in range(lanes):
        operator_flow_lane(st, l, shelter_s, aircraft, wave)
    if pair > HALF:
        for l in range(lanes):
            subject_flow_lane(st, l, shelter_s, aircraft, wave)
        for l in range(lanes):
            sense_lane(st, l, pivot, plane, eyes, wakes)
    if steered > HALF:
        at = (tick % RING_TICKS) * 6 * LANES
        seen = ring[at : at + 6 * LANES]
        for l in range(lanes):
            keep_lane(st, seen, l)
        for l in range(lanes):
            remember_lane(st, ring, l, (tick - delays[l]) % RING_TICKS)


@part
def pilots(st, lanes, station_m, fall_range, focus, limits, trim_a, trim_b):
    """Rules, both pilots and the lens of one tick."""
    first, second, dial = focus
    for l in range(lanes):
        rules_lane(st, l, limits)
    for l in range(lanes):
        subject_lane(st, l, station_m, fall_range[0], fall_range[1], trim_b)
    for l in range(lanes):
        operator_lane(st, l, trim_a)
    for l in range(lanes):
        lens_lane(st, l, first, second, dial)


@part
def phases(st, lanes, areas, device_a, device_b, pair):
    """Exits, pulls, openings."""
    for l in range(lanes):
        operator_phase_lane(st, l, areas[0], device_a)
    if pair > HALF:
        for l in range(lanes):
            subject_phase_lane(st, l, areas[1], device_b)
    for l in range(lanes):
        finite_lane(st, l)


@part
def operator_body(st, lanes, shape, person, world):
    """The two dynamic steps of a tick of the operator in the air."""
    for l in range(lanes):
        fly_lane(st, l, 0, ONE, shape, person, world)
        fly_lane(st, l, 0, ZERO, shape, person, world)
        tumbling_lane(st, l, 0)


@part
def subject_body(st, lanes, shape, person, world):
    """The same of the subject; its place in the state must be a constant, or nothing is vectorised."""
    for l in range(lanes):
        fly_lane(st, l, TO_B, ONE, shape, person, world)
        fly_lane(st, l, TO_B, ZERO, shape, person, world)
        tumbling_lane(st, l, TO_B)


@part
def glides(st, lanes, tick, flyer_a, flyer_b, target, world):
    """Parachutes: by the tick while somebody still falls, in long steps once both are open. Sets the time."""
    until = F(tick + 1) * DT
    hanging = False
    low = False
    for l in range(lanes):
        a, b = st[S.A_phase + l], st[S.B_phase + l]
        hanging = hanging | (a == P_CANOPY) | (b == P_CANOPY)
        low = low | (min(height_a(st, l), height_a(st, l) + st[S.rz + l]) < LOW_M)
    # nothing below changes a lane that does not hang or is not low, so it may be left out for a whole batch
    if hanging:
        for l in range(lanes):
            glide_lane(st, l, 0, flyer_a, target, world)
        for l in range(lanes):
            glide_lane(st, l, TO_B, flyer_b, target, world)
    for l in range(lanes):
        st[S.time + l] = until if st[S.step_s + l] > ZERO else st[S.time + l]
    if (tick + 1) % COARSE_TICKS == 0:  # often enough: nobody falls 16 m meanwhile
        for l in range(lanes):
            rebase_lane(st, l)
    if low:
        for l in range(lanes):
            impact_lane(st, l, 0)
            impact_lane(st, l, TO_B)


@lane
def ball_of(capsules):
    """Radius of the ball about the subject's centre of mass that holds all of him."""
    widest = ZERO
    for i in range(CAPSULES, 2 * CAPSULES):
        start, end = ends(capsules[i])
        widest = max(widest, max(length(start), length(end)) + capsules[i, 6])
    return widest


@part
def pairs(st, pose, placed, lanes, capsules, ball, pivot):
    """Least distance of the capsules of two bodies, those of the hands apart.

    pose (21·16,), placed (capsules, 9·16): room for them; ball: radius about the subject's centre that holds him. What cannot be the nearest in any lane is left out, which
    changes no least distance: a capsule against the whole other body first, then pair by pair.
    """
    for l in range(lanes):
        pose_lane(st, pose, l)
    for i in range(CAPSULES):
        spot, capsule = placed[i], capsules[i]
        for l in range(lanes):
            operator_capsule_lane(pose, spot, l, capsule, pivot)
    for i in range(CAPSULES, 2 * CAPSULES):
        spot, capsule = placed[i], capsules[i]
        for l in range(lanes):
            subject_capsule_lane(pose, spot, l, capsule)
    for i in range(CAPSULES):
        first, own, near = placed[i], capsules[i, 6] + half_length(capsules[i]) + SURE_M, False
        for l in range(lanes):
            near = near | subject_may_be_nearer(st, pose, first, l, own + ball)
        if not near:
            continue
        for j in range(CAPSULES, 2 * CAPSULES):
            second, radii = placed[j], capsules[i, 6] + capsules[j, 6]
            hand = ONE if (i >= SOLID) | (j >= CAPSULES + SOLID) else ZERO
            reach, near = own + capsules[j, 6] + half_length(capsules[j]), False
            for l in range(lanes):
                near = near | may_be_nearer(st, first, second, l, reach, hand)
            if near:
                for l in range(lanes):
                    gap_lane(st, first, second, l, radii, hand)


@part
def collisions(st, pose, placed, lanes, tick, falling, capsules, ball, pivot, areas):
    """Clearance of the two bodies; pairs of capsules on every fifth tick, when some lane is near."""
    due = ONE if tick % CLEARANCE_TICKS == 0 else ZERO
    close = False
    for l in range(lanes):
        apart = (st[S.rx + l], st[S.ry + l], st[S.rz + l])
        close = close | (dot(apart, apart) < NEAR_M * NEAR_M)
    for l in range(lanes):
        far_lane(st, l, due, areas)
    if close & (due * falling > HALF):
        pairs(st, pose, placed, lanes, capsules, ball, pivot)
    for l in range(lanes):
        contact_lane(st, l, due)


@lane
def shape_of(table):
    """A (7, 9) table of panels and skin as tuples, so that nothing in the lane loops aliases the state."""
    return (
        floats(table[0], 9),
        floats(table[1], 9),
        floats(table[2], 9),
        floats(table[3], 9),
        floats(table[4], 9),
        floats(table[5], 9),
        floats(table[6], 9),
    )


@lane
def person_of(p, mass, ix, iy, iz, slow, fast, x, y, z, full_area, drogue_m2, drogue_s, drogue_z):
    """What a body's motion needs of a person, from the table of common numbers."""
    return (
        ONE / p[mass],
        ONE / p[ix],
        ONE / p[iy],
        ONE / p[iz],
        p[iy] - p[iz],
        p[iz] - p[ix],
        p[ix] - p[iy],
        p[slow],
        p[fast],
        p[x],
        p[y],
        p[z],
        p[C.damping],
        p[full_area],
        p[drogue_m2],
        p[drogue_s],
        p[drogue_z],
        ONE / p[C.posture_lag_s],
        p[C.limbs_fore],
        p[C.limbs_side],
        p[C.limbs_turn],
    )


@lane
def device_of(p, height, speed, slow_height, slow_speed, off, extract_s, snivel_s, fill_s, snivel_area):
    """What `pull` needs of an AAD and of the reserve that it opens, from the table of common numbers."""
    return (
        p[height],
        p[speed],
        p[slow_height],
        p[slow_speed],
        p[off],
        p[extract_s],
        p[snivel_s],
        p[fill_s],
        p[snivel_area],
    )


@lane
def memory_of(correlation_s):
    """What is kept of a noise over a tick, and the share of the new one that keeps its variance."""
    kept = math.exp(-DT / correlation_s)
    return kept, math.sqrt(ONE - kept * kept)


@block
def fly_block(states, rings, delays, errors, records, air, common, panels, capsules, tick0, ticks, seeds):
    """Fly every batch from tick0 for `ticks` ticks; one record a tick, taken before it is flown, while there is room.

    states (batch, fields·16) f32, rings (batch, 32·6·16) f32, delays (batch, 16) i32, errors (batch, 2, levels, 16)
    f32 wind error, records (batch, ticks, fields·16) f32, air (levels, 8) f32, common (C,) f32, panels (2, 7, 9) f32,
    capsules (20, 8) f32, seeds (2,) u32. A tick on which no lane of a batch takes a step repeats the record before it.
    """
    p = common
    pivot = (p[C.pivot_x], p[C.pivot_y], p[C.pivot_z])
    plane = (p[C.plane_x], p[C.plane_y], p[C.plane_z])
    eyes = (p[C.B_eye_x], p[C.B_eye_y], p[C.B_eye_z])
    wakes = (p[C.A_area], p[C.B_area])
    aircraft = (p[C.aircraft_e], p[C.aircraft_n])
    shape = (pivot, plane, eyes, wakes, p[C.shelter_s], aircraft, p[C.wave_drag])
    world = (
        p[C.gravity],
        p[C.gradient],
        p[C.gradient2],
        p[C.coriolis_sin],
        p[C.coriolis_cos],
        p[C.curve_e],
        p[C.curve_n],
        p[C.curve_tan],
    )
    shape_a, shape_b = shape_of(panels[0]), shape_of(panels[1])
    person_a = person_of(
        p, C.A_mass, C.A_ix, C.A_iy, C.A_iz, C.A_slow, C.A_fast, C.A_riser_x, C.A_riser_y, C.A_riser_z,
        C.A_full_area, C.A_drogue_m2, C.A_drogue_s, C.A_drogue_z,
    )  # fmt: skip
    person_b = person_of(
        p, C.B_mass, C.B_ix, C.B_iy, C.B_iz, C.B_slow, C.B_fast, C.B_riser_x, C.B_riser_y, C.B_riser_z,
        C.B_full_area, C.B_drogue_m2, C.B_drogue_s, C.B_drogue_z,
    )  # fmt: skip
    areas = (p[C.A_full_area], p[C.B_full_area])
    device_a = device_of(
        p, C.A_aad_m, C.A_aad_m_s, C.A_aad_slow_m, C.A_aad_slow_m_s, C.A_aad_off_m,
        C.A_reserve_extract_s, C.A_reserve_snivel_s, C.A_reserve_fill_s, C.A_reserve_snivel_area,
    )  # fmt: skip
    device_b = device_of(
        p, C.B_aad_m, C.B_aad_m_s, C.B_aad_slow_m, C.B_aad_slow_m_s, C.B_aad_off_m,
        C.B_reserve_extract_s, C.B_reserve_snivel_s, C.B_reserve_fill_s, C.B_reserve_snivel_area,
    )  # fmt: skip
    fall_range = (p[C.B_slow], p[C.B_fast])
    first = (p[C.trig_range1], p[C.trig_time1], p[C.inv1], p[C.rack1])
    second = (p[C.trig_range2], p[C.trig_time2], p[C.inv2], p[C.rack2])
    focus = (first, second, p[C.dial])
    limits = (p[C.no_mark_m], p[C.closing_range_m], p[C.closing_limit], p[C.lost_s])
    flyer_a, flyer_b = (p[C.A_glide], p[C.A_sink]), (p[C.B_glide], p[C.B_sink])
    target = (p[C.target_x], p[C.target_y])
    trim_a = (p[C.A_fore_trim], p[C.A_side_trim], p[C.A_push])
    trim_b = (p[C.B_fore_trim], p[C.B_side_trim], p[C.B_push])
    pair, steered = p[C.pair], p[C.steered]
    motor, apart = memory_of(p[C.motor_s]), memory_of(p[C.apart_s])
    aim, eye = memory_of(p[C.aim_s]), memory_of(p[C.eye_s])
    memory = (motor[0], motor[1], apart[0], apart[1], aim[0], aim[1], eye[0], eye[1])
    ball = ball_of(capsules)
    pose, placed = np.empty(21 * LANES, np.float32), np.empty((2 * CAPSULES, 9 * LANES), np.float32)
    for b in range(states.shape[0]):
        st, ring, delay, error = states[b], rings[b], delays[b], errors[b]
        lanes = delay.shape[0]  # a runtime count: a constant 16 would be unrolled into scalar code
        for k in range(ticks):
            tick = tick0 + k
            falling, moving = steps(st, lanes, tick, p[C.fall_ticks])
            if k < records.shape[1]:
                tell(st, records[b, k])
            if moving < HALF:
                continue
            look_up(st, lanes, air, error, pair)
            if falling > HALF:
                senses(st, ring, tick, lanes, delay, shape, seeds[0], seeds[1], memory, pair, steered)
                phases(st, lanes, areas, device_a, device_b, pair)
                if steered > HALF:
                    pilots(st, lanes, p[C.station_m], fall_range, focus, limits, trim_a, trim_b)
                operator_body(st, lanes, shape_a, person_a, world)
                if pair > HALF:
                    subject_body(st, lanes, shape_b, person_b, world)
                    for l in range(lanes):
                        subject_end_lane(st, l)
                for l in range(lanes):
                    operator_end_lane(st, l)
            glides(st, lanes, tick, flyer_a, flyer_b, target, world)
            if pair > HALF:
                collisions(st, pose, placed, lanes, tick, falling, capsules, ball, pivot, areas)
            for l in range(lanes):
                finish_lane(st, l)
