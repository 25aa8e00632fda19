"""The judge's scan: records of 16 takes to signals, signals to beats, as the records come.

`judge_block` scans a block of records and carries its state, so a take may be judged while it is flown. A beat is
held when, inside its window, `hold` seconds pass of which no more than `allow` violate any of its criteria.
"""

from __future__ import annotations

import math

from onetake.judge.state import (
    BEAT_AFTER,
    BEAT_ALLOW,
    BEAT_ALWAYS,
    BEAT_FIRST,
    BEAT_FROM,
    BEAT_HOLD,
    BEAT_LAST,
    BEAT_TO,
    BEAT_WITHIN,
    HELD_WITHOUT,
    LANES,
    ROW_HIGH,
    ROW_INVERSE,
    ROW_LOW,
    ROW_SIGNAL,
    ROW_TREND,
    ROW_TREND_FROM,
    ROW_TREND_TO,
    SIGNALS,
    TAKE_AT,
    TICK_S,
    VIOLATED,
    WITHOUT,
    B,
    E,
    G,
    J,
    T,
    X,
)
from onetake.judge.state import NEVER as NEVER_ARMED
from onetake.judge.state import OUTSIDE as OUTSIDE_MASK
from onetake.kernel import (
    HALF,
    HALF_PI,
    ONE,
    TINY,
    ZERO,
    F,
    along,
    axes,
    bearing,
    block,
    clip,
    cosine,
    cross,
    dot,
    into,
    lane,
    length,
    minus,
    out_of,
    plus,
    sine,
)
from onetake.lens.kernel import blur_m, breathing_distance_m, edge_margin, height_share, picture
from onetake.weather.kernel import DIP, above_visible_horizon, lifted_rad

N_SIGNALS = len(SIGNALS)
FAR = F(1e9)
NEVER = F(NEVER_ARMED)
DT = F(TICK_S)
M = N_SIGNALS * LANES  # the record comes after the signals
OUTSIDE = F(OUTSIDE_MASK)  # the violation bit of a tick outside the beat's window


@lane
def neck(yaw, pitch):
    """Camera axes (forward, left, up) in the operator's body axes."""
    sy, cy, sp, cp = sine(yaw), cosine(yaw), sine(pitch), cosine(pitch)
    return (cp * cy, cp * sy, sp), (-sy, cy, ZERO), (-sp * cy, -sp * sy, cp)


@lane
def in_camera(frame, point):
    """An ENU vector in camera axes right-down-forward, of camera axes given as forward, left, up."""
    forward, left, up = into(frame, point)
    return -left, -up, forward


@lane
def seen_vector(s, l, at):
    """Three neighbouring fields of the record."""
    at = M + at * LANES + l
    return s[at], s[at + LANES], s[at + 2 * LANES]


@lane
def attitude(s, l, at):
    """Forward, left and up of a body in ENU, from the four fields of its quaternion."""
    at = M + at * LANES + l
    return axes((s[at], s[at + LANES], s[at + 2 * LANES], s[at + 3 * LANES]))


@lane
def lens_of(s, l, body, mount):
    """Camera axes (forward, left, up) in ENU, and the image plane's place in the operator's body axes."""
    head = neck(s[M + J.yaw * LANES + l], s[M + J.pitch * LANES + l])
    camera = (out_of(body, head[0]), out_of(body, head[1]), out_of(body, head[2]))
    return camera, plus(mount[0], out_of(head, mount[1]))


@lane
def lesser(a, b):
    """The lesser of two numbers, undefined if either is."""
    return HALF * (a + b - abs(a - b))


@lane
def angle(cosine_of):
    """The angle of a cosine, 0 to π; undefined where that is."""
    return bearing(math.sqrt(max(ONE - cosine_of * cosine_of, ZERO)), cosine_of) + ZERO * cosine_of


@lane
def sun_at(c, t):
    """True elevation of the sun's centre as a parabola in time."""
    return c[0] + t * (c[1] + t * c[2])


@lane
def stops_at(c, middle, half, lifted):
    """Stops over as a polynomial in how high the sun stands over what height gains; half: half its range."""
    x = (lifted - middle) / half
    return c[0] + x * (c[1] + x * (c[2] + x * (c[3] + x * (c[4] + x * c[5]))))


