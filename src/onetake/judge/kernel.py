"""The judge's scan: records of 16 takes to signals, signals to beats, as the records come.

`judge_block` scans a block of records and carries its state, so a take may be judged while it is flown. A beat is
held when, inside its window, `hold` seconds pass of which no more than `allow` violate any of its criteria.
"""

from __future__ import annotations

import math

import numpy as np

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
    TICK_S,
    VIOLATED,
    WITHOUT,
    B,
    E,
    G,
    T,
    X,
    Y,
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
    part,
    plus,
    sine,
)
from onetake.lens.kernel import blur_m, breathing_distance_m, edge_margin, height_share, picture
from onetake.weather.kernel import DIP, above_visible_horizon, lifted_rad

N_SIGNALS = len(SIGNALS)
FAR = F(1e9)
NEVER = F(NEVER_ARMED)
DT = F(TICK_S)
BODY_ROOM = F(X.body_room)
RECORD_AT = N_SIGNALS * LANES  # the record comes after the signals
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


# One function a field, each with its place written out: a place that is handed over as an argument keeps the loop scalar.
@lane
def operator_axes(s, l):
    """Forward, left and up of the operator in ENU."""
    return axes((s[Y.A_qw + l], s[Y.A_qx + l], s[Y.A_qy + l], s[Y.A_qz + l]))


@lane
def subject_axes(s, l):
    """Forward, left and up of the subject in ENU."""
    return axes((s[Y.B_qw + l], s[Y.B_qx + l], s[Y.B_qy + l], s[Y.B_qz + l]))


@lane
def operator_turning(s, l):
    """Turn rate of the operator, body axes."""
    return s[Y.A_wx + l], s[Y.A_wy + l], s[Y.A_wz + l]


@lane
def subject_turning(s, l):
    """Turn rate of the subject, body axes."""
    return s[Y.B_wx + l], s[Y.B_wy + l], s[Y.B_wz + l]


@lane
def apart(s, l):
    """The subject's place less the operator's."""
    return s[Y.rx + l], s[Y.ry + l], s[Y.rz + l]


@lane
def parting(s, l):
    """The subject's velocity less the operator's."""
    return s[Y.ux + l], s[Y.uy + l], s[Y.uz + l]


@lane
def operator_place(s, l):
    """Where the operator is."""
    return s[Y.east + l], s[Y.north + l], s[Y.up + l]


@lane
def operator_moving(s, l):
    """The operator's velocity."""
    return s[Y.A_vx + l], s[Y.A_vy + l], s[Y.A_vz + l]


