"""Identity: which software a process flies with, and which takes a piece of work stands for.

Odds may only be added up where both agree. Kept short, so that a message can show both sides.
"""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from onetake.fly.flight import start
from onetake.fly.state import LANES
from onetake.odds.chunks import Work, causes
from onetake.odds.draws import draw

# a change in any of these may change the last bit of a take
_BUILT_ON = ("numpy", "scipy", "numba", "llvmlite")


@cache
def software() -> str:
    """onetake's version and the digest of its whole text (the kernels' too), Python's, and those it is built on."""
    built_on = ", ".join(f"{name} {_version(name)}" for name in _BUILT_ON)
    python = ".".join(str(part) for part in sys.version_info[:2])
    text = text_of(Path(__file__).parents[1])[:12]
    return f"onetake {_version('onetake')} (text {text}), Python {python}, {built_on}"


def text_of(package: Path) -> str:
    """Digest of all code and data of the package in a folder."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        place = path.relative_to(package)
        # a wheel brings the examples along, a checkout has them elsewhere
        if path.suffix in (".py", ".toml") and place.parts[0] != "examples":
            digest.update(place.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def takes_of(work: Work) -> str:
    """Digest of all that decides a take: the first sixteen as they stand in the aircraft, the world, and the judge.

    Two shot files that differ in words only have the same takes. The seed is not in it.
    """
    scenario, bench = work.scenario, work.bench
    flight = start(scenario, draw(scenario, work.spread, 1, np.arange(1, LANES + 1)))
    digest = hashlib.sha256()
    for array in (
        flight.states, flight.errors, flight.delays, scenario.air, scenario.common, scenario.panels,
        scenario.capsules, bench.rows, bench.beats, bench.outline, bench.glass.table, work.spread.factor,
    ):  # fmt: skip
        digest.update(f"{array.dtype} {array.shape};".encode() + np.ascontiguousarray(array).tobytes())
    names = [one.name for one in bench.scored]
    said = (names, causes(bench), scenario.first_tick, scenario.shot.opening.landing_within_m)
    digest.update(repr(said).encode())
    return digest.hexdigest()[:16]
