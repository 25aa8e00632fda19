"""What all tests share: where the reference data lies, and the two examples, planned once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from against.published import data_folder
from hypothesis import settings

# machines differ in speed; a law is about what is true, not about when
settings.register_profile("onetake", deadline=None)
settings.load_profile("onetake")

if TYPE_CHECKING:
    from onetake.api.stage import Stage

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data, beside the checkout or named by ONETAKE_SHARED."""
    folder = data_folder()
    if folder is None:
        pytest.skip("reference data not found beside the checkout; set ONETAKE_SHARED to its data folder")
    return folder


@pytest.fixture(scope="session")
def halo() -> Stage:
    """The dusk jump of the examples, planned and ready to be flown and judged."""
    return _stage("halo")


@pytest.fixture(scope="session")
def two_way() -> Stage:
    """The sport jump of the examples, planned and ready to be flown and judged."""
    return _stage("two-way")


def _stage(example: str) -> Stage:
    from onetake.api.stage import set_stage  # loads the compiler; most tests need none

    return set_stage(EXAMPLES / example / "shot.toml")