@lane
def signals_lane(s, l, glass, mount, eyes, head, light):
    """All signals of one tick in one lane.

    s: signals, then the record, then the take's fields, one flat array so that the loop vectorises. glass: (focal, f-number, pupil offset, datum to pupil, breathing, half width, half height, border,
    head height); light: the sun's and the exposure's polynomials.
    """
    f1, f2 = attitude(s, l, J.A_qw), attitude(s, l, J.B_qw)
    w1, w2 = seen_vector(s, l, J.A_wx), seen_vector(s, l, J.B_wx)
    r, u = seen_vector(s, l, J.rx), seen_vector(s, l, J.ux)
    camera, lens = lens_of(s, l, f1, mount)
    seen = plus(r, minus(out_of(f2, eyes), out_of(f1, lens)))
    drift = plus(u, minus(out_of(f2, cross(w2, eyes)), out_of(f1, cross(w1, lens))))
    distance = length(seen)
    toward = in_camera(camera, seen)
    pupil = (toward[0], toward[1], toward[2] - glass[2])
    middle = in_camera(camera, plus(seen, out_of(f2, minus(head, eyes))))
    middle = (middle[0], middle[1], middle[2] - glass[2])
    focus = s[M + J.focus * LANES + l] - glass[3]
    image = breathing_distance_m(focus, glass[0], glass[4])
    share = height_share(glass[8], middle[2], image, glass[6])
    ex, ey = picture(pupil, image, glass[5], glass[6])
    hx, hy = picture(middle, image, glass[5], glass[6])
    circle = edge_margin(hx, hy, share * glass[6] / glass[5], share, glass[7])
    eye_room = edge_margin(ex, ey, ZERO, ZERO, glass[7])
    up_1 = s[M + J.up * LANES + l]
    up_2 = up_1 + r[2]
    t = s[M + J.time * LANES + l]
    elevation = sun_at(light[0], t)
    high, low = math.sqrt(max(max(up_1, up_2), ZERO)), math.sqrt(max(min(up_1, up_2), ZERO))
    forward = (s[TAKE_AT + T.forward_x + l], s[TAKE_AT + T.forward_y + l], s[TAKE_AT + T.forward_z + l])
    step = t - s[TAKE_AT + T.last_time + l]
    turned = length(minus(camera[0], forward)) / max(step, DT)
    moving = ONE if step > HALF * DT else ZERO
    old = s[X.steady_rad_s * LANES + l]
    s[X.range_m * LANES + l] = distance
    s[X.depth_m * LANES + l] = toward[2]
    s[X.blur_m * LANES + l] = blur_m(pupil[2], focus, glass[0], glass[1])
    s[X.face_room * LANES + l] = min(circle, eye_room)
    s[X.size_share * LANES + l] = share
    # the face looks along the body's forward axis; 0 is straight into the lens
    s[X.facing_rad * LANES + l] = angle(-dot(f2[0], seen) / (distance + TINY))
    s[X.level_m * LANES + l] = seen[2]
    s[X.closing_m_s * LANES + l] = -dot(seen, drift) / (distance + TINY)
    s[X.separation_m * LANES + l] = length(r)
    s[X.clearance_m * LANES + l] = s[M + J.clearance * LANES + l]
    s[X.exposure_stops * LANES + l] = stops_at(
        light[1], light[2], light[3], lifted_rad(elevation, math.sqrt(max(up_2, ZERO)))
    )
    s[X.height_agl_m * LANES + l] = up_2
    s[X.sun_low_rad * LANES + l] = above_visible_horizon(elevation, low)
    s[X.sun_high_rad * LANES + l] = above_visible_horizon(elevation, high)
    s[X.fall_rate_m_s * LANES + l] = -(s[M + J.A_vz * LANES + l] + u[2])
    s[X.steady_rad_s * LANES + l] = turned if moving > HALF else old
    s[X.horizon_rad * LANES + l] = abs(HALF_PI - angle(camera[1][2]))
    s[TAKE_AT + T.forward_x + l], s[TAKE_AT + T.forward_y + l], s[TAKE_AT + T.forward_z + l] = camera[0]
    s[TAKE_AT + T.last_time + l] = t
    s[X.body_room * LANES + l] = FAR
    # the subject's axes and place in camera axes, for the points of the outline
    for_x, for_y, for_z = in_camera(camera, f2[0]), in_camera(camera, f2[1]), in_camera(camera, f2[2])
    s[TAKE_AT + T.m00 + l], s[TAKE_AT + T.m10 + l], s[TAKE_AT + T.m20 + l] = for_x
    s[TAKE_AT + T.m01 + l], s[TAKE_AT + T.m11 + l], s[TAKE_AT + T.m21 + l] = for_y
    s[TAKE_AT + T.m02 + l], s[TAKE_AT + T.m12 + l], s[TAKE_AT + T.m22 + l] = for_z
    centre = in_camera(camera, minus(r, out_of(f1, lens)))
    s[TAKE_AT + T.o0 + l], s[TAKE_AT + T.o1 + l], s[TAKE_AT + T.o2 + l] = (
        centre[0],
        centre[1],
        centre[2] - glass[2],
    )
    s[TAKE_AT + T.image + l] = image


