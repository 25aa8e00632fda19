"""A PostgreSQL server of one's own: in a folder that is thrown away, on loopback, ended by its own pid."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pg8000

USER, PASSWORD = "onetake_test", "not a secret: =@:/ä"
START_S = 60.0


def program(name: str) -> str | None:
    """Where a program of PostgreSQL is; Debian keeps them off the path."""
    beside = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return shutil.which(name) or next(map(str, beside), None)


def missing() -> str:
    """Why no server can be had; empty where one can."""
    if os.name == "nt":
        return "the tests start PostgreSQL as Unix does"
    return "" if program("postgres") and program("initdb") else "PostgreSQL is not installed here"


class Server:
    """A running server. It refuses to run as root, so there it runs as somebody who owns nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._names, self._shared = folder, count(1), ""
        self._as: dict[str, object] = {"env": {**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8"}}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            self._as |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        password = folder / "password"
        password.write_text(PASSWORD, "utf-8")
        password.chmod(0o644)
        self._run(
            "initdb", "-D", "data", "-U", USER, "--auth=password", f"--pwfile={password}", "-E", "UTF8", "--no-sync"
        )  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.start()

    def _run(self, name: str, *args: str) -> None:
        subprocess.run(
            [str(program(name)), *args], cwd=self.folder, check=True, capture_output=True, timeout=START_S, **self._as
        )  # type: ignore[call-overload]  # fmt: skip

    def start(self) -> None:
        """Start it, again on the port it had."""
        settings = {
            "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off", "shared_buffers": "16MB",
            "max_connections": "40", "logging_collector": "off", "default_transaction_isolation": "serializable",
        }  # fmt: skip
        for _ in range(5):
            self.port = self.port or _free_port()
            options = [
                part
                for key, value in {**settings, "port": self.port}.items()
                for part in ("-c", f"{key}={value}")
            ]
            log = (self.folder / "log").open("ab")
            with log:
                self._process = subprocess.Popen(
                    [str(program("postgres")), "-D", "data", *options], cwd=self.folder, stdout=log, stderr=log, **self._as
                )  # type: ignore[call-overload]  # fmt: skip
            if self._answers():
                return
            self.port = 0
        raise RuntimeError((self.folder / "log").read_text()[-2000:])

    def _answers(self) -> bool:
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            assert self._process is not None
            if self._process.poll() is not None:
                return False
            try:
                self.connection().close()
            except (pg8000.Error, OSError):
                time.sleep(0.05)
            else:
                return True
        return False

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT lets it tidy up, SIGQUIT is as if the power had gone."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=START_S)
            self._process = None

    def connection(self, database: str = "postgres") -> pg8000.Connection:
        """A connection of its owner."""
        return pg8000.connect(
            USER, host="127.0.0.1", port=self.port, password=PASSWORD, database=database, timeout=30, ssl_context=False
        )  # fmt: skip

    def database(self) -> str:
        """The name of a new, empty database."""
        name = f"jumps_{next(self._names)}"
        self.do(f"CREATE DATABASE {name}")
        return name

    def fresh(self) -> str:
        """The address of a ledger that is not there yet, always in the same database: making one takes long."""
        if not self._shared:
            self._shared = self.database()
        self.do("DROP SCHEMA IF EXISTS onetake CASCADE", self._shared)
        return self.address(self._shared)

    def do(self, statement: str, database: str = "postgres") -> None:
        """Run one statement as the owner."""
        connection = self.connection(database)
        connection.autocommit = True
        connection.cursor().execute(statement)
        connection.close()

    def address(self, database: str, password: str | None = PASSWORD) -> str:
        """As `--ledger` takes it."""
        from urllib.parse import quote

        secret = "" if password is None else f":{quote(password, safe='')}"
        return f"postgresql://{USER}{secret}@127.0.0.1:{self.port}/{database}"


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def postgres() -> Iterator[Server]:
    """A server that is gone again afterwards, whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="onetake-postgres-"))
    try:
        server = Server(folder)
        try:
            yield server
        finally:
            server.stop(signal.SIGQUIT)  # at once; it is thrown away
    finally:
        shutil.rmtree(folder, ignore_errors=True)
