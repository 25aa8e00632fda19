"""Whatever a file is made of, `onetake` answers it soon, in bounded memory, and by one message where it refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import hostile
import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "two-way" / "shot.toml"
READ_IN_PART = {  # what is honest in them is told
    "flysight1 rows", "flysight1 short lines", "flysight2 commas", "flysight2 rows", "insight semicolons", "dekunu endless line", "tempo stars",
    "tempo sentences of a megabyte", "gpmf payloads", "gpmf streams",
}  # fmt: skip
_CHILD = """
import re, sys, time
from pathlib import Path
from onetake.cli import main
status = main(sys.argv[1:])
# not by getrusage, which begins with the most that the process had that started this one
most = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text()).group(1)
print(f'\\n{status} {time.process_time()} {most}', file=sys.stderr)
"""


def answered(*args: str | Path) -> tuple[int, str]:
    """Exit status and message of a command that took under 5 s and 1 GB, told by the process itself."""
    run = subprocess.run(
        [sys.executable, "-c", _CHILD, *map(str, args)], capture_output=True, text=True, check=True, timeout=120
    )  # fmt: skip
    said, _, told = run.stderr.rstrip().rpartition("\n")
    status, seconds, kilobytes = told.split()
    print(f"{seconds[:4]} s of processor, {int(kilobytes) // 1000} MB: {said[-200:]}")
    assert int(kilobytes) < 1_000_000
    assert float(seconds) < 10.0  # of processor time, twice the limit for a machine that others use too
    assert "Traceback" not in said
    assert len(said) < 3000
    return int(status), said.strip()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory is read in /proc")
@pytest.mark.parametrize("name", hostile.FILES)
def test_a_hostile_file_costs_neither_time_nor_memory(name: str, tmp_path: Path) -> None:
    path = hostile.write(tmp_path / "file", name)
    status, said = answered("inspect", path)
    if name in READ_IN_PART:
        assert (status, said) == (0, "")
        return
    assert status == 2
    assert said.startswith(("file", str(path)))


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory is read in /proc")
@pytest.mark.parametrize("name", ["flysight1 rows", "gpmf streams"])
def test_nor_is_it_judged_for_long(name: str, tmp_path: Path) -> None:
    path = hostile.write(tmp_path / "file", name)
    status, said = answered("judge", EXAMPLE, "--log", f"operator={path}", "--log", f"subject={path}")
    assert status == 2
    assert said