@lane
def outline_lane(s, l, glass, point):
    """Fold one point of the subject's outline into the room that the whole body has in the picture."""
    x, y, z = point
    right = (
        s[TAKE_AT + T.o0 + l]
        + x * s[TAKE_AT + T.m00 + l]
        + y * s[TAKE_AT + T.m01 + l]
        + z * s[TAKE_AT + T.m02 + l]
    )
    down = (
        s[TAKE_AT + T.o1 + l]
        + x * s[TAKE_AT + T.m10 + l]
        + y * s[TAKE_AT + T.m11 + l]
        + z * s[TAKE_AT + T.m12 + l]
    )
    ahead = (
        s[TAKE_AT + T.o2 + l]
        + x * s[TAKE_AT + T.m20 + l]
        + y * s[TAKE_AT + T.m21 + l]
        + z * s[TAKE_AT + T.m22 + l]
    )
    px, py = picture((right, down, ahead), s[TAKE_AT + T.image + l], glass[5], glass[6])
    room = edge_margin(px, py, ZERO, ZERO, ZERO)
    least = s[X.body_room * LANES + l]
    s[X.body_room * LANES + l] = room if not room > least else least


@lane
def aircraft_lane(s, l, glass, mount, eyes, place, speed):
    """What the aircraft is to the lens and to the subject. place, speed: its exit at t = 0 and its velocity, ENU.

    It flies on straight and level. Who has just left stands where the exit is.
    """
    f1, f2 = attitude(s, l, J.A_qw), attitude(s, l, J.B_qw)
    camera, lens = lens_of(s, l, f1, mount)
    r, moved = seen_vector(s, l, J.rx), seen_vector(s, l, J.A_vx)
    away = minus(along(place, s[M + J.time * LANES + l], speed), seen_vector(s, l, J.east))
    seen = minus(away, out_of(f1, lens))
    drift = minus(minus(speed, moved), out_of(f1, cross(seen_vector(s, l, J.A_wx), lens)))
    distance = length(seen)
    toward = in_camera(camera, seen)
    pupil = (toward[0], toward[1], toward[2] - glass[2])
    focus = s[M + J.focus * LANES + l] - glass[3]
    x, y = picture(pupil, breathing_distance_m(focus, glass[0], glass[4]), glass[5], glass[6])
    from_eyes = minus(minus(away, r), out_of(f2, eyes))
    s[X.aircraft_range_m * LANES + l] = distance
    s[X.aircraft_level_m * LANES + l] = seen[2]
    s[X.aircraft_closing_m_s * LANES + l] = -dot(seen, drift) / (distance + TINY)
    s[X.aircraft_separation_m * LANES + l] = min(length(away), length(minus(away, r)))
    s[X.aircraft_facing_rad * LANES + l] = angle(dot(f2[0], from_eyes) / (length(from_eyes) + TINY))
    s[X.aircraft_room * LANES + l] = edge_margin(x, y, ZERO, ZERO, ZERO)
    s[X.aircraft_blur_m * LANES + l] = blur_m(pupil[2], focus, glass[0], glass[1])


