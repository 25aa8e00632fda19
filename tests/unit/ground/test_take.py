"""The take file: what was written comes back, what is newer or broken is said, and nothing is ever half there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import hostile
import numpy as np
import polars as pl
import pytest

from onetake.clock import Clock
from onetake.errors import ReadError, WriteError
from onetake.slate import Slate
from onetake.take import Event, LensTrack, Relative, Take, read_take, write_take
from onetake.trace import Trace, Uncertainty


@pytest.fixture
def take() -> Take:
    """A small take with every part filled."""
    rng = np.random.default_rng(1)
    time_s = np.arange(-2.0, 3.0, 0.04)
    n = len(time_s)

    def body(name: str, **more: object) -> Trace:
        return Trace(
            name=name,
            time_s=time_s,
            position_enu_m=rng.normal(size=(n, 3)),
            velocity_enu_m_s=rng.normal(size=(n, 3)),
            **more,  # type: ignore[arg-type]
        )

    return Take(
        slate=Slate(
            title="Dusk", scene="112A", take=7, picture_rate=Fraction(24000, 1001), seed=3, weather="gulf"
        ),
        bodies=(
            body(
                "operator", q_enu_from_body=rng.normal(size=(n, 4)), rate_body_rad_s=rng.normal(size=(n, 3))
            ),
            body(
                "actor",
                uncertainty=Uncertainty(bias_m=2.0, white_m=0.1),
                channels={"pull_n": rng.normal(size=n)},
            ),
        ),
        lens=LensTrack(
            time_s=time_s,
            neck_yaw_rad=rng.normal(size=n),
            neck_pitch_rad=rng.normal(size=n),
            focus_m=np.ones(n),
        ),
        relative=Relative(
            time_s=time_s[::2],
            position_enu_m=rng.normal(size=(len(time_s[::2]), 3)),
            velocity_enu_m_s=rng.normal(size=(len(time_s[::2]), 3)),
            uncertainty=Uncertainty(white_m=0.003),
        ),
        events=(
            Event(time_s=0.0, name="exit", body="operator"),
            Event(time_s=0.4, name="exit", body="actor"),
        ),
        clock=Clock(datetime(2011, 10, 11, 13, 52, 4, 125000, tzinfo=UTC)),
        ending="landed",
        facts={"opening_g": 3.5},
    )


def test_a_take_finds_its_bodies_and_events(take: Take) -> None:
    assert take.body("actor").name == "actor"
    with pytest.raises(KeyError):
        take.body("nobody")
    second = take.event("exit", "actor")
    assert second is not None
    assert second.time_s == 0.4
    assert take.event("landing") is None


def test_everything_but_the_arrays_comes_back_equal(take: Take, tmp_path: Path) -> None:
    back = read_take(write_take(take, tmp_path / "a.take"))
    assert back.slate == take.slate
    assert back.events == take.events
    assert back.clock == take.clock
    assert (back.ending, back.facts) == (take.ending, take.facts)
    assert [trace.uncertainty for trace in back.bodies] == [trace.uncertainty for trace in take.bodies]
    assert back.relative is not None
    assert back.relative.uncertainty == Uncertainty(white_m=0.003)


def test_a_take_without_its_optional_parts_comes_back_without_them(take: Take, tmp_path: Path) -> None:
    bare = replace(take, lens=None, relative=None, clock=None, events=(), facts={})
    back = read_take(write_take(bare, tmp_path / "a.take"))
    assert (back.lens, back.relative, back.clock, back.events) == (None, None, None, ())
    assert back.body("actor").q_enu_from_body is None


def test_folders_are_made_and_an_old_file_is_replaced(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "takes" / "day 1" / "a.take"
    write_take(take, path)
    write_take(replace(take, ending="contact"), path)
    assert read_take(path).ending == "contact"
    assert os.listdir(path.parent) == ["a.take"]


def _rewrite(path: Path, **changes: object) -> None:
    """The same table under a card with some parts changed; None takes a part out."""
    card = json.loads(pl.read_parquet_metadata(path)["onetake"]) | changes
    card = {key: value for key, value in card.items() if value is not None}
    pl.read_parquet(path).write_parquet(path, metadata={"onetake": json.dumps(card)})


def test_a_newer_take_file_says_so(take: Take, tmp_path: Path) -> None:
    path = write_take(take, tmp_path / "a.take")
    _rewrite(path, version=4)
    with pytest.raises(ReadError, match=r"written by a newer onetake .*version 4.*reads 3.*upgrade"):
        read_take(path)


def test_a_take_file_of_version_1_is_read(take: Take, tmp_path: Path) -> None:
    """It named no instruments, and one error stood for every axis."""
    path = write_take(take, tmp_path / "a.take")
    card = json.loads(pl.read_parquet_metadata(path)["onetake"])
    old = ("bias_m", "wander_m", "wander_time_s", "white_m", "attitude_rad")
    for body in card["bodies"]:
        del body["instrument"]
        body["uncertainty"] = {key: body["uncertainty"][key] for key in old}
    _rewrite(path, version=1, bodies=card["bodies"], lens_instrument=None, relative_instrument=None)
    back = read_take(path)
    assert [trace.uncertainty for trace in back.bodies] == [trace.uncertainty for trace in take.bodies]
    assert {trace.instrument for trace in back.bodies} == {""}


def test_a_take_file_of_version_2_is_read(take: Take, tmp_path: Path) -> None:
    """It knew nothing of films."""
    path = write_take(take, tmp_path / "a.take")
    _rewrite(path, version=2, film=None)
    back = read_take(path)
    assert back.film is None
    assert back.bodies[0].name == "operator"


@pytest.mark.parametrize("missing", ["slate", "bodies", "version", "events", "ending", "facts", "lens"])
def test_a_take_file_with_parts_missing_is_refused(take: Take, tmp_path: Path, missing: str) -> None:
    path = write_take(take, tmp_path / "a.take")
    _rewrite(path, **{missing: None})
    with pytest.raises(ReadError):
        read_take(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"version": "new"},
        {"bodies": 3},
        {"bodies": [{"name": "actor"}]},
        {"slate": {"title": 1}},
        {"first_exit_utc": "yesterday"},
        {"events": [{"when": 3}]},
        {"relative": {"bias_m": -4}},
        {"facts": 7},
    ],
)
def test_a_take_file_with_parts_spoilt_is_refused(
    take: Take, tmp_path: Path, changes: dict[str, object]
) -> None:
    path = write_take(take, tmp_path / "a.take")
    _rewrite(path, **changes)
    with pytest.raises(ReadError):
        read_take(path)


def test_what_is_no_take_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such file"):
        read_take(tmp_path / "none.take")
    (tmp_path / "text.take").write_text("hello")
    (tmp_path / "empty.take").write_bytes(b"")
    for name in ("text.take", "empty.take"):
        with pytest.raises(ReadError, match="not a take file"):
            read_take(tmp_path / name)
    with pytest.raises(ReadError):
        read_take(tmp_path)
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "other.parquet")
    with pytest.raises(ReadError, match="Parquet, but not a take file"):
        read_take(tmp_path / "other.parquet")


def test_every_cut_of_a_take_file_is_refused(take: Take, tmp_path: Path) -> None:
    whole = write_take(take, tmp_path / "a.take").read_bytes()
    for length in range(0, len(whole), max(1, len(whole) // 60)):
        (tmp_path / "cut.take").write_bytes(whole[:length])
        with pytest.raises(ReadError):
            read_take(tmp_path / "cut.take")


def test_a_failure_while_writing_leaves_the_old_file_and_no_other(
    take: Take, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_take(take, tmp_path / "a.take")
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="the disk is full"):
        write_take(replace(take, ending="contact"), path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.take"]


_WRITER = """
import sys
import numpy as np
from fractions import Fraction
from onetake.slate import Slate
from onetake.take import Take, write_take
from onetake.trace import Trace
n = 200_000
def take(k):
    body = Trace(name="actor", time_s=np.arange(n) * 0.04, position_enu_m=np.full((n, 3), float(k)),
                 velocity_enu_m_s=np.zeros((n, 3)))
    slate = Slate(title="t", scene="1", take=k, picture_rate=Fraction(24))
    return Take(slate=slate, bodies=(body,), ending=str(k))
