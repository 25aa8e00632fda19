"""The offset between film and log comes out with an error that holds it, or it is said to be unknown."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from time import process_time

import cv2
import films
import numpy as np
import pytest
import stage

from onetake.errors import InputError
from onetake.footage.signs import flashes, onsets, turning
from onetake.footage.sync import Moments, Sync, sync_events, sync_flashes, sync_motion, together

SLATE_S = np.array([0.0, 0.7, 1.0, 2.1, 2.6, 4.0])  # a pattern that fits itself nowhere else


def moments(time_s: object, sigma_s: float = 0.01) -> Moments:
    time = np.asarray(time_s, float)
    return Moments(time_s=time, sigma_s=np.full(len(time), sigma_s))


def shaken(seed: int, seconds: float = 40.0) -> tuple[np.ndarray, np.ndarray]:
    """A body that turns this way and that, as felt 200 times a second."""
    rng = np.random.default_rng(seed)
    time = np.arange(0.0, seconds, 0.005)
    smooth = np.exp(-0.5 * (np.arange(-200, 201) / 40.0) ** 2)
    return time, np.abs(np.convolve(rng.normal(size=len(time)), smooth / np.sqrt((smooth**2).sum()), "same"))


def test_a_pattern_of_flashes_tells_the_offset_with_some_missing() -> None:
    rng = np.random.default_rng(4)
    film = moments(np.delete(SLATE_S, 2) + 3.0 + rng.normal(0, 0.01, 5))
    log = moments([*(SLATE_S + 3.0 + 1234.5), 1300.0], 0.001)
    found = sync_flashes(film, log)
    assert found.known
    assert abs(found.offset_s - 1234.5) < 4 * found.sigma_s < 0.04


def test_what_a_flash_cannot_tell_is_not_told() -> None:
    even = np.arange(6) * 0.5
    assert "repeats itself" in sync_flashes(moments(even), moments(np.arange(9) * 0.5 + 60.0)).why
    assert sync_flashes(moments([]), moments([1.0])).why == "0 flashes in the film, 1 in the log"
    assert not sync_flashes(moments([1.0]), moments([5.0, 9.0])).known
    alone = sync_flashes(moments([1.0]), moments([5.0]))
    assert alone.offset_s == pytest.approx(4.0)
    assert "nothing to check it" in alone.why
    with pytest.raises(InputError, match="above zero"):
        Moments(time_s=np.zeros(2), sigma_s=np.zeros(2))


@pytest.mark.parametrize("shutter_deg", [180.0, 90.0, None])
def test_lights_that_go_on_during_an_exposure_are_timed_within_it(shutter_deg: float | None) -> None:
    frame_s, rng = 1001 / 24000, np.random.default_rng(7)
    on = np.cumsum(rng.uniform(0.4, 0.9, 12))
    starts = np.arange(0.0, 9.0, frame_s)
    shutter = math.radians(shutter_deg or 180.0)
    exposed = shutter / (2 * math.pi) * frame_s
    lit = np.zeros_like(starts)
    for begin in on:  # each burns for 0.2 s
        lit += np.clip(
            (np.minimum(starts + exposed, begin + 0.2) - np.maximum(starts, begin)) / exposed, 0, 1
        )
    told = onsets(starts, 0.1 + 0.3 * lit + rng.normal(0, 0.001, len(lit)), frame_s, None if shutter_deg is None else shutter)  # fmt: skip
    assert len(told.time_s) == len(on)
    off = (told.time_s - on) / told.sigma_s
    assert np.abs(off).max() < 3.0
    assert told.sigma_s.max() <= frame_s / math.sqrt(12) + 1e-12
    assert onsets(starts, rng.normal(0.1, 0.001, len(lit)), frame_s).time_s.size == 0


def test_the_light_of_a_slate_is_seen_in_a_film(tmp_path: Path) -> None:
    frames = [np.full((90, 160), 60, np.uint8) for _ in range(130)]
    rate = Fraction(25)
    for begin in SLATE_S:
        for k in range(round(begin * 25) + 5, round(begin * 25) + 8):
            frames[k] = frames[k].copy()
            frames[k][20:50, 30:80] = 220
    film = films.write(tmp_path / "slate.mp4", frames, rate=rate)
    for window in (None, (30, 20, 80, 50)):
        told = flashes(film, window_px=window)
        assert told.time_s == pytest.approx(np.round(SLATE_S * 25) / 25 + 0.2, abs=0.001)
    found = sync_flashes(flashes(film), moments(SLATE_S + 100.0, 0.001))
    assert found.offset_s == pytest.approx(99.8, abs=0.03)


@pytest.mark.parametrize("seed", range(4))
def test_shaking_tells_the_offset_within_its_error(seed: int) -> None:
    time, rate = shaken(seed)
    rng = np.random.default_rng(100 + seed)
    pictures = np.arange(5.0, 30.0, 1001 / 24000)
    film = 0.7 * np.interp(pictures, time, rate) + rng.normal(0, 0.15, len(pictures))
    log = rate + rng.normal(0, 0.1, len(rate))
    found = sync_motion(pictures - 5.0, film, time + 50.0, log, search_s=100.0)
    assert found.known, found.why
    assert abs(found.offset_s - 55.0) < 4 * found.sigma_s
    assert found.sigma_s < 0.02


def test_motion_that_does_not_tell_says_so() -> None:
    time, rate = shaken(1)
    other = shaken(2)[1]
    assert "not alike" in sync_motion(time, rate, time, other).why
    wave = np.sin(2 * math.pi * time / 2.0)
    assert "itself elsewhere" in sync_motion(time[:4000], wave[:4000], time, wave).why
    assert "three seconds" in sync_motion(time[:100], rate[:100], time, rate).why
    assert "in common" in sync_motion(time, rate, time + 500.0, rate).why
    flat = np.full_like(time, 0.3)
    assert not sync_motion(time, flat, time, flat).known
    holes = np.where(np.arange(len(rate)) % 3 == 0, np.nan, rate)
    assert sync_motion(time, holes, time + 2.0, rate).offset_s == pytest.approx(2.0, abs=0.01)
    with pytest.raises(InputError, match="one number for each moment"):
        sync_motion(time, rate[:-1], time, rate)


def test_events_are_weighed_and_contradictions_are_not_averaged() -> None:
    film = {"exit": (10.0, 0.1), "opening": (70.0, 0.2), "landing": (400.0, 3.0)}
    log = {"exit": (110.1, 0.2), "opening": (169.9, 0.2)}
    found = sync_events(film, log)
    assert found.offset_s == pytest.approx((100.1 / 0.05 + 99.9 / 0.08) / (1 / 0.05 + 1 / 0.08), abs=1e-9)
    assert found.sigma_s == pytest.approx((1 / 0.05 + 1 / 0.08) ** -0.5, rel=0.3)
    assert found.why == "exit, opening"
    assert "contradict" in sync_events(film, log | {"opening": (175.0, 0.2)}).why
    assert sync_events(film, {"start": (0.0, 1.0)}).why == "no event is in both"


def test_several_ways_make_one_offset_or_none() -> None:
    one = Sync(offset_s=5.00, sigma_s=0.02, how="motion", why="")
    two = Sync(offset_s=5.03, sigma_s=0.02, how="flashes", why="")
    lost = Sync(offset_s=None, sigma_s=None, how="events", why="no event is in both")
    both = together([one, two, lost])
    assert both.offset_s == pytest.approx(5.015)
    assert both.how == "motion and flashes"
    assert together([lost, one]) == one
    assert "contradict" in together([one, replace(two, offset_s=6.0)]).why
    assert together([lost]).why == "events: no event is in both"
    assert not together([]).known


def test_the_picture_itself_tells_how_the_camera_turned(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    world = cv2.GaussianBlur(rng.integers(30, 220, (700, 1200), np.uint8), (0, 0), 3.0)
    time, rate = shaken(5, seconds=8.0)
    rate = rate / rate.max() * 0.8
    picture_s = np.arange(0.0, 8.0, 1 / 25)
    focal_px = 400.0
    swing = np.cumsum(np.interp(picture_s, time, rate)) / 25 * focal_px * np.sign(np.sin(picture_s))
    swing = np.clip(np.cumsum(np.diff(swing, prepend=0.0)) % 500, 0, 500)
    frames = [world[100:460, int(x) : int(x) + 640] for x in swing]
    path = films.write(tmp_path / "turning.mp4", frames, rate=Fraction(25))
    glass = replace(
        stage.optics(stage.scene(1.0)), width_px=640, height_px=360, focal_px=(focal_px, focal_px)
    )
    told = turning(path, glass)
    moved = np.abs(np.diff([int(x) for x in swing])) / focal_px * 25
    steady = moved < 150 / focal_px * 25  # a jump back over the edge is no turning
    assert np.nanmedian(np.abs(told.rate_rad_s - moved)[steady]) < 0.03
    assert told.time_s[0] == pytest.approx(0.02)
    blank = films.write(tmp_path / "sky.mp4", [np.full((360, 640), 120, np.uint8)] * 5)
    assert np.all(np.isnan(turning(blank, glass).rate_rad_s))


def test_a_clock_that_lies_costs_no_memory() -> None:
    """Telemetry whose table says that a second lasts years."""
    time, rate = (
        np.arange(2000) / 100.0,
        np.abs(np.sin(np.arange(2000) / 30.0) + np.cos(np.arange(2000) / 7.0)),
    )
    for wrong in (time * 1e9, np.where(time > 10.0, 1e300, time)):
        assert "which nobody records" in sync_motion(wrong, rate, time, rate).why
        assert "which nobody records" in sync_motion(time, rate, wrong, rate).why


def test_motion_that_drifts_for_an_hour_is_answered_soon() -> None:
    time = np.arange(0.0, 3600.0, 0.01)
    began = process_time()
    assert not sync_motion(time[::2], time[::2], time, time[::-1]).known
    assert process_time() - began < 20.0
