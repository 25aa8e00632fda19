"""Where the ledgers of the tests are: in a file, and on a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import servers


@pytest.fixture(scope="session")
def server() -> Iterator[servers.Server]:
    """A PostgreSQL server for all tests of this run."""
    if why := servers.missing():
        pytest.skip(why)
    with servers.postgres() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a ledger that is not there yet."""
    if request.param == "sqlite":
        return str(tmp_path / "kept" / "ledger.db")
    running: servers.Server = request.getfixturevalue("server")
    return running.fresh()
