"""Criteria: each file is one thing that can be asked of a take, as data.

A file holds SIGNALS (names of `judge.state.SIGNALS`; every one must be inside the bounds), UNIT and SCALE (how a
margin is said: SI over SCALE is in UNIT), TOLERANCE (SI: margins are compared in it), TELLS (the instrument that
would tell when the take's own cannot), SAID (how it reads in a note) and, where words are allowed, `words(glass)`:
word -> (signal, lower, upper) in SI. What it can be asked of besides the subject stands in TARGETS: target -> Sight.
"""
