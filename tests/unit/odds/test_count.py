"""A count can be cut short, kept and continued, and is then as good as one that was not."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from onetake.errors import ClusterError, InputError, ReadError, WriteError
from onetake.odds import runfile
from onetake.odds.count import TRIAL, Counted, Interrupted, Need, count
from onetake.odds.runfile import RunFile

IDENTITY = {"software": "this one", "seed": "1"}


@dataclass(frozen=True)
class Sum:
    """So many takes, and the sum of the squares of their numbers."""

    takes: int
    squares: int

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.takes + other.takes, self.squares + other.squares)


def task(first: int, some: int) -> Sum:
    return Sum(some, sum(number * number for number in range(first, first + some)))


def silent(what: str, done: float, total: float) -> None:
    pass


def after(takes: int, act: Callable[[], None]) -> Callable[[str, float, float], None]:
    """Does something once so many takes are counted."""

    def tell(what: str, done: float, total: float) -> None:
        if what == "flying" and done >= takes:
            act()

    return tell


def raising(error: BaseException) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


def kept(path: Path, **identity: str) -> RunFile[Sum]:
    return RunFile(path, IDENTITY | identity, vars, lambda record: Sum(**record))


@pytest.fixture(autouse=True)
def kept_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runfile, "EVERY_S", -1.0)


@pytest.mark.parametrize("engine", ["here", "threads:2"])
def test_all_takes_are_counted_once(engine: str) -> None:
    counted = count(task, takes=1000, engine=engine, tell=silent)
    assert counted.total == task(1, 1000)
    assert (counted.asked, counted.trial, counted.flown_now, counted.cut) == (1000, 0, 1000, None)


@pytest.mark.parametrize("engine", ["here", "threads:2"])
@pytest.mark.parametrize("error", [KeyboardInterrupt(), ClusterError("gone")])
def test_what_was_counted_when_it_was_cut_short_is_of_the_first_takes(
    engine: str, error: BaseException
) -> None:
    counted = count(task, takes=1000, engine=engine, tell=after(300, raising(error)))
    assert counted.cut is error
    assert 300 <= counted.total.takes < 1000
    assert counted.total == task(1, counted.total.takes)


def test_nothing_counted_is_nothing_to_show() -> None:
    with pytest.raises(KeyboardInterrupt):
        count(task, takes=1000, engine="here", tell=after(0, raising(KeyboardInterrupt())))


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(), MemoryError()])
def test_a_count_continued_ends_as_one_never_stopped(error: BaseException, tmp_path: Path) -> None:
    path, flown = tmp_path / "a.run", []

    def watched(first: int, some: int) -> Sum:
        flown.append(first)
        return task(first, some)

    with suppress(SystemExit, MemoryError):  # Ctrl-C is answered; anything else is as if the machine had gone
        count(watched, takes=1000, engine="here", tell=after(500, raising(error)), run_file=kept(path))
    again: Counted[Sum] = count(watched, takes=1000, engine="here", tell=silent, run_file=kept(path))
    assert again.total == task(1, 1000)
    assert again.flown_now == 1000 - 512
    assert flown == [1, 1, 257, 1, 513, 769]  # the lone first takes only compile
    assert count(watched, takes=1000, engine="here", tell=silent, run_file=kept(path)).flown_now == 0


def test_more_takes_may_be_asked_for_fewer_not(tmp_path: Path) -> None:
    path = tmp_path / "a.run"
    count(task, takes=500, engine="here", tell=silent, run_file=kept(path))
    assert count(task, takes=700, engine="here", tell=silent, run_file=kept(path)).total == task(1, 700)
    with pytest.raises(InputError, match="holds 700 takes, more than 600"):
        count(task, takes=600, engine="here", tell=silent, run_file=kept(path))


@pytest.mark.parametrize(
    ("identity", "says"),
    [({"seed": "2"}, "seed: 1 there, 2 here"), ({"software": "another"}, "software: this one there, another"),
     ({"against": "x"}, "against: none there, x here")],
)  # fmt: skip
def test_other_takes_are_refused(identity: dict[str, str], says: str, tmp_path: Path) -> None:
    path = tmp_path / "a.run"
    count(task, takes=300, engine="here", tell=silent, run_file=kept(path))
    before = path.read_bytes()
    with pytest.raises(InputError, match=says):
        count(task, takes=300, engine="here", tell=silent, run_file=kept(path, **identity))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"\x00\xff", b"[" * 100_000, b'{"schema": "onetake.odds-run/2", "body": {}}', b'"x"', b"NaN",
     b'{"schema": "onetake.odds-run/1", "body": {"of": {}, "result": null}}'],
)  # fmt: skip
def test_what_is_no_run_file_is_refused_and_left_alone(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.run"
    path.write_bytes(content)
    with pytest.raises(ReadError, match=r"a\.run: "):
        count(task, takes=300, engine="here", tell=silent, run_file=kept(path))
    assert path.read_bytes() == content


def test_a_changed_number_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "a.run"
    count(task, takes=300, engine="here", tell=silent, run_file=kept(path))
    whole = json.loads(path.read_text())
    assert whole["body"]["result"] == {"takes": 300, "squares": task(1, 300).squares}
    path.write_text(path.read_text().replace('"takes": 300', '"takes": 299'))
    with pytest.raises(ReadError, match="checksum"):
        count(task, takes=300, engine="here", tell=silent, run_file=kept(path))


def test_a_place_that_cannot_be_written_is_told_before_anything_is_flown(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match="cannot be written"):
        count(task, takes=300, engine="here", tell=silent, run_file=kept(tmp_path / "file" / "a.run"))


def test_a_disk_that_fills_up_costs_the_run_file_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.run"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    fill = after(500, lambda: monkeypatch.setattr("os.fsync", full))
    counted = count(task, takes=1000, engine="here", tell=fill, run_file=kept(path))
    assert counted.total == task(1, 1000)
    assert isinstance(counted.cut, WriteError)
    monkeypatch.undo()
    assert kept(path).read() == task(1, 512)  # as it stood


@pytest.mark.parametrize("takes", [0, -5, 1_000_000_001, 10**30])
def test_a_number_that_cannot_be_flown(takes: int) -> None:
    with pytest.raises(InputError, match="cannot be flown; ask for 1 to 1,000,000,000"):
        count(task, takes=takes, engine="here", tell=silent)


def test_trial_takes_are_others_and_are_not_counted() -> None:
    tried: list[Sum] = []

    def enough(trial: Sum) -> int | None:
        tried.append(trial)
        return 700 if trial.takes >= 400 else None

    need = Need(first_trial=100, enough=enough)
    counted = count(task, takes=10_000, engine="here", tell=silent, need=need)
    assert tried == [task(TRIAL, 100), task(TRIAL, 200), task(TRIAL, 400)]
    assert counted.total == task(1, 700)
    assert (counted.asked, counted.trial) == (700, 400)
    assert count(task, takes=600, engine="here", tell=silent, need=need).total == task(1, 600)
    assert count(task, takes=150, engine="here", tell=silent, need=need).total == task(1, 150)


def test_an_interruption_carries_what_there_is() -> None:
    error = Interrupted("stopped", 42)
    assert isinstance(error, KeyboardInterrupt)
    assert (str(error), error.so_far) == ("stopped", 42)