@lane
def sky_lane(s, l, glass, mount, head, elevation, sun):
    """What the sun and the visible horizon are to the lens and to the face.

    elevation: of the sun, as a parabola in time; sun: (east, its change a second, north, its change) of the level
    bearing. The sun is seen through the air from the operator's height.
    """
    f1, f2 = attitude(s, l, J.A_qw), attitude(s, l, J.B_qw)
    camera, lens = lens_of(s, l, f1, mount)
    t = s[M + J.time * LANES + l]
    root = math.sqrt(max(s[M + J.up * LANES + l], ZERO))
    low = DIP * root
    above = above_visible_horizon(sun_at(elevation, t), root)
    high = clip(above - low, -HALF_PI, HALF_PI)
    level = cosine(high)
    there = (level * (sun[0] + sun[1] * t), level * (sun[2] + sun[3] * t), sine(high))
    focus = s[M + J.focus * LANES + l] - glass[3]
    image = breathing_distance_m(focus, glass[0], glass[4])
    x, y = picture(in_camera(camera, there), image, glass[5], glass[6])
    middle = in_camera(camera, plus(seen_vector(s, l, J.rx), minus(out_of(f2, head), out_of(f1, lens))))
    middle = (middle[0], middle[1], middle[2] - glass[2])
    hx, hy = picture(middle, image, glass[5], glass[6])
    share = height_share(glass[8], middle[2], image, glass[6])
    wide, tall = glass[5] / image, glass[6] / image
    across, down = (x - hx) * glass[5] / glass[6], y - hy
    hidden = share - math.sqrt(across * across + down * down)
    half = bearing(tall, ONE)
    # a sun that has set is in no picture
    risen = above / half
    s[X.sun_facing_rad * LANES + l] = angle(dot(f2[0], there))
    s[X.sun_room * LANES + l] = lesser(edge_margin(x, y, ZERO, ZERO, ZERO), risen)
    s[X.sun_hidden_room * LANES + l] = lesser(hidden, risen)
    # of the picture's corners the highest must be above the horizon and the lowest below it
    size = math.sqrt(ONE + wide * wide + tall * tall)
    right, left = -wide * camera[1][2], wide * camera[1][2]
    middle_up, up = camera[0][2], tall * abs(camera[2][2])
    highest = (middle_up + max(right, left) + up) / size
    lowest = (middle_up + min(right, left) - up) / size
    s[X.skyline_room * LANES + l] = (
        lesser(HALF_PI - angle(highest) + low, angle(lowest) - HALF_PI - low) / half
    )
    s[X.skyline_facing_rad * LANES + l] = abs(HALF_PI - angle(f2[0][2]))
    s[X.skyline_blur_m * LANES + l] = blur_m(FAR, focus, glass[0], glass[1])


@lane
def event_lane(s, l, event):
    """1 once an event has happened: first exit, last exit, break-off, first pull, opening, landing.

    What is not said to be the first is the last: both parachutes open, both on the ground.
    """
    a, b = s[M + J.A_phase * LANES + l], s[M + J.B_phase * LANES + l]
    first, last = max(a, b), min(a, b)
    told = first if event < HALF else last
    limit = F(0.5)
    told = first if (event > F(2.5)) & (event < F(3.5)) else told
    limit = F(1.5) if (event > F(2.5)) & (event < F(3.5)) else limit
    limit = F(2.5) if (event > F(3.5)) & (event < F(4.5)) else limit
    limit = F(3.5) if event > F(4.5) else limit
    happened = ONE if told > limit else ZERO
    broke = s[M + J.broke * LANES + l]
    return broke if (event > F(1.5)) & (event < F(2.5)) else happened


@block
def judge_signals(s, lanes, optics, mount, eyes, head, light):
    """Signals of one tick in every lane."""
    for l in range(lanes):
        signals_lane(s, l, optics, mount, eyes, head, light)


@block
def judge_outline(s, lanes, optics, outline):
    """The room of the whole body, point by point."""
    for i in range(outline.shape[0]):
        point = (outline[i, 0], outline[i, 1], outline[i, 2])
        for l in range(lanes):
            outline_lane(s, l, optics, point)


@block
def judge_around(s, lanes, optics, mount, eyes, head, light, scene):
    """Signals of the aircraft, the sun and the horizon in every lane."""
    place = (scene[E.exit_east], scene[E.exit_north], scene[E.exit_up])
    speed = (scene[E.speed_east], scene[E.speed_north], ZERO)
    sun = (scene[E.sun_east], scene[E.sun_east_t], scene[E.sun_north], scene[E.sun_north_t])
    for l in range(lanes):
        aircraft_lane(s, l, optics, mount, eyes, place, speed)
    for l in range(lanes):
        sky_lane(s, l, optics, mount, head, light[0], sun)


