"""Ground floor of the compiled code: vectors of three floats, Philox draws.

A lane function computes one take; kernels call it in short loops over 16 lanes so that LLVM turns the loop
into vector instructions. Inside: no branch, no bare float literal (a Python float is double precision and
halves the width), vectors are tuples of three floats. Without compilation the same text runs on numpy arrays.
"""

from __future__ import annotations

import math

import numpy as np

from onetake.compiled import block, floats, lane, part

__all__ = ["block", "floats", "lane", "part"]  # a kernel needs no other import than kernels

LANES = 16

F = np.float32
ZERO, HALF, ONE, TWO, THREE = F(0.0), F(0.5), F(1.0), F(2.0), F(3.0)
TINY = F(1e-12)
HALF_PI = F(math.pi / 2)
PI = F(math.pi)


@lane
def plus(a, b):
    """Sum of two vectors."""
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


@lane
def minus(a, b):
    """Difference of two vectors."""
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


@lane
def scale(k, a):
    """A vector times a number."""
    return k * a[0], k * a[1], k * a[2]


@lane
def along(a, k, b):
    """a + k b."""
    return a[0] + k * b[0], a[1] + k * b[1], a[2] + k * b[2]


@lane
def dot(a, b):
    """Scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@lane
def cross(a, b):
    """Vector product."""
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


@lane
def length(a):
    """Length of a vector."""
    return math.sqrt(dot(a, a))


@lane
def unit(a):
    """Direction of a vector; zero stays zero."""
    return scale(ONE / math.sqrt(dot(a, a) + TINY), a)


@lane
def select(condition, a, b):
    """a where condition, else b, for vectors."""
    return (a[0] if condition else b[0], a[1] if condition else b[1], a[2] if condition else b[2])


@lane
def clip(x, low, high):
    """x kept between low and high; NaN stays NaN."""
    y = low if x < low else x
    return high if y > high else y


@lane
def axes(q):
    """Forward, left and up of the body, in ENU, of q_enu_from_body (the columns of its matrix)."""
    w, x, y, z = q
    forward = (ONE - TWO * (y * y + z * z), TWO * (x * y + w * z), TWO * (x * z - w * y))
    left = (TWO * (x * y - w * z), ONE - TWO * (x * x + z * z), TWO * (y * z + w * x))
    up = (TWO * (x * z + w * y), TWO * (y * z - w * x), ONE - TWO * (x * x + y * y))
    return forward, left, up


@lane
def into(frame, v):
    """An ENU vector in the axes of `frame` (forward, left, up)."""
    return dot(frame[0], v), dot(frame[1], v), dot(frame[2], v)


@lane
def out_of(frame, v):
    """A vector in the axes of `frame`, in ENU."""
    return (
        frame[0][0] * v[0] + frame[1][0] * v[1] + frame[2][0] * v[2],
        frame[0][1] * v[0] + frame[1][1] * v[1] + frame[2][1] * v[2],
        frame[0][2] * v[0] + frame[1][2] * v[1] + frame[2][2] * v[2],
    )


@lane
def spin(q, rate):
    """dq/dt of q_enu_from_body turning at `rate` (rad/s, body axes)."""
    w, x, y, z = q
    p, r, s = rate
    return (
        -HALF * (x * p + y * r + z * s),
        HALF * (w * p + y * s - z * r),
        HALF * (w * r + z * p - x * s),
        HALF * (w * s + x * r - y * p),
    )


@lane
def unit_quaternion(q):
    """One step of Newton towards unit length; enough when applied every step."""
    k = F(1.5) - HALF * (q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3])
    return k * q[0], k * q[1], k * q[2], k * q[3]


S3, S5, S7 = F(-1 / 6), F(1 / 120), F(-1 / 5040)
S9 = F(1 / 362880)
C2, C4, C6, C8, C10 = F(-1 / 2), F(1 / 24), F(-1 / 720), F(1 / 40320), F(-1 / 3628800)


@lane
def sine(x):
    """Sine for |x| ≤ π/2; error below 4e-6 (Taylor, no table, so it vectorises)."""
    s = x * x
    return x * (ONE + s * (S3 + s * (S5 + s * (S7 + s * S9))))


@lane
def cosine(x):
    """Cosine for |x| ≤ π/2; error below 5e-7."""
    s = x * x
    return ONE + s * (C2 + s * (C4 + s * (C6 + s * (C8 + s * C10))))


# minimax polynomial of atan on [0, 1], Abramowitz & Stegun 4.4.49: error below 2e-8
A2, A4, A6, A8 = F(-0.3333314528), F(0.1999355085), F(-0.1420889944), F(0.1065626393)
A10, A12, A14, A16 = F(-0.0752896400), F(0.0429096138), F(-0.0161657367), F(0.0028662257)


@lane
def bearing(y, x):
    """atan2(y, x) without a branch."""
    ax, ay = abs(x), abs(y)
    big, small = max(ax, ay), min(ax, ay)
    t = small / (big + TINY)
    s = t * t
    a = t * (ONE + s * (A2 + s * (A4 + s * (A6 + s * (A8 + s * (A10 + s * (A12 + s * (A14 + s * A16))))))))
    a = HALF_PI - a if ay > ax else a
    a = PI - a if x < ZERO else a
    return -a if y < ZERO else a


E2, E3, E4, E5 = F(1 / 2), F(1 / 6), F(1 / 24), F(1 / 120)


@lane
def decay(x):
    """exp(-x) for x ≥ 0, as 1 over its Taylor series: error below 2e-5 for x < 1, and never negative."""
    return ONE / (ONE + x * (ONE + x * (E2 + x * (E3 + x * (E4 + x * E5)))))


# Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11
M0, M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
W0, W1 = np.uint32(0x9E3779B9), np.uint32(0xBB67AE85)
SHIFT32 = np.uint64(32)
LOW32 = np.uint64(0xFFFFFFFF)


@lane
def philox(c0, c1, c2, c3, k0, k1):
    """Four random 32-bit words of a counter (four words) and a key (two)."""
    for _ in range(10):
        p0, p1 = M0 * np.uint64(c0), M1 * np.uint64(c2)
        h0, l0 = np.uint32(p0 >> SHIFT32), np.uint32(p0 & LOW32)
        h1, l1 = np.uint32(p1 >> SHIFT32), np.uint32(p1 & LOW32)
        c0, c1, c2, c3 = h1 ^ c1 ^ k0, l1, h0 ^ c3 ^ k1, l0
        k0, k1 = np.uint32(k0 + W0), np.uint32(k1 + W1)
    return c0, c1, c2, c3


SHIFT16, LOW16 = np.uint32(16), np.uint32(0xFFFF)
TRIANGLE_MEAN, TRIANGLE_SCALE = F(65535.0), F(math.sqrt(6.0) / 65536.0)
UNIFORM_MEAN, UNIFORM_SCALE = F(32767.5), F(math.sqrt(12.0) / 65536.0)


@lane
def triangular(word):
    """Zero mean, unit variance, from the sum of a word's two halves (excess kurtosis -0.6)."""
    total = np.int32(word & LOW16) + np.int32(word >> SHIFT16)
    return (F(total) - TRIANGLE_MEAN) * TRIANGLE_SCALE


@lane
def two_uniform(word):
    """Two independent uniform numbers of zero mean and unit variance."""
    first, second = np.int32(word & LOW16), np.int32(word >> SHIFT16)
    return (F(first) - UNIFORM_MEAN) * UNIFORM_SCALE, (F(second) - UNIFORM_MEAN) * UNIFORM_SCALE


@block
def philox_words(seed_low, seed_high, takes, words):
    """Fill words (n, k, 4) with channel 0 of each take: counters (0..k-1, 0, low 24 bits, high 24 bits of the take)."""
    for i in range(takes.shape[0]):
        low, high = np.uint32(takes[i] & 0xFFFFFF), np.uint32(takes[i] >> 24)
        for j in range(words.shape[1]):
            a, b, c, d = philox(np.uint32(j), np.uint32(0), low, high, seed_low, seed_high)
            words[i, j, 0], words[i, j, 1], words[i, j, 2], words[i, j, 3] = a, b, c, d
