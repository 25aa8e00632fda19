"""Every speed that is promised, measured in one run and written to docs/benchmarks.md.

    uv run python benchmarks/table.py [--peers FOLDER] [--million] [--quick]

--peers: folder of the scripts that time the peers on the same drop (each gets an environment of its own, so this asks the
package index); --million: also the memory of a million takes, some minutes; --quick: fewer rounds, writes nothing.
What is compared is measured by turns, so that a busy machine is as busy for both; medians.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT / "tests" / "tables"), str(HERE)]

import drops  # noqa: E402
from against.drop import flown, truth  # noqa: E402
from work import flop_per_tick, peak_gflop_per_s, shot_phase_s  # noqa: E402

from onetake.api.stage import set_stage  # noqa: E402
from onetake.odds.chunks import fly_chunk  # noqa: E402
from onetake.odds.monte import Ask, run_odds  # noqa: E402

# a user's Python keeps what it compiled of a module
USERS = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
PAGE = ROOT / "docs" / "benchmarks.md"
EXAMPLES = ("halo", "two-way")
# script, packages, takes, the line of its output that is compared, how many times as fast we must be, and aim to be
PEERS = (
    ("rocketpy_drop.py", ("rocketpy==1.13.0", "multiprocess"), 60, "parallel=True", 800, 3000),
    ("jsbsim_drop.py", ("jsbsim", "numpy"), 40, "2 process", 150, 600),
    ("scipy_drop.py", ("numpy", "scipy"), 200, "2 process", 60, 200),
    ("diffrax_drop.py", ("jax", "diffrax", "optimistix"), 512, "vmap", 1.5, 4),
)
Line = tuple[str, str, str, str]  # what, measured, reach, aim


def takes_per_s(rounds: int, takes: int) -> list[Line]:
    """Full takes of both examples on one core and on two."""
    lines: list[Line] = []
    for example in EXAMPLES:
        work = set_stage(ROOT / "examples" / example / "shot.toml").work(1)
        run_odds(work, Ask(takes=64, engine="threads:2"))
        rates: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(rounds):
            for cores, found in rates.items():
                found.append(run_odds(work, Ask(takes=takes, engine=f"threads:{cores}")).takes_per_s)
        one, two = (statistics.median(rates[cores]) for cores in (1, 2))
        ratio = statistics.median(b / a for a, b in zip(rates[1], rates[2], strict=True))
        reach = ("2,500 /s", "6,000 /s") if example == "halo" else ("", "")
        lines += [
            (f"full takes of `{example}`, exit to landing, judged, 2 cores", f"{two:,.0f} /s (best {max(rates[2]):,.0f})", *reach),
            ("the same on one core; two cores against one, by turns", f"{one:,.0f} /s; {ratio:.2f} ×", "1.85 ×", "1.95 ×"),
        ]  # fmt: skip
    return lines


def processor(rounds: int) -> list[Line]:
    """Share of the processor's peak while the two hold their station, and what sixteen lanes are worth."""
    work = set_stage(ROOT / "examples" / "halo" / "shot.toml").work(1)
    flop = flop_per_tick()
    shares, lanes = [], []
    for _ in range(rounds):
        sixteen = shot_phase_s(work)
        shares.append(flop / sixteen / 1e9 / peak_gflop_per_s())
        lanes.append(16 * shot_phase_s(work, lanes=1) / sixteen)
    return [
        ("share of the measured FMA peak of one core, single precision, in the shot phase",
         f"{100 * statistics.median(shares):.0f} % ({flop / 16:,.0f} FLOP a take and tick)", "15 %", "28 %"),
        ("16 takes a batch against one at a time", f"{statistics.median(lanes):.1f} ×", "", ""),
    ]  # fmt: skip


def peers(folder: Path, rounds: int) -> list[Line]:
    """The shared drop on two cores, ours before and after each peer's."""
    ours, theirs = flown(), truth()
    miss_m = float(np.hypot(ours.east_m - theirs.east_m, ours.north_m - theirs.north_m))
    made = drops.scenario()
    drops.fly(made, 32, 2)

    def rate() -> float:
        began = time.perf_counter()
        drops.fly(made, 4096, 2)
        return 4096 / (time.perf_counter() - began)

    lines: list[Line] = [
        ("the shared drop: landing, distance from the truth", f"{100 * miss_m:.1f} cm", "5 cm", "")
    ]
    for script, packages, takes, wanted, reach, aim in PEERS:
        before = [rate() for _ in range(rounds)]
        told = peer(folder / script, packages, takes, wanted)
        mine = statistics.median(before + [rate() for _ in range(rounds)])
        lines.append(
            (f"the shared drop, 2 cores: {mine:,.0f} /s, against {told[0]} {told[1]}", f"{mine / told[2]:,.3g} × of {told[2]:,.3g} /s",
             f"{reach:g} ×", f"{aim:g} ×")
        )  # fmt: skip
    return lines


