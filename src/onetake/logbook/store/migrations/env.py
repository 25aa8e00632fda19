"""Runs the upgrades on the connection that `opening` holds, inside its transaction: all of them, or none."""

from __future__ import annotations

from alembic import context

from onetake.logbook.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
