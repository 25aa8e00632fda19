"""Opening a ledger: made where there is none yet, upgraded where it is older, refused where it is none or newer.

Everything happens in one transaction: whoever is killed on the way leaves what was there before.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from onetake.errors import LedgerError
from onetake.files import FULL, why
from onetake.logbook.store.address import Address, File, Server

if TYPE_CHECKING:
    import socket
    import ssl

VERSIONS = ("0001", "0002")  # of the ledger, oldest first; each has its file in migrations/versions
SCHEMA = "onetake"  # of a PostgreSQL database, so that a ledger may live beside other things
_APPLICATION = 0x6F6E6574  # "onet": whose an SQLite file is
_MAGIC = b"SQLite format 3\x00"
_REACH_S, _ANSWER_S = 5.0, 20.0  # to a server; for each of its answers
_WAIT_S = 30.0  # for another writer
_LOCK = 0x6F6E6574616B65  # "onetake"; held by who makes or upgrades a ledger


@contextmanager
def opened(address: Address, *, make: bool = False) -> Iterator[sa.Engine]:
    """A ledger that is there and of this version. Raises LedgerError, which names it, for whatever goes wrong."""
    with _told(address):
        if isinstance(address, File):
            _look_at(address, make)
        engine = _file_engine(address) if isinstance(address, File) else _server_engine(address)
        try:
            _bring_up(engine, address, make)
            yield engine
        finally:
            engine.dispose()


@contextmanager
def _told(address: Address) -> Iterator[None]:
    """Every complaint of the database as one message that names the ledger."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise LedgerError(f"{address}: cannot be used: {_complaint(error.orig)}") from error
    except sqlite3.Error as error:
        raise LedgerError(f"{address}: cannot be used: {_complaint(error)}") from error
    except OSError as error:
        raise LedgerError(f"{address}: cannot be reached ({why(error)})") from error


def _complaint(error: BaseException | None) -> str:
    """In the database's words; PostgreSQL's come as a mapping whose M is the message."""
    if "database or disk is full" in str(error):  # SQLite's words
        return FULL
    said = error.args[0] if error is not None and error.args else error
    return str(said.get("M", said)) if isinstance(said, dict) else str(said)


def _look_at(address: File, make: bool) -> None:
    path = address.path
    if path.is_dir():
        raise LedgerError(f"{path}: is a folder; name the ledger's file in it")
    if not path.exists():
        if not make:
            raise LedgerError(f"{path}: there is no ledger yet; `onetake log add` makes one")
        path.parent.mkdir(parents=True, exist_ok=True)
        return
    with path.open("rb") as stream:
        head = stream.read(len(_MAGIC))
    if head and head != _MAGIC:
        raise LedgerError(f"{path}: is no ledger, but a file of another kind; nothing in it was touched")


def _file_engine(address: File) -> sa.Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(address.path)),
        connect_args={"timeout": _WAIT_S},
    )

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # Python's module begins transactions at the wrong moments
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # what is committed outlives the power

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _server_engine(address: Server) -> sa.Engine:
    # whatever the server's own default is: behind a lock one must see what others committed before it
    return sa.create_engine(
        "postgresql+pg8000://", creator=lambda: _connect(address), isolation_level="READ COMMITTED"
    )


def _connect(address: Server) -> Any:
    """A connection whose tables are the ledger's; nobody is waited for longer than some seconds."""
    import pg8000

    with _reached(address) as reached:
        connection = pg8000.Connection(
            address.user,
            host=address.host,
            password=address.password,
            database=address.database,
            ssl_context=_security(address),
            application_name="onetake",
            sock=reached,
        )
        cursor = connection.cursor()
        cursor.execute(f"SET search_path TO {SCHEMA}")
        connection.commit()
        return connection


def _security(address: Server) -> ssl.SSLContext | bool | None:
    """As pg8000 takes it: False is none; None is what the server has."""
    import ssl

    if address.sslmode in ("disable", "prefer"):
        return False if address.sslmode == "disable" else None
    context = ssl.create_default_context()
    if address.sslmode == "require":
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@contextmanager
def _reached(address: Server) -> Iterator[socket.socket]:
    """A socket to the server, closed again where no connection comes of it."""
    import socket

    reached = socket.create_connection((address.host, address.port), timeout=_REACH_S)
    try:
        reached.settimeout(_ANSWER_S)
        reached.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        yield reached
    except BaseException:
        with suppress(OSError):  # the socket may have become another's, with TLS around it
            reached.shutdown(socket.SHUT_RDWR)
        reached.close()
        raise


def _bring_up(engine: sa.Engine, address: Address, make: bool) -> None:
    """Make or upgrade the ledger where it is not of this version. Two who try at once do it one after the other."""
    with engine.connect() as connection:
        if _version(connection, address) == VERSIONS[-1]:
            return
    if isinstance(address, File):
        _write_ahead(engine)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        version = _version(connection, address)
        if version == VERSIONS[-1]:
            return
        if version is None:
            if not make:
                raise LedgerError(f"{address}: there is no ledger yet; `onetake log add` makes one")
            if connection.dialect.name == "postgresql":
                _make_schema(connection)
        _upgrade(connection)


def _version(connection: sa.Connection, address: Address) -> str | None:
    """The ledger's version; None where there is nothing yet. Raises LedgerError for what is no ledger, or newer."""
    ours, empty = (_in_file if connection.dialect.name == "sqlite" else _on_server)(connection)
    if empty:
        return None
    if not ours:
        raise LedgerError(f"{address}: is no ledger, but a database of something else; nothing was touched")
    version = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if version not in VERSIONS:
        raise LedgerError(
            f"{address}: was made by a newer onetake (ledger version {version}, this one knows up to {VERSIONS[-1]}); "
            "upgrade onetake"
        )
    return str(version)


def _in_file(connection: sa.Connection) -> tuple[bool, bool]:
    """Whether an SQLite file is ours, and whether it is empty."""
    application = connection.exec_driver_sql("PRAGMA application_id").scalar()
    tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
    return application == _APPLICATION, not tables


def _on_server(connection: sa.Connection) -> tuple[bool, bool]:
    """The same of a database: what is in our schema is ours.

    Asked of the catalogue's tables: the functions to_reg… answer from what this connection saw before it had the lock.
    """
    tables = connection.scalars(
        sa.text("SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = :schema"),
        {"schema": SCHEMA},
    ).all()  # fmt: skip
    return "alembic_version" in tables, not tables


def _make_schema(connection: sa.Connection) -> None:
    """The ledger's own, unless somebody with the right to has made it."""
    there = connection.scalar(
        sa.text("SELECT count(*) FROM pg_namespace WHERE nspname = :schema"), {"schema": SCHEMA}
    )
    if not there:
        connection.execute(sa.schema.CreateSchema(SCHEMA))


def _write_ahead(engine: sa.Engine) -> None:
    """Readers and one writer side by side. SQLite does not wait for others here, so this does."""
    until = time.monotonic() + _WAIT_S
    while True:
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise LedgerError(f"{engine.url.database}: cannot be used: {error}") from error
            time.sleep(0.02)
        finally:
            raw.close()


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "onetake.logbook.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, VERSIONS[-1])