write_take(take(0), sys.argv[1])
print("ready", flush=True)
k = 0
while True:
    k += 1
    write_take(take(k), sys.argv[1])
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL on Windows")
def test_killing_the_writer_never_leaves_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.take"
    for delay_s in (0.004, 0.017, 0.041):
        with subprocess.Popen([sys.executable, "-c", _WRITER, str(path)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(delay_s)
            writer.send_signal(signal.SIGKILL)
        take = read_take(path)
        assert float(take.body("actor").position_enu_m[-1, 2]) == float(take.ending)


def test_a_table_that_repeats_itself_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.take"
    path.write_bytes(hostile.take_of_nothing(20_000_000))
    assert path.stat().st_size < 1_000_000
    with pytest.raises(ReadError, match="20,000,000 rows of 2 columns"):
        read_take(path)


def test_other_tables_are_refused(tmp_path: Path, take: Take) -> None:
    path = write_take(take, tmp_path / "a.take")
    card = json.loads(pl.read_parquet_metadata(path)["onetake"])

    def refused(frame: pl.DataFrame, card: object) -> str:
        frame.write_parquet(path, metadata={"onetake": json.dumps(card)})
        with pytest.raises(ReadError) as caught:
            read_take(path)
        return str(caught.value)

    frame = pl.read_parquet(path)
    assert "other things than numbers" in refused(frame.with_columns(pl.lit([[1.0]]).alias("x")), card)
    assert "one name" in refused(frame, card | {"bodies": card["bodies"] * 2})
    assert "list of columns is larger" in refused(frame, card | {"ending": "x" * 5_000_000})
    path.write_bytes(b"PAR1")
    with pytest.raises(ReadError, match="not a take file"):
        read_take(path)
