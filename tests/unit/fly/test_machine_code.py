"""The kernels are wide in machine code: every loop over lanes vectorises, in single precision.

Each way of losing this is silent and costs two to ten times the speed: a Python float, a place in the state handed over
as an argument, a helper that is not inlined, an array that may overlap another.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from onetake.compiled import FLAGS

ARITHMETIC = r"\sv(?:fn?m(?:add|sub)\w*|mul|add|sub|div|sqrt|min|max)"
WIDE, NARROW = re.compile(ARITHMETIC + r"ps\s.*%[yz]mm"), re.compile(ARITHMETIC + r"ss\s")
DOUBLE = re.compile(ARITHMETIC + r"[ps]d\s|\svcvt[ps]s2[ps]d\s")

# of each block the share of its arithmetic that must be wide: loops that gather from a table or the ring are not, and
# loops over several arrays stand there once more, unrolled up to five times, in case the arrays overlap
PURE, GATHERING, SEVERAL = 0.95, 0.6, 0.2
BLOCKS = {
    "steps": GATHERING, "look_up": SEVERAL, "operator_body": PURE, "subject_body": PURE, "phases": PURE, "pilots": PURE, "senses": GATHERING,
    "glides": GATHERING, "pairs": PURE, "collisions": GATHERING, "judge_signals": PURE, "judge_outline": PURE,
    "judge_take": PURE, "judge_rows": SEVERAL, "judge_window": SEVERAL,
}  # fmt: skip

# compiled anew in a process of its own: numba keeps no listing of what it took from its cache
LISTINGS = """
import json, re, sys
from onetake.api import warm
from onetake.api.stage import set_stage
from onetake.fly import kernel as fly
from onetake.judge import kernel as judge
from onetake.odds.chunks import fly_chunk
warm.start = lambda: False  # all of it in this process
fly_chunk(set_stage(sys.argv[1]).work(1), 1, 1)
blocks = {**vars(judge), **vars(fly)}
told = {}
for name in sys.argv[2:]:
    block = blocks[name]
    # without what wraps a block for Python, whose numbers are double
    texts = (block.inspect_asm(signature) for signature in block.signatures)
    told[name] = "\\n".join(re.split(r"(?m)^_ZN7cpython\\S*:", text)[0] for text in texts)
json.dump(told, sys.stdout)
"""

pytestmark = pytest.mark.skipif(
    platform.machine().lower() not in ("x86_64", "amd64"),
    reason="the instructions counted here are those of x86-64",
)


@pytest.fixture(scope="module")
def listings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Machine code of every block of BLOCKS."""
    example = Path(__file__).resolve().parents[3] / "examples" / "halo" / "shot.toml"
    cold = os.environ | {"ONETAKE_CACHE": str(tmp_path_factory.mktemp("cold")), "ONETAKE_COMPILES": "1"}
    found = subprocess.run(
        [sys.executable, "-c", LISTINGS, str(example), *BLOCKS], capture_output=True, text=True, env=cold, check=False
    )  # fmt: skip
    assert found.returncode == 0, found.stderr[-2000:]
    told: dict[str, str] = json.loads(found.stdout)
    return told


@pytest.mark.slow
@pytest.mark.parametrize("name", BLOCKS)
def test_loops_over_lanes_are_wide_and_single(listings: dict[str, str], name: str) -> None:
    """A vectorised loop stands twice in the listing, wide and for what is left over; one that is not, once."""
    text = listings[name]
    wide, narrow = len(WIDE.findall(text)), len(NARROW.findall(text))
    assert wide > 0
    assert wide >= BLOCKS[name] * narrow, f"{name}: {wide} wide and {narrow} narrow instructions"
    assert not DOUBLE.findall(text), f"{name} computes in double precision"


@pytest.mark.slow
def test_the_dynamics_are_as_much_as_they_were(listings: dict[str, str]) -> None:
    """Two bodies, two steps a tick, two evaluations a step: less wide arithmetic would mean that a part was lost."""
    wide = sum(len(WIDE.findall(listings[name])) for name in ("operator_body", "subject_body"))
    assert wide > 2000


def test_the_count_sees_what_is_not_wide() -> None:
    """The same count on a loop that cannot vectorise, and on one in double precision."""
    from numba import njit

    one = np.float32(1)

    @njit(fastmath=FLAGS)
    def chained(x: Any) -> Any:
        for i in range(1, x.shape[0]):
            x[i] = one / (x[i - 1] + x[i] * x[i - 1])

    @njit(fastmath=FLAGS)
    def doubled(x: Any) -> Any:
        for i in range(x.shape[0]):
            x[i] = x[i] * x[i] + 0.1

    for kernel in (chained, doubled):
        kernel(np.ones(64, np.float32))
    text = chained.inspect_asm(chained.signatures[0])
    assert len(WIDE.findall(text)) < 0.5 * len(NARROW.findall(text))
    assert DOUBLE.findall(doubled.inspect_asm(doubled.signatures[0]))