@lane
def lens_of(s, l, body, mount):
    """Camera axes (forward, left, up) in ENU, and the image plane's place in the operator's body axes."""
    head = neck(s[Y.yaw + l], s[Y.pitch + l])
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
    f1, f2 = operator_axes(s, l), subject_axes(s, l)
    w1, w2 = operator_turning(s, l), subject_turning(s, l)
    r, u = apart(s, l), parting(s, l)
    camera, lens = lens_of(s, l, f1, mount)
    seen = plus(r, minus(out_of(f2, eyes), out_of(f1, lens)))
    drift = plus(u, minus(out_of(f2, cross(w2, eyes)), out_of(f1, cross(w1, lens))))
    distance = length(seen)
    toward = in_camera(camera, seen)
    pupil = (toward[0], toward[1], toward[2] - glass[2])
    middle = in_camera(camera, plus(seen, out_of(f2, minus(head, eyes))))
    middle = (middle[0], middle[1], middle[2] - glass[2])
    focus = s[Y.focus + l] - glass[3]
    image = breathing_distance_m(focus, glass[0], glass[4])
    share = height_share(glass[8], middle[2], image, glass[6])
    ex, ey = picture(pupil, image, glass[5], glass[6])
    hx, hy = picture(middle, image, glass[5], glass[6])
    circle = edge_margin(hx, hy, share * glass[6] / glass[5], share, glass[7])
    eye_room = edge_margin(ex, ey, ZERO, ZERO, glass[7])
    up_1 = s[Y.up + l]
    up_2 = up_1 + r[2]
    t = s[Y.time + l]
    elevation = sun_at(light[0], t)
    high, low = math.sqrt(max(max(up_1, up_2), ZERO)), math.sqrt(max(min(up_1, up_2), ZERO))
    forward = (s[T.forward_x + l], s[T.forward_y + l], s[T.forward_z + l])
    step = t - s[T.last_time + l]
    turned = length(minus(camera[0], forward)) / max(step, DT)
    moving = ONE if step > HALF * DT else ZERO
    old = s[X.steady_rad_s + l]
    s[X.range_m + l] = distance
    s[X.depth_m + l] = toward[2]
    s[X.blur_m + l] = blur_m(pupil[2], focus, glass[0], glass[1])
    s[X.face_room + l] = min(circle, eye_room)
    s[X.size_share + l] = share
    # the face looks along the body's forward axis; 0 is straight into the lens
    s[X.facing_rad + l] = angle(-dot(f2[0], seen) / (distance + TINY))
    s[X.level_m + l] = seen[2]
    s[X.closing_m_s + l] = -dot(seen, drift) / (distance + TINY)
    s[X.separation_m + l] = length(r)
    s[X.clearance_m + l] = s[Y.clearance + l]
    s[X.exposure_stops + l] = stops_at(
        light[1], light[2], light[3], lifted_rad(elevation, math.sqrt(max(up_2, ZERO)))
    )
    s[X.height_agl_m + l] = up_2
    s[X.sun_low_rad + l] = above_visible_horizon(elevation, low)
    s[X.sun_high_rad + l] = above_visible_horizon(elevation, high)
    s[X.fall_rate_m_s + l] = -(s[Y.A_vz + l] + u[2])
    s[X.steady_rad_s + l] = turned if moving > HALF else old
    s[X.horizon_rad + l] = abs(HALF_PI - angle(camera[1][2]))
    s[T.forward_x + l], s[T.forward_y + l], s[T.forward_z + l] = camera[0]
    s[T.last_time + l] = t
    s[X.body_room + l] = FAR
    # the subject's axes and place in camera axes, for the points of the outline
    for_x, for_y, for_z = in_camera(camera, f2[0]), in_camera(camera, f2[1]), in_camera(camera, f2[2])
    s[T.m00 + l], s[T.m10 + l], s[T.m20 + l] = for_x
    s[T.m01 + l], s[T.m11 + l], s[T.m21 + l] = for_y
    s[T.m02 + l], s[T.m12 + l], s[T.m22 + l] = for_z
    centre = in_camera(camera, minus(r, out_of(f1, lens)))
    s[T.o0 + l], s[T.o1 + l], s[T.o2 + l] = (
        centre[0],
        centre[1],
        centre[2] - glass[2],
    )
    s[T.image + l] = image


@lane
def outline_lane(s, l, glass, point):
    """Fold one point of the subject's outline into the room that the whole body has in the picture."""
    x, y, z = point
    right = s[T.o0 + l] + x * s[T.m00 + l] + y * s[T.m01 + l] + z * s[T.m02 + l]
    down = s[T.o1 + l] + x * s[T.m10 + l] + y * s[T.m11 + l] + z * s[T.m12 + l]
    ahead = s[T.o2 + l] + x * s[T.m20 + l] + y * s[T.m21 + l] + z * s[T.m22 + l]
    px, py = picture((right, down, ahead), s[T.image + l], glass[5], glass[6])
    room = edge_margin(px, py, ZERO, ZERO, ZERO)
    least = s[X.body_room + l]
    s[X.body_room + l] = room if not room > least else least