def peer(script: Path, packages: tuple[str, ...], takes: int, wanted: str) -> tuple[str, str, float]:
    """Name, version and rate of a peer's Monte Carlo, in an environment of its own."""
    asked = [part for package in packages for part in ("--with", package)]
    command = [shutil.which("uv") or "uv", "run", "--no-project", "--isolated", *asked, "python", script.name, str(takes)]  # fmt: skip
    ran = subprocess.run(command, cwd=script.parent, capture_output=True, text=True, check=False)
    rows = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    found = [row for row in rows if wanted in row["what"]]
    if not found:
        raise SystemExit(f"{script.name} told nothing of {wanted!r}:\n{ran.stderr[-2000:]}")
    return found[-1]["peer"], found[-1]["version"], max(row["flights_per_s"] for row in found)


def process(takes: int, example: str) -> tuple[float, float, float]:
    """Wall seconds, peak memory MB, and flying seconds of `onetake odds` in a process of its own."""
    program = Path(sys.executable).with_name("onetake")
    command = [str(program), "odds", str(ROOT / "examples" / example / "shot.toml"), "--json"]
    began = time.perf_counter()
    peak_kb = 0
    with subprocess.Popen(
        [*command, "--takes", str(takes)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=USERS
    ) as run:
        assert run.stdout is not None
        status = Path(f"/proc/{run.pid}/status")
        while run.poll() is None:  # the process's own high-water mark; what wait4 tells began with this one's
            found = re.search(r"VmHWM:\s+(\d+)", status.read_text() if status.exists() else "")
            peak_kb = int(found[1]) if found else peak_kb
            time.sleep(0.01)
        wall = time.perf_counter() - began
        told = json.loads(run.stdout.read())
    return wall, peak_kb / 1024, told["wall_s"]


def start_up(rounds: int, million: bool) -> list[Line]:
    """First odds of a fresh process with the kernels in the cache; memory at few and at many takes; bytes a take."""
    walls, memory = [], []
    for _ in range(rounds):
        wall, peak, _ = process(100, "halo")
        walls.append(wall)
        memory.append(peak)
    many = 1_000_000 if million else 10_000
    _, at_many, _ = process(many, "two-way")
    work = set_stage(ROOT / "examples" / "halo" / "shot.toml").work(1)
    rows = fly_chunk(work, 1, 128)
    kept = (
        sum(value.nbytes for name in rows.__slots__ if hasattr(value := getattr(rows, name), "nbytes")) / 128
    )
    return [
        ("first odds (100 takes) of a fresh process, kernels in the cache", f"{statistics.median(walls):.2f} s", "1.5 s", ""),
        (f"memory at 100 takes; at {many:,}", f"{statistics.median(memory):.0f} MB; {at_many:.0f} MB", "300 MB", ""),
        ("bytes kept of a take until its part is counted", f"{kept:.0f}", "64", ""),
    ]  # fmt: skip


def page(lines: list[Line]) -> str:
    """The page as text."""
    cpu = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), platform.processor()) if Path("/proc/cpuinfo").exists() else ""  # fmt: skip
    rows = "\n".join(f"| {what} | {found} | {reach} | {aim} |" for what, found, reach, aim in lines)
    return f"""# Benchmarks

Written by `python benchmarks/table.py` in one run on {os.cpu_count()} cores of {cpu or platform.machine()}, Python
{platform.python_version()}, {time.strftime("%Y-%m-%d", time.gmtime())}. What is compared was measured by turns, medians. Machines are shared: trust the ratios.
Production speed is production accuracy: these are the kernel, the step and the precision of [the validation](validation.md).

| what | measured | reach | aim |
|---|---|---|---|
{rows}

The shared drop: 100 kg leaves at 25,000 ft, falls through two winds, opens a canopy at 600 m, lands. Every peer flies the
same case with its own Monte Carlo at its fastest setting; RocketPy's opening, seen by a 100 Hz clock, lands 24 cm off.
Take and tick: 25 a second of both bodies, pilots, draws, gusts and clearance; FLOP are counted in the machine code.
"""


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    rounds = 2 if asked.quick else 7
    parts: list[Callable[[], list[Line]]] = [
        lambda: takes_per_s(rounds, 512 if asked.quick else 4096),
        lambda: processor(rounds),
        lambda: start_up(rounds, asked.million),
    ]
    if asked.peers:
        parts.append(lambda: peers(asked.peers, rounds))
    lines: list[Line] = []
    for part in parts:
        fresh = part()
        lines += fresh
        for line in fresh:
            print("  |  ".join(line), flush=True)
    if not asked.quick:
        PAGE.write_text(page(lines), "utf-8")
        print(f"written to {PAGE.relative_to(ROOT)}")
    print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