@block
def judge_take(s, lanes, circle, to_landing):
    """What is kept of the whole take: closest range once both have been out for 5 s, and time in focus.

    A lane is live until the take ended or both parachutes are open (to the landing where a rule asks for it).
    """
    for l in range(lanes):
        a, b = s[M + J.A_phase * LANES + l], s[M + J.B_phase * LANES + l]
        flying = max(F(2.5) - min(a, b), to_landing)
        live = ONE if (flying > ZERO) & (s[M + J.ending * LANES + l] < HALF) else ZERO
        s[TAKE_AT + T.live + l] = live
        free = live * (ONE if (min(a, b) > HALF) & (a + b < F(2.5)) else ZERO)
        distance = s[X.range_m * LANES + l]
        near = (free > HALF) & (s[TAKE_AT + T.exits + l] > F(125.0)) & (distance < s[TAKE_AT + T.closest + l])
        s[TAKE_AT + T.closest + l] = distance if near else s[TAKE_AT + T.closest + l]
        sharp = (s[X.blur_m * LANES + l] <= circle) & (s[X.face_room * LANES + l] > ZERO)
        s[TAKE_AT + T.in_focus + l] += free * (DT if sharp else ZERO)
        s[TAKE_AT + T.exits + l] += free


@block
def judge_gate(s, q, lanes, tick):
    """Open a beat's tick: is it inside the beat's window, and is the lane live."""
    now = F(tick)
    for l in range(lanes):
        q[B.bad + l] = s[TAKE_AT + T.live + l]
    for l in range(lanes):
        inside = (now >= q[B.start + l]) & (now <= q[B.end + l]) & (q[B.bad + l] > HALF)
        q[B.inside + l] = ONE if inside else ZERO
        q[B.seen + l] += q[B.inside + l]
        q[B.mask + l] = ZERO
        q[B.worst + l] = FAR


@block
def judge_rows(s, q, tally, lanes, rows, first, last):
    """All criteria of one beat on the tick's signals."""
    for i in range(first, last):
        signal, bit = int(rows[i, ROW_SIGNAL]) * LANES, i - first
        low, high, inverse = rows[i, ROW_LOW], rows[i, ROW_HIGH], rows[i, ROW_INVERSE]
        counts = ONE - rows[i, ROW_TREND]
        flag, weight = F(bit), F(1 << bit)
        for l in range(lanes):
            q[B.x + l] = s[signal + l]
        for l in range(lanes):
            x = q[B.x + l]
            margin = min((x - low) * inverse, (high - x) * inverse)
            bad = ZERO if margin > ZERO else counts
            worst = q[B.worst + l]
            # a margin that is no number is as bad as can be
            lower = (margin < worst) | ((bad > HALF) & (worst > ZERO))
            q[B.worst + l] = margin if lower else worst
            q[B.was + l] = flag if lower else q[B.was + l]
            q[B.mask + l] += bad * weight
            q[B.bad + l] = bad * q[B.inside + l]
        at = VIOLATED + bit * LANES
        for l in range(lanes):
            tally[at + l] += q[B.bad + l]


@block
def judge_window(q, tally, lanes, ring, slot, tick, allow, rows):
    """Slide one beat's window by a tick: violations leave and enter, holds are found, runs are counted.

    A tick outside the window weighs more than the allowance, so nothing before or after the window is forgiven.
    """
    now, at = F(tick), slot * LANES
    never = allow + ONE
    for l in range(lanes):
        q[B.old_mask + l] = ring[at + l]
    for l in range(lanes):
        inside = q[B.inside + l] > HALF
        mask = q[B.mask + l] if inside else OUTSIDE
        old = q[B.old_mask + l]
        bad = mask > HALF
        enters = (never if mask >= OUTSIDE else ONE) if bad else ZERO
        leaves = (never if old >= OUTSIDE else ONE) if old > HALF else ZERO
        count = q[B.count + l] + enters - leaves
        before, best = q[B.run + l], q[B.best_run + l]
        run = ZERO if bad else before + ONE
        better = run > best
        ended = bad & inside & (before == best)
        hit = (count <= allow) & inside & (q[B.held + l] < HALF)
        q[B.now_mask + l] = mask
        q[B.count + l] = count
        q[B.run + l] = run
        q[B.breaker + l] = q[B.was + l] if ended else q[B.breaker + l]
        q[B.best_run + l] = run if better else best
        q[B.best_end + l] = now if better else q[B.best_end + l]
        q[B.held_end + l] = now if hit else q[B.held_end + l]
        q[B.held + l] = ONE if hit else q[B.held + l]
    for l in range(lanes):
        ring[at + l] = q[B.now_mask + l]
    for bit in range(rows):
        weight, half = F(1 << bit), F(0.5 / (1 << bit))
        for l in range(lanes):
            # is anything but this bit set: the mask less the bit, where the bit is in it
            new, old = q[B.now_mask + l], q[B.old_mask + l]
            has_new = new * half - F(math.floor(new * half)) >= HALF
            has_old = old * half - F(math.floor(old * half)) >= HALF
            enters = ONE if new - (weight if has_new else ZERO) > HALF else ZERO
            enters = never if new >= OUTSIDE else enters
            leaves = ONE if old - (weight if has_old else ZERO) > HALF else ZERO
            leaves = never if old >= OUTSIDE else leaves
            q[B.bad + l] = enters - leaves
        w, h = WITHOUT + bit * LANES, HELD_WITHOUT + bit * LANES
        for l in range(lanes):
            tally[w + l] += q[B.bad + l]
        for l in range(lanes):
            q[B.x + l] = tally[w + l]
        for l in range(lanes):
            q[B.bad + l] = ONE if q[B.x + l] <= allow else ZERO
        for l in range(lanes):
            tally[h + l] = max(tally[h + l], q[B.bad + l])