@lane
def aircraft_lane(s, l, glass, mount, eyes, place, speed):
    """What the aircraft is to the lens and to the subject. place, speed: its exit at t = 0 and its velocity, ENU.

    It flies on straight and level. Who has just left stands where the exit is.
    """
    f1, f2 = operator_axes(s, l), subject_axes(s, l)
    camera, lens = lens_of(s, l, f1, mount)
    r, moved = apart(s, l), operator_moving(s, l)
    away = minus(along(place, s[Y.time + l], speed), operator_place(s, l))
    seen = minus(away, out_of(f1, lens))
    drift = minus(minus(speed, moved), out_of(f1, cross(operator_turning(s, l), lens)))
    distance = length(seen)
    toward = in_camera(camera, seen)
    pupil = (toward[0], toward[1], toward[2] - glass[2])
    focus = s[Y.focus + l] - glass[3]
    x, y = picture(pupil, breathing_distance_m(focus, glass[0], glass[4]), glass[5], glass[6])
    from_eyes = minus(minus(away, r), out_of(f2, eyes))
    s[X.aircraft_range_m + l] = distance
    s[X.aircraft_level_m + l] = seen[2]
    s[X.aircraft_closing_m_s + l] = -dot(seen, drift) / (distance + TINY)
    s[X.aircraft_separation_m + l] = min(length(away), length(minus(away, r)))
    s[X.aircraft_facing_rad + l] = angle(dot(f2[0], from_eyes) / (length(from_eyes) + TINY))
    s[X.aircraft_room + l] = edge_margin(x, y, ZERO, ZERO, ZERO)
    s[X.aircraft_blur_m + l] = blur_m(pupil[2], focus, glass[0], glass[1])


@lane
def sky_lane(s, l, glass, mount, head, elevation, sun):
    """What the sun and the visible horizon are to the lens and to the face.

    elevation: of the sun, as a parabola in time; sun: (east, its change a second, north, its change) of the level
    bearing. The sun is seen through the air from the operator's height.
    """
    f1, f2 = operator_axes(s, l), subject_axes(s, l)
    camera, lens = lens_of(s, l, f1, mount)
    t = s[Y.time + l]
    root = math.sqrt(max(s[Y.up + l], ZERO))
    low = DIP * root
    above = above_visible_horizon(sun_at(elevation, t), root)
    high = clip(above - low, -HALF_PI, HALF_PI)
    level = cosine(high)
    there = (level * (sun[0] + sun[1] * t), level * (sun[2] + sun[3] * t), sine(high))
    focus = s[Y.focus + l] - glass[3]
    image = breathing_distance_m(focus, glass[0], glass[4])
    x, y = picture(in_camera(camera, there), image, glass[5], glass[6])
    middle = in_camera(camera, plus(apart(s, l), minus(out_of(f2, head), out_of(f1, lens))))
    middle = (middle[0], middle[1], middle[2] - glass[2])
    hx, hy = picture(middle, image, glass[5], glass[6])
    share = height_share(glass[8], middle[2], image, glass[6])
    wide, tall = glass[5] / image, glass[6] / image
    across, down = (x - hx) * glass[5] / glass[6], y - hy
    hidden = share - math.sqrt(across * across + down * down)
    half = bearing(tall, ONE)
    # a sun that has set is in no picture
    risen = above / half
    s[X.sun_facing_rad + l] = angle(dot(f2[0], there))
    s[X.sun_room + l] = lesser(edge_margin(x, y, ZERO, ZERO, ZERO), risen)
    s[X.sun_hidden_room + l] = lesser(hidden, risen)
    # of the picture's corners the highest must be above the horizon and the lowest below it
    size = math.sqrt(ONE + wide * wide + tall * tall)
    right, left = -wide * camera[1][2], wide * camera[1][2]
    middle_up, up = camera[0][2], tall * abs(camera[2][2])
    highest = (middle_up + max(right, left) + up) / size
    lowest = (middle_up + min(right, left) - up) / size
    s[X.skyline_room + l] = lesser(HALF_PI - angle(highest) + low, angle(lowest) - HALF_PI - low) / half
    s[X.skyline_facing_rad + l] = abs(HALF_PI - angle(f2[0][2]))
    s[X.skyline_blur_m + l] = blur_m(FAR, focus, glass[0], glass[1])


@lane
def event_lane(s, l, event):
    """1 once an event has happened: first exit, last exit, break-off, first pull, opening, landing.

    What is not said to be the first is the last: both parachutes open, both on the ground.
    """
    a, b = s[Y.A_phase + l], s[Y.B_phase + l]
    first, last = max(a, b), min(a, b)
    told = first if event < HALF else last
    limit = F(0.5)
    told = first if (event > F(2.5)) & (event < F(3.5)) else told
    limit = F(1.5) if (event > F(2.5)) & (event < F(3.5)) else limit
    limit = F(2.5) if (event > F(3.5)) & (event < F(4.5)) else limit
    limit = F(3.5) if event > F(4.5) else limit
    happened = ONE if told > limit else ZERO
    broke = s[Y.broke + l]
    return broke if (event > F(1.5)) & (event < F(2.5)) else happened


