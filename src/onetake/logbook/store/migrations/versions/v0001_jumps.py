"""The first ledger: files, jumps, events, problems, and what supersedes what.

Written out in full, as tables.py goes on to say what the newest ledger holds.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_APPLICATION = 0x6F6E6574  # "onet" in the head of an SQLite file; `opening` knows its own by it


def _jump() -> sa.Column[int]:
    return sa.Column("jump", sa.Integer, sa.ForeignKey("jump.number"), primary_key=True, autoincrement=False)


def _place() -> sa.Column[int]:
    return sa.Column("place", sa.Integer, primary_key=True, autoincrement=False)


def upgrade() -> None:
    """Make the tables."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"PRAGMA application_id = {_APPLICATION}")
    op.create_table(
        "log_file",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("packed", sa.LargeBinary),
    )
    op.create_table(
        "jump",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("added_utc_s", sa.Double, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("read_by", "format")),
        *(sa.Column(name, sa.Text) for name in ("recording", "device", "session")),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("rows", "dropped")),
        *(sa.Column(name, sa.Double) for name in ("rate_hz", "from_utc_s", "to_utc_s", "freefall_s")),
        *(sa.Column(name, sa.Double) for name in ("max_descent_m_s", "best_3s_descent_m_s", "ground_msl_m")),
        *(sa.Column(name, sa.Text) for name in ("clock", "sensors")),
        sa.UniqueConstraint("content", "revision", name="one_row_for_each_revision"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "jump_file",
        _jump(),
        _place(),
        sa.Column("digest", sa.String(64), sa.ForeignKey("log_file.digest"), nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.create_table(
        "event",
        _jump(),
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("utc_s", sa.Double, nullable=False),
        sa.Column("altitude_msl_m", sa.Double),
        sa.Column("sigma_s", sa.Double),
    )
    op.create_table(
        "problem",
        _jump(),
        _place(),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "superseded",
        _jump(),
        sa.Column("by_jump", sa.Integer, sa.ForeignKey("jump.number"), nullable=False, index=True),
    )
