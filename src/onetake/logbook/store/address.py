"""Where the ledger is: a file, or a PostgreSQL server by address."""

from __future__ import annotations

import getpass
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from onetake.errors import LedgerError

VARIABLE = "ONETAKE_LEDGER"
FORM = "postgresql://USER@HOST:5432/DATABASE"
_POSTGRESQL = ("postgresql", "postgres")
_SECURITY = ("disable", "prefer", "require", "verify-full")


@dataclass(frozen=True, slots=True)
class File:
    """A ledger in an SQLite file."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A ledger in a database of a PostgreSQL server. `sslmode` as PostgreSQL's own programs take it."""

    host: str
    port: int
    database: str
    user: str
    password: str | None = field(repr=False)
    sslmode: str

    def __str__(self) -> str:
        """The address without its password."""
        return f"postgresql://{self.user}@{self.host}:{self.port}/{self.database}"


Address = File | Server


def ledger_address(asked: str | os.PathLike[str] | None = None) -> Address:
    """What was asked for; else what ONETAKE_LEDGER says; else `ledger.db` where this system keeps a user's data.

    Raises LedgerError for an address that cannot be one.
    """
    text = os.fspath(asked) if asked is not None else os.environ.get(VARIABLE, "")
    if not text:
        return File(_data_folder() / "onetake" / "ledger.db")
    if "://" not in text:
        return File(Path(text).expanduser())
    return _server(text)


def _data_folder() -> Path:
    """Windows: Local AppData; macOS: Application Support; elsewhere as the XDG base directory specification says."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def _server(text: str) -> Server:
    kind = text.split("://", maxsplit=1)[0]
    if kind not in _POSTGRESQL:
        raise LedgerError(f"a ledger is a file or {FORM}; nothing is known of {kind}://")
    try:
        parts = urlsplit(text)
        port = parts.port or 5432
        extra = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise LedgerError(f"the ledger's address cannot be read ({error}); write {FORM}") from error
    sslmode = extra.pop("sslmode", "prefer")
    database = unquote(parts.path.removeprefix("/"))
    if not parts.hostname or not database or "/" in database:
        raise LedgerError(f"the ledger's address must name a host and a database: {FORM}")
    if sslmode not in _SECURITY or extra:
        raise LedgerError(f"behind the ledger's address may stand only ?sslmode={' | '.join(_SECURITY)}")
    return Server(
        host=parts.hostname,
        port=port,
        database=database,
        user=unquote(parts.username) if parts.username else os.environ.get("PGUSER") or getpass.getuser(),
        password=unquote(parts.password) if parts.password else os.environ.get("PGPASSWORD"),
        sslmode=sslmode,
    )