@part
def runs_of(source):
    """Runs of fields that stand as they are seen in the record too, (k, 3): first seen, first in the record, how many.

    Counted in numbers of a lane; without a sign, so that no index is looked at from the end and the copy is wide.
    """
    runs, k = np.zeros((source.shape[0], 3), np.uint64), 0
    for i in range(source.shape[0]):
        if i == 0 or source[i, 0] != source[i - 1, 0] + 1:
            runs[k, 0], runs[k, 1] = RECORD_AT + i * LANES, source[i, 0] * LANES
            k += 1
        runs[k - 1, 2] += np.uint64(LANES)
    return runs[:k]


@part
def judge_see(s, lanes, record, source, runs):
    """Copy what is seen of a tick, and add the coarse part of what has one."""
    for k in range(runs.shape[0]):
        seen, told = runs[k, 0], runs[k, 1]
        for i in range(runs[k, 2]):
            s[seen + i] = record[told + i]
    for i in range(source.shape[0]):
        if source[i, 1] >= 0:
            coarse = np.uint64(source[i, 1] * LANES)
            for l in range(np.uint64(lanes)):
                s[np.uint64(RECORD_AT + i * LANES) + l] += record[coarse + l]


@part
def judge_signals(s, lanes, optics, mount, eyes, head, light):
    """Signals of one tick in every lane."""
    for l in range(lanes):
        signals_lane(s, l, optics, mount, eyes, head, light)


@part
def judge_outline(s, lanes, optics, outline):
    """The room of the whole body, point by point."""
    for i in range(outline.shape[0]):
        point = (outline[i, 0], outline[i, 1], outline[i, 2])
        for l in range(lanes):
            outline_lane(s, l, optics, point)


@part
def asks_body(rows, first, last):
    """Whether a row of a beat asks for the room of the whole body."""
    asks = False
    for i in range(first, last):
        asks = asks | (rows[i, ROW_SIGNAL] == BODY_ROOM)
    return asks


@part
def judge_around(s, lanes, optics, mount, eyes, head, light, scene):
    """Signals of the aircraft, the sun and the horizon in every lane."""
    place = (scene[E.exit_east], scene[E.exit_north], scene[E.exit_up])
    speed = (scene[E.speed_east], scene[E.speed_north], ZERO)
    sun = (scene[E.sun_east], scene[E.sun_east_t], scene[E.sun_north], scene[E.sun_north_t])
    for l in range(lanes):
        aircraft_lane(s, l, optics, mount, eyes, place, speed)
    for l in range(lanes):
        sky_lane(s, l, optics, mount, head, light[0], sun)


@part
def judge_take(s, lanes, circle, to_landing):
    """What is kept of the whole take: closest range once both have been out for 5 s, and time in focus.

    A lane is live until the take ended or both parachutes are open (to the landing where a rule asks for it).
    """
    for l in range(lanes):
        a, b = s[Y.A_phase + l], s[Y.B_phase + l]
        flying = max(F(2.5) - min(a, b), to_landing)
        live = ONE if (flying > ZERO) & (s[Y.ending + l] < HALF) else ZERO
        s[T.live + l] = live
        free = live * (ONE if (min(a, b) > HALF) & (a + b < F(2.5)) else ZERO)
        distance = s[X.range_m + l]
        near = (free > HALF) & (s[T.exits + l] > F(125.0)) & (distance < s[T.closest + l])
        s[T.closest + l] = distance if near else s[T.closest + l]
        sharp = (s[X.blur_m + l] <= circle) & (s[X.face_room + l] > ZERO)
        s[T.in_focus + l] += free * (DT if sharp else ZERO)
        s[T.exits + l] += free


