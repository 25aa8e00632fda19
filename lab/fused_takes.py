"""How right the verdicts of rehearsed takes are: fly, log, film, read back, fuse, judge, and compare with what was true.

    uv run python lab/fused_takes.py halo 40        takes 1 to 40
    uv run python lab/fused_takes.py halo 40 41     takes 41 to 80

The test of the same loop (tests/drills/test_rehearsed.py) flies fewer.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests" / "samples"))

import numpy as np  # noqa: E402  # the samples stand beside the tests
import rehearsals  # noqa: E402

from onetake.api.stage import set_stage  # noqa: E402

ALONE = 8  # takes whose logs are also judged without their film


def main(example: str, takes: int, first: int = 1) -> None:
    """Print how many verdicts were given, how many right, and where the wrong ones lie."""
    stage = set_stage(ROOT / "examples" / example / "shot.toml")
    bench = rehearsals.bench_of(stage)
    cases, off = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, first + takes):
            found, rms = rehearsals.rehearse(stage, bench, number, Path(folder), alone=number <= ALONE)
            cases += found
            off.append(rms)
    given = [case for case in cases if case.by_film != "cannot tell"]
    right = [case for case in given if case.by_film == case.true]
    far = [case for case in cases if case.off > 4.0]
    told = [case for case in far if case.by_film != "cannot tell"]
    print(
        f"{example}: {takes} takes, {len(cases)} beats; ranges off by {np.nanmedian(off):.2f} of their sigma (rms, median)"
    )
    print(f"  given {len(given)}, right {len(right)} ({len(right) / max(len(given), 1):.1%})")
    pictured = [case for case in given if case.asked in rehearsals.PICTURED]
    print(
        f"  of what only the picture tells: given {len(pictured)} of {sum(case.asked in rehearsals.PICTURED for case in cases)}, "
        f"right {sum(case.by_film == case.true for case in pictured)}"
    )
    print(f"  beyond 4 sigma {len(far)}, told {len(told)} ({len(told) / max(len(far), 1):.1%})")
    for case in given:
        if case.by_film != case.true:
            print(
                f"  wrong: {case.asked}: {case.by_film}, truly {case.true} by {case.off:.1f} sigma (at most {case.most_off:.1f})"
            )
    for case in far:
        if case.by_film == "cannot tell":
            print(
                f"  untold: {case.asked}: truly {case.true} by {case.off:.1f} sigma, {case.margin:.2f} tolerances"
            )
    alone = Counter((case.asked, case.true, case.by_logs) for case in cases if case.by_logs != "not asked")
    print("  by logs alone:", dict(alone))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
