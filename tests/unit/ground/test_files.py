"""A file is there whole or not at all."""

from __future__ import annotations

import errno
import gzip
import io
import os
import resource
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from onetake import new_example
from onetake.errors import ReadError, WriteError
from onetake.files import can_write, unpacked, whole, write_text
from onetake.slate import Slate
from onetake.take import Take, write_take
from onetake.trace import Trace


@pytest.fixture
def full_disk() -> Iterator[None]:
    """Nothing over 4 kB can be written while this lasts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_it_appears_with_its_folders_and_the_usual_rights(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a" / "b.txt", "take\n")
    assert path.read_bytes() == b"take\n"
    (tmp_path / "plain").touch()
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert os.listdir(path.parent) == ["b.txt"]


def _write_halfway(path: Path) -> None:
    with whole(path) as part:
        part.write_text("half")
        raise KeyboardInterrupt


def test_half_a_file_never_gets_the_name(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.txt", "before")
    with pytest.raises(KeyboardInterrupt):
        _write_halfway(path)
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_full_disk_leaves_what_was_there_and_is_named(tmp_path: Path, full_disk: None) -> None:
    path = write_text(tmp_path / "a.txt", "before")
    with pytest.raises(WriteError, match=r"a\.txt: cannot be written \(File too large\)"):
        write_text(path, "x" * 5000)
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_take_that_does_not_fit_is_no_fault_of_ours(tmp_path: Path, full_disk: None) -> None:
    noise = np.random.default_rng(1).standard_normal((2000, 3))
    body = Trace(name="actor", time_s=np.arange(2000) / 25, position_enu_m=noise, velocity_enu_m_s=noise)
    take = Take(slate=Slate(title="Dusk", scene="1", take=1, picture_rate=Fraction(24)), bodies=(body,))
    with pytest.raises(WriteError, match=r"a\.take: cannot be written"):
        write_take(take, tmp_path / "a.take")
    assert not os.listdir(tmp_path)


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(WriteError, match="b"):
        write_text(tmp_path / "a" / "b", "")


def test_trying_leaves_everything_as_it_was(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.txt", "before")
    can_write(path)
    can_write(tmp_path / "new" / "b.txt")
    assert path.read_text() == "before"
    assert os.listdir(tmp_path / "new") == []
    for wrong in (path / "under-a-file.txt", tmp_path / "new"):
        with pytest.raises(WriteError, match=str(wrong)):
            can_write(wrong)


def test_a_device_or_a_pipe_is_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for target in (pipe, Path(os.devnull)):
        for write in (can_write, lambda path: write_text(path, "take")):
            with pytest.raises(WriteError, match="no ordinary file"):
                write(target)
    assert pipe.is_fifo()
    assert not Path(os.devnull).is_file()


def _member(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_what_is_packed_comes_out_whole_in_pieces(size: int) -> None:
    plain = bytes(range(256)) * 20
    for packed in (
        _member(plain),
        _member(plain[:99]) + _member(b"") + _member(plain[99:]),
        _member(plain) + bytes(512),  # padded, as tapes are
    ):
        pieces = list(unpacked(io.BytesIO(packed), size))
        assert b"".join(pieces) == plain
        assert max(map(len, pieces)) <= size


@pytest.mark.parametrize(
    ("packed", "says"),
    [
        (_member(b"take" * 100)[:-9], "cut short"),
        (_member(b"take")[:5], "cut short"),
        (_member(b"take") + b"more", "cannot be unpacked"),
        (_member(b"take")[:-8] + bytes(8), "cannot be unpacked"),
        (_member(b"take") + _member(b"") * 10_000, "more than 10,000 parts"),
        (b"\x1f\x8b\x08\x08" + bytes(6) + b"a" * 300_000, "cut short"),  # a name without an end
    ],
    ids=range(6),
)
def test_what_is_packed_badly_is_refused(packed: bytes, says: str) -> None:
    with pytest.raises(ReadError, match=says):
        list(unpacked(io.BytesIO(packed), 1 << 16))


def test_a_full_disk_is_told_in_the_same_words_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    body = Trace(
        name="actor",
        time_s=np.arange(2.0),
        position_enu_m=np.zeros((2, 3)),
        velocity_enu_m_s=np.zeros((2, 3)),
    )
    take = Take(slate=Slate(title="Dusk", scene="1", take=1, picture_rate=Fraction(24)), bodies=(body,))
    monkeypatch.setattr("os.fsync", full)
    for write in (
        lambda: write_text(tmp_path / "a", "take"),
        lambda: write_take(take, tmp_path / "a"),
        lambda: new_example(tmp_path / "new"),
    ):
        with pytest.raises(WriteError, match="the disk is full: make room on it, or name another place"):
            write()