@part
def judge_gate(s, q, lanes, tick):
    """Open a beat's tick: is it inside the beat's window, and is the lane live. Returns whether any lane is."""
    now, inside = F(tick), ZERO
    for l in range(lanes):
        q[B.bad + l] = s[T.live + l]
    for l in range(lanes):
        within = (now >= q[B.start + l]) & (now <= q[B.end + l]) & (q[B.bad + l] > HALF)
        q[B.inside + l] = ONE if within else ZERO
        q[B.seen + l] += q[B.inside + l]
        q[B.mask + l] = ZERO
        q[B.worst + l] = FAR
    for l in range(lanes):
        inside += q[B.inside + l]
    return inside > HALF


@lane
def row_lane(q, told, violated, l, low, high, inverse, counts, flag, weight):
    """One criterion on one tick: its margin in tolerances, and the bit of the mask that says it is violated."""
    x = told[l]
    margin = min((x - low) * inverse, (high - x) * inverse)
    bad = ZERO if margin > ZERO else counts
    worst, was = q[B.worst + l], q[B.was + l]
    # a margin that is no number is as bad as can be
    lower = (margin < worst) | ((bad > HALF) & (worst > ZERO))
    q[B.worst + l] = margin if lower else worst
    q[B.was + l] = flag if lower else was
    q[B.mask + l] += bad * weight
    violated[l] += bad * q[B.inside + l]


@part
def judge_rows(s, q, tally, lanes, rows, first, last):
    """All criteria of one beat on the tick's signals."""
    for i in range(first, last):
        bit, signal = i - first, int(rows[i, ROW_SIGNAL])
        told, at = s[signal : signal + LANES], VIOLATED + bit * LANES
        violated = tally[at : at + LANES]
        low, high, inverse = rows[i, ROW_LOW], rows[i, ROW_HIGH], rows[i, ROW_INVERSE]
        counts, flag, weight = ONE - rows[i, ROW_TREND], F(bit), F(1 << bit)
        for l in range(lanes):
            row_lane(q, told, violated, l, low, high, inverse, counts, flag, weight)


@lane
def window_lane(q, slot, l, now, allow, never):
    """Slide a beat's window by a tick in one lane: violations leave and enter, holds are found, runs are counted."""
    inside = q[B.inside + l] > HALF
    mask = q[B.mask + l] if inside else OUTSIDE
    old = slot[l]
    bad = mask > HALF
    enters = (never if mask >= OUTSIDE else ONE) if bad else ZERO
    leaves = (never if old >= OUTSIDE else ONE) if old > HALF else ZERO
    count = q[B.count + l] + enters - leaves
    before, best = q[B.run + l], q[B.best_run + l]
    breaker, was, best_end = q[B.breaker + l], q[B.was + l], q[B.best_end + l]
    held, held_end = q[B.held + l], q[B.held_end + l]
    run = ZERO if bad else before + ONE
    better = run > best
    ended = bad & inside & (before == best)
    hit = (count <= allow) & inside & (held < HALF)
    q[B.now_mask + l] = mask
    q[B.old_mask + l] = old
    q[B.count + l] = count
    q[B.run + l] = run
    q[B.breaker + l] = was if ended else breaker
    q[B.best_run + l] = run if better else best
    q[B.best_end + l] = now if better else best_end
    q[B.held_end + l] = now if hit else held_end
    q[B.held + l] = ONE if hit else held
    slot[l] = mask


@lane
def without_lane(q, window, held, l, weight, half, allow, never):
    """The same window if one criterion did not matter: its violations, and whether they ever were few enough."""
    new, old = q[B.now_mask + l], q[B.old_mask + l]
    # is anything but this bit set: the mask less the bit, where the bit is in it
    has_new = new * half - F(np.int32(new * half)) >= HALF
    has_old = old * half - F(np.int32(old * half)) >= HALF
    enters = ONE if new - (weight if has_new else ZERO) > HALF else ZERO
    enters = never if new >= OUTSIDE else enters
    leaves = ONE if old - (weight if has_old else ZERO) > HALF else ZERO
    leaves = never if old >= OUTSIDE else leaves
    count = window[l] + enters - leaves
    window[l] = count
    held[l] = max(held[l], ONE if count <= allow else ZERO)


