"""A drag area that is known is read back, and what cannot be read is not."""

from __future__ import annotations

import json
from pathlib import Path

import jumps
import numpy as np
import pytest

from onetake import calibrate_person
from onetake.api.stage import Stage
from onetake.cli.app import main
from onetake.errors import ReadError
from onetake.rehearse.calibrate import Fit, fit, glides, phases, steady, together
from onetake.rehearse.fall import Fall, fall_of, fallen, sea_level_terminal_m_s

KEYS = [
    "schema", "person", "cda_per_m_m2_kg", "ci95", "phases", "fitted_s", "predicted_s", "predicted_rms_m_s", "problems",
]  # fmt: skip


def _fall(
    area_of, seconds: float = 60.0, rate_hz: float = 5.0, noise_m_s: float = 0.0, level_m_s: float = 5.0
) -> Fall:
    """A fall from 4,000 m whose drag area is a function of time."""
    step, t, w, z = 0.01, 0.0, 0.0, 4000.0
    rows = []
    while t < seconds:
        rows.append((t, w, z))
        w += step * (9.80665 - 0.5 * jumps.density_kg_m3(z) * area_of(t) * w * w)
        z -= step * w
        t += step
    some = np.array(rows)[:: round(1 / (rate_hz * step))]
    noise = noise_m_s * np.random.default_rng(5).standard_normal(len(some))
    return Fall(
        time_s=some[:, 0],
        descent_m_s=some[:, 1] + noise,
        altitude_msl_m=some[:, 2],
        density_kg_m3=jumps.density_kg_m3(some[:, 2]),
        level_m_s=np.tile([level_m_s, 0.0], (len(some), 1)),
    )


def test_in_even_air_the_descent_is_the_textbooks() -> None:
    """w = V tanh(g t / V) for a body let go in air of one density."""
    time_s = np.linspace(0, 20, 101)
    terminal = sea_level_terminal_m_s(0.0056)
    told = fallen(0.0056, 0.0, 4000.0, time_s, lambda z: np.full(np.shape(z), 1.225))
    assert np.abs(told - terminal * np.tanh(9.80665 * time_s / terminal)).max() < 1e-4


def test_falling_into_denser_air_a_body_is_faster_than_its_terminal_speed() -> None:
    """Excess V (dV/dt) / 2g, 1.3 % at 5 km: docs/physics.md."""
    time_s = np.linspace(0, 40, 401)
    told = fallen(0.0056, 60.0, 5500.0, time_s, jumps.density_kg_m3)
    height_m = 5500.0 - np.concatenate([[0.0], np.cumsum(0.1 * 0.5 * (told[1:] + told[:-1]))])
    terminal = np.sqrt(2 * 9.80665 / (0.0056 * jumps.density_kg_m3(height_m)))
    gained = np.gradient(told, time_s)
    assert (told / terminal - 1)[200] == pytest.approx(
        (told * -gained / (2 * 9.80665))[200] / told[200], rel=0.05
    )
    assert 0.006 < (told / terminal - 1)[200] < 0.014


@pytest.mark.parametrize("area", [0.0035, 0.0056, 0.0090])
def test_a_constant_area_is_read_back_and_foretells_the_rest(area: float) -> None:
    fall = _fall(lambda _: area, noise_m_s=0.3)
    stretch = steady(fall)
    assert stretch is not None
    found = fit(fall, stretch, jumps.density_kg_m3)
    assert found.cda_per_m_m2_kg == pytest.approx(area, rel=0.004)
    assert found.predicted_rms_m_s == pytest.approx(0.3, rel=0.2)
    assert found.fitted_s[0] >= 12
    assert found.fitted_s[1] == found.predicted_s[0] == pytest.approx(sum(stretch) / 2)


