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
    BEATS_AT,
    HELD_WITHOUT,
    LANES,
    ROOM,
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
    G,
    J,
    T,
    X,
)
from onetake.kernel import (
    HALF,
    HALF_PI,
    ONE,
    TINY,
    ZERO,
    F,
    axes,
    bearing,
    block,
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

N_SIGNALS = len(SIGNALS)
FAR = F(1e9)
DT = F(TICK_S)
OUTSIDE = np.int32(1 << 30)  # the violation bit of a tick outside the beat's window


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
def polynomial(c, t, h):
    """Second-order surface in time and root of height."""
    return c[0] + t * (c[1] + t * c[3] + h * c[4]) + h * (c[2] + h * c[5])


@lane
def signals_lane(s, m, l, glass, mount, eyes, head, light):
    """All signals of one tick in one lane.

    s: signals then the record then the take's fields, one flat array (so that the loop vectorises); m: where the
    record begins. glass: (focal, f-number, pupil offset, datum to pupil, breathing, half width, half height, border,
    head height); light: the sun's and the exposure's surfaces.
    """
    f1 = axes(
        (
            s[m + J.A_qw * LANES + l],
            s[m + J.A_qx * LANES + l],
            s[m + J.A_qy * LANES + l],
            s[m + J.A_qz * LANES + l],
        )
    )
    f2 = axes(
        (
            s[m + J.B_qw * LANES + l],
            s[m + J.B_qx * LANES + l],
            s[m + J.B_qy * LANES + l],
            s[m + J.B_qz * LANES + l],
        )
    )
    w1 = (s[m + J.A_wx * LANES + l], s[m + J.A_wy * LANES + l], s[m + J.A_wz * LANES + l])
    w2 = (s[m + J.B_wx * LANES + l], s[m + J.B_wy * LANES + l], s[m + J.B_wz * LANES + l])
    r = (s[m + J.rx * LANES + l], s[m + J.ry * LANES + l], s[m + J.rz * LANES + l])
    u = (s[m + J.ux * LANES + l], s[m + J.uy * LANES + l], s[m + J.uz * LANES + l])
    body = neck(s[m + J.yaw * LANES + l], s[m + J.pitch * LANES + l])
    lens = plus(mount[0], out_of(body, mount[1]))
    camera = (out_of(f1, body[0]), out_of(f1, body[1]), out_of(f1, body[2]))
    seen = plus(r, minus(out_of(f2, eyes), out_of(f1, lens)))
    drift = plus(u, minus(out_of(f2, cross(w2, eyes)), out_of(f1, cross(w1, lens))))
    distance = length(seen)
    toward = in_camera(camera, seen)
    pupil = (toward[0], toward[1], toward[2] - glass[2])
    middle = in_camera(camera, plus(seen, out_of(f2, minus(head, eyes))))
    middle = (middle[0], middle[1], middle[2] - glass[2])
    focus = s[m + J.focus * LANES + l] - glass[3]
    image = breathing_distance_m(focus, glass[0], glass[4])
    share = height_share(glass[8], middle[2], image, glass[6])
    ex, ey = picture(pupil, image, glass[5], glass[6])
    hx, hy = picture(middle, image, glass[5], glass[6])
    circle = edge_margin(hx, hy, share * glass[6] / glass[5], share, glass[7])
    eye_room = edge_margin(ex, ey, ZERO, ZERO, glass[7])
    # the face looks along the body's forward axis; 0 is straight into the lens
    cosine_facing = -dot(f2[0], seen) / (distance + TINY)
    sine_facing = math.sqrt(max(ONE - cosine_facing * cosine_facing, ZERO))
    up_1 = s[m + J.up * LANES + l]
    up_2 = up_1 + r[2]
    t = s[m + J.time * LANES + l]
    high, low = math.sqrt(max(max(up_1, up_2), ZERO)), math.sqrt(max(min(up_1, up_2), ZERO))
    take = TAKE_AT
    forward = (s[take + T.forward_x + l], s[take + T.forward_y + l], s[take + T.forward_z + l])
    step = t - s[take + T.last_time + l]
    turned = length(minus(camera[0], forward)) / max(step, DT)
    moving = ONE if step > HALF * DT else ZERO
    old = s[X.steady_rad_s * LANES + l]
    s[X.range_m * LANES + l] = distance
    s[X.depth_m * LANES + l] = toward[2]
    s[X.blur_m * LANES + l] = blur_m(pupil[2], focus, glass[0], glass[1])
    s[X.face_room * LANES + l] = min(circle, eye_room)
    s[X.size_share * LANES + l] = share
    s[X.facing_rad * LANES + l] = bearing(sine_facing, cosine_facing)
    s[X.level_m * LANES + l] = seen[2]
    s[X.closing_m_s * LANES + l] = -dot(seen, drift) / (distance + TINY)
    s[X.separation_m * LANES + l] = length(r)
    s[X.clearance_m * LANES + l] = s[m + J.clearance * LANES + l]
    s[X.exposure_stops * LANES + l] = polynomial(light[1], t, math.sqrt(max(up_2, ZERO)))
    s[X.height_agl_m * LANES + l] = up_2
    s[X.sun_low_rad * LANES + l] = polynomial(light[0], t, low)
    s[X.sun_high_rad * LANES + l] = polynomial(light[0], t, high)
    s[X.fall_rate_m_s * LANES + l] = -(s[m + J.A_vz * LANES + l] + u[2])
    s[X.steady_rad_s * LANES + l] = turned if moving > HALF else old
    s[X.horizon_rad * LANES + l] = abs(
        HALF_PI - bearing(math.sqrt(max(ONE - camera[1][2] * camera[1][2], ZERO)), camera[1][2])
    )
    s[take + T.forward_x + l], s[take + T.forward_y + l], s[take + T.forward_z + l] = camera[0]
    s[take + T.last_time + l] = t
    s[X.body_room * LANES + l] = FAR


@lane
def outline_lane(s, m, l, glass, mount, point):
    """Fold one point of the subject's outline into the room that the whole body has in the picture."""
    f1 = axes(
        (
            s[m + J.A_qw * LANES + l],
            s[m + J.A_qx * LANES + l],
            s[m + J.A_qy * LANES + l],
            s[m + J.A_qz * LANES + l],
        )
    )
    f2 = axes(
        (
            s[m + J.B_qw * LANES + l],
            s[m + J.B_qx * LANES + l],
            s[m + J.B_qy * LANES + l],
            s[m + J.B_qz * LANES + l],
        )
    )
    r = (s[m + J.rx * LANES + l], s[m + J.ry * LANES + l], s[m + J.rz * LANES + l])
    body = neck(s[m + J.yaw * LANES + l], s[m + J.pitch * LANES + l])
    lens = plus(mount[0], out_of(body, mount[1]))
    camera = (out_of(f1, body[0]), out_of(f1, body[1]), out_of(f1, body[2]))
    seen = in_camera(camera, plus(r, minus(out_of(f2, point), out_of(f1, lens))))
    focus = s[m + J.focus * LANES + l] - glass[3]
    image = breathing_distance_m(focus, glass[0], glass[4])
    x, y = picture((seen[0], seen[1], seen[2] - glass[2]), image, glass[5], glass[6])
    room = edge_margin(x, y, ZERO, ZERO, ZERO)
    least = s[X.body_room * LANES + l]
    s[X.body_room * LANES + l] = room if not room > least else least


@lane
def event_lane(s, m, l, event):
    """1 once an event has happened: first exit, last exit, break-off, first pull, opening, landing."""
    a, b = s[m + J.A_phase * LANES + l], s[m + J.B_phase * LANES + l]
    first, last = max(a, b), min(a, b)
    told = first if event < HALF else last
    limit = F(0.5)
    told = first if (event > F(2.5)) & (event < F(4.5)) else told
    limit = F(1.5) if (event > F(2.5)) & (event < F(3.5)) else limit
    limit = F(2.5) if (event > F(3.5)) & (event < F(4.5)) else limit
    limit = F(3.5) if event > F(4.5) else limit
    happened = ONE if told > limit else ZERO
    broke = s[m + J.broke * LANES + l]
    return broke if (event > F(1.5)) & (event < F(2.5)) else happened


@block
def judge_rows(s, q, lanes, rows, first, last):
    """All criteria of one beat on the tick's signals."""
    for l in range(lanes):
        s[q + B.mask + l] = ZERO
        s[q + B.worst + l] = FAR
    for i in range(first, last):
        signal, bit = int(rows[i, ROW_SIGNAL]), i - first
        low, high, inverse, trend = (
            rows[i, ROW_LOW],
            rows[i, ROW_HIGH],
            rows[i, ROW_INVERSE],
            rows[i, ROW_TREND],
        )
        for l in range(lanes):
            x = s[signal * LANES + l]
            margin = min((x - low) * inverse, (high - x) * inverse)
            ok = margin > ZERO
            worst = s[q + B.worst + l]
            lower = (margin < worst) | (not ok and worst > ZERO)
            s[q + B.worst + l] = margin if lower else worst
            s[q + B.was + l] = F(bit) if lower else s[q + B.was + l]
            bad = ZERO if ok or trend > HALF else ONE
            s[q + B.mask + l] += bad * F(1 << bit)
            s[q + VIOLATED + bit * LANES + l] += bad


@block
def judge_window(s, q, lanes, ring, slot, tick, allow, first, last):
    """Slide one beat's window by a tick: violations leave and enter, holds are found, runs are counted."""
    now = F(tick)
    for l in range(lanes):
        inside = (now >= s[q + B.start + l]) & (now <= s[q + B.end + l])
        s[q + B.seen + l] += ONE if inside else ZERO
        bad = (s[q + B.mask + l] > HALF) | (not inside)
        old = ring[slot * LANES + l]
        was = ONE if old != 0 else ZERO
        s[q + B.count + l] += (ONE if bad else ZERO) - was
        run = ZERO if bad else s[q + B.run + l] + ONE
        better = run > s[q + B.best_run + l]
        ended = (not better) & (s[q + B.run + l] == s[q + B.best_run + l]) & bad & inside
        s[q + B.breaker + l] = s[q + B.was + l] if ended else s[q + B.breaker + l]
        s[q + B.best_run + l] = run if better else s[q + B.best_run + l]
        s[q + B.best_end + l] = now if better else s[q + B.best_end + l]
        s[q + B.run + l] = run
        hit = (s[q + B.count + l] <= allow) & inside & (s[q + B.held + l] < HALF)
        s[q + B.held_end + l] = now if hit else s[q + B.held_end + l]
        s[q + B.held + l] = ONE if hit else s[q + B.held + l]
    for bit in range(last - first):
        weight = np.int32(1 << bit)
        for l in range(lanes):
            inside = (now >= s[q + B.start + l]) & (now <= s[q + B.end + l])
            mask = np.int32(s[q + B.mask + l]) if inside else OUTSIDE
            old = ring[slot * LANES + l]
            enters = ONE if (mask & ~weight) != 0 else ZERO
            leaves = ONE if (old & ~weight) != 0 else ZERO
            s[q + WITHOUT + bit * LANES + l] += enters - leaves
            hit = s[q + WITHOUT + bit * LANES + l] <= allow
            s[q + HELD_WITHOUT + bit * LANES + l] = ONE if hit else s[q + HELD_WITHOUT + bit * LANES + l]
    for l in range(lanes):
        inside = (now >= s[q + B.start + l]) & (now <= s[q + B.end + l])
        ring[slot * LANES + l] = np.int32(s[q + B.mask + l]) if inside else OUTSIDE


@block
def judge_trend(s, q, lanes, tick, signal, start, stop, hold, allow):
    """A beat with a trend: from the start value or before it to the stop value or beyond, all else true between."""
    now = F(tick)
    grows = ONE if stop > start else -ONE
    for l in range(lanes):
        inside = (now >= s[q + B.start + l]) & (now <= s[q + B.end + l])
        bad = (s[q + B.mask + l] > HALF) | (not inside)
        spoiled = s[q + B.spoiled + l] + (ONE if bad else ZERO)
        armed = s[q + B.armed + l]
        broken = (spoiled > allow) | (not inside)
        spoiled = ZERO if broken else spoiled
        armed = -ONE if broken else armed
        x = s[signal * LANES + l]
        at_start = (grows * (x - start) <= ZERO) & (not broken) & (armed < ZERO)
        armed = now if at_start else armed
        there = (grows * (x - stop) >= ZERO) & (armed >= ZERO) & (now - armed >= hold) & inside
        s[q + B.armed + l], s[q + B.spoiled + l] = armed, spoiled
        s[q + B.trend_ok + l] = ONE if there else ZERO


@block
def judge_always(s, q, m, lanes, tick, start, stop):
    """A rule that must hold throughout, between two events."""
    now = F(tick)
    for l in range(lanes):
        on = event_lane(s, m, l, start) * (ONE - event_lane(s, m, l, stop))
        bad = (s[q + B.mask + l] > HALF) & (on > HALF)
        first = bad & (s[q + B.lost + l] < HALF)
        s[q + B.breaker + l] = s[q + B.was + l] if first else s[q + B.breaker + l]
        s[q + B.best_end + l] = now if first else s[q + B.best_end + l]
        s[q + B.lost + l] = ONE if bad else s[q + B.lost + l]
        s[q + B.seen + l] += on
        s[q + B.held + l] = ONE if (s[q + B.seen + l] > HALF) & (s[q + B.lost + l] < HALF) else ZERO
        s[q + B.run + l] = on


@block
def judge_take(s, m, lanes, circle):
    """What is kept of the whole take: closest range once both are out, time in focus, the range in the last metres."""
    take = TAKE_AT
    for l in range(lanes):
        out = (s[m + J.A_phase * LANES + l] > HALF) & (s[m + J.B_phase * LANES + l] > HALF)
        free = out & (s[m + J.A_phase * LANES + l] + s[m + J.B_phase * LANES + l] < F(2.5))
        distance = s[X.range_m * LANES + l]
        settled = free & (s[take + T.exits + l] > F(125.0))
        near = settled & (distance < s[take + T.closest + l])
        s[take + T.closest + l] = distance if near else s[take + T.closest + l]
        sharp = free & (s[X.blur_m * LANES + l] <= circle) & (s[X.face_room * LANES + l] > ZERO)
        s[take + T.in_focus + l] += DT if sharp else ZERO
        s[take + T.exits + l] += ONE if free else ZERO


@block
def judge_block(records, source, states, rings, glass, outline, rows, beats, curves, tick0, judged):
    """Judge a block of records.

    records (batch, ticks, fields, 16) f32; source (len(SEEN),) i64: where each seen field stands in a record, with
    `up` as the sum of source[-2:]; states (batch, size) f32; rings (batch, beats, slots·16) i32; glass (G,) f32;
    outline (k, 3) f32; rows (rows, 8) f32; beats (beats, 11) f32; curves (batch, ticks, signals, 16) f32, or with no
    ticks where nobody wants them; tick0: tick of the first record; judged: how many ticks of the block to judge.
    """
    g = glass
    optics = (
        g[G.focal], g[G.f_number], g[G.pupil_offset], g[G.datum_to_pupil], g[G.breathing], g[G.half_width],
        g[G.half_height], g[G.border], g[G.head_height],
    )  # fmt: skip
    mount = ((g[G.pivot_x], g[G.pivot_y], g[G.pivot_z]), (g[G.plane_x], g[G.plane_y], g[G.plane_z]))
    eyes, head = (g[G.eye_x], g[G.eye_y], g[G.eye_z]), (g[G.head_x], g[G.head_y], g[G.head_z])
    sun = (g[G.sun0], g[G.sun_t], g[G.sun_h], g[G.sun_tt], g[G.sun_th], g[G.sun_hh])
    stops = (g[G.stops0], g[G.stops_t], g[G.stops_h], g[G.stops_tt], g[G.stops_th], g[G.stops_hh])
    light = (sun, stops)
    m = N_SIGNALS * LANES
    first_beat = BEATS_AT
    for b in range(records.shape[0]):
        s = states[b]
        lanes = records.shape[3]
        for k in range(judged):
            tick = tick0 + k
            for i in range(source.shape[0] - 1):
                for l in range(lanes):
                    s[m + i * LANES + l] = records[b, k, source[i], l]
            for l in range(lanes):
                s[m + J.up * LANES + l] += records[b, k, source[source.shape[0] - 1], l]
            for l in range(lanes):
                signals_lane(s, m, l, optics, mount, eyes, head, light)
            for i in range(outline.shape[0]):
                point = (outline[i, 0], outline[i, 1], outline[i, 2])
                for l in range(lanes):
                    outline_lane(s, m, l, optics, mount, point)
            judge_take(s, m, lanes, g[G.circle])
            for i in range(beats.shape[0]):
                q = first_beat + i * ROOM
                first, last = int(beats[i, BEAT_FIRST]), int(beats[i, BEAT_LAST])
                judge_rows(s, q, lanes, rows, first, last)
                if beats[i, BEAT_ALWAYS] > HALF:
                    judge_always(s, q, m, lanes, tick, beats[i, BEAT_FROM], beats[i, BEAT_TO])
                    continue
                after = int(beats[i, BEAT_AFTER])
                if after >= 0:
                    p = first_beat + after * ROOM
                    within = beats[i, BEAT_WITHIN]
                    for l in range(lanes):
                        held = s[p + B.held + l] > HALF
                        s[q + B.start + l] = s[p + B.held_end + l] if held else FAR
                        s[q + B.end + l] = s[p + B.held_end + l] + within if held else -FAR
                hold, allow = beats[i, BEAT_HOLD], beats[i, BEAT_ALLOW]
                slots = int(hold) + 1
                trend = -1
                for j in range(first, last):
                    if rows[j, ROW_TREND] > HALF:
                        trend = j
                if trend >= 0:
                    for l in range(lanes):
                        s[q + B.lost + l] = s[q + B.held + l]
                        s[q + B.tail + l] = s[q + B.held_end + l]
                judge_window(s, q, lanes, rings[b, i], tick % slots, tick, allow, first, last)
                if trend >= 0:
                    signal = int(rows[trend, ROW_SIGNAL])
                    judge_trend(
                        s,
                        q,
                        lanes,
                        tick,
                        signal,
                        rows[trend, ROW_TREND_FROM],
                        rows[trend, ROW_TREND_TO],
                        hold,
                        allow,
                    )
                    bit = trend - first
                    for l in range(lanes):
                        # the window found a hold of all the rest; with the trend it is held when that arrives
                        others = s[q + B.held + l]
                        s[q + HELD_WITHOUT + bit * LANES + l] = max(
                            s[q + HELD_WITHOUT + bit * LANES + l], others
                        )
                        hit = (s[q + B.trend_ok + l] > HALF) & (s[q + B.lost + l] < HALF)
                        s[q + B.held + l] = ONE if hit else s[q + B.lost + l]
                        s[q + B.held_end + l] = F(tick) if hit else s[q + B.tail + l]
            if curves.shape[1] > 0:
                for i in range(N_SIGNALS):
                    for l in range(lanes):
                        curves[b, k, i, l] = s[i * LANES + l]
