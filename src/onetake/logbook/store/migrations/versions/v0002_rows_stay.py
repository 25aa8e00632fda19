"""Rows stay as they were written: the database itself refuses to change or remove one, whoever asks."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

_TABLES = ("log_file", "jump", "jump_file", "event", "problem", "superseded")
_WHY = "rows of a ledger are neither changed nor removed; add one that supersedes"


def upgrade() -> None:
    """Set a guard on each table."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(
            "CREATE FUNCTION rows_stay() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_WHY}'; END $$"
        )
    for table in _TABLES:
        for act in ("UPDATE", "DELETE") if sqlite else ("UPDATE OR DELETE OR TRUNCATE",):
            name = f"{table}_{act.split(' ', maxsplit=1)[0].lower()}"
            done = f"BEGIN SELECT RAISE(ABORT, '{_WHY}'); END" if sqlite else "EXECUTE FUNCTION rows_stay()"
            each = "" if sqlite else "FOR EACH STATEMENT "
            op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} {each}{done}")