def test_a_steady_stretch_is_twenty_seconds_within_ten_per_cent() -> None:
    assert steady(_fall(lambda _: 0.0056, seconds=31.0)) is None
    slow = steady(_fall(lambda t: 0.0056 if t < 30 else 0.0090))
    assert slow == (pytest.approx(33.0, abs=1.0), pytest.approx(59.5, abs=0.5))
    # 12 % more speed is out, 8 % is in
    assert steady(_fall(lambda t: 0.0056 * (1.25 if int(t / 12) % 2 else 1.0))) is not None
    assert steady(_fall(lambda t: 0.0056 * (1.6 if int(t / 12) % 2 else 1.0))) is None


def test_phases_are_cut_where_the_posture_changes() -> None:
    one = phases(_fall(lambda _: 0.0056, noise_m_s=0.3), 0.03)
    assert len(one) == 1
    assert one[0].ci95[0] < 0.0056 < one[0].ci95[1]
    three = phases(_fall(lambda t: 0.0056 if t < 24 else 0.0035 if t < 42 else 0.0070, noise_m_s=0.3), 0.03)
    assert [round(phase.from_s) for phase in three] == [12, 24, 42]
    assert [phase.to_s for phase in three][:-1] == [phase.from_s for phase in three][1:]
    for phase, area in zip(three, (0.0056, 0.0035, 0.0070), strict=True):
        assert phase.cda_per_m_m2_kg == pytest.approx(
            area, rel=0.12
        )  # each begins with seconds of the last's speed


def test_the_interval_covers_a_posture_that_wanders() -> None:
    """Area times exp of a slow random walk about 1, 4 % strong, remembered for 5 s: of 20 falls most are covered."""
    rng = np.random.default_rng(11)
    inside = 0
    for _ in range(20):
        keep = np.exp(-0.1 / 5.0)
        wander = np.zeros(700)
        for i in range(1, 700):
            wander[i] = keep * wander[i - 1] + 0.04 * np.sqrt(1 - keep**2) * rng.standard_normal()
        fall = _fall(lambda t, w=wander: 0.0056 * np.exp(w[int(t * 10)]))
        found = fit(fall, (14.0, 58.0), jumps.density_kg_m3)
        inside += abs(np.log(found.cda_per_m_m2_kg / 0.0056)) < 1.96 * found.sigma_share
    assert inside >= 17


def test_who_glides_is_told_from_who_drifts() -> None:
    assert not glides(_fall(lambda _: 0.0056, level_m_s=20.0))
    assert glides(_fall(lambda _: 0.0090, level_m_s=40.0))


def _fitted(area: float, share: float) -> Fit:
    nothing = np.empty(0)
    return Fit(
        cda_per_m_m2_kg=area, sigma_share=share, fitted_s=(12, 32), predicted_s=(32, 52), predicted_rms_m_s=1.0,
        time_s=nothing, predicted_m_s=nothing, measured_m_s=nothing,
    )  # fmt: skip


def test_several_falls_count_by_their_errors_and_by_how_far_they_differ() -> None:
    area, (low, high) = together([_fitted(0.0056, 0.02)], 0.03)
    assert area == pytest.approx(0.0056)
    assert np.log(high / low) / (2 * 1.96) == pytest.approx(np.hypot(0.02, 0.03))
    alike = together([_fitted(0.0056, 0.02)] * 4, 0.03)
    assert np.log(alike[1][1] / alike[1][0]) < np.log(high / low)
    apart = together([_fitted(0.0050, 0.02), _fitted(0.0060, 0.02)], 0.03)
    assert np.log(apart[1][1] / apart[1][0]) > np.log(high / low)


@pytest.mark.slow
def test_the_drag_area_of_a_flown_body_is_read_off_its_take(two_way: Stage) -> None:
    """A simulated take is calibrated as a logged one: the neutral fall rate of the shot file comes back."""
    scenario, take = two_way.prepared.scenario, two_way.prepared.take
    column, ground_m = scenario.column, scenario.shot.place.elevation_m

    def density(altitude_msl_m):
        return column.at(altitude_msl_m).density_kg_m3

    trace = take.bodies[0]
    broke, left = take.event("break-off"), take.event("exit", trace.name)
    assert broke is not None
    assert left is not None
    fall = fall_of(
        trace,
        density,
        exit_s=left.time_s,
        until_s=broke.time_s,
        altitude_msl_m=trace.position_enu_m[:, 2] + ground_m,
    )
    stretch = steady(fall)
    assert stretch is not None
    found = fit(fall, stretch, density)
    # the operator keeps his neutral posture, but for the arm that looks after the camera
    assert found.cda_per_m_m2_kg == pytest.approx(scenario.operator.body.cda_per_m_m2_kg, rel=0.01)
    assert found.predicted_rms_m_s < 0.1


