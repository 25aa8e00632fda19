"""What all tests share: where the reference data lies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data, beside the checkout or named by ONETAKE_SHARED."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("ONETAKE_SHARED", beside))
    folder = folder / "data" if (folder / "data").is_dir() else folder
    if not folder.is_dir():
        pytest.skip(f"reference data not found at {folder}; set ONETAKE_SHARED to its data folder")
    return folder