@block
def judge_trend(s, q, lanes, tick, signal, start, stop, hold, allow):
    """A beat with a trend: from the start value or before it to the stop value or beyond, all else true between."""
    now = F(tick)
    grows = ONE if stop > start else -ONE
    at = signal * LANES
    for l in range(lanes):
        q[B.x + l] = s[at + l]
    for l in range(lanes):
        inside = q[B.inside + l] > HALF
        bad = (q[B.mask + l] > HALF) | (q[B.inside + l] < HALF)
        spoiled = q[B.spoiled + l] + (ONE if bad else ZERO)
        armed = q[B.armed + l]
        broken = (spoiled > allow) | (q[B.inside + l] < HALF)
        spoiled = ZERO if broken else spoiled
        armed = NEVER if broken else armed
        x = q[B.x + l]
        at_start = (grows * (x - start) <= ZERO) & (not broken) & (armed <= NEVER)
        armed = now if at_start else armed
        there = (grows * (x - stop) >= ZERO) & (armed > NEVER) & (now - armed >= hold) & inside
        q[B.armed + l], q[B.spoiled + l] = armed, spoiled
        q[B.trend_ok + l] = ONE if there else ZERO


@block
def judge_always(s, q, lanes, tick, start, stop):
    """A rule that must hold throughout, between two events."""
    now = F(tick)
    for l in range(lanes):
        on = event_lane(s, l, start) * (ONE - event_lane(s, l, stop)) * s[TAKE_AT + T.live + l]
        q[B.x + l] = on
    for l in range(lanes):
        on = q[B.x + l]
        bad = (q[B.mask + l] > HALF) & (on > HALF)
        first = bad & (q[B.lost + l] < HALF)
        q[B.breaker + l] = q[B.was + l] if first else q[B.breaker + l]
        q[B.best_end + l] = now if first else q[B.best_end + l]
        q[B.lost + l] = ONE if bad else q[B.lost + l]
        q[B.tail + l] += on
        q[B.held + l] = ONE if (q[B.tail + l] > HALF) & (q[B.lost + l] < HALF) else ZERO


@block
def judge_beat(s, q, tally, lanes, ring, tick, rows, beat):
    """One beat with a window on one tick."""
    first, last = int(beat[BEAT_FIRST]), int(beat[BEAT_LAST])
    hold, allow = beat[BEAT_HOLD], beat[BEAT_ALLOW]
    trend = -1
    for i in range(first, last):
        if rows[i, ROW_TREND] > HALF:
            trend = i
    if trend >= 0:
        for l in range(lanes):
            q[B.lost + l] = q[B.held + l]
            q[B.tail + l] = q[B.held_end + l]
    judge_window(q, tally, lanes, ring, tick % (int(hold) + 1), tick, allow, last - first)
    if trend >= 0:
        row = rows[trend]
        judge_trend(
            s, q, lanes, tick, int(row[ROW_SIGNAL]), row[ROW_TREND_FROM], row[ROW_TREND_TO], hold, allow
        )
        now, h = F(tick), HELD_WITHOUT + (trend - first) * LANES
        for l in range(lanes):
            # the window found a hold of all the rest: without the trend it would have been held
            tally[h + l] = max(tally[h + l], q[B.held + l])
        for l in range(lanes):
            hit = (q[B.trend_ok + l] > HALF) & (q[B.lost + l] < HALF)
            q[B.held + l] = ONE if hit else q[B.lost + l]
            q[B.held_end + l] = now if hit else q[B.tail + l]