def _log(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def test_the_object_has_its_keys_and_is_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _log(tmp_path, "jump.csv", jumps.flysight1(jumps.jump()))
    assert main(["calibrate", str(path), "--person", "actor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found)[: len(KEYS)] == KEYS
    assert (found["schema"], found["person"], found["problems"]) == ("onetake.calibrate/1", "actor", [])
    # the sample's air is not the standard atmosphere: 2 % off at 2,000 m, and inside the interval
    assert found["ci95"][0] < jumps.CDA_PER_M_M2_KG < found["ci95"][1]
    assert found["predicted_rms_m_s"] < 0.5
    assert found["fitted_s"][1] == found["predicted_s"][0]
    assert [set(phase) for phase in found["phases"]] == [{"from_s", "to_s", "cda_per_m_m2_kg", "ci95"}]


def test_a_fall_that_is_never_steady_is_not_fitted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _log(tmp_path, "dive.csv", jumps.flysight1(jumps.jump(cda_per_m_m2_kg=0.0012)))
    assert main(["calibrate", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert "posture_changes" in {problem["slug"] for problem in found["problems"]}
    assert [
        found[key] for key in ("cda_per_m_m2_kg", "ci95", "fitted_s", "predicted_s", "predicted_rms_m_s")
    ] == [None] * 5


def test_a_bad_log_does_not_stop_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = _log(tmp_path, "good.csv", jumps.flysight1(jumps.jump()))
    bad = _log(tmp_path, "bad.csv", b"hello\n")
    found = calibrate_person(good, bad, good)
    assert found.cda_per_m_m2_kg is not None
    assert [(one.slug, one.text.startswith("bad.csv")) for one in found.problems] == [
        ("unreadable-file", True)
    ]
    with pytest.raises(ReadError, match="none of the logs"):
        calibrate_person(bad)
    with pytest.raises(ReadError, match=r"(?s)none of the logs.*none of the logs"):
        calibrate_person(bad, bad)
    with pytest.raises(ReadError, match="at least one"):
        calibrate_person()
    assert main(["calibrate", str(good), str(bad)]) == 0
    assert "falls at 1" in capsys.readouterr().out


def test_a_sounding_of_the_day_narrows_the_interval(tmp_path: Path) -> None:
    path = _log(tmp_path, "jump.csv", jumps.flysight1(jumps.jump()))
    levels = np.arange(0.0, 5000.0, 500.0)
    pressure = 101325.0 * np.exp(-levels / jumps.SCALE_HEIGHT_M)
    kelvin = pressure / (287.05287 * jumps.density_kg_m3(levels))
    rows = "\n".join(
        f"{z:.0f},{p / 100:.3f},{k - 273.15:.3f},270,5"
        for z, p, k in zip(levels, pressure, kelvin, strict=True)
    )
    sounding = tmp_path / "day.csv"
    sounding.write_text(f"altitude_msl_m,pressure_hpa,temperature_c,wind_from_deg,wind_kt\n{rows}\n")
    standard, sounded = calibrate_person(path), calibrate_person(path, weather=sounding)
    assert sounded.cda_per_m_m2_kg == pytest.approx(jumps.CDA_PER_M_M2_KG, rel=0.003)
    assert standard.ci95 is not None
    assert sounded.ci95 is not None
    assert np.log(sounded.ci95[1] / sounded.ci95[0]) < 0.6 * np.log(standard.ci95[1] / standard.ci95[0])
