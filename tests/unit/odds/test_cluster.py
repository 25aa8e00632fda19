"""A real scheduler and two real workers over loopback: the same bits, whoever dies; one message for whatever is wrong."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from ctypes import string_at
from pathlib import Path

import pytest

from onetake.api.odds import odds_record
from onetake.api.stage import Stage
from onetake.errors import ClusterError, MissingExtraError, UnfinishedError
from onetake.odds.chunks import Work
from onetake.odds.engines import check, dask, opened
from onetake.odds.monte import Ask, run_odds
from onetake.odds.summary import Odds
from onetake.odds.tally import FlyAndCount

pytest.importorskip("distributed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # theirs are not ours to answer for
TAKES = 1100
PACKAGE = Path(__file__).resolve().parents[3] / "src" / "onetake"
Process = subprocess.Popen[bytes]


def told(odds: Odds, *but: str) -> str:
    record = odds_record(odds)
    but = ("engine", "wall_s", "takes_per_s", *but)
    return json.dumps({key: record[key] for key in record if key not in but})


class Cluster:
    """One scheduler, and workers that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.processes = folder, []
        self.file = folder / "scheduler.json"
        # should this process be killed, they end by themselves
        alone = ("--idle-timeout", "60s")
        self.scheduler = self.start("scheduler", "--port", "0", "--scheduler-file", str(self.file), *alone)
        while not self.file.exists():
            assert self.scheduler.poll() is None
            time.sleep(0.05)
        self.engine = f"dask:{json.loads(self.file.read_text())['address']}"

    def worker(self, **env: str) -> Process:
        """Start a worker of one thread, which nobody starts again."""
        return self.start(
            "worker", "--scheduler-file", str(self.file), "--nthreads", "1", "--no-nanny", "--local-directory",
            str(self.folder), "--death-timeout", "60", **env,
        )  # fmt: skip

    def start(self, kind: str, *args: str, **env: str) -> Process:
        command = [
            sys.executable,
            "-m",
            f"distributed.cli.dask_{kind}",
            "--host",
            "127.0.0.1",
            "--no-dashboard",
        ]
        with (self.folder / f"{kind}.log").open("ab") as log:
            process = subprocess.Popen([*command, *args], stdout=log, stderr=log, env=os.environ | env)
        self.processes.append(process)
        return process

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    yield made
    made.end()


@pytest.fixture(scope="module")
def workers(cluster: Cluster) -> tuple[Process, Process]:
    return cluster.worker(), cluster.worker()


@pytest.fixture(scope="module")
def work(two_way: Stage) -> Work:
    return two_way.work(8)


@pytest.fixture(scope="module")
def expected(work: Work) -> str:
    return told(run_odds(work, Ask(takes=TAKES, engine="here")))


def once(act: Callable[[], None]) -> Callable[[str, float, float], None]:
    """Does something when the first takes are counted."""
    done = []

    def tell(what: str, counted: float, total: float) -> None:
        if what == "flying" and counted > 0 and not done:
            done.append(True)
            act()

    return tell


def test_a_worker_killed_in_mid_run_changes_no_bit(
    cluster: Cluster, workers: tuple[Process, Process], work: Work, expected: str
) -> None:
    killed: list[float] = []

    def kill() -> None:
        assert workers[0].poll() is None
        workers[0].send_signal(signal.SIGKILL)
        workers[0].wait()
        killed.append(time.monotonic())

    odds = run_odds(work, Ask(takes=TAKES, engine=cluster.engine, tell=once(kill)))
    assert killed
    assert odds.engine == cluster.engine
    assert told(odds) == expected


def test_a_result_is_small_however_many_takes_it_is_of(work: Work) -> None:
    import pickle
    import zlib

    tally = FlyAndCount(work=work)(1, 256)
    for _ in range(12):
        tally += tally
    assert tally.takes == 256 << 12
    assert len(zlib.compress(pickle.dumps(tally, protocol=5))) < 10_000
    packed = zlib.compress(pickle.dumps(FlyAndCount(work=work), protocol=5))
    assert len(packed) < 40_000
    assert b"numba" not in zlib.decompress(packed)


