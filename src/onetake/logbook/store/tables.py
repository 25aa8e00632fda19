"""What is in a ledger. Names carry units; times are POSIX seconds of UTC.

log_file     the bytes of each file, once, packed with gzip; found by the SHA-256 of what is packed
jump         one recording of one person; the same content again is a further revision of it
jump_file    from which files a jump was read, and what they were called
event        exit, break_off, opening, end_of_freefall, landing
problem      what is wrong with the log
superseded   which jump takes the place of which
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

EVENTS = ("exit", "opening", "end_of_freefall", "landing", "break_off")  # of a jump, as `inspect` names them

METADATA = MetaData()

LOG_FILE = Table(
    "log_file", METADATA,
    Column("digest", String(64), primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("packed", LargeBinary),
)  # fmt: skip

JUMP = Table(
    "jump", METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("content", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("person", Text),
    Column("added_utc_s", Double, nullable=False),
    Column("read_by", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("recording", Text),
    Column("device", Text),
    Column("session", Text),
    Column("rows", BigInteger, nullable=False),
    Column("dropped", BigInteger, nullable=False),
    Column("rate_hz", Double),
    Column("from_utc_s", Double),
    Column("to_utc_s", Double),
    Column("freefall_s", Double),
    Column("max_descent_m_s", Double),
    Column("best_3s_descent_m_s", Double),
    Column("ground_msl_m", Double),
    Column("clock", Text),
    Column("sensors", Text),
    UniqueConstraint("content", "revision", name="one_row_for_each_revision"),
    sqlite_autoincrement=True,
)  # fmt: skip

JUMP_FILE = Table(
    "jump_file", METADATA,
    Column("jump", Integer, ForeignKey("jump.number"), primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), ForeignKey("log_file.digest"), nullable=False, index=True),
    Column("name", Text, nullable=False),
)  # fmt: skip

EVENT = Table(
    "event", METADATA,
    Column("jump", Integer, ForeignKey("jump.number"), primary_key=True, autoincrement=False),
    Column("name", String(32), primary_key=True),
    Column("utc_s", Double, nullable=False),
    Column("altitude_msl_m", Double),
    Column("sigma_s", Double),
)  # fmt: skip

PROBLEM = Table(
    "problem", METADATA,
    Column("jump", Integer, ForeignKey("jump.number"), primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("slug", Text, nullable=False),
    Column("text", Text, nullable=False),
)  # fmt: skip

SUPERSEDED = Table(
    "superseded", METADATA,
    Column("jump", Integer, ForeignKey("jump.number"), primary_key=True, autoincrement=False),
    Column("by_jump", Integer, ForeignKey("jump.number"), nullable=False, index=True),
)  # fmt: skip