@block
def judge_after(q, before, lanes, within):
    """Open the window of a beat that follows another: from the end of that one's earliest hold."""
    for l in range(lanes):
        q[B.x + l] = before[B.held + l]
        q[B.bad + l] = before[B.held_end + l]
    for l in range(lanes):
        held = q[B.x + l] > HALF
        q[B.start + l] = q[B.bad + l] if held else FAR
        q[B.end + l] = q[B.bad + l] + within if held else -FAR


@block
def judge_block(
    records, source, states, beat_states, tallies, rings, glass, outline, scene, rows, beats, curves, tick0, judged,
):  # fmt: skip
    """Judge a block of records.

    records (batch, ticks, fields, 16) f32; source (len(SEEN), 2) i64: where each seen field stands in a record, and
    where its coarse part does, -1 for none; states (batch, SIZE) f32; beat_states (batch, beats, ROOM) f32;
    tallies (batch, beats, TALLY) f32; rings (batch, beats, slots·16) f32; glass (G,) f32; outline (k, 3) f32, empty
    where no beat asks for the body; scene (SCENE,) f32, empty where all ask of the subject alone; rows (rows, 8) f32; beats (beats, 11) f32; curves (batch, ticks, signals, 16) f32,
    or with no ticks where nobody wants them; tick0: tick of the first record; judged: ticks of the block to judge.
    """
    g = glass
    optics = (
        g[G.focal], g[G.f_number], g[G.pupil_offset], g[G.datum_to_pupil], g[G.breathing], g[G.half_width],
        g[G.half_height], g[G.border], g[G.head_height],
    )  # fmt: skip
    mount = ((g[G.pivot_x], g[G.pivot_y], g[G.pivot_z]), (g[G.plane_x], g[G.plane_y], g[G.plane_z]))
    eyes, head = (g[G.eye_x], g[G.eye_y], g[G.eye_z]), (g[G.head_x], g[G.head_y], g[G.head_z])
    sun = (g[G.sun0], g[G.sun_t], g[G.sun_tt])
    stops = (g[G.stops0], g[G.stops1], g[G.stops2], g[G.stops3], g[G.stops4], g[G.stops5])
    light = (sun, stops, g[G.lifted_middle], g[G.lifted_half])
    for b in range(records.shape[0]):
        s = states[b]
        lanes = records.shape[3]
        for k in range(judged):
            tick = tick0 + k
            record = records[b, k]
            for i in range(source.shape[0]):
                fine, coarse = source[i, 0], source[i, 1]
                for l in range(lanes):
                    s[M + i * LANES + l] = record[fine, l]
                if coarse >= 0:
                    for l in range(lanes):
                        s[M + i * LANES + l] += record[coarse, l]
            judge_signals(s, lanes, optics, mount, eyes, head, light)
            judge_outline(s, lanes, optics, outline)
            if scene.shape[0] > 0:
                judge_around(s, lanes, optics, mount, eyes, head, light, scene)
            judge_take(s, lanes, g[G.circle], g[G.to_landing])
            for i in range(beats.shape[0]):
                beat, q, tally = beats[i], beat_states[b, i], tallies[b, i]
                after = int(beat[BEAT_AFTER])
                if after >= 0:
                    judge_after(q, beat_states[b, after], lanes, beat[BEAT_WITHIN])
                judge_gate(s, q, lanes, tick)
                judge_rows(s, q, tally, lanes, rows, int(beat[BEAT_FIRST]), int(beat[BEAT_LAST]))
                if beat[BEAT_ALWAYS] > HALF:
                    judge_always(s, q, lanes, tick, beat[BEAT_FROM], beat[BEAT_TO])
                else:
                    judge_beat(s, q, tally, lanes, rings[b, i], tick, rows, beat)
            if curves.shape[1] > 0:
                for i in range(N_SIGNALS):
                    for l in range(lanes):
                        curves[b, k, i, l] = s[i * LANES + l]