@part
def judge_window(q, tally, lanes, ring, slot, tick, allow, rows):
    """Slide one beat's window by a tick, for all its criteria and for all but each.

    A tick outside the window weighs more than the allowance, so nothing before or after the window is forgiven.
    """
    now, never = F(tick), allow + ONE
    old = ring[slot * LANES : (slot + 1) * LANES]
    for l in range(lanes):
        window_lane(q, old, l, now, allow, never)
    for bit in range(rows):
        weight = F(1 << bit)
        half = HALF / weight
        w, h = WITHOUT + bit * LANES, HELD_WITHOUT + bit * LANES
        window, held = tally[w : w + LANES], tally[h : h + LANES]
        for l in range(lanes):
            without_lane(q, window, held, l, weight, half, allow, never)


@part
def judge_trend(s, q, lanes, tick, signal, start, stop, hold, allow):
    """A beat with a trend: from the start value or before it to the stop value or beyond, all else true between."""
    now = F(tick)
    grows = ONE if stop > start else -ONE
    for l in range(lanes):
        q[B.x + l] = s[signal + l]
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


@part
def judge_on(s, q, lanes, start, stop):
    """Where a rule that always holds is on, between two events. Returns whether it is on in any lane."""
    on = ZERO
    for l in range(lanes):
        q[B.on + l] = event_lane(s, l, start) * (ONE - event_lane(s, l, stop)) * s[T.live + l]
    for l in range(lanes):
        on += q[B.on + l]
    return on > HALF


@part
def judge_always(q, lanes, tick):
    """A rule that must hold throughout, where it is on."""
    now = F(tick)
    for l in range(lanes):
        on, lost, was = q[B.on + l], q[B.lost + l], q[B.was + l]
        breaker, best_end = q[B.breaker + l], q[B.best_end + l]
        bad = (q[B.mask + l] > HALF) & (on > HALF)
        first = bad & (lost < HALF)
        lost = ONE if bad else lost
        tail = q[B.tail + l] + on
        q[B.breaker + l] = was if first else breaker
        q[B.best_end + l] = now if first else best_end
        q[B.lost + l] = lost
        q[B.tail + l] = tail
        q[B.held + l] = ONE if (tail > HALF) & (lost < HALF) else ZERO


@part
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


@part
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

    records (batch, ticks, fields·16) f32; source (len(SEEN), 2) i64: where each seen field stands in a record, and
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
    runs = runs_of(source)
    for b in range(records.shape[0]):
        s = states[b]
        lanes = curves.shape[3]  # a runtime count, as in flight
        for k in range(judged):
            tick = tick0 + k
            judge_see(s, lanes, records[b, k], source, runs)
            judge_signals(s, lanes, optics, mount, eyes, head, light)
            outlined = curves.shape[1] > 0
            if outlined:
                judge_outline(s, lanes, optics, outline)
            if scene.shape[0] > 0:
                judge_around(s, lanes, optics, mount, eyes, head, light, scene)
            judge_take(s, lanes, g[G.circle], g[G.to_landing])
            for i in range(beats.shape[0]):
                beat, q, tally = beats[i], beat_states[b, i], tallies[b, i]
                after = int(beat[BEAT_AFTER])
                if after >= 0:
                    judge_after(q, beat_states[b, after], lanes, beat[BEAT_WITHIN])
                open_now = judge_gate(s, q, lanes, tick)
                if beat[BEAT_ALWAYS] > HALF:
                    open_now = judge_on(s, q, lanes, beat[BEAT_FROM], beat[BEAT_TO])
                # a window that nobody has been in since it was last full of ticks outside it stays as it is
                q[B.idle] = ZERO if open_now else q[B.idle] + ONE
                if q[B.idle] > beat[BEAT_HOLD] + ONE:
                    continue
                first, last = int(beat[BEAT_FIRST]), int(beat[BEAT_LAST])
                # the whole body costs as much as all the rest, so it is looked at when a beat asks for it
                if (not outlined) & asks_body(rows, first, last):
                    judge_outline(s, lanes, optics, outline)
                    outlined = True
                judge_rows(s, q, tally, lanes, rows, first, last)
                if beat[BEAT_ALWAYS] > HALF:
                    judge_always(q, lanes, tick)
                else:
                    judge_beat(s, q, tally, lanes, rings[b, i], tick, rows, beat)
            if curves.shape[1] > 0:
                for i in range(N_SIGNALS):
                    for l in range(lanes):
                        curves[b, k, i, l] = s[i * LANES + l]
