"""Markup and drawing: nothing unescaped, nothing that is not finite, no line bent where one can see it."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetake.show.markup import Html, join, pixels, table, tag
from onetake.show.sky import sky_colour
from onetake.show.svg import Scale, path, ribbon, rows_without_overlap, stretches, ticks
from onetake.units import DEG_RAD


@given(st.text(), st.text())
def test_text_never_becomes_markup(text: str, title: str) -> None:
    made = tag("p", text, title=title)
    assert made.startswith('<p title="')
    inside = made.removeprefix("<p title=").removesuffix("</p>")
    assert "<" not in inside
    assert inside.count(">") == 1


def test_markup_is_not_escaped_twice() -> None:
    assert tag("p", tag("b", "a & b")) == "<p><b>a &amp; b</b></p>"
    assert join(["<", Html("<br>")]) == "&lt;<br>"


def test_a_drawing_refuses_what_it_cannot_place() -> None:
    for value in (math.nan, math.inf):
        with pytest.raises(ValueError, match="cannot hold"):
            pixels(value)
    assert [pixels(v) for v in (1.0, 1.04, -0.01, 12.25)] == ["1", "1", "0", "12.2"]


def test_a_table_names_its_rows_and_sets_numbers_right() -> None:
    made = table(["who", "#weight"], [("operator", "245 lb")])
    assert '<th scope="row">operator</th><td class="n">245 lb</td>' in made


def test_scales() -> None:
    ring = Scale(0.1, 100.0, 300.0, 0.0, log=True)
    assert ring(0.1) == pytest.approx(300.0)
    assert ring(1.0) == pytest.approx(200.0)
    assert ring(1e9) == pytest.approx(0.0)
    assert math.isnan(ring.all(np.array([math.nan]))[0])


@given(st.floats(-1e5, 1e5), st.floats(0.01, 1e5), st.integers(2, 12))
def test_ticks_are_round_and_inside(low: float, span: float, about: int) -> None:
    marks = ticks(low, low + span, about)
    assert len(marks) <= about + 1
    assert all(low - 1e-6 * span <= mark <= low + span * (1 + 1e-6) for mark in marks)


def test_a_line_breaks_where_something_is_missing() -> None:
    x = np.arange(6.0)
    y = np.array([0.0, 1.0, math.nan, 3.0, 9.0, 4.0])
    assert path(x, y, "c") == '<path d="M0 0L1 1M3 3L4 9L5 4" class="c"></path>'
    assert path(x, np.full(6, math.nan), "c") == ""
    assert ribbon(x[:2], y[:2], y[:2] + 5, "c") == '<path d="M0 0L1 1L1 6L0 5Z" class="c"></path>'
    assert stretches(np.array([True, True, False, True])) == [(0, 2), (3, 4)]


@given(st.integers(0, 2**32 - 1))
def test_thinning_is_not_seen(seed: int) -> None:
    random = np.random.default_rng(seed)
    x = np.linspace(0, 300, 200)
    y = np.cumsum(random.normal(size=200))
    made = path(x, y, "c")
    points = np.array([[float(v) for v in p.split()] for p in re.split("[ML]", made.split('"')[1])[1:]])
    assert (
        np.max(np.abs(np.interp(x, points[:, 0], points[:, 1]) - y)) < 0.15 * 8
    )  # steep parts: measured across, not up
    assert len(points) <= len(x)


def test_a_straight_line_is_two_points() -> None:
    x = np.linspace(0, 100, 1000)
    assert path(x, 0.5 * x, "c").count("L") == 1


def test_labels_do_not_stand_on_each_other() -> None:
    assert rows_without_overlap([(0, 50), (40, 90), (60, 110), (200, 230)]) == [0, 1, 0, 0]


def test_the_sky_darkens_as_the_sun_goes_down() -> None:
    def light(deg: float) -> int:
        colour = sky_colour(deg * DEG_RAD)
        return sum(int(colour[i : i + 2], 16) for i in (1, 3, 5))

    lights = [light(deg) for deg in (-12, -6, -3, -1, 0.5, 3, 10)]
    assert lights == sorted(lights)
