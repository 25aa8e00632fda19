"""Logs of one jump become one take on one clock, and what cannot be one jump is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import jumps
import numpy as np
import pytest

from onetake.axes import LocalAxes
from onetake.errors import ChoiceError, InputError, ReadError
from onetake.logbook.together import Part, Together, put_together, read_part
from onetake.slate import Slate
from onetake.take import read_take, write_take

SLATE = Slate(title="Dusk", scene="1", take=1, picture_rate=Fraction(24))
HERE, ELEVATION_M = LocalAxes(52.0, 8.0, jumps.GROUND_MSL_M), jumps.GROUND_MSL_M
MADE = jumps.jump()


def moved(made: jumps.Jump, *, east_m: float = 0.0, later_s: float = 0.0) -> jumps.Jump:
    """The same jump a few metres away, and later by the clock."""
    return replace(made, place_m=made.place_m + np.array([east_m, 0.0, 0.0]), time_s=made.time_s + later_s)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Part, Part]:
    (tmp_path / "a").write_bytes(jumps.flysight1(MADE))
    (tmp_path / "b").write_bytes(jumps.flysight2_track(moved(MADE, east_m=12.0, later_s=1.2)))
    return read_part("operator", tmp_path / "a"), read_part("actor", tmp_path / "b")


def _together(parts: tuple[Part, ...]) -> Together:
    return put_together(parts, slate=SLATE, drop_zone=HERE, elevation_m=ELEVATION_M)


def test_two_logs_are_two_bodies_on_the_clock_of_the_first_exit(pair: tuple[Part, Part]) -> None:
    take = _together(pair).take
    assert [trace.name for trace in take.bodies] == ["operator", "actor"]
    assert take.clock is not None
    assert abs(take.clock.first_exit_utc - jumps.EXIT_UTC) < timedelta(seconds=0.3)
    exits = [event.time_s for event in take.events if event.name == "exit"]
    assert exits == pytest.approx([0.0, 1.2], abs=0.1)
    landed = take.event("landing", "operator")
    assert landed is not None
    assert landed.time_s == pytest.approx(MADE.landing_s, abs=3.0)
    assert all(event.sigma_s > 0 for event in take.events)
    assert [trace.instrument for trace in take.bodies] == ["GNSS (flysight1)", "GNSS (flysight2)"]


def test_receivers_of_other_satellites_are_believed_less(pair: tuple[Part, Part]) -> None:
    like = _together(pair)
    fixes = pair[1].log.fixes
    many = replace(pair[1].log, fixes=replace(fixes, satellites=fixes.satellites + 14.0))
    other = _together((pair[0], replace(pair[1], log=many)))
    assert "other-satellites" not in [finding.slug for finding in like.findings]
    assert [finding.slug for finding in other.findings].count("other-satellites") == 2
    for before, after in zip(like.take.bodies, other.take.bodies, strict=True):
        assert after.uncertainty.wander_m == pytest.approx(1.6 * before.uncertainty.wander_m)
        assert after.uncertainty.velocity_m_s == before.uncertainty.velocity_m_s


def test_a_session_with_an_inertial_unit_is_told_by_both(tmp_path: Path, pair: tuple[Part, Part]) -> None:
    folder = tmp_path / "session"
    folder.mkdir()
    (folder / "TRACK.CSV").write_bytes(jumps.flysight2_track(MADE))
    (folder / "SENSOR.CSV").write_bytes(jumps.flysight2_sensor(MADE))
    made = _together((read_part("operator", folder), pair[1]))
    assert made.take.bodies[0].instrument == "GNSS and IMU (flysight2)"
    assert made.proofs[0] is not None
    assert made.proofs[1] is None
    assert [finding.slug for finding in made.findings].count("imu-used") == 1


def test_heights_are_above_the_ground_and_the_record_is_cut_to_the_jump(pair: tuple[Part, Part]) -> None:
    made = _together(pair)
    first = made.take.bodies[0]
    assert first.position_enu_m[:, 2].max() == pytest.approx(jumps.EXIT_MSL_M - jumps.GROUND_MSL_M, abs=3.0)
    assert first.span_s[0] == pytest.approx(-60.0, abs=0.5)
    assert first.span_s[1] < MADE.landing_s + 25.0
    assert not made.elsewhere


def test_the_take_is_written_and_read_with_its_errors(pair: tuple[Part, Part], tmp_path: Path) -> None:
    take = _together(pair).take
    back = read_take(write_take(take, tmp_path / "logged.take"))
    assert [trace.uncertainty for trace in back.bodies] == [trace.uncertainty for trace in take.bodies]
    assert back.bodies[1].instrument == "GNSS (flysight2)"
    assert np.array_equal(back.bodies[1].channels["error_share"], take.bodies[1].channels["error_share"])


def test_a_jump_far_from_the_shots_drop_zone_counts_from_where_they_landed(pair: tuple[Part, Part]) -> None:
    made = put_together(pair, slate=SLATE, drop_zone=LocalAxes(24.2, 54.6, 27.0), elevation_m=27.0)
    assert made.elsewhere
    assert "elsewhere" in {finding.slug for finding in made.findings}
    assert made.take.bodies[0].position_enu_m[-1, 2] == pytest.approx(0.0, abs=2.0)


def test_a_camera_whose_clock_is_rough_is_put_on_the_other_by_shared_motion(pair: tuple[Part, Part]) -> None:
    """Nothing but straight flight aboard: the fall tells, but not who left first, so little is gained; and it is said."""
    rough = replace(pair[1], log=replace(pair[1].log, late_s=0.3))
    made = _together((pair[0], rough))
    assert {"clock-unknown", "clock-moved"} & {finding.slug for finding in made.findings}
    assert 0.2 < made.take.bodies[1].uncertainty.clock_s <= 0.3
    assert made.clocks[0].sigma_s >= made.take.bodies[1].uncertainty.clock_s


def test_one_recording_is_not_two_people(pair: tuple[Part, Part]) -> None:
    with pytest.raises(InputError, match="one and the same recording"):
        _together((pair[0], replace(pair[0], name="actor")))


def test_jumps_of_two_days_are_not_one_take(pair: tuple[Part, Part]) -> None:
    fixes = pair[1].log.fixes
    other = replace(pair[1], log=replace(pair[1].log, fixes=replace(fixes, utc_s=fixes.utc_s + 86400.0)))
    with pytest.raises(InputError, match="no time in common"):
        _together((pair[0], other))


def test_a_log_without_a_jump_is_refused_by_name(tmp_path: Path) -> None:
    ground = jumps.jump()
    still = replace(ground, place_m=ground.place_m * 0.0 + 1.0, velocity_m_s=ground.velocity_m_s * 0.0)
    (tmp_path / "a").write_bytes(jumps.flysight1(still))
    with pytest.raises(ReadError, match="'actor' shows no jump"):
        read_part("actor", tmp_path / "a")


def test_one_recording_of_a_file_of_several_is_named_behind_it(tmp_path: Path) -> None:
    track = jumps.gpx(MADE).decode()
    twice = track.replace("</trk></gpx>", "</trk>" + track[track.index("<trk>") :])
    (tmp_path / "two.gpx").write_text(twice.replace("<name>one</name>", "<name>first</name>", 1), "utf-8")
    assert read_part("actor", tmp_path / "two.gpx#2").jump.exit is not None
    assert read_part("actor", f"{tmp_path}/two.gpx#first").log.name == "first"
    with pytest.raises(ChoiceError, match=r"the log of 'actor': several recordings.*two\.gpx#1"):
        read_part("actor", tmp_path / "two.gpx")