def test_a_worker_with_other_software_is_named_and_nothing_is_counted(
    cluster: Cluster, workers: tuple[Process, Process], work: Work, tmp_path: Path
) -> None:
    shutil.copytree(PACKAGE, tmp_path / "onetake", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "onetake" / "judge" / "kernel.py").open("a") as stream:
        stream.write("# another word\n")

    other = cluster.worker(PYTHONPATH=str(tmp_path))
    try:
        with pytest.raises(ClusterError, match="has other software") as error:
            get_ready(cluster, FlyAndCount(work=work))
        there, here = str(error.value).splitlines()[1:]
        assert there.split("text ")[1][:12] != here.split("text ")[1][:12]
    finally:
        other.kill()
        other.wait()


def test_a_scheduler_that_goes_away_costs_nothing_counted(
    cluster: Cluster, workers: tuple[Process, Process], work: Work, expected: str, tmp_path: Path
) -> None:
    """The last one here: nothing is left of the cluster."""
    ask = Ask(
        takes=TAKES, engine=cluster.engine, tell=once(cluster.scheduler.kill), run_file=tmp_path / "a.run"
    )
    with pytest.raises(UnfinishedError, match=r"of 1,100 takes are counted; kept in .*a\.run") as error:
        run_odds(work, ask)
    so_far = error.value.so_far
    assert 0 < so_far.takes < so_far.asked == TAKES
    asked_for = run_odds(work, Ask(takes=so_far.takes, engine="threads:2"))
    assert told(so_far, "takes_asked", "complete") == told(asked_for, "takes_asked", "complete")
    # and goes on from there elsewhere
    assert told(run_odds(work, Ask(takes=TAKES, engine="threads", run_file=tmp_path / "a.run"))) == expected


def test_a_cluster_without_workers_without_onetake_and_with_takes_that_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    monkeypatch.setattr(dask, "NO_WORKER_S", 1.0)
    frail = Cluster(tmp_path)
    try:
        with pytest.raises(ClusterError, match=r"has had no worker for 1 s; start some with: dask worker"):
            get_ready(frail, string_at)
        monkeypatch.setattr(dask, "NO_WORKER_S", 60.0)
        (tmp_path / "onetake").mkdir()
        (tmp_path / "onetake" / "__init__.py").touch()
        bare = frail.worker(PYTHONPATH=str(tmp_path))
        with pytest.raises(
            ClusterError, match=r"cannot load this onetake \(No module named 'onetake.odds'\)"
        ):
            get_ready(frail, max)
        bare.kill()
        worker = frail.worker()
        with pytest.raises(ClusterError, match="takes 1 to 1 killed every worker that flew them"):
            get_ready(frail, string_at)  # reads address 1: a worker that breaks down as a bad kernel would
        assert worker.wait(60) < 0
    finally:
        frail.end()


def get_ready(cluster: Cluster, task: Callable[[int, int], object]) -> None:
    """Again and again, until whoever is awaited has joined and what was killed has left."""
    ends = time.monotonic() + 120
    while time.monotonic() < ends:
        with opened(cluster.engine, task, lambda *_: None):
            time.sleep(0.2)


@pytest.mark.parametrize(
    ("where", "says"),
    [("nowhere", "is not the address of a dask scheduler; write it as dask:HOST:8786"),
     ("127.0.0.1", "is not the address"), ("127.0.0.1:99999", "is not the address"),
     ("smoke://127.0.0.1:8786", "no dask scheduler answers")],
)  # fmt: skip
def test_an_address_that_is_none(where: str, says: str) -> None:
    with pytest.raises(ClusterError, match=says):
        check(f"dask:{where}")


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.0 400 Bad Request\r\n\r\n"], ids=["mute", "web"])
def test_who_speaks_another_language_is_not_waited_for(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask, "ANSWER_S", 1.0)
    kept: list[socket.socket] = []

    def serve() -> None:
        kept.append(server.accept()[0])
        kept[0].sendall(answer)

    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(ClusterError, match="no dask scheduler answers"):
            check(f"dask:127.0.0.1:{server.getsockname()[1]}")
        thread.join()
        kept[0].close()
    assert time.monotonic() - began < 15


def test_without_dask_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'onetake\[cluster\]'"):
        check("dask")
