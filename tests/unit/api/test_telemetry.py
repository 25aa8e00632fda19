"""A film comes onto the logs' clock by what its own camera wrote down, within the error that is stated, or not at all."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import cameras
import films
import jumps
import numpy as np
import pytest
import rehearsals
import stage as camera
from numpy.typing import NDArray

from onetake.api.fly import flown
from onetake.api.logged import gather
from onetake.api.stage import Stage
from onetake.axes import LocalAxes
from onetake.cli import main
from onetake.take import Take

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "halo" / "shot.toml"
BEGAN_S, LASTS_S = 31.4, 40.0  # the film, from the first exit
LATE_S = 0.35  # the camera's UTC: within a second, GoPro says no more


@dataclass(frozen=True)
class Rehearsal:
    """A take that was flown, its logs by who recorded them, and since when their clock runs."""

    take: Take
    logs: dict[str, Path]
    turning_rad_s: NDArray[np.float64]
    lat_lon_deg: tuple[float, float]
    began_s: float  # the film, from the first exit as the logs tell it


@pytest.fixture(scope="module")
def rehearsal(halo: Stage, tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    """The operator wears a FlySight 2 on the helmet, the actor a FlySight 1."""
    folder, rng = tmp_path_factory.mktemp("rehearsal"), np.random.default_rng(3)
    take, _, _ = flown(halo, 1, 3)
    place = halo.shot.place
    drop_zone = LocalAxes(place.lat_deg, place.lon_deg, place.elevation_m)
    operator, actor = take.bodies[:2]
    session = folder / "operator"
    session.mkdir()
    track = rehearsals.flysight(operator, take, drop_zone, rng)
    (session / "TRACK.CSV").write_bytes(_flysight2(track))
    (session / "SENSOR.CSV").write_bytes(cameras.sensors(take, -20.0, 120.0, rng))
    (folder / "actor.csv").write_bytes(rehearsals.flysight(actor, take, drop_zone, rng))
    logs = {"operator": session, "actor": folder / "actor.csv"}
    told, true = gather(halo.shot, logs).take.clock, take.clock
    assert told is not None
    assert true is not None
    at_s = BEGAN_S + np.arange(0.0, LASTS_S, 1.0 / cameras.GYRO_HZ)
    return Rehearsal(
        take=take,
        logs=logs,
        turning_rad_s=cameras.head_turning(take, at_s) + rng.normal(0.0, 0.01, (len(at_s), 3)),
        lat_lon_deg=(place.lat_deg, place.lon_deg),
        began_s=told.time_s(true.first_exit_utc) + BEGAN_S,
    )


def _flysight2(flysight1: bytes) -> bytes:
    """The same fixes as a FlySight 2 writes them."""
    rows = flysight1.decode().split("\r\n")[2:-1]
    lines = ["$GNSS," + ",".join(row.split(",")[:10]) + ",14" for row in rows]
    head = [
        *jumps._head(jumps.SESSION),
        "$COL,GNSS,time,lat,lon,hMSL,velN,velE,velD,hAcc,vAcc,sAcc,numSV",
        "$DATA",
    ]
    return ("\r\n".join([*head, *lines]) + "\r\n").encode()


def _film(folder: Path, made: Rehearsal, turning_rad_s: NDArray[np.float64], *, fix: int = 3) -> Path:
    """Five pictures of a tag at 0.9 m, and the telemetry of forty seconds."""
    assert made.take.clock is not None
    picture = films.picture(camera.scene(0.9), camera.behind(), seed=1)
    film = films.write(folder / "A001.mp4", [picture] * 5)
    begins = made.take.clock.first_exit_utc + timedelta(seconds=BEGAN_S)
    return cameras.with_telemetry(
        film, cameras.payloads(turning_rad_s, begins, made.lat_lon_deg, late_s=LATE_S, fix=fix)
    )


def _synced(said: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[float, float, str]:
    """Where the film begins on the logs' clock, its error, and how it was found."""
    assert main(["judge", str(EXAMPLE), *said, "--tag=10 cm", "--json"]) == 0
    told = {one["slug"]: one["text"] for one in json.loads(capsys.readouterr().out)["logs"]["problems"]}
    found = re.match(r"A001.mp4: 5 pictures tell a range; the film begins at (\S+) ± (\S+) s by (.*)", told["film-synced"])  # fmt: skip
    assert found
    return float(found[1]), float(found[2]), found[3]


def _logs(made: Rehearsal) -> list[str]:
    return [f"--log={name}={path}" for name, path in made.logs.items()]


def test_by_the_turning_of_the_helmet(
    rehearsal: Rehearsal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A camera that never had a fix, and a logger beside it."""
    film = _film(tmp_path, rehearsal, rehearsal.turning_rad_s, fix=0)
    began_s, sigma_s, how = _synced([*_logs(rehearsal), f"--video={film}"], capsys)
    print(f"{began_s - rehearsal.began_s:+.3f} ± {sigma_s:.3f} s by {how}")
    assert how == "motion"
    assert sigma_s < 0.02
    assert abs(began_s - rehearsal.began_s) < 3.0 * sigma_s + 0.005  # told to a hundredth


def test_by_the_cameras_own_time(
    rehearsal: Rehearsal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A camera whose helmet turned otherwise than the logger's: its UTC is late, and that is in the error."""
    still = np.random.default_rng(1).normal(0.0, 0.01, rehearsal.turning_rad_s.shape)
    film = _film(tmp_path, rehearsal, still)
    began_s, sigma_s, how = _synced([*_logs(rehearsal), f"--video={film}"], capsys)
    print(f"{began_s - rehearsal.began_s:+.3f} ± {sigma_s:.3f} s by {how}")
    assert how == "the camera's UTC"
    assert 0.3 <= sigma_s < 0.5
    assert abs(began_s - rehearsal.began_s) < 2.0 * sigma_s


def test_by_both_where_both_tell(
    rehearsal: Rehearsal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = _film(tmp_path, rehearsal, rehearsal.turning_rad_s)
    began_s, sigma_s, how = _synced([*_logs(rehearsal), f"--video={film}"], capsys)
    assert how == "the camera's UTC and motion"
    assert sigma_s < 0.1
    assert abs(began_s - rehearsal.began_s) < 3.0 * sigma_s + 0.005  # told to a hundredth


def test_or_it_says_why_not(rehearsal: Rehearsal, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither a time nor a motion that is the logger's."""
    still = np.random.default_rng(1).normal(0.0, 0.01, rehearsal.turning_rad_s.shape)
    film = _film(tmp_path, rehearsal, still, fix=0)
    assert main(["judge", str(EXAMPLE), *_logs(rehearsal), f"--video={film}", "--tag=10 cm"]) == 2
    said = capsys.readouterr().err
    assert "nothing puts the film on the logs' clock" in said
    assert "it never knew the time" in said
    assert "not alike" in said
    assert '--video-at "12.3 s"' in said
