"""Alembic's folder: how a ledger of any version becomes one of the newest. `opening` runs it."""
